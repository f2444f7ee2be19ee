"""A notebook that was downloaded, in a Python that has nothing of the book."""

import json
import os
import subprocess
import sys
import zipfile

import nbformat
import pytest
from contents import ROOT

from helpers.book.alone import on_its_own, source_of

NOTEBOOKS = [*sorted((ROOT / "chapters").glob("*.ipynb")), ROOT / "index.ipynb"]
FIRST = "from helpers.widgets import Convolve1D\nprint('the chapter runs')"


def code_of(text):
    """Return the code of a notebook, cell by cell."""
    return [c.source for c in nbformat.reads(text, as_version=4).cells if c.cell_type == "code"]


@pytest.fixture(scope="module")
def empty(tmp_path_factory):
    """An environment with pip and nothing else; the tests run one after the other in it."""
    folder = tmp_path_factory.mktemp("empty")
    subprocess.run([sys.executable, "-m", "venv", folder / "venv"], check=True)
    return folder


@pytest.fixture
def run(empty, tmp_path):
    """Return a function that runs a lone notebook there and returns how that ended."""
    python = empty / "venv" / ("Scripts" if os.name == "nt" else "bin") / "python"
    kept = {name: value for name, value in os.environ.items() if name != "PYTHONPATH"}

    def ended(source, first=FIRST):
        cell = nbformat.v4.new_code_cell(first)
        notebook = nbformat.v4.new_notebook(cells=[nbformat.v4.new_markdown_cell("# One"), cell])
        cells = code_of(on_its_own(nbformat.writes(notebook), source))
        (tmp_path / "notebook.py").write_text("\n".join(cells), "utf-8")
        return subprocess.run(
            [python, "notebook.py"],
            cwd=tmp_path, env=kept, capture_output=True, text=True, check=False,
        )  # fmt: skip

    yield ended
    subprocess.run(
        [python, "-m", "pip", "uninstall", "--yes", "--quiet", "a-tiny-book"],
        env=kept, capture_output=True, check=False,
    )  # fmt: skip


@pytest.fixture(scope="module")
def package(tmp_path_factory):
    """The address of a package that pip installs without asking any server."""
    path = tmp_path_factory.mktemp("package") / "a_tiny_book-1-py3-none-any.whl"
    files = {
        "helpers/__init__.py": "",
        "helpers/widgets/__init__.py": "Convolve1D = object",
        "a_tiny_book-1.dist-info/METADATA": "Metadata-Version: 2.1\n"
        "Name: a-tiny-book\nVersion: 1\n",
        "a_tiny_book-1.dist-info/WHEEL": "Wheel-Version: 1.0\nRoot-Is-Purelib: true\n"
        "Tag: py3-none-any\n",
    }
    record = [f"{name},,\n" for name in [*files, "a_tiny_book-1.dist-info/RECORD"]]
    with zipfile.ZipFile(path, "w") as wheel:
        for name, text in files.items():
            wheel.writestr(name, text)
        wheel.writestr("a_tiny_book-1.dist-info/RECORD", "".join(record))
    return str(path)


def test_without_a_repository_it_says_what_to_type(run):
    done = run("")
    assert done.returncode == 1
    last = done.stderr.strip().splitlines()[-1]
    assert last.startswith("ImportError: The book's package `helpers` is not installed here.")
    assert "Type %pip install BOOK into a cell" in last
    assert "No module named" not in done.stderr


def test_from_a_repository_it_installs_the_package_and_goes_on(run, package):
    done = run(package)
    assert (done.returncode, done.stderr) == (0, "")
    said = done.stdout.splitlines()
    assert said[0] == f"Installing the book's package from {package}. This takes some minutes."
    assert said[-1] == "the chapter runs"
    assert run("/nowhere/book.zip").stdout == "the chapter runs\n", "the package is there by now"


def test_what_cannot_be_installed_is_said_in_words(run):
    done = run("/nowhere/book.zip")
    assert done.returncode == 1
    assert "Type %pip install /nowhere/book.zip into a cell" in done.stderr.splitlines()[-1]


def test_a_folder_of_the_same_name_is_named_as_the_cause(run, package, tmp_path):
    (tmp_path / "helpers").mkdir()
    (tmp_path / "helpers" / "__init__.py").write_text("")
    done = run(package)
    assert done.returncode == 1
    assert "named `helpers` beside this notebook hides the package" in done.stderr.splitlines()[-1]


def test_a_folder_without_code_of_the_same_name_does_no_harm(run, package, tmp_path):
    """Python takes it for a package until there is a real one."""
    (tmp_path / "helpers").mkdir()
    done = run(package)
    assert (done.returncode, done.stderr) == (0, "")
    assert done.stdout.splitlines()[-1] == "the chapter runs"


@pytest.mark.parametrize("path", NOTEBOOKS, ids=lambda path: path.stem)
def test_every_notebook_gets_the_cell_before_its_first_code(path):
    text = path.read_text("utf-8")
    source = source_of("https://github.com/someone/a-fork", "lesson-3")
    alone = on_its_own(text, source)
    nbformat.validate(nbformat.reads(alone, as_version=4))
    first, *rest = code_of(alone)
    compile(first, path.name, "exec")
    assert "'https://github.com/someone/a-fork/archive/lesson-3.zip'" in first
    assert rest == code_of(text)
    assert [c for c in json.loads(alone)["cells"] if c["id"] != "the-books-package"] == json.loads(
        text
    )["cells"]
