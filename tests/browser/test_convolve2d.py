"""Convolve2D, driven as readers drive it: mouse, keyboard, touch, address, bad input."""

import re
from urllib.parse import parse_qs, urlparse

import numpy as np
import pytest
from hands import drag, middle, paste, predict, press, settle, touch
from playwright.sync_api import expect
from scipy import ndimage, signal

from helpers.widgets import Convolve2D

RAMP = [[1, 2, 3, 4, 5]] * 5
KERNEL = [[1, 2, 0], [0, 0, 3], [-1, 0, 0]]
OUTPUT = signal.convolve2d(RAMP, KERNEL, "same")
ASKEW = [[1, 7, 2], [0, 3, 9], [5, 1, 4]]  # no two of its rows, columns or corners are alike


@pytest.fixture
def card(show):
    return show(Convolve2D()).locator(".cv")


def stage(card):
    return card.locator(".cv-stage")


def say(card):
    return card.locator(".cv-say")


def field(card, name):
    return card.locator(".cv-stage, .cv-settings").get_by_label(name, exact=True)


def as_number(text):
    top, _, bottom = text.replace("−", "-").partition("/")
    return float(top) / float(bottom or 1)


def grid(card, place, cells=".cv-cell"):
    """Return the numbers of a grid as a flat list, row by row; None where a cell is empty."""
    texts = card.locator(f".{place} {cells}").evaluate_all(
        "(cells) => cells.map((cell) => cell.value ?? cell.textContent)"
    )
    return [as_number(text) if text else None for text in texts]


def test_steps_show_window_products_and_sum(card):
    press(card, *["ArrowRight"] * 7)
    expect(say(card)).to_contain_text(
        "y[1, 2] = 2·0 + 3·0 + 4·(−1) + 2·3 + 3·0 + 4·0 + 2·0 + 3·2 + 4·1"
        "= 0 + 0 − 4 + 6 + 0 + 0 + 0 + 6 + 4 = 12"
    )
    assert grid(card, "products") == [0, 0, -4, 6, 0, 0, 0, 6, 4]
    assert grid(card, "output")[:8] == [*OUTPUT.ravel()[:8]]
    assert grid(card, "output")[8:] == [None] * 17
    assert card.locator(".image .in-window").count() == 9
    assert card.locator(".cv-window-cells span").all_text_contents() == [
        f"×{weight}".replace("-", "−") for weight in np.ravel(KERNEL)[::-1]
    ]


def test_rows_1_to_5_under_ones(card):
    card.get_by_role("combobox", name="kernel").select_option("ones")
    field(card, "valid").check()
    press(card, "End")
    assert grid(card, "output") == [18, 27, 36] * 3


def test_arrow_keys_go_in_all_four_directions(card):
    press(card, "ArrowDown", "ArrowDown", "ArrowRight")
    expect(say(card)).to_contain_text("y[2, 1] =")
    press(card, "ArrowUp")
    expect(say(card)).to_contain_text("y[1, 1] =")
    press(card, "Home", "ArrowUp", "ArrowLeft")
    expect(say(card)).to_contain_text("y[0, 0] =")
    press(card, "End", "ArrowDown", "ArrowRight")
    expect(say(card)).to_contain_text("y[4, 4] =")
    # To the right of the last column lies the next row.
    press(card, "Home", *["ArrowRight"] * 5)
    expect(say(card)).to_contain_text("y[1, 0] =")


def test_play_fills_every_cell_and_stops(card):
    field(card, "valid").check()
    card.get_by_label("speed").select_option("fast")
    press(card, " ")
    expect(card.get_by_role("button", name="pause")).to_be_visible()
    expect(card.get_by_role("button", name="play")).to_be_visible(timeout=8000)
    assert grid(card, "output") == [*signal.convolve2d(RAMP, KERNEL, "valid").ravel()]


def test_slider_and_output_cells_choose_the_step(card):
    card.get_by_label("output position").fill("11")
    expect(say(card)).to_contain_text("y[2, 1] =")
    card.locator(".output .cv-cell").nth(18).click()
    expect(say(card)).to_contain_text("y[3, 3] =")


