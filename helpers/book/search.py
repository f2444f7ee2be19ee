"""The search: an index of all sections and of the words of the widgets, in a script that works
from disk and is loaded when a reader opens the search, not before.

It takes the place of Sphinx's own, which knows pages only, loads its index on every page, and does
not see a word with a soft hyphen in it, or what a widget says.
"""

import html
import json
import re
from functools import cache
from pathlib import Path

from docutils import nodes
from sphinx import addnodes

from helpers.book.gallery import heading_of
from helpers.book.numbers import spell_out
from helpers.book.scripts import PAGE_FOLDER, minified, without_comments
from helpers.widgets.base import Widget
from helpers.widgets.modules import module_sources

_WIDGET = re.compile(r'data-widget="(\w+)"><script type="application/json">(.*?)</script>', re.S)
_LITERAL = re.compile(r'"((?:[^"\\\n]|\\.)*)"|`((?:[^`\\]|\\.)*)`')
# Names of classes and elements, selectors, paths and pieces of code.
_NO_WORDS = re.compile(r"cv-|=>|[{}<>=_]|^[-.#\[(]|^\S*[.:/]\S|^[a-z]+([A-Z]|-[a-z])\S*$|^\W*$")
_THEMES_SCRIPTS = {"searchtools.js", "language_data.js", "searchindex.js", "sphinx_highlight.js"}


def plain(text):
    """Return a text without soft hyphens and with single spaces.

    Examples
    --------
    >>> plain("back\\N{SOFT HYPHEN}propa\\n gation")
    'backpropa gation'
    """
    return " ".join(text.replace("\N{SOFT HYPHEN}", "").split())


def literals(source):
    """Return the texts in a module that people may read, without what stands in them for code.

    Examples
    --------
    >>> literals('h("p.cv-note", {}, camera ? "stop the webcam" : `${count} cells of padding`)')
    ['stop the webcam', 'cells of padding']
    """
    found = []
    for single, template in _LITERAL.findall(without_comments(source)):
        text = plain(re.sub(r"\$\{[^{}]*\}|\\u[0-9a-f]{4}|\\n", " ", single or template))
        if not _NO_WORDS.search(text) and re.search(r"[A-Za-z]{3}", text):
            found.append(text)
    return list(dict.fromkeys(found))


@cache
def widget_words(name):
    """Return what a widget says: in its own modules, and in those that few others share with it."""
    modules = {kind: module_sources(f"{w.module}/widget.mjs") for kind, w in _registry().items()}
    words = [Widget.registry[name].fallback]
    for file, source in modules[name].items():
        if sum(file in files for files in modules.values()) <= len(modules) / 2:
            words += literals(source)
    return plain(" · ".join(words))


def _registry():
    return dict(sorted(Widget.registry.items()))


class Section:
    """What the search knows of a section: one entry of the index.

    Attributes
    ----------
    anchor, title : str
    text : list of str
        What a reader sees, paragraph by paragraph.
    terms : list of str
        What is set in bold, as the book does where it says what a word means.
    code : list of str
    widgets : list of (str, str)
        Class and heading of each.
    """

    def __init__(self, anchor, title):
        self.anchor, self.title = anchor, title
        self.text, self.terms, self.code, self.widgets = [], [], [], []

    def entry(self):
        """Return the section as it stands in the index, ready for JSON."""
        return [
            self.anchor,
            self.title,
            " ¶ ".join(filter(None, map(plain, self.text))),
            plain(" · ".join(self.terms)),
            plain(" ".join(self.code)),
            self.widgets,
        ]


def sections_of(document):
    """Return the sections of a page's document tree, in their order."""
    found = []
    for top in document.children:
        if isinstance(top, nodes.section):
            _read_section(top, found)
    return found


def _read_section(section, found):
    title = plain(readable(section.next_node(nodes.title)))
    here = Section(section["ids"][0], title)
    found.append(here)
    for child in section.children:
        if isinstance(child, nodes.section):
            _read_section(child, found)
        elif not isinstance(child, nodes.title):
            _read(child, here, found)


