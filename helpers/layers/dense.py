"""The fully connected layer: every output is a weighted sum of all inputs."""

from helpers.arguments import as_count, as_flag
from helpers.layers.activations import as_activation
from helpers.layers.base import Layer
from helpers.layers.initializers import initial_values
from helpers.regularizers import as_regularizer


class Dense(Layer):
    """A fully connected layer: every output is a weighted sum of all inputs, plus a bias.

    Parameters
    ----------
    units : int
        The number of neurons, and so of outputs.
    activation : str, optional
        What follows the sums: "relu", "sigmoid", "tanh", "softmax"; None for the sums themselves.
    use_bias : bool
        Whether every neuron adds a bias.
    kernel_initializer, bias_initializer : str or callable
        What the parameters start from, see `helpers.layers.initializers.initial_values`.
    kernel_regularizer : str or Regularizer, optional
        What large weights cost, see `helpers.regularizers`. A network adds it to its loss.
    name, dtype, seed
        As in `helpers.layers.base.Layer`.

    Attributes
    ----------
    kernel : ndarray of shape (D, units)
        One column of weights for each neuron. This is the transpose of the W in W·x + b, because
        samples are rows here.
    bias : ndarray of shape (units,), or None
        One number for each neuron.
    pre_activation : ndarray of shape (N, units)
        The sums z of the last `forward`.
    grad_kernel, grad_bias : ndarray
        The gradients that the last `backward` found, shaped like `kernel` and `bias`.

    Raises
    ------
    TypeError, ValueError
        If `units` is no positive integer; if a name is unknown; for inputs that are not (N, D) or
        have another D than the layer was built for.

    Examples
    --------
    Two inputs, one neuron that fires only if both are on:

    >>> layer = Dense(1, activation="relu")
    >>> layer.build((None, 2))
    >>> layer.set_weights([[[1.0], [1.0]], [-1.0]])
    >>> layer.forward([[0, 0], [0, 1], [1, 0], [1, 1]]).ravel()
    array([0., 0., 0., 1.])
    """

    input_axes = 2

    def __init__(
        self,
        units,
        activation=None,
        use_bias=True,
        kernel_initializer="glorot_uniform",
        bias_initializer="zeros",
        *,
        kernel_regularizer=None,
        name=None,
        dtype=None,
        seed=None,
    ):
        super().__init__(name=name, dtype=dtype, seed=seed)
        self.units = as_count("units", units)
        self.activation = as_activation(activation)
        self.use_bias = as_flag("use_bias", use_bias)
        self.kernel_initializer, self.bias_initializer = kernel_initializer, bias_initializer
        self.kernel_regularizer = as_regularizer(kernel_regularizer)
        self.kernel = self.bias = self.pre_activation = self.grad_kernel = self.grad_bias = None

    @property
    def parameters(self):
        """The kernel, then the bias if there is one."""
        return [array for array in (self.kernel, self.bias) if array is not None]

    @property
    def gradients(self):
        """The gradients for kernel and bias."""
        return [self.grad_kernel, self.grad_bias][: len(self.parameters)]

    def add_parameters(self, input_shape):
        """Draw the kernel and the bias for samples of D numbers."""
        shape = (input_shape[-1], self.units)
        self.kernel = initial_values(self.kernel_initializer, shape, self.rng, self.dtype)
        if self.use_bias:
            self.bias = initial_values(self.bias_initializer, shape[1:], self.rng, self.dtype)
        self.activation.dtype = self.dtype

    def compute_output_shape(self, input_shape):
        """Return (None, units)."""
        return (*input_shape[:-1], self.units)

    def forward(self, inputs, training=False):
        """Return a = f(z) with z = x·W + b, for all N samples at once.

        Row n of z is one sample's sums: zₙⱼ = Σᵢ xₙᵢ Wᵢⱼ + bⱼ.
        """
        self.inputs = self.receive(inputs)  # (N, D)
        z = self.inputs @ self.kernel  # (N, units)
        self.pre_activation = z if self.bias is None else z + self.bias
        self.outputs = self.activation.forward(self.pre_activation)
        return self.outputs

    def backward(self, grad_output):
        """Return ∂L/∂x from ∂L/∂a: back through the activation, then through the sums."""
        grad_output = self.receive_gradient(grad_output)
        return self.backward_pre_activation(self.activation.backward(grad_output))

    def backward_pre_activation(self, delta):
        """Return ∂L/∂x = δ·Wᵀ from δ = ∂L/∂z, and keep ∂L/∂W = xᵀ·δ and ∂L/∂b = Σₙ δₙ.

        From zₙⱼ = Σᵢ xₙᵢ Wᵢⱼ + bⱼ:

        - Wᵢⱼ occurs in zₙⱼ for every sample n, with factor xₙᵢ. Contributions add up:
          ∂L/∂Wᵢⱼ = Σₙ δₙⱼ xₙᵢ, which is entry (i, j) of xᵀ·δ.
        - bⱼ occurs in zₙⱼ for every sample, with factor 1: ∂L/∂bⱼ = Σₙ δₙⱼ.
        - xₙᵢ occurs in zₙⱼ for every neuron j, with factor Wᵢⱼ: ∂L/∂xₙᵢ = Σⱼ δₙⱼ Wᵢⱼ, entry (n, i)
          of δ·Wᵀ.
        """
        delta = self.receive_gradient(delta)
        self.grad_kernel = self.inputs.T @ delta  # (D, units)
        self.grad_bias = delta.sum(axis=0)  # (units,)
        return delta @ self.kernel.T  # (N, D)