def box_of(locator):
    settle(locator)
    return locator.bounding_box()


def drag_window(card, rows, cols):
    pitch = card.locator(".image .cv-cell").first.bounding_box()["width"] + 4
    drag(card.locator(".cv-window"), cols * pitch, rows * pitch)


def test_dragging_the_window_moves_it_both_ways(card):
    drag_window(card, 2, 3)
    expect(say(card)).to_contain_text("y[2, 3] =")
    drag_window(card, -1, -2)
    expect(say(card)).to_contain_text("y[1, 1] =")
    drag_window(card, 40, 40)
    expect(say(card)).to_contain_text("y[4, 4] =")


def test_dragging_snaps_to_strides(card):
    field(card, "stride across").fill("2")
    drag_window(card, 1, 2)
    expect(say(card)).to_contain_text("y[1, 1] =")
    cell = card.locator(".image .cv-cell").nth(9).bounding_box()
    box = box_of(card.locator(".cv-window"))
    assert box["x"] == pytest.approx(cell["x"], abs=1)


def test_a_click_on_the_window_goes_to_the_cell_below(card):
    card.page.mouse.click(*middle(card.locator(".cv-window")))
    expect(field(card, "x[0, 0]")).to_be_focused()


@pytest.fixture
def phone(show):
    return show(Convolve2D(), width=390, height=700, has_touch=True, is_mobile=True)


def test_a_touch_sideways_drags_the_window(phone):
    x, y = middle(phone.locator(".cv-window"))
    pitch = phone.locator(".image .cv-cell").first.bounding_box()["width"] + 3
    touch(phone, *[(x + part * 2 * pitch, y + part * pitch) for part in (0, 0.3, 0.7, 1)])
    expect(say(phone)).to_contain_text("y[1, 2] =")
    assert phone.evaluate("scrollY") == 0


def test_a_touch_downwards_scrolls_the_page_and_leaves_the_window(phone):
    assert phone.locator(".cv-window").evaluate("e => getComputedStyle(e).touchAction") == "pan-y"
    x, y = middle(phone.locator(".cv-window"))
    touch(phone, *[(x, y - up) for up in (0, 40, 90, 160)])
    phone.wait_for_function("scrollY > 40")
    expect(say(phone)).to_contain_text("y[0, 0] =")


def test_the_grip_drags_in_any_direction(phone):
    grip = phone.locator(".cv-grip")
    expect(grip).to_be_visible()
    assert grip.evaluate("e => getComputedStyle(e).touchAction") == "none"
    x, y = middle(grip)
    pitch = phone.locator(".image .cv-cell").first.bounding_box()["width"] + 3
    touch(phone, *[(x, y + part * 3 * pitch) for part in (0, 0.3, 0.7, 1)])
    expect(say(phone)).to_contain_text("y[3, 0] =")
    assert phone.evaluate("scrollY") == 0


def test_the_flip_is_a_half_turn_and_changes_the_output(card):
    press(card, "End")
    card.get_by_text("as it is (cross-correlation)").click()
    turns = card.locator(".applied .cv-grid").evaluate(
        "(grid) => grid.getAnimations().map((a) => a.effect.getKeyframes()[0].transform)"
    )
    assert turns == ["rotate(-180deg)"]
    upright = card.locator(".applied .cv-cell").evaluate_all(
        "(cells) => cells.flatMap((cell) => cell.getAnimations())"
        ".filter((a) => !a.transitionProperty).length"
    )
    assert upright == 9
    assert grid(card, "applied") == [*np.ravel(KERNEL)]
    assert grid(card, "output") == [*signal.correlate2d(RAMP, KERNEL, "same").ravel()]
    expect(card.locator(".applied")).to_contain_text("as it is")
    turn = card.get_by_role("button", name="Turn the kernel by 180°")
    expect(turn).to_have_attribute("aria-pressed", "false")
    turn.click()
    expect(field(card, "turned by 180° (convolution)")).to_be_checked()
    assert grid(card, "applied") == [*np.ravel(KERNEL)[::-1]]
    expect(card.locator(".applied")).to_contain_text("turned by 180°")


