"""Changes that leave the meaning of an image as it is, drawn anew for every image of a batch.

A network that sees each image a little moved, turned or recoloured in every epoch has more to go
by than the few images there are, as long as the label stays true: a shifted 6 is a 6, a mirrored
one is nothing, and a 6 turned far enough is a 9. Everything takes images (N, H, W, C) and a random
generator, and returns new images of the same shape.
"""

import numpy as np

from helpers.arguments import as_count, as_numbers, as_real
from helpers.limits import told


def shift(images, most, rng):
    """Return the images moved by whole cells, each by its own random distance; 0 moves in.

    Parameters
    ----------
    images : array_like of shape (N, H, W, C)
        The batch.
    most : int
        The farthest, up or down and left or right; every whole number up to it is as likely.
    rng : numpy.random.Generator
        Where the distances come from.

    Returns
    -------
    ndarray of the shape and type of the images

    Examples
    --------
    >>> shift(np.ones((1, 3, 3, 1)), 1, np.random.default_rng(5))[0, :, :, 0]
    array([[0., 0., 0.],
           [0., 1., 1.],
           [0., 1., 1.]])
    """
    images, rng = _receive(images, rng)
    most = as_count("most", most, least=0)
    count, height, width, _ = images.shape
    if most > max(height, width):
        raise ValueError(
            f"most={told(most)} would move images out of sight: use at most {max(height, width)}"
        )
    down, right = rng.integers(-most, most + 1, (2, count, 1))
    rows, cols = np.arange(height) - down, np.arange(width) - right  # (N, H), (N, W): from where
    moved = images[
        np.arange(count)[:, None, None],
        rows.clip(0, height - 1)[:, :, None],
        cols.clip(0, width - 1)[:, None, :],
    ]
    inside = ((rows >= 0) & (rows < height))[:, :, None] & ((cols >= 0) & (cols < width))[:, None]
    return np.where(inside[..., None], moved, images.dtype.type(0))


def rotate(images, most, rng):
    """Return the images turned about their centres, each by its own random angle; 0 turns in.

    Parameters
    ----------
    images, rng
        As in `shift`.
    most : float
        The largest angle in degrees, either way; every angle up to it is as likely.

    Returns
    -------
    ndarray of shape (N, H, W, C)
        Floats: between cells the four around are mixed, by how near they are (bilinear).
    """
    images, rng = _receive(images, rng)
    most = as_real("most", most, at_least=0)
    return warp(images, angle=rng.uniform(-1, 1, len(images)) * most)


def zoom(images, most, rng):
    """Return the images made larger or smaller about their centres, each by its own random factor.

    Parameters
    ----------
    images, rng
        As in `shift`.
    most : float
        The largest change, below 1: with 0.2 every factor from 0.8 to 1.2 is as likely.

    Returns
    -------
    ndarray of shape (N, H, W, C)
        Floats, mixed as in `rotate`.
    """
    images, rng = _receive(images, rng)
    most = as_real("most", most, at_least=0, below=1)
    return warp(images, zoom=1 + rng.uniform(-1, 1, len(images)) * most)


def warp(images, *, down=0, right=0, angle=0, zoom=1, mirrored=False):
    """Return the images turned and zoomed about their centres, then moved, then mirrored.

    Nothing here is random: `rotate` and `zoom` draw their numbers and hand them to this function.

    Parameters
    ----------
    images : array_like of shape (N, H, W, C)
        The batch.
    down, right : float or array_like of shape (N,)
        By how many cells they are moved.
    angle : float or array_like of shape (N,)
        Degrees, against the clock.
    zoom : float or array_like of shape (N,)
        A factor above 0.
    mirrored : bool or array_like of shape (N,)
        Whether left and right change places in the end.

    Returns
    -------
    ndarray of shape (N, H, W, C)
        Floats.

    Notes
    -----
    Each cell of the result asks where it came from, so every step is undone, the last one first.

    Examples
    --------
    >>> image = np.array([[1.0, 2, 0], [0, 3, 0], [0, 0, 0]])[None, :, :, None]
    >>> warp(image, angle=90)[0, :, :, 0].round(6)
    array([[0., 0., 0.],
           [2., 3., 0.],
           [1., 0., 0.]])
    """
    images = as_numbers("images", images, 4, shape="(N, H, W, C)")
    height, width = images.shape[1:3]
    centre_row, centre_col = (height - 1) / 2, (width - 1) / 2

    def each(values):
        return np.broadcast_to(values, len(images))[:, None, None]

    rows, cols = np.mgrid[:height, :width]
    cols = np.where(each(mirrored), width - 1 - cols, cols)
    down, right = rows - each(down) - centre_row, cols - each(right) - centre_col
    cos, sin = (f(np.deg2rad(each(angle))) for f in (np.cos, np.sin))
    zoom = each(zoom)
    if np.any(zoom <= 0):
        raise ValueError(f"zoom={told(zoom.min())} does not fit: use factors above 0")
    return _between(images, centre_row + (cos * down + sin * right) / zoom,
                    centre_col + (cos * right - sin * down) / zoom)  # fmt: skip


