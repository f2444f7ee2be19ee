"""NetworkPlayground: numbers held to Python's, presets to what they say, driven as readers do."""

import math
import re
from pathlib import Path
from urllib.parse import parse_qs, urlparse

import numpy as np
import pytest
from barriers import barriers
from hands import frames, press, settle, touch, unfold
from playwright.sync_api import expect

from helpers.widgets import NetworkPlayground
from helpers.widgets.network_playground import PRESETS

DEEP = {"data": "spiral", "hidden": [8, 8, 8, 8]}

# Trains an experiment and returns, at each of the marks, how far it is.
COURSE = """(state, marks) => {
    const view = m.compute(state);
    const page = { element: document.body, report() {} };
    const { network, data, trainer } = m.createExperiment(state, view, page);
    const course = marks.map((mark) => {
        trainer.step(mark - trainer.progress.steps);
        const { steps, diverged, message } = trainer.progress;
        const found = m.evaluate(network, data);
        const hidden = network.layers.slice(0, -1).map((layer) => ({
            weights: [...layer.weights], biases: [...layer.biases], units: layer.units,
            largest: Math.max(0, ...layer.activations.slice(0, data.count * layer.units)),
        }));
        return { steps, diverged, message, ...found, hidden, parameters: [...network.parameters] };
    });
    trainer.dispose();
    return course;
}"""


@pytest.fixture(scope="module")
def run(browser, link_modules):
    """Run a function in the browser, on plain values; ``m`` has what the modules export."""
    page = browser.new_page()
    names = ["state", "words", "pictures", "question"]
    modules = [f"network_playground/{name}.mjs" for name in names]
    link_modules(page, *modules, "arithmetic/network.mjs", "arithmetic/surfaces.mjs")
    yield lambda script, *arguments: page.evaluate(f"(a) => ({script})(...a)", list(arguments))
    page.close()


def course(run, widget, *marks):
    """Return how far the browser gets with a widget's settings, at each of the marks."""
    return run(COURSE, widget.state(), list(marks))


# The same numbers as in Python


def random_widget(rng):
    data = str(rng.choice(["xor", "circles", "moons", "spiral", "curve"]))
    losses = ["mean_squared_error", "categorical_crossentropy"]
    return NetworkPlayground(
        data=data,
        hidden=rng.integers(1, 9, rng.integers(0, 5)).tolist(),
        activation=str(rng.choice(["tanh", "sigmoid", "relu", "linear"])),
        loss="mean_squared_error" if data == "curve" else str(rng.choice(losses)),
        optimizer=str(rng.choice(["sgd", "momentum", "rmsprop", "adam"])),
        learning_rate=float(rng.choice([0.003, 0.01, 0.03])),
        batch_size=int(rng.choice([1, 7, 32, 50, 64, 200])),
        seed=int(rng.integers(0, 2**32)),
        noise=float(rng.choice([0.02, 0.2])),
        initializer=str(rng.choice(["glorot_uniform", "he_uniform", "random_normal", "zeros"])),
    )


def test_trained_weights_are_those_of_python(run):
    rng = np.random.default_rng(11)
    for _ in range(40):
        widget = random_widget(rng)
        steps = int(rng.integers(1, 60))
        start, end = course(run, widget, 0, steps)
        for found, network in [(start, widget.network()), (end, widget.network(steps))]:
            expected = np.concatenate([array.ravel() for array in network.parameters])
            assert found["parameters"] == pytest.approx(expected, rel=1e-6, abs=1e-6), (
                widget.state()
            )
            loss = network.evaluate(*widget.points)
            assert found["loss"] == pytest.approx(loss, rel=1e-6, abs=1e-9)


@pytest.mark.parametrize("data", ["xor", "circles", "moons", "spiral", "curve"])
@pytest.mark.parametrize("noise", [0, 0.2])
def test_points_are_those_of_python(run, data, noise):
    widget = NetworkPlayground(data=data, noise=noise, seed=5)
    inputs, targets = run(
        """(state) => {
            const page = { element: document.body, report() {} };
            const { data, trainer } = m.createExperiment(state, m.compute(state), page);
            trainer.dispose();
            return [[...data.inputs], [...data.targets]];
        }""",
        widget.state(),
    )
    x, y = widget.points
    assert inputs == pytest.approx(x.ravel(), rel=1e-12, abs=1e-12)
    assert targets == pytest.approx(y.ravel(), rel=1e-12, abs=1e-12)


# What the presets say


def preset(run, name, *marks, **changes):
    return course(run, NetworkPlayground(preset=name, **changes), *marks)


@pytest.mark.parametrize(
    ("name", "steps", "not_by"), [("xor", 200, 20), ("moons", 1000, 200), ("spiral", 1000, 100)]
)
def test_good_presets_get_every_point_right(run, name, steps, not_by):
    early, late = preset(run, name, not_by, steps)
    assert early["accuracy"] < 1
    assert late["accuracy"] == 1
    assert f"within {steps} steps" in PRESETS[name]["comment"]


def test_preset_circles_fences_the_inner_ring_in(run):
    (end,) = preset(run, "circles", 2000)
    assert end["accuracy"] > 0.99
    assert PRESETS["circles"]["settings"]["hidden"] == [3]  # one straight border each
    (two,) = preset(run, "circles", 2000, hidden=[2])
    assert two["accuracy"] < 0.9, "two borders cannot close"