def test_reduced_motion_is_obeyed(show):
    page = show(Convolve2D(), reduced_motion="reduce")
    page.get_by_text("as it is (cross-correlation)").click()
    assert page.locator(".cv2d").evaluate("s => s.getAnimations({ subtree: true }).length") == 0


@pytest.mark.parametrize(
    ("kernel", "expected"),
    [
        ("identity", RAMP),
        ("mean", signal.convolve2d(RAMP, np.ones((3, 3)) / 9, "same")),
        ("Laplacian", signal.convolve2d(RAMP, [[0, 1, 0], [1, -4, 1], [0, 1, 0]], "same")),
        ("sharpen", signal.convolve2d(RAMP, [[0, -1, 0], [-1, 5, -1], [0, -1, 0]], "same")),
        ("shift", [[0, 1, 2, 3, 4]] * 5),
    ],
)
def test_ready_made_kernels(card, kernel, expected):
    card.get_by_role("combobox", name="kernel").select_option(kernel)
    press(card, "End")
    np.testing.assert_allclose(grid(card, "output"), np.ravel(expected), atol=1e-3)


def test_sobel_x_finds_the_slope_whichever_way_it_is_laid(card):
    card.get_by_role("combobox", name="kernel").select_option("Sobel x")
    field(card, "valid").check()
    press(card, "End")
    turned = grid(card, "output")
    card.get_by_text("as it is (cross-correlation)").click()
    assert turned == [-value for value in grid(card, "output")]
    assert set(map(abs, turned)) == {8}


def test_a_dot_shows_the_kernel_itself(card):
    card.get_by_role("combobox", name="image").select_option("one dot")
    press(card, "End")
    found = np.reshape(grid(card, "output"), (5, 5))
    assert found[1:4, 1:4].tolist() == KERNEL
    card.get_by_text("as it is (cross-correlation)").click()
    found = np.reshape(grid(card, "output"), (5, 5))
    assert found[1:4, 1:4].tolist() == np.flip(KERNEL).tolist()


def test_fractions_stay_fractions(card):
    card.get_by_role("combobox", name="kernel").select_option("mean")
    expect(field(card, "w[0, 0]")).to_have_value("1/9")
    expect(say(card)).to_contain_text("+ 2·1/9")


@pytest.mark.parametrize("mode", ["zeros", "reflect", "symmetric", "edge", "wrap"])
def test_ghost_cells_take_the_values_of_their_mode(card, mode):
    field(card, "full").check()
    field(card, mode).check()
    padded = np.pad(RAMP, 2, mode={"zeros": "constant"}.get(mode, mode))
    assert grid(card, "image") == [*padded.ravel()]
    assert card.locator(".image .ghost").count() == 81 - 25


def named(card, library):
    entry = card.locator(".cv2d-names div").filter(has_text=re.compile(f"^{library}"))
    return entry.locator("dd").text_content()


@pytest.mark.parametrize("mode", ["zeros", "reflect", "symmetric", "edge", "wrap"])
def test_the_names_elsewhere_are_right(card, call_module, mode):
    import tensorflow as tf

    field(card, mode).check()
    image, kernel = np.array([[1.0, 2, 3], [4, 5, 6], [7, 8, 10]]), np.array(ASKEW, float)
    options = {"padding": "same", "mode": mode}
    trace = call_module(
        "arithmetic/convolution2d.mjs", "trace2d", image.tolist(), kernel.tolist(), options
    )
    ours = np.reshape([step["sum"] for step in trace["steps"]], (3, 3))
    padded = np.pad(image, 1, mode=named(card, "NumPy"))
    np.testing.assert_allclose(padded, trace["padded"])
    np.testing.assert_allclose(
        ndimage.convolve(image, kernel, mode=named(card, "SciPy ndimage")), ours
    )
    boundary = named(card, "SciPy signal")
    if boundary != "no such mode":
        np.testing.assert_allclose(
            signal.convolve2d(image, kernel, "same", boundary=boundary), ours
        )
    else:
        assert mode in ("reflect", "edge")
    tensorflow = named(card, "TensorFlow")
    if tensorflow != "no such mode":
        np.testing.assert_allclose(tf.pad(image, [[1, 1], [1, 1]], mode=tensorflow), padded)
    else:
        with pytest.raises(Exception, match="mode"):
            tf.pad(image, [[1, 1], [1, 1]], mode=mode.upper())


