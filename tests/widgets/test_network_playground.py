"""The Python side of NetworkPlayground: its network, points and presets, and what it refuses."""

import re

import numpy as np
import pytest
from sklearn import datasets
from traitlets import TraitError

from helpers.losses import CategoricalCrossentropy, MeanSquaredError
from helpers.optimizers import SGD, Adam
from helpers.widgets import NetworkPlayground
from helpers.widgets.network_playground import PRESETS


def test_the_network_that_the_settings_describe():
    widget = NetworkPlayground(hidden=[3, 5], activation="relu", optimizer="momentum")
    network = widget.network()
    assert [layer.units for layer in network.layers] == [3, 5, 2]
    assert network.count_params() == (2 + 1) * 3 + (3 + 1) * 5 + (5 + 1) * 2
    assert isinstance(network.loss, CategoricalCrossentropy)
    assert isinstance(network.optimizer, SGD)
    assert (network.optimizer.learning_rate, network.optimizer.momentum) == (0.3, 0.9)
    assert all((layer.bias == 0).all() for layer in network.layers)
    widget = NetworkPlayground(loss="mean_squared_error", hidden=[], optimizer="adam")
    network = widget.network()
    assert network.count_params() == 3
    assert network.layers[-1].activation.name == "sigmoid"
    assert isinstance(network.loss, MeanSquaredError)
    assert isinstance(network.optimizer, Adam)


def test_starting_weights_are_numpys_draws():
    widget = NetworkPlayground(hidden=[4], seed=8)
    kernel, _, last, _ = widget.network().get_weights()
    rng = np.random.RandomState(8)
    glorot = np.sqrt(6 / (2 + 4)), np.sqrt(6 / (4 + 2))
    np.testing.assert_array_equal(kernel, rng.uniform(-glorot[0], glorot[0], (2, 4)))
    np.testing.assert_array_equal(last, rng.uniform(-glorot[1], glorot[1], (4, 2)))
    widget.initializer = "he_uniform"
    limit = np.sqrt(6 / 2)
    draws = np.random.RandomState(8).uniform(-limit, limit, (2, 4))
    np.testing.assert_array_equal(widget.network().layers[0].kernel, draws)
    widget.initializer = "random_normal"
    draws = np.random.RandomState(8).normal(0, 0.05, (2, 4))
    np.testing.assert_array_equal(widget.network().layers[0].kernel, draws)
    widget.initializer = "zeros"
    assert not any(array.any() for array in widget.network().get_weights())


def test_noise_leaves_the_starting_weights_as_they_are():
    one, other = (NetworkPlayground(noise=noise).network() for noise in (0, 0.3))
    np.testing.assert_array_equal(one.layers[0].kernel, other.layers[0].kernel)


@pytest.mark.parametrize("name", ["moons", "circles"])
def test_moons_and_circles_are_those_of_scikit_learn(name):
    widget = NetworkPlayground(data=name, noise=0.1, seed=6)
    x, y = widget.points
    options = {"factor": 0.5} if name == "circles" else {}
    make = getattr(datasets, f"make_{name}")
    expected, labels = make(200, noise=0.1, random_state=6, **options)
    np.testing.assert_allclose(x, expected, atol=1e-12)
    np.testing.assert_array_equal(y.argmax(axis=1), labels)


def test_xor_spiral_and_curve_without_noise():
    x, y = NetworkPlayground(noise=0, loss="mean_squared_error").points
    assert y.shape == (200, 1)
    np.testing.assert_array_equal(y[:, 0], x[:, 0] != x[:, 1])
    x, y = NetworkPlayground(data="spiral", noise=0).points
    radius, label = np.hypot(*x.T), y.argmax(axis=1)
    angle = np.arctan2(x[:, 1], x[:, 0])
    turned = 2 * np.pi * 1.25 * radius + np.pi * label
    np.testing.assert_allclose(np.cos(angle - turned), 1)
    x, y = NetworkPlayground(data="curve", noise=0).points
    assert x.shape == y.shape == (50, 1)
    np.testing.assert_allclose(y, np.sin(np.pi * x))


def test_training_in_python():
    widget = NetworkPlayground()
    x, y = widget.points
    before, after = (widget.network(steps) for steps in (0, 200))
    assert before.evaluate(x, y) > 0.9
    assert (after.predict(x).argmax(1) == y.argmax(1)).all()
    with pytest.raises(ValueError, match="steps=-1 does not fit: use at least 0"):
        widget.network(-1)


