"""BackpropGraph, driven as readers drive it, its engine held to Python and to its own nudges."""

import re
from itertools import combinations
from urllib.parse import parse_qs, urlparse

import numpy as np
import pytest
from barriers import barriers_in_both_schemes
from hands import drag, middle, predict, press, touch, unfold
from playwright.sync_api import expect

from helpers.widgets import BackpropGraph

MINUS = "−"
STATE = {
    "graph": "neuron", "values": {}, "activation": "sigmoid", "signal_size": 5, "kernel_size": 3,
    "step": 0, "answer": "shown",
}  # fmt: skip
CASES = [
    *({"graph": graph, "activation": f} for graph in ("neuron", "two_layer")
      for f in ("sigmoid", "tanh", "relu")),
    *({"graph": "convolution", "signal_size": n, "kernel_size": k}
      for n, k in [(5, 3), (6, 4), (6, 1), (4, 4), (1, 1), (6, 2)]),
    {"graph": "softmax"},
]  # fmt: skip


def name_of(case):
    return "-".join(str(value) for value in case.values())


@pytest.fixture
def open_card(show):
    return lambda **state: show(BackpropGraph(**state)).locator(".cv")


@pytest.fixture
def view(call_module):
    return lambda **state: call_module("backprop_graph/widget.mjs", "compute", STATE | state)


def node(card, name):
    return card.locator(f'.bg-node[data-node="{name}"]')


def field(card, label):
    return card.get_by_role("textbox", name=label, exact=True)


def gradient(card, name):
    return node(card, name).locator(".bg-gradient")


def value(card, name):
    return node(card, name).locator(".bg-value")


def say(card):
    return card.locator(".cv-arithmetic")


def phase(card):
    return card.locator(".bg-phase")


def test_the_engine_agrees_with_python_and_with_its_nudges(view):
    rng = np.random.default_rng(8)
    for case in CASES:
        for _ in range(3):
            values = {name: float(rng.normal()) for name in BackpropGraph(**case).leaves}
            if case["graph"] == "softmax":
                y1, y2 = rng.dirichlet([1, 1, 1])[:2].tolist()
                values |= {"y1": y1, "y2": y2, "y3": 1 - y1 - y2}
            widget, found = BackpropGraph(values=values, **case), view(values=values, **case)
            assert found["values"] == pytest.approx(widget.node_values, rel=1e-9, abs=1e-12)
            assert found["gradients"] == pytest.approx(widget.gradients, rel=1e-9, abs=1e-12)
            for name, nudged in found["nudged"].items():
                assert nudged["slope"] == pytest.approx(
                    found["gradients"][name], rel=1e-6, abs=1e-8
                )
            for name, ways in found["ways"].items():
                total = sum(way["contribution"] for way in ways) if ways else 1
                assert found["gradients"][name] == pytest.approx(total)


@pytest.mark.parametrize("case", CASES, ids=name_of)
def test_each_node_has_its_turn_after_those_that_it_needs(view, case):
    ready = view(**case)["ready"]
    known = set(ready["leaves"])
    for operation in ready["operations"]:
        assert set(operation["from"]) <= known
        known.add(operation["name"])
    order = {name: n for n, name in enumerate(ready["backward"])}
    assert set(order) == known - set(ready["targets"])
    assert len(order) == len(ready["backward"])
    for operation in ready["operations"]:
        for name in set(operation["from"]) - set(ready["targets"]):
            assert order[name] > order[operation["name"]]


