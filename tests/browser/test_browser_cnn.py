"""BrowserCNN, driven as readers drive it, and its numbers held to Python's."""

import re
from pathlib import Path

import numpy as np
import pytest
from barriers import barriers
from hands import predict, press
from playwright.sync_api import expect
from sklearn.metrics import confusion_matrix

from helpers.datasets import load_digits
from helpers.layers import Dense, Flatten, Input
from helpers.network import Sequential
from helpers.optimizers import Adam
from helpers.widgets import BrowserCNN
from helpers.widgets.draws import draw_kernels, page_random
from helpers.widgets.resources import resource_bytes
from helpers.widgets.resources.digits import as_ink

ACCOUNT = Path(__file__).with_name("account.js")
MODULES = [
    *(f"browser_cnn/{name}.mjs" for name in ["experiment", "question", "state"]),
    *(f"arithmetic/{name}.mjs" for name in ["digit_network", "digits"]),
]

# Some steps of the widget's own training, what it makes of the held-out digits, and some cells.
RUN = """([bytes, state, steps, digit, cells]) => {
    const digits = m.readDigits(Uint8Array.from(bytes));
    const view = m.compute(state);
    const page = { element: document.body, report() {}, stepsPerSecond: Infinity };
    const { main, dispose } = m.createExperiment(digits, state, view, page);
    main.trainer.step(steps);
    main.beginMeasuring();
    for (const measurement of main.measurements) while (measurement.step());
    main.endMeasuring();
    dispose();
    const { predictions } = main.frames[0];
    const sample = digits.test.inputs.subarray(64 * digit, 64 * digit + 64);
    const outputs = [...main.network.forward(sample).slice(0, 10)];
    return {
        parameters: [...main.network.parameters], reached: main.history[0], outputs,
        predictions: [...predictions], confusion: m.confusion(digits.test.labels, predictions),
        dense: view.dense.units, shown: view.shown,
        cells: cells.map(([layer, ...cell]) => m.traceCell(
            main.network, sample, view.shown[layer - 1], cell)),
    };
}"""

_, (X_TEST, Y_TEST) = load_digits()
X_TEST = as_ink(X_TEST)[..., None]


@pytest.fixture
def open_card(show):
    def open_one(query="", width=1280, **state):
        options = {name: state.pop(name) for name in ("has_touch", "height") if name in state}
        page = show(BrowserCNN(**state), query=query, width=width, **options)
        if not state.get("frames"):
            page.locator("[data-learning]").wait_for()
        return page.locator(".cv")

    return open_one


@pytest.fixture(scope="module")
def run(browser, link_modules):
    page = browser.new_page()
    page.set_content("<!doctype html><title>BrowserCNN</title>")
    link_modules(page, *MODULES)

    def train(widget, steps, digit=0, cells=()):
        arguments = [list(resource_bytes("digits")), widget.state(), steps, digit, list(cells)]
        return page.evaluate(RUN, arguments)

    yield train
    page.close()


def progress(card):
    return card.locator(".bc-progress")


def train(card, epochs):
    card.get_by_role("button", name="train", exact=True).click()
    expect(progress(card)).to_contain_text(f"After {epochs} epoch", timeout=60_000)


STATES = [
    {"preset": "two_layers"},
    {"filters": [3], "kernels": [5], "pooling": "average", "hidden": 7, "activation": "tanh"},
    {"filters": [2, 3, 4], "kernels": [1, 3, 5], "optimizer": "momentum", "batch_size": 100},
    {"filters": [4], "kernels": [3], "pooling": "none", "activation": "sigmoid", "seed": 9},
    {"filters": [5, 2], "optimizer": "rmsprop", "learning_rate": 0.003, "batch_size": 360},
]


def pre_activations(network, x):
    """Return each layer's outputs for one digit, flatten left out."""
    shown = []
    outputs = x
    for layer in network.layers:
        outputs = layer.forward(outputs)
        if type(layer).__name__ not in ("Flatten", "InputLayer", "Input"):
            shown.append(outputs)
    return shown


