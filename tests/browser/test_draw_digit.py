"""DrawDigit: what the page computes beside what Python does, and the widget as readers drive it."""

import base64
import os
import re
from pathlib import Path
from urllib.parse import parse_qs, urlparse

import numpy as np
import pytest
from hands import middle, touch
from playwright.sync_api import expect

from helpers.widgets import DrawDigit
from helpers.widgets.draw_digit import about_network, load_network
from helpers.widgets.ink import embedded_digits, encode_strokes
from helpers.widgets.resources import resource_bytes

MNIST = os.environ.get("MNIST_NPZ", "../shared/data/mnist.npz")
needs_mnist = pytest.mark.skipif(not Path(MNIST).exists(), reason="MNIST is not here")


@pytest.fixture(scope="module")
def run(browser, link_modules):
    """Run a function in a page that has the network as ``net`` and the digits as ``digits``."""
    page = browser.new_page()
    names = ["ink", "stored_network", "trace_cell", "digits"]
    link_modules(page, *[f"arithmetic/{name}.mjs" for name in names], "draw_digit/state.mjs")
    page.evaluate(
        """([weights, digits]) => {
            const bytes = (text) => Uint8Array.from(atob(text), (c) => c.charCodeAt(0));
            globalThis.bytes = bytes;
            globalThis.net = m.readNetwork(bytes(weights));
            const { train, test } = m.readDigits(bytes(digits));
            globalThis.digits = { inputs: Float64Array.from([...train.inputs, ...test.inputs]) };
        }""",
        [base64.b64encode(resource_bytes(name)).decode() for name in ("draw_weights", "digits")],
    )
    yield lambda script, *arguments: page.evaluate(f"(a) => ({script})(...a)", list(arguments))
    page.close()


def random_state(rng):
    strokes = [
        rng.uniform(0.05, 0.95, size=(rng.integers(1, 8), 2)) for _ in range(rng.integers(0, 4))
    ]
    return {
        "source": str(rng.choice(["drawing", "sample"])),
        "strokes": encode_strokes(strokes),
        "sample": int(rng.integers(0, 1797)),
        "centred": bool(rng.random() < 0.7),
        "rotate": float(rng.choice([0, rng.uniform(-180, 180)])),
        "shift": [float(by) for by in rng.choice([[0, 0], rng.uniform(-6, 6, 2)])],
        "thicken": float(rng.choice([0, rng.uniform(-2, 2)])),
        "noise": float(rng.choice([0, rng.uniform(0, 0.5)])),
        "seed": int(rng.integers(0, 100)),
    }


def test_the_page_reads_the_same_pixels_and_gives_the_same_probabilities(run):
    rng = np.random.default_rng(6)
    for _ in range(40):
        widget = DrawDigit(**random_state(rng))
        found = run(
            """(state) => {
                const { image } = m.prepare(state, m.compute(state).strokes, digits);
                return { image: [...image], outputs: [...net.network.forward(image)] };
            }""",
            widget.state(),
        )
        expected = widget.ink()
        np.testing.assert_allclose(np.reshape(found["image"], (28, 28)), expected, atol=1e-9)
        np.testing.assert_allclose(found["outputs"], widget.probabilities(), atol=1e-8)


def test_links_carry_the_same_strokes(run):
    text = encode_strokes(np.random.default_rng(7).uniform(size=(2, 9, 2)))
    assert run("(text) => m.encodeStrokes(m.decodeStrokes(text))", text) == text
    with pytest.raises(Exception, match="use those of a link that this widget made"):
        run("(text) => m.decodeStrokes(text)", text[:-2])


def test_fewer_points_draw_the_same_line(run):
    shares = np.linspace(0, 1, 60)
    curve = np.column_stack([0.5 + 0.3 * np.sin(5 * shares), 0.1 + 0.8 * shares]).tolist()
    fewer = run("(curve) => m.simplify(curve)", curve)
    assert len(fewer) < 25
    assert fewer[0] == curve[0] and fewer[-1] == curve[-1]
    ink = [DrawDigit(strokes=[points], centred=False).ink() for points in (curve, fewer)]
    assert np.abs(ink[0] - ink[1]).max() < 0.2