@pytest.mark.parametrize("shape", ["wide", "narrow"])
def test_no_card_covers_another_and_none_leaves_the_drawing(call_module, view, shape):
    for case in CASES + [
        {"graph": "convolution", "signal_size": 6, "kernel_size": k} for k in (3,)
    ]:
        ready = view(**case)["ready"]
        layout = call_module("backprop_graph/layout.mjs", "layOut", case["graph"], ready, shape)
        boxes = layout["boxes"]
        nodes = {*ready["leaves"], *(operation["name"] for operation in ready["operations"])}
        assert set(boxes) == nodes
        for name, box in boxes.items():
            assert box["width"] / 2 <= box["x"] <= layout["width"] - box["width"] / 2, (case, name)
            assert box["height"] / 2 <= box["y"] <= layout["height"] - box["height"] / 2, name
        for (one, a), (other, b) in combinations(boxes.items(), 2):
            apart_x = abs(a["x"] - b["x"]) - (a["width"] + b["width"]) / 2
            apart_y = abs(a["y"] - b["y"]) - (a["height"] + b["height"]) / 2
            assert max(apart_x, apart_y) > 0.1, (case, one, other)


def test_forward_and_back_through_one_neuron(open_card):
    card = open_card()
    expect(phase(card)).to_have_text("inputs")
    expect(value(card, "s1")).to_have_text("")
    press(card, "ArrowRight")
    expect(phase(card)).to_have_text("forward →")
    expect(node(card, "s1")).to_have_class(re.compile("now"))
    expect(say(card)).to_have_text("s₁ = w₁·x₁ = 0.5·2 = 1")
    expect(value(card, "s2")).to_have_text("")
    press(card, "ArrowRight", "ArrowRight", "ArrowRight")
    expect(say(card)).to_have_text(
        f"a = σ(z) = 1/(1 + e^({MINUS}z)) = 1/(1 + e^({MINUS}0.4)) = 0.5987"
    )
    press(card, "ArrowRight")
    expect(say(card)).to_have_text(f"L = (a {MINUS} y)² = (0.5987 {MINUS} 1)² = 0.1611")
    expect(gradient(card, "L")).to_have_text("")
    press(card, "ArrowRight")
    expect(phase(card)).to_have_text("← backward")
    expect(gradient(card, "L")).to_have_text("1")
    expect(gradient(card, "a")).to_have_text("")
    press(card, "ArrowRight", "ArrowRight")
    expect(say(card)).to_contain_text(
        f"∂L/∂z = ∂L/∂a · ∂a/∂z = {MINUS}0.8026 · 0.2403 = {MINUS}0.1928"
    )
    expect(say(card)).to_contain_text(
        f"∂a/∂z = a·(1 {MINUS} a) = 0.5987·(1 {MINUS} 0.5987) = 0.2403"
    )
    expect(card.locator(".bg-check")).to_contain_text("(L(z + h) − L(z − h)) / 2h")
    expect(card.locator(".bg-check")).to_contain_text(
        f"backpropagation: {MINUS}0.1928392, difference:"
    )
    expect(card.locator(".bg-slope:visible")).to_have_text(["·0.2403"])
    assert card.locator(".bg-edges.wide .now").count() == 1
    press(card, "End")
    expect(card.locator(".bg-gradient.blank")).to_have_count(0)
    expect(card.get_by_role("button", name="Step forward")).to_have_attribute(
        "aria-disabled", "true"
    )
    press(card, "Home")
    expect(card.locator(".bg-gradient.blank")).to_have_count(10)


@pytest.fixture
def calculate_in_page(visit, link_modules):
    """Run a script over the states of all cases, with the modules' exports in `m`."""
    page = visit("about:blank")
    parts = ["widget", "question", "words"]
    link_modules(page, *(f"backprop_graph/{part}.mjs" for part in parts))
    states = [STATE | case for case in CASES]
    return lambda script: page.evaluate(f"(states) => states.map({script})", states)


def test_the_written_arithmetic_is_right_at_every_step(calculate_in_page):
    """Each product that the lines show is calculated anew from its text."""
    views = calculate_in_page(
        """(state) => {
            const view = m.compute(state);
            const read = (way) => m.calculate(m.writeProduct(way));
            return Object.entries(view.ways).map(([name, ways]) => [view.gradients[name], ways.map(
                (way) => [m.writeProduct(way), read(way), way.contribution])]);
        }"""
    )
    for gradients in views:
        for gradient, ways in gradients[1:]:
            for text, product, contribution in ways:
                assert product == pytest.approx(contribution, rel=0.006, abs=1e-9), text
            assert sum(way[1] for way in ways) == pytest.approx(gradient, rel=0.02, abs=0.01)


