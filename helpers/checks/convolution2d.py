"""The exercises along two axes: slide a kernel over an image, with and without the flip.

There are more ways to go wrong than along one axis: each slip can happen to the rows, to the
columns or to both, and rows and columns can be mixed up. The right answers come from SciPy.
"""

import numpy as np
from numpy.lib.stride_tricks import sliding_window_view

from helpers.arguments import one_of
from helpers.checks.diagnosis import Exercise, diagnose, tell

POSITIONS = {
    "full": "every position at which the kernel touches the image",
    "same": "as many rows and columns as the image has",
    "valid": "the positions at which the kernel lies wholly inside the image",
}
# With H rows of image and K of kernel; the columns likewise.
SIZES = {
    "full": "H + K - 1 rows, and columns likewise",
    "same": "H rows, and columns likewise",
    "valid": "H - K + 1 rows, and columns likewise",
}
_GHOSTS = {
    "full": lambda size: (size - 1, size - 1),
    "same": lambda size: (size // 2, (size - 1) // 2),
    "valid": lambda size: (0, 0),
}


def sliding2d_exercise(*, flips, padding):
    """Return the exercise on (image, kernel): convolution if it flips, else cross-correlation."""
    one_of("padding", padding, POSITIONS)

    def expected(image, kernel):
        # Imported here, so that a notebook without this exercise does not wait for it. Not
        # `correlate2d`, whose "same" is another one than that of `correlate` and of NumPy.
        from scipy import signal

        slide = signal.convolve if flips else signal.correlate
        return slide(image, kernel, padding, method="direct")

    def mistakes(image, kernel):
        from scipy import signal

        y = expected(image, kernel)
        turned = kernel[::-1, ::-1]
        applied = turned if flips else kernel
        products = _products(image, applied, padding)
        return {
            **_kernel_slips(image, kernel, padding, flips),
            **_position_slips(image, kernel, padding, flips),
            **_shape_slips(
                y,
                SIZES[padding],
                _sums(image[:, ::-1], applied, padding),
                _sums(image, applied[::-1, ::-1], padding),
                _sums(image[:, ::-1], applied[::-1, ::-1], padding),
            ),
            **_place_slips(y, image, applied, padding),
            **_sum_slips(y, products),
            **(_full_slips(image, kernel, flips) if padding == "full" else {}),
            **({} if flips else _as_scipy_centres(signal.correlate2d, image, kernel, padding)),
        }

    def patterns(image, kernel):
        rows, cols = kernel.shape
        return {
            "Right only for kernels with odd sides. An even side has no middle, and size // 2 "
            "differs from (size - 1) // 2.": rows % 2 == cols % 2 == 1,
            "Right only for kernels that a turn by 180° does not change: look at the flip.": (
                np.array_equal(kernel, kernel[::-1, ::-1])
            ),
            "Right only for square kernels: somewhere, rows and columns of the kernel are mixed "
            "up.": rows == cols,
            "Right only for square images: somewhere, rows and columns of the image are mixed "
            "up.": image.shape[0] == image.shape[1],
            "Right only for kernels of 3 x 3: use kernel.shape, not fixed numbers.": (
                kernel.shape == (3, 3)
            ),
            "Right only where the kernel is no larger than the image.": _fits(image, kernel),
        }

    name = f"scipy.signal.{'convolve' if flips else 'correlate'}"
    oracle = f'{name}(..., "{padding}")'
    cases = _images_and_kernels(larger_kernels=padding == "full")
    return Exercise(oracle, expected, cases, mistakes, patterns)


def _fits(image, kernel):
    return all(k <= size for k, size in zip(kernel.shape, image.shape, strict=True))


def _products(image, kernel, padding, *, mode="constant", late=(0, 0)):
    """Return every window times the kernel, (rows, cols, K_h, K_w), each so many cells too late."""
    ghosts = [_GHOSTS[padding](size) for size in kernel.shape]
    wider = np.pad(np.pad(image, ghosts, mode), 1)
    cells = (slice(1 + n, size - 1 + n) for n, size in zip(late, wider.shape, strict=True))
    return sliding_window_view(wider[tuple(cells)], kernel.shape) * kernel


def _sums(image, kernel, padding, **changes):
    """Return the output, or None where the kernel has no position."""
    if padding == "valid" and not _fits(image, kernel):
        return None
    return _products(image, kernel, padding, **changes).sum(axis=(2, 3))


def _kernel_slips(image, kernel, padding, flips):
    """Return {what was done to the kernel in place of what was asked for: the result}."""
    turned, up_down, left_right = kernel[::-1, ::-1], kernel[::-1], kernel[:, ::-1]
    if flips:
        slips = {
            "This is cross-correlation: the kernel was not flipped (or twice). Take "
            "kernel[::-1,::-1].": kernel,
            "The kernel was flipped up and down only: a flip goes along both axes, "
            "kernel[::-1,::-1].": up_down,
            "The kernel was flipped left and right only: a flip goes along both axes, "
            "kernel[::-1,::-1].": left_right,
            "The kernel was transposed: its rows became columns. A flip is a turn by 180°, "
            "kernel[::-1,::-1].": kernel.T,
            "The kernel was flipped, and transposed as well: its rows became columns.": turned.T,
            "The kernel was turned by 90° to the left: a flip is a turn by 180°.": np.rot90(kernel),
            "The kernel was turned by 90° to the right: a flip is a turn by 180°.": (
                np.rot90(kernel, -1)
            ),
        }
    else:
        slips = {
            "This is convolution: the kernel was turned by 180°. Slide it as it is.": turned,
            "The kernel was flipped up and down: slide it as it is.": up_down,
            "The kernel was flipped left and right: slide it as it is.": left_right,
            "The kernel was transposed: its rows became columns. Slide it as it is.": kernel.T,
            "The kernel was turned by 90° to the left: slide it as it is.": np.rot90(kernel),
            "The kernel was turned by 90° to the right: slide it as it is.": np.rot90(kernel, -1),
            "The kernel was transposed and turned by 180°: slide it as it is.": turned.T,
            "Other signs turn (−1, 0, 1) round, but not every kernel: slide it as it is.": -turned,
        }
    return {message: _sums(image, slid, padding) for message, slid in slips.items()}


def _position_slips(image, kernel, padding, flips):
    """Return the results for other positions than those asked for, with and without the flip."""
    turned = kernel[::-1, ::-1]
    applied, other_way = (turned, kernel) if flips else (kernel, turned)
    slip = "the kernel was not flipped" if flips else "the kernel was turned by 180°"
    results = {}
    for other, positions in POSITIONS.items():
        if other != padding:
            these = f'the values of "{other}": {positions}. Asked for are {SIZES[padding]}.'
            results[f"These are {these}"] = _sums(image, applied, other)
            results[f"Two mistakes: {slip}, and these are {these}"] = _sums(image, other_way, other)
    return results


def _shape_slips(y, size, mirrored, turned, mirrored_turned):
    """Return {what happened to the rows and columns of the result: it}."""
    last_row, last_col, first_row, first_col = np.ones((4, *y.shape), bool)
    last_row[-1], last_col[:, -1], first_row[0], first_col[:, 0] = False, False, False, False
    return {
        f"The last row is missing: there are {size}.": y[:-1],
        "The signs are lost: leave abs out.": np.abs(y),
        "The kernel was turned by 180°, and the signs are lost: slide it as it is, without abs.": (
            np.abs(turned) if turned is not None else None
        ),
        "The image is mirrored left to right: leave it as it is.": mirrored,
        "The image is mirrored, and the kernel the wrong way round: leave the image as it is.": (
            mirrored_turned
        ),
        f"The last column is missing: there are {size}.": y[:, :-1],
        f"The last row and the last column are missing: there are {size}.": y[:-1, :-1],
        f"A row and a column too many, at the end: there are {size}.": np.pad(y, (0, 1)),
        f"The last row is never filled: loop over {size}.": y * last_row,
        f"The last column is never filled: loop over {size}.": y * last_col,
        f"The last row and the last column are never filled: loop over {size}.": (
            y * last_row * last_col
        ),
        "The first row and the first column are never filled: where do the loops start?": (
            y * first_row * first_col
        ),
        "Only the first value is there: is `return` inside the loops?": y[:1, :1],
        "Only the first row is there: is `return` inside the outer loop?": y[:1],
        "Only the first row is filled: is `return` inside the outer loop?": y * ~first_row,
        "Only the first value is filled: is `return` inside the loops?": y
        * ~first_row
        * ~first_col,
        "Rows and columns of the result are swapped: the first index counts rows.": y.T,
        "The right values, but all in one row: the output has rows and columns.": y.ravel(),
    }


def _place_slips(y, image, applied, padding):
    """Return {where the windows lie instead, or what lies outside the image: the result}."""
    odd_side = [1 - size % 2 for size in applied.shape]
    results = {
        "The right values in reverse order along both axes: is the image turned round, or are "
        "image and kernel swapped?": y[::-1, ::-1],
        "The rows of the result are in reverse order.": y[::-1],
        "The columns of the result are in reverse order.": y[:, ::-1],
        "Off by one: every window starts one row too late.": (1, 0),
        "Off by one: every window starts one row too early.": (-1, 0),
        "Off by one: every window starts one column too late.": (0, 1),
        "Off by one: every window starts one column too early.": (0, -1),
        "Off by one: every window starts one row and one column too late.": (1, 1),
        "Off by one: every window starts one row and one column too early.": (-1, -1),
    }
    results = {
        message: _sums(image, applied, padding, late=found) if isinstance(found, tuple) else found
        for message, found in results.items()
    }
    if padding == "same":
        results |= {
            "Right for odd kernels. Along an even side, a ghost cell is left over: SciPy puts it "
            "above and on the left, your function below and on the right (as TensorFlow does).": (
                _sums(image, applied, padding, late=odd_side)
            ),
            "Right where the kernel has an odd number of rows. Otherwise a ghost row is left over: "
            "SciPy puts it above, your function below.": (
                _sums(image, applied, padding, late=(odd_side[0], 0))
            ),
            "Right where the kernel has an odd number of columns. Otherwise a ghost column is left "
            "over: SciPy puts it on the left, your function on the right.": (
                _sums(image, applied, padding, late=(0, odd_side[1]))
            ),
        }
    if padding != "valid":
        for mode, outside in {
            "wrap": "the image again, from its other end",
            "edge": "its outermost cells, again and again",
            "symmetric": "its mirror image",
            "reflect": "its mirror image, without the outermost cells",
        }.items():
            results[
                f"Outside the image your function sees {outside}. There is nothing, which counts "
                "as 0."
            ] = _sums(image, applied, padding, mode=mode)
    return results


def _sum_slips(y, products):
    """Return {what was done to the products of a window in place of adding them: the result}."""
    return {
        "Only the last product of each sum is left: add with += in place of =.": (
            products[:, :, -1, -1]
        ),
        "Only the first product of each sum is there: do the inner loops end too soon?": (
            products[:, :, 0, 0]
        ),
        "Only the last row of the kernel is in the sum: it starts anew with each row. Set it to 0 "
        "before the loop over the rows.": products[:, :, -1].sum(axis=-1),
        "Only the first row of the kernel is in the sum: does a loop end too soon?": (
            products[:, :, 0].sum(axis=-1)
        ),
        "Only the first column of the kernel is in the sum: does a loop end too soon?": (
            products[:, :, :, 0].sum(axis=-1)
        ),
        "Only the products on the diagonal of each window are added: rows and columns need a loop "
        "each, one inside the other.": np.trace(products, axis1=2, axis2=3),
        "Each sum is still a row: Python's sum() adds up the rows of a window, and leaves their "
        "columns. np.sum() adds up all cells.": products.sum(axis=2),
        "These are means: the sums are divided by the number of cells in the kernel.": (
            y / products[0, 0].size
        ),
        "These are the products, not yet added up.": products,
        "All signs are turned as well: do not change the kernel's numbers.": -y,
    }


def _full_slips(image, kernel, flips):
    """Return the slips that are only possible where the kernel slides out of the image."""
    (rows, cols), (height, width) = kernel.shape, image.shape
    fits = _fits(image, kernel)
    ring = np.pad(image, ((rows - 1, 0), (cols - 1, 0)), "wrap") if fits else None
    outside = "Outside the image is nothing, which counts as 0."
    applied = kernel[::-1, ::-1] if flips else kernel
    results = {
        f"This is circular: before the first row and column, your function goes on at the last. "
        f"{outside}": _sums(ring, applied, "valid") if fits else None,
        f"This wraps around at the start: in Python, image[-1] is the last row. {outside}": (
            _sums(np.pad(ring, ((0, rows - 1), (0, cols - 1))), applied, "valid") if fits else None
        ),
    }
    if flips:
        spread = np.zeros((height + rows - 1, width + cols - 1))
        for row, col in np.ndindex(height, width):
            spread[row : row + rows, col : col + cols] = image[row, col] * kernel
        results["Only the last product for each cell is left: add with += in place of =."] = spread
        as_ever = np.arange(height)[:, None] < height - 1, np.arange(width) < width - 1
        results |= {
            "Every stamp is equally dark: multiply the kernel by the pixel it belongs to.": (
                _stamp_all_alike(image, kernel)
            ),
            "The stamps of the last row and column are missing: the loops end one too soon.": (
                _sums(image * as_ever[0] * as_ever[1], applied, "full")
            ),
            "Pixel and kernel are added: multiply them.": (
                _stamp_all_alike(image, kernel) + _sums(image, np.ones(kernel.shape), "full")
            ),
        }
    return results


def _as_scipy_centres(correlate2d, image, kernel, padding):
    """Return what `correlate2d` calls "same", which it centres as `convolve2d` does not."""
    if padding == "same":
        return {}
    return {
        'These are the values of "same", as correlate2d centres them: as many rows and columns as '
        f"the image has. Asked for are {SIZES[padding]}.": correlate2d(image, kernel, "same")
    }


def _stamp_all_alike(image, kernel):
    """Return the full convolution of the kernel with an image of ones."""
    return _sums(np.ones(image.shape), kernel[::-1, ::-1], "full")


def _images_and_kernels(*, larger_kernels, number=40):
    """Return so many {"image": ..., "kernel": ...}, small cases first."""
    pairs = [
        ([[2]], [[3]]),
        ([[1]], [[1, 2], [3, 4]]),
        ([[1, 2], [3, 4]], [[5]]),
        ([[1, 2], [3, 5]], [[1, 2]]),
        ([[1, 2], [3, 5]], [[1], [2]]),
        ([[1, 2, 3], [4, 5, 6], [7, 8, 9]], [[1, 2], [3, 4]]),
        ([[1, 2, 3, 4], [5, 6, 7, 8], [9, 1, 2, 3]], [[1, 2, 1], [2, 4, 2], [1, 2, 1]]),
        ([[1, 2, 3], [4, 5, 6], [7, 8, 9]], [[1, 2, 3], [4, 5, 6], [7, 8, 9]]),
    ]
    rng = np.random.default_rng(4)
    for count in range(4 * number):
        image = rng.choice([-2, -1, 1, 2, 3, 5], rng.integers(1, 7, 2))
        kernel = rng.choice([-2, -1, 1, 2, 3], rng.integers(1, 5, 2))
        # Some images have fractions, and some kernels do not change when they are turned.
        symmetric = count % 5 == 0
        pairs.append(
            (image / 2 if count % 4 == 0 else image, kernel + symmetric * kernel[::-1, ::-1])
        )
    cases = [{"image": np.array(image), "kernel": np.array(kernel)} for image, kernel in pairs]
    fitting = [case for case in cases if larger_kernels or _fits(**case)]
    return sorted(fitting[:number], key=lambda case: case["image"].size + case["kernel"].size)


def convolve2d(function, *, padding="full"):
    """Check a function of (image, kernel) against `scipy.signal`, and print what comes out.

    Parameters
    ----------
    function : callable
        Takes two 2-D arrays and returns their convolution, as an array or as lists.
    padding : "full" or "same" or "valid"
        Which positions the exercise asks for.

    Examples
    --------
    >>> from scipy import signal
    >>> convolve2d(lambda image, kernel: signal.correlate2d(image, kernel[::-1]))
    ... # doctest: +ELLIPSIS
    ✗ The kernel was flipped up and down only: a flip goes along both axes,
    kernel[::-1,::-1].
        image    = [[1]]
        kernel   = [[1, 2], [3, 4]]
        expected = [[1, 2], [3, 4]]
        got      = [[2, 1], [4, 3]]
    ... of 40 cases agree with scipy.signal.convolve(..., "full").
    """
    tell(diagnose(function, sliding2d_exercise(flips=True, padding=padding)))


def cross_correlate2d(function, *, padding="valid"):
    """Check a function of (image, kernel) against `scipy.signal`, and print what comes out.

    Parameters
    ----------
    function, padding
        As in `convolve2d`, without the flip.

    Examples
    --------
    >>> from scipy import signal
    >>> cross_correlate2d(lambda image, kernel: signal.correlate2d(image, kernel, "valid"))
    ✓ 40 of 40 cases agree with scipy.signal.correlate(..., "valid").
    """
    tell(diagnose(function, sliding2d_exercise(flips=False, padding=padding)))
