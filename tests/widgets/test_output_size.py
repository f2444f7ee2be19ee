"""The Python side of OutputSize: its traits, what they refuse, and the sizes it tells."""

import json
import re

import numpy as np
import pytest
from traitlets import TraitError

from helpers.widgets import OutputSize
from helpers.widgets.written_layers import parse_layer


def static_state(widget):
    form = widget._repr_mimebundle_()[0]["text/html"]
    return json.loads(re.search(r'<script type="application/json">(.*?)</script>', form)[1])


def test_sizes_worked_by_hand():
    widget = OutputSize(input_size=5, kernel_size=3, padding=1, stride=2)
    assert widget.output_size == (3, 3)  # (5 + 2 − 3) / 2 + 1
    widget.dimensions = 1
    assert widget.output_size == 3
    widget.padding = [0, 2]  # (5 + 2 − 3) / 2 + 1
    assert widget.output_size == 3
    widget.padding = "full"  # (5 + 4 − 3) / 2 + 1
    assert widget.output_size == 4
    widget.padding = "valid"
    widget.dilation = 2  # the kernel spans 5
    assert widget.output_size == 1


def test_unequal_axes():
    widget = OutputSize(
        input_size=(7, 9), kernel_size=(2, 3), padding=((1, 0), (0, 2)), stride=(1, 2)
    )
    assert widget.output_size == (7, 5)  # (7 + 1 − 2) / 1 + 1 and (9 + 2 − 3) / 2 + 1
    assert static_state(widget)["padding"] == [[1, 0], [0, 2]]
    assert static_state(widget)["stride"] == [1, 2]


def test_numpy_arrays_and_integers_are_taken():
    widget = OutputSize(input_size=np.array([6, 7]), kernel_size=np.int64(3), padding=0, stride=1)
    assert widget.output_size == (4, 5)
    assert static_state(widget)["kernel_size"] == 3


def test_alexnets_sizes():
    chain = ["conv 11 s4", "pool 3 s2", "conv 5 p2", "pool 3 s2", "conv 3 p1", "pool 3 s2"]
    widget = OutputSize(view="chain", dimensions=1, chain_input=227, chain=chain)
    assert widget.chain_sizes == [227, 55, 27, 27, 13, 13, 6]


def test_a_chain_has_tensorflows_sizes():
    import tensorflow as tf

    layers = [(5, 2, "same"), (3, 1, "valid"), (2, 2, "valid"), (3, 2, "same")]
    image = np.zeros((1, 37, 50, 1), np.float32)
    sizes = [image.shape[1:3]]
    for kernel, stride, padding in layers:
        weights = np.zeros((kernel, kernel, 1, 1), np.float32)
        image = tf.nn.conv2d(image, weights, stride, padding.upper()).numpy()
        sizes.append(image.shape[1:3])
    chain = [f"conv {kernel} s{stride} {padding}" for kernel, stride, padding in layers]
    widget = OutputSize(view="chain", chain_input=[37, 50], chain=chain)
    assert widget.chain_sizes == sizes


@pytest.mark.parametrize(
    ("state", "words"),
    [
        ({"stride": 0}, "stride=0"),
        ({"dilation": -1}, "dilation=-1"),
        ({"kernel_size": True}, "kernel_size=True does not fit: use a number"),
        ({"kernel_size": 2.5}, "kernel_size=2.5 is not a whole number"),
        ({"padding": "smae"}, "smae"),
        ({"padding": [1, 2]}, "use one number, or [before, after] for rows and for columns"),
        ({"padding": [[1, 2], [3, -1]]}, "padding=(3, -1) is too small"),
        ({"kernel_size": 7, "padding": 0}, "rows: kernel_size=7 does not fit input_size=5"),
        ({"kernel_size": [3, 9], "padding": 1}, "columns: kernel_size=9 does not fit"),
        ({"input_size": [1, 2, 3]}, "use one number, or one for rows and one for columns"),
        ({"dimensions": 1, "input_size": [5, 5]}, "input_size=[5, 5] does not fit: use one number"),
        ({"dimensions": 3}, "dimensions"),
        ({"input_size": 4096}, "input_size=4096 is too large: use at most 1024"),
        ({"padding": 100}, "padding=100 is too large: use at most 64"),
        ({"view": "chain", "chain": []}, "chain has 0 layers: use 1 to 12"),
        ({"view": "chain", "chain": ["conv 3"] * 13}, "chain has 13 layers"),
        ({"view": "chain", "chain": ["dense 10"]}, "'dense 10' is no layer"),
        ({"view": "chain", "chain": ["conv 3 s0"]}, "layer 1, 'conv 3 s0': stride=0 is too small"),
        (
            {"view": "chain", "chain_input": 4, "chain": ["conv 3", "pool 3"]},
            "layer 2, 'pool 3': kernel_size=3 does not fit input_size=2",
        ),
        ({"view": "both"}, "view"),
        ({"step": -1}, "step"),
        ({"answer": "maybe"}, "answer"),
        ({"hide": ["bars"]}, "names no part of OutputSize: choose from view"),
    ],
)
def test_what_does_not_fit_is_refused(state, words):
    with pytest.raises(TraitError, match=re.escape(words)):
        OutputSize(**state)


def test_refused_changes_leave_the_state_alone():
    widget = OutputSize()
    with pytest.raises(TraitError):
        widget.kernel_size = 9
    assert widget.kernel_size == 3
    with widget.hold_trait_notifications():
        widget.kernel_size = 9
        widget.padding = 2
    assert widget.output_size == (1, 1)


def test_only_what_the_view_shows_has_to_fit():
    widget = OutputSize(view="chain", chain_input=8, chain=["conv 3"], input_size=2, padding=0)
    assert widget.chain_sizes == [(8, 8), (6, 6)]
    with pytest.raises(TraitError, match="does not fit input_size=2"):
        widget.view = "layer"


@pytest.mark.parametrize(
    ("text", "layer"),
    [
        ("conv 3", (3, 1, 0, 1)),
        ("pool 2 s2", (2, 2, 0, 1)),
        ("conv 5 s2 p1 d3", (5, 2, 1, 3)),
        ("  conv 3 same ", (3, 1, "same", 1)),
        ("conv 3 full s2", (3, 2, "full", 1)),
    ],
)
def test_layers_as_they_are_written(text, layer):
    assert tuple(parse_layer(text).values()) == layer


@pytest.mark.parametrize("text", ["", "conv", "conv3", "conv 3 x2", "dense 3", 3, None])
def test_what_is_no_layer(text):
    with pytest.raises(ValueError, match="is no layer: write"):
        parse_layer(text)
