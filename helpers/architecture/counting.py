"""From layer to layer: shapes, parameters, multiply-adds and receptive fields.

Each kind of layer has one function, which says what comes out of a shape that goes in. A receptive
field is counted in cells of the input image: how many of them, along each axis, can change one
number of a layer's output. With a window of k cells, d apart, on outputs that lie j cells of the
image from each other, r grows by (k − 1)·d·j, and the stride multiplies j.
"""

import math
from dataclasses import dataclass, replace

from helpers.architecture.kinds import LARGEST, complete


class LayerMisfit(ValueError):
    """A layer does not fit the one before; `number` counts layers from 1."""

    def __init__(self, number, message):
        super().__init__(f"layer {number}: {message}")
        self.number = number


@dataclass(frozen=True)
class Counted:
    """What is known about the output of a layer; `number` 0 is the input.

    `shape` is (rows, columns, channels), or (units,) once flattened. `moving` counts numbers that
    are kept and not trained, as batch normalisation's means and variances. `field` and `jump` are
    (rows, columns) in cells of the image; None where a number sees the whole image. `shortcut` is
    the number of the layer whose output is added here.
    """

    number: int
    kind: str
    shape: tuple
    weights: int = 0
    biases: int = 0
    moving: int = 0
    multiply_adds: int = 0
    field: tuple | None = (1, 1)
    jump: tuple | None = (1, 1)
    shortcut: int | None = None

    @property
    def parameters(self):
        """All numbers that the layer holds, as Keras's `count_params` counts them."""
        return self.weights + self.biases + self.moving

    @property
    def size(self):
        """How many numbers come out for one image."""
        return math.prod(self.shape)


def count(layers, input_shape):
    """Return what each layer does to an image, input first.

    Parameters
    ----------
    layers : list of dict
        See `helpers.architecture.kinds`.
    input_shape : (rows, columns, channels)

    Returns
    -------
    list of Counted
        One more than there are layers.

    Raises
    ------
    LayerMisfit
        If a layer does not fit what comes out of the one before, with what would fit.
    TypeError, ValueError
        If a setting is unknown, missing or out of range.

    Examples
    --------
    >>> image, conv = count([{"kind": "Conv2D", "filters": 32, "kernel_size": 3}], (28, 28, 1))
    >>> conv.shape, conv.parameters, conv.multiply_adds, conv.field
    ((26, 26, 32), 320, 194688, (3, 3))
    """
    shape = tuple(input_shape)
    if len(shape) != 3 or not all(type(n) is int and 1 <= n <= LARGEST for n in shape):
        raise ValueError(
            f"input_shape={input_shape!r} does not fit: use (rows, columns, channels), whole "
            f"numbers from 1 to {LARGEST}"
        )
    counted = [Counted(0, "Input", shape)]
    for number, layer in enumerate(layers, 1):
        settings = complete(layer, f"layer {number}")
        kind = settings.pop("kind")
        passed = {name: getattr(counted[-1], name) for name in ("shape", "field", "jump")}
        before = Counted(number, kind, **passed)
        if kind == "Add":
            counted.append(_add(before, counted, **settings))
        else:
            counted.append(_RULES[kind](before, **settings))
    return counted


def totals(counted):
    """Return the sums over all layers, and what has to be kept in memory for one image.

    Returns
    -------
    dict
        ``weights``, ``biases``, ``moving``, ``parameters``, ``multiply_adds``; ``activations``, the
        numbers that come out of all layers, which training keeps for the way back; and ``widest``,
        the most that two layers in a row, with what shortcuts hold, need at once in prediction.

    Examples
    --------
    >>> sums = totals(count([{"kind": "Flatten"}, {"kind": "Dense", "units": 10}], (28, 28, 1)))
    >>> sums["parameters"], sums["activations"], sums["widest"]
    (7850, 1578, 1568)
    """
    names = ("weights", "biases", "moving", "parameters", "multiply_adds")
    sums = {name: sum(getattr(layer, name) for layer in counted) for name in names}
    sizes = [layer.size for layer in counted]
    at_once = [sizes[0]]
    for number in range(1, len(counted)):
        held = {
            layer.shortcut
            for layer in counted[number:]
            if layer.shortcut is not None and layer.shortcut < number - 1
        }
        at_once.append(sizes[number - 1] + sizes[number] + sum(sizes[index] for index in held))
    return sums | {"activations": sum(sizes), "widest": max(at_once)}


def _maps(before, what):
    """Return (rows, columns, channels), or refuse a layer that needs them."""
    if len(before.shape) != 3:
        raise LayerMisfit(
            before.number,
            f"{what} needs maps of rows × columns × channels, and gets {before.shape[0]} numbers: "
            "put it before Flatten",
        )
    return before.shape


