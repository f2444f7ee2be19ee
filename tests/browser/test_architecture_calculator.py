"""ArchitectureCalculator: its arithmetic beside Python's, and the widget as readers drive it."""

import re

import numpy as np
import pytest
from hands import predict, press
from playwright.sync_api import Error, expect
from stacks import CANNOT_READ, random_stack
from traitlets import TraitError

from helpers.architecture import PRESETS, count, from_keras, preset, to_keras, to_line, totals
from helpers.architecture.kinds import complete
from helpers.widgets import ArchitectureCalculator

MODULE = "arithmetic/architecture.mjs"


@pytest.fixture
def count_in_page(call_module):
    def call(layers, shape):
        return call_module(MODULE, "count", layers, list(shape))

    return call


def plain(value):
    return [plain(part) for part in value] if isinstance(value, tuple | list) else value


def as_in_page(counted):
    return [
        {
            "number": c.number, "kind": c.kind, "shape": plain(c.shape), "weights": c.weights,
            "biases": c.biases, "moving": c.moving, "multiplyAdds": c.multiply_adds,
            "field": plain(c.field), "jump": plain(c.jump), "shortcut": c.shortcut,
        }
        for c in counted
    ]  # fmt: skip


@pytest.mark.parametrize("name", PRESETS)
def test_presets_count_as_in_python(call_module, count_in_page, name):
    layers, shape = preset(name)
    found = count_in_page(layers, shape)
    assert found == as_in_page(count(layers, shape))
    assert call_module(MODULE, "totals", found) == totals(count(layers, shape))
    code = call_module("arithmetic/keras_code.mjs", "toKeras", layers, list(shape))
    assert code == to_keras(layers, shape)
    read = call_module("arithmetic/keras_code.mjs", "fromKeras", code)
    assert [complete(layer) for layer in read["layers"]] == [complete(layer) for layer in layers]
    assert read["input_shape"] == list(shape)


def test_random_stacks_count_or_are_refused_as_in_python(call_module, count_in_page):
    rng = np.random.default_rng(12)
    fits = 0
    for _ in range(120):
        layers, shape = random_stack(rng)
        lines = [to_line(layer) for layer in layers]
        kinds = "arithmetic/layer_kinds.mjs"
        assert [call_module(kinds, "toLine", layer) for layer in layers] == lines
        read = [call_module(kinds, "fromLine", line) for line in lines]
        assert read == [plain_layer(complete(layer)) for layer in layers]
        try:
            counted = count(layers, shape)
        except ValueError as problem:
            with pytest.raises(Error, match=re.escape(str(problem))):
                count_in_page(layers, shape)
            continue
        fits += 1
        found = count_in_page(layers, shape)
        assert found == as_in_page(counted)
        assert call_module(MODULE, "totals", found) == totals(counted)
        code = call_module("arithmetic/keras_code.mjs", "toKeras", layers, list(shape))
        assert code == to_keras(layers, shape)
        assert [complete(layer) for layer in from_keras(code)[0]] == list(map(complete, layers))
        back = call_module("arithmetic/keras_code.mjs", "fromKeras", code)["layers"]
        assert [complete(layer) for layer in back] == list(map(complete, layers))
    assert fits > 50


def plain_layer(layer):
    return {name: plain(value) for name, value in layer.items()}


STYLES = [
    """
import tensorflow as tf
from tensorflow.keras import layers, models
width = 32  # kernels
model = models.Sequential(name="digits")
model.add(layers.Conv2D(width, (3, 3), activation="relu", input_shape=(28, 28, 1)))
model.add(layers.MaxPool2D()); model.add(tf.keras.layers.Flatten())
model.add(layers.Dense(units=1_0, kernel_initializer="he_normal"))
model.add(layers.Softmax())
model.compile(optimizer='adam', loss="mse")
model.summary()
""",
    '''"""A block."""
x = inputs = Input(shape=(8, 8, 4))
y = Conv2D(4, 3, padding="same")(x)
y = ReLU()(y)
y = Add()([y, inputs])
outputs = GlobalAveragePooling2D()(y)
model = Model(inputs, outputs)
''',
    "Sequential([InputLayer([9, 9, 2]), ZeroPadding2D(((1, 0), (2, 0))), MaxPool2D(3, None)])",
]  # fmt: skip


