"""Diagnoses of convolution layers, given by functions that make the mistakes."""

import numpy as np
import pytest

import helpers.convolution as book
from helpers import checks
from helpers.checks.channels import conv_layer_exercise
from helpers.checks.diagnosis import diagnose

LAYER = conv_layer_exercise()
LAYER_OPTIONS = conv_layer_exercise(("stride", "padding"))


def by_lists(image, kernel):
    rows, cols = kernel.shape
    return [
        [
            sum((image[r : r + rows, c : c + cols] * kernel).ravel())
            for c in range(image.shape[1] - cols + 1)
        ]
        for r in range(image.shape[0] - rows + 1)
    ]


def layer_by_loops(image, weights, bias, stride=1, padding=0):
    image = np.pad(image, ((padding, padding), (padding, padding), (0, 0)))
    rows, cols, _, kernels = weights.shape
    height = (image.shape[0] - rows) // stride + 1
    width = (image.shape[1] - cols) // stride + 1
    output = np.zeros((height, width, kernels))
    for r in range(height):
        for c in range(width):
            top, left = r * stride, c * stride
            window = image[top : top + rows, left : left + cols, :]
            for f in range(kernels):
                output[r, c, f] = np.sum(window * weights[:, :, :, f]) + bias[f]
    return output


def layer_of_the_book(image, weights, bias, stride=1, padding=0):
    return book.conv_layer(image[None], weights, bias, stride=stride, padding=padding)[0]


def only_one_channel(image, weights, bias):
    return layer_by_loops(image[:, :, :1], weights[:, :, :1], bias)


def assigns_each_channel(image, weights, bias):
    return layer_by_loops(image[:, :, -1:], weights[:, :, -1:], bias)


def channels_kept_apart(image, weights, bias):
    windows = np.lib.stride_tricks.sliding_window_view(image, weights.shape[:2], axis=(0, 1))
    return np.einsum("rckij,ijkf->rckf", windows, weights) + bias


def kernels_first(image, weights, bias):
    """Take kernel number f from the first axis, as PyTorch has it: (C_out, K_h, K_w, C_in)."""
    kernels, rows, cols = weights.shape[:3]
    height, width = image.shape[0] - rows + 1, image.shape[1] - cols + 1
    output = np.zeros((height, width, kernels))
    for r, c, f in np.ndindex(*output.shape):
        output[r, c, f] = np.sum(image[r : r + rows, c : c + cols] * weights[f]) + bias[f]
    return output


def reshaped(image, weights, bias):
    kernels = weights.reshape(weights.shape[3], *weights.shape[:3])
    return layer_by_loops(image, np.moveaxis(kernels, 0, -1), bias)


def channels_swapped(image, weights, bias):
    return layer_by_loops(image, weights.swapaxes(2, 3), bias)


def bias_in_the_inner_loop(image, weights, bias):
    rows, cols, channels, _ = weights.shape
    return layer_by_loops(image, weights, bias * rows * cols * channels)


