"""Diagnoses of sliding along two axes, given by functions that make the mistakes."""

import numpy as np
import pytest
from scipy import signal as scipy_signal

import helpers.convolution as book
from helpers import checks
from helpers.checks.convolution2d import sliding2d_exercise
from helpers.checks.diagnosis import diagnose

CONVOLVE = sliding2d_exercise(flips=True, padding="full")
CONVOLVE_SAME = sliding2d_exercise(flips=True, padding="same")
CONVOLVE_VALID = sliding2d_exercise(flips=True, padding="valid")
CORRELATE = sliding2d_exercise(flips=False, padding="valid")
CORRELATE_SAME = sliding2d_exercise(flips=False, padding="same")
CORRELATE_FULL = sliding2d_exercise(flips=False, padding="full")


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
        (CORRELATE, shifted(1, 0), "Off by one: every window starts one row too late."),
        (CORRELATE, shifted(-1, 0), "Off by one: every window starts one row too early."),
        (CORRELATE, shifted(0, 1), "Off by one: every window starts one column too late."),
        (CORRELATE, shifted(0, -1), "Off by one: every window starts one column too early."),
        (CORRELATE, shifted(1, 1), "Off by one: every window starts one row and one column too l"),
        (CORRELATE, shifted(-1, -1), "one row and one column too early."),
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
        (CORRELATE, lambda x, w: by_loops(x, w) ** 2, "Everything comes out squared."),
    ],
)
def test_wrong_answers_are_named(exercise, function, told):
    feedback = diagnose(function, exercise)
    assert not feedback.passed
    assert told in feedback.message


@pytest.mark.parametrize(
    ("check", "options", "right", "wrong"),
    [
        (checks.convolve2d, {}, book.convolve2d, book.cross_correlate2d),
        (checks.convolve2d, {"padding": "same"}, padded_by_hand, book.convolve2d),
        (checks.cross_correlate2d, {}, by_loops, book.convolve2d),
        (checks.cross_correlate2d, {"padding": "full"}, scipy_signal.correlate2d, by_loops),
    ],
)
def test_checks_print_one_message_and_return_nothing(capsys, check, options, right, wrong):
    assert check(right, **options) is None
    assert capsys.readouterr().out.startswith("✓ ")
    assert check(wrong, **options) is None
    told = capsys.readouterr().out
    assert told.startswith("✗ ")
    assert max(map(len, told.splitlines())) <= 110


def test_an_unknown_padding_is_refused():
    with pytest.raises(ValueError, match="padding='SAME' is unknown: use one of full, same, v"):
        checks.convolve2d(book.convolve2d, padding="SAME")
