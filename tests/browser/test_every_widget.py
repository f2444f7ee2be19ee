"""What holds for each widget in the registry; a new one is covered as soon as it is there."""

import re
from itertools import pairwise
from pathlib import Path
from urllib.parse import parse_qs, urlparse

import pytest
from barriers import barriers, barriers_in_both_schemes
from hands import press, touch, unfold
from kept import watched
from playwright.sync_api import expect
from screens import measure

from helpers import widgets
from helpers.widgets.base import Widget

# Of those that are nothing without an argument, one to look at.
QUESTIONS = [
    widgets.choice("Which?", [widgets.right("This.", "Yes."), widgets.wrong("That.", "No.")]),
    widgets.number("How many?", 3, "Three."),
]
NEEDED = {"SelfCheck": [QUESTIONS]}

UNDO, FIRST = "Take the last change back", "All as it was at first"

every_widget = pytest.mark.parametrize("name", sorted(Widget.registry))


def example(name, **state):
    return Widget.registry[name](*NEEDED.get(name, []), **state)


def has_keys(card):
    """Return whether arrow keys step and space plays: then the keyboard gets to the stage."""
    return card.locator(".cv-stage").get_attribute("tabindex") == "0"


# Where the keys act on the picture: on its steps, or on a picture that is pointed into.
HAS_KEYS = ".cv-stage:focus, .cv-stage [role=application]:focus"


def another_step(card):
    """Return the key that leads to another step than the present one, which may be the last."""
    forward = card.get_by_role("button", name="(right arrow)")
    return ["ArrowLeft" if forward.get_attribute("aria-disabled") == "true" else "ArrowRight"]


@every_widget
def test_narrow_light_and_dark_without_barriers(show, name):
    page = show(
        example(name), example(name, title="Again"),
        width=320, height=700, color_scheme="light", reduced_motion="reduce",
    )  # fmt: skip
    unfold(page)
    assert page.evaluate("document.documentElement.scrollWidth") <= 320
    outside = page.locator(".cv").first.locator(
        "xpath=.//*[self::button or self::select or self::input]"
        "[not(ancestor::*[contains(@class, 'cv-stage')])]"
    )
    for box in filter(None, (control.bounding_box() for control in outside.all())):
        assert box["x"] >= 0
        assert box["x"] + box["width"] <= 320.5
    assert barriers_in_both_schemes(page) == []


# What is chosen or pressed and looks just like what is not, beside it.
LOOKS_UNCHOSEN = """() => {
    const look = (e) => {
        const { backgroundColor, borderTopWidth, outlineStyle } = getComputedStyle(e);
        const below = getComputedStyle(e.closest(".cv")).backgroundColor;
        const seen = backgroundColor.endsWith(", 0)") ? below : backgroundColor;
        return [seen, borderTopWidth, outlineStyle].join();
    };
    const pairs = [...document.querySelectorAll(".cv-segments")].map((choice) => [
        choice.querySelector("label:has(:checked)"),
        choice.querySelector("label:not(:has(:checked))"),
    ]);
    for (const on of document.querySelectorAll(".cv [aria-pressed=true]")) {
        const others = [...document.querySelectorAll(".cv [aria-pressed=false]")];
        pairs.push([on, others.find((off) => off.className === on.className)]);
    }
    const isSeen = (e) => e?.getClientRects().length;
    return pairs
        .filter(([on, off]) => isSeen(on) && isSeen(off) && look(on) === look(off))
        .map(([on]) => on.outerHTML.slice(0, 160));
}"""


@every_widget
def test_forced_colours_leave_a_mark_on_what_has_the_focus(show, name):
    page = show(example(name), forced_colors="active", reduced_motion="reduce")
    seen = 0
    for _ in range(12):
        page.keyboard.press("Tab")
        found = page.evaluate(
            """() => {
                const e = document.activeElement;
                if (!e.closest(".cv")) return null;
                const isMarked = [e, e.closest("label")].filter(Boolean).some((marked) => {
                    const { outlineStyle, outlineWidth } = getComputedStyle(marked);
                    return outlineStyle !== "none" && parseFloat(outlineWidth) >= 1;
                });
                return [isMarked, e.outerHTML.slice(0, 160)];
            }"""
        )
        if found:
            seen += 1
            assert found[0], found[1]
    assert seen > 2
    assert page.evaluate(LOOKS_UNCHOSEN) == []
    assert barriers(page) == []


