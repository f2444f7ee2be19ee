"""Every layer by hand, against Keras, and its backward against nudges of the forward."""

import keras
import keras_oracle
import numpy as np
import pytest
import tensorflow as tf
from hypothesis import assume, given, settings
from hypothesis import strategies as st

from helpers.gradients import check_layer
from helpers.layers import Dense, Dropout, Flatten, Input, Linear, ReLU, Sigmoid, Softmax, Tanh
from helpers.layers.base import snake_case
from helpers.layers.initializers import initial_values

sizes = st.integers(1, 6)
seeds = st.integers(0, 2**32 - 1)
shapes = st.lists(st.integers(1, 5), min_size=2, max_size=3).map(tuple)
activations = st.sampled_from([None, "relu", "sigmoid", "tanh", "softmax"])
ACTIVATIONS = [Linear, ReLU, Sigmoid, Tanh, Softmax]
KERAS = {Linear: "linear", ReLU: "relu", Sigmoid: "sigmoid", Tanh: "tanh", Softmax: "softmax"}


def normal(shape, seed):
    """Return random numbers, none of which a nudge would carry across the corner of a ReLU."""
    values = np.random.default_rng(seed).standard_normal(shape)
    return values + np.copysign(0.001, values)


class TestByHand:
    def test_dense(self):
        layer = Dense(2)
        layer.build((None, 3))
        layer.set_weights([[[1, 2], [3, 4], [5, 6]], [10, 20]])
        # fmt: off
        assert layer.forward([[1, 0, -1], [2, 1, 0]]).tolist() == [
            [1*1 + 0*3 - 1*5 + 10, 1*2 + 0*4 - 1*6 + 20],  # 6, 16
            [2*1 + 1*3 + 0*5 + 10, 2*2 + 1*4 + 0*6 + 20],  # 15, 28
        ]
        # Both gradients of each sample, back along the weights they came through.
        assert layer.backward([[1, 10], [0, 1]]).tolist() == [
            [1*1 + 10*2, 1*3 + 10*4, 1*5 + 10*6],
            [0*1 +  1*2, 0*3 +  1*4, 0*5 +  1*6],
        ]
        # Each weight: its input times the gradient of its output, added up over the samples.
        assert layer.grad_kernel.tolist() == [
            [ 1*1 + 2*0,  1*10 + 2*1],
            [ 0*1 + 1*0,  0*10 + 1*1],
            [-1*1 + 0*0, -1*10 + 0*1],
        ]
        # fmt: on
        assert layer.grad_bias.tolist() == [1 + 0, 10 + 1]

    def test_sigmoid(self):
        layer = Sigmoid()
        # e^ln 3 = 3, so 1/(1 + 3) below and 1/(1 + 1/3) above.
        a = layer.forward([[0, -np.log(3), np.log(3)]])
        assert a[0] == pytest.approx([1 / 2, 1 / 4, 3 / 4])
        # a(1 − a): 1/2·1/2, 1/4·3/4, 3/4·1/4
        assert layer.backward([[1, 16, 16]])[0] == pytest.approx([1 / 4, 3, 3])

    def test_tanh(self):
        layer = Tanh()
        # With e^z = 2: (2 − 1/2)/(2 + 1/2) = 3/5.
        assert layer.forward([[0, np.log(2)]])[0] == pytest.approx([0, 3 / 5])
        assert layer.backward([[1, 25]])[0] == pytest.approx([1, 25 - 9])

    def test_softmax(self):
        layer = Softmax()
        # Powers 1, 2, 5 of the sum 8.
        p = layer.forward(np.log([[1, 2, 5]]))
        assert p[0] == pytest.approx([1 / 8, 2 / 8, 5 / 8])
        # Σ gᵢ pᵢ = 8·1/8 = 1, and pⱼ(gⱼ − 1):
        assert layer.backward([[8, 0, 0]])[0] == pytest.approx([1 / 8 * 7, -2 / 8, -5 / 8])

    def test_flatten(self):
        layer = Flatten()
        x = np.arange(12).reshape(2, 3, 2)
        assert layer.forward(x).tolist() == [[0, 1, 2, 3, 4, 5], [6, 7, 8, 9, 10, 11]]
        assert layer.backward(np.arange(12).reshape(2, 6)).tolist() == x.tolist()
        assert layer.output_shape == (None, 6)


