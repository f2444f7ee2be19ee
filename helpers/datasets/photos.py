"""Photographs that are installed with scikit-image."""

from dataclasses import dataclass

import numpy as np

from helpers.arguments import as_counts, as_flag
from helpers.limits import told


@dataclass(frozen=True)
class Photo:
    """What is known about a photograph: for captions, and for menus."""

    subject: str
    credit: str  # who gave it away, and under which terms
    colour: bool  # whether there is more than grey in it


# Only photographs that lie in scikit-image's wheel, and only those with terms that let a book show
# and change them. The names are scikit-image's.
PHOTOS = {
    "astronaut": Photo("Eileen Collins, astronaut", "NASA, public domain", True),
    "brick": Photo("a brick wall", "CC0 Textures, CC0", False),
    "camera": Photo("a cameraman", "Lav Varshney, CC0", False),
    "cat": Photo("Chelsea the cat", "Stéfan van der Walt, CC0", True),
    "clock": Photo(
        "a clock, blurred by motion", "Stéfan van der Walt, released into the public domain", False
    ),
    "coffee": Photo("a cup of coffee", "Rachel Michetti, CC0", True),
    "coins": Photo(
        "Greek coins from Pompeii", "Brooklyn Museum, no known copyright restrictions", False
    ),
    "grass": Photo("grass", "linolafett, CC0", False),
    "gravel": Photo("gravel", "CC0 Textures, CC0", False),
    "hubble_deep_field": Photo("the farthest galaxies", "NASA, ESA, public domain", True),
    "retina": Photo("the retina of an eye", "Mikael Häggström, CC0", True),
    "rocket": Photo("the launch of a Falcon 9", "SpaceX, public domain", True),
    "text": Photo("a line of text", "Wikimedia Commons, public domain", False),
}


def load_photo(name, *, colour=False, size=None):
    """Return one of scikit-image's photographs, which are installed with it: no network is needed.

    Parameters
    ----------
    name : str
        ``astronaut``, ``brick``, ``camera``, ``cat``, ``clock``, ``coffee``, ``coins``, ``grass``,
        ``gravel``, ``hubble_deep_field``, ``retina``, ``rocket`` or ``text``. `PHOTOS` tells what
        each one shows, who gave it away under which terms, and whether it is in colour.
    colour : bool
        False for grey, as bright as the colours look: 0.21 red + 0.72 green + 0.07 blue.
        True for red, green and blue.
    size : int or (rows, cols), optional
        Cut to this shape around the middle, then scaled down to this many pixels; one number is a
        square. By default the photograph comes whole, at most 1411 pixels high and wide.

    Returns
    -------
    ndarray of uint8, shape (H, W), or (H, W, 3) in colour
        Brightness from 0 to 255. Unsigned bytes wrap around, ``np.uint8(200) + np.uint8(100)`` is
        44: change to a larger type before you calculate. The functions of `helpers.convolution` do.

    Raises
    ------
    ValueError
        If there is no such photograph, if it has no colour, or if it is smaller than `size`.
    TypeError
        If `size` is not made of whole numbers.

    Notes
    -----
    S. van der Walt et al.: scikit-image: image processing in Python, PeerJ 2:e453 (2014),
    https://doi.org/10.7717/peerj.453. The weights of the colours are those of ITU-R BT.709.

    Examples
    --------
    >>> load_photo("camera").shape, load_photo("cat", colour=True, size=(60, 90)).shape
    ((512, 512), (60, 90, 3))
    """
    # Imported here, so that a notebook which needs no photograph does not wait for scikit-image.
    from skimage import color, data

    if not isinstance(name, str) or name not in PHOTOS:
        raise ValueError(f"name={told(name)} is unknown: use one of {', '.join(PHOTOS)}")
    if as_flag("colour", colour) and not PHOTOS[name].colour:
        colourful = [name for name, photo in PHOTOS.items() if photo.colour]
        raise ValueError(f"name={name!r} has no colour: use one of {', '.join(colourful)}")

    photo = getattr(data, name)()
    if PHOTOS[name].colour and not colour:
        photo = as_bytes(255 * color.rgb2gray(photo))
    return photo if size is None else scale_down(photo, as_counts("size", size, axes=2))


def scale_down(photo, size):
    """Return the middle of a photograph, in the proportions and in the number of pixels of size."""
    from skimage import transform

    if any(wanted > pixels for wanted, pixels in zip(size, photo.shape, strict=False)):
        there = " x ".join(map(str, photo.shape[:2]))
        raise ValueError(
            f"size={told(tuple(size))} is too large: the photograph has {there} pixels"
        )
    zoom = min(pixels / wanted for wanted, pixels in zip(size, photo.shape, strict=False))
    cut = [round(zoom * wanted) for wanted in size]
    top, left = ((pixels - side) // 2 for side, pixels in zip(cut, photo.shape, strict=False))
    middle = photo[top : top + cut[0], left : left + cut[1]]
    # Blurred before pixels are left out, or fine patterns would turn into coarse false ones.
    return as_bytes(transform.resize(middle, size, anti_aliasing=True, preserve_range=True))


def as_bytes(brightness):
    return np.clip(np.rint(brightness), 0, 255).astype(np.uint8)
