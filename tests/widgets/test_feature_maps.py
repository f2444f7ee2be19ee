"""FeatureMaps from Python: the recorded frames, and what is asked of a network."""

import os
from pathlib import Path

import numpy as np
import pytest
import traitlets

from helpers.widgets import FeatureMaps
from helpers.widgets.ink import embedded_digits
from helpers.widgets.resources.map_frames import recorded_frames
from helpers.widgets.stored_network import unpack

MNIST = os.environ.get("MNIST_NPZ", "../shared/data/mnist.npz")
needs_mnist = pytest.mark.skipif(not Path(MNIST).exists(), reason="MNIST is not here")


def test_ten_frames_are_recorded_from_untrained_to_good():
    about = [unpack(frame)[0] for frame in recorded_frames()]
    assert [about[0]["name"], about[-1]["name"]] == ["untrained", "after 3 epochs"]
    right = [moment["right"] for moment in about]
    assert right[0] < 2500 and right[-1] > 9700
    assert right == sorted(right)


@needs_mnist
@pytest.mark.parametrize("step", [0, 9])
def test_the_recorded_accuracy_is_that_of_the_rounded_network(step):
    """On a tenth of the test digits, the recorded share lies within what chance allows."""
    with np.load(MNIST) as data:
        images, labels = data["x_test"][:1000], data["y_test"][:1000]
    predicted = FeatureMaps(step=step).network().predict(images[..., None] / 255).argmax(axis=-1)
    recorded = unpack(recorded_frames()[step])[0]
    share = recorded["right"] / recorded["of"]
    deviation = np.sqrt(share * (1 - share) / 1000)
    assert (predicted == labels).mean() == pytest.approx(share, abs=4 * deviation)


def test_the_trained_network_reads_most_embedded_digits():
    labels = embedded_digits()[1]
    found = [FeatureMaps(digit=digit).maps()[-1].argmax() for digit in range(40)]
    assert (np.array(found) == labels[:40]).mean() > 0.7


def test_occlusion_is_the_loss_of_probability_under_a_patch():
    widget = FeatureMaps()
    falls = widget.occlusion()
    assert falls.shape == (24, 24)
    ink, network = widget.ink(), widget.network()
    whole = network.predict(ink[None, ..., None])[0]
    row, col = np.unravel_index(falls.argmax(), falls.shape)
    ink[row : row + 5, col : col + 5] = 0
    covered = network.predict(ink[None, ..., None])[0]
    assert falls.max() == pytest.approx(whole.max() - covered[whole.argmax()])
    assert falls.max() > 0.1
    assert falls[0, 0] == 0  # there is no ink to cover


@pytest.mark.parametrize("chosen", [[0, 2], [1, 4], [2, 5], [3, 9]])
def test_an_exciting_input_beats_every_digit(chosen):
    widget = FeatureMaps(map=chosen)
    network = widget.network()
    index, channel = chosen

    def mean(image):
        given = image[None, ..., None]
        for layer in network.layers[: index + 1]:
            given = layer.forward(given)
        return given[..., channel].mean()

    image = widget.exciting()
    assert image.min() >= 0 and image.max() <= 1
    digits = [mean(FeatureMaps(digit=digit).ink()) for digit in range(30)]
    assert mean(image) > max(digits)


def test_a_fooled_network_says_the_target_and_no_pixel_changed_much():
    widget = FeatureMaps(view="fool", target=8, moves=15, reach=0.15)
    before = widget.maps()[-1]
    assert before.argmax() != 8
    image = widget.fooling()
    assert np.abs(image - widget.ink()).max() <= 0.15 + 1e-12
    after = widget.network().predict(image[None, ..., None])[0]
    assert after.argmax() == 8
    np.testing.assert_array_equal(FeatureMaps(moves=0).fooling(), widget.ink())


def test_the_first_fooling_step_follows_the_slope_of_the_loss():
    widget = FeatureMaps(target=3, moves=1, reach=1)
    network, ink = widget.network(), widget.ink()

    def loss(image):
        return -np.log(network.predict(image[None, ..., None])[0, 3])

    step = widget.fooling() - ink
    rng = np.random.default_rng(8)
    inside = np.argwhere((ink > 0.05) & (ink < 0.95) & (step != 0))
    for row, col in rng.permutation(inside)[:6]:
        bump = np.zeros_like(ink)
        bump[row, col] = 1e-6
        slope = (loss(ink + bump) - loss(ink - bump)) / 2e-6
        assert np.sign(step[row, col]) == -np.sign(slope)
        assert abs(step[row, col]) == pytest.approx(0.02)


def test_own_networks_and_images_can_be_shown():
    import keras

    keras.utils.set_random_seed(9)
    model = keras.Sequential(
        [
            keras.Input((8, 8, 1)),
            keras.layers.Conv2D(4, 3, activation="relu"),
            keras.layers.Flatten(),
            keras.layers.Dense(10, activation="softmax"),
        ]
    )
    images = np.random.default_rng(9).integers(0, 256, (3, 8, 8), np.uint8)
    widget = FeatureMaps(
        frames=[FeatureMaps.frame(model, "new")], images=images, labels=[1, 2, 3], digit=2
    )
    np.testing.assert_array_equal(widget.ink(), images[2] / 255)
    expected = model.predict(images[2:, ..., None] / 255, verbose=0)[0]
    np.testing.assert_allclose(widget.maps()[-1], expected, atol=0.01)
    digit = FeatureMaps(frames=widget.frames, digit=5).ink()
    np.testing.assert_array_equal(digit, embedded_digits()[0][5])


def test_too_much_for_a_page_is_refused():
    frame = {"name": "x", "network": "A" * 100_001}
    with pytest.raises(traitlets.TraitError, match="400004 bytes are too many"):
        FeatureMaps(frames=[frame] * 4)
    with pytest.raises(traitlets.TraitError, match="as bytes of shape"):
        FeatureMaps(images=np.zeros((2, 28, 28)))
    with pytest.raises(traitlets.TraitError, match="at most 200"):
        FeatureMaps(images=np.zeros((201, 28, 28), np.uint8))
