"""Keras in float64, as a second opinion on networks, and the way there and back.

Keras turns Python's floats into float32 before it makes them float64: `momentum=0.9` acts as
0.89999998, which shows after a few steps. `exact` passes settings as NumPy's float64 instead, which
Keras takes as they are. What is left between the two is rounding in the last digits.
"""

from contextlib import contextmanager

import keras
import numpy as np
import tensorflow as tf

from helpers import layers, optimizers
from helpers.network import Sequential

OPTIMIZERS = {
    "SGD": ("SGD", {"learning_rate": 0.5}),
    "SGD with momentum": ("SGD", {"learning_rate": 0.1, "momentum": 0.9}),
    "SGD with Nesterov momentum": (
        "SGD",
        {"learning_rate": 0.1, "momentum": 0.9, "nesterov": True},
    ),
    "RMSprop": ("RMSprop", {"learning_rate": 0.01, "rho": 0.9, "epsilon": 1e-7}),
    "RMSprop with momentum": (
        "RMSprop",
        {"learning_rate": 0.005, "rho": 0.9, "momentum": 0.5, "epsilon": 1e-7},
    ),
    "SGD with momentum and weight decay": (
        "SGD",
        {"learning_rate": 0.1, "momentum": 0.9, "weight_decay": 0.05},
    ),
    "RMSprop with weight decay": (
        "RMSprop",
        {"learning_rate": 0.01, "rho": 0.9, "epsilon": 1e-7, "weight_decay": 0.5},
    ),
    "Adam with weight decay": (
        "Adam",
        {
            "learning_rate": 0.01,
            "beta_1": 0.9,
            "beta_2": 0.999,
            "epsilon": 1e-7,
            "weight_decay": 0.5,
        },
    ),
    "Adam": ("Adam", {"learning_rate": 0.01, "beta_1": 0.9, "beta_2": 0.999, "epsilon": 1e-7}),
}


@contextmanager
def float64():
    """Make Keras calculate in float64 within a `with` block."""
    floatx, policy = keras.config.floatx(), keras.config.dtype_policy()
    keras.config.set_floatx("float64")  # for optimisers, losses and metrics
    keras.config.set_dtype_policy("float64")  # for layers
    try:
        yield
    finally:
        keras.config.set_floatx(floatx)
        keras.config.set_dtype_policy(policy)


def exact(settings):
    """Return the settings with numbers that Keras does not round to float32."""
    return {
        name: value if isinstance(value, bool) else np.float64(value)
        for name, value in settings.items()
    }


def both_optimizers(name):
    """Return our optimiser of this name from OPTIMIZERS, and Keras's."""
    kind, settings = OPTIMIZERS[name]
    return (
        getattr(optimizers, kind)(**settings),
        getattr(keras.optimizers, kind)(**exact(settings)),
    )


def both_networks(sizes, activations, seed=0, **options):
    """Return two networks of dense layers with the same weights: ours, and Keras's."""
    ours = Sequential([layers.Input((sizes[0],))], seed=seed, **options)
    theirs = keras.Sequential([keras.Input((sizes[0],))])
    for units, activation in zip(sizes[1:], activations, strict=True):
        ours.add(layers.Dense(units, activation, bias_initializer="random_normal"))
        theirs.add(keras.layers.Dense(units, activation))
    theirs.set_weights(ours.get_weights())
    return ours, theirs


def largest_difference(arrays, others):
    """Return the largest difference between the entries of two lists of arrays."""
    pairs = zip(arrays, others, strict=True)
    return max(float(np.abs(np.asarray(a) - np.asarray(b)).max()) for a, b in pairs)


def train_both(name, loss, steps=100, batch_size=32, seed=0):
    """Train the same network twice, step by step, and return the largest differences on the way.

    Returns
    -------
    (of the losses, of the weights after the last step, how far the weights went)
    """
    rng = np.random.default_rng(seed)
    last = "softmax" if loss == "categorical_crossentropy" else "sigmoid"
    ours, theirs = both_networks([10, 12, 12, 6], ["relu", "tanh", last], seed=seed)
    optimizer, keras_optimizer = both_optimizers(name)
    ours.compile(optimizer, loss)
    theirs.compile(keras_optimizer, loss)
    start, of_losses = ours.get_weights(), 0.0
    for _ in range(steps):
        x = rng.standard_normal((batch_size, 10))
        y = np.eye(6)[np.abs(x).argmax(axis=1) % 6]
        # Keras returns a running mean; forgetting it makes the number that of this batch alone.
        theirs.reset_metrics()
        of_losses = max(of_losses, abs(ours.train_on_batch(x, y) - theirs.train_on_batch(x, y)))
    of_weights = largest_difference(ours.get_weights(), theirs.get_weights())
    return float(of_losses), of_weights, largest_difference(ours.get_weights(), start)


def run_case(case):
    """Return what Keras makes of a case of tests/cases/network.json, in the form of "expect"."""
    network = keras.Sequential([keras.Input((len(case["inputs"][0]),))])
    for layer in case["layers"]:
        if layer["kind"] == "dense":
            units, bias = len(layer["kernel"][0]), layer["bias"]
            network.add(keras.layers.Dense(units, use_bias=bias is not None))
            weights = [layer["kernel"]] if bias is None else [layer["kernel"], bias]
            network.layers[-1].set_weights([np.array(array) for array in weights])
        else:
            network.add(keras.layers.Activation(layer["kind"]))
    kinds = {"sgd": "SGD", "rmsprop": "RMSprop", "adam": "Adam"}
    settings = {"beta_1": 0.9, "beta_2": 0.999} if case["optimizer"]["kind"] == "adam" else {}
    settings |= {key: value for key, value in case["optimizer"].items() if key != "kind"}
    optimizer = getattr(keras.optimizers, kinds[case["optimizer"]["kind"]])(**exact(settings))
    optimizer.build(network.trainable_variables)
    losses = {
        "mean_squared_error": keras.losses.MeanSquaredError,
        "categorical_crossentropy": keras.losses.CategoricalCrossentropy,
    }
    measure = losses[case["loss"]](dtype="float64")
    x, y = tf.constant(case["inputs"], "float64"), tf.constant(case["targets"], "float64")

    @tf.function
    def step():
        with tf.GradientTape() as tape:
            loss = measure(y, network(x))
        variables = network.trainable_variables
        optimizer.apply(tape.gradient(loss, variables), variables)
        return loss

    measured = [float(step()) for _ in range(case["steps"])]
    dense = [layer for layer in network.layers if isinstance(layer, keras.layers.Dense)]
    return {
        "losses": measured,
        "kernels": [layer.get_weights()[0].tolist() for layer in dense],
        "biases": [layer.get_weights()[1].tolist() if layer.use_bias else None for layer in dense],
        "outputs": network(x).numpy().tolist(),
    }
