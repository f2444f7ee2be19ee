"""The data of the course: all but MNIST can be used without a network.

A loader returns plain NumPy arrays, says in its docstring where the numbers come from and under
which terms, and gives a fresh copy at every call, so that a notebook may change what it got.
"""

from helpers.datasets.digits import load_digits
from helpers.datasets.handwriting import Handwriting, load_handwriting
from helpers.datasets.mnist import load_mnist
from helpers.datasets.nile import load_nile
from helpers.datasets.photos import PHOTOS, Photo, load_photo

__all__ = [
    "PHOTOS",
    "Handwriting",
    "Photo",
    "load_digits",
    "load_handwriting",
    "load_mnist",
    "load_nile",
    "load_photo",
]
