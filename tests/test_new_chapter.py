"""`make new-chapter` lays down a chapter that works, in a copy of the house."""

import os
import shutil
import subprocess
import sys

import pytest
from contents import ROOT

NAME = "97-trial-sums"
GOAL_TESTS = [
    "test_every_chapter_has_two_or_more_and_tries_at_each",
    "test_the_start_is_no_solution_and_the_solution_is_one",
    "test_every_near_miss_is_told_what_went_wrong",
]


def run(folder, *arguments):
    return subprocess.run(
        [sys.executable, *arguments],
        cwd=folder, env={**os.environ, "PYTHONPATH": str(folder)},
        capture_output=True, text=True, check=False,
    )  # fmt: skip


# Runs the script as the command does, for one name after the other: what it imports takes seconds.
ASK = """
import runpy, sys
sys.path.insert(0, "scripts")
for name in sys.argv[1:]:
    sys.argv = ["scripts/new_chapter.py", name]
    try:
        runpy.run_path(sys.argv[0], run_name="__main__")
        print("0:")
    except SystemExit as end:
        print("1:" if isinstance(end.code, str) else f"{end.code}:", end.code)
"""


def asked_for(folder, *names):
    """Return how the script ends for each of these names, and what it says."""
    return run(folder, "-c", ASK, *names).stdout.splitlines()


@pytest.fixture
def house(tmp_path):
    skip = shutil.ignore_patterns("__pycache__")
    for name in ["helpers", "tests", "scripts", "chapters", "images"]:
        shutil.copytree(ROOT / name, tmp_path / name, ignore=skip)
    for name in [
        "pyproject.toml",
        "biome.json",
        "Makefile",
        "CITATION.cff",
        "CHANGELOG.md",
        "_toc.yml",
        "_config.yml",
        "index.md",
        "index.ipynb",
    ]:
        shutil.copy(ROOT / name, tmp_path)
    return tmp_path


def test_a_trial_chapter_passes_everybodys_tests_its_own_and_the_strict_build(house):
    made = run(house, "scripts/new_chapter.py", NAME)
    assert made.returncode == 0, made.stderr
    for command in [["check", "."], ["format", "--check", "."]]:
        ruff = run(house, "-m", "ruff", *command)
        assert ruff.returncode == 0, ruff.stdout
    tests = [
        "tests/test_chapters.py",
        "tests/test_house.py",
        "tests/checks/test_trial_sums.py",
        f"tests/checks/test_wrong_answers.py::test_each_is_told_what_went_wrong[{NAME}]",
        f"tests/checks/test_wrong_answers.py::test_every_exercise_has_wrong_answers[{NAME}]",
        *[f"tests/widgets/test_goals.py::{test}[{NAME}]" for test in GOAL_TESTS],
        "helpers/checks/trial_sums.py",
        "helpers/checks/__init__.py",
    ]
    passed = run(house, "-m", "pytest", "-q", "-p", "no:cacheprovider", *tests)
    assert passed.returncode == 0, passed.stdout

    # Alone, with a page in the place of the only one that it links to.
    (house / "chapters" / "01-convolution-1d.md").write_text("# The first chapter\n", "utf-8")
    contents = f"format: jb-book\nroot: chapters/{NAME}\nchapters:\n"
    (house / "_toc.yml").write_text(f"{contents}  - file: chapters/01-convolution-1d\n", "utf-8")
    command = "import sys; from jupyter_book.cli.main import main; sys.exit(main())"
    built = run(house, "-c", command, "build", ".", "-W", "-n", "-q")
    assert built.returncode == 0, built.stdout + built.stderr
    page = (house / "_build" / "html" / "chapters" / f"{NAME}.html").read_text("utf-8")
    assert page.count("✗") == 3  # the exercises as they await their answers
    assert page.count("✓") == 3  # and their solutions
    assert "30 of 30 cases agree with itertools.accumulate" in page

    (house / "chapters" / "96-trial.md").write_text("# Another\n", "utf-8")
    taken = {
        NAME: f"chapters/{NAME}.md has that number",
        "96-other": "chapters/96-trial.md has that number",
        "95-trial-sums": "helpers.checks.trial_sums exists",
        "95-neuron": "helpers.checks.neuron exists",
    }
    assert asked_for(house, *taken) == [
        f"1: NAME={name} is taken: {told}" for name, told in taken.items()
    ]


def test_a_name_that_is_no_chapter_is_refused():
    before = sorted(ROOT.glob("chapters/*"))
    names = ["", "sums", "97-Sums", "97-", "../97-sums", "97-lambda"]
    assert asked_for(ROOT, *names) == [
        f"1: NAME={name} names no chapter: write it as in 12-feature-maps" for name in names
    ]
    assert sorted(ROOT.glob("chapters/*")) == before


@pytest.fixture
def script(monkeypatch):
    monkeypatch.syspath_prepend(str(ROOT / "scripts"))
    import new_chapter

    return new_chapter


TOC = "parts:\n  - chapters:\n    - file: chapters/02-b\n  - chapters:\n    - file: chapters/05-c\n"


@pytest.mark.parametrize(
    ("name", "order"),
    [("01-a", "abc"), ("03-a", "bac"), ("04-a", "bac"), ("06-a", "bca")],
)
def test_the_number_says_where_a_chapter_stands(script, name, order):
    found = script.with_entry(TOC, name)
    assert "".join(line[-1] for line in found.splitlines() if "file:" in line) == order
    assert [line for line in found.splitlines() if name not in line] == TOC.splitlines()


def test_the_list_of_chapters_comes_from_the_table_of_contents(script):
    front = "# T\n\n## What is in it\n\n**Old**\n\n1. [x](chapters/b.md): said.\n\nThe end.\n"
    chapters = [{"file": "chapters/a"}, {"file": "chapters/b"}]
    parts = [{"caption": "P", "numbered": 1, "chapters": chapters}]
    titles = {"chapters/a": "A", "chapters/b": "B"}
    assert script.list_chapters.listed(front, parts, titles) == (
        "# T\n\n## What is in it\n\n**P**\n\n"
        "1. [A](chapters/a.md)\n2. [B](chapters/b.md): said.\n\nThe end.\n"
    )


def test_the_front_page_is_as_the_table_of_contents_has_it(script, tmp_path):
    for name in ["index.md", "_toc.yml"]:
        shutil.copy(ROOT / name, tmp_path)
    shutil.copytree(ROOT / "chapters", tmp_path / "chapters")
    script.list_chapters.main(tmp_path)
    assert (tmp_path / "index.md").read_text("utf-8") == (ROOT / "index.md").read_text("utf-8")
