"""Diagnoses of the gradient for a kernel."""

import numpy as np
import pytest

from helpers import checks
from helpers.checks.diagnosis import diagnose
from helpers.checks.kernel_gradients import kernel_gradient_exercise

KERNEL = kernel_gradient_exercise()


def kernel_by_loops(signal, grad_output):
    grad = [0.0] * (len(signal) - len(grad_output) + 1)
    for m, g in enumerate(grad_output):
        for k in range(len(grad)):
            grad[k] += g * signal[m + k]
    return grad


@pytest.mark.parametrize(
    ("exercise", "function"),
    [
        (KERNEL, kernel_by_loops),
        (KERNEL, lambda x, g: np.convolve(x, g[::-1], "valid")),
    ],
)
def test_right_answers_pass(exercise, function):
    feedback = diagnose(function, exercise)
    number = len(exercise.cases)
    assert feedback.message.startswith(f"✓ {number} of {number} cases agree with nudging")
    assert feedback.passed


@pytest.mark.parametrize(
    ("check", "function", "told"),
    [
        (checks.kernel_gradient, lambda x, g: np.correlate(x, g)[::-1], "This is in reverse order"),
        (
            checks.kernel_gradient,
            lambda x, g: np.convolve(x, g, "valid"),
            "This is a convolution: grad_output was flipped.",
        ),
        (checks.kernel_gradient, lambda x, g: np.correlate(x, g, "full"), "the size of full"),
        (
            checks.kernel_gradient,
            lambda x, g: g[0] * x[: len(x) - len(g) + 1],
            "Only the first position counts.",
        ),
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
        (checks.kernel_gradient, {}, kernel_by_loops),
    ],
)
def test_checks_praise_right_answers(capsys, check, options, function):
    check(function, **options)
    assert capsys.readouterr().out.startswith("✓ ")
