"""What watches a network while it trains, such as the history and the progress bar.

A callback is told when training, an epoch or a batch begins and ends, and may look at the network
or stop it. Yours are subclasses of `Callback`, as in Keras. `helpers.network.Sequential.fit` always
takes a `History`, a `Progress` and the guard of `helpers.network.guard` along.
"""

import os
import sys

import numpy as np

from helpers.arguments import as_count, as_flag, as_real, one_of
from helpers.limits import told


class Callback:
    """The base of the callbacks: override what you want to be told.

    `logs` holds the means of the loss and the metrics over the epoch so far. Setting
    ``self.model.stop_training = True`` ends training after the batch.

    Attributes
    ----------
    model : Sequential
        The network that trains.
    params : dict
        "epochs" and "steps", the number of batches in an epoch.
    """

    model = params = None

    def set_model(self, model):
        """Remember the network."""
        self.model = model

    def set_params(self, params):
        """Remember how long the training will be."""
        self.params = params

    def on_train_begin(self, logs=None):
        """Before everything."""

    def on_epoch_begin(self, epoch, logs=None):
        """Before an epoch; the first one has the number 0."""

    def on_train_batch_end(self, batch, logs=None):
        """After a batch and the step of the optimiser; the first batch has the number 0."""

    def on_epoch_end(self, epoch, logs=None):
        """After an epoch; `logs` holds the validation results too."""

    def on_train_end(self, logs=None):
        """After everything, also if training was interrupted."""


class Team(list):
    """Several callbacks that are told the same things in turn."""

    def join(self, model, params):
        """Tell all of them which network trains, and for how long."""
        for member in self:
            member.set_model(model)
            member.set_params(params)

    def tell(self, event, *args):
        """Call the method of this name on all of them."""
        for member in self:
            getattr(member, event)(*args)


class History(Callback):
    """Collects the results of every epoch. `fit` returns it.

    Attributes
    ----------
    history : dict of str to list of float
        "loss", the metrics, and each of them with "val_" if there is validation data.
    epoch : list of int
        The numbers of the epochs, from 0.
    stopped : str or None
        The sentence that says why training ended early, if an interruption or NaN ended it.
    """

    def __init__(self):
        self.history, self.epoch, self.stopped = {}, [], None
        self.at = 0, 0  # the numbers of the epoch and of the batch that are under way

    def on_epoch_begin(self, epoch, logs=None):
        """Note where training is."""
        self.at = epoch, 0

    def on_train_batch_end(self, batch, logs=None):
        """Note where training is."""
        self.at = self.at[0], batch + 1

    def on_epoch_end(self, epoch, logs=None):
        """Append the results; the epoch counts once all of them are there."""
        for name, value in logs.items():
            self.history.setdefault(name, []).append(value)
        self.epoch.append(epoch)

    def interruption(self):
        """Keep whole epochs only; return the sentence for a training that was interrupted here."""
        whole = len(self.epoch)
        for values in self.history.values():
            del values[whole:]
        self.history = {name: values for name, values in self.history.items() if values}
        epoch, batches = self.at
        return (
            f"Interrupted in epoch {epoch + 1} of {self.params['epochs']}, after {batches} of "
            f"{self.params['steps']} batches. The network keeps the weights reached; the history "
            f"holds {whole} whole epochs."
        )


