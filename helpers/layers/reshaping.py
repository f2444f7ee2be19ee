"""What shape the samples have: the declaration at a network's start, and rows made of images."""

import math
from dataclasses import dataclass

from helpers.arguments import as_count, as_list
from helpers.layers.base import Layer


@dataclass(frozen=True)
class Input:
    """The shape of one sample, as the first entry of a `Sequential`: it is built at once."""

    shape: tuple

    def __post_init__(self):
        for size in as_list("shape", self.shape, "a tuple, Input((5,)) for samples of 5 numbers"):
            as_count("shape", size, given=self.shape)


class Flatten(Layer):
    """Writes the numbers of each sample in one row, the last axis running fastest.

    Examples
    --------
    >>> import numpy as np
    >>> Flatten().forward(np.zeros((5, 4, 4, 3))).shape
    (5, 48)
    """

    def compute_output_shape(self, input_shape):
        """Return (None, the product of all other axes)."""
        return (None, math.prod(input_shape[1:]))

    def forward(self, inputs, training=False):
        """Return the same numbers with shape (N, D)."""
        self.inputs = self.receive(inputs)
        self.outputs = self.inputs.reshape(len(self.inputs), -1)
        return self.outputs

    def backward(self, grad_output):
        """Return the gradient in the shape of the inputs: every number only moved, ∂a/∂z = 1."""
        return self.receive_gradient(grad_output).reshape(self.inputs.shape)
