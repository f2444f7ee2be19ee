"""The gradient check itself: exact where it should be, and alarmed by every kind of mistake."""

import numpy as np
import pytest
from hypothesis import assume, given, settings
from hypothesis import strategies as st

from helpers.gradients import check_gradients, check_layer, check_network, numerical_gradient
from helpers.layers import Dense, Dropout, Flatten, ReLU, Sigmoid, Softmax, Tanh
from helpers.network import Sequential

seeds = st.integers(0, 2**32 - 1)
sizes = st.integers(1, 5)


class TestNumericalGradient:
    def test_by_hand(self):
        # f = x²y at (3, 5): 2xy = 30 and x² = 9
        gradient = numerical_gradient(lambda p: p[0] ** 2 * p[1], [3, 5])
        assert gradient == pytest.approx([30, 9], rel=1e-9)

    @given(st.lists(st.floats(-3, 3), min_size=4, max_size=4), st.floats(-2, 2))
    def test_polynomials(self, coefficients, at):
        polynomial = np.polynomial.Polynomial(coefficients)
        gradient = numerical_gradient(lambda p: polynomial(p[0]), [at])
        assert gradient[0] == pytest.approx(polynomial.deriv()(at), abs=1e-8)

    def test_keeps_the_shape_and_the_array(self):
        array = np.arange(6.0).reshape(1, 2, 3)
        gradient = numerical_gradient(lambda a: (a**2).sum(), array)
        assert gradient == pytest.approx(2 * array)
        assert array.tolist() == [[[0, 1, 2], [3, 4, 5]]]

    def test_the_error_shrinks_with_the_square_of_the_step(self):
        errors = [
            abs(numerical_gradient(lambda p: np.exp(p[0]), [1.0], step=h)[0] - np.e)
            for h in (1e-1, 1e-2, 1e-3)
        ]
        # h²/6 f‴ with f‴ = e
        assert errors == pytest.approx([np.e * h**2 / 6 for h in (1e-1, 1e-2, 1e-3)], rel=0.01)

    def test_the_default_step_is_close_to_the_best(self):
        errors = {
            h: abs(numerical_gradient(lambda p: np.sin(p).sum(), np.linspace(-3, 3, 50), step=h)
                   - np.cos(np.linspace(-3, 3, 50))).max()
            for h in (1e-2, 1e-5, 1e-9)
        }  # fmt: skip
        assert errors[1e-5] < 1e-8
        assert errors[1e-5] < errors[1e-2] / 100 and errors[1e-5] < errors[1e-9] / 100


class TestCheckGradients:
    w, b, x = np.array([[1.0, -2.0], [0.5, 3.0]]), np.array([0.25, -1.0]), np.array([2.0, 0.7])

    def loss(self, w, b):
        return np.sum(np.tanh(self.x @ w + b))

    def gradients(self):
        slope = 1 - np.tanh(self.x @ self.w + self.b) ** 2
        return [np.outer(self.x, slope), slope]

    def test_right_ones_pass(self):
        check = check_gradients(self.loss, [self.w, self.b], self.gradients(), names=["w", "b"])
        assert check.passed
        assert check.worst < 1e-9
        report = str(check).splitlines()
        assert report[0] == "The gradients agree."
        assert [line.split(":")[0] for line in report[1:]] == ["w", "b"]

    @pytest.mark.parametrize(
        "spoil",
        [
            lambda w, b: (2 * w, b),
            lambda w, b: (-w, b),
            lambda w, b: (w.T, b),
            lambda w, b: (w, b[::-1]),
            lambda w, b: (w, b + [0, 1e-4]),
            lambda w, b: (w * 0, b),
            lambda w, b: (w * np.nan, b),
            lambda w, b: (w, b * [1, np.inf]),
        ],
    )
    def test_wrong_ones_do_not(self, spoil):
        check = check_gradients(self.loss, [self.w, self.b], spoil(*self.gradients()))
        assert not check.passed
        assert "do NOT agree" in str(check)

    def test_says_where(self):
        grad_w, grad_b = self.gradients()
        grad_w[1, 0] += 1
        check = check_gradients(self.loss, [self.w, self.b], [grad_w, grad_b], names=["w", "b"])
        given_there, true_there = grad_w[1, 0], grad_w[1, 0] - 1
        assert "w: largest difference" in str(check)
        assert (
            f"at [1, 0], where the gradient is {given_there:.6g} and the nudge gives "
            f"{true_there:.6g}" in str(check)
        )

    def test_a_function_that_gives_nan_does_not_pass(self):
        check = check_gradients(lambda a: np.nan, [[1.0, 2.0]], [[0.0, 0.0]])
        assert not check.passed

    def test_a_small_gradient_beside_a_large_one_is_checked_for_itself(self):
        def loss(a, b):
            return 1000 * a.sum() + 0.01 * b.sum()

        right = check_gradients(loss, [[0.0], [0.0]], [[1000.0], [0.01]])
        wrong = check_gradients(loss, [[0.0], [0.0]], [[1000.0], [0.02]])
        assert right.passed and not wrong.passed

    def test_a_corner_shows_the_mean_of_both_slopes(self):
        check = check_gradients(lambda a: np.maximum(a, 0).sum(), [[0.0]], [[0.0]])
        assert not check.passed
        assert check.comparisons[0].numerical == pytest.approx([0.5])

    def test_some_entries_only(self):
        calls = []

        def loss(a):
            calls.append(a)
            return (a**2).sum()

        array = np.arange(100.0).reshape(10, 10) / 100
        check = check_gradients(loss, [array], [2 * array], entries=7, seed=1)
        assert check.passed
        assert len(calls) == 1 + 2 * 7
        places = check.comparisons[0].places
        assert len(set(places)) == 7
        again = check_gradients(loss, [array], [2 * array], entries=7, seed=1)
        assert again.comparisons[0].places == places
        everything = check_gradients(loss, [array], [2 * array], entries=1000)
        assert len(everything.comparisons[0].places) == 100

    def test_errors(self):
        with pytest.raises(ValueError, match=r"gradients of shapes \[\(2,\)\] do not fit arrays"):
            check_gradients(np.sum, [np.ones(3)], [np.ones(2)])
        with pytest.raises(ValueError, match="entries=0 is too small"):
            check_gradients(np.sum, [np.ones(3)], [np.ones(3)], entries=0)


