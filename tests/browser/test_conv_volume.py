"""ConvVolume, driven as readers drive it: mouse, keyboard, touch, address, bad input."""

import re
from urllib.parse import parse_qs, urlparse

import numpy as np
import pytest
from hands import middle, paste, predict, press, touch
from playwright.sync_api import expect

from helpers.widgets import ConvVolume

FIRST = ConvVolume()
IMAGE, WEIGHTS, BIAS = (np.array(getattr(FIRST, n)) for n in ("image", "weights", "bias"))


def layer(image=IMAGE, weights=WEIGHTS, bias=BIAS, stride=2, padding=1):
    """Return what TensorFlow computes, of shape (rows, cols, kernels)."""
    import tensorflow as tf

    ghosts = [padding, padding]
    output = tf.nn.conv2d(
        np.array(image, float)[None], np.array(weights, float), stride,
        [[0, 0], ghosts, ghosts, [0, 0]],
    )  # fmt: skip
    return np.asarray(output)[0] + bias


OUTPUT = layer()


@pytest.fixture
def card(show):
    return show(ConvVolume()).locator(".cv")


def stage(card):
    return card.locator(".cv-stage")


def say(card):
    return card.locator(".cv-say")


def field(card, name):
    return card.locator(".cv-stage, .cv-settings").get_by_label(name, exact=True)


def as_number(text):
    return float(text.replace("−", "-")) if text else None


def numbers(cells):
    texts = cells.evaluate_all("(cells) => cells.map((cell) => cell.value ?? cell.textContent)")
    return [as_number(text) for text in texts]


def maps(card):
    """Return all feature maps, kernel by kernel and row by row."""
    return numbers(card.locator(".cvol-result .cv-grid .cv-cell"))


def in_order(output):
    return [*np.moveaxis(output, 2, 0).ravel()]


def test_the_example_of_5_by_5_by_3_becomes_3_by_3_by_2(card):
    press(card, "End")
    assert OUTPUT.shape == (3, 3, 2)
    assert maps(card) == in_order(OUTPUT)
    formula = card.locator(".cv-formula")
    expect(formula).to_contain_text("⌊(5 + 2·1 − 3) / 2⌋ + 1 = ⌊4 / 2⌋ + 1 = 2 + 1 = 3")
    expect(formula).to_contain_text("output: 3 × 3 × 2, one feature map for each kernel")
    expect(formula).to_contain_text("3·3·3·2 weights + 2 biases = 54 + 2 = 56")


def test_every_step_adds_27_products_and_a_bias(card):
    padded = np.pad(IMAGE, ((1, 1), (1, 1), (0, 0)))
    stage(card).focus()
    for index in range(18):
        kernel, row, col = np.unravel_index(index, (2, 3, 3))
        window = padded[2 * row : 2 * row + 3, 2 * col : 2 * col + 3]
        products = window * WEIGHTS[..., kernel]
        shown = numbers(card.locator(".cvol-slice.active .cvol-products .cv-cell"))
        assert shown == [*np.moveaxis(products, 2, 0).ravel()]
        sums = [int(products[..., c].sum()) for c in range(3)]
        texts = card.locator(".cvol-slice.active .cvol-partial").all_text_contents()
        assert texts == [f"sum {s}".replace("-", "−") for s in sums]
        total = f"{int(OUTPUT[row, col, kernel])}".replace("-", "−")
        expect(say(card)).to_contain_text(f"y[{row}, {col}, {kernel}] =")
        expect(card.locator(".cv-say .y")).to_have_text(total)
        card.page.keyboard.press("ArrowRight")


def test_the_arithmetic_is_written_out(card):
    press(card, "ArrowDown", "ArrowRight")
    expect(say(card)).to_contain_text(
        "channel 02·0 + 2·(−1) + 1·(−2) + 0·(−1) + 2·1 + 1·1 + 1·(−2) + 0·0 + 2·(−1) = −5"
    )
    expect(say(card)).to_contain_text("sum + bias−5 − 6 + 7 + 2 = −2")


