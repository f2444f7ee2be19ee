"""Neuron, driven as readers drive it: its numbers, the curve, the line, AND, OR and XOR."""

import math
import re
from urllib.parse import parse_qs, urlparse

import numpy as np
import pytest
from barriers import barriers
from hands import drag as drag_in_sight
from hands import middle, predict, press, touch
from playwright.sync_api import expect

from helpers.widgets import Neuron

MINUS = "−"
POINTS = [(0, 0), (0, 1), (1, 0), (1, 1)]
EXAMPLE = {"inputs": [1, 0], "weights": [0.5, -1], "bias": 0.2}


@pytest.fixture
def open_card(show):
    return lambda **state: show(Neuron(**state)).locator(".cv")


def to_the_middle(element):
    """Scroll so that nothing covers an element: the controls stay at the window's lower edge."""
    element.evaluate("(e) => e.scrollIntoView({ block: 'center', behavior: 'instant' })")


def drag(element, across, down=0):
    to_the_middle(element)
    drag_in_sight(element, across, down)


def say(card):
    return card.locator(".cv-say .cv-arithmetic")


def field(card, name):
    return card.get_by_role("textbox", name=name, exact=True)


def slider(card, name):
    return card.get_by_role("slider", name=name, exact=True)


def values(card, *names):
    return [float(field(card, name).input_value().replace(MINUS, "-")) for name in names]


def node(card, name):
    """A number in the picture by what stands above it: x₁, w₁, b, Σ, a."""
    return card.locator(".neu-node").filter(has=card.page.get_by_text(name, exact=True))


def shown(card, name):
    return node(card, name).locator(".neu-value")


def verdicts(card):
    return card.locator(".neu-table tbody tr").evaluate_all(
        "(rows) => rows.map((row) => row.dataset.verdict)"
    )


def as_numbers(text):
    return [float(found) for found in re.findall(r"-?\d+(?:\.\d+)?", text.replace(MINUS, "-"))]


def test_sum_and_activation_are_written_in_full(open_card):
    card = open_card(**EXAMPLE)
    expect(say(card)).to_have_text(
        "z = 1·0.5 + 0·(−1) + 0.2 = 0.7" + "a = 1 / (1 + e^(−0.7)) = 0.668"
    )
    expect(shown(card, "Σ")).to_have_text("0.7")
    expect(shown(card, "a")).to_have_text("0.668")
    expect(card.locator(".neu-slope b")).to_have_text("f′(z) = a·(1 − a) = 0.668·0.332 = 0.222")
    for kind, words, slope in [
        ("tanh", "a = tanh(0.7) = 0.604", "1 − a² = 1 − 0.604² = 0.635"),
        ("ReLU", "a = max(0, 0.7) = 0.7", "f′(z) = 1, because z > 0."),
        ("step", "a = step(0.7) = 1", "f′(z) = 0: the curve is flat."),
    ]:
        card.get_by_label(kind, exact=True).check()
        expect(say(card)).to_contain_text(words)
        expect(card.locator(".neu-slope")).to_contain_text(slope)
    # At 0, where step and ReLU have no slope.
    field(card, "b").fill("-0.5")
    expect(card.locator(".neu-slope")).to_contain_text("undefined: the curve jumps here")
    expect(card.locator(".neu-tangent")).to_be_hidden()
    expect(shown(card, "a")).to_have_text("1")
    card.get_by_label("ReLU", exact=True).check()
    expect(card.locator(".neu-slope")).to_contain_text("By convention it counts as 0, as in Keras.")
    field(card, "b").fill("-1.2")
    expect(say(card)).to_have_text("z = 1·0.5 + 0·(−1) − 1.2 = −0.7a = max(0, −0.7) = 0")
    card.get_by_label("sigmoid", exact=True).check()
    expect(say(card)).to_contain_text("e^(−(−0.7))) = 0.332")
    # Far out, the sigmoid comes close to 1 and is never 1.
    field(card, "b").fill("19.5")
    expect(shown(card, "a")).to_have_text("≈ 1")
    expect(say(card)).to_contain_text("= 0.999999998")
    expect(card.locator(".neu-ticks").first).to_contain_text("30")


