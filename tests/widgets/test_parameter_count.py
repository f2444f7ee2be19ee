"""The Python side of ParameterCount: its counts, held to Keras, and what its traits refuse."""

import re

import numpy as np
import pytest
from traitlets import TraitError

from helpers.widgets import ParameterCount


def test_the_sources_numbers():
    counts = ParameterCount().counts
    assert counts["convolution"] == 3 * 3 * 3 * 32 == 864
    assert counts["dense"] == (28 * 28 * 3) * (28 * 28 * 32) == 59_006_976


def test_a_picture_whose_neurons_share_nine_weights():
    for size in (7, 100):
        widget = ParameterCount(input_size=size, in_channels=1, filters=1)
        assert widget.counts == {"dense": size**4, "local": 9 * size**2, "convolution": 9}


def test_two_kernels_over_three_channels():
    widget = ParameterCount(input_size=5, filters=2, padding=1, stride=2, bias=True)
    assert widget.output_shape == (3, 3, 2)
    assert widget.counts["convolution"] == 2 * (27 + 1)
    assert widget.counts["local"] == 9 * 2 * (27 + 1)
    assert widget.counts["dense"] == 18 * (75 + 1)


def test_counts_are_those_of_keras():
    import keras

    rng = np.random.default_rng(2)
    for _ in range(8):
        rows, cols = rng.integers(4, 8, 2).tolist()
        kernel = rng.integers(1, 4, 2).tolist()
        channels, filters, stride = (int(n) for n in rng.integers(1, 4, 3))
        padding, bias = str(rng.choice(["same", "valid"])), bool(rng.integers(2))
        widget = ParameterCount(
            input_size=[rows, cols], in_channels=channels, filters=filters, kernel_size=kernel,
            stride=stride, padding=padding, bias=bias,
        )  # fmt: skip
        conv = keras.layers.Conv2D(filters, kernel, stride, padding, use_bias=bias)
        output = conv(np.zeros((1, rows, cols, channels), np.float32))
        assert tuple(output.shape[1:]) == widget.output_shape
        assert conv.count_params() == widget.counts["convolution"]
        dense = keras.layers.Dense(int(np.prod(output.shape[1:])), use_bias=bias)
        dense.build((1, rows * cols * channels))
        assert dense.count_params() == widget.counts["dense"]
        # One convolution that is just one position wide, at each position.
        single = keras.layers.Conv2D(filters, kernel, use_bias=bias)
        single.build((1, *kernel, channels))
        positions = int(np.prod(output.shape[1:3]))
        assert positions * single.count_params() == widget.counts["local"]


@pytest.mark.parametrize(
    ("state", "words"),
    [
        ({"stride": 0}, "stride=0"),
        ({"in_channels": 0}, "in_channels"),
        ({"filters": 5000}, "filters=5000 is too large: use at most 512"),
        ({"input_size": 1000}, "input_size=1000 is too large: use at most 256"),
        ({"input_size": [5, 5, 3]}, "use one number, or rows and columns"),
        ({"kernel_size": 2.5}, "kernel_size=2.5 is not a whole number"),
        ({"kernel_size": 7, "input_size": 5, "padding": "valid"}, "kernel_size=7 does not fit"),
        ({"padding": "full"}, "padding='full' does not fit: use 'same', 'valid'"),
        ({"padding": [1, 1]}, "use 'same', 'valid' or a whole number"),
        ({"padding": True}, "padding=True does not fit"),
        ({"padding": -1}, "padding=-1 is too small"),
        ({"step": 7}, "step"),
        ({"answer": "maybe"}, "answer"),
        ({"hide": ["lens"]}, "names no part of ParameterCount"),
    ],
)
def test_what_does_not_fit_is_refused(state, words):
    with pytest.raises(TraitError, match=re.escape(words)):
        ParameterCount(**state)


def test_the_static_form_has_text_and_state():
    form = ParameterCount(kernel_size=(3, 5))._repr_mimebundle_()[0]["text/html"]
    assert '"kernel_size": [3, 5]' in form
    assert "864 weights in place of 59 006 976" in form
