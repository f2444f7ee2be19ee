"""How a page opens: each element gets its style once, and the first widget comes first."""

import json
import re
import subprocess
import sys

import chromium
import pytest
from contents import ROOT, listed_pages
from hands import come_to_rest, rest

CHAPTER = next(page for page in listed_pages() if page.startswith("chapters/01"))

# Marks when the first widget is alive.
NOTE = """new MutationObserver((_, watch) => {
    if (!document.querySelector("[data-ready]")) return;
    performance.mark("first alive");
    watch.disconnect();
}).observe(document, { subtree: true, childList: true, attributes: true });"""
WAITING = """() => [...document.querySelectorAll(".book-later")]
    .filter((section) => getComputedStyle(section).contentVisibility === "auto").length"""
IS_WAITING = "document.documentElement.classList.contains('book-arriving')"


def test_the_report_tells_when_the_first_widget_lives(book, monkeypatch):
    """In a process of its own: two of Playwright's cannot share one."""
    monkeypatch.setenv("CHROMIUM", chromium.program())
    code = (
        "import runpy, pathlib; report = runpy.run_path('scripts/report.py'); "
        "report['WATCHED'][:] = ['index']; "
        f"print(report['first_widgets'](pathlib.Path({str(book.parent)!r})))"
    )
    done = subprocess.run(
        [sys.executable, "-c", code], cwd=ROOT, capture_output=True, text=True, check=False
    )
    assert re.search(r"\[\['index', '\d+'\]\]", done.stdout), done.stderr


@pytest.fixture
def arriving(browser, site):
    """Open a page whose arrival nothing ends, since the book's own script does not come."""
    context = browser.new_context()
    page = context.new_page()
    page.route("**/book-page.js*", lambda route: route.abort())
    page.goto(f"{site}/{CHAPTER}.html")
    yield page
    context.close()


def styled(browser, address):
    """Return how many elements got a style until the first widget lived, until now, and all."""
    page = browser.new_page(viewport={"width": 1280, "height": 900})
    page.add_init_script(NOTE)
    browser.start_tracing(page=page, categories=["devtools.timeline", "blink.user_timing"])
    page.goto(address)
    page.locator(".cv-widget[data-ready]").first.wait_for()
    page.wait_for_function(f"() => !{IS_WAITING}")
    events = json.loads(browser.stop_tracing())["traceEvents"]
    elements = page.locator("*").count()
    page.close()
    (alive,) = (event for event in events if event["name"] == "first alive")
    counts = [
        (event["ts"] < alive["ts"], event["args"].get("elementCount", 0))
        for event in events
        if event["name"] == "UpdateLayoutTree" and event["ph"] == "X"
        and event["pid"] == alive["pid"]
    ]  # fmt: skip
    return sum(n for early, n in counts if early), sum(n for _, n in counts), elements


def test_a_chapter_is_not_styled_again_and_again_while_it_opens(browser, site):
    """One rule that looks into sections and goes on from them makes it eight times and more."""
    until_alive, all_in_all, elements = styled(browser, f"{site}/{CHAPTER}.html")
    assert elements > 5000
    assert until_alive < 0.7 * elements, "the first widget waits for what stands far below"
    assert all_in_all < 3 * elements


def test_the_later_sections_come_by_themselves(visit, site):
    page = visit(f"{site}/{CHAPTER}.html")
    page.wait_for_function(f"() => !{IS_WAITING}")
    assert page.locator(".book-later").count() > 10
    assert page.evaluate(WAITING) == 0
    sleeping = page.locator(".book-later .cv-widget[data-widget=SelfCheck]:not([data-ready])")
    assert sleeping.count() > 1
    room = "(all) => all.every((one) => parseFloat(getComputedStyle(one).minHeight) > 100)"
    assert sleeping.evaluate_all(room), "no room is kept for the widgets of later sections"


@pytest.mark.parametrize("sign", ["keydown", "wheel", "hashchange", "beforeprint", "scroll"])
def test_what_a_reader_does_meets_the_whole_page(arriving, site, sign):
    """The contents scroll by themselves: that is no sign of the reader."""
    arriving.unroute("**/book-page.js*")
    seen = arriving.evaluate(
        """async ([src, sign]) => {
            const root = document.documentElement;
            const seen = [];
            const look = () => seen.push(root.classList.contains("book-arriving"));
            const script = Object.assign(document.createElement("script"), { src });
            document.head.append(script);
            await new Promise((come) => (script.onload = come));
            look();
            document.querySelector(".bd-sidebar-primary").dispatchEvent(new Event("scroll"));
            look();
            (sign === "scroll" ? document : window).dispatchEvent(new Event(sign));
            look();
            return seen;
        }""",
        [f"{site}/_static/book-page.js", sign],
    )
    assert seen == [True, True, False]
    assert arriving.evaluate(WAITING) == 0