def test_every_number_is_set_by_slider_by_dragging_and_by_typing(open_card):
    card = open_card(**EXAMPLE)
    expect(card.locator(".neu-hint")).to_be_visible()
    drag(node(card, "w₁"), 50)
    expect(card.locator(".neu-hint")).to_be_hidden()
    assert values(card, "w₁") == [1.5]
    drag(node(card, "b"), -35)
    assert values(card, "b") == [-0.5]
    drag(node(card, "x₂"), 25)
    expect(say(card)).to_contain_text("z = 1·1.5 + 0.5·(−1) − 0.5 = 0.5")
    slider(card, "w₂, slider").fill("2.5")
    slider(card, "b, slider").press("ArrowRight")
    expect(say(card)).to_contain_text("z = 1·1.5 + 0.5·2.5 − 0.4 = 2.35")
    field(card, "x₁").fill("-2,5")
    field(card, "w₁").press("ArrowDown")
    expect(say(card)).to_contain_text("z = (−2.5)·1.4 + 0.5·2.5 − 0.4 = −2.65")
    # A number that is pressed and not dragged can be typed.
    node(card, "w₂").click()
    expect(field(card, "w₂")).to_be_focused()
    # A line is as thick as its weight is large, and dashed where it is 0.
    widths = card.locator(".neu-edge").evaluate_all(
        "(l) => l.map((e) => +getComputedStyle(e).strokeWidth.slice(0, -2))"
    )
    assert widths[1] > widths[0] > widths[2]
    field(card, "w₂").fill("0")
    expect(card.locator(".neu-edge").nth(1)).to_have_class(re.compile("none"))
    # A list fills all inputs, and there may be another number of them.
    field(card, "x₁").fill("1, 2, 3")
    field(card, "x₁").press("Enter")
    expect(say(card)).to_contain_text(f"z = 1·1.4 + 2·0 + 3·({MINUS}1) − 0.4 = −2")
    expect(card.locator(".neu-below")).to_be_hidden()
    card.get_by_role("spinbutton", name="inputs").fill("1")
    expect(say(card)).to_contain_text("z = 1·1.4 − 0.4 = 1")


@pytest.mark.parametrize(
    ("name", "typed", "sentence"),
    [
        ("w₁", "abc", "“abc” is not a number: w₁ stays 0.5."),
        ("x₂", "", "“” is not a number: x₂ stays 0."),
        ("w₂", "500", "w₂ is 500: use a number from −100 to 100."),
        ("b", "-101", "The bias is −101: use a number from −100 to 100."),
        ("b", "1, 2", "The bias is one number, not 2."),
        ("x₁", "1 2 3 4 5", "5 inputs do not fit in the picture: use 1 to 4."),
        ("inputs", "5", "5 does not work as inputs: use a whole number from 1 to 4."),
    ],
)
def test_bad_input_is_explained_and_the_picture_stays(open_card, name, typed, sentence):
    card = open_card(**EXAMPLE)
    wrong = card.get_by_label(name, exact=True)
    wrong.fill(typed)
    wrong.blur()
    expect(card.locator(".cv-note")).to_contain_text(sentence)
    expect(wrong).to_have_attribute("aria-invalid", "true")
    expect(shown(card, "Σ")).to_have_text("0.7")
    drag(node(card, "w₁"), 5)  # what is wrong in one place holds nothing else up
    expect(shown(card, "Σ")).to_have_text("0.8")
    expect(card.locator(".cv-note")).to_be_hidden()


