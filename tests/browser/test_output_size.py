"""OutputSize, driven as readers drive it: mouse, keyboard, touch, address and Python state."""

import re
from urllib.parse import parse_qs, urlparse

import numpy as np
import pytest
from hands import predict, press, settle, unfold
from playwright.sync_api import expect

from helpers.widgets import OutputSize

ALEXNET = [
    "conv 11 s4", "pool 3 s2", "conv 5 p2", "pool 3 s2", "conv 3 p1", "conv 3 p1", "conv 3 p1",
    "pool 3 s2",
]  # fmt: skip
PLAIN = {"padding": 0, "stride": 1}


@pytest.fixture
def card(show):
    return show(OutputSize()).locator(".cv")


def say(card):
    return card.locator(".cv-say")


def formula(card):
    return card.locator(".cv-formula")


def field(card, name):
    return card.locator(".cv-settings").get_by_label(name, exact=True).filter(visible=True)


def fill(card, **values):
    for name, value in values.items():
        field(card, name.replace("_", " ")).fill(str(value))


def view(card, name):
    card.locator(".os-tabs").get_by_label(name).check()


def grid(card, name, columns):
    cells = card.locator(f".os-layer .wd-{name} .wd-cell")
    texts = cells.all_text_contents()
    return [texts[i : i + columns] for i in range(0, len(texts), columns)]


def classes(card, name, columns):
    """Return, for each cell, the set of its classes."""
    sets = card.locator(f".os-layer .wd-{name} .wd-cell").evaluate_all(
        "cells => cells.map((cell) => [...cell.classList])"
    )
    return np.array([set(s) for s in sets], dtype=object).reshape(-1, columns)


def has(cells, kind):
    return np.vectorize(lambda kinds: kind in kinds)(cells)


def test_the_sources_example(card):
    expect(say(card)).to_contain_text("Output 3 × 3 · window 1 of 9 fills row 0, column 0")
    expect(formula(card)).to_contain_text("output size = ⌊(N + 2p − K) / s⌋ + 1")
    expect(formula(card)).to_contain_text("= ⌊(5 + 2·1 − 3) / 2⌋ + 1 = ⌊4 / 2⌋ + 1 = 2 + 1 = 3")
    assert has(classes(card, "input", 7), "ghost").sum() == 49 - 25
    assert card.locator(".wd-output .wd-cell:visible").count() == 9


def test_steps_move_the_window_and_fill_the_output(card):
    press(card, "ArrowRight", "ArrowRight", "ArrowRight", "ArrowRight")
    expect(say(card)).to_contain_text("window 5 of 9 fills row 1, column 1")
    inside = has(classes(card, "input", 7), "inside")
    assert np.argwhere(inside).min(0).tolist() == [2, 2]
    assert np.argwhere(inside).max(0).tolist() == [4, 4]
    assert inside.sum() == 9
    output = classes(card, "output", 3)
    assert has(output, "filled").sum() == 4
    assert has(output, "now")[1, 1]


