"""What every layer of a network has in common, whatever it computes.

A layer is a function with memory: `forward` turns a batch of inputs into outputs and keeps what
the way back will need; `backward` takes the gradient of the loss with respect to those outputs and
returns the gradient with respect to the inputs, leaving the gradients of its own parameters behind.
The layers themselves are in the modules beside this one.
"""

import functools
import re

import numpy as np

from helpers.arguments import as_count, as_list, as_numbers, as_rng
from helpers.limits import TooEarly, told, unchanged_if_refused


class Layer:
    """The base of all layers: built at the first input, then ready for forward and backward.

    A subclass writes `forward` and `backward` as the two formulas they are. It calls `receive` and
    `receive_gradient` first, which build the layer and refuse arrays of the wrong shape.

    Parameters
    ----------
    name : str, optional
        How messages and tables call the layer; None for the name of its class.
    dtype : str, optional
        ``"float64"`` or ``"float32"``; None for that of the network, or else ``"float64"``.
    seed : int or numpy.random.Generator, optional
        Where the layer's random numbers come from; None for the generator of the network, or
        for other numbers every time if the layer is used without one.

    Attributes
    ----------
    input_shape, output_shape : tuple
        Of a batch, with None for the number of samples; None before the layer is built.
    outputs : ndarray
        What the last `forward` returned.
    """

    #: How many axes the inputs have, the batch included; None for any number.
    input_axes = None
    #: What large weights cost, for layers that have a `kernel`.
    kernel_regularizer = None

    def __init__(self, *, name=None, dtype=None, seed=None):
        if name is not None and not isinstance(name, str):
            raise TypeError(f"name={told(name)} does not fit: use a text")
        self.name = name or snake_case(type(self).__name__)
        self.dtype = None if dtype is None else as_dtype(dtype)
        self.seed = seed
        self.rng = None if seed is None else as_rng(seed)
        self.input_shape = self.output_shape = self.outputs = None

    @property
    def built(self):
        """Whether the shapes are known and the parameters drawn."""
        return self.input_shape is not None

    @property
    def parameters(self):
        """The arrays that training changes, in Keras's order."""
        return []

    @property
    def gradients(self):
        """The gradient of the loss for each of `parameters`, in the same order."""
        return []

    @property
    def state(self):
        """The arrays that go with the weights but have no gradient, such as running means."""
        return []

    def build(self, input_shape):
        """Fix the shapes for inputs of shape (None, ...) and draw the parameters."""
        input_shape = as_shape(input_shape)
        if self.input_axes not in (None, len(input_shape)):
            raise ValueError(self._explain_axes(input_shape))
        with unchanged_if_refused(self):
            self.dtype = self.dtype or np.dtype("float64")
            self.rng = self.rng or np.random.default_rng()
            self.add_parameters(input_shape)
            self.input_shape = input_shape
            self.output_shape = self.compute_output_shape(input_shape)

    def __init_subclass__(cls, **kwargs):
        """Let whoever asks a layer for its output shape meet the same wall as `build`."""
        super().__init_subclass__(**kwargs)
        if own := vars(cls).get("compute_output_shape"):

            @functools.wraps(own)
            def compute_output_shape(self, input_shape):
                input_shape = as_shape(input_shape)
                if self.input_axes not in (None, len(input_shape)):
                    raise ValueError(self._explain_axes(input_shape))
                return own(self, input_shape)

            cls.compute_output_shape = compute_output_shape

    def add_parameters(self, input_shape):
        """Draw the parameters for inputs of this shape. A layer without parameters draws none."""

    def compute_output_shape(self, input_shape):
        """Return the shape of the outputs for inputs of this shape, with None for the batch."""
        return as_shape(input_shape)

    def receive(self, inputs):
        """Return the inputs as an array of the layer's type, after building the layer if needed."""
        inputs = as_numbers("inputs", inputs)
        if not self.built:
            self.build(inputs.shape)
        self.refuse_other_inputs(inputs.shape)
        return inputs.astype(self.dtype, copy=False)

    def refuse_other_inputs(self, shape):
        """Raise ValueError for inputs of another shape than the layer was built for."""
        if shape[1:] != self.input_shape[1:]:
            raise ValueError(
                f"inputs of shape {shape} do not fit the layer {self.name!r}: "
                f"it was built for {self.input_shape}, with any number of samples for None"
            )

    def receive_gradient(self, grad_output):
        """Return the gradient as an array, after making sure that it belongs to the outputs."""
        if self.outputs is None:
            raise TooEarly(f"the layer {self.name!r} has no outputs yet: call forward first")
        grad_output = as_numbers("grad_output", grad_output).astype(self.dtype, copy=False)
        if grad_output.shape != self.outputs.shape:
            raise ValueError(
                f"grad_output of shape {grad_output.shape} does not fit the layer {self.name!r}: "
                f"its last outputs have shape {self.outputs.shape}, so their gradient has too"
            )
        return grad_output

    def __call__(self, inputs, training=False):
        """Do the same as `forward`, as in Keras."""
        return self.forward(inputs, training=training)

    def get_weights(self):
        """Return copies of parameters and state, in the order and with the shapes of Keras."""
        return [array.copy() for array in (*self.parameters, *self.state)]

    def set_weights(self, weights):
        """Copy these into parameters and state; `get_weights` of the Keras layer fits."""
        set_arrays([*self.parameters, *self.state], weights, f"the layer {self.name!r}")

    def count_params(self):
        """Return how many numbers the layer holds, those of its state included, as Keras does."""
        return sum(array.size for array in (*self.parameters, *self.state))

    def _explain_axes(self, shape):
        if len(shape) == self.input_axes - 1:
            advice = "put the samples along the first axis, for a single one inputs[None]"
        else:
            advice = "put a Flatten() before it"
        return f"inputs of shape {shape} do not fit the layer {self.name!r}: {advice}"