def test_the_point_on_the_curve_moves_the_bias(open_card):
    card = open_card(**EXAMPLE)
    point = slider(card, "z, moved by the bias")
    before = point.bounding_box()
    drag(point, 60)
    assert point.bounding_box()["x"] == pytest.approx(before["x"] + 60, abs=2)
    (bias,) = values(card, "b")
    assert bias > 1
    expect(shown(card, "Σ")).to_have_text(str(round(bias + 0.5, 2)))
    point.focus()
    card.page.keyboard.press("ArrowLeft")
    assert values(card, "b")[0] == pytest.approx(bias - 0.1)
    expect(point).to_have_attribute("aria-valuetext", re.compile(r"z = .*, a = 0\.\d+"))
    # It does not leave the picture.
    drag(point, 600)
    expect(shown(card, "Σ")).to_have_text("6")
    # The tangent has the slope that is written beside it, in the units of the two axes.
    field(card, "b").fill("0.2")
    ends = card.locator(".neu-tangent").evaluate(
        "(e) => ['x1', 'y1', 'x2', 'y2'].map((name) => +e.getAttribute(name))"
    )
    steep = (ends[1] - ends[3]) / (ends[2] - ends[0])
    unit = card.locator(".neu-curve").evaluate(
        "(e) => { const b = e.getBBox(); return b.height / b.width; }"
    )
    span = 1 / (1 + math.exp(-6)) - 1 / (1 + math.exp(6))
    assert steep / (unit * 12 / span) == pytest.approx(Neuron(**EXAMPLE).slope, rel=0.01)


def test_the_line_is_dragged_and_turned(open_card):
    card = open_card(problem="and", activation="step", bias=-0.5)
    assert verdicts(card) == ["right", "wrong", "wrong", "right"]
    expect(card.locator(".neu-count")).to_have_text("2 of 4 right")
    line, knob = (
        slider(card, "decision line, moved by the bias"),
        slider(card, "direction of the decision line"),
    )
    side = card.locator(".neu-shade").bounding_box()["width"] / 2.2  # of one unit, in pixels
    to_the_middle(card.locator(".neu-plane"))
    x, y = middle(line)
    mouse = card.page.mouse
    mouse.move(x, y)
    mouse.down()
    mouse.move(x + side / 2, y - side / 2, steps=5)
    mouse.up()
    assert values(card, "w₁", "w₂") == [1, 1]
    assert values(card, "b")[0] == pytest.approx(-1.5, abs=0.06)
    expect(card.locator(".neu-count")).to_have_text("4 of 4 right: this is AND.")
    assert card.locator(".neu-point.right").count() == 4
    for point in card.locator(".neu-dot").all():
        assert math.dist(middle(point), middle(knob)) > 30, "the arrow covers no point"
    # Turning keeps the size of the weights, and the line where the arrow starts.
    around = card.locator(".neu-normal").evaluate(
        """(e) => {
            const { x, y } = e.getPointAtLength(0).matrixTransform(e.getScreenCTM());
            return [x, y];
        }"""
    )
    mouse.move(*middle(knob))
    mouse.down()
    mouse.move(around[0] - 60, around[1], steps=5)
    mouse.up()
    w1, w2 = values(card, "w₁", "w₂")
    assert math.hypot(w1, w2) == pytest.approx(math.sqrt(2), abs=0.01)
    assert w1 < -1.3 and abs(w2) < 0.4
    expect(knob).to_have_attribute("aria-valuenow", re.compile(r"-?1[678]\d"))
    expect(card.locator(".neu-equation")).to_contain_text(f"line: {MINUS}{-w1:g}·x₁")
    # By keys.
    b = values(card, "b")[0]
    line.focus()
    card.page.keyboard.press("ArrowUp")
    assert values(card, "b")[0] == pytest.approx(b + 0.1)
    expect(card.locator(".neu-table tr.now td").first).to_have_text("1")  # and nothing has stepped
    angle = math.atan2(w2, w1)
    knob.focus()
    card.page.keyboard.press("ArrowRight")
    w1, w2 = values(card, "w₁", "w₂")
    turn = (math.atan2(w2, w1) - angle) % (2 * math.pi)
    assert math.degrees(turn) == pytest.approx(5, abs=0.5)
    # It does not leave the picture with the pointer.
    mouse.move(*middle(line))
    mouse.down()
    mouse.move(5, 5, steps=4)
    mouse.up()
    expect(line).to_be_visible()
    # Where there is none.
    field(card, "w₁").fill("0")
    field(card, "w₂").fill("0")
    expect(card.locator(".neu-truth")).to_contain_text("Both weights are 0: there is no line")
    expect(line).to_be_hidden()
    field(card, "w₂").fill("0.1")
    expect(card.locator(".neu-truth")).to_contain_text("The line runs outside the picture")


