"""FilterTrainer, driven as readers drive it, and its numbers held to Python's."""

import re
from urllib.parse import parse_qs, urlparse

import numpy as np
import pytest
from barriers import barriers
from hands import predict, press, unfold
from playwright.sync_api import expect

from helpers.layers import Conv2D
from helpers.network import Sequential
from helpers.optimizers import SGD
from helpers.widgets import FilterTrainer, WatchFilters

GREY = np.random.default_rng(7).integers(0, 256, (40, 60), dtype=np.uint8)
TRAINING = "arithmetic/kernel_training.mjs"
RUN = """([pixels, side, settings, epochs]) => {
    const grey = Float32Array.from(pixels);
    const photograph = m.toPhotograph({ rows: side[0], cols: side[1], channels: [grey] });
    const training = m.createTraining(photograph, settings);
    while (training.epochs < epochs) training.step();
    const bends = m.curvatures(photograph, settings.size);
    return {
        photograph: [...photograph.pixels], kernel: [...training.kernel], losses: training.losses,
        target: [...training.target], values: bends.values, free: bends.free,
        least: m.leastLoss(photograph, training.target, settings.size, bends),
    };
}"""


@pytest.fixture
def open_card(show):
    def open_one(*arguments, query="", width=1280, **state):
        options = {name: state.pop(name) for name in ("has_touch", "height") if name in state}
        page = show(FilterTrainer(*arguments, **state), query=query, width=width, **options)
        page.locator("[data-learning]").wait_for()
        return page.locator(".cv")

    return open_one


@pytest.fixture
def card(open_card):
    return open_card(GREY, epochs=450)


def numbers(card, name):
    cells = card.get_by_role("group", name=name).locator(".cv-cell").all_text_contents()
    return np.array([float(text.replace("−", "-")) for text in cells])


def train(card):
    card.get_by_role("button", name="train").click()
    # Two thousand epochs take a few seconds, and longer where the machine does other things.
    done = card.get_by_role("button", name="train")
    expect(done).to_have_attribute("aria-disabled", "true", timeout=90_000)


@pytest.mark.parametrize(
    "state",
    [
        {},
        {"optimizer": "sgd", "target": "gaussian", "flip": False, "seed": 4},
        {"optimizer": "adam", "size": 5, "target": "median", "noise": 0.1},
        {"optimizer": "rmsprop", "size": 7, "target": "blur", "learning_rate": 0.01},
        {"target": [[1, 2, 3]], "size": 3, "noise": 0.05, "seed": 9},
        {"target": "vignette", "source": "stripes"},
    ],
)
def test_training_is_that_of_python(show, link_modules, state):
    pictures = {"noise": GREY, "stripes": np.tile(np.repeat([40, 215], 8), (40, 4))}
    widget = FilterTrainer(pictures, **state)
    page = show(widget)
    link_modules(page, TRAINING)
    names = ["target", "flip", "size", "seed", "noise", "optimizer", "learning_rate"]
    pixels = pictures[widget.source]
    settings = {name: getattr(widget, name) for name in names}
    run = page.evaluate(RUN, [pixels.ravel().tolist(), pixels.shape, settings, 60])
    assert run["photograph"] == pytest.approx(widget.photograph.ravel())
    assert run["target"] == pytest.approx(widget.start()[1].ravel(), abs=1e-12)
    kernel, losses = widget.train(60)
    assert run["losses"] == pytest.approx(losses, rel=1e-6, abs=1e-12)
    assert run["kernel"] == pytest.approx(kernel.ravel(), abs=1e-6)
    values, _ = widget.curvatures()
    assert run["values"] == pytest.approx(values, abs=1e-9 * values[0])
    assert run["free"] == (values == 0).sum()
    assert run["least"] == pytest.approx(widget.least_loss(), abs=1e-9)


def test_the_kernel_becomes_the_turned_filter(open_card):
    card = open_card()
    assert numbers(card, "learned kernel") == pytest.approx(
        FilterTrainer().start()[0].ravel(), abs=0.006
    )
    train(card)
    turned = [1, 0, -1, 2, 0, -2, 1, 0, -1]
    assert numbers(card, "learned kernel") == pytest.approx(turned, abs=0.03)
    expect(card.locator(".ft-turn")).to_contain_text("turns its kernel by 180°")
    expect(card.locator(".ft-state")).to_contain_text("The kernel is the wanted one")
    assert card.locator(".ft-strip button").count() == 11
    card.get_by_label("cross-correlation").check()
    train(card)
    assert numbers(card, "learned kernel") == pytest.approx([-v for v in turned], abs=0.03)


