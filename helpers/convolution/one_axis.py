"""Convolution along one axis, from scratch: slide a kernel over a signal, multiply cell by cell,
add up. Cross-correlation does exactly that. Convolution flips the kernel first, and that is the
whole difference; deep-learning frameworks leave the flip out and say "convolution" all the same.
"""

from dataclasses import dataclass

import numpy as np
from numpy.lib.stride_tricks import sliding_window_view

from helpers.arguments import as_flag, as_operands
from helpers.convolution.positions import find_positions, flip, pad

# From so many cells on, a kernel is long: one dot product for each position is faster.
_LONG = 16

# Neighbouring outputs that are computed together, and from how many cells on that pays.
_BLOCK = 32
_MANY = 4096

# Multiplications in one product of matrices: beyond these, NumPy's library would share them out to
# threads, which on a busy machine wait for each other far longer than they work.
_ONE_THREAD = 200_000


def convolve1d(signal, kernel, *, padding="full", stride=1, dilation=1, mode="zeros"):
    """Return the convolution: the flipped kernel slid over the signal.

    Without padding, y[i] = Σₖ x[s·i + d·k] · w[K − 1 − k] for a signal x, a kernel w of K cells,
    stride s and dilation d. Padding puts ghost cells around x first.

    Parameters
    ----------
    signal : array_like of shape (N,)
        Real numbers. NaN and infinity are calculated with as NumPy does, in ghost cells too: a
        ghost 0 under an infinite kernel cell gives NaN, where `numpy.convolve` skips the ghosts.
    kernel : array_like of shape (K,)
        Real numbers.
    padding : "full" or "same" or "valid" or int or (before, after)
        ``"full"``: every position at which kernel and signal touch, N + K − 1 outputs.
        ``"same"``: as many outputs as the signal has cells; if the ghost cells cannot be shared
        out evenly, the one too many goes before, as in NumPy and SciPy (TensorFlow: after).
        ``"valid"``: only positions wholly inside, N − K + 1 outputs.
        Or the number of ghost cells, on each side or before and after. The sizes are for
        stride 1 and dilation 1; `output_size` tells the others.
    stride : int
        Cells between one position and the next. Cells at the end that no position reaches
        are ignored.
    dilation : int
        Distance between neighbouring kernel cells on the signal. 1 is dense.
    mode : "zeros" or "reflect" or "symmetric" or "edge" or "wrap"
        What the ghost cells hold, see `pad`.

    Returns
    -------
    ndarray of shape (output_size(N, K, ...),)
        Integers (and booleans, as 0 and 1) give int64, so that the sums of an 8-bit sound do not
        overflow. Otherwise the type is NumPy's usual one: float32 stays float32.

    Raises
    ------
    TypeError, ValueError
        If signal or kernel is empty, not 1-D or not made of real numbers; if the kernel does not
        fit; if an option is unknown, not whole or too small.

    References
    ----------
    chapters/01-convolution-1d.md

    Examples
    --------
    >>> convolve1d([0, 1, 2, 3, 4], [1, -1, 2])
    array([0, 1, 1, 3, 5, 2, 8])
    """
    return cross_correlate1d(
        signal, flip(kernel), padding=padding, stride=stride, dilation=dilation, mode=mode
    )


def cross_correlate1d(signal, kernel, *, padding="valid", stride=1, dilation=1, mode="zeros"):
    """Return the cross-correlation: the kernel slid over the signal as it is, not flipped.

    Without padding, y[i] = Σₖ x[s·i + d·k] · w[k] for a signal x, a kernel w, stride s and
    dilation d. This is what deep-learning frameworks call "convolution".

    Parameters
    ----------
    signal, kernel, padding, stride, dilation, mode
        As in `convolve1d`; only the default of `padding` differs, as it does in NumPy.

    Returns
    -------
    ndarray of shape (output_size(N, K, ...),)
        With the type that `convolve1d` describes.

    Raises
    ------
    TypeError, ValueError
        As in `convolve1d`.

    References
    ----------
    chapters/01-convolution-1d.md

    Examples
    --------
    >>> cross_correlate1d([0, 1, 2, 3, 4], [1, -1, 2])
    array([3, 5, 7])
    """
    signal, kernel = as_operands("signal", signal, kernel, axes=1)
    positions = find_positions(signal.shape, kernel.shape, padding, stride, dilation)
    if len(kernel) >= _LONG and positions.strides == positions.dilations == [1]:
        return _dot_products(signal, kernel, *positions.ghosts, mode)
    padded = pad(signal, positions.ghosts, mode=mode)
    output = np.zeros(positions.sizes, padded.dtype)
    # One kernel cell at a time for all positions at once: as many passes as the kernel has cells.
    for k, weight in enumerate(kernel):
        output += weight * padded[positions.under([k])]
    return output


