"""Shapes, parameters, work and receptive fields, against Keras and against what gradients reach."""

import numpy as np
import pytest
from stacks import conv, random_stack

from helpers.architecture import PRESETS, LayerMisfit, count, preset, totals
from helpers.architecture.kinds import complete


@pytest.fixture(scope="module")
def keras():
    return pytest.importorskip("keras")


def built(keras, layers, input_shape):
    """Return the Keras model of a stack without shortcuts."""
    made = []
    for layer in layers:
        settings = complete(layer)
        made.append(getattr(keras.layers, settings.pop("kind"))(**settings))
    return keras.Sequential([keras.Input(input_shape), *made])


def test_random_stacks_are_as_keras_builds_them_or_refused_as_keras_refuses_them(keras):
    rng = np.random.default_rng(1)
    fits = 0
    for _ in range(90):
        layers, shape = random_stack(rng)
        try:
            counted = count(layers, shape)
        except LayerMisfit:
            with pytest.raises(Exception):  # noqa: B017, PT011  (Keras raises many kinds)
                built(keras, layers, shape)
            continue
        model = built(keras, layers, shape)
        fits += 1
        assert [layer.output.shape[1:] for layer in model.layers] == [c.shape for c in counted[1:]]
        assert [layer.count_params() for layer in model.layers] == [
            c.parameters for c in counted[1:]
        ]
        moving = sum(int(np.prod(w.shape)) for w in model.non_trainable_weights)
        assert moving == totals(counted)["moving"]
    assert fits > 35


