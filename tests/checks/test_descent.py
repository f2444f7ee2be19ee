"""Feedback on walking downhill: right answers pass, mistakes get their names."""

import numpy as np
import pytest

from helpers import checks
from helpers.checks.descent import largest_rate_exercise, line_step_exercise
from helpers.checks.diagnosis import diagnose

LINE, RATE = line_step_exercise(), largest_rate_exercise()


def step_of_a_line(x, y, w, b, learning_rate):
    error = w * x + b - y
    grad_w, grad_b = 2 * np.mean(error * x), 2 * np.mean(error)
    return w - learning_rate * grad_w, b - learning_rate * grad_b


def step_by_loops(x, y, w, b, learning_rate):
    grad_w = grad_b = 0
    for xi, yi in zip(x, y, strict=True):
        grad_w += 2 * (w * xi + b - yi) * xi / len(x)
        grad_b += 2 * (w * xi + b - yi) / len(x)
    return [w - learning_rate * grad_w, b - learning_rate * grad_b]


def step_by_matrices(x, y, w, b, learning_rate):
    samples = np.column_stack([x, np.ones(len(x))])
    p = np.array([w, b])
    return p - learning_rate * 2 / len(x) * samples.T @ (samples @ p - y)


def by_power_iteration(hessian):
    direction = np.ones(len(hessian)) + 0.1 * np.arange(len(hessian))
    for _ in range(3000):
        direction = hessian @ direction
        direction /= np.linalg.norm(direction)
    return 2 / (direction @ hessian @ direction)


def moves_w_too_early(x, y, w, b, learning_rate):
    w = w - learning_rate * 2 * np.mean((w * x + b - y) * x)
    b = b - learning_rate * 2 * np.mean(w * x + b - y)
    return w, b


@pytest.mark.parametrize(
    ("exercise", "function"),
    [
        (LINE, step_of_a_line),
        (LINE, step_by_loops),
        (LINE, step_by_matrices),
        (RATE, lambda hessian: 2 / np.linalg.eigvalsh(hessian)[-1]),
        (RATE, lambda hessian: 2 / np.linalg.norm(hessian, 2)),
        (RATE, by_power_iteration),
    ],
)
def test_right_answers_pass(exercise, function):
    feedback = diagnose(function, exercise)
    assert feedback.passed, feedback.message


@pytest.mark.parametrize(
    ("check", "function", "words"),
    [
        (checks.line_step, moves_w_too_early, "b is moved by a gradient at the new w"),
        (checks.line_step, lambda x, y, w, b, learning_rate: ..., "still returns `...`"),
        (checks.largest_rate, lambda hessian: 1 / np.linalg.eigvalsh(hessian)[-1], "Twice as much"),
        (checks.largest_rate, lambda hessian: 2 / hessian.max(), "its largest entry"),
        (checks.largest_rate, lambda hessian: 1.0 + hessian[0, 0] ** 3, "it is too large"),
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
        (checks.line_step, step_of_a_line),
        (checks.largest_rate, lambda hessian: 2 / np.linalg.eigvalsh(hessian)[-1]),
    ],
)
def test_a_pass_says_how_many_cases(check, function, capsys):
    check(function)
    said = capsys.readouterr().out
    assert said.startswith("✓")
    assert "cases agree with" in said


def test_the_step_for_a_line_by_hand():
    # One sample: error 2·3 + 1 − 4 = 3, gradients 2·3·3 = 18 and 2·3 = 6, steps of a tenth.
    after = LINE.expected(np.array([3.0]), np.array([4.0]), 2.0, 1.0, 0.1)
    assert after == pytest.approx((2 - 1.8, 1 - 0.6))


def test_the_largest_rate_by_hand():
    # (2, 1; 1, 2) stretches (1, 1) by 3 and (1, −1) by 1.
    assert RATE.expected(np.array([[2.0, 1.0], [1.0, 2.0]])) == pytest.approx(2 / 3)
