"""The course as one file: its notebooks, the package with its data, and how to start.

It lies beside the pages, so that it comes along on a stick too. The same sources give the same
bytes: no time, no owner and no order of a disk goes in.
"""

import zipfile
from pathlib import Path

from docutils import nodes
from sphinx_exercise.nodes import exercise_enumerable_node, exercise_node

from helpers.book.chapters import link
from helpers.book.exercises import exercises_of

NAME = "convolution-course.zip"
FOLDER = NAME.removesuffix(".zip")
PACKAGE = Path(__file__).parents[1]
BESIDE = ["LICENSE", "LICENSE-TEXT", "README.md", "pyproject.toml", "requirements.txt"]
LIVE = "chapters/live-notebook"  # which tells it at length
LONG_AGO = (1980, 1, 1, 0, 0, 0)  # the first day that the format knows

START = """\
# Start here

You need Python 3.11, 3.12 or 3.13. In a terminal, in this folder:

    python -m venv .venv
    .venv/bin/python -m pip install .
    .venv/bin/jupyter lab chapters

On Windows it is `py -3.12` for `python` and `.venv\\Scripts\\` for `.venv/bin/`. The packages take
some minutes and 2.5 GB; `pip install -r requirements.txt` before the second line takes the exact
versions with which the book was built.

Then open a chapter and run its cells from the top.
"""


def files_of(root):
    """Return {path in the file: bytes}, in order, of a book whose sources lie in `root`."""
    root = Path(root)
    paths = {path.relative_to(root): path for path in root.glob("*.ipynb")}
    paths |= {path.relative_to(root): path for path in root.glob("chapters/*.ipynb")}
    paths |= {Path(name): root / name for name in BESIDE if (root / name).exists()}
    for path in PACKAGE.rglob("*"):
        inside = path.relative_to(PACKAGE.parent)
        hidden = any(part[0] in "._" and part != "__init__.py" for part in inside.parts)
        if path.is_file() and not hidden and path.suffix != ".pyc":
            paths[inside] = path
    found = {path.as_posix(): source.read_bytes() for path, source in paths.items()}
    return dict(sorted({**found, "START.md": START.encode()}.items()))


def pack(path, entries):
    """Write a zip of {name in it: bytes}; the same entries give the same bytes."""
    with zipfile.ZipFile(path, "w") as whole:
        for name, content in entries.items():
            entry = zipfile.ZipInfo(name, LONG_AGO)
            entry.compress_type = zipfile.ZIP_DEFLATED
            entry.create_system = 3  # whatever made it, or the bytes would tell
            entry.external_attr = 0o644 << 16
            whole.writestr(entry, content)


def write_bundle(root, path):
    """Write the file; the same sources give the same bytes."""
    pack(path, {f"{FOLDER}/{name}": content for name, content in files_of(root).items()})


def add_bundle(app, exception):
    """Put the file beside the pages."""
    if not exception and app.builder.format == "html":
        write_bundle(app.srcdir, Path(app.outdir) / NAME)


def say_how_to_open(app, doctree, docname):
    """Say in one line, above the first exercise that asks for code, how a chapter is opened.

    Launch buttons are named only where the page has some.
    """
    if app.builder.format != "html":
        return
    if docname == LIVE:
        first = next(doctree.findall(nodes.section))
        first.insert(
            first.first_child_not_matching_class(nodes.title) + 2, how_to_open(app.config, docname)
        )
        return
    source = Path(app.srcdir) / f"{docname}.md"
    found = exercises_of(source.read_text("utf-8")) if source.exists() else []
    coded = {exercise.label for exercise in found if exercise.kind.startswith("code")}
    for node in doctree.findall(
        lambda one: isinstance(one, exercise_node | exercise_enumerable_node)
    ):
        if node.get("label") in coded:
            node.parent.insert(node.parent.index(node), how_to_open(app.config, docname))
            return


def how_to_open(config, docname):
    """Return that line."""
    up = "../" * docname.count("/")
    options = config.html_theme_options
    names = {"binderhub_url": "Binder", "colab_url": "Colab", "jupyterhub_url": "JupyterHub"}
    buttons = options.get("launch_buttons") or {}
    named = [name for key, name in names.items() if buttons.get(key)]
    ways = f"with the launch button at the top ({' or '.join(named)}), or " if named else ""
    what = "page" if docname == LIVE else "chapter"
    more = [nodes.Text(" ("), link(f"{up}{LIVE}.html", nodes.Text("more")), nodes.Text(")")]
    return nodes.paragraph(
        "", "",
        nodes.Text(f"To write code, open this {what} as a notebook: {ways}from "),
        link(f"{up}{NAME}", nodes.Text("the course as one file")),
        nodes.Text(", which runs after "),
        nodes.literal("", "pip install ."),
        nodes.Text(" in its folder"),
        *(more if what == "chapter" else []),
        nodes.Text("."),
        classes=["book-open"],
    )  # fmt: skip