def test_a_ghost_points_at_the_cell_it_repeats(card):
    field(card, "reflect").check()
    ghost = card.locator(".image .ghost").first
    expect(ghost).to_have_attribute("title", "ghost cell: the same as x[1, 1]")
    card.locator(".image .ghost").last.hover()
    source = card.locator(".source")
    expect(source).to_have_count(1)
    assert source.get_attribute("aria-label") == "x[3, 3]"
    card.locator("h3").hover()
    expect(card.locator(".source")).to_have_count(0)


def test_padding_and_stride_each_have_two_directions(card):
    field(card, "a number").check()
    field(card, "on each side down").fill("2")
    field(card, "stride across").fill("2")
    formula = card.locator(".cv-formula")
    expect(formula).to_contain_text("rows: ⌊(5 + 2·2 − 3) / 1⌋ + 1 = ⌊6 / 1⌋ + 1 = 6 + 1 = 7")
    expect(formula).to_contain_text("columns: ⌊(5 + 2·1 − 3) / 2⌋ + 1 = ⌊4 / 2⌋ + 1 = 2 + 1 = 3")
    assert card.locator(".output .cv-cell").count() == 21


def test_what_the_stride_steps_past_is_hatched_and_counted(card):
    field(card, "valid").check()
    field(card, "size of x columns").fill("6")
    field(card, "stride across").fill("2")
    expect(card.locator(".cv-formula")).to_contain_text(
        "⌊(6 + 2·0 − 3) / 2⌋ + 1 = ⌊3 / 2⌋ + 1 = ⌊1.5⌋ + 1 = 1 + 1 = 2"
    )
    expect(card.locator(".cv-formula")).to_contain_text(
        "1 column at the right, hatched, is never reached"
    )
    assert card.locator(".ignored").count() == 5


def test_dilation_spreads_the_window(card):
    field(card, "dilation down").fill("2")
    assert card.locator(".cv-window").evaluate("e => e.classList.contains('spread')")
    assert card.locator(".image .in-window").count() == 9
    window = box_of(card.locator(".cv-window"))
    cell = card.locator(".image .cv-cell").first.bounding_box()["width"]
    assert window["height"] == pytest.approx(5 * cell + 4 * 4, abs=1)
    assert window["width"] == pytest.approx(3 * cell + 2 * 4, abs=1)


def test_editing_a_cell_changes_the_sum_at_once(card):
    press(card, "End")
    field(card, "x[4, 4]").fill("10")
    expect(card.locator(".output .cv-cell").last).to_have_text(
        str(signal.convolve2d([*RAMP[:4], [1, 2, 3, 4, 10]], KERNEL, "same")[-1, -1])
    )
    field(card, "w[1, 1]").fill("−0,5")
    expect(card.locator(".applied .cv-cell").nth(4)).to_have_text("−0.5")


