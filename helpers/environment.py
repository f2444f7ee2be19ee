"""What the machine has: TensorFlow, which must be told to be calm first, and the other packages."""

import ctypes
import importlib.metadata
import importlib.util
import os
import sys


def calm_tensorflow():
    """Let TensorFlow add in the same order on every machine, and keep its notes to itself.

    Its own library for Intel's processors groups sums as each processor likes best, so that last
    digits differ between machines. What its C++ part has to say about a machine is of no use to a
    reader, and errors arrive as Python exceptions all the same. And on Linux, the matrices of a
    large layer go back to the machine as soon as they are free: kept in pieces, as glibc does
    after the first few, they take 180 MB more in chapter 11.

    Raises
    ------
    RuntimeError
        If TensorFlow has been imported with other settings: it reads them only then.
    """
    settings = {"TF_ENABLE_ONEDNN_OPTS": "0", "TF_CPP_MIN_LOG_LEVEL": "3"}
    kept = os.environ.get("TF_ENABLE_ONEDNN_OPTS") == settings["TF_ENABLE_ONEDNN_OPTS"]
    if "tensorflow" in sys.modules and not kept:
        raise RuntimeError(
            "TensorFlow is imported already, and reads its settings only then: restart the kernel, "
            "and call calm_tensorflow() first"
        )
    os.environ.update(settings)
    _give_large_blocks_back()


def _give_large_blocks_back(size=1 << 22):
    """Let glibc map each block of `size` bytes or more by itself; other systems do as they do."""
    mmap_threshold = -3  # malloc.h: M_MMAP_THRESHOLD
    if sys.platform == "linux":
        mallopt = getattr(ctypes.CDLL(None), "mallopt", None)  # musl has none
        if mallopt is not None:
            mallopt(mmap_threshold, size)


def missing_packages(needed=None):
    """Return what the book's package needs and this machine lacks, as pip is told it.

    What is here and new enough stays. TensorFlow stays in any version and under any of its names:
    Colab's knows the graphics card, and another would take its place.

    Parameters
    ----------
    needed : list of str, optional
        Requirements; None for those that the installed package declares.

    Examples
    --------
    >>> missing_packages(["numpy>=1", "numpy>=99", "no-such-package>=2; python_version > '3'"])
    ['numpy>=99', 'no-such-package>=2']
    """
    from packaging.requirements import Requirement  # every kernel of Jupyter has it

    if needed is None:
        needed = importlib.metadata.requires("convolution-book") or []
    missing = []
    for requirement in map(Requirement, needed):
        if requirement.marker and not requirement.marker.evaluate({"extra": ""}):
            continue
        if requirement.name.startswith("tensorflow") and importlib.util.find_spec("tensorflow"):
            continue
        try:
            version = importlib.metadata.version(requirement.name)
        except importlib.metadata.PackageNotFoundError:
            version = None
        if version is None or not requirement.specifier.contains(version, prereleases=True):
            missing.append(f"{requirement.name}{requirement.specifier}")
    return missing
