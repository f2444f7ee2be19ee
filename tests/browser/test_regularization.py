"""Regularization, driven as readers drive it, and its numbers held to Python's."""

import re

import numpy as np
import pytest
from hands import press
from playwright.sync_api import expect

from helpers.datasets import load_digits
from helpers.layers import Dense
from helpers.regularizers import L2
from helpers.widgets import Regularization
from helpers.widgets.resources import resource_bytes

RUN = """([bytes, settings, pair, steps]) => {
    const digits = m.readDigits(Uint8Array.from(bytes));
    const run = m.createRun(digits, settings, pair, document.body);
    for (let i = 0; i < steps; i++) run.step();
    for (const measurement of run.beginMeasuring()) while (measurement.step());
    run.endMeasuring();
    run.dispose();
    const { row, label, truth, digit, loss } = run.steps.at(-1);
    const { bins, ...reached } = run.history[0];
    return {
        parameters: [...run.network.parameters], reached, bins: [...bins], label, truth, loss,
        digit: [...digit], row: Object.fromEntries(
            Object.entries(row).map(([name, v]) => [name, v.length ? [...v] : v])),
    };
}"""

STATES = [
    {"dropout": 0.5},
    {"dropout": 0, "l2": 0.01, "wrong": 0.4},
    {"dropout": 0.25, "l2": 0.003, "decay": 3, "units": 16},
    {"dropout": 0.7, "shift": 1, "samples": 200, "batch_norm": True, "decay": 1},
    {"dropout": 0, "shift": 2, "batch_norm": True, "units": 8, "wrong": 0},
]


@pytest.fixture(scope="module")
def run(browser, link_modules):
    page = browser.new_page()
    page.set_content("<!doctype html><title>Regularization</title>")
    names = [*(f"regularization/{name}.mjs" for name in ("run", "question", "words"))]
    link_modules(page, *names, "arithmetic/digits.mjs", "arithmetic/regularizers.mjs")
    page.evaluate("bytes => { globalThis.bytes = bytes; }", list(resource_bytes("digits")))

    def train(state, pair, steps):
        script = f"(rest) => ({RUN})([globalThis.bytes, ...rest])"
        return page.evaluate(script, [state, pair, steps])

    train.page = page
    yield train
    page.close()


@pytest.mark.parametrize("state", STATES)
def test_a_remedied_training_is_that_of_python(run, state):
    widget, steps, pair = Regularization(**state), 14, 3
    before, after = (widget.train(pair, n) for n in (steps - 1, steps))
    found = run(widget.state(), pair, steps)
    expected = np.concatenate([parameter.ravel() for parameter in after.parameters])
    np.testing.assert_allclose(found["parameters"], expected, atol=1e-8)

    _, (x, y) = load_digits()
    x = np.rint(x / 255 * 16).reshape(len(x), 64) / 16
    said = after.predict(x)
    assert found["reached"]["test_accuracy"] == pytest.approx((said.argmax(axis=1) == y).mean())
    plain_loss = -np.log(said[np.arange(len(y)), y]).mean()
    assert found["reached"]["test_loss"] == pytest.approx(plain_loss, rel=1e-6)

    # The arithmetic on show: the loss's own slope and the penalty's, which helpers derives.
    kernels = [layer.kernel for layer in before.layers if isinstance(layer, Dense)]
    row = found["row"]
    pixel = kernels[0][28]
    np.testing.assert_allclose(row["before"], pixel, atol=1e-8)
    assert row["squares"] == pytest.approx(sum(L2(1.0)(kernel) for kernel in kernels))
    m, s = (np.array(row[name]) for name in ("mean", "square"))
    rate = 0.003 * np.sqrt(1 - 0.999**steps) / (1 - 0.9**steps)
    step = (1 - 0.003 * widget.decay) * pixel - rate * m / (np.sqrt(s) + 1e-7)
    np.testing.assert_allclose(row["after"], step, atol=1e-8)
    assert sum(found["bins"]) == sum(kernel.size for kernel in kernels)


