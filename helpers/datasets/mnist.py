"""MNIST: 70 000 handwritten digits, from a file of yours, from Keras's cache, or from the network.

A file from elsewhere is read with suspicion. Its arrays are looked at before they are loaded, what
is not an array of numbers is refused and never run, and a file that does not fit stays as it is:
the message says what is wrong with it, and you decide.
"""

import contextlib
import hashlib
import math
import os
import tempfile
import urllib.request
import zipfile
import zlib
from pathlib import Path

import numpy as np

from helpers.arguments import as_flag
from helpers.limits import told

URL = "https://storage.googleapis.com/tensorflow/tf-keras-datasets/mnist.npz"
SHA256 = "731c5ac602752760c8e48fbffcf8c3b850d9dc2a2aedcf2cc48468fc17b673d1"
NAMES = ("x_train", "y_train", "x_test", "y_test")
WITHOUT = "datasets.load_digits(size=28) needs no network and no file"


def load_mnist(path=None, *, download=True):
    """Return MNIST's 60 000 digits to train on and 10 000 to test with.

    Parameters
    ----------
    path : str or path, optional
        A file with the arrays x_train, y_train, x_test and y_test, as Keras's mnist.npz. None for
        the file that the variable MNIST_NPZ of the environment names; if it names none, for
        Keras's cache.
    download : bool
        Whether to fetch the file (11 MB) into Keras's cache if it is in none of these places.

    Returns
    -------
    (x_train, y_train), (x_test, y_test)
        x : ndarray of uint8 of shape (N, 28, 28), brightness from 0 (paper) to 255 (ink), and
        y : ndarray of uint8 of shape (N,), the digits from 0 to 9.

    Raises
    ------
    FileNotFoundError
        If there is no such file, or none at all and `download` is False.
    ConnectionError
        If the download fails or is not the file that was asked for. Nothing is left behind.
    ValueError
        If the file cannot be read, or holds something else. It is left as it is.

    Notes
    -----
    Y. LeCun, C. Cortes and C. J. C. Burges, "The MNIST database of handwritten digits" (1998),
    CC BY-SA 3.0. Half of the writers were pupils, half employees of the Census Bureau, and no
    writer of a test digit wrote one to train on. Bytes stay bytes here: as floats the images would
    take four or eight times as much memory, so the models of `helpers.models` scale them inside.

    Examples
    --------
    >>> load_mnist("nowhere.npz")
    Traceback (most recent call last):
        ...
    FileNotFoundError: there is no file nowhere.npz
    """
    if path is not None and not isinstance(path, str | os.PathLike):
        raise TypeError(f"path={told(path)} does not fit: use the name of a file, or None")
    as_flag("download", download)
    if path is not None:
        return _read(Path(path), str(path))
    if found := find_mnist():
        return _read(*found)
    cache = _cache()
    if not download:
        raise FileNotFoundError(
            f"MNIST is not on this machine: set MNIST_NPZ to a file, or allow the download to "
            f"{cache}; {WITHOUT}"
        )
    _download(cache)
    return _read(cache, str(cache))


def find_mnist():
    """Return the file that is there without a download, and what to call it, or None."""
    if named := os.environ.get("MNIST_NPZ"):
        return Path(named), f"{named} (named by MNIST_NPZ)"
    cache = _cache()
    return (cache, str(cache)) if cache.exists() else None


def _cache():
    """Return the place where Keras keeps its copy."""
    home = os.environ.get("KERAS_HOME") or Path.home() / ".keras"
    return Path(home) / "datasets" / "mnist.npz"