@pytest.mark.parametrize("state", STATES)
def test_training_measuring_and_every_cell_are_those_of_python(run, state):
    widget = BrowserCNN(**state)
    steps = 20
    network = widget.train(steps)
    digit = 7
    maps = pre_activations(network, X_TEST[digit : digit + 1])
    rng = np.random.default_rng(3)
    cells = []
    for layer, outputs in enumerate(maps, 1):
        rows, cols, channels = outputs.shape[1:] if outputs.ndim == 4 else (1, 1, outputs.shape[1])
        for _ in range(4):
            cells.append([layer, *(int(rng.integers(n)) for n in (channels, rows, cols))])
    found = run(widget, steps, digit, cells)

    expected = np.concatenate([weights.ravel() for weights in network.get_weights()])
    assert found["parameters"] == pytest.approx(expected, abs=1e-7)
    loss, accuracy = network.evaluate(X_TEST, np.eye(10)[Y_TEST])
    assert found["reached"]["val_loss"] == pytest.approx(loss, rel=1e-6)
    assert found["reached"]["val_accuracy"] == pytest.approx(accuracy)
    assert found["outputs"] == pytest.approx(network.predict(X_TEST[[digit]])[0], abs=1e-7)
    assert found["confusion"] == confusion_matrix(Y_TEST, found["predictions"]).tolist()

    for (layer, channel, row, col), trace in zip(cells, found["cells"], strict=True):
        outputs = maps[layer - 1][0]
        value = outputs[row, col, channel] if outputs.ndim == 3 else outputs[channel]
        assert trace["a"] == pytest.approx(value, abs=1e-7)
        products = [t["x"] * t["w"] for group in trace["groups"] for t in group["terms"]]
        if trace["kind"] == "pool":
            summary = max if widget.pooling == "max" else np.mean
            assert summary(products) == pytest.approx(value, abs=1e-7)
        else:
            assert sum(products) + trace["bias"] == pytest.approx(trace["z"], abs=1e-9)
            z = trace["z"]
            if trace["activation"] == "softmax":
                scores = np.exp(trace["scores"])
                assert value == pytest.approx(np.exp(z) / scores.sum(), abs=1e-7)
            else:
                rule = {"relu": max(z, 0), "tanh": np.tanh(z), "sigmoid": 1 / (1 + np.exp(-z))}
                assert value == pytest.approx(rule[trace["activation"]], abs=1e-7)


@pytest.mark.parametrize("state", STATES)
def test_the_dense_network_has_as_many_parameters(run, state):
    widget = BrowserCNN(**state)
    units = run(widget, 1)["dense"]

    def count(units):
        return abs((64 + 1) * units + (units + 1) * 10 - widget.network().count_params())

    assert count(units) <= min(count(units + 1), count(units - 1) if units > 1 else np.inf)


def test_the_presets_do_what_they_say(run):
    def held(name, steps):
        found = run(BrowserCNN(preset=name), steps, 0, [[4, map, 0, 1] for map in range(16)])
        return found["reached"], [cell["a"] for cell in found["cells"]]

    two, maps = held("two_layers", 2 * 45)
    assert two["val_accuracy"] > 0.9 and any(maps)
    assert held("sigmoid", 2 * 45)[0]["val_accuracy"] < 0.5
    lost, maps = held("too_fast", 2 * 45)
    assert lost["val_accuracy"] < 0.2 and not any(maps)
    assert lost["loss"] == pytest.approx(np.log(10), abs=0.1)


def test_a_dense_network_is_ahead_at_first_and_not_for_long(run):
    def dense(epochs):
        layers = [Flatten(), Dense(25, "relu"), Dense(10, "softmax")]
        network = Sequential([Input((8, 8, 1)), *layers])
        network.compile(Adam(0.01), "categorical_crossentropy", metrics=["accuracy"])
        draw_kernels(network, "glorot_uniform", page_random(1))
        (x, y), _ = load_digits()
        network.fit(as_ink(x)[..., None], np.eye(10)[y], epochs=epochs, verbose=0, seed=1)
        return network.evaluate(X_TEST, np.eye(10)[Y_TEST])[1]

    widget = BrowserCNN(preset="against_dense")
    assert dense(1) > run(widget, 45)["reached"]["val_accuracy"]
    assert dense(10) <= run(widget, 450)["reached"]["val_accuracy"]


