"""The living picture of the front page: a photograph that a kernel sweeps over."""

import base64
import io
import json

from docutils import nodes
from PIL import Image
from sphinx.util.docutils import SphinxDirective

from helpers.book.scripts import minified, without_comments, write_hashed
from helpers.datasets import load_photo
from helpers.widgets.modules import FOLDER, linker_source, module_sources

ENTRY = "opening/opening.mjs"
PHOTO = "camera"
SUBJECT = "a man with a camera on a tripod, in grey"
SHAPE = (48, 72)


def photograph():
    """Return the small photograph, as a PNG in a data URL: every number counts."""
    stream = io.BytesIO()
    Image.fromarray(load_photo(PHOTO, size=SHAPE)).save(stream, "PNG", optimize=True)
    return f"data:image/png;base64,{base64.b64encode(stream.getvalue()).decode()}"


class Opening(SphinxDirective):
    """Show the living picture; the content of the directive stands in where nothing runs."""

    has_content = True

    def run(self):
        """Return the container that the script fills, with the words that it takes the place of."""
        start = (
            f'<div class="cv-widget book-opening" data-opening="{photograph()}" '
            f'data-subject="{SUBJECT}">'
        )
        words = nodes.container(classes=["cv-fallback"])
        self.state.nested_parse(self.content, self.content_offset, words)
        return [
            nodes.raw("", start, format="html"),
            words,
            nodes.raw("", "</div>", format="html"),
        ]


def opening_script():
    """Return the classic script that brings the picture to life."""
    sources = {name: minified(source) for name, source in module_sources(ENTRY).items()}
    table = json.dumps(sources, ensure_ascii=False)
    return (
        f"(function () {{\n{without_comments(linker_source())}\n"
        f"makeLinker({table})({json.dumps(ENTRY)}).then(({{ open }}) =>\n"
        '  document.querySelectorAll("[data-opening]").forEach(open),\n);\n})();\n'
    )


def add_opening(app, pagename, templatename, context, doctree):
    """Give the script and the style of the picture to the page that shows it."""
    if "data-opening=" not in context.get("body", ""):
        return
    style = (FOLDER / ENTRY).with_suffix(".css").read_text("utf-8")
    app.add_js_file(write_hashed(app, opening_script(), "js"), loading_method="defer")
    app.add_css_file(write_hashed(app, style, "css"))
