"""Write tests/cases/network.json: training runs that the Python and the JavaScript engine share.

Run `python tests/make_network_cases.py` after a deliberate change in `helpers` or when adding a
case. A case holds a network with its starting weights, a batch, a loss and an optimiser, and
expects what `steps` steps on that whole batch lead to: the loss *before* each step, then the
weights and the outputs *after* the last one. `null` stands where a layer has no bias.
`test_network.py` runs the cases in `helpers` and in Keras.
"""

import json
from pathlib import Path

import numpy as np

from helpers.layers import Dense, ReLU, Sigmoid, Softmax, Tanh
from helpers.network import Sequential
from helpers.optimizers import SGD, Adam, RMSprop

PATH = Path(__file__).parent / "cases" / "network.json"

ACTIVATIONS = {"relu": ReLU, "sigmoid": Sigmoid, "tanh": Tanh, "softmax": Softmax}
OPTIMIZERS = {"sgd": SGD, "rmsprop": RMSprop, "adam": Adam}
MSE, CROSSENTROPY = "mean_squared_error", "categorical_crossentropy"

SGD_01 = {"kind": "sgd", "learning_rate": 0.1}
EVERY_OPTIMIZER = {
    "SGD": {"kind": "sgd", "learning_rate": 0.5},
    "momentum": {"kind": "sgd", "learning_rate": 0.1, "momentum": 0.9},
    "Nesterov": {"kind": "sgd", "learning_rate": 0.1, "momentum": 0.9, "nesterov": True},
    "RMSprop": {"kind": "rmsprop", "learning_rate": 0.01},
    "RMSprop with momentum": {
        "kind": "rmsprop", "learning_rate": 0.01, "rho": 0.8, "momentum": 0.5, "epsilon": 1e-4,
    },
    "Adam": {"kind": "adam", "learning_rate": 0.05},
    "Adam with its own means": {
        "kind": "adam", "learning_rate": 0.05, "beta_1": 0.5, "beta_2": 0.9, "epsilon": 0.01,
    },
}  # fmt: skip

XOR = [[0, 0], [0, 1], [1, 0], [1, 1]]
XOR_TARGETS = [[0], [1], [1], [0]]
XOR_CLASSES = [[1, 0], [0, 1], [0, 1], [1, 0]]


def stack(sizes, activations, seed):
    """Return the layers of a network with random weights, rounded so that the file reads well."""
    rng = np.random.default_rng(seed)
    layers = []
    for size, units, activation in zip(sizes[:-1], sizes[1:], activations, strict=True):
        kernel, bias = rng.normal(0, 0.8, (size, units)), rng.normal(0, 0.3, units)
        layers.append(dense(kernel.round(3).tolist(), bias.round(3).tolist()))
        layers += [{"kind": activation}] if activation else []
    return layers


def dense(kernel, bias):
    """Return one dense layer."""
    return {"kind": "dense", "kernel": kernel, "bias": bias}


def samples(rows, columns, seed):
    """Return random inputs, rounded."""
    return np.random.default_rng(seed).normal(0, 1, (rows, columns)).round(3).tolist()


def one_hot(*classes):
    """Return one row for each class number."""
    return np.eye(max(classes) + 1, dtype=int)[list(classes)].tolist()


