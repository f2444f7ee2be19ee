"""The Sphinx extension that makes the built book self-contained.

It puts the widgets and their host on the pages, serves mathematics and icons from the book's own
files, takes out what would call other hosts or fail without them, derives the launch buttons from
the checkout, and keys the cache of executed notebooks by what they depend on, so that a change in
`helpers` runs the chapters again.
"""

import copy
import hashlib
import json
import os
import re
import shutil
import subprocess
from pathlib import Path

import minify_html
import myst_nb.core.render
import sphinxcontrib.katex
from fontTools import subset
from sphinx.errors import ExtensionError

from helpers.widgets.base import Widget
from helpers.widgets.modules import linker_source, module_sources, own_styles, style_sources

ROOT = Path(__file__).parents[2]
PAGE_FOLDER = Path(__file__).parent / "page"


def widget_script(names=None):
    """Return the one classic script that brings the widgets of a page to life.

    Parameters
    ----------
    names : collection of str, optional
        The classes that stand on the page; by default all that there are.
    """
    import helpers.widgets  # noqa: F401  (fills the registry)

    wanted = sorted(Widget.registry if names is None else names)
    modules = {name: f"{Widget.registry[name].module}/widget.mjs" for name in wanted}
    sources = module_sources("card/address.mjs").copy()
    for entry in modules.values():
        sources |= module_sources(entry)
    sources = {name: minified(source) for name, source in sources.items()}
    table = json.dumps({"modules": modules, "sources": sources}, ensure_ascii=False)
    host = (PAGE_FOLDER / "host.js").read_text("utf-8")
    linker = without_comments(linker_source())
    return f"{linker}\nconst WIDGETS = {table};\n{without_comments(host)}"


def without_comments(script):
    """Return a script without the comments on lines of their own: a fifth of its weight."""
    comment = r"^[ \t]*(?:/\*\*.*?\*/|//[^\n]*)[ \t]*\n"
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
    """Return the script of what pages can do besides widgets: present mode and small repairs."""
    names = ["present.js", "page.js"]
    return "\n".join(without_comments((PAGE_FOLDER / name).read_text("utf-8")) for name in names)


def page_style():
    """Return the style sheet of every page: the card that all widgets share, and present mode."""
    return style_sources([]) + "\n" + (PAGE_FOLDER / "page.css").read_text("utf-8")


def widget_style(names=None):
    """Return what the widgets of these classes, or all that there are, add to `page_style`."""
    import helpers.widgets  # noqa: F401

    return own_styles(Widget.registry[name].module for name in sorted(names or Widget.registry))


def repository_address():
    """Return the https address of the repository on GitHub, or "" where none is known.

    ``GITHUB_REPOSITORY`` (as GitHub's own runners set it) goes before the checkout's remote
    ``origin``, so that a fork's book opens the fork.
    """
    named = os.environ.get("GITHUB_REPOSITORY", "")
    if re.fullmatch(r"[\w.-]+/[\w.-]+", named):
        return f"https://github.com/{named}"
    try:
        remote = subprocess.run(
            ["git", "-C", str(ROOT), "config", "--get", "remote.origin.url"],
            capture_output=True, text=True, timeout=10, check=False,
        ).stdout.strip()  # fmt: skip
    except (OSError, subprocess.TimeoutExpired):
        return ""
    found = re.search(r"github\.com[:/]([\w.-]+/[\w.-]+?)(?:\.git)?/?$", remote)
    return f"https://github.com/{found[1]}" if found else ""


def branch_name():
    """Return the branch that the launch buttons open."""
    return os.environ.get("GITHUB_REF_NAME") or "main"


def execution_key():
    """Return a hash of all that a chapter's results depend on besides the chapter itself."""
    digest = hashlib.sha256()
    files = sorted((ROOT / "helpers").rglob("*.py")) + [ROOT / "requirements.txt"]
    for path in files:
        if path.exists():
            digest.update(path.relative_to(ROOT).as_posix().encode())
            digest.update(path.read_bytes())
    return digest.hexdigest()[:16]