def test_contributions_are_written_one_by_one_and_added(open_card):
    card = open_card(graph="convolution", step=9)
    expect(say(card)).to_contain_text(
        "∂L/∂w₀ = ∂L/∂y₀ · ∂y₀/∂w₀ + ∂L/∂y₁ · ∂y₁/∂w₀ + ∂L/∂y₂ · ∂y₂/∂w₀"
    )
    expect(card.locator(".bg-part")).to_have_text([
        f"through y₀: {MINUS}1 · 2 = {MINUS}2 (∂y₀/∂w₀ = x₂ = 2)",
        "through y₁: 2 · 3 = 6 (∂y₁/∂w₀ = x₃ = 3)",
        "through y₂: 1 · 4 = 4 (∂y₂/∂w₀ = x₄ = 4)",
    ])  # fmt: skip
    expect(say(card)).to_contain_text(f"added: {MINUS}2 + 6 + 4 = 8")
    expect(card.locator(".bg-slope:visible")).to_have_text(["·2", "·3", "·4"])
    press(card, "ArrowRight", "ArrowRight")
    expect(say(card)).to_contain_text(
        f"∂L/∂w = (8, 6, 4) is a correlation again, of x with ∂L/∂y = ({MINUS}1, 2, 1)"
    )
    press(card, "End")
    expect(say(card)).to_contain_text("the full correlation of ∂L/∂y")
    # One edge for each of the two ways in the last but one cell.
    press(card, "ArrowLeft")
    assert card.locator(".bg-edges.wide .now").count() == 2


def test_softmax_ends_in_p_minus_y(open_card):
    card = open_card(graph="softmax", step=18)
    expect(say(card)).to_contain_text(
        "All the way back from L only this is left: p₂ − y₂ = 0.2424 − 1 = −0.7576."
    )
    expect(gradient(card, "z2")).to_have_text(f"{MINUS}0.7576")


def test_a_click_on_a_node_leads_to_its_step(open_card):
    card = open_card()
    gradient(card, "w1").click()
    expect(say(card)).to_contain_text("∂L/∂w₁ = ∂L/∂s₁ · ∂s₁/∂w₁")
    value(card, "z").click()
    expect(phase(card)).to_have_text("forward →")
    expect(say(card)).to_contain_text("z = s₁ + s₂ + b = 1 − 1.2 + 0.6 = 0.4")
    gradient(card, "b").focus()
    card.page.keyboard.press("Enter")
    expect(say(card)).to_contain_text("∂z/∂b = 1")
    card.page.keyboard.press("ArrowLeft")
    expect(say(card)).to_contain_text("∂L/∂s₂")


def test_changing_an_input_recomputes_everything_at_once(open_card):
    card = open_card(step=15)
    for name, typed in {"w₁": "−1,5", "x₂": "0.25"}.items():
        field(card, name).fill(typed)
    widget = BackpropGraph(values={"w1": -1.5, "x2": 0.25})
    shown = gradient(card, "x1").text_content().replace(MINUS, "-")
    assert float(shown) == pytest.approx(widget.gradients["x1"], rel=2e-3)
    field(card, "w₁").press("ArrowUp")
    expect(field(card, "w₁")).to_have_value(f"{MINUS}1.4")
    card.get_by_role("button", name="first numbers").click()
    expect(field(card, "w₁")).to_have_value("0.5")
    expect(field(card, "x₂")).to_have_value("3")

    drag(node(card, "w2").locator(".bg-head"), 40)
    expect(field(card, "w₂")).to_have_value("0.1")
    slider = card.get_by_role("slider", name="change w₂")
    slider.focus()
    slider.press("ArrowRight")
    expect(field(card, "w₂")).to_have_value("0.15")
    expect(card.locator(".bg-count")).to_have_text("step 15 of 15")
    assert float(value(card, "s2").text_content()) == pytest.approx(0.45)


