"""LossSurface, driven as readers drive it, and its arithmetic held to Python's."""

import math
import re
from urllib.parse import parse_qs, urlparse

import numpy as np
import pytest
from barriers import barriers
from hands import frames, press, touch
from playwright.sync_api import expect

from helpers.widgets import LossSurface
from helpers.widgets.loss_surface.race import RACERS, RANGES, Slice

RACE = "loss_surface/race.mjs"
WORDS = "loss_surface/words.mjs"
SETTINGS = ["weight", "bias", "learning_rate", "momentum", "steps", "seed", "batch_size"]


def settings_of(widget, **changes):
    return {name: getattr(widget, name) for name in SETTINGS} | changes


# ---- the arithmetic, in both languages ----


@pytest.mark.parametrize("case", range(5))
def test_paths_are_those_of_python(call_module, case):
    """As far as rounding does not decide.

    Once RMSprop jumps about the optimum, it doubles every difference in the last digit with every
    few steps; and where Newton has gone, its matrix has an inverse only thanks to rounding.
    """
    rng = np.random.default_rng(case)
    state = {} if case == 0 else {
        "weight": float(rng.uniform(*RANGES[0])), "bias": float(rng.uniform(*RANGES[1])),
        "learning_rate": float(10 ** rng.uniform(-2, 0)), "momentum": float(rng.uniform(0, 0.95)),
        "seed": int(rng.integers(1000)), "batch_size": int(rng.integers(1, 22)),
    }  # fmt: skip
    widget = LossSurface(steps=120, **state)
    for name in RACERS:
        run = call_module(RACE, "race", name, settings_of(widget))
        path = widget.path(name)
        upto = min(run["left"] or 121, len(path), len(run["points"]))
        upto = min(upto, 40) if name == "rmsprop" else upto
        np.testing.assert_allclose(run["points"][:upto], path[:upto], rtol=1e-6, atol=1e-6)
        if name != "newton":
            assert len(run["points"]) == len(path)
        surface = Slice()
        for k in range(0, upto, 30):
            assert run["losses"][k] == pytest.approx(surface.loss(*path[k]), rel=1e-5, abs=1e-12)
            slope = np.hypot(*surface.gradient(*path[k]))
            assert run["slopes"][k] == pytest.approx(slope, rel=1e-4, abs=1e-9)


def test_a_racer_leaves_where_python_says(call_module):
    widget = LossSurface()
    run = call_module(RACE, "race", "newton", settings_of(widget))
    outside = [
        any(not low <= x <= high for x, (low, high) in zip(point, RANGES, strict=True))
        for point in widget.path("newton")
    ]
    assert run["left"] == outside.index(True) == 2
    assert run["diverged"]


def test_steps_needed(call_module):
    widget = LossSurface()
    needed = call_module(RACE, "stepsToArrive", "sgd", settings_of(widget))
    longer = widget.path("sgd", needed)
    distances = np.hypot(*(longer - [6, -3]).T)
    assert distances[-1] < 0.1 <= distances[-2]
    assert call_module(RACE, "stepsToArrive", "sgd", settings_of(widget), 0.1, 500) is None
    assert call_module(RACE, "stepsToArrive", "newton", settings_of(widget)) is None


def test_the_surface_is_pythons(show, link_modules):
    page = show(LossSurface())
    link_modules(page, "loss_surface/contour.mjs")
    grid = np.reshape(page.evaluate("[...m.lossGrid()]"), (101, 101))
    surface = Slice()
    for row, col in [(0, 0), (0, 100), (100, 0), (100, 100), (55, 60), (37, 81), (90, 12)]:
        w = -6 + 20 * col / 100
        b = 8 - 20 * row / 100
        assert grid[row, col] == pytest.approx(surface.loss(w, b), rel=1e-9, abs=1e-20)
    assert np.unravel_index(grid.argmin(), grid.shape) == (55, 60)


def area(line):
    x, y = np.array(line).T
    return (x @ np.roll(y, -1) - y @ np.roll(x, -1)) / 2


