"""WatchFilters films trainings of ours and of Keras's, and an interruption spoils nothing."""

import os
import re
import signal
import subprocess
import sys

import numpy as np
import pytest
from traitlets import TraitError

from helpers.layers import Conv2D, Dense, Flatten, Input
from helpers.network import Sequential
from helpers.network.callbacks import Callback
from helpers.optimizers import SGD
from helpers.widgets import Convolve1D, FilterTrainer, WatchFilters

GREY = np.random.default_rng(2).integers(0, 256, (24, 24), dtype=np.uint8)


class Album:
    """The least that can be filmed for."""

    def __init__(self):
        self.frames = ["an old film"]

    def record(self, frame):
        self.frames = [*self.frames, frame]


def ours(size=3, seed=4):
    network = Sequential([Conv2D(1, size, use_bias=False, name="filter")], seed=seed)
    network.compile(SGD(0.1, momentum=0.9), loss="mse")
    return network


def keras_too(size=3, seed=4):
    """Return the same network in Keras, from the same weights."""
    keras = pytest.importorskip("keras")
    layer = keras.layers.Conv2D(1, size, use_bias=False, name="filter")
    network = keras.Sequential([layer])
    network.compile(keras.optimizers.SGD(0.1, momentum=0.9), loss="mse")
    start = ours(size, seed)
    start.build((None, 24, 24, 1))
    network.build((None, None, None, 1))
    network.set_weights(start.get_weights())
    return network


makers = pytest.mark.parametrize("make", [ours, keras_too])


@makers
def test_a_film_of_a_whole_training(make):
    widget = FilterTrainer(GREY)
    x, y = widget.training_data()
    network = make()
    network.fit(x, y, epochs=10, verbose=0, callbacks=[WatchFilters(widget, every=5)])
    assert [frame["epoch"] for frame in widget.frames] == [0, 5, 10]
    assert widget.frames[0]["loss"] is None

    # The same steps by the formula, from the same start: the film holds the kernels in between.
    other = ours()
    other.build(x.shape)
    kernels, losses = [other.get_weights()[0]], []
    for _ in range(10):
        losses.append(other.train_on_batch(x, y))
        kernels.append(other.get_weights()[0])
    for frame in widget.frames:
        wanted = kernels[frame["epoch"]][:, :, 0, 0]
        assert np.array(frame["kernel"]) == pytest.approx(wanted, abs=1e-5)
        if frame["epoch"]:
            assert frame["loss"] == pytest.approx(losses[frame["epoch"] - 1], rel=1e-4)
    assert network.get_weights()[0] == pytest.approx(kernels[-1], abs=1e-5)


@makers
@pytest.mark.parametrize(
    ("every", "steps"),
    [(3, [0, 3, 6, 8]), (4, [0, 4, 8]), (None, list(range(9))), (100, [0, 8])],
)
def test_frames_within_epochs_and_the_last_one(make, every, steps):
    album = Album()
    x, y = np.ones((7, 6, 6, 1)), np.zeros((7, 4, 4, 1))
    network = make()
    watch = WatchFilters(album, every=every)
    network.fit(x, y, batch_size=2, epochs=2, verbose=0, callbacks=[watch])
    assert [frame["step"] for frame in album.frames] == steps
    assert [frame["epoch"] for frame in album.frames] == [step / 4 for step in steps]
    last = album.frames[-1]
    assert list(last["layers"]) == ["filter"]
    assert np.array_equal(last["layers"]["filter"][0], network.get_weights()[0])
    assert set(last["logs"]) == {"loss"}


def test_about_fifty_frames_unless_told_otherwise():
    widget = FilterTrainer(GREY)
    ours().fit(*widget.training_data(), epochs=203, callbacks=[WatchFilters(widget)])
    epochs = [frame["epoch"] for frame in widget.frames]
    assert len(epochs) == 52
    assert epochs[-2:] == [200, 203]


def test_the_widget_takes_the_size_of_what_learns():
    widget = FilterTrainer(GREY, size=7)
    x, y = widget.training_data()
    assert (x.shape, y.shape) == ((1, 24, 24, 1), (1, 18, 18, 1))
    ours(size=7).fit(x, y, epochs=1, callbacks=WatchFilters(widget))
    assert np.shape(widget.frames[0]["kernel"]) == (7, 7)
    assert FilterTrainer(GREY, frames=widget.frames).size == 7


def test_a_model_that_keras_has_not_built_is_filmed_from_its_first_step_on():
    keras = pytest.importorskip("keras")
    album = Album()
    network = keras.Sequential([keras.layers.Conv2D(2, 3), keras.layers.Flatten()])
    network.compile("sgd", "mse")
    x, y = np.ones((3, 5, 5, 1)), np.zeros((3, 18))
    network.fit(x, y, epochs=2, verbose=0, callbacks=[WatchFilters(album)])
    assert [frame["step"] for frame in album.frames] in ([0, 1, 2], [1, 2])
    assert album.frames[-1]["layers"].popitem()[1][0].shape == (3, 3, 1, 2)


