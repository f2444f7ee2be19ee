"""Tables: the numbers as the book writes them, in a page and in a terminal."""

from xml.etree import ElementTree

import numpy as np
import pytest

from helpers.tables import Table, symptoms


def test_a_table_prints_numbers_as_the_book_writes_them():
    rows = [
        ["`np.sum(a)`", np.array([1, -1, 2])],
        ["mean", np.float64(-2 / 3)],
        [None, 7],
        ["", -0.0],
    ]
    table = Table(["what", "value"], rows, caption="Numbers")
    assert repr(table).splitlines() == [
        "Numbers",
        "what         value",
        "`np.sum(a)`  (1, −1, 2)",
        "mean         −0.6667",
        "             7",
        "             0",
    ]
    root = ElementTree.fromstring(table._repr_html_())
    cells = [["".join(cell.itertext()) for cell in row] for row in root.iter("tr")]
    assert cells[:3] == [["what", "value"], ["np.sum(a)", "(1, −1, 2)"], ["mean", "−0.6667"]]
    assert root.find(".//code").text == "np.sum(a)"
    assert root.get("aria-label") == root.find(".//caption/span").text == "Numbers"


def test_a_table_escapes_its_text():
    table = Table(["a < b"], [["`x < y` & <b>"]], caption="<i>")
    root = ElementTree.fromstring(table._repr_html_())
    assert "".join(root.find(".//td").itertext()) == "x < y & <b>"
    assert root.find(".//th").text == "a < b"
    assert root.find(".//b") is None


def test_a_row_of_numbers_stays_on_one_line():
    table = Table(["a", "b"], [[np.array([1, 2]), "some words that may wrap"]], caption="")
    numbers, words = ElementTree.fromstring(table._repr_html_()).iter("td")
    assert "nowrap" in numbers.get("style")
    assert words.get("style") is None


def test_a_grid_of_numbers_keeps_its_rows():
    table = Table(["y"], [[np.array([[1, -20, 3], [4, 5, 6]])]], caption="")
    (cell,) = ElementTree.fromstring(table._repr_html_()).iter("td")
    assert "".join(cell.itertext()).split() == ["1", "−20", "3", "4", "5", "6"]
    assert "repeat(3, auto)" in cell[0].get("style")
    assert repr(table).splitlines()[-1] == "((1, −20, 3), (4, 5, 6))"


def test_a_table_links():
    cell = "asked in [issue `1` & 2](https://example.org/a?b=1&c=2), not [here](javascript:x)"
    root = ElementTree.fromstring(Table(["a"], [[cell]], caption="")._repr_html_())
    (link,) = root.iter("a")
    assert link.get("href") == "https://example.org/a?b=1&c=2"
    assert "".join(link.itertext()) == "issue 1 & 2"


def test_symptoms_print_what_their_tests_give():
    names = {"np": np, "a": np.array([1, 2])}
    rows = [("see", "why", "np.convolve(a, [1, 0, -1])"), ("b", "c", "a[0] == 2")]
    table = symptoms(rows, names)
    assert [row[2] for row in table.rows] == [
        "`np.convolve(a, [1, 0, -1])` → (1, 2, −1, −2)",
        "`a[0] == 2` → False",
    ]
    with pytest.raises(NameError):
        symptoms([("see", "why", "unknown")], names)


def test_a_row_with_a_missing_cell_is_refused():
    with pytest.raises(ValueError, match="one cell for each of"):
        Table(["a", "b"], [[1]], caption="")


def test_a_column_without_a_title_has_no_empty_heading():
    root = ElementTree.fromstring(Table(["", "b"], [["x", "y"]], caption="c")._repr_html_())
    assert [heading.text for heading in root.iter("th")] == ["b"]
    assert len(root.find(".//thead/tr")) == 2
