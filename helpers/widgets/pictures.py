"""Pictures for widgets: from whatever an author has to a compressed data URL, and back to numbers.

A page of the built book carries its photographs inside, so they have to be small. A picture that is
given as numbers stays exactly as it is while it fits; a photograph is scaled down and compressed.
"""

import base64
import io
from pathlib import Path

import numpy as np
from PIL import Image, ImageOps, UnidentifiedImageError

from helpers.datasets import PHOTOS, load_photo

# Three photographs in a page make 90 kB of text, a fifth of what a page may weigh. JPEG's usual
# tables save on fine detail, which the eye does not miss but an edge filter finds first: one
# step for all frequencies halves the error that is left after a Laplacian, at the same size.
_LONGEST_SIDE = 320
_MOST_BYTES = 22_000
_STEPS = range(2, 64)

# Rec. 709 luminance, as in skimage.color.rgb2gray.
LUMINANCE = (0.2125, 0.7154, 0.0721)

# What browsers show, and TIFF. Pillow knows others that run programs of the machine, such as
# Ghostscript for EPS.
_FORMATS = ("PNG", "JPEG", "GIF", "BMP", "WEBP", "TIFF")

# What is given as numbers is drawn to be looked at number by number.
_LONGEST_EXACT_SIDE = 512
_MOST_EXACT_BYTES = 40_000


def read_picture(picture):
    """Return any picture as 8-bit numbers.

    Parameters
    ----------
    picture : str or Path or bytes or ndarray
        The name of a photograph (`helpers.datasets.PHOTOS`), the path of a file, a file's content,
        or an array of shape (H, W), (H, W, 3) or (H, W, 4): integers from 0 to 255, floats from 0
        to 1 as scikit-image has them, or booleans. Transparent pixels are laid on white.

    Returns
    -------
    ndarray of uint8, shape (H, W) or (H, W, 3)

    Raises
    ------
    TypeError, ValueError
        If it is no picture; the message says why and what would be one.
    FileNotFoundError
        If there is no such file.

    Examples
    --------
    >>> read_picture(np.array([[0.0, 0.5, 1.0]]))
    array([[  0, 128, 255]], dtype=uint8)
    """
    if isinstance(picture, str) and picture in PHOTOS:
        return load_photo(picture, colour=PHOTOS[picture].colour)
    if isinstance(picture, str | Path):
        return _read_file(Path(picture))
    if isinstance(picture, bytes | bytearray):
        return _read_content(io.BytesIO(picture), f"these {len(picture)} bytes are")
    return _read_numbers(picture)


def to_data_url(array, *, exact=False):
    """Return a picture as a data URL.

    Parameters
    ----------
    array : ndarray of uint8, shape (H, W) or (H, W, 3)
    exact : bool
        Keep every number, as a PNG, if that is not too large.

    Returns
    -------
    str
        A PNG of at most 40 kB, or a JPEG of at most about 22 kB whose longer side has at most 320
        pixels; a third more in letters.

    Examples
    --------
    >>> url = to_data_url(np.eye(3, dtype=np.uint8), exact=True)
    >>> from_data_url(url).tolist()
    [[1, 0, 0], [0, 1, 0], [0, 0, 1]]
    """
    image = Image.fromarray(array)
    if exact and max(image.size) <= _LONGEST_EXACT_SIDE:
        content = _compressed(image, "PNG", optimize=True)
        if len(content) <= _MOST_EXACT_BYTES:
            return _url("png", content)
    image.thumbnail((_LONGEST_SIDE, _LONGEST_SIDE), Image.Resampling.LANCZOS)
    for step in _STEPS:
        tables = [[step] * 64] * 2  # brightness and colour
        content = _compressed(image, "JPEG", qtables=tables, optimize=True, progressive=True)
        if len(content) <= _MOST_BYTES:
            break
    return _url("jpeg", content)


