"""SoftmaxCrossEntropy from Python: its numbers, by hand and by TensorFlow, and what it refuses."""

import json
import math

import numpy as np
import pytest
import traitlets

from helpers.widgets import SoftmaxCrossEntropy


def test_by_hand():
    """z = 2, 1, −1, and the second class is the true one."""
    widget = SoftmaxCrossEntropy()
    total = math.exp(0) + math.exp(-1) + math.exp(-3)
    p = [1 / total, math.exp(-1) / total, math.exp(-3) / total]
    np.testing.assert_allclose(widget.probabilities, p)
    assert widget.loss == pytest.approx(-math.log(p[1]))
    np.testing.assert_allclose(widget.gradient, [p[0], p[1] - 1, p[2]])


def test_agrees_with_tensorflow():
    import tensorflow as tf

    rng = np.random.default_rng(4)
    for _ in range(40):
        scores = rng.normal(0, rng.choice([1, 5, 300]), rng.integers(2, 7))
        truth, temperature = int(rng.integers(len(scores))), float(rng.uniform(0.1, 10))
        widget = SoftmaxCrossEntropy(scores=scores, truth=truth, temperature=temperature)
        z = tf.Variable(scores)
        y = tf.constant(np.eye(len(scores))[truth])
        with tf.GradientTape(persistent=True) as tape:
            loss = tf.nn.softmax_cross_entropy_with_logits(y, z / temperature)
            squares = tf.reduce_mean((tf.sigmoid(z) - y) ** 2)
        np.testing.assert_allclose(widget.probabilities, tf.nn.softmax(z / temperature), atol=1e-12)
        assert widget.loss == pytest.approx(float(loss), rel=1e-9, abs=1e-12)
        np.testing.assert_allclose(widget.gradient, tape.gradient(loss, z), atol=1e-12)
        np.testing.assert_allclose(widget.sigmoid_gradient, tape.gradient(squares, z), atol=1e-12)


def test_without_the_largest_taken_off_large_scores_are_lost():
    widget = SoftmaxCrossEntropy(scores=[1000, 999, 0], truth=0)
    assert widget.loss == pytest.approx(math.log(1 + math.exp(-1)))
    widget.subtract = False
    np.testing.assert_array_equal(widget.probabilities, [np.nan, np.nan, 0])
    assert np.isnan(widget.loss)
    widget.scores = [-1000, -1001, -1002]
    assert np.isnan(widget.probabilities).all()
    widget.scores = [2, 1, -1]
    plain = SoftmaxCrossEntropy(truth=0)
    np.testing.assert_allclose(widget.probabilities, plain.probabilities)
    assert widget.loss == pytest.approx(plain.loss)


def test_the_limits_that_the_widget_names():
    with np.errstate(over="ignore", under="ignore"):
        assert np.isfinite(np.exp(709.7)) and np.isinf(np.exp(709.8))
        assert np.isfinite(np.exp(np.float32(88.7))) and np.isinf(np.exp(np.float32(88.8)))
        assert np.exp(-745.0) > 0 == np.exp(-746.0)


def test_a_true_class_remains_when_classes_go():
    widget = SoftmaxCrossEntropy(scores=[1, 2, 3, 4], truth=3)
    widget.scores = [1, 2]
    assert widget.truth == 1


@pytest.mark.parametrize(
    ("state", "message"),
    [
        ({"scores": [1]}, "scores of 1 numbers does not fit: use 2 to 6"),
        ({"scores": [1] * 7}, "scores of 7 numbers does not fit"),
        ({"scores": [0, 2001]}, "use numbers from -2000 to 2000"),
        ({"scores": [0, float("nan")]}, "finite"),
        ({"typed": [1]}, "typed of 1 numbers does not fit"),
        ({"truth": 3}, "truth=3 is no class: use 0 to 2"),
        ({"temperature": 0}, "temperature=0.0 does not fit: use a number from 0.1 to 10"),
        ({"input": "logits"}, "input"),
        ({"scale": "square"}, "scale"),
        ({"hide": ["bars"]}, "names no part of SoftmaxCrossEntropy"),
    ],
)
def test_what_does_not_fit_is_refused(state, message):
    with pytest.raises(traitlets.TraitError, match=message):
        SoftmaxCrossEntropy(**state)


def test_the_state_is_plain_json():
    widget = SoftmaxCrossEntropy(scores=np.array([1.5, 2]), typed=np.array([0.5, 0.5]))
    assert json.loads(json.dumps(widget.state())) == widget.state()
