"""SoftmaxCrossEntropy: its arithmetic beside Python's, and the widget as readers drive it."""

import math

import numpy as np
import pytest
from barriers import barriers
from hands import drag, middle, paste, predict, press, touch
from playwright.sync_api import expect

from helpers.widgets import SoftmaxCrossEntropy

COMPUTE = "softmax_cross_entropy/state.mjs", "compute"


@pytest.mark.parametrize("subtract", [True, False])
def test_every_number_agrees_with_python(call_module, subtract):
    rng = np.random.default_rng(6)
    lost = 0
    for _ in range(60):
        scores = rng.normal(0, rng.choice([1, 5, 1000]), rng.integers(2, 7)).clip(-2000, 2000)
        widget = SoftmaxCrossEntropy(
            scores=scores,
            truth=int(rng.integers(len(scores))),
            temperature=float(rng.choice([0.5, 1, 3])),
            subtract=subtract,
        )
        view = call_module(*COMPUTE, widget.state())
        found = view["softmax"]
        np.testing.assert_allclose(found["probabilities"], widget.probabilities, atol=1e-13)
        np.testing.assert_allclose(found["loss"], widget.loss, rtol=1e-12, atol=1e-13)
        np.testing.assert_allclose(found["gradients"], widget.gradient, atol=1e-13)
        sigmoid = view["sigmoid"]["gradients"]
        np.testing.assert_allclose(sigmoid, widget.sigmoid_gradient, atol=1e-13)
        lost += np.isnan(widget.probabilities).any()
    assert lost == 0 if subtract else 5 < lost < 55


def test_the_curves_are_both_gradients_turned_round(call_module):
    widget = SoftmaxCrossEntropy(scores=[2, 1, -1, 0.5], truth=2, temperature=2)
    curves = call_module("arithmetic/softmax.mjs", "pulls", widget.state(), 20, 5)
    for i, place in enumerate([-20, -10, 0, 10, 20]):
        widget.scores = [2, 1, place, 0.5]
        assert curves["softmax"][i] == pytest.approx(-widget.gradient[2], abs=1e-13)
        assert curves["sigmoid"][i] == pytest.approx(-widget.sigmoid_gradient[2], abs=1e-13)
    # Where the true class's score is far too low, one loss pulls with all might, the other dies.
    assert curves["softmax"][0] == pytest.approx(1 / 2, abs=1e-4)
    assert 0 < curves["sigmoid"][0] < 1e-8


@pytest.mark.parametrize(
    ("typed", "sum", "can_be"),
    [
        ([0.2, 0.3, 0.4, 0.1, 0.1], 1.1, False),
        ([0.2, 0.3, 0.4, 0.05, 0.05], 1, True),
        ([0.5, 0.5, 0], 1, False),
        ([1.5, -0.5], 1, False),
        ([1 / 3, 1 / 3, 1 / 3], 1, True),
    ],
)
def test_what_a_softmax_can_put_out(call_module, typed, sum, can_be):
    verdict = call_module("arithmetic/softmax.mjs", "judgeDistribution", typed)
    assert verdict["sum"] == pytest.approx(sum)
    assert verdict["canBe"] == can_be
    if min(typed) > 0:
        widget = SoftmaxCrossEntropy(scores=verdict["scores"], truth=0)
        np.testing.assert_allclose(widget.probabilities, np.array(typed) / sum)
    else:
        assert verdict["scores"] is None


def say(card):
    return card.locator(".cv-say")


def column(card, number):
    """Return the texts of the first, second, ... column after the scores, without the heading."""
    rows = card.locator(".sce-row:not(.sce-head)")
    return [row.locator(".sce-number").nth(number).text_content() for row in rows.all()]


@pytest.fixture
def card(show):
    return show(SoftmaxCrossEntropy()).locator(".cv")


def test_the_calculation_is_stepped_through(card):
    lines = [
        "z₀ = 2", "1 − 2 = −1", "e^(−1) = 0.3679", "S = 1 + 0.3679 + 0.04979 = 1.418",
        "p₁ = 0.3679 / 1.418 = 0.2595", "L = −ln p₁ = −ln 0.2595 = 1.349", "0.2595 − 1 = −0.7405",
    ]  # fmt: skip
    for step, line in enumerate(lines):
        if step:
            press(card, "ArrowRight")
        expect(say(card)).to_contain_text(line)
    p = SoftmaxCrossEntropy().probabilities
    assert [float(text) for text in column(card, 2)] == pytest.approx(list(p), abs=5e-4)
    press(card, "Home")
    assert column(card, 0) == ["", "", ""]