def test_level_lines_enclose_what_is_lower(call_module):
    col, row = np.meshgrid(np.arange(41), np.arange(41))

    def regions(values, level):
        return call_module(
            "loss_surface/contour.mjs", "regionsBelow", values.ravel().tolist(), 40, level
        )

    (disc,) = regions(np.hypot(col - 20, row - 20), 10)
    assert abs(area(disc)) == pytest.approx(math.pi * 100, rel=0.01)
    # At the border the line runs along it.
    (half,) = regions(np.hypot(col, row - 20), 10)
    assert abs(area(half)) == pytest.approx(math.pi * 50, rel=0.02)
    ring = regions(abs(np.hypot(col - 20, row - 20) - 10), 4)
    assert sum(area(line) for line in ring) == pytest.approx(
        math.copysign(math.pi * (14**2 - 6**2), area(disc)), rel=0.02
    ), "the hole runs the other way round"
    two = regions(np.minimum(np.hypot(col - 10, row - 10), np.hypot(col - 30, row - 30)), 5)
    assert len(two) == 2
    assert regions(np.ones((41, 41)), 0.5) == []
    (everything,) = regions(np.zeros((41, 41)), 0.5)
    assert abs(area(everything)) == 1600


@pytest.mark.parametrize("middle", [0.2, 0.8])
def test_a_saddle_is_joined_as_its_middle_is(call_module, middle):
    high = 4 * middle / 2
    regions = call_module("loss_surface/contour.mjs", "regionsBelow", [0, high, high, 0], 1, 0.5)
    assert len(regions) == (1 if middle < 0.5 else 2)


SUPERSCRIPTS = str.maketrans("⁰¹²³⁴⁵⁶⁷⁸⁹⁻", "0123456789-")


def calculate(text):
    """The value of an expression as it is written, with · and true minus signs."""
    text = re.sub(r"10([⁻⁰¹²³⁴⁵⁶⁷⁸⁹]+)", lambda m: f"10**({m[1].translate(SUPERSCRIPTS)})", text)
    text = text.replace("²", "**2").replace("·", "*").replace("−", "-").replace("^", "**")
    return eval(re.sub(r"√\(", "math.sqrt(", text))


@pytest.mark.parametrize("step", [0, 1, 2, 17, 300])
@pytest.mark.parametrize("name", RACERS)
def test_written_updates_are_right(call_module, name, step):
    widget = LossSurface(weight=3.5, bias=-2.5, batch_size=3)
    run = call_module(RACE, "race", name, settings_of(widget))
    if step >= len(run["points"]):
        step = len(run["points"]) - 1
    update = call_module(WORDS, "describeUpdate", run, settings_of(widget), step)
    led_to = max(step, 1)
    starts = f"The first step of .* will be|Step {led_to} of "
    assert re.match(starts, update["title"])
    for letter, at in (("w", 0), ("b", 1)):
        (line,) = (line for line in update["lines"] if line.startswith(f"{letter} ←"))
        *_, written, result = line.split(" = ")
        assert calculate(result) == pytest.approx(run["points"][led_to][at], rel=1e-4)
        assert calculate(written) == pytest.approx(run["points"][led_to][at], abs=5e-3, rel=3e-3)
    for line in update["lines"]:
        if re.match("[vms] ←", line):
            *_, written, result = line.split(" = ")
            assert calculate(written) == pytest.approx(calculate(result), rel=0.03, abs=2e-5)
    if name.startswith("newton"):
        hessian = widget.hessian(*run["points"][led_to - 1])
        low, high = np.linalg.eigvalsh(hessian)
        line = next(line for line in update["lines"] if line.startswith("eigenvalues"))
        first, second = re.match("eigenvalues of H: (.*?) and (.*?),", line).groups()
        assert calculate(first) == pytest.approx(low, rel=0.01)
        assert calculate(second) == pytest.approx(high, rel=0.01)


# ---- the card ----


def rows(card):
    """The table: what each racer is called, and its numbers as they are written."""
    return {
        row.locator("th").text_content(): row.locator("td").all_text_contents()
        for row in card.locator(".ls-table tbody tr").all()
    }


def field(card, name):
    return card.locator(".cv-settings").get_by_label(name, exact=True)


def head(card, name):
    """Where a racer's marker is, in the picture's units of 400."""
    place = card.locator(f".ls-map .ls-marker.ls-{name}").get_attribute("transform")
    return [float(number) for number in re.findall(r"[-\d.]+", place)[:2]]


