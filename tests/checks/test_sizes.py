"""Diagnoses of output sizes, given by formulas that make the mistakes."""

import numpy as np
import pytest

import helpers.convolution as book
from helpers import checks
from helpers.checks.diagnosis import diagnose
from helpers.checks.sizes import options_of, output_size_exercise

SIZE = output_size_exercise()
SIZE_PLAIN = output_size_exercise(())
SIZE_STRIDE = output_size_exercise(("stride",))
PAIR = output_size_exercise((), axes=2)
PAIR_OPTIONS = output_size_exercise(axes=2)


def spaced(code):
    """Return the formula with spaces around brackets, so that its words can be split."""
    for bracket in "()[]":
        code = code.replace(bracket, f" {bracket} ")
    return code


@pytest.mark.parametrize(
    ("exercise", "function"),
    [
        (SIZE, book.output_size),
        (SIZE_PLAIN, book.output_size),
        (SIZE_PLAIN, lambda i, k: i - k + 1),
        (SIZE_STRIDE, lambda i, k, stride: -(-(i - k + 1) // stride)),
    ],
)
def test_right_answers_pass(exercise, function):
    feedback = diagnose(function, exercise)
    number = len(exercise.cases)
    assert feedback.passed
    assert f"✓ {number} of {number} cases agree with {exercise.oracle}." in feedback.message


@pytest.mark.parametrize(
    ("exercise", "function", "told"),
    [
        (SIZE, lambda i, k: i, "cannot be called as f(input_size, kernel_size, stride=..., padd"),
    ],
)
def test_wrong_answers_are_named(exercise, function, told):
    feedback = diagnose(function, exercise)
    assert not feedback.passed
    assert feedback.message.startswith("✗ ")
    assert told in feedback.message


@pytest.mark.parametrize(
    ("options", "formula", "told"),
    [
        ("", "i - k", "One too few: the position at which the kernel starts counts too. Add 1."),
        ("s p d", "(i + 2 * p - d * (k - 1) - 1) // s", "One too few"),
        ("", "i - k + 2", "One too many: add 1 to the number of moves, not 2."),
        ("", "k - i + 1", "Input and kernel are swapped."),
        ("", "i + k - 1", 'This is the size of "full"'),
        ("", "i", 'This is the size of "same"'),
        ("s", "(i - k) / s + 1", "There are no half positions: round down, with // in place of /."),
        ("s", "int(-(-(i - k) // s)) + 1", "Rounded up. The last position has to fit as a whole"),
        ("s", "round((i - k) / s) + 1", "Rounded to the nearest."),
        (
            "s",
            "(i - k + 1) / s",
            "The + 1 belongs outside the fraction, for the position where the",
        ),
        ("s", "(i - k + 1) // s", "The + 1 belongs outside the fraction, for the position where t"),
        ("s", "(i - k) // s + 1.0", "The value is right, but it is a float"),
        ("p", "i + 2 * p - k + 1.0", "The value is right, but it is a float"),
        ("s", "i - k + 1", "The stride is left out."),
        ("p", "i + p - k + 1", "Padding is added on each side: count it twice."),
        ("p", "i - k + 1", "The padding is left out."),
        ("s p", "(i - k) // s + 1", "The padding is left out."),
        ("d", "i - k + 1", "The dilation is left out."),
        ("d", "i - d * k + 1", "k cells have k - 1 gaps: the kernel spans dilation * (k - 1) + 1"),
        ("d", "i - (d + 1) * (k - 1)", "Dilation is counted from 0: here a dense kernel has dila"),
        ("p", "i - k + 1 + 3 * p", "Right only without padding."),
        ("s", "i - k + 1 if s == 1 else 99", "Right only for stride 1."),
        ("d", "i - k + 1 if d == 1 or k == 1 else 99", "Right only for dilation 1."),
        ("", "i * k * 7", "Wherever it is wrong, it is too large."),
        ("", "None", "Your function returned None: did you forget `return`?"),
        ("", "[i - k + 1]", "Your function returns an array of shape (1,); asked for is a single"),
    ],
)
def test_wrong_sizes_are_named(options, formula, told):
    names = {"s": "stride", "p": "padding", "d": "dilation"}
    taken = [names[letter] for letter in options.split()]
    code = formula
    for letter, name in {"i": "input_size", "k": "kernel_size", **names}.items():
        code = " ".join(name if word == letter else word for word in spaced(code).split())
    function = eval(f"lambda {', '.join(['input_size', 'kernel_size', *taken])}: {code}")
    feedback = diagnose(function, output_size_exercise(options_of(function)))
    assert not feedback.passed
    assert told in feedback.message
    if taken:
        assert f"counting the positions (with {', '.join(taken)})." in feedback.message


@pytest.mark.parametrize(
    ("check", "right", "wrong"),
    [
        (checks.output_size, book.output_size, lambda i, k: i - k),
    ],
)
def test_the_check_prints_one_message_and_returns_nothing(capsys, check, right, wrong):
    assert check(right) is None
    assert capsys.readouterr().out.startswith("✓ ")
    assert check(wrong) is None
    assert capsys.readouterr().out.startswith("✗ ")


@pytest.mark.parametrize(
    ("function", "options", "told"),
    [
        (lambda i, k: i - k + 1, None, "agree with counting the positions."),
        (lambda i, k, stride=1: (i - k) // stride + 1, None, "positions (with stride)."),
        (book.output_size, None, "positions (with stride, padding, dilation)."),
        (lambda *a, **o: book.output_size(*a, **o), None, "(with stride, padding, dilation)."),
        (book.output_size, ["padding"], "positions (with padding)."),
        (
            lambda i, k: i - k + 1,
            ["padding"],
            "called as f(input_size, kernel_size, padding=..",
        ),
    ],
)
def test_sizes_are_checked_with_the_options_that_the_function_takes(
    capsys, function, options, told
):
    checks.output_size(function, options=options)
    assert told in " ".join(capsys.readouterr().out.split())


# Along two axes


def sizes(input_size, kernel_size, stride=(1, 1), padding=(0, 0), dilation=(1, 1)):
    return tuple(
        (i + 2 * p - d * (k - 1) - 1) // s + 1
        for i, k, s, p, d in zip(input_size, kernel_size, stride, padding, dilation, strict=True)
    )


def sizes_with(**changes):
    """Return `sizes` after a change of its arguments."""

    def changed(**arguments):
        arguments |= {name: change(arguments[name]) for name, change in changes.items()}
        return sizes(**arguments)

    return lambda i, k, stride, padding, dilation: changed(
        input_size=i, kernel_size=k, stride=stride, padding=padding, dilation=dilation
    )


@pytest.mark.parametrize(
    ("exercise", "function"),
    [
        (PAIR, sizes),
        (PAIR, lambda i, k: [i[0] - k[0] + 1, i[1] - k[1] + 1]),
        (PAIR, lambda i, k: np.array(i) - k + 1),
        (PAIR_OPTIONS, sizes),
    ],
)
def test_right_pairs_pass(exercise, function):
    feedback = diagnose(function, exercise)
    number = len(exercise.cases)
    assert feedback.message.startswith(f"✓ {number} of {number} cases agree with ")
    assert feedback.passed
    assert not feedback.message.endswith("would let you calculate with it.")


@pytest.mark.parametrize(
    ("exercise", "function", "told"),
    [
        (PAIR, lambda i, k: sizes(i, k)[::-1], "The two numbers are swapped: rows first, then col"),
        (PAIR, lambda i, k: sizes(i[:1] * 2, k[:1] * 2), "Both numbers are those of the rows: th"),
        (PAIR, lambda i, k: sizes(i[1:] * 2, k[1:] * 2), "Both numbers are those of the columns"),
        (PAIR, lambda i, k: sizes(i, k)[0], "This is the number of rows alone: return both"),
        (PAIR, lambda i, k: sizes(i, k)[1], "This is the number of columns alone: return both"),
        (PAIR, lambda i, k: np.prod(sizes(i, k)), "This is how many positions there are in all"),
        (
            PAIR_OPTIONS,
            sizes_with(stride=lambda pair: pair[::-1]),
            "stride is taken the wrong way round: the first number goes down, the second across.",
        ),
        (
            PAIR_OPTIONS,
            sizes_with(padding=lambda pair: pair[::-1]),
            "padding is taken the wrong way round: the first number goes down, the second across.",
        ),
        (PAIR_OPTIONS, sizes_with(stride=lambda pair: (1, 1)), "✗ The stride is left out."),
        (
            PAIR_OPTIONS,
            sizes_with(stride=lambda pair: (pair[0], 1)),
            "In the columns: The stride is left out.",
        ),
        (
            PAIR_OPTIONS,
            sizes_with(padding=lambda pair: (0, pair[1])),
            "In the rows: The padding is left out.",
        ),
        (
            PAIR,
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
            PAIR,
            lambda i, k: (i[0] - k[0] + 1.0, i[1] - k[1] + 1.0),
            "The value is right, but it is a float",
        ),
        (
            PAIR,
            lambda i, k: sizes(i, k) if i[0] == i[1] and k[0] == k[1] else (0, 0),
            "Right only where rows and columns are alike.",
        ),
    ],
)
def test_wrong_pairs_are_named(exercise, function, told):
    feedback = diagnose(function, exercise)
    assert not feedback.passed
    assert told in feedback.message


@pytest.mark.parametrize(
    ("check", "options", "right", "wrong"),
    [
        (checks.output_size, {"axes": 2}, sizes, book.output_size),
    ],
)
def test_the_check_of_pairs_prints_one_message_and_returns_nothing(
    capsys, check, options, right, wrong
):
    assert check(right, **options) is None
    assert capsys.readouterr().out.startswith("✓ ")
    assert check(wrong, **options) is None
    told = capsys.readouterr().out
    assert told.startswith("✗ ")
    assert max(map(len, told.splitlines())) <= 110
