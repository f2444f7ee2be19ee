"""Equivariance, driven as readers drive it, and its numbers held to Python's."""

import re

import numpy as np
import pytest
from hands import drag, predict, press
from playwright.sync_api import expect

from helpers.widgets import Equivariance
from helpers.widgets.equivariance import KERNELS

SAME, BORDER, ALL = "the same everywhere", "different at the border only", "different all over"
NOISE = np.random.default_rng(7).integers(0, 256, (36, 36), dtype=np.uint8)
COMPARE = """([rows, pixels, state]) => {
    const picture = { rows, cols: rows, values: Float64Array.from(pixels) };
    const { layer, shift } = m.compute(state);
    const orders = m.compareOrders(picture, layer, shift);
    const { rows: down, cols: across } = orders.difference;
    const told = [];
    for (let at = 0; at < 40; at++) {
        const cell = { row: (7 * at) % down, col: (5 * at) % across };
        const stages = m.explain(orders.ofMoved, layer, cell);
        told.push([m.valueAt(orders.ofMoved.output, cell), stages]);
    }
    const { moved, ofMoved, movedOutput, difference, largest, differing, compared } = orders;
    const [one, other, apart] = [ofMoved.output, movedOutput, difference].map((f) => [...f.values]);
    const blank = (all) => all.map((value) => (Number.isNaN(value) ? null : value));
    return {
        shape: [down, across], moved: [...moved.values], one, other: blank(other),
        apart: blank(apart), largest, differing, compared, told,
    };
}"""


@pytest.fixture
def open_card(show):
    def open_one(*arguments, query="", **state):
        options = {
            name: state.pop(name) for name in ("width", "height", "has_touch") if name in state
        }
        page = show(Equivariance(*arguments, **state), query=query, **options)
        page.locator("[data-compared]").wait_for()
        return page.locator(".cv")

    return open_one


@pytest.fixture
def card(open_card):
    return open_card(NOISE)


def random_state(rng):
    size = rng.choice([1, 3, 5], 2)
    own = rng.integers(-3, 4, size).tolist()
    return {
        "kernel": own if rng.random() < 0.5 else str(rng.choice(KERNELS)),
        "border": str(rng.choice(["zeros", "wrap", "valid"])),
        "stride": int(rng.integers(1, 4)),
        "pool": str(rng.choice(["none", "max", "mean"])),
        "blur": bool(rng.random() < 0.5),
        "shift": rng.integers(0, 13, 2).tolist(),
    }


def test_random_settings_give_the_numbers_of_python(show, link_modules):
    page = show(Equivariance(NOISE))
    link_modules(page, "arithmetic/equivariance.mjs", "equivariance/state.mjs")
    rng = np.random.default_rng(11)
    for _ in range(40):
        state = random_state(rng)
        widget = Equivariance(NOISE, **state)
        pixels = widget.picture
        found = page.evaluate(COMPARE, [len(pixels), pixels.ravel().tolist(), widget.state()])
        apart = widget.difference
        assert found["shape"] == list(apart.shape)
        for name, wanted in {
            "moved": widget.shifted, "one": widget.layer_of_shifted,
            "other": widget.shifted_layer, "apart": apart,
        }.items():  # fmt: skip
            values = np.array(found[name], float)
            assert values == pytest.approx(wanted.ravel(), abs=1e-9, nan_ok=True), (name, state)
        assert found["compared"] == np.isfinite(apart).sum()
        assert found["differing"] == np.nansum(apart != 0) - np.isnan(apart).sum()
        if found["compared"]:
            assert found["largest"] == pytest.approx(np.nanmax(np.abs(apart)), abs=1e-9)
        for value, stages in found["told"]:
            check_arithmetic(value, stages)


