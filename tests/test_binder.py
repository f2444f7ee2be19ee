"""What Binder installs, how repo2docker reads it, and its last step, with and without a network."""

import hashlib
import json
import os
import re
import runpy
import subprocess
import sys
import tomllib
from urllib.parse import parse_qsl

import numpy as np
import pytest
from contents import ROOT
from servers import served

from helpers.datasets import mnist

BINDER = ROOT / "binder"
# What it imports that the book's environment does not have
OF_REPO2DOCKER = [
    "docker",
    "escapism",
    "iso8601",
    "ruamel.yaml",
    "python-json-logger",
    "entrypoints",
    "semver",
    "toml",
    "chardet",
]
PIN = re.compile(r"^([\w.-]+)==([\w.]+)", re.M)


def pins(path):
    """Return the pairs of names and versions in a lock; a name may have several."""
    return set(PIN.findall(path.read_text("utf-8")))


def names(requirements):
    """Return the names of a list of requirements."""
    return {re.match(r"[\w.-]+", requirement)[0] for requirement in requirements}


def test_it_installs_what_notebooks_need_in_the_books_versions_and_no_more():
    project = tomllib.loads((ROOT / "pyproject.toml").read_text("utf-8"))["project"]
    installed = pins(BINDER / "requirements.txt")
    assert installed <= pins(ROOT / "requirements.txt"), "run `make lock`"
    found = {name for name, _ in installed}
    assert names(project["dependencies"]) <= found
    extras = project["optional-dependencies"]
    assert not found & names([*extras["test"], *extras["lab"], "jupyter-book", "mini-racer"])
    # A local line would make Binder install everything again whenever a chapter changes.
    lines = (BINDER / "requirements.txt").read_text("utf-8").splitlines()
    assert [line for line in lines if re.match(r"\s*(-e|\.|/|file:)", line)] == []


def test_repo2docker_reads_it_as_meant(tmp_path):
    """Its own package does, which is fetched for this."""
    got = subprocess.run(
        [sys.executable, "-m", "pip", "--disable-pip-version-check", "install", "--quiet",
         "--no-deps", "--target", tmp_path, "jupyter-repo2docker>=2024.7", *OF_REPO2DOCKER],
        capture_output=True, text=True, check=False,
    )  # fmt: skip
    if got.returncode:
        pytest.skip("repo2docker could not be had: is this machine online?")
    done = subprocess.run(
        [sys.executable, ROOT / "scripts" / "binder_steps.py", "--plan"],
        env={**os.environ, "PYTHONPATH": str(tmp_path)}, capture_output=True, text=True, check=True,
    )  # fmt: skip
    plan = json.loads(done.stdout)
    project = tomllib.loads((ROOT / "pyproject.toml").read_text("utf-8"))["project"]
    assert plan["buildpack"] == "PythonBuildPack"
    assert f">={plan['python']}," in project["requires-python"]
    assert plan["copied first"] == ["binder/requirements.txt"]
    (install,) = plan["before the checkout is copied"]
    assert install.endswith('pip install --no-cache-dir -r "binder/requirements.txt"')
    assert plan["after it is copied"] == []
    assert plan["at the end"] == ["binder/postBuild"]
    assert any(package.startswith("jupyterlab==4") for package in plan["base"])
    build = plan["dockerfile"]
    order = [install.split("/", 1)[1], "COPY --chown=1000:1000 src/ ${REPO_DIR}/"]
    where = [next(n for n, line in enumerate(build) if line.endswith(end)) for end in order]
    assert where == sorted(where) and build.index("RUN ./binder/postBuild") > where[1]


def test_every_notebook_was_measured_and_fits_into_binders_memory():
    """`bench_notebooks.py --write` wrote the file; a new notebook has to be measured too."""
    measured = json.loads((ROOT / "tests" / "benchmarks" / "notebooks.json").read_text("utf-8"))
    chapters = {path.stem for path in (ROOT / "chapters").glob("[0-9]*.ipynb")}
    again = "run tests/benchmarks/bench_notebooks.py --write tests/benchmarks/notebooks.json"
    assert chapters - set(measured["notebooks"]) == set(), again
    largest = max(row["peak_bytes"] for row in measured["notebooks"].values())
    assert 5e8 < largest < 2e9
    assert all(0 < row["cpu_seconds"] <= row["seconds"] for row in measured["notebooks"].values())