def test_preset_curve_stops_at_the_variance_of_the_noise(run):
    early, late, later = preset(run, "curve", 100, 2000, 6000)
    assert early["loss"] > 0.03
    assert late["loss"] == pytest.approx(0.01, rel=0.2)
    assert later["loss"] == pytest.approx(late["loss"], rel=0.2)


def first_step_with_all_right(run, name):
    marks = list(range(10, 1000, 10))
    steps = [at["steps"] for at in preset(run, name, *marks) if at["accuracy"] == 1]
    return steps[0]


def test_preset_squared_error_needs_more_than_twice_as_many_steps(run):
    slow, fast = PRESETS["squared_error"]["settings"], PRESETS["xor"]["settings"]
    assert {name for name in fast if fast[name] != slow[name]} == {"loss"}
    by_error = first_step_with_all_right(run, "squared_error")
    assert by_error > 2 * first_step_with_all_right(run, "xor")


def test_preset_rate_too_large_diverges(run):
    losses = preset(run, "rate_too_large", 10, 20, 30, 1000)
    assert losses[0]["loss"] < losses[1]["loss"] < losses[2]["loss"]
    assert losses[-1]["diverged"]
    assert "training has diverged. Reset, and try a smaller learning rate" in losses[-1]["message"]
    (slower,) = preset(run, "rate_too_large", 1000, learning_rate=0.1)
    assert slower["loss"] < 0.1


def test_preset_rate_too_small_hardly_moves(run):
    start, end = preset(run, "rate_too_small", 0, 2000)
    assert 0.99 * start["loss"] < end["loss"] < start["loss"]
    (larger,) = preset(run, "rate_too_small", 2000, learning_rate=0.3)
    assert larger["accuracy"] == 1, "the direction is right"


def test_preset_zeros_keeps_the_neurons_alike(run):
    for at in preset(run, "zeros", 1, 500, 4000):
        layer = at["hidden"][0]
        weights = np.reshape(layer["weights"], (2, layer["units"]))
        assert (weights == weights[:, :1]).all()
        assert len(set(layer["biases"])) == 1
    assert at["accuracy"] == 0.75
    (one,) = preset(run, "zeros", 4000, hidden=[1], initializer="glorot_uniform")
    assert one["accuracy"] == 0.75, "as one neuron does"


def test_preset_dead_relu_never_wakes(run):
    start, dead, later = preset(run, "dead_relu", 0, 500, 3000)
    assert start["hidden"][0]["largest"] > 0
    assert dead["hidden"][0]["largest"] == later["hidden"][0]["largest"] == 0
    for name in ("weights", "biases"):
        assert dead["hidden"][0][name] == later["hidden"][0][name]
    assert later["accuracy"] == 0.5
    (smaller,) = preset(run, "dead_relu", 3000, learning_rate=0.1, seed=2, hidden=[8])
    assert smaller["accuracy"] > 0.9


def test_preset_linear_keeps_a_straight_border(run):
    (end,) = preset(run, "linear", 3000)
    assert end["accuracy"] < 0.76
    network = NetworkPlayground(preset="linear").network(300)
    a, b = np.array([[0.0, 0.0], [2.0, 1.0]])
    along = np.array([a, (a + b) / 2, b])
    network.forward(along)
    first, middle, last = network.layers[-1].pre_activation
    assert middle == pytest.approx((first + last) / 2)


def test_preset_one_neuron_gets_three_of_four_clouds(run):
    for at in preset(run, "one_neuron", 1000, 5000):
        assert at["accuracy"] == 0.75


def test_preset_deep_sigmoid_stays_at_a_coin_toss(run):
    (end,) = preset(run, "deep_sigmoid", 1000)
    assert end["loss"] == pytest.approx(math.log(2), abs=0.005)
    (tanh,) = preset(run, "deep_sigmoid", 199, activation="tanh")
    assert tanh["accuracy"] == 1
    widget = NetworkPlayground(preset="deep_sigmoid")
    network = widget.network()
    network.loss_and_gradients(*widget.points)
    sizes = [np.abs(layer.grad_kernel).max() for layer in network.layers]
    assert sizes[0] < sizes[-1] / 100, "hardly any gradient gets through"


def test_every_preset_is_checked_above():
    source = Path(__file__).read_text("utf-8")
    for name, ready in PRESETS.items():
        assert source.count(f'"{name}"') > 0
        assert NetworkPlayground(preset=name).preset == name
        assert ready["title"].startswith(("bad: ", "slow: ")) or not ready["comment"].count("bad")


# The arithmetic that is written out

INSPECT = """(state, steps, sample) => {
    const view = m.compute(state);
    const page = { element: document.body, report() {} };
    const { network, data, trainer } = m.createExperiment(state, view, page);
    trainer.step(steps);
    trainer.dispose();
    const { inputCount, outputCount } = data;
    const input = data.inputs.slice((sample - 1) * inputCount, sample * inputCount);
    const target = data.targets.slice((sample - 1) * outputCount, sample * outputCount);
    const seen = m.inspectSample(network, input, target);
    const neurons = network.layers.flatMap(({ units }, l) =>
        Array.from({ length: units }, (_, j) => [l + 1, j + 1]));
    const lines = neurons.map((neuron) => m.describeNeuron(seen, neuron));
    return { neurons, lines, table: m.tableOf(seen), loss: seen.loss };
}"""

LOW = str.maketrans("⁻⁰¹²³⁴⁵⁶⁷⁸⁹", "-0123456789")
SIGNS = {"−": "-", "·": "*", "⁻": "-", "²": "**2", "e^": "E**", "ln ": "LN ", "\u202f": ""}


