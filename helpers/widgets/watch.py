"""WatchFilters: a widget shows a training that runs in Python, frame by frame.

The same callback goes into `helpers.network.Sequential.fit` and into ``keras.Model.fit``. It has
every method that Keras calls, so that it needs not be a ``keras.callbacks.Callback``, and this
module not TensorFlow.
"""

import numpy as np

from helpers.network.callbacks import Callback

_FRAMES = 50


class WatchFilters(Callback):
    """Films the kernels of a network while it trains, for a widget that can show a film.

    A new training starts a new film; its first frame is the kernels before the first step. When
    the training is interrupted, the film so far stays, and so do the network's weights.

    Parameters
    ----------
    widget : FilterTrainer, or anything with `frames` and `record`
        ``widget.record(frame)`` gets a dict for each frame:

        - ``"step"``: the number of batches so far;
        - ``"epoch"``: the number of epochs so far, with a fraction within one;
        - ``"logs"``: what training reports, such as ``{"loss": 0.3}``; empty before the first step;
        - ``"layers"``: for each watched layer its name and what its ``get_weights()`` returns.
    layer : str or int, optional
        The name or the number of the layer to watch; all that convolve unless given.
    every : int, optional
        After how many batches a frame is taken; as many as make about 50 frames unless given.

    Raises
    ------
    TypeError
        If the widget cannot record.
    ValueError
        If `every` is no positive whole number, or, when training starts, if there is no such layer.

    Examples
    --------
    >>> from helpers.layers import Conv2D
    >>> from helpers.network import Sequential
    >>> from helpers.optimizers import SGD
    >>> from helpers.widgets import FilterTrainer
    >>> widget = FilterTrainer()
    >>> network = Sequential([Conv2D(1, 3, use_bias=False)], seed=0)
    >>> network.compile(SGD(0.1, momentum=0.9), loss="mse")
    >>> x, y = widget.training_data()
    >>> history = network.fit(x, y, epochs=100, callbacks=[WatchFilters(widget)])
    >>> len(widget.frames), widget.frames[-1]["epoch"]
    (51, 100)
    """

    def __init__(self, widget, layer=None, every=None):
        if not callable(getattr(widget, "record", None)) or not hasattr(widget, "frames"):
            raise TypeError(
                f"{type(widget).__name__} cannot show a film: use a widget with `frames` and "
                "`record`, such as FilterTrainer"
            )
        if every is not None and (not isinstance(every, int | np.integer) or every < 1):
            raise ValueError(f"every={every!r} does not fit: use a whole number of batches, from 1")
        self.widget, self.layer, self.every = widget, layer, every

    def on_train_begin(self, logs=None):
        """Start a new film."""
        self.step = self.epoch = 0
        self.start = int(self.model.optimizer.iterations)
        self.batches = self.params.get("steps")  # of an epoch; Keras may not know
        batches = self.params["epochs"] * (self.batches or 1)
        self.interval = self.every or max(1, batches // _FRAMES)
        self.filmed, self.logs = None, {}
        self.widget.frames = []
        if self._watched():
            self._film(0)

    def on_train_batch_end(self, batch, logs=None):
        """Take a frame if it is time."""
        self.step += 1
        self.logs = dict(logs or {})
        if self.batches is None or batch + 1 == self.batches:
            return  # the end of the epoch takes it, and knows more
        if self.step % self.interval == 0:
            self._film(self.step / self.batches)

    def on_epoch_end(self, epoch, logs=None):
        """Take a frame if it is time; `logs` holds the validation results too."""
        self.epoch = epoch + 1
        self.logs = dict(logs or {})
        if self.batches is None or self.step % self.interval == 0:
            self._film(self.epoch)

    def on_train_end(self, logs=None):
        """Take the last frame: what the network has reached."""
        taken = int(self.model.optimizer.iterations) - self.start
        if self.filmed != taken:  # an interruption may come between a step and its report
            self.step = taken
            self._film(taken / self.batches if self.batches else self.epoch)

    def _film(self, epoch):
        self.filmed = self.step
        self.widget.record(
            {
                "step": self.step,
                "epoch": epoch,
                "logs": {name: float(value) for name, value in self.logs.items()},
                "layers": {layer.name: layer.get_weights() for layer in self._watched()},
            }
        )

    def _watched(self):
        """Return the layers to watch; none as long as Keras has not built them."""
        layers = self.model.layers
        if self.layer is None:
            found = [layer for layer in layers if _convolves(layer)]
            if not found and all(layer.built for layer in layers):
                names = ", ".join(layer.name for layer in layers)
                raise ValueError(f"no layer of this network convolves: it has {names}")
            return found
        by_name = {layer.name: layer for layer in layers} | dict(enumerate(layers))
        if self.layer not in by_name:
            names = ", ".join(layer.name for layer in layers)
            raise ValueError(f"layer={self.layer!r} is not in this network: use one of {names}")
        return [by_name[self.layer]] if by_name[self.layer].built else []

    def _nothing(self, *args, logs=None):
        """Keras tells more than a film needs."""

    on_batch_begin = on_batch_end = on_train_batch_begin = _nothing
    on_test_begin = on_test_batch_begin = on_test_batch_end = on_test_end = _nothing
    on_predict_begin = on_predict_batch_begin = on_predict_batch_end = on_predict_end = _nothing


def _convolves(layer):
    """Tell whether a layer's weights are kernels: (rows, columns, channels in, channels out)."""
    weights = layer.get_weights()
    return bool(weights) and np.ndim(weights[0]) == 4
