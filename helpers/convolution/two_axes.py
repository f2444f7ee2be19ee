"""Convolution along two axes, from scratch: lay a kernel on an image, multiply, add up, move on.

It is the arithmetic of one axis with one index more. The flip now goes along both axes, so that the
kernel is turned by 180°, and whatever counts cells (padding, stride, dilation) may differ between
the rows and the columns.
"""

from dataclasses import dataclass

import numpy as np

from helpers.arguments import as_flag, as_operands
from helpers.convolution.positions import find_positions, flip, pad

# Rows that are worked on at a time.
_STRIP = 64


def convolve2d(image, kernel, *, padding="full", stride=1, dilation=1, mode="zeros"):
    """Return the convolution: the kernel, turned by 180°, slid over the image.

    Without padding, y[r, c] = Σᵢ Σⱼ x[s·r + d·i, s·c + d·j] · w[K_h − 1 − i, K_w − 1 − j] for an
    image x, a kernel w, stride s and dilation d. Padding puts ghost cells around x first.

    Parameters
    ----------
    image : array_like of shape (H, W)
        Real numbers, one channel: a grey photograph, or one colour of another. NaN and infinity
        are calculated with as NumPy does, in ghost cells too.
    kernel : array_like of shape (K_h, K_w)
        Real numbers.
    padding : "full" or "same" or "valid" or int or ((above, below), (left, right))
        ``"full"``: every position at which kernel and image touch,
        (H + K_h − 1) × (W + K_w − 1) outputs.
        ``"same"``: as many outputs as the image has cells; if the ghost cells cannot be shared out
        evenly, the one too many goes above and to the left, as in `scipy.signal.convolve`
        (TensorFlow: below and to the right).
        ``"valid"``: only positions wholly inside, (H − K_h + 1) × (W − K_w + 1) outputs.
        Or the number of ghost cells: on every side, or on each. The sizes are for stride 1 and
        dilation 1; `output_size` tells the others, for one axis at a time.
    stride : int or (down, across)
        Cells between one position and the next. Rows at the bottom and columns on the right that
        no position reaches are ignored.
    dilation : int or (down, across)
        Distance between neighbouring kernel cells on the image. 1 is dense.
    mode : "zeros" or "reflect" or "symmetric" or "edge" or "wrap"
        What the ghost cells hold, see `pad`.

    Returns
    -------
    ndarray of shape (H_out, W_out)
        Integers (and booleans, as 0 and 1) give int64, so that the sums of an 8-bit photograph do
        not overflow. Otherwise the type is NumPy's usual one: float32 stays float32.

    Raises
    ------
    TypeError, ValueError
        If image or kernel is empty, ragged, not 2-D or not made of real numbers; if the kernel does
        not fit; if an option is unknown, not whole or too small.

    References
    ----------
    chapters/03-convolution-2d.md

    Examples
    --------
    A single 1 leaves a copy of the kernel, which is what the turn is for.

    >>> convolve2d([[0, 1]], [[1, 2, 3], [4, 5, 6]])
    array([[0, 1, 2, 3],
           [0, 4, 5, 6]])
    """
    return cross_correlate2d(
        image, flip(kernel), padding=padding, stride=stride, dilation=dilation, mode=mode
    )


def cross_correlate2d(image, kernel, *, padding="valid", stride=1, dilation=1, mode="zeros"):
    """Return the cross-correlation: the kernel slid over the image as it is, not turned.

    Without padding, y[r, c] = Σᵢ Σⱼ x[s·r + d·i, s·c + d·j] · w[i, j] for an image x, a kernel w,
    stride s and dilation d. This is what deep-learning frameworks call "convolution".

    Parameters
    ----------
    image, kernel, padding, stride, dilation, mode
        As in `convolve2d`; only the default of `padding` differs. ``"same"`` agrees with
        `scipy.signal.correlate` and `scipy.ndimage.correlate`; for even kernels
        `scipy.signal.correlate2d` puts the odd ghost cell on the other side.

    Returns
    -------
    ndarray of shape (H_out, W_out)
        With the type that `convolve2d` describes.

    Raises
    ------
    TypeError, ValueError
        As in `convolve2d`.

    References
    ----------
    chapters/03-convolution-2d.md

    Examples
    --------
    >>> cross_correlate2d([[1, 2, 3, 4, 5]] * 5, [[1, 1, 1]] * 3)
    array([[18, 27, 36],
           [18, 27, 36],
           [18, 27, 36]])
    """
    image, kernel = as_operands("image", image, kernel, axes=2)
    positions = find_positions(image.shape, kernel.shape, padding, stride, dilation)
    padded = pad(image, positions.ghosts, mode=mode)
    output = np.zeros(positions.sizes, padded.dtype)
    passes = [(padded[positions.under(cell)], weight) for cell, weight in np.ndenumerate(kernel)]
    # One kernel cell at a time for all positions at once: as many passes as the kernel has cells.
    # Not for the whole image, though: a strip of it stays in the processor's cache meanwhile.
    products = np.empty_like(output[:_STRIP])
    for top in range(0, len(output), _STRIP):
        strip = output[top : top + _STRIP]
        room = products[: len(strip)]
        for under, weight in passes:
            np.multiply(under[top : top + _STRIP], weight, out=room)
            strip += room
    return output


