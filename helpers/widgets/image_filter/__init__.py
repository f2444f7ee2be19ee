"""ImageFilter: put a kernel over a photograph, and look at what becomes of every pixel."""

from functools import cache

import numpy as np
import traitlets

from helpers import convolution
from helpers.arguments import MODES
from helpers.widgets.draws import page_random
from helpers.widgets.pictured import Pictured
from helpers.widgets.pictures import LUMINANCE, from_data_url, read_picture, to_data_url
from helpers.widgets.traits import Answer, NumberArray

KERNEL_NAMES = (
    "identity", "mean", "gaussian", "sobel_x", "sobel_y", "sobel_magnitude",
    "laplacian", "sharpen", "emboss", "random",
)  # fmt: skip


def named_kernel(name, size=3, *, sigma=1.0, seed=0):
    """Return one of the kernels of image filtering, as books print it.

    They are meant for cross-correlation, and hold whole numbers where they can: divide by the sum
    of the weights to keep the picture's brightness.

    Parameters
    ----------
    name : str
        One of `KERNEL_NAMES`. "sobel_magnitude" joins two kernels; this returns the one across.
    size : int
        Rows and columns: 3, 5, 7 or 9.
    sigma : float
        Standard deviation of "gaussian", in pixels.
    seed : int
        Of "random", whose weights are uniform in [0, 1] and have two decimals.

    Returns
    -------
    ndarray of shape (size, size)

    Raises
    ------
    ValueError
        If there is no such kernel.

    Examples
    --------
    >>> named_kernel("sobel_x")
    array([[-1,  0,  1],
           [-2,  0,  2],
           [-1,  0,  1]])
    """
    if name not in KERNEL_NAMES:
        raise ValueError(f"kernel={name!r} is unknown: use one of {', '.join(KERNEL_NAMES)}")
    if size not in (3, 5, 7, 9):
        raise ValueError(f"size={size!r} does not fit: use 3, 5, 7 or 9")
    row, col = np.indices((size, size)) - size // 2
    middle = ((row == 0) & (col == 0)).astype(int)
    smooth = _binomial(size)
    slope = np.convolve(_binomial(size - 2), [-1, 0, 1])
    bend = np.convolve(_binomial(size - 2), [1, -2, 1])
    if name == "identity":
        return middle
    if name == "mean":
        return np.ones((size, size), int)
    if name == "gaussian":
        return np.exp(-(row**2 + col**2) / (2 * sigma**2))
    if name in ("sobel_x", "sobel_magnitude"):
        return np.outer(smooth, slope)
    if name == "sobel_y":
        return np.outer(slope, smooth)
    if name == "laplacian":
        # The plain one of 3 × 3 cells takes the four neighbours; larger ones smooth as well.
        plain = (np.abs(row) + np.abs(col) == 1).astype(int) - 4 * middle
        return plain if size == 3 else np.outer(bend, smooth) + np.outer(smooth, bend)
    if name == "sharpen":
        # The picture and, once more, what a blur takes from it: 2 · identity − mean, times size².
        return middle - named_kernel("laplacian") if size == 3 else 2 * size**2 * middle - 1
    if name == "emboss":
        return row + col + middle
    draws = page_random(seed).random_sample((size, size))
    return np.floor(100 * draws + 0.5) / 100


def _binomial(size):
    """Return a row of Pascal's triangle: 1 2 1, 1 4 6 4 1, ..."""
    row = np.ones(1, int)
    for _ in range(size - 1):
        row = np.convolve(row, [1, 1])
    return row


@cache
def _default_pictures():
    return {name: to_data_url(read_picture(name)) for name in ("camera", "cat", "coins")}