def test_paper_never_waits(arriving):
    assert arriving.evaluate(WAITING) > 10
    arriving.emulate_media(media="print")
    assert arriving.evaluate(WAITING) == 0


def test_who_comes_to_a_place_finds_the_whole_page(arriving, site):
    """A reload, the way back, an address with a place or a question, and a lecture."""
    assert arriving.evaluate(IS_WAITING)
    arriving.reload()
    assert not arriving.evaluate(IS_WAITING)
    for end in ["#summary", "?widget=convolve1d", "?find=sound"]:
        arriving.goto(f"{site}/{CHAPTER}.html{end}")
        assert not arriving.evaluate(IS_WAITING), end
        arriving.goto("about:blank")
        arriving.go_back()
        assert not arriving.evaluate(IS_WAITING), end
    address = f"{site}/{CHAPTER}.html"
    arriving.evaluate("sessionStorage.setItem('book present', '1')")
    arriving.goto(address)
    assert not arriving.evaluate(IS_WAITING)
    arriving.evaluate("sessionStorage.clear()")
    arriving.goto("about:blank")
    arriving.goto(address)
    assert arriving.evaluate(IS_WAITING)


@pytest.mark.parametrize("system", ["light", "dark"])
@pytest.mark.parametrize("chosen", [None, "light", "dark"])
def test_the_colours_are_right_before_the_themes_script_has_come(browser, site, system, chosen):
    context = browser.new_context(color_scheme=system)
    page = context.new_page()
    page.route("**/pydata-sphinx-theme.js*", lambda route: route.abort())
    page.goto(f"{site}/{CHAPTER}.html", wait_until="commit")
    if chosen:
        page.evaluate("(mode) => localStorage.setItem('mode', mode)", chosen)
        page.reload(wait_until="commit")
    assert page.locator("html[data-theme]").get_attribute("data-theme") == (chosen or system)
    context.close()


BLOCKS = 'document.querySelectorAll("article :is(h2, h3, p, pre, table):not(.cv-widget *)")'
SEEN = f"""() => {{
    const blocks = [...{BLOCKS}];
    const at = blocks.findIndex((e) => e.offsetParent && e.getBoundingClientRect().top > 60);
    return [at, blocks[at].getBoundingClientRect().top];
}}"""
TOP = f"at => {BLOCKS}[at].getBoundingClientRect().top"


@pytest.mark.parametrize("stem", ["01", "02", "06", "11"])
def test_a_reader_comes_back_to_the_same_paragraph(visit, site, stem):
    """Widgets above wake meanwhile, and are not as tall as the room that was kept for them."""
    chapter = next(page for page in listed_pages() if page.startswith(f"chapters/{stem}"))
    page = visit(f"{site}/{chapter}.html")
    for part, way in [(0.3, "reload"), (0.6, "reload"), (0.9, "reload"), (0.5, "back")]:
        page.evaluate("part => scrollTo(0, part * document.documentElement.scrollHeight)", part)
        come_to_rest(page)
        rest(page)
        at, before = page.evaluate(SEEN)
        if way == "reload":
            page.reload()
        else:
            page.goto(f"{site}/chapters/notation.html")
            page.go_back()
        come_to_rest(page)
        assert abs(page.evaluate(TOP, at) - before) < 40, (part, way)
        page.mouse.wheel(0, 1)  # from now on the page is the reader's
    rest(page)


TO_ITS_PLACE = """(id) => {
    const target = document.getElementById(id);
    const padding = parseFloat(getComputedStyle(document.documentElement).scrollPaddingTop) || 0;
    const margin = parseFloat(getComputedStyle(target).scrollMarginTop) || 0;
    const end = document.documentElement.scrollHeight - innerHeight;
    const wanted = Math.min(scrollY + target.getBoundingClientRect().top - padding - margin, end);
    return wanted - scrollY;
}"""


@pytest.mark.parametrize("way", ["link", "address"])
@pytest.mark.parametrize("stem", ["02", "08"])
def test_a_link_within_a_page_leads_to_its_section(visit, site, stem, way):
    """Also past widgets that wake on the way and are not as tall as the room that was kept."""
    chapter = next(page for page in listed_pages() if page.startswith(f"chapters/{stem}"))
    page = visit(f"{site}/{chapter}.html")
    sections = page.locator("article section[id] > h2").evaluate_all(
        "(headings) => headings.map((heading) => heading.parentElement.id)"
    )
    assert len(sections) > 5
    for section in [sections[-2], sections[1], sections[len(sections) // 2]]:
        rest(page)
        if way == "link":
            link = page.locator(f'.bd-sidebar-secondary a[href="#{section}"]')
            link.evaluate("(link) => link.click()")
        else:
            page.goto("about:blank")
            page.goto(f"{site}/{chapter}.html#{section}")
        come_to_rest(page)
        assert abs(page.evaluate(TO_ITS_PLACE, section)) < 4, section
    rest(page)
