"""The numbers that the parameters of a layer start from.

They decide whether a deep network can learn at all: all alike, and all neurons stay alike; too
large or too small, and the signals explode or die out on their way through the layers.
"""

import numpy as np

from helpers.arguments import as_numbers
from helpers.limits import refuse_size, told


def initial_values(initializer, shape, rng, dtype):
    """Return an array of starting values for a parameter.

    A neuron with n inputs adds up n products. If the weights keep the same size whatever n is, the
    sums grow with √n, and a deep network's signals explode or die out. So the usual choices shrink
    the variance with the number of inputs (*fan in*), or with the mean of fan in and fan out, which
    keeps the gradients on their way back at one size too:

    ================== =========================================================
    `glorot_uniform`   uniform with variance 2/(fan_in + fan_out); for tanh, sigmoid
    `glorot_normal`    the same variance, normal
    `he_uniform`       uniform with variance 2/fan_in; for ReLU, which halves the signal
    `he_normal`        the same variance, normal
    `random_uniform`   between −0.05 and 0.05
    `random_normal`    normal with standard deviation 0.05
    `zeros`, `ones`    all alike
    ================== =========================================================

    The Glorot and He normals have no tails: values beyond two standard deviations are drawn again.

    Parameters
    ----------
    initializer : str or callable
        A name of the table, or a function (shape, rng) -> array.
    shape : tuple of int
        A dense kernel (fan_in, fan_out), or (K_h, K_w, C_in, C_out).
    rng : numpy.random.Generator
        Where the numbers come from.
    dtype : numpy.dtype
        The type of the result.

    Raises
    ------
    ValueError
        If the name is unknown or the callable returns another shape.

    Notes
    -----
    X. Glorot and Y. Bengio, "Understanding the difficulty of training deep feedforward neural
    networks" (2010); K. He et al., "Delving deep into rectifiers" (2015). As in Keras.

    Examples
    --------
    >>> initial_values("glorot_uniform", (2, 4), np.random.default_rng(0), np.float64).round(2)
    array([[ 0.27, -0.46, -0.92, -0.97],
           [ 0.63,  0.83,  0.21,  0.46]])
    """
    refuse_size("a parameter of this layer", shape, dtype)
    if callable(initializer):
        values = as_numbers("what the initializer returned", initializer(shape, rng))
        if values.shape != tuple(shape):
            raise ValueError(
                f"the initializer returned shape {values.shape}: the parameter has shape {shape}"
            )
    elif isinstance(initializer, str) and initializer in _INITIALIZERS:
        cells = int(np.prod(shape[:-2]))  # 1 for a dense kernel
        fan_in, fan_out = cells * shape[max(-2, -len(shape))], cells * shape[-1]
        values = _INITIALIZERS[initializer](shape, rng, fan_in, fan_out)
    else:
        raise ValueError(
            f"initializer={told(initializer)} is unknown: "
            f"use a function (shape, rng) -> array, or one of {', '.join(_INITIALIZERS)}"
        )
    return values.astype(dtype)


def _uniform(shape, rng, variance):
    limit = np.sqrt(3 * variance)  # a uniform distribution on ±limit has variance limit²/3
    return rng.uniform(-limit, limit, shape)


def _truncated_normal(shape, rng, variance):
    values = rng.standard_normal(shape)
    while (far := np.abs(values) > 2).any():
        values[far] = rng.standard_normal(far.sum())
    # Without its tails a standard normal has this standard deviation, no longer 1.
    return values * np.sqrt(variance) / 0.87962566103423978


_INITIALIZERS = {
    "glorot_uniform": lambda shape, rng, n, m: _uniform(shape, rng, 2 / (n + m)),
    "glorot_normal": lambda shape, rng, n, m: _truncated_normal(shape, rng, 2 / (n + m)),
    "he_uniform": lambda shape, rng, n, m: _uniform(shape, rng, 2 / n),
    "he_normal": lambda shape, rng, n, m: _truncated_normal(shape, rng, 2 / n),
    "random_uniform": lambda shape, rng, n, m: rng.uniform(-0.05, 0.05, shape),
    "random_normal": lambda shape, rng, n, m: rng.normal(0, 0.05, shape),
    "zeros": lambda shape, rng, n, m: np.zeros(shape),
    "ones": lambda shape, rng, n, m: np.ones(shape),
}