def test_the_line_and_a_number_follow_a_finger(show):
    page = show(Neuron(problem="or"), width=390, height=760, has_touch=True, is_mobile=True)
    card = page.locator(".cv")
    assert verdicts(card) == ["right"] * 4
    card.get_by_role("button", name="sliders", exact=True).tap()
    weight = node(card, "w₁")
    to_the_middle(weight)
    x, y = middle(weight)
    touch(page, (x, y), (x + 20, y), (x + 40, y))
    expect(field(card, "w₁")).to_have_value("1.8")
    line = slider(card, "decision line, moved by the bias")
    to_the_middle(line)
    x, y = middle(line)
    touch(page, (x, y), (x + 20, y - 20), (x + 40, y - 40))
    expect(field(card, "b")).not_to_have_value(f"{MINUS}0.5")
    assert slider(card, "b, slider").input_value() != "-0.5"
    # Up and down, a finger on a number scrolls the page.
    number = node(card, "w₂")
    to_the_middle(number)
    before = page.evaluate("scrollY")
    x, y = middle(number)
    touch(page, (x, y), (x, y - 40), (x, y - 80), (x, y - 120))
    page.wait_for_function("(before) => scrollY > before + 30", arg=before)
    assert values(card, "w₂") == [1]


def test_a_point_is_chosen_by_click_row_and_key(open_card):
    card = open_card(problem="xor", activation="step")
    expect(say(card)).to_contain_text("z = 1·1 + 0·1 − 0.5 = 0.5")
    card.locator(".neu-point").nth(3).click()
    expect(say(card)).to_contain_text("z = 1·1 + 1·1 − 0.5 = 1.5")
    card.locator(".neu-table tbody tr").nth(1).click()
    expect(say(card)).to_contain_text("z = 0·1 + 1·1 − 0.5 = 0.5")
    press(card, "Home")
    expect(say(card)).to_contain_text("z = 0·1 + 0·1 − 0.5 = −0.5")
    card.get_by_label("speed").select_option("fast")
    press(card, " ")
    expect(card.locator(".neu-table tr.now td").nth(1)).to_have_text("1")
    expect(say(card)).to_contain_text("z = 1·1 + 1·1 − 0.5 = 1.5", timeout=4000)
    expect(card.get_by_role("button", name="play")).to_be_visible()
    # Inputs in between are a mark of their own, which can be dragged.
    field(card, "x₁").fill("0.5")
    own = card.locator(".neu-handle.own")
    expect(own).to_be_visible()
    drag(own, -40)
    assert values(card, "x₁")[0] < 0.4
    assert card.locator(".neu-table tr.now").count() == 0