@pytest.mark.parametrize("code", STYLES)
def test_both_languages_read_the_styles_in_which_people_write(call_module, code):
    ours = from_keras(code)
    theirs = call_module("arithmetic/keras_code.mjs", "fromKeras", code)
    assert [complete(layer) for layer in theirs["layers"]] == list(map(complete, ours[0]))
    assert theirs["input_shape"] == list(ours[1])


@pytest.mark.parametrize("code", [code for code, _ in CANNOT_READ])
def test_what_python_cannot_read_the_page_cannot(call_module, code):
    with pytest.raises(Error) as problem:
        call_module("arithmetic/keras_code.mjs", "fromKeras", code)
    told = str(problem.value)
    assert re.search(r"line \d+|No layer|input is missing|not this|layer \d", told), told


SIX = {"layers": [{"kind": "Conv2D", "filters": 4, "kernel_size": 3},
                  {"kind": "MaxPooling2D"}, {"kind": "Flatten"},
                  {"kind": "Dense", "units": 10}],
       "input_shape": [9, 9, 2]}  # fmt: skip


def every_row(card):
    return [
        row.locator("td").all_text_contents() for row in card.locator(".ac-table tbody tr").all()
    ]


def number(text):
    return int(re.sub(r"\D", "", text.split("+")[0]))


def test_the_table_holds_what_python_counts(show):
    widget = ArchitectureCalculator("alexnet")
    card = show(widget).locator(".cv")
    for cells, counted in zip(every_row(card), widget.counted, strict=True):
        assert cells[0] == " × ".join(map(str, counted.shape))
        assert cells[1] == (" × ".join(map(str, counted.field)) if counted.field else "all")
        assert [number(text) for text in cells[2:5]] == [
            counted.weights, counted.biases, counted.multiply_adds,
        ]  # fmt: skip
    foot = card.locator("tfoot td").all_text_contents()
    assert [number(text) for text in foot[2:4]] == [62_367_776, 10_568]
    expect(card.locator(".cv-formula")).to_contain_text("62\u202f378\u202f344 parameters")


def test_memory_is_what_is_kept(call_module, show):
    widget = ArchitectureCalculator(**SIX, batch_size=2)
    sums = widget.totals
    # 9·9·2 in, 7·7·4, 3·3·4, 36 and 10 out, for two images; 76 + 370 parameters and gradients.
    kept = 2 * (162 + 196 + 36 + 36 + 10)
    found = call_module(MODULE, "memoryOf", sums, sums["activations"], sums["widest"], 2)
    assert found == {"training": 4 * (2 * (76 + 370) + kept), "prediction": 4 * (446 + 358)}
    card = show(widget).locator(".cv")
    expect(card.locator("tfoot td").nth(5)).to_have_text("7.088 kB")


def field(card, name):
    return card.locator(".cv-settings").get_by_label(name, exact=True).filter(visible=True)


def outputs(card):
    return [cells[0] for cells in every_row(card)]


def test_layers_are_changed_added_moved_and_removed(show):
    card = show(ArchitectureCalculator(**SIX)).locator(".cv")
    field(card, "kernels").fill("5")
    field(card, "kernel rows").fill("2")
    assert outputs(card)[1:3] == ["8 × 8 × 5", "4 × 4 × 5"]
    card.get_by_role("button", name="Add a layer below").click()
    card.get_by_role("combobox", name="kind").select_option("BatchNormalization")
    assert every_row(card)[2][:4] == ["8 × 8 × 5", "2 × 2", "5", "5 + 10"]
    press(card, "Alt+ArrowDown")
    assert outputs(card)[1:4] == ["8 × 8 × 5", "4 × 4 × 5", "4 × 4 × 5"]
    expect(card.locator("tr.now")).to_contain_text("BatchNormalization")
    press(card, "Alt+Delete", "ArrowUp")
    assert len(outputs(card)) == 5
    expect(card.locator("tr.now")).to_contain_text("Conv2D 5")
    card.locator(".ac-table tbody tr").nth(4).get_by_role("button").click()
    field(card, "units").fill("7")
    assert outputs(card)[-1] == "7"


def test_shortcuts_follow_the_layers(show):
    widget = ArchitectureCalculator("resnet18_start")
    before = [layer["shortcut"] for layer in widget.layers if layer["kind"] == "Add"]
    card = show(widget).locator(".cv")
    card.get_by_role("button", name="Add a layer below").click()
    expect(card.locator(".cv-note")).to_be_hidden()
    card.get_by_role("radio", name="Keras code").check(force=True)
    code = card.locator(".ac-code textarea").input_value()
    after = [layer["shortcut"] for layer in from_keras(code)[0] if layer["kind"] == "Add"]
    assert after == [number + 1 for number in before]


