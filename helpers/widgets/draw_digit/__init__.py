"""DrawDigit: draw a digit, and see a convolutional network read it, layer by layer."""

import numpy as np
import traitlets

from helpers.widgets.base import Widget
from helpers.widgets.ink import (
    add_noise,
    decode_strokes,
    draw_strokes,
    embedded_digits,
    encode_strokes,
    enlarge,
    fit,
    thicken,
    turn_and_shift,
)
from helpers.widgets.resources.draw_weights import about_network, load_network
from helpers.widgets.traits import Answer

__all__ = ["DrawDigit", "about_network", "encode_strokes", "load_network"]

MOST_LETTERS = 6000  # of the strokes: a link must not grow without end
MOST_SHIFT = 10

# Layers that can be looked into, and the shape of what each gives; None for the image.
SHAPES = [(26, 26, 8), (13, 13, 8), (11, 11, 16), (5, 5, 16), None, (64,), (10,)]

# A three, drawn by hand with a mouse.
THREE = encode_strokes(
    [
        [
            (0.24, 0.32), (0.17, 0.40), (0.15, 0.50), (0.18, 0.61), (0.26, 0.66), (0.35, 0.64),
            (0.43, 0.56), (0.47, 0.47), (0.49, 0.57), (0.56, 0.66), (0.66, 0.69), (0.76, 0.65),
            (0.83, 0.54), (0.84, 0.43), (0.79, 0.33),
        ]
    ]
)  # fmt: skip


class Strokes(traitlets.Unicode):
    """Strokes as `encode_strokes` writes them; lists of points are welcome too."""

    def validate(self, obj, value):
        try:
            if not isinstance(value, str):
                value = encode_strokes(value)
            decode_strokes(value)
        except (ValueError, TypeError) as problem:
            raise traitlets.TraitError(str(problem)) from None
        if len(value) > MOST_LETTERS:
            raise traitlets.TraitError(
                f"strokes of {len(value)} letters are too many: use at most {MOST_LETTERS}, "
                "three for each point"
            )
        return super().validate(obj, value)


class Image(traitlets.List):
    """Empty, or 28 x 28 pixels: bytes as MNIST has them, or ink from 0 to 1."""

    reads_arrays = True

    def validate(self, obj, value):
        array = np.asarray([0] if isinstance(value, range) else value)
        if array.size == 0:
            return super().validate(obj, [])
        if array.shape != (28, 28) or array.dtype.kind not in "biuf":
            raise traitlets.TraitError(
                f"image of shape {array.shape} does not fit: use 28 × 28 numbers, or [] for none"
            )
        if array.dtype == np.uint8:
            array = array / 255
        if not ((array >= 0) & (array <= 1)).all():
            raise traitlets.TraitError(
                f"image from {array.min()} to {array.max()} does not fit: use ink from 0 (paper) "
                "to 1, or bytes from 0 to 255 as uint8"
            )
        return super().validate(obj, array.astype(float).round(4).tolist())


