"""From strokes to what the network reads: drawing on the pad, fitting as MNIST does, disturbing.

The page does the same in ``arithmetic/ink.mjs``. Ink is 0 on bare paper and 1 where it is full.
"""

from functools import cache

import numpy as np

from helpers.arguments import as_count
from helpers.datasets import load_digits
from helpers.widgets.draws import page_random
from helpers.widgets.resources.digits import as_ink

CELLS = 112  # rows and columns of the pad: four for each pixel of the 28 that the network reads
PIXELS = 28
BOX = 20  # MNIST fits every digit into a box of so many pixels
PEN = 5.0  # half the width of a stroke, in cells
PLACES = 512  # places along each axis that a stroke's points can have
FAINT = 0.25  # what is fainter than this share of the darkest ink does not count for the box

ALPHABET = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_"


def encode_strokes(strokes):
    """Return strokes as a text short enough for a link.

    Parameters
    ----------
    strokes : sequence of array_like of shape (points, 2)
        Row and column of each point, from 0 (top, left) to 1 (bottom, right).

    Returns
    -------
    str
        Three letters a point: 512 rows times 512 columns are 64 x 64 x 64 places. A "!" ends a
        stroke.

    Raises
    ------
    ValueError
        If a stroke is no list of pairs from 0 to 1.

    Examples
    --------
    >>> encode_strokes([[(0, 0), (1, 1)], [(0.5, 0.5)]])
    'AAA___!gEA!'
    """
    text = ""
    for stroke in strokes:
        points = np.asarray(stroke, dtype=float)
        if points.ndim != 2 or points.shape[1] != 2 or not ((points >= 0) & (points <= 1)).all():
            raise ValueError(f"a stroke {stroke!r} does not fit: use pairs (row, col) from 0 to 1")
        places = np.minimum(np.rint(points * PLACES), PLACES - 1).astype(int)
        for place in places @ [PLACES, 1]:
            text += "".join(ALPHABET[(place >> bits) % 64] for bits in (12, 6, 0))
        text += "!"
    return text


