"""A lecture on the pages of the built book: its keys, lessons, tallies, slides and QR codes."""

import io
import json
import re
from contextlib import suppress
from urllib.parse import parse_qsl, urlsplit

import pytest
import zxingcpp
from contents import ROOT, listed_pages
from hands import rest
from PIL import Image
from playwright.sync_api import Error, expect

from helpers.convolution import convolve1d, cross_correlate1d

CHAPTERS = [page for page in listed_pages() if re.match(r"chapters/\d", page)]


CHOICE = "?present=1&widget=equivariance&ask=zero&answer=hidden"
LESSON = ROOT / "chapters" / "lessons" / "convolution-in-one-lecture.json"


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
    asleep = page.locator("#ex-goal-constant .cv-widget:not([data-ready])")
    own = json.loads(asleep.locator("> script").text_content())["title"]
    expect(entries.filter(has_text=own)).to_have_count(1)  # its own title, though it is asleep
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
    rest(page)
    page.keyboard.press("n")
    page.wait_for_url(f"**/{CHAPTERS[1]}.html")
    assert is_presenting(page)
    assert page.evaluate("document.documentElement.dataset.theme") != theme
    running = re.compile(r"1:29:[2-5]\d")
    expect(clock).to_have_text(running)
    face = page.query_selector(".book-clock")
    page.keyboard.press("p")  # left for a while, it is neither on show nor painted
    expect(clock).to_have_count(0)
    before = face.text_content()
    page.wait_for_timeout(1200)
    assert face.text_content() == before
    page.keyboard.press("p")
    expect(clock).to_have_text(running)
    page.get_by_role("button", name="What else there is").click()
    dialog.get_by_role("button", name="no clock").click()
    expect(clock).to_have_count(0)
    page.keyboard.press("Escape")
    assert not is_presenting(page)


HOSTILE = {
    "not json": "is not JSON",
    "[1, 2]": "not a lesson file",
    '{"lesson": 2, "title": "", "steps": []}': "version 2; this book reads 1",
    '{"lesson": "<img src=x onerror=hit()>", "steps": []}': "of version",
    '{"lesson": 1, "title": 3, "steps": []}': "title has to be a text",
    '{"lesson": 1, "steps": {"length": 1}}': "a list of at most 200 steps",
    json.dumps({"lesson": 1, "steps": [{"title": "a", "link": "x"}] * 201}): "at most 200 steps",
    json.dumps({"lesson": 1, "steps": [{"title": "a" * 201, "link": "index.html"}]}): "Step 1",
    json.dumps({"lesson": 1, "steps": [None]}): "Step 1 needs a title",
    json.dumps({"lesson": 1, "steps": [{"title": "a", "link": f"index.html?{'a' * 15_990}"}]}): (
        "Step 1 holds more than a link of 16000 letters can"
    ),
    json.dumps({"lesson": 1, "title": "a" * 600_000, "steps": []}): "too large",
} | {
    json.dumps({"lesson": 1, "steps": [{"title": "a", "link": link}]}): words
    for link, words in {
        "javascript:hit()": "Step 1 does not lead to a place in this book",
        "//elsewhere.example/index.html": "Step 1 does not lead",
        "https://elsewhere.example/index.html": "Step 1 does not lead",
        "../../index.html": "Step 1 does not lead",
        "/etc/passwd.html": "Step 1 does not lead",
        "chapters\\01.html": "Step 1 does not lead",
        "data:text/html,x.html": "Step 1 does not lead",
        "index.html?widget=\"><script>hit()</script>": "Step 1 does not lead",
        "index.html#x y": "Step 1 does not lead",
        "chapters/no-such-page.html": "leads to chapters/no-such-page.html, which this book",
    }.items()
}  # fmt: skip
SCRIPT = "<img src=x onerror='globalThis.hit = 1'><script>globalThis.hit = 1</script>"


def load(page, tmp_path, text):
    """Give the open list of the lesson a file."""
    file = tmp_path / "lesson.json"
    file.write_text(text, "utf-8")
    page.locator(".book-lesson input[type=file]").set_input_files(file)


def titles(page):
    return page.locator(".book-lesson li input[type=text]").evaluate_all(
        "(fields) => fields.map((field) => field.value)"
    )


