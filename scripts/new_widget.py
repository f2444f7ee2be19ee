"""Lay down a new widget that works and is tested: make new-widget NAME=RunningSum.

The skeleton adds up a row of numbers, one a step. Keep its shape, and put your idea in its place.
"""

import re
import sys
from pathlib import Path

ROOT = Path(__file__).parents[1]

PYTHON = '''"""@Name@: add up a row of numbers, one a step."""

import numpy as np

from helpers.widgets.base import Widget
from helpers.widgets.traits import Numbers, Step


class @Name@(Widget):
    """Add up a row of numbers, one a step.

    Attributes
    ----------
    values : list of float
        The numbers, in their order.
    step : int
        How many have been added up, less one; from 0.

    Examples
    --------
    >>> @Name@(values=[2, 3, 4]).totals
    array([2, 5, 9])
    """

    module = "@name@"
    fallback = (
        "A row of numbers is added up, one number a step. "
        "Run this cell in a notebook, or open the book in a browser, to step through it yourself."
    )
    parts = ("playback",)

    values = Numbers([3, -1, 2]).tag(sync=True)
    step = Step().tag(sync=True)

    @property
    def totals(self):
        """The sum after each step, as an ndarray."""
        return np.cumsum(self.values)
'''

MODULE = """/** @Name@: add up a row of numbers, one a step. */

import { number } from "../arithmetic/format.mjs";
import { Misfit } from "../arithmetic/misfit.mjs";
import { h, setText } from "../card/dom.mjs";
import { defineWidget } from "../card/frame.mjs";
import { addPlayback } from "../card/playbar.mjs";

/** @param {{values: number[], step: number}} state */
export function compute({ values, step }) {
  if (!values.length) throw new Misfit("There is nothing to add up: use at least one number.");
  if (!Number.isInteger(step) || step < 0 || step >= values.length) {
    const fits = `use a whole number from 0 to ${values.length - 1}`;
    throw new Misfit(`A step of ${step} does not work: ${fits}.`);
  }
  let total = 0;
  return { totals: values.map((value) => (total += value)) };
}

function build(card, store) {
  const row = h("ol.@css@-row");
  card.stage.append(row);
  const paintPlayback = addPlayback(card, store, {
    count: () => store.state.values.length,
    label: "number",
  });

  return ({ values, step }, { totals }) => {
    const item = (value, i) => h(i <= step ? "li.@css@-added" : "li", {}, number(value));
    row.replaceChildren(...values.map(item));
    setText(card.say, `The sum of the numbers so far is ${number(totals[step])}.`);
    paintPlayback(step);
    card.announce(card.say.textContent);
  };
}

export default defineWidget({
  name: "@Name@",
  title: "Add up a row of numbers",
  picture: "the numbers, with those added so far marked",
  state: ["values", "step"],
  parts: { playback: "playback" },
  compute,
  build,
});
"""

STYLE = """.@css@-row {
  display: flex; flex-wrap: wrap; gap: .75em; justify-content: center;
  margin: 0; padding: 0; list-style: none;
}
.@css@-added { font-weight: bold; text-decoration: underline; }
"""

UNIT_TEST = '''"""@Name@ in Python: what it computes, and what it refuses."""

import pytest
from traitlets import TraitError

from helpers.widgets import @Name@


def test_totals_of_three_numbers():
    assert @Name@(values=[2, 3, 4]).totals.tolist() == [2, 5, 9]


def test_a_value_that_is_no_number_is_refused():
    with pytest.raises(TraitError, match="values"):
        @Name@(values=["two"])
'''

BROWSER_TEST = '''"""@Name@, driven as readers drive it."""

import pytest
from hands import press
from playwright.sync_api import expect

from helpers.widgets import @Name@


@pytest.fixture
def card(show):
    return show(@Name@(values=[2, 3, 4])).locator(".cv")


def test_each_step_adds_a_number(card):
    expect(card.locator(".cv-say")).to_contain_text("so far is 2.")
    press(card, "ArrowRight")
    expect(card.locator(".cv-say")).to_contain_text("so far is 5.")
    assert card.locator(".@css@-added").all_text_contents() == ["2", "3"]


@pytest.mark.parametrize("values", [[2, 3, 4], [0.5], [-1, 1, -1, 1]])
def test_the_page_and_python_agree(call_module, values):
    steps = range(len(values))
    states = [{"values": values, "step": step} for step in steps]
    view = call_module("@name@/widget.mjs", "compute", states[-1])
    assert view["totals"] == pytest.approx(@Name@(values=values).totals)
'''


def files(name):
    """Return {path: text} of a new widget whose class has this name."""
    if not re.fullmatch(r"[A-Z][a-z0-9]+(?:[A-Z0-9][a-z0-9]*)*", name):
        raise ValueError(f"NAME={name} names no class: write it as in RunningSum")
    module = re.sub(r"(?<=[a-z0-9])(?=[A-Z])", "_", name).lower()
    texts = {
        f"helpers/widgets/{module}/__init__.py": PYTHON,
        f"helpers/widgets/{module}/widget.mjs": MODULE,
        f"helpers/widgets/{module}/widget.css": STYLE,
        f"tests/widgets/test_{module}.py": UNIT_TEST,
        f"tests/browser/test_{module}.py": BROWSER_TEST,
    }
    marks = {"@Name@": name, "@name@": module, "@css@": module.replace("_", "-")}
    for path, text in texts.items():
        for mark, value in marks.items():
            text = text.replace(mark, value)
        texts[path] = text
    return module, texts


def registered(source, name, module):
    """Return the text of ``helpers/widgets/__init__.py`` with one more widget, in order."""
    lines = source.splitlines()
    imports = [line for line in lines if line.startswith("from ")]
    line = f"from helpers.widgets.{module} import {name}"
    after = [other for other in imports if other < line]
    lines.insert(lines.index(after[-1]) + 1 if after else lines.index(imports[0]), line)
    entries = [entry for entry in lines if entry.startswith('    "')]
    before = [e for e in entries if e[5].isupper() and e < f'    "{name}",']
    lines.insert(lines.index(before[-1] if before else "__all__ = [") + 1, f'    "{name}",')
    return "\n".join(lines) + "\n"


def main(name, root=ROOT):
    """Write the files and say what remains to be done."""
    module, texts = files(name)
    taken = [path for path in texts if (root / path).exists()]
    if taken:
        raise ValueError(f"NAME={name} is taken: {taken[0]} exists")
    for path, text in texts.items():
        (root / path).parent.mkdir(parents=True, exist_ok=True)
        (root / path).write_text(text, "utf-8")
        print(f"wrote {path}")
    front = root / "helpers" / "widgets" / "__init__.py"
    front.write_text(registered(front.read_text("utf-8"), name, module), "utf-8")
    print("added it to helpers/widgets/__init__.py")
    print(f"It works: show {name}() in a chapter. What remains is your idea; README says how.")


if __name__ == "__main__":
    try:
        main(*sys.argv[1:2] or [""])
    except ValueError as problem:
        sys.exit(str(problem))
