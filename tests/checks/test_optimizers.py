"""Feedback on momentum and Adam: right answers pass, mistakes get their names."""

import numpy as np
import pytest

from helpers import checks
from helpers.checks.diagnosis import diagnose
from helpers.checks.optimizers import adam_exercise, momentum_exercise

MOMENTUM, ADAM = momentum_exercise(), adam_exercise()


def with_momentum(gradients, learning_rates, momentum):
    w, v, path = 0, 0, []
    for gradient, learning_rate in zip(gradients, learning_rates, strict=True):
        v = momentum * v - learning_rate * gradient
        w = w + v
        path.append(w)
    return path


def with_momentum_minus(gradients, learning_rates, momentum):
    w, v, path = 0, 0, np.zeros(len(gradients))
    for t in range(len(gradients)):
        v = momentum * v + learning_rates[t] * gradients[t]
        w -= v
        path[t] = w
    return path


def adam_of_the_paper(gradients, learning_rate, beta_1, beta_2, epsilon):
    w, m, v, path = 0, 0, 0, []
    for t, g in enumerate(gradients, start=1):
        m = beta_1 * m + (1 - beta_1) * g
        v = beta_2 * v + (1 - beta_2) * g**2
        m_hat, v_hat = m / (1 - beta_1**t), v / (1 - beta_2**t)
        w = w - learning_rate * m_hat / (np.sqrt(v_hat) + epsilon)
        path.append(w)
    return path


def keeps_a_mean(gradients, learning_rates, momentum):
    w, v, path = 0, 0, []
    for gradient, learning_rate in zip(gradients, learning_rates, strict=True):
        v = momentum * v + (1 - momentum) * gradient
        w = w - learning_rate * v
        path.append(w)
    return path


def like_pytorch(gradients, learning_rates, momentum):
    w, v, path = 0, 0, []
    for gradient, learning_rate in zip(gradients, learning_rates, strict=True):
        v = momentum * v + gradient
        w = w - learning_rate * v
        path.append(w)
    return path


def adam_without_corrections(gradients, learning_rate, beta_1, beta_2, epsilon):
    w, m, v, path = 0, 0, 0, []
    for g in gradients:
        m = beta_1 * m + (1 - beta_1) * g
        v = beta_2 * v + (1 - beta_2) * g**2
        w = w - learning_rate * m / (np.sqrt(v) + epsilon)
        path.append(w)
    return path


def adam_of_keras(gradients, learning_rate, beta_1, beta_2, epsilon):
    w, m, v, path = 0, 0, 0, []
    for t, g in enumerate(gradients, start=1):
        m = beta_1 * m + (1 - beta_1) * g
        v = beta_2 * v + (1 - beta_2) * g**2
        alpha = learning_rate * np.sqrt(1 - beta_2**t) / (1 - beta_1**t)
        w = w - alpha * m / (np.sqrt(v) + epsilon)
        path.append(w)
    return path


@pytest.mark.parametrize(
    ("exercise", "function"),
    [
        (MOMENTUM, with_momentum),
        (MOMENTUM, with_momentum_minus),
        (ADAM, adam_of_the_paper),
    ],
)
def test_right_answers_pass(exercise, function):
    feedback = diagnose(function, exercise)
    assert feedback.passed, feedback.message


@pytest.mark.parametrize(
    ("check", "function", "words"),
    [
        (checks.momentum, keeps_a_mean, "running mean"),
        (checks.momentum, like_pytorch, "as in PyTorch"),
        (checks.momentum, lambda *given: None, "did you forget `return`"),
        (checks.adam, adam_without_corrections, "Neither mean is corrected"),
        (checks.adam, adam_of_keras, "as in Keras"),
    ],
)
def test_what_readers_write_is_recognised(check, function, words, capsys):
    check(function)
    said = " ".join(capsys.readouterr().out.split())
    assert said.startswith("✗")
    assert words in said


@pytest.mark.parametrize(
    ("check", "function"),
    [
        (checks.momentum, with_momentum),
        (checks.adam, adam_of_the_paper),
    ],
)
def test_a_pass_says_how_many_cases(check, function, capsys):
    check(function)
    said = capsys.readouterr().out
    assert said.startswith("✓")
    assert "cases agree with" in said
