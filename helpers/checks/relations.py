"""How wrong results are related to the right ones, where no known mistake explains them.

Where a function is wrong in its own way, its results often still have something in common with the
right ones: the sign, a factor, an order, or the places where they differ. It is said only if it
holds for all cases.
"""

import numpy as np


def relation(pairs):
    """Return a sentence on how all results are related to the right ones, or an empty string.

    Parameters
    ----------
    pairs : list of (array_like, array_like)
        What came out, and what should have.

    Examples
    --------
    >>> relation([([1, -2], [-1, 2]), ([4], [-4])])
    'All signs are wrong, and the sizes right.'
    >>> relation([([2, 5], [1, 2]), ([4], [5])])
    ''
    """
    pairs = [(np.asarray(got, float), np.asarray(right, float)) for got, right in pairs]
    for odd, sentence in NO_NUMBERS:
        if any(odd(got).any() and not odd(right).any() for got, right in pairs):
            return sentence
    for holds, sentence in RELATIONS:
        if all(holds(got, right) for got, right in pairs):
            return sentence
    if not all(got.shape == right.shape for got, right in pairs):
        return ""
    return _common_factor(pairs) or _common_shift(pairs) or _where_wrong(pairs)


def _same(got, right):
    return got.shape == right.shape and bool(np.isclose(got, right, rtol=1e-6, atol=1e-9).all())


def _in_reverse(axis):
    def holds(got, right):
        return right.ndim > axis and _same(np.flip(got, axis), right) if got.ndim > axis else False

    return holds


def _elsewhere(got, right):
    return got.shape == right.shape and _same(np.sort(got, axis=None), np.sort(right, axis=None))


def _begins(got, right):
    return got.ndim == right.ndim == 1 and got.size > right.size and _same(got[: right.size], right)


def _ends_early(got, right):
    return got.ndim == right.ndim == 1 and got.size < right.size and _same(right[: got.size], got)


NO_NUMBERS = [
    (np.isnan, "nan comes out: 0 divided by 0, or infinity minus infinity."),
    (np.isinf, "Infinity comes out: something is divided by 0, or grows too large."),
]
RELATIONS = [
    (
        lambda got, right: got.shape == right.shape and not got.any(),
        "Nothing but zeros comes out: the result is never filled.",
    ),
    (lambda got, right: _same(-got, right), "All signs are wrong, and the sizes right."),
    (lambda got, right: _same(got, np.abs(right)), "The sizes are right, and the signs are lost."),
    (
        lambda got, right: right.ndim == 2 and _same(got.T, right),
        "Rows and columns are exchanged: this is the transpose.",
    ),
    (
        lambda got, right: right.ndim > 1 and _same(got.ravel(), right.ravel()),
        "The right numbers, but in another shape: look at its rows and columns.",
    ),
    (_in_reverse(0), "The right numbers in reverse order."),
    (_in_reverse(1), "The right numbers, but the columns are in reverse order."),
    (
        lambda got, right: right.ndim == got.ndim == 2 and _same(got[::-1, ::-1], right),
        "The right numbers, but turned by 180°.",
    ),
    (_elsewhere, "The right numbers, but not in the right places."),
    (_begins, "The right numbers, and more after them."),
    (_ends_early, "The right numbers, but the last ones are missing."),
    (
        lambda got, right: _same(got, np.maximum(right, 0)),
        "What should be negative comes out as 0.",
    ),
    (lambda got, right: _same(got, np.round(right)), "Everything is rounded: keep the fractions."),
    (lambda got, right: _same(got, right**2), "Everything comes out squared."),
    (lambda got, right: _same(got**2, right), "The root is taken of everything."),
]


def _common_factor(pairs):
    """Return how many times too large everything is, in all cases or at least within each."""
    found = []
    for got, right in pairs:
        filled = right != 0
        if got[~filled].any():
            return ""
        factors = got[filled] / right[filled]
        if factors.size and not np.allclose(factors, factors[0], rtol=1e-6):
            return ""
        found.append(factors)
    factors = np.concatenate(found)
    if factors.size < 2:
        return ""
    if np.allclose(factors, factors[0], rtol=1e-6):
        return _tell_factor(factors[0])
    if all(factors.size < 2 for factors in found):
        return ""
    return (
        "Within each case, everything is off by the same factor: what is multiplied with, or "
        "divided by, once too often or not at all?"
    )


def _tell_factor(factor):
    if np.isclose(factor, round(factor)) and factor > 1:
        return f"Everything is {round(factor)} times too large."
    if factor and np.isclose(1 / factor, round(1 / factor)) and 0 < factor < 1:
        return f"Everything is {round(1 / factor)} times too small."
    return f"Everything is {factor:.4g} times what it should be."


def _common_shift(pairs):
    """Return by how much everything is too large, in all cases or at least within each."""
    found = [(got - right).ravel() for got, right in pairs]
    if not all(np.allclose(shifts, shifts[:1], atol=1e-9) for shifts in found):
        return ""
    shifts = np.concatenate(found)
    if shifts.size > 1 and np.allclose(shifts, shifts[0], atol=1e-9):
        return f"Everything is {abs(shifts[0]):.4g} too {'large' if shifts[0] > 0 else 'small'}."
    if all(shifts.size < 2 for shifts in found):
        return ""
    return (
        "Within each case, everything is off by the same amount: what is added once too often, or "
        "left out?"
    )


def _where_wrong(pairs):
    """Return what the wrong places have in common, or whether they are too large or too small."""
    wrong = [~np.isclose(got, right, rtol=1e-6, atol=1e-9) for got, right in pairs]
    places = {
        "Only the first number is wrong.": lambda right: _at(right, 0),
        "Only the last number is wrong.": lambda right: _at(right, -1),
        "Wrong exactly where the right number is negative.": lambda right: right < 0,
        "Wrong exactly where the right number is 0.": lambda right: right == 0,
    }
    cases = list(zip(pairs, wrong, strict=True))
    for sentence, expected in places.items():
        fits = [np.array_equal(off, expected(right)) for (_, right), off in cases if right.size > 1]
        shows = any(right.size > 1 and off.any() for (_, right), off in cases)
        if shows and all(fits):
            return sentence
    signs = {bool(sign) for (got, right), off in cases for sign in (got > right)[off]}
    if len(signs) == 1:
        return f"Wherever it is wrong, it is too {'large' if signs.pop() else 'small'}."
    return ""


def _at(right, place):
    mask = np.zeros(right.shape, bool)
    if right.ndim == 1:
        mask[place] = True
    return mask
