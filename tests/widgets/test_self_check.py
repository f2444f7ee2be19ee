"""The Python side of SelfCheck: questions, what they refuse, and answers as a trait."""

import json
import math
import os
import re
import subprocess
import sys
from collections import Counter
from fractions import Fraction

import numpy as np
import pytest
from traitlets import TraitError

from helpers.widgets import SelfCheck, choice, number, right, wrong

OPTIONS = [right("7", "Five and two."), wrong("5", "That is *same*."), wrong("3", "*Valid*.")]


def sizes():
    return choice("How long is **full** for $5$ and $3$?", OPTIONS)


def third():
    return number("What is $1/3$?", 1 / 3, "One part of three.", wrong={3: "Upside down."})


@pytest.fixture
def check():
    return SelfCheck([sizes(), number("And $2^3$?", 8, "Two, three times.")])


def test_python_sees_what_was_answered(check):
    assert check.answers == [None, None]
    assert check.results == [None, None]
    seen = []
    check.observe(lambda change: seen.append(change.new), "answers")
    check.answers = [1, 8]
    assert seen == [[1, 8]]
    assert check.results == [False, True]


def test_answers_may_be_given_shorter_and_as_numpy_scalars():
    check = SelfCheck([sizes(), third()], answers=[np.int64(0)])
    assert check.answers == [0, None]
    check.answers = (np.int32(2), np.float64(0.25))
    assert check.answers == [2, 0.25]
    assert json.dumps(check.state())


@pytest.mark.parametrize(
    ("answers", "words"),
    [
        ([3], "question 1 takes the place of an option, 0 to 2, or None, not 3"),
        ([-1], "not -1"),
        ([True], "not True"),
        (["7"], "not '7'"),
        ([0, math.inf], "answers must hold finite numbers, not inf"),
        ([0, "x"], "not 'x'"),
        ([0, 1, 2], "are 3, but there are 2 questions"),
    ],
)
def test_answers_that_do_not_fit_are_refused(check, answers, words):
    with pytest.raises(TraitError, match=re.escape(words)):
        check.answers = answers
    assert check.answers == [None, None]


def test_the_questions_of_a_card_stay(check):
    with pytest.raises(TraitError):
        check.questions = []


def test_the_page_gets_html_that_needs_no_script(check):
    data, _ = check._repr_mimebundle_()
    state = re.search(r'<script type="application/json">(.*?)</script>', data["text/html"])[1]
    first, second = json.loads(state)["questions"]
    assert first["prompt"].startswith("How long is <strong>full</strong> for <math")
    assert [option["right"] for option in first["options"]] == [True, False, False]
    assert first["options"][1]["why"] == "That is <em>same</em>."
    assert second["answer"] == 8


def test_the_text_for_where_nothing_runs_asks_and_does_not_answer():
    question = number("What is $\\frac{1}{2} + 1$?", 1.5, "WHY", wrong={2: "SLIP"}, hint="HINT")
    check = SelfCheck([sizes(), question])
    data, _ = check._repr_mimebundle_()
    form = data["text/html"][data["text/html"].index("</script>") :]
    asked = "<li>How long is <strong>full</strong> for $5$ and $3$?<ul>"
    assert asked in form
    assert "<li>What is $\\frac{1}{2} + 1$?</li>" in form
    options = [check.questions[0]["options"][i]["text"] for i in check.questions[0]["order"]]
    assert re.findall(r"<li>(\d)</li>", form) == options
    for text in [form, data["text/plain"]]:
        assert not re.search(r"WHY|SLIP|HINT|1\.5|Five and two|same", text)
    assert data["text/plain"].splitlines()[:2] == [
        "SelfCheck: Check yourself",
        "1. How long is **full** for $5$ and $3$?",
    ]


def test_the_order_depends_on_the_texts_alone():
    shown = sizes().shown_options()
    assert sorted(shown) == ["3", "5", "7"]
    for turn in range(3):
        turned = choice("How long is **full** for $5$ and $3$?", OPTIONS[turn:] + OPTIONS[:turn])
        assert turned.shown_options() == shown
    program = (
        "from helpers.widgets import choice, right, wrong;"
        "print(*choice('How long is **full** for $5$ and $3$?',"
        "[wrong('3', 'a'), right('7', 'b'), wrong('5', 'c')]).shown_options())"
    )
    for seed in "1", "2":
        result = subprocess.run(
            [sys.executable, "-c", program],
            env=os.environ | {"PYTHONHASHSEED": seed}, capture_output=True, text=True, check=True,
        )  # fmt: skip
        assert result.stdout.split() == shown


def test_the_right_option_stands_everywhere_equally_often():
    places = Counter(
        choice(f"Question {i}", OPTIONS).shown_options().index("7") for i in range(600)
    )
    # 200 are expected at each place; five standard deviations are 58.
    assert all(abs(places[place] - 200) < 58 for place in range(3))


