"""Convolve1D: slide a kernel over a short signal and see every product and sum."""

import numpy as np
import traitlets

from helpers import convolution
from helpers.widgets.base import Widget
from helpers.widgets.traits import Answer, Numbers, Step, refuse_too_wide


class Convolve1D(Widget):
    """Slide a kernel over a short signal and see every product and sum.

    Attributes
    ----------
    signal, kernel : list of float
        The input x and the kernel w as they are written, 1 to 12 finite numbers each.
    flip : bool
        True for convolution, False for cross-correlation.
    padding : {"full", "same", "valid"}, int or [int, int]
        Ghost cells on each side, or before and after.
    mode : {"zeros", "reflect", "symmetric", "edge", "wrap"}
        What the ghost cells hold.
    stride, dilation : int
        Cells from window to window, and from kernel cell to kernel cell; 1 is dense.
    view : {"window", "copies"}
        A kernel that slides, or a copy of the kernel for each cell of the signal, added up.
    step : int
        The output position on show, from 0.
    answer : {"shown", "hidden"}
        "hidden" asks the reader to predict each value before it is revealed.

    Raises
    ------
    traitlets.TraitError
        If the values do not fit together; the message says what would.

    Examples
    --------
    >>> Convolve1D(signal=[0, 1, 2, 3, 4], kernel=[1, -1, 2]).output
    array([0, 1, 1, 3, 5, 2, 8])
    """

    module = "convolve1d"
    heights = (732, 619)
    fallback = (
        "A kernel slides over a signal. At each position the cells that stand above each other are "
        "multiplied and the products added up; that sum is one cell of the output. "
        "Run this cell in a notebook, or open the book in a browser, to move it yourself."
    )
    parts = (
        "operation", "padding", "mode", "stride", "dilation",
        "length", "predict", "swap", "size", "playback",
        "view",
    )  # fmt: skip

    facts = {
        "output": lambda widget: widget.output,
        "kernel_sum": lambda widget: sum(widget.kernel),
        "largest_weight": lambda widget: max(map(abs, widget.kernel)),
    }

    _MOST_CELLS = 12
    _MOST_PADDED = 60

    signal = Numbers([0, 1, 2, 3, 4]).tag(sync=True)
    kernel = Numbers([1, -1, 2]).tag(sync=True)
    flip = traitlets.Bool(True).tag(sync=True)
    padding = traitlets.Any("full").tag(sync=True)
    mode = traitlets.Unicode("zeros").tag(sync=True)
    stride = traitlets.Int(1).tag(sync=True)
    dilation = traitlets.Int(1).tag(sync=True)
    view = traitlets.Enum(["window", "copies"], "window").tag(sync=True)
    step = Step().tag(sync=True)
    answer = Answer().tag(sync=True)

    @traitlets.validate("signal", "kernel")
    def _few_enough(self, proposal):
        size = len(proposal.value)
        if not 1 <= size <= self._MOST_CELLS:
            raise traitlets.TraitError(
                f"{proposal.trait.name} has {size} cells: use 1 to {self._MOST_CELLS}"
            )
        return self._fitting(proposal)

    @traitlets.validate("padding", "mode", "stride", "dilation")
    def _fitting(self, proposal):
        value = list(proposal.value) if isinstance(proposal.value, tuple) else proposal.value
        try:
            self._trace(**{proposal.trait.name: value})
        except (TypeError, ValueError) as problem:
            raise traitlets.TraitError(str(problem)) from None
        return value

    def _trace(self, **changes):
        names = ["signal", "kernel", "flip", "padding", "stride", "dilation", "mode"]
        settings = {name: getattr(self, name) for name in names} | changes
        if isinstance(settings["padding"], list):
            settings["padding"] = tuple(settings["padding"])
        first, kernel = settings.pop("signal"), settings.pop("kernel")
        refuse_too_wide(
            np.shape(first),
            np.shape(kernel),
            self._MOST_PADDED,
            **{name: settings[name] for name in ("padding", "stride", "dilation")},
        )
        return convolution.trace1d(first, kernel, **settings)

    @property
    def trace(self):
        """Every output position with its window, products and sum (`Trace1d`)."""
        return self._trace()

    @property
    def output(self):
        """The output y as an ndarray, computed by `helpers.convolution`."""
        return self.trace.output
