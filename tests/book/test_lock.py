"""The environment that the book is built in."""

import re
import tomllib
from pathlib import Path

ROOT = Path(__file__).parents[2]


def test_the_lock_holds_every_dependency():
    """A dependency that is not locked would be installed in whatever version is newest."""
    project = tomllib.loads((ROOT / "pyproject.toml").read_text("utf-8"))["project"]
    wanted = [*project["dependencies"], *sum(project["optional-dependencies"].values(), [])]
    names = {re.match(r"[\w.-]+", requirement)[0].lower() for requirement in wanted}
    lock = (ROOT / "requirements.txt").read_text("utf-8")
    assert names <= set(re.findall(r"^([\w.-]+)==", lock, re.M))