def test_a_grid_is_one_stop_of_the_tab_key_and_arrows_move_inside(card):
    assert card.locator(".image input[tabindex='0']").count() == 1
    field(card, "x[0, 0]").focus()
    keyboard = card.page.keyboard
    for key in ["ArrowDown", "ArrowRight", "ArrowRight", "ArrowUp"]:
        keyboard.press(key)
    expect(field(card, "x[0, 2]")).to_be_focused()
    keyboard.press("ArrowUp")
    expect(field(card, "x[0, 2]")).to_be_focused()
    keyboard.press("Shift+ArrowUp")
    expect(field(card, "x[0, 2]")).to_have_value("4")
    # While a number is being typed, left and right move the caret.
    keyboard.type("12")
    keyboard.press("ArrowLeft")
    keyboard.type("5")
    expect(field(card, "x[0, 2]")).to_have_value("152")
    expect(field(card, "x[0, 2]")).to_be_focused()
    keyboard.press("Tab")
    assert card.page.evaluate("document.activeElement.closest('.image') === null")
    keyboard.press("Shift+Tab")
    expect(field(card, "x[0, 2]")).to_be_focused()
    expect(say(card)).to_contain_text("y[0, 0] =")


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("1 2 3\n4 5 6\n", [[1, 2, 3], [4, 5, 6]]),
        ("1\t2\n3\t4", [[1, 2], [3, 4]]),
        ("1,2,3\n4,5,6", [[1, 2, 3], [4, 5, 6]]),
        ("0,5 1,5\n−2 1/4", [[0.5, 1.5], [-2, 0.25]]),
        ("[1 2; 3 4]", [[1, 2], [3, 4]]),
        ("[[1, 2],\n [3, 4]]", [[1, 2], [3, 4]]),
        ("array([[1., 2.], [3., 4.]])"[6:-1], [[1, 2], [3, 4]]),
        ("9 8 7 6 5 4 3 2 1", [[9, 8, 7], [6, 5, 4], [3, 2, 1]]),
    ],
)
def test_a_pasted_block_fills_the_grid(card, text, expected):
    paste(field(card, "w[1, 1]"), text)
    expect(card.locator(".written input")).to_have_count(np.size(expected))
    assert grid(card, "written") == [*np.ravel(expected)]
    expect(field(card, "size of w rows")).to_have_value(str(len(expected)))


@pytest.mark.parametrize(
    ("text", "sentence"),
    [
        ("1 2\n3", "The rows of the kernel differ: row 0 has 2 numbers, row 1 has 1."),
        ("1 2 3 4", "4 numbers in one row do not fill 3 × 3 cells: use 9 numbers"),
        ("\n".join(["1 2 3 4 5 6"] * 2), "The kernel has 2 × 6 cells: at most 5 × 5 fit here."),
    ],
)
def test_a_block_that_does_not_fit_is_explained(card, text, sentence):
    paste(field(card, "w[0, 0]"), text)
    expect(card.locator(".cv-note")).to_contain_text(sentence)
    assert grid(card, "written") == [*np.ravel(KERNEL)]
    # And nothing of it comes back with the next change.
    field(card, "stride down").fill("2")
    expect(card.locator(".cv-note")).to_be_hidden()
    assert grid(card, "written") == [*np.ravel(KERNEL)]


def test_rows_typed_into_a_cell_fill_the_grid(card):
    field(card, "x[0, 0]").fill("1 2; 3 4")
    field(card, "x[0, 0]").press("Enter")
    expect(card.locator(".image input")).to_have_count(4)
    assert grid(card, "image", "input") == [1, 2, 3, 4]


@pytest.mark.parametrize(
    ("label", "typed", "sentence"),
    [
        ("x[2, 1]", "abc", "“abc” is not a number: x[2, 1] stays 2."),
        ("w[0, 1]", "", "“” is not a number: w[0, 1] stays 2."),
        ("stride down", "0", "0 does not work as stride down: use a whole number from 1 to 9."),
        ("dilation across", "1.5", "1.5 does not work as dilation across"),
        ("size of x rows", "10", "10 does not work as size of x rows: use a whole number from 1"),
        ("size of w columns", "", "An empty field does not work as size of w columns"),
    ],
)
def test_bad_input_is_explained_and_the_picture_stays(card, label, typed, sentence):
    press(card, "End")
    control = field(card, label)
    control.fill(typed)
    control.blur()
    expect(card.locator(".cv-note")).to_contain_text(sentence)
    assert grid(card, "output") == [*OUTPUT.ravel()]
    assert control.input_value() == typed
    assert control.get_attribute("aria-invalid") == "true"


