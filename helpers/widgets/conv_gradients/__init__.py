"""ConvGradients: step through the backward pass of a convolution, on small numbers."""

import numpy as np
import traitlets

from helpers import convolution
from helpers.widgets.base import Widget
from helpers.widgets.traits import Answer, NumberArray, Step

_FILL = (1, -2, 3, 2, -1)  # ∂L/∂y where none is given: small, both signs, no two neighbours alike


def fit_upstream(upstream, shape):
    """Return ∂L/∂y for an output of this shape: numbers keep their places, new places get new ones.

    Parameters
    ----------
    upstream : nested list of numbers
    shape : (int, int)

    Returns
    -------
    nested list of numbers, of that shape

    Examples
    --------
    >>> fit_upstream([[7, 8, 9]], (2, 2))
    [[7, 8], [2, -1]]
    """
    rows, cols = np.shape(upstream)
    return [
        [
            upstream[row][col] if row < rows and col < cols else _FILL[(3 * row + col) % len(_FILL)]
            for col in range(shape[1])
        ]
        for row in range(shape[0])
    ]


class ConvGradients(Widget):
    """Step through the backward pass of a convolution, on small numbers.

    The layer has one channel, one kernel and a bias: y = b + Σ w·x. The loss is L = Σ g·y, so that
    its gradient at the output, ∂L/∂y, is g.

    Attributes
    ----------
    image : nested list of numbers or ndarray, of shape (H, W)
        The input x, at most 6 × 8. Where image and kernel have a single row, the layer is a 1-D
        one: padding, stride and dilation then act along that row only.
    kernel : nested list of numbers or ndarray, of shape (K_h, K_w)
        The kernel w as it is written, at most 3 × 4.
    bias : float
        The bias b.
    upstream : nested list of numbers or ndarray, of shape (H_out, W_out)
        g = ∂L/∂y. Where another setting changes the shape of the output, numbers keep their
        places and new places get new numbers.
    flip : bool
        True for a layer that convolves (the kernel is turned by 180°), False for one that
        cross-correlates, as those of TensorFlow and PyTorch do.
    padding, stride, dilation : int
        Zeros on every side, 0 to 2; cells from window to window, 1 to 3; and from kernel cell to
        kernel cell, 1 or 2.
    view : {"scatter", "input", "kernel"}
        Scatter one upstream gradient at a time; or gather ∂L/∂x, or ∂L/∂w, as a
        cross-correlation.
    step : int
        The cell on show, from 0, row by row: of ∂L/∂y, of ∂L/∂x or of ∂L/∂w.
    differences : bool
        Whether a finite difference stands in each cell of a gradient.
    answer : {"shown", "hidden"}
        "hidden" asks the reader to predict a value at each step before it is revealed.

    Raises
    ------
    traitlets.TraitError
        If the values do not fit together; the message says what would.

    Examples
    --------
    >>> widget = ConvGradients()
    >>> widget.grad_image
    array([[ 2, -5, 11, -9,  9]])
    >>> widget.grad_kernel, int(widget.grad_bias)
    (array([[-11,  19,  -4]]), 2)
    """

    module = "conv_gradients"
    heights = (682, 772)
    fallback = (
        "The way back through a convolution: every upstream gradient is multiplied by the kernel "
        "and added to the gradient of the input, and multiplied by the window and added to the "
        "gradient of the kernel. Run this cell in a notebook, or open the book in a browser, to "
        "step through it yourself."
    )
    parts = (
        "operation", "examples", "padding", "stride", "dilation", "shape",
        "view", "differences", "predict", "size", "playback",
    )  # fmt: skip
    facts = {
        "grad_kernel": lambda widget: widget.grad_kernel,
        "grad_bias": lambda widget: widget.grad_bias,
    }

    image = NumberArray([[1, 3, -2, 4, 2]], axes=2, most=(6, 8)).tag(sync=True)
    kernel = NumberArray([[2, -1, 3]], axes=2, most=(3, 4)).tag(sync=True)
    bias = traitlets.Float(1).tag(sync=True)
    upstream = NumberArray([[1, -2, 3]], axes=2).tag(sync=True)
    flip = traitlets.Bool(False).tag(sync=True)
    padding = traitlets.Int(0, min=0, max=2).tag(sync=True)
    stride = traitlets.Int(1, min=1, max=3).tag(sync=True)
    dilation = traitlets.Int(1, min=1, max=2).tag(sync=True)
    view = traitlets.Enum(["scatter", "input", "kernel"], "scatter").tag(sync=True)
    step = Step().tag(sync=True)
    differences = traitlets.Bool(True).tag(sync=True)
    answer = Answer().tag(sync=True)

    @traitlets.validate("bias")
    def _finite(self, proposal):
        if not np.isfinite(proposal.value):
            raise traitlets.TraitError(f"bias={proposal.value} is not finite: use a number")
        return proposal.value

    @traitlets.validate("image", "kernel", "padding", "stride", "dilation")
    def _fitting(self, proposal):
        self._sizes(**{proposal.trait.name: proposal.value})
        return proposal.value

    @traitlets.validate("upstream")
    def _as_large_as_the_output(self, proposal):
        found, shape = np.shape(proposal.value), self._sizes()
        if found != shape:
            raise traitlets.TraitError(
                f"upstream of shape {found} does not fit an output of shape {shape}: give it one "
                "number for each cell of the output"
            )
        return proposal.value

    @traitlets.observe("image", "kernel", "padding", "stride", "dilation")
    def _follow(self, change):
        self._refit()

    def _refit(self):
        shape = self._sizes()
        if np.shape(self.upstream) != shape:
            self.upstream = fit_upstream(self.upstream, shape)

    def _options(self, **changes):
        """Return padding, stride and dilation as ints for each axis; none down a single row."""
        names = ["image", "kernel", "padding", "stride", "dilation"]
        state = {name: getattr(self, name) for name in names} | changes
        one_row = len(state["image"]) == len(state["kernel"]) == 1
        padding, stride, dilation = (state[name] for name in names[2:])
        return {
            "padding": (0 if one_row else padding, padding),
            "stride": (1 if one_row else stride, stride),
            "dilation": (1 if one_row else dilation, dilation),
        }

    def _sizes(self, **changes):
        """Return the shape of the output."""
        image, kernel = (
            np.shape(changes.get(name, getattr(self, name))) for name in ("image", "kernel")
        )
        options = self._options(**changes)
        try:
            return tuple(
                convolution.output_size(
                    image[axis],
                    kernel[axis],
                    **{name: values[axis] for name, values in options.items()},
                )
                for axis in (0, 1)
            )
        except ValueError as problem:
            raise traitlets.TraitError(str(problem)) from None

    @property
    def _laid(self):
        """The kernel as it lies on the image."""
        return convolution.flip(self.kernel) if self.flip else np.array(self.kernel)

    @property
    def _padded(self):
        return np.pad(self.image, [(count, count) for count in self._options()["padding"]])

    @property
    def _spread(self):
        """∂L/∂y with stride − 1 zeros between its cells."""
        upstream, (down, across) = np.array(self.upstream), self._options()["stride"]
        rows, cols = upstream.shape
        spread = np.zeros(((rows - 1) * down + 1, (cols - 1) * across + 1), upstream.dtype)
        spread[::down, ::across] = upstream
        return spread

    @property
    def output(self):
        """The output y as an ndarray of shape (H_out, W_out), by `helpers.convolution`."""
        options = self._options()
        del options["padding"]
        return self.bias + convolution.cross_correlate2d(
            self._padded, self._laid, padding="valid", **options
        )

    @property
    def loss(self):
        """The loss L = Σ g·y."""
        return (np.array(self.upstream) * self.output).sum()

    @property
    def grad_image(self):
        """∂L/∂x of shape (H, W): ∂L/∂y, spread, cross-correlated "full" with the turned kernel."""
        options = self._options()
        full = convolution.cross_correlate2d(
            self._spread, convolution.flip(self._laid), padding="full", dilation=options["dilation"]
        )
        padded = np.zeros(self._padded.shape, full.dtype)
        padded[: full.shape[0], : full.shape[1]] = full  # what the stride never reached stays 0
        (above, left), (rows, cols) = options["padding"], np.shape(self.image)
        return padded[above : above + rows, left : left + cols]

    @property
    def grad_kernel(self):
        """∂L/∂w of shape (K_h, K_w): the image cross-correlated "valid" with ∂L/∂y, spread."""
        sums = convolution.cross_correlate2d(
            self._padded, self._spread, padding="valid", stride=self._options()["dilation"]
        )
        rows, cols = np.shape(self.kernel)
        laid = sums[:rows, :cols]  # further ones would use cells that the stride never reached
        return convolution.flip(laid) if self.flip else laid

    @property
    def grad_bias(self):
        """∂L/∂b: the sum of ∂L/∂y."""
        return np.array(self.upstream).sum()
