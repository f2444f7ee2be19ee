"""Puts together what a release attaches, from the built book and its PDF.

    make pdf
    python scripts/release.py v0.1.0

Into _build/release/ go the built book as a zip (open its index.html), the notebooks' zip, the PDF,
their checksums, and notes.md: what CHANGELOG.md says of this version. The tag has to name the
version of pyproject.toml, and the changes a day: a release that nobody has prepared is refused.
"""

import argparse
import hashlib
import re
import shutil
import sys
import tomllib
from pathlib import Path

from helpers.book.bundle import NAME, pack

ROOT = Path(__file__).parents[1]


def notes_of(changes, version):
    """Return what a change log says of a version; refuse one without a day."""
    heading = re.search(rf"^## {re.escape(version)}\b(.*)$", changes, re.M)
    if not heading:
        raise ValueError(
            f"CHANGELOG.md has no heading “## {version}, <day>”: write down what changed"
        )
    if not re.fullmatch(r", \d{4}-\d\d-\d\d", heading[1]):
        raise ValueError(
            f"CHANGELOG.md says “{heading[0]}”: give the day, ## {version}, 2030-01-31"
        )
    notes = changes[heading.end() :].partition("\n## ")[0].strip()
    if not notes:
        raise ValueError(f"CHANGELOG.md says nothing under “{heading[0]}”")
    return notes + "\n"


def files_below(folder, top):
    """Return {name below a folder named `top`: bytes} of all files that are not hidden."""
    found = {source.relative_to(folder): source for source in sorted(folder.rglob("*"))}
    return {
        f"{top}/{inside.as_posix()}": source.read_bytes()
        for inside, source in found.items()
        if source.is_file() and not any(part.startswith(".") for part in inside.parts)
    }


def release(tag, root=ROOT):
    """Make the files of a release; return their folder."""
    version = tomllib.loads((root / "pyproject.toml").read_text("utf-8"))["project"]["version"]
    if tag != f"v{version}":
        raise ValueError(f"The tag {tag} does not fit version {version} of pyproject.toml")
    notes = notes_of((root / "CHANGELOG.md").read_text("utf-8"), version)
    built = root / "_build"
    needed = {
        "the built book": built / "html" / "index.html",
        "the notebooks' zip": built / "html" / NAME,
        "the PDF": built / "book.pdf",
    }
    for what, path in needed.items():
        if not path.is_file():
            raise ValueError(f"{what}, {path.relative_to(root)}, is missing: run `make pdf` first")
    out = built / "release"
    shutil.rmtree(out, ignore_errors=True)
    out.mkdir()
    name = f"convolution-book-{version}"
    pack(out / f"{name}-html.zip", files_below(built / "html", name))
    shutil.copyfile(needed["the notebooks' zip"], out / f"{name}-notebooks.zip")
    shutil.copyfile(needed["the PDF"], out / f"{name}.pdf")
    sums = [
        f"{hashlib.sha256(path.read_bytes()).hexdigest()}  {path.name}\n"
        for path in sorted(out.iterdir())
    ]
    (out / "SHA256SUMS").write_text("".join(sums), "utf-8")
    (out / "notes.md").write_text(notes, "utf-8")
    return out


if __name__ == "__main__":
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("tag", help="such as v0.1.0")
    try:
        made = release(parser.parse_args().tag)
    except ValueError as problem:
        sys.exit(str(problem))
    for path in sorted(made.iterdir()):
        print(f"{path.stat().st_size / 1e6:8.1f} MB  {path.relative_to(ROOT)}")
