"""Checking gradients: nudge a number, see how much the loss moves, compare with the derivative.

A gradient that is slightly wrong still trains, only worse, so nobody notices. The nudge finds it,
because it needs nothing but the forward pass: (L(w + h) − L(w − h)) / 2h. This is far too slow to
train with (two forward passes for every single number), and just right for a test.
"""

from dataclasses import dataclass

import numpy as np

from helpers.arguments import as_count, as_flag, as_function, as_list, as_numbers, as_real, as_rng
from helpers.layers.base import Layer, set_arrays
from helpers.limits import told, unchanged_if_refused


def numerical_gradient(function, array, *, step=1e-5):
    """Return the derivative of a number with respect to every entry, by central differences.

    By Taylor, f(a ± h) = f(a) ± h f′ + h²/2 f″ ± h³/6 f‴ + …. In the difference, f and f″ cancel:
    (f(a + h) − f(a − h)) / 2h = f′ + h²/6 f‴ + …. So the error of the formula shrinks with h²,
    while rounding, about 10⁻¹⁶ f/h in float64, grows. Around h = 10⁻⁵ their sum is smallest, some
    10⁻¹⁰. A one-sided difference would keep h/2 f″, and be wrong by 10⁻⁵.

    Parameters
    ----------
    function : callable
        From an array like `array` to a number.
    array : array_like of float
        Where to differentiate. It is not changed.
    step : float
        h, in the units of the array.

    Returns
    -------
    ndarray of float64, of the array's shape

    Examples
    --------
    >>> numerical_gradient(lambda w: np.sum(w**3), [1.0, 2.0]).round(6)
    array([ 3., 12.])
    """
    as_function("function", function)
    array, step = _as_floats("array", array), as_real("step", step, above=0)
    slopes = [_slope(function, array, at, step) for at in range(array.size)]
    return np.reshape(slopes, array.shape)


def _slope(function, array, at, step):
    """Return the derivative with respect to one entry, the `at`-th of the array."""
    above, below = array.copy(), array.copy()
    above.flat[at] += step
    below.flat[at] -= step
    return (_number_from(function, above) - _number_from(function, below)) / (2 * step)


def _number_from(function, *arrays):
    """Return the number that a function makes of copies, since it may work in place."""
    value = function(*(array.copy() for array in arrays))
    if np.size(value) != 1 or np.asarray(value).dtype.kind not in "biuf":
        raise ValueError(
            f"the function returned {told(value)}: only a single number has a gradient of this "
            "kind, so add up what it returns"
        )
    return float(np.reshape(value, ()))


def _as_floats(name, value):
    """Return a float64 copy, of a single number too."""
    if np.isscalar(value) or (isinstance(value, np.ndarray) and value.ndim == 0):
        return np.array(as_numbers(name, [value])[0], np.float64)
    return np.array(as_numbers(name, value), np.float64)


@dataclass(frozen=True, eq=False)
class Comparison:
    """Entries of one array's gradient beside the numerical ones."""

    name: str
    places: list[tuple]  # where in the array the entries are
    given: np.ndarray
    numerical: np.ndarray
    scale: float  # what a difference is measured against

    @property
    def differences(self):
        """The size of the difference for each entry, as a share of the scale."""
        with np.errstate(invalid="ignore"):  # an infinite gradient gives NaN, which never passes
            return np.abs(self.given - self.numerical) / self.scale

    @property
    def worst(self):
        """The largest of the differences; NaN if there is one."""
        return float(self.differences.max())

    def __str__(self):
        at = np.argmax(self.differences)
        return (
            f"{self.name}: largest difference {self.worst:.1e}, at "
            f"[{', '.join(map(str, self.places[at]))}], where the gradient is "
            f"{self.given[at]:.6g} and the nudge gives {self.numerical[at]:.6g}"
        )


