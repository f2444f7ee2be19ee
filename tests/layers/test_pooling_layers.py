"""Pooling layers by hand, against nudges, TensorFlow and Keras: ties, borders and NaN too."""

import keras
import keras_oracle
import numpy as np
import pytest
import tensorflow as tf
from hypothesis import given, settings
from hypothesis import strategies as st

from helpers.gradients import check_layer
from helpers.layers import AveragePooling2D, GlobalAveragePooling2D, MaxPooling2D

seeds = st.integers(0, 2**32 - 1)
KINDS = [MaxPooling2D, AveragePooling2D]
TENSORFLOW = {MaxPooling2D: tf.nn.max_pool2d, AveragePooling2D: tf.nn.avg_pool2d}


@st.composite
def configurations(draw):
    """Draw the shape of a batch of images, and windows that fit it."""
    count = st.integers(1, 3)
    pool_size, strides = draw(st.tuples(count, count)), draw(st.tuples(count, count))
    height, width = (draw(st.integers(size, size + 4)) for size in pool_size)
    padding = draw(st.sampled_from(["valid", "same"]))
    shape = (draw(st.integers(1, 2)), height, width, draw(count))
    return shape, {"pool_size": pool_size, "strides": strides, "padding": padding}


def images(rows):
    """Return one image of one channel."""
    return np.array(rows, float)[None, :, :, None]


def tensorflow(kind, x, grad, options):
    """Return the outputs and the gradient of TensorFlow's pooling."""
    x = tf.Variable(x)
    with tf.GradientTape() as tape:
        y = TENSORFLOW[kind](
            x, options["pool_size"], options["strides"], options["padding"].upper()
        )
    return y.numpy(), tape.gradient(y, x, grad).numpy()


class TestByHand:
    def test_largest(self):
        layer = MaxPooling2D(2, strides=1)
        assert layer.forward(images([[1, 2, 3], [0, 9, 4]])).ravel().tolist() == [9, 9]
        assert layer.backward(images([[10, 1]])).ravel().tolist() == [0, 0, 0, 0, 10 + 1, 0]

    def test_mean(self):
        layer = AveragePooling2D(2, strides=1)
        assert layer.forward(images([[1, 2, 3], [0, 9, 4]])).ravel().tolist() == [12 / 4, 18 / 4]
        assert layer.backward(images([[4, 8]])).ravel().tolist() == [1, 1 + 2, 2, 1, 1 + 2, 2]

    def test_mean_at_the_border_counts_cells_inside_only(self):
        layer = AveragePooling2D(2, padding="same")
        assert layer.forward(images([[1, 3, 8]])).ravel().tolist() == [(1 + 3) / 2, 8]
        assert layer.backward(images([[4, 4]])).ravel().tolist() == [2, 2, 4]

    def test_filler_never_wins(self):
        layer = MaxPooling2D(3, strides=1, padding="same")
        assert layer.forward(images([[-5, -7]])).ravel().tolist() == [-5, -5]
        assert layer.backward(images([[1, 1]])).ravel().tolist() == [2, 0]

    def test_whole_channels(self):
        layer = GlobalAveragePooling2D()
        assert layer.forward(images([[1, 2], [3, 6]])).tolist() == [[3]]
        assert layer.backward([[8.0]]).ravel().tolist() == [2, 2, 2, 2]


class TestGradients:
    @given(configurations(), st.sampled_from(KINDS), seeds)
    @settings(max_examples=40, deadline=None)
    def test_nudged(self, configuration, kind, seed):
        shape, options = configuration
        # All numbers differ by far more than a nudge, so that the largest stays the largest.
        x = np.random.default_rng(seed).permutation(np.arange(np.prod(shape)) / 10).reshape(shape)
        check = check_layer(kind(**options), x, entries=30, seed=seed)
        assert check.passed, check

    @given(st.booleans(), seeds)
    @settings(max_examples=10, deadline=None)
    def test_whole_channels(self, keepdims, seed):
        x = np.random.default_rng(seed).standard_normal((2, 3, 4, 2))
        assert check_layer(GlobalAveragePooling2D(keepdims), x).passed


