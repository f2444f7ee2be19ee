"""A page of the workbench serves several tests only while nothing of one can reach the next."""

import contextlib

import pytest
from kept import Kept
from playwright.sync_api import Error, expect

from helpers.widgets import Convolve1D


@pytest.fixture
def page(browser, workbench):
    """A kept page with a widget that somebody has used."""
    kept = Kept(browser, workbench, [Convolve1D(step=2)])
    card = kept.page.locator("[data-ready] .cv")
    card.wait_for()
    card.get_by_role("button", name="Link to this state").click()
    card.get_by_role("button", name="play").click()
    card.get_by_label("x[0]", exact=True).first.focus()
    yield kept
    kept.context.close()


def test_the_next_test_finds_a_new_widget_and_nothing_else(page):
    assert page.leave()
    assert page.page.locator("main *").count() == 0
    page.come([Convolve1D(signal=[5, 6])])
    card = page.page.locator("[data-ready] .cv")
    expect(card.locator(".cv-say")).to_contain_text("y[0] = 0·2 + 0·(−1) + 5·1")
    expect(card.get_by_role("button", name="play")).to_be_visible()  # and not pause
    expect(card.get_by_label("Address of this state")).to_be_hidden()
    assert page.page.evaluate("document.activeElement === document.body")
    page.page.reload()
    expect(card.locator(".cv-say")).to_contain_text("y[0] = 0·2 + 0·(−1) + 5·1")
    assert page.problems == []


def test_an_address_is_asked_for_once(page):
    assert page.leave()
    page.come([Convolve1D()], "?widget=convolve1d&step=3")
    card = page.page.locator("[data-ready] .cv")
    expect(card.locator(".cv-say")).to_contain_text("y[3] =")
    assert page.page.url.endswith("?widget=convolve1d&step=3")
    page.page.reload()  # which a browser does with the address that it shows
    expect(card.locator(".cv-say")).to_contain_text("y[3] =")
    assert not page.leave()


def test_the_next_test_has_an_address_without_a_question(page):
    assert page.leave()
    page.come([Convolve1D()], "?widget=convolve1d&step=3")
    expect(page.page.locator("[data-ready] .cv-say")).to_contain_text("y[3] =")
    assert page.leave()
    page.come([Convolve1D()])
    expect(page.page.locator("[data-ready] .cv-say")).to_contain_text("y[0] =")
    assert "?" not in page.page.url


@pytest.mark.parametrize(
    "change",
    [
        "globalThis.left = 1",
        "document.documentElement.dataset.theme = 'dark'",
        "document.body.append(document.createElement('p'))",
        "document.head.append(document.createElement('style'))",
        "document.title = 'Another'",
        "globalThis.setTimeout = () => 0",
        "performance.now = () => 0",
        "() => { URL.createObjectURL = () => ''; }",
        "() => { HTMLImageElement.prototype.decode = () => 0; }",
        "() => { Object.defineProperty(Node.prototype, 'isConnected', { value: 1 }); }",
        "localStorage.setItem('left', 1)",
        "history.pushState(null, '', '#left')",
        "location.reload()",
        "document.documentElement.requestFullscreen()",
    ],
)
def test_what_is_left_on_a_page_ends_its_use(page, change):
    with contextlib.suppress(Error):  # of an evaluation that a navigation ends
        page.page.evaluate(change)
    page.page.wait_for_load_state()
    assert not page.leave()
    assert not page.mend()


@pytest.mark.parametrize(
    "change",
    [
        lambda page: page.emulate_media(color_scheme="dark"),
        lambda page: page.emulate_media(reduced_motion="reduce"),
        lambda page: page.set_viewport_size({"width": 400, "height": 400}),
        lambda page: page.goto(page.url + "?step=1"),
        lambda page: page.clock.install(),
    ],
)
def test_another_browser_ends_the_use_of_a_page(page, change):
    change(page.page)
    assert not page.leave()


@pytest.mark.parametrize(
    "change",
    [
        lambda page: page.emulate_media(color_scheme="dark", reduced_motion="reduce"),
        lambda page: page.emulate_media(media="print", forced_colors="active"),
        lambda page: page.set_viewport_size({"width": 400, "height": 400}),
    ],
)
def test_a_size_and_preferences_are_given_back(page, change):
    change(page.page)
    assert not page.leave()
    assert page.mend()
    assert page.page.viewport_size == {"width": 1280, "height": 900}
    assert page.leave()


@pytest.mark.parametrize(
    "change",
    [lambda page: page.goto(page.url + "?step=1"), lambda page: page.clock.install()],
)
def test_an_address_and_a_clock_are_not(page, change):
    change(page.page)
    assert not page.leave()
    assert not page.mend()


def test_an_error_on_a_kept_page_is_a_problem(page):
    page.page.evaluate("setTimeout(() => { throw new Error('oh no'); })")
    page.page.evaluate("new Promise((go) => setTimeout(go))")  # timers run in their order
    assert page.problems == [f"{page.page.url} threw oh no"]