def value(text):
    """Return what an expression of the widget is worth; None where it is in symbols."""
    text = re.sub(r"·10([⁻⁰¹²³⁴⁵⁶⁷⁸⁹]+)", lambda found: f"e{found[1].translate(LOW)}", text)
    for sign, python in SIGNS.items():
        text = text.replace(sign, python)
    text = re.sub(r"-LN (.+)", r"-LN(\1)", text)
    names = {"tanh": math.tanh, "max": max, "E": math.e, "LN": math.log}
    try:
        return eval(text, {"__builtins__": {}}, names)
    except (NameError, SyntaxError, TypeError):
        return None


def check_line(line):
    """Hold every side of an equation that has numbers to its last one; return that one."""
    sides = [value(side.strip()) for side in line.split(" = ")]
    worth = [side for side in sides if side is not None]
    assert len(worth) >= (1 if "= z =" in line else 2), line
    for side in worth[:-1]:  # four digits in, about three digits out of a sum
        assert side == pytest.approx(worth[-1], rel=5e-3, abs=2e-3), line
    return worth[-1]


def test_every_written_equation_holds_and_agrees_with_python(run):
    rng = np.random.default_rng(3)
    for _ in range(25):
        widget = random_widget(rng)
        steps, sample = int(rng.integers(0, 30)), int(rng.integers(1, 51))
        network = widget.network(steps)
        x, y = widget.points
        at = slice(sample - 1, sample)
        loss, _ = network.loss_and_gradients(x[at], y[at])
        found = run(INSPECT, widget.state(), steps, sample)
        assert found["loss"] == pytest.approx(loss, rel=1e-6)
        rows = iter(found["table"])
        for (layer_number, unit_number), lines in zip(
            found["neurons"], found["lines"], strict=True
        ):
            layer, j = network.layers[layer_number - 1], unit_number - 1
            z, a = layer.pre_activation[0, j], layer.outputs[0, j]
            delta, grads = layer.grad_bias[j], layer.grad_kernel[:, j]
            close = {"rel": 1e-3, "abs": 1e-9}
            z_line, a_line, *_ = lines["forward"]
            assert check_line(z_line) == pytest.approx(z, **close)
            assert check_line(a_line) == pytest.approx(a, **close)
            for line in lines["forward"][2:]:
                assert check_line(line) == pytest.approx(loss, **close)
            assert lines["backward"][-1].startswith("δ = ")
            for line in lines["backward"]:
                final = check_line(line)
            assert final == pytest.approx(delta, **close)
            assert len(lines["gradients"]) == len(grads) + 1
            for line, grad in zip(lines["gradients"], [*grads, delta], strict=True):
                last = value(line.split(" = ")[-1])
                assert last == pytest.approx(grad, **close)
            row = next(rows)
            numbers = [value(text) for text in row[1:4]]
            assert numbers == pytest.approx([z, a, delta], **close)
            assert [value(text) for text in row[4].split(", ")] == pytest.approx(grads, **close)


def test_one_neuron_written_out(run):
    # xor without noise: sample 1 of the default seed, after no step
    widget = NetworkPlayground(noise=0, hidden=[1])
    x, y = widget.points
    found = run(INSPECT, widget.state(), 0, 1)
    first = found["lines"][0]
    w1, w2 = widget.network().layers[0].kernel[:, 0]
    minus = lambda number: f"{number:.4g}".replace("-", "−")  # noqa: E731
    factor = lambda number: f"({minus(number)})" if number < 0 else minus(number)  # noqa: E731
    z = x[0] @ [w1, w2]
    products = f"{minus(x[0, 0])}·{factor(w1)} + {minus(x[0, 1])}·{factor(w2)}"
    assert first["forward"][0] == f"z = {products} + 0 = {minus(z)}"
    assert first["forward"][1] == f"a = tanh({minus(z)}) = {minus(math.tanh(z))}"
    label = int(y[0].argmax())
    assert f"L = −ln a of class {label} = −ln " in found["lines"][1]["forward"][2]


# Pictures


def test_the_border_runs_where_the_values_cross(run):
    # 2 × 2 cells with centres at 25 and 75: from 0 to 1 across, the middle is crossed at 50
    assert run("(...a) => m.borderPath(...a)", [0, 1, 0, 1], {"rows": 2, "cols": 2}) == (
        "M50.0 25.0L50.0 75.0"
    )
    # a quarter of the way: (0.5 − 0.25)/(1.25 − 0.25)
    assert run(
        "(...a) => m.borderPath(...a)", [0.25, 0.25, 1.25, 1.25], {"rows": 2, "cols": 2}
    ) == ("M25.0 37.5L75.0 37.5")
    assert run("(...a) => m.borderPath(...a)", [0, 0, 0, 0], {"rows": 2, "cols": 2}) == ""


@pytest.mark.parametrize(
    ("loss", "accuracy", "noise", "answer"),
    [
        (0.5, 1, 0.1, "all"), (0.1, 0.995, 0.1, "most"), (0.1, 0.9, 0, "most"),
        (0.6, 0.895, 0, "few"), (0.02, None, 0.1, "all"), (0.021, None, 0.1, "most"),
        (0.02, None, 0, "most"), (0.26, None, 0.1, "few"), (None, None, 0, "few"),
    ],
)  # fmt: skip
def test_how_far_is_far_enough(run, loss, accuracy, noise, answer):
    loss = "NaN" if loss is None else loss
    script = "(loss, accuracy, noise) => m.rate({ loss: Number(loss), accuracy }, noise)"
    assert run(script, loss, accuracy, noise) == answer


