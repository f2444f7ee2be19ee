"""BrowserCNN: a small convolutional network learns to read digits, in the page and in sight."""

import json
import math

import numpy as np
import traitlets

from helpers.datasets import load_digits
from helpers.layers import AveragePooling2D, Conv2D, Dense, Flatten, Input, MaxPooling2D
from helpers.limits import told
from helpers.network import Sequential
from helpers.network.batches import endless_batches
from helpers.optimizers import SGD, Adam, RMSprop
from helpers.widgets.base import Widget
from helpers.widgets.draws import draw_kernels, page_random
from helpers.widgets.modules import FOLDER
from helpers.widgets.resources.digits import as_ink
from helpers.widgets.traits import Answer, Numbers

#: name -> {"title", "comment", "settings"}, the same file that the browser reads
PRESETS = json.loads((FOLDER / "browser_cnn" / "presets.json").read_text("utf-8"))

_SETTINGS = tuple(PRESETS["two_layers"]["settings"])
_OPTIMIZERS = {
    "sgd": SGD,
    "momentum": lambda rate: SGD(rate, momentum=0.9),
    "rmsprop": RMSprop,
    "adam": Adam,
}
_POOLINGS = {"max": MaxPooling2D, "average": AveragePooling2D}
_CURVES = ("loss", "val_loss", "accuracy", "val_accuracy")
_DIGITS = 4  # that a recorded number keeps, for a light page


