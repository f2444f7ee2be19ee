"""The convolution layer by hand, against nudges, TensorFlow and Keras."""

import keras
import keras_oracle
import numpy as np
import pytest
import tensorflow as tf
from hypothesis import assume, given, settings
from hypothesis import strategies as st

from helpers.convolution import conv_layer
from helpers.gradients import check_layer
from helpers.layers import Conv2D, Dense, Flatten, Input
from helpers.layers.base import snake_case
from helpers.network import Sequential

seeds = st.integers(0, 2**32 - 1)


@st.composite
def configurations(draw, paddings=("valid", "same", "full", 1, ((0, 2), (1, 0)))):
    """Draw the shape of a batch of images and the options of a layer that fits it."""
    count = st.integers(1, 3)
    kernel = draw(st.tuples(count, count))
    dilation = draw(st.tuples(st.integers(1, 2), st.integers(1, 2)))
    spans = [d * (k - 1) + 1 for k, d in zip(kernel, dilation, strict=True)]
    height, width = (draw(st.integers(span, span + 4)) for span in spans)
    options = {
        "filters": draw(count),
        "kernel_size": kernel,
        "strides": draw(st.tuples(count, count)),
        "padding": draw(st.sampled_from(paddings)),
        "dilation_rate": dilation,
        "use_bias": draw(st.booleans()),
    }
    return (draw(st.integers(1, 2)), height, width, draw(count)), options


def random_bias(shape, rng):
    """Start biases from numbers that show where they go; zeros would not."""
    return rng.normal(size=shape)


def make(options, seed, **more):
    """Return a layer with random biases."""
    return Conv2D(**options, bias_initializer=random_bias, seed=seed, **more)


class TestByHand:
    def test_one_channel_one_kernel(self):
        layer = Conv2D(1, 2)
        layer.build((None, 2, 3, 1))
        layer.set_weights([np.reshape([[1, 2], [3, 4]], (2, 2, 1, 1)), [10]])
        x = np.reshape([[1, 0, 2], [0, 5, 1]], (1, 2, 3, 1))
        # fmt: off
        assert layer.forward(x).ravel().tolist() == [
            1*1 + 0*2 + 0*3 + 5*4 + 10,  # 31
            0*1 + 2*2 + 5*3 + 1*4 + 10,  # 33
        ]
        # The gradients 1 and 100 go back along the weights; the middle column was under both.
        assert layer.backward(np.reshape([1, 100], (1, 1, 2, 1)))[0, :, :, 0].tolist() == [
            [1*1, 1*2 + 100*1, 100*2],
            [1*3, 1*4 + 100*3, 100*4],
        ]
        # Each weight: what lay under it, times the gradient there.
        assert layer.grad_kernel[:, :, 0, 0].tolist() == [
            [1*1 + 0*100, 0*1 + 2*100],
            [0*1 + 5*100, 5*1 + 1*100],
        ]
        # fmt: on
        assert layer.grad_bias.tolist() == [1 + 100]

    def test_cells_that_no_position_reaches_get_no_gradient(self):
        layer = Conv2D(1, 2, strides=2)
        x = np.ones((1, 5, 5, 1))
        gradient = layer.backward(np.ones_like(layer.forward(x)))
        assert (gradient[:, 4] == 0).all() and (gradient[:, :, 4] == 0).all()
        assert (gradient[:, :4, :4] != 0).all()


class TestGradients:
    @given(configurations(), st.sampled_from([None, "relu", "tanh", "softmax"]), seeds)
    @settings(max_examples=40, deadline=None)
    def test_nudged(self, configuration, activation, seed):
        shape, options = configuration
        layer = make(options, seed, activation=activation)
        x = np.random.default_rng(seed).standard_normal(shape)
        layer.forward(x)
        assume(activation != "relu" or np.abs(layer.pre_activation).min() > 1e-3)
        check = check_layer(layer, x, entries=30, seed=seed)
        assert check.passed, check

    def test_a_kernel_that_is_not_turned_would_be_noticed(self):
        class NotTurned(Conv2D):
            def backward_pre_activation(self, delta):
                gradient = super().backward_pre_activation(delta)
                self.grad_kernel = self.grad_kernel[::-1, ::-1]
                return gradient

        x = np.random.default_rng(1).standard_normal((2, 5, 5, 2))
        assert check_layer(Conv2D(2, 3, seed=1), x).passed
        assert not check_layer(NotTurned(2, 3, seed=1), x).passed


