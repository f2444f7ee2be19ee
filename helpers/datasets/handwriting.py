"""The handwriting that a chapter works with: MNIST where it is, and the embedded digits elsewhere.

A chapter has to run on a machine without a network, and to say what it ran on.
"""

from dataclasses import dataclass

from helpers.arguments import as_count, as_rng
from helpers.datasets.digits import load_digits
from helpers.datasets.mnist import find_mnist, load_mnist


@dataclass(frozen=True, eq=False)
class Handwriting:
    """Digits of 28 x 28 bytes to train on and to test with, and where they come from.

    Attributes
    ----------
    name : str
        What to call the data: "MNIST" or "the UCI digits".
    source : str
        A sentence about them for the page.
    train, test : (ndarray of uint8 of shape (N, 28, 28), ndarray of uint8 of shape (N,))
        Images from 0 (paper) to 255 (ink), and their digits.
    """

    name: str
    source: str
    train: tuple
    test: tuple


def load_handwriting(*, train_samples=None, test_samples=None, seed=0):
    """Return MNIST if its file is on this machine, otherwise the embedded digits, and say which.

    Nothing is downloaded: `load_mnist` does that.

    Parameters
    ----------
    train_samples, test_samples : int, optional
        At most so many of each, drawn at random, so that a notebook is quick on both.
    seed : int or numpy.random.Generator
        Where the draws come from.

    Returns
    -------
    Handwriting

    Raises
    ------
    FileNotFoundError, ValueError
        If MNIST_NPZ names no file, or the file that is there does not fit; see `load_mnist`.
    TypeError, ValueError
        If a number of samples is not whole or not positive.

    Examples
    --------
    >>> digits = load_handwriting(train_samples=100)
    >>> digits.name in ("MNIST", "the UCI digits"), digits.train[0].shape, digits.test[0].shape[1:]
    (True, (100, 28, 28), (28, 28))
    """
    rng = as_rng(seed)
    for name, samples in (("train_samples", train_samples), ("test_samples", test_samples)):
        if samples is not None:
            as_count(name, samples)
    if find_mnist():
        name, (train, test) = "MNIST", load_mnist(download=False)
        source = "MNIST, 28×28 pixels; none of its test writers wrote a digit to train on"
    else:
        name, (train, test) = "the UCI digits", load_digits(size=28, seed=rng)
        source = (
            "the 1 797 UCI digits that come with scikit-learn, scaled up from 8×8 to 28×28 pixels"
        )
    train = _draw("train_samples", train_samples, train, rng)
    return Handwriting(name, source, train, _draw("test_samples", test_samples, test, rng))


def _draw(name, samples, part, rng):
    """Return at most so many images with their labels; None for all."""
    if samples is None or as_count(name, samples) >= len(part[0]):
        return part
    chosen = rng.permutation(len(part[0]))[:samples]
    return tuple(array[chosen] for array in part)
