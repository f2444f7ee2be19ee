"""Pooling of one map and its gradient, as TensorFlow finds them, and random poolings to compare."""

import numpy as np


def pooled(image, kind, pool, stride, padding, upstream=None):
    """Return the output and ∂L/∂x for L = Σ upstream·y; upstream is 1 everywhere unless given."""
    import tensorflow as tf  # slow to import

    x = tf.Variable(np.asarray(image, float)[None, :, :, None])
    with tf.GradientTape() as tape:
        pooling = {"max": tf.nn.max_pool2d, "mean": tf.nn.avg_pool2d}[kind]
        y = pooling(x, pool, stride, padding.upper())
        g = np.ones(y.shape) if upstream is None else np.asarray(upstream, float)[None, :, :, None]
        loss = tf.reduce_sum(g * y)
    return np.array(y)[0, :, :, 0], np.array(tape.gradient(loss, x))[0, :, :, 0]


def random_pooling(rng):
    """Return the state of a widget with many ties, negative numbers, and windows that fit.

    No window is larger than the map: there, TensorFlow's mean counts filler on its way back (not on
    its way there), because its CPU kernel cuts a window off at one end only.
    """
    rows, cols = int(rng.integers(1, 7)), int(rng.integers(1, 9))
    most = min(rows, cols, 6)
    return {
        "image": rng.integers(-3, 3, (rows, cols)).tolist(),
        "kind": str(rng.choice(["max", "mean"])),
        "pool_size": int(rng.integers(1, most + 1)), "stride": int(rng.integers(1, 7)),
        "padding": str(rng.choice(["valid", "same"])),
    }  # fmt: skip
