"""Equivariance: shift a picture, then filter it; or filter it, then shift what came out."""

from functools import cache

import numpy as np
import traitlets

from helpers.convolution import cross_correlate2d
from helpers.widgets.image_filter import named_kernel
from helpers.widgets.pictured import CutPictures, Pictured
from helpers.widgets.pictures import from_data_url, middle_square, to_data_url
from helpers.widgets.traits import Answer, NumberArray, Numbers

KERNELS = (
    "identity", "mean", "gaussian", "sobel_x", "sobel_y", "laplacian", "sharpen", "emboss",
)  # fmt: skip
QUESTIONS = ("zero", "cells", "largest")
MOST_SHIFT = 12

# All strides, with and without pooling, divide a side that this divides: what is wrapped fits.
_MULTIPLE = 12
_SIDE = 60
_BLUR = np.outer([1, 2, 1], [1, 2, 1])
_DUST = 1e-9  # of the largest value: less is rounding


def small_picture(picture):
    """Return the middle square of a picture in grey, at most 60 × 60, with a side that 12 divides.

    Examples
    --------
    >>> small_picture("camera").shape
    (60, 60)
    """
    return middle_square(picture, _fitting_side)


def _fitting_side(square):
    if square < _MULTIPLE:
        raise ValueError(
            f"a picture of {square} × {square} pixels in the middle is too small to be shifted: "
            f"use at least {_MULTIPLE} × {_MULTIPLE} pixels"
        )
    return min(square, _SIDE) // _MULTIPLE * _MULTIPLE


