"""Every page of the built book: alone on the network, accessible, narrow, and presentable."""

import json
import re

import pytest
from barriers import barriers
from contents import listed_pages
from hands import come_to_rest, frames, rest, settle
from kept import watched
from playwright.sync_api import expect

PAGES = listed_pages()
CHAPTERS = [page for page in PAGES if re.match(r"chapters/\d", page)]

# Rules that the theme breaks in its own header and sidebars; nothing of ours is exempt.
THEMES_OWN = [".bd-header-article", ".bd-sidebar-primary", ".bd-sidebar-secondary", "#pst-header"]


WAKE = """async () => {
    const until = performance.now() + 60_000;
    for (const one of document.querySelectorAll(".cv-widget[data-widget]")) {
        const { top, bottom } = one.getBoundingClientRect();
        const isSeen = top < innerHeight && bottom > 0;
        if (!isSeen) one.scrollIntoView({ block: "center", behavior: "instant" });
        while (!("ready" in one.dataset)) {
            if (performance.now() > until) throw new Error(`${one.dataset.place} does not wake`);
            await new Promise(requestAnimationFrame);
        }
    }
}"""


def wake_all(page):
    """Scroll down the page as a reader does, until every widget is alive."""
    page.evaluate(WAKE)


def open_all_folds(page):
    """Click every fold of the text, the outer ones first, and see that none stays shut.

    Each widget looks at its size when a fold has opened: not once for each.
    """
    folds = page.locator("article :is(details:not([open]) > summary, .toggle-button)")
    count = folds.evaluate_all(
        """(folds) => {
            globalThis.looks = 0;
            addEventListener("resize", () => { looks += 1; });
            folds.forEach((fold) => fold.click());
            return folds.length;
        }"""
    )
    expect(page.locator("article :is(details:not([open]), .toggle-hidden)")).to_have_count(0)
    if count > 10:
        page.wait_for_function("looks > 0")
        assert page.evaluate("looks") < count / 2


# The widgets whose play bar is wider than its card.
CUT_BARS = """() => [...document.querySelectorAll(".cv-play")]
    .filter((bar) => bar.scrollWidth > bar.clientWidth + 1)
    .map((bar) => bar.closest(".cv-widget").dataset.place)"""

WIDE_CODE_HAS_ITS_TAB_STOP = """() => [...document.querySelectorAll("article pre")]
    .every((code) => code.scrollWidth <= code.clientWidth || code.tabIndex === 0)"""

PARAGRAPH = """() => {
    const all = [...document.querySelectorAll("article :is(p, li):not(.cv-widget *)")];
    const one = all.find((e) => e.offsetParent && e.getBoundingClientRect().top > 60);
    return [all.indexOf(one), one.getBoundingClientRect().top];
}"""
TOP_OF = """(i) => {
    const all = document.querySelectorAll("article :is(p, li):not(.cv-widget *)");
    return all[i].getBoundingClientRect().top;
}"""


def reload_on_a_paragraph(page):
    """Reload in the middle of a page, and see that its reader is where they were."""
    page.evaluate("scrollTo(0, 0.6 * document.documentElement.scrollHeight)")
    come_to_rest(page)
    paragraph, top = page.evaluate(PARAGRAPH)
    page.reload()
    come_to_rest(page)
    assert abs(page.evaluate(TOP_OF, paragraph) - top) < 40


@pytest.mark.parametrize("name", PAGES)
def test_page_from_disk_calls_nobody_is_alive_and_keeps_its_place(visit, book, name):
    page = visit((book / f"{name}.html").as_uri(), reduced_motion="reduce")
    wake_all(page)
    source = page.locator(".math").count()
    assert page.locator(".math .katex").count() == source
    assert page.locator(".katex-error").count() == 0
    assert page.locator("meta[http-equiv=Content-Security-Policy]").count() == 1
    if name in CHAPTERS:
        reload_on_a_paragraph(page)


@pytest.mark.parametrize("name", PAGES)
def test_page_over_http_calls_nobody_is_alive_accessible_and_fits_a_narrow_screen(
    visit, site, name
):
    page = visit(f"{site}/{name}.html", color_scheme="light", reduced_motion="reduce")
    wake_all(page)
    open_all_folds(page)
    page.wait_for_function(WIDE_CODE_HAS_ITS_TAB_STOP)  # the theme does it a moment after it shows
    assert barriers(page, THEMES_OWN) == []
    page.evaluate("document.documentElement.dataset.theme = 'dark'")
    settle(page.locator("html"))  # colours fade from one theme to the other
    assert barriers(page, THEMES_OWN, runOnly=["color-contrast", "link-in-text-block"]) == []
    page.wait_for_load_state("networkidle")
    for width in (360, 320):
        page.set_viewport_size({"width": width, "height": 640})
        wake_all(page)
        assert page.evaluate("document.documentElement.scrollWidth") <= width
        assert page.evaluate(CUT_BARS) == []


