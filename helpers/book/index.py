"""The index of the book: every word of the glossary, and where the chapters speak of it.

First come the sections that teach a word, which are those that the glossary names; then the other
chapters that have it in a heading or in bold, or say it often, each by its number. In print the
numbers are those of the sheets (`scripts/print_book.py`).
"""

import re
from pathlib import Path

from docutils import nodes
from sphinx.util.docutils import SphinxDirective

from helpers.book import glossary
from helpers.book.chapters import chapters_of, link
from helpers.book.search import plain, sections_of

PAGE = "chapters/index-of-words"
OFTEN = 3
# Everybody's words, which mean something of their own only in the sections that teach them.
_EVERYDAY = {"full", "same", "valid", "unit", "objective", "delay"}
_REPEATED = re.compile(r"(exercises|further|check yourself|summary|sources|what you see)", re.I)


def words_of(text):
    """Return [(a word, the labels of the sections that teach it)] of a glossary, from A to Z.

    Examples
    --------
    >>> words_of("```{glossary}\\nstep, stride\\nlag\\n  How far. [](#one), [two](#two)\\n```\\n")
    [('lag', ['one', 'two']), ('step', ['one', 'two']), ('stride', ['one', 'two'])]
    """
    found = []
    for names, labels in glossary.blocks_of(text):
        found += [(word, labels) for name in names for word in name.split(", ")]
    return sorted(found, key=lambda entry: entry[0].casefold())


class Finder:
    """Counts the words of a glossary in texts: a long one is not counted as the short one in it."""

    def __init__(self, words):
        self.known = {_bare(word): word for word in words}
        longest_first = sorted(self.known, key=len, reverse=True)
        any_word = "|".join(re.escape(word).replace(r"\ ", r"[\s-]") for word in longest_first)
        self.pattern = re.compile(rf"\b({any_word})(?:e?s)?\b", re.I)

    def counts(self, text):
        """Return {word: how often} for the words that a text has.

        Examples
        --------
        >>> Finder(["unit", "unit impulse", "kernel"]).counts("Kernels: a unit impulse, a kernel")
        {'kernel': 2, 'unit impulse': 1}
        """
        found = {}
        for piece in self.pattern.findall(text):
            word = self.known[_bare(piece)]
            found[word] = found.get(word, 0) + 1
        return found


def _bare(word):
    """Return a word as it is compared: in small letters, and without hyphens."""
    return re.sub(r"[\s-]", " ", word.casefold())


def uses_of(sections, finder):
    """Return {word: anchor of the section of a chapter that speaks of it most}.

    Only words that the chapter has in a heading or in bold, or says often enough.
    """
    best, weights = {}, {}
    for section in sections:
        if _REPEATED.match(section.title):
            continue
        said = finder.counts(plain(" ".join(section.text)))
        apart = finder.counts(plain(" ¶ ".join([section.title, *section.terms])))
        for word in {**said, **apart}:
            weight = said.get(word, 0) + OFTEN * apart.get(word, 0)
            weights[word] = weights.get(word, 0) + weight
            best[word] = max(best.get(word, (0, "")), (weight, section.anchor), key=lambda w: w[0])
    return {word: anchor for word, (_, anchor) in best.items() if weights[word] >= OFTEN}


class Index(SphinxDirective):
    """Make room for the index, which is written when all chapters have been read."""

    def run(self):
        """Return an empty place."""
        return [nodes.container(classes=["book-index"])]


def renew(app, env):
    """Write the page again after any change, since it depends on all of the chapters."""
    return [PAGE] if PAGE in env.found_docs else []


def fill(app, doctree, docname):
    """Write the index into its place."""
    if docname != PAGE or app.builder.format != "html":
        return
    (place,) = (n for n in doctree.findall(nodes.container) if "book-index" in n["classes"])
    root = Path(app.srcdir)
    words = words_of((root / f"{glossary.PAGE}.md").read_text("utf-8"))
    finder = Finder([word for word, _ in words])
    chapters = list(chapters_of(root))
    uses = {page: uses_of(sections_of(app.env.get_doctree(page)), finder) for page in chapters}
    letter = None
    for word, labels in words:
        if word[0].upper() != letter:
            letter = word[0].upper()
            place += nodes.rubric("", letter)
            listing = nodes.bullet_list(classes=["book-index-words"])
            place += listing
        taught = [taught_at(app.env, label) for label in labels]
        line = nodes.paragraph("", word)
        for page, anchor, title in taught:
            name = f"{chapters.index(page) + 1} {title}".strip()
            line += [nodes.Text(", "), entry(app, page, anchor, nodes.strong("", name))]
        for number, page in enumerate(chapters, 1):
            anchor = None if word in _EVERYDAY else uses[page].get(word)
            if anchor and page not in {home for home, *_ in taught}:
                line += [nodes.Text(", "), entry(app, page, anchor, nodes.inline("", str(number)))]
        listing += nodes.list_item("", line)


def taught_at(env, label):
    """Return page, anchor and title of the section that has a label, or in which the label lies."""
    page, anchor, *_ = env.get_domain("std").anonlabels[label]
    section = env.get_doctree(page).next_node(lambda node: has_anchor(node, anchor))
    while not isinstance(section, nodes.section):
        section = section.parent
    return page, anchor, plain(section.next_node(nodes.title).astext())


def has_anchor(node, anchor):
    """Return whether an element has an anchor."""
    return isinstance(node, nodes.Element) and anchor in node.get("ids", ())


def entry(app, page, anchor, *content):
    """Return a link from the index to a place in a chapter."""
    address = f"{app.builder.get_relative_uri(PAGE, page)}#{anchor}"
    reference = link(address, *content)
    reference["classes"].append("book-index-place")
    return reference