def test_a_layer_that_does_not_fit_is_explained_and_mended_by_a_button(show):
    card = show(ArchitectureCalculator(**SIX)).locator(".cv")
    before = every_row(card)
    field(card, "kernel rows").fill("11")
    note = card.locator(".cv-note")
    expect(note).to_contain_text("kernel_size=11 does not fit 9 × 9: use at most 9")
    assert every_row(card) == before
    # 9 × 9 fits this layer; then nothing is left for the pooling.
    names = note.get_by_role("button").all_text_contents()
    assert names[0] == "kernel_size 8"
    assert "padding same" in names
    assert "an input of 12 × 12" in names
    note.get_by_role("button", name="an input of 12 × 12").click()
    expect(note).to_be_hidden()
    assert outputs(card)[:3] == ["12 × 12 × 2", "2 × 2 × 4", "1 × 1 × 4"]


def test_two_changes_that_fit_only_together(show):
    card = show(ArchitectureCalculator(**SIX)).locator(".cv")
    field(card, "kernel rows").fill("11")
    card.get_by_role("combobox", name="padding").select_option("same")
    assert outputs(card)[1] == "9 × 9 × 4"
    field(card, "kernel rows").fill("5")
    card.get_by_role("combobox", name="padding").select_option("valid")
    assert outputs(card)[1] == "5 × 5 × 4"


def test_code_goes_out_and_comes_in(show):
    widget = ArchitectureCalculator(**SIX, view="code")
    card = show(widget).locator(".cv")
    area = card.locator(".ac-code textarea")
    expect(area).to_have_value(widget.keras_code)
    area.fill("Sequential([Input((32, 32, 3)), Conv2D(8, 5, strides=2), LSTM(4)])")
    card.get_by_role("button", name="read this code").click()
    expect(card.locator(".cv-note")).to_contain_text("the layer LSTM is not known")
    area.fill("Sequential([Input((32, 32, 3)), Conv2D(8, 5, strides=2), Flatten()])")
    card.get_by_role("button", name="read this code").click()
    expect(card.locator(".cv-note")).to_be_hidden()
    card.get_by_role("radio", name="the layers").check(force=True)
    assert outputs(card) == ["32 × 32 × 3", "14 × 14 × 8", "1568"]


def test_227_beside_224(show):
    card = show(ArchitectureCalculator(view="compare")).locator(".cv")
    rows = card.locator(".ac-compare tbody tr")
    assert rows.nth(1).locator("td").all_text_contents() == [
        "55 × 55 × 96", "54 × 54 × 96", "55 × 55 × 96", "56 × 56 × 96",
    ]  # fmt: skip
    parameters = [number(text) for text in rows.nth(5).locator("td").all_text_contents()]
    assert parameters[0] == parameters[2] == 62_378_344
    # 5 × 5 maps are left in place of 6 × 6: that many weights fewer in the first dense layer.
    assert parameters[0] - parameters[1] == (6 * 6 - 5 * 5) * 256 * 4096
    card.get_by_role("button", name="put 224, no padding into the table").click()
    expect(card.locator(".ac-table tbody tr").nth(1)).to_contain_text("54 × 54 × 96")


def test_on_a_phone_the_rows_of_the_comparison_keep_their_names(show):
    compare = show(ArchitectureCalculator(view="compare"), width=390, height=664).locator(
        ".ac-compare"
    )
    assert compare.evaluate("e => (e.scrollLeft = 9999, e.scrollLeft)") > 50
    for cell in compare.locator("tr > :first-child").all():
        assert cell.bounding_box()["x"] - compare.bounding_box()["x"] == pytest.approx(1, abs=1)


def test_the_square_on_the_photograph_is_the_receptive_field(show):
    card = show(ArchitectureCalculator("alexnet", step=7)).locator(".cv")
    assert ArchitectureCalculator("alexnet").counted[8].field == (195, 195)
    square = card.locator(".ac-field")
    frame = card.locator(".ac-frame")
    expect(card.locator("figcaption")).to_contain_text("sees 195 × 195 of 227 × 227")
    width = square.evaluate("e => e.getBBox().width")
    assert width == 195
    assert frame.locator("canvas").evaluate("c => c.width") > 100
    press(card, "Home")
    assert square.evaluate("e => e.getBBox().width") == 11


