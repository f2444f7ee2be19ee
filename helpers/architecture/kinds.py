"""The kinds of layers that the calculator knows, their settings, and what these default to.

Names and defaults are Keras's, so that a description reads as the code does.
"""

ACTIVATIONS = ("linear", "relu", "sigmoid", "tanh", "softmax")
PADDINGS = ("valid", "same")

#: {kind: {setting: default}}; None means that it has to be given. A pair counts rows and columns.
KINDS = {
    "Conv2D": {
        "filters": None,
        "kernel_size": None,
        "strides": (1, 1),
        "padding": "valid",
        "dilation_rate": (1, 1),
        "groups": 1,
        "activation": "linear",
        "use_bias": True,
    },
    "DepthwiseConv2D": {
        "kernel_size": None,
        "strides": (1, 1),
        "padding": "valid",
        "depth_multiplier": 1,
        "activation": "linear",
        "use_bias": True,
    },
    "Conv2DTranspose": {
        "filters": None,
        "kernel_size": None,
        "strides": (1, 1),
        "padding": "valid",
        "activation": "linear",
        "use_bias": True,
    },
    "ZeroPadding2D": {"padding": (1, 1)},
    "MaxPooling2D": {"pool_size": (2, 2), "strides": None, "padding": "valid"},
    "AveragePooling2D": {"pool_size": (2, 2), "strides": None, "padding": "valid"},
    "GlobalAveragePooling2D": {},
    "BatchNormalization": {},
    "Activation": {"activation": None},
    "Add": {"shortcut": None},  # the number of the layer whose output is added, 0 for the input
    "Dropout": {"rate": None},
    "Flatten": {},
    "Dense": {"units": None, "activation": "linear", "use_bias": True},
}

#: What Keras wants in order before names: Conv2D(32, 3) is filters, then kernel_size.
POSITIONAL = {
    "Conv2D": ("filters", "kernel_size", "strides", "padding"),
    "DepthwiseConv2D": ("kernel_size", "strides", "padding", "depth_multiplier"),
    "Conv2DTranspose": ("filters", "kernel_size", "strides", "padding"),
    "ZeroPadding2D": ("padding",),
    "MaxPooling2D": ("pool_size", "strides", "padding"),
    "AveragePooling2D": ("pool_size", "strides", "padding"),
    "Activation": ("activation",),
    "Dropout": ("rate",),
    "Dense": ("units", "activation", "use_bias"),
}

PAIRS = ("kernel_size", "strides", "dilation_rate", "pool_size")
COUNTS = ("filters", "units", "groups", "depth_multiplier")
#: Sizes beyond this are a slip of the keyboard, and would fill a page with digits.
LARGEST = 100_000


def complete(layer, where="layer"):
    """Return a layer with every setting written out, pairs as pairs.

    Parameters
    ----------
    layer : dict
        ``{"kind": "Conv2D", "filters": 32, "kernel_size": 3}``.
    where : str
        What an error calls it.

    Raises
    ------
    TypeError, ValueError
        If the kind or a setting is unknown, missing, or out of range.

    Examples
    --------
    >>> complete({"kind": "MaxPooling2D"})
    {'kind': 'MaxPooling2D', 'pool_size': (2, 2), 'strides': (2, 2), 'padding': 'valid'}
    """
    if not isinstance(layer, dict) or "kind" not in layer:
        raise TypeError(f"{where} is {layer!r}: use a dict such as {{'kind': 'Flatten'}}")
    kind = layer["kind"]
    if not isinstance(kind, str) or kind not in KINDS:
        raise ValueError(f"{where}: kind={kind!r} is unknown: use one of {', '.join(KINDS)}")
    given = {name: value for name, value in layer.items() if name != "kind"}
    if unknown := sorted(set(map(str, given)) - set(KINDS[kind])):
        known = ", ".join(KINDS[kind]) or "none"
        raise ValueError(f"{where} ({kind}) has no setting {unknown[0]!r}: it has {known}")
    settings = KINDS[kind] | {name: value for name, value in given.items() if value is not None}
    if "pool_size" in settings and settings["strides"] is None:
        settings["strides"] = settings["pool_size"]
    for name, value in settings.items():
        if value is None:
            raise ValueError(f"{where} ({kind}) needs {name}")
        settings[name] = _checked(kind, name, value, f"{where} ({kind})")
    return {"kind": kind, **settings}


def _checked(kind, name, value, where):
    if name == "padding" and kind == "ZeroPadding2D":
        return _sides(value, where)
    if name in PAIRS:
        pair = (value, value) if _is_count(value) else value
        if not isinstance(pair, list | tuple) or len(pair) != 2 or not all(map(_is_count, pair)):
            raise ValueError(
                f"{where}: {name}={value!r} does not fit: use a whole number from 1 to {LARGEST}, "
                "or a pair for rows and columns"
            )
        return tuple(pair)
    if name in COUNTS and not _is_count(value):
        raise ValueError(
            f"{where}: {name}={value!r} does not fit: use a whole number from 1 to {LARGEST}"
        )
    allowed = {"activation": ACTIVATIONS, "padding": PADDINGS, "use_bias": (True, False)}
    if name in allowed and (isinstance(value, list | dict) or value not in allowed[name]):
        raise ValueError(f"{where}: {name}={value!r} is unknown: use one of {allowed[name]}")
    if name == "rate" and not (_is_number(value) and 0 <= value < 1):
        raise ValueError(f"{where}: rate={value!r} does not fit: use a number from 0, below 1")
    if name == "shortcut" and not (type(value) is int and value >= 0):
        raise ValueError(
            f"{where}: shortcut={value!r} does not fit: use the number of an earlier layer, "
            "or 0 for the input"
        )
    return bool(value) if name == "use_bias" else value


def _sides(value, where):
    """Return ((top, bottom), (left, right)) from what Keras takes."""
    sides = value
    if _is_size(value):
        sides = ((value, value), (value, value))
    elif isinstance(value, list | tuple) and len(value) == 2:
        sides = tuple((side, side) if _is_size(side) else side for side in value)
    if (
        isinstance(sides, tuple)
        and len(sides) == 2
        and all(
            isinstance(side, list | tuple) and len(side) == 2 and all(map(_is_size, side))
            for side in sides
        )
    ):
        return tuple(tuple(side) for side in sides)
    raise ValueError(
        f"{where}: padding={value!r} does not fit: use a whole number from 0, (rows, columns), or "
        "((top, bottom), (left, right))"
    )


def _is_size(value):
    return type(value) is int and 0 <= value <= LARGEST


def _is_count(value):
    return _is_size(value) and value >= 1


def _is_number(value):
    return isinstance(value, int | float) and not isinstance(value, bool)
