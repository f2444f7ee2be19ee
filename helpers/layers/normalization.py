"""Batch normalisation: every channel brought to one size, so that deep networks train faster."""

import math

import numpy as np

from helpers.arguments import as_flag, as_real
from helpers.layers.base import Layer
from helpers.layers.initializers import initial_values
from helpers.limits import told


class BatchNormalization(Layer):
    """Brings every channel to mean 0 and variance 1 over the batch, then scales and shifts it.

    While training, mean and variance are those of the batch, and running means of both are kept.
    Predicting uses these, so that the result for a sample does not depend on its company.

    Parameters
    ----------
    axis : int
        The axis of the channels. All others are averaged over.
    momentum : float
        How much of the running means is kept at each batch, from 0 to 1.
    epsilon : float
        What is added to the variance, so that a constant channel does not divide by 0.
    center, scale : bool
        Whether there is a shift β, and a factor γ.
    beta_initializer, gamma_initializer : str or callable
        What these start from, see `helpers.layers.initializers.initial_values`.
    moving_mean_initializer, moving_variance_initializer : str or callable
        What the running means start from.
    name, dtype, seed
        As in `helpers.layers.base.Layer`.

    Attributes
    ----------
    gamma, beta : ndarray of shape (C,), or None
        The parameters.
    moving_mean, moving_variance : ndarray of shape (C,)
        The running means. They go with the weights, after the parameters, but are not trained.
    grad_gamma, grad_beta : ndarray of shape (C,)
        The gradients that the last `backward` found.

    Raises
    ------
    ValueError
        If `momentum` or `epsilon` is out of range, or if the inputs have no such axis.

    Notes
    -----
    S. Ioffe and C. Szegedy, "Batch normalization: accelerating deep network training by reducing
    internal covariate shift" (2015), arXiv:1502.03167. As in Keras, the running variance takes the
    batch's as it is, divided by m; PyTorch's divides by m − 1, and its momentum is 1 minus this.

    Examples
    --------
    >>> layer = BatchNormalization(epsilon=1e-9)
    >>> layer.forward([[1.0, 5.0], [3.0, 9.0]], training=True).round(6)
    array([[-1., -1.],
           [ 1.,  1.]])
    >>> layer.moving_mean  # 0.99 of 0, and 0.01 of the batch's 2 and 7
    array([0.02, 0.07])
    """

    def __init__(
        self,
        axis=-1,
        momentum=0.99,
        epsilon=1e-3,
        center=True,
        scale=True,
        *,
        beta_initializer="zeros",
        gamma_initializer="ones",
        moving_mean_initializer="zeros",
        moving_variance_initializer="ones",
        name=None,
        dtype=None,
        seed=None,
    ):
        super().__init__(name=name, dtype=dtype, seed=seed)
        if not isinstance(axis, int | np.integer) or isinstance(axis, bool):
            raise ValueError(
                f"axis={told(axis)} does not fit: use the number of an axis, -1 for the last"
            )
        self.axis = axis
        self.momentum = as_real("momentum", momentum, at_least=0, at_most=1)
        self.epsilon = as_real("epsilon", epsilon, above=0)
        self.center, self.scale = as_flag("center", center), as_flag("scale", scale)
        self.beta_initializer, self.gamma_initializer = beta_initializer, gamma_initializer
        self.moving_mean_initializer = moving_mean_initializer
        self.moving_variance_initializer = moving_variance_initializer
        self.gamma = self.beta = self.grad_gamma = self.grad_beta = None
        self.moving_mean = self.moving_variance = None

    @property
    def parameters(self):
        """The factors γ, then the shifts β, if there are any."""
        return [array for array in (self.gamma, self.beta) if array is not None]

    @property
    def gradients(self):
        """The gradients for γ and β."""
        both = (self.gamma, self.grad_gamma), (self.beta, self.grad_beta)
        return [gradient for parameter, gradient in both if parameter is not None]

    @property
    def state(self):
        """The running mean, then the running variance."""
        arrays = (self.moving_mean, self.moving_variance)
        return [array for array in arrays if array is not None]

    def add_parameters(self, input_shape):
        """Draw the four arrays for C channels."""
        axes = range(len(input_shape))
        if self.axis not in (*axes[1:], *(axis - len(axes) for axis in axes[1:])):
            raise ValueError(
                f"axis={told(self.axis)} does not fit inputs of shape {input_shape}: "
                "use the number of an axis after the first, -1 for the last"
            )
        channel_axis = axes[self.axis]
        self.averaged = tuple(axis for axis in axes if axis != channel_axis)
        # Where the channels stand in the inputs, so that one number for each is broadcast.
        self.along = tuple(-1 if axis == channel_axis else 1 for axis in axes)

        def draw(initializer):
            return initial_values(initializer, (input_shape[channel_axis],), self.rng, self.dtype)

        self.gamma = draw(self.gamma_initializer) if self.scale else None
        self.beta = draw(self.beta_initializer) if self.center else None
        self.moving_mean = draw(self.moving_mean_initializer)
        self.moving_variance = draw(self.moving_variance_initializer)

    def forward(self, inputs, training=False):
        """Return a = γ·x̂ + β with x̂ = (x − μ)/√(v + ε), channel by channel.

        While training, μ and v are the mean and the variance over the m values that the batch has
        in the channel, v = 1/m Σᵢ (xᵢ − μ)²; otherwise the running ones.
        """
        x = self.receive(inputs)
        self.from_batch = training
        if training:
            mean, variance = x.mean(axis=self.averaged), x.var(axis=self.averaged)
            for running, new in ((self.moving_mean, mean), (self.moving_variance, variance)):
                running[...] = self.momentum * running + (1 - self.momentum) * new
        else:
            mean, variance = self.moving_mean, self.moving_variance
        self.deviation = self._spread(np.sqrt(variance + self.dtype.type(self.epsilon)))
        self.normalized = (x - self._spread(mean)) / self.deviation
        self.outputs = self.normalized
        if self.gamma is not None:
            self.outputs = self.outputs * self._spread(self.gamma)
        if self.beta is not None:
            self.outputs = self.outputs + self._spread(self.beta)
        return self.outputs

    def backward(self, grad_output):
        """Return ∂L/∂x, and keep ∂L/∂γ and ∂L/∂β. Below, g = ∂L/∂a.

        From aᵢ = γ·x̂ᵢ + β for the m values of a channel: ∂L/∂β = Σᵢ gᵢ, ∂L/∂γ = Σᵢ gᵢ x̂ᵢ, and
        ∂L/∂x̂ᵢ = γ gᵢ =: hᵢ. Let σ = √(v + ε).

        When predicting, μ and σ are constants, and ∂x̂ᵢ/∂xᵢ = 1/σ gives ∂L/∂xᵢ = hᵢ/σ.

        While training, xⱼ also moves the mean, ∂μ/∂xⱼ = 1/m, and the variance,
        ∂v/∂xⱼ = 2/m (xⱼ − μ), where the mean's part falls out because Σᵢ (xᵢ − μ) = 0. So
        ∂σ/∂xⱼ = 1/(2σ) ∂v/∂xⱼ = x̂ⱼ/m, and the quotient rule gives
        ∂x̂ᵢ/∂xⱼ = ([i = j] − 1/m)/σ − (xᵢ − μ)/σ² · x̂ⱼ/m = 1/σ ([i = j] − 1/m − x̂ᵢ x̂ⱼ/m).
        Multiplied by hᵢ and added up over i:
        ∂L/∂xⱼ = 1/σ (hⱼ − mean(h) − x̂ⱼ · mean(h·x̂)).
        The batch takes out of the gradient what would only shift or stretch the channel.
        """
        g = self.receive_gradient(grad_output)
        self.grad_beta = g.sum(axis=self.averaged)
        self.grad_gamma = (g * self.normalized).sum(axis=self.averaged)
        # h without γ, which is a factor of all terms
        if self.from_batch:
            m = math.prod(g.shape) // self.grad_beta.size
            g = g - self._spread(self.grad_beta / m)
            g -= self.normalized * self._spread(self.grad_gamma / m)
        grad = g / self.deviation
        return grad if self.gamma is None else grad * self._spread(self.gamma)

    def _spread(self, values):
        """Return one number for each channel in a shape that meets the inputs along that axis."""
        return values.reshape(self.along)
