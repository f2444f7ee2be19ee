"""Pooling: its arithmetic beside Python's and TensorFlow's, and the widget as readers drive it."""

import re

import numpy as np
import pytest
from barriers import barriers
from hands import drag, middle, predict, press, touch
from playwright.sync_api import expect
from pool_oracle import pooled, random_pooling

from helpers.widgets import Pooling

OVERLAP = [[1, 3, 2, 0, 1], [2, 9, 4, 1, 0], [0, 3, 5, 7, 2], [1, 0, 6, 2, 8], [4, 1, 0, 3, 1]]
SPOT = [[0, 1, 0, 2], [1, 2, 9, 3], [0, 3, 5, 1], [2, 1, 4, 0]]
NEGATIVE = [[-3, -1, -2], [-4, -2, -6], [-5, -7, -1]]
# In the photograph's middle: 15 windows down and 27 across, of 63 in a row.
MIDDLE = 15 * 63 + 27
PHOTOGRAPH = {"input": "photograph", "step": MIDDLE, "view": "backward"}


def grid(values, shape):
    """Return a map's numbers, which come in a row, as an array of this shape."""
    return np.array(values).reshape(shape)


def test_every_scene_agrees_with_tensorflow_and_with_python(call_module):
    rng = np.random.default_rng(8)
    seen = set()
    for _ in range(80):
        state = random_pooling(rng)
        widget = Pooling(**state, view="backward", ties=str(rng.choice(["first", "shared"])))
        widget.upstream = rng.integers(-3, 4, np.shape(widget.output)).tolist()
        widget.step = int(rng.integers(widget.output.size))
        scene = call_module("pooling/state.mjs", "compute", widget.state())
        options = [state[name] for name in ("kind", "pool_size", "stride", "padding")]
        y, gradient = pooled(state["image"], *options, widget.upstream)
        np.testing.assert_allclose(grid(scene["output"]["values"], y.shape), y, atol=1e-12)
        place = tuple(scene["place"].values())
        assert scene["window"]["result"] == pytest.approx(y[place])
        moved = grid(scene["movedOutput"]["values"], y.shape)
        np.testing.assert_allclose(moved, widget.shifted_output, atol=1e-12)
        assert scene["movedWindow"]["result"] == pytest.approx(widget.shifted_output[place])
        assert scene["changes"][state["kind"]]["changed"] == np.sum(np.abs(moved - y) > 1e-9)

        # After this step the gradient is that of a loss with only the outputs up to here.
        index = np.arange(y.size).reshape(y.shape)
        every = np.array(widget.upstream)
        for name, end in [("before", widget.step), ("gradient", widget.step + 1)]:
            widget.upstream = np.where(index < end, every, 0).tolist()
            found = grid(scene[name], gradient.shape)
            np.testing.assert_allclose(found, widget.grad_image, atol=1e-12)
            if widget.ties == "first":
                gradient = pooled(state["image"], *options, widget.upstream)[1]
                np.testing.assert_allclose(found, gradient, atol=1e-12)
        target = scene["target"]
        assert target["answer"] == pytest.approx(found[target["row"], target["col"]])
        seen.add((state["kind"], state["padding"], widget.ties, state["pool_size"]))
    assert len(seen) > 20


def as_number(text):
    return float(text.replace("−", "-")) if text not in ("", "?") else None


def numbers(card, place):
    return [
        as_number(text) for text in card.locator(f".po-figure.{place} .cv-cell").all_text_contents()
    ]


def say(card):
    return card.locator(".cv-say")


@pytest.fixture
def card(show):
    return show(Pooling()).locator(".cv")


def test_it_starts_from_the_example_of_the_source(card):
    expect(say(card)).to_have_text(re.compile(r"^y\[0, 0\] = max\(1, 2, 3, 4\) = 4"))
    card.get_by_text("mean", exact=True).click()
    expect(say(card)).to_contain_text("y[0, 0] = (1 + 2 + 3 + 4) / 4 = 2.5")