def test_the_window_lies_on_every_channel(card):
    press(card, "ArrowRight", "ArrowRight")
    for channel in card.locator(".cvol-image").all():
        covered = channel.locator(".cv-cell").evaluate_all(
            "(cells) => cells.flatMap((c, i) => c.classList.contains('in-window') ? [i] : [])"
        )
        assert covered == [4, 5, 6, 11, 12, 13, 18, 19, 20]


def test_arrow_keys_go_in_all_four_directions(card):
    press(card, "ArrowDown", "ArrowRight", "ArrowDown", "ArrowUp")
    expect(say(card)).to_contain_text("y[1, 1, 0] =")
    press(card, "Home", "ArrowUp")
    expect(say(card)).to_contain_text("y[0, 0, 0] =")
    press(card, "End", "ArrowDown")
    expect(say(card)).to_contain_text("y[2, 2, 1] =")


def test_play_fills_every_cell_and_stops(card):
    field(card, "stride").fill("3")
    card.get_by_label("speed").select_option("fast")
    press(card, " ")
    expect(card.get_by_role("button", name="pause")).to_be_visible()
    expect(card.get_by_role("button", name="play")).to_be_visible(timeout=8000)
    assert maps(card) == in_order(layer(stride=3))


def test_kernels_maps_and_slider_choose_the_step(card):
    press(card, "ArrowRight")
    card.get_by_role("button", name="kernel 1").click()
    expect(say(card)).to_contain_text("y[0, 1, 1] =")
    assert card.locator(".cvol-slice.active .cv-editing input").count() == 27
    card.locator(".cvol-result").first.locator(".cv-grid .cv-cell").nth(7).click()
    expect(say(card)).to_contain_text("y[2, 1, 0] =")
    card.get_by_label("output position").fill("17")
    expect(say(card)).to_contain_text("y[2, 2, 1] =")


def test_dragging_one_window_moves_all(card):
    window = card.locator(".cv-window").nth(1)
    pitch = card.locator(".cvol-image .cv-cell").first.bounding_box()["width"] + 3
    x, y = middle(window)
    mouse = card.page.mouse
    mouse.move(x, y)
    mouse.down()
    mouse.move(x + pitch, y + pitch, steps=3)
    mouse.move(x + 2.2 * pitch, y + 4.1 * pitch, steps=5)
    expect(say(card)).to_contain_text("y[2, 1, 0] =")
    mouse.up()
    tops = {round(middle(other)[1]) for other in card.locator(".cv-window").all()}
    assert len(tops) == 1


def test_dragging_by_touch(show):
    page = show(ConvVolume(), width=390, height=700, has_touch=True, is_mobile=True)
    window = page.locator(".cv-window").first
    assert window.evaluate("e => getComputedStyle(e).touchAction") == "pan-y"
    pitch = page.locator(".cvol-image .cv-cell").first.bounding_box()["width"] + 3
    x, y = middle(window)
    touch(page, *[(x + 4 * pitch * part, y + 2 * pitch * part) for part in (0, 0.3, 0.6, 1)])
    expect(say(page)).to_contain_text("y[1, 2, 0] =")
    x, y = middle(window)
    touch(page, *[(x, y - up) for up in (0, 30, 80, 160)])
    page.wait_for_function("scrollY > 40")
    expect(say(page)).to_contain_text("y[1, 2, 0] =")


def test_every_number_can_be_edited(card):
    press(card, "End")
    image, weights, bias = IMAGE.copy(), WEIGHTS.copy(), BIAS.copy()
    image[4, 4, 1], weights[1, 1, 1, 1], bias[1] = 7, -3, 4
    field(card, "x[4, 4, 1]").fill("7")
    field(card, "w[1, 1, 1, 1]").fill("-3")
    field(card, "b[1]").fill("4")
    assert maps(card) == in_order(layer(image, weights, bias))