def test_a_lesson_is_collected_ordered_saved_loaded_and_stepped_through(visit, site, tmp_path):
    page = visit(f"{site}/{CHAPTERS[0]}.html")
    card = page.locator("[data-place=convolve1d] .cv")
    card.get_by_label("w[0]", exact=True).fill("7")
    card.get_by_role("button", name="Link to this state").click()
    card.get_by_label("playback").check()
    card.get_by_role("button", name="add to lesson").click()
    # A QR code of an address that only this computer reaches says so, and is drawn all the same.
    card.get_by_role("button", name="QR code").click()
    expect(card.locator(".book-share-words")).to_contain_text("Only this computer")
    assert decoded(page, card.locator(".book-qr svg")) == (
        card.get_by_label("Address of this state").input_value()
    )
    card.get_by_label("hide the answer").uncheck()
    expect(card.get_by_label("Address of this state")).to_have_value(re.compile("answer=shown"))
    card.get_by_role("button", name="large, for the room").click()
    large = page.locator("dialog.book-qr-large svg")
    assert "answer=shown" in decoded(page, large)
    page.keyboard.press("Escape")

    # By a key: a widget of another page, and the section that is read.
    rest(page)
    page.goto(f"{site}/{CHAPTERS[1]}.html?widget=outputsize&input_size=9&answer=hidden")
    expect(page.locator("[data-place=outputsize][data-ready]")).to_be_in_viewport()
    page.keyboard.press("a")
    expect(page.locator(".book-toast")).to_contain_text("Added to your lesson")
    page.locator("article h2").last.scroll_into_view_if_needed()
    page.evaluate("scrollTo(0, document.documentElement.scrollHeight)")
    page.keyboard.press("a")
    page.locator(".book-toast button").click()
    dialog = page.locator("dialog.book-lesson")
    expect(dialog.locator("li")).to_have_count(3)

    # Order, names and what asks first; everything can be taken back.
    first, second, third = titles(page)
    dialog.get_by_role("button", name="Move step 3 up").click()
    assert titles(page) == [first, third, second]
    dialog.get_by_role("button", name="Remove step 1").click()
    assert titles(page) == [third, second]
    dialog.get_by_role("button", name="undo").click()
    assert titles(page) == [first, third, second]
    dialog.get_by_role("button", name="Move step 2 down").click()
    dialog.get_by_label("Title of step 1").fill(SCRIPT)
    dialog.get_by_label("Title of step 1").blur()
    expect(dialog.locator("li").nth(0).get_by_label("ask first")).to_be_checked()
    expect(dialog.locator("li").nth(2).get_by_label("ask first")).to_have_count(0)
    dialog.get_by_label("Title of the lesson").fill("Zwölf: a/b")
    with page.expect_download() as saved:
        dialog.get_by_role("button", name="save as a file").click()
    assert saved.value.suggested_filename == "zwolf-ab.json"
    file = tmp_path / "saved.json"
    saved.value.save_as(file)
    lesson = json.loads(file.read_text("utf-8"))
    assert lesson["lesson"] == 1
    assert lesson["title"] == "Zwölf: a/b"
    assert [step["title"] for step in lesson["steps"]] == [SCRIPT, second, third]
    assert all(not re.search("present|lesson|http", step["link"]) for step in lesson["steps"])

    # What is wrong with a file is said, and the lesson stays.
    for text, words in HOSTILE.items():
        load(page, tmp_path, text)
        expect(dialog.get_by_role("status")).to_contain_text(words)
        assert titles(page) == [SCRIPT, second, third]
    dialog.get_by_role("button", name="empty").click()
    expect(dialog.locator("li")).to_have_count(0)
    # What cannot be added is said as well.
    longest = "index.html?" + "a" * 15_989
    assert len(longest) == 16_000
    steps = [{"title": "a", "link": link} for link in [longest, *["index.html"] * 199]]
    load(page, tmp_path, json.dumps({"lesson": 1, "steps": steps}))
    expect(dialog.locator("li")).to_have_count(200)
    page.keyboard.press("Escape")
    page.keyboard.press("a")
    expect(page.locator(".book-toast")).to_contain_text("Not added: A lesson has a list of at most")
    page.locator(".book-toast button").click()
    expect(dialog.locator("li")).to_have_count(200)
    # A page that the book no longer has takes its own steps with it.
    page.keyboard.press("Escape")
    links = ["index.html", "chapters/no-such-page.html"]
    lesson = {"lesson": 1, "steps": [{"title": link, "link": link} for link in links]}
    page.evaluate("(lesson) => bookMemory.ofBook.set('lesson', lesson)", lesson)
    page.keyboard.press("l")
    assert titles(page) == ["index.html"]
    load(page, tmp_path, file.read_text("utf-8"))
    expect(dialog.locator("li")).to_have_count(3)

    # It is kept, and is stepped through across pages with the two buttons of a clicker.
    rest(page)
    page.reload()
    page.keyboard.press("l")
    rest(page)
    dialog.get_by_role("button", name="step through it").click()
    page.wait_for_url(f"**/{CHAPTERS[0]}.html?present=1&lesson=1&**")
    strip = page.locator(".book-strip-words")
    strip.wait_for()
    expect(strip).to_contain_text(f"Zwölf: a/b · 1 / 3 · {SCRIPT}")
    expect(card.locator(".cv-stage")).to_be_focused()
    expect(card.get_by_label("w[0]", exact=True)).to_have_value("7")
    expect(card.locator(".cv-play")).to_be_hidden()
    expect(card.get_by_label("Your prediction")).to_be_visible()
    rest(page)
    # One too many would already act on the next page.
    page.evaluate("navigation.addEventListener('navigate', () => { globalThis.isLeaving = true; })")
    with suppress(Error):  # the page is on its way out
        while not page.evaluate("globalThis.isLeaving || location.search.includes('lesson=2')"):
            page.keyboard.press("PageDown")
    page.wait_for_url(f"**/{CHAPTERS[1]}.html?present=1&lesson=2&**")
    strip.wait_for()
    expect(strip).to_contain_text("2 / 3")
    expect(page.locator("[data-place=outputsize] .cv-stage")).to_contain_text("input 9")
    rest(page)
    page.keyboard.press("PageUp")
    page.wait_for_url("**lesson=1&**")
    strip.wait_for()
    expect(strip).to_contain_text("1 / 3")
    page.keyboard.press("Escape")
    expect(strip).to_be_hidden()
    assert not re.search("lesson|present", page.url)
    assert page.evaluate("globalThis.hit") is None


