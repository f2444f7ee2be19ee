"""Every exercise of every chapter takes its solution, and tells at least six wrong answers why.

The answers stand in `wrong_answers`, a file for each chapter: what a reader might write in place of
what the cell leaves open, and how the sentence on it begins. No sentence may be one that would fit
any wrong answer.
"""

import re
import tomllib
from pathlib import Path

import pytest
from exercise_cells import CHAPTERS, cells_of, exercises_of, is_check

ANSWERS = Path(__file__).parent / "wrong_answers"
LEAST = 6
SAYS_NOTHING = re.compile(
    r"The first wrong value|The result is not right|It is too (large|small)|It is one too"
    r"|It has \d+ values?|Wherever it is wrong|Your function returns an array of shape$"
)


def labels_of(chapter):
    """Return the labels of the exercises of a chapter that check an answer."""
    cells = list(cells_of(chapter))
    return [label for kind, label, body in cells if kind == "exercise" and any(map(is_check, body))]


def answers_to(chapter):
    """Return {label: [{"answer": ..., "told": ...}]} for a chapter."""
    path = ANSWERS / f"{chapter.stem[:2]}.toml"
    return tomllib.loads(path.read_text("utf-8")) if path.exists() else {}


def by_chapter(chapter):
    return chapter.stem


@pytest.mark.parametrize("chapter", CHAPTERS, ids=by_chapter)
def test_every_exercise_has_wrong_answers(chapter):
    answers = answers_to(chapter)
    assert sorted(answers) == sorted(set(labels_of(chapter)))
    for label, wrong in answers.items():
        assert len({entry["answer"] for entry in wrong}) >= LEAST, label
        for entry in wrong:
            assert len(entry["told"]) > 10
            assert not SAYS_NOTHING.match(entry["told"]), (label, entry)


@pytest.mark.parametrize("chapter", CHAPTERS, ids=by_chapter)
def test_each_is_told_what_went_wrong(chapter):
    exercises, answers = exercises_of(chapter), answers_to(chapter)
    assert exercises.keys() == answers.keys()
    missed = []
    for label, exercise in exercises.items():
        for entry in answers[label]:
            told = " ".join(exercise.told(entry["answer"]).split())
            assert "np.float64" not in told, (label, told)
            if "✗" not in told or entry["told"] not in told:
                missed.append((label, entry["answer"], entry["told"], told[:300]))
    assert missed == []


@pytest.mark.parametrize("chapter", CHAPTERS, ids=by_chapter)
def test_solutions_are_right(chapter):
    for label, exercise in exercises_of(chapter).items():
        told = exercise.right
        assert "✓" in told, (label, told)
        assert "✗" not in told, (label, told)


@pytest.mark.parametrize("chapter", CHAPTERS, ids=by_chapter)
def test_an_open_cell_is_no_error_and_not_right(chapter):
    for label, exercise in exercises_of(chapter).items():
        assert "✗" in exercise.as_it_stands, label
        assert "nan" not in exercise.as_it_stands, label
        assert "np." not in re.sub(r"np\.\w+\(", "", exercise.as_it_stands), label