def test_every_cell_is_the_sum_that_is_written_out(run):
    rng = np.random.default_rng(8)
    widget = DrawDigit(source="sample", sample=11)
    maps = widget.maps()
    layers = load_network().layers
    for index in [0, 1, 2, 3, 5, 6] * 4:
        shape = maps[index].shape if maps[index].ndim == 3 else (1, 1, len(maps[index]))
        row, col, channel = (int(rng.integers(size)) for size in shape)
        trace = run(
            """(image, index, cell) => {
                net.network.forward(Float64Array.from(image));
                return m.traceCell(net.network, net.layers, Float64Array.from(image), index, cell);
            }""",
            widget.ink().ravel().tolist(),
            index,
            {"row": row, "col": col, "channel": channel},
        )
        value = maps[index].reshape(shape)[row, col, channel]
        assert trace["a"] == pytest.approx(value, abs=1e-9)
        terms = [term for group in trace["groups"] for term in group["terms"]]
        if index in (1, 3):
            assert max(term["value"] for term in terms) == pytest.approx(value, abs=1e-9)
            assert len(terms) == 4
            continue
        total = trace["bias"] + sum(term["value"] * term["weight"] for term in terms)
        wanted = layers[index].pre_activation.reshape(shape)[row, col, channel]
        assert trace["z"] == pytest.approx(wanted, abs=1e-9)
        assert total == pytest.approx(wanted, abs=1e-9)
        assert sum(group["sum"] for group in trace["groups"]) == pytest.approx(
            total - trace["bias"]
        )


def test_nothing_outside_a_receptive_field_changes_a_cell(run):
    rng = np.random.default_rng(9)
    image = rng.uniform(size=(1, 28, 28, 1))
    for index, side in [(0, 3), (1, 4), (2, 8), (3, 10), (5, 26)]:
        shape = DrawDigit().maps()[index].shape
        row, col = (int(rng.integers(size)) for size in shape[:2]) if index < 4 else (0, 0)
        cell = {"row": row, "col": col}
        field = run("(i, cell) => m.receptiveField(net.layers, [28, 28, 1], i, cell)", index, cell)
        top, left, bottom, right = (field[name] for name in ("top", "left", "bottom", "right"))
        assert (bottom - top + 1, right - left + 1) == (side, side)
        outside = np.ones((28, 28), bool)
        outside[top : bottom + 1, left : right + 1] = False

        def channels(image, index=index, row=row, col=col):
            for layer in load_network().layers[: index + 1]:
                image = layer.forward(image)
            return image[0] if index > 4 else image[0, row, col]

        changed = np.where(outside[None, ..., None], rng.uniform(size=image.shape), image)
        np.testing.assert_array_equal(channels(changed), channels(image))
        inside = np.where(outside[None, ..., None], image, 1 - image)
        assert (channels(inside) != channels(image)).any()


@needs_mnist
def test_all_test_digits_of_mnist_are_read_as_python_reads_them(run):
    with np.load(MNIST) as data:
        images, labels = data["x_test"], data["y_test"]
    predicted = run(
        """(text) => {
            const pixels = bytes(text);
            const found = [];
            for (let i = 0; i < pixels.length; i += 784) {
                const image = Float64Array.from(pixels.subarray(i, i + 784), (v) => v / 255);
                const outputs = net.network.forward(image);
                found.push(outputs.indexOf(Math.max(...outputs)));
            }
            return found;
        }""",
        base64.b64encode(images.tobytes()).decode(),
    )
    python = load_network().predict(images[..., None] / 255).argmax(axis=-1)
    assert predicted == python.tolist()
    assert (np.array(predicted) == labels).sum() == about_network()["accuracy"]["right"] >= 9900


@pytest.fixture
def widget(show):
    """Show a DrawDigit, and wait until the network and the digits are there."""

    def open_widget(**options):
        state = {name: options.pop(name) for name in DrawDigit.class_traits() if name in options}
        page = show(DrawDigit(**state), **options)
        page.locator(".cv-stage[data-reading]").wait_for()
        expect(page.locator(".cv-bringing")).to_have_count(0)
        return page.locator(".cv")

    return open_widget


