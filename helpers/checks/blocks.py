"""The exercises on the blocks of a convolutional network: pooling, softmax, and its gradient.

The right answers come from one window at a time, from SciPy's softmax, and from nudging the scores.
"""

import numpy as np

from helpers.checks.diagnosis import Exercise, diagnose, tell
from helpers.checks.nudging import by_nudging


def max_pool(function):
    """Check a function of (feature_map, size) that pools without overlap, and print what comes out.

    Parameters
    ----------
    function : callable
        Takes an array of shape (H, W) and the side of a window, and returns the largest number of
        each window, shape (H // size, W // size). What is left over at the right and at the bottom
        is ignored.

    Examples
    --------
    >>> import numpy as np
    >>> def pool(feature_map, size):
    ...     rows, cols = (length // size for length in feature_map.shape)
    ...     parts = feature_map[: rows * size, : cols * size].reshape(rows, size, cols, size)
    ...     return parts.mean(axis=(1, 3))
    >>> max_pool(pool)  # doctest: +ELLIPSIS
    ✗ This is mean pooling: take the largest number of each window.
    ...
    """
    tell(diagnose(function, max_pool_exercise()))


def softmax(function):
    """Check a function of (scores) that returns their softmax, and print what comes out.

    Examples
    --------
    >>> import numpy as np
    >>> softmax(lambda scores: np.exp(scores) / np.exp(scores).sum())  # doctest: +ELLIPSIS
    ✗ e to the power of a large score is infinite: take the largest score off all of them first.
    ...
    """
    with np.errstate(over="ignore", invalid="ignore", divide="ignore"):
        tell(diagnose(function, softmax_exercise()))


def score_gradient(function):
    """Check a function of (scores, label): the gradient of cross-entropy for the scores.

    Parameters
    ----------
    function : callable
        Takes the scores of one sample, shape (classes,), and the number of its class, and returns
        ∂L/∂scores of L = −ln p[label], where p is the softmax of the scores.

    Examples
    --------
    >>> import numpy as np
    >>> def gradient(scores, label):
    ...     p = np.exp(scores - scores.max())
    ...     return p / p.sum()
    >>> score_gradient(gradient)  # doctest: +ELLIPSIS
    ✗ The target is missing: take 1 off the probability of the right class.
    ...
    """
    tell(diagnose(function, score_gradient_exercise()))


