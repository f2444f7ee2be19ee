"""Layers as lines: there and back, and what is no line."""

import numpy as np
import pytest
from stacks import random_stack

from helpers.architecture import PRESETS, count, from_line, preset, to_line, totals
from helpers.architecture.kinds import complete


def test_there_and_back():
    rng = np.random.default_rng(4)
    stacks = [random_stack(rng)[0] for _ in range(60)] + [preset(name)[0] for name in PRESETS]
    lines = set()
    for layer in sum(stacks, []):
        line = to_line(layer)
        assert not set(line) & set(",;~_:") - {"_"}, "a link's separators"
        assert from_line(line) == complete(layer)
        lines.add(line)
    assert len(lines) > 100


@pytest.mark.parametrize(
    ("line", "written"),
    [
        ("Conv2D 8 3x5 strides=1x2", {"filters": 8, "kernel_size": (3, 5), "strides": (1, 2)}),
        ("ZeroPadding2D 1x0x2x0", {"padding": ((1, 0), (2, 0))}),
        ("Dropout 0.25", {"rate": 0.25}),
        ("Dense 10 use_bias=false", {"use_bias": False}),
    ],
)
def test_lines_worked_by_hand(line, written):
    assert from_line(line).items() >= written.items()
    assert to_line(from_line(line)) == line


@pytest.mark.parametrize(
    ("line", "told"),
    [
        ("", "is no layer"),
        (7, "is no layer"),
        ("LSTM 3", "begin with one of Conv2D"),
        ("Conv2D 8", "needs kernel_size"),
        ("Conv2D 8 3 4", "says more than Conv2D takes"),
        ("Conv2D 8 3 groups=2 groups=4", "says more"),
        ("Conv2D 8 3x", "does not fit"),
        ("Conv2D 8 -3", "does not fit"),
        ("Conv2D 8 3 colour=red", "has no setting 'colour'"),
        ("Dropout much", "rate='much' does not fit"),
    ],
)
def test_what_is_no_line_is_named(line, told):
    with pytest.raises(ValueError, match="layer|Conv2D|Dropout") as problem:
        from_line(line)
    assert told in str(problem.value)


def test_a_shortcut_is_held_until_it_is_added():
    # The input's 4·4·2 numbers wait while two layers of as many work on them.
    layers = [from_line(line) for line in ("Conv2D 2 3 padding=same", "Activation relu", "Add 0")]
    assert totals(count(layers, (4, 4, 2)))["widest"] == 3 * 32
    assert totals(count(layers[:2], (4, 4, 2)))["widest"] == 2 * 32
