"""Optimisers on a surface that one can see: the loss of a 1-2-1 network over two of its numbers.

The network has seven parameters; only the weight and the bias of its first hidden neuron move. The
data were made by the network itself, so that the loss is 0 at `TRUTH`. Where the neuron's sigmoid
is saturated, nothing that is done to the two changes much: the surface is flat there, and whoever
takes steps in proportion to the gradient hardly moves.
"""

import math

import numpy as np

from helpers.layers import Dense, Input
from helpers.network import Sequential
from helpers.network.batches import endless_batches
from helpers.optimizers import SGD, Adam, RMSprop
from helpers.widgets.draws import page_random

#: Weights and biases of the hidden layer, then of the output, for `Sequential.set_weights`.
WEIGHTS = ([[6.0, 4.0]], [-3.0, 4.0], [[2.0], [-1.5]], [0.5])
TRUTH = (6.0, -3.0)
#: What the picture shows of w and of b.
RANGES = ((-6.0, 14.0), (-12.0, 8.0))

RACERS = ("sgd", "momentum", "mini_batch", "rmsprop", "adam", "newton", "newton_damped")

#: Beyond this, a racer is said to have diverged.
_FAR = 1e4
#: The damped form of Newton's method: the least curvature it believes in, its longest step, and how
#: often it halves one.
_LEAST_CURVATURE, _LONGEST, _HALVINGS = 1e-3, 2.0, 50


class Slice:
    """The loss over weight and bias of the first hidden neuron, all others fixed.

    Attributes
    ----------
    x, y : ndarray of shape (21, 1)
        The data: x from −2 to 2, and what the network with its true parameters makes of it.

    Examples
    --------
    >>> surface = Slice()
    >>> surface.loss(6, -3)
    0.0
    >>> surface.gradient(-4, 1).round(3)
    array([-0.098,  0.09 ])
    """

    def __init__(self):
        self.network = Sequential([Input((1,)), Dense(2, activation="sigmoid"), Dense(1)])
        self.network.compile(loss="mse")
        self.network.set_weights(WEIGHTS)
        self.x = np.arange(-10, 11).reshape(-1, 1) / 5
        self.y = self.network.predict(self.x)

    def _move_to(self, weight, bias):
        kernel, biases, *_ = self.network.parameters
        kernel[0, 0], biases[0] = weight, bias

    def loss(self, weight, bias):
        """Return the mean squared error at one point."""
        self._move_to(weight, bias)
        return float(self.network.evaluate(self.x, self.y))

    def gradient(self, weight, bias, samples=slice(None)):
        """Return [∂L/∂w, ∂L/∂b] at one point, over all samples or over a batch of them."""
        self._move_to(weight, bias)
        _, gradients = self.network.loss_and_gradients(self.x[samples], self.y[samples])
        return np.array([gradients[0][0, 0], gradients[1][0]])

    def hessian(self, weight, bias):
        """Return the matrix of the second derivatives at one point.

        With the error e = a − y and a = vσ(z) + the rest, where z = wx + b, the chain rule gives
        ∂²e²/∂z² = 2(v²σ′² + evσ″). The mean of this over the samples, times x², x and 1, is
        ∂²L/∂w², ∂²L/∂w∂b and ∂²L/∂b².
        """
        self._move_to(weight, bias)
        error = (self.network.predict(self.x) - self.y).ravel()
        a, x = self.network.layers[0].outputs[:, 0], self.x.ravel()
        v = WEIGHTS[2][0][0]
        slope = a * (1 - a)
        bend = 2 * (v**2 * slope**2 + error * v * slope * (1 - 2 * a)) / len(x)
        mixed = np.sum(bend * x)
        return np.array([[np.sum(bend * x**2), mixed], [mixed, np.sum(bend)]])


def race(optimizer, start, steps, *, learning_rate, momentum, seed, batch_size):
    """Return the path of one optimiser over the surface.

    Parameters
    ----------
    optimizer : str
        One of `RACERS`.
    start : (float, float)
        Weight and bias.
    steps : int
        How many to take.
    learning_rate, momentum, seed, batch_size
        As in `helpers.widgets.LossSurface`.

    Returns
    -------
    ndarray of shape (steps + 1, 2)
        Weight and bias, from the start on; fewer rows if the optimiser diverged.

    Raises
    ------
    ValueError
        If the optimiser is unknown.
    """
    if optimizer not in RACERS:
        raise ValueError(f"optimizer={optimizer!r} does not race: use one of {', '.join(RACERS)}")
    surface = Slice()
    if optimizer.startswith("newton"):
        move = _newton_damped if optimizer == "newton_damped" else _newton
    else:
        rule = {
            "sgd": lambda: SGD(learning_rate),
            "momentum": lambda: SGD(learning_rate, momentum=momentum),
            "mini_batch": lambda: SGD(learning_rate),
            "rmsprop": lambda: RMSprop(learning_rate),
            "adam": lambda: Adam(learning_rate),
        }[optimizer]()
        batches = endless_batches(len(surface.x), batch_size, page_random(seed))

        def move(surface, point):
            samples = next(batches) if optimizer == "mini_batch" else slice(None)
            rule.apply([surface.gradient(*point, samples)], [point])

    point = np.array(start, float)
    path = [point.copy()]
    with np.errstate(all="ignore"):  # whoever leaves for infinity is stopped, not warned of
        for _ in range(steps):
            move(surface, point)
            if not (np.abs(point) <= _FAR).all():
                break
            path.append(point.copy())
    return np.array(path)


def _solve(matrix, gradient):
    """Return −H⁻¹g by Cramer's rule; without an inverse, infinities or NaN."""
    (p, q), (_, r) = matrix
    gw, gb = gradient
    return -np.array([r * gw - q * gb, p * gb - q * gw]) / (p * r - q * q)


def _newton(surface, point):
    """Go to where the parabola through this point is level: its lowest point, or its saddle."""
    point += _solve(surface.hessian(*point), surface.gradient(*point))


def _newton_damped(surface, point):
    """Do as Newton with H + λI, which curves upwards everywhere, and only as far as it descends."""
    hessian = surface.hessian(*point)
    damping = max(0.0, _LEAST_CURVATURE - np.linalg.eigvalsh(hessian)[0])
    step = _solve(hessian + damping * np.eye(2), surface.gradient(*point))
    before = surface.loss(*point)
    share = min(1.0, _LONGEST / max(math.hypot(*step), 1e-300))
    for _ in range(_HALVINGS):
        if surface.loss(*(point + share * step)) <= before:
            break
        share /= 2
    if surface.loss(*(point + share * step)) <= before:
        point += share * step