class TestKnownSlips:
    """Mistakes in well-known texts, which this book must not inherit."""

    def test_relu_passes_a_gradient_only_where_the_input_was_positive(self):
        layer = ReLU()
        layer.forward([[-3.0, -0.0, 0.0, 2.0]])
        assert layer.backward([[5.0, 5.0, 5.0, 5.0]]).tolist() == [[0, 0, 0, 5]]

    def test_asking_whether_relu_outputs_are_at_least_0_would_be_noticed(self):
        class AlwaysPasses(ReLU):
            def backward(self, grad_output):
                return grad_output * (self.outputs >= 0)

        assert check_layer(ReLU(), normal((4, 5), 1)).passed
        assert not check_layer(AlwaysPasses(), normal((4, 5), 1)).passed

    def test_dropout_changes_nothing_when_predicting(self):
        x = normal((20, 30), 1)
        assert np.array_equal(Dropout(0.5, seed=1).forward(x), x)

    @pytest.mark.parametrize("rate", [0.1, 0.5, 0.8])
    def test_dropout_scales_up_while_training_so_that_the_mean_stays(self, rate):
        outputs = Dropout(rate, seed=1).forward(np.ones((500, 400)), training=True)
        assert np.unique(outputs) == pytest.approx([0, 1 / (1 - rate)])
        # 200 000 values of variance rate/(1 − rate): six standard errors of their mean.
        error = 6 * np.sqrt(rate / (1 - rate) / outputs.size)
        assert outputs.mean() == pytest.approx(1, abs=error)
        assert (outputs == 0).mean() == pytest.approx(rate, abs=0.01)

    def test_dropout_sends_the_gradient_the_way_the_values_went(self):
        layer = Dropout(0.5, seed=3)
        outputs = layer.forward(np.ones((9, 9)), training=True)
        assert np.array_equal(layer.backward(np.ones((9, 9))), outputs)
        layer.forward(np.ones((9, 9)))
        assert np.array_equal(layer.backward(np.ones((9, 9))), np.ones((9, 9)))

    def test_dropout_draws_anew_each_time_and_repeats_with_its_seed(self):
        x = np.ones((9, 9))
        first, second = Dropout(0.5, seed=3), Dropout(0.5, seed=3)
        draws = [layer.forward(x, training=True) for layer in (first, second, first)]
        assert np.array_equal(draws[0], draws[1])
        assert not np.array_equal(draws[0], draws[2])


class TestGradients:
    @given(sizes, sizes, sizes, activations, st.booleans(), seeds)
    @settings(max_examples=60)
    def test_dense(self, samples, inputs, units, activation, use_bias, seed):
        layer = Dense(
            units, activation, use_bias, bias_initializer=lambda shape, rng: rng.normal(size=shape),
            seed=seed,
        )  # fmt: skip
        x = normal((samples, inputs), seed)
        layer.forward(x)
        assume(np.abs(layer.pre_activation).min() > 1e-3)
        check = check_layer(layer, x)
        assert check.passed, check

    @given(st.sampled_from([*ACTIVATIONS, Flatten]), shapes, seeds)
    def test_layers_without_parameters(self, kind, shape, seed):
        check = check_layer(kind(), normal(shape, seed))
        assert check.passed, check

    @given(st.floats(0, 0.95), shapes, seeds)
    def test_dropout(self, rate, shape, seed):
        check = check_layer(Dropout(rate), normal(shape, seed), training=True, seed=seed)
        assert check.passed, check