@pytest.mark.parametrize(
    ("changes", "sentence"),
    [
        ({"data": "digits"}, "There is no data “digits”: use xor, circles, moons, spiral, curve"),
        ({"hidden": [2, 2, 2, 2, 2]}, "5 hidden layers do not fit here: use at most 4"),
        ({"hidden": [9]}, "A hidden layer of 9 neurons does not work: use a whole number from 1"),
        ({"hidden": ["x"]}, "A hidden layer of x neurons does not work"),
        ({"learning_rate": 0}, "A learning rate of 0 does not work: use a number above 0"),
        (
            {"batch_size": 2.5},
            "A batch size of 2.5 does not work: use a whole number from 1 to 200",
        ),
        ({"seed": -1}, "A seed of -1 does not work: use a whole number from 0 to 4294967295"),
        ({"noise": 3}, "A noise of 3 does not work: use a number from 0 to 0.5"),
        ({"data": "curve"}, "Cross-entropy compares probabilities of classes"),
        ({"sample": 201}, "There is no sample 201: choose one from 1 to 200, or 0 for none"),
        (
            {"neuron": [1, 5]},
            "There is no neuron 1, 5: give its layer, from 1 to 2, and its number",
        ),
        ({"neuron": [3, 1]}, "There is no neuron 3, 1"),
        ({"preset": "best"}, "There is no preset “best”: use xor, circles"),
        ({"answer": "maybe"}, "There is no answer “maybe”: use shown, hidden"),
    ],
)
def test_what_does_not_fit_is_refused(run, changes, sentence):
    with pytest.raises(Exception, match=re.escape(sentence)):
        run("(state) => void m.compute(state)", NetworkPlayground().state() | changes)


# Driven as readers drive it


@pytest.fixture
def card(show):
    return show(NetworkPlayground()).locator(".cv")


def figure(card, name):
    return card.locator(".np-figures div").filter(has_text=name).locator("dd")


def steps(card):
    return int(re.sub(r"\D", "", figure(card, "steps").inner_text()))


def neuron(card, layer, unit):
    return card.locator(f'button.np-neuron[data-place="{layer},{unit}"]')


def field(card, label):
    """Return the control in a label; its accessible name would hold all options too."""
    labels = card.locator(":is(.cv-settings, .np-presets, .np-who) label")
    return labels.filter(has_text=re.compile(f"^{label}")).locator("select, input")


def choose(card, label, option):
    (card.get_by_label("speed") if label == "speed" else field(card, label)).select_option(option)


def loss_after(widget, count):
    return widget.network(count).evaluate(*widget.points)


def test_stepping_training_and_going_back(card):
    widget = NetworkPlayground()
    expect(figure(card, "steps")).to_have_text("0")
    press(card, "ArrowRight", "ArrowRight", "ArrowRight")
    expect(figure(card, "steps")).to_have_text("3")
    assert value(figure(card, "loss").inner_text()) == pytest.approx(
        loss_after(widget, 3), rel=1e-3
    )
    card.get_by_role("button", name="One step back").click()
    expect(figure(card, "steps")).to_have_text("2")
    assert value(figure(card, "loss").inner_text()) == pytest.approx(
        loss_after(widget, 2), rel=1e-3
    )
    surface = card.locator(".np-surface canvas")
    before = surface.evaluate("c => c.toDataURL()")
    choose(card, "speed", "full speed")
    press(card, " ")
    expect(card.get_by_role("button", name="pause")).to_be_visible()
    expect(figure(card, "right")).to_have_text("200/200", timeout=10_000)
    press(card, " ")
    expect(card.get_by_role("button", name="train")).to_be_visible()
    reached = steps(card)
    assert surface.evaluate("c => c.toDataURL()") != before
    assert value(figure(card, "loss").inner_text()) == pytest.approx(
        loss_after(widget, reached), rel=2e-3
    )
    expect(card.locator(".np-points .wrong")).to_have_count(0)
    expect(card.locator("[aria-live=polite]")).to_contain_text(
        f"after {reached} steps.", timeout=3000
    )
    # The curve knows linear and log; the state goes along in a link.
    linear = card.locator(".np-curve .cv-chart-line").get_attribute("d")
    card.get_by_text("log", exact=True).click()
    expect(card.locator(".np-curve .cv-chart-line")).not_to_have_attribute("d", linear)
    press(card, "Home")
    expect(figure(card, "steps")).to_have_text("0")
    expect(figure(card, "epochs")).to_have_text("0")
    expect(card.locator(".np-curve .cv-chart-line")).to_have_attribute("d", "")
    card.get_by_role("button", name="One step back").click(force=True)
    expect(figure(card, "steps")).to_have_text("0")


