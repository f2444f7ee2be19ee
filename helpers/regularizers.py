"""Penalties on weights: what is added to the loss so that large weights have to earn their keep.

A network is trained on loss + penalty. The penalty's slope pulls every weight towards 0, and the
loss holds on to those that it needs. Names and meaning are those of `keras.regularizers`; a layer
takes one as `kernel_regularizer`, and `helpers.network.Sequential` adds it up over the layers.
Biases are left alone: they move the outputs and do not stretch them.
"""

import numpy as np

from helpers.arguments import as_numbers, as_real
from helpers.limits import told


class Regularizer:
    """The base of the penalties: a number for an array of weights, and its gradient."""

    def __call__(self, weights):
        """Return the penalty, one number."""
        raise NotImplementedError

    def gradient(self, weights):
        """Return the gradient of the penalty, shaped like the weights."""
        raise NotImplementedError


class L1(Regularizer):
    """The sum of the sizes of the weights; what the loss does not need goes all the way to 0.

    Parameters
    ----------
    l1 : float
        λ, what the sum is multiplied by.

    Examples
    --------
    >>> L1(0.5)([3.0, -1.0, 0.0])
    2.0
    >>> L1(0.5).gradient([3.0, -1.0, 0.0])
    array([ 0.5, -0.5,  0. ])
    """

    def __init__(self, l1=0.01):
        self.l1 = as_real("l1", l1, at_least=0)

    def __call__(self, weights):
        """Return R = λ Σᵢ |wᵢ|."""
        return self.l1 * float(np.abs(as_numbers("weights", weights)).sum())

    def gradient(self, weights):
        """Return λ · sign(w).

        |w| is w or −w, with the slope 1 or −1: the pull is λ, however small the weight is. At 0
        there is no slope; the 0 between the two is taken, as TensorFlow does.
        """
        weights = as_numbers("weights", weights)
        return self.l1 * np.sign(weights)


class L2(Regularizer):
    """The sum of the squares of the weights; large ones cost most, and none goes quite to 0.

    Parameters
    ----------
    l2 : float
        What the sum is multiplied by, with no ½: the penalty ½λw² of many texts is ``l2 = λ/2``.

    Examples
    --------
    >>> L2(0.5)([3.0, -1.0, 0.0])
    5.0
    >>> L2(0.5).gradient([3.0, -1.0, 0.0])
    array([ 3., -1.,  0.])
    """

    def __init__(self, l2=0.01):
        self.l2 = as_real("l2", l2, at_least=0)

    def __call__(self, weights):
        """Return R = l2 · Σᵢ wᵢ²."""
        return self.l2 * float(np.square(as_numbers("weights", weights)).sum())

    def gradient(self, weights):
        """Return 2 · l2 · w.

        In R = l2 · Σᵢ wᵢ² each weight occurs once, so ∂R/∂wᵢ = l2 · 2wᵢ. With l2 = λ/2 this is
        ∂/∂w ½λw² = λw: the ½ is there so that the 2 goes away. It is not ½λ, which would pull all
        weights alike.
        """
        return 2 * self.l2 * as_numbers("weights", weights)


_NAMES = {"l1": L1, "l2": L2}


def as_regularizer(regularizer):
    """Return None or a penalty from its name, such as "l2", or from a `Regularizer`."""
    if regularizer is None or isinstance(regularizer, Regularizer):
        return regularizer
    if isinstance(regularizer, str) and regularizer in _NAMES:
        return _NAMES[regularizer]()
    raise ValueError(
        f"kernel_regularizer={told(regularizer)} is unknown: use {', '.join(_NAMES)}, "
        "or a penalty such as L2(0.001)"
    )