@every_widget
def test_each_part_is_hidden_by_its_name_alone(show, name):
    page = show(example(name))
    parts = Widget.registry[name].parts
    for part in parts:
        there, hidden, others = page.evaluate(
            """async (part) => {
                const el = document.querySelector(".cv-widget");
                const before = [...el.querySelectorAll("[data-part]")].filter((e) => !e.hidden);
                const propose = (hide) =>
                    el.dispatchEvent(new CustomEvent("cv-propose", { detail: { hide } }));
                propose([part]);
                await new Promise(requestAnimationFrame);
                const its = [...el.querySelectorAll(`[data-part="${part}"]`)];
                const others = before.filter((e) => e.hidden && e.dataset.part !== part);
                const names = others.map((e) => e.dataset.part);
                const result = [its.length, its.every((e) => e.hidden), names];
                propose([]);
                await new Promise(requestAnimationFrame);
                return result;
            }""",
            part,
        )
        assert there > 0, f"nothing is named {part}"
        assert hidden, f"{part} stays in sight"
        assert others == [], f"hiding {part} hides more"
    named = page.locator("[data-part]").evaluate_all("all => all.map((e) => e.dataset.part)")
    assert set(named) == set(parts) | {"playback", "size"} & set(named)


@every_widget
def test_python_hides_all_parts_at_once_and_gives_the_title(show, name):
    parts = Widget.registry[name].parts
    card = show(example(name, hide=[*parts], title="Just this")).locator(".cv")
    expect(card.get_by_role("heading")).to_have_text("Just this")
    for part in parts:
        for element in card.locator(f"[data-part={part}]").all():
            expect(element).to_be_hidden()
    expect(card.locator(".cv-play")).to_be_hidden()
    expect(card.locator(".cv-settings")).to_be_hidden()


def settings_of(card):
    """Return what each field of a card holds, and which are marked."""
    return card.locator(":is(input, select):not(.cv-share *)").evaluate_all(
        """all => all
            .filter((one) => one.offsetParent)
            .map(({ type, value, checked }) => [type, value, checked])"""
    )


def address_of(card):
    """Return the address that the card's link has for its state."""
    button = card.get_by_role("button", name="Link to this state")
    if button.get_attribute("aria-expanded") == "false":
        button.click()
    return card.get_by_label("Address of this state").input_value()


def query_of(address):
    return parse_qs(urlparse(address).query, keep_blank_values=True)


@every_widget
def test_copies_are_independent_and_a_link_restores_one(show, name):
    page = show(example(name), example(name))
    first, second = page.locator(".cv").all()
    untouched, settings = address_of(first), settings_of(first)
    before = query_of(address_of(second))
    if has_keys(second):
        press(second, *another_step(second))
    if "step" in before:
        assert query_of(address_of(second))["step"] != before["step"]
    for choice in second.locator("input[type=radio]:not(:checked):enabled").all():
        if choice.is_visible():  # outside a form, radio buttons of one name belong together
            choice.check(force=True)
            break
    assert settings_of(first) == settings
    boxes = second.locator(".cv-share fieldset input")
    if boxes.count():
        boxes.first.check()
    wanted = address_of(second)
    if boxes.count():
        assert len(query_of(wanted)["hide"][0]) > 0
    assert address_of(first) == untouched
    page.goto(wanted)
    again = page.locator(".cv-widget[data-ready] > .cv").nth(1)
    again.wait_for()
    expect(page.locator(".cv-wrong:visible")).to_have_count(0)
    page.wait_for_function("document.querySelectorAll('.cv-widget[data-ready]').length === 2")
    assert address_of(again) == wanted
    assert address_of(page.locator(".cv").first) == untouched


