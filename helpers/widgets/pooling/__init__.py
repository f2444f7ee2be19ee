"""Pooling: one number for every window of a map, its gradient's way back, and a shift by one."""

from functools import cache

import numpy as np
import traitlets

from helpers import convolution
from helpers.layers import AveragePooling2D, MaxPooling2D
from helpers.widgets.conv_gradients import fit_upstream
from helpers.widgets.filter_trainer import training_picture
from helpers.widgets.image_filter import named_kernel
from helpers.widgets.pictured import Pictured
from helpers.widgets.pictures import from_data_url, read_picture, to_data_url
from helpers.widgets.traits import Answer, NumberArray, Step


@cache
def _default_pictures():
    pictures = {name: training_picture(read_picture(name)) for name in ("camera", "coins")}
    return {name: to_data_url(picture, exact=True) for name, picture in pictures.items()}


class Pooling(Pictured):
    """Pool a map of numbers, or the feature map of a photograph, window by window.

    Parameters
    ----------
    images : str, Path, bytes or ndarray, or a list of names, or a dict of these
        What `helpers.widgets.pictures.read_picture` takes; the middle square of 128 × 128 grey
        pixels is used. Unless given: "camera" and "coins".

    Attributes
    ----------
    source : str
        The name of the picture on show.
    input : {"numbers", "photograph"}
        What is pooled: `image`, or what a kernel and ReLU make of the photograph.
    kernel : {"sobel_x", "sobel_y", "laplacian", "identity"}
        The kernel laid on the photograph.
    image : nested list of numbers or ndarray, of shape (H, W)
        The map x, at most 6 × 8.
    kind : {"max", "mean"}
        What comes out of a window.
    pool_size, stride : int
        Cells of a window, and from one to the next, along both axes; 1 to 6.
    padding : {"valid", "same"}
        Whether windows may reach over the border. What they find there is no number: it never
        wins, and is never counted.
    whole : bool
        One window over the whole map, as in global pooling; the last three then do not matter.
    upstream : nested list of numbers or ndarray, of shape (H_out, W_out)
        ∂L/∂y for `image`. Where the shape of the output changes, numbers keep their places and
        new places get new ones. For a photograph it is 1 everywhere.
    view : {"forward", "backward", "shift"}
        The windows; where each gradient goes; or what changes when x moves one column to the right.
    ties : {"first", "shared"}
        Whether the first of several maxima gets the whole gradient, as in TensorFlow's pooling, or
        all of them share it, as in its ``reduce_max``.
    step : int
        The window on show, from 0, row by row.
    answer : {"shown", "hidden"}
        "hidden" asks the reader to predict a value at each step before it is revealed.

    Raises
    ------
    traitlets.TraitError
        If the values do not fit together; the message says what would.

    Examples
    --------
    >>> widget = Pooling(image=[[1, 2], [3, 4]])
    >>> widget.output
    array([[4.]])
    >>> widget.kind = "mean"
    >>> widget.output
    array([[2.5]])
    """

    module = "pooling"
    heights = (671, 476)
    fallback = (
        "A window slides over a map of numbers, and the largest number in it, or their mean, takes "
        "its place: the map becomes smaller. Run this cell in a notebook, or open the book in a "
        "browser, to step through it yourself."
    )
    parts = (
        "view", "kind", "pool_size", "stride", "padding", "whole", "ties", "input", "examples",
        "shape", "kernel", "source", "own", "camera", "predict", "size", "playback",
    )  # fmt: skip
    facts = {
        "output_size": lambda w: w.output.shape if w.input == "numbers" else None,
    }

    input = traitlets.Enum(["numbers", "photograph"], "numbers").tag(sync=True)
    kernel = traitlets.Enum(["sobel_x", "sobel_y", "laplacian", "identity"], "sobel_x").tag(
        sync=True
    )
    image = NumberArray(
        [[1, 2, 5, 1], [3, 4, 0, 2], [6, 1, 3, 3], [2, 0, 3, 1]], axes=2, most=(6, 8)
    ).tag(sync=True)
    kind = traitlets.Enum(["max", "mean"], "max").tag(sync=True)
    pool_size = traitlets.Int(2, min=1, max=6).tag(sync=True)
    stride = traitlets.Int(2, min=1, max=6).tag(sync=True)
    padding = traitlets.Enum(["valid", "same"], "valid").tag(sync=True)
    whole = traitlets.Bool(False).tag(sync=True)
    upstream = NumberArray([[1, -2], [2, -1]], axes=2).tag(sync=True)
    view = traitlets.Enum(["forward", "backward", "shift"], "forward").tag(sync=True)
    ties = traitlets.Enum(["first", "shared"], "first").tag(sync=True)
    step = Step().tag(sync=True)
    answer = Answer().tag(sync=True)

    @traitlets.default("images")
    def _two_photographs(self):
        return _default_pictures()

    @traitlets.validate("input", "image", "pool_size", "padding", "stride", "whole")
    def _fitting(self, proposal):
        changes = {proposal.trait.name: proposal.value}
        if changes.pop("input", self.input) == "numbers":  # any window fits a photograph
            self._layer(**changes)
        return proposal.value

    @traitlets.validate("upstream")
    def _as_large_as_the_output(self, proposal):
        if self.input == "photograph":
            return proposal.value
        found, shape = np.shape(proposal.value), self._sizes()
        if found != shape:
            raise traitlets.TraitError(
                f"upstream of shape {found} does not fit an output of shape {shape}: give it one "
                "number for each window"
            )
        return proposal.value

    @traitlets.observe("input", "image", "pool_size", "padding", "stride", "whole")
    def _follow(self, change):
        if self.input == "photograph":
            return
        shape = self._sizes()
        if np.shape(self.upstream) != shape:
            self.upstream = fit_upstream(self.upstream, shape)

    def _layer(self, shape=None, **changes):
        """Return the pooling layer for `image`, or for a map of this shape."""
        names = ["image", "pool_size", "padding", "stride", "whole", "kind"]
        state = {name: getattr(self, name) for name in names} | changes
        shape = np.shape(state["image"]) if shape is None else shape
        layer = {"max": MaxPooling2D, "mean": AveragePooling2D}[state["kind"]]
        options = {"pool_size": shape, "strides": 1}
        if not state["whole"]:
            options = {
                "pool_size": state["pool_size"],
                "strides": state["stride"],
                "padding": state["padding"],
            }
        try:
            layer = layer(**options, dtype=np.float64)
            layer.build((None, *shape, 1))
        except ValueError as problem:
            raise traitlets.TraitError(str(problem)) from None
        return layer

    def _sizes(self):
        return tuple(self._layer().positions.sizes)

    @property
    def feature_map(self):
        """The map x that is pooled, shape (H, W): `image`, or that of the photograph.

        Raises
        ------
        ValueError
            If the photograph is one that the reader opened: that stays in the browser.
        """
        if self.input == "numbers":
            return np.array(self.image, float)
        if self.source not in self.images:
            raise ValueError(
                f"source={self.source!r} is a picture that was opened in the browser and stays "
                "there: pass it as Pooling(images=path) to calculate with it here"
            )
        pixels = training_picture(from_data_url(self.images[self.source])).astype(float)
        kernel = named_kernel(self.kernel, 3)
        return np.maximum(convolution.cross_correlate2d(pixels, kernel, padding="valid"), 0)

    @property
    def shifted(self):
        """The map one column further to the right; its first column stays, too."""
        x = self.feature_map
        return np.hstack([x[:, :1], x[:, :-1]])

    @property
    def output(self):
        """What comes out of the windows, by `helpers.layers`, shape (H_out, W_out)."""
        return self._pooled(self.feature_map)

    @property
    def shifted_output(self):
        """What comes out of the windows of the shifted map."""
        return self._pooled(self.shifted)

    def _pooled(self, x):
        return self._layer(x.shape).forward(x[None, :, :, None])[0, :, :, 0]

    @property
    def grad_image(self):
        """∂L/∂x for the loss L = Σ upstream·y, of the shape of the map."""
        x = self.feature_map
        layer = self._layer(x.shape)
        y = layer.forward(x[None, :, :, None])
        g = np.ones(y.shape[1:3]) if self.input == "photograph" else np.array(self.upstream, float)
        if self.kind == "mean" or self.ties == "first":
            return layer.backward(g[None, :, :, None])[0, :, :, 0]
        # Each cell is a winner of the windows that hold it and whose largest it equals.
        winners = [
            np.where(cell == y, 1.0, 0.0)
            for cell in layer.cells(layer.with_ghosts(x[None, :, :, None], np.nan))
        ]
        count = sum(winners)
        padded = np.zeros_like(layer.padded)
        for grad, won in zip(layer.cells(padded), winners, strict=True):
            grad += won * g[None, :, :, None] / count
        return layer.without_ghosts(padded)[0, :, :, 0]
