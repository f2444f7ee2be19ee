"""The environment that the book is built in."""

import re
import tomllib
from pathlib import Path

from packaging.requirements import Requirement

ROOT = Path(__file__).parents[2]


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
