"""DrawDigit from Python: strokes, fitting as MNIST does, and the network that it carries."""

import os
from pathlib import Path

import numpy as np
import pytest
import traitlets

from helpers.datasets import load_digits
from helpers.widgets import DrawDigit, ink
from helpers.widgets.draw_digit import about_network, load_network
from helpers.widgets.resources import resource_bytes
from helpers.widgets.stored_network import build_network, pack, quantise, unpack

MNIST = os.environ.get("MNIST_NPZ", "../shared/data/mnist.npz")
needs_mnist = pytest.mark.skipif(not Path(MNIST).exists(), reason="MNIST is not here")


def test_strokes_survive_the_way_through_a_link():
    rng = np.random.default_rng(1)
    strokes = [rng.uniform(size=(count, 2)) for count in (1, 2, 30)]
    text = ink.encode_strokes(strokes)
    assert len(text) == 3 * 33 + 3
    for there, back in zip(strokes, ink.decode_strokes(text), strict=True):
        assert np.abs(there - back).max() <= 1 / 512
    assert ink.encode_strokes(ink.decode_strokes(text)) == text


@pytest.mark.parametrize("text", ["AAA", "AA!", "A A!", "!", "AAA!!", "AAAé!"])
def test_what_is_no_drawing_is_refused(text):
    with pytest.raises(traitlets.TraitError, match="use what encode_strokes returns"):
        DrawDigit(strokes=text)


def test_points_outside_the_pad_are_refused():
    with pytest.raises(traitlets.TraitError, match="pairs .row, col. from 0 to 1"):
        DrawDigit(strokes=[[(0.5, 1.2)]])


def test_a_straight_stroke_has_the_width_of_the_pen():
    drawn = ink.draw_strokes([np.array([[0.25, 0.5], [0.75, 0.5]])])
    assert drawn[56].sum() == pytest.approx(2 * ink.PEN)  # cells 51 to 61, across the stroke
    assert drawn[:, 56].sum() == pytest.approx(56 + 2 * ink.PEN, abs=0.2)  # round ends
    assert drawn[56, 45:50].max() == 0


def test_a_box_is_scaled_to_20_pixels_and_its_mass_goes_to_the_middle():
    """40 × 20 cells, the upper half twice as dark: the mass lies 10/3 cells above the middle."""
    pad = np.zeros((112, 112))
    pad[10:30, 60:80], pad[30:50, 60:80] = 1.0, 0.5
    assert ink.find_fit(pad) == pytest.approx((2, 30 - 10 / 3 - 28, 70 - 28))
    image = ink.fit(pad)
    assert image.sum() == pytest.approx(pad.sum() / 2**2)
    middles = np.arange(28) + 0.5
    assert image.sum(axis=1) @ middles / image.sum() == pytest.approx(14)
    assert image.sum(axis=0) @ middles / image.sum() == pytest.approx(14)
    assert np.flatnonzero(image.any(axis=0)).tolist() == list(range(9, 19))


def test_without_centring_four_cells_are_a_pixel():
    pad = np.random.default_rng(2).uniform(size=(112, 112))
    expected = pad.reshape(28, 4, 28, 4).mean(axis=(1, 3))
    np.testing.assert_allclose(ink.fit(pad, centred=False), expected)


def test_an_empty_pad_stays_empty():
    assert not DrawDigit(strokes="").ink().any()


def test_a_quarter_turn_is_clockwise_and_comes_before_the_shift():
    image = np.random.default_rng(3).uniform(size=(28, 28))
    turned = ink.turn_and_shift(image, 90, (0, 0))
    np.testing.assert_allclose(turned, np.rot90(image, -1), atol=1e-12)
    moved = ink.turn_and_shift(image, 90, (2, -3))
    np.testing.assert_allclose(moved[2:, :-3], np.rot90(image, -1)[:-2, 3:], atol=1e-12)
    assert np.abs(moved[:2]).max() < 1e-12


def test_thicker_is_a_maximum_and_thinner_a_minimum():
    dot = np.zeros((28, 28))
    dot[10, 10] = 0.8
    thick = ink.thicken(dot, 1)
    assert thick[10, 9] == thick[9, 10] == 0.8
    assert thick[9, 9] == pytest.approx(0.8 * (2 - np.sqrt(2)))
    assert np.count_nonzero(thick) == 9
    assert ink.thicken(dot, -1).max() == 0
    image = np.random.default_rng(4).uniform(size=(28, 28))
    np.testing.assert_array_equal(ink.thicken(image, 0), image)
    assert (ink.thicken(image, 0.5) >= image).all() and (ink.thicken(image, -0.5) <= image).all()