# Words that only a gap on the screen keeps apart, and cells that do not say where they stand.
HEARD_BADLY = """() => {
    const isInline = (e) => /^inline(-block)?$/.test(getComputedStyle(e).display);
    const blockOf = (text) => {
        let e = text.parentElement;
        while (isInline(e)) e = e.parentElement;
        return e;
    };
    const placeOf = (text, from) => {
        const range = document.createRange();
        range.setStart(text, from);
        range.setEnd(text, from + 1);
        return range.getBoundingClientRect();
    };
    const NOT_READ = "[aria-hidden=true], svg, option, .cv-spoken, script";
    const found = [];
    for (const card of document.querySelectorAll(".cv")) {
        const walker = document.createTreeWalker(card, NodeFilter.SHOW_TEXT);
        let before = null;
        while (walker.nextNode()) {
            const text = walker.currentNode;
            const around = text.parentElement;
            if (!around.getClientRects().length || around.closest(NOT_READ)) continue;
            const isJoined = before && /\\S$/.test(before.data) && /^\\S/.test(text.data);
            if (isJoined && blockOf(before) === blockOf(text)) {
                const [left, right] = [placeOf(before, before.length - 1), placeOf(text, 0)];
                const isOnLine = Math.abs(left.bottom - right.bottom) < 8;
                if (isOnLine && right.left - left.right > 2)
                    found.push(`${before.data}${text.data} is run together`);
            }
            before = text;
        }
        for (const cell of card.querySelectorAll(".cv-stage .cv-cell:not(input)")) {
            const isInNamed = cell.closest("[aria-hidden=true], button, [role=img]:not(.cv-cell)");
            if (!cell.getClientRects().length || isInNamed) continue;
            const name = cell.getAttribute("role") === "img" && cell.getAttribute("aria-label");
            if (!name || !/[\\]\\d\\w]: .+/.test(name)) found.push(`${cell.outerHTML} has no name`);
        }
    }
    return found;
}"""


@every_widget
def test_a_step_is_told_to_those_who_listen(show, name):
    page = show(example(name))
    card = page.locator(".cv")
    assert page.evaluate(HEARD_BADLY) == []
    if not has_keys(card):
        assert "playback" not in Widget.registry[name].parts
        return
    spoken = card.locator(".cv-spoken[aria-live=polite]")
    expect(spoken).not_to_be_empty()
    before = spoken.text_content()
    press(card, *another_step(card))
    expect(spoken).not_to_have_text(before, timeout=20_000)
    expect(spoken).not_to_be_empty()
    at_rest = spoken.text_content()
    assert not re.search(r"[\d.:;?!)][A-Z][a-z]|undefined|NaN|\.\.", at_rest)
    press(card, "Home", " ")  # what plays is told in brief
    expect(spoken).not_to_have_text(at_rest, timeout=20_000)
    assert len(spoken.text_content()) <= max(len(at_rest), 80)


def test_what_goes_on_for_long_is_told_now_and_then(show):
    page = show(widgets.LossSurface(steps=2000))
    card = page.locator(".cv")
    spoken = card.locator(".cv-spoken[aria-live]")
    expect(spoken).not_to_be_empty()
    spoken.evaluate(
        """(spoken) => {
            globalThis.heard = [];
            new MutationObserver(() => heard.push([spoken.textContent, performance.now()]))
                .observe(spoken, { childList: true, characterData: true, subtree: true });
        }"""
    )
    press(card, "Home", " ")
    expect(spoken).to_contain_text("the lowest, after step", timeout=20_000)
    card.get_by_role("button", name="pause").click()
    expect(spoken).not_to_contain_text("the lowest")  # at rest, all of it
    heard = page.evaluate("heard")
    assert [len(words) < 80 for words, _ in heard] == [True, False]


