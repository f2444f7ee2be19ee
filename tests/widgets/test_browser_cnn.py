"""The Python side of BrowserCNN: settings, the same network, and recorded trainings."""

import json
import re

import numpy as np
import pytest
from traitlets import TraitError

from helpers.datasets import load_digits
from helpers.widgets import BrowserCNN, WatchFilters
from helpers.widgets.browser_cnn import PRESETS
from helpers.widgets.resources.digits import as_ink


def test_parameters_are_counted_by_hand():
    # 3·3·1·8 + 8, 3·3·8·16 + 16, and 2·2·16 values to 10 units
    assert BrowserCNN().network().count_params() == 80 + 1168 + 64 * 10 + 10
    # 5·5·1·2 + 2, no pool: 8·8·2 values to 4 units, and these to 10
    widget = BrowserCNN(filters=[2], kernels=[5], pooling="none", hidden=4)
    assert widget.network().count_params() == 52 + 128 * 4 + 4 + 4 * 10 + 10


@pytest.mark.parametrize("name", PRESETS)
def test_a_preset_brings_its_settings_and_is_recognised(name):
    widget = BrowserCNN(preset=name)
    settings = PRESETS[name]["settings"]
    assert {key: getattr(widget, key) for key in settings} == settings
    assert widget.preset == name
    widget.seed += 1
    assert widget.preset == ""
    widget.preset = name
    assert widget.seed == settings["seed"]


def test_there_is_a_kernel_size_for_every_layer():
    widget = BrowserCNN(filters=[4])
    assert widget.kernels == [3]
    widget.filters = [2, 4, 8]
    assert widget.kernels == [3, 3, 3]
    widget.kernels = [5]
    assert widget.filters == [2]


@pytest.mark.parametrize(
    ("state", "message"),
    [
        ({"filters": []}, "filters=[] does not fit: use 1 to 3 layers of 1 to 16 kernels"),
        ({"filters": [8, 17]}, "filters=[8, 17] does not fit"),
        ({"kernels": [2, 3]}, "kernels=[2, 3] does not fit: use 1 to 3 layers of 1, 3 or 5 rows"),
        ({"hidden": 65}, "hidden=65 does not fit: use a number from 0 to 64"),
        ({"learning_rate": 0}, "learning_rate=0.0 does not fit: use a number above 0"),
        ({"batch_size": 0}, "batch_size=0 does not fit: use a number from 1 to 360"),
        ({"digit": 360}, "digit=360 does not fit: use a number from 0 to 359"),
        ({"epochs": 101}, "epochs=101 does not fit"),
        ({"cell": [0, 0, 0, 0]}, "cell=[0, 0, 0, 0] does not fit: use [layer, map, row, column]"),
        ({"cell": [1]}, "cell=[1] does not fit"),
        ({"pooling": "mean"}, "'mean'"),
    ],
)
def test_what_does_not_fit_is_refused(state, message):
    with pytest.raises(TraitError, match=re.escape(message)):
        BrowserCNN(**state)


def test_it_learns_in_python_as_in_the_browser():
    _, (x, y) = load_digits()
    x, y = as_ink(x)[..., None], np.eye(10)[y]
    widget = BrowserCNN(preset="one_layer")
    before, _ = widget.network().evaluate(x, y)
    after, accuracy = widget.train(90).evaluate(x, y)
    assert after < before / 2
    assert accuracy > 0.75


def test_trained_weights_come_back():
    widget = BrowserCNN(preset="one_layer")
    with pytest.raises(ValueError, match=r"parameters holds 0 numbers and not 690: train in the"):
        widget.network(trained=True)
    widget.parameters = np.arange(690.0)
    kernels, biases, dense, last = widget.network(trained=True).get_weights()
    assert kernels.shape == (3, 3, 1, 4) and kernels.ravel().tolist() == list(range(36))
    assert biases.tolist() == [36, 37, 38, 39]
    assert dense.shape == (64, 10) and last[-1] == 689


def test_recorded_frames_are_plain_and_light():
    widget = BrowserCNN()
    weights = np.full((3, 3, 1, 2), -1 / 3, np.float32)
    widget.record({"epoch": np.int64(0), "loss": np.float32(2.302585), "weights": weights})
    widget.record({"epoch": 1, "loss": float("nan"), "accuracy": 1 / 7, "weights": weights * 1e-9})
    first, second = widget.frames
    assert first["loss"] == 2.303 and first["weights"][0][0][0] == [-0.3333, -0.3333]
    assert second["loss"] is None and second["accuracy"] == 0.1429
    assert second["weights"][2][2][0] == [-3.333e-10, -3.333e-10]
    assert "val_loss" not in second
    json.dumps(widget.frames, allow_nan=False)
    assert "-0.3333" in widget._repr_mimebundle_()[0]["text/html"]


@pytest.mark.parametrize(
    ("frame", "message"),
    [
        ({"epoch": 0}, "frames[0] has the entries epoch: it needs epoch and weights"),
        ({"epoch": 0, "weights": np.ones((3, 3))}, "frames[0] has weights of shape (3, 3)"),
        ({"epoch": 0, "weights": np.ones((1, 1, 1, 1)), "mse": 1}, "may have loss, val_loss"),
    ],
)
def test_a_frame_that_does_not_fit_is_refused(frame, message):
    widget = BrowserCNN()
    with pytest.raises(TraitError, match=re.escape(message)):
        widget.record(frame)
    assert widget.frames == []


def test_a_training_in_python_is_filmed():
    (x, y), (x_test, y_test) = load_digits()
    x, x_test, y, y_test = (
        as_ink(x[:200])[..., None],
        as_ink(x_test)[..., None],
        np.eye(10)[y[:200]],
        np.eye(10)[y_test],
    )
    widget = BrowserCNN()
    network = BrowserCNN(preset="one_layer").network()
    watch = WatchFilters(widget, every=3)
    network.fit(
        x,
        y,
        batch_size=40,
        epochs=3,
        validation_data=(x_test, y_test),
        callbacks=[watch],
        verbose=0,
    )
    assert [frame["epoch"] for frame in widget.frames] == [0, 0.6, 1.2, 1.8, 2.4, 3]
    assert widget.frames[-1]["weights"] == pytest.approx(network.get_weights()[0], rel=1e-3)
    assert {"loss", "val_loss", "accuracy", "val_accuracy"} <= set(widget.frames[-1])


def test_as_many_kernel_sizes_as_convolutions():
    assert BrowserCNN(filters=[4]).kernels == [3]
    assert BrowserCNN(kernels=[5]).filters == [8]
    with pytest.raises(TraitError, match=r"filters=\[4, 4\] and kernels=\[3\] do not fit"):
        BrowserCNN(filters=[4, 4], kernels=[3])