def _dot_products(signal, kernel, ghosts, mode):
    """Return the dot product of kernel and window at every position, in NumPy's own loops.

    This is what is added here to the chapter's version. Where ghost cells hold zeros and no kernel
    cell is infinite, they add nothing: then NumPy may leave them out, and nothing is copied.
    """
    is_finite = np.isfinite(kernel).all()
    outputs = len(signal) + sum(ghosts) - len(kernel) + 1
    if is_finite and outputs >= _MANY and _can_be_in_blocks(signal, kernel):
        return _in_blocks(pad(signal, [ghosts], mode=mode), kernel)
    reach = len(kernel) - 1
    if mode == "zeros" and max(ghosts) <= reach and is_finite:
        sums = np.correlate(signal, kernel, mode="full")
        return sums[reach - ghosts[0] : len(sums) - reach + ghosts[1]]
    return np.correlate(pad(signal, [ghosts], mode=mode), kernel, mode="valid")


def _can_be_in_blocks(signal, kernel):
    """Tell whether zeros beside the kernel add nothing, and whether the library is quick at it."""
    fits = (len(kernel) + _BLOCK - 1) * _BLOCK <= _ONE_THREAD
    return fits and signal.dtype in (np.float32, np.float64) and np.isfinite(signal).all()


def _in_blocks(padded, kernel):
    """Return the dot products as products of matrices, many blocks of neighbouring outputs at once.

    Each row of `windows` holds the cells that one block of outputs needs. Each column of `shifted`
    holds the kernel, one cell lower than in the column before, with zeros around it. The outputs
    take the place of cells that no later window needs: fresh memory would cost as much again.
    """
    count = len(padded) - len(kernel) + 1
    shifted = np.zeros((len(kernel) + _BLOCK - 1, _BLOCK), kernel.dtype)
    for column in range(_BLOCK):
        shifted[column : column + len(kernel), column] = kernel
    windows = sliding_window_view(padded, len(shifted))[::_BLOCK]
    strip = _ONE_THREAD // shifted.size
    for first in range(0, len(windows), strip):
        outputs = (windows[first : first + strip] @ shifted).ravel()
        padded[first * _BLOCK :][: len(outputs)] = outputs
    done = len(windows) * _BLOCK
    if done < count:
        padded[done:count] = np.correlate(padded[done:], kernel, mode="valid")
    return padded[:count]


@dataclass(frozen=True, eq=False)
class Step1d:
    """One position of the kernel, and what happens there."""

    index: int  # which output cell this step fills
    start: int  # the first cell of the window, counted in the padded signal
    window: np.ndarray  # (K,) the cells under the kernel
    products: np.ndarray  # (K,) window times kernel, cell by cell
    sum: np.number  # the products added up: the output


@dataclass(frozen=True, eq=False)
class Trace1d:
    """A whole convolution or cross-correlation, step by step."""

    before: int  # ghost cells in front of the signal
    after: int  # ghost cells behind it
    padded: np.ndarray  # (before + N + after,)
    kernel: np.ndarray  # (K,) as it is laid on the signal, so already flipped for a convolution
    steps: tuple[Step1d, ...]
    ignored: int  # cells at the end of `padded` that the stride never reaches

    @property
    def output(self):
        """The sums of all steps, as an ndarray of shape (len(steps),)."""
        return np.array([step.sum for step in self.steps])


def trace1d(signal, kernel, *, flip=True, padding="full", stride=1, dilation=1, mode="zeros"):
    """Return every step of a convolution (or of a cross-correlation) with its arithmetic.

    Parameters
    ----------
    signal, kernel, padding, stride, dilation, mode
        As in `convolve1d`.
    flip : bool
        True for convolution, False for cross-correlation.

    Returns
    -------
    Trace1d
        Its `output` equals what `convolve1d` or `cross_correlate1d` returns: to the last digit for
        kernels of up to 15 cells, and to rounding for longer ones, whose products those two add in
        the order that is fastest.

    Raises
    ------
    TypeError, ValueError
        As in `convolve1d`.

    References
    ----------
    chapters/01-convolution-1d.md

    Examples
    --------
    >>> trace = trace1d([0, 1, 2, 3, 4], [1, -1, 2], padding="valid")
    >>> for step in trace.steps:
    ...     print(step.window, "*", trace.kernel, "=", step.products, "->", step.sum)
    [0 1 2] * [ 2 -1  1] = [ 0 -1  2] -> 1
    [1 2 3] * [ 2 -1  1] = [ 2 -2  3] -> 3
    [2 3 4] * [ 2 -1  1] = [ 4 -3  4] -> 5
    """
    signal, kernel = as_operands("signal", signal, kernel, axes=1)
    positions = find_positions(signal.shape, kernel.shape, padding, stride, dilation)
    positions.refuse_long_trace()
    padded = pad(signal, positions.ghosts, mode=mode)
    kernel = kernel[::-1].copy() if as_flag("flip", flip) else kernel.copy()

    steps = []
    for index in range(*positions.sizes):
        (start,) = positions.starts([index])
        window = padded[positions.window([index])]
        products = window * kernel
        # Added from left to right, as `cross_correlate1d` adds them; `np.sum` may group otherwise.
        total = np.add.accumulate(products)[-1]
        steps.append(Step1d(index, start, window, products, total))
    ((before, after),) = positions.ghosts
    (ignored,) = positions.ignored(padded)
    return Trace1d(before, after, padded, kernel, tuple(steps), ignored)
