"""Goals: what they accept and refuse, and that those of the chapters can be reached."""

import json
import re

import pytest
from contents import ROOT
from goal_cells import CHAPTERS, goal_cells, tries_of, widget_of
from traitlets import TraitError

from helpers.widgets import (
    Convolve1D,
    any_of,
    at_least,
    at_most,
    each,
    goal,
    other_than,
)
from helpers.widgets.goals import fits, problem_with

CASES = json.loads((ROOT / "tests" / "cases" / "goals.json").read_text("utf-8"))


by_chapter = pytest.mark.parametrize("chapter", CHAPTERS, ids=lambda page: page.stem)


def set_all(widget, state):
    with widget.hold_trait_notifications():
        for name, value in state.items():
            setattr(widget, name, value)


@pytest.mark.parametrize(("value", "wanted", "holds"), CASES["conditions"])
def test_a_condition_holds_or_not(value, wanted, holds):
    assert fits(value, wanted) is holds


@pytest.mark.parametrize(("made", "problem"), CASES["refused"])
def test_a_goal_that_cannot_be_is_refused_in_a_sentence(made, problem):
    assert problem_with(made, "Toy", ["kernel", "output"]) == problem


@pytest.mark.parametrize("near", [({"a": 1}, "No."), [({"a": 1},)], {"a": "No."}, ["ab"]])
def test_near_misses_are_pairs(near):
    with pytest.raises(TypeError, match=r"^near=.* has to be a list of pairs: \[\(conditions"):
        goal("Build it.", {"a": 2}, near=near)


@pytest.mark.parametrize("wanted", [other_than(3), at_most(3), any_of(other_than(3))])
def test_what_is_no_number_meets_no_condition(wanted):
    assert fits(float("nan"), wanted) is False
    assert fits([1, float("nan")], each(wanted)) is False


def test_a_widget_refuses_it_and_says_what_there_is():
    with pytest.raises(TraitError, match="Convolve1D has no “kernal” .* kernel_sum"):
        Convolve1D(goal=goal("Build it.", {"kernal": [1]}))
    widget = Convolve1D()
    with pytest.raises(TraitError, match="“larger” is no condition"):
        widget.goal = goal("Build it.", {"kernel_sum": {"larger": 1}})
    assert widget.goal_met is None


def test_python_tells_whether_it_is_met():
    widget = Convolve1D(
        kernel=[1],
        goal=goal(
            "Add up to 2 or more.",
            {"kernel_sum": at_least(2)},
            near=[({"kernel_sum": 1}, "1 more.")],
        ),
    )
    assert (widget.goal_met, widget.goal_miss) == (False, "1 more.")
    widget.kernel = [1, 1]
    assert (widget.goal_met, widget.goal_miss) == (True, "")


@by_chapter
def test_every_chapter_has_two_or_more_and_tries_at_each(chapter):
    cells = goal_cells(chapter)
    assert len(cells) >= 2
    assert cells.keys() == tries_of(chapter).keys()
    text = chapter.read_text("utf-8")
    titles = {
        label: title for title, label in re.findall(r"exercise-start\} (.+)\n:label: (\S+)", text)
    }
    assert all(titles[label].startswith("In the page: ") for label in cells)


@by_chapter
def test_the_start_is_no_solution_and_the_solution_is_one(chapter):
    for label, tries in tries_of(chapter).items():
        widget = widget_of(goal_cells(chapter)[label])
        assert widget.goal_met is False, label
        set_all(widget, {**tries["solution"], **tries.get("told", {})})
        assert widget.goal_met is True, label


@by_chapter
def test_every_near_miss_is_told_what_went_wrong(chapter):
    """Whatever a goal says of a miss, a try in `tests/goals` meets."""
    for label, tries in tries_of(chapter).items():
        heard = set()
        for miss in tries["near"]:
            widget = widget_of(goal_cells(chapter)[label])
            set_all(widget, {**miss["state"], **miss.get("told", {})})
            assert widget.goal_met is False, (label, miss)
            heard.add(widget.goal_miss)
            assert miss["says"] in widget.goal_miss or not widget.goal_miss, (label, miss)
        assert len(heard - {""}) >= 2, label
        never = {miss["says"] for miss in widget.goal["near"]} - heard
        assert not never, (label, never)