def test_keys_step_back_and_start_anew(card):
    widget = FilterTrainer(GREY)
    press(card, "ArrowRight", "ArrowRight", "ArrowRight", "ArrowLeft")
    expect(card.locator(".cv-formula")).to_contain_text("after 2 epochs")
    assert numbers(card, "learned kernel") == pytest.approx(widget.train(2)[0].ravel(), abs=0.0051)
    press(card, "Home")
    expect(card.locator(".cv-formula")).to_contain_text("after 0 epochs")
    press(card, " ")
    expect(card.locator(".cv-formula")).to_contain_text("after 450 epochs")


def test_going_back_over_a_frame_repeats_the_same_steps(open_card):
    card = open_card(GREY, epochs=201, optimizer="adam", learning_rate=0.02)
    train(card)
    press(card, "ArrowLeft", "ArrowLeft")
    expect(card.locator(".cv-formula")).to_contain_text("after 199 epochs")
    widget = FilterTrainer(GREY, optimizer="adam", learning_rate=0.02)
    assert numbers(card, "learned kernel") == pytest.approx(
        widget.train(199)[0].ravel(), abs=0.0051
    )
    assert card.locator(".ft-strip button").count() == 1


def test_the_film_can_be_scrubbed(card):
    train(card)
    now = numbers(card, "learned kernel")
    slider = card.get_by_role("slider", name="frame of the film")
    slider.focus()
    card.page.keyboard.press("Shift+Tab")
    card.get_by_role("button", name="after 200 epochs").click()
    kernel, losses = FilterTrainer(GREY).train(200)
    assert numbers(card, "learned kernel") == pytest.approx(kernel.ravel(), abs=0.0051)
    expect(card.locator(".ft-state")).to_contain_text("The film, after 200 epochs")
    slider.evaluate("e => { e.value = 0; e.dispatchEvent(new Event('input')); }")
    expect(slider).to_have_attribute("aria-valuetext", "epoch 0")
    start = FilterTrainer(GREY).start()[0].ravel()
    assert numbers(card, "learned kernel") == pytest.approx(start, abs=0.0051)
    slider.evaluate("e => { e.value = e.max; e.dispatchEvent(new Event('input')); }")
    assert (numbers(card, "learned kernel") == now).all()


def test_one_gradient_is_written_out(open_card):
    card = open_card(GREY, optimizer="sgd")
    widget = FilterTrainer(GREY)
    kernel, target = widget.start()
    windows = widget._windows(widget.photograph, 3)
    gradient = 2 * np.mean((windows @ kernel.ravel() - target)[..., None] * windows, axis=(0, 1))
    assert numbers(card, "gradient of the loss") == pytest.approx(gradient, abs=0.006)
    card.get_by_role("group", name="gradient of the loss").locator(".cv-cell").nth(5).click()
    say = card.locator(".cv-say")
    expect(say).to_contain_text(
        "∂L/∂w[1, 2] = 2/N · Σ e·x = 2/1 156 ·".replace(" 156", "\u202f156")
    )
    shown = re.search(r"= (\S+);  w ← ", say.text_content())[1]
    assert float(shown.replace("−", "-")) == pytest.approx(gradient[5], rel=5e-3)


@pytest.mark.parametrize(
    ("state", "words"),
    [
        ({"source": "constant"}, "8 of 9 directions are free"),
        ({"source": "stripes"}, "6 of 9 directions are free"),
        ({"target": "median"}, "No 3 × 3 kernel makes this target: the least loss"),
        ({"target": "blur"}, "No 3 × 3 kernel makes this target"),
        ({"noise": 0.2}, "The noise cannot be learned"),
        ({"optimizer": "sgd", "learning_rate": 0.4}, "too large for sgd: here at most 2/λ = 0.341"),
    ],
)
def test_what_cannot_be_learned_is_explained(open_card, state, words):
    card = open_card(**state)
    expect(card.locator(".ft-state")).to_contain_text(words)


