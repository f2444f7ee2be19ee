"""The gradients of a convolution layer with one channel, as TensorFlow finds them."""

import numpy as np


def spread(size, gap):
    """Return a matrix that puts gap − 1 zeros between `size` numbers."""
    matrix = np.zeros(((size - 1) * gap + 1, size))
    matrix[np.arange(size) * gap, np.arange(size)] = 1
    return matrix


def layer_gradients(image, kernel, bias, upstream, flip, padding, stride, dilation):
    """Return output, loss and gradients; where image and kernel have one row, it is a 1-D layer."""
    import tensorflow as tf  # slow to import

    one_row = len(image) == len(kernel) == 1
    rows, cols = (0 if one_row else padding), padding
    down, across = (1 if one_row else stride), stride
    spread_rows = spread(len(kernel), 1 if one_row else dilation)
    spread_cols = spread(len(kernel[0]), dilation)
    x, w, b, g = (tf.Variable(np.array(part, float)) for part in (image, kernel, bias, upstream))
    with tf.GradientTape() as tape:
        laid = tf.reverse(w, [0, 1]) if flip else tf.identity(w)
        laid = spread_rows @ laid @ spread_cols.T  # TensorFlow has no gradient of dilation on CPUs
        padded = tf.pad(x, [[rows, rows], [cols, cols]])
        y = tf.nn.conv2d(padded[None, :, :, None], laid[:, :, None, None], [down, across], "VALID")
        output = y[0, :, :, 0] + b
        loss = tf.reduce_sum(g * output)
    grads = tape.gradient(loss, [x, w, b])
    names = ["grad_image", "grad_kernel", "grad_bias"]
    found = {name: np.array(grad) for name, grad in zip(names, grads, strict=True)}
    return found | {"output": np.array(output), "loss": float(loss)}


def random_layer(rng, one_row):
    """Return a layer with its upstream gradient, or None where the kernel does not fit."""
    shape = [1, int(rng.integers(1, 9))] if one_row else rng.integers(1, 7, 2)
    kernel = [1, int(rng.integers(1, 5))] if one_row else rng.integers(1, [4, 5])
    layer = {
        "image": rng.normal(size=shape).tolist(), "kernel": rng.normal(size=kernel).tolist(),
        "bias": float(rng.normal()), "flip": bool(rng.integers(2)),
        "padding": int(rng.integers(3)), "stride": int(rng.integers(1, 4)),
        "dilation": int(rng.integers(1, 3)),
    }  # fmt: skip
    is_row = shape[0] == kernel[0] == 1
    sizes = []
    for axis in (0, 1):
        p, s, d = (
            (0, 1, 1)
            if is_row and axis == 0
            else (layer["padding"], layer["stride"], layer["dilation"])
        )
        room = shape[axis] + 2 * p - (d * (kernel[axis] - 1) + 1)
        if room < 0:
            return None
        sizes.append(int(room // s + 1))
    return layer | {"upstream": rng.normal(size=sizes).tolist()}
