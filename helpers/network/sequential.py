"""A network: layers one after the other, trained by running the chain rule through them backwards.

`Sequential` is Keras's class of that name, as far as the book needs it. One step of training is
forward through all layers, the loss, backward through all layers, and the optimiser's step; each is
one line of `loss_and_gradients` and `train_on_batch`. The rest is bookkeeping: cutting the data
into batches, measuring, and reporting.
"""

import math

import numpy as np

from helpers.arguments import as_count, as_flag, as_list, as_numbers, as_rng
from helpers.layers.activations import Softmax
from helpers.limits import TooEarly, told, unchanged_if_refused
from helpers.losses import CategoricalCrossentropy, as_loss, refuse_misfit
from helpers.network.batches import batches, refuse_unpaired
from helpers.network.callbacks import Callback, History, Progress, Team
from helpers.network.guard import GuardAgainstNaN, LossNotFinite
from helpers.network.metrics import Means, as_metrics
from helpers.network.stack import Stack
from helpers.optimizers import as_optimizer


class Sequential(Stack):
    """A stack of layers, each fed with the outputs of the one before.

    Parameters
    ----------
    layers : list of Layer
        The first entry may be an `Input`. Without one, the network is built at its first batch.
    name : str
        Shown in the summary.
    dtype : "float64" or "float32"
        What the network calculates in. Gradient checks need the first; the second is about twice
        as fast on large layers.
    seed : int or numpy.random.Generator, optional
        Where all random numbers come from: starting weights, order of the samples, dropout. With
        the same seed, everything repeats exactly.

    Raises
    ------
    TypeError, ValueError
        If an entry is no layer, occurs twice, or does not fit the one before.

    Examples
    --------
    XOR, which no single neuron can compute:

    >>> from helpers.layers import Dense
    >>> from helpers.optimizers import Adam
    >>> x = np.array([[0, 0], [0, 1], [1, 0], [1, 1]])
    >>> y = np.array([[0], [1], [1], [0]])
    >>> network = Sequential([Dense(4, activation="tanh"), Dense(1, activation="sigmoid")], seed=1)
    >>> network.compile(optimizer=Adam(learning_rate=0.1), loss="mse")
    >>> history = network.fit(x, y, epochs=200)
    >>> network.predict(x).round(1).ravel()
    array([0., 1., 1., 0.])
    """

    def __init__(self, layers=(), name="sequential", *, dtype="float64", seed=None):
        super().__init__(layers, name, dtype=dtype, seed=seed)
        self.optimizer = self.loss = self.batch = None
        self.metrics, self.stop_training = {}, False

    def compile(self, optimizer="rmsprop", loss=None, *, metrics=()):
        """Choose how to train.

        Parameters
        ----------
        optimizer : str or Optimizer
            "sgd", "rmsprop", "adam" with their defaults, or for example ``SGD(0.1, momentum=0.9)``.
        loss : str or Loss
            "mse" ("mean_squared_error") or "categorical_crossentropy", or a loss.
        metrics : list
            "accuracy", or functions (y_true, y_pred) -> number that return the mean of a batch.
        """
        chosen = (
            as_optimizer(optimizer),
            as_loss(loss),
            as_metrics(() if metrics is None else metrics),
        )
        self.optimizer, self.loss, self.metrics = chosen

    def loss_and_gradients(self, x, y, training=True):
        """Return the loss of a batch and its gradient for each of `parameters`."""
        self._refuse_to_train_uncompiled()
        return self._loss_and_gradients(*self._as_data(x, y), as_flag("training", training))

    def _loss_and_gradients(self, x, y, training=True):
        loss = self._measure(x, y, training)
        self.backward(self._criterion.backward(), is_pre_activation=self._takes_scores)
        for layer in self._penalized:
            layer.grad_kernel += layer.kernel_regularizer.gradient(layer.kernel)
        return loss, self.gradients

    def train_on_batch(self, x, y):
        """Take one step of training; return the loss before it, or [loss, *metrics]."""
        self._refuse_to_train_uncompiled()
        return _unpack(self._train_step(*self._as_data(x, y)))

    def _train_step(self, x, y):
        """Take one step of training; return the results before it by name."""
        loss, gradients = self._loss_and_gradients(x, y)
        self.optimizer.apply(gradients, self.parameters)
        return self._results(loss)

    def fit(
        self,
        x,
        y,
        *,
        batch_size=None,
        epochs=1,
        verbose="auto",
        callbacks=None,
        validation_data=None,
        shuffle=True,
        seed=None,
    ):
        """Train on all samples, batch by batch, several times over.

        Interrupting (the stop button, or Ctrl-C) ends training and keeps the weights reached. A
        loss that is no number any more ends it too, and puts the last good weights back. Both print
        what happened and return the history so far.

        Parameters
        ----------
        x, y : array_like of shapes (N, ...) and (N, ...)
            The samples and their targets. Integers are turned into floats batch by batch.
        batch_size : int
            Samples for each step; the last batch of an epoch may be smaller. None means 32.
        epochs : int
            How often every sample is seen.
        verbose : "auto" or 0 or 1 or 2
            See `helpers.network.callbacks.Progress`.
        callbacks : Callback or list of Callback
            See `helpers.network.callbacks.Callback`.
        validation_data : (x, y), optional
            Measured after every epoch, and not trained on.
        shuffle : bool
            Whether each epoch takes the samples in a new random order.
        seed : int or numpy.random.Generator, optional
            Where that order comes from; None for the network's own generator.

        Returns
        -------
        History
            With `history["loss"]`, and the other results, one number for each epoch. The loss of an
            epoch is the mean over its batches, each measured before its step, as in Keras.
        """
        self._refuse_to_train_uncompiled()
        size = as_count("batch_size", 32 if batch_size is None else batch_size)
        epochs, shuffle = as_count("epochs", epochs), as_flag("shuffle", shuffle)
        rng = self.rng if seed is None else as_rng(seed)
        history = History()
        team = Team([history, GuardAgainstNaN(), Progress(verbose), *_as_callbacks(callbacks)])
        with unchanged_if_refused(self, *self.layers):
            x, y = self._as_data(x, y)
            if validation_data is not None:
                validation_data = self._as_validation_data(validation_data)
        team.join(self, {"epochs": epochs, "steps": math.ceil(len(x) / size)})
        self.stop_training = False
        try:
            team.tell("on_train_begin")
            for epoch in range(epochs):
                team.tell("on_epoch_begin", epoch)
                results = self._train_epoch(x, y, size, rng if shuffle else None, team)
                if validation_data is not None:
                    measured = self.evaluate(*validation_data, return_dict=True)
                    results |= {f"val_{name}": value for name, value in measured.items()}
                team.tell("on_epoch_end", epoch, results)
                if self.stop_training:
                    break
        except LossNotFinite as problem:
            history.stopped = str(problem)
        except KeyboardInterrupt:
            history.stopped = history.interruption()
        finally:
            team.tell("on_train_end")
        if history.stopped:
            print(history.stopped)
        return history

    def _train_epoch(self, x, y, batch_size, rng, team):
        """Take a step for every batch; return the means of the results, each before its step."""
        means = Means()
        for number, chosen in enumerate(batches(len(x), batch_size, rng)):
            # Numbers that overflow are left to the guard, which says more than NumPy's warning.
            with np.errstate(over="ignore", invalid="ignore", divide="ignore"):
                results = self._train_step(x[chosen], y[chosen])
            means.add(results, len(chosen))
            team.tell("on_train_batch_end", number, means.values())
            if self.stop_training:
                break
        return means.values()

    def predict(self, x, *, batch_size=1024, verbose=0):
        """Return the outputs for all samples, computed so many at a time, with nothing dropped.

        There is no progress to show; `verbose` is there because Keras has it.
        """
        x, batch_size = as_numbers("x", x), as_count("batch_size", batch_size)
        return np.concatenate([self.forward(x[part]) for part in batches(len(x), batch_size)])

    def evaluate(self, x, y, *, batch_size=1024, verbose=0, return_dict=False):
        """Return the loss, or [loss, *metrics], or {name: value}, over all samples."""
        self._refuse_to_train_uncompiled()
        batch_size, return_dict = (
            as_count("batch_size", batch_size),
            as_flag("return_dict", return_dict),
        )
        x, y = self._as_data(x, y)
        means = Means()
        for part in batches(len(x), batch_size):
            means.add(self._results(self._measure(x[part], y[part], training=False)), len(part))
        return means.values() if return_dict else _unpack(means.values())

    @property
    def _takes_scores(self):
        """Whether the loss takes the scores before a final softmax, see CategoricalCrossentropy."""
        last = self.layers[-1]
        softmax = isinstance(getattr(last, "activation", last), Softmax)
        crossentropy = isinstance(self.loss, CategoricalCrossentropy)
        if softmax and crossentropy and self.loss.from_logits:
            raise ValueError(
                f"softmax is taken twice, by {last.name!r} and by the loss: leave it out of the "
                "layer, or use from_logits=False"
            )
        return softmax and crossentropy

    @property
    def _penalized(self):
        return [layer for layer in self.layers if layer.kernel_regularizer is not None]

    def _measure(self, x, y, training):
        """Return the loss of a batch, with the penalties on the weights, as Keras counts it.

        Everything is left in place for the way back.
        """
        self.batch = np.asarray(x), np.asarray(y)
        outputs = self.forward(x, training=training)
        if self._takes_scores:
            self._criterion = CategoricalCrossentropy(from_logits=True)
            outputs = self.layers[-1].pre_activation
        else:
            self._criterion = self.loss
        penalties = [layer.kernel_regularizer(layer.kernel) for layer in self._penalized]
        return self._criterion.forward(y, outputs) + sum(penalties)

    def _results(self, loss):
        """Return the loss and the metrics of the last batch by name."""
        y_true, y_pred = self.batch[1], self.layers[-1].outputs
        return {"loss": loss} | {
            name: _as_result(name, metric(y_true, y_pred)) for name, metric in self.metrics.items()
        }

    def _as_data(self, x, y, name=""):
        """Return samples and targets as arrays, and refuse those that do not fit each other."""
        x, y = as_numbers(f"{name}x", x), as_numbers(f"{name}y", y)
        refuse_unpaired(f"{name}x", x, f"{name}y", y)
        with unchanged_if_refused(self, *self.layers):
            if not self.built:
                self.build(x.shape)
            self.layers[0].refuse_other_inputs(x.shape)
            refuse_misfit(f"{name}y", y.shape, (len(x), *self.output_shape[1:]))
            self.loss.check_targets(y, f"{name}y")
        return x, y

    def _as_validation_data(self, pair):
        """Return validation samples and targets as arrays."""
        if not isinstance(pair, list | tuple) or len(pair) != 2:
            raise ValueError("validation_data does not fit: use a pair (x, y)")
        return self._as_data(*pair, name="validation ")

    def _refuse_to_train_uncompiled(self):
        if self.loss is None:
            raise TooEarly(
                "the network does not know how to train: call "
                'compile(optimizer="sgd", loss="mse") first, or with others'
            )


def _as_callbacks(callbacks):
    """Return a list of callbacks from None, one, or several."""
    if callbacks is None or isinstance(callbacks, Callback):
        return [] if callbacks is None else [callbacks]
    callbacks = as_list("callbacks", callbacks, "a Callback, or a list of them")
    for callback in callbacks:
        if not isinstance(callback, Callback):
            raise TypeError(f"{told(callback)} is no callback: use an object of a Callback class")
    return callbacks


def _as_result(name, value):
    """Return what a metric measured as a float."""
    if np.size(value) != 1 or np.asarray(value).dtype.kind not in "biuf":
        raise TypeError(f"the metric {name!r} returned {told(value)}: return one number")
    return float(np.reshape(value, ()))


def _unpack(results):
    """Return the loss alone if there are no metrics, or [loss, *metrics], as Keras does."""
    values = list(results.values())
    return values if len(values) > 1 else values[0]
