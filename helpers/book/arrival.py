"""A chapter's first widget before the rest of the chapter.

A chapter is twenty screens long, and a browser lays all of it out before anything on it can be
used. So when a reader comes to the top of one, the sections far below the first widget wait until
that widget stands: `page/arrive.js` ends this then, or at the first thing that the reader does.
Whoever comes to a place further down, by an address or by going back, finds the whole page at once.
"""

import re

_TAG = re.compile(r"<section\b([^>]*)>|</section>")

# A page that comes back, is opened at a place, or belongs to a lecture does not wait.
SCRIPT = """<script>
    try {
      if (performance.getEntriesByType("navigation")[0].type === "navigate" &&
        !location.hash && !location.search &&
        !Object.keys(sessionStorage).some((key) => key.startsWith("book ")))
        document.documentElement.classList.add("book-arriving");
    } catch {} // a browser that keeps nothing shows the whole page at once
</script>"""


def add_arrival(app, pagename, templatename, context, doctree):
    """Let the later sections of a page with widgets wait."""
    body = with_later_sections(context.get("body", ""))
    if app.builder.format == "html" and body != context.get("body", ""):
        context["body"] = body
        context["metatags"] = context.get("metatags", "") + SCRIPT


def with_later_sections(body):
    """Return the body of a page that names the sections far below its first widget.

    The one that follows the widget's own is near: a large screen may show where it begins.

    Examples
    --------
    >>> first = '<section id="a"><p data-widget="Neuron"></p></section>'
    >>> body = f'<section>{first}<section id="b"></section><section id="c"></section></section>'
    >>> with_later_sections(body).partition('id="b"')[2]
    '></section><section class="book-later" id="c"></section></section>'
    """
    widget = body.find("data-widget=")
    depth, after, pieces, last = 0, 0, [], 0
    for tag in _TAG.finditer(body):
        depth += 1 if tag[0] != "</section>" else -1
        if tag[0] == "</section>" or depth != 2 or not 0 <= widget < tag.start():
            continue
        after += 1
        if after > 1 and "class=" not in tag[1]:
            pieces += [body[last : tag.start()], f'<section class="book-later"{tag[1]}>']
            last = tag.end()
    return "".join([*pieces, body[last:]])
