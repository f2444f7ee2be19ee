"""Penalties by hand, against Keras alone and in training, and against nudges of the loss."""

import keras
import keras_oracle
import numpy as np
import pytest

from helpers import layers
from helpers.gradients import check_gradients, check_network
from helpers.network import Sequential
from helpers.optimizers import SGD, Adam
from helpers.regularizers import L1, L2, as_regularizer


def test_names():
    assert as_regularizer("l1").l1 == as_regularizer("l2").l2 == 0.01
    assert isinstance(layers.Dense(1, kernel_regularizer="l2").kernel_regularizer, L2)
    assert as_regularizer(None) is None


class TestByHand:
    def test_penalties(self):
        assert L1(0.1)([[3.0, -4.0]]) == pytest.approx(0.1 * (3 + 4))
        assert L2(0.1)([[3.0, -4.0]]) == pytest.approx(0.1 * (9 + 16))

    def test_half_lambda_squares_have_the_slope_lambda(self):
        # ½λw² is l2 = λ/2, and its slope is λw
        assert L2(0.6 / 2).gradient([5.0, -2.0]).tolist() == pytest.approx([0.6 * 5, -0.6 * 2])

    def test_one_step_shrinks_a_weight_that_the_loss_does_not_see(self):
        # The input is 0, so only the penalty pulls: 2 − 0.1·2·0.5·2, and 2 − 0.1·0.5
        for penalty, expected in ((L2(0.5), 1.8), (L1(0.5), 1.95)):
            network = Sequential([layers.Dense(1, use_bias=False, kernel_regularizer=penalty)])
            network.build((None, 1))
            network.set_weights([[[2.0]]])
            network.compile(SGD(0.1), "mse")
            assert network.train_on_batch([[0.0]], [[0.0]]) == pytest.approx(penalty([2.0]))
            assert network.get_weights()[0][0, 0] == pytest.approx(expected)


@pytest.mark.parametrize("penalty", [L1(0.3), L2(0.3)])
def test_gradients_against_nudges(penalty):
    weights = np.random.default_rng(1).normal(size=(3, 4))
    check = check_gradients(penalty, [weights], [penalty.gradient(weights)])
    assert check.passed, check


@pytest.mark.parametrize("name", ["L1", "L2"])
def test_penalties_against_keras(name):
    weights = np.random.default_rng(2).normal(size=(2, 3, 4)).astype(np.float32)
    ours, theirs = {"L1": L1, "L2": L2}[name](0.07), getattr(keras.regularizers, name)(0.07)
    assert ours(weights) == pytest.approx(float(theirs(weights)), rel=1e-6)


def both(kind):
    """Return two small CNNs with the same penalties and weights: ours, and Keras's.

    Keras holds the factors in single precision, so they are fractions that it does not round.
    """
    ours = Sequential(
        [
            layers.Input((6, 6, 1)),
            layers.Conv2D(3, 3, activation="relu", kernel_regularizer=L1(1 / 64)),
            layers.BatchNormalization(),
            layers.Flatten(),
            layers.Dense(5, "tanh", kernel_regularizer=L2(1 / 32)),
            layers.Dense(3, "softmax", kernel_regularizer=L2(1 / 64)),
        ],
        seed=4,
    )
    theirs = keras.Sequential(
        [
            keras.Input((6, 6, 1)),
            keras.layers.Conv2D(
                3, 3, activation="relu", kernel_regularizer=keras.regularizers.L1(1 / 64)
            ),
            keras.layers.BatchNormalization(),
            keras.layers.Flatten(),
            keras.layers.Dense(5, "tanh", kernel_regularizer=keras.regularizers.L2(1 / 32)),
            keras.layers.Dense(3, "softmax", kernel_regularizer=keras.regularizers.L2(1 / 64)),
        ]
    )
    theirs.set_weights(ours.get_weights())
    for network, optimizer in zip((ours, theirs), keras_oracle.both_optimizers(kind), strict=True):
        network.compile(optimizer, "categorical_crossentropy")
    return ours, theirs


@pytest.mark.parametrize("kind", ["SGD", "Adam with weight decay"])
def test_a_whole_fit_gives_keras_its_numbers(kind):
    rng = np.random.default_rng(3)
    x, y = rng.normal(size=(50, 6, 6, 1)), np.eye(3)[rng.integers(0, 3, 50)]
    with keras_oracle.float64():
        ours, theirs = both(kind)
        options = {"batch_size": 16, "epochs": 4, "shuffle": False, "verbose": 0}
        histories = [
            one.fit(x, y, validation_data=(x[:20], y[:20]), **options).history
            for one in (ours, theirs)
        ]
        apart = keras_oracle.largest_difference(ours.get_weights(), theirs.get_weights())
        measured = [one.evaluate(x, y, verbose=0) for one in (ours, theirs)]
    for name in ("loss", "val_loss"):
        assert histories[0][name] == pytest.approx(histories[1][name], rel=1e-9)
    assert measured[0] == pytest.approx(measured[1], rel=1e-9)
    assert apart < 1e-9


def test_the_penalty_counts_in_evaluate_as_in_training():
    rng = np.random.default_rng(3)
    x, y = rng.normal(size=(8, 4)), np.eye(2)[rng.integers(0, 2, 8)]
    bare, penalized = (
        Sequential([layers.Dense(2, "softmax", kernel_regularizer=penalty)], seed=1)
        for penalty in (None, L2(0.5))
    )
    for network in (bare, penalized):
        network.compile("sgd", "categorical_crossentropy")
    loss, with_penalty = (network.evaluate(x, y) for network in (bare, penalized))
    weights = penalized.get_weights()[0]
    assert with_penalty == pytest.approx(loss + 0.5 * (weights**2).sum())
    assert np.allclose(bare.predict(x), penalized.predict(x))


def test_gradients_of_a_network_with_penalties():
    ours, _ = both("SGD")
    rng = np.random.default_rng(5)
    x, y = rng.normal(size=(4, 6, 6, 1)), np.eye(3)[rng.integers(0, 3, 4)]
    check = check_network(ours, x, y, entries=20)
    assert check.passed, check


def test_single_precision_stays_single():
    network = Sequential([layers.Dense(3, kernel_regularizer=L2(0.1))], dtype="float32", seed=1)
    network.compile(Adam(weight_decay=0.1), "mse")
    network.fit(np.ones((4, 2)), np.ones((4, 3)), epochs=2)
    assert all(array.dtype == np.float32 for array in network.get_weights() + network.gradients)


@pytest.mark.parametrize(
    ("make", "message"),
    [
        (lambda: L1(-1), "l1=-1 does not fit: use a number of at least 0"),
        (lambda: L2(float("nan")), "l2=nan does not fit"),
        (lambda: as_regularizer("l3"), "kernel_regularizer='l3' is unknown: use l1, l2, or a"),
        (lambda: layers.Conv2D(1, 2, kernel_regularizer=0.01), "kernel_regularizer=0.01 is un"),
    ],
)
def test_errors(make, message):
    with pytest.raises(ValueError, match=message):
        make()
