"""What settings have to fulfil: one sentence for each refusal, whichever widget says it."""

import pytest

MODULE = "arithmetic/requirements.mjs"
BIG = {"least": 1, "most": 5}


@pytest.mark.parametrize(
    ("value", "limits", "sentence"),
    [
        (0, BIG, "use a number from 1 to 5."),
        (5.5, BIG, "use a number from 1 to 5."),
        (2.5, BIG | {"whole": True}, "use a whole number from 1 to 5."),
        ("3", BIG, "use a number from 1 to 5."),
        (None, BIG, "use a number from 1 to 5."),
        (0, {"least": 0, "most": 100, "above": True}, "use a number above 0 and up to 100."),
        (-1, {"least": 0, "whole": True}, "use a whole number from 0."),
    ],
)
def test_numbers_out_of_range(call_module, value, limits, sentence):
    said = "null" if value is None else value
    with pytest.raises(Exception, match=f"A seed of {said} does not work: {sentence}"):
        call_module(MODULE, "requireNumber", "seed", value, limits)
    with pytest.raises(Exception, match=f"{said} does not work as seed: {sentence}"):
        call_module(MODULE, "requireNumberAs", "seed", value, limits)


@pytest.mark.parametrize(
    ("value", "limits"),
    [(1, BIG), (5, BIG), (2.5, BIG), (1e-9, {"least": 0, "above": True}), (10**9, {"least": 0})],
)
def test_numbers_that_fit(call_module, value, limits):
    call_module(MODULE, "requireNumber", "seed", value, limits)
    call_module(MODULE, "requireNumberAs", "seed", value, limits)


def test_choices(call_module):
    call_module(MODULE, "requireOneOf", "size", 3, [3, 5])
    with pytest.raises(Exception, match="There is no size 4: use 3, 5."):
        call_module(MODULE, "requireOneOf", "size", 4, [3, 5])
    with pytest.raises(Exception, match="There is no data “x”: use moons, xor."):
        call_module(MODULE, "requireOneOf", "data", "x", ["moons", "xor"], "“x”")
    call_module(MODULE, "requireAnswer", "hidden")
    with pytest.raises(Exception, match="The answer can be shown or hidden, not open."):
        call_module(MODULE, "requireAnswer", "open")


@pytest.mark.parametrize(
    ("value", "axes", "expected"),
    [(3, 2, [3, 3]), ([1, 2], 2, [1, 2]), (4, 1, [4]), ([1, 2, 3], 2, None), ([4], 1, None)],
)
def test_one_for_all_axes_or_one_for_each(call_module, value, axes, expected):
    if expected:
        assert call_module(MODULE, "perAxis", value, axes, "No.") == expected
    else:
        with pytest.raises(Exception, match="No, two."):
            call_module(MODULE, "perAxis", value, axes, "No, two.")
