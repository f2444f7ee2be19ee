"""The gallery, the cards of the front page and the previews are made from what there is."""

import re
from types import SimpleNamespace

import pytest
from contents import ROOT
from docutils import nodes
from PIL import Image

from helpers.book.chapters import chapters_of, faces, homes, link, widgets_in
from helpers.book.gallery import dress_cards, heading_of, lay_out_cards
from helpers.book.opening import photograph
from helpers.book.sharing import PREVIEW, PREVIEW_SIZE, description_of, home_address, shortened
from helpers.book.stills import FOLDER, SCHEMES, SIZE, still_html, still_name
from helpers.datasets import load_photo
from helpers.widgets.base import Widget
from helpers.widgets.pictures import from_data_url

CHAPTERS = chapters_of(ROOT)


def cell(code):
    return f"```{{code-cell}} ipython3\n{code}\n```\n"


def test_a_widget_is_at_home_where_it_comes_first():
    chapters = {
        "one": cell("Neuron()"),
        "two": cell("Pooling(step=1)\nNeuron()"),
        "three": "Neuron()",
    }
    found = homes(chapters)
    assert found["Neuron"] == "one"
    assert found["Pooling"] == "two"
    assert found["Convolve2D"] is None
    assert set(found) == set(Widget.registry)
    assert list(found)[:2] == ["Neuron", "Pooling"]


def test_a_chapter_is_represented_by_what_no_other_has():
    chapters = {
        "one": cell("Neuron()"),
        "two": cell("Neuron()\nSelfCheck([])\nPooling()"),
        "three": cell("Neuron()"),
        "four": cell("print()"),
    }
    assert faces(chapters) == {"one": "Neuron", "two": "Pooling", "three": "Neuron"}


def test_a_card_for_each_entry_and_a_picture_where_the_chapter_is_in_the_book(tmp_path):
    """A fork may leave chapters out that its front page lists still: those entries are no links."""
    toc = "parts: [{numbered: true, chapters: [{file: chapters/a}, {file: chapters/b}]}]"
    (tmp_path / "_toc.yml").write_text(toc, "utf-8")
    (tmp_path / "chapters").mkdir()
    for page, name in {"a": "Neuron", "b": "Pooling"}.items():
        (tmp_path / f"chapters/{page}.md").write_text(cell(f"{name}()"), "utf-8")
    listing = nodes.enumerated_list()
    for page in ["a", "left-out", "b"]:
        title = nodes.Text(page)
        words = nodes.paragraph(
            "", "", title if "-" in page else link(f"chapters/{page}.html", title)
        )
        listing += nodes.list_item("", words)
    app = SimpleNamespace(
        srcdir=tmp_path,
        config=SimpleNamespace(root_doc="index"),
        builder=SimpleNamespace(format="html"),
    )
    dress_cards(app, nodes.section("", listing), "index")
    a, left_out, b = listing.children
    assert "stills/Neuron-light" in a[0].astext()
    assert "stills/Pooling-light" in b[0].astext()
    assert len(left_out.children) == 1
    assert listing["classes"] == ["book-cards"]
    assert all(item["classes"] == ["book-card"] for item in listing.children)


def test_sections_of_cards_are_named_and_no_others():
    card = nodes.section("", classes=["book-card"])
    cards = nodes.section("", nodes.title("", "Widgets"), card)
    page = nodes.section("", nodes.paragraph("", "Words"), cards)
    lay_out_cards(None, page, "gallery")
    assert [one["classes"] for one in (page, cards, card)] == [[], ["book-gallery"], ["book-card"]]


def test_every_widget_is_shown_in_a_chapter():
    assert [name for name, page in homes(CHAPTERS).items() if page is None] == []


@pytest.mark.parametrize("name", sorted(Widget.registry))
def test_a_widget_has_its_stills_and_its_words(name):
    for scheme in SCHEMES:
        still = FOLDER / still_name(name, scheme)
        assert still.exists(), f"{still.name} is missing: run `make stills`"
        picture = Image.open(still)
        assert picture.size == SIZE
        assert still.stat().st_size < 20_000
        low, high = picture.convert("L").getextrema()
        assert high - low > 60, f"{still.name} shows nothing"
    assert len(heading_of(name)) > 5
    assert Widget.registry[name].__doc__.splitlines()[0].endswith(".")


def test_no_still_without_a_widget():
    wanted = {still_name(name, scheme) for name in Widget.registry for scheme in SCHEMES}
    assert {path.name for path in FOLDER.iterdir()} <= wanted


def test_a_widget_without_a_still_shows_its_name():
    assert ">NotDrawnYet<" in still_html("NotDrawnYet", "_static")
    assert still_html("Neuron", "../_static").count("../_static/stills/Neuron-") == 2


def test_only_code_counts():
    assert widgets_in("Neuron() in prose") == []
    assert widgets_in(cell("Neuron()\nNeuron(bias=1)\nPooling")) == ["Neuron"]


def test_the_front_pages_photograph_keeps_its_numbers():
    numbers = from_data_url(photograph())
    assert (numbers == load_photo("camera", size=numbers.shape)).all()


def test_the_preview_has_the_size_that_services_ask_for():
    assert Image.open(PREVIEW).size == PREVIEW_SIZE
    assert PREVIEW.stat().st_size < 150_000


def test_a_description_is_the_first_paragraph_in_whole_sentences():
    page = nodes.section()
    page += nodes.title("", "A title")
    page += nodes.paragraph(
        "", "A first sen\N{SOFT HYPHEN}tence that is long enough to say something."
    )
    page += nodes.paragraph("", "Another paragraph that is of no interest to anybody at all.")
    assert description_of(page) == "A first sentence that is long enough to say something."
    assert shortened("One. " * 60).endswith("One.")
    assert len(shortened("word " * 60)) <= 200


def test_the_published_address_comes_from_the_runner(monkeypatch):
    monkeypatch.delenv("BOOK_ADDRESS", raising=False)
    monkeypatch.setenv("GITHUB_REPOSITORY", "Someone/a-fork")
    assert home_address() == "https://someone.github.io/a-fork/"
    monkeypatch.setenv("BOOK_ADDRESS", "https://example.org/book")
    assert home_address() == "https://example.org/book/"


def test_each_part_of_the_front_page_leads_to_a_chapter():
    """The ways in and the list name pages that exist."""
    front = (ROOT / "index.md").read_text("utf-8")
    ways = front[front.index("## Three ways in") : front.index("## Touch it")]
    for page in re.findall(r"\]\((chapters/[\w-]+)\.md", ways):
        assert page in CHAPTERS
    assert len(re.findall(r"^\*\*", ways, re.M)) == 3
