"""Convolution from scratch: slide a kernel over a signal, multiply cell by cell, add up.

Cross-correlation does exactly that. Convolution flips the kernel first, and that is the whole
difference; deep-learning frameworks leave the flip out and say "convolution" all the same.
Around the edges, ghost cells (padding) decide how many positions the kernel has. How arguments
are read, and refused if they make no sense, is in `helpers.arguments`.
"""

from dataclasses import dataclass

import numpy as np

from helpers.arguments import (
    MODES,
    as_count,
    as_counts,
    as_numbers,
    as_pairs,
    explain_misfit,
    ghost_cells,
    span_of,
    type_of_sums,
)


def flip(kernel):
    """Return the kernel in reverse order along every axis.

    Parameters
    ----------
    kernel : array_like of numbers
        One axis or more. A 2-D kernel is turned by 180°.

    Returns
    -------
    ndarray of the same shape and type
        A copy: the input keeps its order.

    Raises
    ------
    TypeError, ValueError
        If `kernel` does not hold real numbers, is empty, is ragged or has no axis.

    Examples
    --------
    >>> flip([1, -1, 2])
    array([ 2, -1,  1])
    """
    kernel = as_numbers("kernel", kernel)
    backwards = (slice(None, None, -1),) * kernel.ndim
    return kernel[backwards].copy()


def pad(array, padding, *, mode="zeros"):
    """Return the array with ghost cells added around it.

    Parameters
    ----------
    array : array_like of numbers
        One axis or more.
    padding : int or (before, after) or ((before, after), ...)
        How many cells to add on each side of every axis; or on each side of the only axis;
        or on each side of each axis in turn. Any amount, also more than the array has.
    mode : str
        What the ghost cells hold. For the array 1 2 3 and three cells on each side:

        ============= ======================= ======================================
        ``zeros``     0 0 0 | 1 2 3 | 0 0 0   nothing
        ``reflect``   2 3 2 | 1 2 3 | 2 1 2   a mirror on the outermost cell
        ``symmetric`` 3 2 1 | 1 2 3 | 3 2 1   a mirror beyond the outermost cell
        ``edge``      1 1 1 | 1 2 3 | 3 3 3   the outermost cell, again and again
        ``wrap``      1 2 3 | 1 2 3 | 1 2 3   the array, again and again
        ============= ======================= ======================================

        These are NumPy's names, but for ``zeros``, which NumPy calls "constant". Beware: SciPy's
        image filters say "reflect" for what is ``symmetric`` here.

    Returns
    -------
    ndarray of the same type
        A copy, with `before + after` more cells along each axis.

    Raises
    ------
    TypeError, ValueError
        If `array` does not hold real numbers, is empty, is ragged or has no axis; if `padding`
        is negative, not whole or does not match the axes; if `mode` is unknown.

    Examples
    --------
    >>> pad([1, 2, 3], (1, 2), mode="edge")
    array([1, 1, 2, 3, 3, 3])
    """
    array = as_numbers("array", array)
    ghosts = as_pairs(padding, array.ndim)
    if not isinstance(mode, str) or mode not in MODES:
        raise ValueError(f"mode={mode!r} is unknown: use one of {', '.join(MODES)}")

    if mode == "zeros":
        axes = list(zip(array.shape, ghosts, strict=True))
        padded = np.zeros([before + size + after for size, (before, after) in axes], array.dtype)
        inside = tuple(slice(before, before + size) for size, (before, _) in axes)
        padded[inside] = array
        return padded

    for axis, (before, after) in enumerate(ghosts):
        size = array.shape[axis]
        array = array.take(_source_cells(np.arange(-before, size + after), size, mode), axis)
    return array


def _source_cells(position, size, mode):
    """Return which cell of the array fills each position, counted from the array's first cell."""
    if mode == "edge":
        return np.clip(position, 0, size - 1)
    if mode == "wrap":
        return position % size
    # A mirror repeats there and back: `phase` runs along that period, and folds at its middle.
    if mode == "symmetric":
        phase = position % (2 * size)
        return np.minimum(phase, 2 * size - 1 - phase)
    period = max(2 * size - 2, 1)
    phase = position % period
    return np.minimum(phase, period - phase)


