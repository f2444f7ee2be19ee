"""ConvGradients: its arithmetic beside TensorFlow's, and the widget as readers drive it."""

import re

import numpy as np
import pytest
from barriers import barriers
from conv_oracle import layer_gradients, random_layer
from hands import drag, paste, predict, press, unfold
from playwright.sync_api import expect

from helpers.widgets import ConvGradients

MODULE = "arithmetic/conv_gradients.mjs"
SQUARE = [[1, 3, -2, 0], [2, -1, 4, 1], [0, 2, 1, -3], [3, 1, -1, 2]]
KERNEL = [[2, -1, 0], [3, 1, -2], [0, 1, 1]]


def per_axis(layer):
    """Return a layer as the module takes it: padding, stride and dilation for each axis."""
    one_row = len(layer["image"]) == len(layer["kernel"]) == 1
    nothing = {"padding": 0, "stride": 1, "dilation": 1}
    return layer | {
        name: [none if one_row else layer[name], layer[name]] for name, none in nothing.items()
    }


@pytest.mark.parametrize("one_row", [True, False])
def test_three_ways_back_agree_with_tensorflow(call_module, one_row):
    rng = np.random.default_rng(11)
    seen = set()
    for _ in range(60):
        layer = random_layer(rng, one_row)
        if layer is None:
            continue
        expected = layer_gradients(**layer)
        shapes = np.shape(layer["image"]), np.shape(layer["kernel"])
        layer = per_axis(layer)
        assert call_module(MODULE, "loss", layer) == pytest.approx(expected["loss"], abs=1e-12)
        scattered = call_module(MODULE, "gradients", layer)
        differences = call_module(MODULE, "finiteDifferences", layer)
        for name in ["image", "kernel", "bias"]:
            wanted = expected[f"grad_{name}"]
            np.testing.assert_allclose(scattered[name], wanted, atol=1e-12)
            np.testing.assert_allclose(differences[name], wanted, atol=1e-9)

        gathered = call_module(MODULE, "inputAsCorrelation", layer)
        sums = np.reshape([step["sum"] for step in gathered["steps"]], shapes[0])
        np.testing.assert_allclose(sums, expected["grad_image"], atol=1e-12)
        steps = call_module(MODULE, "kernelAsCorrelation", layer)["steps"]
        sums = np.full(shapes[1], np.nan)
        for step in steps:
            sums[tuple(step["cell"])] = step["sum"]
        np.testing.assert_allclose(sums, expected["grad_kernel"], atol=1e-12)
        seen.add((layer["flip"], *(layer[name][1] for name in ["padding", "stride", "dilation"])))
    assert len(seen) > 15


def test_every_step_adds_one_upstream_gradient(call_module):
    """After step t the gradients are those of a loss that has only the first t + 1 outputs."""
    rng = np.random.default_rng(2)
    layer = {
        "image": SQUARE, "kernel": KERNEL, "bias": 1.0, "upstream": rng.normal(size=(2, 2)),
        "flip": False, "padding": 1, "stride": 2, "dilation": 1,
    }  # fmt: skip
    ready = per_axis(layer | {"upstream": layer["upstream"].tolist()})
    for t, step in enumerate(call_module(MODULE, "scatter", ready)):
        first = np.where(np.arange(4).reshape(2, 2) <= t, layer["upstream"], 0)
        expected = layer_gradients(**layer | {"upstream": first})
        inside = np.array(step["input"])[1:-1, 1:-1]
        np.testing.assert_allclose(inside, expected["grad_image"], atol=1e-12)
        np.testing.assert_allclose(step["kernel"], expected["grad_kernel"], atol=1e-12)
        assert step["bias_after"] == pytest.approx(expected["grad_bias"])


def as_number(text):
    return float(text.replace("−", "-")) if text not in ("", "?") else None


def numbers(cells):
    return [as_number(text) for text in cells.all_text_contents()]


def cells(card, place):
    return card.locator(f".{place} .cv-cell")


def say(card):
    return card.locator(".cv-say")


@pytest.fixture
def card(show):
    return show(ConvGradients()).locator(".cv")


def test_cells_fill_up_and_end_at_the_finite_differences(card):
    widget = ConvGradients()
    image, kernel, upstream = (
        np.array(v[0]) for v in (widget.image, widget.kernel, widget.upstream)
    )
    grad_image, grad_kernel = np.zeros(5), np.zeros(3)
    for step, g in enumerate(upstream):
        if step:
            press(card, "ArrowRight")
        grad_image[step : step + 3] += g * kernel
        grad_kernel += g * image[step : step + 3]
        expect(say(card)).to_contain_text(f"∂L/∂y[{step}] =")
        assert numbers(cells(card, "grad-image")) == [*grad_image]
        assert numbers(cells(card, "grad-kernel")) == [*grad_kernel]
        assert numbers(cells(card, "grad-bias")) == [upstream[: step + 1].sum()]
    for place, gradient in [("grad-image", grad_image), ("grad-kernel", grad_kernel)]:
        found = cells(card, place).evaluate_all("(all) => all.map((c) => c.dataset.difference)")
        assert [as_number(text) for text in found] == [*gradient]
        assert cells(card, place).and_(card.locator(".agrees")).count() == len(gradient)


