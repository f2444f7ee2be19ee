"""The embedded digits as compact bytes, for the widgets that train on them in the page."""

import struct

import numpy as np

from helpers.datasets import load_digits
from helpers.widgets.resources import FOLDER


def as_ink(images):
    """Return embedded digits as a page has them: ink from 0 to 1, in sixteenths.

    Examples
    --------
    >>> as_ink(np.array([0, 16, 255]))
    array([0.    , 0.0625, 1.    ])
    """
    return np.rint(images / 255 * 16) / 16


def pack_digits():
    """Return the 1 797 digits of `helpers.datasets.load_digits`, in its order, as compact bytes.

    Returns
    -------
    bytes
        How many are for training and how many are held out, two bytes each, the lower one first;
        then a byte for each label, and 64 for each image, row by row: ink from 0 to 16. The digits
        for training come first. ``arithmetic/digits.mjs`` reads them.

    Examples
    --------
    >>> len(pack_digits()) == 4 + 1797 * (1 + 64)
    True
    """
    (x_train, y_train), (x_test, y_test) = load_digits()
    images = np.concatenate([x_train, x_test])
    levels = (16 * as_ink(images)).astype(np.uint8)
    labels = np.concatenate([y_train, y_test])
    return struct.pack("<HH", len(x_train), len(x_test)) + labels.tobytes() + levels.tobytes()


def main():
    """Write the file."""
    (FOLDER / "digits.bin").write_bytes(pack_digits())


if __name__ == "__main__":
    main()
