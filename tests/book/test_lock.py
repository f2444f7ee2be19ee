"""The environment that the book is built in."""

import re
import subprocess
import sys
import tomllib
from pathlib import Path

import pytest
from packaging.requirements import Requirement

ROOT = Path(__file__).parents[2]
LOCKS = ["requirements.txt", "binder/requirements.txt"]


def entries(lock):
    """Return the entries of a lock, without comments, each on one line."""
    text = re.sub(r"^ *#.*\n", "", (ROOT / lock).read_text("utf-8"), flags=re.M)
    return text.replace("\\\n", " ").splitlines()


def test_the_lock_holds_every_dependency():
    """A dependency that is not locked would be installed in whatever version is newest."""
    project = tomllib.loads((ROOT / "pyproject.toml").read_text("utf-8"))["project"]
    wanted = [*project["dependencies"], *sum(project["optional-dependencies"].values(), [])]
    names = {re.match(r"[\w.-]+", requirement)[0].lower() for requirement in wanted}
    lock = (ROOT / "requirements.txt").read_text("utf-8")
    assert names <= set(re.findall(r"^([\w.-]+)==", lock, re.M))


def test_the_package_accepts_the_versions_that_colab_has():
    """Another version would take the place of what Colab's running kernel has loaded."""
    project = tomllib.loads((ROOT / "pyproject.toml").read_text("utf-8"))["project"]
    colab = (ROOT / "scripts" / "colab.txt").read_text("utf-8")
    has = {name.lower(): version for name, version in re.findall(r"^([\w.-]+)==(\S+)", colab, re.M)}
    needed = {r.name: r.specifier for r in map(Requirement, project["dependencies"])}
    assert {"ipywidgets", "anywidget", "traitlets", "numpy", "tensorflow"} <= set(needed) & set(has)
    too_old = {name for name in set(needed) & set(has) if has[name] not in needed[name]}
    assert too_old == set()
    missing = set(needed) - set(has)
    assert missing == {"tensorflow-cpu", "myst-nb", "latex2mathml"}


@pytest.mark.parametrize("lock", LOCKS)
def test_every_package_is_one_version_with_the_hashes_of_its_files(lock):
    # One entry without a hash, or a folder, and pip refuses all of them.
    entry = re.compile(r"[\w.-]+==[\w.]+( ; [^#]+?)?( +--hash=sha256:[0-9a-f]{64})+")
    assert [line for line in entries(lock) if not entry.fullmatch(line)] == []
    assert "://" not in (ROOT / lock).read_text("utf-8"), "a lock names no host"


def test_a_file_with_another_hash_is_not_installed(tmp_path):
    """Of the packages that pip would take from here, one is exchanged."""
    wheel = tmp_path / "execnet-2.1.2-py3-none-any.whl"
    wheel.write_bytes(b"another file of that name")
    line = next(line for line in entries("requirements.txt") if line.startswith("execnet=="))
    (tmp_path / "lock.txt").write_text(re.sub(r"==\S+", "==2.1.2", line), "utf-8")
    done = subprocess.run(
        [sys.executable, "-m", "pip", "--isolated", "--disable-pip-version-check", "download",
         "--no-deps", "--no-index", "--no-cache-dir", "--require-hashes",
         "--find-links", tmp_path, "--dest", tmp_path / "got", "-r", tmp_path / "lock.txt"],
        capture_output=True, text=True, check=False,
    )  # fmt: skip
    assert done.returncode != 0
    assert "THESE PACKAGES DO NOT MATCH THE HASHES" in done.stderr
