"""The stop button in the middle of training: pressed at every moment that Python can notice it."""

import sys
from pathlib import Path

import numpy as np
import pytest

import helpers
from helpers.layers import BatchNormalization, Conv2D, Dense, Dropout, Flatten
from helpers.network import Sequential

PACKAGE = str(Path(helpers.__file__).parent)
RNG = np.random.default_rng(5)
X, Y = RNG.normal(size=(5, 4, 4, 1)), np.eye(2)[[0, 1, 0, 1, 1]]
EPOCHS = 2
TRIES = 40  # spread over the whole training; every line of an epoch's end comes on top


def network(optimizer):
    parts = [
        Conv2D(2, 3, activation="relu"),
        BatchNormalization(),
        Flatten(),
        Dropout(0.2),
        Dense(2, "softmax"),
    ]
    model = Sequential(parts, seed=1)
    model.compile(optimizer, "categorical_crossentropy", metrics=["accuracy"])
    return model


def fit(model):
    return model.fit(X, Y, epochs=EPOCHS, batch_size=3, validation_data=(X, Y), verbose=0, seed=2)


class StopButton:
    """Raises KeyboardInterrupt at the n-th line of this package; counts its lines without an n."""

    def __init__(self, at=None):
        self.at, self.lines, self.ends = at, 0, []

    def __enter__(self):
        sys.settrace(self.call)
        return self

    def __exit__(self, *_):
        sys.settrace(None)

    def call(self, frame, event, arg):
        return self.line if frame.f_code.co_filename.startswith(PACKAGE) else None

    def line(self, frame, event, arg):
        if event == "line":
            self.lines += 1
            if frame.f_code.co_name == "on_epoch_end":
                self.ends.append(self.lines)
            if self.lines == self.at:
                raise KeyboardInterrupt
        return self.line


@pytest.mark.parametrize("optimizer", ["sgd", "adam"])
def test_weights_stay_usable_and_the_history_fits_together(optimizer, capsys):
    with StopButton() as button:
        fit(network(optimizer))
    assert button.lines > 2_000
    kept = 0
    for at in [*np.linspace(1, button.lines, TRIES).astype(int), *button.ends]:
        model = network(optimizer)
        history = None
        try:
            with StopButton(int(at)):
                history = fit(model)
        except KeyboardInterrupt:
            pass  # before training began, or after it ended
        if history is not None:
            lengths = {name: len(values) for name, values in history.history.items()}
            assert len(set(lengths.values())) <= 1, f"line {at}: {lengths}"
            assert max(lengths.values(), default=0) <= EPOCHS
            kept += 1
        # It can be used, measured, and trained on from where it is.
        if model.layers[0].parameters:
            assert np.isfinite(model.predict(X)).all(), f"line {at}"
        more = fit(model)
        assert len(more.history["loss"]) == EPOCHS, f"line {at}: {more.stopped}"
        assert np.isfinite(more.history["loss"]).all(), f"line {at}"
        assert all(np.isfinite(w).all() for w in model.get_weights()), f"line {at}"
    assert kept > TRIES / 2 + len(button.ends) / 2
    assert "interrupted" in capsys.readouterr().out.lower()
