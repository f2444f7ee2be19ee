"""Pictures for widgets: from whatever an author has to a compressed data URL, and back to numbers.

A page of the built book carries its photographs inside, so they have to be small. A picture that is
given as numbers stays exactly as it is while it fits; a photograph is scaled down and compressed.
"""

import base64
import io
from collections.abc import Mapping
from pathlib import Path

import numpy as np
from PIL import Image, ImageCms, ImageOps, UnidentifiedImageError

from helpers.arguments import as_numbers
from helpers.datasets import PHOTOS, load_photo
from helpers.limits import told

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
_MOST_PIXELS = 80_000_000
_SRGB = ImageCms.createProfile("sRGB")
_USUAL_GAMMA = 2.2  # of screens; a file that names it, or nearly so, is shown as it is
_FORMATS = ("PNG", "JPEG", "GIF", "BMP", "WEBP", "TIFF")

# What is given as numbers is drawn to be looked at number by number.
_LONGEST_EXACT_SIDE = 512
_MOST_EXACT_BYTES = 40_000


def read_picture(picture):
    """Return any picture as 8-bit numbers.

    Parameters
    ----------
    picture : str, Path, bytes, file, PIL.Image.Image, upload or ndarray
        The name of a photograph (`helpers.datasets.PHOTOS`), the path of a file, a file's content
        (bytes or a memoryview), a file opened in binary mode, a picture of Pillow, one entry of
        what ipywidgets' ``FileUpload`` holds, or an array of shape (H, W), (H, W, 3) or (H, W, 4):
        integers from 0 to 255, floats from 0 to 1 as scikit-image has them, or booleans.
        Transparent pixels are laid on white; a file is turned as its camera says, and its colours
        are taken to sRGB, as a browser does.

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
    if isinstance(picture, Mapping) and "content" in picture:  # an entry of FileUpload
        picture = picture["content"]
    if isinstance(picture, Image.Image):
        return _as_numbers(picture, "this picture is")
    if hasattr(picture, "read"):
        picture = picture.read()
        if not isinstance(picture, bytes):
            raise TypeError("a picture is read from a file opened in binary mode: open(path, 'rb')")
    if isinstance(picture, bytes | bytearray | memoryview):
        content = bytes(picture)
        return _read_content(io.BytesIO(content), f"these {len(content)} bytes are")
    return _read_numbers(picture)


def name_of(picture):
    """Return what a picture is called: a file's name without its ending, or "picture"."""
    if isinstance(picture, Mapping):
        picture = picture.get("name", "")
    elif isinstance(picture, Image.Image):
        picture = getattr(picture, "filename", "")
    elif hasattr(picture, "read"):
        picture = getattr(picture, "name", "")
    return (isinstance(picture, str | Path) and Path(picture).stem) or "picture"


def is_picture(value):
    """Tell whether a value is a whole picture of itself, and no array of numbers."""
    is_upload = isinstance(value, Mapping) and "content" in value
    kinds = str | Path | bytes | bytearray | memoryview | Image.Image
    return isinstance(value, kinds) or is_upload or hasattr(value, "read")


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
    except (OSError, ValueError) as problem:
        reason = getattr(problem, "strerror", None) or problem
        raise ValueError(f"{told(str(path))} cannot be read: {reason}") from None
    return _read_content(io.BytesIO(content), f"{str(path)!r} is")


def _read_content(stream, subject):
    try:
        image = Image.open(stream, formats=_FORMATS)
    except UnidentifiedImageError:
        kinds = f"{', '.join(_FORMATS[:-1])} or {_FORMATS[-1]}"
        raise ValueError(f"{subject} no picture that can be read: use a {kinds} file") from None
    except (OSError, SyntaxError, ValueError, Image.DecompressionBombError) as problem:
        raise ValueError(f"{subject} no picture that can be read: {problem}") from None
    return _as_numbers(image, subject)


