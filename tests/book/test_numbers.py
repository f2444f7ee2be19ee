"""What has a number is cited, and what is cited has a number."""

import re
from itertools import chain
from types import SimpleNamespace

import pytest
from contents import ROOT, listed_pages
from docutils import nodes

from helpers.book import numbers, search

TEXTS = {name: (ROOT / f"{name}.md").read_text("utf-8") for name in listed_pages()}
FORMULAS = {name: re.findall(r"\$\$ \(([\w-]+)\)$", text, re.M) for name, text in TEXTS.items()}
LINKS = {name: re.findall(r"\]\(#([\w-]+)\)", text) for name, text in TEXTS.items()}


def test_every_formula_with_a_number_is_cited_and_has_a_label_of_its_own():
    labels = list(chain.from_iterable(FORMULAS.values()))
    places = re.findall(r"^\(([\w-]+)\)=$|^:label: (\S+)$", "\n".join(TEXTS.values()), re.M)
    assert len(labels) > 40
    assert len(set(labels)) == len(labels)
    assert set(labels).isdisjoint(chain.from_iterable(places))
    assert sorted(set(labels) - set(chain.from_iterable(LINKS.values()))) == []


def test_formulas_are_cited_across_chapters_in_both_directions():
    chapters = [name for name in TEXTS if re.search(r"/\d\d-", name)]
    home = {label: name for name, labels in FORMULAS.items() for label in labels}
    cites = {
        (chapters.index(name), chapters.index(home[label]))
        for name in chapters
        for label in LINKS[name]
        if label in home
    }
    assert sum(here > there for here, there in cites) > 10
    assert any(here < there for here, there in cites)


@pytest.mark.parametrize("name", TEXTS)
def test_a_formula_is_cited_in_words_that_read_well_without_its_number(name):
    labels = set(chain.from_iterable(FORMULAS.values()))
    cited = re.findall(r"\[([^\]]*)\]\(#([\w-]+)\)", TEXTS[name])
    assert [label for words, label in cited if label in labels and not words.strip()] == []
    assert not re.search(r"\b[Ee]quation \(?\d", TEXTS[name]), "a number that is typed by hand"


def environment(**labels):
    """An environment in which these formulas of one page are counted."""
    counted = {numbers.equation_anchor(label): number for label, number in labels.items()}
    equations = dict.fromkeys(labels, ("page", 1))
    return SimpleNamespace(
        get_domain=lambda name: SimpleNamespace(equations=equations),
        toc_fignumbers={"page": {"displaymath": counted}},
    )


def test_a_number_is_that_of_the_chapter_and_of_the_formula_in_it():
    env = environment(size=(2, 3))
    assert numbers.equation_number(env, "size") == ("page", "2.3")
    assert numbers.equation_number(env, "other") == (None, None)


def test_the_search_knows_a_formula_by_its_number():
    document = nodes.document(None, None, "")
    formula = nodes.math_block("", "x = 1", label="size")
    section = nodes.section("", nodes.title("", "Sizes"), formula, nodes.math_block("", "y"))
    section["ids"] = ["sizes"]
    document += section
    numbers.spell_out(environment(size=(2, 3)), document)
    (found,) = search.sections_of(document)
    assert found.entry()[2] == "Equation (2.3)"
