"""OutputSize: how many windows fit, what is left over, and what a chain of layers leaves."""

import traitlets

from helpers import convolution
from helpers.widgets.base import Widget
from helpers.widgets.traits import Answer, Step, per_axis
from helpers.widgets.written_layers import parse_layer

_AXES = ("rows", "columns")


class OutputSize(Widget):
    """See how many windows fit into an input, what is left over, and the formula with its floor.

    Attributes
    ----------
    view : {"layer", "same", "chain"}
        One layer; NumPy's and SciPy's "same" beside TensorFlow's; or a chain of layers.
    dimensions : {2, 1}
        A grid or a row.
    input_size, kernel_size, stride, dilation : int or [int, int]
        One number for all axes or, in two dimensions, one for rows and one for columns.
    padding : {"valid", "same", "full"}, int, [int, int] or [[int, int], [int, int]]
        Ghost cells on each side; before and after in one dimension; or above and below, left and
        right in two.
    usage : bool
        Whether each cell shows how many windows use it.
    chain_input : int or [int, int]
        The size that goes into the chain.
    chain : list of str
        1 to 12 layers, written as `parse_layer` reads them.
    step : int
        The window on show, row by row from 0, or the layer of the chain.
    answer : {"shown", "hidden"}
        "hidden" asks the reader to predict the size before it is revealed.

    Raises
    ------
    traitlets.TraitError
        If the values do not fit together; the message says what would.

    Examples
    --------
    >>> OutputSize(input_size=5, kernel_size=3, padding=1, stride=2).output_size
    (3, 3)
    >>> OutputSize(view="chain", chain_input=227, chain=["conv 11 s4", "pool 3 s2"]).chain_sizes
    [(227, 227), (55, 55), (27, 27)]
    """

    module = "output_size"
    heights = (841, 600)
    fallback = (
        "A window slides over an input and its padding. Each of its positions is one cell of the "
        "output, so the output size is ⌊(N + 2p − K) / s⌋ + 1. Run this cell in a notebook, or "
        "open the book in a browser, to try sizes yourself."
    )
    parts = (
        "view", "dimensions", "example", "input", "kernel", "padding", "stride", "dilation", "axes",
        "usage", "layers", "predict", "size", "playback",
    )  # fmt: skip

    facts = {"output_size": lambda widget: widget.output_size if widget.view == "layer" else None}

    _LARGEST = {
        "input_size": 1024, "chain_input": 1024, "kernel_size": 64, "stride": 64, "dilation": 16,
    }  # fmt: skip
    _MOST_PADDING = 64
    _MOST_LAYERS = 12

    view = traitlets.Enum(["layer", "same", "chain"], "layer").tag(sync=True)
    dimensions = traitlets.Enum([1, 2], 2).tag(sync=True)
    input_size = traitlets.Any(5).tag(sync=True)
    kernel_size = traitlets.Any(3).tag(sync=True)
    padding = traitlets.Any(1).tag(sync=True)
    stride = traitlets.Any(2).tag(sync=True)
    dilation = traitlets.Any(1).tag(sync=True)
    usage = traitlets.Bool(False).tag(sync=True)
    chain_input = traitlets.Any(32).tag(sync=True)
    chain = traitlets.List(
        traitlets.Unicode(), ["conv 3 same", "pool 2 s2", "conv 3 same", "pool 2 s2"]
    ).tag(sync=True)
    step = Step().tag(sync=True)
    answer = Answer().tag(sync=True)

    @traitlets.validate(
        "view", "dimensions", "input_size", "kernel_size", "padding", "stride", "dilation",
        "chain_input", "chain",
    )  # fmt: skip
    def _fitting(self, proposal):
        value = _as_lists(proposal.value)
        settings = self._settings() | {proposal.trait.name: value}
        try:
            self._refuse_too_large(settings)
            if settings["view"] == "chain":
                _sizes_of_chain(settings)
            else:
                _sizes_of_layer(settings)
        except (TypeError, ValueError) as problem:
            raise traitlets.TraitError(str(problem)) from None
        return value

    def _refuse_too_large(self, settings):
        for name, largest in self._LARGEST.items():
            for count in _flat(settings[name]):
                if isinstance(count, int) and count > largest:
                    raise ValueError(f"{name}={settings[name]} is too large: use at most {largest}")
        sizes = settings["chain_input"]  # the other views carry it too
        sizes = sizes if isinstance(sizes, list) else [sizes]
        if not 1 <= len(sizes) <= 2 or any(type(size) is not int or size < 1 for size in sizes):
            raise ValueError(
                f"chain_input={settings['chain_input']} does not fit: use a whole number from 1, "
                "or one for rows and one for columns"
            )
        for count in _flat(settings["padding"]):
            if isinstance(count, int) and count > self._MOST_PADDING:
                raise ValueError(
                    f"padding={settings['padding']} is too large: use at most {self._MOST_PADDING}"
                )
        if not 1 <= len(settings["chain"]) <= self._MOST_LAYERS:
            raise ValueError(
                f"chain has {len(settings['chain'])} layers: use 1 to {self._MOST_LAYERS}"
            )

    def _settings(self):
        names = [
            "view", "dimensions", "input_size", "kernel_size", "padding", "stride", "dilation",
            "chain_input", "chain",
        ]  # fmt: skip
        # While several traits are set at once, some are still as they were passed.
        return {name: _as_lists(getattr(self, name)) for name in names}

    @property
    def output_size(self):
        """The output size of the one layer: an int, or (rows, columns) in two dimensions."""
        sizes = _sizes_of_layer(self._settings() | {"view": "layer"})
        return sizes if self.dimensions == 2 else sizes[0]

    @property
    def chain_sizes(self):
        """The size of the chain's input and that after each of its layers."""
        sizes = _sizes_of_chain(self._settings())
        return sizes if self.dimensions == 2 else [size for (size,) in sizes]