def max_pool_exercise():
    """Return the exercise on (feature_map, size): the largest number of each window."""

    def windows(feature_map, size, step=None):
        step = step or size
        rows, cols = ((length - size) // step + 1 for length in feature_map.shape)
        return [
            [
                feature_map[r * step : r * step + size, c * step : c * step + size]
                for c in range(cols)
            ]
            for r in range(rows)
        ]

    def each(choose, feature_map, size, step=None):
        return np.array([[choose(w) for w in row] for row in windows(feature_map, size, step)])

    def padded(feature_map, size):
        missing = [(0, -length % size) for length in feature_map.shape]
        return np.pad(feature_map, missing, constant_values=-np.inf)

    def mistakes(feature_map, size):
        found = each(np.max, feature_map, size)
        return {
            "This is mean pooling: take the largest number of each window.": (
                each(np.mean, feature_map, size)
            ),
            "This adds each window up: take its largest number.": each(np.sum, feature_map, size),
            "This takes the smallest number of each window.": each(np.min, feature_map, size),
            "The size of a number counts here, not its sign: leave abs out.": (
                each(lambda w: np.abs(w).max(), feature_map, size)
            ),
            "0 is the largest where all numbers are negative: start at a window's number, not "
            "at 0.": np.maximum(found, 0),
            "The windows overlap: move by `size`, not by 1.": each(np.max, feature_map, size, 1),
            "This keeps the first number of each window: take the largest.": (
                each(lambda w: w[0, 0], feature_map, size)
            ),
            "This takes every `size`-th number: look at all numbers of a window.": (
                feature_map[::size, ::size]
            ),
            "This is the largest number of all: take one for each window.": feature_map.max(),
            "Rows and columns are exchanged.": found.T,
            "What is left over at the end is pooled too. Ignore it: H // size, W // size.": (
                each(np.max, padded(feature_map, size), size)
            ),
            "This is where the largest number is, not the number.": each(
                lambda w: float(w.argmax()), feature_map, size
            ),
            "The windows run along rows only: they are size × size.": (
                np.array([[w[0].max() for w in row] for row in windows(feature_map, size)])
            ),
            "The windows run along columns only: they are size × size.": (
                np.array([[w[:, 0].max() for w in row] for row in windows(feature_map, size)])
            ),
        }

    def patterns(feature_map, size):
        return {
            "Right only if nothing is left over: cut the map to whole windows first.": (
                all(length % size == 0 for length in feature_map.shape)
            ),
            "Right only for windows of 2 × 2: use `size`.": size == 2,
            "Right only for square maps.": feature_map.shape[0] == feature_map.shape[1],
        }

    rng = np.random.default_rng(10)
    shapes = [(2, 2, 2), (4, 4, 2), (2, 4, 2), (6, 3, 3), (5, 5, 2), (4, 7, 3), (3, 3, 1)]
    shapes += [(int(h), int(w), int(s)) for h, w, s in rng.integers((3, 3, 2), (8, 8, 4), (18, 3))]
    cases = [
        {"feature_map": rng.integers(-9, 10, (h, w)).astype(float), "size": s} for h, w, s in shapes
    ]
    return Exercise(
        "one window at a time",
        lambda feature_map, size: each(np.max, feature_map, size),
        cases,
        mistakes,
        patterns,
    )


def softmax_exercise():
    """Return the exercise on (scores): their softmax, also for scores of 1000."""

    def expected(scores):
        from scipy import special

        return special.softmax(scores)

    def mistakes(scores):
        p = expected(scores)
        powers = np.exp(np.minimum(scores, 700))
        naive = np.exp(scores) / np.exp(scores).sum()
        return {
            "e to the power of a large score is infinite: take the largest score off all of them "
            "first.": None if np.isfinite(naive).all() else naive,
            "The probabilities are not divided by their sum.": powers,
            "The largest score is taken off, but the powers are not divided by their sum.": (
                np.exp(scores - scores.max())
            ),
            "These are shares of the scores themselves: take e to their power first.": (
                scores / scores.sum() if scores.sum() else None
            ),
            "Each score went through the sigmoid: their sum is not 1.": 1
            / (1 + np.exp(-np.clip(scores, -700, 700))),
            "This is the logarithm of softmax.": np.log(p),
            "The sign is wrong: the largest score gets the largest share.": expected(-scores),
            "This is 1 for the largest score and 0 elsewhere. Softmax is a softer choice.": (
                np.eye(scores.size)[scores.argmax()]
            ),
            "The mean is taken off, not the largest: a score far above it still overflows.": (
                _after(scores, scores.mean())
            ),
            "These are shares of the sizes: take e to the power of the scores, with their signs.": (
                np.abs(scores) / np.abs(scores).sum() if scores.any() else None
            ),
            "These are shares of the distances from the smallest: take e to their power.": (
                _shares_above_least(scores)
            ),
            "The largest is taken off. Now divide by the sum of the powers, not by their number.": (
                np.exp(scores - scores.max()) / scores.size
            ),
            "This is 1 for every largest score and 0 elsewhere: softmax is a softer choice.": (
                (scores == scores.max()).astype(float)
            ),
            "This takes 2 to the power of the scores: take e.": expected(scores * np.log(2)),
            "This takes 10 to the power of the scores: take e.": expected(scores * np.log(10)),
            "Divided by the number of scores, not by the sum of their powers.": powers
            / scores.size,
        }

    def patterns(scores):
        return {
            "Right only for small scores: take the largest off first.": bool(
                np.abs(scores).max() < 700
            ),
            "Right only for scores that are not all low: take off the largest, not its size.": (
                bool(scores.max() > -700)
            ),
            "Right only for two scores.": scores.size == 2,
        }

    rng = np.random.default_rng(11)
    cases = [{"scores": np.array(row, dtype=float)} for row in [[0, 0], [1, 2, 3], [0, 1, -1, 2]]]
    cases += [{"scores": np.round(rng.normal(0, 2, size), 1)} for size in [2, 3, 3, 4, 5, 6, 8, 10]]
    cases += [
        {"scores": np.array(row, dtype=float)}
        for row in [[1000, 1001, 999], [-1000, -1001, -1002], [1000, 0, -1000]]
    ]
    return Exercise("scipy.special.softmax", expected, cases, mistakes, patterns)


def _after(scores, taken_off):
    powers = np.exp(scores - taken_off)
    return powers / powers.sum()


def _shares_above_least(scores):
    above = scores - scores.min()
    return above / above.sum() if above.any() else None


def score_gradient_exercise():
    """Return the exercise on (scores, label): softmax minus the one-hot target."""

    def probabilities(scores):
        powers = np.exp(scores - scores.max())
        return powers / powers.sum()

    def expected(scores, label):
        return by_nudging(lambda z: -np.log(probabilities(z)[label]), scores, step=1e-5)

    def mistakes(scores, label):
        p, target = probabilities(scores), np.eye(len(scores))[label]
        return {
            "The target is missing: take 1 off the probability of the right class.": p,
            "The sign is wrong: a step of descent has to raise the score of the right class.": (
                target - p
            ),
            "This is the gradient for the probabilities, −y/p: go on through softmax.": -target / p,
            "Only the right class has a gradient here: the others are pushed down too.": (
                target * (p - 1)
            ),
            "The right class is left out: its gradient is p − 1.": p * (1 - target),
            "This is the loss itself: its derivatives are asked for.": float(-np.log(p[label])),
            "Divided by the number of classes: one sample has one loss.": (p - target) / p.size,
            "Doubled: that comes from squared errors. Cross-entropy gives p − y.": 2 * (p - target),
            "The slope p(1 − p) is in it twice: for softmax with cross-entropy it cancels.": (
                (p - target) * p * (1 - p)
            ),
            "The target is taken off the scores: take softmax first.": scores - target,
            "The right class has 1 − p: it has to be p − 1, so that descent raises it.": np.where(
                target == 1, 1 - p, p
            ),
            "The number of the class is taken off all: take 1 off, at the place of that class.": (
                p - label
            ),
            "This is softmax's slope p(1 − p): asked for is that of the loss, p − y.": p * (1 - p),
            "The 1 is taken off the most probable class: it belongs to `label`.": (
                p - np.eye(len(scores))[p.argmax()]
            ),
            "The label counts from 0: this treats the class before as the right one.": (
                p - np.eye(len(scores))[label - 1]
            ),
        }

    def patterns(scores, label):
        return {
            "Right only for the first class: use `label`.": label == 0,
            "Right only for two classes.": len(scores) == 2,
        }

    rng = np.random.default_rng(12)
    cases = [{"scores": np.zeros(2), "label": 0}, {"scores": np.array([1.0, 2.0, 0.0]), "label": 1}]
    for size in [2, 3, 3, 4, 4, 5, 6, 8, 10, 3, 4, 5]:
        scores = np.round(rng.normal(0, 1.5, size), 1)
        cases.append({"scores": scores, "label": int(rng.integers(size))})
    return Exercise("nudging each score", expected, cases, mistakes, patterns)