def rounds_up(image, weights, bias, stride, padding):
    right = layer_by_loops(image, weights, bias, stride, padding)
    rooms = np.array(image.shape[:2]) + 2 * padding - weights.shape[:2]
    output = np.zeros((*(-(-rooms // stride) + 1), len(bias)))
    output[: right.shape[0], : right.shape[1]] = right
    return output


def pads(before, after):
    def layer(image, weights, bias, stride, padding):
        ghosts = (before * padding, after * padding)
        return layer_by_loops(np.pad(image, (ghosts, ghosts, (0, 0))), weights, bias, stride)

    return layer


@pytest.mark.parametrize(
    ("exercise", "function"),
    [
        (LAYER, layer_by_loops),
        (LAYER, layer_of_the_book),
        (LAYER_OPTIONS, layer_by_loops),
        (LAYER_OPTIONS, layer_of_the_book),
    ],
)
def test_right_answers_pass(exercise, function):
    feedback = diagnose(function, exercise)
    number = len(exercise.cases)
    assert feedback.message.startswith(f"✓ {number} of {number} cases agree with ")
    assert feedback.passed
    lists = function is by_lists
    assert feedback.message.endswith("would let you calculate with it.") == lists


@pytest.mark.parametrize(
    ("exercise", "function", "told"),
    [
        (LAYER, lambda x, w, b: layer_by_loops(x, w, 0 * b), "The bias is left out: add bias[f]"),
        (LAYER, lambda x, w, b: layer_by_loops(x, w, -b), "The bias is subtracted: add it."),
        (
            LAYER,
            lambda x, w, b: layer_by_loops(x, w, b * x.shape[2]),
            "The bias is added once for each input channel: add it once",
        ),
        (LAYER, bias_in_the_inner_loop, "The bias is added to each product: add it once"),
        (
            LAYER,
            lambda x, w, b: layer_by_loops(x, w, 0 * b + b[0]),
            "Every output channel gets the first bias",
        ),
        (
            LAYER,
            lambda x, w, b: layer_by_loops(x, w[::-1, ::-1], b),
            "The kernels are turned by 180°. A convolution layer slides its kernels as they are.",
        ),
        (
            LAYER,
            lambda x, w, b: layer_by_loops(x, np.flip(w, (0, 1, 2)), b),
            "The kernels are turned by 180°, and their channels reversed as well.",
        ),
        (LAYER, lambda x, w, b: layer_by_loops(x, w[::-1], b), "The kernels are flipped up and do"),
        (LAYER, lambda x, w, b: layer_by_loops(x, w[:, ::-1], b), "flipped left and right."),
        (
            LAYER,
            lambda x, w, b: layer_by_loops(x[:, :, ::-1], w, b),
            "The channels of the kernels are in reverse order",
        ),
        (
            LAYER,
            channels_kept_apart,
            "The input channels are kept apart. Each output is one number",
        ),
        (
            LAYER,
            lambda x, w, b: channels_kept_apart(x, w, 0 * b),
            "The input channels are kept apart. Each output is one number: add up the products of "
            "all input channels, then add the bias.",
        ),
        (LAYER, only_one_channel, "Only the first input channel counts."),
        (LAYER, assigns_each_channel, "Only the last input channel is left."),
        (
            LAYER,
            lambda x, w, b: layer_by_loops(x, w / x.shape[2], b),
            "The mean of the input channels is taken.",
        ),
        (
            LAYER,
            lambda x, w, b: layer_by_loops(x, w[..., :1] + 0 * w, b),
            "Every output channel shows the first kernel",
        ),
        (
            LAYER,
            lambda x, w, b: layer_by_loops(x, w[..., :1], b[:1]),
            "Only the first output channel is there: every kernel gives one.",
        ),
        (
            LAYER,
            lambda x, w, b: layer_by_loops(x, w[..., :1], b[:1])[..., 0],
            "Only the first output channel is there, without its axis",
        ),
        (
            LAYER,
            lambda x, w, b: layer_by_loops(x, w, b).sum(axis=-1),
            "The output channels are added up: every kernel gives a channel of its own.",
        ),
        (
            LAYER,
            lambda x, w, b: np.moveaxis(layer_by_loops(x, w, b), -1, 0),
            "The output channels come first: here they come last",
        ),
        (
            LAYER,
            lambda x, w, b: layer_by_loops(x, w, b).transpose(1, 0, 2),
            "Rows and columns of the output are swapped",
        ),
        (
            LAYER,
            lambda x, w, b: np.maximum(layer_by_loops(x, w, b), 0),
            "Negative outputs are cut off: that is the activation",
        ),
        (LAYER, kernels_first, "The kernels are taken from the wrong axis: kernel number f is wei"),
        (LAYER, reshaped, "The weights are reshaped to have the kernels first. That moves no axi"),
        (LAYER, channels_swapped, "The channels of the kernels are swapped with the kernels: the"),
        (
            LAYER_OPTIONS,
            lambda x, w, b, stride, padding: layer_by_loops(x, w, b, 1, padding),
            "The stride is left out.",
        ),
        (
            LAYER_OPTIONS,
            lambda x, w, b, stride, padding: layer_by_loops(x, w, b, 1, padding)[::stride],
            "The stride is used for the rows only.",
        ),
        (LAYER_OPTIONS, rounds_up, "The size of the output is rounded up: its last row or column"),
        (LAYER_OPTIONS, pads(0, 0), "The padding is left out."),
        (LAYER_OPTIONS, pads(1, 0), "The padding is missing at the end: it goes on each side."),
        (LAYER_OPTIONS, pads(0, 1), "The padding is missing at the start: it goes on each side."),
        (LAYER_OPTIONS, pads(0, 2), "The padding is all at the end: it goes on each side."),
        (LAYER_OPTIONS, pads(2, 0), "The padding is all at the start: it goes on each side."),
        (
            LAYER,
            lambda x, w, b: layer_by_loops(x, w, b) + (x.shape[2] > 1),
            "Right only for a single input channel.",
        ),
        (
            LAYER,
            lambda x, w, b: layer_by_loops(x, w, b) + (len(b) > 1),
            "Right only for a single kernel.",
        ),
        (
            LAYER,
            lambda x, w, b: layer_by_loops(x, w, b) + (w.shape[0] != w.shape[1]),
            "Right only for square kernels",
        ),
        (LAYER, lambda x, w: x, "cannot be called as f(image, weights, bias): too many positional"),
        (LAYER, lambda x, w, b: x[0], "an array of shape (1, 1); asked for is shape (1, 1, 1)."),
    ],
)
def test_wrong_layers_are_named(exercise, function, told):
    feedback = diagnose(function, exercise)
    assert not feedback.passed
    assert told in feedback.message


@pytest.mark.parametrize(
    ("check", "options", "right", "wrong"),
    [
        (checks.conv_layer, {}, layer_by_loops, only_one_channel),
        (checks.conv_layer, {"options": ["stride"]}, layer_by_loops, only_one_channel),
    ],
)
def test_checks_print_one_message_and_return_nothing(capsys, check, options, right, wrong):
    assert check(right, **options) is None
    assert capsys.readouterr().out.startswith("✓ ")
    assert check(wrong, **options) is None
    told = capsys.readouterr().out
    assert told.startswith("✗ ")
    assert max(map(len, told.splitlines())) <= 110


@pytest.mark.parametrize(
    ("function", "options", "told"),
    [
        (lambda image, weights, bias: None, None, "did you forget `return`?"),
        (layer_by_loops, None, "channel by channel (with stride, padding)."),
        (
            only_one_channel,
            None,
            "cases agree with scipy.signal.correlate, channel by channel.",
        ),
        (only_one_channel, ["stride"], "cannot be called as f(image, weights, bias, stride="),
    ],
)
def test_layers_are_checked_with_the_options_that_the_function_takes(
    capsys, function, options, told
):
    checks.conv_layer(function, options=options)
    assert told in " ".join(capsys.readouterr().out.split())


def test_arrays_of_many_axes_are_shown_with_their_shape():
    message = diagnose(only_one_channel, LAYER).message
    lines = dict(line.strip().split(" = ", 1) for line in message.splitlines()[1:-1] if line)
    shown = {name.strip(): text for name, text in lines.items()}
    assert shown["weights"].endswith(", of shape (1, 1, 2, 1)")
    assert shown["bias"].startswith("[")