def test_it_reads_nine_of_ten_digits_after_a_few_epochs(open_card):
    card = open_card(epochs=3)
    expect(progress(card)).to_contain_text("Epoch 0 of 3: reads")
    train(card, 3)
    share = float(re.search(r"reads (\S+)", progress(card).text_content())[1])
    assert share >= 90
    missed = card.locator(".bc-missed").all_text_contents()
    right = card.locator(".bc-right").all_text_contents()
    assert sum(map(int, right)) + sum(map(int, missed)) == len(Y_TEST)
    assert sum(map(int, right)) == pytest.approx(share / 100 * len(Y_TEST), abs=0.6)
    expect(card.locator(".bc-more")).to_contain_text(f"Misread: {sum(map(int, missed))} of 360")
    expect(card.get_by_role("button", name="train", exact=True)).to_have_attribute(
        "aria-disabled", "true"
    )


def test_epochs_can_be_gone_through_and_training_goes_on(open_card):
    card = open_card(preset="one_layer", epochs=5)
    press(card, "ArrowRight")
    expect(progress(card)).to_contain_text("Epoch 1 of 5", timeout=30_000)
    now = progress(card).text_content()
    press(card, "ArrowLeft")
    expect(progress(card)).to_contain_text("Looking back at epoch 0 of 1")
    press(card, "ArrowRight")
    expect(progress(card)).to_have_text(now)
    press(card, "ArrowRight")
    expect(progress(card)).to_contain_text("Epoch 2 of 5", timeout=30_000)
    slider = card.get_by_role("slider", name="epoch on show")
    expect(slider).to_have_attribute("max", "2")
    slider.evaluate("e => { e.value = 1; e.dispatchEvent(new Event('input')); }")
    expect(slider).to_have_attribute("aria-valuetext", "epoch 1")
    press(card, "Home")
    expect(progress(card)).to_contain_text("Epoch 0 of 5", timeout=30_000)


def test_a_click_and_the_fields_open_a_cell(open_card):
    card = open_card(preset="one_layer")
    canvas = card.locator(".bc-pick").first
    box = canvas.bounding_box()
    pitch = (box["width"] + 4) / 4
    canvas.click(position={"x": 2 * pitch + 3.5 * 7, "y": 4.5 * 7})
    expect(card.locator(".bc-where")).to_have_text("conv 1, map 2 of 4, cell (4, 3):")
    widget = BrowserCNN(preset="one_layer")
    network = widget.network()
    value = pre_activations(network, X_TEST[:1])[0][0, 4, 3, 2]
    lines = card.locator(".bc-lines")
    expect(lines).to_contain_text("a = relu(z) = max(0, z) = ")
    shown = lines.locator("div").last.text_content().split("= ")[-1]
    assert float(shown) == pytest.approx(value, abs=5e-3)
    card.get_by_role("combobox", name="layer of the cell").select_option("output")
    card.get_by_label("unit", exact=True).fill("6")
    expect(card.locator(".bc-where")).to_have_text("output, unit 6:")
    share = network.predict(X_TEST[:1])[0][6]
    shown = lines.locator("div").last.text_content().split("= ")[-1]
    assert float(shown) == pytest.approx(share, abs=5e-3)
    card.get_by_label("unit", exact=True).fill("10")
    expect(card.locator(".cv-note:visible")).to_contain_text("10 does not work as map: use 0 to 9")


def test_a_dense_network_learns_beside_it(open_card):
    card = open_card(filters=[4], kernels=[3], epochs=1)
    card.get_by_label("compare with a dense network").check()
    train(card, 1)
    expect(progress(card)).to_contain_text("The dense network with 685 parameters: ")
    accuracy = card.get_by_role("img", name="accuracy by epochs")
    expect(accuracy).to_have_attribute("aria-label", re.compile("dense, held-out"))
    assert len(card.locator("path.bc-held.bc-dense").first.get_attribute("d")) > 8


def test_a_misread_digit_is_put_on_show(open_card):
    card = open_card(preset="one_layer")
    expect(card.locator(".bc-misread button")).to_have_count(18)
    first = card.locator(".bc-misread button").nth(2)
    number, truth = re.match(r"digit (\d+), a (\d)", first.get_attribute("aria-label")).groups()
    assert Y_TEST[int(number)] == int(truth)
    first.click()
    expect(card.locator(".bc-chooser")).to_contain_text(f"held-out digit {number}: a {truth}")
    expect(first).to_have_attribute("aria-pressed", "true")
    card.get_by_role("button", name="The next digit").click()
    expect(card.locator(".bc-chooser")).to_contain_text(f"held-out digit {int(number) + 1}: a")


