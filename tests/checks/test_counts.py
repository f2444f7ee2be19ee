"""Diagnoses of counts of parameters, given by formulas that make the mistakes."""

from itertools import pairwise

import pytest

from helpers import checks
from helpers.checks.counts import network_count_exercise, parameter_count_exercise
from helpers.checks.diagnosis import diagnose
from helpers.layers import Dense, Input
from helpers.network import Sequential

LAYER, NETWORK = parameter_count_exercise(), network_count_exercise()


@pytest.mark.parametrize(
    ("exercise", "function"),
    [
        (LAYER, lambda rows, cols, c_in, c_out: rows * cols * c_in * c_out + c_out),
    ],
)
def test_right_counts_of_a_layer_pass(exercise, function):
    feedback = diagnose(function, exercise)
    number = len(exercise.cases)
    assert feedback.message.startswith(f"✓ {number} of {number} cases agree with ")
    assert feedback.passed
    assert not feedback.message.endswith("would let you calculate with it.")


@pytest.mark.parametrize(
    ("exercise", "function", "told"),
    [
        (LAYER, lambda r, c, i, o: r * c * i * o, "Counted are only the weights: the biases are"),
        (LAYER, lambda r, c, i, o: r * c * i * o + 1, "one bias for each output channel, not one"),
        (LAYER, lambda r, c, i, o: r * c * i * o + i, "not for each input channel."),
        (LAYER, lambda r, c, i, o: (r * c + 1) * i * o, "Each kernel has one bias, not one for ea"),
        (LAYER, lambda r, c, i, o: 2 * r * c * i * o, "not one for each of its weights."),
        (LAYER, lambda r, c, i, o: (r * c + 1) * o, "Each kernel reaches through all input chann"),
        (LAYER, lambda r, c, i, o: r * c * o, "multiply by channels_in. And the biases are miss"),
        (LAYER, lambda r, c, i, o: r * c * i + 1, "one kernel for each output channel: multiply"),
        (LAYER, lambda r, c, i, o: r * c * i + o, "multiply by channels_out, its weights and its"),
        (LAYER, lambda r, c, i, o: r * c * i, "multiply by channels_out. And the biases are mis"),
        (LAYER, lambda r, c, i, o: r * c, "The channels are left out: each kernel reaches"),
        (LAYER, lambda r, c, i, o: (r * r * i + 1) * o, "The columns of the kernel are left out,"),
        (LAYER, lambda r, c, i, o: (c * c * i + 1) * o, "The rows of the kernel are taken to be"),
        (LAYER, lambda r, c, i, o: r + c + i + o, "are multiplied, not added."),
        (LAYER, lambda r, c, i, o: float((r * c * i + 1) * o), "The value is right, but it is a f"),
    ],
)
def test_wrong_counts_of_a_layer_are_named(exercise, function, told):
    feedback = diagnose(function, exercise)
    assert not feedback.passed
    assert told in feedback.message


@pytest.mark.parametrize(
    ("check", "options", "right", "wrong"),
    [
        (checks.parameter_count, {}, lambda r, c, i, o: (r * c * i + 1) * o, max),
    ],
)
def test_checks_print_one_message_and_return_nothing(capsys, check, options, right, wrong):
    assert check(right, **options) is None
    assert capsys.readouterr().out.startswith("✓ ")
    assert check(wrong, **options) is None
    told = capsys.readouterr().out
    assert told.startswith("✗ ")
    assert max(map(len, told.splitlines())) <= 110


def count_of_the_book(sizes):
    inputs, *widths = sizes
    return Sequential([Input((inputs,)), *map(Dense, widths)]).count_params()


@pytest.mark.parametrize(
    ("exercise", "function"),
    [
        (NETWORK, count_of_the_book),
        (NETWORK, lambda sizes: sum((sizes[i] + 1) * sizes[i + 1] for i in range(len(sizes) - 1))),
    ],
)
def test_right_counts_of_a_network_pass(exercise, function):
    feedback = diagnose(function, exercise)
    assert feedback.passed, feedback.message
    number = len(exercise.cases)
    assert feedback.message.startswith(
        f"✓ {number} of {number} cases agree with {exercise.oracle}."
    )


@pytest.mark.parametrize(
    ("exercise", "function", "told"),
    [
        (NETWORK, lambda s: sum(m * n for m, n in pairwise(s)), "Counted are only the weights"),
        (NETWORK, lambda s: s[0] * s[1] + s[1], "Right only for a single layer."),
        (NETWORK, lambda s: sum(s) + sum(m * n for m, n in pairwise(s)), "The inputs have no bias"),
    ],
)
def test_wrong_counts_of_a_network_are_named(exercise, function, told):
    feedback = diagnose(function, exercise)
    assert not feedback.passed
    assert told in feedback.message


def test_network_of_the_source_has_366():
    (case,) = [case for case in NETWORK.cases if case["sizes"] == [10, 12, 12, 6]]
    assert NETWORK.expected(**case) == 366


def test_a_right_count_of_a_network_is_praised(capsys):
    checks.network_count(count_of_the_book)
    assert capsys.readouterr().out.startswith("✓ ")