def test_scores_are_typed_pasted_and_slid_and_the_true_class_chosen(card):
    press(card, "End")
    card.get_by_label("number of class 0", exact=True).fill("1")
    expect(say(card)).to_contain_text("0.4683 − 0 = 0.4683")
    card.get_by_label("number of class 2, slider").fill("1")
    expect(say(card)).to_contain_text("0.3333 − 1 = −0.6667")
    card.get_by_label("class 2 is the true one").check()
    expect(card.locator(".sce-row.true")).to_contain_text("2")
    field = card.get_by_label("number of class 0", exact=True)
    field.fill("3; 1; 0; 0")
    field.press("Enter")
    assert card.locator(".sce-row:not(.sce-head)").count() == 4
    expected = SoftmaxCrossEntropy(scores=[3, 1, 0, 0], truth=2).probabilities
    found = [float(text) for text in column(card, 2)]
    assert found == pytest.approx(list(expected), abs=5e-4)


def test_the_chart_moves_the_score_of_the_true_class(card):
    plot = card.locator(".sce-chart svg")
    width = plot.bounding_box()["width"]
    drag(plot, -width / 4)  # from the middle, 0, by a quarter of −10 to 10
    expect(card.get_by_label("number of class 1", exact=True)).to_have_value("−5")
    widget = SoftmaxCrossEntropy(scores=[2, -5, -1])
    expect(card.locator(".sce-key.sce-softmax")).to_contain_text(f"= {-widget.gradient[1]:.4g}")
    expect(card.locator(".sce-key.sce-sigmoid")).to_contain_text(
        f"= {-widget.sigmoid_gradient[1]:.4g}"
    )


def test_a_finger_on_the_chart_moves_the_score(show):
    page = show(SoftmaxCrossEntropy(), width=390, height=900, has_touch=True)
    card = page.locator(".cv")
    plot = card.locator(".sce-chart svg")
    plot.scroll_into_view_if_needed()
    x, y = middle(plot)
    touch(page, (x, y), (x + 10, y), (x + plot.bounding_box()["width"] / 4, y))
    expect(card.get_by_label("number of class 1", exact=True)).to_have_value("5")


def test_large_scores_are_lost_unless_the_largest_is_taken_off(card):
    card.locator(".cv-settings").get_by_label("example").select_option("scores of 1000")
    press(card, "End")
    assert column(card, 1) == ["∞", "∞", "1"]
    assert column(card, 2) == ["NaN", "NaN", "0"]
    expect(card.locator(".cv-formula")).to_contain_text("∞ / ∞ is no number: NaN")
    card.locator(".cv-settings").get_by_label("subtract the largest score").check()
    q = 1 / (1 + math.e)
    expect(say(card)).to_contain_text(f"{q:.4g} − 1 = −{1 - q:.4g}")
    expect(card.locator(".cv-formula")).not_to_contain_text("NaN")


def test_a_loss_too_large_for_a_probability_is_taken_from_the_scores(show):
    card = show(SoftmaxCrossEntropy(scores=[1000, 0], step=5)).locator(".cv")
    expect(say(card)).to_contain_text("−ln 0 = ∞")
    expect(say(card)).to_contain_text("L = ln S − (−1000) = 1000")


def test_the_numbers_of_the_source_add_up_to_more_than_one(card):
    card.locator(".cv-settings").get_by_label("example").select_option("0.2, 0.3, 0.4, 0.1, 0.1?")
    press(card, "ArrowRight")
    expect(say(card)).to_contain_text("0.2 + 0.3 + 0.4 + 0.1 + 0.1 = 1.1")
    press(card, "ArrowRight")
    expect(say(card)).to_contain_text("No: they add up to 1.1")
    card.get_by_role("button", name="divide by the sum").click()
    expect(say(card)).to_contain_text("Yes: all are above 0, and they add up to 1")
    paste(card.get_by_label("number of class 0", exact=True), "0.5")
    field = card.get_by_label("number of class 0", exact=True)
    field.fill("1.5, −0.5")
    field.press("Enter")
    expect(say(card)).to_contain_text("No: p₁ = −0.5 is negative")


def test_bad_input_is_explained(card):
    field = card.get_by_label("number of class 0", exact=True)
    field.fill("3000")
    expect(card.locator(".cv-note")).to_contain_text("use numbers from −2000 to 2000")
    field.fill("2")
    expect(card.locator(".cv-note")).to_be_hidden()
    card.get_by_role("spinbutton", name="classes").fill("9")
    expect(card.locator(".cv-note")).to_contain_text("use a whole number from 2 to 6")