@dataclass(frozen=True, eq=False)
class Step2d:
    """One position of the kernel, and what happens there."""

    row: int  # which output cell this step fills
    col: int
    start_row: int  # the upper left cell of the window, counted in the padded image
    start_col: int
    window: np.ndarray  # (K_h, K_w) the cells under the kernel
    products: np.ndarray  # (K_h, K_w) window times kernel, cell by cell
    sum: np.number  # the products added up: the output


@dataclass(frozen=True, eq=False)
class Trace2d:
    """A whole convolution or cross-correlation, step by step."""

    before: tuple[int, int]  # ghost cells (above, on the left)
    after: tuple[int, int]  # ghost cells (below, on the right)
    padded: np.ndarray  # the image with its ghost cells
    kernel: np.ndarray  # (K_h, K_w) as it is laid on the image, so already turned for a convolution
    steps: tuple[Step2d, ...]  # row by row, each from left to right
    output_shape: tuple[int, int]
    ignored: tuple[int, int]  # (rows, columns) at the end of `padded` that the stride never reaches

    @property
    def output(self):
        """The sums of all steps, as an ndarray of shape `output_shape`."""
        return np.array([step.sum for step in self.steps]).reshape(self.output_shape)


def trace2d(image, kernel, *, flip=True, padding="full", stride=1, dilation=1, mode="zeros"):
    """Return every step of a convolution (or of a cross-correlation) with its arithmetic.

    Parameters
    ----------
    image, kernel, padding, stride, dilation, mode
        As in `convolve2d`.
    flip : bool
        True for convolution, False for cross-correlation.

    Returns
    -------
    Trace2d
        Its `output` equals what `convolve2d` or `cross_correlate2d` returns, to the last digit.

    Raises
    ------
    TypeError, ValueError
        As in `convolve2d`.

    References
    ----------
    chapters/03-convolution-2d.md

    Examples
    --------
    >>> trace = trace2d([[1, 2, 3], [4, 5, 6]], [[0, 1], [2, 3]], padding="valid")
    >>> trace.kernel
    array([[3, 2],
           [1, 0]])
    >>> for step in trace.steps:
    ...     print((step.row, step.col), step.products.tolist(), "->", step.sum)
    (0, 0) [[3, 4], [4, 0]] -> 11
    (0, 1) [[6, 6], [5, 0]] -> 17
    """
    image, kernel = as_operands("image", image, kernel, axes=2)
    positions = find_positions(image.shape, kernel.shape, padding, stride, dilation)
    positions.refuse_long_trace()
    padded = pad(image, positions.ghosts, mode=mode)
    kernel = kernel[::-1, ::-1].copy() if as_flag("flip", flip) else kernel.copy()

    steps = []
    for row, col in np.ndindex(*positions.sizes):
        start_row, start_col = positions.starts([row, col])
        window = padded[positions.window([row, col])]
        products = window * kernel
        # Added one after the other, as `cross_correlate2d` adds them; `np.sum` may group otherwise.
        total = np.add.accumulate(products.ravel())[-1]
        steps.append(Step2d(row, col, start_row, start_col, window, products, total))
    (above, below), (left, right) = positions.ghosts
    return Trace2d(
        before=(above, left),
        after=(below, right),
        padded=padded,
        kernel=kernel,
        steps=tuple(steps),
        output_shape=tuple(positions.sizes),
        ignored=positions.ignored(padded),
    )