def _as_numbers(image, subject):
    """Return a picture of Pillow, whatever its mode, as 8-bit numbers."""
    width, height = image.size
    if width * height > _MOST_PIXELS:
        raise ValueError(
            f"{subject} no picture that can be read: it has {width} × {height} pixels, "
            f"more than {_MOST_PIXELS // 10**6} million"
        )
    try:
        image.load()
        image = ImageOps.exif_transpose(image)
    except (OSError, SyntaxError, ValueError) as problem:
        raise ValueError(f"{subject} no picture that can be read: {problem}") from None
    if image.mode.startswith(("I", "F")):
        return _from_deep(np.asarray(image), image.mode)
    image = _without_gamma(image)
    if image.has_transparency_data:
        return _on_white(np.asarray(image.convert("RGBA")))
    profile = image.info.get("icc_profile")
    if image.mode == "LAB":
        image = ImageCms.profileToProfile(
            image, ImageCms.createProfile("LAB"), _SRGB, outputMode="RGB"
        )
    elif image.mode in ("RGB", "CMYK") and profile:
        image = _to_srgb(image, profile)
    return np.asarray(image.convert("L" if image.mode in ("1", "L") else "RGB"))


def _without_gamma(image):
    """Return a picture whose file names a gamma, as PNG may, in the shades of a browser."""
    gamma, named = image.info.get("gamma"), {"icc_profile", "srgb"} & image.info.keys()
    if not gamma or named or abs(1 / gamma - _USUAL_GAMMA) < 0.1:
        return image
    light = (np.arange(256) / 255) ** (1 / gamma)
    shades = np.where(light <= 0.0031308, 12.92 * light, 1.055 * light ** (1 / 2.4) - 0.055)
    table = np.round(255 * shades).astype(int).tolist()
    if image.has_transparency_data:
        return image.convert("RGBA").point(table * 3 + list(range(256)))
    image = image.convert("L" if image.mode in ("1", "L") else "RGB")
    return image.point(table * len(image.getbands()))


def _to_srgb(image, profile):
    """Return a picture in the colours that a browser shows; without them if they make no sense."""
    try:
        source = ImageCms.ImageCmsProfile(io.BytesIO(profile))
        return ImageCms.profileToProfile(image, source, _SRGB, outputMode="RGB")
    except (ImageCms.PyCMSError, OSError, ValueError):
        return image


def _from_deep(numbers, mode):
    """Return numbers of more than 8 bits as bytes: from 0 to 1, 0 to 255 or 0 to 65535."""
    if not np.isfinite(numbers).all():
        raise ValueError("this picture holds NaN or infinity: replace them by numbers first")
    low, high = numbers.min(), numbers.max()
    if low < 0 or high > 65535:
        raise ValueError(
            f"this picture holds {low:g} to {high:g}: use 0 to 1, 0 to 255 or 0 to 65535"
        )
    if mode.startswith("I;16"):  # dark ones too
        largest = 65535
    elif mode == "F" and high <= 1:
        largest = 1
    else:
        largest = 255 if high <= 255 else 65535
    return _rounded(numbers * (255.0 / largest))


def _read_numbers(picture):
    if isinstance(picture, range):  # which may be longer than a morning
        raise ValueError(f"{told(picture)} is no picture: use rows of numbers")
    as_numbers("picture", picture)
    array = np.asarray(picture)  # booleans are still themselves, which are black and white
    if array.ndim == 3 and array.shape[2] == 1:
        array = array[:, :, 0]
    is_image = array.ndim == 2 or (array.ndim == 3 and array.shape[2] in (3, 4))
    if not is_image:
        raise ValueError(
            f"an array of shape {array.shape} is no picture: "
            "use (H, W) for grey, (H, W, 3) for colour or (H, W, 4) with transparency"
        )
    if array.size > 4 * _MOST_PIXELS:
        raise ValueError(f"an array of shape {array.shape} is too large for a picture")
    if array.dtype == bool:
        array = array * np.uint8(255)
    elif np.issubdtype(array.dtype, np.floating):
        array = _from_floats(array)
    else:
        low, high = array.min(), array.max()
        if low < 0 or high > 255:
            raise ValueError(f"this picture holds {low} to {high}: integers have to be 0 to 255")
        array = array.astype(np.uint8)
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
