"""Augmentation, driven as readers drive it, and its images held to Python's."""

import re

import numpy as np
import pytest
from hands import predict, press
from playwright.sync_api import expect

from helpers.augmentation import flip, rotate, shift
from helpers.widgets import Augmentation
from helpers.widgets.pictures import from_data_url

DRAW = """([state, pixels, [rows, cols, count]]) => {
    const channels = Array.from({ length: count }, (_, k) =>
        Float32Array.from(pixels.filter((_, i) => i % count === k)));
    const cut = m.cutPicture({ rows, cols, channels }, state.pixels);
    const images = m.drawImages(cut, state);
    return { shape: cut.shape, values: images.map(({ values }) => [...values]) };
}"""
NOISE = np.random.default_rng(5).integers(0, 256, (60, 44, 3), dtype=np.uint8)


@pytest.fixture(scope="module")
def module(browser, link_modules):
    page = browser.new_page()
    page.set_content("<!doctype html><title>Augmentation</title>")
    names = [f"augmentation/{name}.mjs" for name in ("widget", "question", "state")]
    link_modules(page, *names, "arithmetic/augmentation.mjs")
    yield page
    page.close()


STATES = [
    {"shift": 10, "rotate": 180, "zoom": 0.5, "flip": 0.5},
    {"source": "9", "shift": 0, "rotate": 0, "zoom": 0, "noise": 0.3, "seed": 7},
    {"source": "cat", "pixels": 64, "colours": 0.5, "brightness": 0.4, "seed": 9999},
    {"source": "cat", "rotate": 25, "flip": 1, "noise": 0.06, "colours": 0.2, "seed": 0},
    {"images": {"noise": NOISE}, "pixels": 48, "rotate": 90, "zoom": 0.3, "brightness": 0.1},
]


@pytest.mark.parametrize("state", STATES)
def test_the_images_are_those_of_python(module, state):
    widget = Augmentation(**state)
    array = np.atleast_3d(from_data_url(widget.images[widget.source]))
    plain = {name: value for name, value in widget.state().items() if name != "images"}
    found = module.evaluate(DRAW, [plain, array.ravel().tolist(), list(array.shape)])
    expected = widget.drawn()
    assert tuple(found["shape"]) == expected.shape[1:]
    np.testing.assert_allclose(np.reshape(found["values"], expected.shape), expected, atol=1e-9)


class Fixed(np.random.Generator):
    """A generator that draws what a test wants."""

    def __init__(self, value):
        super().__init__(np.random.PCG64(0))
        self.value = value

    def uniform(self, low, high, size):
        return np.full(size, self.value)

    def integers(self, low, high, size):
        return np.broadcast_to(np.reshape(self.value, (2, 1, 1)), size)


@pytest.mark.parametrize(
    ("change", "oracle"),
    [
        ({"down": 2, "right": -3}, lambda x: shift(x, 3, Fixed([2, -3]))),
        ({"angle": -37.5}, lambda x: rotate(x, 50, Fixed(-0.75))),
        ({"mirrored": True}, lambda x: flip(x, np.random.default_rng(0), 1.0)),
    ],
)
def test_each_change_alone_is_that_of_helpers(module, change, oracle):
    image = np.random.default_rng(2).random((9, 7, 2))
    nothing = {"down": 0, "right": 0, "angle": 0, "zoom": 1, "mirrored": False}
    whole = nothing | {"brightness": 0, "colours": [0, 0, 0]} | change
    found = module.evaluate(
        """([image, shape, change]) =>
            [...m.changeImage(image, shape, change, { noise: 0 }).values]""",
        [image.ravel().tolist(), list(image.shape), whole],
    )
    np.testing.assert_allclose(np.reshape(found, image.shape), oracle(image[None])[0], atol=1e-12)


@pytest.mark.parametrize(
    ("name", "angle", "mirrored", "label"),
    [
        ("6", 30, False, "6"), ("6", 180, False, "9"), ("9", -150, False, "6"),
        ("6", 0, True, ""), ("8", 0, True, "8"), ("4", 170, False, ""), ("6", 90, False, ""),
        ("cat", 180, True, None),
    ],
)  # fmt: skip
def test_what_a_changed_digit_is(module, name, angle, mirrored, label):
    arguments = [name, {"angle": angle, "mirrored": mirrored}]
    assert module.evaluate("([name, change]) => m.labelAfter(name, change)", arguments) == label