@every_widget
def test_present_fills_the_screen_and_leaves_it(show, name):
    page = show(example(name), example(name))
    card = page.locator(".cv").nth(1)
    for menu in card.locator(".cv-settings select:visible").all()[:1]:
        menu.dispatch_event("pointerdown")
        menu.focus()
        menu.select_option(index=menu.locator("option").count() - 1)
        expect(card.locator(HAS_KEYS)).to_have_count(1)
    button = card.get_by_role("button", name="Present full screen")
    button.click()
    expect(card.locator(HAS_KEYS)).to_have_count(1)
    if not has_keys(card):
        page.keyboard.press(" ")  # acts on the picture, and not on the button once more
    expect(card).to_have_class(re.compile("cv-presenting"))
    page.wait_for_function("document.fullscreenElement === document.querySelectorAll('.cv')[1]")
    expect(button).to_have_attribute("aria-pressed", "true")
    button.click()
    expect(card).not_to_have_class(re.compile("cv-presenting"))
    page.wait_for_function("document.fullscreenElement === null")


def resize(page, width, height):
    """Give the page another size, and the card the frames that it needs to fit itself to it."""
    page.set_viewport_size({"width": width, "height": height})
    page.wait_for_function("([w, h]) => innerWidth === w && innerHeight === h", arg=[width, height])
    page.evaluate("""async () => {
        for (let i = 0; i < 6; i++) await new Promise(requestAnimationFrame);
    }""")


# The smallest digit, of the screen's height: so much can be read from the last row.
SMALLEST_DIGIT = 0.022


@every_widget
def test_large_it_is_on_one_screen_with_digits_for_the_last_row(show, name):
    page = show(example(name), width=1280, height=720, reduced_motion="reduce")
    card = page.locator(".cv")
    small = measure(card)
    card.evaluate("card => { card.requestFullscreen = undefined; }")  # its size could not be set
    card.get_by_role("button", name="Present full screen").click()
    present_the_page = """(on) => {
        document.documentElement.classList.toggle("cv-page-present", on);
        dispatchEvent(new Event("resize"));
    }"""
    for is_full in [True, False]:
        if not is_full:
            card.get_by_role("button", name="Present full screen").click()
            page.evaluate(present_the_page, True)
        for width, height in [(1280, 720), (1366, 768), (1920, 1080)]:
            resize(page, width, height)
            seen = measure(card)
            assert seen["need"] <= height, seen
            assert seen["wide"] <= 1, seen  # a magnified width is rounded
            if seen["digit"]:
                assert seen["digit"] >= SMALLEST_DIGIT * height, seen
    page.evaluate(present_the_page, False)
    resize(page, 1280, 720)
    assert measure(card) == small


@every_widget
@pytest.mark.parametrize(("width", "place"), [(776, 0), (390, 1)])
def test_the_room_that_is_kept_free_is_the_room_it_takes(show, name, width, place):
    page = show(example(name), width=width, height=800, reduced_motion="reduce")
    height = page.locator(".cv-widget").evaluate("(e) => e.offsetHeight")
    kept = Widget.registry[name].heights[place]
    assert abs(height - kept) < 0.12 * kept, f"heights[{place}] should be {height}"


@every_widget
def test_a_change_gives_the_keys_back_and_is_taken_back(show, name):
    card = show(example(name)).locator(".cv")
    first, undo = (card.get_by_label(words) for words in [FIRST, UNDO])
    expect(first).to_be_hidden()
    before = settings_of(card)
    for control in card.locator(".cv-settings input[type=radio]:not(:checked)").all():
        if not control.is_visible():
            continue
        control.click(force=True)
        expect(card.locator(HAS_KEYS)).to_have_count(1)
        if not first.is_visible():  # a view, say, which is no number
            continue
        changed = settings_of(card)
        assert changed != before
        first.click()
        expect(first).to_be_hidden()
        assert settings_of(card) == before
        undo.click()
        assert settings_of(card) == changed
        undo.click()
        expect(undo).to_be_hidden()
        assert settings_of(card) == before
        break


ACCOUNT = Path(__file__).with_name("account.js")


@pytest.fixture(scope="module")
def account_kept():
    """The page with the account, as long as nothing is left on it."""
    kept = []
    yield kept
    for page, *_ in kept:
        page.context.close()