def test_xor_cannot_be_done_and_the_conditions_say_why(open_card):
    card = open_card(problem="xor", activation="step")
    expect(card.locator(".neu-count")).to_have_text("3 of 4 right")
    proof = card.locator(".neu-proof")
    expect(proof.locator("li").first).to_be_hidden()
    proof.locator("summary").click()
    rows = proof.locator("li")
    assert [row.locator("b").text_content() for row in rows.all()] == [
        "b < 0",
        "w₂ + b ≥ 0",
        "w₁ + b ≥ 0",
        "w₁ + w₂ + b < 0",
    ]
    assert [row.locator("span").nth(1).text_content() for row in rows.all()] == [
        "now −0.5",
        "now 0.5",
        "now 0.5",
        "now 1.5",
    ]
    expect(proof.locator("li.wrong")).to_have_text(re.compile(r"\(1, 1\).*fails"))
    expect(proof).to_contain_text("now 1, and it cannot be both")
    field(card, "b").fill("-2.5")
    assert rows.evaluate_all("(all) => all.map((e) => e.className)") == [
        "right",
        "wrong",
        "wrong",
        "right",
    ]
    expect(proof).to_contain_text("now −3, and it cannot be both")
    # The other activations must lie above the threshold.
    card.get_by_label("sigmoid", exact=True).check()
    expect(rows.first).to_contain_text("b ≤ 0")
    expect(card.locator(".neu-truth")).to_contain_text(
        "counts as 1 where a > 0.5, that is where z > 0"
    )
    card.get_by_label("OR", exact=True).check()
    expect(proof).to_be_hidden()
    card.get_by_role("spinbutton", name="inputs").fill("3")
    expect(card.locator(".cv-note")).to_have_text("OR has two inputs: the problem is left out.")
    card.get_by_label("AND", exact=True).check()
    expect(card.get_by_role("spinbutton", name="inputs")).to_have_value("2")


def test_the_parts_of_the_calculation_are_played(open_card):
    card = open_card(inputs=[1, 2, -1, 0.5], weights=[0.5, -1, 2, 0], bias=0.2, activation="tanh")
    steps = [
        ("Products: 1·0.5 = 0.5, 2·(−1) = −2, (−1)·2 = −2, 0.5·0 = 0", "products", ""),
        ("Sum: 0.5 − 2 − 2 + 0 = −3.5", "sum", f"{MINUS}3.5"),
        ("Bias: z = −3.5 + 0.2 = −3.3", "bias", f"{MINUS}3.3"),
        (
            "z = 1·0.5 + 2·(−1) + (−1)·2 + 0.5·0 + 0.2 = −3.3a = tanh(−3.3) = −0.997",
            "all",
            f"{MINUS}3.3",
        ),
    ]
    heights = set()
    press(card, "Home")
    for words, now, total in steps:
        expect(say(card)).to_have_text(words)
        expect(card.locator(".neu-picture")).to_have_attribute("data-now", now)
        expect(shown(card, "Σ")).to_have_text(total)
        heights.add(card.locator(".cv-playbar, .cv-play").bounding_box()["y"])
        press(card, "ArrowRight")
    assert len(heights) == 1, "nothing jumps"
    expect(card.locator(".cv-spoken")).to_contain_text("a = −0.997: tanh(−3.3)")


def test_predicting_the_sum_and_then_the_activation(open_card):
    card = open_card(answer="hidden", **EXAMPLE)
    expect(say(card)).to_have_text("z = x₁·w₁ + x₂·w₂ + b = ?")
    for name in ("Σ", "a"):
        expect(shown(card, name)).to_have_text("?")
    expect(slider(card, "z, moved by the bias")).to_be_hidden()
    expect(card.locator(".neu-shade")).to_be_hidden()
    expect(predict(card, "0.5")).to_contain_text(
        "You forgot the bias: add b = 0.2 to the products."
    )
    expect(predict(card, "0,7")).to_contain_text("Right: z = 0.7.")
    expect(shown(card, "a")).to_have_text("?")
    card.get_by_role("button", name="next").click()
    expect(card.get_by_label("Your prediction")).to_be_focused()
    expect(say(card)).to_contain_text("a = f(z) = 1 / (1 + e^(−0.7)) = ?")
    expect(predict(card, "0.7")).to_contain_text("That is z, before the activation")
    expect(predict(card, "0.67")).to_contain_text("Right: a = 1 / (1 + e^(−0.7)) = 0.668.")
    expect(card.locator(".neu-slope")).to_contain_text("0.222")
    field(card, "w₁").fill("2")
    expect(say(card)).to_contain_text("b = ?")