def tensorflow_gradients(layer, x, grad):
    """Return the outputs of `tf.nn.conv2d` with the layer's weights, and all gradients."""
    x, kernel = tf.Variable(x), tf.Variable(layer.kernel)
    bias = tf.Variable(np.zeros(layer.filters) if layer.bias is None else layer.bias)
    with tf.GradientTape() as tape:
        y = tf.nn.conv2d(x, kernel, layer.strides, layer.padding.upper()) + bias
    return y.numpy(), [array.numpy() for array in tape.gradient(y, [x, kernel, bias], grad)]


class TestAgainstKeras:
    @given(configurations(paddings=("valid", "same")), seeds)
    @settings(max_examples=30, deadline=None)
    def test_gradients_of_tensorflow(self, configuration, seed):
        shape, options = configuration
        # TensorFlow on a CPU has no gradient for dilated kernels: the nudges look after these.
        options["dilation_rate"] = (1, 1)
        layer = make(options, seed)
        rng = np.random.default_rng(seed)
        x = rng.standard_normal(shape)
        grad = rng.standard_normal(layer.forward(x).shape)
        ours = [layer.backward(grad), layer.grad_kernel, layer.grad_bias]
        outputs, theirs = tensorflow_gradients(layer, x, grad)
        assert layer.outputs == pytest.approx(outputs, abs=1e-12)
        for gradient, expected in zip(ours, theirs, strict=True):
            assert gradient == pytest.approx(expected, abs=1e-11)

    @given(configurations(paddings=("valid", "same")), st.sampled_from([None, "relu"]), seeds)
    @settings(max_examples=20, deadline=None)
    def test_weights_move_without_a_transpose(self, configuration, activation, seed):
        shape, options = configuration
        if max(options["strides"]) > 1:  # Keras takes one or the other
            options["dilation_rate"] = (1, 1)
        ours = make(options, seed, activation=activation)
        x = np.random.default_rng(seed).standard_normal(shape)
        a = ours.forward(x)
        with keras_oracle.float64():
            theirs = keras.layers.Conv2D(**options, activation=activation)
            theirs.build(x.shape)
            theirs.set_weights(ours.get_weights())
            assert a == pytest.approx(theirs(x).numpy(), abs=1e-12)
            assert ours.output_shape == theirs.compute_output_shape((None, *shape[1:]))
        other = Conv2D(**options, activation=activation)
        other.build((None, *shape[1:]))
        other.set_weights(theirs.get_weights())
        assert np.array_equal(other.forward(x), a)

    def test_defaults(self):
        ours, theirs = Conv2D(4, 3), keras.layers.Conv2D(4, 3)
        for name in ("filters", "kernel_size", "strides", "padding", "dilation_rate", "use_bias"):
            assert getattr(ours, name) == getattr(theirs, name), name
        config = theirs.get_config()
        for name in ("kernel_initializer", "bias_initializer"):
            assert snake_case(config[name]["class_name"]) == getattr(ours, name)

    def test_a_convolutional_network_trains_as_in_keras(self):
        rng = np.random.default_rng(0)
        x, y = rng.standard_normal((8, 6, 6, 2)), np.eye(3)[rng.integers(3, size=8)]
        ours = Sequential(
            [Input((6, 6, 2)), Conv2D(3, 3, 2, "same", activation="relu"), Flatten(),
             Dense(3, "softmax")], seed=0,
        )  # fmt: skip
        with keras_oracle.float64():
            theirs = keras.Sequential(
                [
                    keras.Input((6, 6, 2)),
                    keras.layers.Conv2D(3, 3, 2, "same", activation="relu"),
                    keras.layers.Flatten(),
                    keras.layers.Dense(3, "softmax"),
                ]
            )
            theirs.set_weights(ours.get_weights())
            optimizer, keras_optimizer = keras_oracle.both_optimizers("SGD with momentum")
            ours.compile(optimizer, "categorical_crossentropy")
            theirs.compile(keras_optimizer, "categorical_crossentropy")
            start = ours.get_weights()
            for _ in range(20):
                ours.train_on_batch(x, y)
                theirs.train_on_batch(x, y)
            moved = keras_oracle.largest_difference(ours.get_weights(), start)
            apart = keras_oracle.largest_difference(ours.get_weights(), theirs.get_weights())
        assert moved > 0.1
        assert apart < 1e-10


