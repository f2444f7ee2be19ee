"""A page of its own for every widget, without the book around it: for the pages of other courses.

There is one for each widget as it stands in the book, such as
``widgets/03-convolution-2d-convolve2d.html``, and one for each class as it is without arguments,
``widgets/convolve2d.html``.
"""

import html
import inspect
import re
from pathlib import Path

from helpers.book.gallery import heading_of
from helpers.book.scripts import PAGE_FOLDER, widget_files, without_comments
from helpers.widgets.base import Widget

CONTAINER = re.compile(
    r'<div class="cv-widget" data-widget="(\w+)"[^>]*>'
    r'(<script type="application/json">.*?</script>)',
    re.S,
)

PAGE = """\
<!doctype html>
<html lang="en">
<head>
<meta charset="utf-8">
<meta name="viewport" content="width=device-width,initial-scale=1">
<meta name="robots" content="noindex">
<title>{heading}</title>
<link rel="stylesheet" href="../_static/book.css">
<link rel="stylesheet" href="../_static/{style}">
<script src="../_static/book-frame.js"></script>
<script defer src="../_static/{script}"></script>
</head>
<body class="book-frame">
<main>
<h1 class="book-frame-name">{book}</h1>
<h2 class="book-frame-name">{heading}</h2>
<div class="cv-widget" data-widget="{name}">{state}<p class="cv-fallback">{about}</p></div>
</main>
<footer><a href="../{home}" target="_blank" rel="noopener">{book}</a></footer>
</body>
</html>
"""


def add_script(app):
    """Write the script of these pages where Sphinx serves static files from."""
    if app.builder.format != "html":
        return
    static = Path(app.outdir) / "_static"
    static.mkdir(parents=True, exist_ok=True)
    script = (PAGE_FOLDER / "frame.js").read_text("utf-8")
    (static / "book-frame.js").write_text(without_comments(script), "utf-8")


def add_pages(app, pagename, templatename, context, doctree):
    """Give each widget of a page its own, in the state in which it stands there."""
    counts = {}
    for name, state in CONTAINER.findall(context.get("body", "")):
        stem = name.lower()
        counts[stem] = counts.get(stem, 0) + 1
        place = stem if counts[stem] == 1 else f"{stem}-{counts[stem]}"
        home = f"{pagename}.html?widget={place}"
        write_page(app, f"{pagename.rpartition('/')[2]}-{place}", name, state, home)


def add_defaults(app, exception):
    """Give each class that needs no arguments a page."""
    if exception or app.builder.format != "html":
        return
    for name, kind in sorted(Widget.registry.items()):
        if not needs_arguments(kind):
            bundle, _ = kind()._repr_mimebundle_()
            ((_, state),) = CONTAINER.findall(bundle["text/html"])
            write_page(app, name.lower(), name, state, f"{app.config.root_doc}.html")


def needs_arguments(kind):
    """Return whether a class cannot be made without arguments."""
    parameters = inspect.signature(kind).parameters.values()
    variable = (inspect.Parameter.VAR_POSITIONAL, inspect.Parameter.VAR_KEYWORD)
    return any(p.default is p.empty and p.kind not in variable for p in parameters)


def write_page(app, stem, name, state, home):
    """Write the page of one widget."""
    script, style = widget_files(app, [name])
    folder = Path(app.outdir) / "widgets"
    folder.mkdir(exist_ok=True)
    texts = {
        "heading": heading_of(name),
        "about": Widget.registry[name].__doc__.splitlines()[0],
        "book": f"From the book “{app.config.html_title or app.config.project}”",
        "home": home,
    }
    texts = {key: html.escape(text) for key, text in texts.items()}
    page = PAGE.format(name=name, state=state, script=script, style=style, **texts)
    (folder / f"{stem}.html").write_text(page, "utf-8")
