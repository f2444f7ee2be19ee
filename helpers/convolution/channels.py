"""The layers of a convolutional network that slide something over images, and learn nothing here.

Images have several channels and come in batches, channels last as in TensorFlow. A convolution
layer holds several kernels, one for each channel of its output, and each spans all channels of its
input. Pooling keeps the channels apart. How a layer learns is in `helpers.layers`.
"""

import functools
import math

import numpy as np

from helpers.arguments import (
    SIGNAL_PADDING,
    as_counts,
    as_numbers,
    refuse_wrapping,
    type_of_sums,
)
from helpers.convolution.positions import find_positions, pad
from helpers.limits import refuse_size, refuse_turns, told

# What lies under a kernel at a strip of positions takes about so many bytes, which stay in the
# processor's cache from the copy to the matrix product.
_STRIP_BYTES = 2**21

# Fewer numbers than this beside each other are not worth a loop of their own.
_SHORT = 8


def _same_as_tensorflow(size, span, stride):
    """Return the fewest ghost cells for ⌈size / stride⌉ positions; the one too many goes after."""
    positions = -(-size // stride)
    ghosts = max((positions - 1) * stride + span - size, 0)
    return ghosts // 2, ghosts - ghosts // 2


LAYER_PADDING = {**SIGNAL_PADDING, "same": _same_as_tensorflow}
POOL_PADDING = {"same": _same_as_tensorflow, "valid": SIGNAL_PADDING["valid"]}


def conv_layer(images, weights, bias=None, *, padding="valid", stride=1, dilation=1):
    """Return what a convolution layer computes: every kernel slid over every image, not flipped.

    Without padding, y[n, r, c, f] = b[f] + Σᵢ Σⱼ Σₖ x[n, s·r + d·i, s·c + d·j, k] · w[i, j, k, f]
    for images x, weights w, a bias b, stride s and dilation d. The sum over the input channels k
    makes one number of K_h·K_w·C_in products. It is cross-correlation, as in `tf.nn.conv2d`.

    Parameters
    ----------
    images : array_like of shape (N, H, W, C_in)
        Real numbers. ``image[None]`` makes a batch of one colour image, and
        ``image[None, :, :, None]`` of one grey image.
    weights : array_like of shape (K_h, K_w, C_in, C_out)
        C_out kernels, as `keras.layers.Conv2D` holds them.
    bias : array_like of shape (C_out,), optional
        What is added to each output channel. By default nothing.
    padding : "valid" or "same" or "full" or int or ((above, below), (left, right))
        ``"same"`` is TensorFlow's: the fewest zeros around the images that give ⌈H / stride⌉
        rows and ⌈W / stride⌉ columns, the one too many below and on the right. The rest is as in
        `cross_correlate2d`, whose ``"same"`` differs for even kernels and for strides.
    stride, dilation : int or (down, across)
        As in `cross_correlate2d`.

    Returns
    -------
    ndarray of shape (N, H_out, W_out, C_out)
        Integers give int64; otherwise the type is NumPy's usual one: float32 stays float32.

    Raises
    ------
    TypeError, ValueError
        If an array is empty, ragged, not made of real numbers or has the wrong number of axes; if
        the numbers of channels differ; if the kernels do not fit; if an option is unknown, not
        whole or too small.

    References
    ----------
    chapters/05-convolution-layer.md; V. Dumoulin and F. Visin: A guide to convolution arithmetic
    for deep learning, 2016, arXiv:1603.07285.

    Examples
    --------
    Ones under ones count the cells inside: 27 in the middle, 18 at an edge, 12 in a corner.

    >>> output = conv_layer(np.ones((1, 5, 5, 3)), np.ones((3, 3, 3, 2)), stride=2, padding=1)
    >>> output.shape
    (1, 3, 3, 2)
    >>> output[0, :, :, 1]
    array([[12., 18., 12.],
           [18., 27., 18.],
           [12., 18., 12.]])
    """
    images, weights, bias = _as_layer(images, weights, bias)
    positions = find_positions(
        images.shape[1:3], weights.shape[:2], padding, stride, dilation, LAYER_PADDING
    )
    output = sum_of_products(pad_images(images, positions), weights, positions)
    return output if bias is None else output + bias


def strips(positions, images, row_bytes):
    """Yield slices of images and of rows of their output that are worked on at a time.

    One row of positions takes `row_bytes`: small images go several at a time, large ones in parts.
    """
    height = positions.sizes[0]
    rows = max(_STRIP_BYTES // row_bytes, 1)
    if rows >= height:
        few = rows // height
        for first in range(0, images, few):
            yield slice(first, first + few), slice(0, height)
        return
    for image in range(images):
        for top in range(0, height, rows):
            yield slice(image, image + 1), slice(top, min(top + rows, height))


def under_strip(positions, cell, rows):
    """Return slices of what lies under one kernel cell at a strip of positions: rows, columns."""
    down, across = positions.under(cell)
    stride = positions.strides[0]
    return slice(down.start + stride * rows.start, down.start + stride * rows.stop, stride), across


def as_columns(padded, positions):
    """Yield strips of images and rows, and copies of what lies under the kernel there.

    A copy has the shape (images, rows, W_out, K_h, K_w, C_in); reshaped, it is a matrix with one
    row for each position.
    """
    (stride_down, stride_across), (down, across) = positions.strides, positions.dilations
    windows = np.lib.stride_tricks.sliding_window_view(padded, positions.spans, axis=(1, 2))
    windows = windows[:, ::stride_down, ::stride_across, :, ::down, ::across]
    windows = np.moveaxis(windows, 3, -1)  # (N, H_out, W_out, K_h, K_w, C_in)
    row_bytes = padded.itemsize * math.prod(windows.shape[2:])
    for images, rows in strips(positions, len(padded), row_bytes):
        columns = np.empty_like(windows[images, rows], order="C")
        # The innermost loop of a copy runs along the last axes that lie together in memory. Where
        # these are short, a copy for each number of a window runs along the rows instead.
        cells = np.ndindex(windows.shape[3:]) if math.prod(windows.shape[4:]) < _SHORT else [()]
        for cell in cells:
            columns[..., *cell] = windows[images, rows, ..., *cell]
        yield images, rows, columns


def sum_of_products(padded, weights, positions):
    """Return the kernels slid over padded images, as a few matrix products.

    A kernel for a single channel holds a number in each cell, and one pass multiplies what lies
    under that cell at all positions by it. Here a cell holds a matrix of weights (C_in, C_out).
    With the cells of a window side by side in a row, and their weights below each other, a matrix
    product does all of it: strip by strip, since a row repeats what its neighbours hold too.
    """
    kernels = weights.shape[-1]
    stacked = weights.reshape(-1, kernels)  # (K_h·K_w·C_in, C_out)
    shape = (len(padded), *positions.sizes, kernels)
    refuse_turns("kernel_size", weights.shape[:2])
    refuse_size("the output of this layer", shape, padded.dtype)
    output = np.empty(shape, padded.dtype)
    for images, rows, columns in as_columns(padded, positions):
        strip = output[images, rows]
        strip[:] = (columns.reshape(-1, len(stacked)) @ stacked).reshape(strip.shape)
    return output


def _as_layer(images, weights, bias):
    """Return images, weights and bias (or None) in one type, with channels that fit."""
    images = as_numbers("images", images, 4, shape="(N, H, W, C_in)")
    weights = as_numbers("weights", weights, 4, shape="(K_h, K_w, C_in, C_out)")
    has, takes, kernels = images.shape[3], weights.shape[2], weights.shape[3]
    if has != takes:
        where = ""
        if images.shape[1] == takes:
            where = "; if the channels come first, move them: np.moveaxis(images, 1, -1)"
        elif weights.shape[1] == has:
            where = "; if the kernels come first, move them: weights.transpose(2, 3, 1, 0)"
        raise ValueError(
            f"images of shape {images.shape} have {has} channel{'' if has == 1 else 's'}, but "
            f"weights of shape {weights.shape} take {takes}: use as many{where}"
        )
    arrays = [images, weights]
    if bias is not None:
        arrays.append(as_numbers("bias", bias, 1, shape="(C_out,)"))
        if len(arrays[2]) != kernels:
            raise ValueError(
                f"bias of shape {arrays[2].shape} does not fit weights of shape {weights.shape}: "
                f"use one number for each of the {kernels} kernels"
            )
    dtype = type_of_sums(*arrays)
    refuse_wrapping(dtype, *arrays[:2])
    images, weights, *rest = (array.astype(dtype, copy=False) for array in arrays)
    return images, weights, (rest[0] if rest else None)


def max_pool2d(images, pool_size=2, *, stride=None, padding="valid"):
    """Return the largest value in each window of each channel.

    y[n, r, c, k] = maxᵢⱼ x[n, s·r + i, s·c + j, k]. Ghost cells never count.

    Parameters
    ----------
    images : array_like of shape (N, H, W, C)
        Real numbers. A window that holds NaN gives NaN.
    pool_size : int or (rows, cols)
        Cells of a window.
    stride : int or (down, across), optional
        Cells between one window and the next; by default `pool_size`, so that they do not overlap.
        Rows at the bottom and columns on the right that no window reaches are ignored.
    padding : "valid" or "same" or int or ((above, below), (left, right))
        ``"same"`` is TensorFlow's, see `conv_layer`. Numbers have to be smaller than the window:
        a window of ghost cells only would have no largest value.

    Returns
    -------
    ndarray of shape (N, H_out, W_out, C)
        In the type of the images.

    Raises
    ------
    TypeError, ValueError
        If `images` is empty, not 4-D or not made of real numbers; if the window does not fit; if an
        option is unknown, not whole, too small or too large.

    References
    ----------
    chapters/10-cnn-building-blocks.md

    Examples
    --------
    >>> max_pool2d([[[[1], [2]], [[3], [4]]]])
    array([[[[4]]]])
    """
    images, pool_size, positions = _find_windows(images, pool_size, stride, padding)
    # A ghost cell repeats the outermost cell, which lies in the same window: it never wins.
    padded = pad_images(images, positions, mode="edge")
    return functools.reduce(np.maximum, cells_of_windows(padded, pool_size, positions)).copy()


def average_pool2d(images, pool_size=2, *, stride=None, padding="valid"):
    """Return the mean of each window of each channel.

    y[n, r, c, k] = Σᵢⱼ x[n, s·r + i, s·c + j, k] divided by the number of cells added. Ghost cells
    count neither in the sum nor in the number, as in TensorFlow.

    Parameters
    ----------
    images, pool_size, stride, padding
        As in `max_pool2d`.

    Returns
    -------
    ndarray of shape (N, H_out, W_out, C)
        In the type of the images; integers give float64.

    Raises
    ------
    TypeError, ValueError
        As in `max_pool2d`.

    References
    ----------
    chapters/10-cnn-building-blocks.md

    Examples
    --------
    >>> average_pool2d([[[[1], [2]], [[3], [4]]]])
    array([[[[2.5]]]])
    """
    images, pool_size, positions = _find_windows(images, pool_size, stride, padding)
    if images.dtype.kind != "f":
        images = images.astype(float)
    # In an image of ones, the same sums count the cells.
    ones = np.ones((1, *images.shape[1:3], 1), images.dtype)
    total, count = (
        sum(cells_of_windows(pad_images(cells, positions), pool_size, positions))
        for cells in (images, ones)
    )
    return total / count


def _find_windows(images, pool_size, stride, padding):
    """Return the images as an array, the shape of a window, and where the windows lie."""
    images = as_numbers("images", images, 4, shape="(N, H, W, C)")
    pool_size = as_counts("pool_size", pool_size, axes=2)
    stride = pool_size if stride is None else stride
    positions = find_positions(
        images.shape[1:3], pool_size, padding, stride, 1, POOL_PADDING, sliding="pool"
    )
    for size, ghosts in zip(pool_size, positions.ghosts, strict=True):
        if max(ghosts) >= size:
            raise ValueError(
                f"padding={told(padding)} leaves windows of pool_size={told(tuple(pool_size))} "
                f"with ghost cells only: use padding <= {min(pool_size) - 1}"
            )
    return images, pool_size, positions


def pad_images(images, positions, mode="zeros"):
    """Return the images with ghost cells around their rows and columns."""
    return pad(images, [(0, 0), *positions.ghosts, (0, 0)], mode=mode)


def cells_of_windows(padded, pool_size, positions):
    """Yield the first cell of all windows, the second of all windows, and so on."""
    refuse_turns("pool_size", pool_size)
    for cell in np.ndindex(*pool_size):
        rows, cols = positions.under(cell)
        yield padded[:, rows, cols]  # (N, H_out, W_out, C)
