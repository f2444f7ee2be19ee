"""The exercises on learning a filter: two gradients of a convolution, and the largest rate.

Nudging judges the gradients. The rate is judged by the bowl itself: its steepest direction is
found by walking, not by the formula that readers look for.
"""

import numpy as np
from numpy.lib.stride_tricks import sliding_window_view

from helpers.checks.diagnosis import Exercise, diagnose, tell
from helpers.checks.nudging import by_nudging, draw_gradients


def input_gradient(function):
    """Check a function of (kernel, grad_output) that returns ∂L/∂x of y = w ⋆ x, and print.

    Parameters
    ----------
    function : callable
        Takes the kernel of a 1-D layer without padding and ∂L/∂y, and returns the gradient for
        its input, of len(grad_output) + len(kernel) − 1 cells.

    Examples
    --------
    >>> import numpy as np
    >>> input_gradient(lambda kernel, grad_output: np.convolve(grad_output, kernel))
    ✓ 30 of 30 cases agree with nudging each cell of the input.
    """
    tell(diagnose(function, input_gradient_exercise()))


def kernel_sums(function):
    """Check a function of (image, grad_output) that returns ∂L/∂w of a 2-D layer, and print.

    Parameters
    ----------
    function : callable
        Takes the image that went into a layer without padding, and ∂L/∂y; returns the gradient
        for the kernel, which has as many rows and columns as fit.

    Examples
    --------
    >>> from helpers.convolution import cross_correlate2d
    >>> kernel_sums(cross_correlate2d)
    ✓ 24 of 24 cases agree with nudging each cell of the kernel.
    """
    tell(diagnose(function, kernel_sums_exercise()))


def rate_limit(function):
    """Check a function of (photo, size): the largest rate at which a kernel still learns.

    Parameters
    ----------
    function : callable
        Takes a picture and how many rows and columns the kernel has; returns the rate from which
        on plain gradient descent on the mean squared error diverges.

    Examples
    --------
    >>> import numpy as np
    >>> def rate(photo, size):
    ...     windows = np.lib.stride_tricks.sliding_window_view(photo, (size, size))
    ...     patches = windows.reshape(-1, size**2)
    ...     return 2 / np.linalg.eigvalsh(patches.T @ patches / len(patches)).max()
    >>> rate_limit(rate)  # doctest: +ELLIPSIS
    ✗ The 2 of the square is missing: the loss is the mean of e², and its Hessian 2/N · PᵀP.
    ...
    """
    tell(diagnose(function, rate_limit_exercise()))


def input_gradient_exercise():
    """Return the exercise on (kernel, grad_output): ∂L/∂x of a layer y = w ⋆ x, "valid"."""

    def expected(kernel, grad_output):
        signal = np.zeros(len(grad_output) + len(kernel) - 1)

        def weighted_sum(x):
            return np.sum(grad_output * np.correlate(x, kernel, "valid"))

        return by_nudging(weighted_sum, signal, step=1.0)

    def mistakes(kernel, grad_output):
        w, g = kernel, grad_output
        right = np.convolve(g, w)
        overwritten = np.zeros(len(right))
        for at, value in enumerate(g):
            overwritten[at : at + len(w)] = value * w
        fits = len(g) >= len(w)
        add = "Where two outputs used one input, their gradients are added"
        return {
            "The kernel is not turned. The index of g falls as that of w rises: convolve.": (
                np.convolve(g, w[::-1])
            ),
            "This is in reverse order: turn one of the two, not both and not the result.": (
                right[::-1]
            ),
            f"{add}: += in place of =.": overwritten,
            'This is "valid": an input at the end was used too, by fewer outputs. Take "full".': (
                np.convolve(g, w, "valid") if fits else None
            ),
            'This has the size of grad_output. The input has len(kernel) - 1 more cells: "full".': (
                np.convolve(g, w, "same") if fits else None
            ),
            "The incoming gradient is left out: each output sends its own g back.": (
                np.convolve(np.ones(len(g)), w)
            ),
            "The kernel is left out: each input counts as much as its weight.": (
                np.convolve(g, np.ones(len(w)))
            ),
            f"The mean is taken. {add}.": right / len(g),
            "The sign is wrong. Going downhill comes later.": -right,
        }

    def patterns(kernel, grad_output):
        return {
            "Right only for a single output.": len(grad_output) == 1,
            "Right only for a kernel of one cell.": len(kernel) == 1,
            "Right only for a kernel that is its own mirror image.": (
                np.array_equal(kernel, kernel[::-1])
            ),
        }

    rng = np.random.default_rng(21)
    sizes = [(1, 1), (1, 3), (2, 1), (2, 3), (3, 3), *rng.integers(1, 7, (25, 2)).tolist()]
    cases = [
        {"kernel": draw_gradients(rng, cells), "grad_output": draw_gradients(rng, outputs)}
        for cells, outputs in sorted(sizes, key=sum)
    ]
    return Exercise("nudging each cell of the input", expected, cases, mistakes, patterns)


