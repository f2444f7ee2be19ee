"""ParameterCount, driven as readers drive it, and its arithmetic held to Python's."""

import math
import re
from urllib.parse import parse_qs, urlparse

import numpy as np
import pytest
from hands import predict, press, unfold
from playwright.sync_api import expect

from helpers.widgets import ParameterCount

KINDS = ["dense", "local", "convolution"]
SMALL = {"input_size": 5, "filters": 2, "padding": 1, "stride": 2, "bias": True}


@pytest.fixture
def card(show):
    return show(ParameterCount()).locator(".cv")


def field(card, name):
    return card.locator(".cv-settings").get_by_label(name, exact=True).filter(visible=True)


def totals(card):
    texts = card.locator(".pc-total").all_text_contents()
    return [int(re.sub(r"\D", "", text)) if text != "?" else None for text in texts]


def say(card):
    return card.locator(".cv-say")


def test_dense_beside_convolution(card):
    assert totals(card) == [59_006_976, 677_376, 864]
    expect(card.locator(".pc-count").nth(0)).to_contain_text("(28·28·3) · (28·28·32)")
    expect(card.locator(".pc-count").nth(1)).to_contain_text("(28·28) · (3·3·3·32)")
    expect(card.locator(".pc-count").nth(2)).to_contain_text("3·3·3·32 = 864")
    expect(say(card)).to_contain_text("59\u202f006\u202f976 : 864 = 68\u202f295 : 1")
    expect(card.locator(".pc-shapes")).to_contain_text("28 × 28 × 3 = 2\u202f352 values")


def widths(card, selector):
    return [card.locator(f"{selector} .{kind}").bounding_box()["width"] for kind in KINDS]


def test_areas_are_to_scale(card):
    dense, local, convolution = totals(card)
    whole = widths(card, ".pc-whole")
    assert whole[1] / whole[0] == pytest.approx(math.sqrt(local / dense), rel=0.02)
    lens = card.locator(".pc-lens")
    inner = lens.evaluate("e => e.clientWidth")
    assert widths(card, ".pc-lens")[2] / inner == pytest.approx(
        30 * math.sqrt(convolution / dense), rel=0.03
    )
    expect(card.locator(".pc-areas")).to_contain_text("The corner, 30 times as large.")
    # A thirtieth of each side is a 900th of the area.
    per_cell = dense / 900
    expect(card.locator(".pc-areas")).to_contain_text(
        f"one small square of the grid is {f'{per_cell:,.0f}'.replace(',', chr(0x202F))} parameters"
    )
    expect(card.locator(".pc-areas")).to_contain_text(f"1/{per_cell / convolution:.0f} of one")


def test_no_lens_where_everything_can_be_seen(show):
    card = show(ParameterCount(**SMALL)).locator(".cv")
    assert totals(card) == list(ParameterCount(**SMALL).counts.values())
    expect(card.locator(".pc-lens")).to_be_hidden()
    expect(card.locator(".pc-whole")).to_be_visible()


@pytest.mark.parametrize(
    ("share", "zoom"), [(1, 1), (0.08, 1), (0.05, 3), (1 / 261.3, 30), (1e-3, 100), (1e-9, 3000)]
)
def test_the_lens_enlarges_as_much_as_needed(call_module, share, zoom):
    assert call_module("parameter_count/drawing.mjs", "zoomFor", share) == zoom


def test_stepping_counts_weights(card):
    press(card, "Home")
    assert card.locator(".pc-so-far").all_text_contents() == ["7 weights", "3 weights", "3 weights"]
    press(card, "ArrowRight", "ArrowRight")
    assert card.locator(".pc-so-far").all_text_contents() == [
        "3·7 = 21 weights so far", "3·3 = 9 weights so far", "still the same 3 weights",
    ]  # fmt: skip
    edges = card.locator(".pc-network")
    assert [edges.nth(i).locator("line.now").count() for i in range(3)] == [7, 3, 3]
    assert edges.nth(1).locator("text").all_text_contents() == ["a₃", "b₃", "c₃"]
    assert edges.nth(2).locator("text").all_text_contents() == ["a", "b", "c"]
    press(card, "End", "ArrowRight")
    expect(card.locator(".pc-so-far").first).to_have_text("7·7 = 49 weights so far")


def test_the_same_weight_looks_the_same_at_all_positions(card):
    lines = card.locator(".pc-network").nth(2).locator("line")
    assert lines.count() == 21
    for letter in "abc":
        assert card.locator(f".pc-network line.{letter}").count() == 7
    styles = {
        card.locator(f".pc-network line.{letter}").first.evaluate(
            "e => getComputedStyle(e).strokeDasharray"
        )
        for letter in "abc"
    }
    assert len(styles) == 3, "told apart without colour"


