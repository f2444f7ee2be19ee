"""The exercise on the gradient for the kernel of a 1-D layer, judged by nudging."""

import numpy as np

from helpers.checks.diagnosis import Exercise, diagnose, tell
from helpers.checks.nudging import by_nudging, draw_gradients


def kernel_gradient_exercise():
    """Return the exercise on (signal, grad_output): ∂L/∂w of a layer y = w ⋆ x, "valid"."""

    def expected(signal, grad_output):
        kernel = np.zeros(len(signal) - len(grad_output) + 1)

        def weighted_sum(w):
            return np.sum(grad_output * np.correlate(signal, w, "valid"))

        return by_nudging(weighted_sum, kernel, step=1.0)

    def mistakes(signal, grad_output):
        x, g, size = signal, grad_output, len(signal) - len(grad_output) + 1
        right = np.correlate(x, g, "valid")
        every = "The kernel acts at every position: add up over all of them"
        return {
            "This is in reverse order. It is a cross-correlation, without a flip: entry k of "
            "the kernel met x[m + k].": right[::-1],
            "This is a convolution: grad_output was flipped. Entry k of the kernel met x[m + k], "
            "so nothing is flipped.": np.convolve(x, g, "valid"),
            "This has the size of full: only positions at which grad_output lies wholly on the "
            "signal belong to an entry of the kernel.": np.correlate(x, g, "full"),
            f"Only the first position counts. {every}.": g[0] * x[:size],
            f"Only the last position is left. {every}, with +=.": g[-1] * x[-size:],
            "The mean over the positions is taken: contributions add up.": right / len(g),
            f"The incoming gradient is left out. {every}, each times its grad_output.": (
                np.correlate(x, np.ones(len(g)), "valid")
            ),
            "Contributions were multiplied out as sums: multiply position by position.": (
                g.sum() * np.correlate(x, np.ones(len(g)), "valid")
            ),
            "The sign is wrong. Going downhill comes later.": -right,
        }

    def patterns(signal, grad_output):
        return {
            "Right only for a single output.": len(grad_output) == 1,
            "Right only for a kernel of one cell.": len(signal) == len(grad_output),
        }

    rng = np.random.default_rng(11)
    sizes = [(1, 1), (3, 3), (3, 1), (4, 2), (4, 3), (5, 3), *rng.integers(1, 9, (60, 2)).tolist()]
    cases = [
        {"signal": draw_gradients(rng, size), "grad_output": draw_gradients(rng, outputs)}
        for size, outputs in sizes
        if outputs <= size
    ]
    cases = sorted(cases[:30], key=lambda case: case["signal"].size + case["grad_output"].size)
    return Exercise("nudging each cell of the kernel", expected, cases, mistakes, patterns)


def kernel_gradient(function):
    """Check a function of (signal, grad_output) that returns ∂L/∂w of y = w ⋆ x, and print.

    Parameters
    ----------
    function : callable
        Takes what went into a 1-D layer without padding and ∂L/∂y, and returns the gradient for its
        kernel, of len(signal) − len(grad_output) + 1 cells.

    Examples
    --------
    >>> import numpy as np
    >>> kernel_gradient(lambda signal, grad_output: np.correlate(signal, grad_output, "valid"))
    ✓ 30 of 30 cases agree with nudging each cell of the kernel.
    """
    tell(diagnose(function, kernel_gradient_exercise()))
