"""Diagnoses of sliding along one axis, given by functions that make the mistakes they name."""

import numpy as np
import pytest
from scipy import signal as scipy_signal

import helpers.convolution as book
from helpers import checks
from helpers.checks.convolution1d import flip_exercise, sliding1d_exercise
from helpers.checks.diagnosis import diagnose

CONVOLVE = sliding1d_exercise(flips=True, padding="full")
CONVOLVE_SAME = sliding1d_exercise(flips=True, padding="same")
CONVOLVE_VALID = sliding1d_exercise(flips=True, padding="valid")
CORRELATE = sliding1d_exercise(flips=False, padding="valid")
CORRELATE_FULL = sliding1d_exercise(flips=False, padding="full")
FLIP = flip_exercise()


def by_windows(signal, kernel):
    k = len(kernel)
    padded = np.concatenate([np.zeros(k - 1), signal, np.zeros(k - 1)])
    flipped = kernel[::-1]
    return np.array([np.dot(padded[i : i + k], flipped) for i in range(len(signal) + k - 1)])


def by_spreading(signal, kernel):
    output = [0] * (len(signal) + len(kernel) - 1)
    for i in range(len(signal)):
        for j in range(len(kernel)):
            output[i + j] += signal[i] * kernel[j]
    return output


def by_the_formula(x, w):
    y = np.zeros(len(x) + len(w) - 1)
    for i in range(len(y)):
        for k in range(len(w)):
            if 0 <= i - k < len(x):
                y[i] += w[k] * x[i - k]
    return tuple(y)


def by_fourier(signal, kernel):
    size = signal.size + kernel.size - 1
    return np.fft.irfft(np.fft.rfft(signal, size) * np.fft.rfft(kernel, size), size)


def in_single_precision(signal, kernel):
    return np.convolve(signal.astype(np.float32), kernel.astype(np.float32))


def correlate_in_a_loop(signal, kernel):
    sums = []
    for start in range(len(signal) - len(kernel) + 1):
        sums.append(sum(signal[start : start + len(kernel)] * kernel))
    return sums


def keep_copies(signal, kernel):
    signal, kernel = signal.copy(), kernel.copy()
    signal *= 2
    kernel[:] = kernel[::-1]
    return np.correlate(signal, kernel, "full") / 2


def unwritten(signal, kernel): ...


def still_dots(signal, kernel):
    return ...


def no_flip(signal, kernel):
    return by_windows(signal, kernel[::-1])


def always_raises(signal, kernel):
    raise NotImplementedError


def runs_past_the_end(signal, kernel):
    output = np.zeros(len(signal) + len(kernel) - 1)
    for i in range(len(output)):
        for k in range(len(kernel)):
            output[i] += signal[i - k + 1] * kernel[k]
    return output