def _slide(before, size, window, strides, padding, dilation=(1, 1), name="kernel_size"):
    """Return the (rows, columns) that come out, and how field and jump grow."""
    out = []
    for cells, k, s, d in zip(size, window, strides, dilation, strict=True):
        span = d * (k - 1) + 1
        if padding == "valid" and span > cells:
            reaches = f"{name}={k} with dilation_rate={d} reaches over" if d > 1 else f"{name}={k}"
            raise LayerMisfit(
                before.number,
                f"{reaches}{f' {span} cells and' if d > 1 else ''} does not fit {size[0]} × "
                f"{size[1]}: use at most {(cells - 1) // d + 1}, or padding='same'",
            )
        out.append(math.ceil(cells / s) if padding == "same" else (cells - span) // s + 1)
    if before.field is None:
        return tuple(out), {}
    steps = zip(before.field, before.jump, window, dilation, strict=True)
    field = tuple(r + (k - 1) * d * j for r, j, k, d in steps)
    jump = tuple(j * s for j, s in zip(before.jump, strides, strict=True))
    return tuple(out), {"field": field, "jump": jump}


def _conv2d(before, filters, kernel_size, strides, padding, dilation_rate, groups, use_bias, **_):
    rows, columns, channels = _maps(before, "Conv2D")
    for name, value in (("channels", channels), ("filters", filters)):
        if value % groups:
            raise LayerMisfit(
                before.number,
                f"groups={groups} does not divide the {value} {name}: use a divisor of both, such "
                f"as {math.gcd(channels, filters)}",
            )
    if max(strides) > 1 and max(dilation_rate) > 1:
        raise LayerMisfit(before.number, "Keras takes no strides together with dilation_rate")
    size, seen = _slide(before, (rows, columns), kernel_size, strides, padding, dilation_rate)
    weights = math.prod(kernel_size) * (channels // groups) * filters
    return replace(
        before,
        shape=(*size, filters),
        weights=weights,
        biases=filters if use_bias else 0,
        multiply_adds=weights * math.prod(size),
        **seen,
    )


def _depthwise(before, kernel_size, strides, padding, depth_multiplier, use_bias, **_):
    rows, columns, channels = _maps(before, "DepthwiseConv2D")
    if strides[0] != strides[1]:
        raise LayerMisfit(before.number, "TensorFlow takes equal strides for depthwise layers only")
    size, seen = _slide(before, (rows, columns), kernel_size, strides, padding)
    out = channels * depth_multiplier
    weights = math.prod(kernel_size) * out
    return replace(
        before,
        shape=(*size, out),
        weights=weights,
        biases=out if use_bias else 0,
        multiply_adds=weights * math.prod(size),
        **seen,
    )


def _transpose(before, filters, kernel_size, strides, padding, use_bias, **_):
    rows, columns, channels = _maps(before, "Conv2DTranspose")
    size = tuple(
        n * s if padding == "same" else n * s + max(k - s, 0)
        for n, k, s in zip((rows, columns), kernel_size, strides, strict=True)
    )
    weights = math.prod(kernel_size) * channels * filters
    seen = {}
    if before.field is not None:
        # Outputs lie 1/s of a jump apart, and each hears from ⌈k/s⌉ inputs along an axis.
        steps = zip(before.field, before.jump, kernel_size, strides, strict=True)
        seen = {
            "field": tuple(r + (math.ceil(k / s) - 1) * j for r, j, k, s in steps),
            "jump": tuple(j / s for j, s in zip(before.jump, strides, strict=True)),
        }
    return replace(
        before,
        shape=(*size, filters),
        weights=weights,
        biases=filters if use_bias else 0,
        multiply_adds=weights * rows * columns,
        **seen,
    )


def _zero_padding(before, padding):
    rows, columns, channels = _maps(before, "ZeroPadding2D")
    (top, bottom), (left, right) = padding
    return replace(before, shape=(rows + top + bottom, columns + left + right, channels))


def _pooling(before, pool_size, strides, padding):
    rows, columns, channels = _maps(before, before.kind)
    size, seen = _slide(before, (rows, columns), pool_size, strides, padding, name="pool_size")
    return replace(before, shape=(*size, channels), **seen)


def _global(before):
    return replace(before, shape=_maps(before, before.kind)[2:], field=None, jump=None)


def _flatten(before):
    # Each number of a flattened map still sees what it saw; the next dense layer sees everything.
    return replace(before, shape=(math.prod(before.shape),))


def _dense(before, units, use_bias, **_):
    if len(before.shape) != 1:
        rows, columns, channels = before.shape
        raise LayerMisfit(
            before.number,
            f"Dense would act on the {channels} channels of each of the {rows} × {columns} places: "
            "put Flatten or GlobalAveragePooling2D before it",
        )
    weights = before.shape[0] * units
    return replace(
        before,
        shape=(units,),
        weights=weights,
        biases=units if use_bias else 0,
        multiply_adds=weights,
        field=None,
        jump=None,
    )


def _normalization(before):
    channels = before.shape[-1]  # a scale and a shift are trained, a mean and a variance are kept
    return replace(before, weights=channels, biases=channels, moving=2 * channels)


def _add(before, counted, shortcut):
    if shortcut >= before.number - 1:
        raise LayerMisfit(
            before.number,
            f"shortcut={shortcut} does not fit: use a number from 0 to {before.number - 2}",
        )
    other = counted[shortcut]
    if other.shape != before.shape:
        raise LayerMisfit(
            before.number,
            f"shapes differ: {_by(before.shape)} here, {_by(other.shape)} after layer {shortcut}; "
            "use the same filters and strides of 1 on the way",
        )
    if other.field is None or before.field is None:
        return replace(before, field=None, jump=None, shortcut=shortcut)
    field = tuple(map(max, zip(before.field, other.field, strict=True)))
    return replace(before, field=field, shortcut=shortcut)


def _by(shape):
    return " × ".join(map(str, shape))


def _unchanged(before, **_):
    return before


_RULES = {
    "Conv2D": _conv2d,
    "DepthwiseConv2D": _depthwise,
    "Conv2DTranspose": _transpose,
    "ZeroPadding2D": _zero_padding,
    "MaxPooling2D": _pooling,
    "AveragePooling2D": _pooling,
    "GlobalAveragePooling2D": _global,
    "BatchNormalization": _normalization,
    "Activation": _unchanged,
    "Dropout": _unchanged,
    "Flatten": _flatten,
    "Dense": _dense,
}
