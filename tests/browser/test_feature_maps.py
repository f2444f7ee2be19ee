"""FeatureMaps: what the page asks of a network beside what Python does, and as readers drive it."""

import base64
import re

import numpy as np
import pytest
from hands import predict, press
from playwright.sync_api import expect

from helpers.widgets import FeatureMaps
from helpers.widgets.ink import embedded_digits
from helpers.widgets.resources import resource_bytes
from helpers.widgets.resources.map_frames import recorded_frames
from helpers.widgets.stored_network import unpack


@pytest.fixture(scope="module")
def run(browser, link_modules):
    """Run a function in a page that has the recorded networks as ``frames``."""
    page = browser.new_page()
    names = ["stored_network", "probing", "digits", "random"]
    link_modules(page, *[f"arithmetic/{name}.mjs" for name in names])
    link_modules(page, *[f"feature_maps/{name}.mjs" for name in ("state", "probes", "question")])
    page.evaluate(
        """([frames, digits]) => {
            const bytes = (text) => Uint8Array.from(atob(text), (c) => c.charCodeAt(0));
            globalThis.frames = m.splitFrames(bytes(frames)).map((frame) => m.readNetwork(frame));
            const { train } = m.readDigits(bytes(digits));
            globalThis.ink = (digit) => m.asPixels(train.inputs, digit, 28);
        }""",
        [base64.b64encode(resource_bytes(name)).decode() for name in ("map_frames", "digits")],
    )
    yield lambda script, *arguments: page.evaluate(f"(a) => ({script})(...a)", list(arguments))
    page.close()


def random_widget(rng):
    """Return one that reads noise: on blank paper rounding says which cell wins a pooling."""
    layer = int(rng.integers(4))
    return FeatureMaps(
        images=rng.integers(1, 255, (3, 28, 28), np.uint8),
        digit=int(rng.integers(3)),
        step=int(rng.integers(10)),
        map=[layer, int(rng.integers([8, 8, 16, 16][layer]))],
        target=int(rng.integers(10)),
        moves=int(rng.integers(1, 8)),
        reach=float(rng.choice([0.05, 0.3])),
    )


def test_maps_and_probes_are_those_of_python(run):
    rng = np.random.default_rng(10)
    for _ in range(6):
        widget = random_widget(rng)
        found = run(
            """(state, ink) => {
                const frame = frames[state.step];
                const image = Float64Array.from(ink);
                frame.network.forward(image);
                const maps = frame.network.layers.map(({ activations }) => [...activations]);
                const outputs = maps.at(-1);
                const { falls } = m.occluded(frame, image, outputs.indexOf(Math.max(...outputs)));
                const { image: exciting, mean } = m.excitingInput(frame, state.map);
                const fooling = [...m.changedDigit(frame, image, state)];
                const plain = (values) => [...values];
                return { maps, falls: plain(falls), exciting: plain(exciting), mean, fooling };
            }""",
            widget.state(),
            widget.ink().ravel().tolist(),
        )
        for page, python in zip(found["maps"], widget.maps(), strict=True):
            np.testing.assert_allclose(page, python.ravel(), atol=1e-8)
        np.testing.assert_allclose(found["falls"], widget.occlusion().ravel(), atol=1e-8)
        np.testing.assert_allclose(found["exciting"], widget.exciting().ravel(), atol=1e-6)
        np.testing.assert_allclose(found["fooling"], widget.fooling().ravel(), atol=1e-9)


def test_an_embedded_digit_has_the_pixels_that_python_gives_it(run):
    for digit in (0, 7, 400):
        found = np.reshape(run("(digit) => [...ink(digit)]", digit), (28, 28))
        np.testing.assert_allclose(found, FeatureMaps(digit=digit).ink(), atol=1e-9)


def test_the_gradient_of_a_map_is_its_slope(run):
    slopes = run(
        """() => {
            const { network } = frames[9];
            const rng = m.createRandom(2);
            const image = Float64Array.from({ length: 784 }, () => rng.random());
            const gradient = m.mapGradient(network, image, 2, 5);
            const mean = (at, by) => {
                const moved = Float64Array.from(image);
                moved[at] += by;
                network.forward(moved);
                return m.mapMean(network, 2, 5);
            };
            const places = [200, 300, 320, 405, 410, 435, 490];
            return places.map((at) => [gradient[at], (mean(at, 1e-6) - mean(at, -1e-6)) / 2e-6]);
        }"""
    )
    assert max(abs(slope) for slope, _ in slopes) > 1e-3
    for slope, difference in slopes:
        assert slope == pytest.approx(difference, abs=1e-7)


@pytest.fixture
def widget(show):
    """Show a FeatureMaps, and wait until it has read a digit."""

    def open_widget(state=None, **options):
        page = show(FeatureMaps(**(state or {})), **options)
        page.locator(".cv-stage[data-reading]").wait_for()
        return page.locator(".cv")

    return open_widget


def formula(card):
    return card.locator(".cv-formula")


def test_the_training_is_gone_through_with_the_play_bar(widget):
    card = widget()
    recorded = [unpack(frame)[0] for frame in recorded_frames()]
    expect(formula(card)).to_contain_text("the network after 3 epochs")
    press(card, "Home")
    share = f"{100 * recorded[0]['right'] / recorded[0]['of']:.4g} %"
    expect(formula(card)).to_contain_text(f"the network untrained. It reads {share}")
    press(card, "ArrowRight")
    expect(formula(card)).to_contain_text(f"the network {recorded[1]['name']}")
    top = FeatureMaps(step=1).maps()[-1].argmax()
    expect(card.locator(".fm-state")).to_contain_text(f"The network says {top}")


