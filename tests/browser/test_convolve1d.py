"""Convolve1D, driven as readers drive it: mouse, keyboard, touch, address and Python state."""

import re
from urllib.parse import parse_qs, urlparse

import numpy as np
import pytest
from hands import drag, predict, press, unfold
from playwright.sync_api import expect

from helpers.widgets import Convolve1D

DEFAULT_OUTPUT = ["0", "1", "1", "3", "5", "2", "8"]


@pytest.fixture
def card(show):
    page = show(Convolve1D())
    return page.locator(".cv")


def outputs(card):
    return card.locator(".cv1d-output .cv-cell").all_text_contents()


def cell(card, name):
    return card.locator(".cv-stage, .cv-settings").get_by_label(name, exact=True)


def stage(card):
    return card.locator(".cv-stage")


def test_steps_show_window_products_and_sum(card):
    press(card, "ArrowRight", "ArrowRight", "ArrowRight")
    expect(card.locator(".cv-say")).to_contain_text("y[3] = 1·2 + 2·(−1) + 3·1 = 2 − 2 + 3 = 3")
    assert card.locator(".cv1d-product").all_text_contents() == ["2", "−2", "3"]
    assert outputs(card) == ["0", "1", "1", "3", "", "", ""]


def test_keys_go_to_the_ends_and_no_further(card):
    press(card, "End")
    assert outputs(card) == DEFAULT_OUTPUT
    press(card, "ArrowRight")
    expect(card.locator(".cv-say")).to_contain_text("y[6] =")
    press(card, "Home", "ArrowLeft")
    expect(card.locator(".cv-say")).to_contain_text("y[0] =")


def test_play_fills_every_cell_and_stops(card):
    card.get_by_label("speed").select_option("fast")
    press(card, " ")
    expect(card.get_by_role("button", name="pause")).to_be_visible()
    expect(card.get_by_role("button", name="play")).to_be_visible(timeout=6000)
    assert outputs(card) == DEFAULT_OUTPUT


def test_the_copies_of_the_kernel_add_up_to_the_output(call_module):
    rng = np.random.default_rng(8)
    for _ in range(40):
        widget = Convolve1D(
            signal=rng.integers(-9, 10, rng.integers(4, 9)),
            kernel=rng.integers(-9, 10, rng.integers(1, 4)),
            flip=bool(rng.integers(2)),
            padding=[int(n) for n in rng.integers(3, 5, 2)],
            mode=str(rng.choice(["zeros", "reflect", "symmetric", "edge", "wrap"])),
            stride=int(rng.integers(1, 4)),
            dilation=int(rng.integers(1, 3)),
        )
        state = widget.state()
        trace = call_module("convolve1d/widget.mjs", "compute", state)
        rows = call_module("arithmetic/convolution.mjs", "copies", trace, state)
        total = np.zeros_like(widget.output)
        for row in rows:
            for at in row["cells"]:
                total[at["index"]] += at["product"]
        assert total.tolist() == widget.output.tolist()
        ghosts = [row for row in rows if not 0 <= row["place"] < len(widget.signal)]
        assert len(ghosts) == (0 if widget.mode == "zeros" else sum(widget.padding))


def test_the_other_picture_shows_a_copy_for_each_cell(card):
    card.get_by_label("copies add up").check()
    expect(card.locator(".cv1d-sliding")).to_be_hidden()
    copies = card.locator(".cv1d-copy")
    names = copies.locator(".cv1d-name").all_text_contents()
    assert names == ["0 · w", "1 · w", "2 · w", "3 · w", "4 · w"]
    last = copies.nth(4).locator(".cv-cell")
    assert last.all_text_contents() == ["8", "−4", "4"]  # applied to y[6], y[5], y[4]
    press(card, "End", "ArrowLeft", "ArrowLeft")
    column = card.locator(".cv1d-copy .cv-cell.now")
    assert sorted(column.all_text_contents()) == ["4", "4", "−3"]
    expect(card.locator(".cv-say")).to_contain_text("y[4] = 2·2 + 3·(−1) + 4·1")
    lefts = column.evaluate_all("all => all.map((e) => e.getBoundingClientRect().left)")
    lefts.append(card.locator(".cv1d-output .now").bounding_box()["x"])
    assert max(lefts) - min(lefts) < 1
    card.get_by_label("predict first").check()
    assert "".join(column.all_text_contents()) == ""


