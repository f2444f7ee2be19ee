"""Turn an author's Markdown into HTML that needs no script: paragraphs, code, and maths as MathML.

Text that a widget shows is written like the text of a chapter, with ``$maths$`` in it. Nothing on
a page or in a notebook has to typeset it: the maths becomes MathML, which browsers draw
themselves. Raw HTML in the text is shown as it is typed and pictures are not loaded, so that the
result can be put on a page as it stands.
"""

import html
import re
from functools import cache
from xml.etree import ElementTree

from latex2mathml.converter import convert
from markdown_it import MarkdownIt
from mdit_py_plugins.dollarmath import dollarmath_plugin

_LONE_PARAGRAPH = re.compile(r"<p>((?:(?!</?p>).)*)</p>\n?", re.DOTALL)
# A formula in a line and the full stop after it, which would else begin the next line.
_CLINGING = re.compile(
    r'<math\b[^>]*display="inline">(?:(?!</math>).)*</math>[^\s<\w&]+', re.DOTALL
)
_BRACES = re.compile(r"\\.|([{}])", re.DOTALL)
_NAMESPACE = "{http://www.w3.org/1998/Math/MathML}"
# A plus or minus after another operator, but not after a closing one, is a sign: -1, not 2 - 1.
_CLOSING = "|".join(rf"\{mark}|&#x{ord(mark):05X};" for mark in ")]}|!⌋⌉")
_SIGN = re.compile(
    rf"(<mo\b[^>]*>(?!{_CLOSING})[^<]*</mo>)<mo>(&#x02212;|&#x0002B;|&#x000B1;)</mo>"
)
# What an element may say about how it is drawn. Others open addresses or load what they name.
_ATTRIBUTES = frozenset(
    [
        "accent",
        "accentunder",
        "columnalign",
        "columnlines",
        "columnspacing",
        "depth",
        "display",
        "displaystyle",
        "fence",
        "form",
        "frame",
        "height",
        "largeop",
        "linethickness",
        "lspace",
        "mathcolor",
        "mathsize",
        "mathvariant",
        "maxsize",
        "minsize",
        "movablelimits",
        "notation",
        "rowalign",
        "rowlines",
        "rowspacing",
        "rspace",
        "scriptlevel",
        "separator",
        "stretchy",
        "symmetric",
        "voffset",
        "width",
    ]
)
_VALUE = re.compile(r"[\w#%.+\- ]*")
_UNKNOWN = re.compile(r">(\\[A-Za-z]+)<")


def mathml(tex, *, display=False):
    """Return LaTeX maths as a MathML element.

    Parameters
    ----------
    tex : str
        Without the dollar signs.
    display : bool
        True for a formula on a line of its own.

    Raises
    ------
    ValueError
        If the maths cannot be read; the message names the formula and what is wrong with it.

    Examples
    --------
    >>> "<mfrac>" in mathml(r"\\frac{1}{2}")
    True
    """
    depth = 0
    for brace in _BRACES.findall(tex):
        depth += {"{": 1, "}": -1, "": 0}[brace]
        if depth < 0:
            break
    if depth:
        raise ValueError(f"the braces of the formula ${tex}$ do not pair up")
    try:
        element = convert(tex, display="block" if display else "inline")
    except Exception as problem:  # the converter has a dozen kinds of error, most without words
        kind = re.sub(r"(?<=[a-z])(?=[A-Z])", " ", type(problem).__name__).lower()
        raise ValueError(f"the formula ${tex}$ cannot be read: {str(problem) or kind}") from None
    unknown = _UNKNOWN.search(element)
    if unknown:
        raise ValueError(f"the formula ${tex}$ has an unknown command, {unknown[1]}")
    if not _is_mathml(element):
        raise ValueError(f"the formula ${tex}$ has a stray < or &: write \\lt or \\&")
    if attribute := _stray_attribute(element):
        raise ValueError(
            f"the formula ${tex}$ sets {attribute}, which a page does not take: leave it out"
        )
    return _SIGN.sub(r'\1<mo form="prefix">\2</mo>', element)


def _is_mathml(element):
    """Tell whether nothing else slipped through: the converter leaves < in ``\\text`` as it is."""
    try:
        parts = ElementTree.fromstring(element).iter()
    except ElementTree.ParseError:
        return False
    return all(part.tag.startswith(_NAMESPACE + "m") for part in parts)


def _stray_attribute(element):
    """Return the first attribute that does more than say how something is drawn, or None."""
    for part in ElementTree.fromstring(element).iter():
        for name, value in part.attrib.items():
            if name not in _ATTRIBUTES or not _VALUE.fullmatch(value):
                return name
    return None


def _source(tex, *, display=False):
    return html.escape(f"$${tex}$$" if display else f"${tex}$")


@cache
def _renderer(maths):
    markdown = MarkdownIt("commonmark", {"html": False}).enable("table").disable("image")
    markdown.use(dollarmath_plugin, allow_labels=False, double_inline=True)

    def draw(renderer, tokens, at, options, env):
        return maths(tokens[at].content.strip(), display=tokens[at].type != "math_inline")

    for kind in ["math_inline", "math_inline_double", "math_block"]:
        markdown.add_render_rule(kind, draw)
    return markdown


def to_html(markdown, *, typeset=True):
    """Return Markdown as HTML; a single paragraph comes without its ``<p>``.

    Parameters
    ----------
    markdown : str
        CommonMark with tables, ``$maths$`` and ``$$maths$$``.
    typeset : bool
        False leaves the maths as it is written, for places that drop MathML or typeset it
        themselves.

    Raises
    ------
    ValueError
        If a formula cannot be read.

    Examples
    --------
    >>> to_html("*Three* values of `y`")
    '<em>Three</em> values of <code>y</code>'
    >>> to_html("$x_1$ < 2", typeset=False)
    '$x_1$ &lt; 2'
    """
    text = _renderer(mathml if typeset else _source).render(markdown).strip()
    text = _CLINGING.sub(r'<span style="white-space: nowrap">\g<0></span>', text)
    lone = _LONE_PARAGRAPH.fullmatch(text)
    return lone[1] if lone else text
