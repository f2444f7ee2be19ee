"""The goals of the chapters: the widget of each exercise that is done in the page, and tries at it.

Tries stand in ``tests/goals``, a file for each chapter: under the label of the exercise a state
that reaches its goal, and for each near miss one that misses it so. Of a goal that something has to
be trained for, `told` is what the page then tells Python.
"""

import ast
import re
import tomllib
from functools import cache
from pathlib import Path

import numpy as np
from exercise_cells import CHAPTERS, PIECES

from helpers import convolution, datasets, widgets

TRIES = Path(__file__).parent / "goals"


@cache
def goal_cells(chapter):
    """Return {label: source} of the cells of a chapter that have a goal."""
    found, label = {}, None
    for piece in PIECES.finditer(chapter.read_text("utf-8")):
        if piece[1] == "exercise":
            label = re.search(r":label: (\S+)", piece["options"])[1]
        elif piece["code"] and "goal=goal(" in piece["code"]:
            found[label] = "\n".join(
                line for line in piece["code"].splitlines() if not line.startswith(":tags:")
            )
    return found


def widget_of(source):
    """Return the widget that a cell shows; it needs nothing but NumPy and the modules below."""
    names = {name: getattr(widgets, name) for name in widgets.__all__}
    names |= {"np": np, "convolution": convolution, "datasets": datasets}
    *before, shown = ast.parse(source).body
    exec(compile(ast.Module(before, []), "<goal>", "exec"), names)
    return eval(compile(ast.Expression(shown.value), "<goal>", "eval"), names)


def tries_of(chapter):
    """Return {label: {"solution": state, "near": [{"state", "says"}]}} of a chapter."""
    path = TRIES / f"{chapter.stem[:2]}.toml"
    return tomllib.loads(path.read_text("utf-8")) if path.exists() else {}


__all__ = ["CHAPTERS", "goal_cells", "tries_of", "widget_of"]