@dataclass(frozen=True, eq=False)
class GradientCheck:
    """The comparisons for all arrays; it prints as one line for each."""

    comparisons: tuple[Comparison, ...]
    tolerance: float

    @property
    def worst(self):
        """The largest difference of all, as a share of the size of the gradients."""
        return float(np.max([comparison.worst for comparison in self.comparisons]))

    @property
    def passed(self):
        """Whether all gradients agree within the tolerance. NaN does not."""
        return self.worst <= self.tolerance

    def __str__(self):
        verdict = "The gradients agree." if self.passed else "The gradients do NOT agree."
        return "\n".join([verdict, *map(str, self.comparisons)])

    __repr__ = __str__


def check_gradients(
    function, arrays, gradients, *, names=None, step=1e-5, tolerance=1e-6, entries=None, seed=0
):
    """Compare gradients that you worked out with numerical ones.

    Parameters
    ----------
    function : callable
        From the arrays, in their order, to a number.
    arrays : list of array_like
        Where to differentiate; each in turn, the others fixed.
    gradients : list of array_like
        What you worked out, one of the shape of each array.
    names : list of str, optional
        How the report calls the arrays.
    step : float
        h, see `numerical_gradient`.
    tolerance : float
        How large a difference may be, as a share of the array's largest gradient. Gradients
        below 10⁻⁴ of the function's value, or below 10⁻⁹, are measured against that instead:
        smaller ones drown in rounding.
    entries : int, optional
        How many entries of each array to look at, drawn at random; None for all.
    seed : int or numpy.random.Generator
        Where that draw comes from.

    Returns
    -------
    GradientCheck
        With `passed`, `worst` and a report when printed.

    Raises
    ------
    ValueError
        If there is not one gradient of the right shape for each array.

    Notes
    -----
    At a corner (ReLU at 0) there is no derivative, and a nudge across it shows the mean of both
    slopes. Use random inputs, so that nothing lies exactly there.

    Examples
    --------
    For L = (w·x)², the chain rule gives 2 (w·x) x. Here the 2 is missing:

    >>> x, w = np.array([1.0, 2.0]), np.array([3.0, -1.0])
    >>> check_gradients(lambda w: (w @ x) ** 2, [w], [(w @ x) * x], names=["w"])
    The gradients do NOT agree.
    w: largest difference 5.0e-01, at [1], where the gradient is 2 and the nudge gives 4
    """
    as_function("function", function)
    step, tolerance = as_real("step", step, above=0), as_real("tolerance", tolerance, at_least=0)
    arrays = [_as_floats("an array", array) for array in as_list("arrays", arrays, "[w, b]")]
    gradients = as_list("gradients", gradients, "a list of arrays, [grad_w, grad_b]")
    gradients = [_as_floats("a gradient", gradient) for gradient in gradients]
    needed, given = ([array.shape for array in group] for group in (arrays, gradients))
    if not arrays:
        raise ValueError("arrays=[] is empty: give it at least one array")
    if needed != given:
        raise ValueError(
            f"gradients of shapes {told(given)} do not fit arrays of shapes {told(needed)}"
        )
    numbered = [f"array {number}" for number in range(1, len(arrays) + 1)]
    names = numbered if names is None else as_list("names", names, 'a list of texts, ["w", "b"]')
    if len(names) != len(arrays):
        raise ValueError(f"names={told(names)} does not fit: give a name to each array")
    entries = None if entries is None else as_count("entries", entries)
    rng = as_rng(seed)
    floor = max(1e-4 * abs(_number_from(function, *arrays)), 1e-9)

    comparisons = []
    for at, (name, array, gradient) in enumerate(zip(names, arrays, gradients, strict=True)):

        def of_this_array(values, at=at):
            others = [other.copy() for other in arrays]  # the function may work in place
            return function(*others[:at], values, *others[at + 1 :])

        chosen = np.arange(array.size)
        if entries is not None and entries < array.size:
            chosen = np.sort(rng.choice(array.size, entries, replace=False))
        numerical = np.array([_slope(of_this_array, array, entry, step) for entry in chosen])
        scale = max(np.abs(gradient).max(), np.abs(numerical).max(), floor)
        places = [np.unravel_index(entry, array.shape) for entry in chosen]
        comparisons.append(Comparison(name, places, gradient.flat[chosen], numerical, scale))
    return GradientCheck(tuple(comparisons), tolerance)