def test_presets():
    assert NetworkPlayground().preset == "xor"
    for name, preset in PRESETS.items():
        widget = NetworkPlayground(preset=name)
        assert widget.preset == name
        assert {key: getattr(widget, key) for key in preset["settings"]} == preset["settings"]
        assert preset["comment"].endswith(".")
    assert len({preset["title"] for preset in PRESETS.values()}) == len(PRESETS)
    widget = NetworkPlayground(preset="spiral", activation="relu")
    assert (widget.preset, widget.hidden, widget.activation) == ("", [8, 8], "relu")
    widget.activation = "tanh"
    assert widget.preset == "spiral"
    widget.preset = "curve"
    assert (widget.data, widget.loss) == ("curve", "mean_squared_error")
    widget.seed = 2
    assert widget.preset == ""
    widget.preset = "xor"
    assert (widget.data, widget.loss) == ("xor", "categorical_crossentropy")


def test_a_curve_takes_the_loss_that_fits_unless_told_otherwise():
    assert NetworkPlayground(data="curve").loss == "mean_squared_error"
    widget = NetworkPlayground()
    with pytest.raises(TraitError, match=r"use loss='mean_squared_error'"):
        widget.data = "curve"
    assert widget.data == "xor"
    widget.loss = "mean_squared_error"
    widget.data = "curve"
    with pytest.raises(TraitError, match="does not fit data='curve', whose targets are numbers"):
        widget.loss = "categorical_crossentropy"


@pytest.mark.parametrize(
    ("state", "words"),
    [
        ({"hidden": [1] * 5}, "hidden=[1, 1, 1, 1, 1] has 5 layers: use at most 4"),
        ({"hidden": [4, 0]}, "hidden=[4, 0] has a layer of 0 neurons: use 1 to 8"),
        ({"hidden": [2.5]}, "hidden"),
        (
            {"learning_rate": 0},
            "learning_rate=0.0 does not fit: use a number above 0 and up to 100",
        ),
        ({"learning_rate": float("nan")}, "learning_rate must hold finite numbers"),
        ({"batch_size": 0}, "batch_size=0 does not fit: use a number from 1 to 200"),
        ({"seed": -1}, "seed=-1 does not fit: use a number from 0 to 4294967295"),
        ({"noise": 0.6}, "noise=0.6 does not fit: use a number from 0 to 0.5"),
        ({"sample": 201}, "sample=201 does not fit: use 1 to 200, or 0 for none"),
        ({"data": "curve", "sample": 51}, "sample=51 does not fit: use 1 to 50"),
        ({"neuron": [1]}, "neuron=[1] does not fit layers of [4, 2] neurons"),
        ({"neuron": [2, 3]}, "use [layer, number in the layer], both from 1, or [] for none"),
        ({"preset": "best"}, "preset"),
        ({"optimizer": "newton"}, "optimizer"),
        ({"answer": "maybe"}, "answer"),
        ({"hide": ["wall"]}, "names no part of NetworkPlayground"),
    ],
)
def test_what_does_not_fit_is_refused(state, words):
    with pytest.raises(TraitError, match=re.escape(words)):
        NetworkPlayground(**state)


def test_what_the_browser_reports_is_taken():
    widget = NetworkPlayground()
    count = widget.network().count_params()
    widget.set_state({"steps": 3, "loss_value": 0.5, "parameters": [0.25] * count})
    assert (widget.steps, widget.loss_value, len(widget.parameters)) == (3, 0.5, count)
    widget.set_state({"steps": 130, "loss_value": None, "parameters": []})
    assert widget.loss_value is None
    # A preset comes from the browser as all its settings at once.
    widget.set_state(PRESETS["curve"]["settings"] | {"preset": "curve"})
    assert (widget.preset, widget.data, widget.loss) == ("curve", "curve", "mean_squared_error")
    widget.set_state(PRESETS["zeros"]["settings"] | {"preset": "zeros"})
    assert (widget.preset, widget.initializer) == ("zeros", "zeros")


def test_a_neuron_or_sample_that_is_gone_is_left():
    widget = NetworkPlayground(hidden=[4, 4], neuron=[2, 3], sample=120)
    widget.hidden = [4, 3]
    assert widget.neuron == [2, 3]
    widget.hidden = [4]
    assert widget.neuron == []
    widget.preset = "curve"
    assert widget.sample == 0
