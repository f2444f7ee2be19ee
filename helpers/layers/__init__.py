"""The layers of a network. This is the front page: import from here.

Names, arguments and the order and shapes of the weights are those of `keras.layers`, so that a
network written with these is a Keras network after a change of the import, and weights move between
the two as they are. Every layer shows its two formulas side by side: `forward`, and `backward` with
the derivation in its docstring. The first axis of every array counts the samples of the batch.

`base` holds what all layers have in common and `initializers` what their parameters start from;
`dense`, `convolution`, `pooling`, `normalization`, `activations`, `reshaping` and `regularization`
hold the layers.
"""

from helpers.layers.activations import Linear, ReLU, Sigmoid, Softmax, Tanh
from helpers.layers.base import Layer
from helpers.layers.convolution import Conv2D
from helpers.layers.dense import Dense
from helpers.layers.normalization import BatchNormalization
from helpers.layers.pooling import AveragePooling2D, GlobalAveragePooling2D, MaxPooling2D
from helpers.layers.regularization import Dropout
from helpers.layers.reshaping import Flatten, Input

__all__ = [
    "AveragePooling2D",
    "BatchNormalization",
    "Conv2D",
    "Dense",
    "Dropout",
    "Flatten",
    "GlobalAveragePooling2D",
    "Input",
    "Layer",
    "Linear",
    "MaxPooling2D",
    "ReLU",
    "Sigmoid",
    "Softmax",
    "Tanh",
]
