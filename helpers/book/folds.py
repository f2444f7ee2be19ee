"""Names for the buttons that show the code of a cell: each says what its code makes.

A page has dozens of them. Whoever goes from button to button, or asks for a list of them, hears
what stands below the button, and not the same three words again and again.
"""

import html
import json
import re

from helpers.book.gallery import heading_of
from helpers.book.sharing import shortened

LONGEST = 70

_CELL = re.compile(r'(?=<div class="cell [^"]*\bdocutils container">)')
_SUMMARY = re.compile(
    r'<summary aria-label="Toggle hidden content">\s*'
    r'<p class="collapsed admonition-title">([^<]*)</p>\s*'
    r'<p class="expanded admonition-title">([^<]*)</p>\s*</summary>'
)
_WIDGET = re.compile(r'data-widget="(\w+)"><script type="application/json">(.*?)</script>', re.S)
_NAMED = re.compile(r'class="(?:book-table|book-picture)"[^>]*? aria-label="([^"]*)"', re.S)
_INPUT = re.compile(r"<pre>(.*?)</pre>", re.S)
_OUTPUT = re.compile(r'<div class="cell_output')


def add_names(app, pagename, templatename, context, doctree):
    """Name the buttons of a page."""
    if "above-input" in context.get("body", ""):
        context["body"] = with_names(context["body"])


def with_names(body):
    """Return the body of a page in which each button above a hidden input has its own name."""
    given = {}

    def named(cell):
        found = _SUMMARY.search(cell)
        if not found:
            return cell
        what = name_of(cell)
        given[what] = given.get(what, 0) + 1
        number = f" ({given[what]})" if given[what] > 1 else ""
        of = f'<span class="visually-hidden">: {html.escape(what, quote=False)}{number}</span>'
        summary = (
            f'<summary><p class="collapsed admonition-title">{found[1]}{of}</p>'
            f'<p class="expanded admonition-title">{found[2]}{of}</p></summary>'
        )
        return cell[: found.start()] + summary + cell[found.end() :]

    return "".join(map(named, _CELL.split(body)))


def name_of(cell):
    """Return what a cell makes: a widget's title, what its table or picture shows, or a line of it.

    Examples
    --------
    >>> name_of('<pre><span></span>x = 1\\n<span>print</span>(x)\\n</pre>')
    'print(x)'
    >>> name_of('<pre>x = 1\\nshow(\\n    one,\\n    wrong,\\n)</pre>')
    'show( one, wrong'
    >>> name_of('<pre>Table()</pre><div class="book-table" aria-label="Two modes"></div>')
    'Two modes'
    """
    if widget := _WIDGET.search(cell):
        return json.loads(widget[2]).get("title") or heading_of(widget[1])
    if named := _NAMED.search(cell):
        return shortened(html.unescape(named[1]), LONGEST)
    code = _INPUT.search(_OUTPUT.split(cell)[0])
    lines = html.unescape(re.sub(r"<[^>]*>", "", code[1])).strip().splitlines() if code else [""]
    # The last statement, which may go on over several lines.
    begins = [i for i, line in enumerate(lines) if re.match(r"(?=.*[a-z]{3})[^\s)\]}]", line)]
    said = [line.strip() for line in lines[(begins or [0])[-1] :] if re.search(r"\w", line)]
    return shortened(" ".join(said).rstrip(" ,"), LONGEST)
