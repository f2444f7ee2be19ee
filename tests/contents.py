"""The pages of the book, in the order of its table of contents."""

from pathlib import Path

import yaml

ROOT = Path(__file__).parents[1]


def listed_pages():
    """Return the names of all pages of `_toc.yml`, without extension, the front page first."""
    toc = yaml.safe_load((ROOT / "_toc.yml").read_text("utf-8"))
    chapters = [entry["file"] for part in toc["parts"] for entry in part["chapters"]]
    return [toc["root"], *chapters]
