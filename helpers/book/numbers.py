"""Formulas and figures that the text cites have numbers, and so have the links that cite them.

A formula gets a label behind its last ``$$``, and the figure of a cell a name and a caption in the
cell's options; Sphinx counts both chapter by chapter. A link to a label, ``[the size
formula](#output-size)``, reads well where nothing is counted, in a notebook say; in the book its
number is added: *the size formula (2.2)*.
"""

from docutils import nodes
from sphinx import addnodes
from sphinx.transforms.post_transforms import SphinxPostTransform
from sphinx.util.nodes import make_refnode


def equation_anchor(label):
    """Return the place of a labelled formula on its page.

    Examples
    --------
    >>> equation_anchor("output-size")
    'equation-output-size'
    """
    return nodes.make_id(f"equation-{label}")


def numbered(env, label):
    """Return page, anchor and number, as ``(2.2)`` or ``(figure 7.1)``, of what has a label.

    None if the label belongs to nothing that is counted.
    """
    page, _ = env.get_domain("math").equations.get(label, (None, None))
    if page is not None:
        anchor = equation_anchor(label)
        return page, anchor, f"({_counted(env, page, 'displaymath', anchor)})"
    page, anchor = env.get_domain("std").anonlabels.get(label, (None, None))
    number = _counted(env, page, "figure", anchor)
    return (page, anchor, f"(figure {number})") if number else None


def _counted(env, page, kind, anchor):
    """Return a number as Sphinx counted it, ``2.2`` say, or "" for nothing."""
    return ".".join(map(str, env.toc_fignumbers.get(page, {}).get(kind, {}).get(anchor, ())))


class CiteByNumber(SphinxPostTransform):
    """Add the number of a formula or a figure to every link that leads to it."""

    default_priority = 8  # before MyST puts an equation's number in the place of the link's words

    def run(self, **kwargs):
        """Resolve the links of one page."""
        for link in list(self.document.findall(_is_link)):
            found = numbered(self.env, link.get("reftarget") or link.get("refid"))
            if found is None:
                continue
            page, anchor, number = found
            words = nodes.inline("", f"{link.astext()} {number}", classes=["book-cites"])
            here = self.env.docname
            link.replace_self(make_refnode(self.app.builder, here, page, anchor, words))


def _is_link(node):
    """Return whether a node is a link by label: to another page, or to a place on this one."""
    if isinstance(node, addnodes.pending_xref):
        return node["reftype"] == "myst"
    return isinstance(node, nodes.reference) and "refid" in node and bool(node.get("id_link"))


def spell_out(env, document):
    """Write into a page, beside what has a number, what a reader would look it up under."""
    for formula in document.findall(nodes.math_block):
        if formula.get("label"):
            formula["spoken"] = f"Equation {numbered(env, formula['label'])[2]}"
    for figure in document.findall(nodes.figure):
        found = next(filter(None, (numbered(env, name) for name in figure["names"])), None)
        caption = figure.next_node(nodes.caption)
        if found and caption:
            caption.insert(0, nodes.Text(f"{found[2].strip('()').capitalize()}: "))
