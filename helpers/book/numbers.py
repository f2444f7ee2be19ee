"""Formulas that the text cites have numbers, and so have the links that cite them.

A formula gets a label behind its last ``$$``, and Sphinx counts the labelled ones chapter by
chapter. A link to the label, ``[the size formula](#output-size)``, reads well where nothing is
counted, in a notebook say; in the book its number is added: *the size formula (2.2)*.
"""

from docutils import nodes
from sphinx import addnodes
from sphinx.transforms.post_transforms import SphinxPostTransform
from sphinx.util.nodes import make_refnode


def equation_number(env, label):
    """Return the page of a labelled formula and its number, as ``2.2``; a pair of None without."""
    page, _ = env.get_domain("math").equations.get(label, (None, None))
    if page is None:
        return None, None
    counted = env.toc_fignumbers.get(page, {}).get("displaymath", {})
    return page, ".".join(map(str, counted.get(equation_anchor(label), ())))


def equation_anchor(label):
    """Return the place of a labelled formula on its page.

    Examples
    --------
    >>> equation_anchor("output-size")
    'equation-output-size'
    """
    return nodes.make_id(f"equation-{label}")


class CiteByNumber(SphinxPostTransform):
    """Add the number of a formula to every link that leads to it."""

    default_priority = 8  # before MyST puts the number in the place of the link's words

    def run(self, **kwargs):
        """Resolve the links of one page."""
        for link in list(self.document.findall(addnodes.pending_xref)):
            page, number = equation_number(self.env, link["reftarget"])
            if link["reftype"] != "myst" or page is None:
                continue
            words = nodes.inline("", f"{link.astext()} ({number})", classes=["book-cites"])
            anchor = equation_anchor(link["reftarget"])
            here = self.env.docname
            link.replace_self(make_refnode(self.app.builder, here, page, anchor, words))


def spell_out(env, document):
    """Write beside each numbered formula of a page what a reader would look it up under."""
    for formula in document.findall(nodes.math_block):
        if formula.get("label"):
            formula["spoken"] = f"Equation ({equation_number(env, formula['label'])[1]})"