class DrawDigit(Widget):
    """Draw a digit, and see a convolutional network read it, layer by layer.

    The network was trained on MNIST by ``scripts/train_draw_weights.py``. `about_network` tells
    how well it reads MNIST's test digits.

    Attributes
    ----------
    source : {"drawing", "sample", "image"}
        What the network reads: the strokes, an embedded digit, or the image given from Python.
    strokes : str, or list of array_like of shape (points, 2)
        The drawing: row and column of each point, from 0 (top, left) to 1. It is kept as the text
        that `encode_strokes` makes of it.
    sample : int
        Which of the 1 797 embedded UCI digits, in the order of `helpers.datasets.load_digits`,
        those for training first.
    image : ndarray of shape (28, 28), or []
        An image for the source "image": ink from 0 to 1, or bytes as MNIST has them. It is read
        as it is, without centring; a widget that is made with one shows it.
    centred : bool
        Whether drawings and samples are scaled to a box of 20 pixels and moved so that their
        centre of mass is in the middle, as MNIST's digits were.
    rotate : float
        Degrees, clockwise, from -180 to 180.
    shift : list of two numbers
        Pixels down and to the right, from -10 to 10.
    thicken : float
        Pixels that strokes grow on each side, from -2 to 2.
    noise : float
        Standard deviation of the noise on each pixel, from 0 to 1.
    seed : int
        Where the noise comes from.
    cell : list of int
        The number that is looked into: layer, row, column, map. Layers are counted from 0, with
        pooling and flattening; of the dense layers 5 and 6 only the last number counts.
    answer : {"shown", "hidden"}
        "hidden" asks the reader first which digit the network will say.

    Examples
    --------
    >>> widget = DrawDigit()
    >>> int(widget.probabilities().argmax())
    3
    >>> widget.ink().shape, [part.shape for part in widget.maps()][:2]
    ((28, 28), [(26, 26, 8), (13, 13, 8)])
    """

    module = "draw_digit"
    heights = (1023, 824)
    resources = ("draw_weights", "digits")
    fallback = (
        "A pad to draw a digit on. A convolutional network with two convolution layers reads it "
        "while you draw: all feature maps, the ten probabilities, and the arithmetic of every "
        "cell. Run this cell in a notebook, or open the book in a browser, to draw yourself."
    )
    parts = (
        "source", "presets", "samples", "centring", "changes", "probabilities",
        "maps", "sum", "fit", "predict",
    )  # fmt: skip

    source = traitlets.Enum(["drawing", "sample", "image"], "drawing").tag(sync=True)
    strokes = Strokes(THREE).tag(sync=True)
    sample = traitlets.Int(0, min=0, max=1796).tag(sync=True)
    image = Image().tag(sync=True)
    centred = traitlets.Bool(True).tag(sync=True)
    rotate = traitlets.Float(0, min=-180, max=180).tag(sync=True)
    shift = traitlets.List(
        traitlets.Float(min=-MOST_SHIFT, max=MOST_SHIFT), [0, 0], minlen=2, maxlen=2
    ).tag(sync=True)
    thicken = traitlets.Float(0, min=-2, max=2).tag(sync=True)
    noise = traitlets.Float(0, min=0, max=1).tag(sync=True)
    seed = traitlets.Int(0, min=0, max=9999).tag(sync=True)
    cell = traitlets.List(traitlets.Int(), [2, 4, 5, 3], minlen=4, maxlen=4).tag(sync=True)
    answer = Answer().tag(sync=True)

    def __init__(self, **state):
        if len(state.get("image", [])):
            state.setdefault("source", "image")
        super().__init__(**state)

    @traitlets.validate("cell")
    def _a_cell_that_there_is(self, proposal):
        layer, row, col, channel = proposal.value
        shape = SHAPES[layer] if 0 <= layer < len(SHAPES) else None
        if shape is None:
            raise traitlets.TraitError(
                f"cell={proposal.value} names no layer that can be looked into: use 0 to 3, 5 or 6"
            )
        if len(shape) == 1:
            shape = (1, 1, *shape)
        if any(not 0 <= at < size for at, size in zip((row, col, channel), shape, strict=True)):
            raise traitlets.TraitError(
                f"cell={proposal.value} lies outside: layer {layer} has {shape[0]} × {shape[1]} "
                f"cells in {shape[2]} maps"
            )
        return proposal.value

    @traitlets.validate("source")
    def _an_image_to_read(self, proposal):
        if proposal.value == "image" and not self.image:
            raise traitlets.TraitError('source="image" needs an image: pass one of 28 × 28 pixels')
        return proposal.value

    def ink(self):
        """Return what the network reads: ink from 0 to 1, of shape (28, 28)."""
        if self.source == "image":
            ink = np.array(self.image)
        elif self.source == "sample":
            ink = fit(enlarge(embedded_digits()[0][self.sample]), self.centred)
        else:
            ink = fit(draw_strokes(decode_strokes(self.strokes)), self.centred)
        ink = thicken(turn_and_shift(ink, self.rotate, self.shift), self.thicken)
        return add_noise(ink, self.noise, self.seed) if self.noise else ink

    def maps(self):
        """Return what each layer gives, in order; the last are the ten probabilities."""
        given = self.ink()[None, ..., None]
        found = []
        for layer in load_network().layers:
            given = layer.forward(given)
            found.append(given[0])
        return found

    def probabilities(self):
        """Return the network's probability for each of the ten digits, of shape (10,)."""
        return self.maps()[-1]