def check_layer(layer, inputs, *, training=False, seed=0, **options):
    """Compare `backward` of a layer with numerical gradients, for its inputs and parameters.

    The number to differentiate is L = Σ r·a, the outputs a weighted at random, so that ∂L/∂a = r is
    known and a mistake at any output shows. Random layers draw the same numbers for every nudge.

    Parameters
    ----------
    layer : Layer
        Of float64; built if it is not. Its weights are as before afterwards.
    inputs : array_like of shape (N, ...)
        A batch.
    training : bool
        Whether to check the layer as it acts while training.
    seed : int
        For r and for the layer's own draws.
    **options
        As in `check_gradients`.

    Returns
    -------
    GradientCheck

    Examples
    --------
    >>> from helpers.layers import Dense
    >>> check_layer(Dense(3, activation="tanh", seed=1), [[0.5, -1.0]]).passed
    True
    """

    def forward(x):
        layer.rng = np.random.default_rng(seed)
        return layer.forward(x, training=training)

    if not isinstance(layer, Layer):
        raise TypeError(f"layer={told(layer)} is no layer: use an object such as Dense(3)")
    as_flag("training", training)
    as_count("seed", seed, least=0)
    inputs = np.array(as_numbers("inputs", inputs), np.float64)
    with unchanged_if_refused(layer):
        layer.forward(inputs)  # builds it, with its own random numbers
        _refuse_float32(layer)
    own_rng, own_weights = layer.rng, layer.get_weights()
    try:
        outputs = forward(inputs)
        weights = np.random.default_rng(seed).standard_normal(outputs.shape)
        grad_inputs = layer.backward(weights)
        gradients = [grad_inputs, *(gradient.copy() for gradient in layer.gradients)]

        def weighted_sum(x, *parameters):
            set_arrays(layer.parameters, parameters, f"the layer {layer.name!r}")
            return np.sum(weights * forward(x))

        names = ["inputs", *_parameter_names(layer)]
        return _check_in_place(layer, weighted_sum, [inputs], gradients, names, seed, options)
    finally:
        layer.rng = own_rng
        layer.set_weights(own_weights)  # running means too, which forward moves while training


def check_network(network, x, y, *, seed=0, **options):
    """Compare back-propagation through a whole network with numerical gradients of its loss.

    Parameters
    ----------
    network : Sequential
        Compiled, of float64. Dropout is off for the check. Its parameters are as before afterwards.
    x, y : array_like of shapes (N, ...) and (N, ...)
        A batch.
    seed : int
        For the choice of `entries`.
    **options
        As in `check_gradients`.

    Returns
    -------
    GradientCheck
    """
    if not hasattr(network, "loss_and_gradients"):
        raise TypeError(f"network={told(network)} is no network: use a compiled Sequential")
    as_rng(seed)
    with unchanged_if_refused(network, *network.layers):
        _, gradients = network.loss_and_gradients(x, y, training=False)
        for layer in network.layers:
            _refuse_float32(layer)

    def loss(*parameters):
        set_arrays(network.parameters, parameters, f"the network {network.name!r}")
        return network.evaluate(x, y, return_dict=True)["loss"]

    names = [f"{layer.name} {name}" for layer in network.layers for name in _parameter_names(layer)]
    return _check_in_place(network, loss, [], gradients, names, seed, options)


def _check_in_place(owner, function, arrays, gradients, names, seed, options):
    """Check with the parameters of a layer or network, and put them back whatever happens."""
    weights = owner.get_weights()
    try:
        arrays = [*arrays, *(parameter.copy() for parameter in owner.parameters)]
        return check_gradients(function, arrays, gradients, names=names, seed=seed, **options)
    finally:
        owner.set_weights(weights)


def _parameter_names(layer):
    """Return the names of the attributes that hold the parameters, such as "kernel"."""
    held = vars(layer)
    return [
        next((name for name, value in held.items() if value is array), f"parameter {number}")
        for number, array in enumerate(layer.parameters)
    ]


def _refuse_float32(layer):
    if layer.dtype != np.float64:
        raise ValueError(
            f"the layer {layer.name!r} calculates in {layer.dtype}, which has too few digits for "
            'small differences: make it with dtype="float64"'
        )
