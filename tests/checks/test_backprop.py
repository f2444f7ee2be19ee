"""Diagnoses of the way back through activations and losses."""

import functools

import numpy as np
import pytest

from helpers import checks, losses
from helpers.checks.backprop import activation_backward_exercise, mse_backward_exercise
from helpers.checks.diagnosis import diagnose
from helpers.layers import activations

SIGMOID, TANH, RELU = map(activation_backward_exercise, ("sigmoid", "tanh", "relu"))
MSE = mse_backward_exercise()


def mse_of_the_book(y_true, y_pred):
    loss = losses.MeanSquaredError()
    loss.forward(y_true, y_pred)
    return loss.backward()


def back_through(kind):
    def backward(outputs, grad_output):
        layer = kind()
        inverse = {activations.Tanh: np.arctanh, activations.ReLU: lambda a: a - (a == 0)}
        layer.forward(inverse.get(kind, lambda a: np.log(a / (1 - a)))(outputs))
        return layer.backward(grad_output)

    return backward


@pytest.mark.parametrize(
    ("exercise", "function"),
    [
        (TANH, lambda a, g: g * (1 - a**2)),
        (TANH, back_through(activations.Tanh)),
        (SIGMOID, lambda a, g: g * a * (1 - a)),
        (SIGMOID, back_through(activations.Sigmoid)),
        (RELU, lambda a, g: np.where(a > 0, g, 0)),
        (RELU, back_through(activations.ReLU)),
        (MSE, lambda y, p: 2 * (p - y) / p.size),
        (MSE, mse_of_the_book),
    ],
)
def test_right_answers_pass(exercise, function):
    feedback = diagnose(function, exercise)
    number = len(exercise.cases)
    assert feedback.message.startswith(f"✓ {number} of {number} cases agree with nudging")
    assert feedback.passed


@pytest.mark.parametrize(
    ("check", "function", "told"),
    [
        (checks.activation_backward, lambda a, g: 1 - a**2, "The incoming gradient is left out"),
        (
            checks.activation_backward,
            lambda a, g: g * (1 - np.tanh(a) ** 2),
            "The activation is applied once more: outputs are what came out of the activation",
        ),
        (
            checks.activation_backward,
            lambda a, g: g * a * (1 - a),
            "This is the slope of sigmoid, not of tanh.",
        ),
        (checks.activation_backward, lambda a, g: g * (1 - a), "The square is missing"),
        (checks.activation_backward, lambda a, g: g, "comes out unchanged"),
        (checks.activation_backward, lambda a, g: -g * (1 - a**2), "The sign is wrong."),
        (
            functools.partial(checks.activation_backward, activation="relu"),
            lambda a, g: g * (a >= 0),
            "Every gradient passes: outputs >= 0 always holds. Ask for outputs > 0.",
        ),
        (checks.mse_backward, lambda y, p: (p - y) / p.size, "The factor 2 is missing"),
        (checks.mse_backward, lambda y, p: 2 * (p - y) / len(p), "the number of samples only"),
        (checks.mse_backward, lambda y, p: 2 * (p - y), "The mean is left out"),
        (checks.mse_backward, lambda y, p: 2 * (y - p) / p.size, "The sign is wrong"),
        (checks.mse_backward, lambda y, p: np.mean((p - y) ** 2), "This is the loss itself"),
    ],
)
def test_mistakes_are_named(capsys, check, function, told):
    assert check(function) is None
    printed = capsys.readouterr().out
    assert printed.startswith("✗ ")
    assert told in " ".join(printed.split())
    assert max(map(len, printed.splitlines())) <= 110


@pytest.mark.parametrize(
    ("check", "options", "function"),
    [
        (checks.activation_backward, {}, lambda a, g: g * (1 - a**2)),
        (checks.activation_backward, {"activation": "sigmoid"}, lambda a, g: g * a * (1 - a)),
        (checks.mse_backward, {}, mse_of_the_book),
    ],
)
def test_checks_praise_right_answers(capsys, check, options, function):
    check(function, **options)
    assert capsys.readouterr().out.startswith("✓ ")


def test_an_unknown_activation_is_refused():
    with pytest.raises(ValueError, match="activation='gelu' is unknown: use one of sigmoid, tanh,"):
        checks.activation_backward(lambda a, g: g, activation="gelu")