def test_a_block_fills_one_channel(card):
    block = "\n".join(" ".join("21012") for _ in range(5))
    paste(field(card, "x[0, 0, 2]"), block)
    expect(field(card, "x[3, 1, 2]")).to_have_value("1")
    expect(field(card, "x[3, 4, 2]")).to_have_value("2")
    expect(field(card, "x[3, 4, 1]")).to_have_value(str(IMAGE[3, 4, 1]))
    field(card, "w[0, 0, 0, 0]").fill("1 2; 3 4")
    field(card, "w[0, 0, 0, 0]").press("Enter")
    expect(card.locator(".cv-note")).to_contain_text("This block does not have 3 × 3 numbers")


def test_new_numbers_come_from_a_seed(card):
    before = numbers(card.locator(".cvol-image input"))
    card.get_by_role("button", name="new numbers").click()
    expect(field(card, "seed")).to_have_value("167")
    after = numbers(card.locator(".cvol-image input"))
    assert after != before
    assert set(after) == {0, 1, 2}
    drawn = ConvVolume.drawn(167)
    press(card, "End")
    assert maps(card) == in_order(drawn.output)
    field(card, "seed").fill("166")
    assert numbers(card.locator(".cvol-image input")) == before


def test_sizes_and_counts_change_and_numbers_stay_where_they_fit(card):
    for label, value in [("kernels", 3), ("channels", 2), ("size of x columns", 6)]:
        field(card, label).fill(str(value))
    press(card, "End")
    assert card.locator(".cvol-image").count() == 2
    assert card.locator(".cvol-result").count() == 3
    assert card.locator(".cvol-slice").count() == 6
    expect(field(card, "x[4, 4, 1]")).to_have_value(str(IMAGE[4, 4, 1]))
    expect(field(card, "w[2, 2, 1, 1]")).to_have_value(str(WEIGHTS[2, 2, 1, 1]).replace("-", "−"))
    expect(card.locator(".cv-formula")).to_contain_text("3·3·2·3 weights + 3 biases = 54 + 3 = 57")
    field(card, "kernel size").fill("2")
    expect(card.locator(".cv-formula")).to_contain_text("2·2·2·3 weights + 3 biases = 24 + 3 = 27")
    expect(card.locator(".cv-formula")).to_contain_text("output: 3 × 4 × 3")
    field(card, "kernels").fill("1")
    expect(card.locator(".cv-formula")).to_contain_text("2·2·2·1 weights + 1 bias = 8 + 1 = 9")


def test_cells_that_the_stride_never_reaches_are_hatched(card):
    field(card, "padding").fill("0")
    field(card, "size of x rows").fill("6")
    assert card.locator(".cvol-image").first.locator(".ignored").count() == 5


@pytest.mark.parametrize(
    ("label", "typed", "sentence"),
    [
        ("x[2, 1, 0]", "abc", "“abc” is not a number: x[2, 1, 0] stays"),
        ("b[0]", "", "“” is not a number: b[0] stays 2."),
        ("channels", "5", "5 does not work as channels: use a whole number from 1 to 4."),
        ("stride", "0", "0 does not work as stride: use a whole number from 1 to 3."),
        ("padding", "3", "3 does not work as padding"),
        ("seed", "-1", "-1 does not work as seed"),
        ("kernel size", "", "An empty field does not work as kernel size"),
    ],
)
def test_bad_input_is_explained_and_the_picture_stays(card, label, typed, sentence):
    press(card, "End")
    control = field(card, label)
    control.fill(typed)
    control.blur()
    expect(card.locator(".cv-note")).to_contain_text(sentence)
    assert maps(card) == in_order(OUTPUT)
    assert control.input_value() == typed
    assert control.get_attribute("aria-invalid") == "true"


def test_kernels_that_do_not_fit_wait_for_padding(card):
    field(card, "padding").fill("0")
    field(card, "size of x rows").fill("2")
    expect(card.locator(".cv-note")).to_contain_text("Along the rows: A kernel of 3 cells does not")
    assert card.locator(".cvol-image").first.locator("input").count() == 25
    field(card, "padding").fill("1")
    expect(card.locator(".cvol-image").first.locator("input")).to_have_count(10)