def test_a_change_of_the_settings_begins_anew(open_card):
    card = open_card(preset="one_layer", epochs=1)
    train(card, 1)
    card.locator("summary").click()
    card.get_by_role("button", name="add a layer").click()
    expect(progress(card)).to_contain_text("Epoch 0 of 1", timeout=30_000)
    expect(card.locator(".cv-formula")).to_contain_text("conv 2 296")
    expect(card.get_by_role("combobox", name="experiment")).to_have_value("your own")
    card.get_by_role("combobox", name="experiment").select_option("sigmoid in place of ReLU")
    expect(card.get_by_role("combobox", name="activation")).to_have_value("sigmoid")


def test_too_large_a_rate_is_survived(open_card):
    card = open_card(filters=[2], kernels=[3], optimizer="sgd", learning_rate=100, epochs=1)
    card.get_by_role("button", name="train", exact=True).click()
    expect(progress(card)).to_contain_text(re.compile("After 1 epoch|diverged"), timeout=30_000)


def test_predict_first(open_card):
    card = open_card(answer="hidden", epochs=2)
    expect(card.locator(".cv-formula")).not_to_be_visible()
    question = card.locator(".bc-question")
    press(card, "ArrowRight")
    expect(card.locator(".cv-note:visible")).to_contain_text("First say what you expect")
    expect(predict(question, "0")).to_contain_text("You took the kernel off")
    expect(predict(question, "4")).to_contain_text("You counted one pool")
    expect(predict(question, "2")).to_contain_text("Right: 2 rows and columns")
    question.get_by_role("button", name="next", exact=True).click()
    expect(predict(question, "1864")).to_contain_text("You left out the biases")
    expect(predict(question, "890")).to_contain_text(
        "A kernel of a later layer has a slice for each"
    )
    expect(predict(question, "1 898")).to_contain_text("Right: 1")
    question.get_by_role("button", name="next", exact=True).click()
    expect(predict(question, "80 %")).to_contain_text("Noted: 80 %")
    expect(card.locator(".cv-formula")).to_be_visible()
    train(card, 2)
    expect(question).to_contain_text("You expected 80 % after 2 epochs: it is")


def test_the_value_of_a_cell_can_be_predicted(open_card):
    settings = {"filters": [4], "kernels": [3], "pooling": "none"}
    network = BrowserCNN(**settings).network()
    outputs = pre_activations(network, X_TEST[:1])[0][0]
    kernels = network.get_weights()[0][:, :, 0]

    def turned(row, col, kernel):
        window = X_TEST[0, row - 1 : row + 2, col - 1 : col + 2, 0]
        return max(0, (window * kernels[::-1, ::-1, kernel]).sum())

    row, col, kernel = next(
        (row, col, kernel)
        for row in range(1, 7) for col in range(1, 7) for kernel in range(4)
        if outputs[row, col, kernel] > 0.1
        and turned(row, col, kernel) > 0.1
        and abs(turned(row, col, kernel) - outputs[row, col, kernel]) > 0.15
    )  # fmt: skip
    value = outputs[row, col, kernel]
    card = open_card(answer="hidden", cell=[1, kernel, row, col], **settings)
    say = card.locator(".cv-say")
    expect(say.locator(".bc-lines")).to_contain_text("a = relu(z) = max(0, z) = ?")
    field = say.get_by_label("Your value of the cell")
    for guess, words in [
        (turned(row, col, kernel), "You turned the kernel by 180°"),
        (value, f"Right: {value:.3g}"),
    ]:
        field.fill(f"{guess:.3f}")
        field.press("Enter")
        expect(say.locator(".cv-verdict")).to_contain_text(words)
    expect(say.locator(".bc-lines")).not_to_contain_text("?")


