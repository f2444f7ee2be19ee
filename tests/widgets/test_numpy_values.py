"""What stands for a value in NumPy is taken as it, by every trait of every widget, or refused."""

import json
from fractions import Fraction

import numpy as np
import pytest
import traitlets

from helpers import widgets
from helpers.widgets.base import Widget

QUESTIONS = [widgets.number("How many?", 3, "Three.")]
NEEDED = {"SelfCheck": [QUESTIONS]}


def example(name):
    return Widget.registry[name](*NEEDED.get(name, []))


def states(widget):
    """Return the traits that can be set, with their values."""
    return {
        name: value
        for name, value in widget.state().items()
        if not getattr(type(widget), name).read_only
    }


def is_numeric(value):
    if isinstance(value, list):
        return bool(value) and all(map(is_numeric, value))
    return isinstance(value, bool | int | float)


def same_in_numpy(value):
    """Return what NumPy, and plain Python, have for a value."""
    if isinstance(value, bool):
        return [np.bool_(value), np.array(value)]
    if isinstance(value, int):
        return [np.int64(value), np.array(value), np.array(value, np.int32), *small(value)]
    if isinstance(value, float):
        return [np.float64(value), np.array(value), np.longdouble(value), Fraction(value)]
    if isinstance(value, str):
        return [np.str_(value), np.array(value)]
    if is_numeric(value) and not any(isinstance(entry, bool) for entry in value):
        return [np.array(value), tuple(value), np.array(value)[::-1][::-1], *ranges(value)]
    return []


def small(value):
    return [np.int8(value), np.float32(value).astype(int)] if -128 <= value < 128 else []


def ranges(value):
    counting = range(value[0], value[0] + len(value)) if isinstance(value[0], int) else None
    return [counting] if counting is not None and list(counting) == value else []


ODD = [
    np.float64("nan"), np.float64("inf"), np.complex128(1 + 2j), np.array([1 + 2j]),
    np.array([object()]), np.array(["a", "1"]), np.datetime64("2020-01-01"), np.timedelta64(3, "D"),
    np.ma.masked_array([1, 2, 3], mask=[0, 1, 0]), np.ma.masked, np.array([]), np.zeros((2, 2, 2)),
    np.zeros((1, 1, 1, 1, 1)), np.float64(1.5), np.int64(-3), np.uint64(2**64 - 1), np.bool_(True),
    np.array([True, False]), np.array([[1.5, np.nan]]), range(10**9), range(0), np.zeros(30_000),
    np.array(3), np.array([3]), np.array([1, 2]), np.eye(3), np.array(b"x"), np.void(b"12"),
    np.array([[1, 2], [3, 4]], np.uint8), b"3", bytearray(b"3"), 10**400, Fraction(1, 3), 1j, "no",
    {"a": np.int64(1)}, {1: 2}, {np.str_("x1"): np.float32(0.5)}, [np.int64(1), "a"], [[np.nan]],
    object(), len, type, lambda: 1, iter([1]), {1, 2}, None, True, float("inf"), 1e308, [1e308],
]  # fmt: skip


@pytest.mark.parametrize("name", sorted(Widget.registry))
def test_numpy_has_the_same_values(name):
    for trait, value in states(example(name)).items():
        for given in same_in_numpy(value):
            widget = example(name)
            setattr(widget, trait, given)
            kept = getattr(widget, trait)
            assert kept == value, (trait, given)
            assert json.loads(json.dumps(kept)) == kept, (trait, given)


def refusal(widget, trait, given):
    """Set a trait, and return the sentence that says why it cannot be; "" where it can."""
    try:
        setattr(widget, trait, given)
    except traitlets.TraitError as problem:
        return str(problem)
    return ""


@pytest.mark.parametrize("name", sorted(Widget.registry))
def test_what_does_not_fit_is_refused_in_words_and_the_rest_can_be_shown(name):
    refused = 0
    widget = example(name)
    for trait in states(widget):
        for given in ODD:
            before = json.dumps(widget.state())
            sentence = refusal(widget, trait, given)
            if sentence:
                assert 10 < len(sentence) < 600, (trait, given)
                assert json.dumps(widget.state()) == before, (trait, given)
                refused += 1
                continue
            assert "cv-widget" in widget._static_form(), (trait, given)
            json.dumps(widget.state(), allow_nan=False)
            widget = example(name)
    assert refused > 50