def test_a_kernel_that_does_not_fit_waits_for_more_padding(card):
    field(card, "valid").check()
    field(card, "size of x rows").fill("2")
    expect(card.locator(".cv-note")).to_contain_text(
        "Along the rows: A kernel of 3 cells does not fit an input of 2"
    )
    assert card.locator(".image input").count() == 25
    card.get_by_role("button", name="padding “same”").click()
    expect(field(card, "same")).to_be_checked()
    expect(card.locator(".image input")).to_have_count(10)
    expect(card.locator(".cv-note")).to_be_hidden()


def test_predicting_hides_the_answer_until_it_is_right(card):
    press(card, "End", "Home")
    card.get_by_label("predict first").check()
    press(card, *["ArrowRight"] * 6)
    assert card.locator(".output .cv-cell").nth(6).text_content() == "?"
    expect(say(card)).not_to_contain_text("·")
    assert grid(card, "products") == [None] * 9
    expect(predict(card, "-6")).to_contain_text("is not it. Multiply each cell of the window")
    card.get_by_label("Your prediction").fill("7")
    card.get_by_label("Your prediction").press("Enter")
    expect(card.locator(".cv-verdict")).to_contain_text("Right: y[1, 1] = 7.")
    expect(say(card)).to_contain_text("1·0 + 2·0 + 3·(−1)")
    card.get_by_role("button", name="next").click()
    expect(card.get_by_label("Your prediction")).to_be_focused()
    expect(say(card)).to_contain_text("y[1, 2] = ?")


IMAGE = [[3, 1, 4, 1, 5], [9, 2, 6, 5, 3], [5, 8, 9, 7, 9], [3, 2, 3, 8, 4], [6, 2, 6, 4, 3]]
CENTRE = (2, 2)
MIDDLE = 12


def value_at(position=CENTRE, image=IMAGE, kernel=ASKEW, **options):
    return signal.convolve2d(image, kernel, "same", **options)[position]


CORNER_MODES = {
    mode: ndimage.convolve(np.array(IMAGE), np.array(ASKEW), mode=name)[0, 0]
    for mode, name in {
        "reflect": "mirror", "symmetric": "reflect", "zeros": "constant",
    }.items()
}  # fmt: skip


@pytest.mark.parametrize(
    ("state", "typed", "words"),
    [
        ({}, value_at(kernel=np.flip(ASKEW)), "cross-correlation: the kernel was not turned"),
        ({"flip": False}, value_at(), "That is convolution: the kernel was turned by 180°"),
        ({}, value_at(kernel=np.fliplr(ASKEW)), "upside down only: by 180°, left and right"),
        ({}, value_at(kernel=np.flipud(ASKEW)), "left and right of the kernel only: by 180°, top"),
        ({}, value_at(kernel=np.transpose(ASKEW)), "The kernel's rows became its columns"),
        ({}, value_at((2, 3)), "One step too far right: that is y[2, 3]."),
        ({}, value_at((1, 2)), "One step too far up: that is y[1, 2]."),
        ({}, np.sum(IMAGE[1][1:4] + IMAGE[2][1:4] + IMAGE[3][1:4]), "sum of the window alone"),
        ({}, value_at() - 3 * 9, "One product is missing from the sum: 9·3 = 27."),
        ({"step": 0, "mode": "reflect"}, CORNER_MODES["zeros"], "with zeros outside"),
        ({"step": 0, "mode": "reflect"}, CORNER_MODES["symmetric"], "the value for “symmetric”"),
        ({"step": 0}, signal.convolve2d(IMAGE, ASKEW, "valid")[0, 0], "without padding"),
        ({"step": 4, "stride": 2}, value_at((1, 1)), "the value for stride 1"),
        ({"step": 12, "dilation": 2}, value_at(), "the value without dilation"),
        ({}, 1, "1 is not it. Multiply each cell of the window"),
        ({}, "three", "“three” is not a number"),
        ({}, "", "Type the number that you expect."),
    ],
)
def test_wrong_predictions_are_diagnosed(show, state, typed, words):
    page = show(
        Convolve2D(**{"image": IMAGE, "kernel": ASKEW, "step": MIDDLE, "answer": "hidden"} | state)
    )
    verdict = predict(page.locator(".cv"), str(typed))
    expect(verdict).to_contain_text(words)
    expect(page.locator(".output .now")).to_have_text("?")


