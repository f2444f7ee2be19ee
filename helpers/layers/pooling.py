"""Pooling layers: every channel made smaller, with nothing to learn.

A window slides over each channel, and one number takes its place: the largest, or the mean. Ghost
cells are only there to complete the windows at the border: they never win and are never counted.
"""

import numpy as np

from helpers.arguments import as_counts, as_flag
from helpers.convolution.channels import POOL_PADDING, cells_of_windows
from helpers.convolution.positions import find_positions
from helpers.layers.base import ImageLayer
from helpers.limits import refuse_size, refuse_turns, told


class Pooling2D(ImageLayer):
    """The base of the pooling layers with windows.

    Parameters
    ----------
    pool_size : int or (rows, cols)
        Cells of a window.
    strides : int or (down, across), optional
        Cells between one window and the next; None for `pool_size`, so that none overlap.
    padding : "valid" or "same"
        As in `keras.layers.MaxPooling2D`.
    name, dtype
        As in `helpers.layers.base.Layer`.
    """

    def __init__(self, pool_size=(2, 2), strides=None, padding="valid", *, name=None, dtype=None):
        super().__init__(name=name, dtype=dtype)
        self.pool_size = tuple(as_counts("pool_size", pool_size, axes=2))
        self.strides = self.pool_size
        if strides is not None:
            self.strides = tuple(as_counts("strides", strides, axes=2))
        if not isinstance(padding, str) or padding not in POOL_PADDING:
            raise ValueError(
                f"padding={told(padding)} is unknown: use one of {', '.join(sorted(POOL_PADDING))}"
            )
        self.padding = padding

    def add_parameters(self, input_shape):
        """Find out where the windows lie; there is nothing to draw."""
        refuse_turns("pool_size", self.pool_size)
        self.positions = self._find_positions(input_shape)
        sides = zip(input_shape[1:3], self.positions.ghosts, strict=True)
        sizes = [before + size + after for size, (before, after) in sides]
        refuse_size(f"pool_size={told(self.pool_size)}", (*sizes, input_shape[3]), self.dtype)

    def compute_output_shape(self, input_shape):
        """Return (None, H_out, W_out, C)."""
        return (None, *self._find_positions(input_shape).sizes, input_shape[-1])

    def _find_positions(self, input_shape):
        return find_positions(
            input_shape[1:3], self.pool_size, self.padding, self.strides, 1, POOL_PADDING, "pool"
        )

    def with_ghosts(self, images, ghost):
        """Return the images with ghost cells of this value; themselves if there are none."""
        if not np.any(self.positions.ghosts):
            return images
        ghosts = [(0, 0), *self.positions.ghosts, (0, 0)]
        return np.pad(images, ghosts, constant_values=ghost)

    def cells(self, padded):
        """Yield a view of the first cell of all windows, of the second, and so on."""
        return cells_of_windows(padded, self.pool_size, self.positions)

    def without_ghosts(self, padded):
        """Return the part of an array that lies inside the images."""
        (above, _), (left, _) = self.positions.ghosts
        height, width = self.input_shape[1:3]
        return padded[:, above : above + height, left : left + width]


class MaxPooling2D(Pooling2D):
    """Keeps the largest value of each window of each channel.

    Parameters
    ----------
    pool_size, strides, padding, name, dtype
        As in `Pooling2D`.

    Raises
    ------
    TypeError, ValueError
        If a number is not whole or too small, if `padding` is unknown, or if a window does not fit.

    Notes
    -----
    Like TensorFlow on a CPU, this layer passes over NaN, where `helpers.convolution.max_pool2d`
    shows it. A window that holds nothing else, or only −∞, gives the lowest finite number.

    Examples
    --------
    >>> layer = MaxPooling2D()
    >>> image = np.reshape([1, 5, 2, 2, 3, 4, 2, 0], (1, 2, 4, 1))
    >>> layer.forward(image).ravel()
    array([5., 2.])

    The gradient goes to the largest; of several alike, to the first:

    >>> layer.backward(np.reshape([10, 7], (1, 1, 2, 1)))[0, :, :, 0]
    array([[ 0., 10.,  7.,  0.],
           [ 0.,  0.,  0.,  0.]])
    """

    def forward(self, inputs, training=False):
        """Return a[n, r, c, k] = maxᵢⱼ x[n, s·r + i, s·c + j, k]."""
        self.inputs = self.receive(inputs)
        self.padded = self.with_ghosts(self.inputs, np.nan)  # NaN never wins, see Notes
        first, *others = self.cells(self.padded)
        self.outputs = np.fmax(first, np.finfo(self.dtype).min)
        for cell in others:
            np.fmax(self.outputs, cell, out=self.outputs)
        return self.outputs

    def backward(self, grad_output):
        """Return ∂L/∂x: every window hands its gradient to the cell that won, all others get 0.

        If xᵢ is the largest of a window, a = xᵢ also holds for all x close by: ∂a/∂xᵢ = 1, and all
        other derivatives are 0. At a tie there is no derivative, and the first of the largest is
        taken, row by row. A cell that won several overlapping windows adds their gradients up.
        """
        grad_output = self.receive_gradient(grad_output)
        winners = self._winners()
        grad_padded = np.zeros_like(self.padded)
        for number, grad in enumerate(self.cells(grad_padded)):
            grad += grad_output * (winners == number)
        return self.without_ghosts(grad_padded)

    def _winners(self):
        """Return the number of the cell that won, for each window: the first, until one is larger.

        A NaN in the first place stays, since nothing is larger than it: TensorFlow counts so too.
        """
        real = self.with_ghosts(np.ones((1, *self.input_shape[1:3], 1), bool), ghost=False)
        has_ghosts = not real.all()
        kind = np.int8 if np.prod(self.pool_size) < 128 else np.int32
        best = np.full(self.outputs.shape, -np.inf, self.dtype)
        winners = np.full(self.outputs.shape, -1 if has_ghosts else 0, kind)
        pairs = zip(self.cells(self.padded), self.cells(real), strict=True)
        for number, (cell, inside) in enumerate(pairs):
            better = cell > best
            if has_ghosts or number == 0:
                starts = inside & (winners < 0) if has_ghosts else inside
                better |= starts
                np.copyto(best, np.inf, where=starts & np.isnan(cell))
            np.fmax(best, cell, out=best)
            # The numbers grow, so that the last one that was better is the largest.
            np.maximum(winners, better * kind(number + 1) - kind(1), out=winners)
        return winners