def test_a_race_step_by_step(show):
    card = show(LossSurface()).locator(".cv")
    assert list(rows(card)) == [
        "gradient descent", "momentum", "mini-batch", "RMSprop", "Adam", "Newton",
    ]  # fmt: skip
    assert rows(card)["Adam"] == ["−4", "1", "3.2", "0.13", "0"]
    expect(card.locator(".ls-title")).to_have_text("The first step of gradient descent will be:")
    expect(card.locator(".ls-lines")).to_contain_text("−4 − 0.5·(−0.0977) = −3.9511")
    press(card, "ArrowRight")
    expect(card.locator(".ls-title")).to_have_text("Step 1 of gradient descent:")
    assert rows(card)["gradient descent"][:2] == ["−3.95", "0.955"]
    press(card, "End")
    widget = LossSurface()
    w, b = widget.path("sgd")[-1]
    assert rows(card)["gradient descent"][:2] == [f"{w:.2f}", f"−{-b:.2f}"]
    assert head(card, "sgd") == pytest.approx([20 * (w + 6), 20 * (8 - b)], abs=0.1)
    why = card.locator(".ls-why")
    expect(why).to_contain_text("This is the floor of the valley")
    expect(why).to_contain_text("(σ′ < 0.01; it can be 0.25) for 9 of 21 samples")
    expect(why).to_contain_text("is 2.2 away. It comes within 0.1 of that at step 3 576")
    events = card.locator(".ls-events")
    expect(events).to_contain_text("Newton diverged: after step 41")
    expect(events).to_contain_text("both eigenvalues of the Hessian are negative")
    # The row that is chosen is written out.
    card.get_by_role("radio", name="momentum").check()
    expect(card.locator(".ls-lines")).to_contain_text("v ← μ·v − η·∂L/∂w = 0.8·")
    press(card, "Home", "ArrowLeft")
    assert rows(card)["Newton"][-1] == "0"
    expect(events).to_be_empty()
    expect(card.locator("[aria-live=polite]")).to_contain_text("after step 0 of 300.")


def test_play_pause_and_speed(show):
    card = show(LossSurface(steps=40)).locator(".cv")
    play = card.get_by_role("button", name="play")
    press(card, " ")
    pause = card.get_by_role("button", name="pause")
    expect(pause).to_be_visible()
    expect(card.locator(".ls-line.ls-adam").last).to_be_visible()
    press(card, " ")
    expect(play).to_be_visible()
    reached = int(rows(card)["Adam"][-1])
    assert reached < 40
    frames(card.page, 20)
    assert int(rows(card)["Adam"][-1]) == reached, "a race that pauses stands still"
    card.get_by_label("speed").select_option("fast")
    play.click()
    expect(play).to_be_visible(timeout=5000)
    assert rows(card)["Adam"][-1] == "40"
    expect(card.get_by_label("step", exact=True)).to_have_value("40")
    card.get_by_role("button", name="Step back").click()
    assert rows(card)["Adam"][-1] == "39"
    card.get_by_role("button", name="Back to the start").click()
    assert rows(card)["Adam"][-1] == "0"


def test_starting_elsewhere_by_mouse_and_keyboard(show):
    card = show(LossSurface(steps=20)).locator(".cv")
    box = card.locator(".ls-plot").bounding_box()
    mouse = card.page.mouse
    mouse.click(box["x"] + 0.5 * box["width"], box["y"] + 0.25 * box["height"])
    expect(field(card, "start w")).to_have_value("4")
    expect(field(card, "start b")).to_have_value("3")
    expect(card.get_by_role("button", name="play")).to_be_visible(timeout=5000)
    assert rows(card)["Adam"][-1] == "20", "a click starts the race"
    # Dragged, all paths follow at once.
    before = head(card, "sgd")
    mouse.move(box["x"] + 0.5 * box["width"], box["y"] + 0.25 * box["height"])
    mouse.down()
    mouse.move(box["x"] + 0.2 * box["width"], box["y"] + 0.9 * box["height"], steps=4)
    expect(field(card, "start w")).to_have_value("-2")
    assert head(card, "sgd") != before
    mouse.move(box["x"] - 80, box["y"] + 0.9 * box["height"])
    expect(field(card, "start w")).to_have_value("-6")
    mouse.up()
    handle = card.get_by_role("button", name="Start at")
    handle.focus()
    for key in ("ArrowRight", "ArrowUp", "Shift+ArrowUp"):
        card.page.keyboard.press(key)
    expect(field(card, "start w")).to_have_value("-5.5")
    expect(field(card, "start b")).to_have_value("-9.45")
    expect(handle).to_have_accessible_name(re.compile("Start at w = −5.5, b = −9.45"))
    card.page.keyboard.press("Enter")
    expect(card.get_by_role("button", name="play")).to_be_visible(timeout=5000)
    assert rows(card)["Adam"][-1] == "20"


