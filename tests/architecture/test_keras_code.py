"""Code goes out and comes back; what is exported runs; what cannot be read is named."""

import re

import pytest
from stacks import CANNOT_READ

from helpers.architecture import PRESETS, count, from_keras, preset, to_keras, totals
from helpers.architecture.kinds import complete


@pytest.mark.parametrize("name", PRESETS)
def test_exported_code_runs_and_counts_the_same(name):
    pytest.importorskip("keras")
    layers, shape = preset(name)
    names = {}
    exec(to_keras(layers, shape), names)
    counted = count(layers, shape)
    assert names["model"].count_params() == totals(counted)["parameters"]
    assert names["model"].output_shape[1:] == counted[-1].shape


@pytest.mark.parametrize("name", PRESETS)
def test_exported_code_is_read_back(name):
    layers, shape = preset(name)
    found, found_shape = from_keras(to_keras(layers, shape))
    assert found_shape == shape
    assert list(map(complete, found)) == list(map(complete, layers))


def test_the_styles_in_which_people_write_are_read():
    by_adding = """
import tensorflow as tf
from tensorflow.keras import layers, models
width = 32
model = models.Sequential(name="digits")
model.add(layers.Conv2D(width, (3, 3), activation="relu", input_shape=(28, 28, 1)))
model.add(layers.MaxPool2D())
model.add(tf.keras.layers.Flatten())
model.add(layers.Dense(units=10, kernel_initializer="he_normal"))
model.add(layers.Softmax())
model.compile(optimizer="adam", loss="mse")
model.summary()
"""
    layers, shape = from_keras(by_adding)
    assert shape == (28, 28, 1)
    assert [layer["kind"] for layer in layers] == [
        "Conv2D", "MaxPooling2D", "Flatten", "Dense", "Activation",
    ]  # fmt: skip
    assert layers[0]["filters"] == 32
    functional = """
x = inputs = Input(shape=(8, 8, 4))
y = Conv2D(4, 3, padding="same")(x)
y = ReLU()(y)
y = Add()([y, inputs])
outputs = GlobalAveragePooling2D()(y)
model = Model(inputs, outputs)
"""
    layers, shape = from_keras(functional)
    assert layers[2] == {"kind": "Add", "shortcut": 0}
    assert count(layers, shape)[-1].shape == (4,)


@pytest.mark.parametrize(("code", "told"), CANNOT_READ)
def test_what_cannot_be_read_is_named(code, told):
    either = f"{re.escape(told)}|not Python" if told == "cannot be read" else re.escape(told)
    with pytest.raises(ValueError, match=either) as problem:
        from_keras(code)
    assert len(str(problem.value)) < 400


def test_code_is_read_and_never_run(tmp_path):
    target = tmp_path / "made"
    for code in (
        f"Sequential([Input((8, 8, 1)), Conv2D(open({str(target)!r}, 'w'), 3)])",
        f"x = open({str(target)!r}, 'w')",
        f"Sequential([Input((open({str(target)!r}, 'w'), 8, 1)), Flatten()])",
    ):
        with pytest.raises(ValueError, match="cannot be read|computed"):
            from_keras(code)
    assert not target.exists()