class TestBehaviour:
    @given(configurations(), seeds)
    @settings(max_examples=20, deadline=None)
    def test_is_conv_layer_of_chapter_5(self, configuration, seed):
        shape, options = configuration
        layer = make(options, seed)
        x = np.random.default_rng(seed).standard_normal(shape)
        layer.forward(x)
        expected = conv_layer(
            x, layer.kernel, layer.bias, padding=options["padding"],
            stride=options["strides"], dilation=options["dilation_rate"],
        )  # fmt: skip
        assert layer.outputs == pytest.approx(expected, abs=1e-12)

    @pytest.mark.parametrize("dtype", ["float32", "float64"])
    def test_keeps_its_type(self, dtype):
        layer = Conv2D(2, 3, activation="relu", dtype=dtype, seed=1)
        outputs = layer.forward(np.ones((1, 4, 4, 1)))
        arrays = [outputs, layer.backward(np.ones(outputs.shape)), *layer.gradients]
        assert {array.dtype for array in [*arrays, *layer.parameters]} == {np.dtype(dtype)}

    def test_counts_and_shapes(self):
        network = Sequential([Input((28, 28, 1)), Conv2D(8, 3, padding="same"), Conv2D(4, 5, 2)])
        assert [layer.output_shape for layer in network.layers] == [
            (None, 28, 28, 8),
            (None, 12, 12, 4),
        ]
        assert network.count_params() == (3 * 3 * 1 * 8 + 8) + (5 * 5 * 8 * 4 + 4)

    def test_nan_reaches_what_it_lies_under_and_no_more(self):
        x = np.zeros((1, 5, 5, 1))
        x[0, 0, 0, 0] = np.nan
        outputs = Conv2D(1, 2, seed=1).forward(x)[0, :, :, 0]
        assert np.isnan(outputs[0, 0])
        assert np.isnan(outputs).sum() == 1


class TestErrors:
    @pytest.mark.parametrize(
        ("options", "message"),
        [
            ({"filters": 0}, "filters=0 is too small: use an integer of at least 1"),
            ({"kernel_size": 2.5}, "kernel_size=2.5 is not a whole number"),
            ({"kernel_size": (3, 3, 3)}, "use one number, or one for each of the 2 axes"),
            ({"strides": 0}, "strides=0 is too small"),
            ({"dilation_rate": (1, 0)}, r"dilation_rate=\(1, 0\) is too small"),
            ({"padding": "causal"}, "padding='causal' is unknown: use one of full, same, valid"),
            ({"padding": -1}, "padding=-1 is too small: use an integer of at least 0"),
            ({"activation": "swish"}, "activation='swish' is unknown"),
        ],
    )
    def test_arguments(self, options, message):
        with pytest.raises((TypeError, ValueError), match=message):
            Conv2D(**({"filters": 2, "kernel_size": 3} | options))

    def test_grey_images_without_channels(self):
        with pytest.raises(ValueError, match=r"\(None, 28, 28\) do not fit .*inputs\[\.\.\., None"):
            Conv2D(2, 3).forward(np.ones((5, 28, 28)))

    def test_a_kernel_larger_than_the_images(self):
        layer = Conv2D(2, 7)
        with pytest.raises(ValueError, match="kernel_size=7 does not fit input_size=5"):
            layer.forward(np.ones((1, 5, 5, 1)))
        assert not layer.built

    def test_another_number_of_channels(self):
        layer = Conv2D(2, 3)
        layer.build((None, 5, 5, 1))
        with pytest.raises(ValueError, match=r"it was built for \(None, 5, 5, 1\)"):
            layer.forward(np.ones((1, 5, 5, 3)))

    def test_backward_before_forward(self):
        with pytest.raises(RuntimeError, match="call forward first"):
            Conv2D(2, 3).backward(np.ones((1, 3, 3, 2)))


class TestStrips:
    """Large images are worked on in strips of rows, small ones several at a time."""

    @pytest.mark.parametrize("channels", [1, 5])
    @pytest.mark.parametrize(("strides", "dilation"), [(1, 1), ((2, 3), 1), (1, (2, 1)), (2, 2)])
    @pytest.mark.parametrize("most", [1, 3_000, 20_000])
    def test_any_size_of_strip_gives_the_same(self, monkeypatch, channels, strides, dilation, most):
        rng = np.random.default_rng(1)
        images = rng.integers(-9, 10, (3, 11, 13, channels)).astype(float)

        def results():
            layer = Conv2D(4, (3, 2), strides, "same", dilation_rate=dilation, seed=2)
            layer.build(images.shape)
            layer.set_weights([np.arange(24.0 * channels).reshape(layer.kernel.shape), [1.0] * 4])
            outputs = layer.forward(images)
            grad_inputs = layer.backward(np.arange(outputs.size).reshape(outputs.shape) % 7)
            return outputs, grad_inputs, *layer.gradients

        whole = results()
        monkeypatch.setattr("helpers.convolution.channels._STRIP_BYTES", most)
        for ours, expected in zip(results(), whole, strict=True):
            np.testing.assert_array_equal(ours, expected)  # whole numbers: no rounding
