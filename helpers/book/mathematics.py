"""Formulas without a request to another host: KaTeX's style and fonts come from the book itself."""

import re
import shutil
from pathlib import Path

import sphinxcontrib.katex
from sphinx.errors import ExtensionError

FOLDER = Path(__file__).parent / "page" / "katex"


def use_katex(app, config):
    """Have formulas rendered while the book is built."""
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