def check_arithmetic(value, stages):
    """Each stage's cells give its value, and the stage before gives one of its cells."""
    for stage in stages:
        weights, values = np.array([[c["weight"], c["value"]] for c in stage["cells"]]).T
        made = {
            "kernel": lambda w, v: w @ v, "blur": lambda w, v: w @ v / 16,
            "max": lambda w, v: v.max(), "mean": lambda w, v: v.mean(),
        }[stage["kind"]](weights, values)  # fmt: skip
        assert stage["value"] == pytest.approx(value, abs=1e-9)
        assert made == pytest.approx(value, abs=1e-9)
        middle = {"max": values.argmax(), "mean": 0}.get(stage["kind"], len(values) // 2)
        value = values[middle]


def say(card):
    return card.locator(".cv-say")


def colours(card, name):
    """The bytes of a picture's canvas, shape (rows, cols, 4)."""
    return np.array(
        card.locator(f".eq-{name} .eq-frame canvas").evaluate(
            """(canvas) => {
                const { width, height } = canvas;
                const { data } = canvas.getContext("2d").getImageData(0, 0, width, height);
                const row = (r) => [...data.slice(4 * r * width, 4 * (r + 1) * width)];
                return Array.from({ length: height }, (_, r) => row(r));
            }"""
        )
    ).reshape(-1, card.locator(f".eq-{name} .eq-frame canvas").evaluate("c => c.width"), 4)


def test_one_cell_is_written_out_in_both_orders(open_card):
    card = open_card(NOISE, kernel=[[1, 0, -2]], shift=[1, 3], cell=[9, 10])
    x = NOISE.astype(int)
    total = x[8, 6] - 2 * x[8, 8]
    shown = str(total).replace("-", "−")
    terms = f"1·{x[8, 6]} − 2·{x[8, 8]} = {shown}"
    expect(say(card)).to_contain_text(f"f(S x)[9, 10] = {terms}")
    expect(say(card)).to_contain_text(f"S f(x)[9, 10] = f(x)[8, 7] = {terms}")
    expect(card.locator(".eq-verdict")).to_have_text("Equal.")
    card.get_by_label("max", exact=True).check()
    expect(say(card)).to_contain_text("f(S x)[9, 10] = max(")
    expect(card.locator(".cv-formula")).to_contain_text("to the right by 3 / 2 = 1.5, so 1 whole")
    widget = Equivariance(NOISE, kernel=[[1, 0, -2]], shift=[1, 3], pool="max")
    apart = widget.difference
    row, col = np.unravel_index(np.abs(apart).argmax(), apart.shape)
    card.get_by_label("cell row").fill(str(row))
    card.get_by_label("cell column").fill(str(col))
    expect(card.locator(".eq-verdict")).to_have_text(
        f"They differ by {apart[row, col]:g}.".replace("-", "−")
    )


def test_where_the_difference_is_and_how_large(open_card):
    card = open_card(NOISE, border="zeros", shift=[0, 2], kernel="mean")
    widget = Equivariance(NOISE, border="zeros", shift=[0, 2], kernel="mean")
    apart = widget.difference
    numbers = card.locator(".eq-numbers").text_content()
    assert f"{np.abs(apart).max():.4g}" in numbers
    assert f"{(apart != 0).sum()} of" in numbers
    expect(card.locator(".eq-why")).to_contain_text("Inside, the two orders agree.")
    paper = colours(card, "difference")[10, 10]
    drawn = (colours(card, "difference") != paper).any(axis=2)
    largest = np.abs(apart).max()
    assert drawn[np.abs(apart) > largest / 100].all()
    assert not drawn[apart == 0].any()
    card.get_by_label("valid", exact=True).check()
    expect(card.locator(".eq-why")).to_contain_text("68 cells (hatched) cannot be compared")
    alpha = colours(card, "difference")[..., 3]
    assert (alpha[:, :2] == 0).all() and (alpha[:, 2:] == 255).all()


def test_fine_stripes_and_what_helps(open_card):
    card = open_card()
    numbers, why = card.locator(".eq-numbers"), card.locator(".eq-why")
    example = card.get_by_role("combobox", name="example")
    expect(example).to_have_value("a kernel alone")
    example.select_option("stride 2, shifted by 1")
    expect(numbers).to_contain_text("Largest difference: 175")
    expect(numbers).to_contain_text("900 of 900 cells differ (100 %)")
    expect(why).to_contain_text("A shift of 1 is no multiple of 2")
    press(card, "ArrowRight")
    expect(numbers).to_contain_text("Largest difference: 0.")
    expect(why).to_contain_text("The shift is 1 whole step of 2")
    example.select_option("a blur before stride 2")
    expect(why).to_contain_text("Without the blur the largest difference is 175, with it 0.")
    example.select_option("max pooling of bars")
    expect(numbers).to_contain_text("(50 %)")


def test_keys_slider_and_mouse_shift_and_point(open_card):
    card = open_card(NOISE, shift=[0, 0])
    formula, numbers = card.locator(".cv-formula"), say(card)
    expect(formula).to_contain_text("S: not at all")
    press(card, "ArrowRight", "ArrowRight", "ArrowDown", "ArrowLeft")
    expect(formula).to_contain_text("S: 1 to the right, 1 down")
    press(card, "ArrowUp", "ArrowUp", "End")
    expect(formula).to_contain_text("S: 12 to the right;")
    press(card, "Home", "Shift+ArrowDown", "Shift+ArrowRight", "Shift+ArrowRight")
    expect(numbers).to_contain_text("f(S x)[17, 26] =")
    pixel = card.locator(".eq-input canvas").bounding_box()["width"] / 36
    drag(card.locator(".eq-input .eq-frame"), 5 * pixel, 2 * pixel)
    expect(formula).to_contain_text("S: 5 to the right, 2 down")
    drag(card.locator(".eq-input .eq-frame"), -2 * pixel)
    expect(formula).to_contain_text("S: 3 to the right, 2 down")
    box = card.locator(".eq-difference .eq-frame").bounding_box()
    card.page.mouse.click(box["x"] + 4.5 * pixel, box["y"] + 30.5 * pixel)
    expect(numbers).to_contain_text("f(S x)[30, 4] =")
    card.get_by_label("cell column").fill("35")
    expect(numbers).to_contain_text("f(S x)[30, 35] =")
    card.get_by_role("button", name="Back to the start").click()
    card.get_by_role("button", name="play").click()
    expect(formula).to_contain_text("S: 2 to the right, 2 down", timeout=20_000)


def test_a_finger_shifts_and_points(open_card):
    card = open_card(NOISE, shift=[0, 0], width=390, height=800, has_touch=True)
    card.locator(".eq-second .eq-frame").tap(position={"x": 3, "y": 3})
    expect(say(card)).to_contain_text("f(S x)[0, 0] =")
    card.get_by_role("button", name="Step forward").tap()
    expect(card.locator(".cv-formula")).to_contain_text("S: 1 to the right")


def test_an_own_kernel_is_typed(card):
    card.get_by_label("w[1, 1]", exact=True).fill("5")
    expect(card.get_by_role("combobox", name="kernel")).to_have_value("own")
    expect(card.locator(".eq-numbers")).to_contain_text("Largest difference: 0.")
    cell = card.get_by_label("w[0, 0]", exact=True)
    cell.fill("a")
    cell.press("Enter")
    expect(card.locator(".cv-note")).to_contain_text("“a”")


@pytest.mark.parametrize(
    ("state", "wrong", "words", "right"),
    [
        ({}, ALL, "The kernel does the same at every place", SAME),
        ({}, BORDER, "The border is wrapped", SAME),
        ({"border": "valid"}, BORDER, "Only those cells", SAME),
        ({"border": "zeros"}, SAME, "where it reaches over the edge", BORDER),
        ({"border": "zeros"}, ALL, "inside, the order makes no", BORDER),
        ({"stride": 2}, SAME, "A shift of 3 is no multiple of 2", ALL),
        ({"stride": 3}, ALL, "3 to the right is a multiple of 3", SAME),
        ({"images": NOISE * 0, "pool": "max"}, ALL, "does what is left out differ", SAME),
    ],
)  # fmt: skip
def test_whether_there_is_a_difference_is_predicted(open_card, state, wrong, words, right):
    card = open_card(**{"images": NOISE, "shift": [0, 3], "answer": "hidden"} | state)
    expect(card.locator(".eq-unknown")).to_have_count(3)
    expect(say(card)).to_contain_text("Will f(S x) and S f(x) be the same?")
    verdict = card.locator(".cv-verdict")
    card.get_by_role("button", name=wrong).click()
    expect(verdict).to_contain_text(words)
    card.get_by_role("button", name=right).click()
    expect(verdict).to_contain_text(f"Right: {right}.")
    expect(card.locator(".eq-unknown")).to_have_count(0)
    press(card, "ArrowRight")  # another shift is another question
    expect(card.locator(".eq-unknown")).to_have_count(3)


def test_how_far_the_output_moves_is_predicted(open_card):
    card = open_card(NOISE, stride=2, shift=[0, 3], ask="cells", answer="hidden")
    expect(say(card)).to_contain_text("By how many cells does the output move?")
    expect(card.get_by_role("button", name=SAME)).to_be_hidden()
    for guess, words in [
        ("3", "That is how far the picture moves"),
        ("6", "so it moves by fewer: divide by 2"),
        ("1", "Those are the whole cells. 3 is no multiple of 2"),
        ("2", "3 is no multiple of 2: do not round"),
        ("7", "Two neighbouring cells of the output lie 2 pixels apart"),
    ]:
        expect(predict(card, guess)).to_contain_text(words)
    expect(predict(card, "3/2")).to_contain_text("Right: 3 / 2 = 1.5, which is between two cells")


def test_the_largest_difference_is_predicted(open_card):
    state = {"source": "stripes", "stride": 2, "shift": [0, 1], "answer": "hidden"}
    card = open_card(kernel=[[2]], ask="largest", **state)
    for guess, words in [
        ("0", "A shift of 1 is no multiple of 2"),
        ("-350", "meant without its sign"),
        ("175", "how far black and white lie apart in the picture"),
        ("900", "how many cells differ, not by how much"),
        ("44", "Look at one place"),
    ]:
        expect(predict(card, guess)).to_contain_text(words)
    expect(predict(card, "350")).to_contain_text("Right: 350.")
    expect(card.locator(".eq-numbers")).to_have_text(re.compile("^Largest difference: 350"))
