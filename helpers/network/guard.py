"""Stopping a training that has gone wrong: when the loss is no number any more, say where and why.

One step that is too long is enough: weights overflow, the loss becomes infinite or NaN, and stays
so. What was learned before would be lost, and a history full of NaN tells nobody what to change.
"""

from dataclasses import dataclass

import numpy as np

from helpers.network.callbacks import Callback


class LossNotFinite(ArithmeticError):
    """The loss or a weight is NaN or infinite; the message says where it began and what to try."""


@dataclass(frozen=True)
class Snapshot:
    """A network at the start of an epoch."""

    epoch: int
    weights: list[np.ndarray]
    optimizer_state: tuple

    def __str__(self):
        return f"at the end of epoch {self.epoch}" if self.epoch else "before training"


class GuardAgainstNaN(Callback):
    """Raises `LossNotFinite` as soon as the loss is no number, with good weights put back.

    Good are the weights at the start of this epoch, if the loss fell until then and the epoch began
    well; otherwise those at the start of the epoch with the lowest loss, since a loss that is about
    to overflow has usually grown for a while. The optimiser goes back to the same moment.
    """

    def on_train_begin(self, logs=None):
        """Begin without a lowest loss."""
        self.now = self.best = None
        self.lowest, self.falling = np.inf, False

    def on_epoch_begin(self, epoch, logs=None):
        """Keep a copy of the weights."""
        model = self.model
        self.now = Snapshot(epoch, model.get_weights(), model.optimizer.get_state())
        self.best = self.best or self.now

    def on_train_batch_end(self, batch, logs=None):
        """Look at the loss."""
        if not np.isfinite(logs["loss"]):
            began = self.where_it_began()
            self.put_back(
                self.now if self.falling and batch > 0 else self.best,
                f"The loss became {logs['loss']} in epoch {self.now.epoch + 1}, batch {batch + 1} "
                f"of {self.params['steps']}. It began in {began}.",
            )

    def on_epoch_end(self, epoch, logs=None):
        """Look at the weights, which the last step may have spoilt, and at the loss."""
        for layer in self.model.layers:
            if not all(np.isfinite(array).all() for array in layer.parameters):
                began = f"the weights of {layer.name!r} are not finite any more after the last step"
                self.put_back(self.best, f"In epoch {epoch + 1} {began}.")
        self.falling = logs["loss"] < self.lowest
        if self.falling:
            self.lowest, self.best = logs["loss"], self.now

    def put_back(self, snapshot, problem):
        """Restore the network and raise."""
        self.model.set_weights(snapshot.weights)
        self.model.optimizer.set_state(snapshot.optimizer_state)
        raise LossNotFinite(
            f"{problem} Training stopped, and the weights are those {snapshot}. Try a smaller "
            f"learning_rate (it is {self.model.optimizer.learning_rate:g}), or inputs and targets "
            f"of the size of 1 (in this batch they go up to {self.largest_number():g})."
        )

    def largest_number(self):
        """Return the largest size of a number in the last batch."""
        sizes = np.concatenate([np.abs(array.astype(float)).ravel() for array in self.model.batch])
        return sizes[np.isfinite(sizes)].max(initial=0)

    def where_it_began(self):
        """Name the array of the last batch that was the first to hold NaN or infinity."""
        x, y = self.model.batch
        arrays = {"the inputs x": x, "the targets y": y}
        for number, layer in enumerate(self.model.layers, start=1):
            arrays[f"the outputs of layer {number}, {layer.name!r}"] = layer.outputs
        for name, array in arrays.items():
            wrong = ~np.isfinite(array.astype(float))
            if wrong.any():
                return f"{name}, which hold {array[wrong][0]}"
        return "the loss itself, since the outputs of all layers are finite"
