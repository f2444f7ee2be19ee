"""The widgets of the book, one import line each."""

from helpers.widgets.architecture_calculator import ArchitectureCalculator
from helpers.widgets.augmentation import Augmentation
from helpers.widgets.backprop_graph import BackpropGraph
from helpers.widgets.browser_cnn import BrowserCNN
from helpers.widgets.confusion_matrix import ConfusionMatrix
from helpers.widgets.conv_gradients import ConvGradients
from helpers.widgets.conv_volume import ConvVolume
from helpers.widgets.convolve1d import Convolve1D
from helpers.widgets.convolve2d import Convolve2D
from helpers.widgets.draw_digit import DrawDigit
from helpers.widgets.equivariance import Equivariance
from helpers.widgets.feature_maps import FeatureMaps
from helpers.widgets.filter_trainer import FilterTrainer
from helpers.widgets.frequency_response import FrequencyResponse
from helpers.widgets.goals import any_of, at_least, at_most, between, each, goal, other_than
from helpers.widgets.image_filter import ImageFilter
from helpers.widgets.loss_surface import LossSurface
from helpers.widgets.network_playground import NetworkPlayground
from helpers.widgets.neuron import Neuron
from helpers.widgets.output_size import OutputSize
from helpers.widgets.parameter_count import ParameterCount
from helpers.widgets.pooling import Pooling
from helpers.widgets.regularization import Regularization
from helpers.widgets.self_check import SelfCheck
from helpers.widgets.self_check.questions import choice, number, right, wrong
from helpers.widgets.softmax_cross_entropy import SoftmaxCrossEntropy
from helpers.widgets.watch import WatchFilters

__all__ = [
    "ArchitectureCalculator",
    "Augmentation",
    "BackpropGraph",
    "BrowserCNN",
    "ConfusionMatrix",
    "ConvGradients",
    "ConvVolume",
    "Convolve1D",
    "Convolve2D",
    "DrawDigit",
    "Equivariance",
    "FeatureMaps",
    "FilterTrainer",
    "FrequencyResponse",
    "ImageFilter",
    "LossSurface",
    "NetworkPlayground",
    "Neuron",
    "OutputSize",
    "ParameterCount",
    "Pooling",
    "Regularization",
    "SelfCheck",
    "SoftmaxCrossEntropy",
    "WatchFilters",
    "any_of",
    "at_least",
    "at_most",
    "between",
    "choice",
    "each",
    "goal",
    "number",
    "other_than",
    "right",
    "wrong",
]