def test_y_fills_up_window_by_window(card):
    wanted = Pooling().output.ravel().tolist()
    for step in range(4):
        if step:
            press(card, "ArrowRight")
        expect(say(card)).to_contain_text(f"= {wanted[step]:g}")
        assert numbers(card, "output") == wanted[: step + 1] + [None] * (3 - step)


def test_gradients_arrive_and_add_up_where_windows_overlap(show):
    widget = Pooling(image=OVERLAP, pool_size=3, view="backward")
    card = show(widget).locator(".cv")
    press(card, "End")
    expect(say(card)).to_contain_text("x[3, 4]: 0 + (−1) = −1")
    assert numbers(card, "gradient") == widget.grad_image.ravel().tolist()
    card.get_by_text("mean", exact=True).click()
    widget.kind = "mean"
    expect(say(card)).to_contain_text("−1 / 9 = −0.11111 each")
    np.testing.assert_allclose(numbers(card, "gradient"), widget.grad_image.ravel(), atol=1e-5)


def test_a_tie_is_told_with_what_tensorflow_does_and_what_others_do(show):
    card = show(Pooling(view="backward", step=3)).locator(".cv")
    expect(say(card)).to_contain_text(
        "3 stands in 3 cells, a tie: ∂L/∂y[1, 1] = −1 goes whole to the first"
    )
    expect(card.locator(".cv-formula")).to_contain_text("as here, TensorFlow’s pooling gives all")
    card.get_by_text("shared", exact=True).click()
    expect(say(card)).to_contain_text("is shared by them, −0.33333 each")
    third = Pooling(view="backward", ties="shared").grad_image.ravel()
    np.testing.assert_allclose(numbers(card, "gradient"), third, atol=1e-5)


def test_filler_never_wins_and_is_never_counted(show):
    card = show(Pooling(image=NEGATIVE, padding="same", step=3)).locator(".cv")
    expect(say(card)).to_contain_text("y[1, 1] = max(−1) = −1")
    expect(say(card)).to_contain_text("3 cells of filler: no number, so it can never win")
    card.get_by_text("mean", exact=True).click()
    press(card, "ArrowLeft")
    expect(say(card)).to_contain_text("y[1, 0] = (−5 − 7) / 2 = −6")
    expect(say(card)).to_contain_text("2 cells of filler: not counted, so it divides by 2")
    assert card.locator(".po-figure.image .ghost").count() == 7


def test_a_shift_by_one_is_counted_for_both_kinds(show):
    widget = Pooling(view="shift")
    card = show(widget).locator(".cv")
    assert numbers(card, "moved") == widget.shifted.ravel().tolist()
    assert numbers(card, "moved-output") == widget.shifted_output.ravel().tolist()
    change = widget.shifted_output - widget.output
    assert numbers(card, "difference") == change.ravel().tolist()
    moved = np.sum(widget.shifted != widget.feature_map)
    counts = [np.sum(change != 0)]
    widget.kind = "mean"
    counts.append(np.sum(widget.shifted_output != widget.output))
    expect(say(card)).to_contain_text(f"of x {moved} of 16 cells")
    expect(say(card)).to_contain_text(f"with max {counts[0]} of 4 cells")
    expect(say(card)).to_contain_text(f"with mean {counts[1]} of 4 cells")


def test_the_window_is_dragged_and_a_number_edited(card):
    cell = card.locator(".po-figure.image .cv-cell").first
    pitch = cell.bounding_box()["width"] + 4
    drag(card.locator(".cv-window"), 2 * pitch, 2 * pitch)
    expect(say(card)).to_contain_text("y[1, 1] = max(3, 3, 3, 1) = 3")
    card.get_by_label("x[3, 3]", exact=True).fill("7")
    expect(say(card)).to_contain_text("max(3, 3, 3, 7) = 7")
    press(card, "ArrowUp")
    expect(say(card)).to_contain_text("y[0, 1] = max(5, 1, 0, 2) = 5")


