"""Handwritten digits that need no network."""

import numpy as np

from helpers.arguments import as_count, as_rng
from helpers.datasets.photos import as_bytes
from helpers.limits import told


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

    if not isinstance(size, int | np.integer) or size not in (8, 28):
        raise ValueError(f"size={told(size)} does not fit: use 8 or 28")
    rng = as_rng(seed)
    digits = datasets.load_digits()
    images, labels = digits.images, digits.target.astype(np.uint8)
    if as_count("test_samples", test_samples) >= len(images):
        raise ValueError(
            f"test_samples={told(test_samples)} leaves none to train on: "
            f"use at most {len(images) - 1}"
        )
    if size != 8:
        from skimage import transform

        images = transform.resize(images, (len(images), size, size), order=1, preserve_range=True)
    images = as_bytes(images * (255 / 16))
    order = rng.permutation(len(images))
    test, train = order[:test_samples], order[test_samples:]
    return (images[train], labels[train]), (images[test], labels[test])
