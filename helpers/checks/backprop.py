"""The exercises on going back through an activation and through a loss, judged by nudging."""

import numpy as np

from helpers.arguments import one_of
from helpers.checks.diagnosis import Exercise, diagnose, tell
from helpers.checks.nudging import by_nudging, draw_gradients

ACTIVATIONS = {
    "sigmoid": (lambda z: 1 / (1 + np.exp(-z)), lambda a: np.log(a / (1 - a))),
    "tanh": (np.tanh, np.arctanh),
    "relu": (lambda z: np.maximum(z, 0), lambda a: np.where(a > 0, a, -1.0)),
}


def activation_backward_exercise(activation):
    """Return the exercise on (outputs, grad_output): back through an activation, by its outputs."""
    f, inverse = ACTIVATIONS[one_of("activation", activation, ACTIVATIONS)]

    def expected(outputs, grad_output):
        z, h = inverse(outputs), 1e-5
        return grad_output * (f(z + h) - f(z - h)) / (2 * h)

    def mistakes(outputs, grad_output):
        a, g = outputs, grad_output
        slopes = {
            "sigmoid": lambda a: a * (1 - a),
            "tanh": lambda a: 1 - a**2,
            "relu": lambda a: (a > 0).astype(float),
        }
        slope = slopes[activation](a)
        if activation == "relu":
            return {
                "Every gradient passes: outputs >= 0 always holds. Ask for outputs > 0.": g,
                "The incoming gradient is left out: multiply the slope by grad_output.": slope,
                "The slope is 1 where something came out, not the output itself.": g * a,
                "It is the wrong way round: the gradient passes where outputs > 0.": g * (a == 0),
                "The sign is wrong.": -g * slope,
                "The sign of the gradient does not matter: only the outputs decide what passes.": (
                    np.maximum(g, 0)
                ),
            }
        other = "sigmoid" if activation == "tanh" else "tanh"
        asked = "outputs are what came out of the activation, not what went in"
        named = {
            "The incoming gradient is left out: multiply the slope by grad_output.": slope,
            f"The activation is applied once more: {asked}.": g * slopes[activation](f(a)),
            f"This is the slope of {other}, not of {activation}.": g * slopes[other](a),
            "The incoming gradient is added: the chain rule multiplies.": slope + g,
            "The sign is wrong.": -g * slope,
            "The slope is divided by: the chain rule multiplies.": g / slope,
            "The outputs themselves are no slopes: work out how they change with z.": g * a,
            "The incoming gradient comes out unchanged: multiply it by the slope.": g,
            "The slope is taken at grad_output: it belongs to the outputs.": g
            * slopes[activation](g),
            "The activation is applied to grad_output: going back, multiply by the slope.": f(g),
            "This is added up: every entry has a gradient of its own.": np.sum(g * slope),
        }
        if activation == "tanh":
            named["The square is missing: the slope is not 1 - a."] = g * (1 - a)
            named["The square is subtracted, not added: 1 - a**2."] = g * (1 + a**2)
            named["The square belongs to a alone, not to 1 - a."] = g * (1 - a) ** 2
            named["The 1 is missing, and the sign is wrong: 1 - a**2."] = g * a**2
        if activation == "sigmoid":
            named["One factor is missing: the slope is not 1 - a."] = g * (1 - a)
        return named

    draw = {
        "sigmoid": lambda rng, shape: rng.uniform(0.05, 0.95, shape),
        "tanh": lambda rng, shape: rng.uniform(-0.95, 0.95, shape),
        "relu": lambda rng, shape: np.maximum(rng.uniform(-2, 2, shape), 0),
    }[activation]
    rng = np.random.default_rng(8)
    cases = [
        {"outputs": draw(rng, shape).round(2), "grad_output": draw_gradients(rng, shape)}
        for shape in _shapes(rng, 20)
    ]
    oracle = f"nudging what goes into {activation}"
    return Exercise(oracle, expected, cases, mistakes)


def mse_backward_exercise():
    """Return the exercise on (y_true, y_pred): the gradient of the mean squared error."""

    def expected(y_true, y_pred):
        def loss(values):
            return np.mean((values - y_true) ** 2)

        # For a parabola, the central difference is exact whatever the step.
        return by_nudging(loss, y_pred, step=1.0)

    def mistakes(y_true, y_pred):
        difference, n = y_pred - y_true, y_pred.size
        everything = "divide by the number of all outputs, y_pred.size"
        return {
            "The factor 2 is missing: the derivative of d**2 is 2 * d.": difference / n,
            f"Divided is by the number of samples only: {everything}.": (
                2 * difference / len(difference)
            ),
            f"The mean is left out: {everything}.": 2 * difference,
            f"The mean and the factor 2 are left out: {everything}.": difference,
            "The sign is wrong: the loss grows when y_pred moves away from y_true.": (
                -2 * difference / n
            ),
            "This is the loss itself: its derivative is asked for.": np.mean(difference**2),
            "The factor 2 is missing, and divided is by the number of samples only.": (
                difference / len(difference)
            ),
            "These are the squared errors: their derivatives, 2 * d, are asked for.": difference**2,
            "These are the terms of the loss: their derivatives are asked for.": difference**2 / n,
            "Summed up to a single number: every output has a derivative of its own.": (
                2 * difference.mean()
            ),
            "Summed over the outputs: every output has a derivative of its own.": (
                2 * difference.sum(axis=1) / n
            ),
            "The absolute difference is taken: its sign tells which way to go.": (
                2 * np.abs(difference) / n
            ),
        }

    def patterns(y_true, y_pred):
        return {
            "Right only for a single sample.": len(y_true) == 1,
            "Right only for a single output.": y_true.shape[1] == 1,
        }

    rng = np.random.default_rng(9)
    cases = [
        {name: rng.integers(-4, 5, shape) / 2 for name in ("y_true", "y_pred")}
        for shape in _shapes(rng, 20)
    ]
    return Exercise("nudging each output", expected, cases, mistakes, patterns)


def _shapes(rng, number):
    """Return so many shapes (N, outputs), small ones first."""
    shapes = [(1, 1), (2, 1), (1, 2), (2, 2), *rng.integers(1, 5, (number - 4, 2)).tolist()]
    return sorted(map(tuple, shapes), key=np.prod)


def activation_backward(function, *, activation="tanh"):
    """Check a function of (outputs, grad_output) that goes back through an activation, and print.

    Parameters
    ----------
    function : callable
        Takes what came out of the activation and ∂L/∂outputs, two arrays of one shape, and returns
        ∂L/∂z for what went in.
    activation : "sigmoid" or "tanh" or "relu"
        Which one the exercise is about.

    Examples
    --------
    >>> activation_backward(lambda outputs, grad_output: 1 - outputs**2)
    ✗ The incoming gradient is left out: multiply the slope by grad_output.
        outputs     = [[-0.46]]
        grad_output = [[1.5]]
        expected    = [[1.1826]]
        got         = [[0.7884]]
    0 of 20 cases agree with nudging what goes into tanh.
    """
    tell(diagnose(function, activation_backward_exercise(activation)))


def mse_backward(function):
    """Check a function of (y_true, y_pred) that returns ∂MSE/∂y_pred, and print what comes out.

    Parameters
    ----------
    function : callable
        Takes two arrays of shape (N, outputs) and returns one.

    Examples
    --------
    >>> mse_backward(lambda y_true, y_pred: 2 * (y_pred - y_true) / y_pred.size)
    ✓ 20 of 20 cases agree with nudging each output.
    """
    tell(diagnose(function, mse_backward_exercise()))
