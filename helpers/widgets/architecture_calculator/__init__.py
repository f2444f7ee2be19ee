"""ArchitectureCalculator: what every layer of a network gives, costs and sees."""

from functools import cache

import traitlets

from helpers.architecture import (
    count,
    from_keras,
    from_line,
    preset,
    to_keras,
    to_line,
    totals,
)
from helpers.widgets.pictured import Pictured
from helpers.widgets.pictures import read_picture, to_data_url
from helpers.widgets.traits import Answer, Step


@cache
def _default_pictures():
    return {name: to_data_url(read_picture(name)) for name in ("cat", "coffee")}


class ArchitectureCalculator(Pictured):
    """Put layers together, and see what each of them gives, costs and sees.

    Parameters
    ----------
    network : str
        One of `helpers.architecture.PRESETS`, to begin with.
    layers : list of dict
        Other layers to begin with, as `helpers.architecture` takes them.
    code : str
        Keras code to begin with; it is read, never run.
    images : str, Path, bytes or ndarray, or a list of names, or a dict of these
        Pictures on which the receptive field is shown.

    Attributes
    ----------
    input_shape : [rows, columns, channels]
        The image that goes in.
    stack : list of str
        The layers as lines, such as ``"Conv2D 96 11 strides=4"``; at most 60.
    batch_size : int
        Images in a batch, for the memory that training needs.
    view : {"layers", "code", "compare"}
        The table; the network as Keras code; AlexNet's first layer on 227 and on 224 pixels.
    question : {"size", "parameters"}
        What the reader predicts of each layer.
    step : int
        The layer on show, from 0.
    answer : {"shown", "hidden"}
        "hidden" asks the reader to predict before the numbers of a layer are revealed.

    Raises
    ------
    traitlets.TraitError
        If a layer does not fit the one before; the message says what would.

    Examples
    --------
    >>> widget = ArchitectureCalculator("alexnet")
    >>> widget.totals["weights"], widget.totals["parameters"]
    (62367776, 62378344)
    >>> widget.counted[1].shape
    (55, 55, 96)
    """

    module = "architecture_calculator"
    heights = (1048, 742)
    fallback = (
        "A table of the layers of a network: how large the output of each is, how many parameters "
        "it has, how many multiplications it takes, and how much of the image one of its numbers "
        "sees. AlexNet has 62 378 344 parameters. Run this cell in a notebook, or open the book in "
        "a browser, to change its layers."
    )
    parts = (
        "view", "example", "input", "layer", "order", "batch_size", "question", "picture", "field",
        "source", "own", "camera", "predict", "size", "playback",
    )  # fmt: skip
    facts = {
        "depth": lambda widget: len(widget.stack),
        "parameters": lambda widget: widget.totals["parameters"],
        "field": lambda widget: widget.counted[-1].field,
        "output_shape": lambda widget: widget.counted[-1].shape,
    }

    input_shape = traitlets.List(traitlets.Int(), [227, 227, 3]).tag(sync=True)
    stack = traitlets.List(traitlets.Unicode()).tag(sync=True)
    batch_size = traitlets.Int(32, min=1, max=4096).tag(sync=True)
    view = traitlets.Enum(["layers", "code", "compare"], "layers").tag(sync=True)
    question = traitlets.Enum(["size", "parameters"], "size").tag(sync=True)
    step = Step().tag(sync=True)
    answer = Answer().tag(sync=True)

    def __init__(self, network=None, *, layers=None, code=None, **state):
        ways = {"network": network, "layers": layers, "code": code, "stack": state.get("stack")}
        given = [name for name, value in ways.items() if value is not None]
        if len(given) > 1:
            raise TypeError(f"{given[0]} and {given[1]} both say what the layers are: give one")
        if network is not None:
            layers, shape = preset(network)
        elif code is not None:
            layers, shape = from_keras(code)
        else:
            shape = None
        if shape is not None:
            state.setdefault("input_shape", list(shape))
        if layers is not None:
            state["stack"] = [to_line(layer) for layer in layers]
        super().__init__(**state)

    @traitlets.default("images")
    def _two_photographs(self):
        return _default_pictures()

    @traitlets.default("stack")
    def _alexnet(self):
        return [to_line(layer) for layer in preset("alexnet")[0]]

    @traitlets.validate("input_shape", "stack")
    def _fitting(self, proposal):
        name, value = proposal.trait.name, list(proposal.value)
        if name == "stack" and not 1 <= len(value) <= 60:
            raise traitlets.TraitError(f"stack has {len(value)} layers: use 1 to 60")
        stack = value if name == "stack" else self.stack
        shape = value if name == "input_shape" else self.input_shape
        try:
            count([from_line(line) for line in stack], shape)
        except (TypeError, ValueError) as problem:
            raise traitlets.TraitError(str(problem)) from None
        return value

    @property
    def layers(self):
        """The layers with all their settings, as `helpers.architecture` takes them."""
        return [from_line(line) for line in self.stack]

    @property
    def counted(self):
        """What is known about each layer's output, input first; see `helpers.architecture`."""
        return count(self.layers, tuple(self.input_shape))

    @property
    def totals(self):
        """The sums over all layers; see `helpers.architecture.totals`."""
        return totals(self.counted)

    @property
    def keras_code(self):
        """Python code that builds the network with Keras."""
        return to_keras(self.layers, tuple(self.input_shape))
