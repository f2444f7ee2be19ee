"""NetworkPlayground: a small network learns in sight, and every number on the way can be seen."""

import json
import math
import reprlib

import numpy as np
import traitlets

from helpers.layers import Dense, Input
from helpers.network import Sequential
from helpers.network.batches import endless_batches
from helpers.optimizers import SGD, Adam, RMSprop
from helpers.toy_data import LAID_OUT, laid_out
from helpers.widgets.base import Widget
from helpers.widgets.draws import draw_kernels, page_random
from helpers.widgets.modules import FOLDER
from helpers.widgets.traits import Answer, Numbers

#: name -> {"title", "comment", "settings"}, the same file that the browser reads
PRESETS = json.loads((FOLDER / "network_playground" / "presets.json").read_text("utf-8"))

_SETTINGS = tuple(PRESETS["xor"]["settings"])
_OPTIMIZERS = {
    "sgd": SGD,
    "momentum": lambda rate: SGD(rate, momentum=0.9),
    "rmsprop": RMSprop,
    "adam": Adam,
}


class NetworkPlayground(Widget):
    """Train a small network in sight: its layers, its neurons' own pictures, its weights, its loss.

    Without arguments it is the preset "xor". With a preset, the other arguments change that.

    Attributes
    ----------
    data : {"xor", "circles", "moons", "spiral", "curve"}
        200 points in two classes, or 50 points of a sine.
    hidden : list of int
        How many neurons each hidden layer has: at most 4 layers of 1 to 8.
    activation : {"tanh", "sigmoid", "relu", "linear"}
        Of the hidden layers.
    loss : {"categorical_crossentropy", "mean_squared_error"}
        The first with two softmax outputs; the second with one sigmoid output, or a linear one for
        the curve, which takes no other.
    optimizer : {"sgd", "momentum", "rmsprop", "adam"}
        As in `helpers.optimizers`; momentum is sgd with a momentum of 0.9.
    learning_rate : float
        Above 0; may be changed while the network trains.
    batch_size : int
        1 to 200; from the number of samples on, each step takes all of them.
    seed : int
        Of the points, the starting weights and the order of the samples.
    noise : float
        Standard deviation of the points around their places, 0 to 0.5.
    initializer : {"glorot_uniform", "he_uniform", "random_normal", "zeros"}
        Where the weights start; biases start at 0.
    preset : str
        Name of a ready experiment in `PRESETS`, if the settings are those, or "".
    scale : {"linear", "log"}
        Of the loss curve.
    sample : int
        The sample whose pass is shown in full, from 1; 0 for none.
    neuron : list of int
        The neuron in whose arithmetic it is shown: layer and number in the layer, from 1.
    answer : {"shown", "hidden"}
        "hidden" asks how far the network will get before it may be trained.
    steps : int
        How many steps the network in the browser has been trained; 0 at the start.
    loss_value : float or None
        Its loss over all points then; None before the first step, and when it has diverged.
    parameters : list of float
        Its weights and biases, layer by layer, while training is paused; else empty.

    Raises
    ------
    traitlets.TraitError
        If the values do not fit together; the message says what would.

    Examples
    --------
    >>> widget = NetworkPlayground(data="moons", hidden=[8, 8], activation="relu")
    >>> widget.network().count_params()
    114
    """

    module = "network_playground"
    heights = (958, 766)
    fallback = (
        "A small network learns to tell two kinds of points apart: you see the border that it "
        "draws, what each neuron says about the plane, and how the weights and the loss change. "
        "Run this cell in a notebook, or open the book in a browser, to train it yourself."
    )
    parts = (
        "presets", "network", "layers", "data", "noise", "activation", "initializer", "loss",
        "optimizer", "learning_rate", "batch_size", "seed", "predict", "curve", "inspect", "size",
        "playback",
    )  # fmt: skip
    facts = {
        "hidden_units": lambda widget: sum(widget.hidden),
        "loss_now": lambda widget: widget.loss_value,
    }

    _MOST_LAYERS, _MOST_UNITS, _MOST_SAMPLES = 4, 8, 200
    _SAMPLES = {"curve": 50}

    data = traitlets.Enum(list(LAID_OUT), "xor").tag(sync=True)
    hidden = traitlets.List(traitlets.Int(), [4]).tag(sync=True)
    activation = traitlets.Enum(["tanh", "sigmoid", "relu", "linear"], "tanh").tag(sync=True)
    loss = traitlets.Enum(
        ["categorical_crossentropy", "mean_squared_error"], "categorical_crossentropy"
    ).tag(sync=True)
    optimizer = traitlets.Enum(list(_OPTIMIZERS), "sgd").tag(sync=True)
    learning_rate = traitlets.Float(0.3).tag(sync=True)
    batch_size = traitlets.Int(32).tag(sync=True)
    seed = traitlets.Int(1).tag(sync=True)
    noise = traitlets.Float(0.1).tag(sync=True)
    initializer = traitlets.Enum(
        ["glorot_uniform", "he_uniform", "random_normal", "zeros"], "glorot_uniform"
    ).tag(sync=True)
    preset = traitlets.Enum(["", *PRESETS], "xor").tag(sync=True)
    scale = traitlets.Enum(["linear", "log"], "linear").tag(sync=True)
    sample = traitlets.Int(0).tag(sync=True)
    neuron = traitlets.List(traitlets.Int()).tag(sync=True)
    answer = Answer().tag(sync=True)
    recorded = ("steps", "loss_value", "parameters")

    steps = traitlets.Int(0, min=0).tag(sync=True)
    loss_value = traitlets.Float(None, allow_none=True).tag(sync=True)
    parameters = Numbers([]).tag(sync=True)

    def __init__(self, **state):
        if state.get("preset") in PRESETS:
            state = PRESETS[state.pop("preset")]["settings"] | state
        elif state.get("data") == "curve":
            state = {"loss": "mean_squared_error"} | state
        super().__init__(**state)
        self._name_preset()

    @traitlets.validate("hidden")
    def _few_layers(self, proposal):
        hidden = list(proposal.value)
        if len(hidden) > self._MOST_LAYERS:
            raise traitlets.TraitError(
                f"hidden={hidden} has {len(hidden)} layers: use at most {self._MOST_LAYERS}"
            )
        for units in hidden:
            if not 1 <= units <= self._MOST_UNITS:
                raise traitlets.TraitError(
                    f"hidden={hidden} has a layer of {units} neurons: use 1 to {self._MOST_UNITS}"
                )
        return hidden

    @traitlets.validate("learning_rate", "batch_size", "seed", "noise")
    def _in_range(self, proposal):
        name, value = proposal.trait.name, proposal.value
        least, most = {
            "learning_rate": (0, 100), "batch_size": (1, self._MOST_SAMPLES),
            "seed": (0, 2**32 - 1), "noise": (0, 0.5),
        }[name]  # fmt: skip
        is_open = name == "learning_rate"
        if not (math.isfinite(value) and least <= value <= most) or (is_open and value == 0):
            wanted = f"a number above {least} and up" if is_open else f"a number from {least}"
            raise traitlets.TraitError(f"{name}={value} does not fit: use {wanted} to {most}")
        return value

    @traitlets.validate("data", "loss")
    def _numbers_for_the_curve(self, proposal):
        settings = {"data": self.data, "loss": self.loss} | {proposal.trait.name: proposal.value}
        if settings == {"data": "curve", "loss": "categorical_crossentropy"}:
            raise traitlets.TraitError(
                "loss='categorical_crossentropy' does not fit data='curve', whose targets are "
                "numbers and not classes: use loss='mean_squared_error'"
            )
        return proposal.value

    @traitlets.validate("sample")
    def _one_of_the_samples(self, proposal):
        if not 0 <= proposal.value <= self._count:
            raise traitlets.TraitError(
                f"sample={proposal.value} does not fit: use 1 to {self._count}, or 0 for none"
            )
        return proposal.value

    @traitlets.validate("neuron")
    def _one_of_the_neurons(self, proposal):
        neuron = list(proposal.value)
        if not self._has(neuron):
            raise traitlets.TraitError(
                f"neuron={neuron} does not fit layers of {self._widths} neurons: "
                "use [layer, number in the layer], both from 1, or [] for none"
            )
        return neuron

    @traitlets.observe(*_SETTINGS)
    def _name_preset(self, change=None):
        now = {name: getattr(self, name) for name in _SETTINGS}
        named = (name for name, preset in PRESETS.items() if preset["settings"] == now)
        self.preset = next(named, "")

    @traitlets.observe("data", "hidden", "loss")
    def _leave_what_is_gone(self, change):
        if self.sample > self._count:
            self.sample = 0
        if not self._has(self.neuron):
            self.neuron = []

    @traitlets.observe("preset")
    def _take_preset(self, change):
        settings = PRESETS.get(change.new, {"settings": {}})["settings"]
        with self.hold_trait_notifications():
            for name, value in settings.items():
                setattr(self, name, value)

    @property
    def _count(self):
        return self._SAMPLES.get(self.data, self._MOST_SAMPLES)

    @property
    def _outputs(self):
        return 2 if self.loss == "categorical_crossentropy" else 1

    @property
    def _widths(self):
        return [*self.hidden, self._outputs]

    def _has(self, neuron):
        """Return whether there is such a neuron, or none is meant."""
        if not neuron:
            return True
        return (
            len(neuron) == 2
            and 1 <= neuron[0] <= len(self._widths)
            and 1 <= neuron[1] <= self._widths[neuron[0] - 1]
        )

    @property
    def points(self):
        """Inputs and targets as in the browser, each of shape (N, 2) or (N, 1)."""
        x, y = laid_out(self.data, self._count, self.noise, page_random(self.seed))
        if self.data == "curve":
            return x, y
        return x, np.eye(2)[y] if self._outputs == 2 else y[:, None].astype(float)

    def network(self, steps=0):
        """Return the same network as a `helpers.network.Sequential`, trained so many steps.

        It starts from the weights of the browser and takes the same samples in the same order, so
        ``widget.network(widget.steps)`` has the weights of ``widget.parameters``, unless the
        learning rate was changed on the way.

        Parameters
        ----------
        steps : int
            How many batches to train.

        Returns
        -------
        Sequential
            Compiled with the optimiser and the loss.

        Raises
        ------
        ValueError
            If `steps` is negative.
        """
        if steps < 0:
            raise ValueError(f"steps={reprlib.repr(steps)} does not fit: use at least 0")
        x, y = self.points
        last = {"curve": "linear"}.get(self.data, "softmax" if self._outputs == 2 else "sigmoid")
        layers = [Dense(units, self.activation) for units in self.hidden]
        network = Sequential([Input((x.shape[1],)), *layers, Dense(self._outputs, last)])
        network.compile(_OPTIMIZERS[self.optimizer](self.learning_rate), self.loss)
        draw_kernels(network, self.initializer, page_random(self.seed))
        batches = endless_batches(len(x), self.batch_size, page_random(self.seed))
        for _, chosen in zip(range(steps), batches, strict=False):
            network.train_on_batch(x[chosen], y[chosen])
        return network