def test_play_runs_to_the_last_cell(card):
    card.get_by_label("speed").select_option("fast")
    press(card, "Home", " ")
    expect(card.get_by_role("button", name="play")).to_be_visible(timeout=6000)
    expect(card.locator(".pc-so-far").first).to_have_text("7·7 = 49 weights so far")


def test_settings_change_the_counts(card):
    field(card, "input rows").fill("10")
    field(card, "input channels").fill("2")
    field(card, "output channels").fill("4")
    field(card, "kernel columns").fill("5")
    field(card, "stride").fill("2")
    card.get_by_role("combobox", name="padding").select_option("a number")
    field(card, "biases").check()
    widget = ParameterCount(
        input_size=[10, 28], in_channels=2, filters=4, kernel_size=[3, 5], stride=2, padding=1,
        bias=True,
    )  # fmt: skip
    assert totals(card) == [widget.counts[kind] for kind in KINDS]
    rows, cols, filters = widget.output_shape
    expect(card.locator(".pc-shapes")).to_contain_text(f"{rows} × {cols} × {filters}")
    expect(card.locator(".pc-count").nth(2)).to_contain_text("3·5·2·4 + 4")
    expect(card.locator(".cv-formula")).to_contain_text("convolution: k·k·C·C′ + C′")


def test_by_touch(show):
    page = show(ParameterCount(), width=390, height=700, has_touch=True, is_mobile=True)
    unfold(page)
    page.get_by_role("button", name="Step forward").tap()
    expect(page.locator(".pc-so-far").first).to_have_text("5·7 = 35 weights so far")
    page.get_by_role("switch", name="biases").tap()
    assert totals(page.locator(".cv"))[2] == 896


@pytest.mark.parametrize(
    ("name", "typed", "sentence"),
    [
        ("stride", "0", "0 does not work as stride: use a whole number from 1 to 64."),
        ("input rows", "", "An empty field does not work as input rows"),
        ("input channels", "1.5", "1.5 does not work as input channels"),
        ("output channels", "9999", "use a whole number from 1 to 512"),
    ],
)
def test_bad_input_is_explained_and_the_picture_stays(card, name, typed, sentence):
    field(card, name).fill(typed)
    field(card, name).blur()
    expect(card.locator(".cv-note")).to_contain_text(sentence)
    assert totals(card) == [59_006_976, 677_376, 864]


def test_a_kernel_that_does_not_fit_is_mended_by_a_button(card):
    card.get_by_role("combobox", name="padding").select_option("valid")
    field(card, "kernel rows").fill("29")
    note = card.locator(".cv-note")
    expect(note).to_contain_text("A kernel of 29 cells does not fit an input of 28")
    note.get_by_role("button", name="kernel 28").click()
    expect(note).to_be_hidden()
    expect(card.locator(".pc-shapes")).to_contain_text("1 × 26 × 32")


def test_every_example_is_named_while_it_is_on_show(card):
    examples = card.get_by_role("combobox", name="example")
    for name in examples.locator("option").all_text_contents()[1:]:
        examples.select_option(name)
        expect(examples).to_have_value(name)
        expect(card.locator(".cv-note")).to_be_hidden()
    assert totals(card)[2] == (11 * 11 * 3 + 1) * 96


def test_predicting_one_count_after_the_other(show):
    card = show(ParameterCount(answer="hidden")).locator(".cv")
    assert totals(card) == [None, None, None]
    expect(card.locator(".pc-areas")).to_be_hidden()
    expect(say(card)).to_contain_text("How many parameters has the fully connected layer?")
    expect(predict(card, "2352 + 25088")).to_contain_text("multiply the two, do not add them")
    expect(predict(card, "59 006 976")).to_contain_text("Right: 59\u202f006\u202f976.")
    card.get_by_role("button", name="next").click()
    expect(card.get_by_label("Your prediction")).to_be_focused()
    expect(say(card)).to_contain_text("How many parameters has the locally connected layer?")
    card.get_by_role("button", name="show", exact=True).click()
    assert totals(card) == [59_006_976, 677_376, None]
    card.get_by_role("button", name="next").click()
    expect(predict(card, "677376")).to_contain_text("so the positions do not count")
    expect(predict(card, "3·3·3·32")).to_contain_text("Right: 864.")
    assert totals(card) == [59_006_976, 677_376, 864]
    expect(card.locator(".pc-areas")).to_be_visible()
    expect(say(card)).to_contain_text("68\u202f295 : 1")


LAYER = {
    "input": [28, 28], "channels": 3, "filters": 32, "kernel": [3, 3], "padding": "same",
    "stride": 1, "bias": False,
}  # fmt: skip
BIASED = LAYER | {"bias": True}


