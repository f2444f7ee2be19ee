"""Training steps a second of the book's networks beside Keras, and how equal the two stay.

Run `python tests/benchmarks/bench_network.py`. One step is forward, loss, backward and the
optimiser's change, on one batch. Keras is timed twice: `train_on_batch`, which is what a reader
calls, and one compiled graph without Keras's bookkeeping, as fast as TensorFlow can. All three take
turns, round after round, so that a busy moment of the machine touches them alike. The last table
trains the same network in both for 100 steps, in float64 and from the same weights.
"""

import os
import statistics
import sys
import time
from pathlib import Path

os.environ.setdefault("TF_CPP_MIN_LOG_LEVEL", "2")
sys.path.insert(0, str(Path(__file__).parents[1]))

import keras
import keras_oracle
import numpy as np
import tensorflow as tf

from helpers.layers import Dense, Input
from helpers.network import Sequential
from helpers.optimizers import Adam

ROUNDS = 15

# (sizes, activations, batch): the networks of chapters 6 to 8, the dense network of chapter 11, and
# the dense layers of the eight-layer network.
NETWORKS = [
    ([1, 2, 1], ["sigmoid", None], 32),
    ([2, 8, 8, 2], ["tanh", "tanh", "softmax"], 32),
    ([10, 12, 12, 6], ["sigmoid", "sigmoid", "softmax"], 32),
    ([784, 128, 10], ["relu", "softmax"], 128),
    ([6272, 1000, 1000, 10], ["sigmoid", "sigmoid", "softmax"], 32),
]


def loss_for(activations):
    """Return the loss that goes with the last activation."""
    return "categorical_crossentropy" if activations[-1] == "softmax" else "mean_squared_error"


def candidates(sizes, activations, batch, dtype):
    """Return {name: function that takes one step}, all on the same batch."""
    rng = np.random.default_rng(0)
    x = rng.standard_normal((batch, sizes[0])).astype(dtype)
    y = np.eye(sizes[-1], dtype=dtype)[rng.integers(sizes[-1], size=batch)]
    loss = loss_for(activations)

    ours = Sequential([Input((sizes[0],))], seed=0, dtype=dtype)
    theirs = keras.Sequential([keras.Input((sizes[0],))])
    for units, activation in zip(sizes[1:], activations, strict=True):
        ours.add(Dense(units, activation))
        theirs.add(keras.layers.Dense(units, activation, dtype=dtype))
    theirs.set_weights(ours.get_weights())
    ours.compile(Adam(), loss)
    theirs.compile(keras.optimizers.Adam(), loss)

    graph = keras.models.clone_model(theirs)
    optimizer, measure = keras.optimizers.Adam(), keras.losses.get(loss)
    optimizer.build(graph.trainable_variables)
    tensors = tf.constant(x), tf.constant(y)

    @tf.function
    def compiled_step():
        with tf.GradientTape() as tape:
            value = tf.reduce_mean(measure(tensors[1], graph(tensors[0])))
        optimizer.apply(tape.gradient(value, graph.trainable_variables), graph.trainable_variables)
        return value

    return {
        "helpers.network": lambda: ours.train_on_batch(x, y),
        "train_on_batch": lambda: theirs.train_on_batch(x, y),
        "compiled graph": lambda: compiled_step().numpy(),
    }


def steps_per_second(functions):
    """Return {name: median steps a second}."""
    rates = {name: [] for name in functions}
    repeats = {}
    for name, function in functions.items():
        function()  # the first call traces
        start = time.perf_counter()
        function()
        repeats[name] = max(1, int(0.02 / (time.perf_counter() - start)))
    for _ in range(ROUNDS):
        for name, function in functions.items():
            start = time.perf_counter()
            for _ in range(repeats[name]):
                function()
            rates[name].append(repeats[name] / (time.perf_counter() - start))
    return {name: statistics.median(values) for name, values in rates.items()}


def print_speeds(dtype):
    """Print one row per network: steps a second, and how many times as many ours are."""
    print(f"\nsteps a second with Adam, {dtype}")
    for sizes, activations, batch in NETWORKS:
        rates = steps_per_second(candidates(sizes, activations, batch, dtype))
        ours = rates["helpers.network"]
        cells = [
            f"{name} {rate:8.0f} ({ours / rate:5.2f} x)" if rate is not ours
            else f"{name} {rate:8.0f}"
            for name, rate in rates.items()
        ]  # fmt: skip
        print(f"{'-'.join(map(str, sizes)):>18}, batch {batch:3}:", "   ".join(cells))


def print_equality():
    """Print how far apart the two are after 100 steps from the same weights."""
    print("\nlargest difference over 100 steps of 10-12-12-6, float64")
    print(f"{'optimiser':>28} {'of the losses':>16} {'of the weights':>16} {'weights moved':>16}")
    for loss in ("mean_squared_error", "categorical_crossentropy"):
        print(loss.replace("_", " "))
        for name in keras_oracle.OPTIMIZERS:
            with keras_oracle.float64():
                of_losses, of_weights, moved = keras_oracle.train_both(name, loss)
            print(f"{name:>28} {of_losses:16.1e} {of_weights:16.1e} {moved:16.2f}")


def main():
    print(f"median of {ROUNDS} rounds, {os.cpu_count()} cores")
    for dtype in ("float32", "float64"):
        print_speeds(dtype)
    print_equality()


if __name__ == "__main__":
    main()