def kernel_sums_exercise():
    """Return the exercise on (image, grad_output): ∂L/∂w of a 2-D layer, "valid"."""

    def expected(image, grad_output):
        shape = np.subtract(image.shape, grad_output.shape) + 1

        def weighted_sum(w):
            return np.sum(sliding_window_view(image, w.shape) * w * grad_output[..., None, None])

        return by_nudging(weighted_sum, np.zeros(shape), step=1.0)

    def mistakes(image, grad_output):
        x, g = image, grad_output
        rows, cols = np.subtract(x.shape, g.shape) + 1
        met = sliding_window_view(x, g.shape)  # what each cell of the kernel meets
        right = np.sum(met * g, axis=(2, 3))
        every = "Each cell of the kernel meets one input for every output: add up over all of them"
        return {
            "It is turned. The layer does not flip: cell (i, j) met x[r + i, c + j].": (
                right[::-1, ::-1]
            ),
            "grad_output was flipped: this is a convolution. Lay it on the image as it is.": (
                np.sum(met * g[::-1, ::-1], axis=(2, 3))
            ),
            "Rows and columns are exchanged: this is the transpose.": (
                right.T if rows == cols else None
            ),
            "All sums are still 0.": np.zeros((rows, cols)),
            f"Only the first position counts. {every}.": g[0, 0] * x[:rows, :cols],
            f"The window does not move: cell (i, j) meets what begins at (i, j). {every}.": (
                np.full((rows, cols), np.sum(g * x[: g.shape[0], : g.shape[1]]))
            ),
            "Only the first number is filled: is `return` inside the loop?": (
                right * (np.arange(right.size).reshape(right.shape) == 0)
            ),
            f"Only the last position is left. {every}, with +=.": g[-1, -1] * x[-rows:, -cols:],
            "The incoming gradient is left out: multiply the window by grad_output first.": (
                met.sum(axis=(2, 3))
            ),
            "Sums were multiplied: multiply cell by cell first, then add.": (
                g.sum() * met.sum(axis=(2, 3))
            ),
            "The mean over the positions is taken: contributions add up.": right / g.size,
            "The sign is wrong. Going downhill comes later.": -right,
        }

    def patterns(image, grad_output):
        rows, cols = np.subtract(image.shape, grad_output.shape) + 1
        return {
            "Right only for a single output.": grad_output.size == 1,
            "Right only for a square kernel.": rows == cols,
            "Right only for a square grad_output.": grad_output.shape[0] == grad_output.shape[1],
        }

    rng = np.random.default_rng(22)
    shapes = [((1, 1), (1, 1)), ((1, 2), (1, 1)), ((2, 2), (1, 2)), ((3, 3), (1, 2))]
    shapes += [((2, 2), (2, 2)), ((3, 3), (2, 3))]
    shapes += [tuple(map(tuple, rng.integers(1, 4, (2, 2)).tolist())) for _ in range(18)]
    cases = [
        {
            "image": draw_gradients(rng, np.add(kernel, output) - 1),
            "grad_output": draw_gradients(rng, output),
        }
        for kernel, output in sorted(shapes, key=lambda pair: np.sum(pair))
    ]
    return Exercise("nudging each cell of the kernel", expected, cases, mistakes, patterns)