@pytest.fixture
def cache(tmp_path, monkeypatch):
    """A small file in the place of MNIST on a server of its own, and an empty cache."""
    images, digits = np.zeros((20, 28, 28), np.uint8), np.zeros(20, np.uint8)
    file = tmp_path / "mnist.npz"
    np.savez(file, x_train=images, y_train=digits, x_test=images[:10], y_test=digits[:10])
    monkeypatch.delenv("MNIST_NPZ", raising=False)
    monkeypatch.setenv("KERAS_HOME", str(tmp_path / "keras"))
    monkeypatch.setattr(mnist, "SHA256", hashlib.sha256(file.read_bytes()).hexdigest())
    with served(tmp_path) as address:
        monkeypatch.setattr(mnist, "URL", f"{address}/mnist.npz")
        yield tmp_path / "keras" / "datasets"


def test_the_image_gets_mnist_once_its_hash_is_right(cache, monkeypatch, capsys):
    hash_of_file = mnist.SHA256
    monkeypatch.setattr(mnist, "SHA256", "0" * 64)
    runpy.run_path(str(BINDER / "fetch_mnist.py"))
    said = capsys.readouterr().out
    assert said.startswith("The image has no MNIST, and its notebooks use the embedded digits: ")
    assert "what arrived is not the file that was asked for" in said
    assert list(cache.iterdir()) == []
    assert mnist.find_mnist() is None

    monkeypatch.setattr(mnist, "SHA256", hash_of_file)
    runpy.run_path(str(BINDER / "fetch_mnist.py"))
    assert capsys.readouterr().out == "MNIST is in the image: 20 + 10 digits\n"
    assert [path.name for path in cache.iterdir()] == ["mnist.npz"]


@pytest.mark.skipif(os.name == "nt", reason="a shell script for Binder's Linux")
def test_its_last_step_ends_well_where_mnist_cannot_be_fetched(tmp_path):
    """The network ends at a port where nobody listens; pip only writes down what it was told."""
    for name, command in (
        ("pip", 'echo "$@" >> "$HOME/pip.txt"'),
        ("python", f'exec "{sys.executable}" "$@"'),
    ):
        (tmp_path / name).write_text(f"#!/bin/sh\n{command}\n")
        (tmp_path / name).chmod(0o755)
    nowhere = dict.fromkeys(["http_proxy", "https_proxy"], "http://127.0.0.1:9")
    kept = {name: value for name, value in os.environ.items() if name != "MNIST_NPZ"}
    done = subprocess.run(
        ["binder/postBuild"],
        cwd=ROOT, capture_output=True, text=True, check=False,
        env={**kept, **nowhere, "HOME": str(tmp_path), "KERAS_HOME": str(tmp_path / "keras"),
             "PYTHONPATH": str(ROOT), "PATH": f"{tmp_path}{os.pathsep}{os.environ['PATH']}"},
    )  # fmt: skip
    assert (done.returncode, done.stderr) == (0, "")
    assert done.stdout.startswith("The image has no MNIST, and its notebooks use the embedded")
    told = (tmp_path / "pip.txt").read_text().splitlines()
    assert [line.split()[-1] for line in told] == [".", "nbgitpuller==1.2.2"]


def test_the_documented_link_pulls_the_content_into_another_environment():
    readme = (ROOT / "README.md").read_text("utf-8")
    link = re.search(r"https://mybinder\.org/v2/gh/OWNER/REPO/v1\?(\S+)", readme)[1]
    route, _, query = dict(parse_qsl(link))["urlpath"].partition("?")
    assert route == "git-pull"
    assert dict(parse_qsl(query)) == {
        "repo": "https://github.com/OWNER/REPO",
        "branch": "main",
        "urlpath": "lab/tree/REPO/chapters/01-convolution-1d.ipynb",
    }
    assert (ROOT / "chapters" / "01-convolution-1d.ipynb").exists()
    assert "nbgitpuller==" in (BINDER / "postBuild").read_text("utf-8")