@pytest.mark.parametrize("name", CHAPTERS)
def test_chapter_offers_its_notebook_without_outputs(book, name):
    page = book / f"{name}.html"
    (link,) = re.findall(
        r'<a href="([^"]+)"[^>]*btn-download-notebook-button', page.read_text("utf-8")
    )
    notebook = json.loads((page.parent / link).read_text("utf-8"))
    assert len(notebook["cells"]) > 5
    assert all(not cell.get("outputs") for cell in notebook["cells"])


def test_what_is_not_of_the_book_is_not_loaded_or_run(browser, site, book):
    """What a policy refuses is an error in the console, which no page may have (`watched`)."""
    for address in (f"{site}/{CHAPTERS[0]}.html", (book / f"{CHAPTERS[0]}.html").as_uri()):
        context = browser.new_context()
        problems = []
        page = watched(context, problems)
        page.goto(address)
        page.evaluate(
            """async () => {
                for (const [tag, set] of [
                    ["script", { textContent: "globalThis.strange = 1" }],
                    ["img", { src: "http://127.0.0.1:9/strange.png" }],
                    ["iframe", { src: "about:blank#strange" }],
                    ["base", { href: "http://127.0.0.1:9/" }],
                ])
                    document.body.append(Object.assign(document.createElement(tag), set));
                const button = document.createElement("button");
                button.setAttribute("onclick", "globalThis.strange = 2");
                document.body.append(button);
                button.click();
                await new Promise((go) => setTimeout(go, 300));
            }"""
        )
        assert page.evaluate("globalThis.strange") is None
        refused = [words for words in problems if "Content Security Policy" in words]
        assert len(refused) >= 4, problems
        context.close()


@pytest.fixture
def chapter(visit, site):
    return visit(f"{site}/{CHAPTERS[0]}.html")


def test_a_printer_finds_the_widgets_that_nobody_has_scrolled_to(chapter):
    asleep = chapter.locator(".cv-widget[data-widget]:not([data-ready])")
    coming = chapter.locator(".cv-widget[data-widget]:not([data-title])")
    expect(coming).to_have_count(0, timeout=30_000)  # the modules come when the page is idle
    assert asleep.count() > 3
    chapter.evaluate("dispatchEvent(new Event('beforeprint'))")
    assert asleep.count() == 0
    chapter.emulate_media(media="print")
    for code in chapter.locator("article pre").all():
        assert code.evaluate("(code) => code.scrollWidth <= code.clientWidth")


def is_presenting(page):
    return page.evaluate("document.documentElement.classList.contains('cv-page-present')")


def test_p_presents_the_page_and_leaves_it(chapter):
    chapter.keyboard.press("p")
    expect(chapter.locator(".bd-sidebar-primary")).to_be_hidden()
    normal = 16
    size = chapter.locator("article p").first.evaluate(
        "p => parseFloat(getComputedStyle(p).fontSize)"
    )
    assert size > 1.25 * normal
    chapter.keyboard.press("Escape")
    expect(chapter.locator(".bd-sidebar-primary")).to_be_visible()
    chapter.get_by_role("button", name="Present this page").click()
    assert is_presenting(chapter)
    chapter.get_by_role("button", name="Leave present mode").click()
    assert not is_presenting(chapter)


def test_presenting_keeps_the_place(chapter):
    here = chapter.get_by_text("Convolution is also associative")
    here.evaluate("(e) => scrollTo(0, e.getBoundingClientRect().top + scrollY - 100)")
    before = here.bounding_box()["y"]
    chapter.keyboard.press("p")
    assert abs(here.bounding_box()["y"] - before) < 120
    chapter.keyboard.press("p")
    assert abs(here.bounding_box()["y"] - before) < 120


def test_typing_a_p_does_not_present(chapter):
    wake_all(chapter)
    chapter.get_by_label("x[0]", exact=True).first.focus()
    chapter.keyboard.press("p")
    assert not is_presenting(chapter)


def where(page):
    """What has the focus in present mode: a heading, by its text, or a widget."""
    return page.evaluate(
        "(() => { const e = document.activeElement;"
        " return e.className.includes('cv-stage') ? 'widget' : e.textContent.trim(); })()"
    )


