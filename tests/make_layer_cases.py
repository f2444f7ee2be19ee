"""Write tests/cases/layers.json: what single layers make of a batch, in Python and in JavaScript.

Run `python tests/make_layer_cases.py` after a deliberate change in `helpers` or when adding a case.
A case holds a layer as each language writes it, its parameters one after the other, a batch and
targets. It expects the outputs, and the gradients of the mean squared error for the inputs and for
the parameters.
"""

import json
from pathlib import Path

import numpy as np

from helpers import layers
from helpers.losses import MeanSquaredError

PATH = Path(__file__).parent / "cases" / "layers.json"
MAPS = (2, 5, 4, 2)

# name, class in Python and its arguments, the same in JavaScript, the batch's shape, training
CASES = [
    *[
        (
            f"convolution, {padding}, stride {stride}, dilation {dilation}, {activation}",
            "Conv2D",
            {
                "filters": 3,
                "kernel_size": [2, 3],
                "strides": stride,
                "padding": padding,
                "dilation_rate": dilation,
                "activation": activation,
            },
            {
                "kind": "conv2d",
                "filters": 3,
                "kernelSize": [2, 3],
                "strides": stride,
                "padding": padding,
                "dilation": dilation,
                "activation": activation,
                "bias": 0,
            },
            (2, 6, 6, 2),
            False,
        )
        for padding, stride, dilation, activation in [
            ("valid", 1, 1, "linear"),
            ("same", 2, 1, "relu"),
            ("same", 1, 2, "tanh"),
            ("valid", 2, 1, "softmax"),
        ]
    ],
    *[
        (
            f"{kind} of {size}, {padding}, stride {stride}",
            {"max_pooling2d": "MaxPooling2D", "average_pooling2d": "AveragePooling2D"}[kind],
            {"pool_size": size, "strides": stride, "padding": padding},
            {"kind": kind, "poolSize": size, "strides": stride, "padding": padding},
            MAPS,
            False,
        )
        for kind in ("max_pooling2d", "average_pooling2d")
        for size, padding, stride in [(2, "valid", 2), (3, "same", 2), (2, "same", 1)]
    ],
    *[
        (
            f"batch normalisation, {'training' if training else 'predicting'}",
            "BatchNormalization",
            {},
            {"kind": "batch_normalization"},
            MAPS,
            training,
        )
        for training in (True, False)
    ],
    (
        "dropout when predicting",
        "Dropout",
        {"rate": 0.5},
        {"kind": "dropout", "rate": 0.5},
        MAPS,
        0,
    ),
    ("flatten", "Flatten", {}, {"kind": "flatten"}, MAPS, False),
]


def run(kind, arguments, parameters, inputs, targets, training):
    """Return the outputs of a layer, and the gradients for inputs and parameters."""
    layer, loss = getattr(layers, kind)(**arguments), MeanSquaredError()
    inputs = np.array(inputs, float)
    layer.build(inputs.shape)
    for held, values in zip(layer.parameters, split(parameters, layer.parameters), strict=True):
        held[...] = values
    outputs = layer.forward(inputs, training=bool(training))
    loss.forward(np.reshape(targets, outputs.shape), outputs)
    grad_inputs = layer.backward(loss.backward())
    flat = np.concatenate([[], *(gradient.ravel() for gradient in layer.gradients)])
    return {"outputs": outputs, "grad_inputs": grad_inputs, "gradients": flat}


def split(flat, arrays):
    """Return the numbers of each array, in its shape."""
    ends = np.cumsum([array.size for array in arrays])
    parts = np.split(np.asarray(flat, float), ends[:-1]) if len(ends) else []
    return [part.reshape(array.shape) for part, array in zip(parts, arrays, strict=True)]


def cases():
    """Return every case with what it expects."""
    for seed, (name, kind, arguments, in_javascript, shape, training) in enumerate(CASES):
        rng = np.random.default_rng(seed)
        layer = getattr(layers, kind)(**arguments)
        layer.build(shape)
        inputs = rng.normal(-1, 2, shape).round(2)
        parameters = rng.normal(0, 1, sum(p.size for p in layer.parameters)).round(2)
        size = int(np.prod(layer.output_shape[1:])) * len(inputs)
        targets = rng.normal(0, 1, size).round(2)
        case = {
            "name": name,
            "python": [kind, arguments],
            "javascript": in_javascript,
            "training": bool(training),
            "inputs": inputs.tolist(),
            "parameters": parameters.tolist(),
            "targets": targets.tolist(),
        }
        found = run(kind, arguments, parameters, inputs, targets, training)
        yield case | {key: np.ravel(value).round(12).tolist() for key, value in found.items()}


if __name__ == "__main__":
    lines = ",\n".join(json.dumps(case) for case in cases())
    PATH.write_text(f"[\n{lines}\n]\n", "utf-8")
