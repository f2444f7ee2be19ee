"""What makes training harder on purpose, so that a network learns what holds beyond its samples."""

from helpers.arguments import as_real
from helpers.layers.base import Layer


class Dropout(Layer):
    """Switches values off at random while training, so that none becomes indispensable.

    This is the *inverted* form, Keras's: what stays on is scaled up while training, and predicting
    changes nothing. (The original paper, and Nielsen's book after it, scale down when predicting.)

    Parameters
    ----------
    rate : float
        The probability that a value is switched off, at least 0 and below 1.
    seed, name, dtype
        As in `helpers.layers.base.Layer`.

    Raises
    ------
    ValueError
        If the rate is outside that range.

    Notes
    -----
    N. Srivastava et al., "Dropout: a simple way to prevent neural networks from overfitting",
    Journal of Machine Learning Research 15 (2014), 1929–1958.

    Examples
    --------
    >>> layer = Dropout(0.5, seed=1)
    >>> layer.forward([[1.0, 1.0, 1.0, 1.0]], training=True)
    array([[2., 2., 0., 2.]])
    >>> layer.forward([[1.0, 1.0, 1.0, 1.0]])
    array([[1., 1., 1., 1.]])
    """

    def __init__(self, rate, seed=None, *, name=None, dtype=None):
        super().__init__(name=name, dtype=dtype, seed=seed)
        self.rate = as_real("rate", rate, at_least=0, below=1)
        self.scale = None

    def forward(self, inputs, training=False):
        """Return s·x, where each s is 0 with probability `rate`, and 1/(1 − rate) otherwise.

        So the expected value of s is rate·0 + (1 − rate)/(1 − rate) = 1: the next layer sees sums
        of the same size in training and in prediction, where s = 1.
        """
        x = self.receive(inputs)
        if training and self.rate > 0:
            stays = self.rng.random(x.shape) >= self.rate
            self.scale = stays.astype(self.dtype) / (1 - self.rate)
        else:
            self.scale = 1.0
        self.outputs = self.scale * x
        return self.outputs

    def backward(self, grad_output):
        """Return ∂L/∂x = s·∂L/∂a, with the s of the last `forward`: a = s·x has slope s."""
        return self.receive_gradient(grad_output) * self.scale