def test_the_keyboard_steps_through_headings_and_widgets(visit, site):
    page = visit(f"{site}/{CHAPTERS[0]}.html?present=1")
    assert is_presenting(page)
    visited, seen, bottom = [], [], 900
    for _ in range(600):
        page.keyboard.press("PageDown")
        frames(page, 3)
        visited.append(where(page))
        top = page.evaluate("scrollY")
        assert top - bottom < 10, "a part of the page was skipped"
        bottom = top + 900
        step = page.evaluate(
            "document.activeElement.closest('.cv')?.querySelector('.cv-play input')?.value"
        )
        if seen and seen[-1] == (top, visited[-1], step):
            break
        seen.append((top, visited[-1], step))
    for heading in page.locator("article h2").all_text_contents():
        assert any(heading.strip().startswith(stop[:20]) for stop in visited), heading
    assert "widget" in visited
    last = visited[-1]
    for _ in range(8):
        page.keyboard.press("PageUp")
    assert where(page) != last


def test_arrow_keys_belong_to_the_widget_that_the_keyboard_reached(visit, site):
    page = visit(f"{site}/{CHAPTERS[0]}.html?present=1&widget=convolve1d&step=2")
    card = page.locator(".cv").first
    expect(card.locator(".cv-say")).to_contain_text("y[2] =")
    page.keyboard.press("PageUp")
    for _ in range(8):
        page.keyboard.press("PageDown")
        if page.evaluate("document.activeElement.classList.contains('cv-stage')"):
            break
    page.keyboard.press("ArrowRight")
    expect(page.locator(".cv:focus-within .cv-say")).to_contain_text(re.compile(r"y\[[13]\] ="))


def test_an_address_opens_on_its_widget(visit, site):
    page = visit(f"{site}/{CHAPTERS[0]}.html?widget=convolve1d-2&step=1")
    second = page.locator("[data-place=convolve1d-2]")
    expect(second.locator(".cv-say")).to_contain_text("y[1]")
    come_to_rest(page)
    page.wait_for_function(
        """() => {
            const second = document.querySelector("[data-place=convolve1d-2]");
            const { y } = second.getBoundingClientRect();
            return -100 < y && y < 900;
        }"""
    )


def test_present_mode_goes_on_after_a_reload_and_in_the_next_chapter(chapter):
    chapter.get_by_role("button", name="Present this page").click()
    rest(chapter)
    chapter.reload()
    assert is_presenting(chapter)
    rest(chapter)
    following = chapter.locator("a.right-next").get_attribute("href")
    chapter.goto(chapter.url.rsplit("/", 1)[0] + "/" + following)
    assert is_presenting(chapter)
    chapter.keyboard.press("Escape")
    rest(chapter)
    chapter.reload()
    assert not is_presenting(chapter)


def test_a_clicker_steps_through_a_widget_and_then_leaves_it(visit, site):
    page = visit(f"{site}/{CHAPTERS[0]}.html?present=1&widget=convolve1d&step=5")
    card = page.locator(".cv").first
    expect(card.locator(".cv-say")).to_contain_text("y[5] =")
    card.locator(".cv-stage").focus()
    page.keyboard.press("PageDown")
    expect(card.locator(".cv-say")).to_contain_text("y[6] =")
    for _ in range(4):  # what is longer than a screen comes past screen by screen
        page.keyboard.press("PageDown")
    expect(card.locator(".cv-stage")).not_to_be_focused()
    expect(card.locator(".cv-say")).to_contain_text("y[6] =")


def test_the_book_remembers_until_it_is_told_to_forget(visit, site):
    page = visit(f"{site}/{CHAPTERS[0]}.html")
    guess = page.locator(".book-guess").first
    guess.fill("seven numbers")
    wake_all(page)
    card = page.locator("[data-widget=SelfCheck]").last  # the one at the end has choices
    card.get_by_role("radio").first.click(force=True)
    score = card.locator(".sc-progress").text_content()
    slide = page.locator("[data-place=convolve1d]")
    slide.get_by_label("cells of w").fill("2")
    for heading in page.locator("article h2").all():
        heading.scroll_into_view_if_needed()
        frames(page, 3)
    page.locator(".prev-next-footer").scroll_into_view_if_needed()
    expect(page.locator("nav.bd-links .current .book-read")).to_have_count(1)
    page.goto(f"{site}/index.html")
    page.locator(".book-go-on a").click()
    page.wait_for_url(f"**/{CHAPTERS[0]}.html#*")
    wake_all(page)
    assert guess.input_value() == "seven numbers"
    expect(card.locator(".sc-progress")).to_have_text(score)
    assert card.get_by_role("radio").first.is_checked()
    expect(slide.get_by_label("cells of w")).to_have_value("2")
    slide.get_by_label("All as it was at first").click()
    expect(slide.get_by_label("cells of w")).to_have_value("3")
    page.locator(".book-forget").click()
    with page.expect_navigation():
        page.locator(".book-forget").click()
    kept = "Object.keys(localStorage).filter((key) => key.startsWith('book '))"
    assert page.evaluate(kept) == []
    wake_all(page)
    assert guess.input_value() == ""
    assert not card.get_by_role("radio").first.is_checked()
    expect(page.locator(".book-read")).to_have_count(0)