def output_size(input_size, kernel_size, *, stride=1, padding=0, dilation=1) -> int:
    """Return at how many positions a kernel fits along one axis.

    With i input cells, k kernel cells, stride s, p ghost cells on each side and dilation d,
    that is ⌊(i + 2p − d(k − 1) − 1) / s⌋ + 1. The kernel spans d(k − 1) + 1 cells; what is left
    of the input lets it move on, one stride at a time, and the 1 is the position it starts at.

    Parameters
    ----------
    input_size, kernel_size : int
        Numbers of cells, at least 1.
    stride : int
        Cells between one position and the next, at least 1.
    padding : int or (before, after) or "full" or "same" or "valid"
        Ghost cells on each side; see `convolve1d` for the three names.
    dilation : int
        Distance between neighbouring kernel cells on the input. 1 is dense.

    Returns
    -------
    int
        At least 1.

    Raises
    ------
    TypeError, ValueError
        If a number is not whole or too small, if `padding` is unknown, or if the kernel does not
        fit even once. The message says what would fit.

    References
    ----------
    V. Dumoulin and F. Visin: A guide to convolution arithmetic for deep learning, 2016,
    arXiv:1603.07285, where every formula comes with a picture.

    Examples
    --------
    >>> output_size(5, 3), output_size(5, 3, padding="full"), output_size(227, 11, stride=4)
    (3, 7, 55)
    """
    input_size = as_count("input_size", input_size)
    kernel_size = as_count("kernel_size", kernel_size)
    (stride,) = as_counts("stride", stride, axes=1)
    (dilation,) = as_counts("dilation", dilation, axes=1)
    span = span_of(kernel_size, dilation)
    ((before, after),) = ghost_cells(padding, [span])

    room = before + input_size + after - span
    if room < 0:
        raise ValueError(explain_misfit(input_size, kernel_size, before, after, dilation))
    return room // stride + 1


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
    padded, kernel, _, (size,), (stride,), (dilation,) = _lay_out(
        "signal", signal, kernel, 1, padding, stride, dilation, mode
    )
    output = np.zeros(size, padded.dtype)
    # One kernel cell at a time for all positions at once: as many passes as the kernel has cells.
    for k, weight in enumerate(kernel):
        first = dilation * k
        output += weight * padded[first : first + stride * size : stride]
    return output


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
        Its `output` equals what `convolve1d` or `cross_correlate1d` returns, to the last digit.

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
    padded, kernel, ((before, after),), (size,), (stride,), (dilation,) = _lay_out(
        "signal", signal, kernel, 1, padding, stride, dilation, mode
    )
    kernel = kernel[::-1].copy() if flip else kernel
    span = span_of(kernel.size, dilation)

    steps = []
    for index in range(size):
        start = stride * index
        window = padded[start : start + span : dilation]
        products = window * kernel
        # Added from left to right, as `cross_correlate1d` adds them; `np.sum` may group otherwise.
        total = np.add.accumulate(products)[-1]
        steps.append(Step1d(index, start, window, products, total))
    ignored = padded.size - (steps[-1].start + span)
    return Trace1d(before, after, padded, kernel, tuple(steps), ignored)


def _lay_out(name, array, kernel, axes, padding, stride, dilation, mode):
    """Return the padded array and the kernel, in one type, with whole numbers for every axis.

    These are the ghost cells (before, after), the output sizes, the strides and the dilations.
    """
    array, kernel = as_numbers(name, array, axes), as_numbers("kernel", kernel, axes)
    dtype = type_of_sums(array, kernel)
    strides = as_counts("stride", stride, axes)
    dilations = as_counts("dilation", dilation, axes)
    spans = [span_of(k, d) for k, d in zip(kernel.shape, dilations, strict=True)]
    ghosts = ghost_cells(padding, spans)
    per_axis = zip(array.shape, kernel.shape, strides, ghosts, dilations, strict=True)
    sizes = [output_size(i, k, stride=s, padding=p, dilation=d) for i, k, s, p, d in per_axis]
    padded = pad(array.astype(dtype, copy=False), ghosts, mode=mode)
    return padded, kernel.astype(dtype), ghosts, sizes, strides, dilations