class BrowserCNN(Widget):
    """Train a small convolutional network on 8 × 8 digits, or look at one that Python trained.

    Without arguments it is the preset "two_layers". With a preset, the other arguments change that.
    Each convolution pads its maps with zeros to keep their size, adds a bias and applies the
    activation; a pool of 2 × 2 follows, unless there is none; then come, if wanted, one hidden
    dense layer, and ten softmax outputs. 1 437 digits are learned from and 360 are held out: those
    of `helpers.datasets.load_digits`.

    Attributes
    ----------
    filters : list of int
        How many kernels each convolution has: 1 to 3 layers of 1 to 16.
    kernels : list of int
        Rows and columns of the kernels of each of these layers: 1, 3 or 5.
    pooling : {"max", "average", "none"}
    hidden : int
        Units of the dense layer before the outputs, 1 to 64; 0 for no such layer.
    activation : {"relu", "tanh", "sigmoid"}
        Of all layers but the last.
    optimizer : {"sgd", "momentum", "rmsprop", "adam"}
        As in `helpers.optimizers`; momentum is sgd with a momentum of 0.9.
    learning_rate : float
        Above 0.
    batch_size : int
        1 to 360.
    seed : int
        Of the starting weights and of the order of the digits.
    compare : bool
        Whether a dense network with as many parameters learns beside it.
    epochs : int
        After how many epochs training stops, 1 to 100.
    preset : str
        Name of a ready experiment in `PRESETS`, if the settings are those, or "".
    digit : int
        The held-out digit on show, 0 to 359.
    cell : list of int
        The cell whose arithmetic is written out: layer (from 1, without flatten), map, row and
        column (from 0). Of a dense layer, the map is the unit. Empty for none.
    scale : {"linear", "log"}
        Of the losses.
    answer : {"shown", "hidden"}
        "hidden" asks for sizes, parameters and accuracy before the network may be trained.
    frames : list of dict
        What Python recorded of a training of its own, see `record`; the widget then shows these
        in place of a training in the page.
    steps : int
        How many batches the network in the browser has learned from.
    history : list of dict
        After each of its epochs, and before the first: "epoch", "loss", "accuracy", "val_loss" and
        "val_accuracy".
    parameters : list of float
        Its weights and biases, layer by layer, while training is paused; else empty.

    Raises
    ------
    traitlets.TraitError
        If a value does not fit; the message says what would.

    Examples
    --------
    >>> widget = BrowserCNN(filters=[4], kernels=[3])
    >>> widget.network().count_params()
    690
    """

    module = "browser_cnn"
    heights = (1120, 1110)
    resources = ("digits",)
    fallback = (
        "A small convolutional network learns to read handwritten digits: you see its kernels and "
        "feature maps change batch by batch, the accuracy on held-out digits rise, and which "
        "digits it still misreads. Run this cell in a notebook, or open the book in a browser, to "
        "train it yourself."
    )
    parts = (
        "presets", "digit", "maps", "curves", "confusion", "misread", "inspect", "layers",
        "pooling", "hidden", "activation", "optimizer", "learning_rate", "batch_size", "seed",
        "epochs", "compare", "scale", "predict", "size", "playback",
    )  # fmt: skip
    recorded = ("steps", "history", "parameters")

    filters = traitlets.List(traitlets.Int(), [8, 16]).tag(sync=True)
    kernels = traitlets.List(traitlets.Int(), [3, 3]).tag(sync=True)
    pooling = traitlets.Enum([*_POOLINGS, "none"], "max").tag(sync=True)
    hidden = traitlets.Int(0).tag(sync=True)
    activation = traitlets.Enum(["relu", "tanh", "sigmoid"], "relu").tag(sync=True)
    optimizer = traitlets.Enum(list(_OPTIMIZERS), "adam").tag(sync=True)
    learning_rate = traitlets.Float(0.01).tag(sync=True)
    batch_size = traitlets.Int(32).tag(sync=True)
    seed = traitlets.Int(1).tag(sync=True)
    compare = traitlets.Bool(False).tag(sync=True)
    epochs = traitlets.Int(15).tag(sync=True)
    preset = traitlets.Enum(["", *PRESETS], "two_layers").tag(sync=True)
    digit = traitlets.Int(0).tag(sync=True)
    cell = traitlets.List(traitlets.Int()).tag(sync=True)
    scale = traitlets.Enum(["linear", "log"], "linear").tag(sync=True)
    answer = Answer().tag(sync=True)
    frames = traitlets.List(traitlets.Dict()).tag(sync=True)
    steps = traitlets.Int(0, min=0).tag(sync=True)
    history = traitlets.List(traitlets.Dict()).tag(sync=True)
    parameters = Numbers([]).tag(sync=True)

    _MOST_LAYERS = 3

    def __init__(self, **state):
        given = set(state)
        if state.get("preset") in PRESETS:
            state = PRESETS[state.pop("preset")]["settings"] | state
        filters = state.get("filters")
        if isinstance(filters, list | tuple) and filters and "kernels" not in state:
            state["kernels"] = [3] * len(filters)
        elif {"filters", "kernels"} <= given and np.shape(filters) != np.shape(state["kernels"]):
            raise traitlets.TraitError(
                f"filters={told(filters)} and kernels={told(state['kernels'])} do not fit: "
                "give one kernel size for each layer"
            )
        super().__init__(**state)
        self._name_preset()

    @traitlets.validate("filters", "kernels")
    def _few_layers(self, proposal):
        name, value = proposal.trait.name, list(proposal.value)
        fits = range(1, 17) if name == "filters" else (1, 3, 5)
        words = "1 to 16 kernels" if name == "filters" else "1, 3 or 5 rows and columns"
        if not 1 <= len(value) <= self._MOST_LAYERS or any(each not in fits for each in value):
            raise traitlets.TraitError(
                f"{name}={value} does not fit: use 1 to {self._MOST_LAYERS} layers of {words}"
            )
        return value

    @traitlets.validate("hidden", "learning_rate", "batch_size", "seed", "epochs", "digit")
    def _in_range(self, proposal):
        name, value = proposal.trait.name, proposal.value
        least, most = {
            "hidden": (0, 64), "learning_rate": (0, 100), "batch_size": (1, 360),
            "seed": (0, 2**32 - 1), "epochs": (1, 100), "digit": (0, 359),
        }[name]  # fmt: skip
        is_open = name == "learning_rate"
        if not (math.isfinite(value) and least <= value <= most) or (is_open and value == 0):
            wanted = f"a number above {least} and up" if is_open else f"a number from {least}"
            raise traitlets.TraitError(f"{name}={value} does not fit: use {wanted} to {most}")
        return value

    @traitlets.validate("cell")
    def _one_of_the_cells(self, proposal):
        cell = list(proposal.value)
        if cell and (len(cell) != 4 or cell[0] < 1 or min(cell) < 0):
            raise traitlets.TraitError(
                f"cell={cell} does not fit: use [layer, map, row, column], the layer from 1 and "
                "the others from 0, or [] for none"
            )
        return cell

    @traitlets.validate("frames")
    def _plain_frames(self, proposal):
        return [_as_frame(frame, number) for number, frame in enumerate(proposal.value)]

    @traitlets.observe("filters", "kernels")
    def _as_many_kernels(self, change):
        """Keep a kernel size for each layer."""
        if change.name == "filters" and len(self.kernels) != len(self.filters):
            self.kernels = (self.kernels + [3] * self._MOST_LAYERS)[: len(self.filters)]
        elif change.name == "kernels" and len(self.kernels) != len(self.filters):
            self.filters = (self.filters + [8] * self._MOST_LAYERS)[: len(self.kernels)]

    @traitlets.observe(*_SETTINGS)
    def _name_preset(self, change=None):
        now = {name: getattr(self, name) for name in _SETTINGS}
        named = (name for name, preset in PRESETS.items() if preset["settings"] == now)
        self.preset = next(named, "")

    @traitlets.observe("preset")
    def _take_preset(self, change):
        settings = PRESETS.get(change.new, {"settings": {}})["settings"]
        with self.hold_trait_notifications():
            for name, value in settings.items():
                setattr(self, name, value)

    def record(self, frame):
        """Add what a training in Python has reached, to be looked at and scrubbed through.

        Parameters
        ----------
        frame : dict
            "epoch", "weights" of the first convolution, of shape (rows, columns, channels,
            kernels), and any of "loss", "val_loss", "accuracy", "val_accuracy"; or what
            `helpers.widgets.WatchFilters` films. Numbers are kept to four digits.

        Raises
        ------
        traitlets.TraitError
            If an entry is missing or does not fit.

        Examples
        --------
        >>> widget = BrowserCNN()
        >>> widget.record({"epoch": 0, "loss": 2.30258, "weights": np.ones((3, 3, 1, 8)) / 3})
        >>> widget.frames[0]["loss"], widget.frames[0]["weights"][0][0][0][0]
        (2.303, 0.3333)
        """
        self.frames = [*self.frames, frame]

    def network(self, trained=False):
        """Return the browser's network as a `helpers.network.Sequential`.

        Parameters
        ----------
        trained : bool
            False for the weights that it starts from, True for those in `parameters`.

        Returns
        -------
        Sequential
            Compiled with the optimiser, cross-entropy and the metric "accuracy".

        Raises
        ------
        ValueError
            If there are no trained weights here: training is under way, or there was none.
        """
        layers = [Input((8, 8, 1))]
        for filters, size in zip(self.filters, self.kernels, strict=True):
            layers.append(Conv2D(filters, size, padding="same", activation=self.activation))
            if self.pooling != "none":
                layers.append(_POOLINGS[self.pooling](2))
        layers.append(Flatten())
        if self.hidden:
            layers.append(Dense(self.hidden, self.activation))
        network = Sequential([*layers, Dense(10, "softmax")])
        rule = _OPTIMIZERS[self.optimizer](self.learning_rate)
        network.compile(rule, "categorical_crossentropy", metrics=["accuracy"])
        if not trained:
            draw_kernels(network, "glorot_uniform", page_random(self.seed))
            return network
        values = np.array(self.parameters)
        sizes = [parameter.size for parameter in network.parameters]
        if values.size != sum(sizes):
            raise ValueError(
                f"parameters holds {values.size} numbers and not {sum(sizes)}: train in the "
                "browser and pause first"
            )
        parts = np.split(values, np.cumsum(sizes)[:-1])
        for parameter, part in zip(network.parameters, parts, strict=True):
            parameter[...] = part.reshape(parameter.shape)
        return network

    def train(self, steps):
        """Return the network that the same steps as in the browser lead to, with NumPy.

        Parameters
        ----------
        steps : int
            How many batches.

        Returns
        -------
        Sequential
        """
        (x, y), _ = load_digits()
        x, y = as_ink(x)[..., None], np.eye(10)[y]
        network = self.network()
        batches = endless_batches(len(x), self.batch_size, page_random(self.seed))
        for _, chosen in zip(range(steps), batches, strict=False):
            network.train_on_batch(x[chosen], y[chosen])
        return network


