"""Formulas are set while the book is built, by the same KaTeX that a page would load.

A page needs only the style sheet and the fonts, which come from the book itself.
"""

import contextlib
import html
import re
import shutil
from pathlib import Path

import sphinxcontrib.katex
from sphinx.errors import ExtensionError

try:
    from py_mini_racer import JSEvalException, MiniRacer
except ImportError:  # it has no build for some systems: there, each page sets its own formulas
    MiniRacer = None

FOLDER = Path(__file__).parent / "page" / "katex"

# What KaTeX's own search for formulas passes over, tags, and formulas in the text between them.
_PIECES = re.compile(
    r"<(?P<other>script|noscript|style|textarea|pre|code|option)\b.*?</(?P=other)>|<[^>]*>"
    r"|\\\((?P<inline>[^<]*?)\\\)|\\\[(?P<display>[^<]*?)\\\]",
    re.S,
)
_SCRIPTS = re.compile(
    r'\s*<script src="[^"]*\b(?:katex\.min|auto-render\.min|katex_autorenderer)\.js[^"]*"></script>'
)
# KaTeX writes a named function as two elements, even where MathML has room for one.
_FUNCTION = re.compile("<mi>[^<]*</mi><mo>\N{FUNCTION APPLICATION}</mo>")


def use_katex(app, config):
    """Have formulas written as TeX between delimiters, which `formula_setter` finds and sets."""
    config.katex_css_path = "katex/katex.min.css"
    config.html_math_renderer = "katex"


def add_katex(app):
    """Put the style sheet and the fonts where Sphinx serves static files from."""
    if app.builder.format == "html":
        shutil.copytree(FOLDER, Path(app.outdir) / "_static" / "katex", dirs_exist_ok=True)


def check_katex(app):
    """Refuse a style sheet in ``page/katex`` that does not belong to the script that renders."""
    style = (FOLDER / "katex.min.css").read_text("utf-8")
    version = sphinxcontrib.katex.katex_version
    if f'content:"{version}"' not in style:
        raise ExtensionError(f"helpers/book/page/katex is not of version {version}")


def leave_out_katex(app, pagename, templatename, context, doctree):
    """Leave the scripts and the style out of a page without a formula: 80 kB of its weight."""
    if 'class="math' in context.get("body", ""):
        return
    for files in ("script_files", "css_files"):
        context[files][:] = [
            file for file in context.get(files, []) if "katex" not in str(file.filename)
        ]


def keep_punctuation(page):
    """Return a page whose inline formulas hold the full stop or comma that follows them.

    Browsers may break a line after a formula, and so leave a full stop alone on the next.
    """
    return re.sub(r"\\\)</span>([.,;:?!)]+)", r"\\text{\1}\\)</span>", page)


def _in_one_row(found):
    return f"<mrow>{found[0]}</mrow>"


@contextlib.contextmanager
def formula_setter():
    """Return, for a ``with`` statement, a function that sets all formulas of a page.

    Its result is what KaTeX would make of the page in a browser, without the scripts that do so.
    Where there is no engine to run KaTeX, the page stays as it is, with its scripts.

    Raises
    ------
    ExtensionError
        If KaTeX does not understand a formula.
    """
    if MiniRacer is None:
        yield lambda page: page
        return
    source = Path(sphinxcontrib.katex.__file__).with_name("katex.min.js").read_text("utf-8")
    with MiniRacer() as engine:
        engine.eval(source)

        def set_one(found):
            kind = found.lastgroup
            if kind not in ("inline", "display"):
                return found[0]
            options = {"displayMode": kind == "display", "throwOnError": True}
            try:
                made = engine.call("katex.renderToString", html.unescape(found[kind]), options)
            except JSEvalException as problem:
                raise ExtensionError(f"KaTeX cannot read {found[0]}: {problem}") from problem
            return f"<span>{_FUNCTION.sub(_in_one_row, made)}</span>"

        def set_all(page):
            head, body, rest = page.partition("<body")
            return _SCRIPTS.sub("", head) + body + _PIECES.sub(set_one, rest)

        yield set_all