def test_a_step_is_written_out(card):
    press(card, "ArrowRight")
    expect(say(card)).to_contain_text("∂L/∂y[1] = −2 goes to all that made y[1]")
    expect(say(card)).to_contain_text("x[1]: −1 + (−2)·2 = −5")
    expect(say(card)).to_contain_text("w[0]: 1 + (−2)·3 = −5")
    expect(say(card)).to_contain_text("1 + (−2) = −1")
    expect(card.locator(".cv-formula")).to_contain_text(
        "/ 2h = (−51.011 − (−50.989)) / 0.002 = −11"
    )


@pytest.mark.parametrize("flip", [False, True])
@pytest.mark.parametrize("settings", [(0, 1, 1), (1, 2, 1), (2, 1, 2)])
def test_gathering_gives_the_same_gradients(show, flip, settings):
    names = ["padding", "stride", "dilation"]
    layer = dict(zip(names, settings, strict=True))
    layer |= {"image": SQUARE, "kernel": KERNEL[:2], "flip": flip}
    widget = ConvGradients(**layer)
    expected = layer_gradients(bias=widget.bias, upstream=widget.upstream, **layer)
    card = show(widget).locator(".cv")
    card.get_by_text("gather ∂L/∂x").click()
    press(card, "End")
    inner = card.locator(".grad-image .cv-cell:not(.ghost)")
    assert numbers(inner) == [*expected["grad_image"].ravel()]
    last = expected["grad_image"].ravel()[-1]
    expect(card.locator(".cv-say .y")).to_have_text(f"{last:g}".replace("-", "−"))
    card.get_by_text("gather ∂L/∂w").click()
    press(card, "End")
    assert numbers(cells(card, "grad-kernel")) == [*expected["grad_kernel"].ravel()]


def test_the_stride_puts_zeros_between_and_the_padding_is_cropped(show):
    card = show(ConvGradients(image=[[1, 2, 3, 4, 5]], stride=2, padding=1, view="input")).locator(
        ".cv"
    )
    # 3 outputs with a zero between, 2 zeros on either side, and one of each pair cropped.
    assert numbers(cells(card, "slid")) == [0, 1, 0, -2, 0, 3, 0]
    assert card.locator(".slid .between").count() == 2
    assert card.locator(".grad-image .ghost").count() == 2
    expect(card.locator(".cv-formula")).to_contain_text("with 1 zero between its cells")


def test_only_one_of_the_two_gradients_turns_the_kernel(card):
    card.get_by_text("gather ∂L/∂x").click()
    assert numbers(cells(card, "turned")) == [3, -1, 2]
    expect(card.locator(".cv-formula")).to_contain_text(
        "“full” cross-correlation of ∂L/∂y with w turned"
    )
    card.get_by_text("gather ∂L/∂w").click()
    expect(card.locator(".cv-formula")).to_contain_text("only ∂L/∂x turns the kernel")
    card.get_by_text("convolves", exact=True).click()
    card.get_by_text("gather ∂L/∂x").click()
    assert numbers(cells(card, "turned")) == [2, -1, 3]


# x = 1 3 −2 4 2, w = 2 −1 3, ∂L/∂y = 1 −2 3. Step 1 asks for ∂L/∂w[0], which is 1 so far, and
# step 2 for ∂L/∂x.
@pytest.mark.parametrize(
    ("state", "typed", "words"),
    [
        ({"step": 1}, "4", "The upstream factor is missing"),
        ({"step": 1}, "-6", "That writes over what was there"),
        ({"step": 1}, "-3", "in a product, the slope with respect to one factor is the other"),
        ({"step": 1}, "1", "Nothing was added yet"),
        ({"step": 1}, "7", "The sign of what is added is wrong"),
        ({"step": 1}, "2", "are multiplied, not added"),
        ({"step": 1}, "100", "Take what it held, 1, and add ∂L/∂y[1] · x[1] = −2·3"),
        ({"step": 2}, "14", "You turned the kernel"),
        ({"step": 2}, "6", "That writes over what was there"),
        ({"view": "input", "step": 2}, "13", "The kernel was not turned"),
        ({"view": "input", "step": 1}, "-4", "only the last of 2 products"),
        ({"view": "input", "step": 1}, "1", "The upstream factors are missing"),
        ({"view": "kernel", "step": 0}, "-4", "Nothing is turned for ∂L/∂w"),
        ({"view": "kernel", "step": 0}, "2", "The upstream factors are missing"),
        ({"view": "kernel", "step": 0, "stride": 2}, "-5", "The stride was forgotten"),
        ({"view": "input", "step": 2, "stride": 2}, "5", "The zeros between are missing"),
        ({"view": "input", "step": 1, "padding": 1}, "-5", "The padding was not cropped"),
    ],
)  # fmt: skip
def test_wrong_predictions_are_diagnosed(show, state, typed, words):
    card = show(ConvGradients(answer="hidden", **state)).locator(".cv")
    expect(predict(card, typed)).to_contain_text(words)