def test_layers_are_added_widened_and_taken_away(card):
    lines = card.locator(".np-drawing g").first.locator("path")
    expect(lines).to_have_count(2 * 4 + 4 * 2)
    press(card, "ArrowRight")
    wider = card.get_by_role("button", name="One neuron more in hidden layer 1")
    wider.click()
    expect(lines).to_have_count(2 * 5 + 5 * 2)
    expect(figure(card, "steps")).to_have_text("0")
    expect(wider).to_be_focused()
    for _ in range(5):
        wider.click(force=True)
    expect(lines).to_have_count(2 * 8 + 8 * 2)
    expect(wider).to_have_attribute("aria-disabled", "true")
    more = card.get_by_role("button", name="Add a hidden layer")
    for _ in range(5):
        more.click(force=True)
    expect(card.locator(".np-layers")).to_contain_text("4 hidden layers")
    expect(more).to_have_attribute("aria-disabled", "true")
    count = NetworkPlayground(hidden=[8] * 4).network().count_params()
    expect(card.locator(".cv-formula")).to_contain_text(f"= {count} parameters")
    fewer = card.get_by_role("button", name="Take the last hidden layer out")
    for _ in range(5):
        fewer.click(force=True)
    expect(card.locator(".np-layers")).to_contain_text("0 hidden layers")
    expect(lines).to_have_count(4)
    expect(card.locator(".cv-formula")).to_contain_text("a⁽¹⁾ = softmax(W⁽¹⁾·x + b⁽¹⁾)")
    press(card, "ArrowRight")
    expect(figure(card, "steps")).to_have_text("1")


def test_presets_settings_and_a_training_that_diverges(card):
    comment = card.locator(".np-comment")
    expect(comment).to_have_text(PRESETS["xor"]["comment"])
    choose(card, "experiment", PRESETS["rate_too_large"]["title"])
    expect(comment).to_have_text(PRESETS["rate_too_large"]["comment"])
    expect(field(card, "data")).to_have_value("curve")
    expect(field(card, "learning rate")).to_have_value("1")
    expect(card.locator(".np-surface circle[data-label=none]")).to_have_count(50)
    choose(card, "speed", "full speed")
    card.get_by_role("button", name="train").click()
    expect(card.locator(".np-message")).to_contain_text("training has diverged", timeout=8000)
    expect(figure(card, "loss")).to_have_text(re.compile("∞|NaN"))
    stopped = steps(card)
    card.get_by_role("button", name="train").click(force=True)
    press(card, "ArrowRight")
    assert steps(card) == stopped
    # A smaller rate, from the start.
    choose(card, "learning rate", "0.1")
    expect(card.locator(".cv-note")).to_contain_text("the learning rate is 0.1")
    press(card, "Home", "ArrowRight")
    expect(card.locator(".np-message")).to_be_hidden()
    expect(figure(card, "steps")).to_have_text("1")
    expect(field(card, "experiment")).to_have_value("your own")
    # The curve leaves only one loss; points bring the other one back.
    expect(field(card, "loss").locator("option[value=categorical_crossentropy]")).to_be_disabled()
    choose(card, "data", "moons")
    expect(field(card, "loss")).to_have_value("categorical_crossentropy")
    expect(card.locator(".np-surface rect[data-label='1']")).to_have_count(100)
    expect(card.locator(".np-surface circle[data-label='0']")).to_have_count(100)
    choose(card, "data", "curve")
    expect(card.locator(".cv-note")).to_contain_text("one linear output")
    expect(figure(card, "right")).to_be_hidden()
    choose(card, "activation", "relu")
    choose(card, "optimiser", "adam")
    expect(card.locator(".np-head").nth(1)).to_contain_text("relu")
    expect(card.locator(".cv-formula")).to_contain_text("√s + 10⁻⁷")


def test_the_learning_rate_changes_under_way_the_rest_starts_anew(card):
    press(card, "ArrowRight", "ArrowRight")
    choose(card, "learning rate", "0.03")
    expect(card.locator(".cv-note")).to_contain_text("From step 2 on, the learning rate is 0.03")
    expect(figure(card, "steps")).to_have_text("2")
    press(card, "ArrowLeft")
    expect(card.locator(".cv-note")).to_contain_text("cannot be repeated")
    card.get_by_role("button", name="next").click()
    expect(field(card, "seed")).to_have_value("2")
    expect(figure(card, "steps")).to_have_text("0")
    size = field(card, "batch size")
    size.fill("500")
    expect(card.locator(".cv-note")).to_contain_text(
        "500 does not work as batch size: use a whole number from 1 to 200"
    )
    expect(size).to_have_attribute("aria-invalid", "true")
    expect(card.locator(".cv-formula")).to_contain_text("over 32 samples")
    size.fill("200")
    expect(card.locator(".cv-note")).to_be_hidden()
    expect(card.locator(".cv-formula")).to_contain_text("over all 200 samples")
    press(card, "ArrowRight")
    expect(figure(card, "epochs")).to_have_text("1")


