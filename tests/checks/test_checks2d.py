"""Diagnoses along two axes, of layers and of counts, given by functions that make the mistakes."""

import numpy as np
import pytest
from scipy import signal as scipy_signal

import helpers.convolution as book
from helpers import checks
from helpers.checks.channels import conv_layer_exercise
from helpers.checks.convolution2d import sliding2d_exercise
from helpers.checks.diagnosis import diagnose
from helpers.checks.sizes import output_size_exercise, parameter_count_exercise

CONVOLVE = sliding2d_exercise(flips=True, padding="full")
CONVOLVE_SAME = sliding2d_exercise(flips=True, padding="same")
CONVOLVE_VALID = sliding2d_exercise(flips=True, padding="valid")
CORRELATE = sliding2d_exercise(flips=False, padding="valid")
CORRELATE_SAME = sliding2d_exercise(flips=False, padding="same")
CORRELATE_FULL = sliding2d_exercise(flips=False, padding="full")
SLIDING = [CONVOLVE, CONVOLVE_SAME, CONVOLVE_VALID, CORRELATE, CORRELATE_SAME, CORRELATE_FULL]
LAYER = conv_layer_exercise()
LAYER_OPTIONS = conv_layer_exercise(("stride", "padding"))
SIZE = output_size_exercise((), axes=2)
SIZE_OPTIONS = output_size_exercise(axes=2)
COUNT = parameter_count_exercise()


# Right answers, in the styles that readers write


def by_loops(image, kernel):
    rows, cols = kernel.shape
    output = np.zeros((image.shape[0] - rows + 1, image.shape[1] - cols + 1))
    for r in range(output.shape[0]):
        for c in range(output.shape[1]):
            for i in range(rows):
                for j in range(cols):
                    output[r, c] += image[r + i, c + j] * kernel[i, j]
    return output


def by_windows(image, kernel):
    windows = np.lib.stride_tricks.sliding_window_view(image, kernel.shape)
    return np.einsum("rcij,ij->rc", windows, kernel)


def by_lists(image, kernel):
    rows, cols = kernel.shape
    return [
        [
            sum((image[r : r + rows, c : c + cols] * kernel).ravel())
            for c in range(image.shape[1] - cols + 1)
        ]
        for r in range(image.shape[0] - rows + 1)
    ]


def by_spreading(image, kernel):
    rows, cols = kernel.shape
    output = np.zeros((image.shape[0] + rows - 1, image.shape[1] + cols - 1))
    for r in range(image.shape[0]):
        for c in range(image.shape[1]):
            output[r : r + rows, c : c + cols] += image[r, c] * kernel
    return output


def by_fourier(image, kernel):
    shape = np.array(image.shape) + kernel.shape - 1
    return np.fft.irfft2(np.fft.rfft2(image, shape) * np.fft.rfft2(kernel, shape), shape)