AT_THE_TOP = """(card) => {
    const { top } = card.getBoundingClientRect();
    return 0 <= top && top < 60;
}"""


def decoded(page, symbol):
    """Return what a camera reads in a symbol on the page."""
    expect(symbol).to_be_visible()
    picture = Image.open(io.BytesIO(symbol.screenshot()))
    (found,) = zxingcpp.read_barcodes(picture)
    return found.text


def test_the_books_own_lesson_opens_in_every_state_from_a_disk(visit, book):
    """Without `localStorage` too: the lesson goes along in the address."""
    page = visit((book / "chapters" / "instructors.html").as_uri(), width=1280, height=720)
    given = json.loads(page.locator(".book-lesson-file script").first.text_content())
    assert json.loads((book / "_static/lessons" / LESSON.name).read_text("utf-8")) == given
    page.get_by_role("button", name="take it as my lesson").click()
    expect(page.locator("dialog.book-lesson li")).to_have_count(len(given["steps"]))
    assert titles(page) == [step["title"] for step in given["steps"]]
    rest(page)
    page.locator("dialog.book-lesson").get_by_role("button", name="step through it").click()
    for number, step in enumerate(given["steps"], 1):
        page.wait_for_url(f"**lesson={number}*")
        page.locator(".book-strip-words").wait_for()
        assert is_presenting(page)
        expect(page.locator(".book-strip-words")).to_contain_text(
            f"{number} / {len(given['steps'])} · {step['title']}"
        )
        wanted = dict(parse_qsl(urlsplit(step["link"]).query))
        if "widget" not in wanted:
            expect(page.locator(f"[id='{urlsplit(step['link']).fragment}']")).to_have_count(1)
            heading = page.locator("article :is(h1, h2, h3):focus")
            expect(heading).to_be_in_viewport()
        else:
            card = page.locator(f"[data-place={wanted.pop('widget')}][data-ready] .cv")
            card.wait_for()
            expect(card.locator(".cv-stage")).to_be_focused()
            page.wait_for_function(AT_THE_TOP, arg=card.element_handle())
            expect(card.locator(".cv-wrong")).to_have_count(0)
            # Asked again, the widget says just this state.
            card.get_by_role("button", name="Link to this state").click()
            address = card.get_by_label("Address of this state").input_value()
            said = dict(parse_qsl(urlsplit(address).query))
            assert {name: said.get(name) for name in wanted} == wanted
            card.get_by_role("button", name="QR code").click()
            expect(card.locator(".book-share-words")).to_contain_text("no phone can open it")
            expect(card.locator(".book-qr svg")).to_have_count(0)
        rest(page)
        page.evaluate("localStorage.clear()")
        for _ in range(40):  # what is longer than a screen comes past first
            if f"lesson={number}" not in page.url or page.locator(".book-toast").count():
                break
            with suppress(Error):  # the page of before is on its way out
                # Not the next page already, which has come meanwhile.
                page.evaluate(
                    "(step) => location.href.includes(step) && globalThis.bookSteer?.(1)",
                    f"lesson={number}",
                )
    expect(page.locator(".book-toast")).to_contain_text("the last step of the lesson")

    # Where the book knows the address that it is published at, phones get that one.
    home = "https://book.example/course/"
    page.evaluate("(home) => bookLecture('know', { home })", home)
    card.get_by_label("hide the answer").uncheck()
    card.get_by_role("button", name="large, for the room").click()
    found = decoded(page, page.locator("dialog.book-qr-large svg"))
    assert found.startswith(f"{home}{given['steps'][-1]['link'].split('&')[0]}&")
    assert "answer=shown" in found