def said(card):
    return card.locator(".dd-state")


def linked(card):
    """Return the state that the card's link carries."""
    button = card.get_by_role("button", name="Link to this state")
    if button.get_attribute("aria-expanded") == "false":
        button.click()
    address = card.get_by_label("Address of this state").input_value()
    button.click()
    return {name: texts[0] for name, texts in parse_qs(urlparse(address).query, True).items()}


def percent(share):
    if share > 0.9999:
        return ">99.99 %"
    return f"{100 * share:.{2 if share > 0.999 else 1}f} %"


def expect_python(card, **state):
    """What the card says is what Python computes from its link."""
    found = DrawDigit(strokes=linked(card)["strokes"], **state).probabilities()
    expect(said(card)).to_contain_text(f"says {found.argmax()}, with {percent(found.max())}")


def test_a_mouse_draws_and_the_network_reads_at_once(widget):
    card = widget(strokes="")
    expect(said(card)).to_contain_text("The pad is empty, and the network still says")
    box = card.locator(".dd-pad").bounding_box()
    mouse = card.page.mouse
    x, y = box["x"] + box["width"] / 2, box["y"]
    mouse.move(x, y + 0.15 * box["height"])
    mouse.down()
    mouse.move(x - 4, y + 0.5 * box["height"], steps=6)
    expect(said(card)).to_contain_text("The network says")
    mouse.move(x - 8, y + 0.85 * box["height"], steps=6)
    mouse.up()
    expect(said(card)).to_contain_text("The network says 1")
    expect_python(card)
    assert 2 <= len(linked(card)["strokes"]) // 3 <= 6
    card.get_by_role("button", name="undo", exact=True).click()
    expect(said(card)).to_contain_text("The pad is empty")
    assert linked(card)["strokes"] == ""


def test_a_finger_draws_and_does_not_scroll_the_page(widget):
    card = widget(strokes="", has_touch=True, width=390, height=664)
    page = card.page
    page.evaluate("document.body.style.paddingBottom = '2000px'")
    x, y = middle(card.locator(".dd-pad"))
    touch(page, (x, y - 50), (x, y), (x, y + 50))
    expect(said(card)).to_contain_text("The network says")
    assert page.evaluate("scrollY") == 0
    assert linked(card)["strokes"].count("!") == 1


def test_the_keyboard_draws(widget):
    card = widget(strokes="")
    pad = card.locator(".dd-pad")
    pad.focus()
    keyboard = card.page.keyboard
    for key in ["Shift+ArrowUp", "Shift+ArrowUp", " "] + ["ArrowDown"] * 16 + [" "]:
        keyboard.press(key)
    expect(said(card)).to_contain_text("The network says 1")
    assert linked(card)["strokes"].count("!") == 1
    expect_python(card)
    pad.focus()
    keyboard.press("Control+z")
    expect(said(card)).to_contain_text("The pad is empty")


def test_clearing_can_be_undone(widget):
    card = widget()
    before = linked(card)["strokes"]
    card.get_by_role("button", name="clear").click()
    assert linked(card)["strokes"] == ""
    card.get_by_role("button", name="undo", exact=True).click()
    assert linked(card)["strokes"] == before


@pytest.mark.parametrize("name", ["the letter A", "a scribble", "an empty pad"])
def test_what_is_no_digit_gets_a_digit_all_the_same(widget, name):
    card = widget()
    card.get_by_label("on the pad").select_option(name)
    words = "adds? up to 1" if name == "an empty pad" else "confidence is not knowledge"
    expect(said(card)).to_contain_text(re.compile(words))
    expect_python(card)


def test_centring_can_be_switched_off(widget):
    card = widget()
    card.get_by_label("on the pad").select_option("a five, in a corner")
    expect_python(card)
    expect(card.locator(".cv-formula")).to_contain_text("become 20 pixels")
    card.get_by_label("scale and centre as MNIST does").click()
    expect_python(card, centred=False)
    expect(card.locator(".cv-formula")).to_contain_text("this one is not")


