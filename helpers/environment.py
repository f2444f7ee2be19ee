"""What has to be said to TensorFlow before it is imported, so that its numbers can be printed."""

import ctypes
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