def test_a_window_that_does_not_fit_is_explained_and_mended(card):
    card.locator(".cv-settings").get_by_label("pool size").fill("5")
    expect(card.locator(".cv-note")).to_contain_text(
        "A window of 5 cells does not fit an input of 4"
    )
    expect(say(card)).to_contain_text("max(1, 2, 3, 4)")
    card.get_by_role("button", name="add filler (SAME)").click()
    expect(card.locator(".cv-note")).to_be_hidden()
    expect(say(card)).to_contain_text(
        "y[0, 0] = max(1, 2, 5, 1, 3, 4, 0, 2, 6, 1, 3, 3, 2, 0, 3, 1) = 6"
    )


ONE = {"view": "backward", "image": [[1, 2], [3, 4]], "upstream": [[8]]}
FILLED = {"image": NEGATIVE, "padding": "same", "step": 1}


@pytest.mark.parametrize(
    ("state", "slips"),
    [
        ({}, {"2.5": "You averaged", "10": "You added the numbers", "1": "That is the smallest"}),
        ({"step": 1}, {"6": "One window too far", "4": "One window too far", "0": "the smallest"}),
        ({"image": OVERLAP, "step": 3}, {"9": "You forgot the stride"}),
        (FILLED, {"0": "You counted the filler as 0", "-6": "That is the smallest"}),
        (
            {"kind": "mean"},
            {"4": "That is the largest", "10": "divide by 4", "5": "not by the side of the window"},
        ),
        (FILLED | {"kind": "mean", "step": 2}, {"-3": "You counted the filler"}),
        ({"view": "shift"}, {"4": "That was y before the shift"}),
        (
            ONE,
            {
                "2": "as mean pooling does", "-8": "The sign", "32": "multiplies by x[1, 1]",
                "0": "Nothing was added yet",
            },
        ),
        ({"view": "backward", "step": 3}, {"-1": "gives all of the gradient to the first one"}),
        ({"view": "backward", "step": 1}, {"-2": "did not win"}),
        (
            {"view": "backward", "step": 3, "ties": "shared"},
            {"-1": "the 3 winners share", "0": "is among the winners"},
        ),
        (
            {"view": "backward", "image": SPOT, "pool_size": 3, "stride": 1, "step": 2},
            {"2": "That writes over"},
        ),
        ({"view": "backward", "kind": "mean"}, {"1": "Undivided"}),
        (FILLED | {"view": "backward", "kind": "mean"}, {"-0.5": "You counted the filler"}),
    ],
)  # fmt: skip
def test_wrong_predictions_are_diagnosed(call_module, state, slips):
    state = Pooling(answer="hidden", **state).state()
    scene = call_module("pooling/state.mjs", "compute", state)
    for typed, words in slips.items():
        judged = call_module("pooling/question.mjs", "diagnose", state, scene, float(typed))
        assert not judged["right"]
        assert words in judged["words"]


def test_a_wrong_prediction_is_told_why(show):
    card = show(Pooling(answer="hidden")).locator(".cv")
    expect(predict(card, "2,5")).to_contain_text("You averaged")


def test_a_right_prediction_reveals_the_step_and_nothing_did_before(show):
    card = show(Pooling(answer="hidden", view="backward", step=3)).locator(".cv")
    expect(card.locator(".po-figure.image .won, .po-figure.image .tied")).to_have_count(0)
    expect(say(card)).to_contain_text("∂L/∂x[2, 3], 0 so far, becomes ?")
    expect(predict(card, "0")).to_contain_text("Right: ∂L/∂x[2, 3] = 0")
    expect(card.locator(".po-figure.image .won")).to_have_count(1)


