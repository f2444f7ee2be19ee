"""Losses: one number that says how wrong a batch of predictions is, and its gradient.

`forward` compares targets with predictions; `backward` says how the number changes with each
prediction, which is where back-propagation starts. Both are means over the batch, so that a loss
does not grow with the number of samples. Names and results are those of `keras.losses`.
"""

import math

import numpy as np

from helpers.arguments import as_count, as_flag, as_numbers
from helpers.layers.base import snake_case
from helpers.limits import TooEarly, refuse_size, told


class Loss:
    """The base of the losses. `forward` remembers what `backward` needs."""

    y_true = y_pred = None

    def __call__(self, y_true, y_pred):
        """Do the same as `forward`, as in Keras."""
        return self.forward(y_true, y_pred)

    def receive(self, y_true, y_pred):
        """Return both as arrays of one type, and refuse shapes that NumPy would stretch."""
        y_pred, y_true = as_numbers("y_pred", y_pred), as_numbers("y_true", y_true)
        if y_pred.dtype not in (np.float32, np.float64):
            y_pred = y_pred.astype(np.float64)
        y_true = y_true.astype(y_pred.dtype, copy=False)
        refuse_misfit("y_true", y_true.shape, y_pred.shape)
        self.check_targets(y_true)
        self.check_predictions(y_pred)
        self.y_true, self.y_pred = y_true, y_pred
        return y_true, y_pred

    def check_targets(self, y_true, name="y_true"):
        """Raise ValueError for targets that this loss cannot work with."""

    def check_predictions(self, y_pred):
        """Raise ValueError for predictions that this loss cannot work with."""

    def remembered(self):
        """Return the targets and predictions of the last `forward`."""
        if self.y_pred is None:
            raise TooEarly("the loss has not seen any predictions yet: call forward first")
        return self.y_true, self.y_pred


class MeanSquaredError(Loss):
    """The mean of the squared differences, over all samples and all outputs.

    Examples
    --------
    >>> loss = MeanSquaredError()
    >>> loss.forward([[1.0], [0.0]], [[3.0], [1.0]])
    2.5
    >>> loss.backward()
    array([[2.],
           [1.]])
    """

    def forward(self, y_true, y_pred):
        """Return L = 1/n Σ (ŷᵢ − yᵢ)² for the n numbers of the batch: samples × outputs.

        Some texts divide by the number of samples only. For several outputs their loss, and with it
        their gradient, is as many times larger.
        """
        y_true, y_pred = self.receive(y_true, y_pred)
        return float(np.mean((y_pred - y_true) ** 2))

    def backward(self):
        """Return ∂L/∂ŷ = 2 (ŷ − y)/n.

        Only the term (ŷᵢ − yᵢ)²/n holds ŷᵢ, and the chain rule gives 2 (ŷᵢ − yᵢ)/n · 1. Other texts
        write 1/2n in front, which takes off the 2; the path of gradient descent is then the same
        with twice the learning rate.
        """
        y_true, y_pred = self.remembered()
        return 2 * (y_pred - y_true) / y_pred.size


class CategoricalCrossentropy(Loss):
    """How surprised the predicted probabilities are by the right class.

    Parameters
    ----------
    from_logits : bool
        False if the predictions are probabilities; True if they are scores ("logits"), of which
        the loss takes the softmax itself. `helpers.network.Sequential` does the second of its own
        accord if its last activation is softmax.

    Notes
    -----
    Targets are one-hot rows, such as (0, 0, 1) for the third of three classes, or probabilities.

    Softmax and cross-entropy belong together. On its own, cross-entropy asks for −y/p, which is
    huge for a right class that the network holds for impossible, and softmax multiplies by a p that
    is tiny there. In 64 bits a score that is 746 below the largest gives p = 0, and ∞ · 0 is no
    number. Taken together the two cancel on paper, and what is left is p − y.

    Examples
    --------
    >>> loss = CategoricalCrossentropy()
    >>> round(loss.forward([[0, 1, 0]], [[0.25, 0.5, 0.25]]), 4)  # ln 2
    0.6931
    >>> loss = CategoricalCrossentropy(from_logits=True)
    >>> loss.forward([[0, 1]], [[1000.0, 0.0]])
    1000.0
    >>> loss.backward()
    array([[ 1., -1.]])
    """

    #: Probabilities are kept so far from 0, or a single certain mistake would make the loss
    #: infinite. The same number as in Keras.
    epsilon = 1e-7

    def __init__(self, from_logits=False):
        self.from_logits = as_flag("from_logits", from_logits)

    def forward(self, y_true, y_pred):
        """Return L = −1/N Σₙ Σₖ yₙₖ ln pₙₖ for N samples, with ln p = z − ln Σₖ e^(zₖ) for scores.

        For scores, taking the largest off first keeps the powers from overflowing.
        """
        y, predictions = self.receive(y_true, y_pred)
        if self.from_logits:
            z = predictions - predictions.max(axis=-1, keepdims=True)
            log_p = z - np.log(np.exp(z).sum(axis=-1, keepdims=True))
        else:
            log_p = np.log(np.maximum(predictions, self.epsilon))
        return float(-(y * log_p).sum() / _samples(y))

    def backward(self):
        """Return ∂L/∂p = −y/(p·N); for scores ∂L/∂z = (p − y)/N.

        For probabilities, each term −yₙₖ ln pₙₖ/N holds one pₙₖ, and d ln p/dp = 1/p. Where p is
        below `epsilon`, the loss does not change with p, and the gradient is 0.

        For scores, take one sample: ∂L/∂zⱼ = Σₖ ∂L/∂pₖ · ∂pₖ/∂zⱼ. The first factor is −yₖ/pₖ, the
        second pₖ ([k = j] − pⱼ), see `Softmax`. The pₖ cancels:
        Σₖ −yₖ ([k = j] − pⱼ) = −yⱼ + pⱼ Σₖ yₖ = pⱼ − yⱼ, since the targets add up to 1.
        """
        y, predictions = self.remembered()
        if self.from_logits:
            powers = np.exp(predictions - predictions.max(axis=-1, keepdims=True))
            p = powers / powers.sum(axis=-1, keepdims=True)
            return (p - y) / _samples(y)
        held = predictions < self.epsilon
        return np.where(held, 0, -y / np.maximum(predictions, self.epsilon)) / _samples(y)

    def check_targets(self, y_true, name="y_true"):
        """Raise ValueError for rows that are no probabilities."""
        fits = f"use one-hot rows, for class numbers to_categorical({name})"
        _refuse_other_than_distributions(name, y_true, fits)

    def check_predictions(self, y_pred):
        """Raise ValueError for rows that are no probabilities, if they should be."""
        if not self.from_logits:
            fits = "end the network with softmax, or use from_logits=True for scores"
            _refuse_other_than_distributions("y_pred", y_pred, fits)