class AveragePooling2D(Pooling2D):
    """Takes the mean of each window of each channel, of the cells inside the image only.

    Parameters
    ----------
    pool_size, strides, padding, name, dtype
        As in `Pooling2D`.

    Raises
    ------
    TypeError, ValueError
        As in `MaxPooling2D`.

    Examples
    --------
    >>> AveragePooling2D().forward(np.reshape([1, 5, 2, 2, 3, 3, 2, 0], (1, 2, 4, 1))).ravel()
    array([3. , 1.5])
    """

    def add_parameters(self, input_shape):
        """Count the cells of each window that lie inside."""
        super().add_parameters(input_shape)
        ones = self.with_ghosts(np.ones((1, *input_shape[1:3], 1), self.dtype), 0)
        self.counts = sum(self.cells(ones))  # (1, H_out, W_out, 1)

    def forward(self, inputs, training=False):
        """Return a[n, r, c, k] = 1/m Σᵢⱼ x[n, s·r + i, s·c + j, k] over the m cells inside."""
        self.inputs = self.receive(inputs)
        first, *others = self.cells(self.with_ghosts(self.inputs, 0))
        total = first.copy()
        for cell in others:
            total += cell
        self.outputs = np.divide(total, self.counts, out=total)
        return self.outputs

    def backward(self, grad_output):
        """Return ∂L/∂x: every cell of a window gets the same share of its gradient.

        In a = (x₁ + … + x_m)/m, ∂a/∂xᵢ = 1/m. Overlapping windows add up.
        """
        share = self.receive_gradient(grad_output) / self.counts
        (above, below), (left, right) = self.positions.ghosts
        samples, height, width, channels = self.inputs.shape
        shape = (samples, above + height + below, left + width + right, channels)
        grad_padded = np.zeros(shape, self.dtype)
        for grad in self.cells(grad_padded):
            grad += share
        return self.without_ghosts(grad_padded)


class GlobalAveragePooling2D(ImageLayer):
    """Takes the mean of each whole channel.

    Parameters
    ----------
    keepdims : bool
        Whether rows and columns stay, as axes of size 1.
    name, dtype
        As in `helpers.layers.base.Layer`.

    Examples
    --------
    >>> GlobalAveragePooling2D().forward(np.reshape([1, 5, 2, 2, 3, 3, 2, 0], (1, 4, 2, 1)))
    array([[2.25]])
    """

    def __init__(self, keepdims=False, *, name=None, dtype=None):
        super().__init__(name=name, dtype=dtype)
        self.keepdims = as_flag("keepdims", keepdims)

    def compute_output_shape(self, input_shape):
        """Return (None, C), or (None, 1, 1, C)."""
        return (None, *((1, 1) if self.keepdims else ()), input_shape[-1])

    def forward(self, inputs, training=False):
        """Return a[n, k] = 1/(H·W) Σᵣ Σ꜀ x[n, r, c, k]."""
        self.inputs = self.receive(inputs)
        self.outputs = self.inputs.mean(axis=(1, 2), keepdims=self.keepdims)
        return self.outputs

    def backward(self, grad_output):
        """Return ∂L/∂x: every pixel gets the same share, ∂a/∂x = 1/(H·W)."""
        grad_output = self.receive_gradient(grad_output)
        samples, height, width, channels = self.inputs.shape
        share = grad_output.reshape(samples, 1, 1, channels) / (height * width)
        return np.broadcast_to(share, self.inputs.shape).copy()