def padded_by_hand(image, kernel):
    (rows, cols), flipped = kernel.shape, kernel[::-1, ::-1]
    ghosts = ((rows // 2, (rows - 1) // 2), (cols // 2, (cols - 1) // 2))
    return by_windows(np.pad(image, ghosts), flipped)


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


def sizes(input_size, kernel_size, stride=(1, 1), padding=(0, 0), dilation=(1, 1)):
    return tuple(
        (i + 2 * p - d * (k - 1) - 1) // s + 1
        for i, k, s, p, d in zip(input_size, kernel_size, stride, padding, dilation, strict=True)
    )


@pytest.mark.parametrize(
    ("exercise", "function"),
    [
        (CONVOLVE, by_spreading),
        (CONVOLVE, by_fourier),
        (CONVOLVE, book.convolve2d),
        (CONVOLVE, scipy_signal.convolve2d),
        (CONVOLVE_SAME, padded_by_hand),
        (CONVOLVE_SAME, lambda x, w: book.convolve2d(x, w, padding="same")),
        (CONVOLVE_SAME, lambda x, w: scipy_signal.convolve2d(x, w, "same")),
        (CONVOLVE_VALID, lambda x, w: by_loops(x, w[::-1, ::-1])),
        (CORRELATE, by_loops),
        (CORRELATE, by_windows),
        (CORRELATE, by_lists),
        (CORRELATE, book.cross_correlate2d),
        (CORRELATE_SAME, lambda x, w: book.cross_correlate2d(x, w, padding="same")),
        (CORRELATE_FULL, lambda x, w: scipy_signal.correlate2d(x, w)),
        (LAYER, layer_by_loops),
        (LAYER, layer_of_the_book),
        (LAYER_OPTIONS, layer_by_loops),
        (LAYER_OPTIONS, layer_of_the_book),
        (SIZE, sizes),
        (SIZE, lambda i, k: [i[0] - k[0] + 1, i[1] - k[1] + 1]),
        (SIZE, lambda i, k: np.array(i) - k + 1),
        (SIZE_OPTIONS, sizes),
        (COUNT, lambda rows, cols, c_in, c_out: rows * cols * c_in * c_out + c_out),
    ],
)
def test_right_answers_pass(exercise, function):
    feedback = diagnose(function, exercise)
    number = len(exercise.cases)
    assert feedback.message.startswith(f"✓ {number} of {number} cases agree with ")
    assert feedback.passed
    lists = function is by_lists
    assert feedback.message.endswith("would let you calculate with it.") == lists


# Wrong answers


def one_loop(image, kernel):
    output = np.zeros(np.array(image.shape) - kernel.shape + 1)
    for r, c in np.ndindex(*output.shape):
        for i in range(min(kernel.shape)):
            output[r, c] += image[r + i, c + i] * kernel[i, i]
    return output


def total_starts_anew(image, kernel):
    output = np.zeros(np.array(image.shape) - kernel.shape + 1)
    for r, c in np.ndindex(*output.shape):
        for i in range(kernel.shape[0]):
            total = 0
            for j in range(kernel.shape[1]):
                total += image[r + i, c + j] * kernel[i, j]
        output[r, c] = total
    return output


def overwrites(image, kernel):
    output = np.zeros(np.array(image.shape) - kernel.shape + 1)
    for r, c in np.ndindex(*output.shape):
        for i, j in np.ndindex(*kernel.shape):
            output[r, c] = image[r + i, c + j] * kernel[i, j]
    return output


def breaks_after_a_row(image, kernel):
    return by_windows(image[: image.shape[0] - kernel.shape[0] + 1], kernel[:1])


def pythons_sum(image, kernel):
    rows, cols = kernel.shape
    return [
        [sum(image[r : r + rows, c : c + cols] * kernel) for c in range(image.shape[1] - cols + 1)]
        for r in range(image.shape[0] - rows + 1)
    ]


def pythons_sum_into_cells(image, kernel):
    rows, cols = kernel.shape
    output = np.zeros((image.shape[0] - rows + 1, image.shape[1] - cols + 1))
    for r, c in np.ndindex(*output.shape):
        output[r, c] = sum(image[r : r + rows, c : c + cols] * kernel)
    return output


def returns_in_the_loop(image, kernel):
    output = np.zeros(np.array(image.shape) - kernel.shape + 1)
    for r in range(output.shape[0]):
        for c in range(output.shape[1]):
            window = image[r : r + kernel.shape[0], c : c + kernel.shape[1]]
            output[r, c] = np.sum(window * kernel)
        return output


def as_many_columns_as_rows(image, kernel):
    rows, cols = kernel.shape
    output = np.zeros((image.shape[0] - rows + 1, image.shape[1] - cols + 1))
    for r in range(output.shape[0]):
        for c in range(output.shape[0]):
            output[r, c] = np.sum(image[r : r + rows, c : c + cols] * kernel)
    return output


def kernel_side_by_len(image, kernel):
    k = len(kernel)
    output = np.zeros((image.shape[0] - k + 1, image.shape[1] - k + 1))
    for r, c in np.ndindex(*output.shape):
        output[r, c] = np.sum(image[r : r + k, c : c + k] * kernel)
    return output


def three_by_three(image, kernel):
    output = np.zeros((image.shape[0] - 2, image.shape[1] - 2))
    for i, j in np.ndindex(3, 3):
        output += kernel[i, j] * image[i : i + output.shape[0], j : j + output.shape[1]]
    return output


def forgets_the_last(image, kernel):
    output = np.zeros((image.shape[0] - kernel.shape[0], image.shape[1] - kernel.shape[1]))
    for r, c in np.ndindex(*output.shape):
        window = image[r : r + kernel.shape[0], c : c + kernel.shape[1]]
        output[r, c] = np.sum(window * kernel)
    return output


def never_fills_the_last(image, kernel):
    output = np.zeros(np.array(image.shape) - kernel.shape + 1)
    output[:-1, :-1] = forgets_the_last(image, kernel)
    return output


def half_of_each_side(image, kernel):
    rows, cols = kernel.shape
    padded = np.pad(image, ((rows // 2, rows // 2), (cols // 2, cols // 2)))
    return by_windows(padded, kernel)


def ghosts_after(image, kernel):
    ghosts = [((size - 1) // 2, size // 2) for size in kernel.shape]
    return by_windows(np.pad(image, ghosts), kernel)


def padded_with(mode):
    def same(image, kernel):
        ghosts = [(size // 2, (size - 1) // 2) for size in kernel.shape]
        return by_windows(np.pad(image, ghosts, mode), kernel)

    return same


def negative_indices(image, kernel):
    height, width = image.shape
    output = np.zeros((height + kernel.shape[0] - 1, width + kernel.shape[1] - 1))
    for r, c in np.ndindex(*output.shape):
        for i, j in np.ndindex(*kernel.shape):
            if r - i < height and c - j < width:
                output[r, c] += image[r - i, c - j] * kernel[i, j]
    return output


def circular(image, kernel):
    output = np.zeros(image.shape)
    for r, c in np.ndindex(*image.shape):
        for i, j in np.ndindex(*kernel.shape):
            output[r, c] += image[r - i, c - j] * kernel[i, j]
    return output


def spreads_without_adding(image, kernel):
    rows, cols = kernel.shape
    output = np.zeros((image.shape[0] + rows - 1, image.shape[1] + cols - 1))
    for r, c in np.ndindex(*image.shape):
        output[r : r + rows, c : c + cols] = image[r, c] * kernel
    return output


def changes_the_kernel(image, kernel):
    kernel[:] = kernel[::-1, ::-1]
    return scipy_signal.correlate2d(image, kernel)


def shifted(rows, cols):
    """Return a cross-correlation whose windows start so many cells too late (or too early)."""

    def correlate(image, kernel):
        wider = np.pad(image, 1)
        late = wider[1 + rows : wider.shape[0] - 1 + rows, 1 + cols : wider.shape[1] - 1 + cols]
        return by_windows(late, kernel)

    return correlate


@pytest.mark.parametrize(
    ("exercise", "function", "told"),
    [
        # the flip
        (CONVOLVE, scipy_signal.correlate2d, "This is cross-correlation: the kernel was not fl"),
        (
            CONVOLVE_SAME,
            lambda x, w: padded_by_hand(x, w[::-1, ::-1]),
            "This is cross-correlation: the kernel was not flipped (or twice).",
        ),
        (
            CONVOLVE,
            lambda x, w: scipy_signal.correlate2d(x, w[::-1]),
            "The kernel was flipped up and down only: a flip goes along both axes, kernel[::-1,::",
        ),
        (
            CONVOLVE_VALID,
            lambda x, w: by_loops(x, np.fliplr(w)),
            "The kernel was flipped left and right only: a flip goes along both axes",
        ),
        (
            CONVOLVE,
            lambda x, w: scipy_signal.correlate2d(x, w.T),
            "The kernel was transposed: its rows became columns. A flip is a turn by 180°",
        ),
        (
            CONVOLVE,
            lambda x, w: scipy_signal.convolve2d(x, w.T),
            "The kernel was flipped, and transposed as well",
        ),
        (
            CONVOLVE,
            lambda x, w: scipy_signal.correlate2d(x, np.rot90(w)),
            "The kernel was turned by 90° to the left: a flip is a turn by 180°.",
        ),
        (
            CONVOLVE,
            lambda x, w: scipy_signal.correlate2d(x, np.rot90(w, 3)),
            "The kernel was turned by 90° to the right: a flip is a turn by 180°.",
        ),
        (
            CONVOLVE,
            lambda x, w: scipy_signal.correlate2d(x[::-1, ::-1], w),
            "The right values in reverse order along both axes",
        ),
        (CORRELATE, lambda x, w: by_loops(x, w[::-1, ::-1]), "This is convolution: the kernel was"),
        (CORRELATE, lambda x, w: by_loops(x, w[::-1]), "The kernel was flipped up and down: slide"),
        (CORRELATE_FULL, lambda x, w: scipy_signal.correlate2d(x, w[:, ::-1]), "left and right: s"),
        (
            CORRELATE_FULL,
            lambda x, w: scipy_signal.correlate2d(x, w.T),
            "The kernel was transposed: its rows became columns. Slide it as it is.",
        ),
        (
            CORRELATE_FULL,
            lambda x, w: scipy_signal.correlate2d(w, x),
            "The right values in reverse order along both axes: is the image turned round, or are "
            "image and kernel swapped?",
        ),
        (
            CORRELATE,
            lambda x, w: by_loops(x, w if np.array_equal(w, w[::-1, ::-1]) else 2 * w),
            "Right only for kernels that a turn by 180° does not change",
        ),
        # the positions
        (
            CONVOLVE,
            padded_by_hand,
            'These are the values of "same": as many rows and columns as the image has. Asked for '
            "are H + K - 1 rows, and columns likewise.",
        ),
        (CORRELATE, scipy_signal.correlate2d, 'These are the values of "full": every position at'),
        (
            CONVOLVE_SAME,
            scipy_signal.correlate2d,
            'Two mistakes: the kernel was not flipped, and these are the values of "full"',
        ),
        (
            CORRELATE,
            scipy_signal.convolve2d,
            'Two mistakes: the kernel was turned by 180°, and these are the values of "full"',
        ),
        (CONVOLVE, circular, "This is circular: before the first row and column, your function"),
        (CONVOLVE, negative_indices, "This wraps around at the start: in Python, image[-1] is th"),
        (CORRELATE_SAME, padded_with("wrap"), "your function sees the image again, from its othe"),
        (CORRELATE_SAME, padded_with("edge"), "your function sees its outermost cells, again an"),
        (CORRELATE_SAME, padded_with("symmetric"), "your function sees its mirror image. There is"),
        (CORRELATE_SAME, padded_with("reflect"), "its mirror image, without the outermost cells."),
        (CORRELATE_SAME, half_of_each_side, "Right only for kernels with odd sides."),
        (CORRELATE_SAME, ghosts_after, "Right for odd kernels. Along an even side, a ghost cell"),
        (
            CORRELATE_SAME,
            lambda x, w: scipy_signal.correlate2d(x, w, "same"),
            "SciPy puts it above and on the left, your function below and on the right",
        ),
        # the size
        (
            CORRELATE,
            forgets_the_last,
            "The last row and the last column are missing: there are H - K + 1 rows",
        ),
        (CORRELATE, lambda x, w: by_loops(x, w)[:-1], "The last row is missing: there are H - K"),
        (CORRELATE, lambda x, w: by_loops(x, w)[:, :-1], "The last column is missing: there are"),
        (CORRELATE, never_fills_the_last, "The last row and the last column are never filled: lo"),
        (
            CORRELATE,
            lambda x, w: np.pad(by_loops(x, w), (0, 1)),
            "A row and a column too many, at the end",
        ),
        (CORRELATE, returns_in_the_loop, "Only the first row is filled: is `return` inside the ou"),
        (CORRELATE, lambda x, w: by_loops(x, w)[:1, :1], "Only the first value is there: is `ret"),
        (CORRELATE, lambda x, w: by_loops(x, w).T, "Rows and columns of the result are swapped"),
        (CORRELATE, lambda x, w: by_loops(x, w).ravel(), "The right values, but all in one row"),
        (CORRELATE, lambda x, w: by_loops(x, w)[::-1], "The rows of the result are in reverse or"),
        # the place
        (CORRELATE, shifted(1, 0), "Off by one: every window starts one row too late."),
        (CORRELATE, shifted(-1, 0), "Off by one: every window starts one row too early."),
        (CORRELATE, shifted(0, 1), "Off by one: every window starts one column too late."),
        (CORRELATE, shifted(0, -1), "Off by one: every window starts one column too early."),
        (CORRELATE, shifted(1, 1), "Off by one: every window starts one row and one column too l"),
        (CORRELATE, shifted(-1, -1), "one row and one column too early."),
        # the sums
        (CORRELATE, overwrites, "Only the last product of each sum is left: add with += in place"),
        (CONVOLVE, spreads_without_adding, "Only the last product for each cell is left: add wit"),
        (CORRELATE, total_starts_anew, "Only the last row of the kernel is in the sum: it starts"),
        (CORRELATE, breaks_after_a_row, "Only the first row of the kernel is in the sum"),
        (CORRELATE, one_loop, "Only the products on the diagonal of each window are added"),
        (CORRELATE, pythons_sum, "Each sum is still a row: Python's sum() adds up the rows of a"),
        (CORRELATE, pythons_sum_into_cells, "A whole row was put into one cell: add it up first,"),
        (CORRELATE, lambda x, w: by_loops(x, w) / w.size, "These are means: the sums are divided"),
        (
            CORRELATE,
            lambda x, w: np.lib.stride_tricks.sliding_window_view(x, w.shape) * w,
            "These are the products, not yet added up.",
        ),
        # right only for some
        (CORRELATE, kernel_side_by_len, "Right only for square kernels: somewhere, rows and colu"),
        (CORRELATE, three_by_three, "Right only for kernels of 3 x 3: use kernel.shape, not fixed"),
        (
            CORRELATE,
            lambda x, w: by_loops(x, w) * (1 if x.shape[0] == x.shape[1] else 2),
            "Right only for square images: somewhere, rows and columns of the image are mixed up.",
        ),
        (
            CONVOLVE,
            lambda x, w: by_spreading(x, w) if (np.array(w.shape) <= x.shape).all() else None,
            "Right only where the kernel is no larger than the image.",
        ),
        (CONVOLVE, changes_the_kernel, "Your function changes `kernel`, its input."),
        (CORRELATE, as_many_columns_as_rows, "IndexError in the line `output[r, c] = np.sum("),
        (CORRELATE, lambda x, w: by_loops(x, w) ** 2, "The first wrong value has index (0, 0)."),
    ],
)
def test_wrong_answers_are_named(exercise, function, told):
    feedback = diagnose(function, exercise)
    assert not feedback.passed
    assert told in feedback.message


# Layers


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


# Counting


def sizes_with(**changes):
    """Return `sizes` after a change of its arguments."""

    def changed(**arguments):
        arguments |= {name: change(arguments[name]) for name, change in changes.items()}
        return sizes(**arguments)

    return lambda i, k, stride, padding, dilation: changed(
        input_size=i, kernel_size=k, stride=stride, padding=padding, dilation=dilation
    )


@pytest.mark.parametrize(
    ("exercise", "function", "told"),
    [
        (SIZE, lambda i, k: sizes(i, k)[::-1], "The two numbers are swapped: rows first, then col"),
        (SIZE, lambda i, k: sizes(i[:1] * 2, k[:1] * 2), "Both numbers are those of the rows: th"),
        (SIZE, lambda i, k: sizes(i[1:] * 2, k[1:] * 2), "Both numbers are those of the columns"),
        (SIZE, lambda i, k: sizes(i, k)[0], "This is the number of rows alone: return both"),
        (SIZE, lambda i, k: sizes(i, k)[1], "This is the number of columns alone: return both"),
        (SIZE, lambda i, k: np.prod(sizes(i, k)), "This is how many positions there are in all"),
        (
            SIZE_OPTIONS,
            sizes_with(stride=lambda pair: pair[::-1]),
            "stride is taken the wrong way round: the first number goes down, the second across.",
        ),
        (
            SIZE_OPTIONS,
            sizes_with(padding=lambda pair: pair[::-1]),
            "padding is taken the wrong way round: the first number goes down, the second across.",
        ),
        (SIZE_OPTIONS, sizes_with(stride=lambda pair: (1, 1)), "✗ The stride is left out."),
        (
            SIZE_OPTIONS,
            sizes_with(stride=lambda pair: (pair[0], 1)),
            "In the columns: The stride is left out.",
        ),
        (
            SIZE_OPTIONS,
            sizes_with(padding=lambda pair: (0, pair[1])),
            "In the rows: The padding is left out.",
        ),
        (
            SIZE,
            lambda i, k: (i[0] - k[0], i[1] - k[1]),
            "✗ One too few: the position at which the kernel starts counts too. Add 1.",
        ),
        (
            output_size_exercise(("stride",), axes=2),
            lambda i, k, stride: tuple(
                -(-(a - b) // s) + 1 for a, b, s in zip(i, k, stride, strict=True)
            ),
            "✗ Rounded up. The last position has to fit as a whole: round down.",
        ),
        (
            output_size_exercise(("stride",), axes=2),
            lambda i, k, stride: tuple(
                (a - b) / s + 1 for a, b, s in zip(i, k, stride, strict=True)
            ),
            "✗ There are no half positions: round down, with // in place of /.",
        ),
        (
            SIZE,
            lambda i, k: (i[0] - k[0] + 1.0, i[1] - k[1] + 1.0),
            "The value is right, but it is a float",
        ),
        (
            SIZE,
            lambda i, k: sizes(i, k) if i[0] == i[1] and k[0] == k[1] else (0, 0),
            "Right only where rows and columns are alike.",
        ),
        (COUNT, lambda r, c, i, o: r * c * i * o, "Counted are only the weights: the biases are"),
        (COUNT, lambda r, c, i, o: r * c * i * o + 1, "one bias for each output channel, not one"),
        (COUNT, lambda r, c, i, o: r * c * i * o + i, "not for each input channel."),
        (COUNT, lambda r, c, i, o: (r * c + 1) * i * o, "Each kernel has one bias, not one for ea"),
        (COUNT, lambda r, c, i, o: 2 * r * c * i * o, "not one for each of its weights."),
        (COUNT, lambda r, c, i, o: (r * c + 1) * o, "Each kernel reaches through all input chann"),
        (COUNT, lambda r, c, i, o: r * c * o, "multiply by channels_in. And the biases are miss"),
        (COUNT, lambda r, c, i, o: r * c * i + 1, "one kernel for each output channel: multiply"),
        (COUNT, lambda r, c, i, o: r * c * i + o, "multiply by channels_out, its weights and its"),
        (COUNT, lambda r, c, i, o: r * c * i, "multiply by channels_out. And the biases are mis"),
        (COUNT, lambda r, c, i, o: r * c, "The channels are left out: each kernel reaches"),
        (COUNT, lambda r, c, i, o: (r * r * i + 1) * o, "The columns of the kernel are left out,"),
        (COUNT, lambda r, c, i, o: (c * c * i + 1) * o, "The rows of the kernel are taken to be"),
        (COUNT, lambda r, c, i, o: r + c + i + o, "are multiplied, not added."),
        (COUNT, lambda r, c, i, o: float((r * c * i + 1) * o), "The value is right, but it is a f"),
    ],
)
def test_wrong_counts_are_named(exercise, function, told):
    feedback = diagnose(function, exercise)
    assert not feedback.passed
    assert told in feedback.message


class TestMessages:
    @pytest.mark.parametrize(
        ("check", "options", "right", "wrong"),
        [
            (checks.convolve2d, {}, book.convolve2d, book.cross_correlate2d),
            (checks.convolve2d, {"padding": "same"}, padded_by_hand, book.convolve2d),
            (checks.cross_correlate2d, {}, by_loops, book.convolve2d),
            (checks.cross_correlate2d, {"padding": "full"}, scipy_signal.correlate2d, by_loops),
            (checks.conv_layer, {}, layer_by_loops, only_one_channel),
            (checks.conv_layer, {"options": ["stride"]}, layer_by_loops, only_one_channel),
            (checks.output_size, {"axes": 2}, sizes, book.output_size),
            (checks.parameter_count, {}, lambda r, c, i, o: (r * c * i + 1) * o, max),
        ],
    )
    def test_checks_print_one_message_and_return_nothing(
        self, capsys, check, options, right, wrong
    ):
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
        self, capsys, function, options, told
    ):
        checks.conv_layer(function, options=options)
        assert told in " ".join(capsys.readouterr().out.split())

    def test_arrays_of_many_axes_are_shown_with_their_shape(self):
        message = diagnose(only_one_channel, LAYER).message
        lines = dict(line.strip().split(" = ", 1) for line in message.splitlines()[1:-1] if line)
        shown = {name.strip(): text for name, text in lines.items()}
        assert shown["weights"].endswith(", of shape (1, 1, 2, 1)")
        assert shown["bias"].startswith("[")

    def test_an_unknown_padding_is_refused(self):
        with pytest.raises(ValueError, match="padding='SAME' is unknown: use one of full, same, v"):
            checks.convolve2d(book.convolve2d, padding="SAME")


class TestCases:
    @pytest.mark.parametrize("exercise", [*SLIDING, LAYER, LAYER_OPTIONS, SIZE_OPTIONS, COUNT])
    def test_they_tell_all_patterns_apart(self, exercise):
        patterns = [exercise.patterns(**case) for case in exercise.cases]
        columns = {name: tuple(bool(p[name]) for p in patterns) for name in patterns[0]}
        distinct = {name: column for name, column in columns.items() if len(set(column)) == 2}
        assert len(set(distinct.values())) == len(distinct) >= 3

    @pytest.mark.parametrize("exercise", [*SLIDING, LAYER, LAYER_OPTIONS, SIZE_OPTIONS, COUNT])
    def test_they_tell_all_mistakes_apart(self, exercise):
        """Each mistake that differs from the right answer at all is told by its own sentence, not
        by that of a mistake with the same results."""
        right = [np.asarray(exercise.expected(**case)).tolist() for case in exercise.cases]
        predictions = [exercise.mistakes(**case) for case in exercise.cases]
        seen = {}
        for name in predictions[0]:
            results = [
                p[name] if p[name] is None else np.asarray(p[name]).tolist() for p in predictions
            ]
            if any(r is not None and r != e for r, e in zip(results, right, strict=True)):
                assert repr(results) not in seen, (name, seen[repr(results)])
                seen[repr(results)] = name
        assert len(seen) >= 14

    @pytest.mark.parametrize(
        "exercise", [CONVOLVE, CONVOLVE_SAME, CORRELATE, LAYER_OPTIONS, SIZE_OPTIONS, COUNT]
    )
    def test_no_mistake_is_taken_for_another(self, exercise):
        """Whoever makes exactly one known mistake is told so, not what would come before it."""
        right = [exercise.expected(**case) for case in exercise.cases]
        predictions = [exercise.mistakes(**case) for case in exercise.cases]
        told = 0
        for name in predictions[0]:
            results = [prediction[name] for prediction in predictions]
            if all(
                result is None or np.array_equal(result, answer)
                for result, answer in zip(results, right, strict=True)
            ):
                continue  # no mistake without the option that it is about
            answers = iter(results)

            def mistaken(*arguments, answers=answers, **options):
                result = next(answers)
                if result is None:
                    raise ValueError("nobody knows")
                return result

            assert diagnose(mistaken, exercise).message.startswith(f"✗ {name}\n")
            told += 1
        assert told >= 14

    @pytest.mark.parametrize("exercise", SLIDING)
    def test_images_have_fractions_and_all_sorts_of_shapes(self, exercise):
        assert len(exercise.cases) == 40
        assert {case["image"].dtype.kind for case in exercise.cases} == {"i", "f"}
        shapes = {case["kernel"].shape for case in exercise.cases}
        assert {rows < cols for rows, cols in shapes} == {True, False}
        assert {(rows % 2, cols % 2) for rows, cols in shapes} == {(0, 0), (0, 1), (1, 0), (1, 1)}
