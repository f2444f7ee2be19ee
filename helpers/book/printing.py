"""Stills in the place of widgets that nobody has woken: for a printer, which does not wait.

Modules and pictures come to a page after its words. Where somebody prints before, each widget that
is not drawn yet has its still from `stills`; browsers load it for print alone.
"""

import html
import re

from helpers.book.gallery import heading_of
from helpers.book.stills import SIZE, has_still, still_name

# After the state of a widget, in its container.
_CONTAINER = re.compile(
    r'(<div class="cv-widget" data-widget="(\w+)">'
    r'<script type="application/json">(?:(?!</script>).)*</script>)',
    re.S,
)


def add_stills(app, pagename, templatename, context, doctree):
    """Give the widgets of a page their stills."""
    if app.builder.format == "html" and "data-widget=" in context.get("body", ""):
        context["body"] = with_stills(context["body"], "../" * pagename.count("/"))


def with_stills(body, up):
    """Return the body of a page with a still in each widget's container, which only paper shows.

    The questions of a self-check are its words, which are there anyway.

    Parameters
    ----------
    body : str
        HTML.
    up : str
        The way from the page to the top of the book, such as ``../``.
    """

    def still(found):
        name = found[2]
        if name == "SelfCheck" or not has_still(name):
            return found[1]
        width, height = SIZE
        return (
            f'{found[1]}<figure class="book-print-still">'
            f'<img src="{up}_static/stills/{still_name(name, "light")}" alt="" '
            f'width="{width}" height="{height}" loading="lazy">'
            f"<figcaption>A still of the widget “{html.escape(heading_of(name))}”</figcaption>"
            "</figure>"
        )

    return _CONTAINER.sub(still, body)