def test_one_sample_and_one_neuron_by_mouse_and_keyboard(card):
    inspector = card.locator(".np-inspector")
    expect(inspector).to_be_hidden()
    surface = card.locator(".np-surface")
    box = surface.bounding_box()
    widget = NetworkPlayground()
    x, y = widget.points
    sample = 17
    share = (x[sample - 1] + 0.5) / 2  # the picture shows −0.5 to 1.5
    surface.click(position={"x": share[0] * box["width"], "y": (1 - share[1]) * box["height"]})
    chosen = int(field(card, "sample").input_value())
    # Others may lie as near as a pixel: the one chosen is at most so far away.
    assert np.hypot(*(x[chosen - 1] - x[sample - 1])) < 0.02
    expect(inspector).to_contain_text(f"class {y[chosen - 1].argmax()}")
    expect(inspector).to_contain_text("Output neuron for class 0")
    expect(card.locator(".np-ring")).to_be_visible()
    # By keyboard to the second neuron of the hidden layer, and into it.
    neuron(card, 2, 1).focus()
    card.page.keyboard.press("ArrowLeft")
    card.page.keyboard.press("ArrowDown")
    expect(neuron(card, 1, 2)).to_be_focused()
    weights = widget.network().layers[0].kernel
    labels = card.locator(".np-labels text")
    expect(labels).to_have_count(2)
    shown = [value(text) for text in labels.all_text_contents()]
    assert shown == pytest.approx(weights[:, 1], rel=0.06)
    heard = neuron(card, 1, 2).get_attribute("aria-label")
    assert heard.startswith("Neuron 2 of hidden layer 1: weights ")
    assert f"{abs(weights[0, 1]):.3f}"[:-1] in heard and heard.endswith("bias 0.")
    card.page.keyboard.press("Enter")
    expect(neuron(card, 1, 2)).to_have_attribute("aria-pressed", "true")
    expect(inspector).to_contain_text("Neuron 2 of hidden layer 1")
    field(card, "sample").fill("3")
    expect(inspector).to_contain_text("Sample 3")
    z = x[2] @ weights[:, 1]
    line = inspector.locator(".np-lines div").first.inner_text()
    assert check_line(line) == pytest.approx(z, rel=1e-3)
    # All neurons at once, and what a step changes.
    inspector.locator("summary").click()
    rows = inspector.locator("tbody tr")
    expect(rows).to_have_count(6)
    assert value(rows.nth(1).locator("td").first.inner_text()) == pytest.approx(z, rel=1e-3)
    press(card, "ArrowRight")
    trained = widget.network(1)
    now = x[2] @ trained.layers[0].kernel[:, 1] + trained.layers[0].bias[1]
    expect(inspector.locator(".np-lines div").first).not_to_have_text(line)
    assert check_line(inspector.locator(".np-lines div").first.inner_text()) == pytest.approx(
        now, rel=2e-3
    )
    assert value(neuron(card, 1, 2).locator(".np-value").inner_text()) == pytest.approx(
        math.tanh(now), abs=0.006
    )
    field(card, "sample").fill("999")
    expect(card.locator(".cv-note")).to_contain_text("999 does not work as sample")
    expect(inspector).to_contain_text("Sample 3")
    card.get_by_role("button", name="Stop looking into a sample").click()
    expect(inspector).to_be_hidden()
    expect(card.locator(".np-ring")).to_be_hidden()


def middle_of_line(card, index):
    """Return where the middle of a weight's line is on the screen."""
    return (
        card.locator(".np-drawing path")
        .nth(index)
        .evaluate(
            """(path) => {
            const { x, y } = path.getPointAtLength(path.getTotalLength() / 2);
            const box = path.ownerSVGElement.getBoundingClientRect();
            return [box.left + x, box.top + y];
        }"""
        )
    )


def test_weights_and_biases_on_hover_and_tap(show):
    page = show(NetworkPlayground(), width=390, height=1600, has_touch=True, is_mobile=True)
    card = page.locator(".cv")
    kernel, bias = NetworkPlayground().network(1).get_weights()[:2]
    page.get_by_role("button", name="One step (right arrow)").tap()
    card.locator(".cv-tabs").get_by_text("network").tap()
    readout = card.locator(".np-readout")
    touch(page, middle_of_line(card, 0))  # from x₁ to the first neuron
    expect(readout).to_contain_text("Weight from the input x₁ to neuron 1 of hidden layer 1")
    assert value(readout.inner_text().split(": ")[1].rstrip(".")) == pytest.approx(
        kernel[0, 0], rel=1e-3
    )
    corner = card.locator(".np-drawing circle").nth(1).bounding_box()
    page.mouse.move(corner["x"] + corner["width"] / 2, corner["y"] + corner["height"] / 2)
    expect(readout).to_contain_text("Bias of neuron 2 of hidden layer 1")
    assert value(readout.inner_text().split(": ")[1].rstrip(".")) == pytest.approx(
        bias[1], rel=1e-3
    )
    box = neuron(card, 1, 3).bounding_box()
    page.mouse.move(box["x"] + box["width"] / 2, box["y"] + box["height"] / 2)
    expect(readout).to_contain_text("Neuron 3 of hidden layer 1: weights")
    expect(card.locator(".np-labels text")).to_have_count(2)
    page.mouse.move(*middle_of_line(card, 3))
    expect(card.locator(".np-labels text")).to_have_count(1)
    width = card.locator(".np-drawing path").evaluate_all(
        "all => all.slice(0, 8).map((path) => Number(path.dataset.width))"
    )
    order = np.argsort(np.abs(kernel.ravel()))
    assert list(np.array(width)[order]) == sorted(width), "larger weights are wider"
    signs = card.locator(".np-drawing path").evaluate_all("all => all.map((p) => p.dataset.sign)")
    assert signs[:8] == ["neg" if weight < 0 else "pos" for weight in kernel.ravel()]
    page.mouse.move(5, 5)
    expect(readout).to_contain_text("Weight from the input x₁")  # what was tapped stays
    neuron(card, 1, 4).tap()
    page.mouse.move(5, 5)
    expect(readout).to_contain_text("Neuron 4 of hidden layer 1: weights")
    expect(card.locator(".np-inspector")).to_contain_text("Neuron 4 of hidden layer 1. Sample 1")
    # Play and the surface are on the screen together.
    card.locator(".cv-tabs").get_by_text("output").tap()
    page.set_viewport_size({"width": 390, "height": 700})
    page.evaluate("document.querySelector('.np-surface').scrollIntoView({ block: 'start' })")
    assert page.get_by_role("button", name="train").bounding_box()["y"] < 700


