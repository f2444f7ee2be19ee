"""A network: layers one after the other, trained by running the chain rule through them backwards.

`Sequential` is Keras's class of that name, as far as the book needs it. One step of training is
four lines (`loss_and_gradients` and `train_on_batch`): forward through all layers, the loss,
backward through all layers, the optimiser's step. The rest is bookkeeping: cutting the data into
batches, measuring, and reporting.
"""

import math

import numpy as np

from helpers.activations import Softmax
from helpers.batches import as_samples, batches, refuse_unpaired
from helpers.callbacks import GuardAgainstNaN, History, LossNotFinite, Progress, Team
from helpers.convolution import _as_count
from helpers.layer_base import Layer, as_dtype, set_arrays
from helpers.layers import Input
from helpers.losses import CategoricalCrossentropy, as_loss, refuse_misfit
from helpers.metrics import Means, as_metric
from helpers.optimizers import as_optimizer


class Sequential:
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
    >>> x = np.array([[0, 0], [0, 1], [1, 0], [1, 1]])
    >>> y = np.array([[0], [1], [1], [0]])
    >>> network = Sequential([Dense(4, activation="tanh"), Dense(1, activation="sigmoid")], seed=1)
    >>> network.compile(optimizer="adam", loss="mse")
    >>> network.optimizer.learning_rate = 0.1
    >>> history = network.fit(x, y, epochs=200)
    >>> network.predict(x).round(1).ravel()
    array([0., 1., 1., 0.])
    """

    def __init__(self, layers=(), name="sequential", *, dtype="float64", seed=None):
        self.name, self.dtype = name, as_dtype(dtype)
        self.rng = np.random.default_rng(seed)
        self.layers, self.input_shape = [], None
        self.optimizer = self.loss = self.batch = None
        self.metrics, self.stop_training = {}, False
        for layer in layers:
            self.add(layer)

    def add(self, layer):
        """Put one more layer at the end."""
        if isinstance(layer, Input) and not self.layers and self.input_shape is None:
            self.input_shape = (None, *layer.shape)
            return
        if not isinstance(layer, Layer):
            raise TypeError(f"{layer!r} is no layer: use an object such as Dense(3)")
        if any(layer is other for other in self.layers):
            raise ValueError(f"the layer {layer.name!r} is in the network already: make another")
        names = [other.name for other in self.layers]
        if layer.name in names:
            numbers = (n for n in range(1, len(names) + 1) if f"{layer.name}_{n}" not in names)
            layer.name = f"{layer.name}_{next(numbers)}"
        self.layers.append(layer)
        if self.input_shape is not None:
            self.build(self.input_shape)

    def build(self, input_shape):
        """Draw the parameters of all layers for inputs of shape (None, ...)."""
        if not self.layers:
            raise ValueError("the network has no layers: add one, such as Dense(3)")
        self.input_shape = shape = (None, *input_shape[1:])
        for layer in self.layers:
            if not layer.built:
                layer.dtype, layer.rng = layer.dtype or self.dtype, layer.rng or self.rng
                layer.build(shape)
            shape = layer.output_shape

    @property
    def output_shape(self):
        """The shape of a batch of outputs, with None for the number of samples."""
        return self.layers[-1].output_shape

    @property
    def parameters(self):
        """The parameters of all layers, from the first to the last."""
        return [array for layer in self.layers for array in layer.parameters]

    @property
    def gradients(self):
        """The gradients of all layers, in the order of `parameters`."""
        return [array for layer in self.layers for array in layer.gradients]

    def get_weights(self):
        """Return copies of all parameters; `set_weights` of the same Keras network takes them."""
        return [array.copy() for array in self.parameters]

    def set_weights(self, weights):
        """Copy these arrays into the parameters; `get_weights` of the same Keras network fits."""
        set_arrays(self.parameters, weights, f"the network {self.name!r}")

    def count_params(self):
        """Return how many numbers training may change."""
        return sum(layer.count_params() for layer in self.layers)

    def forward(self, inputs, training=False):
        """Return the outputs: a⁽ⁱ⁾ = fᵢ(a⁽ⁱ⁻¹⁾) from the first layer to the last."""
        if not self.layers or not self.layers[-1].built:
            self.build(np.shape(inputs))
        outputs = inputs
        for layer in self.layers:
            outputs = layer.forward(outputs, training=training)
        return outputs

    __call__ = forward

    def compile(self, optimizer="rmsprop", loss=None, metrics=()):
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
        self.optimizer, self.loss = as_optimizer(optimizer), as_loss(loss)
        self.metrics = dict(as_metric(metric) for metric in metrics or ())

    def loss_and_gradients(self, x, y, training=True):
        """Return the loss of a batch and its gradient for each of `parameters`.

        Forward through the layers, then the loss, then backward: each layer turns the gradient for
        its outputs into the gradient for its inputs, which are the outputs of the layer before.
        """
        loss = self._measure(x, y, training)
        *others, last = self.layers
        grad = self._criterion.backward()
        grad = last.backward_pre_activation(grad) if self._takes_scores else last.backward(grad)
        for layer in reversed(others):
            grad = layer.backward(grad)
        return loss, self.gradients

    def train_on_batch(self, x, y):
        """Take one step of training; return the loss before it, or [loss, *metrics]."""
        loss, gradients = self.loss_and_gradients(x, y)
        self.optimizer.apply(gradients, self.parameters)
        values = list(self._results(loss).values())
        return values if self.metrics else loss

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
            See `helpers.callbacks.Progress`.
        callbacks : Callback or list of Callback
            See `helpers.callbacks.Callback`.
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
        x, y = self._as_data(x, y)
        if validation_data is not None:
            validation_data = self._as_data(*validation_data, name="validation ")
        size = _as_count("batch_size", 32 if batch_size is None else batch_size)
        epochs = _as_count("epochs", epochs)
        rng = self.rng if seed is None else np.random.default_rng(seed)

        history, steps = History(), math.ceil(len(x) / size)
        callbacks = callbacks if isinstance(callbacks, list | tuple) else filter(None, [callbacks])
        team = Team([history, GuardAgainstNaN(), Progress(verbose), *callbacks])
        team.join(self, {"epochs": epochs, "steps": steps})
        self.stop_training = False
        epoch = batch = 0
        try:
            team.tell("on_train_begin")
            for epoch in range(epochs):
                team.tell("on_epoch_begin", epoch)
                means = Means()
                chunks = batches(len(x), size, rng if shuffle else None)
                for batch, chosen in enumerate(chunks):
                    means.add(self._train_step(x[chosen], y[chosen]), len(chosen))
                    team.tell("on_train_batch_end", batch, means.values())
                    if self.stop_training:
                        break
                logs = means.values()
                if validation_data is not None:
                    measured = self.evaluate(*validation_data, return_dict=True)
                    logs |= {f"val_{name}": value for name, value in measured.items()}
                team.tell("on_epoch_end", epoch, logs)
                if self.stop_training:
                    break
        except LossNotFinite as problem:
            history.stopped = str(problem)
        except KeyboardInterrupt:
            history.stopped = (
                f"Interrupted in epoch {epoch + 1} of {epochs}, batch {batch + 1} of {steps}: the "
                f"network keeps the weights reached, the history holds {len(history.epoch)} epochs."
            )
        finally:
            team.tell("on_train_end")
        if history.stopped:
            print(history.stopped)
        return history

    def predict(self, x, *, batch_size=1024):
        """Return the outputs for all samples, computed so many at a time, with nothing dropped."""
        x = as_samples("x", x)
        return np.concatenate([self.forward(x[part]) for part in batches(len(x), batch_size)])

    def evaluate(self, x, y, *, batch_size=1024, return_dict=False):
        """Return the loss, or [loss, *metrics], or {name: value}, over all samples."""
        self._refuse_to_train_uncompiled()
        x, y = self._as_data(x, y)
        means = Means()
        for part in batches(len(x), batch_size):
            means.add(self._results(self._measure(x[part], y[part], training=False)), len(part))
        values = means.values()
        return values if return_dict else list(values.values()) if self.metrics else values["loss"]

    def summary(self):
        """Print a table of the layers, their output shapes and their numbers of parameters."""
        if not self.layers or not self.layers[-1].built:
            raise ValueError(
                "the network is not built yet, so its shapes are unknown: start it with "
                "Input((features,)), or call build((None, features))"
            )
        rows = [("Layer (type)", "Output Shape", "Param #")]
        for layer in self.layers:
            kind, shape = f"{layer.name} ({type(layer).__name__})", str(layer.output_shape)
            rows.append((kind, shape, f"{layer.count_params():,}"))
        a, b, c = (max(map(len, column)) for column in zip(*rows, strict=True))
        lines = [f"{kind:{a}}  {shape:{b}}  {count:>{c}}" for kind, shape, count in rows]
        lines.insert(1, "─" * len(lines[0]))
        title, total = f'Model: "{self.name}"', f"Total params: {self.count_params():,}"
        print("\n".join([title, *lines, lines[1], total]))

    @property
    def _takes_scores(self):
        """Whether the loss takes the scores before a final softmax, see CategoricalCrossentropy."""
        last = self.layers[-1]
        return isinstance(getattr(last, "activation", last), Softmax) and (
            isinstance(self.loss, CategoricalCrossentropy) and not self.loss.from_logits
        )

    def _measure(self, x, y, training):
        """Return the loss of a batch, and leave everything in place for the way back."""
        self.batch = x, y
        outputs = self.forward(x, training=training)
        if self._takes_scores:
            self._criterion = CategoricalCrossentropy(from_logits=True)
            return self._criterion.forward(y, self.layers[-1].pre_activation)
        self._criterion = self.loss
        return self._criterion.forward(y, outputs)

    def _results(self, loss):
        """Return the loss and the metrics of the last batch by name."""
        y_true, y_pred = np.asarray(self.batch[1]), self.layers[-1].outputs
        return {"loss": loss} | {
            name: float(metric(y_true, y_pred)) for name, metric in self.metrics.items()
        }

    def _train_step(self, x, y):
        """Take one step; return the results before it. Overflow is left to the guard to report."""
        with np.errstate(over="ignore", invalid="ignore", divide="ignore"):
            loss, gradients = self.loss_and_gradients(x, y)
            self.optimizer.apply(gradients, self.parameters)
        return self._results(loss)

    def _as_data(self, x, y, name=""):
        """Return samples and targets as arrays, and refuse those that do not fit each other."""
        x, y = as_samples(f"{name}x", x), as_samples(f"{name}y", y)
        refuse_unpaired(f"{name}x", x, f"{name}y", y)
        if not self.layers or not self.layers[-1].built:
            self.build(x.shape)
        refuse_misfit(f"{name}y", y.shape, (len(x), *self.output_shape[1:]))
        return x, y

    def _refuse_to_train_uncompiled(self):
        if self.loss is None:
            raise RuntimeError(
                "the network does not know how to train: call "
                'compile(optimizer="sgd", loss="mse") first, or with others'
            )