def test_predicting_the_four_points(open_card):
    card = open_card(problem="and", answer="hidden", inputs=[0, 0])
    assert verdicts(card) == [""] * 4
    expect(card.locator(".neu-count")).to_have_text("How many of the 4 are right?")
    for z in ("-0.5", "0.5", "0.5"):
        expect(predict(card, z)).to_contain_text("Right")
        card.get_by_role("button", name="next").click()
    assert verdicts(card) == ["right", "wrong", "wrong", ""]
    assert card.locator(".neu-badge").count() == 3
    expect(predict(card, "2")).to_contain_text("You forgot the bias")
    card.get_by_role("button", name="show", exact=True).click()
    expect(card.locator(".neu-count")).to_have_text("2 of 4 right")
    expect(card.locator(".neu-shade")).to_be_visible()
    press(card, "Home")
    assert verdicts(card) == ["right", "wrong", "wrong", "right"], "what is found stays found"


STATE = {
    "inputs": [2, -1, 3],
    "weights": [0.5, 4, -1.5],
    "bias": 0.7,
    "activation": "sigmoid",
}  # z = −6.8


@pytest.mark.parametrize(
    ("guess", "words"),
    [
        (-7.5, "You forgot the bias: add b = 0.7"),
        (-8.2, "The bias has the wrong sign"),
        (-7.8, "The product x₁·w₁ is missing"),
        (-2.3, "The product x₃·w₃ is missing"),
        (1.2, "A sign got lost: x₂·w₂ = −4"),
        (2.2, "A sign got lost: x₃·w₃ = −4.5"),
        (6.8, "All signs are turned round."),
        (10.2, "a minus got lost"),
        (3.7, "That is the sum of the weights and the bias"),
        (4.7, "That is the sum of the inputs and the bias"),
        (7.7, "You added inputs and weights"),
        (-5.25, "The bias is added, not multiplied."),
        (1, "That is the product x₁·w₁ alone: add the others and the bias."),
        (0.7, "That is the bias alone"),
        (0.001, "That is a = f(z), after the sigmoid"),
        (99, "99 is not it. Multiply each input by its weight, add the 3 products"),
    ],
)
def test_wrong_sums_are_diagnosed(call_module, guess, words):
    view = call_module(
        "neuron/state.mjs", "compute", STATE | {"problem": "none", "step": 3, "answer": "hidden"}
    )
    verdict = call_module("neuron/words.mjs", "diagnoseSum", STATE, view, guess)
    assert not verdict["right"]
    assert words in verdict["words"]


@pytest.mark.parametrize(
    ("activation", "z", "guess", "words"),
    [
        ("sigmoid", 2, 2, "That is z, before the activation"),
        ("sigmoid", 2, 0.12, "That is f(−z)"),
        ("sigmoid", 2, 0.135, "That is e^(−z): add 1"),
        ("sigmoid", 2, 1.135, "That is 1 + e^(−z): now divide 1 by it."),
        ("sigmoid", 2, 0.105, "That is the slope"),
        ("sigmoid", 2, 0.964, "That is the tanh of z"),
        ("sigmoid", 2, 5, "between 0 and 1"),
        ("tanh", -1, 0.7616, "That is f(−z)"),
        ("tanh", -1, 0.27, "That is the sigmoid of z"),
        ("tanh", -1, 9, "between −1 and 1"),
        ("relu", -3, -3, "That is z, before"),
        ("relu", 3, 1, "That is the step of z"),
        ("relu", 3, 2, "The ReLU is 0 where z ≤ 0"),
        ("step", 3, 0, "The step is 1 where z ≥ 0"),
        ("step", 3, 3, "That is z, before"),
        ("step", 0, 0, "That is z, before"),
    ],
)  # fmt: skip
def test_wrong_activations_are_diagnosed(call_module, activation, z, guess, words):
    state = {"inputs": [z], "weights": [1], "bias": 0, "activation": activation}
    view = call_module(
        "neuron/state.mjs", "compute", state | {"problem": "none", "step": 3, "answer": "hidden"}
    )
    verdict = call_module("neuron/words.mjs", "diagnoseActivation", state, view, guess)
    assert not verdict["right"]
    assert words in verdict["words"]
    assert call_module("neuron/words.mjs", "diagnoseActivation", state, view, round(view["a"], 2))[
        "right"
    ]