def test_slider_and_output_cells_choose_the_step(card):
    card.get_by_label("output position").fill("4")
    expect(card.locator(".cv-say")).to_contain_text("y[4] =")
    card.locator(".cv1d-output .cv-cell").nth(1).click()
    expect(card.locator(".cv-say")).to_contain_text("y[1] =")


def drag_kernel(card, cells):
    cell = card.locator(".cv1d-slider .cv-cell").first
    drag(cell, cells * (cell.bounding_box()["width"] + 4))


def test_dragging_the_kernel_moves_the_window(card):
    drag_kernel(card, 3)
    expect(card.locator(".cv-say")).to_contain_text("y[3] = 1·2")
    drag_kernel(card, 40)
    expect(card.locator(".cv-say")).to_contain_text("y[6] =")


def test_dragging_by_touch_leaves_vertical_scrolling_to_the_page(show):
    page = show(Convolve1D(), width=390, height=700, has_touch=True, is_mobile=True)
    slider = page.locator(".cv1d-slider")
    assert slider.evaluate("e => getComputedStyle(e).touchAction") == "pan-y"
    box = slider.locator(".cv-cell").first.bounding_box()
    x, y = box["x"] + box["width"] / 2, box["y"] + box["height"] / 2
    touch = page.context.new_cdp_session(page)
    pitch = box["width"] + 4
    touch.send(
        "Input.dispatchTouchEvent", {"type": "touchStart", "touchPoints": [{"x": x, "y": y}]}
    )
    for part in (0.3, 0.7, 1.0):
        moved = {"x": x + 2 * pitch * part, "y": y}
        touch.send("Input.dispatchTouchEvent", {"type": "touchMove", "touchPoints": [moved]})
    touch.send("Input.dispatchTouchEvent", {"type": "touchEnd", "touchPoints": []})
    expect(page.locator(".cv-say")).to_contain_text("y[2] =")


def test_the_flip_is_a_movement_and_changes_the_output(card):
    press(card, "End")
    card.get_by_text("as is (cross-correlation)").click()
    moving = card.locator(".cv1d-slider").evaluate(
        "(slider) => slider.getAnimations({ subtree: true })"
        ".filter((animation) => !animation.transitionProperty).length"
    )
    assert moving == 3
    assert outputs(card) == ["0", "2", "3", "5", "7", "−1", "4"]
    assert card.locator(".cv1d-slider .cv-cell").all_text_contents() == ["1", "−1", "2"]
    expect(card.locator(".cv1d-sliding")).to_contain_text("as is")


def test_reduced_motion_is_obeyed(show):
    page = show(Convolve1D(), reduced_motion="reduce")
    page.get_by_text("as is (cross-correlation)").click()
    assert (
        page.locator(".cv1d-slider").evaluate("s => s.getAnimations({ subtree: true }).length") == 0
    )


@pytest.mark.parametrize(
    ("padding", "expected"),
    [("full", DEFAULT_OUTPUT), ("same", ["1", "1", "3", "5", "2"]), ("valid", ["1", "3", "5"])],
)
def test_padding(card, padding, expected):
    card.get_by_label(padding, exact=True).check()
    press(card, "End")
    assert outputs(card) == expected
    expect(card.locator(".cv-formula b")).to_have_text(str(len(expected)))


def test_formula_shows_its_floor_and_the_ignored_cell(card):
    card.get_by_label("valid", exact=True).check()
    card.get_by_label("cells of x").fill("6")
    cell(card, "stride").fill("2")
    formula = card.locator(".cv-formula")
    expect(formula).to_contain_text(
        "⌊(6 + 2·0 − 1·(3 − 1) − 1) / 2⌋ + 1 = ⌊3 / 2⌋ + 1 = ⌊1.5⌋ + 1 = 1 + 1 = 2"
    )
    expect(formula).to_contain_text("1 cell at the end, hatched, is never reached")
    assert card.locator(".ignored").count() == 1