class TestCheckLayer:
    """A layer that is wrong in one place is found; and the layer is left as it was."""

    @pytest.mark.parametrize(
        "slip",
        [
            lambda layer, delta: setattr(layer, "grad_kernel", layer.grad_kernel / len(delta)),
            lambda layer, delta: setattr(layer, "grad_bias", delta.mean(axis=0)),
            lambda layer, delta: setattr(layer, "grad_bias", layer.grad_bias * 0),
            lambda layer, delta: delta @ np.abs(layer.kernel.T),
        ],
        ids=["mean for sum", "mean of the bias", "no bias", "sign of the kernel"],
    )
    def test_finds_a_slip_in_dense(self, slip):
        class Slipped(Dense):
            def backward_pre_activation(self, delta):
                right = super().backward_pre_activation(delta)
                wrong = slip(self, delta)
                return right if wrong is None else wrong

        x = np.random.default_rng(1).standard_normal((4, 3))
        assert check_layer(Dense(2, "tanh", seed=1), x).passed
        assert not check_layer(Slipped(2, "tanh", seed=1), x).passed

    def test_finds_a_dropout_that_forgets_its_draw(self):
        class Forgets(Dropout):
            def backward(self, grad_output):
                return grad_output

        x = np.random.default_rng(1).standard_normal((4, 3))
        assert check_layer(Dropout(0.5), x, training=True).passed
        assert not check_layer(Forgets(0.5), x, training=True).passed

    def test_leaves_the_layer_as_it_was(self):
        layer, same = Dense(2, seed=5), Dense(2, seed=5)
        x = np.ones((3, 4))
        layer.forward(x), same.forward(x)
        report = str(check_layer(layer, x))
        assert all(map(np.array_equal, layer.get_weights(), same.get_weights()))
        assert layer.rng.random() == same.rng.random()
        assert [line.split(":")[0] for line in report.splitlines()[1:]] == [
            "inputs", "kernel", "bias",
        ]  # fmt: skip

    def test_refuses_float32(self):
        with pytest.raises(ValueError, match="'dense' calculates in float32, which has too few"):
            check_layer(Dense(2, dtype="float32", seed=1), np.ones((3, 4)))


class TestCheckNetwork:
    @given(
        st.lists(st.tuples(sizes, st.sampled_from([None, "relu", "sigmoid", "tanh", "softmax"])),
                 min_size=1, max_size=3),
        st.sampled_from(["mean_squared_error", "categorical_crossentropy"]),
        sizes, sizes, seeds,
    )  # fmt: skip
    @settings(max_examples=40)
    def test_any_network_and_loss(self, layers, loss, samples, inputs, seed):
        rng = np.random.default_rng(seed)
        *hidden, (outputs, last) = layers
        last = "softmax" if loss == "categorical_crossentropy" else last
        dense = [
            Dense(n, f, bias_initializer="random_normal") for n, f in [*hidden, (outputs, last)]
        ]
        network = Sequential(dense, seed=rng)
        network.compile("sgd", loss)
        x = rng.standard_normal((samples, inputs))
        y = np.eye(outputs)[rng.integers(outputs, size=samples)]
        network.forward(x)
        # No ReLU so close to its corner that the nudge would carry it over.
        assume(all(np.abs(layer.pre_activation).min() > 1e-3 for layer in dense))
        check = check_network(network, x, y)
        assert check.passed, check

    def test_every_kind_of_layer_in_one_network(self):
        layers = [Flatten(), Dense(6), Tanh(), Dropout(0.5), Dense(5), Sigmoid(), Dense(4), ReLU(),
                  Dense(3), Softmax()]  # fmt: skip
        network = Sequential(layers, seed=4)
        network.compile("adam", "categorical_crossentropy")
        rng = np.random.default_rng(1)
        x, y = rng.standard_normal((6, 2, 3)), np.eye(3)[rng.integers(3, size=6)]
        before = [weights.copy() for weights in (network.forward(x), *network.parameters)][1:]
        check = check_network(network, x, y)
        assert check.passed, check
        assert all(map(np.array_equal, network.parameters, before))
        names = [line.split(":")[0] for line in str(check).splitlines()[1:]]
        assert names[:2] == ["dense kernel", "dense bias"]
        assert names[-1] == "dense_3 bias"

    def test_finds_a_layer_that_is_wrong(self):
        class AlwaysPasses(ReLU):
            def backward(self, grad_output):
                return grad_output * (self.outputs >= 0)

        rng = np.random.default_rng(1)
        x, y = rng.standard_normal((6, 3)), rng.standard_normal((6, 1))
        for kind, passes in ((ReLU, True), (AlwaysPasses, False)):
            network = Sequential([Dense(5), kind(), Dense(1)], seed=2)
            network.compile("sgd", "mse")
            assert check_network(network, x, y).passed is passes

    def test_refuses_float32(self):
        network = Sequential([Dense(1)], seed=1, dtype="float32")
        network.compile("sgd", "mse")
        with pytest.raises(ValueError, match="'dense' calculates in float32"):
            check_network(network, np.ones((2, 3)), np.ones((2, 1)))