@pytest.fixture
def alone(browser, workbench, account_kept):
    """A page on which a widget can be put and taken away, and which keeps account."""

    def open_page(name):
        if not account_kept:
            context, problems = browser.new_context(viewport={"width": 1280, "height": 900}), []
            page = watched(context, problems)
            page.add_init_script(path=ACCOUNT)
            page.goto(workbench())
            account_kept.append((page, problems, page.evaluate("account()")))
        page, *_ = account_kept[0]
        widget = example(name)
        page.evaluate(
            "(wanted) => prepare(wanted)", [f"{widget.module}/widget.mjs", widget.state()]
        )
        return page

    yield open_page
    page, problems, clean = account_kept[0]
    page.evaluate("document.querySelector('main').replaceChildren()")
    if problems or page.evaluate("account()") != clean:
        account_kept.pop()[0].context.close()
    assert problems == []


@every_widget
def test_what_goes_away_leaves_nothing_behind(alone, name):
    page = alone(name)
    before = page.evaluate("account()")
    for use in [False, True]:
        told = page.evaluate("once", use)
        assert told["during"]["model"] > 0
        assert told["during"]["listener"] > before["listener"]
        assert told["after"] == before
        assert not told["isReady"]
    page.evaluate("new Promise((go) => requestAnimationFrame(() => requestAnimationFrame(go)))")
    assert page.evaluate("account()") == before  # nor does anything start that was under way


@every_widget
def test_what_goes_away_leaves_the_full_screen(alone, name):
    page = alone(name)
    page.evaluate("() => { globalThis.mounted = mount(); }")
    page.get_by_role("button", name="Present full screen").click()
    page.wait_for_function("document.fullscreenElement !== null")
    page.evaluate("mounted.dispose()")
    page.wait_for_function("document.fullscreenElement === null")


@every_widget
def test_memory_is_flat_over_twenty_copies_one_after_the_other(alone, name):
    page = alone(name)
    client = page.context.new_cdp_session(page)
    client.send("Performance.enable")

    def held():
        page.evaluate("new Promise((go) => requestAnimationFrame(() => requestAnimationFrame(go)))")
        for _ in range(2):
            client.send("HeapProfiler.collectGarbage")
        metrics = client.send("Performance.getMetrics")["metrics"]
        return {entry["name"]: entry["value"] for entry in metrics}

    def mount(count):
        page.evaluate(
            "async (count) => { for (let i = 0; i < count; i++) await once(true); }", count
        )

    mount(3)
    early = held()
    mount(20)
    late = held()
    # One copy has some hundred nodes and dozens of listeners.
    assert late["Nodes"] - early["Nodes"] < 20
    assert late["JSEventListeners"] - early["JSEventListeners"] < 10
    assert late["JSHeapUsedSize"] - early["JSHeapUsedSize"] < 1_000_000


# The rows of the play bar, and the fields around which a phone would magnify the page.
ON_A_PHONE = """(card) => {
    const bar = card.querySelector(".cv-play");
    const boxes = [...bar.children].map((e) => e.getBoundingClientRect()).filter((b) => b.width);
    const middles = boxes.map((b) => Math.round(b.top + b.height / 2));
    const typed = ":not([type=radio], [type=checkbox], [type=range], [type=file])";
    const fields = [...card.querySelectorAll(`input${typed}, select, textarea`)];
    const small = fields.filter((field) => {
        field.focus({ preventScroll: true });
        return field.getClientRects().length && parseFloat(getComputedStyle(field).fontSize) < 16;
    });
    document.activeElement.blur();
    return {
        rows: new Set(middles).size,
        outside: boxes.filter((b) => b.right > card.getBoundingClientRect().right).length,
        tracks: [...bar.querySelectorAll("[type=range]")].map((e) => e.offsetWidth),
        small: small.map((field) => field.outerHTML.slice(0, 120)),
    };
}"""


# A page in the book has a header of its own, below which its anchors come to stand.
PAGE_HEADER = 64