def test_an_order_with_a_meaning_can_be_kept():
    assert choice("How long?", OPTIONS, shuffle=False).shown_options() == ["7", "5", "3"]


@pytest.mark.parametrize(
    ("options", "words"),
    [
        (OPTIONS[:1], "has 1 option(s): give it at least 2"),
        ([], "has 0 option(s)"),
        (OPTIONS[1:], "has 0 right options: exactly one must be right(...)"),
        ([*OPTIONS, right("8", "No.")], "has 2 right options"),
        ([*OPTIONS, wrong("5", "Other.")], "has the option '5' twice"),
        ([*OPTIONS, wrong("4", "*Valid*.")], "has the explanation '*Valid*.' twice"),
    ],
)
def test_options_that_do_not_fit_are_refused(options, words):
    with pytest.raises(ValueError, match=re.escape(words)) as refusal:
        choice("How long?", options)
    assert "the question 'How long?'" in str(refusal.value)


def test_an_option_needs_a_text_and_an_explanation():
    with pytest.raises(ValueError, match="why of '5' is empty"):
        wrong("5", " ")
    with pytest.raises(ValueError, match="the right option is empty"):
        right("", "Because.")
    with pytest.raises(TypeError, match="must be text, not 5"):
        wrong(5, "Five.")
    with pytest.raises(TypeError, match=r"needs a list of right\(...\) and wrong\(...\)"):
        choice("How long?", ["7", "5"])
    with pytest.raises(ValueError, match="the prompt is empty"):
        choice(" ", OPTIONS)


@pytest.mark.parametrize(
    ("answer", "plain"),
    [
        (np.int64(3), 3),
        (np.float32(0.5), 0.5),
        (np.convolve([0, 1, 2, 3, 4], [1, -1, 2])[3], 3),
        (np.array(2.5), 2.5),
        (Fraction(1, 4), 0.25),
    ],
)
def test_answers_may_be_computed(answer, plain):
    ready = number("What?", answer, "So.", wrong={np.int64(99): "No."}).ready()
    assert ready["answer"] == plain
    assert type(ready["answer"]) is type(plain)
    assert json.loads(json.dumps(ready))["wrong"][0]["value"] == 99


@pytest.mark.parametrize(
    ("changes", "error", "words"),
    [
        ({"answer": math.nan}, ValueError, "answer of the question 'What?' must be finite"),
        ({"answer": math.inf}, ValueError, "must be finite"),
        ({"answer": "7"}, TypeError, "must be a number, not '7'"),
        ({"answer": True}, TypeError, "must be a number, not True"),
        ({"answer": np.array([1, 2])}, TypeError, "must be a number"),
        ({"answer": 1j}, TypeError, "must be a number"),
        ({"wrong": {7: "No."}}, ValueError, "wrong value 7 of the question 'What?' counts as"),
        ({"wrong": {7.4: "No."}, "tolerance": 0.5}, ValueError, "counts as right: it is 7"),
        ({"wrong": [(5, "a"), (5, "b")]}, ValueError, "5 and 5 of the question"),
        ({"wrong": {4: "a", 4.4: "b"}, "tolerance": 0.5}, ValueError, "cannot be told apart"),
        ({"wrong": {5: ""}}, ValueError, "diagnosis of 5 in the question 'What?' is empty"),
        ({"wrong": {math.nan: "a"}}, ValueError, "wrong value of the question"),
        ({"tolerance": -1}, ValueError, "tolerance=-1"),
        ({"why": ""}, ValueError, "why of the question 'What?' is empty"),
        ({"unit": 3}, TypeError, "unit of the question"),
    ],
)
def test_numbers_that_do_not_fit_are_refused(changes, error, words):
    settings = {"answer": 7, "why": "So."} | changes
    with pytest.raises(error, match=re.escape(words)):
        number("What?", **settings)


def test_how_close_an_answer_must_be():
    whole = number("What?", 1000, "So.")
    assert whole.is_right(1000) and not whole.is_right(1001) and not whole.is_right(999.9)
    assert third().is_right(0.333) and not third().is_right(0.33)
    assert number("What?", 0.1 + 0.2, "So.", tolerance=0).is_right(0.3)
    wide = number("What?", 10, "So.", tolerance=1)
    assert wide.is_right(11) and not wide.is_right(11.1)


def test_a_card_needs_questions():
    with pytest.raises(ValueError, match="at least one question"):
        SelfCheck([])
    for nonsense in ["What?", sizes(), [sizes(), "What?"], None]:
        with pytest.raises(TypeError, match=r"needs a list of choice\(...\) and number\(...\)"):
            SelfCheck(nonsense)
    with pytest.raises(ValueError, match=r"unknown command, \\foo"):
        SelfCheck([number(r"What is $\foo$?", 1, "So.")])
    with pytest.raises(TraitError, match="choose from progress, restart"):
        SelfCheck([sizes()], hide=["playback"])
    with pytest.raises(TypeError, match="SelfCheck has no state named step"):
        SelfCheck([sizes()], step=1)
