"""The package as pip installs it from the repository's address: a source archive, then a wheel."""

import os
import subprocess
import sys
import zipfile
from pathlib import Path

import pytest

from helpers.widgets.base import Widget

ROOT = Path(__file__).parents[2]
PIP = [sys.executable, "-m", "pip", "--disable-pip-version-check"]
BUILD = "import sys; from hatchling.build import build_sdist; print(build_sdist(sys.argv[1]))"
LOOK = """
import sys, helpers
from helpers import datasets
from helpers.book import scripts
from helpers.widgets.base import Widget
from helpers.widgets.resources import resource_bytes

assert helpers.__file__.startswith(sys.argv[1]), helpers.__file__
datasets.load_digits()
for kind in Widget.registry.values():
    for name in kind.resources:
        assert resource_bytes(name)
assert scripts.page_script() and scripts.page_style()
print(*sorted(Widget.registry))
"""


@pytest.fixture(scope="module")
def installed(tmp_path_factory):
    """The folder that a wheel made from a source archive is unpacked into."""
    work = tmp_path_factory.mktemp("package")
    tools, out = work / "tools", work / "out"
    got = subprocess.run(
        [*PIP, "install", "--quiet", "--target", tools, "hatchling>=1.27,<2"],
        capture_output=True, text=True, check=False,
    )  # fmt: skip
    if got.returncode:
        pytest.skip(
            "hatchling, which builds the package, could not be had: is this machine online?"
        )
    with_tools = {**os.environ, "PYTHONPATH": str(tools)}
    out.mkdir()
    archive = subprocess.run(
        [sys.executable, "-c", BUILD, out],
        cwd=ROOT, env=with_tools, capture_output=True, text=True, check=True,
    ).stdout.split()[-1]  # fmt: skip
    subprocess.run(
        [*PIP, "wheel", "--quiet", "--no-deps", "--no-build-isolation", "-w", out, out / archive],
        env=with_tools, check=True,
    )  # fmt: skip
    (wheel,) = out.glob("*.whl")
    with zipfile.ZipFile(wheel) as files:
        files.extractall(work / "installed")
    return work / "installed"


def files_below(folder):
    """Return the files of a package that are not made by running it."""
    paths = [p.relative_to(folder) for p in folder.rglob("*") if p.is_file()]
    return {p.as_posix() for p in paths if p.suffix != ".pyc" and p.name[0] != "."}


def test_it_holds_every_file_of_the_package(installed):
    names = files_below(ROOT / "helpers")
    assert {"widgets/convolve1d/widget.mjs", "widgets/card/card.css", "book/page/page.js"} <= names
    assert files_below(installed / "helpers") == names


def test_it_finds_its_data_where_it_was_installed(installed):
    done = subprocess.run(
        [sys.executable, "-c", LOOK, installed],
        cwd=installed.parent, env={**os.environ, "PYTHONPATH": str(installed)},
        capture_output=True, text=True, check=False,
    )  # fmt: skip
    assert done.returncode == 0, done.stderr
    assert done.stdout.split() == sorted(Widget.registry)
