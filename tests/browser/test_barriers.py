"""The test of the tests: asking one element of each look finds what asking all of them finds."""

import pytest
from barriers import barriers

PAGE = """<!doctype html><html lang="en"><title>Looks</title><meta charset="utf-8">
<style>.box {{ background: #444 }} .high {{ background: #fff }} .cell {{ color: #333 }}</style>
<main><h1>Looks</h1>{good}{odd}{good}</main></html>"""

GOOD = "<p>Black on white, and <code>its code</code>.</p>" * 20

ODD = [
    '<p style="color: #aaa">Pale of its own.</p>',
    '<div class="box"><p>The same paragraph on another ground.</p></div>',
    '<div class="box"><div class="high"><p>Not this.</p></div><p>But this.</p></div>',
    '<p style="opacity: 0.4">Faded.</p>',
    '<p>Black, <code style="color: #bbb">but its code is not</code>.</p>',
    '<label>Field <input value="typed" style="color: #ccc"></label>',
    '<p style="background: #777"><span class="cell">One</span> of many.</p>',
    # Of two that differ in one thing only, the first may be as pale as that.
    '<p style="font-size: 40px; color: #888">Large.</p><p style="color: #888">Small.</p>',
    '<p style="font: bold 20px serif; color: #888">Bold.</p>'
    '<p style="font: 20px serif; color: #888">Not.</p>',
    "<button disabled>No</button><button>Yes</button>"
    "<style>button { color: #bbb; background: #fff }</style>",
]


@pytest.mark.parametrize("odd", ODD)
def test_one_pale_text_among_many_is_found(browser, odd):
    page = browser.new_page()
    page.set_content(PAGE.format(good=GOOD, odd=odd))
    assert "color-contrast" in [rule for rule, *_ in barriers(page)]
    page.set_content(PAGE.format(good=GOOD, odd=""))
    assert barriers(page) == []
    page.close()


def test_other_rules_are_asked_of_everything(browser):
    page = browser.new_page()
    page.set_content(PAGE.format(good=GOOD, odd='<p><img src="data:,"></p>' * 3))
    assert [rule for rule, *_ in barriers(page)] == ["image-alt"] * 3
    page.close()
