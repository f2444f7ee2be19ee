"""The exercise on differentiating by nudging, and the nudging that other exercises are judged by.

Where a derivative is asked for, the right answer comes from nudging: the small change that a small
change makes is the measure, and not the formula that readers look for. Where a function is linear
in what is nudged, the nudge may be as large as 1.
"""

import functools

import numpy as np

from helpers.checks.diagnosis import Exercise, diagnose, tell


def by_nudging(function, array, step):
    """Return the derivative of a number with respect to every entry, by central differences."""
    slopes = np.zeros(array.shape)
    for at in np.ndindex(*array.shape):
        nudge = np.zeros(array.shape)
        nudge[at] = step
        slopes[at] = (function(array + nudge) - function(array - nudge)) / (2 * step)
    return slopes


def draw_gradients(rng, shape):
    """Return gradients of both signs that are not 0."""
    return rng.integers(1, 7, shape) / 2 * rng.choice([-1, 1], shape)


def numerical_gradient_exercise():
    """Return the exercise on (array, step), for the loss of `bumpy`."""

    def expected(array, step):
        # A cube's central difference is 3a² + h², and that of the product is exact.
        return 3 * array**2 + step**2 + _of_ends(array)

    def mistakes(array, step):
        one_sided = 3 * array * step + 3 * array**2 + step**2 + _of_ends(array)
        if array.size == 1:
            one_sided = one_sided + step  # both ends are the same entry, so their product bends
        right = expected(array, step)
        other_side = one_sided - 2 * (one_sided - right)  # the error of h, with the other sign
        once = "Nudge one entry, compare, and put it back before the next"
        total = (bumpy(array + step) - bumpy(array - step)) / (2 * step)
        return {
            "From array - step to array + step it is two steps: divide by 2 * step.": 2 * right,
            "This is a one-sided difference, whose error is larger: nudge to both sides.": (
                one_sided
            ),
            "This is a one-sided difference, to the lower side: nudge to both.": other_side,
            "This is a one-sided difference, divided by two steps.": one_sided / 2,
            "Brackets are missing: a / 2 * step multiplies by step. Divide by (2 * step).": (
                right * step**2
            ),
            f"Every entry shows the slope of the last one: slopes[at] = …. {once}.": (
                right.flat[-1] if array.ndim else None
            ),
            "The division is missing: a slope is a change per step.": right * 2 * step,
            f"All entries are nudged at once. {once}.": np.full(array.shape, total),
            f"All entries are nudged at once, which gives a single number. {once}.": total,
            "A whole row is nudged at once: go through the entries, np.ndindex(*array.shape).": (
                right.sum(axis=-1, keepdims=True) + 0 * right if array.ndim > 1 else None
            ),
            "All slopes are still 0: nothing was nudged.": np.zeros(array.shape),
            "The sign is wrong: the value above minus the value below.": -right,
            "The gradient is flat: give it the shape of the array.": (
                right.ravel() if array.ndim > 1 else None
            ),
        }

    rng = np.random.default_rng(10)
    shapes = [(1,), (2,), (3,), (1, 2), (2, 2), (3, 2), (2, 3), (4,), (2, 1), (3, 3)]
    cases = [
        {"array": rng.integers(2, 12, shape) / 4 * rng.choice([-1, 1], shape), "step": step}
        for shape in shapes
        for step in (1e-4, 1e-5)
    ]
    return Exercise("the derivative of Σ a³ + first · last", expected, cases, mistakes)


def bumpy(array):
    """Return Σ a³ + first · last: the loss of the exercise, which bends, and mixes entries."""
    array = np.asarray(array, float)
    return float(np.sum(array**3) + array.flat[0] * array.flat[-1])


def _of_ends(array):
    """Return the derivative of first · last for every entry."""
    slopes = np.zeros(array.shape)
    slopes.flat[0] += array.flat[-1]
    slopes.flat[-1] += array.flat[0]
    return slopes


def numerical_gradient(function):
    """Check a function of (loss, array, step) that differentiates by nudging, and print the result.

    Parameters
    ----------
    function : callable
        Takes a function from an array to a number, an array and a step, and returns the derivative
        with respect to every entry of the array, in its shape.

    Examples
    --------
    >>> from helpers import gradients
    >>> numerical_gradient(lambda loss, a, h: gradients.numerical_gradient(loss, a, step=h))
    ✓ 20 of 20 cases agree with the derivative of Σ a³ + first · last.
    """
    given = functools.partial(function, bumpy) if callable(function) else function
    tell(diagnose(given, numerical_gradient_exercise()))