class TestAgainstKeras:
    # Keras finds a softmax over a single score suspicious; here it is one shape among others.
    @pytest.mark.filterwarnings("ignore:You are using a softmax over axis -1")
    @given(st.sampled_from(ACTIVATIONS), shapes, st.floats(0.1, 50), seeds)
    @settings(max_examples=40)
    def test_activations_and_their_gradients(self, kind, shape, scale, seed):
        x, grad = normal(shape, seed) * scale, normal(shape, seed + 1)
        layer, z = kind(), tf.Variable(x)
        with tf.GradientTape() as tape:
            a = keras.activations.get(KERAS[kind])(z)
        assert layer.forward(x) == pytest.approx(a.numpy(), abs=1e-14)
        expected = tape.gradient(a, z, grad).numpy()
        assert layer.backward(grad) == pytest.approx(expected, rel=1e-9, abs=1e-13)

    @pytest.mark.parametrize("kind", ACTIVATIONS)
    def test_activations_far_out_and_at_zero(self, kind):
        x = np.array([[0.0, -0.0, 1e4, -1e4, 36.0, -36.0, 750.0, -750.0]])
        layer, z = kind(), tf.Variable(x)
        with tf.GradientTape() as tape:
            a = keras.activations.get(KERAS[kind])(z)
        assert layer.forward(x) == pytest.approx(a.numpy(), rel=1e-12)
        expected = tape.gradient(a, z, x).numpy()
        assert layer.backward(x) == pytest.approx(expected, rel=1e-9, abs=1e-11)

    @pytest.mark.filterwarnings("ignore:You are using a softmax over axis -1")
    @given(sizes, sizes, sizes, activations, st.booleans(), seeds)
    @settings(max_examples=15)
    def test_weights_move_without_a_transpose(self, samples, inputs, units, name, use_bias, seed):
        x = normal((samples, inputs), seed)
        ours = Dense(units, name, use_bias, bias_initializer="random_normal", seed=seed)
        a = ours.forward(x)
        with keras_oracle.float64():
            theirs = keras.layers.Dense(units, name, use_bias)
            theirs.build(x.shape)
            theirs.set_weights(ours.get_weights())
            assert a == pytest.approx(theirs(x).numpy(), abs=1e-14)
        # And back again.
        other = Dense(units, name, use_bias)
        other.build((None, inputs))
        other.set_weights(theirs.get_weights())
        assert np.array_equal(other.forward(x), a)

    def test_defaults_and_order_of_the_arguments(self):
        ours, theirs = Dense(3), keras.layers.Dense(3).get_config()
        assert ours.use_bias == theirs["use_bias"]
        for name in ("kernel_initializer", "bias_initializer"):
            assert snake_case(theirs[name]["class_name"]) == getattr(ours, name)
        ours, theirs = (kind(3, "relu", False, "he_normal") for kind in (Dense, keras.layers.Dense))
        assert isinstance(ours.activation, ReLU)
        assert theirs.activation is keras.activations.relu
        assert ours.use_bias is theirs.use_bias is False
        assert ours.kernel_initializer == "he_normal"
        assert isinstance(theirs.kernel_initializer, keras.initializers.HeNormal)

    def test_names(self):
        for kind in (Dense, Flatten, Dropout, ReLU, Softmax):
            theirs = getattr(keras.layers, kind.__name__)
            assert kind.__name__ == theirs.__name__
        assert [snake_case(name) for name in ("ReLU", "Dense", "MaxPooling2D", "Conv2D")] == [
            keras.src.utils.naming.to_snake_case(name)
            for name in ("ReLU", "Dense", "MaxPooling2D", "Conv2D")
        ]