def test_ghost_cells_take_the_values_of_their_mode(card):
    for mode, ghosts in {
        "zeros": ["0", "0", "0", "0"],
        "reflect": ["2", "1", "3", "2"],
        "symmetric": ["1", "0", "4", "3"],
        "edge": ["0", "0", "4", "4"],
        "wrap": ["3", "4", "0", "1"],
    }.items():
        card.get_by_role("combobox", name="ghost cells").select_option(mode)
        expect(card.locator(".ghost")).to_have_text(ghosts)


def test_editing_a_cell_changes_the_sum_at_once(card):
    press(card, "End")
    cell(card, "x[4]").fill("10")
    assert outputs(card)[-1] == "20"
    cell(card, "w[2]").fill("−0,5")
    assert outputs(card)[-1] == "−5"
    cell(card, "x[0]").press("ArrowUp")
    assert outputs(card)[0] == "1"


def test_a_list_fills_all_cells(card):
    cell(card, "w[0]").fill("1, 0, −1, 2")
    cell(card, "w[0]").press("Enter")
    expect(card.locator(".cv1d-written input")).to_have_count(4)
    expect(card.get_by_label("cells of w")).to_have_value("4")


@pytest.mark.parametrize(
    ("label", "typed", "sentence"),
    [
        ("x[2]", "abc", "“abc” is not a number: x[2] stays 2."),
        ("x[2]", "", "“” is not a number: x[2] stays 2."),
        ("stride", "0", "0 does not work as stride: use a whole number from 1 to 9."),
        ("stride", "", "An empty field does not work as stride"),
        ("dilation", "1.5", "1.5 does not work as dilation: use a whole number from 1 to 5."),
        ("cells of x", "0", "0 does not work as cells of x: use a whole number from 1 to 12."),
    ],
)
def test_bad_input_is_explained_and_the_picture_stays(card, label, typed, sentence):
    press(card, "End")
    field = cell(card, label)
    field.fill(typed)
    field.blur()
    expect(card.locator(".cv-note")).to_contain_text(sentence)
    assert outputs(card) == DEFAULT_OUTPUT
    assert field.input_value() == typed
    assert field.get_attribute("aria-invalid") == "true"


def test_a_kernel_that_does_not_fit_waits_for_more_padding(card):
    press(card, "End")
    card.get_by_label("valid", exact=True).check()
    card.get_by_label("cells of w").fill("7")
    expect(card.locator(".cv-note")).to_have_text(
        "A kernel of 7 cells does not fit an input of 5: "
        "use a padding of at least 1, or a kernel of at most 5."
    )
    assert outputs(card) == ["1", "3", "5"]
    card.get_by_label("full", exact=True).check()
    expect(card.locator(".cv1d-written input")).to_have_count(7)
    expect(card.locator(".cv-note")).to_be_hidden()


def test_escape_takes_back_what_was_typed(card):
    cell(card, "x[1]").fill("oops")
    cell(card, "x[1]").press("Escape")
    expect(cell(card, "x[1]")).to_have_value("1")
    expect(card.locator(".cv-note")).to_be_hidden()


def test_swapping_shows_commutativity(card):
    card.get_by_role("button", name="swap x, w").click()
    expect(card.locator(".cv-note")).to_contain_text("the output is the same, value for value")
    card.get_by_role("button", name="swap x, w").click()
    card.get_by_text("as is (cross-correlation)").click()
    card.get_by_role("button", name="swap x, w").click()
    expect(card.locator(".cv-note")).to_contain_text("the same values in reverse order")