def test_a_list_fills_a_row(open_card):
    card = open_card(graph="convolution", step=4)
    field(card, "w₀").fill("1, 0, −1")
    field(card, "w₀").press("Enter")
    assert [value(card, f"y{n}").text_content() for n in range(3)] == ["2", "2", "2"]
    field(card, "x₁").fill("1, 2, 3, 4, 5, 6")
    field(card, "x₁").press("Enter")
    expect(card.locator(".cv-note")).to_have_text(
        "6 numbers do not fit: x₀, x₁, x₂, x₃, x₄ take 5."
    )


def test_other_graphs_activations_and_sizes(open_card):
    card = open_card(values={"w1": 2})
    expect(value(card, "w1")).to_have_value("2")
    card.get_by_role("combobox", name="activation").select_option("relu")
    press(card, "End")
    expect(value(card, "a")).to_have_text("3.4")
    card.get_by_text("1-D convolution").click()
    expect(card.locator(".bg-count")).to_have_text("16 steps to go")
    expect(card.get_by_role("combobox", name="activation")).to_be_hidden()
    card.get_by_label("cells of x").fill("6")
    card.get_by_label("cells of w").fill("2")
    assert card.locator(".bg-node").count() == 6 + 2 + 5 + 5 + 1
    card.get_by_label("cells of x").fill("1")
    expect(card.locator(".cv-note")).to_contain_text(
        "A kernel of 2 cells does not fit inside a signal of 1: use at most 1, or a longer signal."
    )
    assert card.locator(".bg-node").count() == 19
    card.get_by_label("cells of w").fill("1")
    expect(card.locator(".cv-note")).to_be_hidden()
    expect(card.locator(".bg-node")).to_have_count(5)
    card.get_by_text("one neuron").click()
    expect(value(card, "w1")).to_have_value("2")


@pytest.mark.parametrize(
    ("state", "label", "typed", "sentence"),
    [
        ({}, "w₁", "abc", "“abc” is not a number: w₁ stays 0.5."),
        ({}, "w₁", "", "“” is not a number: w₁ stays 0.5."),
        ({}, "b", "500", "b = 500 is too large here: use numbers from −100 to 100."),
        ({"graph": "softmax"}, "z₁", "−11", "z1 = −11 is too large here: use numbers from −10"),
    ],
)
def test_bad_input_is_explained_and_the_picture_stays(open_card, state, label, typed, sentence):
    card = open_card(step=19, **state)
    before = card.locator(".bg-gradient").all_text_contents()
    field(card, label).fill(typed)
    field(card, label).blur()
    expect(card.locator(".cv-note")).to_contain_text(sentence)
    assert card.locator(".bg-gradient").all_text_contents() == before
    field(card, label).press("Escape")
    expect(card.locator(".cv-note")).to_be_hidden()


def test_targets_that_are_no_probabilities_are_mended_by_a_button(open_card):
    card = open_card(graph="softmax", step=19)
    field(card, "y₃").fill("1")
    note = card.locator(".cv-note")
    expect(note).to_contain_text("The targets 0, 1, 1 are no probabilities")
    note.get_by_role("button", name="class 1 is right").click()
    expect(note).to_be_hidden()
    expect(field(card, "y₃")).to_have_value("0")
    expect(field(card, "y₁")).to_have_value("1")
    field(card, "y₃").fill("1")
    note.get_by_role("button", name="class 3 is right").click()
    expect(note).to_be_hidden()
    expect(field(card, "y₁")).to_have_value("0")
    assert float(gradient(card, "z3").text_content().replace(MINUS, "-")) == pytest.approx(
        BackpropGraph(graph="softmax", values={"y2": 0, "y3": 1}).gradients["z3"], rel=1e-3
    )


