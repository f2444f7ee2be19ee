"""Batch normalisation in both of its modes: by hand, against nudges and against Keras."""

import keras
import keras_oracle
import numpy as np
import pytest
import tensorflow as tf
from hypothesis import given, settings
from hypothesis import strategies as st

from helpers.gradients import check_layer
from helpers.layers import BatchNormalization, Conv2D, Dense, Flatten, Input
from helpers.layers.base import snake_case
from helpers.network import Sequential

seeds = st.integers(0, 2**32 - 1)
shapes = st.lists(st.integers(2, 4), min_size=2, max_size=4).map(tuple)
INITIALIZERS = ("beta", "gamma", "moving_mean", "moving_variance")


def positive(shape, rng):
    """Start from numbers that show where they go."""
    return rng.uniform(0.5, 2, shape)


def make(seed, **options):
    """Return a layer whose four arrays are drawn at random."""
    drawn = {f"{name}_initializer": positive for name in INITIALIZERS}
    return BatchNormalization(**drawn, **options, seed=seed)


class TestByHand:
    def test_training_and_predicting(self):
        layer = BatchNormalization(momentum=0.5, epsilon=3)
        layer.build((None, 1))
        layer.set_weights([[10], [100], [7], [6]])
        # Mean 2, variance ((1 − 2)² + (3 − 2)²)/2 = 1, so σ = √(1 + 3) = 2.
        expected = [10 * (1 - 2) / 2 + 100, 10 * (3 - 2) / 2 + 100]
        assert layer.forward([[1], [3]], training=True).ravel().tolist() == expected
        assert layer.moving_mean.tolist() == [0.5 * 7 + 0.5 * 2]
        assert layer.moving_variance.tolist() == [0.5 * 6 + 0.5 * 1]
        layer.set_weights([[10], [100], [7], [6]])
        # σ = √(6 + 3) = 3
        assert layer.forward([[1]]).ravel().tolist() == [10 * (1 - 7) / 3 + 100]
        assert layer.moving_mean.tolist() == [7]

    def test_a_shift_or_a_stretch_of_the_batch_gets_no_gradient(self):
        layer = BatchNormalization(epsilon=1e-12)
        x = np.random.default_rng(1).standard_normal((50, 3))
        outputs = layer.forward(x, training=True)
        assert np.abs(layer.backward(np.ones((50, 3)))).max() < 1e-12
        assert np.abs(layer.backward(outputs)).max() < 1e-10


class TestGradients:
    @given(shapes, st.booleans(), st.booleans(), st.booleans(), seeds)
    @settings(max_examples=40, deadline=None)
    def test_nudged(self, shape, training, center, scale, seed):
        layer = make(seed, center=center, scale=scale)
        x = np.random.default_rng(seed).standard_normal(shape)
        layer.build(shape)
        before = layer.get_weights()
        check = check_layer(layer, x, training=training, entries=30, seed=seed)
        assert check.passed, check
        assert keras_oracle.largest_difference(before, layer.get_weights()) == 0

    def test_the_mean_taken_as_a_constant_would_be_noticed(self):
        class Constant(BatchNormalization):
            def backward(self, grad_output):
                self.from_batch = False
                return super().backward(grad_output)

        x = np.random.default_rng(1).standard_normal((6, 3))
        assert check_layer(BatchNormalization(), x, training=True).passed
        assert not check_layer(Constant(), x, training=True).passed


