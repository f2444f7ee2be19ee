"""How fast the convolution and pooling layers of the book are beside TensorFlow, in one run.

Run `python tests/benchmarks/bench_layers.py`. Forward is timed alone, and with the way back to all
gradients. The ratio in brackets says how many times as long a candidate takes as the book's layer:
with the way back, TensorFlow should stay above 0.4 for convolution and above 0.5 for pooling.
"""

import os

import numpy as np
from bench_convolution import ROUNDS, medians, print_table

from helpers.layers import AveragePooling2D, Conv2D, MaxPooling2D

# (samples, rows, columns, channels): in the middle of a network, and its first layer for digits
IMAGES = [(32, 28, 28, 32), (32, 28, 28, 1)]
FILTERS = 32


def tensorflow_step(tf, function, sources, grad):
    """Return a compiled function that finds the outputs and the gradients for all sources."""

    @tf.function
    def step():
        with tf.GradientTape() as tape:
            tape.watch(sources)
            outputs = function(*sources)
        return outputs, tape.gradient(outputs, sources, grad)

    def run():
        outputs, gradients = step()
        return outputs.numpy(), [gradient.numpy() for gradient in gradients]

    return run


def both(layer, images, tf, function, sources):
    """Return the rows for one layer: forward, and forward with backward."""
    outputs = layer.forward(images)
    grad = np.random.default_rng(1).normal(size=outputs.shape).astype(np.float32)
    forward = tf.function(lambda: function(*sources))
    return {
        "forward": medians(
            {
                "helpers.layers": lambda: layer.forward(images),
                "TensorFlow": lambda: forward().numpy(),
            }
        ),
        "forward + backward": medians(
            {
                "helpers.layers": lambda: (layer.forward(images), layer.backward(grad)),
                "TensorFlow": tensorflow_step(tf, function, sources, tf.constant(grad)),
            }
        ),
    }


def main():
    os.environ.setdefault("TF_CPP_MIN_LOG_LEVEL", "2")
    import tensorflow as tf

    rng = np.random.default_rng(0)
    print(f"median of {ROUNDS} rounds, float32, {os.cpu_count()} cores")
    for shape in IMAGES:
        images = rng.normal(size=shape).astype(np.float32)
        layer = Conv2D(FILTERS, 3, padding="same", dtype="float32", seed=0)
        layer.build(shape)
        sources = [tf.constant(array) for array in (images, *layer.parameters)]
        rows = both(layer, images, tf, lambda x, w, b: tf.nn.conv2d(x, w, 1, "SAME") + b, sources)
        title = f"Conv2D({FILTERS}, 3, padding='same') on {' x '.join(map(str, shape))}"
        print_table(title, "", rows)

    images = rng.normal(size=IMAGES[0]).astype(np.float32)
    for kind, theirs in [(MaxPooling2D, tf.nn.max_pool2d), (AveragePooling2D, tf.nn.avg_pool2d)]:
        rows = both(
            kind(2, dtype="float32"), images, tf,
            lambda x, theirs=theirs: theirs(x, 2, 2, "VALID"), [tf.constant(images)],
        )  # fmt: skip
        print_table(f"{kind.__name__}(2) on {' x '.join(map(str, IMAGES[0]))}", "", rows)


if __name__ == "__main__":
    main()