def test_predict_first(show):
    page = show(NetworkPlayground(preset="linear", answer="hidden"), NetworkPlayground())
    card, other = page.locator(".cv").all()
    question = card.locator(".np-question")
    expect(question).to_contain_text("How many points will be right after 1000 steps?")
    expect(card.locator(".np-presets")).to_be_hidden()  # its title says it
    card.get_by_role("button", name="train").click()
    press(card, "ArrowRight")
    expect(card.locator(".cv-note")).to_contain_text("First say what you expect")
    expect(figure(card, "steps")).to_have_text("0")
    choose(card, "speed", "full speed")
    card.get_by_role("button", name="every point").click()
    expect(question).to_contain_text("you said “every point”", timeout=10_000)
    expect(figure(card, "steps")).to_have_text("1 000")
    right = figure(card, "right").inner_text().split("/")[0]
    (end,) = [NetworkPlayground(preset="linear").network(1000)]
    x, y = NetworkPlayground(preset="linear").points
    assert int(right) == (end.predict(x).argmax(1) == y.argmax(1)).sum()
    expect(question).to_contain_text(f"After 1 000 steps {right} of 200 points are right")
    expect(card.locator(".np-presets")).to_be_visible()
    press(card, "ArrowRight")
    expect(figure(card, "steps")).to_have_text("1 001")
    # Another experiment asks again; this time the reader is right.
    choose(card, "activation", "tanh")
    expect(question).to_contain_text("How many points")
    card.get_by_role("button", name="every point").click()
    expect(question).to_contain_text("as you said", timeout=10_000)
    choose(card, "data", "curve")
    expect(question).to_contain_text("How closely will it follow the curve")
    card.get_by_role("button", name="show", exact=True).click()
    expect(question).to_be_hidden()
    press(card, "ArrowRight")
    expect(figure(card, "steps")).to_have_text("1")
    # The other copy never asked, and never moved.
    expect(other.locator(".np-question")).to_be_hidden()
    expect(figure(other, "steps")).to_have_text("0")
    field(other, "predict first").check()
    expect(other.locator(".np-question")).to_be_visible()


def test_addresses_and_links(show):
    query = (
        "?widget=networkplayground-2&data=moons&hidden=3,2&activation=relu&optimizer=momentum"
        "&learning_rate=0.05&batch_size=16&seed=9&noise=0.2&initializer=he_uniform&scale=log"
        "&sample=4&neuron=2,1&hide=presets,seed"
    )
    page = show(NetworkPlayground(), NetworkPlayground(), query=query)
    first, second = page.locator(".cv").all()
    expect(field(first, "data")).to_have_value("xor")
    widget = NetworkPlayground(
        data="moons", hidden=[3, 2], activation="relu", optimizer="momentum", learning_rate=0.05,
        batch_size=16, seed=9, noise=0.2, initializer="he_uniform",
    )  # fmt: skip
    press(second, "ArrowRight", "ArrowRight")
    assert value(figure(second, "loss").inner_text()) == pytest.approx(
        loss_after(widget, 2), rel=1e-3
    )
    expect(second.locator(".np-inspector")).to_contain_text("Neuron 1 of hidden layer 2. Sample 4")
    expect(second.locator("[data-part=seed]")).to_be_hidden()
    expect(second.locator(".np-presets")).to_be_hidden()
    expect(first.locator(".np-presets")).to_be_visible()
    second.get_by_role("button", name="Link to this state").click()
    address = second.get_by_label("Address of this state").input_value()
    state = parse_qs(urlparse(address).query)
    assert state["hidden"] == ["3,2"]
    assert state["learning_rate"] == ["0.05"]
    assert "steps" not in state and "parameters" not in state
    first.get_by_role("button", name="Take the last hidden layer out").click()
    first.get_by_role("button", name="Link to this state").click()
    without = first.get_by_label("Address of this state").input_value()
    page.goto(without)
    expect(page.locator(".np-layers").first).to_contain_text("0 hidden layers")
    page.goto(address)
    second = page.locator(".cv").nth(1)
    expect(figure(second, "steps")).to_have_text("0")
    expect(field(second, "noise")).to_have_value("0.2")
    expect(field(second, "seed")).to_be_hidden()


@pytest.mark.parametrize(
    ("query", "sentence"),
    [
        ("preset=dead_relu", ""),
        ("hidden=9", "A hidden layer of 9 neurons does not work"),
        ("data=curve", "Cross-entropy compares probabilities"),
    ],
)
def test_addresses_typed_by_hand(show, query, sentence):
    page = show(NetworkPlayground(), query=f"?widget=networkplayground&{query}")
    card = page.locator(".cv")
    if sentence:
        expect(card.locator(".cv-note")).to_contain_text(sentence)
        expect(field(card, "experiment")).to_have_value(PRESETS["xor"]["title"])
        press(card, "ArrowRight")
        expect(figure(card, "steps")).to_have_text("1")
    else:
        expect(card.locator(".np-comment")).to_have_text(PRESETS["dead_relu"]["comment"])
        expect(field(card, "activation")).to_have_value("relu")
    if "curve" in query:
        card.get_by_role("button", name="use mean_squared_error").click()
        expect(card.locator(".np-surface circle[data-label=none]")).to_have_count(50)