class TestAgainstKeras:
    @given(configurations(), st.sampled_from(KINDS), st.booleans(), seeds)
    @settings(max_examples=60, deadline=None)
    def test_outputs_and_gradients_with_ties(self, configuration, kind, ties, seed):
        shape, options = configuration
        rng = np.random.default_rng(seed)
        x = rng.integers(-2, 1, shape).astype(float) if ties else rng.standard_normal(shape)
        layer = kind(**options)
        grad = rng.standard_normal(layer.forward(x).shape)
        outputs, gradient = tensorflow(kind, x, grad, options)
        assert layer.outputs == pytest.approx(outputs, abs=1e-13)
        assert layer.backward(grad) == pytest.approx(gradient, abs=1e-12)

    @given(configurations(), st.sampled_from(["float32", "float64"]), seeds)
    @settings(max_examples=60, deadline=None)
    def test_nan_and_infinity_in_the_largest(self, configuration, dtype, seed):
        shape, options = configuration
        rng = np.random.default_rng(seed)
        x = rng.choice([np.nan, -np.inf, np.inf, 0, 1, 2], shape).astype(dtype)
        layer = MaxPooling2D(**options, dtype=dtype)
        grad = rng.integers(1, 9, layer.forward(x).shape).astype(dtype)
        outputs, gradient = tensorflow(MaxPooling2D, x, grad, options)
        assert np.array_equal(layer.outputs, outputs)
        assert np.array_equal(layer.backward(grad), gradient)

    def test_nan_reaches_the_mean(self):
        x = images([[np.nan, 1, 2, 2]])
        outputs = AveragePooling2D((1, 2)).forward(x).ravel()
        assert np.isnan(outputs[0])
        assert outputs[1] == 2

    @pytest.mark.parametrize("kind", KINDS)
    def test_defaults_and_shapes(self, kind):
        ours, theirs = kind(2), getattr(keras.layers, kind.__name__)(2)
        for name in ("pool_size", "strides", "padding"):
            assert getattr(ours, name) == getattr(theirs, name), name
        assert kind().pool_size == keras.layers.MaxPooling2D().pool_size
        for options in (
            {"pool_size": 2},
            {"pool_size": 3, "strides": 2},
            {"pool_size": 2, "padding": "same"},
        ):
            layer = kind(**options)
            layer.build((None, 7, 8, 3))
            theirs = getattr(keras.layers, kind.__name__)(**options)
            assert layer.output_shape == theirs.compute_output_shape((None, 7, 8, 3))

    @pytest.mark.parametrize("keepdims", [True, False])
    def test_whole_channels(self, keepdims):
        x = np.random.default_rng(1).standard_normal((2, 3, 4, 5))
        with keras_oracle.float64():
            theirs = keras.layers.GlobalAveragePooling2D(keepdims=keepdims)(x).numpy()
        layer = GlobalAveragePooling2D(keepdims)
        assert layer.forward(x) == pytest.approx(theirs, abs=1e-14)
        assert layer.output_shape == (None, *theirs.shape[1:])


class TestErrors:
    @pytest.mark.parametrize("kind", KINDS)
    @pytest.mark.parametrize(
        ("options", "message"),
        [
            ({"pool_size": 0}, "pool_size=0 is too small: use an integer of at least 1"),
            ({"strides": 1.5}, "strides=1.5 is not a whole number"),
            ({"padding": "full"}, "padding='full' is unknown: use one of same, valid"),
            ({"padding": 1}, "padding=1 is unknown"),
        ],
    )
    def test_arguments(self, kind, options, message):
        with pytest.raises((TypeError, ValueError), match=message):
            kind(**options)

    @pytest.mark.parametrize("kind", [*KINDS, GlobalAveragePooling2D])
    def test_inputs(self, kind):
        with pytest.raises(ValueError, match=r"use images of shape \(N, H, W, C\)"):
            kind().forward(np.ones((3, 4)))
        with pytest.raises(RuntimeError, match="call forward first"):
            kind().backward(np.ones((1, 2, 2, 1)))

    @pytest.mark.parametrize("kind", KINDS)
    def test_a_window_larger_than_the_images(self, kind):
        with pytest.raises(ValueError, match="pool_size=5 does not fit input_size=3"):
            kind(5).forward(np.ones((1, 3, 9, 1)))
