"""What readers are told about their pooling, their softmax and its gradient."""

import numpy as np
import pytest

from helpers import checks


def right_pool(feature_map, size):
    rows, cols = (length // size for length in feature_map.shape)
    parts = feature_map[: rows * size, : cols * size].reshape(rows, size, cols, size)
    return parts.max(axis=(1, 3))


def right_softmax(scores):
    powers = np.exp(scores - scores.max())
    return powers / powers.sum()


def right_gradient(scores, label):
    gradient = right_softmax(scores)
    gradient[label] -= 1
    return gradient


def test_right_answers_pass(capsys):
    checks.max_pool(right_pool)
    checks.softmax(right_softmax)
    checks.score_gradient(right_gradient)
    told = capsys.readouterr().out
    assert told.count("✓") == 3 and "✗" not in told


def pool_with(choose, step=None):
    def pool(feature_map, size):
        by = step or size
        rows, cols = ((length - size) // by + 1 for length in feature_map.shape)
        found = np.zeros((rows, cols))
        for row in range(rows):
            for col in range(cols):
                window = feature_map[row * by : row * by + size, col * by : col * by + size]
                found[row, col] = choose(window)
        return found

    return pool


def no_cut(feature_map, size):
    rows, cols = (length // size for length in feature_map.shape)
    return feature_map.reshape(rows, size, cols, size).max(axis=(1, 3))


def ceiling(feature_map, size):
    missing = [(0, -length % size) for length in feature_map.shape]
    padded = np.pad(feature_map, missing, constant_values=-np.inf)
    return right_pool(padded, size)


@pytest.mark.parametrize(
    ("answer", "told"),
    [
        (pool_with(np.mean), "mean pooling"),
        (pool_with(np.min), "smallest"),
        (pool_with(np.sum), "adds each window up"),
        (pool_with(lambda window: np.abs(window).max()), "leave abs out"),
        (pool_with(np.max, step=1), "overlap"),
        (pool_with(lambda window: max(0, window.max())), "all numbers are negative"),
        (pool_with(lambda window: window[0].max()), "along rows only"),
        (lambda feature_map, size: right_pool(feature_map, 2), "use `size`"),
        (lambda feature_map, size: right_pool(feature_map, size).T, "exchanged"),
        (lambda feature_map, size: feature_map.max(), "one for each window"),
        (no_cut, "whole windows"),
        (ceiling, "left over"),
    ],
)
def test_slips_in_pooling_are_named(capsys, answer, told):
    checks.max_pool(answer)
    out = capsys.readouterr().out
    assert out.startswith("✗") and told in " ".join(out.split())


@pytest.mark.parametrize(
    ("answer", "told"),
    [
        (lambda z: np.exp(z) / np.exp(z).sum(), "take the largest score off all"),
        (lambda z: np.exp(z - z.max()), "not divided by their sum"),
        (lambda z: z / z.sum(), "shares of the scores themselves"),
        (lambda z: 1 / (1 + np.exp(-z)), "sigmoid"),
        (lambda z: np.log(right_softmax(z)), "logarithm"),
        (lambda z: right_softmax(-z), "sign"),
        (lambda z: np.eye(z.size)[z.argmax()], "softer"),
        (lambda z: right_softmax(z * np.log(2)), "2 to the power"),
        (lambda z: right_softmax(z) / right_softmax(z).max(), "powers are not divided"),
    ],
)
def test_slips_in_softmax_are_named(capsys, answer, told):
    checks.softmax(answer)
    out = capsys.readouterr().out
    assert out.startswith("✗") and told in " ".join(out.split())


@pytest.mark.parametrize(
    ("answer", "told"),
    [
        (lambda z, label: right_softmax(z), "target is missing"),
        (lambda z, label: -right_gradient(z, label), "sign is wrong"),
        (lambda z, label: -np.eye(z.size)[label] / right_softmax(z), "go on through softmax"),
        (lambda z, label: 2 * right_gradient(z, label), "Doubled"),
        (lambda z, label: right_gradient(z, label) / z.size, "number of classes"),
        (lambda z, label: -np.log(right_softmax(z)[label]), "loss itself"),
        (lambda z, label: z - np.eye(z.size)[label], "take softmax first"),
        (lambda z, label: right_gradient(z, label - 1), "counts from 0"),
        (lambda z, label: np.eye(z.size)[label] * right_gradient(z, label), "pushed down too"),
        (lambda z, label: right_gradient(z, 0), "use `label`"),
    ],
)
def test_slips_in_the_gradient_of_the_scores_are_named(capsys, answer, told):
    checks.score_gradient(answer)
    out = capsys.readouterr().out
    assert out.startswith("✗") and told in " ".join(out.split())