def middle_square(picture, side):
    """Return the middle square of a picture in grey, cut down to `side` pixels a side.

    Each pixel is the mean of those it stands for, rounded, as the browser makes it.

    Parameters
    ----------
    picture : str, Path, bytes or ndarray
        As `read_picture` takes it.
    side : int or callable
        At most as many as the picture has; or what returns it, given that number.

    Returns
    -------
    ndarray of uint8, shape (side, side)

    Examples
    --------
    >>> middle_square(np.array([[0, 10, 20, 30, 40, 50]] * 4), 2)
    array([[15, 35],
           [15, 35]], dtype=uint8)
    """
    grey = read_picture(picture).astype(float)
    if grey.ndim == 3:
        grey = np.floor(grey @ LUMINANCE + 0.5)
    square = min(grey.shape)
    if callable(side):
        side = side(square)
    top, left = ((size - square) // 2 for size in grey.shape)
    grey = grey[top : top + square, left : left + square]
    edges = np.arange(side + 1) * square // side
    sums = np.add.reduceat(np.add.reduceat(grey, edges[:-1], axis=0), edges[:-1], axis=1)
    counts = np.diff(edges)
    return np.floor(sums / np.outer(counts, counts) + 0.5).astype(np.uint8)


def from_data_url(url):
    """Return the numbers of a picture that `to_data_url` has written."""
    content = base64.b64decode(url.partition(",")[2])
    return _read_content(io.BytesIO(content), "this address is")


def _read_file(path):
    try:
        content = path.read_bytes()
    except FileNotFoundError:
        raise FileNotFoundError(
            f"there is no file {str(path)!r}, and no photograph of that name: "
            f"use a path, or one of {', '.join(PHOTOS)}"
        ) from None
    return _read_content(io.BytesIO(content), f"{str(path)!r} is")


def _read_content(stream, subject):
    try:
        image = ImageOps.exif_transpose(Image.open(stream, formats=_FORMATS))
        image.load()
    except UnidentifiedImageError:
        kinds = f"{', '.join(_FORMATS[:-1])} or {_FORMATS[-1]}"
        raise ValueError(f"{subject} no picture that can be read: use a {kinds} file") from None
    except (OSError, SyntaxError, Image.DecompressionBombError) as problem:
        raise ValueError(f"{subject} no picture that can be read: {problem}") from None
    if image.mode.startswith(("I", "F")):
        numbers = np.asarray(image, dtype=float)
        # 16 bits are the only other depth in use; they reach 257 times as far.
        return _rounded(np.clip(numbers / 257 if numbers.max() > 255 else numbers, 0, 255))
    if image.has_transparency_data:
        return _on_white(np.asarray(image.convert("RGBA")))
    return np.asarray(image.convert("L" if image.mode in ("1", "L") else "RGB"))


def _read_numbers(picture):
    array = np.asarray(picture)
    if array.ndim == 3 and array.shape[2] == 1:
        array = array[:, :, 0]
    is_image = array.ndim == 2 or (array.ndim == 3 and array.shape[2] in (3, 4))
    if not is_image or array.size == 0:
        raise ValueError(
            f"an array of shape {array.shape} is no picture: "
            "use (H, W) for grey, (H, W, 3) for colour or (H, W, 4) with transparency"
        )
    if array.dtype == bool:
        array = array * np.uint8(255)
    elif np.issubdtype(array.dtype, np.floating):
        array = _from_floats(array)
    elif np.issubdtype(array.dtype, np.integer):
        low, high = array.min(), array.max()
        if low < 0 or high > 255:
            raise ValueError(f"this picture holds {low} to {high}: integers have to be 0 to 255")
        array = array.astype(np.uint8)
    else:
        raise TypeError(f"a picture holds numbers, not {array.dtype}")
    return _on_white(array) if array.ndim == 3 and array.shape[2] == 4 else array


def _from_floats(array):
    if not np.isfinite(array).all():
        raise ValueError("this picture holds NaN or infinity: replace them by numbers first")
    low, high = array.min(), array.max()
    if low < 0 or high > 1:
        raise ValueError(
            f"this picture holds {low:g} to {high:g}: floats have to be 0 to 1, as in "
            "scikit-image; divide by 255, or convert to uint8"
        )
    return _rounded(array * 255.0)


def _on_white(array):
    alpha = array[:, :, 3:] / 255
    return _rounded(array[:, :, :3] * alpha + 255 * (1 - alpha))


def _rounded(array):
    return np.floor(array + 0.5).astype(np.uint8)


def _compressed(image, form, **options):
    stream = io.BytesIO()
    image.save(stream, form, **options)
    return stream.getvalue()


def _url(form, content):
    return f"data:image/{form};base64,{base64.b64encode(content).decode('ascii')}"
