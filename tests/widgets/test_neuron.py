"""The Python side of Neuron: its numbers, held to Keras, and what its traits refuse."""

import re

import numpy as np
import pytest
from traitlets import TraitError

from helpers.widgets import Neuron


def test_the_sum_by_hand():
    neuron = Neuron(inputs=[1, 0], weights=[0.5, -1], bias=0.2)
    assert neuron.pre_activation == 1 * 0.5 + 0 * -1 + 0.2
    assert neuron.activation_value == pytest.approx(1 / (1 + np.exp(-0.7)))
    a = neuron.activation_value
    assert neuron.slope == pytest.approx(a * (1 - a))


@pytest.mark.parametrize("activation", ["sigmoid", "tanh", "relu"])
def test_values_are_those_of_keras(activation):
    import keras

    rng = np.random.default_rng(4)
    for _ in range(5):
        x, w = rng.normal(size=(2, 3)).round(2).tolist()
        b = round(rng.normal(), 2)
        dense = keras.layers.Dense(1, activation=activation)
        dense.build((1, 3))
        dense.set_weights([np.reshape(w, (3, 1)), np.array([b])])
        neuron = Neuron(inputs=x, weights=w, bias=b, activation=activation)
        assert neuron.activation_value == pytest.approx(float(dense(np.array([x]))[0, 0]), abs=1e-6)


@pytest.mark.parametrize("activation", ["sigmoid", "tanh", "relu", "step"])
def test_the_slope_is_the_limit_of_differences(activation):
    tiny = 1e-6
    for bias in (-2.0, -0.4, 0.3, 1.7):
        around = [
            Neuron(inputs=[1], weights=[0], bias=b, activation=activation).activation_value
            for b in (bias - tiny, bias + tiny)
        ]
        neuron = Neuron(inputs=[1], weights=[0], bias=bias, activation=activation)
        assert neuron.slope == pytest.approx((around[1] - around[0]) / (2 * tiny), abs=1e-8)


def test_at_0_the_step_is_1_and_its_slope_counts_as_0():
    neuron = Neuron(inputs=[1, 1], weights=[0.7, 0.1], bias=-0.8, activation="step")
    assert 0.7 + 0.1 - 0.8 != 0, "or there is nothing to test"
    assert neuron.pre_activation == 0
    assert neuron.activation_value == 1
    assert neuron.slope == 0
    relu = Neuron(inputs=[1, 1], weights=[1, -1], bias=0, activation="relu")
    assert (relu.activation_value, relu.slope) == (0, 0)


def test_which_points_are_right():
    assert Neuron(problem="and", bias=-1.5).right == [True] * 4
    assert Neuron(problem="or", bias=-0.5).right == [True] * 4
    assert Neuron(problem="xor", bias=-0.5).right == [True, True, True, False]
    # On the line the step says 1 and the others do not.
    assert Neuron(problem="and", bias=-2, activation="step").right == [True] * 4
    assert Neuron(problem="and", bias=-2, activation="relu").right == [True, True, True, False]
    assert Neuron().right == []


@pytest.mark.parametrize(
    ("state", "words"),
    [
        ({"inputs": []}, "inputs has 0 numbers: use 1 to 4"),
        ({"inputs": [1] * 5, "weights": [1] * 5}, "has 5 numbers: use 1 to 4"),
        ({"inputs": [1, 2, 3]}, "inputs has 3 numbers and weights has 2: give one weight for each"),
        ({"weights": [1]}, "give one weight for each input"),
        ({"weights": [1, 500]}, "weights holds 500: use numbers from -100 to 100"),
        ({"weights": [1, "2"]}, "must hold numbers, not '2'"),
        ({"inputs": [1, float("nan")]}, "must hold finite numbers"),
        ({"bias": float("inf")}, "bias must hold finite numbers, not inf"),
        ({"bias": float("nan")}, "bias must hold finite numbers, not nan"),
        ({"activation": "softmax"}, "activation"),
        ({"problem": "nand"}, "problem"),
        (
            {"problem": "xor", "inputs": [1, 1, 1], "weights": [1, 1, 1]},
            "problem='xor' needs 2 inputs, not 3",
        ),
        ({"step": 4}, "step"),
        ({"answer": "maybe"}, "answer"),
        ({"hide": ["bias"]}, "names no part of Neuron"),
    ],
)
def test_what_does_not_fit_is_refused(state, words):
    with pytest.raises(TraitError, match=re.escape(words)):
        Neuron(**state)


def test_the_number_of_inputs_changes_together_with_the_weights():
    neuron = Neuron()
    with neuron.hold_trait_notifications():
        neuron.inputs = [1, 2, 3]
        neuron.weights = np.array([1.0, 0.5, -1.0])
    assert neuron.pre_activation == 1 + 1 - 3 - 0.5
    with pytest.raises(TraitError, match="give one weight for each input"):
        neuron.weights = [1, 2]
    assert neuron.weights == [1, 0.5, -1]


def test_the_static_form_has_text_and_state():
    form = Neuron(problem="xor")._repr_mimebundle_()[0]["text/html"]
    assert '"problem": "xor"' in form
    assert "but not those of XOR" in form
