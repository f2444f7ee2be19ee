"""Diagnoses of what chapter 9 asks for: two gradients and a rate."""

import numpy as np
import pytest
from numpy.lib.stride_tricks import sliding_window_view

from helpers import checks
from helpers.convolution import cross_correlate2d


def by_loops(kernel, grad_output):
    grad = [0.0] * (len(kernel) + len(grad_output) - 1)
    for m, g in enumerate(grad_output):
        for k, w in enumerate(kernel):
            grad[m + k] += g * w
    return grad


def last_one_wins(kernel, grad_output):
    grad = np.zeros(len(kernel) + len(grad_output) - 1)
    for m, g in enumerate(grad_output):
        grad[m : m + len(kernel)] = g * kernel
    return grad


def sums_by_loops(image, grad_output):
    rows, cols = np.subtract(image.shape, grad_output.shape) + 1
    found = np.zeros((rows, cols))
    for (row, col), g in np.ndenumerate(grad_output):
        found += g * image[row : row + rows, col : col + cols]
    return found


def windows(photo, size):
    return sliding_window_view(photo, (size, size)).reshape(-1, size**2)


def curvatures(patches):
    return np.linalg.eigvalsh(2 / len(patches) * patches.T @ patches)


@pytest.mark.parametrize(
    ("check", "function"),
    [
        (checks.input_gradient, by_loops),
        (checks.input_gradient, lambda w, g: np.correlate(g, w[::-1], "full")),
        (checks.kernel_sums, sums_by_loops),
        (checks.rate_limit, lambda photo, size: 2 / curvatures(windows(photo, size))[-1]),
        (
            checks.rate_limit,
            lambda photo, size: (
                len(windows(photo, size)) / np.linalg.norm(windows(photo, size), 2) ** 2
            ),
        ),
    ],
)
def test_right_answers_pass(capsys, check, function):
    check(function)
    assert capsys.readouterr().out.startswith("✓ ")


@pytest.mark.parametrize(
    ("check", "function", "told"),
    [
        (
            checks.input_gradient,
            lambda w, g: np.correlate(g, w, "full"),
            "The kernel is not turned",
        ),
        (checks.input_gradient, lambda w, g: np.convolve(g, w)[::-1], "in reverse order"),
        (checks.input_gradient, last_one_wins, "+= in place of ="),
        (checks.input_gradient, lambda w, g: np.convolve(g, w, "same")[: len(g)], "more cells"),
        (checks.input_gradient, lambda w, g: np.convolve(np.ones(len(g)), w), "g back"),
        (checks.input_gradient, lambda w, g: np.convolve(g, w) / len(g), "The mean is taken"),
        (checks.input_gradient, lambda w, g: -np.convolve(g, w), "The sign is wrong"),
        (checks.input_gradient, lambda w, g: ..., "write what is missing"),
        (checks.kernel_sums, lambda x, g: sums_by_loops(x, g)[::-1, ::-1], "It is turned"),
        (
            checks.kernel_sums,
            lambda x, g: cross_correlate2d(x, g[::-1, ::-1]),
            "grad_output was flipped",
        ),
        (checks.kernel_sums, lambda x, g: 0 * sums_by_loops(x, g), "All sums are still 0"),
        (checks.kernel_sums, lambda x, g: sums_by_loops(x, g) / g.size, "The mean over the"),
        (checks.kernel_sums, lambda x, g: sums_by_loops(x, np.ones(g.shape)), "is left out"),
        (
            checks.kernel_sums,
            lambda x, g: g.sum() * sums_by_loops(x, np.ones(g.shape)),
            "Sums were multiplied",
        ),
        (checks.kernel_sums, lambda x, g: -sums_by_loops(x, g), "The sign is wrong"),
        (checks.rate_limit, lambda p, k: 1 / curvatures(windows(p, k))[-1], "twice as much"),
        (checks.rate_limit, lambda p, k: 4 / curvatures(windows(p, k))[-1], "The 2 of the square"),
        (checks.rate_limit, lambda p, k: curvatures(windows(p, k))[-1], "This is the curvature"),
        (
            checks.rate_limit,
            lambda p, k: 2 / (len(windows(p, k)) * curvatures(windows(p, k))[-1]),
            "divide by N",
        ),
        (
            checks.rate_limit,
            lambda p, k: 2 / np.sqrt(curvatures(windows(p, k))[-1]),
            "have to be squared",
        ),
        (checks.rate_limit, lambda p, k: 2 / curvatures(windows(p, k)).sum(), "The trace is"),
        (checks.rate_limit, 0.1, "needs your function itself"),
    ],
)
def test_mistakes_are_named(capsys, check, function, told):
    check(function)
    printed = capsys.readouterr().out
    assert printed.startswith("✗ ")
    assert told in " ".join(printed.split())
    assert max(map(len, printed.splitlines())) <= 110
