"""The times that chapters promise are counted in their text."""

import re

import pytest
from contents import ROOT, listed_pages
from docutils import nodes
from sphinx_exercise.nodes import exercise_enumerable_node, solution_node

from helpers.book import times

CHAPTERS = [page for page in listed_pages() if re.match(r"chapters/\d", page)]
CHECK = '{"questions": [{"kind": "number"}, {"kind": "choice"}, {"kind": "number"}]}'


def words(number):
    return nodes.paragraph("", " ".join(["word"] * number))


def html(name, state="{}"):
    form = f'<div data-widget="{name}"><script type="application/json">{state}</script></div>'
    return nodes.container("", nodes.raw("", form, format="html"), nodes.raw("", form, format="md"))


def cell(code, *results, tag=""):
    source = nodes.container("", nodes.literal_block("", code), classes=["cell_input"])
    output = nodes.container("", *results, classes=["cell_output"])
    return nodes.container("", source, output, classes=["cell", tag])


def picture():
    return nodes.container("", nodes.image(uri="a.png"))


def page():
    """A page with something of each kind; what stands in it is said beside it."""
    solution = solution_node("", words(30), cell("one = 1\n\ntwo = 2"))  # 2 lines: none is empty
    exercise = exercise_enumerable_node("", words(20), cell("...", picture()))
    fold = nodes.admonition("", words(10), classes=["dropdown"])
    inline = nodes.paragraph("", "", nodes.math("", "a b"))
    widget = cell("hidden", html("Neuron"), tag="tag_hide-input")
    check = cell("", html("SelfCheck", CHECK))
    code = cell("first\nsecond\nthird", picture())
    formula = nodes.math_block("", "x = 1")
    parts = [words(100), formula, inline, code, widget, fold, exercise, solution, check]
    return nodes.document(None, None, "", *parts)


def test_a_page_is_counted_by_hand():
    shown, folded = times.count(page())
    assert shown == {
        "words": 100, "code lines": 3, "formulas": 1, "results": 1, "widgets": 1,
        "exercises": 0, "questions": 0,
    }  # fmt: skip
    assert folded == {
        "words": 10 + 20 + 30, "code lines": 1 + 2, "formulas": 0, "results": 1, "widgets": 0,
        "exercises": 1, "questions": 3,
    }  # fmt: skip


def test_the_formula_is_the_one_that_is_stated():
    shown, folded = times.count(page())
    many = [{kind: 20 * number for kind, number in one.items()} for one in (shown, folded)]
    reading = 2000 / 200 + 60 / 15 + 20 / 3 + 20 / 3 + 20 * 1
    working = reading + 1200 / 200 + 60 / 15 + 20 / 3 + 20 * 3 + 20 * 6 + 60 * 1
    assert times.minutes(*many) == (5 * round(reading / 5), 5 * round(working / 5))


@pytest.mark.parametrize("name", CHAPTERS)
def test_no_chapter_promises_a_time_typed_by_hand(name):
    text = (ROOT / f"{name}.md").read_text("utf-8")
    opening = text[text.index("\n# ") : text.index("```{code-cell}")]
    assert "**You will be able to**" in opening  # below which the time is printed
    assert not re.search(r"\b(minutes?|hours?)\b", opening)


def test_nor_does_the_front_page():
    text = (ROOT / "index.md").read_text("utf-8")
    assert not re.search(r"\d+ (minutes|hours|min|h)\b", text)
