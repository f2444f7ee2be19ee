"""What readers are told about the slope of a penalty and about dropout."""

import numpy as np
import pytest

from helpers import checks
from helpers.checks.overfitting import inverted_dropout_exercise, penalized_gradient_exercise
from helpers.layers import Dropout
from helpers.regularizers import L2


def test_right_answers_pass(capsys):
    checks.penalized_gradient(lambda g, w, decay: g + decay * w)
    checks.inverted_dropout(lambda x, draws, rate: x * (draws >= rate) / (1 - rate))
    told = capsys.readouterr().out
    assert told.count("✓") == 2
    assert "✗" not in told


def test_they_ask_for_what_the_book_computes():
    for case in penalized_gradient_exercise().cases:
        penalty = L2(case["decay"] / 2)
        right = penalized_gradient_exercise().expected(**case)
        assert right == pytest.approx(case["gradient"] + penalty.gradient(case["weights"]))
    layer, x = Dropout(0.4, seed=5), np.arange(1.0, 9.0).reshape(2, 4)
    draws = np.random.default_rng(5).random(x.shape)
    right = inverted_dropout_exercise().expected(x, draws, 0.4)
    assert layer.forward(x, training=True) == pytest.approx(right)


@pytest.mark.parametrize(
    ("answer", "told"),
    [
        (lambda g, w, decay: g + 0.5 * decay, "it grows with the weight"),
        (lambda g, w, decay: g + 2 * decay * w, "Keras's L2"),
        (lambda g, w, decay: g - decay * w, "subtracted"),
        (lambda g, w, decay: g + decay * np.sign(w), "L1"),
        (lambda g, w, decay: decay * w, "add the gradient of the loss"),
        (lambda g, w, decay: ..., "still returns `...`"),
    ],
)
def test_slips_in_the_slope_are_named(capsys, answer, told):
    checks.penalized_gradient(answer)
    out = capsys.readouterr().out
    assert out.startswith("✗")
    assert told in " ".join(out.split())


@pytest.mark.parametrize(
    ("answer", "told"),
    [
        (lambda x, draws, rate: x * (draws >= rate), "not scaled"),
        (lambda x, draws, rate: x * (draws < rate) / (1 - rate), "below the rate go"),
        (lambda x, draws, rate: x * (draws >= rate) / rate, "not by the rate"),
        (lambda x, draws, rate: x * (1 - rate), "predicting in the paper's own form"),
        (lambda x, draws, rate: (draws >= rate) / (1 - rate), "mask alone"),
    ],
)
def test_slips_in_dropout_are_named(capsys, answer, told):
    checks.inverted_dropout(answer)
    out = capsys.readouterr().out
    assert out.startswith("✗")
    assert told in " ".join(out.split())
