"""The optimisers by hand, and against Keras over a hundred steps of random gradients."""

import inspect

import keras
import keras_oracle
import numpy as np
import pytest
import tensorflow as tf
from hypothesis import given, settings
from hypothesis import strategies as st

from helpers.optimizers import SGD, Adam, Optimizer, RMSprop, as_optimizer


def steps(optimizer, gradients, start=0.0):
    """Return where a single number is after each step."""
    w, path = np.array([float(start)]), []
    for gradient in gradients:
        optimizer.apply([np.array([float(gradient)])], [w])
        path.append(w[0])
    return path


class TestByHand:
    def test_gradient_descent(self):
        assert steps(SGD(0.5), [2, -4], start=1) == [1 - 0.5 * 2, 0 + 0.5 * 4]

    def test_momentum_keeps_rolling(self):
        # v = −1; then −½; then −¼ − 2
        assert steps(SGD(0.5, momentum=0.5), [2, 0, 4]) == [-1, -1.5, -1.5 - 0.25 - 2]

    def test_nesterov_looks_ahead(self):
        # v = −1, step ½·(−1) − 1; then v = −½, step ½·(−½) − 0
        assert steps(SGD(0.5, momentum=0.5, nesterov=True), [2, 0]) == [-1.5, -1.75]

    def test_rmsprop(self):
        # s = ¾·0 + ¼·4² = 4, and then ¾·4 + ¼·2² = 4: steps of 4/2 and 2/2.
        path = steps(RMSprop(1.0, rho=0.75, epsilon=0.0), [4, 2])
        assert path == [-4 / 2, -4 / 2 - 2 / 2]

    def test_rmsprop_with_momentum(self):
        # The divided gradients 2 and 1 as before; v = 2, then ½·2 + 1.
        path = steps(RMSprop(1.0, rho=0.75, momentum=0.5, epsilon=0.0), [4, 2])
        assert path == [-2, -2 - 2]

    def test_adam(self):
        # m = ½·4 = 2, corrected 2/(1 − ½) = 4; v = ¼·16 = 4, corrected 4/(1 − ¾) = 16: step 4/4.
        # m = ½·2 + ½·(−2) = 0: no step, whatever v.
        path = steps(Adam(1.0, beta_1=0.5, beta_2=0.75, epsilon=0.0), [4, -2])
        assert path == pytest.approx([-1, -1])


class TestPinned:
    """Details in which libraries differ. Here they are Keras's, with Keras looked at as well."""

    def both(self, kind, gradients, **settings):
        theirs = getattr(keras.optimizers, kind.__name__)(**keras_oracle.exact(settings))
        w = tf.Variable([0.0], dtype="float64")
        for gradient in gradients:
            theirs.apply([tf.constant([gradient], "float64")], [w])
        return steps(kind(**settings), gradients)[-1], float(w.numpy()[0])

    def test_momentum_is_not_the_mean_of_gradients(self):
        with keras_oracle.float64():
            ours, theirs = self.both(SGD, [1.0] * 200, learning_rate=0.01, momentum=0.9)
        # 200 steps of almost 0.01/(1 − 0.9) each; with a mean it would be 200 · 0.01 at most.
        assert 200 * 0.01 < 18 < -ours < 20
        assert ours == pytest.approx(theirs, rel=1e-12)

    def test_rmsprop_adds_epsilon_inside_the_root(self):
        with keras_oracle.float64():
            ours, theirs = self.both(
                RMSprop, [1.0], learning_rate=1.0, rho=0.5, momentum=0.0, epsilon=0.5
            )
        inside, outside = 1 / np.sqrt(0.5 + 0.5), 1 / (np.sqrt(0.5) + 0.5)
        assert inside == pytest.approx(-ours) == pytest.approx(-theirs)
        assert inside != pytest.approx(outside, rel=0.1)

    def test_adam_adds_epsilon_beside_the_uncorrected_root(self):
        with keras_oracle.float64():
            ours, theirs = self.both(
                Adam, [1.0], learning_rate=1.0, beta_1=0.0, beta_2=0.75, epsilon=0.5
            )
        uncorrected = np.sqrt(1 - 0.75) / (np.sqrt(0.25) + 0.5)  # ½ / 1
        corrected, inside = 1 / (1 + 0.5), np.sqrt(1 - 0.75) / np.sqrt(0.25 + 0.5)
        assert uncorrected == pytest.approx(-ours) == pytest.approx(-theirs)
        assert abs(uncorrected - corrected) > 0.1
        assert abs(uncorrected - inside) > 0.05

    @pytest.mark.parametrize("kind", [SGD, RMSprop, Adam])
    def test_defaults_and_order_of_the_arguments(self, kind):
        ours = inspect.signature(kind).parameters
        theirs = inspect.signature(getattr(keras.optimizers, kind.__name__)).parameters
        by_position = [name for name in ours if ours[name].kind is not ours[name].KEYWORD_ONLY]
        assert by_position == list(theirs)[: len(by_position)]
        assert {name: p.default for name, p in ours.items()} == {
            name: theirs[name].default for name in ours
        }


