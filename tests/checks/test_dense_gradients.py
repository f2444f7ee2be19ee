"""Diagnoses of the way back through a dense layer."""

import numpy as np
import pytest

from helpers import checks, layers
from helpers.checks.dense_gradients import dense_backward_exercises
from helpers.checks.diagnosis import diagnose

DENSE = dense_backward_exercises()


def dense(inputs, kernel, delta):
    return delta @ kernel.T, inputs.T @ delta, delta.sum(axis=0)


def dense_by_loops(inputs, kernel, delta):
    grad_inputs, grad_kernel = np.zeros(inputs.shape), np.zeros(kernel.shape)
    grad_bias = [0.0] * kernel.shape[1]
    for n in range(len(inputs)):
        for i in range(kernel.shape[0]):
            for j in range(kernel.shape[1]):
                grad_inputs[n, i] += delta[n, j] * kernel[i, j]
                grad_kernel[i, j] += delta[n, j] * inputs[n, i]
        for j in range(kernel.shape[1]):
            grad_bias[j] += delta[n, j]
    return [grad_inputs, grad_kernel, grad_bias]


def dense_of_the_book(inputs, kernel, delta):
    layer = layers.Dense(kernel.shape[1])
    layer.build(inputs.shape)
    layer.set_weights([kernel, np.zeros(kernel.shape[1])])
    layer.forward(inputs)
    return layer.backward(delta), *layer.gradients


@pytest.mark.parametrize(
    ("exercise", "function"),
    [
        *[(part, one) for part in DENSE.values() for one in (dense, dense_by_loops)],
        *[(part, dense_of_the_book) for part in DENSE.values()],
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
        (
            checks.dense_backward,
            lambda x, w, d: (d @ w, x.T @ d, d.sum(0)) if w.shape[0] == w.shape[1] else w @ d @ x,
            "grad_inputs: the kernel has to be transposed, delta @ kernel.T.",
        ),
        (
            checks.dense_backward,
            lambda x, w, d: (np.dot(d, w), x.T @ d, d.sum(0)),
            "grad_inputs: the kernel has to be transposed, delta @ kernel.T.",
        ),
        (
            checks.dense_backward,
            lambda x, w, d: (d @ w.T, d.T @ x, d.sum(0)),
            "grad_kernel: this is the transpose.",
        ),
        (
            checks.dense_backward,
            lambda x, w, d: (d @ w.T, x.T @ d / len(d), d.sum(0)),
            "grad_kernel: divided by N. The mean over the batch is in delta already.",
        ),
        (checks.dense_backward, lambda x, w, d: (d @ w.T, x.T @ d, d), "grad_bias: not added up"),
        (
            checks.dense_backward,
            lambda x, w, d: (d @ w.T, x.T @ d, d.sum(axis=0, keepdims=True)),
            "grad_bias: an axis too many",
        ),
        (
            checks.dense_backward,
            lambda x, w, d: (x.T @ d, d @ w.T, d.sum(0)),
            "This is grad_kernel. Return them in the order grad_inputs, grad_kernel, grad_bias.",
        ),
        (checks.dense_backward, lambda x, w, d: x.T @ d, "The check needs three arrays: return g"),
        (checks.dense_backward, lambda x, w, d: None, "did you forget `return`?"),
        (checks.dense_backward, lambda x, w, d: ..., "still returns `...`"),
        (checks.dense_backward, lambda x, w: None, "cannot be called as f(inputs, kernel, delta)"),
        (checks.dense_backward, 3, "The check was given 3."),
        (
            checks.dense_backward,
            lambda x, w, d: (d @ w.T, np.dot(x, d) if len(d) > 1 else x.T @ d, d.sum(0)),
            "does one of the two want a .T?",
        ),
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
        (checks.dense_backward, {}, dense_by_loops),
    ],
)
def test_checks_praise_right_answers(capsys, check, options, function):
    check(function, **options)
    assert capsys.readouterr().out.startswith("✓ ")