@cache
def _default_pictures():
    row, col = np.indices((_SIDE, _SIDE))
    pictures = {name: small_picture(name) for name in ("camera", "cat", "coins")}
    fine = {"stripes": col % 2, "checkers": (row + col) % 2, "bars": col // 2 % 2}
    pictures |= {name: np.where(odd, 215, 40).astype(np.uint8) for name, odd in fine.items()}
    return {name: to_data_url(picture, exact=True) for name, picture in pictures.items()}


class Equivariance(Pictured):
    """Shift a picture and then apply a layer, or the other way round, and compare.

    The layer f lays a kernel on the picture at every place (a cross-correlation), keeps every
    `stride`-th result, and pools 2 × 2. With S the shift, f is equivariant if f(S x) = S f(x).

    Parameters
    ----------
    images : str, Path, bytes or ndarray, or a list of names, or a dict of these
        What `helpers.widgets.pictures.read_picture` takes, cut down to at most 60 × 60 grey
        pixels. Unless given: "camera", "cat", "coins", and three fine patterns: "stripes" and
        "checkers" of one pixel, "bars" of two.

    Attributes
    ----------
    source : str
        The name of the picture on show.
    kernel : str or nested list of numbers or ndarray
        One of `KERNELS`, or an own one with 1, 3 or 5 rows and columns.
    border : {"zeros", "wrap", "valid"}
        What lies around the picture, and comes in when it is shifted: zeros, or the other side.
        "valid" takes only whole windows, and compares where both orders have a value.
    stride : {1, 2, 3}
    pool : {"none", "max", "mean"}
        Of 2 × 2 with a stride of 2.
    blur : bool
        Whether a small blur comes before anything is left out, by stride or by pooling.
    shift : list of int
        Pixels down and to the right, 0 to 12.
    cell : list of int
        Row and column of the output's cell whose arithmetic is written out.
    ask : {"zero", "cells", "largest"}
        What is to be predicted: whether there is a difference, by how many cells the output moves,
        or how large the largest difference is.
    answer : {"shown", "hidden"}
        "hidden" asks before it shows.

    Raises
    ------
    traitlets.TraitError
        If a value does not fit; the message says what would.

    Examples
    --------
    >>> widget = Equivariance(source="stripes", kernel="identity", stride=2, shift=[0, 1])
    >>> widget.border = "wrap"
    >>> float(np.abs(widget.difference).max())
    175.0
    >>> widget.shift = [0, 2]
    >>> float(np.abs(widget.difference).max())
    0.0
    """

    module = "equivariance"
    heights = (983, 917)
    fallback = (
        "A photograph is shifted and then filtered; beside it, it is filtered first, and the "
        "result is shifted. The two are equal as long as the kernel alone is at work, and differ "
        "where a border, a stride or pooling comes in. Run this cell in a notebook, or open the "
        "book in a browser, to try it yourself."
    )
    parts = (
        "source", "own", "camera", "examples", "kernel", "cells", "border", "stride", "pool",
        "blur", "shift", "cell", "why", "ask", "predict", "playback",
    )  # fmt: skip

    images = CutPictures(small_picture).tag(sync=True)
    kernel = traitlets.Any("sobel_x").tag(sync=True)
    border = traitlets.Enum(["zeros", "wrap", "valid"], "wrap").tag(sync=True)
    stride = traitlets.Enum([1, 2, 3], 1).tag(sync=True)
    pool = traitlets.Enum(["none", "max", "mean"], "none").tag(sync=True)
    blur = traitlets.Bool(False).tag(sync=True)
    shift = Numbers([0, 3]).tag(sync=True)
    cell = Numbers([16, 24]).tag(sync=True)
    ask = traitlets.Enum(list(QUESTIONS), "zero").tag(sync=True)
    answer = Answer().tag(sync=True)

    @traitlets.default("images")
    def _photographs_and_fine_patterns(self):
        return _default_pictures()

    @traitlets.validate("kernel")
    def _named_or_own(self, proposal):
        value = proposal.value
        if isinstance(value, str):
            if value not in KERNELS:
                raise traitlets.TraitError(
                    f"kernel={value!r} is unknown: use a grid of numbers, "
                    f"or one of {', '.join(KERNELS)}"
                )
            return value
        grid = _OWN_KERNEL.validate(self, value)
        shape = (len(grid), len(grid[0]))
        if any(size % 2 == 0 for size in shape):
            raise traitlets.TraitError(
                f"kernel of shape {shape} has no middle: use 1, 3 or 5 rows and columns"
            )
        return grid

    @traitlets.validate("shift", "cell")
    def _two_whole_numbers(self, proposal):
        name, value = proposal.trait.name, proposal.value
        most = MOST_SHIFT if name == "shift" else _SIDE - 1
        if len(value) != 2 or any(not isinstance(at, int) or not 0 <= at <= most for at in value):
            raise traitlets.TraitError(
                f"{name}={value} does not fit: use [down, right], whole numbers from 0 to {most}"
            )
        return value

    @property
    def picture(self):
        """The picture on show, shape (side, side), from 0 to 255."""
        if self.source not in self.images:
            raise ValueError(
                f"source={self.source!r} is a picture that was opened in the browser and stays "
                "there: pass it as Equivariance(images=path) to calculate with it here"
            )
        return small_picture(from_data_url(self.images[self.source])).astype(float)

    @property
    def weights(self):
        """The kernel as it is laid on the picture; one that averages is divided by its sum."""
        if not isinstance(self.kernel, str):
            return np.array(self.kernel, float)
        kernel = named_kernel(self.kernel).astype(float)
        return kernel / kernel.sum() if self.kernel in ("mean", "gaussian") else kernel

    @property
    def step(self):
        """How many pixels of the picture lie between two cells of the output."""
        return self.stride * (1 if self.pool == "none" else 2)

    def layer(self, picture):
        """Return f(x): kernel, stride and pooling."""
        kept = self._leave_out(self._slide(picture, self.weights), self.stride)
        if self.pool == "none":
            return kept
        return self._leave_out(self._pool(kept), 2)

    def move(self, array, by):
        """Return an array moved down and to the right, as the border has it.

        For "valid" it is NaN where something unknown comes in, for "zeros" it is 0.
        """
        if self.border == "wrap":
            return np.roll(array, by, axis=(0, 1))
        moved = np.full(array.shape, np.nan if self.border == "valid" else 0.0)
        rows, cols = (size - amount for size, amount in zip(array.shape, by, strict=True))
        moved[by[0] :, by[1] :] = array[: max(rows, 0), : max(cols, 0)]
        return moved

    @property
    def shifted(self):
        """S x: the picture, moved; where nothing is wrapped, zeros come in."""
        return np.nan_to_num(self.move(self.picture, self.shift))

    @property
    def layer_of_shifted(self):
        """f(S x)."""
        return self.layer(self.shifted)

    @property
    def shifted_layer(self):
        """S f(x): the output, moved by as many whole cells as fit into the shift."""
        return self.move(self.layer(self.picture), [by // self.step for by in self.shift])

    @property
    def difference(self):
        """f(S x) − S f(x); NaN where one of them is unknown."""
        one, other = self.layer_of_shifted, self.shifted_layer
        difference = one - other
        scale = max(1.0, np.abs(self.layer(self.picture)).max())
        return np.where(np.abs(difference) <= _DUST * scale, 0.0, difference)

    def _slide(self, array, kernel):
        if self.border == "valid":
            return cross_correlate2d(array, kernel)
        return cross_correlate2d(array, kernel, padding="same", mode=self.border)

    def _leave_out(self, array, step):
        if step == 1:
            return array
        blurred = self._slide(array, _BLUR) / 16 if self.blur else array
        return blurred[::step, ::step]

    def _pool(self, array):
        """Return the largest or the mean of every 2 × 2; outside there is nothing to be pooled."""
        if self.border != "valid":
            wrapped = {"mode": "wrap"} if self.border == "wrap" else {"constant_values": np.nan}
            array = np.pad(array, (0, 1), **wrapped)
        windows = np.lib.stride_tricks.sliding_window_view(array, (2, 2))
        return (np.nanmax if self.pool == "max" else np.nanmean)(windows, axis=(2, 3))


# `kernel` takes names too, so this is no trait of the class but checks what is no name.
_OWN_KERNEL = NumberArray([[0]], axes=2, most=(5, 5))
_OWN_KERNEL.name = "kernel"
