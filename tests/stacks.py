"""Stacks of layers and Keras code to try the calculator with, in both languages."""


def conv(filters, kernel_size, **settings):
    return {"kind": "Conv2D", "filters": filters, "kernel_size": kernel_size, **settings}


def random_stack(rng):
    """Return layers that may or may not fit, and an input shape."""

    def pair(low, high):
        return tuple(int(n) for n in rng.integers(low, high, 2))

    def one():
        kind = rng.choice(
            ["Conv2D", "Conv2D", "DepthwiseConv2D", "Conv2DTranspose", "MaxPooling2D",
             "AveragePooling2D", "ZeroPadding2D", "BatchNormalization"]
        )  # fmt: skip
        padding = str(rng.choice(["valid", "same"]))
        bias = bool(rng.integers(2))
        if kind == "Conv2D":
            dilated = bool(rng.integers(2))
            groups = int(rng.choice([1, 2]))
            steps = {"dilation_rate": pair(1, 3)} if dilated else {"strides": pair(1, 4)}
            return conv(
                int(rng.integers(1, 4)) * groups, pair(1, 6), padding=padding, groups=groups,
                use_bias=bias, **steps,
            )  # fmt: skip
        if kind == "DepthwiseConv2D":
            return {
                "kind": kind, "kernel_size": pair(1, 4), "strides": int(rng.integers(1, 3)),
                "padding": padding, "depth_multiplier": int(rng.integers(1, 3)), "use_bias": bias,
            }  # fmt: skip
        if kind == "Conv2DTranspose":
            return {
                "kind": kind, "filters": 3, "kernel_size": pair(1, 5), "strides": pair(1, 4),
                "padding": padding, "use_bias": bias,
            }  # fmt: skip
        if "Pooling" in kind:
            return {"kind": str(kind), "pool_size": pair(1, 4), "strides": pair(1, 4),
                    "padding": padding}  # fmt: skip
        if kind == "ZeroPadding2D":
            return {"kind": "ZeroPadding2D", "padding": (pair(0, 3), pair(0, 3))}
        return {"kind": "BatchNormalization"}

    layers = [one() for _ in range(rng.integers(1, 5))]
    end = rng.integers(3)
    if end:
        layers += [
            {"kind": "Flatten"} if end == 1 else {"kind": "GlobalAveragePooling2D"},
            {"kind": "Dense", "units": int(rng.integers(1, 9))},
        ]
    return layers, (*pair(4, 20), int(rng.integers(1, 5)))


#: Code that no reader here takes, and what Python says of it.
CANNOT_READ = [
    ("model = Sequential([", "line 1: this is not Python"),
    ("Sequential([Input((8, 8, 1)), LSTM(3)])", "the layer LSTM is not known"),
    ("Sequential([Input((8, 8, 1)), Conv2D(2**3, 3)])", "filters is computed"),
    ("Sequential([Input((8, 8, 1)), Conv2D(n, 3)])", "filters is computed"),
    ("Sequential([Input((8, 8, 1)), Conv2D(8, 3, rate=2)])", "Conv2D's rate is not known"),
    ("Sequential([Input((8, 8, 1)), Conv2D(8, 3, 1, 'same', 5)])", "fewer arguments in order"),
    ("Sequential([Input((8, 8, 1)), Conv2D(0, 3)])", "filters=0 does not fit"),
    ("Sequential([Conv2D(8, 3)])", "the input is missing"),
    ("Sequential([Input((8, 8))])", "(rows, columns, channels)"),
    ("x = 3", "no layer was found"),
    ("for n in range(3):\n    pass", "line 1: 'for n in range(3):"),
    ("__import__('os').system('true')", "cannot be read"),
    ("open('x', 'w')", "cannot be read"),
    (
        "x = Input((8, 8, 1))\ny = Flatten()(x)\nz = Dense(3)(x)",
        "branches other than a shortcut",
    ),
    ("Sequential([Input((8, 8, 1)), Conv2D(8, 9)])", "kernel_size=9 does not fit 8 × 8"),
    ("(" * 5000 + ")" * 5000, "cannot be read"),
    ("\0", "cannot be read"),
]
