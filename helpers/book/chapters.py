"""The chapters as the table of contents has them: their texts, and the widgets that stand in them.

What lists, joins or pictures chapters, the gallery say or the glossary, reads them here.
"""

import re
from pathlib import Path

import yaml
from docutils import nodes

from helpers.widgets.base import Widget

CODE = re.compile(r"^```\{code-cell\}.*?\n(.*?)^```", re.M | re.S)
TITLE = re.compile(r"^# (.+)$", re.M)


def chapters_of(root):
    """Return {page: text} of the numbered chapters, in the order of the table of contents."""
    toc = yaml.safe_load((Path(root) / "_toc.yml").read_text("utf-8"))
    parts = [part for part in toc.get("parts", []) if part.get("numbered")]
    pages = [chapter["file"] for part in parts for chapter in part["chapters"]]
    return {page: (Path(root) / f"{page}.md").read_text("utf-8") for page in pages}


def title_of(text):
    """Return the heading of a page without the soft hyphens that let it break on a phone."""
    return TITLE.search(text)[1].replace("\N{SOFT HYPHEN}", "")


def widgets_in(text):
    """Return the names of the widgets that the code of a page makes, in order, each once.

    Examples
    --------
    >>> widgets_in("```{code-cell} ipython3\\nNeuron(bias=1)\\n```\\nand a Pooling() in prose")
    ['Neuron']
    """
    found = [name for code in CODE.findall(text) for name in re.findall(r"\b(\w+)\(", code)]
    return list(dict.fromkeys(name for name in found if name in Widget.registry))


def homes(chapters):
    """Return {widget: the page where it comes first}, in the order of the book.

    Widgets that stand in no chapter come last, with None.
    """
    found = {}
    for page, text in chapters.items():
        for name in widgets_in(text):
            found.setdefault(name, page)
    return found | {name: None for name in sorted(Widget.registry) if name not in found}


def faces(chapters):
    """Return {page: the widget that stands for it}: its first that no chapter before it has."""
    found = {}
    for page, text in chapters.items():
        own = [name for name in widgets_in(text) if name != "SelfCheck"]
        fresh = [name for name in own if name not in found.values()]
        if own:
            found[page] = (fresh or own)[0]
    return found


def link(address, *content):
    """Return a link inside the book."""
    return nodes.reference("", "", *content, refuri=address, internal=True)