@pytest.mark.parametrize("seed", range(4))
def test_the_gradient_of_the_penalty_is_that_of_helpers(run, seed):
    rng = np.random.default_rng(seed)
    weights, slopes, l2 = rng.normal(size=12), rng.normal(size=12), float(rng.uniform(0.001, 0.5))
    found = run.page.evaluate(
        """([weights, slopes, l2]) => {
            const dense = { kind: "dense", weights, gradWeights: [...slopes] };
            const other = { kind: "batch_normalization", weights: [9], gradWeights: [0] };
            const network = { layers: [dense, other] };
            m.addPenaltyGradients(network, l2);
            return [dense.gradWeights, other.gradWeights, m.sumOfSquares(network)];
        }""",
        [weights.tolist(), slopes.tolist(), l2],
    )
    np.testing.assert_allclose(found[0], slopes + L2(l2).gradient(weights))
    assert found[1] == [0]
    assert l2 * found[2] == pytest.approx(L2(l2)(weights))


def test_answers_and_what_they_overlook(run):
    cases = [(-0.03, "worse"), (0.004, "same"), (0.03, "some"), (0.08, "much")]
    for mean, answer in cases:
        assert run.page.evaluate("(mean) => m.rate(mean)", mean) == answer

    def explain(wrong, answer, right, **more):
        state = {"wrong": wrong, "dropout": 0, "epochs": 30} | more
        return run.page.evaluate("(all) => m.explain(...all)", [state, answer, right])

    assert "took away what was needed" in explain(0.2, "some", "worse")
    assert "give it more epochs" in explain(0.2, "some", "worse", dropout=0.5, epochs=4)
    assert "All labels are right" in explain(0, "much", "same")
    assert "Look at the own labels" in explain(0.2, "much", "some")
    assert "keeps it from that" in explain(0.2, "same", "much")


@pytest.fixture
def open_card(show):
    def open_one(query="", **state):
        page = show(Regularization(**state), query=query)
        page.locator("[data-learning]").wait_for()
        return page.locator(".cv")

    return open_one


def summary(card):
    return card.locator(".rg-pairs p")


def total(card):
    return card.locator(".rg-total")


def test_a_step_shows_which_neurons_are_off_and_how_a_weight_moves(open_card, run):
    widget = Regularization(dropout=0.5, l2=0.01, neuron=3)
    card = open_card(dropout=0.5, l2=0.01, neuron=3)
    press(card, "ArrowRight", "ArrowRight")
    expect(card.locator(".rg-where")).to_contain_text("Step 2, the weight w from")
    found = run(widget.state(), 1, 2)
    before, slope = (found["row"][name][2] for name in ("before", "slope"))
    line = card.locator(".rg-lines > div").nth(1).text_content().replace("−", "-")
    said = float(re.search(r"= (-?[\d.e-]+)$", line)[1])
    assert said == pytest.approx(slope + L2(0.01).gradient([before])[0], rel=0.01, abs=1e-5)
    shown = card.locator(".rg-digit figcaption").text_content()
    assert re.findall(r"\d", shown)[-1] == str(found["label"])

    # As many are off as Python's dropout switches off for the first digit of that batch.
    rng = np.random.RandomState(1000 + 2)
    rng.random_sample((25, 128))  # of the step before
    off = int((rng.random_sample((25, 128))[0] < 0.5).sum())
    expect(card.locator(".rg-neurons figcaption").first).to_have_text(f"layer 1: {off} of 128 off")
    press(card, "ArrowLeft")
    expect(card.locator(".rg-where")).to_contain_text("Step 1,")
    box = card.locator(".rg-pick").bounding_box()
    across, down = 4.5 * box["width"] / 16, 1.5 * box["height"] / 8
    card.locator(".rg-pick").click(position={"x": across, "y": down})
    expect(card.get_by_role("spinbutton", name="neuron")).to_have_value(str(16 + 5))