def _sizes_of_layer(settings):
    """Return the output size along each axis."""
    # The two kinds of "same" on show in that view leave the same number of windows.
    padding = "same" if settings["view"] == "same" else settings["padding"]
    axes = settings["dimensions"]
    per_axis = zip(
        _AXES,
        _per_axis("input_size", settings["input_size"], axes),
        _per_axis("kernel_size", settings["kernel_size"], axes),
        _per_axis("stride", settings["stride"], axes),
        _per_axis("dilation", settings["dilation"], axes),
        _padding_per_axis(padding, axes),
        strict=False,
    )
    return tuple(
        _named(
            axis if axes == 2 else "",
            input_size=size, kernel_size=kernel, stride=stride, dilation=dilation, padding=ghosts,
        )
        for axis, size, kernel, stride, dilation, ghosts in per_axis
    )  # fmt: skip


def _sizes_of_chain(settings):
    """Return the size of the input and that after each layer, along each axis."""
    sizes = [tuple(_per_axis("chain_input", settings["chain_input"], settings["dimensions"]))]
    for number, text in enumerate(settings["chain"], start=1):
        layer = parse_layer(text)
        where = f"layer {number}, {text!r}"
        sizes.append(tuple(_named(where, input_size=size, **layer) for size in sizes[-1]))
    return sizes


def _named(where, **settings):
    """Return an output size, or say where a kernel does not fit."""
    try:
        return convolution.output_size(**settings)
    except ValueError as problem:
        raise ValueError(f"{where}: {problem}" if where else str(problem)) from None


def _per_axis(name, value, axes):
    fits = "one number" if axes == 1 else "one number, or one for rows and one for columns"
    return per_axis(name, value, axes, fits)


def _padding_per_axis(padding, axes):
    if not isinstance(padding, list):
        return [padding] * axes
    if axes == 1:
        return [tuple(padding)]
    if len(padding) != 2 or not all(isinstance(pair, list) for pair in padding):
        raise ValueError(
            f"padding={padding} does not fit: use one number, or [before, after] for rows and for "
            "columns"
        )
    return [tuple(pair) for pair in padding]


def _as_lists(value):
    """Return tuples and arrays as lists, all the way down, as JSON has them."""
    if hasattr(value, "tolist"):
        value = value.tolist()
    return [_as_lists(entry) for entry in value] if isinstance(value, list | tuple) else value


def _flat(value):
    return (
        [count for entry in value for count in _flat(entry)] if isinstance(value, list) else [value]
    )