class ImageFilter(Pictured):
    """Put a kernel over a photograph, and look at what becomes of every pixel.

    Parameters
    ----------
    images : str, Path, bytes or ndarray, or a list of names, or a dict of these
        What `helpers.widgets.pictures.read_picture` takes; the first is on show. They are scaled
        down and compressed, at most 30 kB each: `pixels` tells what is left. An array that fits
        keeps every number. Unless given: "camera", "cat" and "coins".

    Attributes
    ----------
    source : str
        The name of the picture on show; "own-1", "own-2", ... for those that the reader opened.
        These never leave the browser.
    kernel : str or nested list of numbers or ndarray
        One of `KERNEL_NAMES`, or an own kernel of at most 9 × 9 cells, as it is written.
    size, sigma, seed : int, float, int
        Of a kernel with a name, as in `named_kernel`.
    flip : bool
        True for convolution (the kernel is turned by 180°), False for cross-correlation.
    normalise : bool
        Whether the kernel is divided by the sum of its weights, unless that is 0.
    mode : {"zeros", "reflect", "symmetric", "edge", "wrap", "valid"}
        What lies around the picture; "valid" leaves out the positions where the kernel reaches out.
    show : {"clipped", "rescaled", "signed"}
        How numbers become shades: cut off at 0 and 255, stretched from smallest to largest, or in
        colours around 0.
    colour : bool
        Filter red, green and blue each, where the picture has them.
    row, col : int
        The pixel under the loupe; a little above the middle unless given. Beyond the border it is
        on the border.
    channel : int
        0, 1 or 2: which colour's numbers the loupe shows.
    divider : float
        Where the original gives way to the result, from 0 (left) to 1.
    answer : {"shown", "hidden"}
        "hidden" asks the reader to pick the result out of four pictures.

    Raises
    ------
    traitlets.TraitError
        If a value does not fit; the message says what would.

    Examples
    --------
    >>> edge = np.array([[0, 0, 9, 9]] * 4, dtype=np.uint8)
    >>> ImageFilter(edge, kernel="sobel_x", flip=False, mode="valid").result
    array([[36., 36.],
           [36., 36.]])
    """

    module = "image_filter"
    heights = (1006, 786)
    fallback = (
        "A kernel lies over a photograph. Each pixel under it is multiplied by the weight above "
        "it, and the sum of the products is one pixel of the result: blurred, sharpened, or only "
        "the edges. Run this cell in a notebook, or open the book in a browser, to do it yourself."
    )
    parts = (
        "source", "own", "camera", "kernel", "cells", "normalise", "operation", "mode", "show",
        "colour", "loupe", "divider", "range", "save", "predict",
    )  # fmt: skip

    # As it is laid on the picture; the length of a gradient takes two kernels.
    facts = {
        "weights": lambda w: w.weights if w.kernel != "sobel_magnitude" else None,
        "weight_sum": lambda w: w.weights.sum() if w.kernel != "sobel_magnitude" else None,
        "column_sums": lambda w: w.weights.sum(axis=0) if w.kernel != "sobel_magnitude" else None,
    }

    kernel = traitlets.Any("mean").tag(sync=True)
    size = traitlets.Enum([3, 5, 7, 9], 3).tag(sync=True)
    sigma = traitlets.Float(1.0, min=0.1, max=9.0).tag(sync=True)
    seed = traitlets.Int(0, min=0, max=9999).tag(sync=True)
    flip = traitlets.Bool(True).tag(sync=True)
    normalise = traitlets.Bool(True).tag(sync=True)
    mode = traitlets.Enum([*MODES, "valid"], "zeros").tag(sync=True)
    show = traitlets.Enum(["clipped", "rescaled", "signed"], "clipped").tag(sync=True)
    colour = traitlets.Bool(False).tag(sync=True)
    row = traitlets.Int(min=0).tag(sync=True)
    col = traitlets.Int(min=0).tag(sync=True)
    channel = traitlets.Int(0, min=0, max=2).tag(sync=True)
    divider = traitlets.Float(0.5, min=0.0, max=1.0).tag(sync=True)
    answer = Answer().tag(sync=True)

    @traitlets.default("images")
    def _three_photographs(self):
        return _default_pictures()

    @traitlets.default("row")
    def _upper_third(self):
        return 3 * self._size_at_start()[0] // 10

    @traitlets.default("col")
    def _left_of_the_middle(self):
        return 4 * self._size_at_start()[1] // 10

    def _size_at_start(self):
        return from_data_url(self.images.get(self.source) or self.images[self.first_name()]).shape

    @traitlets.validate("kernel")
    def _named_or_own(self, proposal):
        value = proposal.value
        if isinstance(value, str):
            if value not in KERNEL_NAMES:
                raise traitlets.TraitError(
                    f"kernel={value!r} is unknown: use a grid of numbers, "
                    f"or one of {', '.join(KERNEL_NAMES)}"
                )
            return value
        is_row = isinstance(value, list) and value and not any(isinstance(w, list) for w in value)
        return _OWN_KERNEL.validate(self, [value] if is_row else value)

    @property
    def pixels(self):
        """The picture on show as 8-bit numbers, shape (H, W) or, in colour, (H, W, 3).

        Raises
        ------
        ValueError
            If it is one that the reader opened: that stays in the browser.
        """
        if self.source not in self.images:
            raise ValueError(
                f"source={self.source!r} is a picture that was opened in the browser and stays "
                "there: pass it as ImageFilter(images=path) to calculate with it here"
            )
        pixels = from_data_url(self.images[self.source])
        if pixels.ndim == 3 and not self.colour:
            return np.floor(pixels @ LUMINANCE + 0.5).astype(np.uint8)
        return pixels

    @property
    def weights(self):
        """The kernel as it is laid on the picture: flipped and divided by its sum, where set."""
        if isinstance(self.kernel, str):
            kernel = named_kernel(self.kernel, self.size, sigma=self.sigma, seed=self.seed)
        else:
            kernel = np.array(self.kernel)
        return self._laid_on(kernel)

    def _laid_on(self, kernel):
        total = kernel.sum()
        is_zero = abs(total) <= 1e-9 * np.abs(kernel).sum()  # or nothing but rounding
        kernel = kernel / total if self.normalise and not is_zero else kernel.astype(float)
        return convolution.flip(kernel) if self.flip else kernel

    @property
    def result(self):
        """What the kernel makes of `pixels`: float64, neither clipped nor rescaled."""
        if self.kernel == "sobel_magnitude":
            down = self._laid_on(named_kernel("sobel_y", self.size))
            return np.hypot(self._filtered(self.weights), self._filtered(down))
        return self._filtered(self.weights)

    def _filtered(self, weights):
        fit = (
            {"padding": "valid"} if self.mode == "valid" else {"padding": "same", "mode": self.mode}
        )
        pixels = self.pixels.astype(float)
        if pixels.ndim == 2:
            return convolution.cross_correlate2d(pixels, weights, **fit)
        channels = [pixels[:, :, c] for c in range(pixels.shape[2])]
        return np.stack(
            [convolution.cross_correlate2d(channel, weights, **fit) for channel in channels], axis=2
        )


# `kernel` takes names too, so this is no trait of the class but checks what is no name.
_OWN_KERNEL = NumberArray([[0]], axes=2, most=(9, 9))
_OWN_KERNEL.name = "kernel"
