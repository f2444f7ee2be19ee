"""The pages: their buttons, the notebook beside each, and nothing that only a kernel could use."""

import re
from pathlib import Path

from sphinx.errors import ExtensionError

from helpers.book.alone import on_its_own, source_of
from helpers.book.checkout import branch_name, repository_address
from helpers.book.execution import digest_of
from helpers.book.icons import shrink_icons, without_icon_script
from helpers.book.mathematics import formula_setter, keep_punctuation
from helpers.book.policy import with_policy
from helpers.book.search import without_sphinxs_own
from helpers.book.theme import settled

PACKAGE = Path(__file__).parents[1]


def renew(app, env):
    """Have every page written anew after a change of the package; Sphinx watches the chapters.

    The names of a page's scripts, for one, change with what they hold.
    """
    files = {
        path.relative_to(PACKAGE).as_posix(): path
        for path in sorted(PACKAGE.rglob("*"))
        if path.is_file() and "__pycache__" not in path.parts
    }
    before, env.book_package = getattr(env, "book_package", None), digest_of(files)
    return [] if env.book_package == before else sorted(env.found_docs)


def set_buttons(app, config):
    """Leave out the theme's button for full screen: present mode takes its place."""
    config.html_theme_options["use_fullscreen_button"] = False


def add_present_button(app, pagename, templatename, context, doctree):
    """Add the button for present mode to the row at the top of a page."""
    context.get("header_buttons", []).append(
        {
            "type": "javascript",
            "javascript": "togglePresent()",
            "tooltip": "Present this page (P)",
            "icon": "fas fa-display",
            "label": "present-button",
            "classes": "pst-navbar-icon",
        }
    )


def silence_thebe(app):
    """Disconnect sphinx-thebe, which Jupyter Book always loads: it adds a script twice."""
    for listeners in app.events.listeners.values():
        for listener in list(listeners):
            if listener.handler.__module__ == "sphinx_thebe":
                listeners.remove(listener)


def prepare_page(app, pagename, templatename, context, doctree):
    """Offer the notebook for download and drop what only a kernel could use."""
    context["script_files"][:] = [
        script
        for script in context.get("script_files", [])
        if "widget-state" not in str(getattr(script, "attributes", {}).get("type", ""))
    ]
    context["css_files"][:] = [
        sheet for sheet in context.get("css_files", []) if "sphinx-thebe" not in str(sheet.filename)
    ]
    if notebook_of(app, pagename):
        context["ipynb_source"] = f"{pagename}.ipynb"


def notebook_of(app, pagename):
    """Return the path of the notebook that stands beside a page's source, or None."""
    path = Path(app.srcdir) / f"{pagename}.ipynb"
    return path if path.exists() else None


def finish(app, exception):
    """Put the notebooks up for download, make the theme light, and say what pages may load."""
    if exception or app.builder.format != "html":
        return
    out = Path(app.outdir)
    source = source_of(repository_address(), branch_name())
    for pagename in app.env.found_docs:
        notebook = notebook_of(app, pagename)
        if notebook:
            target = out / "_sources" / f"{pagename}.ipynb"
            target.parent.mkdir(parents=True, exist_ok=True)
            alone = on_its_own(notebook.read_text("utf-8"), source)
            target.write_text(alone, "utf-8", newline="\n")
    with formula_setter() as set_formulas:
        for page in out.rglob("*.html"):
            text = page.read_text("utf-8")
            lighter = deferred(without_sphinxs_own(without_icon_script(text)))
            better = with_policy(set_formulas(keep_punctuation(settled(lighter))))
            if better != text:
                page.write_text(better, "utf-8")
    shrink_icons(out)


def deferred(page):
    """Return a page whose theme's scripts wait until the page is read, in the same order.

    Examples
    --------
    >>> deferred('<script src="_static/doctools.js?v=1"></script>')
    '<script defer src="_static/doctools.js?v=1"></script>'
    """
    names = "doctools|clipboard.min|copybutton|sphinx-book-theme|togglebutton|design-tabs"
    found = rf'<script (?!defer )([^>]*\bsrc="[^"]*/(?:{names})\.js[^"]*")></script>'
    return re.sub(found, r"<script defer \1></script>", page)


def check_complete(app, exception):
    """Refuse a book that lacks a page or its search, as an interrupted build may.

    Sphinx writes those of its own last, and not again while no page has changed.
    """
    if exception or app.builder.name != "html":
        return
    wanted = [f"{name}.html" for name in sorted(app.env.found_docs)]
    wanted += ["search.html"]
    wanted += [f"_static/book-{name}.js" for name in ("page", "search", "lecture", "qrcode")]
    missing = [name for name in wanted if not (Path(app.outdir) / name).is_file()]
    if missing:
        raise ExtensionError(
            f"the book is not complete, it lacks {', '.join(missing)}: "
            "remove _build/.doctrees and build again"
        )
