"""No link inside the built book leads nowhere, and its overviews lead everywhere."""

import re
from urllib.parse import unquote, urldefrag, urlsplit

import pytest
from bs4 import BeautifulSoup
from contents import ROOT, listed_pages
from html_pages import read_page

from helpers.book import index
from helpers.book.chapters import chapters_of
from helpers.book.exercises import exercises_of
from helpers.book.glossary import PAGE, entries_of, term_anchor, words_of

PAGES = listed_pages()
CHAPTERS = chapters_of(ROOT)


@pytest.mark.parametrize("name", PAGES)
def test_every_link_inside_the_book_leads_to_a_page_and_a_place(book, name):
    path = book / f"{name}.html"
    lost = []
    for link in set(read_page(path).whole.links):
        parts = urlsplit(link)
        if parts.scheme or link.startswith("//"):
            continue
        target = (path.parent / unquote(parts.path)).resolve() if parts.path else path
        if not target.exists():
            lost.append(link)
            continue
        place = unquote(parts.fragment) if target.suffix == ".html" else ""
        if place and place not in read_page(target).anchors:
            lost.append(link)
    assert sorted(lost) == []


def chapters_linked(book, name):
    """Return the other chapters that the text of one leads to."""
    article = re.search(r"<article.*?</article>", (book / f"{name}.html").read_text("utf-8"), re.S)[
        0
    ]
    found = {urldefrag(link)[0] for link in re.findall(r'href="([\w./#-]+)"', article)}
    return {page for page in CHAPTERS if page.rpartition("/")[2] + ".html" in found} - {name}


def test_chapters_lead_to_others_and_others_to_them(book):
    leads = {name: chapters_linked(book, name) for name in CHAPTERS}
    for name in CHAPTERS:
        assert leads[name], f"{name} leads to no other chapter"
        assert any(name in others for others in leads.values()), f"nothing leads to {name}"


def test_a_chapter_that_is_named_by_its_number_exists():
    for name, text in CHAPTERS.items():
        prose = re.sub(r"^```\{code-cell.*?^```", "", text, flags=re.M | re.S)
        prose = re.sub(r"\[[^\]]*\]\(https?:[^)]*\)", "", prose)  # of other books
        numbers = {int(n) for n in re.findall(r"\bthis book's chapter (\d+)", prose)}
        numbers |= {int(n) for n in re.findall(r"\[[Cc]hapter (\d+)\]", prose)}
        assert numbers <= set(range(1, len(CHAPTERS) + 1)), name
        for number, target in re.findall(r"\[[Cc]hapter (\d+)\]\(([\w-]+)\.md", prose):
            assert target == list(CHAPTERS)[int(number) - 1].rpartition("/")[2], name


def test_every_exercise_is_in_the_overview_with_its_number(book):
    overview = read_page(book / "chapters" / "all-exercises.html")
    for number, (name, text) in enumerate(CHAPTERS.items(), 1):
        stem = name.rpartition("/")[2]
        section = overview.inside(f"exercises-{stem}")
        exercises = exercises_of(text)
        assert exercises
        for place, exercise in enumerate(exercises, 1):
            assert f"{stem}.html#{exercise.label}" in section.links
            assert f"Exercise {number}.{place}: " in section.text
        assert "In the page: " not in section.text  # each says so in its brackets


def test_the_glossary_and_the_chapters_lead_to_each_other(book):
    glossary = read_page(book / f"{PAGE}.html")
    entries = entries_of((ROOT / f"{PAGE}.md").read_text("utf-8"))
    for name, words in words_of(CHAPTERS, entries).items():
        links = read_page(book / f"{name}.html").whole.links
        for term in words:
            assert f"glossary.html#{term_anchor(term)}" in links
            assert term_anchor(term) in glossary.anchors
    stems = {name.rpartition("/")[2] for name in CHAPTERS}
    assert stems <= {urldefrag(link)[0].removesuffix(".html") for link in glossary.whole.links}


def test_the_index_leads_from_every_word_to_what_explains_it_and_to_what_uses_it(book):
    """The words stand from A to Z under their letters, each once."""
    soup = BeautifulSoup((book / f"{index.PAGE}.html").read_text("utf-8"), "html.parser")
    words = index.words_of((ROOT / f"{PAGE}.md").read_text("utf-8"))
    places = {}
    for entry in soup.select(".book-index li"):
        word = re.match("[^,]+", entry.get_text().strip())[0]
        letter = entry.find_previous(class_="rubric").get_text()
        assert word.upper().startswith(letter)
        assert word not in places
        places[word] = entry
    assert list(places) == [word for word, _ in words]
    for word, labels in words:
        strong = places[word].select("a > strong")
        assert len(strong) == len(labels) > 0, word
        assert all(re.match(r"\d+ \w", place.get_text()) for place in strong), word
    chapters = {
        word: {
            urldefrag(link["href"])[0][:2] for link in places[word].select("a:not(:has(strong))")
        }
        for word in ["stride", "softmax", "same"]
    }
    assert {"05", "10", "14"} <= chapters["stride"]
    assert {"06", "11"} & chapters["softmax"]
    assert chapters["same"] == set()