# z = 2, 1, −1, true class 1: p = 0.705, 0.259, 0.035, S = 1.418, L = 1.349, ∂L/∂z = −0.741.
@pytest.mark.parametrize(
    ("state", "slips"),
    [
        (
            {"step": 4},
            {
                0.368: "forgot to divide by the sum", 2.718: "forgot to divide by the sum",
                0.705: "That is the probability of class 0", 0.35: "powers of the other classes",
                0.5: "share of all scores", 0.731: "That is the sigmoid", 25.9: "in percent",
                0.741: "of all other classes together", 0.333: "All classes alike",
            },
        ),
        ({"step": 4, "temperature": 3}, {0.2595: "You forgot the temperature"}),
        (
            {"step": 5},
            {
                0.586: "logarithm to base 10", 1.946: "logarithm to base 2",
                3.349: "−ln p₂, of the wrong class", -1.349: "The minus sign is missing",
                0.45: "You divided by the 3 classes", 0.7405: "missing to 1", 0.259: "probability",
            },
        ),
        (
            {"step": 6},
            {
                0.741: "The sign is wrong", 0.259: "y is missing", -3.853: "That is ∂L/∂p",
                0.192: "the softmax’s own slope", 0.705: "the gradient of class 0",
                -0.03525: "the sigmoid with squared error", 1.349: "the loss itself",
            },
        ),
        ({"step": 6, "temperature": 3}, {-0.659: "You forgot the temperature"}),
    ],
)  # fmt: skip
def test_wrong_predictions_are_diagnosed(call_module, state, slips):
    state = SoftmaxCrossEntropy(answer="hidden", **state).state()
    view = call_module(*COMPUTE, state)
    for typed, words in slips.items():
        judged = call_module("softmax_cross_entropy/question.mjs", "diagnose", state, view, typed)
        assert not judged["right"], typed
        assert words in judged["words"], typed


@pytest.mark.parametrize("scores", [[2, 1, -1], [0, 9, 0], [4, -8, 0]])
@pytest.mark.parametrize("step", [4, 5, 6])
def test_a_rounded_answer_is_right_and_one_of_the_other_sign_is_not(call_module, scores, step):
    widget = SoftmaxCrossEntropy(scores=scores, step=step)
    answer = [widget.probabilities[1], widget.loss, widget.gradient[1]][step - 4]
    view = call_module(*COMPUTE, widget.state())
    for sign in [1, -1]:
        guess = sign * float(f"{answer:.3g}")
        judged = call_module(
            "softmax_cross_entropy/question.mjs", "diagnose", widget.state(), view, guess
        )
        assert judged["right"] == (sign > 0)


def test_a_right_prediction_reveals_the_step_and_nothing_did_before(show):
    card = show(SoftmaxCrossEntropy(answer="hidden", step=6)).locator(".cv")
    expect(say(card)).to_contain_text("∂L/∂z₁ = ?")
    assert column(card, 3) == ["", "?", ""]
    expect(card.locator(".sce-key.sce-softmax")).to_contain_text("= ?")
    expect(predict(card, "−0.74")).to_contain_text("Right: ∂L/∂z₁ = −0.7405")
    assert column(card, 3)[1] == "−0.741"
    expect(card.locator(".sce-key.sce-softmax")).to_contain_text("= 0.7405")


def test_a_link_leads_back(show):
    page = show(SoftmaxCrossEntropy())
    card = page.locator(".cv")
    card.locator(".cv-settings").get_by_label("example").select_option("badly wrong")
    card.locator(".cv-settings").get_by_label("temperature T").fill("2")
    press(card, "End")
    expect(say(card)).to_contain_text("over T")
    there = say(card).text_content()
    card.get_by_role("button", name="Link to this state").click()
    page.goto(card.get_by_label("Address of this state").input_value())
    page.locator(".cv-widget[data-ready]").wait_for()
    expect(say(card)).to_have_text(there)


@pytest.mark.parametrize("scheme", ["light", "dark"])
@pytest.mark.parametrize(
    "state",
    [
        {"step": 6, "scores": [4, -8, 0, 1, 2, 3]},
        {"step": 4, "scores": [1000, 999, 0], "subtract": False},
        {"input": "probabilities", "step": 2},
    ],
)
def test_no_barriers(show, scheme, state):
    page = show(SoftmaxCrossEntropy(**state), color_scheme=scheme)
    assert barriers(page) == []


@pytest.mark.parametrize("size", [(1280, 720), (390, 664)])
@pytest.mark.parametrize("state", [{"step": 6}, {"input": "probabilities", "step": 2}])
def test_picture_arithmetic_and_play_bar_are_on_one_screen(show, size, state):
    page = show(SoftmaxCrossEntropy(**state), width=size[0], height=size[1])
    card = page.locator(".cv")
    card.evaluate("e => scrollTo(0, e.getBoundingClientRect().top + scrollY)")
    end = card.locator(".sce-sum").bounding_box()
    bar = card.locator(".cv-play").bounding_box()
    assert card.locator(".cv-stage").bounding_box()["y"] >= 0
    assert end["y"] + end["height"] <= bar["y"] + 1
    assert bar["y"] + bar["height"] <= size[1] + 1
