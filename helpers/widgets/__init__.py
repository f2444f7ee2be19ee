"""The widgets of the book, one import line each."""

from helpers.widgets.convolve1d import Convolve1D
from helpers.widgets.output_size import OutputSize
from helpers.widgets.questions import choice, number, right, wrong
from helpers.widgets.self_check import SelfCheck

__all__ = ["Convolve1D", "OutputSize", "SelfCheck", "choice", "number", "right", "wrong"]