def configure(app, config):
    """Set what cannot be written down in ``_config.yml`` because it depends on the checkout."""
    cache = Path(app.outdir).parent / f".jupyter_cache-{execution_key()}"
    for old in cache.parent.glob(".jupyter_cache*"):
        if old != cache:
            shutil.rmtree(old, ignore_errors=True)
    config.nb_execution_cache_path = str(cache)
    config.katex_css_path = "katex/katex.min.css"
    config.html_math_renderer = "katex"

    options = config.html_theme_options
    address = repository_address()
    options["use_fullscreen_button"] = False  # present mode takes its place
    options["repository_url"] = address
    options["repository_branch"] = branch_name()
    options["use_repository_button"] = bool(address)
    if not address:
        options["launch_buttons"] = {}

    silence_thebe(app)


def silence_thebe(app):
    """Disconnect sphinx-thebe, which Jupyter Book always loads: it adds a script twice."""
    for listeners in app.events.listeners.values():
        for listener in list(listeners):
            if listener.handler.__module__ == "sphinx_thebe":
                listeners.remove(listener)


def add_files(app):
    """Write the book's own scripts and styles where Sphinx serves static files from."""
    if app.builder.format != "html":
        return
    static = Path(app.outdir) / "_static"
    (static / "katex").mkdir(parents=True, exist_ok=True)
    shutil.copytree(PAGE_FOLDER / "katex", static / "katex", dirs_exist_ok=True)
    texts = {
        "book-page.js": page_script(),
        "book.css": page_style(),
    }
    for name, text in texts.items():
        (static / name).write_text(text, "utf-8")
        if name.endswith(".js"):
            app.add_js_file(name, loading_method="defer")
        else:
            app.add_css_file(name)


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


def add_widgets(app, pagename, templatename, context, doctree):
    """Give a page script and style of just the widgets that stand on it, to keep it light."""
    names = sorted(set(re.findall(r'data-widget="(\w+)"', context.get("body", ""))))
    if not names:
        return
    app.add_js_file(write_hashed(app, widget_script(names), "js"), loading_method="defer")
    app.add_css_file(write_hashed(app, widget_style(names), "css"))


def write_hashed(app, text, extension):
    """Write a static file whose name changes with what it holds, and return that name."""
    name = f"book-widgets-{hashlib.sha256(text.encode()).hexdigest()[:8]}.{extension}"
    (Path(app.outdir) / "_static" / name).write_text(text, "utf-8")
    return name


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


def notebook_of(app, pagename):
    """Return the path of the notebook that stands beside a page's source, or None."""
    path = Path(app.srcdir) / f"{pagename}.ipynb"
    return path if path.exists() else None


def finish(app, exception):
    """Put the notebooks without outputs up for download, and make the theme light."""
    if exception or app.builder.format != "html":
        return
    out = Path(app.outdir)
    for pagename in app.env.found_docs:
        notebook = notebook_of(app, pagename)
        if notebook:
            target = out / "_sources" / f"{pagename}.ipynb"
            target.parent.mkdir(parents=True, exist_ok=True)
            shutil.copy2(notebook, target)
    for page in out.rglob("*.html"):
        text = page.read_text("utf-8")
        better = keep_punctuation(without_icon_script(text))
        if better != text:
            page.write_text(better, "utf-8")
    shrink_icons(out)


def without_icon_script(page):
    """Return a page without the theme's icon script, for which `shrink_icons` makes up."""
    return re.sub(r'\s*<script[^>]*src="[^"]*fontawesome\.js[^"]*"></script>', "", page)


def keep_punctuation(page):
    """Return a page whose inline formulas hold the full stop or comma that follows them.

    Browsers may break a line after a formula, and so leave a full stop alone on the next.
    """
    return re.sub(r"\\\)</span>([.,;:?!)]+)", r"\\text{\1}\\)</span>", page)


_ICON_RULE = re.compile(r"(?:\.fa-[\w-]+:{1,2}before,?)+\{content:\"\\([0-9a-f]+)\"\}")
_ICON_NAME = re.compile(r"\bfa-[a-z0-9-]+")
_CODE_POINT = re.compile(r"\\([ef][0-9a-f]{3})\b|([\ue000-\uf8ff])")
_FONT_FACE = re.compile(r"@font-face\{[^}]*Font Awesome[^}]*\}")


