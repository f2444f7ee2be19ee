"""Convolve2D and ConvVolume from Python: what they compute, and what they refuse."""

import json

import numpy as np
import pytest
import traitlets
from scipy import ndimage, signal

from helpers.widgets import Convolve2D, ConvVolume
from helpers.widgets.conv_volume import draw_layer

IMAGE = [[3, 1, 4, 1], [5, 9, 2, 6], [5, 3, 5, 8]]
KERNEL = [[2, -7, 1], [8, -2, 8]]


@pytest.mark.parametrize("padding", ["full", "same", "valid"])
def test_convolve2d_agrees_with_scipy(padding):
    widget = Convolve2D(image=IMAGE, kernel=KERNEL, padding=padding)
    np.testing.assert_array_equal(widget.output, signal.convolve2d(IMAGE, KERNEL, padding))


@pytest.mark.parametrize(
    ("mode", "name"),
    [("reflect", "mirror"), ("symmetric", "reflect"), ("edge", "nearest"), ("wrap", "wrap")],
)
def test_convolve2d_fills_its_ghosts_by_the_mode(mode, name):
    kernel = np.arange(9).reshape(3, 3)
    widget = Convolve2D(image=IMAGE, kernel=kernel, mode=mode)
    np.testing.assert_array_equal(
        widget.output, ndimage.convolve(np.array(IMAGE), kernel, mode=name)
    )


def test_convolve2d_follows_its_traits():
    widget = Convolve2D(image=np.array(IMAGE), kernel=KERNEL)
    widget.flip = False
    widget.padding = "valid"
    np.testing.assert_array_equal(widget.output, signal.correlate2d(IMAGE, KERNEL, "valid"))
    widget.padding = ((1, 0), (0, 2))
    assert widget.padding == [[1, 0], [0, 2]]
    padded = np.pad(IMAGE, ((1, 0), (0, 2)))
    np.testing.assert_array_equal(widget.output, signal.correlate2d(padded, KERNEL, "valid"))
    widget.stride = np.array([1, 2])
    assert widget.stride == [1, 2]
    expected = signal.correlate2d(padded, KERNEL, "valid")[:, ::2]
    np.testing.assert_array_equal(widget.output, expected)
    widget.dilation = [2, 1]
    spread = np.zeros((3, 3))
    spread[::2] = KERNEL
    expected = signal.correlate2d(padded, spread, "valid")[:, ::2]
    np.testing.assert_array_equal(widget.output, expected)


@pytest.mark.parametrize(
    ("state", "message"),
    [
        ({"image": [[1, 2], [3]]}, r"image=\[\[1, 2\], \[3\]\] is ragged"),
        ({"image": [1, 2, 3]}, "use nested lists or an array with 2 axes"),
        ({"image": [[[1]]]}, "image must hold numbers, not"),
        ({"image": []}, r"image=\[\] is empty"),
        ({"image": [[]]}, "is empty: give it at least one number"),
        ({"image": np.ones((10, 3))}, r"image of shape \(10, 3\) is too large: use at most 9 × 9"),
        ({"kernel": np.ones((6, 1))}, r"kernel of shape \(6, 1\) is too large: use at most 5 × 5"),
        ({"kernel": [["a"]]}, "kernel must hold numbers, not 'a'"),
        ({"kernel": [[True]]}, "kernel must hold numbers, not True"),
        ({"kernel": [[float("nan")]]}, "kernel must hold finite numbers, not nan"),
        ({"kernel": 3}, "kernel=3 does not fit: use nested lists"),
        ({"image": [[1]], "padding": "valid"}, "kernel_size=3 does not fit input_size=1"),
        ({"stride": 0}, "stride=0 is too small"),
        ({"stride": [1, 2, 3]}, "use one number, or one for each of the 2 axes"),
        ({"dilation": 1.5}, "dilation=1.5 is not a whole number"),
        ({"padding": "sme"}, "padding='sme' is unknown"),
        ({"padding": [1, 2]}, r"a \(before, after\) for each of the 2 axes"),
        ({"mode": "mirror"}, "mode='mirror' is unknown"),
        ({"answer": "maybe"}, "answer"),
        ({"hide": ["swap"]}, "names no part of Convolve2D"),
    ],
)
def test_convolve2d_refuses_what_does_not_fit(state, message):
    with pytest.raises(traitlets.TraitError, match=message):
        Convolve2D(**state)