def test_predicting_hides_the_answer_until_it_is_right(card):
    press(card, "End", "Home")
    card.get_by_label("predict first").check()
    press(card, "ArrowRight", "ArrowRight", "ArrowRight")
    assert outputs(card)[3] == "?"
    expect(card.locator(".cv-say")).not_to_contain_text("·")
    assert "".join(card.locator(".cv1d-product").all_text_contents()) == ""
    expect(predict(card, "5")).to_contain_text("cross-correlation: the kernel was not flipped")
    card.get_by_label("Your prediction").fill("3")
    card.get_by_label("Your prediction").press("Enter")
    expect(card.locator(".cv-verdict")).to_contain_text("Right: y[3] = 3.")
    expect(card.locator(".cv-say")).to_contain_text("1·2 + 2·(−1) + 3·1")
    assert outputs(card)[3] == "3"
    card.get_by_role("button", name="next").click()
    expect(card.get_by_label("Your prediction")).to_be_focused()
    expect(card.locator(".cv-say")).to_contain_text("y[4] = ?")


@pytest.mark.parametrize(
    ("state", "typed", "words"),
    [
        ({"step": 4}, "2", "One step too far: that is y[5]."),
        ({"step": 5}, "5", "One step behind: that is y[4]."),
        ({"step": 3, "flip": False}, "3", "That is convolution: the kernel was flipped"),
        ({"step": 5}, "10", "Check the signs"),
        ({"step": 4}, "9", "sum of the window alone"),
        ({"step": 4}, "4", "one of the products"),
        ({"step": 1, "stride": 2, "padding": "valid", "signal": [1, 5, 2, 7, 3]}, "15", "stride 1"),
        ({"step": 0, "mode": "edge", "signal": [2, 1, 3]}, "2", "with zeros outside"),
        ({"step": 3}, "100", "100 is not it. Multiply the cells"),
        ({"step": 3}, "three", "“three” is not a number"),
        ({"step": 3}, "", "Type the number that you expect."),
    ],
)
def test_wrong_predictions_are_diagnosed(show, state, typed, words):
    page = show(Convolve1D(answer="hidden", **state))
    expect(predict(page.locator(".cv"), typed)).to_contain_text(words)
    assert "?" in outputs(page.locator(".cv"))


def test_show_gives_the_answer_away(show):
    page = show(Convolve1D(answer="hidden", step=3))
    page.get_by_role("button", name="show", exact=True).click()
    expect(page.locator(".cv-say")).to_contain_text("= 3")


def test_playing_waits_for_the_prediction(show):
    page = show(Convolve1D(answer="hidden"))
    page.clock.install()
    page.locator(".cv-stage").focus()
    page.keyboard.press(" ")
    page.clock.run_for(5000)
    expect(page.locator(".cv-say")).to_contain_text("y[0] = ?")


def test_an_address_restores_the_state(show):
    query = "?widget=convolve1d-2&kernel=1,0,-1&padding=same&step=2&answer=hidden&hide=mode,stride"
    page = show(Convolve1D(), Convolve1D(), query=query)
    first, second = page.locator(".cv").all()
    expect(first.locator(".cv1d-written input")).to_have_count(3)
    expect(first.locator(".cv-say")).to_contain_text("y[0] = 0·2")
    assert [i.input_value() for i in second.locator(".cv1d-written input").all()] == [
        "1",
        "0",
        "−1",
    ]
    expect(second.locator(".cv-say")).to_contain_text("y[2] = ?")
    expect(second.locator("[data-part=mode]")).to_be_hidden()
    expect(second.locator("[data-part=stride]")).to_be_hidden()
    expect(second.locator("[data-part=dilation]")).to_be_visible()


def test_a_slip_in_an_address_does_not_show_the_answer(show):
    query = "?widget=convolve1d&answer=hiden&hide=mode,sidebar&signal=1,2,x"
    page = show(Convolve1D(), query=query)
    expect(page.locator(".cv-note")).to_contain_text("“x”")
    expect(page.locator(".cv-say")).to_contain_text("y[0] = ?")
    expect(page.locator(".cv-settings [data-part=mode]")).to_be_hidden()