def test_cells_reached_so_far_are_those_of_all_windows_so_far(card):
    press(card, *["ArrowRight"] * 4)
    reached = np.zeros((7, 7), bool)
    for step in range(5):
        row, col = 2 * (step // 3), 2 * (step % 3)
        reached[row : row + 3, col : col + 3] = True
    cells = classes(card, "input", 7)
    assert (has(cells, "seen") | has(cells, "inside")).tolist() == reached.tolist()


def test_keys_go_to_the_ends_and_no_further(card):
    press(card, "End", "ArrowRight")
    expect(say(card)).to_contain_text("window 9 of 9")
    press(card, "Home", "ArrowLeft")
    expect(say(card)).to_contain_text("window 1 of 9")


def test_play_visits_every_window_and_stops(card):
    card.get_by_label("speed").select_option("fast")
    press(card, " ")
    expect(card.get_by_role("button", name="pause")).to_be_visible()
    expect(card.get_by_role("button", name="play")).to_be_visible(timeout=8000)
    expect(say(card)).to_contain_text("window 9 of 9")


def test_output_cells_and_the_slider_choose_the_window(card):
    card.locator(".wd-output .wd-cell").nth(5).click()
    expect(say(card)).to_contain_text("window 6 of 9 fills row 1, column 2")
    card.get_by_label("position").fill("7")
    expect(say(card)).to_contain_text("window 8 of 9")


def test_dragging_the_window(card):
    window = card.locator(".os-layer .wd-window").first
    box = window.bounding_box()
    pitch = box["width"] / 3
    x, y = box["x"] + box["width"] / 2, box["y"] + box["height"] / 2
    card.page.mouse.move(x, y)
    card.page.mouse.down()
    card.page.mouse.move(x + 1.2 * pitch, y + pitch, steps=4)
    card.page.mouse.move(x + 4.2 * pitch, y + 1.9 * pitch, steps=4)
    card.page.mouse.up()
    expect(say(card)).to_contain_text("fills row 1, column 2")


def test_a_touch_on_the_window_still_scrolls_the_page(show):
    page = show(OutputSize(), width=390, height=500, has_touch=True, is_mobile=True)
    window = page.locator(".os-layer .wd-window").first
    assert window.evaluate("e => getComputedStyle(e).touchAction") == "pan-y"
    page.locator(".wd-output .wd-cell").nth(4).tap()
    expect(page.locator(".cv-say")).to_contain_text("window 5 of 9")
    page.locator(".cv-play").get_by_role("button", name="Step forward").tap()
    expect(page.locator(".cv-say")).to_contain_text("window 6 of 9")


def test_what_is_left_over_is_hatched_and_counted(card):
    field(card, "valid").check()
    fill(card, size=6)
    expect(formula(card)).to_contain_text("⌊3 / 2⌋ + 1 = ⌊1.5⌋ + 1 = 1 + 1 = 2")
    expect(formula(card)).to_contain_text(
        "1 row at the bottom and 1 column on the right are never reached: the stride steps past."
    )
    unread = has(classes(card, "input", 6), "unread")
    assert unread[5].all() and unread[:, 5].all() and unread.sum() == 11


def test_padding_that_is_left_over_loses_nothing(card):
    fill(card, size=6)
    expect(formula(card)).to_contain_text("nothing of the input is lost, only padding")


def test_cells_between_windows_that_none_reads(card):
    field(card, "valid").check()
    fill(card, size=8, kernel=2, stride=3)
    expect(formula(card)).to_contain_text(
        "Hatched: between the windows 28 cells of the input are read by none."
    )
    unread = has(classes(card, "input", 8), "unread")
    assert unread.sum() == 28
    assert unread[2].all() and unread[:, 5].all()


def test_how_often_each_cell_is_used(card):
    field(card, "same").check()
    fill(card, stride=1)
    card.get_by_label("how often is each cell used?").check()
    along = np.convolve(np.ones(5), np.ones(3), "same")  # how many windows reach each cell
    counts = np.array(grid(card, "input", 7))[1:-1, 1:-1].astype(int)
    assert counts.tolist() == np.outer(along, along).tolist()
    expect(formula(card)).to_contain_text(
        "The top left corner is used 4 times, the middle of the top edge 6 times, "
        "the cell in the middle 9 times."
    )
    fill(card, stride=2)
    expect(formula(card)).to_contain_text("A cell of the input is used 1 to 4 times.")


def test_a_row(card):
    field(card, "a row").check()
    expect(say(card)).to_contain_text("Output 3 · window 1 of 3 fills cell 0")
    row = card.locator(".os-layer .wd-row")
    expect(row.locator(".wd-bar")).to_have_count(3)
    expect(row.locator(".wd-track .wd-cell")).to_have_count(3)
    assert row.locator(".wd-indices span").all_text_contents() == ["−1", *"012345"]
    fill(card, dilation=2)
    expect(formula(card)).to_contain_text("⌊(N + 2p − d·(K − 1) − 1) / s⌋ + 1")
    expect(formula(card)).to_contain_text("⌊(5 + 2·1 − 2·(3 − 1) − 1) / 2⌋ + 1 = ⌊2 / 2⌋ + 1 = ")
    bar = row.locator(".wd-bar").first
    assert bar.locator("span").evaluate_all(
        "reads => reads.map((read) => read.style.getPropertyValue('--left'))"
    ) == ["0", "2", "4"]
    card.get_by_label("how often is each cell used?").check()
    row.locator(".wd-track .wd-cell").nth(1).click()
    expect(say(card)).to_contain_text("window 2 of 2")


@pytest.mark.parametrize(("padding", "size"), [("valid", 2), ("same", 3), ("full", 4)])
def test_named_padding(card, padding, size):
    field(card, padding).check()
    expect(say(card)).to_contain_text(f"Output {size} × {size}")
    assert size == OutputSize(padding=padding).output_size[0]


def test_padding_that_differs_before_and_after(card):
    card.get_by_label("before ≠ after").check()
    expect(field(card, "before")).to_have_value("1")
    fill(card, before=0)
    expect(formula(card)).to_contain_text("⌊(N + p₁ + p₂ − K) / s⌋ + 1")
    expect(formula(card)).to_contain_text("⌊(5 + 0 + 1 − 3) / 2⌋")
    card.get_by_label("before ≠ after").uncheck()
    expect(field(card, "padding on each side")).to_have_value("0")


def test_rows_and_columns_apart(card):
    card.get_by_label("rows and columns alike").uncheck()
    fill(card, size_rows=8, stride_columns=1, kernel_columns=2, padding_of_the_columns=0)
    expect(say(card)).to_contain_text("Output 4 × 4")
    expect(formula(card)).to_contain_text("rows: ⌊(8 + 2·1 − 3) / 2⌋ + 1 = ⌊7 / 2⌋")
    expect(formula(card)).to_contain_text("columns: ⌊(5 + 2·0 − 2) / 1⌋ + 1 = ⌊3 / 1⌋")
    card.get_by_label("before ≠ after").check()
    fill(card, right=3)
    expect(say(card)).to_contain_text("Output 4 × 7")
    card.get_by_label("rows and columns alike").check()
    expect(say(card)).to_contain_text("Output 4 × 4")
    expect(field(card, "stride")).to_have_value("2")


def test_what_does_not_fit_is_explained_with_buttons_that_mend_it(card):
    field(card, "valid").check()
    fill(card, stride=1, kernel=8)
    note = card.locator(".cv-note")
    expect(note).to_contain_text(
        "A kernel of 8 cells does not fit an input of 5: it sticks out by 3. What would fit:"
    )
    names = note.get_by_role("button").all_text_contents()
    assert names == ["padding 2", "kernel 5", "input 8"]
    expect(say(card)).to_contain_text("Output 3 × 3")  # the last picture that was valid
    note.get_by_role("button", name="padding 2").click()
    expect(note).to_be_hidden()
    expect(say(card)).to_contain_text("Output 2 × 2")
    expect(field(card, "padding on each side")).to_have_value("2")
    expect(field(card, "kernel")).to_have_value("8")
    assert field(card, "kernel").get_attribute("aria-invalid") == "false"


@pytest.mark.parametrize(
    ("button", "field_name", "value"), [("kernel 5", "kernel", "5"), ("input 8", "size", "8")]
)
def test_the_other_ways_to_mend_it(card, button, field_name, value):
    field(card, "valid").check()
    fill(card, stride=1, kernel=8)
    card.locator(".cv-note").get_by_role("button", name=button).click()
    expect(card.locator(".cv-note")).to_be_hidden()
    expect(say(card)).to_contain_text("Output 1 × 1")
    expect(field(card, field_name)).to_have_value(value)


def test_dilation_that_does_not_fit(card):
    fill(card, dilation=4)
    note = card.locator(".cv-note")
    expect(note).to_contain_text("A kernel of 3 cells, spread over 9 by dilation 4,")
    note.get_by_role("button", name="dilation 3").click()
    expect(say(card)).to_contain_text("Output 1 × 1")


def test_along_which_axis_it_does_not_fit(card):
    card.get_by_label("rows and columns alike").uncheck()
    fill(card, kernel_columns=9)
    note = card.locator(".cv-note")
    expect(note).to_contain_text("Along the columns: A kernel of 9 cells does not fit")
    note.get_by_role("button", name="padding 2").click()
    expect(field(card, "padding of the columns")).to_have_value("2")
    expect(say(card)).to_contain_text("Output 3 × 1")


@pytest.mark.parametrize(
    ("name", "typed", "sentence"),
    [
        ("stride", "0", "0 does not work as stride: use a whole number from 1 to 64."),
        ("kernel", "", "An empty field does not work as kernel"),
        ("size", "1.5", "1.5 does not work as size: use a whole number from 1 to 1024."),
        ("size", "5000", "5000 does not work as size"),
    ],
)
def test_bad_input_is_explained_and_the_picture_stays(card, name, typed, sentence):
    entry = field(card, name)
    entry.fill(typed)
    entry.blur()
    expect(card.locator(".cv-note")).to_contain_text(sentence)
    expect(say(card)).to_contain_text("Output 3 × 3")
    assert entry.get_attribute("aria-invalid") == "true"


def test_a_large_input_is_drawn_to_scale(card):
    card.get_by_role("combobox", name="example").select_option("AlexNet's first layer")
    expect(say(card)).to_contain_text("Output 55 × 55 · window 1 of 3025")
    assert card.locator(".wd-cell:visible").count() == 0
    whole = card.locator(".os-layer .wd-input").first.bounding_box()
    output = card.locator(".os-layer .wd-output").bounding_box()
    assert output["width"] / whole["width"] == pytest.approx(55 / 227, rel=0.03)
    press(card, "End")
    window = card.locator(".os-layer .wd-window").first
    settle(card)
    assert window.bounding_box()["x"] - whole["x"] == pytest.approx(
        whole["width"] * 216 / 227, abs=3
    )
    card.get_by_role("combobox", name="example").select_option("the same on 224 × 224")
    expect(formula(card)).to_contain_text("⌊213 / 4⌋ + 1 = ⌊53.25⌋ + 1 = 53 + 1 = 54")
    expect(formula(card)).to_contain_text("1 row at the bottom and 1 column on the right")


def test_every_example_is_named_while_it_is_on_show(card):
    examples = card.get_by_role("combobox", name="example")
    names = examples.locator("option").all_text_contents()[1:]
    assert len(names) >= 6
    for name in names:
        examples.select_option(name)
        expect(examples).to_have_value(name)
        expect(card.locator(".cv-note")).to_be_hidden()
    view(card, "a chain")
    names = examples.locator("option").all_text_contents()[1:]
    for name in names:
        examples.select_option(name)
        expect(examples).to_have_value(name)
        expect(card.locator(".cv-note")).to_be_hidden()


def table(card):
    rows = card.locator(".os-same tbody tr:visible")
    return [row.locator("td").all_text_contents() for row in rows.all()]


def test_both_kinds_of_same_agree_for_odd_kernels_and_stride_1(card):
    view(card, "same ≠ same")
    fill(card, stride=1)
    assert table(card) == [["1", "1", "−1", "5"], ["1", "1", "−1", "5"]]
    expect(card.locator(".os-why").first).to_contain_text("Here both put 1 before and 1 after.")


def test_an_even_kernel_parts_them(card):
    view(card, "same ≠ same")
    fill(card, stride=1)
    card.get_by_role("button", name="try kernel 4").click()
    assert table(card) == [["2", "1", "−2", "5"], ["1", "2", "−1", "5"]]
    expect(card.locator(".os-why").first).to_contain_text(
        "3 zeros cannot be shared evenly. NumPy and SciPy put the one too many before"
    )
    press(card, "ArrowRight")
    expect(say(card)).to_contain_text(
        "Window 2 of 5 starts at cell −1 in NumPy and SciPy, at 0 in TensorFlow and Keras."
    )


def test_a_stride_parts_them_and_their_inputs_stand_above_each_other(card):
    view(card, "same ≠ same")
    fill(card, size=6)
    assert table(card) == [["1", "1", "−1", "3"], ["0", "1", "0", "3"]]
    expect(card.locator(".os-why").first).to_contain_text(
        "TensorFlow and Keras add only what their 3 windows need: 1."
    )
    inputs = card.locator(".os-same .wd-cell:not(.ghost)")
    first = [card.locator(".os-same .wd-input").nth(i).locator(".wd-cell:not(.ghost)").first
             for i in range(2)]  # fmt: skip
    assert inputs.count() > 12
    assert first[0].bounding_box()["x"] == pytest.approx(first[1].bounding_box()["x"], abs=1)


def test_the_two_kinds_along_both_axes(show):
    page = show(OutputSize(view="same", input_size=[5, 6], kernel_size=[3, 4], stride=[1, 1]))
    card = page.locator(".cv")
    assert table(card) == [
        ["1", "1", "−1", "5"], ["1", "1", "−1", "5"], ["2", "1", "−2", "6"], ["1", "2", "−1", "6"],
    ]  # fmt: skip
    expect(card.locator(".os-axis").nth(1)).to_have_text("along the columns")


def chain_sizes(card):
    return card.locator(".os-size").all_text_contents()


def test_a_chain(card):
    view(card, "a chain")
    card.get_by_role("combobox", name="example").select_option("AlexNet")
    widget = OutputSize(view="chain", chain_input=227, chain=ALEXNET)
    expected = [f"{rows} × {cols}" for rows, cols in widget.chain_sizes]
    assert expected[-1] == "6 × 6"
    assert chain_sizes(card) == expected
    press(card, "ArrowRight")
    expect(say(card)).to_contain_text("Layer 2, pool 3 × 3, stride 2: 55 × 55 → 27 × 27")
    expect(formula(card)).to_contain_text("⌊(55 + 2·0 − 3) / 2⌋ + 1 = ⌊52 / 2⌋ + 1 = 26 + 1 = 27")
    bars = card.locator(".os-bar")
    ratio = bars.nth(1).bounding_box()["width"] / bars.nth(0).bounding_box()["width"]
    assert ratio == pytest.approx(55 / 227, rel=0.02)


def test_layers_are_edited_added_and_removed(card):
    view(card, "a chain")
    card.get_by_role("button", name="2 pool 2 × 2, stride 2").click()
    expect(card.locator(".os-editing")).to_have_text("layer 2")
    fill(card, kernel=3)
    assert chain_sizes(card) == ["32 × 32", "32 × 32", "15 × 15", "15 × 15", "7 × 7"]
    expect(card.locator(".os-over").nth(2)).to_have_text("1 left over")
    card.get_by_role("button", name="add a layer").click()
    expect(card.locator(".os-editing")).to_have_text("layer 3")
    card.get_by_role("combobox", name="kind").select_option("pool")
    card.get_by_role("combobox", name="padding").select_option("number")
    expect(field(card, "on each side")).to_be_visible()
    fill(card, on_each_side=2, kernel=4)
    assert chain_sizes(card)[3] == "16 × 16"
    card.get_by_role("button", name="remove").click()
    assert len(chain_sizes(card)) == 5
    for _ in range(4):
        card.get_by_role("button", name="remove").click()
    expect(card.locator(".cv-note")).to_contain_text("A chain needs at least one layer.")
    fill(card, size=10)
    assert chain_sizes(card)[0] == "10 × 10"


@pytest.mark.parametrize(
    ("button", "sizes"),
    [
        ("layer 2: padding 1", ["5", "2", "2"]),
        ("layer 2: kernel 2", ["5", "2", "1"]),
        ("start with 7", ["7", "3", "1"]),
        ("without layer 2", ["5", "2"]),
    ],
)
def test_a_layer_that_does_not_fit_is_named_and_mended(show, button, sizes):
    page = show(
        OutputSize(view="chain", dimensions=1, chain_input=9, chain=["conv 3 s2", "conv 3"])
    )
    card = page.locator(".cv")
    fill(card, size=5)
    note = card.locator(".cv-note")
    expect(note).to_contain_text(
        "Layer 2, conv 3: A kernel of 3 cells does not fit an input of 2: it sticks out by 1."
    )
    assert chain_sizes(card) == ["9", "4", "2"]
    note.get_by_role("button", name=button).click()
    assert chain_sizes(card) == sizes
    expect(note).to_be_hidden()


def test_predicting_hides_all_that_tells_the_size(card):
    card.get_by_label("predict first").check()
    expect(say(card)).to_contain_text("How large is the output?")
    expect(card.locator(".wd-output")).to_be_hidden()
    expect(card.locator(".cv-play")).to_be_hidden()
    assert card.locator(".cv-formula").inner_text().strip() == ""
    press(card, "ArrowRight")
    assert np.argwhere(has(classes(card, "input", 7), "inside")).min(0).tolist() == [0, 0]
    expect(predict(card, "2")).to_contain_text("⌊4 / 2⌋ = 2 is how often the kernel moves on")
    expect(card.locator(".wd-output")).to_be_hidden()
    card.get_by_label("Your prediction").fill("3 × 3")
    card.get_by_label("Your prediction").press("Enter")
    expect(card.locator(".cv-verdict")).to_have_text(re.compile(r"Right: 3 × 3\."))
    expect(card.locator(".wd-output")).to_be_visible()
    expect(formula(card)).to_contain_text("⌊(5 + 2·1 − 3) / 2⌋")
    fill(card, size=7)
    expect(say(card)).to_contain_text("How large is the output?")


@pytest.mark.parametrize(
    ("state", "typed", "words"),
    [
        ({}, "5", "That is the size for stride 1"),
        ({"stride": 1}, "3", "You left out the padding"),
        ({"stride": 1}, "4", "is how often the kernel moves on"),
        (PLAIN | {"input_size": 6, "stride": 2}, "2,5", "1.5 is no whole number of steps"),
        (PLAIN | {"input_size": 6, "stride": 2}, "3", "You rounded 1.5 up"),
        (PLAIN | {"dilation": 2, "input_size": 9}, "7", "You left out the dilation"),
        (PLAIN | {"input_size": 8}, "9", "You did not take off the kernel"),
        (PLAIN, "3 × 4", "One too many"),
        (PLAIN, "three", "“three” is not a number"),
        (PLAIN, "", "Type the number that you expect."),
        ({"dimensions": 1}, "3 × 3", "a single number"),
        ({"input_size": [5, 7]}, "3", "type both sizes, as in 3 × 4"),
        ({"input_size": [5, 7]}, "3 × 5", "Rows: Right: 3. Columns:"),
    ],
)
def test_wrong_sizes_are_diagnosed(show, state, typed, words):
    card = show(OutputSize(answer="hidden", **state)).locator(".cv")
    expect(predict(card, typed)).to_contain_text(words)
    expect(card.get_by_role("button", name="check")).to_be_visible()


def test_unequal_sizes_are_predicted_together(show):
    card = show(OutputSize(answer="hidden", input_size=[5, 7])).locator(".cv")
    expect(predict(card, "3 x 4")).to_contain_text("Right: 3 × 4.")


def test_show_gives_the_answer_away(show):
    card = show(OutputSize(answer="hidden")).locator(".cv")
    card.get_by_role("button", name="show", exact=True).click()
    expect(say(card)).to_contain_text("Output 3 × 3")
    press(card, "ArrowRight")
    expect(say(card)).to_contain_text("window 2 of 9")


@pytest.mark.parametrize(
    ("typed", "words"),
    [
        ("2", "how many it puts after"),
        ("3", "all of its zeros"),
        ("1.5", "Half a zero"),
        ("7", "Count what it needs: its 6 windows reach over (6 − 1)·1 + 4 = 9 cells"),
    ],
)
def test_the_zeros_of_tensorflow_are_predicted(show, typed, words):
    state = {"view": "same", "input_size": 6, "kernel_size": 4, "stride": 1, "answer": "hidden"}
    card = show(OutputSize(**state)).locator(".cv")
    expect(say(card)).to_contain_text("How many zeros does TensorFlow put before the input?")
    assert table(card)[1] == ["?", "?", "?", "6"]
    expect(predict(card, typed)).to_contain_text(words)
    expect(predict(card, "1")).to_contain_text("Right: 1.")
    assert table(card)[1] == ["1", "2", "−1", "6"]


def test_numpys_zeros_are_recognised(show):
    state = {"view": "same", "input_size": 6, "kernel_size": 5, "stride": 3, "answer": "hidden"}
    card = show(OutputSize(**state)).locator(".cv")
    expect(predict(card, "2")).to_contain_text("That is what NumPy and SciPy put before.")


def test_a_chain_is_predicted_layer_by_layer(show):
    page = show(OutputSize(view="chain", chain_input=28, chain=["conv 3", "pool 2 s2"],
                           dimensions=1, answer="hidden"))  # fmt: skip
    card = page.locator(".cv")
    assert chain_sizes(card) == ["28", "?", "?"]
    expect(predict(card, "25")).to_contain_text("25 is how often the kernel moves on")
    expect(predict(card, "26")).to_contain_text("Right: 26.")
    assert chain_sizes(card) == ["28", "26", "?"]
    card.get_by_role("button", name="next").click()
    expect(card.get_by_label("Your prediction")).to_be_focused()
    expect(predict(card, "13")).to_contain_text("Right: 13.")
    assert chain_sizes(card) == ["28", "26", "13"]


def test_playing_a_chain_waits_for_the_prediction(show):
    card = show(OutputSize(view="chain", answer="hidden")).locator(".cv")
    card.page.clock.install()
    press(card, " ")
    card.page.clock.run_for(5000)
    expect(say(card)).to_contain_text("Layer 1")


def test_an_address_restores_the_state(show):
    query = (
        "?widget=outputsize-2&input_size=6,9&kernel_size=2,3&padding=1,0;0,2&stride=1,2"
        "&answer=hidden&hide=usage,example"
    )
    page = show(OutputSize(), OutputSize(), query=query)
    first, second = page.locator(".cv").all()
    expect(say(first)).to_contain_text("Output 3 × 3")
    expect(say(second)).to_contain_text("How large is the output?")
    widget = OutputSize(
        input_size=[6, 9], kernel_size=[2, 3], padding=[[1, 0], [0, 2]], stride=[1, 2]
    )
    rows, cols = widget.output_size
    expect(predict(second, f"{rows} × {cols}")).to_contain_text("Right")
    expect(field(second, "right")).to_have_value("2")
    expect(second.locator("[data-part=usage]")).to_be_hidden()
    expect(second.locator("[data-part=stride]").locator("input").first).to_be_visible()


def test_an_address_opens_a_chain(show):
    page = show(
        OutputSize(),
        query="?widget=outputsize&view=chain&chain_input=64&chain=conv 7 s2 p3,pool 3 s2 p1&step=1",
    )
    card = page.locator(".cv")
    assert chain_sizes(card) == ["64 × 64", "32 × 32", "16 × 16"]
    expect(say(card)).to_contain_text("Layer 2")


@pytest.mark.parametrize(
    ("query", "sentence"),
    [
        ("stride=0", "A stride of 0 does not work"),
        ("kernel_size=three", "A kernel size of three does not work"),
        ("padding=sme", "padding of sme does not work"),
        ("padding=1,2", "A padding of [1,2] does not work"),
        ("dimensions=1&input_size=4,5", "use one number in one dimension"),
        ("view=all", "no view called all"),
        ("view=chain&chain=dense 3", "“dense 3” is no layer"),
        ("kernel_size=9", "does not fit an input of 5 with 2·1 of padding"),
    ],
)
def test_an_address_that_does_not_fit_is_explained(show, query, sentence):
    page = show(OutputSize(), query=f"?widget=outputsize&{query}")
    expect(page.locator(".cv-note")).to_contain_text(sentence)
    expect(page.locator(".cv-say")).to_contain_text("Output 3 × 3")


def test_the_link_leads_back_to_the_same_state(show):
    page = show(OutputSize())
    card = page.locator(".cv")
    card.get_by_label("rows and columns alike").uncheck()
    card.get_by_label("before ≠ after").check()
    fill(card, below=3, kernel_columns=2)
    press(card, "ArrowRight")
    before = card.locator(".cv-arithmetic").inner_text()
    card.get_by_role("button", name="Link to this state").click()
    address = card.get_by_label("Address of this state").input_value()
    values = parse_qs(urlparse(address).query, separator="&")
    assert values["padding"] == ["1,3;1,1"]
    page.goto(address)
    page.locator("[data-ready]").wait_for()
    again = page.locator(".cv")
    expect(again.locator(".cv-arithmetic")).to_have_text(before)
    expect(field(again, "below")).to_have_value("3")


def test_present_makes_cells_larger(card):
    cell = card.locator(".os-layer .wd-input .wd-cell").first
    small = cell.bounding_box()["width"]
    card.get_by_role("button", name="Present full screen").click()
    expect(card).to_have_class(re.compile("cv-presenting"))
    assert cell.bounding_box()["width"] > 1.2 * small


def test_a_step_is_announced_politely(card):
    press(card, "ArrowRight", "ArrowRight")
    expect(card.locator("[aria-live=polite]")).to_contain_text(
        "window 3 of 9 fills row 0, column 2"
    )


@pytest.mark.parametrize("name", ["one layer", "same ≠ same", "a chain"])
@pytest.mark.parametrize("state", [{}, {"input_size": [20, 30], "padding": [[1, 2], [3, 4]]}])
def test_nothing_is_wider_than_the_smallest_screen(show, name, state):
    page = show(OutputSize(**state), width=320, height=700)
    unfold(page)
    view(page.locator(".cv"), name)
    assert page.evaluate("document.documentElement.scrollWidth") <= 320
    stage = page.locator(".cv-stage")
    assert stage.evaluate("e => e.scrollWidth <= e.clientWidth")
    for control in page.locator(".cv :is(button, select, input):visible").all():
        box = control.bounding_box()
        assert box["x"] >= 0
        assert box["x"] + box["width"] <= 320


def test_reduced_motion_is_obeyed(show):
    page = show(OutputSize(), reduced_motion="reduce")
    page.locator(".cv-stage").focus()
    page.keyboard.press("ArrowRight")
    assert page.locator(".cv").evaluate("e => e.getAnimations({ subtree: true }).length") == 0


def test_python_and_picture_agree(show):
    rng = np.random.default_rng(3)
    widgets = [
        OutputSize(
            input_size=rng.integers(6, 15, 2).tolist(), kernel_size=rng.integers(1, 5, 2).tolist(),
            padding=rng.integers(0, 3, (2, 2)).tolist(), stride=rng.integers(1, 4, 2).tolist(),
        )
        for _ in range(4)
    ]  # fmt: skip
    page = show(*widgets)
    for widget, card in zip(widgets, page.locator(".cv").all(), strict=True):
        rows, cols = widget.output_size
        expect(say(card)).to_contain_text(f"Output {rows} × {cols} ·")
        assert card.locator(".wd-output .wd-cell:visible").count() == rows * cols