def test_a_refused_value_leaves_the_widget_as_it_was():
    widget = Convolve2D(image=IMAGE)
    with pytest.raises(traitlets.TraitError):
        widget.image = [[1, 2], [3]]
    assert widget.image == IMAGE


@pytest.mark.parametrize("widget", [Convolve2D(), ConvVolume()], ids=lambda w: type(w).__name__)
def test_the_state_is_plain_json(widget):
    assert json.loads(json.dumps(widget.state())) == widget.state()
    assert f'data-widget="{type(widget).__name__}"' in widget._static_form()


def by_hand(widget):
    """Return what a layer computes, cell by cell, as it is defined."""
    image, weights = np.array(widget.image), np.array(widget.weights)
    rows, cols, _, kernels = weights.shape
    p, s = widget.padding, widget.stride
    padded = np.pad(image, ((p, p), (p, p), (0, 0)))
    output = np.zeros(
        [(n - k) // s + 1 for n, k in zip(padded.shape[:2], (rows, cols), strict=True)] + [kernels]
    )
    for row, col, k in np.ndindex(*output.shape):
        window = padded[s * row : s * row + rows, s * col : s * col + cols]
        output[row, col, k] = (window * weights[..., k]).sum() + widget.bias[k]
    return output


@pytest.mark.parametrize(
    "widget",
    [
        ConvVolume(),
        ConvVolume.drawn(3, height=6, width=4, channels=2, kernels=4, stride=1, padding=0),
        ConvVolume.drawn(5, channels=1, kernels=1, kernel_size=2, stride=3, padding=2),
        ConvVolume(image=np.ones((2, 3, 1)), weights=np.ones((1, 3, 1, 1)), bias=[5]),
    ],
    ids=["first", "four kernels", "one channel", "not square"],
)
def test_conv_volume_computes_a_layer(widget):
    np.testing.assert_array_equal(widget.output, by_hand(widget))


def test_conv_volume_is_the_example_of_the_chapter():
    assert np.shape(ConvVolume().image) == (5, 5, 3)
    assert ConvVolume().output.shape == (3, 3, 2)


def test_a_layer_of_another_depth_is_set_at_once():
    widget = ConvVolume()
    with pytest.raises(traitlets.TraitError, match="image with 1 channels: set both at once"):
        widget.image = np.ones((5, 5, 1))
    with widget.hold_trait_notifications():
        widget.image = np.ones((5, 5, 1))
        widget.weights = np.ones((3, 3, 1, 2))
    assert widget.output.max() == 9 + max(widget.bias)


@pytest.mark.parametrize(
    ("state", "message"),
    [
        ({"image": np.ones((8, 5, 3))}, r"too large: use at most 7 × 7 × 4"),
        (
            {"weights": np.ones((3, 3, 3, 5)), "bias": [0] * 5},
            "too large: use at most 3 × 3 × 4 × 4",
        ),
        ({"weights": np.ones((3, 3, 2, 2))}, "do not fit an image with 3 channels"),
        ({"bias": [1, 2, 3]}, r"bias=\[1, 2, 3\] does not fit 2 kernels"),
        ({"bias": [1, "x"]}, "must hold numbers"),
        ({"stride": 4}, "stride"),
        ({"padding": -1}, "padding"),
        ({"image": np.ones((2, 5, 3)), "padding": 0}, "kernel_size=3 does not fit input_size=2"),
        ({"image": [[1, 2]]}, "does not fit: use nested lists or an array with 3 axes"),
    ],
)
def test_conv_volume_refuses_what_does_not_fit(state, message):
    with pytest.raises(traitlets.TraitError, match=message):
        ConvVolume(**state)


def test_drawn_numbers_are_small_and_repeatable():
    first, again = draw_layer(7, channels=4), draw_layer(7, channels=4)
    assert first["image"].shape == (5, 5, 4)
    assert set(first["image"].ravel()) == {0, 1, 2}
    assert set(first["weights"].ravel()) == {-2, -1, 0, 1, 2}
    for name, array in first.items():
        np.testing.assert_array_equal(array, again[name])
    assert (draw_layer(8, channels=4)["image"] != first["image"]).any()
