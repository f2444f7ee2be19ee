"""The overview of exercises and the glossary hold what the chapters hold."""

import re

import pytest
from contents import ROOT

from helpers.book import index
from helpers.book.chapters import chapters_of
from helpers.book.exercises import exercises_of
from helpers.book.glossary import PAGE, entries_of, term_anchor, words_of
from helpers.book.search import Section

CHAPTERS = chapters_of(ROOT)
GLOSSARY = (ROOT / f"{PAGE}.md").read_text("utf-8")
ENTRIES = entries_of(GLOSSARY)

# Standard names that a student looks up, whatever the book calls the thing.
STANDARD = [
    "unit impulse", "lag", "FIR", "frequency response", "receptive field", "im2col", "aliasing",
    "hyperparameter", "initialisation", "non-linearity", "linearly separable", "convex",
    "block-Toeplitz", "circulant", "impulse response", "residual connection", "logits",
    "transposed convolution", "stochastic gradient descent", "feature map", "backpropagation",
    "chain rule", "softmax", "cross-entropy", "dropout", "overfitting", "stride", "padding",
    "dilation", "linear and shift-invariant", "matched filter", "derivative of Gaussian",
]  # fmt: skip


def page(kind="exercise-start", fence=":::", title="Count", body="on paper"):
    return (
        f"{fence}{{{kind}}} {title}\n:label: ex-one\n{fence}\n\n{body}\n\n{fence}{{exercise-end}}\n"
    )


def test_a_page_without_exercises_has_none():
    assert exercises_of("# A page\n\nand no exercise") == []


@pytest.mark.parametrize(
    ("text", "kind"),
    [
        (page(), "on paper"),
        (page(kind="exercise", fence="````"), "on paper"),
        (page(body="```{code-cell} ipython3\nchecks.value(1)\n```"), "code, checked as it runs"),
        (page(body="```{code-cell} ipython3\ncheck_sum(f)\n```"), "code, checked as it runs"),
        (page(body="```{code-cell} ipython3\n1 + 1\n```"), "code"),
        (page(title="Prove it: a sum"), "a proof"),
        (page(title="Predict: more noise"), "a prediction"),
        (page(title="In the page: a sum", body="```{code-cell}\nA(goal=b)\n```"), "in the page"),
        (page() + "```{code-cell} ipython3\nchecks.value(1)\n```", "on paper"),
    ],
)
def test_an_exercise_says_what_it_asks_for(text, kind):
    assert [(exercise.label, exercise.kind) for exercise in exercises_of(text)] == [
        ("ex-one", kind)
    ]


def test_every_exercise_of_every_chapter_is_found():
    for name, text in CHAPTERS.items():
        labels = [exercise.label for exercise in exercises_of(text)]
        solved = re.findall(r"\{solution(?:-start)?\} (\S+)", text)
        assert labels == solved, name
        assert len(labels) == len(set(labels)) >= 3


def test_every_entry_of_the_glossary_is_taught_in_a_chapter():
    taught = {
        label for text in CHAPTERS.values() for label in re.findall(r"^\((.+)\)=$", text, re.M)
    }
    for term, labels in ENTRIES.items():
        assert labels, f"{term} leads nowhere"
        assert set(labels) <= taught, f"{term} leads to {set(labels) - taught}"
    assert len(ENTRIES) > 80


def test_every_chapter_has_words_in_the_glossary():
    for name, words in words_of(CHAPTERS, ENTRIES).items():
        assert len(words) >= 2, f"{name} has {words}"


def test_the_glossary_has_the_standard_names():
    missing = [name for name in STANDARD if not re.search(rf"^{name}\b", GLOSSARY, re.M)]
    assert missing == []


def test_an_entry_is_one_line_of_words():
    for definition in re.findall(r"^  (.+)$", GLOSSARY, re.M):
        words, _, links = definition.partition(" [")
        assert len(words) < 160
        assert words.endswith(".")
        assert links


def test_the_anchor_of_a_term_is_that_of_sphinx():
    assert term_anchor("full, same, valid") == "term-full-same-valid"


def test_a_chapter_uses_a_word_that_it_sets_apart_or_says_often():
    finder = index.Finder(["kernel", "lag", "mini-batch", "unit", "unit impulse"])
    sections = [Section("one", "A first look"), Section("two", "Exercises"), Section("six", "More")]
    sections[0].text = ["One kernel, a unit impulse and two kernels. Unit by unit.", "A lag of 1"]
    sections[1].text = ["mini-batch, mini-batch, mini-batch"]
    sections[2].text, sections[2].terms = (
        ["Four kernels: kernel, lag, lag"],
        ["Mini batches", "kernel"],
    )
    assert index.uses_of(sections, finder) == {"kernel": "six", "lag": "six", "mini-batch": "six"}
