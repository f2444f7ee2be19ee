"""Diagnoses of derivatives by nudging."""

import numpy as np
import pytest

from helpers import checks, gradients
from helpers.checks.nudging import bumpy, numerical_gradient_exercise

NUDGE = numerical_gradient_exercise()


def nudge_in_place(loss, array, step):
    slopes = np.zeros_like(array)
    for at in np.ndindex(*array.shape):
        kept = array[at]
        array[at] = kept + step
        above = loss(array)
        array[at] = kept - step
        below = loss(array)
        array[at] = kept
        slopes[at] = (above - below) / (2 * step)
    return slopes


def one_sided(loss, array, step):
    return gradients_by(lambda above, here, below: (above - here) / step)(loss, array, step)


def gradients_by(formula):
    """Return a function that nudges every entry and combines the losses by the formula."""

    def differentiate(loss, array, step):
        slopes = np.zeros(array.shape)
        for at in np.ndindex(*array.shape):
            nudge = np.zeros(array.shape)
            nudge[at] = step
            slopes[at] = formula(loss(array + nudge), loss(array), loss(array - nudge))
        return slopes

    return differentiate


def never_puts_back(loss, array, step):
    slopes = np.zeros(array.shape)
    for at in np.ndindex(*array.shape):
        array[at] += step
        above = loss(array)
        array[at] -= 2 * step
        slopes[at] = (above - loss(array)) / (2 * step)
    return slopes


@pytest.mark.parametrize(
    ("check", "function", "told"),
    [
        (
            checks.numerical_gradient,
            gradients_by(lambda above, here, below: above - below),
            "The division is missing: a slope is a change per step.",
        ),
        (checks.numerical_gradient, one_sided, "This is a one-sided difference, whose error is la"),
        (
            checks.numerical_gradient,
            lambda loss, a, h: (loss(a + h) - loss(a - h)) / (2 * h),
            "All entries are nudged at once, which gives a single number.",
        ),
        (checks.numerical_gradient, never_puts_back, "Your function changes `array`, its input."),
    ],
)
def test_mistakes_are_named(capsys, check, function, told):
    assert check(function) is None
    printed = capsys.readouterr().out
    assert printed.startswith("✗ ")
    assert told in " ".join(printed.split())
    assert max(map(len, printed.splitlines())) <= 110


@pytest.mark.parametrize(
    ("check", "options", "function"),
    [
        (checks.numerical_gradient, {}, nudge_in_place),
    ],
)
def test_checks_praise_right_answers(capsys, check, options, function):
    check(function, **options)
    assert capsys.readouterr().out.startswith("✓ ")


def test_a_division_by_a_fixed_number_fits_one_step_only(capsys):
    checks.numerical_gradient(gradients_by(lambda above, _, below: (above - below) / 2e-4))
    assert capsys.readouterr().out.startswith("✗ ")


def test_the_loss_to_nudge_has_the_derivative_that_is_expected():
    for case in NUDGE.cases:
        right = gradients.numerical_gradient(bumpy, case["array"], step=1e-5)
        np.testing.assert_allclose(NUDGE.expected(**case), right, rtol=1e-6)