class EarlyStopping(Callback):
    """Ends training when a result has not improved for some epochs, as Keras's does.

    Parameters
    ----------
    monitor : str
        The name of the result, such as "val_loss" or "val_accuracy".
    min_delta : float
        By how much more than this it has to be better to count as an improvement.
    patience : int
        After how many epochs without one training ends.
    mode : "auto" or "min" or "max"
        Whether lower or higher is better; "auto" knows it for losses and for accuracies.
    restore_best_weights : bool
        Whether the weights at the end of the best epoch are put back. If not, those of the last
        epoch stay, which are `patience` epochs past the best.

    Attributes
    ----------
    best : float
        The best result.
    best_epoch, stopped_epoch : int
        The number of its epoch, and of that after which training was ended; 0 if it was not.
    """

    def __init__(
        self,
        monitor="val_loss",
        min_delta=0,
        patience=0,
        *,
        mode="auto",
        restore_best_weights=False,
    ):
        if not isinstance(monitor, str):
            raise TypeError(f"monitor={told(monitor)} does not fit: use a name such as val_loss")
        mode = one_of("mode", mode, ("auto", "min", "max"))
        if mode == "auto":
            known = {"loss": "min", "acc": "max", "accuracy": "max"}
            mode = known.get(monitor.removeprefix("val_"))
            if mode is None:
                raise ValueError(
                    f'whether lower or higher {told(monitor)} is better is unknown: use mode="min" '
                    'or mode="max"'
                )
        self.monitor, self.sign = monitor, 1 if mode == "min" else -1
        self.min_delta = as_real("min_delta", min_delta, at_least=0)
        self.patience = as_count("patience", patience, least=0)
        self.restore_best_weights = as_flag("restore_best_weights", restore_best_weights)
        self.on_train_begin()

    def on_train_begin(self, logs=None):
        """Begin without a best result."""
        self.best, self.best_weights = self.sign * np.inf, None
        self.best_epoch = self.stopped_epoch = self.wait = 0

    def on_epoch_end(self, epoch, logs=None):
        """Compare with the best, and count the epochs since."""
        if self.monitor not in (logs or {}):
            raise ValueError(
                f"monitor={told(self.monitor)} is not measured: use one of {', '.join(logs)}, or "
                "give fit validation_data"
            )
        current = logs[self.monitor]
        self.wait += 1
        if self.sign * current + self.min_delta < self.sign * self.best:
            self.best, self.best_epoch, self.wait = current, epoch, 0
            if self.restore_best_weights:
                self.best_weights = self.model.get_weights()
        if self.wait >= self.patience and self.wait and epoch > 0:
            self.stopped_epoch, self.model.stop_training = epoch, True

    def on_train_end(self, logs=None):
        """Put the best weights back, if wanted."""
        if self.restore_best_weights and self.best_weights is not None:
            self.model.set_weights(self.best_weights)


class Progress(Callback):
    """Shows how far training is, without filling the pages of the book.

    Parameters
    ----------
    verbose : "auto" or 0 or 1 or 2
        0 is silent, 1 a bar, 2 a line after each epoch. "auto" shows the bar where somebody
        watches: in a terminal, and in a notebook that a person runs. The environment variable
        ``TQDM_DISABLE=1`` makes "auto" silent everywhere.
    """

    def __init__(self, verbose="auto"):
        known = isinstance(verbose, (str, int)) and verbose in ("auto", 0, 1, 2)
        if not known:
            raise ValueError(f'verbose={told(verbose)} does not fit: use "auto", 0, 1 or 2')
        self.verbose = int(somebody_watches()) if verbose == "auto" else verbose
        self.bar = None

    def on_train_begin(self, logs=None):
        """Open the bar."""
        if self.verbose == 1:
            from tqdm.auto import tqdm  # imported late: it looks for a notebook's widgets

            total = self.params["epochs"] * self.params["steps"]
            self.bar = tqdm(total=total, unit="batch", disable=False)

    def on_epoch_begin(self, epoch, logs=None):
        """Name the epoch on the bar."""
        if self.bar is not None:
            self.bar.set_description(f"epoch {epoch + 1}/{self.params['epochs']}", refresh=False)

    def on_train_batch_end(self, batch, logs=None):
        """Move the bar."""
        if self.bar is not None:
            self.bar.update()

    def on_epoch_end(self, epoch, logs=None):
        """Show the results beside the bar, or on a line."""
        results = ", ".join(f"{name}: {value:.4g}" for name, value in logs.items())
        if self.bar is not None:
            self.bar.set_postfix_str(results, refresh=False)
        elif self.verbose == 2:
            print(f"epoch {epoch + 1}/{self.params['epochs']}: {results}")

    def on_train_end(self, logs=None):
        """Leave the bar as it is."""
        if self.bar is not None:
            self.bar.close()


def somebody_watches():
    """Tell whether a progress bar has a reader: a person at a notebook or at a terminal.

    Programs that execute notebooks (the book's build among them) tell the kernel that nobody can
    be asked for input; JupyterLab, Notebook and VS Code tell it the opposite.
    """
    if os.environ.get("TQDM_DISABLE", "0").lower() not in ("", "0", "false"):
        return False
    ipython = sys.modules.get("IPython")
    kernel = getattr(ipython and ipython.get_ipython(), "kernel", None)
    if hasattr(kernel, "get_parent"):
        return bool(kernel.get_parent("shell").get("content", {}).get("allow_stdin", False))
    return sys.stderr is not None and sys.stderr.isatty()