class ImageLayer(Layer):
    """The base of the layers that need rows, columns and channels: (N, H, W, C)."""

    input_axes = 4

    def _explain_axes(self, shape):
        advice = "use images of shape (N, H, W, C)"
        if len(shape) == 3:
            advice += ", for grey ones inputs[..., None], for a single one inputs[None]"
        return f"inputs of shape {shape} do not fit the layer {self.name!r}: {advice}"


def set_arrays(targets, arrays, owner):
    """Copy arrays into the targets, in place; all of them, or none if one does not fit."""
    arrays = as_list("weights", arrays, "a list of arrays, as get_weights returns them")
    arrays = [as_numbers("weights", array) for array in arrays]
    needed, given = ([array.shape for array in group] for group in (targets, arrays))
    if needed != given:
        built = "" if needed else " (it holds none before it is built)"
        raise ValueError(f"weights of shapes {given} do not fit {owner}: it needs {needed}{built}")
    for target, array in zip(targets, arrays, strict=True):
        target[...] = array


def snake_case(name):
    """Return how Keras calls a layer of this class: "re_lu" for "ReLU"."""
    name = re.sub(r"(.)([A-Z][a-z0-9]+)", r"\1_\2", name)
    return re.sub(r"([a-z])([A-Z])", r"\1_\2", name).lower()


def as_dtype(dtype):
    """Return the NumPy type; networks calculate in one of two."""
    for fits in ("float64", "float32"):
        if isinstance(dtype, (str, type, np.dtype)) and dtype in (fits, np.dtype(fits).type):
            return np.dtype(fits)
    raise ValueError(f'dtype={told(dtype)} does not fit: use "float64" or "float32"')


def as_shape(shape):
    """Return the shape of a batch, with None for the number of samples."""
    fits = "use a tuple such as (None, 8, 8, 1), with None for the number of samples"
    if not isinstance(shape, (list, tuple)) or not shape:
        raise TypeError(f"input_shape={told(shape)} does not fit: {fits}")
    try:
        return (None, *(as_count("input_shape", size) for size in shape[1:]))
    except (TypeError, ValueError):
        raise ValueError(f"input_shape={told(shape)} does not fit: {fits}") from None
