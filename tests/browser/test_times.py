"""The times on the built pages, against what stands on them, counted anew from their HTML."""

import json
import re

import pytest
from bs4 import BeautifulSoup
from contents import listed_pages

CHAPTERS = [page for page in listed_pages() if re.match(r"chapters/\d", page)]
LENGTH = r"(?:(\d+) hours?|(\d+) h (\d+) min|(\d+) minutes)"


def minutes(words):
    """The times in a text, in minutes."""
    found = re.findall(LENGTH, words)
    return [
        60 * int(hours or full or 0) + int(rest or few or 0) for hours, full, rest, few in found
    ]


def soup_of(book, name):
    return BeautifulSoup((book / f"{name}.html").read_text("utf-8"), "html.parser")


def take(article, selector):
    """Take what a selector finds out of the page, and return it."""
    return [element.extract() for element in article.select(selector)]


def length(elements):
    return sum(len(element.get_text(" ").split()) for element in elements)


def lines(elements):
    texts = [pre.get_text() for element in elements for pre in element.select("pre")]
    return sum(bool(line.strip()) for text in texts for line in text.splitlines())


@pytest.mark.parametrize("name", CHAPTERS)
def test_a_chapter_promises_what_its_text_takes(book, name):
    soup = soup_of(book, name)
    article = soup.select_one("article")
    promised = minutes(article.select_one("p.cv-times").extract().get_text())
    assert len(promised) == 2

    widgets = article.select(".cv-widget[data-widget]")
    checks = [box for box in widgets if box["data-widget"] == "SelfCheck"]
    questions = sum(len(json.loads(box.script.string)["questions"]) for box in checks)
    take(article, ".headerlink, .math.inline, span.math, script, style")
    # A cell's code behind "show the code" is not read.
    take(article, ".cell > details")
    exercises = len(article.select(".exercise"))
    folds = take(article, ".exercise, .solution, .dropdown")
    folded_code = [c for fold in folds for c in take(fold, ".cell_input")]
    folded_results = [c for fold in folds for c in take(fold, ".cell_output > *")]
    formulas = take(article, "div.math")
    code = take(article, ".cell_input")
    results = take(article, ".cell_output > *")
    results = [box for box in results if not box.select(".cv-widget")]

    trials = len(widgets) - len(checks)
    reading = length([article]) / 200 + lines(code) / 15
    reading += (len(formulas) + len(results)) / 3 + trials
    working = reading + length(folds) / 200 + lines(folded_code) / 15 + len(folded_results) / 3
    working += 3 * trials + 6 * exercises + questions
    # Headings, tables and figures are marked up with words of their own.
    assert promised[0] == pytest.approx(reading, abs=5)
    assert promised[1] == pytest.approx(working, abs=8)


def test_the_front_page_prints_the_time_of_every_chapter(book):
    front = soup_of(book, "index").select_one("article")
    for name in CHAPTERS:
        promised = minutes(soup_of(book, name).select_one("article p.cv-times").get_text())
        shown = [
            minutes(time.get_text())
            for time in front.select(".cv-times")
            if time.find_previous("a")["href"] == f"{name}.html"
        ]
        assert shown == [promised], name
