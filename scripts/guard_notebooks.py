"""Put the cell that finds the book's package into every notebook of the repository.

Jupytext knows the chapters only, so the cell goes with each of its updates and comes back here.
"""

import sys
from pathlib import Path

sys.path.insert(0, str(Path(__file__).parents[1]))

from helpers.book.alone import on_its_own

ROOT = Path(__file__).parents[1]


def main(root=ROOT):
    """Write those notebooks that change."""
    for path in [root / "index.ipynb", *sorted((root / "chapters").glob("*.ipynb"))]:
        text = path.read_text("utf-8")
        # Without a repository's address: a fork is to bring its own package.
        guarded = on_its_own(text, "")
        if guarded != text:
            path.write_text(guarded, "utf-8", newline="\n")


if __name__ == "__main__":
    main()