def test_the_class_guesses_and_the_bars_are_compared_with_the_answer(visit, book):
    page = visit((book / f"{CHAPTERS[0]}.html").as_uri() + "?present=1&widget=convolve1d&step=2")
    card = page.locator("[data-place=convolve1d][data-ready]")
    card.locator(".cv-stage").focus()
    page.keyboard.press("g")
    tally = page.locator(".book-tally")
    field = tally.get_by_label("A guess, and how many said so")
    expect(field).to_be_focused()
    box, beside = card.bounding_box(), tally.bounding_box()
    assert box["x"] + box["width"] <= beside["x"] + 1  # the card makes room
    answer = convolve1d([0, 1, 2, 3, 4], [1, -1, 2])[2]
    wrong = cross_correlate1d([0, 1, 2, 3, 4], [1, -1, 2], padding="full")[2]
    assert answer != wrong
    for said in (f"{answer:g} x 3", f"{wrong:g} × 12", f"{answer:g},0", "x", f"<b>{SCRIPT}"):
        field.fill(said)
        field.press("Enter")
    expect(tally.get_by_role("status")).to_contain_text("is no guess at this question")
    rows = tally.locator("li")
    expect(rows).to_have_count(2)
    expect(rows.nth(0)).to_contain_text("4")
    tally.get_by_role("button", name=f"One more for {wrong:g}").click()
    page.keyboard.press("Enter")
    expect(rows.nth(1).locator(".book-tally-votes")).to_have_text(re.compile("^14"))
    widths = [row.locator(".book-tally-bar").bounding_box()["width"] for row in rows.all()]
    assert abs(widths[0] / widths[1] - 4 / 14) < 0.02
    expect(tally.locator(".right")).to_have_count(0)  # before the answer is out nothing is said
    card.get_by_role("button", name="show", exact=True).click()
    expect(rows.nth(0)).to_have_class("right")
    expect(tally.locator(".right")).to_have_count(1)
    expect(tally.get_by_role("status")).to_have_text("4 of 18 had it.")
    page.keyboard.press("ArrowRight")  # the next question has a tally of its own
    expect(rows).to_have_count(0)
    page.keyboard.press("ArrowLeft")
    expect(rows).to_have_count(2)
    tally.get_by_role("button", name="Close the tally").click()
    expect(tally).to_have_count(0)
    assert page.evaluate("globalThis.hit") is None

    # Where answers are picked, each of them has its row; counting them picks none.
    rest(page)
    page.goto((book / "chapters/10-cnn-building-blocks.html").as_uri() + CHOICE)
    asked = page.locator("[data-place=equivariance][data-ready]")
    asked.locator(".cv-stage").focus()
    page.keyboard.press("g")
    expect(rows.first).to_be_visible()
    words = asked.locator(".cv-ask .cv-group button").all_text_contents()
    assert len(words) > 1
    assert [
        row.locator(".cv-verdict, .book-tally-guess").inner_text() for row in rows.all()
    ] == words
    for word in words:
        tally.get_by_role("button", name=f"One more for {word}").click()
    expect(asked.locator(".cv-verdict")).to_be_hidden()
    asked.get_by_role("button", name="show", exact=True).click()
    expect(tally.locator(".right")).to_have_count(1)
    expect(tally.get_by_role("status")).to_have_text(f"1 of {len(words)} had it.")

    # A training that would answer does not begin, and no wrong picture is marked.
    playground, filters = "06-neurons.html", "04-image-filters.html"
    for chapter, place in ((playground, "networkplayground"), (filters, "imagefilter")):
        rest(page)
        address = (book / "chapters" / chapter).as_uri()
        page.goto(f"{address}?present=1&widget={place}&answer=hidden")
        asked = page.locator(f"[data-place={place}][data-ready]")
        asked.locator(".cv-stage").focus()
        page.keyboard.press("g")
        rows.first.get_by_role("button", name="One more").click()
        expect(tally.get_by_role("status")).to_have_text("1 so far.")
        expect(asked.locator(".cv-ask")).to_be_visible()
        expect(asked.locator(".imf-wrong")).to_have_count(0)


