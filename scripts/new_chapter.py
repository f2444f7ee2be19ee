"""Lay down a new chapter that works and is tested: make new-chapter NAME=12-feature-maps.

The skeleton, `chapter.md` beside this file, has every part that readers know, about running sums.
Keep its shape, and put your subject in its place.
"""

import keyword
import re
import subprocess
import sys
from pathlib import Path

import guard_notebooks
import list_chapters

ROOT = Path(__file__).parents[1]
PAGE = Path(__file__).with_name("chapter.md")
WRONG = Path(__file__).with_name("wrong_answers.toml")
TRIES = Path(__file__).with_name("goal_tries.toml")

CHECKS = '''"""The exercise of adding up as you go; right answers come from the standard library."""

from itertools import accumulate

import numpy as np

from helpers.checks.diagnosis import Exercise, diagnose, tell


def @module@_total_exercise():
    """Return the exercise on (values,): the sum of the numbers so far, after each of them."""
    rng = np.random.default_rng(1)
    rows = [[3], [2, -1], *(rng.integers(-5, 9, size) for size in rng.integers(1, 7, 28))]
    cases = [{"values": np.array(row)} for row in sorted(rows, key=len)]
    return Exercise("itertools.accumulate", _expected, cases, _slips, _patterns)


def _expected(values):
    return np.array(list(accumulate(values)))


def _slips(values):
    """Return {what went wrong: what comes out}."""
    sums = np.cumsum(values)
    return {
        "This is the last of them: asked for is the sum after each number.": sums[-1],
        "These are the numbers themselves: add up those before them.": values,
        "Each sum leaves out its own number.": sums - values,
        "A 0 stands in front: the first sum is the first number.": np.append(0, sums),
        "The first sum is missing: it is the first number.": sums[1:],
        "The sums run from the right: begin with the first number.": np.cumsum(values[::-1])[::-1],
        "The numbers are multiplied: add them.": np.cumprod(values),
        "These are the means so far: leave the division out.": sums / np.arange(1, len(values) + 1),
        "These are differences: add up.": np.diff(values, prepend=0),
        "Only two numbers are in each sum: all so far belong to it.": (
            np.convolve(values, [1, 1])[: len(values)]
        ),
    }


def _patterns(values):
    """Return {what went wrong: whether the result is right here}."""
    return {
        "Right only for a single number.": len(values) == 1,
        "Right only where no number is negative.": bool((values >= 0).all()),
    }


def @module@_total(function):
    """Check a function of (values) that returns the running sum, and print what comes out.

    Parameters
    ----------
    function : callable
        Takes a 1-D array and returns one of the same length.

    Examples
    --------
    >>> @module@_total(lambda values: values.sum())
    ✗ This is the last of them: asked for is the sum after each number.
        values   = [3]
        expected = [3]
        got      = 3
    0 of 30 cases agree with itertools.accumulate.
    """
    tell(diagnose(function, @module@_total_exercise()))
'''

TEST = '''"""Feedback on chapter @number@: right answers pass, mistakes get their names."""

import numpy as np
import pytest

from helpers import checks
from helpers.checks.@module@ import @module@_total_exercise
from helpers.checks.diagnosis import diagnose

EXERCISE = @module@_total_exercise()
MISTAKES = list(EXERCISE.mistakes(**EXERCISE.cases[0]))


def by_matrix(values):
    return np.tril(np.ones((len(values), len(values)))) @ values


def by_slices(values):
    return [sum(values[: n + 1]) for n in range(len(values))]


@pytest.mark.parametrize("function", [by_matrix, by_slices, np.cumsum])
def test_right_answers_pass(function):
    feedback = diagnose(function, EXERCISE)
    assert feedback.passed, feedback.message


@pytest.mark.parametrize("mistake", MISTAKES)
def test_no_mistake_is_taken_for_another(mistake):
    answers = iter([EXERCISE.mistakes(**case)[mistake] for case in EXERCISE.cases])
    feedback = diagnose(lambda values: next(answers), EXERCISE)
    assert not feedback.passed
    assert feedback.message.startswith(f"✗ {mistake}\\n")


def test_what_works_only_sometimes_is_named():
    def without_debts(values):
        return np.cumsum(np.abs(values))

    message = "Right only where no number is negative."
    assert message in diagnose(without_debts, EXERCISE).message


def test_the_check_prints_the_diagnosis(capsys):
    checks.@module@_total(np.cumsum)
    assert capsys.readouterr().out.startswith("✓ 30 of 30")
'''