def test_too_large_a_rate_diverges_and_a_smaller_one_heals(open_card):
    card = open_card(GREY, optimizer="sgd", learning_rate=3)
    train(card)
    expect(card.locator(".ft-state")).to_contain_text("grown beyond all bounds")
    card.get_by_role("combobox", name="learning rate").select_option("0.1")
    expect(card.get_by_role("button", name="train")).to_have_attribute("aria-disabled", "false")


def a_film(**settings):
    """Return a film of twelve frames that our own network has made, and its network."""
    widget = FilterTrainer(GREY, **settings)
    network = Sequential([Conv2D(1, widget.size, use_bias=False)], seed=5)
    network.compile(SGD(0.1, momentum=0.9), loss="mse")
    network.fit(*widget.training_data(), epochs=22, callbacks=WatchFilters(widget, every=2))
    return widget.frames, network


def kernel_of(frame):
    return np.ravel(frame["kernel"])


def test_the_film_of_a_training_in_python_is_scrubbed(open_card):
    frames, network = a_film()
    card = open_card(GREY, frames=frames)
    expect(card.locator(".ft-film")).to_contain_text("12 frames recorded from Python")
    expect(card.locator(".ft-strip button")).to_have_count(12)
    [weights] = network.get_weights()
    assert numbers(card, "learned kernel") == pytest.approx(weights.ravel(), abs=0.0051)
    reported = card.locator(".ft-state").text_content()
    own = float(re.search(r"on this picture the kernel’s is ([\d.]+)\.", reported)[1])
    x, y = FilterTrainer(GREY).training_data()
    assert own == pytest.approx(network.evaluate(x, y), rel=5e-3)

    press(card, "ArrowLeft")
    assert numbers(card, "learned kernel") == pytest.approx(kernel_of(frames[-2]), abs=0.0051)
    network.set_weights([np.array(frames[-2]["kernel"])[..., None, None]])
    _, [gradient] = network.loss_and_gradients(x, y)
    assert numbers(card, "gradient of the loss") == pytest.approx(gradient.ravel(), abs=0.006)
    card.get_by_role("button", name="after 8 epochs").click()
    assert numbers(card, "learned kernel") == pytest.approx(kernel_of(frames[4]), abs=0.0051)
    expect(card.locator(".ft-state")).to_contain_text("Recorded from Python, after 8 epochs")
    slider = card.get_by_role("slider", name="frame of the film")
    slider.evaluate("e => { e.value = 0; e.dispatchEvent(new Event('input')); }")
    expect(card.locator(".ft-state")).to_contain_text("no loss yet")
    card.get_by_role("button", name="play").click()
    expect(card.locator(".ft-state")).to_contain_text("after 22 epochs")


def test_a_film_gives_way_to_a_training_in_the_page_and_comes_back(open_card):
    frames, _ = a_film(size=5)
    card = open_card(GREY, frames=frames, size=5, epochs=30)
    card.get_by_role("combobox", name="target", exact=True).select_option("mean")
    expect(card.locator(".ft-state")).to_contain_text("Recorded from Python")
    card.get_by_label("3 × 3").check()
    expect(card.get_by_role("button", name="train", exact=True)).to_be_visible()
    start = FilterTrainer(GREY).start()[0]
    assert numbers(card, "learned kernel") == pytest.approx(start.ravel(), abs=0.0051)
    train(card)
    expect(card.locator(".cv-formula")).to_contain_text("after 30 epochs")
    card.get_by_role("button", name="show it").click()
    expect(card.locator(".ft-state")).to_contain_text("Recorded from Python, after 22 epochs")
    assert numbers(card, "learned kernel") == pytest.approx(kernel_of(frames[-1]), abs=0.0051)
    card.get_by_role("button", name="train in the page instead").click()
    expect(card.locator(".cv-formula")).to_contain_text("after 0 epochs")


def test_a_film_does_not_give_the_answer_away(open_card):
    frames, _ = a_film()
    card = open_card(GREY, frames=frames, answer="hidden")
    start = kernel_of(frames[0])
    press(card, "ArrowRight")
    expect(card.locator(".cv-note")).to_contain_text("First say what you expect")
    assert numbers(card, "learned kernel") == pytest.approx(start, abs=0.0051)
    expect(predict(card, "2")).to_contain_text("Right: 2")
    press(card, "ArrowRight")
    assert numbers(card, "learned kernel") == pytest.approx(kernel_of(frames[1]), abs=0.0051)