@pytest.mark.parametrize(
    ("query", "sentence"),
    [
        ("stride=0", "stride of 0 does not work"),
        ("kernel=1,x", "“x”, which is not a finite number"),
        ("padding=sme", "padding of sme does not work"),
        ("mode=mirror", "no padding mode mirror"),
        ("kernel=", "kernel w is empty"),
    ],
)
def test_an_address_that_does_not_fit_is_explained(show, query, sentence):
    page = show(Convolve1D(), query=f"?widget=convolve1d&{query}")
    expect(page.locator(".cv-note")).to_contain_text(sentence)
    expect(page.locator(".cv-say")).to_contain_text("y[0] = 0·2 + 0·(−1) + 0·1")


def test_the_link_leads_back_to_the_same_state(show):
    page = show(Convolve1D())
    card = page.locator(".cv")
    card.get_by_label("same", exact=True).check()
    cell(card, "x[1]").fill("2.5")
    press(card, "ArrowRight")
    card.get_by_role("button", name="Link to this state").click()
    card.get_by_label("hide the answer").check()
    card.locator(".cv-share").get_by_label("ghost cells").check()
    expect(card.locator(".cv-share")).to_contain_text("works on this computer only")
    address = card.get_by_label("Address of this state").input_value()
    values = parse_qs(urlparse(address).query)
    assert values["signal"] == ["0,2.5,2,3,4"]
    assert values["answer"] == ["hidden"]
    page.goto(address)
    page.locator("[data-ready]").wait_for()
    again = page.locator(".cv")
    expect(cell(again, "x[1]")).to_have_value("2.5")
    expect(again.locator(".cv-say")).to_contain_text("y[1] = ?")
    expect(again.locator(".cv-settings [data-part=mode]")).to_be_hidden()
    expect(again.get_by_label("same", exact=True)).to_be_checked()


def test_present_fills_the_screen_and_leaves_it(card):
    button = card.get_by_role("button", name="Present full screen")
    button.click()
    expect(card).to_have_class(re.compile("cv-presenting"))
    small = 46
    assert card.locator(".cv1d-slider .cv-cell").first.bounding_box()["width"] > 1.3 * small
    card.page.wait_for_function("document.fullscreenElement === document.querySelector('.cv')")
    button.click()
    expect(card).not_to_have_class(re.compile("cv-presenting"))
    card.page.wait_for_function("document.fullscreenElement === null")


def test_a_step_is_announced_politely(card):
    press(card, "ArrowRight", "ArrowRight", "ArrowRight")
    spoken = card.locator("[aria-live=polite]")
    expect(spoken).to_have_text("y 3 is 3: 1 times 2, plus 2 times (−1), plus 3 times 1")


def test_nothing_is_wider_than_the_smallest_screen(show):
    page = show(Convolve1D(), width=320, height=700)
    unfold(page)
    assert page.evaluate("document.documentElement.scrollWidth") <= 320
    for control in page.locator(".cv :is(button, select, input):visible").all():
        box = control.bounding_box()
        assert box["x"] >= 0
        assert box["x"] + box["width"] <= 320


def test_python_and_picture_agree(show):
    widget = Convolve1D(
        signal=[2, -1, 0.5, 3, 1, 4], kernel=[1, -2], padding=[1, 2], mode="edge", stride=2
    )
    page = show(widget)
    press(page.locator(".cv"), "End")
    shown = [float(text.replace("−", "-")) for text in outputs(page.locator(".cv"))]
    assert shown == pytest.approx(widget.output.tolist())


def test_a_question_gives_neither_the_size_nor_the_numbers_away(show):
    card = show(Convolve1D(answer="hidden")).locator(".cv")
    cells = card.locator(".cv1d-output .cv-cell")
    expect(card.locator(".cv-formula")).to_be_hidden()
    expect(cells.nth(0)).to_have_text("?")
    expect(cells.nth(1)).to_be_hidden()
    assert card.get_by_label("output position").get_attribute("aria-valuetext") == "1"
    card.get_by_role("button", name="play").click()
    expect(card.locator(".cv-note")).to_contain_text("Say first what you expect here")
    card.get_by_label("predict first").uncheck()
    expect(card.locator(".cv-formula")).to_contain_text("= 7")
    expect(cells.nth(6)).to_be_visible()
