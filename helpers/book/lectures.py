"""What only a lecturer needs: the script that a page brings when it is presented, with its style.

It is no part of what every page loads (`helpers/book/page/lectures.js` asks for it). The QR codes
come from a library in `page/qrcode`, which is brought when somebody wants one.
"""

import html
import json
import shutil
from pathlib import Path

from docutils import nodes
from sphinx.util.docutils import SphinxDirective

from helpers.book.scripts import PAGE_FOLDER, minified, without_comments
from helpers.book.sharing import home_address
from helpers.widgets.modules import linker_source, module_sources

HELPERS = Path(__file__).parents[1]
QR_FOLDER = PAGE_FOLDER / "qrcode"
ENTRY = "book/page/lecture.mjs"


def lecture_script(known):
    """Return the classic script that leaves the module of a lecture, or what becomes it, behind.

    Parameters
    ----------
    known : dict
        What the module is told of the whole book: its ``pages``, and its ``home`` on the web.
    """
    sources = module_sources(ENTRY, HELPERS)
    table = json.dumps({name: minified(text) for name, text in sources.items()}, ensure_ascii=False)
    return (
        f"(function () {{\n{without_comments(linker_source())}\n"
        f"globalThis.bookLectureModule = makeLinker({table})({json.dumps(ENTRY)})"
        f".then((module) => (module.know({json.dumps(known)}), module));\n}})();\n"
    )


def qr_script():
    """Return the library that makes QR codes, below its licence."""
    licence = (QR_FOLDER / "LICENSE").read_text("utf-8")
    return f"/*\n{licence}*/\n{(QR_FOLDER / 'qrcode.js').read_text('utf-8')}"


def write(app, exception):
    """Write scripts and style where pages find them, when all pages are known."""
    if exception or app.builder.format != "html":
        return
    pages = [f"{name}.html" for name in sorted(app.env.found_docs)]
    files = {
        "book-lecture.js": lecture_script({"pages": pages, "home": home_address()}),
        "book-lecture.css": (PAGE_FOLDER / "lecture.css").read_text("utf-8"),
        "book-qrcode.js": qr_script(),
    }
    for name, text in files.items():
        (Path(app.outdir) / "_static" / name).write_text(text, "utf-8")
    folder = Path(app.outdir) / "_static" / "lessons"
    folder.mkdir(exist_ok=True)
    for path in sorted((Path(app.srcdir) / "chapters" / "lessons").glob("*.json")):
        shutil.copy2(path, folder)


class LessonFile(SphinxDirective):
    """Show a lesson file of this book: its steps as links, a button that takes it, the file."""

    required_arguments = 1  # the file, relative to the page

    def run(self):
        """Return the list, which needs no script, and the file for those that have one."""
        name, path = self.env.relfn2path(self.arguments[0])
        self.env.note_dependency(name)
        lesson = json.loads(Path(path).read_text("utf-8"))
        lost = [step["link"] for step in lesson["steps"] if not self.has(step["link"])]
        if lost:
            raise self.error(f"{name} leads to pages that this book does not have: {lost}")
        up = "../" * self.env.docname.count("/")
        steps = "".join(
            f'<li><a href="{html.escape(up + step["link"])}">{html.escape(step["title"])}</a></li>'
            for step in lesson["steps"]
        )
        text = json.dumps(lesson, ensure_ascii=False).replace("<", "\\u003c")
        form = (
            f'<div class="book-lesson-file"><p><strong>{html.escape(lesson["title"])}</strong></p>'
            f'<ol>{steps}</ol><script type="application/json">{text}</script>'
            '<p><button type="button">take it as my lesson</button> '
            f'<a href="{up}_static/lessons/{Path(path).name}" download>the file</a></p></div>'
        )
        return [nodes.raw("", form, format="html")]

    def has(self, link):
        """Return whether a link leads to a page of the book."""
        return link.partition(".html")[0] in self.env.found_docs
