"""The scripts and styles of the pages: of all of them, and of those that hold a widget.

A page carries only the widgets that stand on it, in one classic script, so that it also works when
it is opened from a disk.
"""

import base64
import hashlib
import json
import re
from pathlib import Path

import minify_html
from sphinx.errors import ExtensionError

import helpers.widgets  # noqa: F401  (fills the registry)
from helpers.widgets.base import Widget
from helpers.widgets.modules import linker_source, module_sources, own_styles, style_sources
from helpers.widgets.resources import resource_bytes

PAGE_FOLDER = Path(__file__).parent / "page"


def widget_script(names=None):
    """Return the one classic script that brings the widgets of a page to life.

    Parameters
    ----------
    names : collection of str, optional
        The classes that stand on the page; by default all that there are.
    """
    wanted = sorted(Widget.registry if names is None else names)
    modules = {name: f"{Widget.registry[name].module}/widget.mjs" for name in wanted}
    sources = module_sources("card/address.mjs").copy()
    for entry in modules.values():
        sources |= module_sources(entry)
    sources = {name: minified(source) for name, source in sources.items()}
    files = {name: resource_file(name) for name in resources_of(wanted)}
    table = {"modules": modules, "sources": sources, "resources": files}
    table = json.dumps(table, ensure_ascii=False)
    host = (PAGE_FOLDER / "host.js").read_text("utf-8")
    linker = without_comments(linker_source())
    return f"{linker}\nconst WIDGETS = {table};\n{without_comments(host)}"


def resources_of(names):
    """Return the names of the large files that the widgets of these classes need, in order."""
    return sorted({need for name in names for need in Widget.registry[name].resources})


def resource_script(name):
    """Return the classic script that hands a large file to a page which asked for it."""
    content = base64.b64encode(resource_bytes(name)).decode()
    return f"(globalThis.bookResources ??= {{}})[{json.dumps(name)}] = {json.dumps(content)};\n"


def resource_file(name):
    """Return the name of that script among the static files; it changes with what it holds."""
    digest = hashlib.sha256(resource_bytes(name)).hexdigest()[:8]
    return f"book-resource-{name}-{digest}.js"


def without_comments(script):
    """Return a script without the comments on lines of their own: a fifth of its weight."""
    comment = r"^[ \t]*(?:/\*\*(?:(?!\*/).)*\*/|//[^\n]*)[ \t]*\n"
    return re.sub(comment, "", script, flags=re.M | re.S)


def minified(module):
    """Return a module that does the same, without comments and needless white space.

    Examples
    --------
    >>> minified("export function twice(value) {\\n  // why\\n  return 2 * value;\\n}")
    'export function twice(value){return 2*value}'
    """
    page = minify_html.minify(
        f'<script type="module">{without_comments(module)}</script>', minify_js=True
    )
    script = re.fullmatch(r"<script type=module>(.*?)(?:</script>)?", page, re.S)
    if script is None:
        raise ExtensionError(f"the minifier did not return a script, but {page[:80]!r}")
    return script[1]


def page_script():
    """Return the script of what pages do besides widgets: arrival, memory, present mode."""
    names = [
        "arrive.js", "memory.js", "lectures.js", "present.js", "find.js", "page.js", "landing.js",
    ]  # fmt: skip
    return "\n".join(without_comments((PAGE_FOLDER / name).read_text("utf-8")) for name in names)


def page_style():
    """Return the style sheet of every page: the card that all widgets share, and present mode."""
    return style_sources([]) + "\n" + (PAGE_FOLDER / "page.css").read_text("utf-8")


def widget_style(names=None):
    """Return what the widgets of these classes, or all that there are, add to `page_style`."""
    return own_styles(Widget.registry[name].module for name in sorted(names or Widget.registry))


def add_files(app):
    """Write the book's own scripts and styles where Sphinx serves static files from."""
    if app.builder.format != "html":
        return
    static = Path(app.outdir) / "_static"
    static.mkdir(parents=True, exist_ok=True)
    (static / "book-page.js").write_text(page_script(), "utf-8")
    (static / "book.css").write_text(page_style(), "utf-8")
    app.add_js_file("book-page.js", loading_method="defer")
    app.add_css_file("book.css")


def add_widgets(app, pagename, templatename, context, doctree):
    """Give a page script and style of just the widgets that stand on it, to keep it light."""
    names = sorted(set(re.findall(r'data-widget="(\w+)"', context.get("body", ""))))
    if not names:
        return
    script, style = widget_files(app, names)
    app.add_js_file(script, loading_method="defer")
    app.add_css_file(style)


def widget_files(app, names):
    """Write script, style and large files of these widgets; return the names of the first two."""
    for name in resources_of(names):  # which no page loads before a widget asks for it
        path = Path(app.outdir) / "_static" / resource_file(name)
        path.write_text(resource_script(name), "utf-8")
    script = write_hashed(app, widget_script(names), "js")
    return script, write_hashed(app, widget_style(names), "css")


def write_hashed(app, text, extension):
    """Write a static file whose name changes with what it holds, and return that name."""
    name = f"book-widgets-{hashlib.sha256(text.encode()).hexdigest()[:8]}.{extension}"
    (Path(app.outdir) / "_static" / name).write_text(text, "utf-8")
    return name