def test_samples_say_what_they_are(widget):
    card = widget()
    card.get_by_text("a sample", exact=True).click()
    card.get_by_label("UCI digit no.").fill("17")
    label = embedded_digits()[1][17]
    expect(card.locator(".cv-formula")).to_contain_text(
        f"embedded UCI digit no. 17, written as a {label}"
    )
    top = DrawDigit(source="sample", sample=17).probabilities().argmax()
    expect(said(card)).to_contain_text(f"The network says {top}")


def test_turning_the_digit_changes_what_is_said_and_can_be_undone(widget):
    card = widget()
    before = said(card).text_content()
    card.get_by_label("rotate").fill("90")
    expect(said(card)).not_to_have_text(before)
    expect_python(card, rotate=90)
    card.get_by_role("button", name="undo these").click()
    expect(said(card)).to_have_text(before)


def test_a_cell_of_a_map_is_looked_into_by_mouse_and_keys(widget):
    card = widget()
    maps = card.locator(".cv-layer").filter(has_text="conv 1").locator(".cv-maps")
    box = maps.bounding_box()
    # Eight maps of 26 columns with a gap of one: map 1, row 12, column 12.
    pitch = box["width"] / (8 * 27 - 1)
    maps.click(position={"x": (27 + 12.5) * pitch, "y": 12.5 * pitch})
    line = card.locator(".dd-line")
    value = DrawDigit().maps()[0][12, 12, 1]
    expect(line).to_contain_text("conv 1, map 1, [12, 12]: z = b + Σ x·w")
    expect(line).to_contain_text(re.compile(rf"ReLU\(z\) = {value:.3g}"))
    assert linked(card)["cell"] == "0,12,12,1"
    field = card.locator(".dd-field")
    expect(field).to_have_attribute("x", "12")
    expect(field).to_have_attribute("width", "3")
    card.page.mouse.move(0, 0)
    maps.focus()
    for _ in range(14):  # past the border, into the next map
        card.page.keyboard.press("ArrowRight")
    expect(line).to_contain_text("conv 1, map 2, [12, 0]")


def test_an_output_is_a_softmax_of_64_products(widget):
    card = widget()
    card.locator(".cv-bar-row").nth(3).click()
    share = DrawDigit().probabilities()[3]
    expect(card.locator(".dd-line")).to_contain_text("output for 3: z = b + Σ x·w")
    expect(card.locator(".dd-line")).to_contain_text(f"= {percent(share)}")
    assert card.locator(".dd-products").text_content().count("·") == 64


def test_the_reader_says_first_which_digit_it_will_be(widget):
    card = widget(answer="hidden")
    expect(said(card)).to_have_text("Which digit will it say?")
    expect(card.locator(".cv-percent").first).to_have_text("?")
    card.locator(".dd-answers").get_by_text("8").click()
    expect(card.locator(".cv-verdict")).to_contain_text("The network says 3, with")
    expect(card.locator(".cv-verdict")).to_contain_text("Your 8 comes")
    expect(card.locator(".cv-bar-row.top")).to_contain_text("3")
    card.get_by_label("on the pad").select_option("a crossed seven")
    expect(said(card)).to_have_text("Which digit will it say?")


@pytest.mark.parametrize(
    ("guess", "label", "words"),
    [
        (7, None, "Right: 90.0 % for 7."),
        (7, 1, "It is wrong, though: this was written as a 1."),
        (1, 1, "You read it as it was written; the network does not."),
        (1, None, "Your 1 comes second, with 9.0 %. It wavers between the two."),
        (4, None, "To the network this looks nothing like it."),
    ],
)
def test_each_guess_hears_what_it_is_worth(call_module, guess, label, words):
    outputs = [0.001, 0.09, 0.001, 0.001, 0.001, 0.002, 0.001, 0.9, 0.002, 0.001]
    verdict = call_module("draw_digit/question.mjs", "diagnose", guess, outputs, label)
    assert words in verdict["words"]
    assert verdict["right"] == (guess == 7)
