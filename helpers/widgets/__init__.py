"""The widgets of the book, one import line each."""

from helpers.widgets.convolve1d import Convolve1D

__all__ = ["Convolve1D"]