# Numbers so large that no two slips lead to the same sum.
RNG = np.random.default_rng(11)
LARGE = {
    "image": RNG.integers(10, 99, (5, 5, 3)),
    "weights": RNG.integers(-99, 99, (3, 3, 3, 2)),
    "bias": np.array([1234, 567]),
}
AT = (1, 1, 0)
ANSWER = layer(**LARGE)[AT]
WINDOW = LARGE["image"][1:4, 1:4]
PARTIALS = (WINDOW * LARGE["weights"][..., 0]).sum((0, 1))
MIRRORED = LARGE | {"weights": LARGE["weights"][::-1, ::-1]}


@pytest.mark.parametrize(
    ("typed", "words"),
    [
        (ANSWER - 1234, "The bias is missing: add 1234 at the end."),
        (ANSWER - 2468, "The bias is added, not taken off."),
        (ANSWER + 2468, "The bias is added once, not for each channel."),
        (ANSWER - 1234 + 567, "That is with the bias of kernel 1: kernel 0 has 1234."),
        (PARTIALS[2] + 1234, "That is channel 2 alone, with the bias"),
        (PARTIALS[0], "That is channel 0 alone: add the sums of all 3 channels, and the bias."),
        (ANSWER - PARTIALS[1], "Channel 1 is missing: its products add up to"),
        (PARTIALS[0] + PARTIALS[2], "Channel 1 and the bias are missing."),
        (layer(**LARGE)[1, 1, 1], "That is kernel 1 at this position: y[1, 1, 1]."),
        (layer(**MIRRORED)[AT], "You turned the kernels by 180°"),
        (layer(**LARGE)[1, 0, 0], "One step too far left: that is y[1, 0, 0]."),
        (layer(**LARGE, stride=1)[AT], "That is the value for stride 1"),
        (layer(**LARGE, padding=0)[AT], "without padding"),
        ((WINDOW * abs(LARGE["weights"][..., 0])).sum() + 1234, "a minus got lost"),
        (WINDOW.sum() + 1234, "sum of the windows and the bias"),
        (7, "7 is not it. Add the products of all 3 channels, then the bias 1234."),
        ("many", "“many” is not a number"),
        ("", "Type the number that you expect."),
    ],
)
def test_wrong_predictions_are_diagnosed(show, typed, words):
    page = show(ConvVolume(**LARGE, step=4, answer="hidden"))
    expect(predict(page.locator(".cv"), str(typed))).to_contain_text(words)
    expect(page.locator(".now")).to_have_text("?")


def test_predicting_hides_what_leads_to_the_answer(card):
    press(card, "End", "Home")
    card.get_by_label("predict first").check()
    texts = card.locator(".cvol-result .cv-grid .cv-cell").all_text_contents()
    assert texts == ["?"] + [""] * 17
    assert card.locator(".cvol-slice.active .cvol-partial").all_text_contents() == ["sum ?"] * 3
    expect(say(card)).not_to_contain_text("·")


def test_a_right_prediction_reveals_the_products(show):
    page = show(ConvVolume(step=4, answer="hidden"))
    products = page.locator(".cvol-slice.active .cvol-products .cv-cell")
    assert set(products.all_text_contents()) == {""}
    expect(predict(page.locator(".cv"), f"{OUTPUT[AT]:g}")).to_contain_text(
        "Right: y[1, 1, 0] = −2."
    )
    assert "" not in products.all_text_contents()
    page.get_by_role("button", name="next").click()
    expect(say(page)).to_contain_text("y[1, 2, 0] = ?")


def test_playing_waits_for_the_prediction(show):
    page = show(ConvVolume(answer="hidden"))
    page.clock.install()
    stage(page).focus()
    page.keyboard.press(" ")
    page.clock.run_for(5000)
    expect(say(page)).to_contain_text("y[0, 0, 0] = ?")