class TestStartingValues:
    @pytest.mark.parametrize("shape", [(300, 200), (3, 3, 40, 160)])
    @pytest.mark.parametrize(
        "name",
        ["glorot_uniform", "glorot_normal", "he_uniform", "he_normal", "random_uniform",
         "random_normal"],
    )  # fmt: skip
    def test_spread_as_in_keras(self, name, shape):
        ours = initial_values(name, shape, np.random.default_rng(1), np.float64)
        theirs = np.asarray(keras.initializers.get(name)(shape))
        # Tens of thousands of values: their spread is known to about 1 %.
        assert ours.std() == pytest.approx(theirs.std(), rel=0.03)
        assert abs(ours.mean()) < 0.02 * ours.std()
        if name != "random_normal":  # all others have an end
            assert np.abs(ours).max() == pytest.approx(np.abs(theirs).max(), rel=0.01)

    def test_constants_and_functions(self):
        rng = np.random.default_rng(1)
        assert initial_values("zeros", (2, 3), rng, np.float32).tolist() == [[0] * 3] * 2
        assert initial_values("ones", (2,), rng, np.float64).tolist() == [1, 1]
        values = initial_values(lambda shape, rng: np.full(shape, 7), (2, 1), rng, np.float64)
        assert values.tolist() == [[7], [7]]
        assert values.dtype == np.float64

    def test_seed_repeats(self):
        def kernel(seed):
            layer = Dense(4, seed=seed)
            layer.build((None, 3))
            return layer.kernel

        assert np.array_equal(kernel(1), kernel(1))
        assert not np.array_equal(kernel(1), kernel(2))
        assert np.array_equal(kernel(np.random.default_rng(1)), kernel(1))


class TestBehaviour:
    def test_builds_at_the_first_input(self):
        layer = Dense(4)
        assert not layer.built
        assert layer.parameters == []
        assert layer.count_params() == 0
        layer.forward(np.ones((5, 3)))
        assert layer.built
        assert (layer.input_shape, layer.output_shape) == ((None, 3), (None, 4))
        assert [p.shape for p in layer.parameters] == [(3, 4), (4,)]
        assert layer.count_params() == 3 * 4 + 4
        assert layer.forward(np.ones((7, 3))).shape == (7, 4)

    def test_gradients_in_the_order_of_the_parameters(self):
        layer = Dense(4, seed=0)
        layer.backward(layer.forward(np.ones((5, 3))))
        assert [g.shape for g in layer.gradients] == [p.shape for p in layer.parameters]
        without = Dense(4, use_bias=False, seed=0)
        without.backward(without.forward(np.ones((5, 3))))
        assert [g.shape for g in without.gradients] == [p.shape for p in without.parameters]

    @pytest.mark.parametrize("kind", [*ACTIVATIONS, Flatten, lambda **k: Dropout(0.5, **k)])
    @pytest.mark.parametrize("dtype", ["float32", "float64"])
    def test_keeps_its_type(self, kind, dtype):
        layer = kind(dtype=dtype)
        outputs = layer.forward(np.ones((2, 3), np.float64), training=True)
        assert outputs.dtype == dtype
        assert layer.backward(np.ones((2, 3), np.float64)).dtype == dtype

    @pytest.mark.parametrize("activation", [None, "relu", "sigmoid", "tanh", "softmax"])
    def test_dense_in_float32(self, activation):
        layer = Dense(4, activation, dtype="float32", seed=1)
        outputs = layer.forward(np.ones((2, 3)))
        grad = layer.backward(np.ones((2, 4)))
        assert {a.dtype for a in (outputs, grad, *layer.parameters, *layer.gradients)} == {
            np.dtype("float32")
        }

    def test_calling_a_layer_is_its_forward(self):
        layer = Dropout(0.5, seed=1)
        x = np.ones((4, 4))
        assert np.array_equal(layer(x), x)
        assert not np.array_equal(layer(x, training=True), x)

    def test_activation_given_as_name_class_or_layer(self):
        shared = Tanh()
        for given_as in ("tanh", Tanh, shared):
            layer = Dense(2, given_as)
            assert isinstance(layer.activation, Tanh)
        assert Dense(2, shared).activation is not shared

    def test_get_weights_are_copies(self):
        layer = Dense(2, seed=1)
        layer.build((None, 2))
        layer.get_weights()[0][:] = 99
        assert (np.abs(layer.kernel) < 99).all()

    def test_set_weights_keeps_the_arrays_that_an_optimiser_holds(self):
        layer = Dense(2, seed=1)
        layer.build((None, 2))
        before = layer.parameters
        layer.set_weights([np.ones((2, 2)), np.ones(2)])
        assert all(a is b for a, b in zip(before, layer.parameters, strict=True))
        assert layer.kernel.tolist() == [[1, 1], [1, 1]]

    @pytest.mark.parametrize("kind", ACTIVATIONS)
    def test_nan_passes_through(self, kind):
        assert np.isnan(kind().forward([[np.nan, 1.0]])[0, 0])


