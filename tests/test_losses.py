"""The losses by hand, against Keras, by nudges, and where numbers get too large or too small."""

import keras
import keras_oracle
import numpy as np
import pytest
import tensorflow as tf
from hypothesis import given, settings
from hypothesis import strategies as st

from helpers.gradients import check_gradients
from helpers.layers.activations import Softmax
from helpers.losses import (
    CategoricalCrossentropy,
    Loss,
    MeanSquaredError,
    as_loss,
    to_categorical,
)

counts = st.integers(1, 6)
seeds = st.integers(0, 2**32 - 1)


def some_scores(samples, classes, seed, scale=1.0):
    return np.random.default_rng(seed).normal(0, scale, (samples, classes))


def some_probabilities(samples, classes, seed):
    return np.random.default_rng(seed).dirichlet(np.ones(classes), samples)


def some_one_hot(samples, classes, seed):
    return np.eye(classes)[np.random.default_rng(seed).integers(classes, size=samples)]


class TestByHand:
    def test_mean_squared_error(self):
        loss = MeanSquaredError()
        # Differences 1, −2, 0, 3: (1 + 4 + 0 + 9)/4
        assert loss.forward([[0, 2], [5, 1]], [[1, 0], [5, 4]]) == 14 / 4
        assert loss.backward().tolist() == [[2 * 1 / 4, 2 * -2 / 4], [0, 2 * 3 / 4]]

    def test_crossentropy_of_probabilities(self):
        loss = CategoricalCrossentropy()
        y, p = [[1, 0, 0], [0, 0, 1]], [[1 / 2, 1 / 4, 1 / 4], [1 / 4, 5 / 8, 1 / 8]]
        # −(ln 1/2 + ln 1/8)/2 = (1 + 3)/2 · ln 2
        assert loss.forward(y, p) == pytest.approx(2 * np.log(2))
        assert loss.backward().tolist() == [[-1 / (1 / 2) / 2, 0, 0], [0, 0, -1 / (1 / 8) / 2]]

    def test_crossentropy_of_scores(self):
        loss = CategoricalCrossentropy(from_logits=True)
        # Powers 1, 2, 5 give the probabilities 1/8, 2/8, 5/8.
        assert loss.forward([[0, 1, 0]], np.log([[1, 2, 5]])) == pytest.approx(np.log(4))
        assert loss.backward()[0] == pytest.approx([1 / 8, 2 / 8 - 1, 5 / 8])

    def test_ten_classes_with_no_idea(self):
        loss = CategoricalCrossentropy()
        assert loss.forward(np.eye(10), np.full((10, 10), 0.1)) == pytest.approx(np.log(10))


class TestGradients:
    @given(counts, counts, seeds)
    def test_mean_squared_error(self, samples, outputs, seed):
        y, prediction = some_scores(2 * samples, outputs, seed).reshape(2, samples, outputs)
        self.check(MeanSquaredError(), y, prediction)

    @given(counts, counts, seeds, st.floats(0.1, 20))
    def test_crossentropy_of_scores(self, samples, classes, seed, scale):
        y = some_probabilities(samples, classes, seed)
        scores = some_scores(samples, classes, seed, scale)
        self.check(CategoricalCrossentropy(from_logits=True), y, scores)

    @given(counts, counts, seeds)
    def test_crossentropy_of_probabilities(self, samples, classes, seed):
        y = some_one_hot(samples, classes, seed)
        # Away from 0, where ln is so steep that the nudge itself is off.
        p = (some_probabilities(samples, classes, seed) + 0.1) / (1 + 0.1 * classes)
        self.check(CategoricalCrossentropy(), y, p)

    def check(self, loss, y, prediction):
        loss.forward(y, prediction)
        gradient = loss.backward()
        check = check_gradients(lambda p: loss.forward(y, p), [prediction], [gradient])
        assert check.passed, check

    @given(counts, counts, seeds)
    def test_both_ways_through_softmax_agree(self, samples, classes, seed):
        y = some_one_hot(samples, classes, seed)
        scores = some_scores(samples, classes, seed)
        softmax, apart = Softmax(), CategoricalCrossentropy()
        together = CategoricalCrossentropy(from_logits=True)
        assert apart.forward(y, softmax.forward(scores)) == pytest.approx(
            together.forward(y, scores), rel=1e-6, abs=1e-12
        )
        assert softmax.backward(apart.backward()) == pytest.approx(together.backward(), abs=1e-12)


