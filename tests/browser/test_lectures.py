"""A lecture on the pages of the built book: its keys, lessons, tallies, slides and QR codes."""

import re

from contents import listed_pages
from playwright.sync_api import expect

CHAPTERS = [page for page in listed_pages() if re.match(r"chapters/\d", page)]


def is_presenting(page):
    return page.evaluate("document.documentElement.classList.contains('cv-page-present')")


def test_the_keys_of_a_lecture_from_a_disk(visit, book):
    page = visit((book / f"{CHAPTERS[0]}.html").as_uri(), width=1280, height=720)
    expect(page.locator("script[src*=book-lecture]")).to_have_count(0)
    dialog = page.locator("dialog.book-dialog")
    page.keyboard.press("o")  # a reader who presses a letter is left alone
    page.keyboard.press("?")
    expect(dialog.get_by_role("rowheader", name="P", exact=True)).to_be_visible()
    expect(dialog.get_by_role("button", name="Blank screen")).to_have_count(0)
    page.keyboard.press("p")
    assert not is_presenting(page)  # while a dialog is open, keys are the dialog's
    page.keyboard.press("Escape")
    expect(dialog).to_have_count(0)

    page.keyboard.press("p")
    assert is_presenting(page)
    page.keyboard.press("o")
    entries = dialog.locator("li button")
    headings = page.locator("article :is(h1, h2, h3):not(.cv-widget *)").count()
    expect(entries).to_have_count(headings + page.locator("article .cv-widget").count())
    expect(dialog.locator("[aria-current]")).to_be_focused()
    entries.filter(has_text="How many numbers come out").focus()
    page.keyboard.press("ArrowDown")
    page.keyboard.press("Enter")
    card = page.locator("[data-place=convolve1d-2]")
    expect(card.locator(".cv-stage")).to_be_focused()
    assert 0 <= card.bounding_box()["y"] < 40

    # The lecturer's reset takes back settings, steps, guesses and answers shown.
    page.keyboard.press("ArrowRight")
    card.get_by_label("cells of w").fill("2")
    card.locator(".cv-stage").focus()
    before = card.locator(".cv-say").text_content()
    page.keyboard.press("r")
    expect(card.get_by_label("cells of w")).to_have_value("3")
    expect(card.locator(".cv-say")).not_to_have_text(before)
    expect(card.locator(".cv-stage")).to_be_focused()
    page.keyboard.press("ArrowRight")
    expect(card.locator(".cv-play input")).to_have_value("1")

    theme = page.evaluate("document.documentElement.dataset.theme")
    page.keyboard.press("t")
    assert {theme, page.evaluate("document.documentElement.dataset.theme")} == {"dark", "light"}
    page.keyboard.press(".")
    expect(page.locator("dialog.book-blank")).to_have_css("background-color", "rgb(0, 0, 0)")
    top = page.evaluate("scrollY")
    page.keyboard.press("PageDown")  # any key brings the page back and does nothing else
    expect(page.locator("dialog.book-blank")).to_have_count(0)
    assert page.evaluate("scrollY") == top

    clock = page.get_by_role("timer")
    page.keyboard.press("c")
    expect(clock).to_have_text("0:01")
    page.keyboard.press("?")
    dialog.get_by_label("The clock counts down from").fill("90 or so")
    dialog.get_by_role("button", name="start", exact=True).click()
    expect(dialog.get_by_label("The clock counts down from")).to_have_attribute(
        "aria-invalid", "true"
    )
    dialog.get_by_label("The clock counts down from").fill("90")
    page.keyboard.press("Enter")
    expect(clock).to_have_text(re.compile(r"1:29:5\d"))

    # Colours, clock and present mode go on in the next chapter.
    page.keyboard.press("n")
    page.wait_for_url(f"**/{CHAPTERS[1]}.html")
    assert is_presenting(page)
    assert page.evaluate("document.documentElement.dataset.theme") != theme
    expect(clock).to_have_text(re.compile(r"1:29:[2-5]\d"))
    page.get_by_role("button", name="What else there is").click()
    dialog.get_by_role("button", name="no clock").click()
    expect(clock).to_have_count(0)
    page.keyboard.press("Escape")
    assert not is_presenting(page)