def _as_frame(frame, number):
    """Return a recorded frame as plain, rounded values."""
    if "layers" in frame:  # as `WatchFilters` has it
        weights = next(iter(frame["layers"].values()))[0] if frame["layers"] else None
        told = {name: frame["logs"][name] for name in _CURVES if name in frame["logs"]}
        frame = {"epoch": frame["epoch"], "weights": weights} | told
    known = {"epoch", "weights", *_CURVES}
    if not {"epoch", "weights"} <= set(frame) <= known:
        raise traitlets.TraitError(
            f"frames[{number}] has the entries {', '.join(map(str, frame))}: it needs epoch and "
            f"weights, and may have {', '.join(_CURVES)}"
        )
    weights = np.asarray(frame["weights"], float)
    if weights.ndim != 4 or not weights.size:
        raise traitlets.TraitError(
            f"frames[{number}] has weights of shape {weights.shape}: use those of a convolution, "
            "(rows, columns, channels, kernels)"
        )
    plain = {"epoch": float(frame["epoch"]), "weights": _rounded(weights)}
    for name in _CURVES:
        if frame.get(name) is not None:
            value = float(frame[name])
            plain[name] = _rounded(value) if math.isfinite(value) else None
    return plain


def _rounded(values):
    """Return numbers to four digits, as plain nested lists; what is not finite becomes 0."""
    values = np.nan_to_num(np.asarray(values, float), nan=0, posinf=0, neginf=0)
    return np.vectorize(lambda value: float(f"{value:.{_DIGITS}g}"))(values).tolist()