MAGNIFIED = re.compile(r"zoom: ([2-9]|1\.\d*[1-9])")


def test_a_tally_is_kept_for_the_window_and_stands_beside_a_full_screen(visit, book):
    address = (book / f"{CHAPTERS[0]}.html").as_uri() + "?present=1&widget=convolve1d&step=2"
    page = visit(address, height=720)
    card = page.locator("[data-place=convolve1d][data-ready]")
    button = card.get_by_role("button", name="Present full screen")
    tally = page.locator(".book-tally")
    field = tally.get_by_label("A guess, and how many said so")
    votes = tally.locator(".book-tally-votes")
    card.locator(".cv-stage").focus()
    page.keyboard.press("g")
    field.fill("4 x 3")
    field.press("Enter")

    # A full screen that comes later leaves it on top, as large as before, and the card beside it.
    button.click()
    expect(page.locator(".cv-presenting > .book-tally")).to_have_count(1)
    tally.get_by_role("button", name="One more for 4").click()
    expect(votes).to_have_text("4")
    assert tally.evaluate("(e) => e.contains(document.activeElement)")
    expect(card.locator(".cv-presenting")).to_have_attribute("style", MAGNIFIED)
    field.fill("2 x 2")
    field.press("Enter")
    beside = tally.bounding_box()
    for part in (".cv-stage", ".cv-say", ".cv-play", "header"):
        box = card.locator(f".cv > {part}").bounding_box()
        assert box["x"] + box["width"] <= beside["x"] + 1, part
    size = "parseFloat(getComputedStyle(document.querySelector('.book-tally h2')).fontSize)"
    shown = tally.locator("h2").bounding_box()["height"]
    assert shown < 2 * page.evaluate(size)  # not magnified with the card
    # The keys of a lecture act on the card that fills the screen, whose place on the page is empty.
    card.locator(".cv-stage").focus()
    page.keyboard.press("a")
    expect(page.locator(".book-toast")).to_contain_text("Added to your lesson: Slide one signal")
    page.keyboard.press("g")
    expect(tally).to_have_count(0)
    page.keyboard.press("g")
    expect(votes).to_have_text(["4", "2"])
    button.click()
    expect(page.locator("body > .book-tally")).to_have_count(1)
    expect(card.locator(".cv-stage")).to_be_in_viewport()

    # The window keeps it; "empty" is for the next class, and what is no tally is left alone.
    rest(page)
    page.reload()
    card.locator(".cv-stage").focus()
    page.keyboard.press("g")
    expect(votes).to_have_text(["4", "2"])
    tally.get_by_role("button", name="empty").click()
    expect(votes).to_have_count(0)
    kept = json.dumps([["a", [{"guess": SCRIPT, "votes": "9"}]], "b", ["c", [None]]])
    assert page.evaluate("sessionStorage.getItem('book tallies')") == "[]"
    page.evaluate("(kept) => sessionStorage.setItem('book tallies', kept)", kept)
    rest(page)
    page.reload()
    card.locator(".cv-stage").focus()
    page.keyboard.press("g")
    field.fill("7")
    field.press("Enter")
    expect(votes).to_have_text("1")
    entries = json.loads(page.evaluate("sessionStorage.getItem('book tallies')"))
    assert [rows for _, rows in entries] == [[{"guess": "7", "votes": 1}]]


