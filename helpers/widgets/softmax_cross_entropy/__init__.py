"""SoftmaxCrossEntropy: scores become probabilities, a loss and its gradient, step by step."""

import math

import numpy as np
import traitlets

from helpers.layers import Sigmoid, Softmax
from helpers.losses import CategoricalCrossentropy, MeanSquaredError
from helpers.widgets.base import Widget
from helpers.widgets.traits import Answer, Numbers, Step

FEWEST, MOST = 2, 6
LARGEST = 2000


class SoftmaxCrossEntropy(Widget):
    """Follow one sample from its scores to probabilities, to the loss, and to the gradient.

    Attributes
    ----------
    scores : list of float or ndarray of shape (K,)
        The scores z, or logits, of 2 to 6 classes, from −2000 to 2000.
    truth : int
        The true class, from 0.
    temperature : float
        T, by which the scores are divided; 0.1 to 10.
    subtract : bool
        Whether the largest score is taken off before e is raised to it. Without, large scores
        overflow.
    input : {"scores", "probabilities"}
        What the reader types: scores, or numbers of which the widget says whether a softmax can
        put them out.
    typed : list of float or ndarray of shape (K,)
        Those numbers.
    scale : {"linear", "log"}
        Of the chart of both losses' gradients.
    step : int
        How much of the calculation is on show, from 0, the scores, to 6, the gradient.
    answer : {"shown", "hidden"}
        "hidden" asks the reader for a probability, the loss and a gradient before each is revealed.

    Raises
    ------
    traitlets.TraitError
        If a value does not fit; the message says what would.

    Examples
    --------
    >>> widget = SoftmaxCrossEntropy(scores=[0, 0], truth=1)
    >>> widget.probabilities
    array([0.5, 0.5])
    >>> round(widget.loss, 4), widget.gradient
    (0.6931, array([ 0.5, -0.5]))
    """

    module = "softmax_cross_entropy"
    heights = (690, 739)
    fallback = (
        "The scores of a few classes are raised to powers of e, divided by their sum, and become "
        "probabilities; minus the logarithm of the true class's is the loss, and its gradient is "
        "p − y. Run this cell in a notebook, or open the book in a browser, to change the scores."
    )
    parts = (
        "examples", "input", "classes", "temperature", "subtract", "scale", "chart", "predict",
        "size", "playback",
    )  # fmt: skip
    facts = {
        "probabilities": lambda widget: widget.probabilities,
        "loss": lambda widget: widget.loss,
    }

    scores = Numbers([2, 1, -1]).tag(sync=True)
    truth = traitlets.Int(1, min=0).tag(sync=True)
    temperature = traitlets.Float(1.0).tag(sync=True)
    subtract = traitlets.Bool(True).tag(sync=True)
    input = traitlets.Enum(["scores", "probabilities"], "scores").tag(sync=True)
    typed = Numbers([0.2, 0.3, 0.4, 0.1, 0.1]).tag(sync=True)
    scale = traitlets.Enum(["linear", "log"], "linear").tag(sync=True)
    step = Step().tag(sync=True)
    answer = Answer().tag(sync=True)

    @traitlets.validate("scores", "typed")
    def _a_few_and_not_too_large(self, proposal):
        name, values = proposal.trait.name, proposal.value
        if not FEWEST <= len(values) <= MOST:
            raise traitlets.TraitError(
                f"{name} of {len(values)} numbers does not fit: use {FEWEST} to {MOST}, one a class"
            )
        if max(map(abs, values)) > LARGEST:
            raise traitlets.TraitError(
                f"{name}={values} is too large: use numbers from {-LARGEST} to {LARGEST}"
            )
        return values

    @traitlets.validate("truth")
    def _a_class(self, proposal):
        if proposal.value >= len(self.scores):
            raise traitlets.TraitError(
                f"truth={proposal.value} is no class: use 0 to {len(self.scores) - 1}"
            )
        return proposal.value

    @traitlets.validate("temperature")
    def _warm(self, proposal):
        if not (math.isfinite(proposal.value) and 0.1 <= proposal.value <= 10):
            raise traitlets.TraitError(
                f"temperature={proposal.value} does not fit: use a number from 0.1 to 10"
            )
        return proposal.value

    @traitlets.observe("scores")
    def _keep_a_true_class(self, change):
        self.truth = min(self.truth, len(self.scores) - 1)

    @property
    def _y(self):
        return np.eye(len(self.scores))[[self.truth]]

    @property
    def probabilities(self):
        """The softmax of scores / T, shape (K,), by `helpers.layers`; without `subtract`, by hand.

        By hand, scores of 1000 give ∞/∞, which is NaN.
        """
        z = np.array(self.scores, float) / self.temperature
        if self.subtract:
            return Softmax().forward(z[None])[0]
        with np.errstate(over="ignore", invalid="ignore", under="ignore"):
            powers = np.exp(z)
            return powers / powers.sum()

    @property
    def loss(self):
        """The cross-entropy −ln p of the true class, by `helpers.losses`, from the scores.

        Without `subtract` it is the logarithm of what `probabilities` holds, ∞ or NaN included.
        """
        if self.subtract:
            return self._loss.forward(self._y, self._z)
        with np.errstate(divide="ignore"):
            return float(-np.log(self.probabilities[self.truth]))

    @property
    def gradient(self):
        """∂L/∂z = (p − y)/T, shape (K,)."""
        if self.subtract:
            loss = self._loss
            loss.forward(self._y, self._z)
            return loss.backward()[0] / self.temperature
        return (self.probabilities - self._y[0]) / self.temperature

    @property
    def _z(self):
        return np.array([self.scores], float) / self.temperature

    @property
    def _loss(self):
        return CategoricalCrossentropy(from_logits=True)

    @property
    def sigmoid_gradient(self):
        """∂L/∂z of the mean squared error of a sigmoid for each score, shape (K,)."""
        sigmoid, loss = Sigmoid(), MeanSquaredError()
        loss.forward(self._y, sigmoid.forward(np.array([self.scores], float)))
        return sigmoid.backward(loss.backward())[0]
