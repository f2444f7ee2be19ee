"""Each chapter and its notebook are the same text, and every chapter has the shape readers know."""

import re

import jupytext
import nbformat
import pytest
from contents import ROOT, listed_pages

from helpers.book.alone import IDENTIFIER, on_its_own

PAGES = sorted(ROOT.glob("index.md")) + sorted((ROOT / "chapters").glob("*.md"))
NOTEBOOKS = [page for page in PAGES if "\nkernelspec:" in page.read_text("utf-8")[:600]]
CHAPTERS = sorted((ROOT / "chapters").glob("[0-9][0-9]-*.md"))


def name_of(path):
    return path.stem


def cells_of(notebook):
    return [
        (cell.cell_type, cell.source, dict(cell.metadata))
        for cell in notebook.cells
        if cell.get("id") != IDENTIFIER
    ]


@pytest.mark.parametrize("page", NOTEBOOKS, ids=name_of)
def test_notebook_is_its_chapter_without_outputs(page):
    sibling = page.with_suffix(".ipynb")
    assert sibling.exists(), f"{sibling.name} is missing: run `make notebooks`"
    notebook = nbformat.read(sibling, as_version=4)
    nbformat.validate(notebook)
    assert cells_of(notebook) == cells_of(jupytext.read(page)), "they differ: run `make notebooks`"
    code = [cell for cell in notebook.cells if cell.cell_type == "code"]
    assert len(code) > 1
    # Before the first cell of its own, the one that finds the book's package (Colab opens this).
    text = sibling.read_text("utf-8")
    assert code[0].id == IDENTIFIER, "the first cell is missing: run `make notebooks`"
    assert text == on_its_own(text, ""), "the first cell is another: run `make notebooks`"
    assert all(not cell.outputs and cell.execution_count is None for cell in code)
    assert len({cell.id for cell in notebook.cells}) == len(notebook.cells)


def test_no_notebook_without_a_chapter():
    strays = [p for p in ROOT.glob("chapters/*.ipynb") if not p.with_suffix(".md").exists()]
    assert strays == []


def test_table_of_contents_lists_every_page():
    assert sorted(listed_pages()) == sorted(
        p.relative_to(ROOT).with_suffix("").as_posix() for p in PAGES
    )


@pytest.mark.parametrize("chapter", CHAPTERS, ids=name_of)
def test_chapter_has_the_shape_that_readers_know(chapter):
    text = chapter.read_text("utf-8")
    title, rest = re.search(r"^# (.+?)\n\n(.+)", text, re.M | re.S).groups()
    assert len(title) < 90
    assert "**You will be able to**" in rest
    exercises = re.findall(r"\{exercise(?:-start)?\}", text)
    solutions = re.findall(r"\{solution(?:-start)?\}", text)
    assert len(exercises) >= 3
    assert len(solutions) == len(exercises)
    assert text.count(":class: dropdown") >= len(solutions)
    assert "checks." in text
    quiz = text[
        text.index("SelfCheck(\n") if "SelfCheck(\n" in text else text.index("SelfCheck(") :
    ]
    assert len(re.findall(r"\b(?:choice|number)\(", quiz)) >= 4
    headings = " ".join(re.findall(r"^## (.+)$", text, re.M)).lower()
    for part in ["predict", "exercise", "check yourself", "summary", "sources"]:
        assert part in headings, f"no heading with “{part}”"
    assert "symptoms(" in text, "no table of what you see, why, and a one-line test"


def test_the_cells_about_jupyters_own_widgets_stand_on_one_page():
    assert [page.stem for page in PAGES if "ipywidgets" in page.read_text("utf-8")] == [
        "live-notebook"
    ]
    pointing = [page for page in CHAPTERS if "](live-notebook.md)" in page.read_text("utf-8")]
    assert len(pointing) >= 8


@pytest.mark.parametrize("chapter", CHAPTERS, ids=name_of)
def test_chapter_has_a_second_tier_of_exercises_with_solutions_that_run(chapter):
    """Proofs, designs and predicted experiments stand under a heading of their own."""
    text = chapter.read_text("utf-8")
    short, further = text[text.index("## Exercises") :].split("\n### Further: ")
    further = further[: further.index("\n## ")]
    labels = re.findall(r":label: (\S+)\n:class: further\n", further)
    assert labels == re.findall(r"exercise-start\}[^\n]*\n:label: (\S+)", further)
    assert ":class: further" not in short
    run = [
        label
        for label in labels
        if "{code-cell}"
        in further[further.index(f"{{solution-start}} {label}\n") :].split("{solution-end}")[0]
    ]
    assert len(run) >= 2


@pytest.mark.parametrize("page", PAGES, ids=name_of)
def test_tags_are_the_few_that_we_use(page):
    text = page.read_text("utf-8")
    tags = set(re.findall(r"[\w-]+", " ".join(re.findall(r"^:?tags: \[(.*?)\]", text, re.M))))
    assert tags <= {"hide-input", "remove-cell", "remove-input"}


@pytest.mark.parametrize("page", PAGES, ids=name_of)
def test_no_page_needs_another_host(page):
    """Links may leave the book; images, frames and scripts may not."""
    text = page.read_text("utf-8")
    assert not re.findall(r"!\[[^\]]*\]\(https?:", text)
    assert not re.findall(r"<(?:img|iframe|script|link)[^>]+https?:", text)


@pytest.mark.parametrize("chapter", ["01", "02", "03", "04", "05"])
def test_the_first_widget_does_not_answer_the_question_above_it(chapter):
    (page,) = (ROOT / "chapters").glob(f"{chapter}-*.md")
    opening = page.read_text("utf-8").split("## Predict before you look")[1]
    assert re.search(r'\w+\([^)]*answer="hidden"', opening.split("\n## ")[0])
