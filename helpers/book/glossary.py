"""The glossary and the chapters point at each other.

Each entry of `chapters/glossary.md` links to the sections that teach it; from these links every
chapter's summary gets the list of its words.
"""

import re
from pathlib import Path

from docutils import nodes

from helpers.book.chapters import chapters_of, link

PAGE = "chapters/glossary"
_BLOCK = re.compile(r"^```\{glossary\}\n(.*?)^```", re.M | re.S)
_LABEL = re.compile(r"^\(([\w-]+)\)=$", re.M)


def blocks_of(text):
    """Return [(names of a term, labels of the sections that teach it)] of a glossary."""
    found = []
    for block in re.split(r"\n{2,}", _BLOCK.search(text)[1].strip()):
        names = [line for line in block.splitlines() if not line.startswith((" ", ":"))]
        if names:
            found.append((names, re.findall(r"\(#([\w-]+)\)", block)))
    return found


def entries_of(text):
    """Return {first name of a term: labels of the sections that teach it} of a glossary.

    Examples
    --------
    >>> entries_of("```{glossary}\\nlag\\ndelay\\n  How far behind. [](#correlation)\\n```\\n")
    {'lag': ['correlation']}
    """
    return {names[0]: labels for names, labels in blocks_of(text)}


def words_of(chapters, entries):
    """Return {page: the terms that one of its sections teaches}."""
    return {
        page: [term for term, labels in entries.items() if set(labels) & set(_LABEL.findall(text))]
        for page, text in chapters.items()
    }


def term_anchor(term):
    """Return the place of a term on the glossary's page.

    Examples
    --------
    >>> term_anchor("L1 and L2 penalties")
    'term-L1-and-L2-penalties'
    """
    return "term-" + re.sub(r"[^\w]+", "-", term).strip("-")


def add_words(app, doctree, docname):
    """List a chapter's words at the end of its summary, with links to the glossary."""
    source = Path(app.srcdir) / f"{PAGE}.md"
    if app.builder.format != "html" or not source.exists():
        return
    words = words_of(chapters_of(app.srcdir), entries_of(source.read_text("utf-8"))).get(docname)
    summary = next((s for s in doctree.findall(nodes.section) if is_summary(s)), None)
    if not words or summary is None:
        return
    page = app.builder.get_relative_uri(docname, PAGE)
    line = nodes.paragraph("", "Words of this chapter, as the ", classes=["book-words"])
    line += [link(page, nodes.Text("glossary")), nodes.Text(" has them: ")]
    for place, term in enumerate(words):
        line += nodes.Text("; " if place else "")
        line += link(f"{page}#{term_anchor(term)}", nodes.Text(term))
    line += nodes.Text(".")
    summary += line


def is_summary(section):
    """Return whether a section is a chapter's summary."""
    title = next(iter(section.findall(nodes.title)), None)
    return title is not None and title.astext() == "Summary"