def test_a_recorded_training_can_be_scrubbed(open_card):
    weights = np.linspace(-1, 1, 3 * 3 * 1 * 4).reshape(3, 3, 1, 4)
    frames = [
        {"epoch": 2 * i, "loss": 2 / (i + 1), "val_accuracy": i / 4, "weights": weights * i}
        for i in range(4)
    ]
    card = open_card(frames=frames)
    expect(progress(card)).to_have_text(
        "Recorded in Python, epoch 6 of 6: held-out accuracy 75 %, loss 0.5."
    )
    expect(card.locator(".bc-caption")).to_contain_text("4 kernels of 3 × 3, after epoch 6")
    expect(card.locator(".bc-net")).not_to_be_visible()
    newest = card.locator(".bc-recording canvas").evaluate("e => e.toDataURL()")
    press(card, "ArrowLeft")
    expect(progress(card)).to_contain_text("epoch 4 of 6: held-out accuracy 50 %")
    assert card.locator(".bc-recording canvas").evaluate("e => e.toDataURL()") != newest
    press(card, "Home")
    expect(progress(card)).to_contain_text("epoch 0 of 6")
    card.get_by_role("button", name="play", exact=True).click()
    expect(progress(card)).to_contain_text("epoch 6 of 6", timeout=10_000)
    # and the digits, which nobody needs here, did not come
    assert card.locator("[data-learning]").count() == 0


def test_a_finger_opens_a_cell_on_a_small_phone(open_card):
    card = open_card(preset="one_layer", width=320, height=700, has_touch=True)
    card.locator(".bc-pick").first.tap(position={"x": 10, "y": 10})
    expect(card.locator(".bc-lines")).to_contain_text("a = relu(z)")
    assert card.page.evaluate("document.documentElement.scrollWidth") <= 320


def test_picture_arithmetic_and_play_bar_share_a_phones_screen(open_card):
    card = open_card(cell=[1, 2, 3, 3], width=390, height=664)
    card.evaluate("e => e.scrollIntoView()")
    boxes = [card.locator(part).bounding_box() for part in (".bc-net", ".bc-lines", ".cv-play")]
    assert boxes[0]["y"] >= 0
    assert boxes[0]["y"] + boxes[0]["height"] <= boxes[1]["y"]
    assert boxes[1]["y"] + boxes[1]["height"] <= boxes[2]["y"] + 1
    assert boxes[2]["y"] + boxes[2]["height"] <= 664.5


def test_no_barriers_with_everything_open(open_card):
    card = open_card(preset="against_dense", epochs=1, cell=[1, 0, 4, 4])
    train(card, 1)
    card.locator("summary").click()
    assert barriers(card.page) == []


def test_an_answer_that_is_given_away_is_shown(open_card):
    card = open_card(answer="hidden")
    question = card.locator(".bc-question")
    question.get_by_role("button", name="show").click()
    expect(question).to_contain_text("Each map of pool 2 has 2 rows and columns.")
    question.get_by_role("button", name="next", exact=True).click()
    question.get_by_role("button", name="show").click()
    expect(question).to_contain_text("It has 1\u202f898 parameters.")


def test_what_goes_away_while_it_trains_leaves_nothing_behind(visit, workbench):
    page = visit("about:blank")
    page.add_init_script(path=ACCOUNT)
    page.goto(workbench())
    found = page.evaluate(
        """async ([state, bytes]) => {
            const { default: widget } = await makeLinker(WIDGETS.sources)("browser_cnn/widget.mjs");
            const frames = async (count) => {
                for (let i = 0; i < count; i++) await new Promise(requestAnimationFrame);
            };
            const before = account();
            const el = document.querySelector("main").appendChild(document.createElement("div"));
            const resource = async () => Uint8Array.from(bytes);
            const model = { ...makeModel(state), resource };
            const dispose = widget.render({ model, el });
            while (!el.querySelector("[data-learning]")) await frames(1);
            el.querySelector(".cv-primary").click();
            const words = () => el.querySelector(".bc-progress").textContent;
            while (!words().startsWith("Epoch 1")) await frames(1);
            dispose();
            const after = account();
            const said = words();
            await frames(5);
            return { before, after, isStill: words() === said, late: account() };
        }""",
        [BrowserCNN(preset="one_layer").state(), list(resource_bytes("digits"))],
    )
    assert found["after"] == found["before"] == found["late"]
    assert found["isStill"]
