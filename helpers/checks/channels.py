"""The exercise on a convolution layer: several kernels on an image with several channels.

What goes wrong within one channel is told by `helpers.checks.convolution2d`; here it is the
channels, the biases, and the order of all these axes. The right answers come from SciPy, one
channel at a time.
"""

import numpy as np
from numpy.lib.stride_tricks import sliding_window_view

from helpers.checks.diagnosis import Exercise, diagnose, tell
from helpers.checks.sizes import as_options, options_of

OPTIONS = ("stride", "padding")


def conv_layer_exercise(options=()):
    """Return the exercise on (image, weights, bias) and the options named, passed by name.

    The image has the shape (H, W, C_in), the weights (K_h, K_w, C_in, C_out), the bias (C_out,),
    and the answer (H_out, W_out, C_out). `stride` and `padding` are one number each.
    """
    named = f" (with {', '.join(options)})" if options else ""
    oracle = f"scipy.signal.correlate, channel by channel{named}"
    cases = _layers(options)
    return Exercise(oracle, _channel_by_channel, cases, _slips, _patterns, tuple(options))


def _channel_by_channel(image, weights, bias, stride=1, padding=0):
    # Imported here, so that a notebook without this exercise does not wait for it.
    from scipy import signal

    padded = _with_zeros(image, padding)
    feature_maps = []
    for kernel, b in zip(np.moveaxis(weights, -1, 0), bias, strict=True):
        maps = [
            signal.correlate(padded[:, :, k], kernel[:, :, k], "valid", method="direct")
            for k in range(image.shape[2])
        ]
        feature_maps.append(sum(maps)[::stride, ::stride] + b)
    return np.stack(feature_maps, axis=-1)


def _with_zeros(image, before, after=None):
    """Return the image with so many rows and columns of zeros in front of it and behind it."""
    ghosts = (before, before if after is None else after)
    return np.pad(image, (ghosts, ghosts, (0, 0)))


def _products(padded, weights, stride):
    """Return every product of the layer, (H_out, W_out, K_h, K_w, C_in, C_out)."""
    windows = sliding_window_view(padded, weights.shape[:2], axis=(0, 1))[::stride, ::stride]
    return np.moveaxis(windows, 2, -1)[..., None] * weights


