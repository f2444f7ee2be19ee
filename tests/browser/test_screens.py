"""The built chapters on laptops, at a projector and on a phone: what is on one screen."""

import pytest
from contents import ROOT
from hands import come_to_rest
from playwright.sync_api import expect
from screens import MEASURE, measure
from test_pages import wake_all

CHAPTERS = sorted(page.stem for page in (ROOT / "chapters").glob("[0-9]*.md"))
PHONE = (390, 664)
LAPTOPS = [MEASURED := (1366, 768), (1280, 720), (1920, 1080)]
# What the page's own header takes of a window; a phone's scrolls away below a goal.
PAGE_HEADER = {PHONE: 64} | dict.fromkeys(LAPTOPS, 48)
SMALLEST_DIGIT = 11

# (chapter, place, width): why this card is taller than the screen.
TALLER = {
    ("08-backpropagation", "networkplayground", width): (
        "It opens with the numbers of a neuron, forward and back, below the network that they "
        "belong to; a phone has them behind a tab."
    )
    for width in (1280, 1366)
}

# Of each card: picture, arithmetic and play bar; with the goal above them; what is too wide or
# small. A list of questions has none of these.
SEEN = f"""() => {{
    const measure = {MEASURE.strip().removesuffix(";")};
    const part = (card, name) => card.querySelector(`:scope > .cv-${{name}}`);
    const box = (card, name) => part(card, name).getBoundingClientRect();
    return [...document.querySelectorAll(".cv-widget:not([data-widget=SelfCheck])")]
        .filter((widget) => widget.getClientRects().length)
        .map((widget) => {{
            const card = widget.querySelector(".cv");
            const lesson = ["stage", "say"].map((name) => box(card, name)).filter((b) => b.height);
            const top = Math.min(...lesson.map((part) => part.top));
            const bottom = Math.max(...lesson.map((part) => part.bottom));
            const need = Math.round(bottom - top + box(card, "play").height);
            const {{ wide, digit, where }} = measure(card);
            const goal = Math.round(box(card, "goal").height);
            return {{ place: widget.dataset.place, need, goal, wide, digit, where }};
        }});
}}"""
# How tall each widget is, and the room that was kept for it.
ROOMS = """() => [...document.querySelectorAll(".cv-widget")]
    .filter((widget) => widget.getClientRects().length)
    .map((widget) => {
        const room = innerWidth < 640 ? "--room-on-a-phone" : "--room";
        const kept = parseFloat(widget.style.getPropertyValue(room));
        return [widget.dataset.place, widget.offsetHeight, kept];
    })"""


@pytest.mark.parametrize("chapter", CHAPTERS)
def test_goal_picture_arithmetic_and_play_bar_are_on_one_screen(visit, book, chapter):
    failed, taller = [], set()
    for size in [PHONE, *LAPTOPS]:
        width, height = size
        if size in (PHONE, MEASURED):
            page = visit((book / f"chapters/{chapter}.html").as_uri(), width=width, height=height)
            wake_all(page)
        page.set_viewport_size({"width": width, "height": height})
        come_to_rest(page)
        if size in (PHONE, MEASURED):
            wrong = [
                (place, tall, kept)
                for place, tall, kept in page.evaluate(ROOMS)
                if not abs(tall - kept) < 0.08 * kept + 24
            ]
            assert wrong == [], "make rooms"
        room = height - PAGE_HEADER[size]
        for seen in page.evaluate(SEEN):
            whole = seen["need"] + seen["goal"]
            if seen["need"] > room or whole > (height if size == PHONE else room):
                taller.add((chapter, seen["place"], width))
                if (chapter, seen["place"], width) not in TALLER:
                    failed.append((size, seen))
            if seen["wide"] > 1:
                failed.append((size, seen))
            if size == PHONE and (seen["digit"] or SMALLEST_DIGIT) < SMALLEST_DIGIT:
                failed.append((size, seen))
    assert failed == []
    # What fits is not excused.
    assert {key for key in TALLER if key[0] == chapter} == taller


def test_a_card_is_fitted_alike_wherever_the_page_stands(visit, book):
    """Also where it has been scrolled past, far above the window."""
    width, height = MEASURED
    page = visit((book / f"chapters/{CHAPTERS[0]}.html").as_uri(), width=width, height=height)
    wake_all(page)
    tall = []
    for place in ("0", "document.documentElement.scrollHeight"):
        page.evaluate(f"scrollTo({{ top: {place}, behavior: 'instant' }})")
        page.set_viewport_size({"width": width - 20, "height": height})
        come_to_rest(page)
        page.set_viewport_size({"width": width, "height": height})
        come_to_rest(page)
        tall.append([[place, tall] for place, tall, _ in page.evaluate(ROOMS)])
    assert tall[0] == tall[1]


def test_in_present_mode_what_comes_late_still_fits_the_screen(visit, book):
    """A widget is fitted before its digits have come, and is taller with them."""
    address = (book / "chapters" / "12-what-a-cnn-sees.html").as_uri()
    page = visit(f"{address}?present=1&widget=drawdigit", width=1280, height=720)
    card = page.locator("[data-place=drawdigit][data-ready] .cv")
    expect(card.locator(".cv-bringing")).to_have_count(0)
    expect(card.get_by_text("The network says")).to_be_visible()
    come_to_rest(page)
    assert measure(card)["need"] <= 720
