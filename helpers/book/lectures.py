"""What only a lecturer needs: the script that a page brings when it is presented, with its style.

It is no part of what every page loads (`helpers/book/page/lectures.js` asks for it). The QR codes
come from a library in `page/qrcode`, which is brought when somebody wants one.
"""

import json
from pathlib import Path

from helpers.book.scripts import PAGE_FOLDER, minified, without_comments
from helpers.widgets.modules import linker_source, module_sources

HELPERS = Path(__file__).parents[1]
ENTRY = "book/page/lecture.mjs"


def lecture_script():
    """Return the classic script that leaves the module of a lecture, or what becomes it, behind."""
    sources = module_sources(ENTRY, HELPERS)
    table = json.dumps({name: minified(text) for name, text in sources.items()}, ensure_ascii=False)
    return (
        f"(function () {{\n{without_comments(linker_source())}\n"
        f"globalThis.bookLectureModule = makeLinker({table})({json.dumps(ENTRY)});\n}})();\n"
    )


def add_lectures(app):
    """Write script and style where Sphinx serves static files from."""
    if app.builder.format != "html":
        return
    static = Path(app.outdir) / "_static"
    static.mkdir(parents=True, exist_ok=True)
    (static / "book-lecture.js").write_text(lecture_script(), "utf-8")
    style = (PAGE_FOLDER / "lecture.css").read_text("utf-8")
    (static / "book-lecture.css").write_text(style, "utf-8")
