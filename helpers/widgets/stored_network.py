"""A trained network in one small file that the page reads too (``arithmetic/stored_network.mjs``).

The file starts with the length of a JSON text (four bytes, the lower ones first) and that text,
which says what images the network reads, how it was made and what its layers are. Then comes a
whole number from -127 to 127 for each weight, layer by layer in Keras's order, (kernel rows, kernel
columns, channels in, channels out) or (inputs, units). A weight is its whole number times the scale
of its output channel; biases stand in the text as they are.
"""

import json
import struct

import numpy as np

from helpers import layers as kinds
from helpers.network import Sequential

# So many weights a page takes; of a larger network it gets the layers that have maps.
MOST_WEIGHTS = 60_000


def _window(layer, name):
    """Return strides and padding as the layers of this course take them."""
    return {
        "strides": layer.get("strides", 1 if name == "kernelSize" else layer[name]),
        "padding": layer.get("padding", "valid"),
    }


MAKERS = {
    "conv2d": lambda layer: kinds.Conv2D(
        layer["filters"],
        layer["kernelSize"],
        activation=layer["activation"],
        **_window(layer, "kernelSize"),
    ),
    "max_pooling2d": lambda layer: kinds.MaxPooling2D(
        layer["poolSize"], **_window(layer, "poolSize")
    ),
    "average_pooling2d": lambda layer: kinds.AveragePooling2D(
        layer["poolSize"], **_window(layer, "poolSize")
    ),
    "flatten": lambda layer: kinds.Flatten(),
    "dense": lambda layer: kinds.Dense(layer["units"], activation=layer["activation"]),
}


def quantise(weights):
    """Return whole numbers from -127 to 127 and, for each output channel, what one is worth.

    Examples
    --------
    >>> whole, scales = quantise(np.array([[1.27, -2.0], [-0.5, 0.0]]))
    >>> whole.tolist(), scales.round(5).tolist()
    ([[127, -127], [-50, 0]], [0.01, 0.01575])
    """
    largest = np.abs(weights).reshape(-1, weights.shape[-1]).max(axis=0)
    scales = np.where(largest > 0, largest, 1) / 127
    return np.rint(weights / scales).astype(np.int8), scales


def pack(about, layers, whole):
    """Return the bytes of the file.

    Parameters
    ----------
    about : dict
        What is known about the network.
    layers : list of dict
        The layers as the page's engine takes them, with ``scales`` and ``biases``.
    whole : list of ndarray of int8
        The weights of those that have any.
    """
    text = json.dumps({**about, "layers": layers}, separators=(",", ":")).encode()
    weights = b"".join(part.astype(np.int8).tobytes() for part in whole)
    return struct.pack("<I", len(text)) + text + weights


def unpack(content):
    """Return (about, layers, whole numbers of all weights in one row) from the bytes of the file.

    Examples
    --------
    >>> about, layers, whole = unpack(pack({"seed": 1}, [], [np.array([[3, -4]])]))
    >>> about, layers, whole.tolist()
    ({'seed': 1}, [], [3, -4])
    """
    (length,) = struct.unpack_from("<I", content)
    about = json.loads(content[4 : 4 + length])
    return about, about.pop("layers"), np.frombuffer(content, np.int8, offset=4 + length)


def build_network(layers, whole, input_shape=(28, 28, 1)):
    """Return a `helpers.network.Sequential` with these layers and weights, for ink from 0 to 1."""
    network = Sequential([MAKERS[layer["kind"]](layer) for layer in layers])
    network.build((None, *input_shape))
    taken = 0
    for layer, own in zip(layers, network.layers, strict=True):
        if not own.parameters:
            continue
        weights = own.parameters[0]
        part = whole[taken : taken + weights.size].reshape(weights.shape)
        own.set_weights([part * np.array(layer["scales"]), np.array(layer["biases"])])
        taken += weights.size
    if taken != whole.size:
        raise ValueError(f"{whole.size} weights do not fit: these layers have {taken}")
    return network


