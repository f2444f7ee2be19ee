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
FIGURES = {name: re.findall(r"^    name: ([\w-]+)$", text, re.M) for name, text in TEXTS.items()}
LINKS = {name: re.findall(r"\]\(#([\w-]+)\)", text) for name, text in TEXTS.items()}


def test_every_number_is_cited_and_has_a_label_of_its_own():
    assert len(list(chain.from_iterable(FORMULAS.values()))) > 40
    assert len(list(chain.from_iterable(FIGURES.values()))) > 10
    labels = list(chain(*FORMULAS.values(), *FIGURES.values()))
    places = re.findall(r"^\(([\w-]+)\)=$|^:label: (\S+)$", "\n".join(TEXTS.values()), re.M)
    assert len(set(labels)) == len(labels)
    assert set(labels).isdisjoint(chain.from_iterable(places))
    assert sorted(set(labels) - set(chain.from_iterable(LINKS.values()))) == []


def test_numbers_are_cited_across_chapters_in_both_directions():
    chapters = [name for name in TEXTS if re.search(r"/\d\d-", name)]
    home = {
        label: name
        for kind in (FORMULAS, FIGURES)
        for name, labels in kind.items()
        for label in labels
    }
    cites = {
        (chapters.index(name), chapters.index(home[label]))
        for name in chapters
        for label in LINKS[name]
        if label in home
    }
    assert sum(here > there for here, there in cites) > 10
    assert sum(here < there for here, there in cites) > 1


@pytest.mark.parametrize("name", TEXTS)
def test_words_that_cite_read_well_without_the_number(name):
    labels = set(chain(*FORMULAS.values(), *FIGURES.values()))
    cited = re.findall(r"\[([^\]]*)\]\(#([\w-]+)\)", TEXTS[name])
    assert [label for words, label in cited if label in labels and not words.strip()] == []
    assert not re.search(r"\b([Ee]quation|[Ff]igure) \(?\d", TEXTS[name]), (
        "a number that is typed by hand"
    )


def environment(formulas=(), figures=()):
    """An environment in which these formulas and figures of one page are counted."""
    formulas, figures = dict(formulas), dict(figures)
    domains = {
        "math": SimpleNamespace(equations=dict.fromkeys(formulas, ("page", 1))),
        "std": SimpleNamespace(anonlabels={label: ("page", label) for label in [*figures, "text"]}),
    }
    counted = {
        "displaymath": {numbers.equation_anchor(key): value for key, value in formulas.items()},
        "figure": figures,
    }
    return SimpleNamespace(get_domain=domains.get, toc_fignumbers={"page": counted})


def test_a_number_is_that_of_the_chapter_and_of_what_is_counted_in_it():
    env = environment({"size": (2, 3)}, {"valley": (7, 1)})
    assert numbers.numbered(env, "size") == ("page", "equation-size", "(2.3)")
    assert numbers.numbered(env, "valley") == ("page", "valley", "(figure 7.1)")
    assert numbers.numbered(env, "text") is None
    assert numbers.numbered(env, "nowhere") is None


def test_the_search_knows_formulas_and_figures_by_their_numbers():
    caption = nodes.caption("", "A narrow valley")
    section = nodes.section(
        "",
        nodes.title("", "Sizes"),
        nodes.math_block("", "x = 1", label="size"),
        nodes.math_block("", "y"),
        nodes.figure("", nodes.container(), caption, names=["valley"]),
        ids=["sizes"],
    )
    document = nodes.document(None, None, "", section)
    numbers.spell_out(environment({"size": (2, 3)}, {"valley": (7, 1)}), document)
    (found,) = search.sections_of(document)
    assert found.entry()[2] == "Equation (2.3) ¶ Figure 7.1: A narrow valley"
