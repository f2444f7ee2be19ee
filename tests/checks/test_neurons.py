"""Diagnoses of neurons and dense layers, given by answers that make the mistakes."""

import numpy as np
import pytest

from helpers import checks
from helpers.checks.diagnosis import diagnose
from helpers.checks.neurons import dense_exercise, neuron_exercise
from helpers.layers import Dense

NEURON = neuron_exercise()
DENSE = dense_exercise()


def neuron_in_a_loop(x, w, b):
    z = b
    for i in range(len(x)):
        z += w[i] * x[i]
    return 1 / (1 + np.exp(-z))


def neuron_by_tanh(x, w, b):
    return (1 + np.tanh((np.sum(w * x) + b) / 2)) / 2


def dense_in_loops(X, W, b):
    return [[max(sum(row * x) + c, 0) for row, c in zip(W, b, strict=True)] for x in X]


def dense_of_the_book(X, W, b):
    layer = Dense(len(W), activation="relu")
    layer.build(X.shape)
    layer.set_weights([W.T, b])
    return layer.forward(X)


def only_two_inputs(x, w, b):
    return 1 / (1 + np.exp(-(w[0] * x[0] + w[1] * x[1] + b)))


def sigmoid(z):
    return 1 / (1 + np.exp(-z))


@pytest.mark.parametrize(
    ("exercise", "function"),
    [
        (NEURON, neuron_in_a_loop),
        (NEURON, neuron_by_tanh),
        (DENSE, dense_in_loops),
        (DENSE, dense_of_the_book),
        (DENSE, lambda X, W, b: np.maximum((W @ X.T + b[:, None]).T, 0)),
    ],
)
def test_right_answers_pass(exercise, function):
    feedback = diagnose(function, exercise)
    assert feedback.passed, feedback.message
    number = len(exercise.cases)
    assert feedback.message.startswith(
        f"✓ {number} of {number} cases agree with {exercise.oracle}."
    )


@pytest.mark.parametrize(
    ("exercise", "function", "told"),
    [
        (NEURON, lambda x, w, b: w @ x + b, "The activation is missing: this is z"),
        (NEURON, lambda x, w, b: sigmoid(w * x + b), "The products are not added up"),
        (NEURON, lambda x, w, b: sigmoid(np.sum(w * x + b)), "The bias is added to every product"),
        (NEURON, lambda x, w, b: 1 / 1 + np.exp(-(w @ x + b)), "Brackets are missing"),
        (NEURON, lambda x, w, b: 1 / (1 + np.exp(w @ x + b)), "The minus sign in the exponent"),
        (NEURON, only_two_inputs, "Right only for two inputs"),
        (NEURON, lambda x, w, b: ..., "Your function still returns `...`"),
        (DENSE, lambda X, W, b: X @ W + b, "raises ValueError in the line"),
        (DENSE, lambda X, W, b: np.maximum(X @ W + b, 0), "W is used as it is: its rows are"),
        (
            DENSE,
            lambda X, W, b: np.maximum(W @ X.T + b, 0),
            "and the bias goes along the samples. With",
        ),
        (DENSE, lambda X, W, b: X @ W.T + b, "The activation is missing: these are the sums z."),
        (DENSE, lambda X, W, b: np.maximum(W @ X.T + b[:, None], 0), "The neurons come first"),
        (DENSE, lambda X, W, b: np.maximum(X @ W.T, 0) + b, "The bias is added after the activa"),
    ],
)
def test_mistakes_are_named(exercise, function, told):
    feedback = diagnose(function, exercise)
    assert not feedback.passed
    assert told in feedback.message


def test_right_answers_are_praised(capsys):
    checks.neuron(neuron_in_a_loop)
    checks.dense(dense_of_the_book)
    assert capsys.readouterr().out.count("✓") == 2
