"""Where a kernel can lie: how it is flipped, which ghost cells surround the input, and how many
positions that leaves. Whatever slides a kernel in this book, along one axis or two, asks here.
"""

from dataclasses import dataclass

import numpy as np

from helpers.arguments import (
    MODES,
    SIGNAL_PADDING,
    as_count,
    as_counts,
    as_numbers,
    as_pairs,
    explain_misfit,
    ghost_cells,
)
from helpers.limits import refuse_size, refuse_turns, told


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
        raise ValueError(f"mode={told(mode)} is unknown: use one of {', '.join(MODES)}")
    sizes = [b + n + a for n, (b, a) in zip(array.shape, ghosts, strict=True)]
    refuse_size(f"padding={told(padding)}", sizes, array.dtype)

    if mode == "zeros":
        padded = np.zeros(sizes, array.dtype)
        axes = zip(array.shape, ghosts, strict=True)
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
    sizes = as_count("input_size", input_size), as_count("kernel_size", kernel_size)
    positions = find_positions(sizes[:1], sizes[1:], padding, stride, dilation)
    return positions.sizes[0]


@dataclass(frozen=True)
class Positions:
    """Where a kernel lies on its padded input. Each list has one entry per axis."""

    ghosts: list[tuple[int, int]]  # cells added before and after
    sizes: list[int]  # how many positions there are
    strides: list[int]  # cells between one position and the next
    dilations: list[int]  # cells between one kernel cell and the next
    spans: list[int]  # cells from the first to the last one under the kernel

    def under(self, cell):
        """Return slices that pick, at all positions at once, what lies under one kernel cell."""
        per_axis = zip(cell, self.sizes, self.strides, self.dilations, strict=True)
        return tuple(slice(d * k, d * k + s * size, s) for k, size, s, d in per_axis)

    def starts(self, index):
        """Return the first cell under the kernel at one position."""
        return tuple(s * i for s, i in zip(self.strides, index, strict=True))

    def window(self, index):
        """Return slices that pick what lies under the whole kernel at one position."""
        per_axis = zip(self.starts(index), self.spans, self.dilations, strict=True)
        return tuple(slice(start, start + span, d) for start, span, d in per_axis)

    def refuse_long_trace(self):
        """Raise ValueError if there are more positions than anybody can look at."""
        refuse_turns("a trace of output size", self.sizes)

    def ignored(self, padded):
        """Return how many cells at the end of each axis the stride never reaches."""
        last = self.starts(size - 1 for size in self.sizes)
        ends = zip(padded.shape, last, self.spans, strict=True)
        return tuple(cells - start - span for cells, start, span in ends)


def find_positions(
    input_shape, kernel_shape, padding, stride, dilation, rules=SIGNAL_PADDING, sliding="kernel"
):
    """Return the `Positions` of a kernel, or raise what `output_size` raises.

    `rules` says what the names of paddings mean, and `sliding` what to call the kernel.
    """
    axes = len(input_shape)
    strides = as_counts("stride", stride, axes)
    dilations = as_counts("dilation", dilation, axes)
    spans = [d * (k - 1) + 1 for k, d in zip(kernel_shape, dilations, strict=True)]
    ghosts = ghost_cells(padding, input_shape, spans, strides, rules)

    sizes = []
    for axis, (before, after) in enumerate(ghosts):
        room = before + input_shape[axis] + after - spans[axis]
        if room < 0:
            where = "" if axes == 1 else f"along the {('rows', 'columns')[axis]}: "
            sentence = explain_misfit(
                input_shape[axis], kernel_shape[axis], before, after, dilations[axis], sliding
            )
            raise ValueError(where + sentence)
        sizes.append(room // strides[axis] + 1)
    return Positions(ghosts, sizes, strides, dilations, spans)