def test_a_map_is_chosen_by_mouse_and_keys(widget):
    card = widget()
    maps = card.locator(".cv-layer").filter(has_text="conv 2").locator(".cv-maps")
    box = maps.bounding_box()
    maps.click(position={"x": box["width"] * 0.06, "y": box["height"] * 0.75})  # second line, first
    values = FeatureMaps().maps()[2][..., 8]
    silent, mean = (values == 0).sum(), values.mean()
    expect(card.locator(".cv-say")).to_contain_text(f"conv 2, map 8: {silent} of 121 cells at 0")
    expect(card.locator(".cv-say")).to_contain_text(f"the mean {round(mean, 3):.3g}")
    expect(card.locator(".fm-kernels")).to_contain_text("the 8 kernels of conv 2, map 8")
    maps.focus()
    card.page.keyboard.press("ArrowRight")
    expect(card.locator(".cv-say")).to_contain_text("conv 2, map 9")
    card.page.keyboard.press("ArrowUp")
    expect(card.locator(".cv-say")).to_contain_text("conv 2, map 1:")


def test_what_counts_is_where_covering_costs_most(widget):
    card = widget()
    card.locator(".cv-segments").get_by_text("what counts").click()
    falls = FeatureMaps().occlusion()
    row, col = np.unravel_index(falls.argmax(), falls.shape)
    expect(card.locator(".cv-say")).to_contain_text(f"corner at [{row}, {col}]")


def test_a_fooled_network_is_told_with_its_numbers(widget):
    card = widget({"view": "fool", "target": 8, "moves": 15, "reach": 0.15})
    expect(card.locator(".fm-state")).to_contain_text("The network says 8")
    expect(card.locator(".cv-say")).to_contain_text("no pixel changed by more than 0.15")
    expect(card.locator(".cv-before").first).to_be_visible()
    card.get_by_role("slider", name="steps").fill("0")
    expect(card.locator(".cv-say")).to_contain_text("After 0 steps towards 8")
    expect(card.locator(".cv-say")).to_contain_text("the network still says")


def test_the_digits_that_excite_a_map_can_be_taken(widget):
    card = widget({"view": "excite", "map": [2, 5]})
    best = card.get_by_role("group", name="the digits that excite the map most")
    expect(best.get_by_role("button")).to_have_count(8)
    name = best.get_by_role("button").first.get_attribute("aria-label")
    chosen = int(re.search(r"no\. (\d+)", name)[1])
    means = [FeatureMaps(digit=digit).maps()[2][..., 5].mean() for digit in range(150)]
    assert chosen == int(np.argmax(means))
    best.get_by_role("button").first.click()
    label = embedded_digits()[1][chosen]
    expect(formula(card)).to_contain_text(f"UCI digit no. {chosen}, written as a {label}")


def test_a_network_without_an_answer_shows_its_maps(widget):
    import keras

    keras.utils.set_random_seed(11)
    model = keras.Sequential(
        [
            keras.Input((28, 28, 1)),
            keras.layers.Conv2D(32, 5, padding="same", activation="relu"),
            keras.layers.MaxPooling2D(2),
        ]
    )
    images = np.random.default_rng(11).integers(0, 256, (2, 28, 28), np.uint8)
    frames = [FeatureMaps.frame(model, "one"), FeatureMaps.frame(model, "two")]
    card = widget({"frames": frames, "images": images, "labels": [4, 7], "digit": 1})
    expect(card.locator(".cv-layer figcaption")).to_have_text(
        ["conv 1: 32 of 28 × 28", "pool 1: 32 of 14 × 14"]
    )
    expect(card.locator(".cv-bars")).to_be_hidden()
    expect(card.get_by_text("fool it")).to_be_hidden()
    expect(formula(card)).to_contain_text("Shown: the network two.")
    expect(formula(card)).to_contain_text("Image 1, written as a 7.")


# conv 1 has 26 rows of a digit's 28, pool 2 five of conv 2's eleven.
@pytest.mark.parametrize(
    ("chosen", "guess", "words"),
    [
        ([0, 0], "26", "Right: ⌊(28 − 3) / 1⌋ + 1 = 26 rows."),
        ([0, 0], "28", "Without padding a window of 3 rows does not start in the last 2 rows."),
        ([0, 0], "25", "It also stands where it begins, so add 1."),
        ([0, 0], "8", "That is how many maps conv 1 has."),
        ([3, 0], "6", "A window that reaches over the border is left out: round down."),
        ([3, 0], "25", "That is how many cells a map has."),
        ([3, 0], "7", "pool 2 reads 11 rows with windows of 2, 2 rows apart."),
    ],
)
def test_the_reader_says_first_how_many_rows_a_map_has(widget, chosen, guess, words):
    card = widget({"answer": "hidden", "map": chosen})
    expect(card.locator(".cv-layers")).to_be_hidden()
    expect(predict(card, guess)).to_contain_text(words)
    if words.startswith("Right"):
        expect(card.locator(".cv-layers")).to_be_visible()
