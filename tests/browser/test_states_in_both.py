"""What a widget takes: the same in Python and in the page, for thousands of states.

Some are usual, some on an edge, some beyond it. Every state is given to the class and to its module
in a page; both show it, or both refuse it.
"""

import copy
import random
from pathlib import Path

import pytest
import traitlets
from test_every_widget import ACCOUNT, example

from helpers.widgets.base import Widget

BOTH = Path(__file__).with_name("both.js")
TRIES = 200

# An address may name parts that a widget has not; what asks for no answer in particular hides it.
APART = {"hide", "answer", "title"}
SMALL = [*range(13), 16, 20, 24, 25, 28, 31, 32, 48, 50, 64, 99, 100, 101, 127, 128, 200, 255, 256]
USUAL = [*SMALL, 257, 400, 500, 512, 999, 1000, 1001, 2000, 5000, 9999, 10_000, 99_999]
FRACTIONS = [1e-9, 0.001, 0.01, 0.05, 0.1, 0.2, 0.25, 0.5, 0.75, 0.9, 0.99, 1.5, 2.5, 15.5]
LARGE = [10**6, 10**9, 2**32 - 1, 2**32, 10**15, 10**15 + 2, 1e16, 1e300]
WORDS = ["", "abc", "constructor", "none", "same", "valid", "full", "zeros", "own", "own-1"]
OTHERS = [True, None, [], [1, 2], [[1, 2], [1, 2]], {}]


def number(rng):
    value = rng.choice(rng.choice([SMALL, USUAL, USUAL, FRACTIONS, LARGE]))
    return -value if rng.random() < 0.25 else value


def other(value, rng, words):
    """Return a value somewhat like this one, or not like it at all."""
    if rng.random() < 0.12:
        return rng.choice(
            [number(rng), rng.choice(words), True, None, [], [1, 2], [[1, 2], [1, 2]], {}]
        )
    if isinstance(value, bool):
        return not value
    if isinstance(value, int | float):
        if rng.random() < 0.4:
            return number(rng)
        value = rng.choice([value + 1, value - 1, value * 2, value / 2, value + 0.5, -value])
        return int(value) if value == int(value) else value
    if isinstance(value, str):
        return rng.choice(words)
    if isinstance(value, dict):
        return {name: other(entry, rng, words) for name, entry in value.items()} or {
            "w": number(rng)
        }
    if not isinstance(value, list):
        return rng.choice([number(rng), rng.choice(words)])
    if not value:
        return [[number(rng)], [1, 2], [rng.choice(words)]][rng.randrange(3)]
    at = rng.randrange(len(value))
    entries = copy.deepcopy(value)
    match rng.randrange(6):
        case 0:
            entries[at] = other(entries[at], rng, words)
        case 1:
            entries = entries[1:]
        case 2:
            entries.append(copy.deepcopy(entries[at]))
        case 3:
            entries = [copy.deepcopy(entries[at]) for _ in range(rng.randrange(12))]
        case 4:
            entries = entries[:1]
        case _:  # a column more or less, where there are rows
            change = rng.choice([lambda row: row[1:], lambda row: [*row, row[-1]]])
            entries = [
                change(entry) if isinstance(entry, list) and entry else entry for entry in entries
            ]
    return entries


def choices(widget):
    """Return the texts that mean something in some widget."""
    known = {value for kind in Widget.registry.values() for value in words_of(kind)}
    return sorted(words_of(type(widget))) * 3 + sorted(known) + WORDS


def words_of(kind):
    enums = [trait for trait in kind.class_traits().values() if isinstance(trait, traitlets.Enum)]
    return {value for trait in enums for value in trait.values or () if isinstance(value, str)}


def states(widget, names, rng, count):
    """Yield changes of some of the widget's traits, each from its first value."""
    words = choices(widget)
    for _ in range(count):
        chosen = rng.sample(names, min(len(names), rng.choice([1, 1, 2, 3])))
        yield {name: other(getattr(widget, name), rng, words) for name in chosen}


def in_python(name, usual, changes):
    """Return why Python refuses a state, or None and all that is not usual in what it takes."""
    try:
        widget = example(name, **copy.deepcopy(changes))
    except (traitlets.TraitError, ValueError, TypeError) as problem:
        return str(problem) or "nothing", changes
    state = widget.state().items()
    return None, {key: value for key, value in state if key in changes or value != usual[key]}


@pytest.fixture
def ask(visit, workbench):
    """Return the names of the settings of a widget's link, and what gives it states."""

    def of(widget):
        page = visit("about:blank")
        for script in (ACCOUNT, BOTH):
            page.add_init_script(path=script)
        page.goto(workbench())
        about = [f"{widget.module}/widget.mjs", widget.state()]
        names = page.evaluate("(about) => compare(about)", about)
        return names, lambda wanted: page.evaluate("(all) => Promise.all(all.map(ask))", wanted)

    return of


@pytest.mark.parametrize("name", sorted(set(Widget.registry) - {"SelfCheck"}))
def test_python_and_the_page_take_the_same_states(ask, name):
    widget = example(name)
    names, ask_page = ask(widget)
    names = [one for one in names if one not in APART]
    wanted = list(states(widget, names, random.Random(15), TRIES))
    usual = widget.state()
    refused, given = zip(*[in_python(name, usual, changes) for changes in wanted], strict=True)
    differences = [
        f"{str(changes)[:150]}\n    Python: {(there or 'taken')[:150]}\n    page: {here or 'taken'}"
        for changes, there, here in zip(wanted, refused, ask_page(given), strict=True)
        if bool(there) != bool(here)
    ]
    assert not differences, f"{len(differences)} of {TRIES}:\n" + "\n".join(differences)
    assert TRIES / 20 < sum(map(bool, refused)) < TRIES * 19 / 20


def test_what_belongs_to_a_change_follows_it_and_is_not_cut_in_silence(ask):
    _, cnn = ask(example("BrowserCNN"))
    assert cnn([{"filters": [4]}, {"kernels": [5, 5, 5]}]) == [None, None]
    assert "2 kernel sizes" in cnn([{"filters": [4], "kernels": [3, 3]}])[0]
    _, gradients = ask(example("ConvGradients"))
    assert gradients([{"padding": 1}, {"padding": 1, "upstream": [[1, 2, 3, 4, 5]]}]) == [None] * 2
    assert "1 × 3 numbers" in gradients([{"padding": 1, "upstream": [[1, 2, 3]]}])[0]
