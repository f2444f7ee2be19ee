"""How a page opens: each element gets its style once, and colours are right from the start."""

import json

import pytest
from contents import listed_pages

CHAPTER = next(page for page in listed_pages() if page.startswith("chapters/01"))


def restyled(browser, address):
    """Return how many elements were given styles until a page stood, and how many it has."""
    page = browser.new_page(viewport={"width": 1280, "height": 900})
    browser.start_tracing(page=page, categories=["devtools.timeline"])
    page.goto(address)
    page.locator(".cv-widget[data-ready]").first.wait_for()
    events = json.loads(browser.stop_tracing())["traceEvents"]
    elements = page.locator("*").count()
    page.close()
    counts = [
        event["args"].get("elementCount", 0)
        for event in events
        if event["name"] == "UpdateLayoutTree" and event["ph"] == "X"
    ]
    return sum(counts), elements


def test_a_chapter_is_not_styled_again_and_again_while_it_opens(browser, site):
    """One rule that looks into sections and goes on from them makes it eight times and more."""
    styled, elements = restyled(browser, f"{site}/{CHAPTER}.html")
    assert elements > 5000
    assert styled < 3 * elements


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
