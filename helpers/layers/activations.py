"""Activation functions as layers: what lets a stack of layers do more than a single one could.

Each takes the pre-activations z of a layer and returns the activations a = f(z). The way back
multiplies the incoming gradient by the slope f'(z): where the curve is flat, nothing passes. For
all but softmax every value goes its own way, so one slope for each value is enough.
"""

import copy

import numpy as np

from helpers.layers.base import Layer, snake_case
from helpers.limits import told


class Activation(Layer):
    """The base of the activations. `pre_activation` holds z, `outputs` holds a = f(z)."""

    pre_activation = None

    def backward_pre_activation(self, grad_pre_activation):
        """Pass on a gradient that is with respect to z already, see `CategoricalCrossentropy`."""
        return self.receive_gradient(grad_pre_activation)


class Linear(Activation):
    """Pass everything on as it is: what ``activation=None`` means."""

    def forward(self, inputs, training=False):
        """Return a = z."""
        self.pre_activation = self.outputs = self.receive(inputs)
        return self.outputs

    def backward(self, grad_output):
        """Return the gradient unchanged, because da/dz = 1."""
        return self.receive_gradient(grad_output)


class ReLU(Activation):
    """The rectified linear unit: nothing for negative values, everything for positive ones.

    Examples
    --------
    >>> relu = ReLU()
    >>> relu.forward([[-2.0, 0.0, 3.0]])
    array([[0., 0., 3.]])
    >>> relu.backward([[1.0, 1.0, 1.0]])
    array([[0., 0., 1.]])
    """

    def forward(self, inputs, training=False):
        """Return a = max(z, 0)."""
        self.pre_activation = z = self.receive(inputs)
        self.outputs = np.maximum(z, 0)
        return self.outputs

    def backward(self, grad_output):
        """Return ∂L/∂z = ∂L/∂a · [z > 0].

        For z > 0, a = z with slope 1; for z < 0, a = 0 with slope 0. At z = 0 there is a corner and
        no derivative: 0 is taken, as Keras does. The question is "> 0", and never "≥ 0" of the
        outputs: max(z, 0) ≥ 0 always holds, and every gradient would pass.
        """
        return self.receive_gradient(grad_output) * (self.pre_activation > 0)


class Sigmoid(Activation):
    """The logistic function: squeezes every number between 0 and 1.

    Examples
    --------
    >>> sigmoid = Sigmoid()
    >>> sigmoid.forward([[0.0, -1000.0, 1000.0]])
    array([[0.5, 0. , 1. ]])
    >>> sigmoid.backward([[1.0, 1.0, 1.0]])
    array([[0.25, 0.  , 0.  ]])
    """

    def forward(self, inputs, training=False):
        """Return a = 1 / (1 + e^(−z))."""
        self.pre_activation = z = self.receive(inputs)
        with np.errstate(over="ignore"):  # e^1000 is infinite, and 1/∞ = 0 is what it should be
            self.outputs = 1 / (1 + np.exp(-z))
        return self.outputs

    def backward(self, grad_output):
        """Return ∂L/∂z = ∂L/∂a · a(1 − a).

        With u = 1 + e^(−z), a = 1/u and du/dz = −e^(−z) = 1 − u. The chain rule gives
        da/dz = −1/u² · (1 − u) = 1/u − 1/u² = a − a², which needs only the outputs. It is 1/4 at
        most, at z = 0: through every sigmoid layer a gradient shrinks at least fourfold.
        """
        a = self.outputs
        return self.receive_gradient(grad_output) * a * (1 - a)


class Tanh(Activation):
    """The hyperbolic tangent: squeezes every number between −1 and 1.

    Examples
    --------
    >>> tanh = Tanh()
    >>> tanh.forward([[0.0, 1.0]]).round(3)
    array([[0.   , 0.762]])
    >>> tanh.backward([[1.0, 1.0]]).round(3)
    array([[1.  , 0.42]])
    """

    def forward(self, inputs, training=False):
        """Return a = tanh z = (e^z − e^(−z)) / (e^z + e^(−z))."""
        self.pre_activation = z = self.receive(inputs)
        self.outputs = np.tanh(z)
        return self.outputs

    def backward(self, grad_output):
        """Return ∂L/∂z = ∂L/∂a · (1 − a²).

        With s = e^z − e^(−z) and c = e^z + e^(−z), ds/dz = c and dc/dz = s. The quotient rule for
        a = s/c gives da/dz = (c·c − s·s)/c² = 1 − a².
        """
        return self.receive_gradient(grad_output) * (1 - self.outputs**2)


class Softmax(Activation):
    """Turns the scores of each sample into probabilities: positive, and 1 in sum.

    Examples
    --------
    >>> softmax = Softmax()
    >>> softmax.forward([[1.0, 1.0, 1.0, 1.0], [1000.0, 0.0, 0.0, 0.0]])
    array([[0.25, 0.25, 0.25, 0.25],
           [1.  , 0.  , 0.  , 0.  ]])
    """

    def forward(self, inputs, training=False):
        """Return pᵢ = e^(zᵢ) / Σₖ e^(zₖ), along the last axis.

        The same number taken off all scores of a sample changes nothing, since it cancels as a
        factor. Taking off the largest leaves exponents of at most 0, and so nothing overflows.
        """
        self.pre_activation = z = self.receive(inputs)
        powers = np.exp(z - z.max(axis=-1, keepdims=True))
        self.outputs = powers / powers.sum(axis=-1, keepdims=True)
        return self.outputs

    def backward(self, grad_output):
        """Return ∂L/∂zⱼ = pⱼ (gⱼ − Σᵢ gᵢ pᵢ), where g = ∂L/∂p.

        Every score moves every probability. With S = Σₖ e^(zₖ), ∂S/∂zⱼ = e^(zⱼ), and the quotient
        rule gives ∂pᵢ/∂zⱼ = [i = j] e^(zᵢ)/S − e^(zᵢ) e^(zⱼ)/S² = pᵢ ([i = j] − pⱼ). The chain
        rule adds up over all outputs: Σᵢ gᵢ pᵢ ([i = j] − pⱼ) = pⱼ gⱼ − pⱼ Σᵢ gᵢ pᵢ.
        """
        p, g = self.outputs, self.receive_gradient(grad_output)
        return p * (g - (g * p).sum(axis=-1, keepdims=True))


_NAMES = {snake_case(kind.__name__): kind for kind in (Linear, Sigmoid, Tanh, Softmax)}
_NAMES["relu"] = ReLU  # not "re_lu"


def as_activation(activation):
    """Return a new activation layer from None, a name such as "relu", a class or a layer."""
    if activation is None:
        return Linear()
    if isinstance(activation, str) and activation in _NAMES:
        return _NAMES[activation]()
    if isinstance(activation, type) and issubclass(activation, Activation):
        return activation()
    if isinstance(activation, Activation):
        return copy.deepcopy(activation)  # two layers must not share one memory
    raise ValueError(
        f"activation={told(activation)} is unknown: use None or one of {', '.join(_NAMES)}"
    )