def _slips(image, weights, bias, stride=1, padding=0):
    """Return {what went wrong: the output that comes out}."""
    products = _products(_with_zeros(image, padding), weights, stride)
    y = products.sum(axis=(2, 3, 4)) + bias
    each_channel = products.sum(axis=(2, 3))  # (H_out, W_out, C_in, C_out)
    channels, kernels = weights.shape[2:]

    def output(other=weights, before=padding, after=padding, step=stride):
        padded = _with_zeros(image, before, after)
        if any(k > size for k, size in zip(other.shape[:2], padded.shape[:2], strict=True)):
            return None
        return _products(padded, other, step).sum(axis=(2, 3, 4)) + bias

    no_flip = "A convolution layer slides its kernels as they are"
    add_up = "Each output is one number: add up the products of all input channels"
    last = "kernel number f is weights[:, :, :, f]: the kernels are counted by the last axis"
    results = {
        "The bias is left out: add bias[f] to output channel f.": y - bias,
        "The bias is subtracted: add it.": y - 2 * bias,
        "The bias is added once for each input channel: add it once for each output.": (
            y + (channels - 1) * bias
        ),
        "The bias is added to each product: add it once for each output.": (
            y + (products[0, 0, ..., 0].size - 1) * bias
        ),
        "Every output channel gets the first bias: add bias[f] to output channel f.": (
            y - bias + bias[0]
        ),
        f"The kernels are turned by 180°. {no_flip}.": output(weights[::-1, ::-1]),
        f"The kernels are turned by 180°, and their channels reversed as well. {no_flip}.": (
            output(weights[::-1, ::-1, ::-1])
        ),
        f"The kernels are flipped up and down. {no_flip}.": output(weights[::-1]),
        f"The kernels are flipped left and right. {no_flip}.": output(weights[:, ::-1]),
        "The rows and columns of the kernels are swapped.": output(weights.swapaxes(0, 1)),
        "The channels of the kernels are in reverse order: channel k of the kernel belongs to "
        "channel k of the image.": output(weights[:, :, ::-1]),
        f"The input channels are kept apart. {add_up}.": each_channel + bias,
        f"The input channels are kept apart. {add_up}, then add the bias.": each_channel,
        f"Only the first input channel counts. {add_up}.": each_channel[:, :, 0] + bias,
        f"Only the last input channel is left. {add_up}: add with +=, and start at 0 before the "
        "loop over the channels.": each_channel[:, :, -1] + bias,
        f"The mean of the input channels is taken. {add_up}.": (
            each_channel.sum(axis=2) / channels + bias
        ),
        "Every output channel shows the first kernel: output channel f belongs to kernel f.": (
            np.repeat(products.sum(axis=(2, 3, 4))[..., :1], kernels, axis=-1) + bias
        ),
        "Only the first output channel is there: every kernel gives one.": y[..., :1],
        "Only the first output channel is there, without its axis: every kernel gives one.": (
            y[..., 0]
        ),
        "The output channels are added up: every kernel gives a channel of its own.": y.sum(-1),
        "The output channels come first: here they come last, (H_out, W_out, C_out).": (
            np.moveaxis(y, -1, 0)
        ),
        "Rows and columns of the output are swapped: the first index counts rows.": (
            y.swapaxes(0, 1)
        ),
        "Negative outputs are cut off: that is the activation, a step of its own.": (
            np.maximum(y, 0)
        ),
        f"The weights are reshaped to have the kernels first. That moves no axis; {last}.": (
            output(np.moveaxis(weights.reshape(kernels, *weights.shape[:3]), 0, -1))
        ),
        f"The kernels are taken from the wrong axis: {last}.": _where_it_fits(
            output, weights, (1, 2, 3, 0)
        ),
        f"The kernels are taken from the wrong axis, and their channels too: {last}, and the input "
        "channels by the axis before.": _where_it_fits(output, weights, (2, 3, 1, 0)),
        "The channels of the kernels are swapped with the kernels: the axes of the weights are "
        "rows, columns, input channels, output channels.": _where_it_fits(
            output, weights, (0, 1, 3, 2)
        ),
    }
    # Without an option, these are what was asked for: no slip at all.
    return results | {
        "The stride is left out.": output(step=1),
        "The stride is used for the rows only.": _products(_with_zeros(image, padding), weights, 1)[
            ::stride
        ].sum(axis=(2, 3, 4))
        + bias,
        "The size of the output is rounded up: its last row or column belongs to no position. "
        "Round down, with // in place of /.": _rounded_up(y, image, weights, stride, padding),
        "The padding is left out.": output(before=0, after=0),
        "The padding repeats the border: it is made of zeros.": _padded_with(
            "edge", image, weights, bias, stride, padding
        ),
        "The padding mirrors the image: it is made of zeros.": _padded_with(
            "symmetric", image, weights, bias, stride, padding
        ),
        "The windows lie side by side in steps of 1: they start at stride·row, stride·column.": (
            _unmoved(image, weights, bias, stride, padding)
        ),
        "The padding is missing at the end: it goes on each side.": output(after=0),
        "The padding is missing at the start: it goes on each side.": output(before=0),
        "The padding is all at the end: it goes on each side.": output(before=0, after=2 * padding),
        "The padding is all at the start: it goes on each side.": output(
            before=2 * padding, after=0
        ),
    }


def _padded_with(mode, image, weights, bias, stride, padding):
    ghosts = (padding, padding)
    padded = np.pad(image, (ghosts, ghosts, (0, 0)), mode)
    return _products(padded, weights, stride).sum(axis=(2, 3, 4)) + bias


def _unmoved(image, weights, bias, stride, padding):
    """Return as many outputs as asked for, from windows that move by 1 only."""
    padded = _with_zeros(image, padding)
    rows, cols = _products(padded, weights, stride).shape[:2]
    return _products(padded, weights, 1)[:rows, :cols].sum(axis=(2, 3, 4)) + bias


