"""FrequencyResponse: its arithmetic beside Python's, and the widget as readers drive it."""

import re

import numpy as np
import pytest
from hands import drag, predict, press
from playwright.sync_api import expect

from helpers.widgets import FrequencyResponse

COMPUTE = "frequency_response/state.mjs", "compute"


def test_every_number_agrees_with_python(call_module):
    rng = np.random.default_rng(5)
    for _ in range(40):
        widget = FrequencyResponse(
            kernel=rng.normal(0, rng.choice([0.1, 1, 100]), rng.integers(1, 8)),
            step=int(rng.integers(31)),
            stride=int(rng.integers(1, 5)),
        )
        view = call_module(*COMPUTE, widget.state())
        np.testing.assert_allclose(view["re"] + 1j * view["im"], widget.response, atol=1e-9)
        np.testing.assert_allclose(view["gain"], widget.gain, atol=1e-9)
        turned = np.exp(1j * np.radians([view["phase"], widget.phase]))
        np.testing.assert_allclose(*turned * widget.gain, atol=1e-7)
        n = np.arange(len(view["output"]))
        angle = 2 * np.pi * widget.frequency * n
        np.testing.assert_allclose(view["input"], np.cos(angle), atol=1e-12)
        out = widget.gain * np.cos(angle + np.radians(widget.phase))
        np.testing.assert_allclose(view["output"], out, atol=1e-9)
        # What the stride leaves is the slow sinusoid, at every cell that is kept.
        slow, kept = view["slow"], n % widget.stride == 0
        assert 0 <= slow["frequency"] <= 0.5 / widget.stride + 1e-12
        angle = 2 * np.pi * slow["sign"] * slow["frequency"] * n
        alias = widget.gain * np.cos(angle + np.radians(widget.phase))
        np.testing.assert_allclose(alias[kept], out[kept], atol=1e-9)


def say(card):
    return card.locator(".cv-say")


@pytest.fixture
def card(show):
    return show(FrequencyResponse(kernel=[0.5, 0.5], step=15)).locator(".cv")


def test_the_sum_of_arrows_is_written_and_follows_kernel_and_frequency(card):
    expect(say(card)).to_contain_text("H(1/4) = 0.5·(1, 0) + 0.5·(0, −1) = (0.5, −0.5)")
    expect(say(card)).to_contain_text("gain √(0.5² + (−0.5)²) = 0.707, phase −45°")
    expect(card.locator(".cv-formula")).to_contain_text(
        "f = 1/4: one oscillation in 4 cells; out comes 0.707 times as much, 0.5 cells later."
    )
    press(card, "End")
    expect(say(card)).to_contain_text("H(1/2) = 0.5·(1, 0) + 0.5·(−1, 0) = (0, 0)")
    expect(card.locator(".cv-formula")).to_contain_text("nothing comes out")
    card.get_by_label("w[1]").fill("-0,5")
    expect(say(card)).to_contain_text("H(1/2) = 0.5·(1, 0) + (−0.5)·(−1, 0) = (1, 0)")
    card.get_by_label("w[0]").fill("0 0 1")
    card.get_by_label("w[0]").press("Enter")
    card.locator(".cv-stage").focus()
    press(card, "Home")
    for _ in range(10):
        press(card, "ArrowRight")
    expect(card.locator(".cv-formula")).to_contain_text("1 times as much, 2 cells later")
    expect(card.get_by_role("combobox", name="kernel")).to_have_value("two cells later")
    card.get_by_label("w[0]").fill("2000")
    expect(card.locator(".cv-note")).to_contain_text("2000 is too large here")


def test_the_pointer_chooses_a_frequency_in_the_chart_of_gains(card):
    plot = card.locator(".fr-gain svg")
    width = plot.bounding_box()["width"]
    drag(plot, width / 6)  # from the middle, 15, five steps on
    expect(say(card)).to_contain_text("H(1/3)")
    drag(plot, 2 * width)
    expect(say(card)).to_contain_text("H(1/2)")


def test_a_stride_makes_a_fast_sinusoid_look_slow(card):
    for _ in range(9):
        press(card, "ArrowRight")
    slow = card.locator(".fr-waves .fr-slow").last
    assert not slow.get_attribute("d")
    card.get_by_label("2", exact=True).check()
    expect(card.locator(".cv-formula")).to_contain_text(
        "with stride 2 the output holds no more than f = 1/4: this one looks like f = 0.1 (dashed)."
    )
    assert slow.get_attribute("d")
    kept, left = (
        card.locator(f".fr-waves > :last-child .fr-dots{which}").get_attribute("d").count("M")
        for which in (":not(.fr-left)", ".fr-left")
    )
    assert (kept, left) == (13, 12)
    for _ in range(20):
        press(card, "ArrowLeft")
    expect(card.locator(".cv-formula")).to_contain_text("this one fits")


def test_a_prediction_is_judged_by_its_slip(show):
    widget = FrequencyResponse(kernel=[1, -1, 2], step=15, answer="hidden")
    card = show(widget).locator(".cv")
    expect(say(card)).to_contain_text("gain |H(1/4)| = ?")
    wave = card.locator(".fr-waves > :last-child .fr-wave")
    assert not wave.get_attribute("d")
    assert card.locator(".fr-arrow").count() == 0
    for guess, words in {
        "2": "square of the gain",  # H = 1·(1, 0) − (0, −1) + 2·(−1, 0) = (−1, 1)
        "-1": "the cosines",
        "1": "the sines",
        "4": "the gain at f = 1/2",
        "7": "7 is not it. Start with the arrow 1 to the right",
    }.items():
        predict(card, guess)
        expect(card.locator(".cv-verdict")).to_contain_text(words)
    predict(card, "1,41")
    expect(card.locator(".cv-verdict")).to_contain_text("Right: |H(1/4)| = 1.41.")
    assert wave.get_attribute("d")
    assert card.locator(".fr-arrow").count() == 3
    press(card, "ArrowRight")
    expect(say(card)).to_contain_text(re.compile(r"gain \|H\(4/15\)\| = \?"))
    assert card.locator(".fr-found").get_attribute("d").count("M") == 1