def _refuse_other_than_distributions(name, rows, fits):
    """Raise ValueError for a row with something negative, or a sum other than 1."""
    wrong = np.abs(rows.sum(axis=-1) - 1) > 1e-4  # false for NaN, which passes
    wrong |= (rows < 0).any(axis=-1)
    if wrong.any():
        at = tuple(np.argwhere(wrong)[0])
        row = rows[at]
        raise ValueError(
            f"{name}[{', '.join(map(str, at))}] is {told(row.tolist())}, which is no "
            f"probability distribution: it adds up to {row.sum():.4g}, and its smallest value is "
            f"{row.min():.4g}; {fits}"
        )


def to_categorical(x, num_classes=None):
    """Return class numbers as one-hot rows: 1 at the number's place, 0 elsewhere.

    Parameters
    ----------
    x : array_like of int, shape (N,) or (N, 1), or more axes
        Classes, counted from 0. A last axis of one goes, as in Keras.
    num_classes : int, optional
        The length of the rows; None for the largest class plus one.

    Returns
    -------
    ndarray of shape (N, num_classes), or (..., num_classes)
        Zeros and ones.

    Raises
    ------
    TypeError, ValueError
        If a class is no number, negative, not whole or too large, or if there is none.

    Examples
    --------
    >>> to_categorical([0, 2, 1])
    array([[1., 0., 0.],
           [0., 0., 1.],
           [0., 1., 0.]])
    """
    classes = as_numbers("x", x)
    shape = classes.shape[:-1] if classes.ndim > 1 and classes.shape[-1] == 1 else classes.shape
    classes = classes.ravel()
    whole = np.isfinite(classes) & (classes == np.floor(classes))
    if not whole.all() or classes.min() < 0:
        raise ValueError(f"x={told(x)} does not fit: use whole numbers of at least 0")
    rows = int(classes.max()) + 1 if num_classes is None else as_count("num_classes", num_classes)
    if classes.max() >= rows:
        raise ValueError(
            f"class {classes.max()} does not fit num_classes={told(rows)}: classes count from 0, "
            f"so use num_classes={int(classes.max()) + 1} or more"
        )
    refuse_size(f"num_classes={told(rows)}", (len(classes), rows))
    one_hot = np.zeros((len(classes), rows))
    one_hot[np.arange(len(classes)), classes.astype(int)] = 1
    return one_hot.reshape(*shape, rows)


_NAMES = {snake_case(kind.__name__): kind for kind in (MeanSquaredError, CategoricalCrossentropy)}
_NAMES["mse"] = MeanSquaredError


def as_loss(loss):
    """Return a loss from its name, such as "mse", or from a `Loss`."""
    if isinstance(loss, Loss):
        return loss
    if isinstance(loss, str) and loss in _NAMES:
        return _NAMES[loss]()
    raise ValueError(f"loss={told(loss)} is unknown: use one of {', '.join(_NAMES)}, or a Loss")


def _samples(y):
    """Return the number of rows of the batch."""
    return y.size // y.shape[-1]


def refuse_misfit(name, shape, predicted):
    """Raise ValueError for targets of another shape than the predictions, with what would fit.

    NumPy would stretch (N,) and (N, 1) to (N, N) and take a mean over pairs that do not belong
    together: a loss that falls, and a network that learns the mean of all targets.
    """
    if shape == predicted:
        return
    if math.prod(shape) == math.prod(predicted):
        fits = f"use {name}.reshape{predicted}"
    elif len(predicted) == 2 and math.prod(shape) == predicted[0]:
        fits = f"for class numbers use to_categorical({name}, {predicted[1]})"
    else:
        fits = "every output needs one target, so the last layer as many units as y has columns"
    raise ValueError(f"{name} of shape {shape} does not fit outputs of shape {predicted}: {fits}")