def _read(path, called):
    """Return the four arrays of a file as two pairs, or say what is wrong with it."""
    if not path.exists():
        raise FileNotFoundError(f"there is no file {called}")
    try:
        with zipfile.ZipFile(path) as archive:
            for name in NAMES:
                _refuse_misfit(archive, name, called)
        with np.load(path, allow_pickle=False) as arrays:
            x_train, y_train, x_test, y_test = (arrays[name] for name in NAMES)
    except zipfile.BadZipFile:
        raise ValueError(
            f"{called} is no complete .npz archive ({path.stat().st_size} bytes): it may be cut "
            f"off, or be something else. Fetch it again under another name; {WITHOUT}"
        ) from None
    except (OSError, EOFError, zlib.error, NotImplementedError, RuntimeError) as problem:
        raise ValueError(f"{called} cannot be read: {problem}; {WITHOUT}") from None
    pairs = []
    for part, x, y in (("train", x_train, y_train), ("test", x_test, y_test)):
        if len(x) != len(y):
            raise ValueError(
                f"{called} does not fit: x_{part} has {len(x)} images and y_{part} {len(y)} labels"
            )
        if not ((y >= 0) & (y <= 9)).all():
            odd = y[(y < 0) | (y > 9)][0]
            raise ValueError(f"{called} does not fit: y_{part} holds {odd}, which is no digit")
        pairs.append((x, y.astype(np.uint8)))
    return tuple(pairs)


def _refuse_misfit(archive, name, called):
    """Raise ValueError for an array of another kind or shape, from its first bytes alone."""
    member = f"{name}.npy"
    if member not in archive.namelist():
        there = ", ".join(sorted(archive.namelist())) or "nothing"
        raise ValueError(f"{called} does not fit: it needs {', '.join(NAMES)}, and holds {there}")
    with archive.open(member) as stream:
        try:
            version = np.lib.format.read_magic(stream)
            read = {
                (1, 0): np.lib.format.read_array_header_1_0,
                (2, 0): np.lib.format.read_array_header_2_0,
            }[version]
            shape, _, dtype = read(stream)
            content = archive.getinfo(member).file_size - stream.tell()
        except (KeyError, ValueError):
            raise ValueError(f"{called} does not fit: its {name} is no NumPy array") from None
    if dtype.hasobject:
        raise ValueError(
            f"{called} is refused: its {name} holds pickled objects, which could run code"
        )
    if (claimed := math.prod(shape) * dtype.itemsize) != content:
        raise ValueError(
            f"{called} does not fit: its {name} should hold {claimed} bytes, and holds {content}"
        )
    images = name.startswith("x")
    fits = shape[1:] == ((28, 28) if images else ()) and len(shape) > 0 and shape[0] > 0
    if not fits or (dtype != np.uint8 if images else dtype.kind not in "iu"):
        wanted = "(N, 28, 28) of uint8" if images else "(N,) of whole numbers"
        raise ValueError(
            f"{called} does not fit: its {name} has shape {shape} of {dtype}, and {wanted} is asked"
        )


def _download(target):
    """Fetch the file into its place, whole or not at all, and show how far it is."""
    from tqdm.auto import tqdm

    target.parent.mkdir(parents=True, exist_ok=True)
    # Under a name of its own until it is complete: two notebooks may fetch it at the same time.
    handle, part = tempfile.mkstemp(prefix="mnist-", suffix=".part", dir=target.parent)
    digest = hashlib.sha256()
    try:
        with os.fdopen(handle, "wb") as file, urllib.request.urlopen(URL, timeout=30) as answer:
            size = int(answer.headers.get("Content-Length") or 0) or None
            with tqdm(total=size, unit="B", unit_scale=True, desc="MNIST") as progress:
                while block := answer.read(1 << 16):
                    file.write(block)
                    digest.update(block)
                    progress.update(len(block))
        if digest.hexdigest() != SHA256:
            raise OSError("what arrived is not the file that was asked for")
        os.replace(part, target)
    except OSError as problem:  # no network, no such page, a connection that breaks off
        reason = getattr(problem, "reason", None) or problem
        raise ConnectionError(
            f"MNIST could not be fetched from {URL}: {reason}. With a copy of the file, set "
            f"MNIST_NPZ to its path; {WITHOUT}"
        ) from None
    finally:
        with contextlib.suppress(FileNotFoundError):
            os.remove(part)
