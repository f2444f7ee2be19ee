"""What the four source tutorials teach is in the book, and so is what they get wrong.

`tests/coverage_of_sources.yml` is the table: a row of the sources, the places that have it, and
words that stand there.
"""

import pytest
import yaml
from contents import ROOT
from html_pages import ARTICLE, read_page

ROWS = yaml.safe_load((ROOT / "tests" / "coverage_of_sources.yml").read_text("utf-8"))


def plain(text):
    return text.replace("\N{NO-BREAK SPACE}", " ").replace("\N{NARROW NO-BREAK SPACE}", " ")


@pytest.mark.parametrize("row", ROWS, ids=[row["row"][:50] for row in ROWS])
def test_a_row_of_the_sources_is_in_the_book(book, row):
    assert row["taught"]
    for place in row["taught"]:
        name, anchor = place["at"].split("#")
        page = read_page(book / f"{name}.html")
        assert anchor in page.anchors, place["at"]
        assert place["words"]
        text = plain(page.inside(ARTICLE).text)
        assert [words for words in place["words"] if plain(words) not in text] == []


def test_no_row_is_lost():
    """Four tutorials, their slips, and those of well-known references."""
    counts = [sum(row["part"] == part for row in ROWS) for part in range(1, 7)]
    assert counts == [22, 13, 8, 7, 12, 5]
