"""Thousands of states and addresses that nobody means: each is shown, or refused in a sentence."""

from pathlib import Path

import pytest
from playwright.sync_api import expect
from test_every_widget import ACCOUNT, example

from helpers.widgets import ImageFilter
from helpers.widgets.base import Widget

HOSTILE = Path(__file__).with_name("hostile.js")
TRIES = 400


@pytest.mark.parametrize("name", sorted(Widget.registry))
def test_whatever_is_asked_for_is_shown_or_refused(visit, workbench, name):
    assert TRIES * len(Widget.registry) >= 5_000
    page = visit("about:blank")
    for script in (ACCOUNT, HOSTILE):
        page.add_init_script(path=script)
    page.goto(workbench())
    widget = example(name)
    seed = sum(map(ord, name))
    told = page.evaluate(
        "(wanted) => torment(wanted)",
        [f"{widget.module}/widget.mjs", widget.state(), widget.state_names(), TRIES, seed],
    )
    assert not told["problems"], "\n" + "\n".join(told["problems"])
    # A self-check lets an address change nothing that it could refuse, and others wait for a file.
    assert told["refused"] > TRIES / 20 or name == "SelfCheck" or widget.resources


@pytest.mark.parametrize("name", ["Convolve1D", "Convolve2D", "ConvVolume", "OutputSize"])
def test_what_is_taken_off_the_page_without_a_word_stops_playing(visit, workbench, name):
    page = visit("about:blank")
    page.add_init_script(path=ACCOUNT)
    page.goto(workbench())
    widget = example(name)
    page.evaluate("(wanted) => prepare(wanted)", [f"{widget.module}/widget.mjs", widget.state()])
    playing = page.evaluate(
        """async () => {
            const { el } = mount();
            await null;
            el.querySelector(".cv-play select").value = "fast";
            el.querySelector(".cv-play select").dispatchEvent(new Event("change"));
            el.querySelector(".cv-primary").click();
            const playing = account().interval;
            el.remove();
            return playing;
        }"""
    )
    assert playing == 1
    page.wait_for_function("account().interval === 0")


def test_a_cell_that_what_was_typed_takes_away_goes_in_silence(show):
    card = show(ImageFilter(kernel=[[1, 2, 3], [4, 5, 6], [7, 8, 9]])).locator(".cv")
    cell = card.get_by_label("w[0, 1]", exact=True)
    cell.evaluate(
        """(cell) => {
            for (const text of ["1;2", "abc", "", "3"]) {
                cell.focus();
                cell.value = text;
                for (const kind of ["input", "change"])
                    cell.dispatchEvent(new Event(kind, { bubbles: true }));
            }
            cell.blur();
        }"""
    )
    expect(card.get_by_label("w[1, 0]", exact=True)).to_have_value("2")
    expect(card.get_by_label("w[0, 1]", exact=True)).to_have_count(0)