def inserted(lines, line, begins):
    """Return the lines with one more, in order, among those that begin so."""
    after = [i for i, other in enumerate(lines) if other.startswith(begins) and other > line]
    place = after[0] if after else len(lines)
    return [*lines[:place], line, *lines[place:]]


def registered(source, module):
    """Return the text of ``helpers/checks/__init__.py`` with one more check, in order."""
    check = f"{module}_total"
    line = f"from helpers.checks.{module} import {check}"
    imports, rest = source.split("\n\n__all__ = [\n")
    names, rest = rest.split("\n]\n", 1)
    imports = inserted(imports.split("\n"), line, "from helpers.checks.")
    names = inserted(names.split("\n"), f'    "{check}",', '    "')
    lines = [*imports, "", "__all__ = [", *names, "]", rest]
    return "\n".join(lines)


def with_entry(toc, name):
    """Return the text of ``_toc.yml`` with one more chapter, after the last of a smaller number."""
    entry = re.compile(r"^( +- file: chapters/)(\d\d)-.*$", re.M)
    before = [found for found in entry.finditer(toc) if found[2] <= name[:2]]
    if not before:
        first = entry.search(toc)
        return f"{toc[: first.start()]}{first[1]}{name}\n{toc[first.start() :]}"
    last = before[-1]
    return f"{toc[: last.end()]}\n{last[1]}{name}{toc[last.end() :]}"


def refuse_what_is_taken(name, module, root):
    """Raise ValueError for a name whose number, or whose module of checks, is in use."""
    same = sorted((root / "chapters").glob(f"{name[:2]}-*.md"))
    if same:
        raise ValueError(f"NAME={name} is taken: chapters/{same[0].name} has that number")
    front = (root / "helpers" / "checks" / "__init__.py").read_text("utf-8")
    modules = {path.stem for path in (root / "helpers" / "checks").glob("*.py")}
    if module in modules or f'"{module}"' in front:
        raise ValueError(f"NAME={name} is taken: helpers.checks.{module} exists")


def main(name, root=ROOT):
    """Write the files and say what remains to be done."""
    topic = name[3:]
    module = topic.replace("-", "_")
    shape = re.fullmatch(r"\d\d-[a-z][a-z0-9]*(-[a-z0-9]+)*", name)
    if not shape or keyword.iskeyword(module):
        raise ValueError(f"NAME={name} names no chapter: write it as in 12-feature-maps")
    refuse_what_is_taken(name, module, root)
    marks = {
        "@number@": str(int(name[:2])), "@topic@": topic,
        "@module@": module, "@words@": topic.replace("-", " "),
    }  # fmt: skip
    page = f"chapters/{name}.md"
    texts = {
        page: PAGE.read_text("utf-8"),
        f"helpers/checks/{module}.py": CHECKS,
        f"tests/checks/test_{module}.py": TEST,
        f"tests/checks/wrong_answers/{name[:2]}.toml": WRONG.read_text("utf-8"),
        f"tests/goals/{name[:2]}.toml": TRIES.read_text("utf-8"),
    }
    for path, text in texts.items():
        for mark, value in marks.items():
            text = text.replace(mark, value)
        (root / path).write_text(text, "utf-8")
        print(f"wrote {path}")

    front = root / "helpers" / "checks" / "__init__.py"
    front.write_text(registered(front.read_text("utf-8"), module), "utf-8")
    contents = root / "_toc.yml"
    contents.write_text(with_entry(contents.read_text("utf-8"), name), "utf-8")
    list_chapters.main(root)
    command = ["-m", "jupytext", "--quiet", "--to", "ipynb", "--update", page, "index.md"]
    subprocess.run([sys.executable, *command], cwd=root, check=True)
    guard_notebooks.main(root)
    print(f"wrote chapters/{name}.ipynb")
    # How lines break depends on the length of the name.
    ours = [front, *(root / path for path in texts if path.endswith(".py"))]
    for tidy in [["check", "--quiet", "--select", "I", "--fix"], ["format", "--quiet"]]:
        subprocess.run([sys.executable, "-m", "ruff", *tidy, *ours], cwd=root, check=True)
    print("added it to helpers/checks/__init__.py, _toc.yml and index.md")
    print("It works: make book. What remains is your subject; README says how.")


if __name__ == "__main__":
    try:
        main(*sys.argv[1:2] or [""])
    except ValueError as problem:
        sys.exit(str(problem))
