"""A notebook that was downloaded, in a Python that has nothing of the book."""

import http.server
import json
import os
import subprocess
import sys
import threading
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
    kept["PIP_RETRIES"] = "0"

    def ended(source, before="", folder=tmp_path, **environment):
        cell = nbformat.v4.new_code_cell(FIRST)
        notebook = nbformat.v4.new_notebook(cells=[nbformat.v4.new_markdown_cell("# One"), cell])
        cells = code_of(on_its_own(nbformat.writes(notebook), source))
        (folder / "notebook.py").write_text("\n".join([before, *cells]), "utf-8")
        return subprocess.run(
            [python, "notebook.py"],
            cwd=folder, env=kept | environment, capture_output=True, text=True, check=False,
        )  # fmt: skip

    yield ended
    subprocess.run(
        [python, "-m", "pip", "uninstall", "--yes", "--quiet", "a-tiny-book", "a-part"],
        env=kept, capture_output=True, check=False,
    )  # fmt: skip


def wheel(folder, name, files, needs=""):
    """Write a package that pip installs without asking any server; return its path."""
    path = folder / f"{name}-1-py3-none-any.whl"
    files = files | {
        f"{name}-1.dist-info/METADATA": f"Metadata-Version: 2.1\nName: {name}\nVersion: 1\n{needs}",
        f"{name}-1.dist-info/WHEEL": "Wheel-Version: 1.0\nRoot-Is-Purelib: true\n"
        "Tag: py3-none-any\n",
    }
    record = [f"{file},,\n" for file in [*files, f"{name}-1.dist-info/RECORD"]]
    with zipfile.ZipFile(path, "w") as archive:
        for file, text in files.items():
            archive.writestr(file, text)
        archive.writestr(f"{name}-1.dist-info/RECORD", "".join(record))
    return str(path)


@pytest.fixture(scope="module")
def package(tmp_path_factory):
    """A tiny book that needs two packages: one that it finds missing, and one that may stay old."""
    folder = tmp_path_factory.mktemp("package")
    part = wheel(folder, "a_part", {"a_part.py": ""})
    files = {
        "helpers/__init__.py": "",
        "helpers/environment.py": f"def missing_packages():\n    return [{part!r}]\n",
        "helpers/widgets/__init__.py": "import a_part\nConvolve1D = object\n",
    }
    needs = "Requires-Dist: a-part>=1\nRequires-Dist: jupyter-that-nobody-has>=99\n"
    return wheel(folder, "a_tiny_book", files, needs)


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


def test_in_colab_it_comes_from_the_repository_that_colab_opened(run):
    """Colab's server names the notebook's address; as far as pip can go, it goes."""

    class Sessions(http.server.BaseHTTPRequestHandler):
        def do_GET(self):
            file = "https%3A//github.com/someone/a-fork/blob/lessons/3/chapters/01-one.ipynb"
            self.send_response(200)
            self.end_headers()
            if self.path == "/api/sessions":
                self.wfile.write(json.dumps([{"path": f"fileId={file}"}]).encode())

        def log_message(self, *args):
            pass

    server = http.server.ThreadingHTTPServer(("127.0.0.1", 0), Sessions)
    threading.Thread(target=server.serve_forever, daemon=True).start()
    place = {"COLAB_JUPYTER_IP": "127.0.0.1", "KMP_TARGET_PORT": str(server.server_port)}
    nowhere = dict.fromkeys(["http_proxy", "https_proxy"], "http://127.0.0.1:9")
    there = "import sys\nsys.modules['google.colab'] = sys"
    known = run("", there, **place, **nowhere, no_proxy="127.0.0.1")
    server.shutdown()
    source = "https://github.com/someone/a-fork/archive/lessons/3.zip"
    assert known.stdout.startswith(f"Installing the book's package from {source}.")
    assert f"Type %pip install {source} into a cell" in known.stderr.splitlines()[-1]

    server.server_close()
    silent = run("", there, **place)
    assert "is not installed here. Type %pip install BOOK" in silent.stderr.splitlines()[-1]


def test_a_chapter_in_a_checkout_uses_the_package_that_lies_beside_its_folder(run, tmp_path):
    """So do chapters that a link pulled into an image with an older package."""
    (tmp_path / "helpers" / "widgets").mkdir(parents=True)
    code = "Convolve1D = object\nprint('from the checkout')"
    (tmp_path / "helpers" / "widgets" / "__init__.py").write_text(code)
    (tmp_path / "chapters").mkdir()
    done = run("", folder=tmp_path / "chapters")
    assert (done.stdout, done.stderr) == ("from the checkout\nthe chapter runs\n", "")


@pytest.mark.parametrize("path", NOTEBOOKS, ids=lambda path: path.stem)
def test_every_notebook_gets_the_cell_before_its_first_code(path):
    text = path.read_text("utf-8")
    source = source_of("https://github.com/someone/a-fork", "lesson-3")
    alone = on_its_own(text, source)
    nbformat.validate(nbformat.reads(alone, as_version=4))
    first, *rest = code_of(alone)
    compile(first, path.name, "exec")
    assert first.endswith('find_book("https://github.com/someone/a-fork/archive/lesson-3.zip")')
    assert on_its_own(alone, source) == alone
    assert rest == code_of(text)[1:]
    assert on_its_own(alone, "") == text, "the repository's own has the cell too"