def shrink_icons(out):
    """Replace the theme's icon script (540 kB gzip) by fonts with just the icons in use."""
    static = out / "_static"
    fonts = static / "vendor" / "fontawesome" / "webfonts"
    if (fonts / "fa-solid-900.woff").exists() and not (fonts / "fa-solid-900.ttf").exists():
        return  # no page was out of date, and so Sphinx copied nothing anew
    for name in ["fontawesome.js", "fontawesome.js.map"]:
        (static / "scripts" / name).unlink(missing_ok=True)
    used = set()
    for page in out.rglob("*.html"):
        used |= set(_ICON_NAME.findall(page.read_text("utf-8")))
    for file in (static / "scripts").glob("*.js"):
        used |= set(_ICON_NAME.findall(file.read_text("utf-8")))

    sheet = static / "styles" / "pydata-sphinx-theme.css"
    css = sheet.read_text("utf-8")

    def keep_used(rule):
        return rule[0] if used & set(_ICON_NAME.findall(rule[0])) else ""

    css = _ICON_RULE.sub(keep_used, css)
    others = [path.read_text("utf-8") for path in (static / "styles").glob("*.css")]
    others.remove(sheet.read_text("utf-8"))
    points = {
        int(code, 16) if code else ord(character)
        for text in [css, *others]
        for code, character in _CODE_POINT.findall(text)
    }
    faces = ""
    for family, weight, name in [
        ("Font Awesome 6 Free", 900, "fa-solid-900"),
        ("Font Awesome 6 Brands", 400, "fa-brands-400"),
    ]:
        subset_font(fonts / f"{name}.ttf", fonts / f"{name}.woff", points)
        faces += (
            f'@font-face{{font-family:"{family}";font-weight:{weight};font-display:block;'
            f"src:url(../vendor/fontawesome/webfonts/{name}.woff)}}"
        )
    css = _FONT_FACE.sub("", css) + faces
    sheet.write_text(css, "utf-8")
    for file in fonts.iterdir():
        if file.suffix != ".woff":
            file.unlink()


def subset_font(source, target, points):
    """Write a font that holds only some characters of another."""
    if not source.exists():
        raise ExtensionError(f"The theme's icon font is not where it was: {source}")
    options = subset.Options(flavor="woff", ignore_missing_unicodes=True)
    font = subset.load_font(str(source), options)
    cutter = subset.Subsetter(options)
    cutter.populate(unicodes=points)
    cutter.subset(font)
    subset.save_font(font, str(target), options)


def check_katex(app):
    """The style sheet in ``page/katex`` must belong to the script that renders."""
    style = (PAGE_FOLDER / "katex" / "katex.min.css").read_text("utf-8")
    version = sphinxcontrib.katex.katex_version
    if f'content:"{version}"' not in style:
        raise ExtensionError(f"helpers/book/page/katex is not of version {version}")


def join_pieces(outputs, merge=myst_nb.core.render.coalesce_streams):
    """Return a cell's outputs with what it printed as one text per stream, to the letter.

    A busy kernel sends a printed line in several pieces, and myst-nb begins a new line with each.
    """
    joined, streams = [], {}
    for output in outputs:
        name = output["name"] if output["output_type"] == "stream" else None
        if name in streams:
            streams[name]["text"] += output["text"]
            continue
        if name:
            streams[name] = output = copy.copy(output)
        joined.append(output)
    return merge(joined)


def setup(app):
    """Register with Sphinx."""
    myst_nb.core.render.coalesce_streams = join_pieces
    app.connect("config-inited", configure, priority=900)
    app.connect("builder-inited", add_files)
    app.connect("builder-inited", check_katex)
    app.connect("html-page-context", prepare_page, priority=500)
    app.connect("html-page-context", prepare_page, priority=900)
    app.connect("html-page-context", add_widgets)
    app.connect("html-page-context", add_present_button, priority=600)
    app.connect("build-finished", finish)
    return {"version": "1", "parallel_read_safe": True, "parallel_write_safe": True}
