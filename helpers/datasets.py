"""The data of the course, all of it usable without a network.

A loader returns plain NumPy arrays, says in its docstring where the numbers come from and under
which terms, and gives a fresh copy at every call, so that a notebook may change what it got.
"""

from dataclasses import dataclass

import numpy as np

from helpers.arguments import as_count, as_counts

# Annual discharge of the Nile at Aswan in 10^8 cubic metres; one row per decade from 1871 on.
# fmt: off
_NILE = (
    1120, 1160,  963, 1210, 1160, 1160,  813, 1230, 1370, 1140,
     995,  935, 1110,  994, 1020,  960, 1180,  799,  958, 1140,
    1100, 1210, 1150, 1250, 1260, 1220, 1030, 1100,  774,  840,
     874,  694,  940,  833,  701,  916,  692, 1020, 1050,  969,
     831,  726,  456,  824,  702, 1120, 1100,  832,  764,  821,
     768,  845,  864,  862,  698,  845,  744,  796, 1040,  759,
     781,  865,  845,  944,  984,  897,  822, 1010,  771,  676,
     649,  846,  812,  742,  801, 1040,  860,  874,  848,  890,
     744,  749,  838, 1050,  918,  986,  797,  923,  975,  815,
    1020,  906,  901, 1170,  912,  746,  919,  718,  714,  740,
)
# fmt: on


def load_nile():
    """Return the annual flow of the Nile at Aswan, 1871 to 1970.

    Around 1898 the river lost more than a fifth of its water, and the years scatter so much that
    the fall is hard to date by eye: a series that asks to be smoothed.

    Returns
    -------
    years : ndarray of int, shape (100,)
        1871, 1872, ..., 1970.
    flow : ndarray of float, shape (100,)
        Discharge of each year in 10^8 cubic metres.

    Notes
    -----
    Published in G. W. Cobb, "The problem of the Nile: conditional solution to a change-point
    problem", Biometrika 65 (1978), 243-251, https://doi.org/10.2307/2335202. In the public domain;
    R (``Nile``) and statsmodels (``datasets.nile``) carry the same numbers.

    Examples
    --------
    >>> years, flow = load_nile()
    >>> int(years[flow.argmin()]), float(flow.min())
    (1913, 456.0)
    """
    flow = np.array(_NILE, dtype=float)
    return np.arange(1871, 1871 + len(flow)), flow


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
        raise ValueError(f"name={name!r} is unknown: use one of {', '.join(PHOTOS)}")
    if colour and not PHOTOS[name].colour:
        colourful = [name for name, photo in PHOTOS.items() if photo.colour]
        raise ValueError(f"name={name!r} has no colour: use one of {', '.join(colourful)}")

    photo = getattr(data, name)()
    if PHOTOS[name].colour and not colour:
        photo = _as_bytes(255 * color.rgb2gray(photo))
    return photo if size is None else _scale_down(photo, as_counts("size", size, axes=2))


def _scale_down(photo, size):
    """Return the middle of a photograph, in the proportions and in the number of pixels of size."""
    from skimage import transform

    if any(wanted > pixels for wanted, pixels in zip(size, photo.shape, strict=False)):
        there = " x ".join(map(str, photo.shape[:2]))
        raise ValueError(f"size={tuple(size)} is too large: the photograph has {there} pixels")
    zoom = min(pixels / wanted for wanted, pixels in zip(size, photo.shape, strict=False))
    cut = [round(zoom * wanted) for wanted in size]
    top, left = ((pixels - side) // 2 for side, pixels in zip(cut, photo.shape, strict=False))
    middle = photo[top : top + cut[0], left : left + cut[1]]
    # Blurred before pixels are left out, or fine patterns would turn into coarse false ones.
    return _as_bytes(transform.resize(middle, size, anti_aliasing=True, preserve_range=True))


def _as_bytes(brightness):
    return np.clip(np.rint(brightness), 0, 255).astype(np.uint8)


def load_digits(*, size=8, test_samples=360, seed=0):
    """Return real handwritten digits that need no network: scikit-learn's copy of the UCI digits.

    Parameters
    ----------
    size : 8 or 28
        Rows and columns of an image: as they are, or scaled up to the size of MNIST's.
    test_samples : int
        How many of the 1 797 are kept aside, drawn at random.
    seed : int or numpy.random.Generator
        Where that draw comes from.

    Returns
    -------
    (x_train, y_train), (x_test, y_test)
        x : ndarray of uint8 of shape (N, size, size), brightness from 0 (paper) to 255 (ink), and
        y : ndarray of uint8 of shape (N,), the digits from 0 to 9. The form of Keras's MNIST.

    Raises
    ------
    TypeError, ValueError
        If `size` is neither 8 nor 28, or if `test_samples` is no whole number or leaves nothing.

    Notes
    -----
    E. Alpaydin and C. Kaynak, "Optical recognition of handwritten digits" (1998), UCI Machine
    Learning Repository, https://doi.org/10.24432/C50P49, CC BY 4.0. Every cell counted the ink in
    4 x 4 pixels, so it knows 17 levels. These are the digits of 13 of the 43 writers, so that a
    test here is not one on new hands.

    Examples
    --------
    >>> (x_train, y_train), (x_test, y_test) = load_digits()
    >>> x_train.shape, x_test.shape, x_train.dtype, int(x_train.max())
    ((1437, 8, 8), (360, 8, 8), dtype('uint8'), 255)
    """
    from sklearn import datasets

    if isinstance(size, bool) or size not in (8, 28):
        raise ValueError(f"size={size!r} does not fit: use 8 or 28")
    digits = datasets.load_digits()
    images, labels = digits.images, digits.target.astype(np.uint8)
    if as_count("test_samples", test_samples) >= len(images):
        raise ValueError(
            f"test_samples={test_samples} leaves none to train on: use at most {len(images) - 1}"
        )
    if size != 8:
        from skimage import transform

        images = transform.resize(images, (len(images), size, size), order=1, preserve_range=True)
    images = _as_bytes(images * (255 / 16))
    order = np.random.default_rng(seed).permutation(len(images))
    test, train = order[:test_samples], order[test_samples:]
    return (images[train], labels[train]), (images[test], labels[test])