class TestAgainstKeras:
    @given(st.sampled_from(["mse", "scores", "probabilities"]), counts, st.integers(2, 6), seeds)
    @settings(max_examples=30)
    def test_values_and_gradients(self, kind, samples, outputs, seed):
        y = some_one_hot(samples, outputs, seed)
        if kind == "mse":
            ours, theirs = MeanSquaredError(), keras.losses.MeanSquaredError(dtype="float64")
            prediction = some_scores(samples, outputs, seed)
        else:
            options = {"from_logits": kind == "scores"}
            ours = CategoricalCrossentropy(**options)
            theirs = keras.losses.CategoricalCrossentropy(**options, dtype="float64")
            prediction = some_scores(samples, outputs, seed, 5)
            if kind == "probabilities":
                prediction = (some_probabilities(samples, outputs, seed) + 0.01) / (
                    1 + 0.01 * outputs
                )
        with keras_oracle.float64(), tf.GradientTape() as tape:
            variable = tf.Variable(prediction)
            expected = theirs(y, variable)
        assert ours.forward(y, prediction) == pytest.approx(float(expected), rel=1e-12)
        gradient = tape.gradient(expected, variable).numpy()
        if kind == "probabilities":
            # Keras divides by the sum of the row first, which adds the same number to a whole row.
            gradient -= gradient.max(axis=1, keepdims=True)
        assert ours.backward() == pytest.approx(gradient, abs=1e-12)

    def test_the_smallest_probability_that_counts(self):
        assert CategoricalCrossentropy.epsilon == keras.config.epsilon()
        with keras_oracle.float64():
            expected = float(keras.losses.CategoricalCrossentropy()([[1.0, 0.0]], [[0.0, 1.0]]))
        loss = CategoricalCrossentropy()
        assert loss.forward([[1, 0]], [[0, 1]]) == pytest.approx(expected)
        assert loss.backward().tolist() == [[0, 0]]

    def test_to_categorical(self):
        x = np.random.default_rng(1).integers(7, size=40)
        assert np.array_equal(to_categorical(x, 9), keras.utils.to_categorical(x, 9))
        assert np.array_equal(to_categorical(x), keras.utils.to_categorical(x))
        assert np.array_equal(to_categorical(x[:, None]), keras.utils.to_categorical(x[:, None]))


class TestLargeScores:
    def test_the_loss_is_the_distance_of_the_scores(self):
        loss = CategoricalCrossentropy(from_logits=True)
        assert loss.forward([[0, 1, 0]], [[5000.0, -3000.0, 0.0]]) == 8000
        assert loss.backward().tolist() == [[1, -1, 0]]

    def test_apart_the_gradient_is_lost(self):
        # This is why the two belong together: nothing is learned from the worst mistake.
        softmax, loss = Softmax(), CategoricalCrossentropy()
        loss.forward([[0, 1, 0]], softmax.forward([[5000.0, -3000.0, 0.0]]))
        assert softmax.backward(loss.backward()).tolist() == [[0, 0, 0]]

    def test_float32(self):
        loss = CategoricalCrossentropy(from_logits=True)
        scores = np.array([[200.0, 0.0]], np.float32)  # e^200 is infinite in float32
        assert loss.forward([[0, 1]], scores) == 200
        assert loss.backward().dtype == np.float32

    def test_nan_passes_through(self):
        for loss in (MeanSquaredError(), CategoricalCrossentropy(from_logits=True)):
            assert np.isnan(loss.forward([[0.0, 1.0]], [[np.nan, 1.0]]))
        assert np.isnan(CategoricalCrossentropy().forward([[0, 1]], [[np.nan, np.nan]]))


