"""Convolve2D: slide a kernel over a grid of numbers and see every product and sum."""

import numpy as np
import traitlets

from helpers import convolution
from helpers.widgets.base import Widget
from helpers.widgets.traits import Answer, NumberArray, Step, refuse_too_wide


class Convolve2D(Widget):
    """Slide a kernel over a grid of numbers and see every product and sum.

    Attributes
    ----------
    image : nested list of numbers or ndarray, of shape (H, W)
        The input x, at most 9 × 9.
    kernel : nested list of numbers or ndarray, of shape (K_h, K_w)
        The kernel w as it is written, at most 5 × 5.
    flip : bool
        True for convolution (the kernel is turned by 180°), False for cross-correlation.
    padding : {"full", "same", "valid"}, int or [[above, below], [left, right]]
        Ghost cells on every side, or on each.
    mode : {"zeros", "reflect", "symmetric", "edge", "wrap"}
        What the ghost cells hold.
    stride, dilation : int or [int, int]
        Cells from window to window, and from kernel cell to kernel cell (1 is dense), for both
        axes or down and across.
    step : int
        The output position on show, from 0, row by row.
    answer : {"shown", "hidden"}
        "hidden" asks the reader to predict each value before it is revealed.

    Raises
    ------
    traitlets.TraitError
        If the values do not fit together; the message says what would.

    Examples
    --------
    >>> Convolve2D(kernel=[[1, 1, 1]] * 3, padding="valid").output
    array([[18, 27, 36],
           [18, 27, 36],
           [18, 27, 36]])
    """

    module = "convolve2d"
    heights = (1073, 810)
    fallback = (
        "A kernel slides over a grid of numbers. At each position the numbers that lie above each "
        "other are multiplied and the products added up; that sum is one cell of the output. "
        "Run this cell in a notebook, or open the book in a browser, to move it yourself."
    )
    parts = (
        "operation", "presets", "padding", "mode", "names", "stride", "dilation",
        "shape", "predict", "size", "playback",
    )  # fmt: skip

    facts = {"output": lambda widget: widget.output}

    _MOST_PADDED = 25

    image = NumberArray([[1, 2, 3, 4, 5]] * 5, axes=2, most=(9, 9)).tag(sync=True)
    kernel = NumberArray(
        [
            [1, 2, 0],
            [0, 0, 3],
            [-1, 0, 0],
        ],
        axes=2,
        most=(5, 5),
    ).tag(sync=True)
    flip = traitlets.Bool(True).tag(sync=True)
    padding = traitlets.Any("same").tag(sync=True)
    mode = traitlets.Unicode("zeros").tag(sync=True)
    stride = traitlets.Any(1).tag(sync=True)
    dilation = traitlets.Any(1).tag(sync=True)
    step = Step().tag(sync=True)
    answer = Answer().tag(sync=True)

    @traitlets.validate("image", "kernel", "padding", "mode", "stride", "dilation")
    def _fitting(self, proposal):
        value = _as_lists(proposal.value)
        try:
            self._trace(**{proposal.trait.name: value})
        except (TypeError, ValueError) as problem:
            raise traitlets.TraitError(str(problem)) from None
        return value

    def _trace(self, **changes):
        names = ["image", "kernel", "flip", "padding", "stride", "dilation", "mode"]
        settings = {name: getattr(self, name) for name in names} | changes
        first, kernel = settings.pop("image"), settings.pop("kernel")
        refuse_too_wide(
            np.shape(first),
            np.shape(kernel),
            self._MOST_PADDED,
            **{name: settings[name] for name in ("padding", "stride", "dilation")},
        )
        return convolution.trace2d(first, kernel, **settings)

    @property
    def trace(self):
        """Every output position with its window, products and sum (`Trace2d`)."""
        return self._trace()

    @property
    def output(self):
        """The output y as an ndarray, computed by `helpers.convolution`."""
        return self.trace.output


def _as_lists(value):
    """Return lists where there are tuples or arrays, all the way down."""
    value = value.tolist() if isinstance(value, np.ndarray) else value
    return [_as_lists(entry) for entry in value] if isinstance(value, list | tuple) else value