@pytest.mark.parametrize(
    ("kind", "layer", "guess", "words"),
    [
        ("convolution", LAYER, 9 * 32, "left out the input channels"),
        ("convolution", BIASED, 9 * 32 + 32, "left out the input channels"),
        ("convolution", BIASED, 9 * 32, "left out the input channels and the biases"),
        ("convolution", LAYER, 27, "That is one kernel: there are 32"),
        ("convolution", BIASED, 28, "That is one kernel: there are 32"),
        ("convolution", BIASED, 27, "one kernel without its bias"),
        ("convolution", BIASED, 864, "left out the biases: one for each output channel"),
        ("convolution", LAYER, 896, "There are no biases here"),
        ("convolution", LAYER, 784 * 864, "so the positions do not count"),
        ("convolution", BIASED, 864 + 784 * 32, "not to each of its cells"),
        ("convolution", BIASED, 865, "has a bias of its own"),
        ("convolution", BIASED, 864 + 96, "not one for each input channel"),
        ("convolution", LAYER, 9, "one kernel over one channel"),
        ("convolution", LAYER, 3 * 3 * 32, "left out the input channels"),
        ("convolution", LAYER | {"kernel": [5, 5]}, 5 * 96, "has 25 cells, not 5"),
        ("convolution", LAYER, 9 * 35, "multiply the two, do not add them"),
        ("convolution", LAYER, 784 * 32, "how many values come out"),
        ("convolution", LAYER, 59_006_976, "That is the fully connected layer"),
        ("convolution", LAYER, 865, "865 is not it. Count the cells of one kernel"),
        ("dense", LAYER, 784 * 784 * 32, "left out the input channels"),
        ("dense", LAYER, 784 * 3 * 784, "left out the output channels"),
        ("dense", LAYER, 784 * 784, "left out the channels"),
        ("dense", BIASED, 59_006_976, "left out the biases: one for each output value"),
        ("dense", LAYER, 59_006_976 + 25_088, "There are no biases here"),
        ("dense", BIASED, 59_006_976 + 32, "does not know channels"),
        ("dense", LAYER, 2352 + 25_088, "multiply the two, do not add them"),
        ("dense", LAYER, 2352, "how many values go in"),
        ("dense", LAYER, 25_088, "how many values come out"),
        ("dense", LAYER, 864, "That is the convolution"),
        ("dense", LAYER, 677_376, "That is the locally connected layer"),
        ("dense", LAYER, 59_006_975, "59\u202f006\u202f975 is not it"),
        ("local", LAYER, 864, "which shares its kernel"),
        ("local", LAYER, 59_006_976, "every output value has a weight for every input value"),
        ("local", BIASED, 677_376, "left out the biases: one for each output value"),
        ("local", LAYER, 677_376 + 25_088, "There are no biases here"),
        ("local", BIASED, 677_376 + 32, "Nothing is shared here"),
        ("local", LAYER, 784 * 9 * 32, "left out the input channels"),
        ("local", LAYER, 784 * 27, "left out the output channels"),
        ("local", LAYER, 784 * 9, "left out the channels"),
        ("local", LAYER, 784, "how many positions there are"),
    ],
)
def test_wrong_counts_are_diagnosed(call_module, kind, layer, guess, words):
    verdict = call_module("arithmetic/parameters.mjs", "diagnoseCount", kind, layer, guess)
    assert not verdict["right"]
    assert words in verdict["words"]


def test_only_the_right_count_is_right(call_module):
    rng = np.random.default_rng(1)
    for _ in range(12):
        layer = {
            "input": rng.integers(3, 9, 2).tolist(), "channels": int(rng.integers(1, 4)),
            "filters": int(rng.integers(1, 5)), "kernel": rng.integers(1, 4, 2).tolist(),
            "padding": ["same", "valid", 1][rng.integers(3)], "stride": int(rng.integers(1, 3)),
            "bias": bool(rng.integers(2)),
        }  # fmt: skip
        widget = ParameterCount(
            input_size=layer["input"], in_channels=layer["channels"], filters=layer["filters"],
            kernel_size=layer["kernel"], padding=layer["padding"], stride=layer["stride"],
            bias=layer["bias"],
        )  # fmt: skip
        counts = call_module("arithmetic/parameters.mjs", "countParameters", layer)
        assert {kind: counts[kind]["total"] for kind in KINDS} == widget.counts
        for kind in KINDS:
            right = widget.counts[kind]
            for guess in (right - 1, right, right + 1):
                verdict = call_module(
                    "arithmetic/parameters.mjs", "diagnoseCount", kind, layer, guess
                )
                assert verdict["right"] == (guess == right), (kind, layer, guess)


