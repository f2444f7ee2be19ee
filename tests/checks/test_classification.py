"""Feedback on the exercises of scores: right answers pass, mistakes get their names."""

import numpy as np
import pytest

from helpers import checks
from helpers.checks.classification import confusion_exercise, scores_exercise
from helpers.checks.diagnosis import diagnose

EXERCISES = {"confusion": confusion_exercise(), "scores": scores_exercise()}
MISTAKES = [
    pytest.param(exercise, message, id=f"{name} {number}")
    for name, exercise in EXERCISES.items()
    for number, message in enumerate(exercise.mistakes(**exercise.cases[0]))
]


def by_loop(y_true, y_pred, classes):
    matrix = [[0] * classes for _ in range(classes)]
    for truth, guess in zip(y_true, y_pred, strict=True):
        matrix[truth][guess] += 1
    return matrix


def by_counting(y_true, y_pred, classes):
    return np.bincount(classes * y_true + y_pred, minlength=classes**2).reshape(classes, classes)


def by_hits(matrix):
    hits = np.diag(matrix)
    return (
        hits / matrix.sum(axis=0),
        hits / matrix.sum(axis=1),
        2 * hits / (matrix.sum(axis=0) + matrix.sum(axis=1)),
    )


@pytest.mark.parametrize(
    ("name", "function"),
    [("confusion", by_loop), ("confusion", by_counting), ("scores", by_hits)],
)
def test_right_answers_pass(name, function):
    feedback = diagnose(function, EXERCISES[name])
    assert feedback.passed, feedback.message


@pytest.mark.parametrize(("exercise", "message"), MISTAKES)
def test_every_mistake_gets_its_own_name(exercise, message):
    names = list(exercise.cases[0])

    def wrong(*values):
        return exercise.mistakes(**dict(zip(names, values, strict=True)))[message]

    feedback = diagnose(wrong, exercise)
    assert not feedback.passed
    assert feedback.message.startswith(f"✗ {message}\n")


def lost_pairs(y_true, y_pred, classes):
    matrix = np.zeros((classes, classes), int)
    matrix[y_true, y_pred] += 1
    return matrix


def swapped(matrix):
    hits = np.diag(matrix)
    precision, recall = hits / matrix.sum(axis=1), hits / matrix.sum(axis=0)
    return precision, recall, 2 * precision * recall / (precision + recall)


@pytest.mark.parametrize(
    ("check", "function", "words"),
    [
        (checks.confusion, lost_pairs, "np.add.at"),
        (checks.confusion, lambda y_true, y_pred, classes: ..., "still returns `...`"),
        (checks.scores, swapped, "exchanged"),
        (checks.scores, lambda matrix: by_hits(matrix)[:2], "F1 is missing"),
    ],
)
def test_what_readers_write_is_recognised(check, function, words, capsys):
    check(function)
    said = " ".join(capsys.readouterr().out.split())
    assert said.startswith("✗")
    assert words in said


def test_by_hand():
    # Of five zeros one was called 1, of three ones two were called 0.
    matrix = EXERCISES["confusion"].expected(
        np.array([0, 0, 0, 0, 0, 1, 1, 1]), np.array([0, 0, 0, 0, 1, 1, 0, 0]), 2
    )
    assert matrix.tolist() == [[4, 1], [2, 1]]
    precision, recall, f1 = EXERCISES["scores"].expected(matrix)
    assert precision == pytest.approx([4 / 6, 1 / 2])
    assert recall == pytest.approx([4 / 5, 1 / 3])
    assert f1 == pytest.approx([8 / 11, 2 / 5])