def test_which_layers_are_watched():
    album = Album()
    network = Sequential(
        [Input((8, 8, 1)), Conv2D(2, 3), Conv2D(3, 3), Flatten(), Dense(4, name="out")], seed=1
    )
    network.compile("sgd", "mse")
    x, y = np.ones((2, 8, 8, 1)), np.zeros((2, 4))

    def watched(layer):
        network.fit(x, y, callbacks=WatchFilters(album, layer))
        shapes = album.frames[-1]["layers"].items()
        return {name: weights[0].shape for name, weights in shapes}

    convolving = {"conv2d": (3, 3, 1, 2), "conv2d_1": (3, 3, 2, 3)}
    assert watched(None) == convolving
    assert watched("out") == {"out": (48, 4)}
    assert watched(1) == {"conv2d_1": (3, 3, 2, 3)}
    with pytest.raises(ValueError, match="layer='conv' is not in this network: use one of conv2d,"):
        watched("conv")
    widget = FilterTrainer(GREY)
    with pytest.raises(ValueError, match="shows one layer, not 2"):
        network.fit(x, y, callbacks=WatchFilters(widget))
    with pytest.raises(ValueError, match=re.escape("has weights of shape (3, 3, 1, 2)")):
        network.fit(x, y, callbacks=WatchFilters(widget, layer=0))
    dense = Sequential([Input((3,)), Dense(1)])
    dense.compile("sgd", "mse")
    with pytest.raises(ValueError, match="no layer of this network convolves: it has dense"):
        dense.fit(np.ones((2, 3)), np.ones((2, 1)), callbacks=WatchFilters(album))


class TestInterruption:
    @pytest.fixture(autouse=True)
    def python_listens(self):
        before = signal.signal(signal.SIGINT, signal.default_int_handler)
        yield
        signal.signal(signal.SIGINT, before)

    def test_of_ours_keeps_the_film_up_to_the_last_step(self, capsys):
        class Interrupt(Callback):
            def on_train_batch_end(self, batch, logs=None):
                if self.model.optimizer.iterations == 11:
                    signal.raise_signal(signal.SIGINT)

        widget = FilterTrainer(GREY)
        network = ours()
        watch = WatchFilters(widget, every=5)
        network.fit(*widget.training_data(), epochs=50, callbacks=[watch, Interrupt()])
        assert "Interrupted in epoch 11 of 50" in capsys.readouterr().out
        assert [frame["epoch"] for frame in widget.frames] == [0, 5, 10, 11]
        last = np.array(widget.frames[-1]["kernel"])
        assert last == pytest.approx(network.get_weights()[0][:, :, 0, 0], abs=1e-6)
        network.fit(*widget.training_data(), epochs=5, callbacks=watch)  # and it goes on
        assert np.array(widget.frames[0]["kernel"]) == pytest.approx(last)

    def test_of_keras_keeps_the_film_so_far(self):
        keras = pytest.importorskip("keras")

        class Interrupt(keras.callbacks.Callback):
            def on_epoch_end(self, epoch, logs=None):
                if epoch == 10:
                    signal.raise_signal(signal.SIGINT)

        widget = FilterTrainer(GREY)
        network = keras_too()
        watch = WatchFilters(widget, every=5)
        data = widget.training_data()
        with pytest.raises(KeyboardInterrupt):
            network.fit(*data, epochs=50, verbose=0, callbacks=[watch, Interrupt()])
        assert [frame["epoch"] for frame in widget.frames] == [0, 5, 10]
        assert np.isfinite(network.get_weights()[0]).all()
        network.fit(*data, epochs=5, verbose=0, callbacks=[watch])
        assert [frame["epoch"] for frame in widget.frames] == [0, 5]


def test_a_training_that_diverges_ends_its_film(capsys):
    widget = FilterTrainer(GREY)
    network = ours()
    network.compile(SGD(1e30), loss="mse")
    network.fit(*widget.training_data(), epochs=20, callbacks=WatchFilters(widget))
    assert widget.frames
    assert all(np.isfinite(frame["kernel"]).all() for frame in widget.frames)


def test_tensorflow_is_not_needed():
    program = "import sys, helpers.widgets.watch; sys.exit('tensorflow' in sys.modules)"
    environment = os.environ | {"PYTHONPATH": os.pathsep.join(filter(None, sys.path))}
    assert subprocess.run([sys.executable, "-c", program], env=environment).returncode == 0


def test_what_does_not_fit_is_refused():
    with pytest.raises(TypeError, match="Convolve1D cannot show a film"):
        WatchFilters(Convolve1D())
    for every in (0, 2.5):
        with pytest.raises(ValueError, match=f"every={every} does not fit"):
            WatchFilters(Album(), every=every)
    kernel = np.zeros((3, 3)).tolist()
    for frame, words in [
        ({"kernel": kernel}, "each frame is a dict of epoch, loss and kernel"),
        ({"epoch": 0, "loss": None, "kernel": [[1, 2]]}, "a kernel of shape (1, 2)"),
        ({"epoch": 0, "loss": None, "kernel": [["a"]]}, "must hold numbers"),
    ]:
        with pytest.raises(TraitError, match=re.escape(words)):
            FilterTrainer(GREY, frames=[frame])
    good = [{"epoch": n, "loss": 1.0, "kernel": np.eye(n).tolist()} for n in (3, 5)]
    with pytest.raises(TraitError, match="kernels of several sizes"):
        FilterTrainer(GREY, frames=good)