def test_the_link_leads_back_to_the_same_state(show):
    page = show(ConvVolume(), ConvVolume())
    card = page.locator(".cv").nth(1)
    field(card, "x[1, 0, 2]").fill("2.5")
    field(card, "kernels").fill("3")
    field(card, "stride").fill("1")
    press(card, "ArrowRight")
    card.get_by_role("button", name="Link to this state").click()
    card.get_by_label("hide the answer").check()
    card.locator(".cv-share").get_by_label("sizes and counts").check()
    address = card.get_by_label("Address of this state").input_value()
    assert parse_qs(urlparse(address).query)["image"][0].startswith("1,1,1;2,1,0;0,0,1;2,0,2")
    page.goto(address)
    again = page.locator(".cv-widget").nth(1)
    again.and_(page.locator("[data-ready]")).wait_for()
    expect(field(again, "x[1, 0, 2]")).to_have_value("2.5")
    expect(again.locator(".cvol-result")).to_have_count(3)
    expect(say(again)).to_contain_text("y[0, 1, 0] = ?")
    expect(again.locator(".cv-settings [data-part=shape]")).to_be_hidden()
    expect(field(page.locator(".cv-widget").first, "stride")).to_have_value("2")


@pytest.mark.parametrize(
    ("query", "sentence"),
    [
        ("stride=5", "A stride of 5 does not work: use a whole number from 1 to 3."),
        ("padding=same", "A padding of same does not work"),
        ("image=1,2;3,4~", "The kernels have 3 channels and the image has 2"),
        ("bias=1,2,3", "The bias holds 3 numbers for 2 kernels"),
        ("bias=1,x", "“x” is not a finite number"),
        (
            "image=1,2,3;4,5,6~7,8,9;",
            "The rows of the image differ: row 0 has 2 numbers, row 1 has 1",
        ),
    ],
)
def test_an_address_that_does_not_fit_is_explained(show, query, sentence):
    page = show(ConvVolume(), query=f"?widget=convvolume&{query}")
    expect(page.locator(".cv-note")).to_contain_text(re.compile(sentence))
    expect(say(page)).to_contain_text("y[0, 0, 0] =")


def test_a_step_is_announced_politely(card):
    press(card, "ArrowDown", "ArrowRight")
    expect(card.locator("[aria-live=polite]")).to_have_text(
        "y row 1, column 1, kernel 0 is −2: channel 0 adds up to −5, channel 1 adds up to −6, "
        "channel 2 adds up to 7, bias 2"
    )


def test_the_picture_does_not_jump_from_step_to_step(card):
    press(card, *["ArrowRight"] * 17, "Home")
    heights = set()
    for _ in range(18):
        heights.add(card.evaluate("(e) => e.offsetHeight"))
        press(card, "ArrowRight")
    assert len(heights) == 1


SIZES = {
    "first": {},
    "largest": {"height": 7, "width": 7, "channels": 4, "kernels": 4, "padding": 2},
    "smallest": {"height": 1, "width": 1, "channels": 1, "kernels": 1, "kernel_size": 1},
    "long": {"channels": 1, "kernels": 4, "stride": 1, "kernel_size": 2},
}


@pytest.mark.parametrize("sizes", SIZES.values(), ids=SIZES)
@pytest.mark.parametrize("width", [320, 768, 1280])
def test_nothing_but_the_stage_is_wider_than_the_screen(show, sizes, width):
    widget = ConvVolume.drawn(**sizes)
    page = show(widget, width=width, height=700)
    assert page.evaluate("document.documentElement.scrollWidth") <= width
    for control in page.locator(".cv :is(button, select, .cv-settings input):visible").all():
        box = control.bounding_box()
        assert box["x"] >= 0
        assert box["x"] + box["width"] <= width
    press(page.locator(".cv"), "End")
    assert maps(page) == in_order(widget.output)