def test_predicting_sizes(show):
    card = show(ArchitectureCalculator("alexnet", answer="hidden")).locator(".cv")
    # Dropout leaves what it gets as it is, and must not tell it.
    assert set(outputs(card)[1:]) == {"?"}
    assert card.locator(".ac-box").count() == 1
    expect(card.locator(".cv-formula")).not_to_contain_text("62")
    expect(predict(card, "54")).to_contain_text("Add 1 for where it starts")
    expect(predict(card, "55 x 55 x 3")).to_contain_text("one map for each of the 96 kernels")
    expect(predict(card, "55")).to_contain_text("Right: 55 × 55 × 96.")
    assert outputs(card)[1:3] == ["55 × 55 × 96", "?"]
    card.get_by_role("button", name="next").click()
    expect(predict(card, "27 × 27 × 96")).to_contain_text("Right")


@pytest.mark.parametrize(
    ("question", "layer", "shape", "guess", "words"),
    [
        ("size", "Conv2D 8 3 strides=2", [8, 8, 3], [3.5], "round down before you add 1"),
        ("size", "Conv2D 8 3 strides=2", [8, 8, 3], [4], "You rounded up"),
        ("size", "Conv2D 8 3", [8, 8, 3], [8], "did not take off the window"),
        ("size", "Conv2D 8 3 strides=2", [8, 8, 3], [6], "with a stride of 1"),
        ("size", "Conv2D 8 3 dilation_rate=2", [9, 9, 3], [7], "left out the dilation"),
        ("size", "Conv2D 8 3 strides=2 padding=same", [9, 9, 3], [4], "rounded up"),
        ("size", "MaxPooling2D 2", [8, 8, 3], [4, 4, 1], "Pooling keeps every channel"),
        ("size", "Flatten", [6, 6, 256], [36], "left out the channels"),
        ("size", "Flatten", [6, 6, 256], [6, 6, 256], "multiply"),
        ("parameters", "Conv2D 8 3", [8, 8, 3], 216, "left out the biases"),
        ("parameters", "Conv2D 8 3", [8, 8, 3], 80, "left out the input channels"),
        ("parameters", "Conv2D 8 3", [8, 8, 3], 28, "That is one kernel"),
        ("parameters", "Conv2D 8 3", [8, 8, 3], 216 * 36 + 8, "the places do not count"),
        ("parameters", "Conv2D 8 3 use_bias=false", [8, 8, 3], 224, "has no biases"),
        ("parameters", "Conv2D 8 3 groups=2", [8, 8, 4], 296, "the channels of its group: 4 / 2"),
        ("parameters", "DepthwiseConv2D 3", [8, 8, 4], 148, "reads one channel"),
        ("parameters", "BatchNormalization", [8, 8, 4], 8, "a mean and a variance"),
    ],
)
def test_wrong_predictions_are_diagnosed(call_module, question, layer, shape, guess, words):
    state = ArchitectureCalculator(stack=[layer], input_shape=shape).state()
    view = call_module("architecture_calculator/state.mjs", "compute", state)
    verdict = call_module("architecture_calculator/question.mjs", "judge", question, view, guess, 0)
    assert not verdict["right"]
    assert words in verdict["words"]


def test_only_the_right_prediction_is_right(call_module):
    rng = np.random.default_rng(3)
    judged = 0
    for _ in range(40):
        layers, shape = random_stack(rng)
        try:
            widget = ArchitectureCalculator(layers=layers, input_shape=list(shape))
        except TraitError:
            continue
        view = call_module("architecture_calculator/state.mjs", "compute", widget.state())
        for at, counted in enumerate(widget.counted[1:]):
            for by in (-1, 0, 1):
                guess = [counted.shape[0] + by, *counted.shape[1:]]
                judge = "architecture_calculator/question.mjs", "judge"
                assert call_module(*judge, "size", view, guess, at)["right"] == (by == 0)
                right = call_module(*judge, "parameters", view, counted.parameters + by, at)
                assert right["right"] == (by == 0)
                judged += 1
    assert judged > 100


def test_every_example_fits(show):
    card = show(ArchitectureCalculator()).locator(".cv")
    examples = card.get_by_role("combobox", name="network")
    for name in examples.locator("option").all_text_contents()[1:]:
        examples.select_option(name)
        expect(examples).to_have_value(name)
        expect(card.locator(".cv-note")).to_be_hidden()
