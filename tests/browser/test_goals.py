"""Goals in the page: the card tells by itself when one is met, and what went wrong if not."""

import json

import pytest
from contents import ROOT
from goal_cells import CHAPTERS, goal_cells, tries_of, widget_of
from playwright.sync_api import expect

from helpers.widgets import Convolve1D, at_least, goal

CASES = json.loads((ROOT / "tests" / "cases" / "goals.json").read_text("utf-8"))
SHOWN = ".cv-goal-words [data-shown]"
TRAINING_MS = 20_000
# Sets states as an address does, and tells what the card then says.
TRY = """async (card, states) => {
    const heard = [];
    for (const detail of states) {
        card.parentElement.dispatchEvent(new CustomEvent("cv-propose", { detail }));
        await new Promise((resolve) => setTimeout(resolve));
        const goal = card.querySelector(".cv-goal");
        heard.push([goal.dataset.kind, goal.querySelector("[data-shown]").textContent]);
    }
    return heard;
}"""


def test_both_languages_have_the_same_rules(call_module):
    for value, wanted, holds in CASES["conditions"]:
        assert call_module("arithmetic/goals.mjs", "fits", value, wanted) is holds, (value, wanted)
    for wanted in [{"not": 3}, {"any": [{"not": 3}]}]:
        assert call_module("arithmetic/goals.mjs", "fits", float("nan"), wanted) is False
    for made, problem in CASES["refused"]:
        names = ["output", "kernel"]
        told = call_module("arithmetic/goals.mjs", "problemWith", made, "Toy", names)
        assert told == problem, made


@pytest.fixture
def adding(show):
    """A card that wants a kernel whose weights add up to 3 or more."""
    widget = Convolve1D(
        kernel=[1, 0],
        goal=goal(
            "Let the weights add up to 3 or more.",
            {"kernel_sum": at_least(3)},
            near=[({"kernel_sum": 2}, "One is missing: " + "look again, " * 12)],
            now="They add up to {kernel_sum}.",
            met="That is enough.",
        ),
    )
    return show(widget).locator(".cv")


def test_a_goal_is_checked_while_the_reader_types_and_nothing_moves(adding):
    card, said = adding, adding.locator(SHOWN)
    height = card.bounding_box()["height"]
    cell = card.locator(".cv-goal ~ .cv-stage input").first
    mark = card.locator(".cv-goal-mark")
    expect(card.locator(".cv-goal-task")).to_have_text("Goal: Let the weights add up to 3 or more.")
    expect(said).to_have_text("It is checked as you go.")
    for typed, heard, kind in [
        ("−5", "Not yet. They add up to −5.", "far"),
        ("2", "One is missing: look again,", "near"),
        ("4", "Reached. That is enough.", "met"),
    ]:
        field = card.get_by_label("w[0]").first
        field.fill(typed)
        field.press("Enter")
        expect(said).to_contain_text(heard)
        assert card.locator(".cv-goal").get_attribute("data-kind") == kind
        assert card.bounding_box()["height"] == height
    expect(card.locator(".cv-goal-task strong")).to_have_text("Goal met:")
    expect(card.locator(".cv-goal .cv-spoken")).to_have_text("Goal met. That is enough.")
    tick = mark.locator("path").get_attribute("d")
    field.fill("0")
    field.press("Enter")
    # Not on show any more, but reached: the tick stays, and words say so.
    expect(card.locator(".cv-goal-task strong")).to_have_text("Goal, met before:")
    assert mark.locator("path").get_attribute("d") == tick
    assert cell.is_visible()


def test_a_goal_is_as_tall_when_it_is_met_as_before(adding):
    heights = """panel => Array.from({ length: 100 }, (_, i) => {
        panel.style.width = `${240 + 4 * i}px`;
        return panel.offsetHeight;
    })"""
    panel, seen = adding.locator(".cv-goal"), []
    for weights, kind in [([2, 0], "near"), ([4, 0], "met"), ([-5, 0], "far")]:
        adding.evaluate(TRY, [{"kernel": weights}])
        expect(panel).to_have_attribute("data-kind", kind)
        seen.append(panel.evaluate(heights))
    assert seen[0] == seen[1] == seen[2]
    expect(panel.locator("strong").first).to_have_text("Goal, met before:")


def test_a_page_with_a_goal_that_cannot_be_says_so(show):
    widget = Convolve1D()
    widget._trait_values["goal"] = {"says": "Go.", "reach": {"nothing": 1}}
    card = show(widget).locator(".cv")
    expect(card.locator(".cv-note")).to_contain_text("Convolve1D has no “nothing”")


@pytest.mark.parametrize("chapter", CHAPTERS, ids=lambda page: page.stem)
def test_the_goals_of_a_chapter_are_reached_and_missed_as_python_says(show, chapter):
    tries = tries_of(chapter)
    widgets = {label: widget_of(goal_cells(chapter)[label]) for label in tries}
    page = show(*widgets.values())
    for card, (label, each) in zip(page.locator(".cv").all(), tries.items(), strict=True):
        panel = card.locator(".cv-goal")
        expect(panel).to_have_attribute("data-kind", "open")
        misses = [miss for miss in each["near"] if "told" not in miss]
        start = {
            name: widgets[label].state()[name] for miss in each["near"] for name in miss["state"]
        }
        states = [start | miss["state"] for miss in misses]
        for miss, (kind, heard) in zip(misses, card.evaluate(TRY, states), strict=True):
            assert (kind in ("near", "far")) and miss["says"] in heard, (label, miss, kind, heard)
        card.evaluate(TRY, [start | each["solution"]])
        if "told" in each:
            card.locator(".cv-play .cv-primary").click()
        expect(panel).to_have_attribute("data-kind", "met", timeout=TRAINING_MS)
        expect(card.locator(SHOWN)).to_contain_text("Reached.")


def test_a_goal_that_was_met_is_remembered_and_ticked_in_the_list_of_exercises(visit, site):
    page = visit(f"{site}/chapters/03-convolution-2d.html")

    def card():
        widget = page.locator("#ex-goal-move .cv-widget")
        widget.scroll_into_view_if_needed()
        widget.and_(page.locator("[data-ready]")).wait_for()
        return widget.locator(".cv")

    task = card().locator(".cv-goal-task")
    expect(task).to_contain_text("Goal: Build")
    (chapter,) = (one for one in CHAPTERS if one.stem.startswith("03"))
    card().evaluate(TRY, [tries_of(chapter)["ex-goal-move"]["solution"]])
    expect(task).to_contain_text("Goal met:")
    card().get_by_role("button", name="All as it was at first").click()
    page.reload()
    card()
    expect(task).to_contain_text("Goal, met before:")
    page.goto(f"{site}/chapters/all-exercises.html")
    ticked = page.locator(".book-exercises li:has(.book-read)")
    expect(ticked).to_have_count(1)
    expect(ticked).to_contain_text(": Move the picture (in the page)")