@pytest.fixture
def open_card(show):
    def open_one(*arguments, **state):
        options = {
            name: state.pop(name) for name in ("width", "height", "has_touch") if name in state
        }
        page = show(Augmentation(*arguments, **state), **options)
        page.locator("[data-drawn]").wait_for()
        return page.locator(".cv")

    return open_one


def number(text):
    return float(text.replace("−", "-"))


def test_the_arithmetic_of_a_cell_leads_to_its_value(open_card):
    widget = Augmentation(rotate=40, zoom=0.3, noise=0.1, brightness=0.2, cell=[13, 11])
    card = open_card(rotate=40, zoom=0.3, noise=0.1, brightness=0.2, cell=[13, 11])
    expected = widget.drawn()
    for step in range(3):
        line = card.locator(".au-lines > div").last
        expect(card.locator(".au-lines > div").first).to_contain_text(f"of image {step + 1}")
        said = number(re.search(r"= ([−\d.e-]+)$", line.text_content())[1])
        assert said == pytest.approx(expected[step, 13, 11, 0], abs=0.001)
        press(card, "ArrowRight")
    assert card.locator(".au-from").count() == 1
    # A click takes the cell under it.
    box = card.locator(".au-pick canvas").bounding_box()
    at = {"x": 20.5 * box["width"] / 28, "y": 5.5 * box["height"] / 28}
    card.locator(".au-pick").click(position=at)
    expect(card.locator(".au-lines > div").first).to_have_text("cell (5, 20) of image 4:")


def test_labels_are_predicted_and_then_marked(open_card):
    state = {"rotate": 0, "flip": 0.5, "seed": 4}
    card = open_card(answer="hidden", **state)
    widget = Augmentation(**state)
    unflipped = Augmentation(rotate=0, flip=0, seed=4)
    pairs = zip(widget.drawn(), unflipped.drawn(), strict=True)
    kept = sum(np.array_equal(one, other) for one, other in pairs)
    assert 0 < kept < 12 and kept != 6
    assert card.locator(".au-tiles button > span").all_text_contents() == [""] * 12
    expect(predict(card, "12")).to_contain_text("a mirrored 6, or one that stands on its head")
    expect(predict(card, str(12 - kept))).to_contain_text("how many labels are false")
    expect(predict(card, str(kept))).to_contain_text(f"Right: {kept} of 12")
    texts = card.locator(".au-tiles button > span").all_text_contents()
    assert texts.count("6 ✓") == kept
    assert texts.count("no digit ✗") == 12 - kept
    # Nobody but the reader can say it of a cat.
    card.get_by_role("radio", name="cat").check(force=True)
    expect(card.locator(".cv-arithmetic")).to_contain_text("would you still give each")


def test_a_picture_of_the_readers_own_is_drawn_too(open_card, tmp_path):
    from PIL import Image

    path = tmp_path / "mine.png"
    Image.fromarray(NOISE).save(path)
    card = open_card()
    card.locator("input[type=file]").set_input_files(path)
    expect(card.locator(".au-picture figcaption").first).to_have_text("the picture, 28 × 28")
    expect(card.locator(".cv-arithmetic")).to_contain_text("would you still give each")
    card.get_by_label("pixels a side").last.select_option("64")
    expect(card.locator(".au-picture figcaption").first).to_have_text("the picture, 44 × 44")


@pytest.mark.parametrize("size", [(1280, 720), (390, 664)])
def test_picture_arithmetic_and_play_bar_are_on_one_screen(open_card, size):
    width, height = size
    card = open_card(rotate=30, flip=1, noise=0.1, width=width, height=height)
    card.page.evaluate("document.querySelector('.au-board').scrollIntoView()")
    bar = card.locator(".cv-play").bounding_box()
    assert bar["y"] + bar["height"] <= height + 0.5
    for part in (card.locator(".au-board"), card.locator(".au-lines > div").last):
        box = part.bounding_box()
        assert box["y"] >= -0.5 and box["y"] + box["height"] <= bar["y"] + 0.5
