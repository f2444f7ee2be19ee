"""Neuron: a weighted sum, an activation, and the line that one neuron can draw."""

import numpy as np
import traitlets

from helpers.layers.activations import as_activation
from helpers.widgets.base import Widget
from helpers.widgets.traits import Answer, Numbers


class Neuron(Widget):
    """Move the inputs, the weights and the bias of one neuron and see what it answers.

    Attributes
    ----------
    inputs, weights : list of float
        The inputs x and one weight w for each: 1 to 4 numbers from −100 to 100. To change how
        many there are, set both within ``with widget.hold_trait_notifications():``.
    bias : float
        b, from −100 to 100.
    activation : {"step", "sigmoid", "tanh", "relu"}
        f in a = f(z). The step is 1 where z ≥ 0.
    problem : {"none", "and", "or", "xor"}
        What the neuron is asked to compute at the four points (0, 0), (0, 1), (1, 0), (1, 1);
        needs two inputs.
    step : int
        Without a problem, how much of the calculation is on show: 0 products, 1 sum, 2 bias,
        3 activation.
    answer : {"shown", "hidden"}
        "hidden" asks the reader to predict z, and then a, before they are revealed.

    Raises
    ------
    traitlets.TraitError
        If the values do not fit together; the message says what would.

    Examples
    --------
    >>> neuron = Neuron(inputs=[1, 0], weights=[0.5, -1], bias=0.2)
    >>> neuron.pre_activation
    0.7
    >>> round(neuron.activation_value, 3), round(neuron.slope, 3)
    (0.668, 0.222)
    """

    module = "neuron"
    heights = (1080, 1217)
    fallback = (
        "A neuron multiplies each input by its weight, adds the products and a bias to the "
        "weighted sum z, and answers a = f(z). With two inputs, z = 0 is a line: one neuron can "
        "separate the points of AND and of OR, but not those of XOR. "
        "Run this cell in a notebook, or open the book in a browser, to move everything yourself."
    )
    parts = (
        "picture", "sliders", "curve", "plane", "table", "proof", "problem", "activation",
        "length", "predict", "size", "playback",
    )  # fmt: skip
    facts = {
        "ones": lambda widget: widget.ones,
    }

    _MOST_INPUTS = 4
    _LARGEST = 100
    POINTS = ((0, 0), (0, 1), (1, 0), (1, 1))
    _WANTED = {"and": (0, 0, 0, 1), "or": (0, 1, 1, 1), "xor": (0, 1, 1, 0)}

    inputs = Numbers([1.0, 0.0]).tag(sync=True)
    weights = Numbers([1.0, 1.0]).tag(sync=True)
    bias = traitlets.Float(-0.5).tag(sync=True)
    activation = traitlets.Enum(["step", "sigmoid", "tanh", "relu"], "sigmoid").tag(sync=True)
    problem = traitlets.Enum(["none", "and", "or", "xor"], "none").tag(sync=True)
    step = traitlets.Int(3, min=0, max=3).tag(sync=True)
    answer = Answer().tag(sync=True)

    @traitlets.validate("inputs", "weights")
    def _fitting(self, proposal):
        name, values = proposal.trait.name, proposal.value
        if not 1 <= len(values) <= self._MOST_INPUTS:
            raise traitlets.TraitError(
                f"{name} has {len(values)} numbers: use 1 to {self._MOST_INPUTS}"
            )
        for value in values:
            self._small_enough(name, value)
        other = {"inputs": "weights", "weights": "inputs"}[name]
        if len(values) != len(getattr(self, other)):
            raise traitlets.TraitError(
                f"{name} has {len(values)} numbers and {other} has {len(getattr(self, other))}: "
                "give one weight for each input"
            )
        self._two_for(self.problem, len(values))
        return values

    @traitlets.validate("bias")
    def _finite(self, proposal):
        self._small_enough("bias", proposal.value)
        return proposal.value

    @traitlets.validate("problem")
    def _solvable(self, proposal):
        self._two_for(proposal.value, len(self.inputs))
        return proposal.value

    def _small_enough(self, name, value):
        if not abs(value) <= self._LARGEST:  # so that NaN is refused as well
            raise traitlets.TraitError(
                f"{name} holds {value}: use numbers from -{self._LARGEST} to {self._LARGEST}"
            )

    @staticmethod
    def _two_for(problem, count):
        if problem != "none" and count != 2:
            raise traitlets.TraitError(f"problem={problem!r} needs 2 inputs, not {count}")

    @property
    def pre_activation(self):
        """The weighted sum z = Σ xᵢ·wᵢ + b."""
        return self._sum(self.inputs)

    @property
    def activation_value(self):
        """The answer a = f(z)."""
        return self._answer(self.pre_activation)[0]

    @property
    def slope(self):
        """The slope f′(z), 0 where there is none: for the step everywhere, for ReLU at z = 0."""
        return self._answer(self.pre_activation)[1]

    @property
    def ones(self):
        """Which of the four points it answers with 1, as booleans; None without two inputs."""
        if len(self.weights) != 2:
            return None
        sums = [self._sum(point) for point in self.POINTS]
        return [z >= 0 if self.activation == "step" else z > 0 for z in sums]

    @property
    def right(self):
        """Which of the four points of the problem the neuron answers rightly, as booleans.

        An answer counts as 1 where a > 0.5 (sigmoid), a > 0 (tanh, ReLU) or a = 1 (step). Asked of
        z that is z > 0, and z ≥ 0 for the step.
        """
        if self.problem == "none":
            return []
        return [
            one == bool(want)
            for one, want in zip(self.ones, self._WANTED[self.problem], strict=True)
        ]

    def _sum(self, inputs):
        terms = [x * w for x, w in zip(inputs, self.weights, strict=True)] + [self.bias]
        total = float(sum(terms))
        # 0.7 + 0.1 − 0.8 is 0, and not the −1e-16 that rounding leaves: the step looks at the sign.
        return 0.0 if abs(total) < 1e-12 * sum(map(abs, terms)) else total

    def _answer(self, z):
        """Return a and the slope at z."""
        if self.activation == "step":
            return float(z >= 0), 0.0
        layer = as_activation(self.activation)
        a = layer.forward(np.array([[z]]))
        return float(a[0, 0]), float(layer.backward(np.ones((1, 1)))[0, 0])
