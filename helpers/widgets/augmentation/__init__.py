"""Augmentation: what a network sees of one picture, and where each of its cells comes from."""

from functools import cache

import numpy as np
import traitlets
from PIL import Image

from helpers.augmentation import warp
from helpers.datasets import load_digits, load_photo
from helpers.widgets.draws import draw_shifts, page_random
from helpers.widgets.pictured import Pictured, Pictures
from helpers.widgets.pictures import from_data_url, middle_square, to_data_url
from helpers.widgets.traits import Answer, Numbers, Step

_COUNT = 12
_SIDES = (28, 48, 64)
_CAT_SIDE = 64


@cache
def _default_pictures():
    (x, y), _ = load_digits()
    pictures = {str(digit): _with_margins(x[y == digit][0]) for digit in (6, 9)}
    pictures["cat"] = load_photo("cat", colour=True, size=_CAT_SIDE)
    return {name: to_data_url(picture, exact=True) for name, picture in pictures.items()}


def _with_margins(digit):
    """Return 28 × 28 pixels with a digit in the middle 20 × 20, as MNIST has it."""
    larger = Image.fromarray(digit).resize((20, 20), Image.Resampling.BILINEAR)
    return np.pad(np.asarray(larger), 4)


class Augmentation(Pictured):
    """Draw twelve changed images of one picture, and see where each of their cells comes from.

    An image is turned and zoomed about its middle, moved, mirrored, made lighter or darker, and
    made noisy, in this order; how much of each is drawn anew for every image.

    Parameters
    ----------
    images : str, Path, bytes or ndarray, or a list of names, or a dict of these
        What `helpers.widgets.pictures.read_picture` takes. A picture whose name is a digit from
        0 to 9 has that label. Unless given: the digits "6" and "9", and "cat".

    Attributes
    ----------
    source : str
        The name of the picture on show.
    shift : int
        The farthest, up or down and left or right, 0 to 10 pixels.
    rotate : float
        The largest angle either way, 0 to 180 degrees.
    zoom : float
        The largest change of size, 0 to 0.5.
    flip : float
        With what probability it is mirrored, left to right.
    brightness, colours : float
        The largest change of all channels together, and of each by itself; 0 to 0.5.
    noise : float
        The standard deviation of the noise, 0 to 0.3.
    pixels : {28, 48, 64}
        Rows and columns of what the network sees; fewer where the picture has fewer.
    seed : int
        What the draws start from, 0 to 9999.
    step : int
        Which of the twelve is on show, from 0.
    cell : list of int
        Row and column of the cell whose arithmetic is written out.
    answer : {"shown", "hidden"}
        "hidden" asks of how many the label is still true.

    Raises
    ------
    traitlets.TraitError
        If a value does not fit; the message says what would.

    Examples
    --------
    >>> Augmentation(source="cat", pixels=48).drawn().shape
    (12, 48, 48, 3)
    """

    module = "augmentation"
    heights = (848, 668)
    fallback = (
        "A picture and twelve that a network sees in its place: moved, turned, zoomed, mirrored, "
        "in another light, noisy. A mirrored 6 is no digit, and one that stands on its head is a "
        "9. Run this cell in a notebook, or open the book in a browser, to draw them yourself."
    )
    parts = (
        "source", "own", "camera", "tiles", "inspect", "shift", "rotate", "zoom", "flip",
        "brightness", "colours", "noise", "size", "pixels", "seed", "cell", "predict", "playback",
    )  # fmt: skip
    facts = {
        "kept": lambda widget: widget.kept,
    }

    images = Pictures().tag(sync=True)
    shift = traitlets.Int(3).tag(sync=True)
    rotate = traitlets.Float(15.0).tag(sync=True)
    zoom = traitlets.Float(0.1).tag(sync=True)
    flip = traitlets.Float(0.0).tag(sync=True)
    brightness = traitlets.Float(0.0).tag(sync=True)
    colours = traitlets.Float(0.0).tag(sync=True)
    noise = traitlets.Float(0.0).tag(sync=True)
    pixels = traitlets.Enum(list(_SIDES), 28).tag(sync=True)
    seed = traitlets.Int(1).tag(sync=True)
    step = Step(max=_COUNT - 1).tag(sync=True)
    cell = Numbers([10, 12]).tag(sync=True)
    answer = Answer().tag(sync=True)

    _LIMITS = {
        "shift": 10, "rotate": 180, "zoom": 0.5, "flip": 1, "brightness": 0.5, "colours": 0.5,
        "noise": 0.3, "seed": 9999,
    }  # fmt: skip

    @traitlets.default("images")
    def _some_pictures(self):
        return _default_pictures()

    @traitlets.validate(*_LIMITS)
    def _in_range(self, proposal):
        name, value = proposal.trait.name, proposal.value
        most = self._LIMITS[name]
        if not 0 <= value <= most:
            raise traitlets.TraitError(
                f"{name}={value} does not fit: use a number from 0 to {most}"
            )
        return value

    @traitlets.validate("cell")
    def _two_whole_numbers(self, proposal):
        cell, last = proposal.value, max(_SIDES) - 1
        if len(cell) != 2 or any(at not in range(last + 1) for at in cell):
            raise traitlets.TraitError(
                f"cell={cell} does not fit: use [row, column], whole numbers from 0 to {last}"
            )
        return [int(at) for at in cell]

    def picture(self):
        """Return the picture as the network takes it, floats from 0 to 1 of shape (H, W, C)."""
        whole = from_data_url(self.images[self.source])
        channels = np.atleast_3d(whole)
        side = min(self.pixels, *whole.shape[:2])
        cut = [middle_square(channels[..., k], side) for k in range(channels.shape[2])]
        return np.stack(cut, axis=-1) / 255

    def drawn(self):
        """Return the twelve images, an ndarray of shape (12, H, W, C), with the browser's draws."""
        picture = self.picture()
        return np.concatenate([self._draw(picture, index) for index in range(_COUNT)])

    @property
    def kept(self):
        """Of how many of the twelve the label is still true; None for what is no digit.

        Mirrored, only a 0 and an 8 stay what they are; turned by more than 45°, nothing is sure.
        """
        if self.source not in set("0123456789"):
            return None
        return sum(map(self._keeps, range(_COUNT)))

    def _keeps(self, index):
        rng = page_random(_COUNT * self.seed + index)
        rng.random_sample(2)  # the shift
        angle = abs(rng.uniform(-1, 1) * self.rotate)
        rng.uniform(-1, 1)  # the zoom
        mirrored = rng.random_sample() < self.flip
        alike = self.source in "08"
        return (not mirrored or alike) and (angle <= 45 or (angle >= 135 and self.source in "018"))

    def _draw(self, picture, index):
        rng = page_random(_COUNT * self.seed + index)
        down, right = draw_shifts(rng, self.shift, 2)
        angle, zoom = rng.uniform(-1, 1) * self.rotate, 1 + rng.uniform(-1, 1) * self.zoom
        mirrored = rng.random_sample() < self.flip
        light = rng.uniform(-1, 1) * self.brightness
        colours = (rng.uniform(-1, 1, 3) * self.colours)[: picture.shape[2]]
        image = warp(
            picture[np.newaxis], down=down, right=right, angle=angle, zoom=zoom, mirrored=mirrored
        )
        image = np.clip(image + light + colours, 0, 1)
        if self.noise:
            image = np.clip(image + self.noise * rng.standard_normal(image.shape), 0, 1)
        return image
