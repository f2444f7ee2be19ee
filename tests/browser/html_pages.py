"""Built pages, read without a browser: which anchors, links, pictures and words they hold."""

from dataclasses import dataclass, field
from functools import cache, cached_property
from html.parser import HTMLParser

VOID = {
    "area",
    "base",
    "br",
    "col",
    "embed",
    "hr",
    "img",
    "input",
    "link",
    "meta",
    "source",
    "track",
    "wbr",
}
SILENT = {"script", "style"}
ARTICLE = "the article"  # as if it were the id of a page's own text


@dataclass
class Part:
    """A page, or what stands inside one of its elements."""

    pieces: list = field(default_factory=list)
    links: list = field(default_factory=list)
    pictures: list = field(default_factory=list)

    @cached_property
    def text(self):
        """Its words, with single spaces and without hints where they may be broken."""
        return " ".join("".join(self.pieces).replace("\N{SOFT HYPHEN}", "").split())


class Page(HTMLParser):
    """A page as its reader finds it; `anchors` are the places that a link can lead to."""

    def __init__(self, source):
        super().__init__(convert_charrefs=True)
        self.whole, self.parts, self._open = Part(), {}, []
        self.feed(source)
        self.anchors = set(self.parts)

    def inside(self, anchor):
        """Return what stands inside the element with this id."""
        return self.parts[anchor]

    def _around(self):
        return [self.whole, *(part for _, part in self._open if part)]

    def handle_starttag(self, tag, attributes):
        attributes = dict(attributes)
        if anchor := attributes.get("id") or (tag == "article" and ARTICLE):
            self.parts[anchor] = Part()
        if tag not in VOID:
            self._open.append((tag, self.parts[anchor] if anchor else None))
        for part in self._around():
            if tag == "a" and "href" in attributes:
                part.links.append(attributes["href"])
            if tag == "img":
                part.pictures.append(attributes["src"])

    def handle_endtag(self, tag):
        if any(tag == name for name, _ in self._open):
            while self._open.pop()[0] != tag:
                pass

    def handle_data(self, data):
        if not any(tag in SILENT for tag, _ in self._open):
            for part in self._around():
                part.pieces.append(data)


@cache
def read_page(path):
    """Return a built page, read once."""
    return Page(path.read_text("utf-8"))