def test_a_lost_sign_is_noticed(show):
    kernel = [[0, -1, 0], [-1, 5, -1], [0, -1, 0]]
    page = show(Convolve2D(image=IMAGE, kernel=kernel, step=MIDDLE, answer="hidden"))
    lost = np.sum(np.abs(np.array(IMAGE)[1:4, 1:4] * np.abs(kernel)))
    expect(predict(page.locator(".cv"), str(lost))).to_contain_text("a minus got lost")


def test_every_right_prediction_is_accepted(call_module):
    """Whatever slip happens to lead to the right value, the right value is right."""
    trace = call_module(
        "arithmetic/convolution2d.mjs",
        "trace2d",
        IMAGE,
        np.ones((3, 3)).tolist(),
        {"padding": "same"},
    )
    state = {"image": IMAGE, "kernel": np.ones((3, 3)).tolist(), "flip": True, "padding": "same"}
    state |= {"mode": "zeros", "stride": 1, "dilation": 1}
    for index, step in enumerate(trace["steps"]):
        verdict = call_module("convolve2d/state.mjs", "diagnose", state, trace, index, step["sum"])
        assert verdict["right"]


def test_playing_waits_for_the_prediction(show):
    page = show(Convolve2D(answer="hidden"))
    page.clock.install()
    stage(page).focus()
    page.keyboard.press(" ")
    page.clock.run_for(5000)
    expect(say(page)).to_contain_text("y[0, 0] = ?")


def test_an_address_restores_the_state(show):
    query = (
        "?widget=convolve2d-2&image=1,2,3;4,5,6;7,8,9&kernel=0,1;1,0&padding=1,0;0,2&stride=1,2"
        "&step=2&answer=hidden&hide=mode,names"
    )
    page = show(Convolve2D(), Convolve2D(), query=query)
    first, second = page.locator(".cv").all()
    assert grid(first, "written") == [*np.ravel(KERNEL)]
    assert grid(second, "written") == [0, 1, 1, 0]
    assert grid(second, "image", "input") == [*range(1, 10)]
    expect(say(second)).to_contain_text("y[1, 0] = ?")
    expect(second.locator(".cv-settings")).to_contain_text("1 above, 0 below, 0 left, 2 right")
    expect(second.locator(".cv-settings [data-part=mode]")).to_be_hidden()
    expect(second.locator(".cv-settings [data-part=names]")).to_be_hidden()
    expect(second.locator(".cv-settings [data-part=stride]")).to_be_visible()


@pytest.mark.parametrize(
    ("query", "sentence"),
    [
        ("stride=0", "stride of 0 does not work"),
        ("stride=1,2,3", "stride of 1,2,3 does not work: use one number, or one down"),
        ("kernel=1,x;2,3", "“x”, which is not a number"),
        ("kernel=1,2;3", "The rows of the kernel differ: row 0 has 2 numbers, row 1 has 1."),
        ("image=", "The image is empty"),
        ("padding=sme", "padding of sme does not work"),
        ("padding=1,2", "[before, after] for the rows and for the columns"),
        ("mode=mirror", "no padding mode mirror"),
        ("dilation=7&padding=full", "cells do not fit on the screen"),
    ],
)
def test_an_address_that_does_not_fit_is_explained(show, query, sentence):
    page = show(Convolve2D(), query=f"?widget=convolve2d&{query}")
    expect(page.locator(".cv-note")).to_contain_text(sentence)
    expect(say(page)).to_contain_text("y[0, 0] = 0·0")