class TestAgainstKeras:
    @pytest.mark.parametrize("name", keras_oracle.OPTIMIZERS)
    @given(
        seed=st.integers(0, 2**32 - 1),
        scale=st.sampled_from([1e-6, 1e-3, 1.0, 1e3]),
        shape=st.lists(st.integers(1, 4), min_size=1, max_size=3).map(tuple),
    )
    @settings(max_examples=3)
    def test_a_hundred_steps(self, name, seed, scale, shape):
        rng = np.random.default_rng(seed)
        start = rng.standard_normal(shape)
        gradients = rng.standard_normal((100, *shape)) * scale
        with keras_oracle.float64():
            ours, theirs = keras_oracle.both_optimizers(name)
            w, variable = start.copy(), tf.Variable(start)
            for gradient in gradients:
                ours.apply([gradient], [w])
                theirs.apply([tf.constant(gradient)], [variable])
        moved = np.abs(w - start).max()
        assert moved > 0
        # A hundred additions to numbers of size 1 (or of the size they reached) round that much.
        assert w == pytest.approx(variable.numpy(), rel=0, abs=3e-14 * max(1, moved))


class TestBehaviour:
    def kinds(self):
        return [SGD(0.1, 0.9), RMSprop(0.1, momentum=0.5), Adam(0.1)]

    def test_each_parameter_has_a_memory_of_its_own(self):
        trios = zip(self.kinds(), self.kinds(), self.kinds(), strict=True)
        for together, apart_1, apart_2 in trios:
            a, b = np.ones(2), np.ones((1, 3))
            for step in range(3):
                together.apply([np.full(2, step), np.full((1, 3), -5.0)], [a, b])
            c, d = np.ones(2), np.ones((1, 3))
            for step in range(3):
                apart_1.apply([np.full(2, step)], [c])
                apart_2.apply([np.full((1, 3), -5.0)], [d])
            assert np.array_equal(a, c)
            assert np.array_equal(b, d)

    def test_keeps_gradients_and_type(self):
        for optimizer in self.kinds():
            w, gradient = np.ones(3, np.float32), np.arange(3, dtype=np.float32)
            optimizer.apply([gradient], [w])
            assert w.dtype == np.float32
            assert gradient.tolist() == [0, 1, 2]

    def test_goes_on_from_a_state(self):
        for optimizer in self.kinds():
            w = np.ones(3)
            optimizer.apply([np.arange(3.0)], [w])
            state, at = optimizer.get_state(), w.copy()
            for _ in range(2):
                optimizer.apply([np.arange(3.0)], [w])
            optimizer.set_state(state)
            again = at.copy()
            for _ in range(2):
                optimizer.apply([np.arange(3.0)], [again])
            assert np.array_equal(w, again)
            assert optimizer.iterations == 3

    def test_goes_back_to_before_the_first_step(self):
        for optimizer in self.kinds():
            fresh = optimizer.get_state()
            first = steps(optimizer, [1, 2, 3])
            optimizer.set_state(fresh)
            assert steps(optimizer, [1, 2, 3]) == first

    def test_weight_decay_is_the_penalty_for_plain_descent_and_not_for_adam(self):
        # ½λw² has the gradient λw, and SGD takes ηλw off: so does weight decay.
        for kind, equal in ((SGD, True), (Adam, False)):
            decayed, penalized = np.array([2.0, 0.1]), np.array([2.0, 0.1])
            with_decay, plain = kind(0.1, weight_decay=0.5), kind(0.1)
            for _ in range(5):
                with_decay.apply([np.array([1.0, 1.0])], [decayed])
                plain.apply([1.0 + 0.5 * penalized], [penalized])
            assert np.allclose(decayed, penalized, rtol=1e-12) is equal

    def test_learning_rate_may_change(self):
        optimizer = SGD(1.0)
        w = np.array([0.0])
        optimizer.apply([np.array([1.0])], [w])
        optimizer.learning_rate = 0.5
        optimizer.apply([np.array([1.0])], [w])
        assert w[0] == -1.5

    def test_names(self):
        assert isinstance(as_optimizer("sgd"), SGD)
        assert isinstance(as_optimizer("RMSprop"), RMSprop)
        assert isinstance(as_optimizer("adam"), Adam)
        own = Adam(0.5)
        assert as_optimizer(own) is own