class TestErrors:
    def test_a_column_against_a_row_is_not_stretched(self):
        message = r"\(3,\) does not fit outputs of shape \(3, 1\): use y_true.reshape\(3, 1\)"
        with pytest.raises(ValueError, match=message):
            MeanSquaredError().forward([1, 2, 3], [[1], [2], [3]])

    @pytest.mark.parametrize("y", [[0, 2, 1], [[0], [2], [1]]])
    def test_class_numbers_for_one_hot_rows(self, y):
        message = r"for class numbers use to_categorical\(y_true, 4\)"
        with pytest.raises(ValueError, match=message):
            CategoricalCrossentropy().forward(y, np.full((3, 4), 0.25))

    def test_another_number_of_outputs(self):
        with pytest.raises(ValueError, match=r"\(3, 2\) does not fit outputs of shape \(3, 4\)"):
            MeanSquaredError().forward(np.zeros((3, 2)), np.zeros((3, 4)))

    @pytest.mark.parametrize(
        ("row", "sums"),
        [([1, 1, 0], "2"), ([0, 0, 0], "0"), ([2, -1, 0], "1, and its smallest value is -1")],
    )
    def test_targets_that_are_no_distribution(self, row, sums):
        message = rf"y_true\[1\] is .*, which is no probability distribution: it adds up to {sums}"
        with pytest.raises(ValueError, match=message):
            CategoricalCrossentropy().forward([[1, 0, 0], row], np.full((2, 3), 1 / 3))

    def test_predictions_that_are_no_distribution(self):
        # The "softmax output" of a tutorial.
        message = r"y_pred\[0\] .* adds up to 1.1.*end the network with softmax, or use from_logits"
        with pytest.raises(ValueError, match=message):
            CategoricalCrossentropy().forward([[1, 0, 0, 0, 0]], [[0.2, 0.3, 0.4, 0.1, 0.1]])

    def test_scores_and_other_targets_need_no_distribution(self):
        assert MeanSquaredError().forward([[5, -3]], [[5, -3]]) == 0
        assert CategoricalCrossentropy(from_logits=True).forward([[1, 0]], [[99, -7]]) < 1e-9

    @pytest.mark.parametrize("loss", [MeanSquaredError(), CategoricalCrossentropy()])
    def test_empty_batch(self, loss):
        with pytest.raises(ValueError, match="is empty: give it at least one number"):
            loss.forward(np.zeros((0, 2)), np.zeros((0, 2)))

    @pytest.mark.parametrize("loss", [MeanSquaredError(), CategoricalCrossentropy()])
    def test_backward_before_forward(self, loss):
        with pytest.raises(RuntimeError, match="call forward first"):
            loss.backward()

    @pytest.mark.parametrize("x", [[0, -1], [0.5], [np.nan], [], ["a"]])
    def test_to_categorical_of_what_is_no_class(self, x):
        with pytest.raises((TypeError, ValueError), match="^x=.*(does not|empty)"):
            to_categorical(x)

    def test_to_categorical_with_too_few_classes(self):
        with pytest.raises(ValueError, match="class 3 does not fit num_classes=3.* num_classes=4"):
            to_categorical([0, 3], 3)

    def test_names(self):
        assert isinstance(as_loss("mse"), MeanSquaredError)
        assert isinstance(as_loss("mean_squared_error"), MeanSquaredError)
        assert isinstance(as_loss("categorical_crossentropy"), CategoricalCrossentropy)
        own = Loss()
        assert as_loss(own) is own
        with pytest.raises(ValueError, match="loss='hinge' is unknown: use one of"):
            as_loss("hinge")