def test_the_link_leads_back_to_the_same_state(show):
    page = show(Convolve2D())
    card = page.locator(".cv")
    field(card, "wrap").check()
    field(card, "x[1, 0]").fill("2.5")
    field(card, "stride down").fill("2")
    press(card, "ArrowRight")
    card.get_by_role("button", name="Link to this state").click()
    card.get_by_label("hide the answer").check()
    card.locator(".cv-share").get_by_label("names elsewhere").check()
    address = card.get_by_label("Address of this state").input_value()
    values = parse_qs(urlparse(address).query)
    assert values["image"] == ["1,2,3,4,5;2.5,2,3,4,5;" + ";".join(["1,2,3,4,5"] * 3)]
    assert values["stride"] == ["2,1"]
    page.goto(address)
    page.locator("[data-ready]").wait_for()
    again = page.locator(".cv")
    expect(field(again, "x[1, 0]")).to_have_value("2.5")
    expect(say(again)).to_contain_text("y[0, 1] = ?")
    expect(field(again, "wrap")).to_be_checked()
    expect(again.locator(".cv-settings [data-part=names]")).to_be_hidden()


def test_present_fills_the_screen_and_leaves_it(card):
    button = card.get_by_role("button", name="Present full screen")
    button.click()
    expect(card).to_have_class(re.compile("cv-presenting"))
    window = box_of(card.locator(".cv2d"))
    assert window["x"] >= 0 and window["x"] + window["width"] <= 1280
    button.click()
    expect(card).not_to_have_class(re.compile("cv-presenting"))


def test_a_step_is_announced_politely(card):
    press(card, "ArrowDown", "ArrowRight")
    expect(card.locator("[aria-live=polite]")).to_have_text(
        "y row 1, column 1 is 7: 1 times 0, plus 2 times 0, plus 3 times (−1), plus 1 times 3, "
        "plus 2 times 0, plus 3 times 0, plus 1 times 0, plus 2 times 2, plus 3 times 1"
    )


def test_the_picture_does_not_jump_from_step_to_step(card):
    heights = set()
    for _ in range(25):
        heights.add(card.evaluate("(e) => e.offsetHeight"))
        press(card, "ArrowRight")
    assert len(heights) == 1


LARGE = {
    "image": (np.arange(81).reshape(9, 9) % 10).tolist(),
    "kernel": (np.ones((5, 5)) / 25).tolist(),
    "padding": "full",
}


@pytest.mark.parametrize("state", [{}, LARGE], ids=["first", "largest"])
@pytest.mark.parametrize("width", [320, 768, 1280])
def test_nothing_but_the_stage_is_wider_than_the_screen(show, state, width):
    page = show(Convolve2D(**state), width=width, height=700)
    assert page.evaluate("document.documentElement.scrollWidth") <= width
    for control in page.locator(".cv :is(button, select, .cv-settings input):visible").all():
        box = control.bounding_box()
        assert box["x"] >= 0
        assert box["x"] + box["width"] <= width


def test_a_wide_picture_follows_the_window(show):
    page = show(Convolve2D(**LARGE), width=360, height=700, reduced_motion="reduce")
    card = page.locator(".cv")
    assert stage(card).evaluate("(e) => e.scrollWidth > e.clientWidth")
    for position in (12, 0):
        page.get_by_label("output position").fill(str(position))
        page.wait_for_function(
            """() => {
                const [stage, window] = [".cv-stage", ".cv-window"].map(
                    (name) => document.querySelector(name).getBoundingClientRect());
                return window.left >= stage.left - 1 && window.right <= stage.right + 1;
            }"""
        )


def test_python_and_picture_agree(show):
    rng = np.random.default_rng(5)
    widget = Convolve2D(
        image=rng.integers(-9, 10, (4, 6)), kernel=rng.integers(-3, 4, (2, 3)),
        padding=[[1, 0], [2, 1]], mode="symmetric", stride=[1, 2], dilation=[2, 1], flip=False,
    )  # fmt: skip
    card = show(widget).locator(".cv")
    press(card, "End")
    assert grid(card, "output") == [*widget.output.ravel()]