def store(model, **about):
    """Return the bytes of a trained network, of Keras or of this course.

    Batch normalisation is folded into the weights before it, dropout and scaling of the pixels to
    0...1 are left out: the page has images from 0 to 1. Of a network with more than 60 000 weights
    only the layers that have maps are kept.

    Parameters
    ----------
    model : keras.Sequential or helpers.network.Sequential
        Built, for images of shape (rows, columns, 1).
    **about
        What else is known about it: kept in the file.

    Raises
    ------
    ValueError
        If it has a layer that the page cannot calculate, or none with maps.
    """
    parts = []  # [description, weights, biases], weights and biases None where there are none
    for layer in model.layers:
        _add_layer(parts, layer)
    if sum(weights.size for _, weights, _ in parts if weights is not None) > MOST_WEIGHTS:
        last = max((i for i, part in enumerate(parts) if _has_maps(part[0])), default=-1)
        parts = parts[: last + 1]
    if not any(_has_maps(part[0]) for part in parts):
        raise ValueError("a network without a convolution has no feature maps: use one with")
    layers, whole = [], []
    for described, weights, biases in parts:
        if weights is not None:
            part, scales = quantise(weights)
            whole.append(part)
            described = described | {"scales": few_digits(scales), "biases": few_digits(biases)}
        layers.append(described)
    return pack({"input": list(_input_shape(model)), **about}, layers, whole)


def _input_shape(model):
    """Return (rows, columns, 1), also of a network that is given images without a channel."""
    shape = getattr(model, "input_shape", None) or model.layers[0].input_shape
    return (*shape[1:3], 1)


def few_digits(values):
    """Return numbers with as many digits as float32 has."""
    return [float(f"{value:.7g}") for value in values]


def _has_maps(described):
    return described["kind"] in ("conv2d", "max_pooling2d", "average_pooling2d")


def _add_layer(parts, layer):
    """Describe one layer, or let it change what the one before it does."""
    kind = type(layer).__name__
    if kind in ("InputLayer", "Input", "Dropout", "Reshape", "Rescaling"):
        return
    if kind in ("Conv2D", "Dense"):
        weights = [np.asarray(array, np.float64) for array in layer.get_weights()]
        bias = weights[1] if len(weights) == 2 else np.zeros(weights[0].shape[-1])
        if kind == "Conv2D":
            described = {"kind": "conv2d", "filters": layer.filters}
            described |= _described_window(layer, "kernelSize", layer.kernel_size)
        else:
            described = {"kind": "dense", "units": layer.units}
        described["activation"] = _activation_name(layer.activation)
        parts.append([described, weights[0], bias])
    elif kind in ("MaxPooling2D", "AveragePooling2D"):
        name = "max_pooling2d" if kind == "MaxPooling2D" else "average_pooling2d"
        described = {"kind": name} | _described_window(layer, "poolSize", layer.pool_size)
        parts.append([described, None, None])
    elif kind == "GlobalAveragePooling2D":
        size = list(_shape_before(layer)[1:3])
        whole = {"poolSize": size, "strides": size, "padding": "valid"}
        parts.append([{"kind": "average_pooling2d", **whole}, None, None])
        parts.append([{"kind": "flatten"}, None, None])
    elif kind == "Flatten":
        parts.append([{"kind": "flatten"}, None, None])
    elif kind == "BatchNormalization" and _is_linear(parts):
        gamma, beta, mean, variance = (np.asarray(a, np.float64) for a in layer.get_weights())
        factor = gamma / np.sqrt(variance + layer.epsilon)
        parts[-1][1] = parts[-1][1] * factor
        parts[-1][2] = (parts[-1][2] - mean) * factor + beta
    elif kind in ("ReLU", "Sigmoid", "Tanh", "Softmax", "Activation") and _is_linear(parts):
        named = layer.activation if kind == "Activation" else layer
        parts[-1][0]["activation"] = _activation_name(named)
    else:
        raise ValueError(
            f"the page cannot calculate the layer {kind!r} here: use Conv2D, MaxPooling2D, "
            "AveragePooling2D, GlobalAveragePooling2D, Flatten, Dense, and activations or "
            "BatchNormalization after weights"
        )


def _shape_before(layer):
    """Return the shape of what a layer reads, in Keras and in this course."""
    return layer.input.shape if hasattr(layer, "input") else layer.input_shape


def _is_linear(parts):
    """Tell whether the last layer has weights and no activation yet."""
    return bool(parts) and parts[-1][0].get("activation") == "linear"


def _described_window(layer, name, size):
    return {name: list(size), "strides": list(layer.strides), "padding": layer.padding}


def _activation_name(activation):
    """Return "relu" for Keras's function of that name and for this course's layer ReLU."""
    name = getattr(activation, "__name__", type(activation).__name__).lower()
    if name not in ("linear", "relu", "sigmoid", "tanh", "softmax"):
        raise ValueError(f"the page does not know the activation {name!r}")
    return name