def test_a_right_prediction_reveals_the_step(show):
    card = show(ConvGradients(answer="hidden", step=1)).locator(".cv")
    expect(say(card)).to_contain_text("∂L/∂w[0], 1 so far, becomes ?")
    assert numbers(cells(card, "grad-kernel")) == [None, 3, -2]
    expect(card.locator("[data-difference]")).to_have_count(0)
    expect(predict(card, "−5")).to_contain_text("Right: ∂L/∂w[0] = −5 after this step")
    assert numbers(cells(card, "grad-kernel")) == [-5, 7, -10]


def test_numbers_are_edited_and_the_upstream_gradient_follows_the_shape(card):
    card.get_by_label("∂L/∂y[2]", exact=True).fill("5")
    expect(say(card)).to_contain_text("∂L/∂y[2] = 5 goes to")
    press(card, "End")
    expected = ConvGradients(upstream=[[1, -2, 5]])
    assert numbers(cells(card, "grad-image")) == [*expected.grad_image[0]]
    card.locator(".cv-settings").get_by_label("padding", exact=True).fill("1")
    found = card.locator(".upstream input").evaluate_all("(all) => all.map((c) => c.value)")
    expected.padding = 1
    assert [as_number(text) for text in found] == expected.upstream[0]


def test_bad_input_is_explained(card):
    card.locator(".cv-settings").get_by_label("dilation", exact=True).fill("3")
    expect(card.locator(".cv-note")).to_contain_text("use a whole number from 1 to 2")
    card.locator(".cv-settings").get_by_label("dilation", exact=True).fill("1")
    card.get_by_label("size of x columns").fill("2")
    expect(card.locator(".cv-note")).to_contain_text("does not fit an input of 2")
    assert cells(card, "image").count() == 5


def test_blocks_of_another_shape_are_refused(card):
    paste(card.get_by_label("∂L/∂y[0]", exact=True), "1 2\n3 4")
    expect(card.locator(".cv-note")).to_contain_text(
        "2 × 2 numbers: ∂L/∂y has one for each output, 1 × 3"
    )
    card.get_by_label("bias b").fill("1 2")
    card.get_by_label("bias b").press("Enter")
    expect(card.locator(".cv-note")).to_contain_text("2 numbers do not fit: there is one bias")
    paste(card.get_by_label("∂L/∂y[0]", exact=True), "4 5 6")
    expect(say(card)).to_contain_text("∂L/∂y[0] = 4 goes to")


def test_arrows_and_dragging_choose_the_output(show):
    card = show(ConvGradients(image=SQUARE, kernel=[[2, -1], [3, 1]])).locator(".cv")
    press(card, "ArrowDown", "ArrowRight")
    expect(say(card)).to_contain_text("∂L/∂y[1, 1] =")
    pitch = cells(card, "image").first.bounding_box()["width"] + 4
    drag(card.locator(".cv-window"), pitch, -pitch)
    expect(say(card)).to_contain_text("∂L/∂y[0, 2] =")


def test_a_link_leads_back_and_hides_what_it_should(show):
    page = show(ConvGradients())
    card = page.locator(".cv")
    card.locator(".cv-settings").get_by_label("example").select_option("2-D, padding 1, stride 2")
    card.get_by_text("gather ∂L/∂w").click()
    press(card, "ArrowRight")
    card.get_by_role("button", name="Link to this state").click()
    card.get_by_label("hide the answer").check()
    card.locator(".cv-share").get_by_label("examples").check()
    page.goto(card.get_by_label("Address of this state").input_value())
    page.locator(".cv-widget[data-ready]").wait_for()
    expect(say(card)).to_contain_text("∂L/∂w[0, 1] = ?")
    expect(card.locator("[data-part=examples]")).to_be_hidden()
    assert cells(card, "image").count() == 36


def test_an_address_may_leave_out_the_upstream_gradient(show):
    widget = ConvGradients(padding=2)
    card = show(ConvGradients(), query="?widget=convgradients&padding=2").locator(".cv")
    press(card, "End")
    inner = card.locator(".grad-image .cv-cell:not(.ghost)")
    assert numbers(inner) == [*widget.grad_image[0]]


def test_present_fills_the_screen(card):
    button = card.get_by_role("button", name="Present full screen")
    button.click()
    expect(card).to_have_class(re.compile("cv-presenting"))
    button.click()
    expect(card).not_to_have_class(re.compile("cv-presenting"))


@pytest.mark.parametrize("view", ["scatter", "input", "kernel"])
def test_a_narrow_screen_scrolls_nothing_but_the_stage(show, view):
    widget = ConvGradients(image=SQUARE, kernel=KERNEL, padding=1, stride=2, view=view)
    page = show(widget, width=320, height=640)
    unfold(page)
    assert page.evaluate("document.documentElement.scrollWidth") == 320


@pytest.mark.parametrize("scheme", ["light", "dark"])
@pytest.mark.parametrize("view", ["scatter", "input", "kernel"])
def test_no_barriers(show, scheme, view):
    page = show(ConvGradients(view=view, padding=1), color_scheme=scheme)
    assert barriers(page) == []
