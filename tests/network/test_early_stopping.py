"""Early stopping: by hand over made-up results, and beside Keras over the same ones."""

import keras
import numpy as np
import pytest

from helpers.layers import Dense
from helpers.network import Callback, EarlyStopping, Sequential


class Model:
    """What a callback sees of a network: its weights are the number of the epoch."""

    stop_training = False
    epoch = -1.0

    def get_weights(self):
        return [np.array([self.epoch])]

    def set_weights(self, weights):
        self.epoch = float(weights[0][0])


def run(callback, results, name="val_loss"):
    """Return the epochs that were trained, and those whose weights are left."""
    model = Model()
    callback.set_model(model)
    callback.on_train_begin()
    for epoch, result in enumerate(results):
        model.epoch = float(epoch)
        callback.on_epoch_end(epoch, {name: result})
        if model.stop_training:
            break
    trained = epoch + 1
    callback.on_train_end()
    return trained, int(model.epoch)


def test_by_hand():
    # lowest in epoch 2; two epochs without a lower one: 3 and 4
    results = [0.9, 0.7, 0.5, 0.6, 0.5, 0.1]
    assert run(EarlyStopping(patience=2), results) == (5, 4)
    assert run(EarlyStopping(patience=2, restore_best_weights=True), results) == (5, 2)
    assert run(EarlyStopping(patience=3, restore_best_weights=True), results) == (6, 5)
    callback = EarlyStopping(patience=2)
    run(callback, results)
    assert (callback.best, callback.best_epoch, callback.stopped_epoch) == (0.5, 2, 4)


@pytest.mark.parametrize("seed", range(60))
def test_the_same_epochs_as_keras(seed):
    rng = np.random.default_rng(seed)
    results = rng.choice([0.1, 0.2, 0.3, 0.4, 0.5], rng.integers(1, 12))
    settings = {
        "monitor": ["val_loss", "val_accuracy", "loss", "acc"][seed % 4],
        "min_delta": [0, 0.05, 0.12][seed % 3],
        "patience": int(rng.integers(0, 4)),
        "restore_best_weights": bool(seed % 2),
    }
    mode = "max" if "acc" in settings["monitor"] else "min"
    ours, theirs = EarlyStopping(**settings), keras.callbacks.EarlyStopping(**settings, mode=mode)
    found = [run(one, results.tolist(), settings["monitor"]) for one in (ours, theirs)]
    assert found[0] == found[1], (results, settings)


def test_in_a_fit_the_best_weights_come_back_with_the_best_loss():
    rng = np.random.default_rng(0)
    x, y = rng.normal(size=(30, 6)), rng.normal(size=(30, 1))
    network = Sequential([Dense(40, "tanh"), Dense(1)], seed=1)
    network.compile("adam", "mse")
    stop = EarlyStopping(patience=4, restore_best_weights=True)
    held_out = x[20:], y[20:]
    history = network.fit(
        x[:20], y[:20], epochs=500, callbacks=[stop], validation_data=held_out
    ).history["val_loss"]
    assert len(history) < 500
    assert len(history) == int(np.argmin(history)) + 1 + 4 == stop.stopped_epoch + 1
    assert network.evaluate(*held_out) == min(history) == stop.best


def test_is_a_callback_and_starts_anew_with_every_fit():
    callback = EarlyStopping(patience=1)
    assert isinstance(callback, Callback)
    assert run(callback, [0.1, 0.2]) == (2, 1)
    assert run(callback, [0.9, 0.8, 0.9]) == (3, 2)


@pytest.mark.parametrize(
    ("make", "message"),
    [
        (lambda: EarlyStopping(patience=-1), "patience=-1 is too small"),
        (lambda: EarlyStopping(min_delta=-1), "min_delta=-1 does not fit"),
        (lambda: EarlyStopping("val_f1"), "whether lower or higher 'val_f1' is better is unknown"),
        (lambda: EarlyStopping(mode="best"), "mode='best' is unknown: use one of auto, min, max"),
        (lambda: run(EarlyStopping(), [1], "loss"), "'val_loss' is not measured: use one of loss"),
    ],
)
def test_errors(make, message):
    with pytest.raises(ValueError, match=message):
        make()
