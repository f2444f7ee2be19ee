"""How fast the book slides kernels over images, beside SciPy and TensorFlow, in one run.

Run `python tests/benchmarks/bench_convolution2d.py`. The ratio in brackets says how many times as
long a candidate takes as the book's function: `cross_correlate2d` should stay above 1 beside
`scipy.signal.correlate2d` and above 0.5 beside `tf.nn.conv2d`, `conv_layer` above 0.4.
"""

import os

import numpy as np
from bench_convolution import ROUNDS, medians, print_table
from scipy import ndimage
from scipy import signal as scipy_signal

from helpers.convolution import average_pool2d, conv_layer, cross_correlate2d, max_pool2d

PHOTO = (512, 512)
KERNELS = [3, 9]
# (images, rows, columns, channels, kernels of 3 x 3): a layer in the middle of a network, the first
# layer of one for digits, a small second layer
LAYERS = [(32, 28, 28, 32, 32), (32, 28, 28, 1, 32), (32, 14, 14, 8, 16)]


def correlations(tf, rng, kind):
    """Return the rows of the table for one image, one kernel and one type of numbers."""
    rows = {}
    for size in KERNELS:
        if kind == "uint8":
            image = rng.integers(0, 256, PHOTO, dtype=np.uint8)
            kernel = rng.integers(-9, 10, (size, size))
        else:
            image = rng.normal(size=PHOTO).astype(kind)
            kernel = rng.normal(size=(size, size)).astype(kind)
        candidates = {
            "cross_correlate2d": lambda x=image, w=kernel: cross_correlate2d(x, w),
            "scipy.signal.correlate2d": lambda x=image, w=kernel: scipy_signal.correlate2d(
                x, w, "valid"
            ),
            "scipy.ndimage.correlate": lambda x=image, w=kernel: ndimage.correlate(
                x, w, output=np.result_type(x, w), mode="constant"
            ),
        }
        if kind != "uint8":
            tf_image = tf.constant(image[None, :, :, None])
            tf_kernel = tf.constant(kernel[:, :, None, None])
            candidates["tf.nn.conv2d"] = lambda x=tf_image, w=tf_kernel: tf.nn.conv2d(
                x, w, 1, "VALID"
            ).numpy()
        rows[f"{size} x {size}, {kind}"] = medians(candidates)
    return rows


def layers(tf, rng):
    """Return the rows of the table for convolution layers."""
    rows = {}
    for *shape, kernels in LAYERS:
        images = rng.normal(size=shape).astype(np.float32)
        weights = rng.normal(size=(3, 3, shape[-1], kernels)).astype(np.float32)
        tf_images, tf_weights = tf.constant(images), tf.constant(weights)
        for padding in ("valid", "same"):
            label = f"{' x '.join(map(str, shape))} -> {kernels}, {padding}"
            rows[label] = medians(
                {
                    "conv_layer": lambda x=images, w=weights, p=padding: conv_layer(
                        x, w, padding=p
                    ),
                    "tf.nn.conv2d": lambda x=tf_images, w=tf_weights, p=padding: tf.nn.conv2d(
                        x, w, 1, p.upper()
                    ).numpy(),
                }
            )
    return rows


def pools(tf, rng):
    """Return the rows of the table for pooling."""
    images = rng.normal(size=LAYERS[0][:4]).astype(np.float32)
    tf_images = tf.constant(images)
    rows = {}
    for name, ours, theirs in [
        ("max", max_pool2d, tf.nn.max_pool2d),
        ("average", average_pool2d, tf.nn.avg_pool2d),
    ]:
        rows[f"{name}, 2 x 2"] = medians(
            {
                "..._pool2d": lambda ours=ours: ours(images, 2),
                "tf.nn": lambda theirs=theirs: theirs(tf_images, 2, 2, "VALID").numpy(),
            }
        )
    return rows


def main():
    os.environ.setdefault("TF_CPP_MIN_LOG_LEVEL", "2")
    import tensorflow as tf

    rng = np.random.default_rng(0)
    print(f"median of {ROUNDS} rounds, {os.cpu_count()} cores")
    for kind in ("float32", "float64", "uint8"):
        title = f"cross-correlation of {PHOTO[0]} x {PHOTO[1]} cells, valid"
        print_table(title, "kernel", correlations(tf, rng, kind))
    print_table("convolution layer, 3 x 3, float32", "layer", layers(tf, rng))
    print_table(f"pooling of {LAYERS[0][:4]}, float32", "windows", pools(tf, rng))


if __name__ == "__main__":
    main()