class TestAgainstKeras:
    @given(shapes, st.booleans(), st.booleans(), st.booleans(), st.sampled_from([-1, 1]), seeds)
    @settings(max_examples=30, deadline=None)
    def test_outputs_gradients_and_running_means(self, shape, training, center, scale, axis, seed):
        rng = np.random.default_rng(seed)
        x, grad = rng.standard_normal(shape), rng.standard_normal(shape)
        options = {"axis": axis, "center": center, "scale": scale}
        settings_ = {"momentum": np.float64(0.9), "epsilon": np.float64(0.01)}
        ours = make(seed, **options, **settings_)
        ours.build(shape)
        with keras_oracle.float64():
            theirs = keras.layers.BatchNormalization(**options, **settings_)
            theirs.build(shape)
            theirs.set_weights(ours.get_weights())
            variable = tf.Variable(x)
            with tf.GradientTape() as tape:
                y = theirs(variable, training=training)
            sources = [variable, *(held.value for held in theirs.trainable_variables)]
            expected = tape.gradient(y, sources, grad)
        # Keras makes float32 of its two settings on the way, so the last digits differ.
        assert ours.forward(x, training=training) == pytest.approx(y.numpy(), rel=1e-6, abs=1e-6)
        gradients = [ours.backward(grad), *ours.gradients]
        for gradient, theirs_ in zip(gradients, expected, strict=True):
            assert gradient == pytest.approx(theirs_.numpy(), rel=1e-6, abs=1e-6)
        assert keras_oracle.largest_difference(ours.get_weights(), theirs.get_weights()) < 1e-6

    def test_defaults(self):
        ours, theirs = BatchNormalization(), keras.layers.BatchNormalization()
        for name in ("axis", "momentum", "epsilon", "center", "scale"):
            assert getattr(ours, name) == getattr(theirs, name), name
        config = theirs.get_config()
        for name in INITIALIZERS:
            kind = config[f"{name}_initializer"]["class_name"]
            assert snake_case(kind) == getattr(ours, f"{name}_initializer")


def both_networks():
    """Return a network with batch normalisation in the middle: ours, and Keras's."""
    ours = Sequential(
        [Input((5, 5, 1)), Conv2D(3, 2), BatchNormalization(), Flatten(), Dense(2, "softmax")],
        seed=1,
    )
    kinds = keras.layers
    theirs = keras.Sequential(
        [keras.Input((5, 5, 1)), kinds.Conv2D(3, 2), kinds.BatchNormalization(), kinds.Flatten(),
         kinds.Dense(2, "softmax")]
    )  # fmt: skip
    return ours, theirs


class TestInANetwork:
    def test_weights_to_and_from_keras_with_the_same_predictions(self):
        rng = np.random.default_rng(0)
        x, y = rng.standard_normal((40, 5, 5, 1)), np.eye(2)[rng.integers(2, size=40)]
        with keras_oracle.float64():
            ours, theirs = both_networks()
            ours.compile("adam", "categorical_crossentropy")
            ours.fit(x, y, epochs=3)
            theirs.set_weights(ours.get_weights())
            assert ours.predict(x) == pytest.approx(theirs(x).numpy(), abs=1e-12)
            assert ours.count_params() == theirs.count_params()
            other, _ = both_networks()
            other.set_weights(theirs.get_weights())
            assert np.array_equal(other.predict(x), ours.predict(x))

    def test_fit_moves_the_running_means_and_predict_and_evaluate_do_not(self):
        rng = np.random.default_rng(0)
        x, y = rng.standard_normal((40, 5, 5, 1)), np.eye(2)[rng.integers(2, size=40)]
        ours, _ = both_networks()
        ours.compile("sgd", "categorical_crossentropy")
        layer = ours.layers[1]
        before = [array.copy() for array in layer.state]
        ours.predict(x)
        ours.evaluate(x, y)
        assert keras_oracle.largest_difference(before, layer.state) == 0
        ours.fit(x, y)
        assert keras_oracle.largest_difference(before, layer.state) > 0.01

    def test_summary_tells_what_is_not_trained(self, capsys):
        both_networks()[0].summary()
        printed = capsys.readouterr().out
        # 3·(2·2·1) + 3, 4 arrays of 3, and 4·4·3·2 + 2
        assert "Total params: 125" in printed
        assert "Trainable params: 119" in printed
        assert "Non-trainable params: 6" in printed


class TestErrors:
    @pytest.mark.parametrize(
        ("options", "message"),
        [
            ({"momentum": 1.5}, "momentum=1.5 does not fit: use a number from 0 to 1"),
            ({"momentum": None}, "momentum=None does not fit"),
            ({"epsilon": 0}, "epsilon=0 does not fit: use a number above 0"),
        ],
    )
    def test_arguments(self, options, message):
        with pytest.raises(ValueError, match=message):
            BatchNormalization(**options)

    @pytest.mark.parametrize("axis", [0, 2, -2, 1.5])
    def test_axis(self, axis):
        with pytest.raises(ValueError, match=r"axis=.* does not fit"):
            BatchNormalization(axis).forward(np.ones((4, 3)))