def test_a_finger_taps_or_drags_the_ring(show):
    page = show(LossSurface(steps=20), width=390, height=800, has_touch=True, is_mobile=True)
    card = page.locator(".cv")
    box = card.locator(".ls-plot").bounding_box()
    page.touchscreen.tap(box["x"] + 0.5 * box["width"], box["y"] + 0.5 * box["height"])
    expect(field(card, "start w")).to_have_value("4")
    expect(field(card, "start b")).to_have_value("-2")
    ring = card.locator(".ls-start").bounding_box()
    x, y = ring["x"] + ring["width"] / 2, ring["y"] + ring["height"] / 2
    side = box["width"] / 20
    touch(page, (x, y), (x - side, y - side), (x - 4 * side, y - 2 * side))
    expect(field(card, "start w")).to_have_value(re.compile(r"^(-?0(\.05)?)$"))
    expect(field(card, "start b")).to_have_value(re.compile(r"^(-?0(\.05)?)$"))
    touch(page, (x + 3 * side, y + 40), (x + 3 * side, y - 160), (x + 3 * side, y - 260))
    assert page.evaluate("scrollY") > 0, "a finger that moves on the picture scrolls the page"


def test_who_races_and_how(show):
    card = show(LossSurface(step=300)).locator(".cv")
    chip = card.get_by_role("group", name="who races")
    chip.get_by_label("Newton", exact=True).uncheck()
    chip.get_by_label("gradient descent").uncheck()
    chip.get_by_label("damped Newton").check()
    assert list(rows(card)) == ["momentum", "mini-batch", "RMSprop", "Adam", "damped Newton"]
    expect(card.locator(".ls-title")).to_have_text("Step 300 of momentum:")
    assert rows(card)["damped Newton"][:3] == ["6", "−3", "0"]
    for name in ("momentum", "mini-batch", "RMSprop", "Adam", "damped Newton"):
        chip.get_by_label(name, exact=True).click()
    expect(card.locator(".cv-note")).to_contain_text("Nobody races: choose at least one")
    assert list(rows(card)) == ["damped Newton"]
    expect(chip.get_by_label("damped Newton")).to_be_checked()
    chip.get_by_label("momentum").check()
    expect(card.locator(".cv-note")).to_be_hidden()
    # Rates by slider, on a logarithmic scale, and typed.
    slider = card.get_by_role("slider", name="learning rate η, slider")
    slider.focus()
    card.page.keyboard.press("ArrowRight")
    expect(field(card, "learning rate η")).to_have_value("0.56")
    expect(card.get_by_label("step", exact=True)).to_have_value("300")
    field(card, "learning rate η").fill("0.5")
    field(card, "momentum μ").fill("0.9")
    w, b = LossSurface(momentum=0.9).path("momentum")[-1]
    assert rows(card)["momentum"][:2] == [f"{w:.3g}", f"−{-b:.3g}"]
    field(card, "steps").fill("100")
    assert rows(card)["momentum"][-1] == "100"


def test_line_styles_and_markers_tell_racers_apart_without_colour(show):
    card = show(LossSurface(step=300, optimizers=list(RACERS))).locator(".cv")
    lines = card.locator(".ls-map .ls-line")
    dashes = lines.evaluate_all("all => all.map((e) => getComputedStyle(e).strokeDasharray)")
    shapes = card.locator(".ls-map .ls-marker").evaluate_all(
        "all => all.map((e) => e.getAttribute('d'))"
    )
    assert len(set(dashes)) == len(set(shapes)) == len(RACERS)


