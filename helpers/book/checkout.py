"""The repository and the branch that the pages' buttons open, read from the checkout."""

import os
import re
import subprocess
from pathlib import Path

ROOT = Path(__file__).parents[2]


def repository_address(root=ROOT):
    """Return the https address of the repository on GitHub, or "" where none is known.

    ``GITHUB_REPOSITORY`` (as GitHub's own runners set it) goes before the checkout's remote
    ``origin``, so that a fork's book opens the fork.
    """
    named = os.environ.get("GITHUB_REPOSITORY", "")
    if re.fullmatch(r"[\w.-]+/[\w.-]+", named):
        return f"https://github.com/{named}"
    try:
        remote = subprocess.run(
            ["git", "-C", str(root), "config", "--get", "remote.origin.url"],
            capture_output=True, text=True, timeout=10, check=False,
        ).stdout.strip()  # fmt: skip
    except (OSError, subprocess.TimeoutExpired):
        return ""
    found = re.search(r"github\.com[:/]([\w.-]+/[\w.-]+?)(?:\.git)?/?$", remote)
    return f"https://github.com/{found[1]}" if found else ""


def branch_name():
    """Return the branch that the launch buttons open.

    The name stands in addresses of the page, where the theme does not escape it: one that would
    need that counts as none.
    """
    named = os.environ.get("GITHUB_REF_NAME", "")
    return named if re.fullmatch(r"\w[\w./-]*", named, re.ASCII) else "main"


def offer_repository(app, config):
    """Give the theme what its buttons need, or take them away where no repository is known."""
    options = config.html_theme_options
    address = repository_address()
    options["repository_url"] = address
    options["repository_branch"] = branch_name()
    options["use_repository_button"] = bool(address)
    if not address:
        options["launch_buttons"] = {}