def test_predict_first(open_card):
    card = open_card(answer="hidden")
    expect(card.locator(".cv-say")).to_contain_text("which number will stand at w[1, 0]")
    press(card, "ArrowRight")
    expect(card.locator(".cv-note")).to_contain_text("First say what you expect")
    expect(card.locator(".cv-formula")).to_contain_text("after 0 epochs")
    expect(predict(card, "-2")).to_contain_text("turns its kernel by 180°")
    expect(predict(card, "2")).to_contain_text("Right: 2")
    press(card, "ArrowRight")
    expect(card.locator(".cv-formula")).to_contain_text("after 1 epoch")


def test_an_own_kernel_is_a_target(card):
    card.get_by_label("k[0, 0]", exact=True).fill("3")
    expect(card.get_by_role("combobox", name="target", exact=True)).to_have_value("own")
    train(card)
    expect(card.get_by_label("k[0, 0]", exact=True)).to_have_value("3")
    wanted = FilterTrainer(GREY, target=[[3, 0, 1], [-2, 0, 2], [-1, 0, 1]]).wanted_kernel
    assert numbers(card, "learned kernel") == pytest.approx(wanted.ravel(), abs=0.05)


def test_a_finger_trains_and_looks_at_the_film(open_card):
    card = open_card(GREY, epochs=250, width=390, height=800, has_touch=True)
    card.get_by_role("button", name="train").tap()
    expect(card.locator(".ft-strip button")).to_have_count(2)
    card.get_by_role("button", name="after 0 epochs").tap()
    expect(card.locator(".ft-state")).to_contain_text("The film, after 0 epochs")


def test_a_link_brings_the_settings_back(card):
    card.get_by_label("5 × 5").check()
    card.get_by_role("combobox", name="target", exact=True).select_option("mean")
    card.get_by_role("button", name="Link to this state").click()
    address = card.get_by_label("Address of this state").input_value()
    values = parse_qs(urlparse(address).query)
    assert any("mean" in value for entry in values.values() for value in entry)
    card.page.goto(address)
    card.page.locator("[data-learning]").wait_for()
    again = card.page.locator(".cv")
    expect(again.get_by_role("combobox", name="target", exact=True)).to_have_value("mean")
    expect(again.get_by_role("group", name="learned kernel").locator(".cv-cell")).to_have_count(25)


def test_present_and_no_barriers(card):
    card.locator("summary").click()
    assert barriers(card.page) == []
    card.get_by_role("button", name="Present full screen").click()
    expect(card).to_have_class(re.compile("cv-presenting"))


def test_nothing_is_wider_than_the_smallest_screen(open_card):
    card = open_card(GREY, size=7, width=320, height=700)
    unfold(card.page)
    assert card.page.evaluate("document.documentElement.scrollWidth") <= 320


@pytest.mark.parametrize("presenting", [False, True])
@pytest.mark.parametrize("screen", [(1280, 720), (1366, 768), (1920, 1080), (390, 664)])
@pytest.mark.parametrize("size", [3, 7])
def test_picture_arithmetic_and_play_bar_are_on_one_screen(open_card, screen, presenting, size):
    width, height = screen
    card = open_card(size=size, width=width, height=height)
    press(card, "ArrowRight")
    if presenting:
        card.get_by_role("button", name="Present full screen").click()
        card.page.wait_for_function("document.fullscreenElement !== null")
    card.evaluate("e => e.scrollIntoView()")
    bar = card.locator(".cv-play").bounding_box()
    assert bar["y"] + bar["height"] <= height + 1
    assert bar["height"] < 65 * card.evaluate("e => e.currentCSSZoom")  # one row
    for seen in (
        ".ft-pictures",
        ".ft-kernels",
        ".cv-chart",
        ".cv-say",
        *([] if presenting else [".cv-formula > :last-child"]),
    ):
        box = card.locator(seen).bounding_box()
        assert box["y"] >= 0, seen
        assert box["y"] + box["height"] <= bar["y"] + 1, seen