def test_predicting_the_gradients_one_after_the_other(open_card):
    card = open_card(answer="hidden")
    press(card, "ArrowRight")
    expect(card.get_by_label("Your prediction")).to_be_hidden()
    expect(value(card, "s1")).to_have_text("1")
    press(card, *["ArrowRight"] * 5)
    expect(gradient(card, "L")).to_have_text("?")
    expect(predict(card, "0.1611")).to_contain_text("That is the loss itself.")
    expect(predict(card, "1")).to_contain_text("Right: ∂L/∂L = 1.")
    card.get_by_role("button", name="next").click()
    expect(say(card)).to_contain_text("∂L/∂a = ?")
    expect(say(card)).to_contain_text(f"a goes into L = (a {MINUS} y)²")
    expect(card.locator(".bg-check")).to_have_text("")
    expect(card.locator(".bg-slope:visible")).to_have_count(0)
    expect(predict(card, f"0.5987 {MINUS} 1")).to_contain_text("The 2 is missing")
    expect(predict(card, "2*(0.5987 - 1)")).to_contain_text(f"Right: ∂L/∂a = {MINUS}0.8026.")
    expect(gradient(card, "a")).to_have_text(f"{MINUS}0.8026")
    card.get_by_role("button", name="next").click()
    expect(predict(card, "many")).to_contain_text("“many” is not a number")
    expect(predict(card, "0.24")).to_contain_text("the local derivative ∂a/∂z alone")
    expect(gradient(card, "z")).to_have_text("?")
    card.get_by_role("button", name="show", exact=True).click()
    expect(gradient(card, "z")).to_have_text(f"{MINUS}0.1928")
    # What was not asked for stays unknown, whatever step is looked at.
    press(card, "End")
    expect(predict(card, "7")).to_contain_text("It takes ∂L/∂s₂, not found yet: go there")
    expect(gradient(card, "w1")).to_have_text("")
    expect(gradient(card, "x2")).to_have_text("?")
    card.get_by_text("all gradients beside").click()
    rows = card.locator(".bg-table tbody tr")
    expect(rows.locator("td:nth-child(3)")).to_have_text(
        ["1", f"{MINUS}0.8026", f"{MINUS}0.1928", *[""] * 7]
    )
    card.get_by_label("predict first").uncheck()
    expect(rows.locator("td:nth-child(3)").last).to_have_text("0.0771")