# Boxes of picture, arithmetic and play bar once the card has been scrolled to its top.
SCROLLED_TO_TOP = """(card) => {
    scrollTo({ top: card.getBoundingClientRect().top + scrollY, behavior: "instant" });
    const part = (name) => card.querySelector(`:scope > .cv-${name}`);
    const [stage, say, play] = ["stage", "say", "play"].map((name) => {
        const { height, top, bottom } = part(name).getBoundingClientRect();
        return height ? [top, bottom] : null;
    });
    return [stage, say, play].filter(Boolean);
}"""


@every_widget
def test_a_phone_shows_picture_arithmetic_and_play_bar_at_once_to_read_and_to_touch(show, name):
    page = show(example(name), width=390, height=664, has_touch=True, is_mobile=True)
    card = page.locator(".cv")
    resize(page, 374, 664)  # then the card is as wide as on a page in the book
    assert card.evaluate("card => card.offsetWidth") == 358
    boxes = card.evaluate(SCROLLED_TO_TOP)
    for (_, end), (begin, _) in pairwise(boxes):
        assert begin >= end - 0.5  # none hides another
    assert boxes[0][0] >= 0
    assert boxes[-1][1] <= 664
    tabs = card.locator(".cv-tabs label:visible").all()
    for tab in [*tabs[1:], *tabs[:1]] or [None]:
        if tab:
            tab.click()
            page.evaluate("new Promise((go) => requestAnimationFrame(() => setTimeout(go)))")
        seen = measure(card)
        assert seen["need"] <= 664 - PAGE_HEADER, seen
        assert seen["wide"] <= 0, seen
        assert (seen["digit"] or 12) >= 12, seen
        assert (seen["target"] or 24) >= 24, seen
    if "answer" not in Widget.registry[name].class_trait_names():
        return
    page.evaluate("""() => {
        const detail = { answer: "hidden" };
        const el = document.querySelector(".cv-widget");
        el.dispatchEvent(new CustomEvent("cv-propose", { detail }));
    }""")
    resize(page, 374, 664)
    assert measure(card)["need"] <= 664
    guess = card.locator(".cv-guess:visible")
    if guess.count():
        height = card.evaluate("card => card.offsetHeight")
        guess.fill("987")
        guess.press("Enter")
        expect(card.locator(".cv-verdict:visible span")).not_to_be_empty()
        assert card.evaluate("card => card.offsetHeight") == height


@every_widget
def test_a_phone_gets_one_row_of_controls_fields_of_16_px_and_its_own_words(show, name):
    page = show(example(name), width=390, height=664, has_touch=True, is_mobile=True)
    card = page.locator(".cv")
    unfold(page)
    told = card.evaluate(ON_A_PHONE)
    assert told["rows"] <= 1
    assert told["outside"] == 0
    assert all(track >= 40 for track in told["tracks"])
    assert told["small"] == []
    assert re.findall(r"\bclick\w*", card.inner_text(), re.IGNORECASE) == []


# How many settings are to be seen, and where they begin.
SETTINGS = """(card) => {
    const boxes = (e) => (getComputedStyle(e).display === "contents" ? [...e.children] : [e]);
    const all = [...card.querySelectorAll(":scope > .cv-settings > :not(.cv-unfold)")];
    return {
        shown: all.flatMap(boxes).filter((e) => e.getClientRects().length).length,
        top: card.querySelector(":scope > .cv-settings").getBoundingClientRect().top,
    };
}"""