@pytest.mark.parametrize(
    ("name", "typed", "sentence"),
    [
        ("learning rate η", "0", "0 does not work as learning rate η: use a number from 0.0001"),
        ("momentum μ", "1", "1 does not work as momentum μ: use a number from 0 to 0.99"),
        ("start w", "99", "99 does not work as start w: use a number from -6 to 14"),
        ("steps", "", "An empty field does not work as steps"),
        ("samples in a mini-batch", "2.5", "use a whole number from 1 to 21"),
    ],
)
def test_bad_input_is_explained_and_the_picture_stays(show, name, typed, sentence):
    card = show(LossSurface(step=300)).locator(".cv")
    before = rows(card)
    field(card, name).fill(typed)
    field(card, name).blur()
    expect(card.locator(".cv-note")).to_contain_text(sentence)
    assert rows(card) == before


def pixels(card):
    return card.locator(".ls-space").evaluate("e => e.toDataURL()")


def test_the_surface_turns_by_mouse_and_keys(show):
    card = show(LossSurface(step=100)).locator(".cv")
    card.get_by_label("in space").check()
    space = card.locator(".ls-space")
    expect(space).to_be_visible()
    expect(card.locator(".ls-map")).to_be_hidden()
    first = pixels(card)
    space.focus()
    card.page.keyboard.press("ArrowLeft")
    second = pixels(card)
    assert second != first
    expect(space).to_have_accessible_name(re.compile("turned by −23 and tilted by 38 degrees"))
    card.page.keyboard.press("ArrowRight")
    assert pixels(card) == first
    expect(card.get_by_label("step", exact=True)).to_have_value("100")
    box = space.bounding_box()
    mouse = card.page.mouse
    mouse.move(box["x"] + 100, box["y"] + 100)
    mouse.down()
    mouse.move(box["x"] + 160, box["y"] + 130, steps=3)
    mouse.up()
    assert pixels(card) not in (first, second)
    # Paths are drawn on it, and it follows the theme.
    at_100 = pixels(card)
    press(card, "Home")
    assert pixels(card) != at_100
    light = pixels(card)
    card.page.emulate_media(color_scheme="dark")
    card.page.wait_for_function(
        "before => document.querySelector('.ls-space').toDataURL() !== before", arg=light
    )


def test_predicting_who_wins(show):
    card = show(LossSurface(answer="hidden", step=300)).locator(".cv")
    expect(card.locator(".cv-say")).to_contain_text("Who will have the lowest loss after 300 steps")
    expect(card.locator(".ls-table table")).to_be_hidden()
    expect(card.locator(".ls-why")).to_be_empty()
    press(card, " ")
    expect(card.locator(".cv-note")).to_contain_text("First say who will be lowest")
    ask = card.locator(".ls-choices")
    verdict = card.locator(".cv-verdict")
    ask.get_by_role("button", name="gradient descent").click()
    expect(verdict).to_contain_text("Not gradient descent: its steps are as short as the gradient")
    ask.get_by_role("button", name="Newton").click()
    expect(verdict).to_contain_text("Newton leaves the picture here")
    expect(card.locator(".ls-table table")).to_be_hidden()
    card.get_by_label("speed").select_option("fast")
    ask.get_by_role("button", name="momentum").click()
    expect(verdict).to_contain_text("Right: momentum ends at a loss of 1.94·10⁻⁵")
    expect(card.get_by_role("button", name="play")).to_be_visible(timeout=8000)
    assert rows(card)["momentum"][-1] == "300"
    # Another race is another question.
    field(card, "steps").fill("20")
    expect(card.locator(".ls-table table")).to_be_hidden()
    card.get_by_role("button", name="show", exact=True).click()
    expect(card.locator(".ls-table table")).to_be_visible()


@pytest.mark.parametrize("name", RACERS)
def test_only_the_lowest_is_right(call_module, name):
    widget = LossSurface(optimizers=list(RACERS))
    state = settings_of(
        widget, optimizers=list(RACERS), view="contour", answer="shown", selected="sgd", step=0
    )
    view = call_module("loss_surface/race.mjs", "compute", state)
    verdict = call_module(WORDS, "judgeWinner", view, state, name)
    losses = widget.losses
    assert verdict["right"] == (losses[name] == min(losses.values()))