@pytest.mark.parametrize(
    ("state", "name", "guess", "words"),
    [
        ({}, "L", 0, "If L grows by a little, L grows by just as much."),
        ({}, "a", -0.4013, "The 2 is missing"),
        ({}, "a", 0.8026, "The sign is wrong"),
        ({}, "a", 1.197, "The target y is missing"),
        ({}, "z", 0.2403, "alone: multiply it by the gradient that arrives, ∂L/∂a"),
        ({}, "z", -0.8026, "multiply it by the local derivative ∂a/∂z"),
        ({}, "z", -0.8026 * 0.5987, "has the value a in place of the slope"),
        ({"values": {"b": 2.2}}, "z", 0.4768, "with what comes out of σ, not z, what goes in"),
        ({}, "z", -0.8026 + 0.2403, "multiplies the two derivatives, it does not add them"),
        ({}, "z", 0.4, "That is the value of z, from the way forward."),
        ({}, "z", 7, "7 is not it. Take the gradient that arrives, ∂L/∂a = −0.8026, times"),
        ({}, "w1", -0.1928 * 0.5, "by x₁, not by w₁ itself"),
        ({}, "b", -0.1928 * 0.6, "∂z/∂b is 1, not the value of b"),
        ({"activation": "tanh"}, "z", -1.2401 * 0.84, "with what comes out of tanh, not z"),
        ({"activation": "relu", "values": {"b": -3}}, "z", -2, "there ReLU is flat"),
        ({"activation": "relu"}, "z", 0, "passes everything on, and its slope is 1"),
        ({"graph": "two_layer"}, "x", -0.0716, "only the part that comes through z₁"),
        ({"graph": "two_layer"}, "x", -0.0626, "x goes into z₁ and z₂, and both parts are added"),
        ({"graph": "two_layer"}, "x", 0.4 - 0.6, "multiply each by the gradient that arrives"),
        ({"graph": "two_layer"}, "x", -0.179 + 0.1044, "multiply each by its local derivative"),
        ({"graph": "two_layer"}, "v1", -0.6347 * 1.2, "so ∂ŷ/∂v₁ is a₁, not v₁ itself"),
        ({"graph": "two_layer"}, "c", -0.6347 * 0.2, "c is added on: ∂ŷ/∂c is 1."),
        ({"graph": "convolution"}, "y0", -3, "each of the 3 squares counts 1/3"),
        ({"graph": "convolution"}, "y0", -1.5, "2/3 is missing"),
        ({"graph": "convolution"}, "w0", 6, "only the part that comes through y₁"),
        ({"graph": "convolution"}, "w0", 10, "The part that comes through y₀ is missing."),
        ({"graph": "softmax"}, "p1", -1.517, "Its target is 0"),
        ({"graph": "softmax"}, "p2", -0.2424, "divide by p₂"),
        ({"graph": "softmax"}, "p2", -0.7576, "the gradient with respect to the score"),
        ({"graph": "softmax"}, "S", 1, "The square is missing"),
        ({"graph": "softmax"}, "e2", -0.3679, "only the part that comes through p₂"),
        ({"graph": "softmax"}, "z1", 0.0892 * 2, "e^z₁ is its own derivative, e₁"),
    ],
)
def test_wrong_gradients_are_diagnosed(call_module, view, state, name, guess, words):
    verdict = call_module("backprop_graph/question.mjs", "diagnose", view(**state), name, guess)
    assert not verdict["right"]
    assert words in verdict["words"]


def test_only_what_rounds_to_the_gradient_is_right(calculate_in_page):
    verdicts = calculate_in_page(
        """(state) => {
            const view = m.compute(state);
            return Object.entries(view.gradients).flatMap(([name, gradient]) => {
                const parts = view.ways[name].map((way) => Math.abs(way.contribution));
                const size = parts.reduce((sum, part) => sum + part, 0);
                return [0, 0.001, 0.05, -0.02].map((off) => {
                    const guess = gradient + off * (size || 1);
                    return [name, off, size, m.diagnose(view, name, guess)];
                });
            });
        }"""
    )
    assert sum(map(len, verdicts)) > 400
    for case, found in zip(CASES, verdicts, strict=True):
        for name, off, size, verdict in found:
            fits = off == 0 or (off == 0.001 and (size > 0 or name == "L"))
            assert verdict["right"] == fits, (case, name, off, verdict)
            assert verdict["right"] == verdict["words"].startswith("Right: ")


@pytest.mark.parametrize(
    ("text", "number"),
    [
        ("0.5", 0.5), ("−0,8026 · 0,2403", -0.8026 * 0.2403), ("2*(0.6 - 1)", -0.8),
        ("-1·2 + 2·3 + 4", 8), ("−4.125/11.21", -4.125 / 11.21), ("2·−3", -6), ("1e-3", 1e-3),
        ("1 − −1", 2), ("", None), ("2·", None), ("(1", None), ("a·2", None), ("1/0", None),
        ("1 2", None),
    ],
)  # fmt: skip
def test_calculations_as_people_type_them(call_module, text, number):
    result = call_module("backprop_graph/words.mjs", "calculate", text)
    assert result == pytest.approx(number) if number is not None else np.isnan(result)