@every_widget
def test_a_phone_folds_the_settings_behind_one_button(show, name):
    if name == "SelfCheck":
        return  # has none
    page = show(example(name), width=390, height=664, has_touch=True, is_mobile=True)
    card = page.locator(".cv")
    button = card.get_by_role("button", name="settings", exact=True)
    expect(button).to_have_attribute("aria-expanded", "false")
    button.scroll_into_view_if_needed()
    folded = card.evaluate(SETTINGS)
    assert folded["shown"] == 0
    assert button.bounding_box()["height"] >= 44
    button.tap()
    expect(button).to_have_attribute("aria-expanded", "true")
    seen = card.evaluate(SETTINGS)
    assert seen["shown"] >= 2
    assert seen["top"] == folded["top"]  # what stands above has stayed in its place
    resize(page, 1000, 664)
    expect(button).to_be_hidden()
    assert card.evaluate(SETTINGS)["shown"] >= seen["shown"]
    resize(page, 390, 664)
    assert card.evaluate(SETTINGS)["shown"] == seen["shown"]  # as the reader left them
    button.press("Enter")
    assert card.evaluate(SETTINGS)["shown"] == 0


@every_widget
def test_the_play_bar_stays_in_sight_where_the_page_is_magnified(show, name):
    page = show(example(name), width=853, height=480)  # a window of 1280 x 720 at 150 %
    bar = page.locator(".cv-play")
    for width, height in [(853, 480), (640, 360)]:
        resize(page, width, height)
        if not bar.is_visible():
            continue
        page.locator(".cv").evaluate("card => card.scrollIntoView({ block: 'start' })")
        box = bar.bounding_box()
        assert 0 < box["y"] < height
        assert box["y"] + box["height"] <= height + 0.5
        assert box["height"] <= height / 6


@every_widget
def test_a_rejected_entry_is_gone_once_something_else_is_used(show, name):
    card = show(example(name)).locator(".cv")
    field = card.locator("input.cv-number:visible, input.cv-editable:visible").first
    others = card.locator(".cv-settings input:is([type=radio]:not(:checked), [type=checkbox])")
    if not field.count() or not (has_keys(card) or others.count()):
        return
    before = field.input_value()
    field.fill("x")
    field.press("Tab")
    expect(field).to_have_attribute("aria-invalid", "true")
    expect(field).to_have_value("x")
    if has_keys(card):
        press(card, *another_step(card))
    else:
        others.first.click(force=True)
    expect(field).to_have_value(before)
    expect(field).to_have_attribute("aria-invalid", "false")


# One of each kind that a finger may meet in the picture, but for what is moved in all directions.
SWIPED = """(card) => {
    const kinds = new Map();
    for (const e of card.querySelectorAll(".cv-stage *")) {
        const { touchAction, cursor } = getComputedStyle(e);
        const around = getComputedStyle(e.parentElement);
        const isSlid = cursor === "ew-resize" && around.cursor !== cursor;
        const isMet = e.matches("input") || touchAction === "pan-y" || isSlid;
        const { width, height } = e.getBoundingClientRect();
        if (!isMet || width < 8 || height < 8 || touchAction === "none") continue;
        const kind = `${e.tagName} ${e.type ?? ""} ${e.getAttribute("class")?.split(" ")[0]}`;
        if (kinds.has(kind) || kinds.size > 7) continue;
        kinds.set(kind, e);
    }
    return [...kinds.values()].map((e) => [...card.querySelectorAll(".cv-stage *")].indexOf(e));
}"""


@every_widget
def test_a_swipe_up_scrolls_wherever_it_begins_and_enters_nothing(show, name):
    page = show(example(name), width=390, height=400, has_touch=True, is_mobile=True)
    card = page.locator(".cv")
    for place in card.evaluate(SWIPED):
        element = card.locator(".cv-stage *").nth(place)
        element.evaluate("e => e.scrollIntoView({ block: 'center', behavior: 'instant' })")
        before, room = page.evaluate(
            "[scrollY, document.documentElement.scrollHeight - innerHeight - scrollY]"
        )
        box = element.bounding_box()
        x, y = box["x"] + box["width"] / 2, box["y"] + box["height"] / 2
        way = -1 if room > 60 else 1
        fields = settings_of(card)
        touch(page, *[(x, y + way * part) for part in (0, 30, 70, 120)])
        page.wait_for_function("(before) => Math.abs(scrollY - before) > 30", arg=before)
        assert page.evaluate("!document.activeElement.matches('input')")
        assert settings_of(card) == fields