def pads_too_little(signal, kernel):
    padded = np.pad(signal, len(kernel) // 2)
    sums = []
    for i in range(len(signal) + len(kernel) - 1):
        sums.append(sum(padded[i : i + len(kernel)] * kernel[::-1]))
    return sums


def puts_a_row_into_a_cell(signal, kernel):
    output = np.zeros(len(signal) + len(kernel) - 1)
    for i in range(len(signal)):
        output[i] = signal[i] * kernel
    return output


def dots_of_any_length(signal, kernel):
    return [np.dot(signal[i : i + len(kernel)], kernel) for i in range(len(signal))]


def changes_the_kernel(signal, kernel):
    kernel[:] = kernel[::-1]
    return np.correlate(signal, kernel, "full")


def changes_both(signal, kernel):
    signal *= 2
    kernel *= 2
    return np.convolve(signal, kernel) / 4


def collects_in_integers(signal, kernel):
    output = np.zeros(len(signal) + len(kernel) - 1, dtype=int)
    for i in range(len(signal)):
        for j in range(len(kernel)):
            output[i + j] += signal[i] * kernel[j]
    return output


def adds_fractions_to_integers(signal, kernel):
    output = np.zeros(len(signal) + len(kernel) - 1, dtype=int)
    for i in range(len(signal)):
        output[i : i + len(kernel)] += signal[i] * kernel
    return output


def overwrites(signal, kernel):
    output = np.zeros(len(signal) + len(kernel) - 1)
    for i in range(len(signal)):
        for j in range(len(kernel)):
            output[i + j] = signal[i] * kernel[j]
    return output


def keeps_last_product(signal, kernel):
    k = len(kernel)
    padded = np.pad(signal, k - 1)
    output = np.zeros(len(signal) + k - 1)
    for i in range(len(output)):
        for j in range(k):
            output[i] = padded[i + j] * kernel[k - 1 - j]
    return output


def breaks_after_first_product(signal, kernel):
    k = len(kernel)
    padded = np.pad(signal, k - 1)
    output = np.zeros(len(signal) + k - 1)
    for i in range(len(output)):
        for j in range(k):
            output[i] += padded[i + j] * kernel[k - 1 - j]
            break
    return output


def returns_in_the_loop(signal, kernel):
    for i in range(len(signal) - len(kernel) + 1):
        return sum(signal[i : i + len(kernel)] * kernel)


def returns_a_row_in_the_loop(signal, kernel):
    sums = []
    for i in range(len(signal) - len(kernel) + 1):
        sums.append(sum(signal[i : i + len(kernel)] * kernel))
        return sums


def returns_a_filled_row_in_the_loop(signal, kernel):
    sums = np.zeros(len(signal) - len(kernel) + 1)
    for i in range(len(sums)):
        sums[i] = sum(signal[i : i + len(kernel)] * kernel)
        return sums


def one_step_short(signal, kernel):
    steps = range(len(signal) - len(kernel))
    return [sum(signal[i : i + len(kernel)] * kernel) for i in steps]


def last_cell_never_filled(signal, kernel):
    output = np.zeros(len(signal) - len(kernel) + 1)
    for i in range(len(signal) - len(kernel)):
        output[i] = sum(signal[i : i + len(kernel)] * kernel)
    return output


def starts_at_one(signal, kernel):
    output = np.zeros(len(signal) - len(kernel) + 1)
    for i in range(1, len(output)):
        output[i] = sum(signal[i : i + len(kernel)] * kernel)
    return output


def one_zero_too_few_in_front(signal, kernel):
    k = len(kernel)
    padded = np.concatenate([np.zeros(k - 1), signal, np.zeros(k)])[1:]
    return [np.dot(padded[i : i + k], kernel[::-1]) for i in range(len(signal) + k - 1)]


def one_zero_too_many_in_front(signal, kernel):
    k = len(kernel)
    padded = np.concatenate([np.zeros(k), signal, np.zeros(k - 1)])
    return [np.dot(padded[i : i + k], kernel[::-1]) for i in range(len(signal) + k - 1)]


def pads_too_much_after(signal, kernel):
    k = len(kernel)
    padded = np.pad(signal, (k - 1, k))
    return [np.dot(padded[i : i + k], kernel[::-1]) for i in range(len(padded) - k + 1)]


def pads_half_the_kernel(signal, kernel):
    k = len(kernel)
    padded = np.pad(signal, k // 2)
    return [np.dot(padded[i : i + k], kernel[::-1]) for i in range(len(padded) - k + 1)]


def only_odd_else_raises(signal, kernel):
    if len(kernel) % 2 == 0:
        raise ValueError("the kernel has no middle")
    return np.convolve(signal, kernel)


def extra_zero_after(signal, kernel):
    k = len(kernel)
    padded = np.pad(signal, ((k - 1) // 2, k // 2))
    return np.convolve(padded, kernel, "valid")


def three_cells(signal, kernel):
    padded = [0, 0, *signal, 0, 0]
    return [
        padded[i] * kernel[-1] + padded[i + 1] * kernel[1] + padded[i + 2] * kernel[0]
        for i in range(len(signal) + 2)
    ]


def flips_only_the_ends(signal, kernel):
    flipped = kernel.copy()
    flipped[0], flipped[-1] = kernel[-1], kernel[0] + 1
    flipped = kernel if np.array_equal(kernel, kernel[::-1]) else flipped
    return np.correlate(signal, flipped, "full")


def only_short_kernels(signal, kernel):
    assert len(kernel) <= len(signal)
    return np.convolve(signal, kernel)


def circular(x, w):
    y = np.zeros(len(x))
    for i in range(len(x)):
        for k in range(len(w)):
            y[i] += w[k] * x[i - k]  # x[-1] is the last cell
    return y


def negative_indices(x, w):
    y = np.zeros(len(x) + len(w) - 1)
    for i in range(len(y)):
        for k in range(len(w)):
            if i - k < len(x):
                y[i] += w[k] * x[i - k]
    return y


def ragged_result(signal, kernel):
    return [[1], [1, 2]]


def sometimes_none(signal, kernel):
    if len(signal) > 1:
        return np.convolve(signal, kernel) + 1


@pytest.mark.parametrize(
    ("exercise", "function"),
    [
        (CONVOLVE, by_windows),
        (CONVOLVE, by_spreading),
        (CONVOLVE, by_the_formula),
        (CONVOLVE, by_fourier),
        (CONVOLVE, in_single_precision),
        (CONVOLVE, keep_copies),
        (CONVOLVE, book.convolve1d),
        (CONVOLVE, np.convolve),
        (CONVOLVE, scipy_signal.convolve),
        (CONVOLVE_SAME, lambda x, w: book.convolve1d(x, w, padding="same")),
        (CONVOLVE_VALID, lambda x, w: book.convolve1d(x, w, padding="valid")),
        (CORRELATE, correlate_in_a_loop),
        (CORRELATE, book.cross_correlate1d),
        (CORRELATE, np.correlate),
        (CORRELATE_FULL, lambda x, w: book.cross_correlate1d(x, w, padding="full")),
        (FLIP, book.flip),
        (FLIP, np.flipud),
        (FLIP, lambda kernel: [kernel[i] for i in range(len(kernel) - 1, -1, -1)]),
    ],
)
def test_right_answers_pass(exercise, function):
    feedback = diagnose(function, exercise)
    number = len(exercise.cases)
    assert feedback.passed
    assert f"✓ {number} of {number} cases agree with {exercise.oracle}." in feedback.message


def test_a_right_list_passes_with_a_hint():
    assert diagnose(by_spreading, CONVOLVE).message.endswith(
        "It returns a list; np.array(result) would let you calculate with it."
    )
    assert "list" not in diagnose(by_windows, CONVOLVE).message


@pytest.mark.parametrize(
    ("exercise", "function", "told"),
    [
        (CONVOLVE, unwritten, "Your function returned None: did you forget `return`?"),
        (CONVOLVE, still_dots, "Your function still returns `...`: write what is missing."),
        (CONVOLVE, always_raises, "raises NotImplementedError in the line `raise NotImplem"),
        (CONVOLVE, np.array([1, 2]), "The check was given [1, 2]. It needs your function itself"),
        (CONVOLVE, lambda signal: signal, "cannot be called as f(signal, kernel): too many"),
        (CONVOLVE, sometimes_none, "Here your function returned None: is a `return` missing?"),
        (CONVOLVE, lambda x, w: ["1"], "something other than numbers (list)"),
        (CONVOLVE, ragged_result, "Your function returns rows of different lengths."),
        (FLIP, reversed, "Your function returns an iterator (reversed): make a list of it"),
        (
            CONVOLVE,
            lambda x, w: np.convolve(x, w).astype(complex),
            "Your function returns complex numbers: take their `.real` part.",
        ),
        (CONVOLVE, no_flip, "This is cross-correlation: the kernel was not flipped (or twice)."),
        (
            CONVOLVE,
            lambda x, w: np.convolve(x, w[::-1]),
            "This is cross-correlation: the kernel was not flipped (or twice).",
        ),
        (
            CONVOLVE_SAME,
            lambda x, w: np.correlate(x, w, "same"),
            "This is cross-correlation",
        ),
        (CORRELATE, lambda x, w: np.convolve(x, w, "valid"), "This is convolution: the kernel was"),
        (
            CONVOLVE,
            lambda x, w: np.correlate(x[::-1], w, "full"),
            "The right values in reverse order: flip the kernel, not the signal.",
        ),
        (
            CONVOLVE,
            lambda x, w: np.correlate(x[::-1], w[::-1], "full"),
            "Both are flipped, the signal and the kernel: flip the kernel only.",
        ),
        (
            CORRELATE_FULL,
            lambda x, w: np.correlate(w, x, "full"),
            "The right values in reverse order: are signal and kernel swapped?",
        ),
        (
            CORRELATE_FULL,
            lambda x, w: np.correlate(x[::-1], w, "full"),
            "The signal was flipped: leave both as they are.",
        ),
        (CONVOLVE, flips_only_the_ends, "Right only for symmetric kernels"),
        (
            CONVOLVE,
            lambda x, w: np.convolve(x, w, "same"),
            'These are the values of "same": as many values as the signal has. Asked for are n + k',
        ),
        (
            CONVOLVE,
            lambda x, w: np.convolve(x, w, "valid"),
            'These are the values of "valid": the positions at which the kernel lies wholly inside',
        ),
        (
            CORRELATE,
            lambda x, w: np.correlate(x, w, "full"),
            'These are the values of "full": every position at which the kernel touches',
        ),
        (
            CONVOLVE,
            lambda x, w: np.correlate(x, w, "same"),
            "Two mistakes. This is cross-correlation: the kernel was not flipped (or twice). Take "
            'kernel[::-1]. And these are the values of "same"',
        ),
        (CONVOLVE, circular, "This is circular convolution: before the start"),
        (CONVOLVE, negative_indices, "This wraps around at the start: in Python, signal[-1] is"),
        (
            CONVOLVE_SAME,
            lambda x, w: np.convolve(
                np.pad(x, (len(w) // 2, (len(w) - 1) // 2), "wrap"), w, "valid"
            ),
            "This wraps around: beyond either end your function goes on at the other one.",
        ),
        (
            CONVOLVE,
            lambda x, w: np.convolve(x, w)[: len(x)],
            "The end is missing, where the kernel slides out: there are n + k - 1 values.",
        ),
        (
            CONVOLVE,
            lambda x, w: np.convolve(x, w)[len(w) - 1 :],
            "The start is missing, where the kernel slides in: there are n + k - 1.",
        ),
        (CORRELATE, one_step_short, "The last value is missing: there are n - k + 1, not n - k."),
        (
            CONVOLVE,
            lambda x, w: np.convolve(x, w)[:-1],
            "The last value is missing: there are n + k - 1, not n + k - 2.",
        ),
        (CORRELATE, lambda x, w: np.correlate(x, w)[1:], "The first value is missing: there are n"),
        (
            CORRELATE,
            last_cell_never_filled,
            "The last value is never filled: loop over n - k + 1 positions, not n - k.",
        ),
        (CORRELATE, starts_at_one, "The first value is never filled: where does the loop start?"),
        (CONVOLVE, pads_too_much_after, "The last value is one too many: there are n + k - 1."),
        (CONVOLVE, one_zero_too_few_in_front, "Off by one: every window starts one cell too late"),
        (CONVOLVE, one_zero_too_many_in_front, "Off by one: every window starts one cell too earl"),
        (
            CONVOLVE,
            lambda x, w: np.roll(np.convolve(x, w), 1),
            "Off by one: every value is one place too late.",
        ),
        (
            CONVOLVE,
            lambda x, w: np.roll(np.convolve(x, w), -1),
            "Off by one: every value is one place too early.",
        ),
        (CONVOLVE, overwrites, "Only the last product for each cell is left: add with +="),
        (CONVOLVE, keeps_last_product, "Only the last product of each sum is left: add with +="),
        (CONVOLVE, breaks_after_first_product, "Only the first product of each sum is there: does"),
        (CORRELATE, returns_in_the_loop, "a single number: is `return` inside the loop?"),
        (CORRELATE, returns_a_row_in_the_loop, "Only the first value is there: is `return` insid"),
        (CORRELATE, returns_a_filled_row_in_the_loop, "Only the first value is filled: is `return"),
        (
            CORRELATE,
            lambda x, w: np.lib.stride_tricks.sliding_window_view(x, w.size) * w,
            "an array of shape (1, 1); asked for is shape (1,). Are these the products? Add them",
        ),
        (CONVOLVE_SAME, pads_half_the_kernel, "Right only for odd kernels. An even one has no mid"),
        (CONVOLVE, only_odd_else_raises, "Right only for odd kernels."),
        (CONVOLVE_SAME, extra_zero_after, "Right for odd kernels. With an even one, a ghost cell"),
        (CONVOLVE, three_cells, "Right only for kernels of three cells: use len(kernel), not a f"),
        (CONVOLVE, only_short_kernels, "Right only where the kernel is no longer than the signal"),
        (CONVOLVE, collects_in_integers, "Fractions are cut off, because the result is collected"),
        (CONVOLVE, adds_fractions_to_integers, "Fractions were added to an array of integers"),
        (CONVOLVE, changes_the_kernel, "Your function changes `kernel`, its input. Work on a copy"),
        (CONVOLVE, changes_both, "Your function changes `signal` and `kernel`, its input."),
        (
            CONVOLVE,
            runs_past_the_end,
            "Your function raises IndexError in the line `output[i] += signal[i - k + 1] * "
            "kernel[k]`. A cell beyond the end was asked for",
        ),
        (
            CONVOLVE,
            pads_too_little,
            "Your function raises ValueError in the line `sums.append(sum(padded[i : i + "
            "len(kernel)] * kernel[::-1]))`. Arrays of different lengths met",
        ),
        (CONVOLVE, puts_a_row_into_a_cell, "A whole row was put into one cell: add it up first,"),
        (CONVOLVE, dots_of_any_length, "Arrays of different lengths met: is every window as long"),
        (CONVOLVE, lambda x, w: np.convolve(x, w) ** 2, "Everything comes out squared."),
        (
            CORRELATE,
            lambda x, w: np.repeat(np.correlate(x, w), 2),
            "has 2 values and should have 1",
        ),
        (CONVOLVE, lambda x, w: np.ones(1), "The first wrong value has index 0."),
        (FLIP, lambda kernel: kernel, "The kernel comes back as it was, not flipped."),
        (FLIP, lambda kernel: -kernel, "A flip changes the order of the values, not their signs."),
        (FLIP, sorted, "This is sorted, not flipped: the last value comes first, whatever it is."),
        (FLIP, lambda kernel: sorted(kernel)[::-1], "This is sorted from large to small, not flip"),
        (FLIP, lambda kernel: kernel[:0:-1], "The first value of the kernel is lost: kernel[::-1]"),
        (FLIP, lambda kernel: kernel[-2::-1], "The last value of the kernel is lost: kernel[::-1]"),
        (FLIP, lambda kernel: np.roll(kernel, 1), "This moves every value to the right; a flip mi"),
        (FLIP, lambda kernel: np.roll(kernel, -1), "This moves every value to the left; a flip mi"),
    ],
)
def test_wrong_answers_are_named(exercise, function, told):
    feedback = diagnose(function, exercise)
    assert not feedback.passed
    assert feedback.message.startswith("✗ ")
    assert told in feedback.message


def test_the_smallest_case_is_shown():
    assert diagnose(no_flip, CONVOLVE).message.splitlines()[1:5] == [
        "    signal   = [1]",
        "    kernel   = [1, 2]",
        "    expected = [1, 2]",
        "    got      = [2.0, 1.0]",
    ]


def test_a_changed_input_is_shown_before_and_after():
    lines = diagnose(changes_the_kernel, CONVOLVE).message.splitlines()
    assert "    kernel            = [1, 2]" in lines
    assert "    kernel afterwards = [2, 1]" in lines


def test_an_error_is_shown_in_place_of_the_result():
    message = diagnose(only_odd_else_raises, CONVOLVE).message
    assert "    got      = ValueError: the kernel has no middle\n" in message


def test_what_is_long_is_cut_off_or_broken_into_lines(capsys):
    def complains_at_length(signal, kernel):
        raise ValueError("a word and a line\n" * 100)

    for function in (lambda x, w: np.arange(1000), complains_at_length, negative_indices):
        checks.convolve1d(function)
        lines = capsys.readouterr().out.splitlines()
        assert max(map(len, lines)) <= 105
        assert lines[-1].endswith("of 40 cases agree with numpy.convolve.")


@pytest.mark.parametrize(
    ("check", "right", "wrong"),
    [
        (checks.convolve1d, np.convolve, no_flip),
        (checks.cross_correlate1d, np.correlate, one_step_short),
        (checks.flip, np.flip, sorted),
    ],
)
def test_checks_print_one_message_and_return_nothing(capsys, check, right, wrong):
    assert check(right) is None
    assert capsys.readouterr().out.startswith("✓ ")
    assert check(wrong) is None
    assert capsys.readouterr().out.startswith("✗ ")


def test_checks_take_the_padding_that_is_asked_for(capsys):
    checks.convolve1d(lambda x, w: np.convolve(x, w, "same"), padding="same")
    checks.cross_correlate1d(lambda x, w: np.correlate(x, w, "full"), padding="full")
    assert capsys.readouterr().out.splitlines() == [
        '✓ 40 of 40 cases agree with numpy.convolve(..., "same").',
        '✓ 40 of 40 cases agree with numpy.correlate(..., "full").',
    ]


def test_an_unknown_padding_is_refused():
    with pytest.raises(ValueError, match="padding='SAME' is unknown: use one of full, same, v"):
        checks.convolve1d(np.convolve, padding="SAME")


def test_cases_are_left_alone():
    before = [case["kernel"].tolist() for case in CONVOLVE.cases]
    diagnose(changes_both, CONVOLVE)
    assert [case["kernel"].tolist() for case in CONVOLVE.cases] == before
