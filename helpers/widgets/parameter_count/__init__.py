"""ParameterCount: what sharing one kernel saves, beside connecting everything with everything."""

import math

import traitlets

from helpers import convolution
from helpers.widgets.base import Widget
from helpers.widgets.traits import Answer, per_axis


class ParameterCount(Widget):
    """Count the parameters of a dense layer, of local kernels and of a convolution, to scale.

    All three take the same block of values to the same output.

    Attributes
    ----------
    input_size, kernel_size : int or [int, int]
        Cells along each side, or rows and columns.
    in_channels, filters : int
        Channels of the input and of the output; the convolution has one kernel for each filter.
    padding : {"same", "valid"} or int
        As in TensorFlow, or zeros on each side.
    stride : int
        Cells between one position of the kernel and the next.
    bias : bool
        Whether there are biases.
    step : int
        The output cell on show in the small drawings, 0 to 6.
    answer : {"shown", "hidden"}
        "hidden" asks the reader to predict the three counts before they are revealed.

    Raises
    ------
    traitlets.TraitError
        If the values do not fit together; the message says what would.

    Examples
    --------
    >>> widget = ParameterCount(input_size=28, in_channels=3, filters=32, kernel_size=3)
    >>> widget.counts
    {'dense': 59006976, 'local': 677376, 'convolution': 864}
    """

    module = "parameter_count"
    heights = (933, 767)
    fallback = (
        "A fully connected layer has a weight for every pair of an input and an output value. "
        "A convolution connects neighbours only and uses the same kernel everywhere: from "
        "28 × 28 × 3 to 28 × 28 × 32 values that is 864 weights in place of 59 006 976. "
        "Run this cell in a notebook, or open the book in a browser, to try other layers."
    )
    parts = (
        "example", "input", "filters", "kernel", "padding", "stride", "bias", "predict",
        "networks", "areas", "size", "playback",
    )  # fmt: skip

    _LARGEST = {
        "input_size": 256, "in_channels": 512, "filters": 512, "kernel_size": 64, "stride": 64,
        "padding": 64,
    }  # fmt: skip

    facts = {"parameters": lambda widget: widget.counts["convolution"]}

    input_size = traitlets.Any(28).tag(sync=True)
    in_channels = traitlets.Int(3, min=1).tag(sync=True)
    filters = traitlets.Int(32, min=1).tag(sync=True)
    kernel_size = traitlets.Any(3).tag(sync=True)
    padding = traitlets.Any("same").tag(sync=True)
    stride = traitlets.Int(1).tag(sync=True)
    bias = traitlets.Bool(False).tag(sync=True)
    step = traitlets.Int(3, min=0, max=6).tag(sync=True)
    answer = Answer().tag(sync=True)

    @traitlets.validate("input_size", "in_channels", "filters", "kernel_size", "padding", "stride")
    def _fitting(self, proposal):
        name = proposal.trait.name
        value = list(proposal.value) if isinstance(proposal.value, tuple) else proposal.value
        if name == "padding" and not (value in ("same", "valid") or _is_count(value)):
            raise traitlets.TraitError(
                f"padding={value!r} does not fit: use 'same', 'valid' or a whole number"
            )
        for count in value if isinstance(value, list) else [value]:
            if _is_count(count) and count > self._LARGEST[name]:
                raise traitlets.TraitError(
                    f"{name}={value} is too large: use at most {self._LARGEST[name]}"
                )
        try:
            self._output(**{name: value})
        except (TypeError, ValueError) as problem:
            raise traitlets.TraitError(str(problem)) from None
        return value

    def _output(self, **changes):
        names = ["input_size", "kernel_size", "stride", "padding"]
        settings = {name: getattr(self, name) for name in names} | changes
        sides = zip(
            _pair("input_size", settings["input_size"]),
            _pair("kernel_size", settings["kernel_size"]),
            strict=True,
        )
        return tuple(
            convolution.output_size(
                size, kernel, stride=settings["stride"], padding=settings["padding"]
            )
            for size, kernel in sides
        )

    @property
    def output_shape(self):
        """Rows, columns and channels of the output."""
        return (*self._output(), self.filters)

    @property
    def counts(self):
        """The number of parameters of each kind of layer, biases included if there are any."""
        rows, cols, filters = self.output_shape
        values_in = math.prod(_pair("input_size", self.input_size)) * self.in_channels
        kernels = math.prod(_pair("kernel_size", self.kernel_size)) * self.in_channels * filters
        bias = int(self.bias)
        return {
            "dense": values_in * rows * cols * filters + bias * rows * cols * filters,
            "local": rows * cols * (kernels + bias * filters),
            "convolution": kernels + bias * filters,
        }


def _pair(name, value):
    """Return rows and columns from one number, or from both."""
    return tuple(per_axis(name, value, 2, "one number, or rows and columns"))


def _is_count(value):
    return isinstance(value, int) and not isinstance(value, bool)
