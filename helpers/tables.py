"""Tables of numbers that code computed, for the page and for a terminal.

What a chapter prints in a table is never typed: cells are arrays and numbers, shown with true minus
signs and few digits. A table follows the theme of the page, and scrolls by itself where the page is
too narrow for it.
"""

import html
import re

import numpy as np


class Table:
    """A small table for the page and for a terminal.

    Parameters
    ----------
    header : sequence of str
        One title per column.
    rows : sequence of sequences
        Text, numbers, arrays of one dimension (shown as ``(1, −1, 2)``) or of two (on a page as
        a small grid of numbers), or None for an empty cell.
        Text may hold `code` between backticks and [links](https://...).
    caption : str
        What the table shows.
    widths : sequence of str, optional
        CSS widths of the columns, for a table of prose; otherwise the cells decide.

    Raises
    ------
    ValueError
        If a row has not as many cells as the header.

    Examples
    --------
    >>> Table(["mode", "y"], [["valid", np.array([1, 3, 5])], ["empty", None]], caption="Two modes")
    Two modes
    mode   y
    valid  (1, 3, 5)
    empty
    """

    def __init__(self, header, rows, *, caption, widths=()):
        self.header, self.caption, self.widths = list(header), caption, widths
        self.rows = [list(row) for row in rows]
        for row in self.rows:
            if len(row) != len(self.header):
                raise ValueError(f"the row {row} needs one cell for each of {self.header}")

    def __repr__(self):
        lines = [self.header, *[[_text(cell) for cell in row] for row in self.rows]]
        widths = [max(map(len, column)) for column in zip(*lines, strict=True)]
        aligned = ("  ".join(map(str.ljust, line, widths)).rstrip() for line in lines)
        return "\n".join([self.caption, *aligned])

    def _repr_html_(self):
        columns = "".join(f'<col style="width: {width}">' for width in self.widths)
        head = "".join(
            f'<th scope="col">{_html(title)}</th>' if title else "<td></td>"
            for title in self.header
        )
        body = "".join(f"<tr>{''.join(map(_data_cell, row))}</tr>" for row in self.rows)
        fixed = ' style="table-layout: fixed; min-width: 38rem"' if self.widths else ""
        label, caption = html.escape(self.caption), _html(self.caption)
        # A wide table scrolls by itself on a phone; the tab stop lets the keyboard scroll it too,
        # and its caption stays in sight.
        stay = "position: sticky; left: 0; display: inline-block; max-width: min(100%, 88vw)"
        return (
            f'<div class="book-table" role="region" tabindex="0" aria-label="{label}" '
            f'style="overflow-x: auto"><table class="table"{fixed}>'
            '<caption style="color: inherit; text-align: left">'
            f'<span style="{stay}">{caption}</span></caption><colgroup>{columns}</colgroup>'
            f"<thead><tr>{head}</tr></thead><tbody>{body}</tbody></table></div>"
        )


def _text(cell):
    """Return one cell as text: true minus signs, and at most four significant digits."""
    if cell is None:
        return ""
    if isinstance(cell, str):
        return cell
    if np.ndim(cell):
        return f"({', '.join(_text(value) for value in cell)})"
    number = f"{cell + 0.0:.4g}" if isinstance(cell, float | np.floating) else str(cell)
    return number.replace("-", "−")


def _html(cell):
    """Return one cell as HTML, with `code` and [links](https://...) as in Markdown."""
    if not isinstance(cell, str) and np.ndim(cell) == 2:
        return _grid(cell)
    text = re.sub(r"`([^`]+)`", r"<code>\1</code>", html.escape(_text(cell)))
    return re.sub(r"\[([^]]+)\]\((https?://[^)\s]+)\)", r'<a href="\2">\1</a>', text)


def _grid(array):
    """Return a two-dimensional array as rows and columns of numbers, for one cell of a table."""
    columns = np.shape(array)[1]
    style = (
        f"display: inline-grid; grid-template-columns: repeat({columns}, auto); "
        "column-gap: 0.7em; text-align: right; font-variant-numeric: tabular-nums; line-height: 1.3"
    )
    numbers = "".join(f"<span>{_text(number)} </span>" for row in array for number in row)
    return f'<span style="{style}">{numbers}</span>'


def _data_cell(cell):
    """Return one cell as `<td>`; a row of numbers stays on one line."""
    keep = "" if cell is None or isinstance(cell, str) else ' style="white-space: nowrap"'
    return f"<td{keep}>{_html(cell)}</td>"


def symptoms(rows, names, *, caption="What you see, why, and a one-line test"):
    """Return a table of surprises: what you see, why, a one-line test, and what the test prints.

    Parameters
    ----------
    rows : sequence of (str, str, str)
        What a learner sees, the reason, and a Python expression that shows it.
    names : dict
        What the expressions may use: a notebook passes `globals()`.
    caption : str
        Of the table.

    Returns
    -------
    Table
        The expressions are evaluated, so the book cannot print what they do not give.

    Examples
    --------
    >>> symptoms([("11 cells", "full is longer", "10 + 2 - 1")], {}, caption="Sizes")
    Sizes
    what you see  why             a one-line test, and what it prints
    11 cells      full is longer  `10 + 2 - 1` → 11
    """
    header = ["what you see", "why", "a one-line test, and what it prints"]
    tested = [[see, why, f"`{test}` → {_text(eval(test, names))}"] for see, why, test in rows]
    return Table(header, tested, caption=caption, widths=("25%", "35%", "40%"))
