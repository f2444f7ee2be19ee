"""The page that lists every exercise of the chapters, made from the chapters themselves."""

import re
from pathlib import Path
from typing import NamedTuple

from docutils import nodes
from sphinx import addnodes
from sphinx.util.docutils import SphinxDirective

from helpers.book.chapters import chapters_of, link, title_of

_START = re.compile(
    r"^(:{3,}|`{3,})\{exercise(?:-start)?\} *(.*?) *\n((?::[\w-]+:.*\n)*)", re.MULTILINE
)
_LABEL = re.compile(r"^:label: *(\S+)", re.MULTILINE)
_IN_THE_PAGE = "In the page: "
_KINDS = {"prove": "a proof", "predict": "a prediction", "design": "a design"}


class Exercise(NamedTuple):
    """An exercise as its chapter writes it."""

    title: str
    label: str
    kind: str  # what it asks for


def exercises_of(text):
    """Return the exercises of a page, in order.

    Examples
    --------
    >>> page = ":::{exercise-start} Prove it: a sum\\n:label: ex-sum\\n:::\\n"
    >>> exercises_of(page)
    [Exercise(title='Prove it: a sum', label='ex-sum', kind='a proof')]
    """
    starts = list(_START.finditer(text))
    ends = [start.start() for start in starts[1:]] + [len(text)][: len(starts)]
    return [
        Exercise(start[2], _LABEL.search(start[3])[1], _kind(start[2], text[start.end() : end]))
        for start, end in zip(starts, ends, strict=True)
    ]


def _kind(title, body):
    """Return what an exercise asks for, by the first word of its title and by what checks it."""
    if title.startswith(_IN_THE_PAGE):
        return "in the page"
    asked = _KINDS.get(re.match(r"\w*", title)[0].lower())
    if asked:
        return asked
    task = re.split(r"\{(?:exercise-end|solution)", body)[0]
    if re.search(r"\bcheck(?:s\.|_)\w+\(", task):
        return "code, checked as it runs"
    return "code" if "{code-cell}" in task else "on paper"


def _listed(title):
    """Return a title without what the list says behind it.

    Examples
    --------
    >>> _listed("In the page: one cell late")
    'One cell late'
    """
    name = title.removeprefix(_IN_THE_PAGE)
    return name[:1].upper() + name[1:]


class Overview(SphinxDirective):
    """List the exercises of every chapter: number, title, and what is asked for."""

    def run(self):
        """Return one section for each chapter."""
        root = Path(self.env.srcdir)
        sections = []
        self.env.note_dependency(str(root / "_toc.yml"))
        for number, (page, text) in enumerate(chapters_of(root).items(), 1):
            self.env.note_dependency(str(root / f"{page}.md"))
            if found := exercises_of(text):
                sections.append(self.section(f"{number}. {title_of(text)}", page, found))
        return sections

    def section(self, title, page, found):
        """Return the list of one chapter's exercises under the chapter's title."""
        up = "../" * self.env.docname.count("/")
        section = nodes.section(ids=[f"exercises-{Path(page).name}"])
        section += nodes.title("", "", link(f"{up}{page}.html", nodes.Text(title)))
        listing = nodes.bullet_list(classes=["book-exercises"])
        for exercise in found:
            number = addnodes.pending_xref(
                "", nodes.inline("", exercise.label), refdomain="std", reftype="numref",
                reftarget=exercise.label, refdoc=self.env.docname, refexplicit=False, refwarn=True,
            )  # fmt: skip
            asked = nodes.inline("", f" ({exercise.kind})", classes=["book-where"])
            words = [number, nodes.Text(f": {_listed(exercise.title)}"), asked]
            listing += nodes.list_item("", nodes.paragraph("", "", *words))
        section += listing
        return section
