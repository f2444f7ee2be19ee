"""Which rooms may import which, as CONTRIBUTING.md draws it; the front page lists every chapter."""

import ast
import json
import re
import tomllib
from pathlib import Path

import pytest
import yaml

ROOT = Path(__file__).parents[1]
HELPERS = ROOT / "helpers"
WIDGETS = HELPERS / "widgets"


def imported(source):
    """Return the names of all modules that Python code imports, wherever the line stands."""
    names = set()
    for node in ast.walk(ast.parse(source)):
        if isinstance(node, ast.Import):
            names |= {alias.name for alias in node.names}
        elif isinstance(node, ast.ImportFrom):
            names |= {f"{node.module}.{alias.name}" for alias in node.names}
    return names


def within(names, *rooms):
    """Return those names that lie in one of the rooms."""
    return {name for name in names if any(f"{name}.".startswith(f"{room}.") for room in rooms)}


def test_imports_are_found_in_every_form():
    source = (
        "import helpers.book\n"
        "from helpers import widgets\n"
        "def late():\n    from helpers.widgets.base import Widget\n"
        "import helpers.bookkeeping\n"
    )
    found = within(imported(source), "helpers.widgets", "helpers.book")
    assert found == {"helpers.book", "helpers.widgets", "helpers.widgets.base.Widget"}


def floor(path):
    room = path.relative_to(HELPERS).parts[0]
    return {"widgets": 2, "book": 3}.get(room, 1)


@pytest.mark.parametrize("path", sorted(HELPERS.rglob("*.py")), ids=lambda path: str(path)[-40:])
def test_a_module_imports_nothing_from_a_floor_below(path):
    below = {1: ["helpers.widgets", "helpers.book"], 2: ["helpers.book"], 3: []}[floor(path)]
    assert not within(imported(path.read_text("utf-8")), *below)


def javascript_imports(path):
    """Return the files that a module imports."""
    found = re.findall(r"""(?:from|import)\s*\(?["']([^"']+)["']""", path.read_text("utf-8"))
    return {(path.parent / name).resolve() for name in found}


@pytest.mark.parametrize("room", ["arithmetic", "card"])
def test_what_widgets_share_imports_no_widget_and_arithmetic_no_drawing(room):
    allowed = {"arithmetic": ["arithmetic"], "card": ["arithmetic", "card"]}[room]
    modules = sorted((WIDGETS / room).glob("*.mjs"))
    assert any(javascript_imports(module) for module in modules)
    for module in modules:
        for target in javascript_imports(module):
            assert target.exists(), f"{module.name} imports {target}"
            assert target.relative_to(WIDGETS).parts[0] in allowed, f"{module.name}: {target}"


def test_a_widget_imports_from_no_other_widgets_folder():
    shared = {"arithmetic", "card"}
    folders = {path.parent for path in WIDGETS.glob("*/widget.mjs")}
    assert len(folders) > 5
    for folder in folders:
        for module in folder.glob("*.mjs"):
            for target in javascript_imports(module):
                room = target.relative_to(WIDGETS).parts[0]
                assert room in shared | {folder.name}, f"{module.name} imports {target}"


def title(page):
    """Return a page's heading without the soft hyphens that let it break on a phone."""
    text = (ROOT / page).read_text("utf-8")
    return re.search(r"^# (.+)$", text, re.M)[1].replace("\N{SOFT HYPHEN}", "")


def test_the_front_page_lists_what_the_table_of_contents_holds():
    parts = yaml.safe_load((ROOT / "_toc.yml").read_text("utf-8"))["parts"]
    wanted = []
    number = 0
    for part in parts:
        wanted.append(("part", part["caption"]))
        for chapter in part["chapters"]:
            page = f"{chapter['file']}.md"
            number += bool(part.get("numbered"))
            mark = f"{number}." if part.get("numbered") else "-"
            wanted.append((mark, title(page), page))

    listed = (ROOT / "index.md").read_text("utf-8").split("## What is in it")[1]
    line = re.compile(r"^(?:\*\*(.+)\*\*$|(\d+\.|-) \[(.+?)\]\((chapters/.+?\.md)\))", re.M)
    found = [
        ("part", match[1]) if match[1] else (match[2], match[3], match[4])
        for match in line.finditer(listed)
    ]
    assert found == wanted


def test_no_line_of_the_javascript_is_too_long():
    """The formatter leaves long strings and comments as they are; so they are looked at here."""
    formatter = json.loads((ROOT / "biome.json").read_text("utf-8"))["formatter"]
    if not formatter["enabled"]:
        pytest.skip("the formatter of biome.json is not on yet")
    scripts = [
        path
        for pattern in ("helpers/**/*.mjs", "helpers/**/*.js", "tests/**/*.js")
        for path in ROOT.glob(pattern)
        if not {"katex", "qrcode"} & set(path.parts)
    ]
    assert len(scripts) > 100
    assert [
        f"{path.relative_to(ROOT)}:{number}"
        for path in scripts
        for number, line in enumerate(path.read_text("utf-8").splitlines(), 1)
        if len(line) > formatter["lineWidth"]
    ] == []


def test_the_types_of_every_script_are_checked():
    """By `make lint`: a new file is in without a word, and none is excused."""
    settings = json.loads((HELPERS / "jsconfig.json").read_text("utf-8"))
    assert settings["compilerOptions"]["checkJs"] and "exclude" not in settings
    checked = {path for pattern in settings["include"] for path in HELPERS.glob(pattern)}
    scripts = {path for path in HELPERS.rglob("*.*js") if not {"katex", "qrcode"} & set(path.parts)}
    assert len(scripts) > 200
    assert not scripts - checked
    assert not [path.name for path in checked if "@ts-" in path.read_text("utf-8")]
    assert "-p helpers/jsconfig.json" in (ROOT / "Makefile").read_text("utf-8")


COUNTS = {4: "Four", 5: "Five", 6: "Six", 7: "Seven", 8: "Eight", 9: "Nine", 10: "Ten"}


@pytest.mark.parametrize(
    "path", sorted(ROOT.glob("chapters/[0-9]*.md")), ids=lambda path: path.stem
)
def test_a_chapter_speaks_to_fingers_and_says_how_many_questions_it_asks(path):
    text = path.read_text("utf-8")
    assert not re.search(r"\b[Cc]lick (?:on|anywhere|another|any|a cell|to)\b", text)
    section = re.split(r"^## ", text.split("\n## Check yourself\n")[1], flags=re.M)[0]
    questions = re.findall(r"^ {8}(?:choice|number)\(", section, re.M)
    assert section.startswith(f"\n{COUNTS[len(questions)]} questions; ")


def test_the_citation_names_this_version():
    """So does the package, and `CHANGELOG.md` describes it."""
    citation = yaml.safe_load((ROOT / "CITATION.cff").read_text("utf-8"))
    package = tomllib.loads((ROOT / "pyproject.toml").read_text("utf-8"))["project"]
    book = yaml.safe_load((ROOT / "_config.yml").read_text("utf-8"))
    assert citation["version"] == package["version"]
    assert citation["title"] == book["title"]
    assert f"## {citation['version']}" in (ROOT / "CHANGELOG.md").read_text("utf-8")
