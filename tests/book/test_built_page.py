"""A page built with the book's own settings, in a book of two pages."""

import json
import os
import re
import shutil
import subprocess
import sys
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[2]
HEADER = """---
jupytext:
  text_representation:
    extension: .md
    format_name: myst
kernelspec:
  display_name: Python 3
  language: python
  name: python3
---

"""
PAGE = """# A chap\N{SOFT HYPHEN}ter

**You will be able to**

- wait.

You need nothing but $x^2$.

```{code-cell} ipython3
from helpers.widgets import Convolve1D

Convolve1D()
```
"""
NOTEBOOK = {"cells": [{"cell_type": "code", "source": "1 + 1"}], "nbformat": 4, "nbformat_minor": 5}
FRONT = """# The front page

Begin [with this](chapters/one.md).

1. [A chapter](chapters/one.md): what it is about.
"""


@pytest.fixture(scope="module")
def folder(tmp_path_factory):
    return tmp_path_factory.mktemp("a book")


def run(folder, *options, **environment):
    """Build the book in a folder and return how that ended."""
    command = "import sys; from jupyter_book.cli.main import main; sys.exit(main())"
    return subprocess.run(
        [sys.executable, "-c", command, "build", str(folder), "-W", "-n", "-q", *options],
        env={**os.environ, "PYTHONPATH": str(ROOT), **environment},
        cwd=folder, capture_output=True, text=True, check=False,
    )  # fmt: skip


@pytest.fixture(scope="module")
def build(folder):
    """Return a function that builds the small book with some environment and returns its pages."""
    (folder / "images").mkdir()
    (folder / "chapters").mkdir()
    shutil.copy(ROOT / "_config.yml", folder)
    shutil.copy(ROOT / "images" / "favicon.svg", folder / "images")
    toc = "format: jb-book\nroot: index\nchapters:\n  - file: chapters/one\n"
    (folder / "_toc.yml").write_text(toc)
    (folder / "index.md").write_text(FRONT, "utf-8")
    (folder / "chapters" / "one.md").write_text(HEADER + PAGE, "utf-8")
    # Without a notebook beside it, a page offers none.
    (folder / "chapters" / "one.ipynb").write_text(json.dumps(NOTEBOOK), "utf-8")

    def built(**environment):
        done = run(folder, "--all", **environment)
        assert done.returncode == 0, done.stdout + done.stderr
        return (folder / "_build" / "html" / "chapters" / "one.html").read_text("utf-8")

    return built


def test_buttons_open_the_repository_that_the_runner_names(build, folder):
    page = build(GITHUB_REPOSITORY="someone/a-fork", GITHUB_REF_NAME="lesson-3")
    links = re.findall(r'href="([^"]+)"', page)
    binder = "https://mybinder.org/v2/gh/someone/a-fork/lesson-3"
    assert f"{binder}?urlpath=lab/tree/chapters/one.ipynb" in links
    colab = "https://colab.research.google.com/github/someone/a-fork/blob/lesson-3"
    assert f"{colab}/chapters/one.ipynb" in links
    assert "https://github.com/someone/a-fork" in links

    # The notebook for download looks for the package first, in the same repository.
    notebook = json.loads((folder / "_build/html/_sources/chapters/one.ipynb").read_text("utf-8"))
    first, second = ["".join(cell["source"]) for cell in notebook["cells"]]
    assert first.endswith('find_book("https://github.com/someone/a-fork/archive/lesson-3.zip")')
    assert second == "1 + 1"

    # The front page heads the list of pages.
    assert re.search(r'<a class="[^"]*"\s+href="\.\./index\.html">\s*The front page', page)

    # And the widget stands on the page, with its script and without what only a kernel could use.
    assert 'data-widget="Convolve1D"' in page
    assert re.search(r'src="\.\./_static/book-widgets-[0-9a-f]{8}\.js', page)
    assert "widget-state" not in page
    assert "thebe" not in page

    # Its time is promised below what it teaches, and once on the front page.
    time = "About 5 minutes to read, and 5 minutes with every widget, exercise and fold."
    assert re.search(rf'wait\.</p></li>\s*</ul>\s*<p class="cv-times">{time}</p>', page)
    front = (folder / "_build" / "html" / "index.html").read_text("utf-8")
    assert front.count('class="cv-times"') == 1
    assert re.search(r"is about\. <span[^>]*>5 minutes to read, 5 minutes with everything<", front)

    # Formulas are set already, and the theme's scripts let the page come first.
    assert '<span class="katex">' in page
    assert not re.search(r"katex\.min\.js|auto-render", page)
    assert re.search(r'<script defer src="\.\./_static/copybutton\.js', page)

    # Nothing of Sphinx's search is loaded, and the book's own only when somebody opens it.
    assert not re.search(r"searchindex|searchtools|book-search", page)
    assert not (folder / "_build" / "html" / "searchindex.js").exists()
    script = (folder / "_build" / "html" / "_static" / "book-search.js").read_text("utf-8")
    assert '"a-chapter","A chapter"' in script
    assert "search-results" in (folder / "_build" / "html" / "search.html").read_text("utf-8")


def test_a_book_that_was_moved_builds_again_and_keeps_nothing_of_its_old_place(build, folder):
    if not (folder / "_build").exists():
        build()
    moved = folder.with_name("moved to another place")
    folder.rename(moved)
    try:
        done = run(moved)
        assert done.returncode == 0, done.stdout + done.stderr
        pages = [*moved.glob("_build/html/*.html"), *moved.glob("_build/html/*/*.html")]
        assert len(pages) > 4
        assert [p for p in pages if folder.name in p.read_text("utf-8")] == []
    finally:
        moved.rename(folder)


@pytest.mark.usefixtures("build")
def test_pages_are_written_anew_after_a_change_of_what_makes_them(folder, tmp_path):
    """As that of a script, whose name on the pages tells what it holds."""

    def script():
        page = (folder / "_build" / "html" / "chapters" / "one.html").read_text("utf-8")
        (name,) = re.findall(r"_static/(book-widgets-[0-9a-f]{8}\.js)", page)
        return (folder / "_build" / "html" / "_static" / name).read_text("utf-8")

    def build():
        done = run(folder, PYTHONPATH=str(tmp_path))
        assert done.returncode == 0, done.stdout + done.stderr

    shutil.copytree(
        ROOT / "helpers", tmp_path / "helpers", ignore=shutil.ignore_patterns("__pycache__")
    )
    build()
    host = tmp_path / "helpers" / "book" / "page" / "host.js"
    host.write_text(host.read_text("utf-8") + "globalThis.changed = true;\n", "utf-8")
    assert "globalThis.changed" not in script()
    build()
    assert "globalThis.changed" in script()


def test_a_python_without_docstrings_and_assertions_is_refused_in_words(build, folder):
    done = run(folder, PYTHONOPTIMIZE="1")
    assert done.returncode != 0
    assert "unset PYTHONOPTIMIZE, leave out -O or -OO, and build again" in done.stdout + done.stderr