def test_numbers_and_written_products_agree(card):
    products = card.locator(".pc-product").all_text_contents()
    for product, total in zip(products, totals(card), strict=True):
        written = product.replace("·", "*").replace("\u202f", "")
        assert eval(written) == total, product


@pytest.mark.parametrize(
    ("text", "count"),
    [
        ("864", 864),
        ("59 006 976", 59_006_976),
        ("59,006,976", 59_006_976),
        ("59.006.976", 59_006_976),
        ("59\u202f006\u202f976", 59_006_976),
        ("3*3*3*32 + 32", 896),
        ("3 × 3 × 3", 27),
        ("12 34", None),
        ("3*", None),
        ("-5", None),
        ("2.5", None),
        ("many", None),
    ],
)
def test_counts_as_people_type_them(call_module, text, count):
    value = call_module("arithmetic/format.mjs", "parseCount", text)
    assert math.isnan(value) if count is None else value == count


@pytest.mark.parametrize(
    ("value", "text"), [(7, "7"), (1000, "1 000"), (59006976, "59 006 976"), (-12345, "−12 345")]
)
def test_large_numbers_are_written_in_full(call_module, value, text):
    assert call_module("arithmetic/format.mjs", "grouped", value) == text.replace(" ", "\u202f")


def test_an_address_restores_the_state(show):
    query = (
        "?widget=parametercount-2&input_size=6,8&in_channels=1&filters=2&kernel_size=3&padding=valid"
        "&bias=true&step=1&hide=areas,example"
    )
    page = show(ParameterCount(), ParameterCount(), query=query)
    first, second = page.locator(".cv").all()
    assert totals(first)[2] == 864
    assert totals(second) == [48 * 48 + 48, 24 * 20, 20]
    expect(second.locator(".pc-so-far").first).to_have_text("2·7 = 14 weights so far")
    expect(second.locator("[data-part=areas]")).to_be_hidden()
    expect(second.locator("[data-part=example]")).to_be_hidden()
    expect(first.locator("[data-part=areas]")).to_be_visible()


@pytest.mark.parametrize(
    ("query", "sentence"),
    [
        ("stride=0", "A stride of 0 does not work"),
        ("in_channels=x", "A number of input channels of x does not work"),
        ("padding=full", "A padding of full does not work"),
        ("input_size=1,2,3", "use one number, or rows and columns"),
        ("step=9", "A step of 9 does not work"),
        ("kernel_size=40&padding=valid", "does not fit an input of 28"),
    ],
)
def test_an_address_that_does_not_fit_is_explained(show, query, sentence):
    page = show(ParameterCount(), query=f"?widget=parametercount&{query}")
    expect(page.locator(".cv-note")).to_contain_text(sentence)
    assert totals(page.locator(".cv"))[2] == 864


def test_the_link_leads_back_to_the_same_state(show):
    page = show(ParameterCount())
    card = page.locator(".cv")
    field(card, "input columns").fill("20")
    card.get_by_role("button", name="Link to this state").click()
    card.get_by_label("hide the answer").check()
    address = card.get_by_label("Address of this state").input_value()
    assert parse_qs(urlparse(address).query)["input_size"] == ["28,20"]
    page.goto(address)
    page.locator("[data-ready]").wait_for()
    assert totals(page.locator(".cv")) == [None, None, None]
    expect(field(page.locator(".cv"), "input columns")).to_have_value("20")


def test_present_makes_the_drawings_larger(card):
    drawing = card.locator(".pc-network").first
    small = drawing.bounding_box()["width"]
    card.get_by_role("button", name="Present full screen").click()
    expect(card).to_have_class(re.compile("cv-presenting"))
    assert drawing.bounding_box()["width"] > 1.2 * small


def test_a_step_is_announced_politely(card):
    press(card, "ArrowRight")
    expect(card.locator("[aria-live=polite]")).to_contain_text(
        "locally connected: 5·3 = 15 weights so far, convolution: still the same 3 weights"
    )


@pytest.mark.parametrize("answer", ["shown", "hidden"])
def test_nothing_is_wider_than_the_smallest_screen(show, answer):
    page = show(
        ParameterCount(input_size=227, filters=96, kernel_size=11, stride=4, answer=answer),
        width=320, height=700,
    )  # fmt: skip
    unfold(page)
    assert page.evaluate("document.documentElement.scrollWidth") <= 320
    assert page.locator(".cv-stage").evaluate("e => e.scrollWidth <= e.clientWidth")
    for control in page.locator(".cv :is(button, select, input):visible").all():
        box = control.bounding_box()
        assert box["x"] >= 0
        assert box["x"] + box["width"] <= 320