@pytest.mark.parametrize(
    ("value", "text"),
    [
        (0, "0"), (1 - 1.2 + 0.2, "0"),
        (0.5, "0.5"), (-0.19283920, "−0.1928"), (0.0123456, "0.0123"), (12.3456, "12.35"),
        (-1234.56, "−1235"), (0.0001234, "1.23e−4"), (-2e-9, "−2e−9"), (123456, "1.23e5"),
        (1000, "1000"),
    ],
)  # fmt: skip
def test_numbers_are_short(call_module, value, text):
    assert call_module("backprop_graph/words.mjs", "short", value) == text


@pytest.mark.parametrize(
    ("operation", "at", "slope", "text"),
    [
        ({"name": "z", "op": "sum", "from": ["s1", "b"]}, 1, 1, "∂z/∂b = 1"),
        ({"name": "s1", "op": "product", "from": ["w1", "x1"]}, 0, 2, "∂s₁/∂w₁ = x₁ = 2"),
        ({"name": "a", "op": "sigmoid", "from": ["z"]}, 0, 0.25,
         "∂a/∂z = a·(1 − a) = 0.5·(1 − 0.5) = 0.25"),
    ],
    ids=["sum", "product", "sigmoid"],
)  # fmt: skip
def test_no_slope_is_written_twice(call_module, operation, at, slope, text):
    values = {"s1": 1, "b": -1, "w1": 0.5, "x1": 2, "z": 0, "a": 0.5}
    words = "backprop_graph/words.mjs"
    assert call_module(words, "writeSlope", operation, values, at, slope) == text


def test_an_address_restores_the_state(show):
    query = (
        "?widget=backpropgraph-2&graph=two_layer&values=w1:-0.5,x:3&activation=tanh&step=20"
        "&hide=slider,graph,check"
    )
    page = show(BackpropGraph(), BackpropGraph(), query=query)
    first, second = page.locator(".cv").all()
    widget = BackpropGraph(graph="two_layer", values={"w1": -0.5, "x": 3}, activation="tanh")
    shown = float(gradient(second, "x").text_content().replace(MINUS, "-"))
    assert shown == pytest.approx(widget.gradients["x"], rel=2e-3)
    for part in ("slider", "graph", "check"):
        expect(second.locator(f"[data-part={part}]")).to_be_hidden()
        expect(first.locator(f"[data-part={part}]")).not_to_have_attribute("hidden", "")
    # The other copy is as it was, and stays so.
    expect(phase(first)).to_have_text("inputs")
    field(second, "v₁").fill("9")
    press(second, "ArrowLeft")
    expect(field(first, "w₁")).to_have_value("0.5")
    expect(phase(first)).to_have_text("inputs")


@pytest.mark.parametrize(
    ("query", "sentence"),
    [
        ("graph=circle", "There is no graph “circle”: choose neuron, two_layer"),
        ("values=w9:1", "The graph has no input “w9”: it has x1, w1"),
        ("values=w1:x", "The input w1 is “x”, which is not a finite number."),
        ("values=w1", "The input w1 is “”, which is not a finite number."),
        ("activation=step", "There is no activation “step” here"),
        (
            "signal_size=9",
            "A signal of 9 cells does not work here: use a whole number from 1 to 6.",
        ),
        ("graph=convolution&kernel_size=0", "A kernel of 0 cells does not work here"),
        ("graph=softmax&values=y1:-1", "are no probabilities"),
        ("step=-1", "-1 does not work as step: use a whole number from 0."),
    ],
)
def test_an_address_that_does_not_fit_is_explained(show, query, sentence):
    page = show(BackpropGraph(), query=f"?widget=backpropgraph&{query}")
    expect(page.locator(".cv-note")).to_contain_text(sentence)
    assert page.locator(".bg-node").count() == 11