def test_without_the_diagram_the_surface_stays(show):
    page = show(NetworkPlayground(hide=list(NetworkPlayground.parts), sample=1))
    expect(page.locator(".np-diagram")).to_be_hidden()
    expect(page.locator(".np-surface")).to_be_visible()


def test_presenting_makes_it_larger(card):
    small = card.locator(".np-surface").bounding_box()["width"]
    card.get_by_role("button", name="Present full screen").click()
    expect(card).to_have_class(re.compile("cv-presenting"))
    expect(card.locator(".np-neuron").first).to_be_visible()
    assert card.locator(".np-surface").bounding_box()["width"] > 1.15 * small


# A model that keeps what is saved, and when; the widget comes and goes.
ALONE = """async (state) => {
    const widget = await makeLinker(WIDGETS.sources)("network_playground/widget.mjs");
    const el = document.createElement("div");
    document.querySelector(".cv-widget").before(el);
    globalThis.saves = [];
    const listeners = {};
    globalThis.model = {
        get: (name) => state[name],
        set(name, value) { state[name] = value; listeners[`change:${name}`]?.(); },
        on: (event, listener) => (listeners[event] = listener),
        off: (event) => delete listeners[event],
        save_changes() {
            const { steps, loss_value, parameters } = state;
            saves.push({ at: performance.now(), steps, loss_value, parameters });
        },
    };
    globalThis.dispose = widget.default.render({ model, el });
}"""


def test_python_hears_how_far_training_is(show):
    widget = NetworkPlayground(data="moons", optimizer="adam", learning_rate=0.01)
    page = show(NetworkPlayground())
    page.evaluate(ALONE, widget.state())
    card = page.locator(".cv").first
    card.get_by_role("button", name="train").click()
    page.wait_for_function("saves.length >= 3", timeout=15_000)
    card.get_by_role("button", name="pause").click()
    saves = page.evaluate("saves")
    *under_way, last = saves
    gaps = np.diff([save["at"] for save in under_way])
    assert (gaps > 450).all(), "while training, about twice a second"
    assert all(save["parameters"] == [] for save in under_way)
    assert last["steps"] == steps(card)
    network = widget.network(last["steps"])
    expected = np.concatenate([array.ravel() for array in network.parameters])
    assert last["parameters"] == pytest.approx(expected, rel=1e-6, abs=1e-6)
    assert last["loss_value"] == pytest.approx(network.evaluate(*widget.points), rel=1e-6)
    # Python takes another setting: all begins anew, and Python hears it.
    page.evaluate("model.set('seed', 4)")
    expect(figure(card, "steps")).to_have_text("0")
    assert page.evaluate("saves.at(-1).steps") == 0
    # What is gone does nothing.
    card.get_by_role("button", name="train").click()
    page.wait_for_function("saves.at(-1).steps > 0", timeout=5000)
    page.evaluate("dispose()")
    count = page.evaluate("saves.length")
    page.evaluate(
        "(() => { const now = performance.now() + 1000; performance.now = () => now; })()"
    )
    frames(page, 5)  # the next save would have been due
    assert page.evaluate("saves.length") == count


def test_nothing_happens_out_of_sight(show):
    page = show(NetworkPlayground(), NetworkPlayground(), NetworkPlayground(), height=500)
    first, _, third = page.locator(".cv").all()
    choose(first, "speed", "full speed")
    first.get_by_role("button", name="train").click()
    expect(figure(first, "steps")).not_to_have_text("0")
    third.locator(".cv-settings").scroll_into_view_if_needed()
    frames(page, 5)  # by then it is known what is in sight
    reached = steps(first)
    frames(page, 30)
    assert steps(first) == reached


def test_colours_follow_the_theme(card):
    surface = card.locator(".np-surface canvas")
    light = surface.evaluate("c => c.toDataURL()")
    card.page.emulate_media(color_scheme="dark")
    card.page.wait_for_function(
        "light => document.querySelector('.np-surface canvas').toDataURL() !== light", arg=light
    )


@pytest.mark.parametrize("state", [{**DEEP, "sample": 3, "neuron": [2, 1]}, {"answer": "hidden"}])
def test_the_smallest_screen_and_axe(show, state):
    page = show(NetworkPlayground(**state), width=320, height=700, color_scheme="dark")
    unfold(page)
    assert page.evaluate("document.documentElement.scrollWidth") <= 320
    assert page.locator(".cv-stage").evaluate("e => e.scrollWidth <= e.clientWidth")
    for control in page.locator(".cv :is(button, select, input, canvas):visible").all():
        box = control.bounding_box()
        assert box["x"] >= 0
        assert box["x"] + box["width"] <= 320.5
    assert violations(page) == []


def violations(page):
    settle(page.locator("main"))
    page.mouse.move(0, 0)
    return barriers(page)


def test_a_theme_that_indents_lists_does_not_push_numbers_out_of_the_card(show):
    page = show(NetworkPlayground(hidden=[2], seed=6), width=750)
    page.add_style_tag(content="dl[class]:not(.simple, .option-list) dd { margin-left: 2rem }")
    expect(figure(page, "right")).to_have_text(re.compile(r"^\d{3}/200$"))
    assert page.locator(".np-figures").evaluate("e => e.scrollWidth <= e.clientWidth")


def test_axe_finds_nothing_on_a_desktop(show):
    page = show(
        NetworkPlayground(sample=2, neuron=[1, 1]), NetworkPlayground(data="curve", title="A line")
    )
    page.locator(".np-inspector summary").first.click()
    page.get_by_role("button", name="Link to this state").first.click()
    assert violations(page) == []