def test_noise_has_its_deviation_and_repeats():
    grey = np.full((28, 28), 0.5)
    noisy = ink.add_noise(grey, 0.1, 7)
    assert noisy.std() == pytest.approx(0.1, rel=0.1)
    np.testing.assert_array_equal(noisy, ink.add_noise(grey, 0.1, 7))
    assert (noisy != ink.add_noise(grey, 0.1, 8)).any()


def test_a_given_image_is_read_as_it_is():
    image = load_digits(size=28)[0][0][3]
    widget = DrawDigit(image=image)
    assert widget.source == "image"
    np.testing.assert_allclose(widget.ink(), image / 255, atol=5e-5)


@pytest.mark.parametrize(
    ("state", "words"),
    [
        ({"image": np.zeros((8, 8))}, "use 28 × 28 numbers"),
        ({"image": np.full((28, 28), 255.0)}, "use ink from 0 .paper. to 1, or bytes"),
        ({"source": "image"}, "needs an image"),
        ({"cell": [4, 0, 0, 0]}, "no layer that can be looked into"),
        ({"cell": [2, 11, 0, 0]}, "lies outside: layer 2 has 11 × 11 cells in 16 maps"),
        ({"strokes": "AAA" * 2001 + "!"}, "use at most 6000"),
    ],
)
def test_what_does_not_fit_is_refused(state, words):
    with pytest.raises(traitlets.TraitError, match=words):
        DrawDigit(**state)


def keras_network():
    """The same network in Keras, with the weights of the file."""
    import keras

    layers = [keras.Input((28, 28, 1))]
    for layer in unpack(resource_bytes("draw_weights"))[1]:
        kind = layer["kind"]
        if kind == "conv2d":
            layers.append(keras.layers.Conv2D(layer["filters"], 3, activation="relu"))
        elif kind == "max_pooling2d":
            layers.append(keras.layers.MaxPooling2D(2))
        elif kind == "flatten":
            layers.append(keras.layers.Flatten())
        else:
            layers.append(keras.layers.Dense(layer["units"], activation=layer["activation"]))
    network = keras.Sequential(layers)
    network.set_weights(load_network().get_weights())
    return network


def test_the_embedded_digits_get_the_probabilities_that_keras_gives():
    (images, _), _ = load_digits(size=28)
    given = images[:40, ..., None] / 255
    expected = keras_network().predict(given, verbose=0)
    np.testing.assert_allclose(load_network().predict(given), expected, atol=2e-5)


def test_the_file_is_small_and_its_weights_are_whole_numbers_times_scales():
    content = resource_bytes("draw_weights")
    assert len(content) <= 150_000
    _, layers, whole = unpack(content)
    assert whole.min() >= -127
    kernel = load_network().layers[0].parameters[0]
    steps = kernel / np.array(layers[0]["scales"])
    np.testing.assert_allclose(steps, np.rint(steps), atol=1e-9)
    assert np.abs(np.rint(steps)).max(axis=(0, 1, 2)).tolist() == [127] * 8


def test_rounding_moves_no_weight_by_more_than_half_a_step():
    weights = np.random.default_rng(5).normal(size=(3, 3, 4, 6))
    whole, scales = quantise(weights)
    assert (np.abs(whole * scales - weights) <= scales / 2 + 1e-12).all()
    layers = [{"kind": "flatten"}, {"kind": "dense", "units": 2, "activation": "softmax"}]
    layers[1] |= {"scales": [1.0, 1.0], "biases": [0.0, 0.0]}
    about, again, row = unpack(pack({"seed": 3}, layers, [np.ones((784, 2), np.int8)]))
    assert about == {"seed": 3} and again == layers and row.sum() == 1568
    with pytest.raises(ValueError, match="1567 weights do not fit|cannot reshape"):
        build_network(layers, row[:-1])


@needs_mnist
def test_accuracy_on_the_test_digits_is_the_recorded_one():
    with np.load(MNIST) as data:
        images, labels = data["x_test"], data["y_test"]
    predicted = keras_network().predict(images[..., None] / 255, verbose=0).argmax(axis=-1)
    recorded = about_network()["accuracy"]
    assert recorded["of"] == len(labels)
    assert (predicted == labels).sum() == recorded["right"] >= 9900
