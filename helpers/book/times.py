"""How long a chapter takes, computed from what stands on its page, and printed where it promises.

Reading time is for the text that nobody has to open; working time is for all of the page: what is
folded, every widget used, every exercise done. The code behind a table or a figure that is folded
away counts as neither. `MINUTES` and `MORE_MINUTES` are the whole formula.
"""

import json
import re

from docutils import nodes
from sphinx_exercise.nodes import is_exercise_node, is_solution_node

# The minutes that one of each takes: words at 200 a minute, as of a text that is understood, and
# lines of code at 15.
MINUTES = {
    "words": 1 / 200,
    "code lines": 1 / 15,
    "formulas": 1 / 3,  # displayed, not inline
    "results": 1 / 3,  # tables, pictures and printed lines below a cell
    "widgets": 1,  # seen and played once
}
# What working adds for one of each.
MORE_MINUTES = {
    "widgets": 3,  # predicted, and tried with numbers of one's own
    "exercises": 6,
    "questions": 1,  # of a self-check
}

_FOLDED = {"dropdown", "toggle"}
_UNREAD = {"tag_hide-input", "tag_hide-cell"}
_WIDGET = re.compile(r'data-widget="(\w+)"><script type="application/json">(.*?)</script>', re.S)


def count(document):
    """Return what a chapter's document tree holds: a pair of counts, of the open and the folded.

    Examples
    --------
    >>> from docutils.core import publish_doctree
    >>> shown, folded = count(publish_doctree("Four words, no more."))
    >>> shown["words"], folded["words"]
    (4, 0)
    """
    shown = dict.fromkeys([*MINUTES, *MORE_MINUTES], 0)
    folded = shown.copy()
    _count(document, shown, folded)
    return shown, folded


def _count(node, here, folded):
    """Add what a node holds to the counts of `here`, or of `folded` where it is folded away."""
    classes = set(node.get("classes", [])) if isinstance(node, nodes.Element) else set()
    if isinstance(node, nodes.Text):
        here["words"] += len(node.astext().split())
    elif is_exercise_node(node):
        folded["exercises"] += 1
        _count_children(node, folded, folded)  # whoever only reads, reads on
    elif is_solution_node(node) or classes & _FOLDED:
        _count_children(node, folded, folded)
    elif isinstance(node, nodes.math_block):
        here["formulas"] += 1
    elif isinstance(node, nodes.math | nodes.comment | nodes.raw | nodes.system_message):
        pass
    elif isinstance(node, nodes.literal_block):
        here["code lines"] += sum(bool(line.strip()) for line in node.astext().splitlines())
    elif "cell" in classes:
        for part in node.children:
            if "cell_input" not in part.get("classes", []):
                _count_output(part, here, folded)
            elif not classes & _UNREAD:
                _count_children(part, here, folded)
    else:
        _count_children(node, here, folded)


def _count_children(node, here, folded):
    for child in node.children:
        _count(child, here, folded)


def _count_output(output, here, folded):
    """Add a cell's output: widgets and questions where there are any, or else one result each."""
    for result in output.children:
        forms = [form for form in result.findall(nodes.raw) if form.get("format") == "html"]
        widgets = [found for form in forms for found in _WIDGET.findall(form.astext())]
        for name, state in widgets:
            if name == "SelfCheck":
                folded["questions"] += len(json.loads(state)["questions"])
            else:
                here["widgets"] += 1
        here["results"] += not widgets


def minutes(shown, folded):
    """Return the reading and the working time of a chapter in minutes, rounded to five.

    Examples
    --------
    >>> nothing = dict.fromkeys([*MINUTES, *MORE_MINUTES], 0)
    >>> minutes(nothing | {"words": 4000, "widgets": 10}, nothing | {"exercises": 5})
    (30, 90)
    """
    reading = sum(MINUTES[kind] * shown[kind] for kind in MINUTES)
    working = reading + sum(MINUTES[kind] * folded[kind] for kind in MINUTES)
    working += sum(MORE_MINUTES[kind] * (shown[kind] + folded[kind]) for kind in MORE_MINUTES)
    return tuple(max(5, 5 * round(time / 5)) for time in (reading, working))


def spoken(time):
    """Return a number of minutes as one says it.

    Examples
    --------
    >>> [spoken(time) for time in (40, 60, 95, 120)]
    ['40 minutes', '1 hour', '1 h 35 min', '2 hours']
    """
    hours, rest = divmod(time, 60)
    if not hours:
        return f"{rest} minutes"
    return f"{hours} h {rest} min" if rest else f"{hours} hour{'s' * (hours > 1)}"


def promise(document):
    """Return the list of what a chapter teaches, below which its time is promised, or None."""
    for paragraph in document.findall(nodes.paragraph):
        if paragraph.astext() == "You will be able to":
            return paragraph.next_node(nodes.bullet_list, siblings=True, descend=False)
    return None


def note_times(app, document):
    """Keep a chapter's counts with what Sphinx knows of the page."""
    if promise(document):
        app.env.metadata[app.env.docname]["book counts"] = count(document)


def times_of(app, page):
    """Return a page's reading and working time in minutes, or None where none is promised."""
    counts = app.env.metadata[page].get("book counts")
    return counts and minutes(*counts)


def renew_front(app, env):
    """Have the front page written anew: it shows the times of the others."""
    return [env.config.root_doc]


def print_times(app, document, page):
    """Print a chapter's times below its promise, and those of all chapters on the front page."""
    if page == app.config.root_doc:
        for link in document.findall(nodes.reference):
            if target := _chapter_of(app, link, page):
                words = "{} to read, {} with everything".format(*map(spoken, times_of(app, target)))
                time = nodes.inline("", words, classes=["cv-times"])
                link.parent.extend([nodes.Text(" "), time])
    elif (times := times_of(app, page)) and (list_ := promise(document)):
        words = "About {} to read, and {} with every widget, exercise and fold."
        text = nodes.paragraph("", words.format(*map(spoken, times)), classes=["cv-times"])
        list_.parent.insert(list_.parent.index(list_) + 1, text)


def _chapter_of(app, link, page):
    """Return the chapter that a link of the front page opens by its title, or None."""
    address = link.get("refuri", "").partition("#")[0]
    for name in app.env.found_docs:
        if times_of(app, name) and app.builder.get_relative_uri(page, name) == address:
            title = app.env.titles[name].astext().replace("\N{SOFT HYPHEN}", "")
            return name if link.astext() == title else None
    return None