def flip(images, rng, probability=0.5):
    """Return the images, each mirrored left to right with a probability.

    Only where the mirror image has the same label: a cat that looks to the left is a cat; of the
    digits only 0 and 8, and sometimes 1, look the same in a mirror.

    Parameters
    ----------
    images, rng
        As in `shift`.
    probability : float
        From 0 to 1.

    Returns
    -------
    ndarray of the shape and type of the images
    """
    images, rng = _receive(images, rng)
    probability = as_real("probability", probability, at_least=0, at_most=1)
    mirrored = rng.random(len(images)) < probability
    return np.where(mirrored[:, None, None, None], images[:, :, ::-1], images)


def shift_colours(images, most, rng, *, largest=1.0):
    """Return the images with every channel brightened or darkened by its own random amount.

    So a lamp's colour, or its strength, tells the network nothing.

    Parameters
    ----------
    images, rng
        As in `shift`.
    most : float
        The largest change of a channel, either way.
    largest : float
        The brightest value there is: results are kept between 0 and this.

    Returns
    -------
    ndarray of shape (N, H, W, C), floats
    """
    images, rng = _receive(images, rng)
    most, largest = as_real("most", most, at_least=0), as_real("largest", largest, above=0)
    amounts = rng.uniform(-1, 1, (len(images), 1, 1, images.shape[-1])) * most
    return np.clip(images + amounts.astype(np.result_type(images, np.float32)), 0, largest)


def add_noise(images, deviation, rng, *, largest=1.0):
    """Return the images with a normal draw added to every number.

    Parameters
    ----------
    images, rng
        As in `shift`.
    deviation : float
        The standard deviation of the noise.
    largest : float
        As in `shift_colours`.

    Returns
    -------
    ndarray of shape (N, H, W, C), floats
    """
    images, rng = _receive(images, rng)
    deviation = as_real("deviation", deviation, at_least=0)
    largest = as_real("largest", largest, above=0)
    noise = deviation * rng.standard_normal(images.shape)
    return np.clip(images + noise.astype(np.result_type(images, np.float32)), 0, largest)


def _receive(images, rng):
    """Return the images as an array, and the generator."""
    if not isinstance(rng, np.random.Generator):
        raise TypeError(f"rng={told(rng)} does not fit: use np.random.default_rng(0)")
    return as_numbers("images", images, 4, shape="(N, H, W, C)"), rng


def _between(images, rows, cols):
    """Return what lies at fractional places (N, H, W), mixed from the four cells around it."""
    dtype = np.result_type(images, np.float32)
    padded = np.pad(images, ((0, 0), (1, 1), (1, 1), (0, 0))).astype(dtype)  # 0 all around
    last_row, last_col = (size - 2 for size in padded.shape[1:3])
    rows, cols = (rows + 1).clip(0, last_row + 1), (cols + 1).clip(0, last_col + 1)
    top, left = (np.minimum(np.floor(at), last).astype(int)
                 for at, last in ((rows, last_row), (cols, last_col)))  # fmt: skip
    low, far = (rows - top)[..., None].astype(dtype), (cols - left)[..., None].astype(dtype)
    which = np.arange(len(images))[:, None, None]
    above = (1 - far) * padded[which, top, left] + far * padded[which, top, left + 1]
    below = (1 - far) * padded[which, top + 1, left] + far * padded[which, top + 1, left + 1]
    return (1 - low) * above + low * below
