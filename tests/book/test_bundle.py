"""The course as one file: what it holds, that it always is the same, and that it runs."""

import os
import subprocess
import sys
import zipfile
from types import SimpleNamespace

import pytest
from contents import ROOT

from helpers.book.bundle import FOLDER, LONG_AGO, NAME, files_of, how_to_open, write_bundle

FIRST = "chapters/01-convolution-1d.ipynb"
RUN = """
import sys, nbformat
from nbclient import NotebookClient

notebook = nbformat.read(sys.argv[1], as_version=4)
look = "import helpers; print('the package is in', helpers.__file__)"
notebook.cells.insert(0, nbformat.v4.new_code_cell(look))
NotebookClient(notebook, timeout=200, kernel_name="python3").execute()
print(notebook.cells[0].outputs[0]["text"])
print(sum("cv-widget" in str(cell.get("outputs")) for cell in notebook.cells), "widgets")
"""


@pytest.fixture(scope="module")
def bundle(tmp_path_factory):
    path = tmp_path_factory.mktemp("bundle") / NAME
    write_bundle(ROOT, path)
    return path


def test_the_same_sources_give_the_same_bytes(bundle, tmp_path):
    write_bundle(ROOT, tmp_path / NAME)
    assert (tmp_path / NAME).read_bytes() == bundle.read_bytes()


def test_it_holds_every_notebook_the_package_and_its_data(bundle):
    with zipfile.ZipFile(bundle) as whole:
        names = {name.removeprefix(f"{FOLDER}/") for name in whole.namelist()}
        assert whole.testzip() is None
        made = {(entry.create_system, entry.date_time) for entry in whole.infolist()}
    assert made == {(3, LONG_AGO)}  # on every system, on every day
    assert {page.relative_to(ROOT).as_posix() for page in ROOT.glob("chapters/*.ipynb")} <= names
    assert {"START.md", "pyproject.toml", "requirements.txt", "LICENSE"} <= names
    assert {"helpers/__init__.py", "helpers/widgets/convolve1d/widget.mjs"} <= names
    assert "helpers/widgets/resources/digits.bin" in names
    assert names == set(files_of(ROOT))
    assert not [name for name in names if "__pycache__" in name or name.startswith(("_", "."))]


def test_unpacked_and_installed_it_runs_the_first_chapter(bundle, tmp_path):
    with zipfile.ZipFile(bundle) as whole:
        whole.extractall(tmp_path)
    course, home = tmp_path / FOLDER, tmp_path / "venv"
    subprocess.run([sys.executable, "-m", "venv", "--without-pip", home], check=True)
    (there,) = home.glob("lib/python*/site-packages") or home.glob("Lib/site-packages")
    # What the package needs is here already; the package itself must come from the file.
    ours = next(path for path in sys.path if path.endswith("site-packages"))
    (there / "what-it-needs.pth").write_text(ours + "\n", "utf-8")
    python = home / ("Scripts/python.exe" if os.name == "nt" else "bin/python")
    env = {name: value for name, value in os.environ.items() if name != "PYTHONPATH"}
    got = subprocess.run(
        [python, "-m", "pip", "install", "--quiet", "--no-deps", "--prefix", home,
         "--ignore-installed", "."],
        cwd=course, env=env, capture_output=True, text=True, check=False,
    )  # fmt: skip
    if got.returncode and "hatchling" in got.stderr:
        pytest.skip("hatchling, which builds the package, could not be had: is this offline?")
    assert got.returncode == 0, got.stderr
    done = subprocess.run(
        [python, "-c", RUN, course / FIRST],
        cwd=course / "chapters", env=env, capture_output=True, text=True, check=False,
    )  # fmt: skip
    assert done.returncode == 0, done.stderr[-3000:]
    assert f"the package is in {there}" in done.stdout
    assert int(done.stdout.split()[-2]) > 5, "its widgets are shown"


@pytest.mark.parametrize(
    ("buttons", "says"),
    [
        ({}, "open this chapter as a notebook: from the course as one file, which runs after"),
        ({"binderhub_url": "https://mybinder.org"}, "launch button at the top (Binder), or from"),
        ({"binderhub_url": "a", "colab_url": "b"}, "launch button at the top (Binder or Colab)"),
    ],
)
def test_the_line_names_launch_buttons_only_where_there_are_some(buttons, says):
    config = SimpleNamespace(html_theme_options={"launch_buttons": buttons})
    line = how_to_open(config, "chapters/01-convolution-1d")
    assert says in line.astext()
    links = [
        node["refuri"] for node in line.findall() if "refuri" in getattr(node, "attributes", {})
    ]
    assert links == [f"../{NAME}", "../chapters/live-notebook.html"]
