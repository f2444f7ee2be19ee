"""Write the list of chapters in index.md anew, from _toc.yml and the titles of the pages.

What the list says of a chapter after its title is kept. `make notebooks` runs this.
"""

import re
from pathlib import Path

import yaml

ROOT = Path(__file__).parents[1]
HEADING = "## What is in it\n"
ENTRY = re.compile(r"^(?:\d+\.|-) \[.+?\]\((chapters/.+?)\.md\)(.*)$", re.M)


def title_of(page):
    """Return a page's heading without the soft hyphens that let it break on a phone."""
    found = re.search(r"^# (.+)$", page.read_text("utf-8"), re.M)
    return found[1].replace("\N{SOFT HYPHEN}", "")


def listed(front, parts, titles):
    """Return the text of the front page with its list of chapters as the parts have it.

    Parameters
    ----------
    front : str
        The text as it is, with a list under its heading.
    parts : list of dict
        As in ``_toc.yml``.
    titles : dict
        {page, as in ``_toc.yml``: title}
    """
    start = front.index(HEADING) + len(HEADING)
    entries = list(ENTRY.finditer(front, start))
    said = {entry[1]: entry[2] for entry in entries}
    blocks, number = [], 0
    for part in parts:
        lines = []
        for page in (chapter["file"] for chapter in part["chapters"]):
            number += bool(part.get("numbered"))
            mark = f"{number}." if part.get("numbered") else "-"
            lines.append(f"{mark} [{titles[page]}]({page}.md){said.get(page, '')}")
        blocks.append(f"**{part['caption']}**\n\n" + "\n".join(lines))
    return front[:start] + "\n" + "\n\n".join(blocks) + front[entries[-1].end() :]


def main(root=ROOT):
    """Rewrite index.md where its list is not that of _toc.yml."""
    parts = yaml.safe_load((root / "_toc.yml").read_text("utf-8"))["parts"]
    pages = [chapter["file"] for part in parts for chapter in part["chapters"]]
    titles = {page: title_of(root / f"{page}.md") for page in pages}
    index = root / "index.md"
    front = index.read_text("utf-8")
    if (now := listed(front, parts, titles)) != front:
        index.write_text(now, "utf-8")


if __name__ == "__main__":
    main()