class TestErrors:
    @pytest.mark.parametrize(
        ("make", "message"),
        [
            (lambda: SGD(-0.1), "learning_rate=-0.1 does not fit: use a number of at least 0"),
            (lambda: SGD("0.1"), "learning_rate='0.1' does not fit"),
            (lambda: SGD(float("nan")), "learning_rate=nan does not fit"),
            (lambda: SGD(float("inf")), "learning_rate=inf does not fit"),
            (lambda: SGD(True), "learning_rate=True does not fit"),
            (lambda: SGD(0.1, 1.5), "momentum=1.5 does not fit: use a number from 0 to 1"),
            (lambda: RMSprop(rho=-1), "rho=-1 does not fit: use a number from 0 to 1"),
            (lambda: RMSprop(epsilon=-1), "epsilon=-1 does not fit: use a number of at least 0"),
            (lambda: Adam(beta_1=1), "beta_1=1 does not fit: use a number from 0 to below 1"),
            (lambda: Adam(beta_2=1.0), "beta_2=1.0 does not fit"),
            (
                lambda: SGD(weight_decay=-1),
                "weight_decay=-1 does not fit: use a number of at least 0",
            ),
            (lambda: as_optimizer("adagrad"), "optimizer='adagrad' is unknown: use one of sgd,"),
        ],
    )
    def test_settings(self, make, message):
        with pytest.raises(ValueError, match=message):
            make()

    def test_other_parameters_than_before(self):
        optimizer = Adam()
        optimizer.apply([np.ones(3)], [np.ones(3)])
        with pytest.raises(ValueError, match=r"\[\(4,\)\] do not fit: .* for others make a new"):
            optimizer.apply([np.ones(4)], [np.ones(4)])

    def test_a_gradient_of_another_shape_is_not_stretched(self):
        with pytest.raises(ValueError, match=r"gradients of shapes \[\(1, 3\)\] do not fit"):
            SGD().apply([np.ones((1, 3))], [np.ones(3)])

    @pytest.mark.parametrize("parameter", [np.array([1, 2]), [1.0, 2.0], 1.0])
    def test_parameters_that_cannot_change_in_place(self, parameter):
        with pytest.raises(TypeError, match="cannot be changed in place: use an array of floats"):
            SGD().apply([np.ones(2)], [parameter])

    def test_the_base_has_no_rule(self):
        with pytest.raises(NotImplementedError):
            Optimizer(0.1).apply([np.ones(2)], [np.ones(2)])