@pytest.mark.parametrize("home", ["site", "disk"])
def test_the_step_that_is_on_show_is_shown_anew(visit, site, book, home):
    """The address is the same, which would bring the browser nowhere and leave the list open."""
    base = site if home == "site" else book.as_uri()
    page = visit(f"{base}/{CHAPTERS[0]}.html")
    link = f"{CHAPTERS[0]}.html?widget=convolve1d&step=2"
    steps = [{"title": "one", "link": link}, {"title": "two", "link": f"{CHAPTERS[1]}.html#stride"}]
    lesson = {"lesson": 1, "title": "Two", "steps": steps}
    page.evaluate("(lesson) => bookMemory.ofBook.set('lesson', lesson)", lesson)
    dialog = page.locator("dialog.book-lesson")
    strip = page.locator(".book-strip-words")
    for number, title in ((1, "one"), (2, "two")):
        page.keyboard.press("l")
        for times in range(2):
            rest(page)
            with page.expect_event("domcontentloaded"):
                dialog.get_by_role("button", name=f"Show step {number}").click()
            strip.filter(has_text=f"{number} / 2 · {title}").wait_for()
            expect(dialog).to_have_count(0)
            if times == 0:
                rest(page)
                page.keyboard.press("l")
    # A lesson that has changed meanwhile is the one that goes on.
    rest(page)
    page.keyboard.press("l")
    dialog.get_by_label("Title of step 2").fill("changed")
    dialog.get_by_label("Title of step 2").blur()
    rest(page)
    with page.expect_event("domcontentloaded"):
        dialog.get_by_role("button", name="Show step 2").click()
    strip.filter(has_text="2 / 2 · changed").wait_for()
    expect(dialog).to_have_count(0)


SEEN = """() => [...document.querySelectorAll("article :is(p, pre, .math, td):not(details *)")]
    .filter((e) => e.offsetParent && e.offsetHeight && !e.closest(".cv-widget"))
    .map((e) => e.textContent)"""


def test_a_chapter_is_shown_as_slides_that_fit_the_screen_and_lose_nothing(visit, site):
    page = visit(f"{site}/{CHAPTERS[0]}.html", width=1280, height=720)
    wanted = set(page.evaluate(SEEN))
    widgets = page.locator("article .cv-widget[data-widget]").count()
    assert len(wanted) > 40
    rest(page)
    page.goto(f"{site}/{CHAPTERS[0]}.html?present=1&slides=1")
    strip = page.locator(".book-strip-words")
    strip.filter(has_text=" · 1 / ").wait_for()
    count = int(strip.text_content().rsplit("/", 1)[1])
    seen, places, too_long = set(), [], []
    for number in range(1, count + 1):
        assert strip.text_content().endswith(f" · {number} / {count}")
        seen |= set(page.evaluate(SEEN))
        shown = page.locator("article .cv-widget[data-widget]:visible")
        if shown.count():
            assert shown.count() == 1
            places.append(shown.get_attribute("data-place"))
        elif page.evaluate("document.documentElement.scrollHeight > innerHeight"):
            too_long.append(number)
        for _ in range(20):  # what cannot be made to fit is scrolled through
            page.evaluate("bookSteer(1)")
            if number == count or not strip.text_content().endswith(f" · {number} / {count}"):
                break
    expect(page.locator(".book-toast")).to_contain_text("the last slide")
    assert wanted - seen == set()
    assert len(set(places)) == len(places) == widgets
    assert len(too_long) <= 0.05 * count, too_long

    page.keyboard.press("PageUp")
    expect(strip).to_contain_text(f" · {count - 1} / {count}")
    rest(page)
    page.reload()
    strip.filter(has_text=f" · {count - 1} / ").wait_for()
    page.keyboard.press("o")
    entries = page.locator("dialog.book-overview li.widget button")
    expect(entries).to_have_count(widgets)
    entries.nth(1).click()
    expect(page.locator("[data-place=convolve1d-2] .cv-stage")).to_be_focused()
    page.keyboard.press("PageDown")  # a clicker steps the widget first
    expect(page.locator("[data-place=convolve1d-2] .cv-play input")).to_have_value("1")
    page.keyboard.press("s")
    expect(strip).to_be_hidden()
    assert page.locator("article .cv-widget[data-widget]:visible").count() == widgets
    page.keyboard.press("s")
    rest(page)
    page.keyboard.press("n")
    page.wait_for_url(f"**/{CHAPTERS[1]}.html")
    strip.filter(has_text=" · 1 / ").wait_for()
    page.keyboard.press("Escape")
    expect(page.locator(".book-off")).to_have_count(0)