def test_an_address_restores_the_state_and_the_link_leads_back(show):
    query = (
        "?widget=losssurface-2&weight=2.5&bias=-1&learning_rate=0.1&momentum=0.5&optimizers=sgd,adam"
        "&selected=adam&step=40&steps=50&hide=curves,seed"
    )
    page = show(LossSurface(), LossSurface(), query=query)
    first, second = page.locator(".cv").all()
    assert len(rows(first)) == 6
    assert rows(first)["Adam"][-1] == "0"
    assert list(rows(second)) == ["gradient descent", "Adam"]
    assert rows(second)["Adam"][-1] == "40"
    expect(second.locator(".ls-title")).to_have_text("Step 40 of Adam:")
    expect(second.locator("[data-part=curves]")).to_be_hidden()
    expect(first.locator("[data-part=curves]")).to_be_visible()
    # Two copies are independent.
    press(first, "ArrowRight")
    assert rows(second)["Adam"][-1] == "40"
    second.get_by_label("in space").check()
    second.get_by_role("button", name="Link to this state").click()
    second.get_by_label("hide the answer").check()
    address = second.get_by_label("Address of this state").input_value()
    asked = parse_qs(urlparse(address).query)
    assert asked["optimizers"] == ["sgd,adam"]
    assert asked["view"] == ["surface"]
    page.goto(address)
    second = page.locator(".cv").nth(1)
    expect(second.locator(".ls-choices button")).to_have_count(2)
    expect(second.locator(".ls-space")).to_be_visible()
    expect(field(second, "start w")).to_have_value("2.5")


@pytest.mark.parametrize(
    ("query", "sentence"),
    [
        ("weight=99", "A starting weight of 99 does not work: use a number from −6 to 14."),
        (
            "steps=1.5",
            "A number of steps of 1.5 does not work: use a whole number from 10 to 2000.",
        ),
        ("optimizers=sgd,lion", "There is no optimiser “lion”: use sgd, momentum"),
        ("view=below", "There is no view “below”: use contour, surface."),
        ("learning_rate=fast", "A learning rate of fast does not work"),
    ],
)
def test_an_address_that_does_not_fit_is_explained(call_module, query, sentence):
    name, text = query.split("=")
    value = text.split(",") if name == "optimizers" else float(text) if text[0].isdigit() else text
    state = LossSurface().state() | {name: value}
    with pytest.raises(Exception, match=re.escape(sentence)):
        call_module("loss_surface/widget.mjs", "compute", state)


def test_where_motion_is_unwelcome_the_end_is_shown_at_once(show):
    card = show(LossSurface(), reduced_motion="reduce").locator(".cv")
    press(card, " ")
    assert rows(card)["Adam"][-1] == "300"
    box = card.locator(".ls-plot").bounding_box()
    card.page.mouse.click(box["x"] + 0.5 * box["width"], box["y"] + 0.25 * box["height"])
    expect(card.get_by_role("button", name="play")).to_be_visible()
    assert rows(card)["Adam"][-1] == "300"


def test_presenting_fits_the_picture_on_the_screen(show):
    page = show(LossSurface())
    card = page.locator(".cv")
    card.get_by_role("button", name="Present full screen").click()
    expect(card).to_have_class(re.compile("cv-presenting"))
    plot = card.locator(".ls-plot").bounding_box()
    assert plot["height"] <= 0.7 * page.viewport_size["height"], "the picture fits on the screen"


@pytest.mark.parametrize(("scheme", "width"), [("light", 1280), ("dark", 320)])
def test_axe_and_the_smallest_screen(show, scheme, width):
    widgets = [
        LossSurface(step=300, optimizers=list(RACERS)),
        LossSurface(answer="hidden", title="A question"),
        LossSurface(view="surface", step=100, title="In space"),
    ]
    page = show(*widgets, color_scheme=scheme, width=width, reduced_motion="reduce")
    assert page.evaluate("document.documentElement.scrollWidth") <= width
    for control in page.locator(".cv :is(button, select, input):visible").all():
        box = control.bounding_box()
        assert box["x"] >= 0
        assert box["x"] + box["width"] <= width
    for table in page.locator(".ls-table").all():
        assert table.evaluate("e => e.scrollWidth - e.clientWidth") <= 0
    assert barriers(page) == []