def rate_limit_exercise():
    """Return the exercise on (photo, size): 2/λ for the steepest direction of the loss."""

    def expected(photo, size):
        patches = _patches(photo, size)
        power = patches.T @ patches
        for _ in range(14):  # squared so often, it leads everything into the steepest direction
            power = power @ power / np.abs(power).max() ** 2
        direction = power.sum(axis=1)
        direction /= np.linalg.norm(direction)
        # Along it, the loss is N⁻¹·(P·d)²·t², a parabola of this curvature.
        curvature = 2 * np.mean((patches @ direction) ** 2)
        return 2 / curvature

    def mistakes(photo, size):
        patches = _patches(photo, size)
        values = _curvatures(patches)
        centred = patches - patches.mean(axis=0)
        largest_apart = _curvatures(centred)[-1]
        smallest = values[0] if values[0] > 1e-9 * values[-1] else None
        hessian = "its Hessian 2/N · PᵀP"
        return {
            "That rate reaches the bottom of the steepest direction in one step; twice as much is "
            "allowed.": 1 / values[-1],
            f"The 2 of the square is missing: the loss is the mean of e², and {hessian}.": (
                4 / values[-1]
            ),
            "The steepest direction diverges first: take the largest curvature.": (
                2 / smallest if smallest else None
            ),
            f"The loss is a mean over N places, and {hessian}: divide by N.": (
                2 / (values[-1] * len(patches))
            ),
            "The mean of the patches was taken off: the Hessian keeps it.": (
                2 / largest_apart if largest_apart > 1e-9 else None
            ),
            "Singular values have to be squared to be curvatures.": 2 / np.sqrt(values[-1]),
            "These are singular values of the patches: the curvature is 2/N times their square.": (
                2 / np.sqrt(values[-1] * len(patches) / 2)
            ),
            "This is the curvature. A rate is 2 divided by it.": values[-1],
            "The mean over all entries is taken: their number is not that of the windows.": (
                2 / (values[-1] / size**2)
            ),
            "The trace is the sum of all curvatures: take the largest of them.": 2 / values.sum(),
            f"Divided is by the number of pixels: there are fewer windows, and {hessian}.": (
                2 / (values[-1] * len(patches) / photo.size)
            ),
            "This takes kernels of 3 × 3, whatever the size.": (
                2 / _curvatures(_patches(photo, 3))[-1] if min(photo.shape) >= 3 else None
            ),
            "This is 2 divided by the mean square of the pixels: take the largest eigenvalue.": (
                2 / np.mean(photo**2)
            ),
        }

    def patterns(photo, size):
        return {
            "Right only for a kernel of one cell.": size == 1,
            "Right only for square pictures.": photo.shape[0] == photo.shape[1],
        }

    rng = np.random.default_rng(23)
    shapes = [(3, 3, 1), (4, 4, 2), (4, 6, 2), (5, 5, 3), (6, 5, 3), (8, 8, 3)]
    shapes += [(*rng.integers(4, 9, 2), int(rng.integers(1, 4))) for _ in range(14)]
    cases = [
        {"photo": rng.integers(-6, 20, (int(rows), int(cols))) / 10, "size": size}
        for rows, cols, size in sorted(shapes, key=np.prod)
    ]
    return Exercise("walking down the steepest direction", expected, cases, mistakes, patterns)


def _curvatures(patches):
    """Return the eigenvalues of the Hessian of a mean squared error, the smallest first."""
    return np.linalg.eigvalsh(2 / len(patches) * patches.T @ patches)


def _patches(photo, size):
    """Return every window as a row."""
    return sliding_window_view(photo, (size, size)).reshape(-1, size**2)