class TestErrors:
    @pytest.mark.parametrize(
        ("make", "message"),
        [
            (lambda: Dense(0), "units=0 is too small: use an integer of at least 1"),
            (lambda: Dense(2.5), "units=2.5 is not a whole number"),
            (lambda: Dense(2, "swish"), "activation='swish' is unknown: use None or one of"),
            (lambda: Dropout(1), "rate=1 does not fit: use a number from 0 to below 1"),
            (lambda: Dropout(-0.1), "rate=-0.1 does not fit"),
            (lambda: Dropout("0.5"), "rate='0.5' does not fit"),
            (lambda: Dense(2, dtype="int32"), "dtype='int32' does not fit"),
            (lambda: Input((0,)), r"shape=\(0,\) is too small"),
        ],
    )
    def test_arguments(self, make, message):
        with pytest.raises((TypeError, ValueError), match=message):
            make()

    def test_another_number_of_inputs(self):
        layer = Dense(4)
        layer.build((None, 10))
        message = (
            r"inputs of shape \(5, 8\) do not fit the layer 'dense': "
            r"it was built for \(None, 10\), with any number of samples for None"
        )
        with pytest.raises(ValueError, match=message):
            layer.forward(np.ones((5, 8)))

    def test_images_into_dense(self):
        with pytest.raises(ValueError, match=r"\(None, 8, 8\) do not fit .* put a Flatten\(\)"):
            Dense(4).forward(np.ones((5, 8, 8)))

    def test_a_single_sample_into_dense(self):
        with pytest.raises(ValueError, match=r"for a single one inputs\[None\]"):
            Dense(4).forward(np.ones(8))

    def test_a_gradient_of_another_shape(self):
        layer = Dense(4)
        layer.forward(np.ones((5, 8)))
        with pytest.raises(ValueError, match=r"\(5, 8\) does not fit the layer 'dense': its last"):
            layer.backward(np.ones((5, 8)))

    @pytest.mark.parametrize("layer", [Dense(3), ReLU(), Softmax(), Flatten(), Dropout(0.5)])
    def test_backward_before_forward(self, layer):
        with pytest.raises(RuntimeError, match="has no outputs yet: call forward first"):
            layer.backward(np.ones((5, 3)))

    def test_weights_that_do_not_fit(self):
        layer = Dense(4)
        with pytest.raises(ValueError, match="it holds none before it is built"):
            layer.set_weights([np.ones((3, 4)), np.ones(4)])
        layer.build((None, 3))
        before = layer.get_weights()
        with pytest.raises(ValueError, match=r"shapes \[\(3, 4\), \(3,\)\] do not fit .* needs"):
            layer.set_weights([np.ones((3, 4)), np.ones(3)])
        assert np.array_equal(layer.kernel, before[0])  # not even the half that fits

    def test_unknown_initializer(self):
        with pytest.raises(ValueError, match="initializer='xavier' is unknown: use a function"):
            Dense(2, kernel_initializer="xavier").build((None, 3))
        with pytest.raises(ValueError, match=r"returned shape \(3,\): the parameter has shape"):
            Dense(2, kernel_initializer=lambda shape, rng: np.ones(3)).build((None, 3))