def test_the_link_leads_back_to_the_same_state(show):
    page = show(BackpropGraph(step=7))
    card = page.locator(".cv")
    field(card, "w₁").fill("−2")
    card.get_by_role("button", name="Link to this state").click()
    card.get_by_label("hide the answer").check()
    address = card.get_by_label("Address of this state").input_value()
    assert parse_qs(urlparse(address).query)["values"] == ["w1:-2"]
    page.goto(address)
    page.locator("[data-ready]").wait_for()
    expect(field(card, "w₁")).to_have_value(f"{MINUS}2")
    expect(say(card)).to_contain_text("∂L/∂a = ?")


def test_the_buttons_below_stay_where_they_are(open_card):
    card = open_card(graph="two_layer")
    play = card.locator(".cv-play")
    places = set()
    for _ in range(21):
        places.add(round(card.bounding_box()["height"]))
        press(card, "ArrowRight")
    assert len(places) == 1
    expect(play).to_be_visible()


def test_play_stops_at_a_question_and_in_a_lecture_all_is_in_sight(show):
    page = show(BackpropGraph(answer="hidden", step=3), width=1280, height=720)
    card = page.locator(".cv")
    card.get_by_label("speed").select_option("fast")
    press(card, " ")
    expect(card.get_by_role("button", name="play")).to_be_visible(timeout=6000)
    expect(say(card)).to_contain_text("∂L/∂L = ?")
    card.get_by_role("button", name="Present full screen").click()
    expect(card).to_have_class(re.compile("cv-presenting"))
    card.get_by_label("Your prediction").fill("1")
    card.get_by_label("Your prediction").press("Enter")
    bar = card.locator(".cv-play").bounding_box()
    for part in (card.locator(".bg-graph"), card.locator(".cv-say .bg-ways")):
        box = part.bounding_box()
        assert box["y"] + box["height"] < bar["y"]
    graph, words = card.locator(".bg-graph").bounding_box(), say(card).bounding_box()
    assert words["x"] >= graph["x"] + graph["width"]


@pytest.mark.parametrize("graph", ["two_layer", "convolution"])
def test_on_the_smallest_screen_by_touch(show, graph):
    state = {"signal_size": 6, "kernel_size": 4} if graph == "convolution" else {}
    page = show(
        BackpropGraph(graph=graph, **state), width=320, height=640, has_touch=True, is_mobile=True
    )
    unfold(page)
    card = page.locator(".cv")
    gradient(card, "w1").tap()
    expect(say(card)).to_contain_text("∂L/∂w₁")
    head = node(card, "w1").locator(".bg-head")
    head.evaluate("e => e.scrollIntoView({ block: 'center' })")
    x, y = middle(head)
    touch(page, (x, y), (x + 10, y), (x + 20, y))
    before = BackpropGraph(graph=graph).leaves["w1"]
    expect(card.locator(".bg-change output")).to_have_text(f"{before + 0.25:g}".replace("-", MINUS))
    card.get_by_text("all gradients beside").click()
    assert page.evaluate("document.documentElement.scrollWidth") <= 320
    assert card.locator(".cv-stage").evaluate("e => e.scrollWidth <= e.clientWidth")
    for text in card.locator(".bg-value, .bg-gradient").all():
        assert text.evaluate("e => e.scrollWidth <= e.clientWidth + 1")
        assert float(text.evaluate("e => parseFloat(getComputedStyle(e).fontSize)")) >= 9
    expect(card.locator(".bg-edges.narrow")).to_be_visible()
    expect(card.locator(".bg-edges.wide")).to_be_hidden()


def test_a_step_is_announced_politely(open_card):
    card = open_card()
    press(card, "ArrowRight")
    expect(card.locator("[aria-live=polite]")).to_have_text("s₁ = 1: w₁·x₁ = 0.5·2 forward →")


def test_no_barriers(show):
    page = show(
        BackpropGraph(graph="convolution", step=11),
        BackpropGraph(step=8, answer="hidden", title="Predict"),
        reduced_motion="reduce",
    )
    page.get_by_text("all gradients beside").first.click()
    assert barriers_in_both_schemes(page) == []