def test_python_and_picture_compute_the_same(call_module):
    rng = np.random.default_rng(6)
    for case in range(60):
        count = int(rng.integers(1, 5)) if case % 3 else 2
        problem = ["and", "or", "xor"][case // 3 % 3] if case % 3 == 0 else "none"
        # Tenths, so that many sums are 0 and only rounding says otherwise.
        numbers = lambda size: (rng.integers(-12, 13, size) / 10).tolist()  # noqa: E731
        state = {
            "inputs": numbers(count), "weights": numbers(count), "bias": numbers(1)[0],
            "activation": ["step", "sigmoid", "tanh", "relu"][int(rng.integers(4))],
            "problem": problem,
        }  # fmt: skip
        neuron = Neuron(**state)
        view = call_module("neuron/state.mjs", "compute", state | {"step": 3, "answer": "shown"})
        assert view["z"] == neuron.pre_activation
        assert view["a"] == pytest.approx(neuron.activation_value, rel=1e-12)
        assert view["slope"] == pytest.approx(neuron.slope, rel=1e-9)
        assert [row["right"] for row in view["rows"]] == neuron.right


def test_what_only_rounding_keeps_from_0_is_0(call_module):
    view = call_module("neuron/state.mjs", "weightedSum", [1, 1], [0.7, 0.1], -0.8)
    assert view["z"] == 0 == Neuron(inputs=[1, 1], weights=[0.7, 0.1], bias=-0.8).pre_activation


def test_the_line_lies_where_z_is_0(call_module):
    rng = np.random.default_rng(3)
    drawn = 0
    for _ in range(40):
        w, b = (rng.integers(-30, 31, 2) / 10).tolist(), float(rng.integers(-30, 31) / 10)
        piece = call_module("neuron/line.mjs", "clipLine", w, b, [-0.6, 1.6])
        corners = [w[0] * x + w[1] * y + b for x in (-0.6, 1.6) for y in (-0.6, 1.6)]
        if piece is None:
            assert min(corners) >= -1e-9 or max(corners) <= 1e-9
            continue
        drawn += 1
        for x, y in piece:
            assert w[0] * x + w[1] * y + b == pytest.approx(0, abs=1e-9)
            assert max(abs(x - 0.5), abs(y - 0.5)) == pytest.approx(1.1)
        pivot = np.mean(piece, axis=0).tolist()
        turned = call_module("neuron/line.mjs", "turned", w, pivot, 1.0)
        assert math.atan2(*turned["weights"][::-1]) == pytest.approx(1, abs=0.1)
        assert np.dot(turned["weights"], pivot) + turned["bias"] == pytest.approx(0, abs=0.006)
    assert drawn > 15


def test_no_one_finds_weights_for_xor():
    """Not a proof, which the widget gives, but the search that a doubting reader would do."""
    grid = np.arange(-20, 21) / 10
    w1, w2, b = np.meshgrid(grid, grid, grid)
    ones = [w1 * x1 + w2 * x2 + b >= 0 for x1, x2 in POINTS]
    for wanted, most in [((0, 0, 0, 1), 4), ((0, 1, 1, 1), 4), ((0, 1, 1, 0), 3)]:
        right = sum(one == bool(want) for one, want in zip(ones, wanted, strict=True))
        assert right.max() == most


def test_an_address_restores_the_state_and_the_link_makes_one(show):
    query = (
        "?widget=neuron-2&inputs=1,-2,0.5&weights=2,1,-1&bias=-0.25&activation=tanh&step=2"
        "&hide=curve,sliders,length"
    )
    page = show(Neuron(), Neuron(), query=query)
    first, card = page.locator(".cv").all()
    expect(say(card)).to_have_text("Bias: z = −0.5 − 0.25 = −0.75")
    expect(say(first)).to_contain_text("z = 1·1 + 0·1 − 0.5 = 0.5")
    for hidden in (".neu-curve", ".neu-sliders", "[data-part=length]"):
        expect(card.locator(hidden).first).to_be_hidden()
    drag(node(card, "w₁"), 10)
    expect(say(first)).to_contain_text("z = 1·1 + 0·1 − 0.5 = 0.5")
    card.get_by_role("button", name="Link to this state").click()
    card.get_by_label("hide the answer").check()
    address = card.get_by_label("Address of this state").input_value()
    found = {name: text for name, (text,) in parse_qs(urlparse(address).query).items()}
    assert found == {
        "widget": "neuron-2", "inputs": "1,-2,0.5", "weights": "2.2,1,-1", "bias": "-0.25",
        "activation": "tanh", "problem": "none", "step": "2", "answer": "hidden",
        "hide": "sliders,curve,length",
    }  # fmt: skip


@pytest.mark.parametrize(
    ("query", "sentence"),
    [
        ("weights=1,2,3", "2 inputs and 3 weights do not belong together"),
        ("inputs=1,two", "x₂ is “two”, which is not a finite number."),
        ("inputs=", "There are no inputs: use 1 to 4 numbers."),
        ("bias=1000", "The bias is 1000: use a number from −100 to 100."),
        (
            "activation=softmax",
            "There is no activation “softmax”: choose from step, sigmoid, tanh, relu.",
        ),
        ("problem=nand", "There is no problem “nand”: choose from none, and, or, xor."),
        (
            "step=7",
            "A step of 7 does not work: use 0 (products), 1 (sum), 2 (bias) or 3 (activation).",
        ),
    ],
)
def test_an_address_that_does_not_fit_is_explained(show, query, sentence):
    card = show(Neuron(), query=f"?widget=neuron&{query}").locator(".cv")
    expect(card.locator(".cv-note")).to_contain_text(sentence)
    expect(shown(card, "Σ")).to_have_text("0.5")


def test_a_problem_with_three_inputs_is_mended_by_a_button(show):
    query = "?widget=neuron&problem=xor&inputs=1,1,1&weights=1,1,1"
    card = show(Neuron(), query=query).locator(".cv")
    note = card.locator(".cv-note")
    expect(note).to_contain_text("XOR has two inputs, and this neuron has 3.")
    note.get_by_role("button", name="use two inputs").click()
    expect(card.locator(".neu-table tr.now td").nth(2)).to_have_text("0")
    assert values(card, "x₁", "x₂") == [1, 1]


def test_present_mode_and_reduced_motion(show):
    page = show(Neuron(problem="xor"), reduced_motion="reduce")
    card = page.locator(".cv")
    pulse = card.locator(".neu-handle circle.neu-reach").first
    assert pulse.evaluate("e => getComputedStyle(e).animationName") == "none"
    before = card.locator(".neu-plane").bounding_box()["width"]
    card.get_by_role("button", name="Present full screen").click()
    expect(card).to_have_class(re.compile("cv-presenting"))
    assert card.locator(".neu-plane").bounding_box()["width"] > 1.2 * before
    assert card.locator(".neu-plane-box").evaluate("e => e.scrollWidth - e.clientWidth") == 0


@pytest.mark.parametrize(("scheme", "width"), [("light", 1280), ("dark", 320)])
def test_axe_and_the_smallest_screen(show, scheme, width):
    widgets = [
        Neuron(problem="xor"),
        Neuron(inputs=[1, 2, 3, 4], weights=[-1.25, 2, 0, 0.333], bias=-22.75, title="Four"),
    ]
    page = show(*widgets, color_scheme=scheme, width=width, reduced_motion="reduce")
    page.locator("summary").first.click()
    assert page.evaluate("document.documentElement.scrollWidth") <= width
    for stage in page.locator(".cv-stage, .neu-below, .neu-truth").all():
        assert stage.evaluate("e => e.scrollWidth - e.clientWidth") <= 0
    assert barriers(page) == []