def _read(node, here, found):
    """Add what a node holds to a section; a section inside it (an exercise has one) is no own."""
    if isinstance(node, nodes.literal_block):
        here.code.append(node.astext())
    elif isinstance(node, nodes.math_block):
        here.text.append(node.get("spoken", ""))
    elif isinstance(node, nodes.raw):
        _read_html(node.astext(), here)
    elif isinstance(node, nodes.TextElement):
        here.text.append(readable(node))
        here.terms += [strong.astext() for strong in node.findall(nodes.strong)]
    elif node.get("nb_element") == "mime_bundle":  # the same result in several forms
        forms = {form.get("mime_type"): form for form in node.children}
        best = forms.get("text/html") or next(iter(forms.values()), None)
        if best is not None:
            _read(best, here, found)
    else:
        for child in node.children:
            if isinstance(child, nodes.Element):
                _read(child, here, found)


def readable(node):
    """Return the text of a node, with an ellipsis for a formula that cannot be read as it is."""
    if isinstance(node, nodes.math):
        return "…" if re.search(r"[\\^_{]", node.astext()) else node.astext()
    if isinstance(node, nodes.raw | addnodes.index | nodes.comment):
        return " "
    if isinstance(node, nodes.Text):
        return node.astext()
    return "".join(map(readable, node.children))


def _read_html(text, here):
    for name, state in _WIDGET.findall(text):
        state = json.loads(state)
        if name == "SelfCheck":
            here.text.append(_untagged(" ".join(_strings(state["questions"]))))
        elif name in Widget.registry:
            here.widgets.append([name, state["title"] or heading_of(name)])
    here.text.append(_untagged(_WIDGET.sub(" ", text)))


def _strings(value):
    """Return all texts of a tree of lists and dictionaries."""
    if isinstance(value, str):
        return [value] if " " in value else []
    values = value.values() if isinstance(value, dict) else value if isinstance(value, list) else []
    return [text for one in values for text in _strings(one)]


def _untagged(text):
    text = re.sub(r"<(script|style|math|svg)\b.*?</\1>", " ", text, flags=re.S)
    return html.unescape(re.sub(r"<[^>]+>", " ", text))


def index(app):
    """Return all that the search knows of the book, ready for JSON."""
    pages, used = [], set()
    for name in _in_order(app):
        document = app.env.get_doctree(name)
        spell_out(app.env, document)
        found = sections_of(document)
        used |= {widget for section in found for widget, _ in section.widgets}
        pages.append(
            {
                "page": app.builder.get_target_uri(name),
                "number": _number(app, name),
                "sections": [section.entry() for section in found],
            }
        )
    return {"pages": pages, "widgets": {name: widget_words(name) for name in sorted(used)}}


def _in_order(app):
    """Return the names of the pages in the order of the contents, the front page first."""
    order = [app.config.root_doc]
    for name in order:
        children = app.env.toctree_includes.get(name, [])
        order += [child for child in children if child not in order]
    return order


def _number(app, name):
    """Return the number of a chapter, or None for a page of another kind."""
    numbers = app.env.toc_secnumbers.get(name, {})
    return numbers[""][0] if numbers.get("") else None


def search_script(known):
    """Return the script that finds things in an index."""
    script = (PAGE_FOLDER / "search.mjs").read_text("utf-8")
    table = json.dumps(known, ensure_ascii=False, separators=(",", ":")).replace("<", "\\u003c")
    return f"(function(){{{minified(script.replace('export ', ''))};start({table})}})();\n"


def replace_sphinxs_own(app):
    """Keep Sphinx from making its index, which is used no more."""
    app.builder.search = False


def results_page(app):
    """Return the page of results, which Sphinx leaves out together with its index."""
    return [("search", {}, "search.html")] if app.builder.format == "html" else []


def write(app, exception):
    """Write the script of the search when all pages are known."""
    if not exception and app.builder.format == "html":
        path = Path(app.outdir) / "_static" / "book-search.js"
        path.write_text(search_script(index(app)), "utf-8")


def without_sphinxs_own(page):
    """Return a page that does not load Sphinx's search, which is not used.

    Examples
    --------
    >>> without_sphinxs_own('<script src="../searchindex.js"></script><script src="a.js"></script>')
    '<script src="a.js"></script>'
    """
    names = "|".join(map(re.escape, sorted(_THEMES_SCRIPTS)))
    return re.sub(rf'\s*<script src="[^"]*\b({names})(\?[^"]*)?"></script>', "", page)