def test_pairs_are_compared_and_the_next_remedy_meets_the_same_plain_ones(open_card, run):
    card = open_card(dropout=0, samples=300, pairs=2, epochs=2)
    card.get_by_role("button", name="train", exact=True).click()
    expect(total(card)).to_contain_text("of 2 pairs", timeout=60_000)
    widget = Regularization(dropout=0, samples=300, epochs=2)
    plain = {**widget.state(), "samples": 150, "l2": 0}
    gains = []
    for pair in (1, 2):
        reached = [run(state, pair, 12)["reached"] for state in (plain, widget.state())]
        gains.append(100 * (reached[1]["test_accuracy"] - reached[0]["test_accuracy"]))
    told = [
        float(text.replace("−", "-"))
        for text in card.locator(".rg-buttons button span").all_text_contents()
    ]
    assert told == pytest.approx(gains, abs=0.051)
    better = sum(gain > 0 for gain in gains)
    expect(total(card)).to_contain_text(f"better in {better} of 2 pairs. One lucky pair proves")
    press(card, "ArrowLeft")
    expect(summary(card)).to_contain_text("Pair 2, epoch 1 of 2")
    card.get_by_role("button", name=re.compile("Pair 1")).click()
    expect(summary(card)).to_contain_text("Pair 1, epoch 2 of 2")
    assert card.locator(".rg-curves .rg-faint").count() == 4
    # Without a remedy both of a pair are one network.
    card.get_by_role("button", name="no remedy").click()
    card.get_by_role("button", name="train", exact=True).click()
    expect(total(card)).to_contain_text("0 points (0 to 0)", timeout=60_000)


def test_early_stopping_goes_back_to_its_best_epoch(open_card):
    card = open_card(dropout=0, early_stopping=True, pairs=1, epochs=24, wrong=0.5)
    card.get_by_role("button", name="train", exact=True).click()
    expect(summary(card)).to_contain_text("Stopped after epoch", timeout=60_000)
    stopped, best = map(
        int,
        re.search(r"after epoch (\d+), back to epoch (\d+)", summary(card).text_content()).groups(),
    )
    assert stopped - best == 5


def test_a_prediction_is_met_by_what_the_pairs_show(open_card):
    card = open_card(answer="hidden", dropout=0, samples=600, pairs=1, epochs=3)
    press(card, "ArrowRight")
    expect(card.locator(".cv-note")).to_contain_text("First say what you expect")
    card.get_by_role("button", name="loses a point or more").click()
    verdict = card.locator(".cv-verdict")
    expect(verdict).to_contain_text("you said “loses a point or more”", timeout=60_000)
    expect(verdict).to_contain_text("better in 1 of 1 pair")
    press(card, "ArrowLeft")
    expect(card.locator(".rg-where")).to_contain_text("Step 17,")


@pytest.mark.parametrize("size", [(1280, 720), (390, 664)])
def test_picture_arithmetic_and_play_bar_are_on_one_screen(show, size):
    width, height = size
    options = {"width": width, "height": height, "has_touch": width < 500}
    page = show(Regularization(dropout=0.5, l2=0.003, pairs=1, epochs=1), **options)
    page.locator("[data-learning]").wait_for()
    card = page.locator(".cv")
    press(card, *["ArrowRight"] * 6)
    expect(total(card)).to_contain_text("better in")
    page.evaluate("document.querySelector('.cv > header').scrollIntoView()")
    bar = card.locator(".cv-play").bounding_box()
    assert bar["y"] + bar["height"] <= height + 0.5
    for part in (card.locator(".rg-curves"), card.locator(".rg-lines > div").last):
        box = part.bounding_box()
        assert box["y"] >= 0 and box["y"] + box["height"] <= bar["y"]