@pytest.mark.parametrize("view", ["forward", "backward", "shift"])
def test_a_photograph_is_pooled_as_in_python(show, view):
    widget = Pooling(input="photograph", step=MIDDLE, view=view)
    card = show(widget).locator(".cv")
    row, col = divmod(MIDDLE, 63)
    expect(say(card)).to_contain_text(f"[{row}, {col}]")
    part = widget.feature_map[2 * row - 1 : 2 * row + 3, 2 * col - 1 : 2 * col + 3]
    assert numbers(card, "image .cv-grid:not([hidden])") == part.ravel().tolist()
    if view == "forward":
        expect(say(card).locator(".y")).to_have_text(f"{widget.output[row, col]:g}")
    elif view == "shift":
        changed = np.sum(widget.output != widget.shifted_output)
        expect(say(card)).to_contain_text(f"with max {changed:,} of 3,969".replace(",", "\u202f"))


def test_a_click_on_the_photograph_moves_the_window(show):
    card = show(Pooling(input="photograph", whole=False)).locator(".cv")
    expect(say(card)).to_contain_text("y[0, 0]")
    canvas = card.locator(".po-picture.map canvas")
    box = canvas.bounding_box()
    pixel = box["width"] / 126
    canvas.click(position={"x": 41 * pixel, "y": 81 * pixel})
    expect(say(card)).to_contain_text("y[40, 20] = max(")


def test_a_finger_moves_the_window_across_and_scrolls_the_page_down(show):
    page = show(Pooling(input="photograph", step=MIDDLE), width=390, height=664, has_touch=True)
    card = page.locator(".cv")
    x, y = middle(card.locator(".po-picture.map canvas"))
    touch(page, (x, y), (x + 10, y), (x + 30, y))
    expect(say(card)).not_to_contain_text("y[15, 27]")
    there = say(card).text_content()
    card.scroll_into_view_if_needed()
    x, y = middle(card.locator(".po-sum"))
    touch(page, (x, y), (x, y - 40), (x, y - 120))
    page.wait_for_function("scrollY > 0")
    assert say(card).text_content() == there


def test_a_link_leads_back(show):
    page = show(Pooling())
    card = page.locator(".cv")
    card.get_by_text("a photograph").click()
    card.get_by_label("kernel before ReLU").select_option("Sobel y")
    card.get_by_text("the gradients").click()
    expect(say(card)).to_contain_text("goes whole to")
    there = say(card).text_content()
    card.get_by_role("button", name="Link to this state").click()
    page.goto(card.get_by_label("Address of this state").input_value())
    page.locator(".cv-widget[data-ready]").wait_for()
    expect(say(card)).to_have_text(there)


@pytest.mark.parametrize("scheme", ["light", "dark"])
@pytest.mark.parametrize(
    "state",
    [{"view": "backward", "step": 3}, {"view": "shift", "kind": "mean"}, {"input": "photograph"}],
)
def test_no_barriers(show, scheme, state):
    page = show(Pooling(**state), color_scheme=scheme)
    assert barriers(page) == []


@pytest.mark.parametrize("size", [(1280, 720), (390, 664)])
@pytest.mark.parametrize(
    "state",
    [
        {"view": "backward", "step": 3},
        {"view": "shift"},
        PHOTOGRAPH,
        PHOTOGRAPH | {"view": "shift"},
    ],
)
def test_picture_arithmetic_and_play_bar_are_on_one_screen(show, size, state):
    page = show(Pooling(**state), width=size[0], height=size[1])
    card = page.locator(".cv")
    card.scroll_into_view_if_needed()
    card.evaluate("e => scrollTo(0, e.getBoundingClientRect().top + scrollY)")
    top = card.locator(".cv-stage").bounding_box()["y"]
    end = card.locator(".po-sum").bounding_box()
    bar = card.locator(".cv-play").bounding_box()
    assert top >= 0
    assert end["y"] + end["height"] <= bar["y"] + 1
    assert bar["y"] + bar["height"] <= size[1] + 1