def _where_it_fits(output, weights, order):
    """Return the output for weights with their axes in another order, where nobody would notice."""
    moved = weights.transpose(order)
    return output(moved) if moved.shape == weights.shape else None


def _rounded_up(y, image, weights, stride, padding):
    """Return the output with rows and columns of zeros for positions that are only half inside."""
    rooms = [
        size + 2 * padding - k for size, k in zip(image.shape, weights.shape[:2], strict=False)
    ]
    return np.pad(y, [*((0, int(room % stride > 0)) for room in rooms), (0, 0)])


def _patterns(image, weights, bias, stride=1, padding=0):
    """Return {what went wrong: whether the output is right here}."""
    rows, cols, channels, kernels = weights.shape
    return {
        "Right only for a single input channel.": channels == 1,
        "Right only for a single kernel.": kernels == 1,
        "Right only for square kernels: somewhere, their rows and columns are mixed up.": (
            rows == cols
        ),
        "Right only for square images: somewhere, rows and columns are mixed up.": (
            image.shape[0] == image.shape[1]
        ),
        "Right only for kernels of 3 x 3: use weights.shape, not fixed numbers.": rows == cols == 3,
        "Right only without padding.": padding == 0,
        "Right only for stride 1.": stride == 1,
    }


def _layers(options, number=40):
    """Return so many {"image": ..., "weights": ..., "bias": ..., option: ...}, small ones first."""
    rng = np.random.default_rng(7)
    shapes = [(1, 1, 1, 1, 1, 1), (2, 2, 1, 1, 2, 1), (2, 2, 1, 1, 1, 2), (2, 2, 2, 2, 2, 2)]
    shapes += [(3, 3, 2, 2, 2, 2), (5, 5, 3, 3, 3, 2), (4, 4, 3, 3, 3, 3), (3, 5, 1, 2, 3, 2)]
    shapes += rng.integers(1, [6, 6, 4, 4, 4, 4], size=(5 * number, 6)).tolist()
    cases = []
    for height, width, rows, cols, channels, kernels in shapes:
        if rows > height or cols > width:
            continue
        image = rng.choice([-2, -1, 1, 2, 3, 5], (height, width, channels))
        case = {
            "image": image / 2 if len(cases) % 4 == 3 else image,
            "weights": rng.choice([-2, -1, 1, 2, 3], (rows, cols, channels, kernels)),
            "bias": rng.choice([-20, 10, 30, 70], kernels),
        }
        draws = {"stride": int(rng.integers(1, 4)), "padding": int(rng.integers(0, 3))}
        cases.append(case | {name: draws[name] for name in options})
    return sorted(cases[:number], key=lambda case: case["image"].size + case["weights"].size)


def conv_layer(function, *, options=None):
    """Check a function of (image, weights, bias, ...) against `scipy.signal`, and print the result.

    Parameters
    ----------
    function : callable
        Takes one image (H, W, C_in), the weights (K_h, K_w, C_in, C_out), the bias (C_out,) and, by
        name, `stride` or `padding` (on each side), one number each; returns (H_out, W_out, C_out).
    options : sequence of str, optional
        The names that the exercise asks for. By default those that the function takes.

    Examples
    --------
    >>> from helpers import convolution
    >>> conv_layer(lambda image, weights, bias: convolution.conv_layer(image[None], weights)[0])
    ... # doctest: +ELLIPSIS
    ✗ The bias is left out: add bias[f] to output channel f.
        image    = [[[3]]], of shape (1, 1, 1)
        weights  = [[[[3]]]], of shape (1, 1, 1, 1)
        bias     = [70]
        expected = [[[79]]], of shape (1, 1, 1)
        got      = [[[9]]], of shape (1, 1, 1)
    0 of 40 cases agree with scipy.signal.correlate, channel by channel.
    """
    known = options_of(function, OPTIONS)
    options = known if options is None else as_options(options, OPTIONS)
    tell(diagnose(function, conv_layer_exercise(options)))
