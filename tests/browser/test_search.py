"""The search of the built book: what it finds first, from disk, and where it leads."""

import json
import re

import pytest
from barriers import barriers
from bs4 import BeautifulSoup
from playwright.sync_api import expect

# A reader who types this wants that chapter.
OWN_CHAPTER = {
    "stride": "02-padding-stride-size",
    "padding": "02-padding-stride-size",
    "Sobel": "04-image-filters",
    "webcam": "04-image-filters",
    "XOR": "06-neurons",
    "learning rate": "07-gradient-descent",
    "momentum": "07-gradient-descent",
    "chain rule": "08-backpropagation",
    "backpropagation": "08-backpropagation",
    "softmax": "10-cnn-building-blocks",
    "pooling": "10-cnn-building-blocks",
    "confusion matrix": "11-handwritten-digits",
    "dropout": "13-overfitting",
    "overfitting": "13-overfitting",
    "receptive fields": "02-padding-stride-size",
    "cross-correlation": "01-convolution-1d",
}


@pytest.fixture
def front(visit, book):
    """The front page from disk, with the search open."""
    page = visit((book / "index.html").as_uri(), color_scheme="light", reduced_motion="reduce")
    page.wait_for_load_state("load")
    assert not page.evaluate(
        "[...document.scripts].some(({ src }) => /searchindex|searchtools|book-search/.test(src))"
    )
    page.keyboard.press("Control+k")
    expect(page.locator("#pst-search-dialog")).to_be_visible()
    return page


def results(page):
    return page.locator(".book-found:visible li > a")


def look_for(page, words):
    page.locator("input[name=q]:visible").fill(words)
    expect(page.locator(".book-found-count:visible")).to_contain_text(f"“{words}”")


def test_a_word_finds_its_own_chapter_first(front):
    ranks = {}
    for words in OWN_CHAPTER:
        look_for(front, words)
        hrefs = results(front).evaluate_all("(links) => links.map((link) => link.pathname)")
        pages = [re.search(r"([\w-]+)\.html$", href)[1] for href in hrefs]
        ranks[words] = pages[0] if pages else None
    assert ranks == OWN_CHAPTER
    look_for(front, "zebrafish")
    assert results(front).count() == 0
    expect(front.locator(".book-found-count:visible")).to_contain_text("Nothing is found")

    look_for(front, "stride")
    marks = front.locator(".book-found:visible mark").all_text_contents()
    assert {mark.lower() for mark in marks} == {"stride"}
    assert barriers(front, []) == []
    front.evaluate("document.documentElement.dataset.theme = 'dark'")
    assert barriers(front, [], runOnly=["color-contrast"]) == []
    front.keyboard.press("ArrowDown")
    expect(results(front).first).to_be_focused()
    front.keyboard.press("ArrowUp")
    expect(front.locator("input[name=q]:visible")).to_be_focused()


def test_a_result_leads_to_its_section_with_the_words_marked(front):
    look_for(front, "backpropagation")
    results(front).first.click()
    front.wait_for_url("**/08-backpropagation.html#*")
    marks = front.locator(".book-found-mark")
    expect(marks.first).to_be_visible()
    said = marks.all_text_contents()
    assert {text.replace("\N{SOFT HYPHEN}", "").lower() for text in said} == {"backpropagation"}
    assert any("\N{SOFT HYPHEN}" in text for text in said)
    front.wait_for_function(
        """() => {
            const section = document.getElementById(location.hash.slice(1));
            return [...section.querySelectorAll(".book-found-mark")].some((mark) => {
                const { top, bottom } = mark.getBoundingClientRect();
                return top >= 0 && bottom <= innerHeight;
            });
        }"""
    )
    text = front.locator("article").inner_text()
    front.get_by_role("button", name="stop marking").click()
    expect(marks).to_have_count(0)
    assert front.locator("article").inner_text() == text

    # What only a widget says leads to the widget.
    front.keyboard.press("Control+k")
    look_for(front, "save the result")
    results(front).first.click()
    front.wait_for_load_state("load")
    widget = front.locator(".book-found-widget[data-widget=ImageFilter]")
    expect(widget).to_have_count(1)
    assert widget.evaluate("(e) => e.getBoundingClientRect().top < innerHeight")


def test_the_page_of_results_works_over_http_and_nothing_else_is_asked_for(visit, site):
    page = visit(f"{site}/index.html")
    asked = []
    page.on("request", lambda request: asked.append(request.url))
    page.keyboard.press("Control+k")
    page.locator("input[name=q]:visible").fill("stride")
    page.keyboard.press("Enter")
    page.wait_for_url("**/search.html?q=stride")
    expect(results(page).first).to_have_attribute("href", re.compile("02-padding-stride-size"))
    assert sum("book-search.js" in url for url in asked) >= 1
    assert not any("searchindex" in url for url in asked)


def test_every_anchor_of_the_index_is_on_its_page(book):
    script = (book / "_static" / "book-search.js").read_text("utf-8")
    found = re.search(r"start\((\{.*\})\)\}\)\(\);", script, re.S)
    pages = json.loads(found[1])["pages"]
    assert len(pages) > 14
    for known in pages:
        html = (book / known["page"]).read_text("utf-8")
        ids = {tag["id"] for tag in BeautifulSoup(html, "html.parser").select("article [id]")}
        assert {section[0] for section in known["sections"]} <= ids, known["page"]
