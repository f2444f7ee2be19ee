"""The convolution layer: the same few weights at every place of an image, and how they learn.

Forward is the arithmetic of `helpers.convolution.conv_layer`. Backward needs nothing new: every
weight met every place once, so its gradient adds up over the places; every input met every cell of
the kernels, so its gradient is collected from all the outputs it went into.
"""

import numpy as np

from helpers.arguments import as_count, as_counts, as_flag, ghost_cells
from helpers.convolution.channels import (
    LAYER_PADDING,
    as_columns,
    pad_images,
    sum_of_products,
    under_strip,
)
from helpers.convolution.positions import find_positions
from helpers.layers.activations import as_activation
from helpers.layers.base import ImageLayer
from helpers.layers.initializers import initial_values
from helpers.regularizers import as_regularizer


class Conv2D(ImageLayer):
    """A convolution layer: several kernels slid over images, each spanning all their channels.

    Like every framework's, it cross-correlates: the kernels are not flipped.

    Parameters
    ----------
    filters : int
        The number of kernels, and so of output channels.
    kernel_size : int or (rows, cols)
        Cells of a kernel.
    strides : int or (down, across)
        Cells between one position and the next.
    padding : "valid" or "same", or as in `helpers.convolution.conv_layer`
        Keras knows the two names; "full" and numbers of cells are this book's addition.
    dilation_rate : int or (down, across)
        Distance between neighbouring kernel cells on the image. 1 is dense. Unlike Keras, this
        layer takes strides and dilation together.
    activation : str, optional
        What follows the sums: "relu", "sigmoid", "tanh", "softmax"; None for the sums themselves.
    use_bias : bool
        Whether every kernel adds a bias.
    kernel_initializer, bias_initializer : str or callable
        What the parameters start from, see `helpers.layers.initializers.initial_values`.
    kernel_regularizer : str or Regularizer, optional
        What large weights cost, see `helpers.regularizers`. A network adds it to its loss.
    name, dtype, seed
        As in `helpers.layers.base.Layer`.

    Attributes
    ----------
    kernel : ndarray of shape (K_h, K_w, C_in, filters)
        The kernels, as `keras.layers.Conv2D` holds them.
    bias : ndarray of shape (filters,), or None
        One number for each kernel.
    pre_activation : ndarray of shape (N, H_out, W_out, filters)
        The sums z of the last `forward`.
    grad_kernel, grad_bias : ndarray
        The gradients that the last `backward` found, shaped like `kernel` and `bias`.

    Raises
    ------
    TypeError, ValueError
        If a number is not whole or too small; if a name is unknown; for inputs that are not
        (N, H, W, C), too small for the kernels, or of another shape than the layer was built for.

    Examples
    --------
    A kernel that finds where dark turns to bright:

    >>> layer = Conv2D(1, (1, 2))
    >>> layer.build((None, 1, 5, 1))
    >>> layer.set_weights([np.reshape([-1.0, 1.0], (1, 2, 1, 1)), [0.0]])
    >>> layer.forward(np.reshape([0, 0, 7, 7, 7], (1, 1, 5, 1))).ravel()
    array([0., 7., 0., 0.])
    """

    def __init__(
        self,
        filters,
        kernel_size,
        strides=(1, 1),
        padding="valid",
        *,
        dilation_rate=(1, 1),
        activation=None,
        use_bias=True,
        kernel_initializer="glorot_uniform",
        bias_initializer="zeros",
        kernel_regularizer=None,
        name=None,
        dtype=None,
        seed=None,
    ):
        super().__init__(name=name, dtype=dtype, seed=seed)
        self.filters = as_count("filters", filters)
        self.kernel_size = tuple(as_counts("kernel_size", kernel_size, axes=2))
        self.strides = tuple(as_counts("strides", strides, axes=2))
        self.dilation_rate = tuple(as_counts("dilation_rate", dilation_rate, axes=2))
        ghost_cells(padding, (1, 1), (1, 1), (1, 1), LAYER_PADDING)  # refuses what is no padding
        self.padding = padding
        self.activation = as_activation(activation)
        self.use_bias = as_flag("use_bias", use_bias)
        self.kernel_initializer, self.bias_initializer = kernel_initializer, bias_initializer
        self.kernel_regularizer = as_regularizer(kernel_regularizer)
        self.kernel = self.bias = self.pre_activation = self.grad_kernel = self.grad_bias = None

    @property
    def parameters(self):
        """The kernels, then the biases if there are any."""
        return [array for array in (self.kernel, self.bias) if array is not None]

    @property
    def gradients(self):
        """The gradients for kernels and biases."""
        return [self.grad_kernel, self.grad_bias][: len(self.parameters)]

    def add_parameters(self, input_shape):
        """Draw the kernels and the biases for images with C_in channels."""
        self.positions = self._find_positions(input_shape)
        shape = (*self.kernel_size, input_shape[-1], self.filters)
        self.kernel = initial_values(self.kernel_initializer, shape, self.rng, self.dtype)
        if self.use_bias:
            self.bias = initial_values(self.bias_initializer, shape[3:], self.rng, self.dtype)
        self.activation.dtype = self.dtype

    def compute_output_shape(self, input_shape):
        """Return (None, H_out, W_out, filters)."""
        return (None, *self._find_positions(input_shape).sizes, self.filters)

    def forward(self, inputs, training=False):
        """Return a = f(z) with the images x slid under the kernels w, for all N images at once.

        With the ghost cells in x already, stride s and dilation d:
        z[n, r, c, f] = b[f] + Σᵢ Σⱼ Σₖ x[n, s·r + d·i, s·c + d·j, k] · w[i, j, k, f].
        """
        self.inputs = self.receive(inputs)  # (N, H, W, C_in)
        self.padded = pad_images(self.inputs, self.positions)
        z = sum_of_products(self.padded, self.kernel, self.positions)
        if self.bias is not None:
            z += self.bias
        self.pre_activation = z  # (N, H_out, W_out, filters)
        self.outputs = self.activation.forward(self.pre_activation)
        return self.outputs

    def backward(self, grad_output):
        """Return ∂L/∂x from ∂L/∂a: back through the activation, then through the sums."""
        grad_output = self.receive_gradient(grad_output)
        return self.backward_pre_activation(self.activation.backward(grad_output))

    def backward_pre_activation(self, delta):
        """Return ∂L/∂x from δ = ∂L/∂z, and keep ∂L/∂w and ∂L/∂b.

        From z[n, r, c, f] = b[f] + Σᵢ Σⱼ Σₖ x[n, s·r + d·i, s·c + d·j, k] · w[i, j, k, f]:

        - w[i, j, k, f] occurs in z[n, r, c, f] at every position of every image, with the factor
          that lies under it there. Contributions add up:
          ∂L/∂w[i, j, k, f] = Σₙ Σᵣ Σ꜀ x[n, s·r + d·i, s·c + d·j, k] · δ[n, r, c, f].
          So the gradients slide over the images as a kernel did, s cells apart.
        - b[f] occurs everywhere with factor 1: ∂L/∂b[f] = Σₙ Σᵣ Σ꜀ δ[n, r, c, f].
        - x[n, p, q, k] occurs in z[n, r, c, f] if it lies under a cell (i, j) there, p = s·r + d·i
          and q = s·c + d·j, with factor w[i, j, k, f]. So each position sends its gradient back to
          the cells it was made of: for all i, j, r, c, add Σ_f δ[n, r, c, f] · w[i, j, k, f] to
          ∂L/∂x[n, s·r + d·i, s·c + d·j, k]. For s = d = 1 this is the "full" cross-correlation of
          δ with the kernels turned by 180°. What falls on ghost cells is dropped: they are no
          inputs.

        Both double sums are matrix products, strip by strip, as forward is.
        """
        delta = self.receive_gradient(delta)
        self.grad_bias = delta.reshape(-1, self.filters).sum(axis=0)
        stacked = self.kernel.reshape(-1, self.filters)  # (K_h·K_w·C_in, filters)
        grad_stacked = np.zeros_like(stacked)
        grad_padded = np.zeros_like(self.padded)
        for images, rows, columns in as_columns(self.padded, self.positions):
            arrived = delta[images, rows].reshape(-1, self.filters)  # a row for each position
            matrix = columns.reshape(len(arrived), -1)
            grad_stacked += matrix.T @ arrived
            np.matmul(arrived, stacked.T, out=matrix)  # what is sent back takes the place of x
            part = grad_padded[images]
            for cell in np.ndindex(*self.kernel_size):
                part[:, *under_strip(self.positions, cell, rows)] += columns[:, :, :, *cell]
        self.grad_kernel = grad_stacked.reshape(self.kernel.shape)
        inside = (
            slice(before, before + size)
            for (before, _), size in zip(self.positions.ghosts, self.inputs.shape[1:3], strict=True)
        )
        return grad_padded[:, *inside]  # (N, H, W, C_in)

    def _find_positions(self, input_shape):
        return find_positions(
            input_shape[1:3],
            self.kernel_size,
            self.padding,
            self.strides,
            self.dilation_rate,
            LAYER_PADDING,
        )