def decode_strokes(text):
    """Return the strokes of such a text as arrays of shape (points, 2), from 0 to 1.

    Raises
    ------
    ValueError
        If the text was not made by `encode_strokes`.

    Examples
    --------
    >>> [stroke.tolist() for stroke in decode_strokes("AAAgEA!")]
    [[[0.0, 0.0], [0.5, 0.5]]]
    """
    strokes = []
    for part in text.split("!")[:-1]:
        if not part or len(part) % 3 or not set(part) <= set(ALPHABET):
            break
        letters = np.array([ALPHABET.index(letter) for letter in part]).reshape(-1, 3)
        places = letters @ [64**2, 64, 1]
        strokes.append(np.column_stack([places // PLACES, places % PLACES]) / PLACES)
    if len(strokes) != text.count("!") or not text.endswith("!" * bool(text)):
        raise ValueError(f"strokes={text!r} does not fit: use what encode_strokes returns")
    return strokes


def draw_strokes(strokes):
    """Return the ink of the pad under a round pen, as an array of shape (112, 112).

    A cell is as dark as its middle is deep in a stroke: full from half a cell inside the border
    on, none from half a cell outside.
    """
    ink = np.zeros((CELLS, CELLS))
    middles = np.arange(CELLS) + 0.5
    for stroke in strokes:
        points = stroke * CELLS
        for start, end in zip(points, np.vstack([points[1:], points[-1:]]), strict=True):
            along = end - start
            row, col = middles[:, None] - start[0], middles[None, :] - start[1]
            length = along @ along
            share = np.clip((row * along[0] + col * along[1]) / length, 0, 1) if length else 0.0
            distance = np.hypot(row - share * along[0], col - share * along[1])
            ink = np.maximum(ink, np.clip(PEN + 0.5 - distance, 0, 1))
    return ink


def spread(image):
    """Return a small square image on the pad, as an array of shape (112, 112), bilinear."""
    image = np.asarray(image, dtype=float)
    size = len(image)
    place = np.clip((np.arange(CELLS) + 0.5) * size / CELLS - 0.5, 0, size - 1)
    first = np.minimum(place.astype(int), size - 2)
    weights = np.zeros((CELLS, size))
    weights[np.arange(CELLS), first] = 1 - (place - first)
    weights[np.arange(CELLS), first + 1] = place - first
    return weights @ image @ weights.T


def find_fit(ink, centred=True):
    """Return how the pad is laid on the 28 x 28 pixels: (cells a pixel, top, left).

    As MNIST's makers did it: the box around the ink is scaled to 20 pixels along its longer side,
    and the centre of mass goes to the middle. Without ink, or without `centred`, the whole pad is
    scaled to the 28 pixels.

    Notes
    -----
    Y. LeCun, C. Cortes, C. J. C. Burges: The MNIST database of handwritten digits. They moved by
    whole pixels; here the centre of mass comes to lie on the middle exactly.
    """
    if not centred or not ink.any():
        return CELLS / PIXELS, 0.0, 0.0
    counted = ink > FAINT * ink.max()
    sides = [np.ptp(np.flatnonzero(counted.any(axis=axis))) + 1 for axis in (1, 0)]
    scale = max(sides) / BOX
    middles = np.arange(CELLS) + 0.5
    centre = [(ink.sum(axis=axis) @ middles) / ink.sum() for axis in (1, 0)]
    return float(scale), *(float(place - PIXELS / 2 * scale) for place in centre)


def fit(ink, centred=True):
    """Return the 28 x 28 pixels: each the mean of the ink under it."""
    scale, top, left = find_fit(ink, centred)
    rows, cols = overlaps(scale, top), overlaps(scale, left)
    return rows @ ink @ cols.T


def overlaps(scale, start):
    """Return the share of each of the 28 pixels that lies on each of the 112 cells."""
    pixel = start + scale * np.arange(PIXELS)[:, None]
    cell = np.arange(CELLS)[None, :]
    return np.clip(np.minimum(pixel + scale, cell + 1) - np.maximum(pixel, cell), 0, None) / scale


def turn_and_shift(ink, degrees, shift):
    """Return an image turned clockwise about its middle, then shifted (down, right), bilinear."""
    size = len(ink)
    middle = (size - 1) / 2
    cos, sin = np.cos(np.deg2rad(degrees)), np.sin(np.deg2rad(degrees))
    row, col = np.mgrid[:size, :size] - middle
    row, col = row - shift[0], col - shift[1]
    from_row, from_col = cos * row - sin * col + middle, sin * row + cos * col + middle
    padded = np.pad(ink, 1)
    from_row, from_col = (np.clip(place + 1, 0, size + 1) for place in (from_row, from_col))
    r, c = (np.minimum(place.astype(int), size) for place in (from_row, from_col))
    down, right = from_row - r, from_col - c
    top = padded[r, c] * (1 - right) + padded[r, c + 1] * right
    bottom = padded[r + 1, c] * (1 - right) + padded[r + 1, c + 1] * right
    return top * (1 - down) + bottom * down


def thicken(ink, by):
    """Return strokes that grow by so many pixels on each side, or shrink where it is negative.

    Every pixel becomes as dark as the darkest near it: one `by` pixels away counts in full, one
    `by` + 1 pixels away not at all. Thinning does the same to the paper.
    """
    if by < 0:
        return 1 - thicken(1 - ink, -by)
    reach = int(np.ceil(by))
    padded = np.pad(ink, reach + 1, mode="edge")
    result = np.zeros_like(ink)
    size = len(ink)
    for row in range(-reach, reach + 1):
        for col in range(-reach, reach + 1):
            counts = np.clip(by + 1 - np.hypot(row, col), 0, 1)
            start = (reach + 1 + row, reach + 1 + col)
            near = padded[start[0] : start[0] + size, start[1] : start[1] + size]
            result = np.maximum(result, counts * near)
    return result


def add_noise(ink, deviation, seed):
    """Return an image with normal noise of this deviation on each pixel, kept between 0 and 1."""
    noise = page_random(as_count("seed", seed, least=0)).standard_normal(ink.shape)
    return np.clip(ink + deviation * noise, 0, 1)


@cache
def embedded_digits():
    """Return the embedded digits in the page's order, as (ink from 0 to 1, labels)."""
    images, labels = (np.concatenate(pair) for pair in zip(*load_digits(), strict=True))
    return as_ink(images), labels


def enlarge(digit):
    """Return an embedded digit on the pad: enlarged, with twice the contrast around half ink.

    Its 64 counts of ink are a blurred image. The contrast gives it strokes with borders again.
    """
    return np.clip(2 * spread(digit) - 0.5, 0, 1)


def as_pixels(digit, size):
    """Return an embedded digit as a network for images of this size reads it.

    Raises
    ------
    ValueError
        If the network reads neither its 8 x 8 cells nor the 28 x 28 pixels of MNIST.
    """
    if size == len(digit):
        return digit
    if size != PIXELS:
        raise ValueError(f"a network for {size} rows reads no embedded digit: give it images")
    return fit(enlarge(digit))
