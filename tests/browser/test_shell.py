"""The page around the widgets: tables on a phone, the theme's buttons, paper, memory on a disk."""

import base64
import io
import re
from unicodedata import normalize

import pytest
from hands import rest
from pypdf import PdfReader

CHAPTER = "chapters/03-convolution-2d.html"


def test_wide_tables_keep_their_first_column_and_prose_becomes_a_list(visit, site):
    page = visit(f"{site}/{CHAPTER}", width=390, height=664, has_touch=True, is_mobile=True)
    wide = page.locator(".book-table:not(.book-prose)")
    overflowing = wide.evaluate_all(
        "(all) => all.map((box, i) => [i, box.scrollWidth - box.clientWidth])"
        ".filter(([, over]) => over > 20).map(([i]) => i)"
    )
    assert overflowing
    for index in overflowing:
        held, moved = wide.nth(index).evaluate(
            """(box) => {
                const row = box.querySelector("tbody tr");
                const lefts = () => [...row.cells].map((cell) => cell.getBoundingClientRect().left);
                const before = lefts();
                box.scrollLeft = 1e6;
                const after = lefts();
                return [after[0] - before[0], after.at(-1) - before.at(-1)];
            }"""
        )
        assert abs(held) < 2
        assert moved < -10
    prose = page.locator(".book-prose")
    assert prose.count() >= 2
    for box in prose.all():
        assert box.evaluate("(box) => box.scrollWidth <= box.clientWidth")
        tops = "(row) => [...row.cells].map((cell) => cell.getBoundingClientRect().top)"
        first, second = box.locator("tbody tr").first.evaluate(tops)[:2]
        assert second > first + 10
    symptoms = page.get_by_role("table", name="What you see, why, and a one-line test")
    cells = symptoms.get_by_role("row").nth(1).get_by_role("cell")
    assert cells.nth(1).evaluate("(e) => getComputedStyle(e, '::before').content") == '"why"'


@pytest.mark.parametrize("colours", ["none", "active"])
def test_the_keyboard_is_seen_on_the_themes_own_buttons(visit, site, colours):
    page = visit(f"{site}/{CHAPTER}", forced_colors=colours, reduced_motion="reduce")
    names = set()
    for _ in range(60):
        page.keyboard.press("Tab")
        name, outline, opacity = page.evaluate(
            """async () => {
                const e = document.activeElement;
                await Promise.all(e.getAnimations().map((one) => one.finished)); // it fades in
                const { outlineStyle, outlineWidth } = getComputedStyle(e);
                let seen = 1;
                for (let around = e; around; around = around.parentElement)
                    seen *= Number(getComputedStyle(around).opacity);
                const outline = outlineStyle === "none" ? 0 : parseFloat(outlineWidth);
                if (e.closest(".cv")) seen = 1; // what leads nowhere is pale there
                return [e.getAttribute("aria-label") ?? e.title ?? "", outline, seen];
            }"""
        )
        names.add(name)
        assert outline >= 2, name
        assert opacity > 0.9, name
    found = " ".join(names).lower()
    for wanted in ["search", "sidebar", "present", "download", "color"]:
        assert wanted in found, names
    copy = page.locator("article button.copybtn").last
    copy.focus()
    assert copy.evaluate("(e) => parseFloat(getComputedStyle(e).outlineWidth)") >= 2
    page.wait_for_function("Number(getComputedStyle(document.activeElement).opacity) > 0.9")


SHOWS_CODE = re.compile(
    r'<details class="[^"]*\babove-input\b[^>]*>\s*<summary[^>]*>\s*'
    r'<p class="collapsed[^>]*>(.*?)</p>',
    re.S,
)


def test_no_two_buttons_that_show_code_have_the_same_name(book):
    number = 0
    for path in [book / "index.html", *sorted((book / "chapters").glob("[0-9]*.html"))]:
        page = path.read_text("utf-8")
        names = [re.sub(r"<[^>]*>", "", words) for words in SHOWS_CODE.findall(page)]
        assert len(names) == len(re.findall(r'<details class="[^"]*\babove-input\b', page)) > 0
        assert len(set(names)) == len(names), path.name
        assert all(name.lower().startswith("show the code: ") for name in names), path.name
        number += len(names)
    assert number > 200


def test_a_page_that_is_printed_at_once_has_every_widget(visit, site):
    """Modules and pictures are still on their way; each widget is drawn, or stands as a still."""
    page = visit(f"{site}/chapters/13-overfitting.html")
    wanted = page.locator(".book-print-still figcaption").all_text_contents()
    assert len(wanted) >= 2
    stills = page.locator(".book-print-still img")
    loaded = "all => all.every((picture) => picture.complete && picture.naturalWidth > 0)"
    assert not stills.evaluate_all(loaded)  # nobody pays for them before
    printed = page.context.new_cdp_session(page).send("Page.printToPDF", {"printBackground": True})
    assert stills.evaluate_all(loaded)
    pages = PdfReader(io.BytesIO(base64.b64decode(printed["data"]))).pages
    texts = ["".join(normalize("NFKC", one.extract_text()).split()) for one in pages]
    for caption in wanted:
        heading = "".join(caption.split("“")[1][:-1].split())
        found = [one for one, text in zip(pages, texts, strict=True) if heading in text]
        assert found, caption  # by its heading, drawn or as a still
        assert any(one.images for one in found), caption


def test_a_widget_that_waits_for_its_picture_is_printed_as_a_still(visit, site):
    page = visit(f"{site}/chapters/13-overfitting.html")
    widget = page.locator("[data-widget=Augmentation]").first
    widget.scroll_into_view_if_needed()
    card, still = widget.locator(".cv"), widget.locator(".book-print-still")
    card.and_(page.locator(":not([data-unpictured])")).wait_for()
    page.emulate_media(media="print")
    assert card.is_visible()
    assert not still.is_visible()
    card.evaluate("(card) => { card.dataset.unpictured = ''; }")
    assert still.is_visible()
    assert not card.is_visible()
    page.emulate_media(media="screen")
    assert not still.is_visible()


def test_a_book_on_a_disk_remembers_and_another_copy_beside_it_does_not_know(visit, book, tmp_path):
    """Chromium gives all files one store; what a book keeps there is filed under its own folder."""
    other = tmp_path / "copy"
    (other / "chapters").mkdir(parents=True)
    (other / "_static").symlink_to(book / "_static")
    (other / CHAPTER).write_bytes((book / CHAPTER).read_bytes())
    page = visit((book / CHAPTER).as_uri())
    guess = page.locator(".book-guess").first
    guess.fill("nine products")
    card = page.locator("[data-place=convolve2d]")
    card.scroll_into_view_if_needed()
    card.get_by_label("w[0, 0]").fill("7")
    rest(page)
    page.reload()
    card.scroll_into_view_if_needed()
    assert guess.input_value() == "nine products"
    assert card.get_by_label("w[0, 0]").input_value() == "7"
    rest(page)
    page.goto((other / CHAPTER).as_uri())
    assert guess.input_value() == ""
    rest(page)
    page.locator(".book-forget").click()
    with page.expect_navigation():
        page.locator(".book-forget").click()
    rest(page)
    page.goto((book / CHAPTER).as_uri())
    assert guess.input_value() == "nine products"  # one copy forgets for itself