def reached(layers, size):
    """Return how many rows of an image change the middle number of the output, by brute force."""
    sources = [{row} for row in range(size)]
    for layer in layers:
        settings = complete(layer)
        (k, _), (s, _) = settings.get("kernel_size", settings.get("pool_size")), settings["strides"]
        d = settings.get("dilation_rate", (1, 1))[0]
        n = (len(sources) - d * (k - 1) - 1) // s + 1
        sources = [set().union(*(sources[s * i + d * m] for m in range(k))) for i in range(n)]
    found = sources[len(sources) // 2]
    return max(found) - min(found) + 1


def test_receptive_fields_are_what_can_be_traced_back():
    rng = np.random.default_rng(2)
    for _ in range(60):
        layers = []
        for _ in range(rng.integers(1, 5)):
            if rng.integers(2):
                dilated = {"dilation_rate": int(rng.integers(2, 4))}
                stepped = {"strides": int(rng.integers(1, 3))}
                layers.append(
                    conv(1, int(rng.integers(1, 5)), **[dilated, stepped][rng.integers(2)])
                )
            else:
                layers.append({"kind": "MaxPooling2D", "pool_size": int(rng.integers(1, 4))})
        assert count(layers, (400, 400, 1))[-1].field[0] == reached(layers, 400)


def test_multiply_adds_are_the_products_that_a_loop_makes():
    layers = [
        conv(4, (2, 3), strides=2, groups=2),
        {"kind": "Flatten"},
        {"kind": "Dense", "units": 5},
    ]
    _, convolved, flat, dense = count(layers, (7, 9, 6))
    rows, columns, filters = convolved.shape
    products = sum(
        1
        for _ in range(rows * columns)
        for _ in range(filters)
        for _ in range(2 * 3)
        for _ in range(6 // 2)
    )
    assert (convolved.multiply_adds, dense.multiply_adds) == (products, flat.size * 5)


@pytest.mark.parametrize(
    ("name", "parameters"),
    [
        ("alexnet", 62_378_344), ("alexnet_two_gpus", 60_965_224), ("vgg16", 138_357_544),
        ("lenet5", 61_706), ("small_cnn", 225_034), ("eight_layer", 7_293_578), ("ours", 1_898),
    ],
)  # fmt: skip
def test_published_counts(name, parameters):
    assert totals(count(*preset(name)))["parameters"] == parameters


def test_alexnet_layer_by_layer():
    counted = count(*preset("alexnet"))
    shapes = [layer.shape for layer in counted if len(layer.shape) == 3]
    assert shapes == [
        (227, 227, 3), (55, 55, 96), (27, 27, 96), (27, 27, 256), (13, 13, 256), (13, 13, 384),
        (13, 13, 384), (13, 13, 256), (6, 6, 256),
    ]  # fmt: skip
    assert totals(counted)["weights"] == 62_367_776
    assert counted[8].field == (195, 195)


def test_a_shortcut_adds_nothing_and_keeps_the_wider_field():
    layers, shape = preset("resnet18_start")
    counted = count(layers, shape)
    added = [layer for layer in counted if layer.kind == "Add"]
    assert [layer.parameters for layer in added] == [0, 0]
    assert [layer.field for layer in added] == [(27, 27), (43, 43)]


@pytest.mark.parametrize(
    ("layers", "number", "told"),
    [
        ([conv(8, 7)], 1, "kernel_size=7 does not fit 5 × 5: use at most 5"),
        ([conv(8, 3), {"kind": "MaxPooling2D", "pool_size": 4}], 2, "pool_size=4 does not fit"),
        ([conv(8, 3, dilation_rate=3)], 1, "reaches over 7 cells and does not fit 5 × 5"),
        ([{"kind": "Dense", "units": 3}], 1, "put Flatten or GlobalAveragePooling2D before it"),
        ([{"kind": "Flatten"}, conv(8, 3)], 2, "put it before Flatten"),
        ([conv(8, 3, groups=3)], 1, "groups=3 does not divide the 2 channels"),
        ([conv(8, 3, strides=2, dilation_rate=2)], 1, "no strides together with dilation_rate"),
        ([conv(2, 3), {"kind": "Add", "shortcut": 0}], 2, "3 × 3 × 2 here, 5 × 5 × 2 after"),
        ([{"kind": "Add", "shortcut": 0}], 1, "shortcut=0 does not fit"),
    ],
)  # fmt: skip
def test_what_does_not_fit_says_what_would(layers, number, told):
    with pytest.raises(LayerMisfit, match=rf"^layer {number}: ") as problem:
        count(layers, (5, 5, 2))
    assert told in str(problem.value)
    assert problem.value.number == number


@pytest.mark.parametrize(
    ("layer", "told"),
    [
        ({"kind": "Conv3D"}, "kind='Conv3D' is unknown"),
        ({"kind": ["Conv2D"]}, "is unknown"),
        ("Conv2D", "use a dict"),
        ({"kind": "Conv2D", "filters": 3}, "needs kernel_size"),
        (conv(0, 3), "filters=0 does not fit"),
        (conv(True, 3), "filters=True does not fit"),
        (conv(8, 3.5), "kernel_size=3.5 does not fit"),
        (conv(8, (3, 3, 3)), "or a pair for rows and columns"),
        (conv(8, 3, padding=1), "padding=1 is unknown"),
        (conv(8, 3, activation="gelu"), "activation='gelu' is unknown"),
        (conv(8, 3, colour="red"), "has no setting 'colour'"),
        ({"kind": "Dropout", "rate": 1}, "rate=1 does not fit"),
        ({"kind": "ZeroPadding2D", "padding": (1, 2, 3)}, "((top, bottom), (left, right))"),
        (conv(10**9, 3), "whole number from 1 to 100000"),
    ],
)
def test_bad_settings_are_named(layer, told):
    with pytest.raises((TypeError, ValueError)) as problem:
        count([layer], (9, 9, 3))
    assert told in str(problem.value)


@pytest.mark.parametrize("shape", [(9, 9), (0, 9, 3), (9, 9, 3.0), (10**6, 9, 3)])
def test_bad_inputs_are_named(shape):
    with pytest.raises(ValueError, match="input_shape"):
        count([], shape)


def test_presets_are_copies():
    layers, _ = preset("alexnet")
    layers[0]["filters"] = 1
    assert PRESETS["alexnet"]["layers"][0]["filters"] == 96
    with pytest.raises(ValueError, match="name='alex' is unknown: use one of ours, "):
        preset("alex")
