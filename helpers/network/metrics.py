"""How well a network does, in numbers made for people; what it is trained on is the loss."""

import numpy as np

from helpers.arguments import as_list
from helpers.limits import told


def accuracy(y_true, y_pred):
    """Return the share of samples put into the right class.

    With several outputs the class is the place of the largest one; with a single output it is
    whether the output is above 0.5, and the targets are 0 and 1. As in Keras.

    Parameters
    ----------
    y_true, y_pred : ndarray of shape (N, outputs)
        One-hot rows and probabilities, or scores.

    Examples
    --------
    >>> accuracy(np.array([[0, 1], [1, 0]]), np.array([[0.4, 0.6], [0.3, 0.7]]))
    0.5
    """
    if y_pred.shape[-1] == 1:
        return float(np.mean(y_true == (y_pred > 0.5)))
    return float(np.mean(y_true.argmax(axis=-1) == y_pred.argmax(axis=-1)))


def as_metric(metric):
    """Return (name, function) for a metric given by name or as a function."""
    if isinstance(metric, str) and metric in ("accuracy", "acc"):
        return metric, accuracy
    if callable(metric):
        return getattr(metric, "__name__", type(metric).__name__), metric
    raise ValueError(f'metric {told(metric)} is unknown: use "accuracy" or a function')


def as_metrics(metrics):
    """Return {name: function}; each result needs a name of its own, and one is the loss's."""
    pairs = [as_metric(metric) for metric in as_list("metrics", metrics, '["accuracy"]')]
    named = dict(pairs)
    if len(named) < len(pairs):
        raise ValueError(f"metrics={told([name for name, _ in pairs])} has one name twice: rename")
    if "loss" in named:
        raise ValueError('a metric named "loss" would replace the loss: rename the function')
    return named


class Means:
    """Running means of several results over batches that may differ in size.

    Examples
    --------
    >>> means = Means()
    >>> means.add({"loss": 1.0}, samples=3)
    >>> means.add({"loss": 5.0}, samples=1)
    >>> means.values()
    {'loss': 2.0}
    """

    def __init__(self):
        self.sums, self.samples = {}, 0

    def add(self, results, samples):
        """Count the results of one batch as often as it has samples."""
        self.samples += samples
        for name, value in results.items():
            self.sums[name] = self.sums.get(name, 0.0) + value * samples

    def values(self):
        """Return the means so far by name."""
        return {name: total / self.samples for name, total in self.sums.items()}