def cases():
    """Return every case: (name, layers, loss, optimiser, inputs, targets, steps)."""
    # One step by hand: z = 2·3 + 1 = 7, loss 16, gradient 2·(7 − 3) = 8 for z and b, 24 for w.
    one = [dense([[2]], [1])]
    yield "one weight, one step by hand", one, MSE, SGD_01, [[3]], [[3]], 1
    yield "no steps", one, MSE, SGD_01, [[3]], [[3]], 0
    no_bias = [dense([[0.5, -1], [2, 0.25]], None)]
    yield "no bias", no_bias, MSE, SGD_01, samples(3, 2, 1), samples(3, 2, 2), 5

    for name, optimizer in EVERY_OPTIMIZER.items():
        network = stack([2, 4, 1], ["tanh", "sigmoid"], seed=3)
        yield f"XOR, tanh and sigmoid, {name}", network, MSE, optimizer, XOR, XOR_TARGETS, 50
        network = stack([2, 4, 2], ["tanh", "softmax"], seed=4)
        yield f"XOR, softmax, {name}", network, CROSSENTROPY, optimizer, XOR, XOR_CLASSES, 50

    for activation in ("relu", "sigmoid", "tanh"):
        network = stack([3, 5, 4, 2], [activation, activation, None], seed=5)
        x, y = samples(6, 3, 6), samples(6, 2, 7)
        yield f"two hidden layers of {activation}", network, MSE, SGD_01, x, y, 30
        network = stack([3, 6, 3], [activation, "softmax"], seed=8)
        y = one_hot(0, 1, 2, 2, 1, 0)
        momentum = EVERY_OPTIMIZER["momentum"]
        yield f"three classes, {activation}", network, CROSSENTROPY, momentum, x, y, 30

    # The network of the loss surface, and the one of the picture.
    x = np.linspace(-1, 1, 9).round(3)
    y = (x**2).round(3)
    network = stack([1, 2, 1], ["sigmoid", None], seed=9)
    adam = EVERY_OPTIMIZER["Adam"]
    yield "1-2-1", network, MSE, adam, x[:, None].tolist(), y[:, None].tolist(), 50
    network = stack([10, 12, 12, 6], ["sigmoid"] * 3, seed=10)
    y = one_hot(0, 1, 2, 3, 4, 5, 0, 1)
    yield "10-12-12-6", network, MSE, EVERY_OPTIMIZER["RMSprop"], samples(8, 10, 11), y, 20

    # Softmax in the middle, or at the end under another loss, needs its whole derivative.
    network = stack([2, 3, 2], ["softmax", None], seed=12)
    yield "softmax in the middle", network, MSE, SGD_01, samples(5, 2, 13), samples(5, 2, 14), 20
    network = stack([2, 3], ["softmax"], seed=15)
    y = one_hot(0, 1, 2, 1, 0)
    yield "softmax under the squared error", network, MSE, SGD_01, samples(5, 2, 16), y, 20
    y = [[0.9, 0.05, 0.05], [0.2, 0.3, 0.5]]
    yield "targets that are no 0 or 1", network, CROSSENTROPY, SGD_01, samples(2, 2, 17), y, 20

    # At and beyond the limits of the curves.
    corner = [dense([[1, -1, 0]], [0, 0, 0]), {"kind": "relu"}, dense([[1], [1], [1]], [0])]
    yield "ReLU at its corner", corner, MSE, SGD_01, [[0], [1], [-1]], [[1], [1], [1]], 3
    dead = [dense([[1, -1]], [-9, -9]), {"kind": "relu"}, dense([[1], [1]], [0])]
    yield "dead ReLU learns a constant only", dead, MSE, SGD_01, [[0], [1]], [[1], [3]], 10
    zeros = [dense([[0, 0], [0, 0]], [0, 0]), {"kind": "tanh"}, dense([[0], [0]], [0])]
    yield "zeros stay alike", zeros, MSE, SGD_01, XOR, XOR_TARGETS, 10
    far = [dense([[900, -900]], [0, 0]), {"kind": "softmax"}]
    optimizer = {"kind": "sgd", "learning_rate": 100}
    wrong = [[0, 1], [1, 0]]
    yield "scores too far apart for e^z", far, CROSSENTROPY, optimizer, [[1], [-1]], wrong, 3
    flat = [dense([[800, -800]], [0, 0]), {"kind": "sigmoid"}]
    yield "sigmoid where e^z overflows", flat, MSE, SGD_01, [[1], [-1]], wrong, 3
    step = {"kind": "sgd", "learning_rate": 3}
    yield "a rate too large grows", one, MSE, step, [[1], [2]], [[0], [0]], 20
    still = {"kind": "adam", "learning_rate": 0.1}
    yield "a gradient of zero moves nothing", one, MSE, still, [[3]], [[7]], 5


def build(layers, optimizer, loss):
    """Return the network that a case describes."""
    network = Sequential()
    for layer in layers:
        if layer["kind"] == "dense":
            weights = [layer["kernel"]] + ([layer["bias"]] if layer["bias"] is not None else [])
            network.add(Dense(np.shape(layer["kernel"])[1], use_bias=layer["bias"] is not None))
            network.layers[-1].build((None, len(layer["kernel"])))
            network.layers[-1].set_weights(weights)
        else:
            network.add(ACTIVATIONS[layer["kind"]]())
    settings = {key: value for key, value in optimizer.items() if key != "kind"}
    network.compile(OPTIMIZERS[optimizer["kind"]](**settings), loss)
    return network


def run(layers, loss, optimizer, inputs, targets, steps):
    """Return what a case expects, calculated by `helpers` in float64."""
    network = build(layers, optimizer, loss)
    losses = [network.train_on_batch(inputs, targets) for _ in range(steps)]
    outputs = network.predict(inputs)
    kept = [layer for layer in network.layers if isinstance(layer, Dense)]
    return {
        "losses": losses,
        "kernels": [layer.kernel.tolist() for layer in kept],
        "biases": [None if layer.bias is None else layer.bias.tolist() for layer in kept],
        "outputs": outputs.tolist(),
    }


def generate():
    """Return every case as a dictionary, inputs and expectations."""
    keys = ("layers", "loss", "optimizer", "inputs", "targets", "steps")
    return [
        {"name": name, **dict(zip(keys, case, strict=True)), "expect": run(*case)}
        for name, *case in cases()
    ]


def as_json(cases):
    """Return the cases as JSON text, laid out so that a changed number is one changed line."""

    def fields(mapping, indent):
        joint = ",\n" + " " * indent
        return joint.join(f"{json.dumps(key)}: {json.dumps(mapping[key])}" for key in mapping)

    def record(case):
        inputs = {key: case[key] for key in case if key != "expect"}
        return f'{{{fields(inputs, 1)},\n "expect": {{\n  {fields(case["expect"], 2)}\n }}}}'

    return "[\n" + ",\n".join(map(record, cases)) + "\n]\n"


if __name__ == "__main__":
    PATH.write_text(as_json(generate()), encoding="utf-8")
    print(f"{PATH}: {len(json.loads(PATH.read_text(encoding='utf-8')))} cases")
