"""The pages that list what is in the book: the gallery of widgets, and the cards of the front page.

Both are made from the registry and the chapters, so that a new widget and a new chapter come by
themselves.
"""

import re
from pathlib import Path

from docutils import nodes
from sphinx.util.docutils import SphinxDirective

from helpers.book.chapters import chapters_of, faces, homes, link
from helpers.book.stills import still_html
from helpers.widgets.base import Widget
from helpers.widgets.modules import FOLDER, module_sources

HEADING = re.compile(r"""defineWidget\(\{.*?^ {2}title: "([^"]+)",$""", re.M | re.S)


def heading_of(name):
    """Return what stands at the top of a widget's card.

    Examples
    --------
    >>> heading_of("Convolve1D")
    'Slide one signal over another'
    """
    entry = f"{Widget.registry[name].module}/widget.mjs"
    return HEADING.search(module_sources(entry)[entry])[1]


def raw(text):
    """Return HTML as a node."""
    return nodes.raw("", text, format="html")


class Gallery(SphinxDirective):
    """Show every widget: its picture, its name, what it does, and where to find it."""

    def run(self):
        """Return one section for each widget, so that the contents and the search lead to it."""
        root = Path(self.env.srcdir)
        chapters = chapters_of(root)
        for path in [root / "_toc.yml", *(root / f"{page}.md" for page in chapters)]:
            self.env.note_dependency(str(path))
        up = "../" * self.env.docname.count("/")
        return [
            self.entry(name, page, list(chapters).index(page) + 1 if page else 0, up)
            for name, page in homes(chapters).items()
        ]

    def entry(self, name, page, number, up):
        """Return the section of one widget."""
        kind = Widget.registry[name]
        for file in (FOLDER / kind.module).glob("*"):
            self.env.note_dependency(str(file))
        heading, about = heading_of(name), kind.__doc__.splitlines()[0]
        # SelfCheck writes its own, from its questions.
        shows = kind.fallback.partition(". ")[0] if isinstance(kind.fallback, str) else about
        picture = nodes.paragraph("", "", raw(still_html(name, f"{up}_static", shows)))
        where = nodes.paragraph("", "", nodes.literal("", name), classes=["book-where"])
        section = nodes.section(ids=[f"gallery-{name.lower()}"], classes=["book-card"])
        title = nodes.Text(heading)
        if page:
            title = link(f"{up}{page}.html?widget={name.lower()}", title)
            where += nodes.Text(f", first in chapter {number}")
        section += [nodes.title("", "", title), picture]
        section += [nodes.paragraph("", about), where]
        return section


def lay_out_cards(app, doctree, docname):
    """Name the sections that hold cards: a style that looks for them is slow (see `theme`)."""
    for section in doctree.findall(nodes.section):
        parts = [part for part in section if isinstance(part, nodes.Element)]
        if any("book-card" in part["classes"] for part in parts):
            section["classes"].append("book-gallery")


def dress_cards(app, doctree, docname):
    """Put a picture into each entry of the front page's list of chapters, and make it a card."""
    if docname != app.config.root_doc or app.builder.format != "html":
        return
    chosen = faces(chapters_of(app.srcdir))
    for listing in doctree.findall(nodes.enumerated_list):
        pages = [page_of(item) for item in listing.children]
        if "book-card" in listing.parent["classes"] or not set(pages) & set(chosen):
            continue
        listing["classes"].append("book-cards")
        for item, page in zip(listing.children, pages, strict=True):
            item["classes"].append("book-card")
            if page in chosen:
                item.insert(0, raw(still_html(chosen[page], "_static")))


def page_of(item):
    """Return the page that the first link of an entry leads to, without its ending; "" for none.

    A chapter that the front page lists and the table of contents lacks has become no link.
    """
    first = next(iter(item.findall(nodes.reference)), {})
    return first.get("refuri", "").partition(".html")[0]
