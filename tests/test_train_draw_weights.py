"""How the digits are changed from epoch to epoch, from which DrawDigit's network learned."""

import numpy as np
import pytest
from scripts_of_the_book import load_script

from helpers.widgets.resources import resource_bytes
from helpers.widgets.stored_network import store, unpack


@pytest.fixture(scope="module")
def script():
    return load_script("train_draw_weights")


def places(rows=28, cols=28):
    row, col = np.mgrid[:rows, :cols].reshape(2, 1, -1)
    return row.astype(float), col.astype(float)


def test_a_map_that_moves_nothing_gives_the_image_and_paper_outside(script):
    ink = np.random.default_rng(1).uniform(size=(3, 28, 28)).astype(np.float32)
    row, col = (np.repeat(place, 3, axis=0) for place in places())
    np.testing.assert_allclose(script.sample(ink, row, col)[..., 0], ink, atol=1e-6)
    lower = script.sample(ink, row + 2, col)[..., 0]
    np.testing.assert_allclose(lower[:, :26], ink[:, 2:], atol=1e-6)
    assert not lower[:, 26:].any()
    between = script.sample(ink, row, col + 0.5)[..., 0]
    np.testing.assert_allclose(between[:, :, :27], (ink[:, :, :27] + ink[:, :, 1:]) / 2, atol=1e-6)


def test_changed_digits_stay_digits_and_repeat_with_the_seed(script):
    image = np.zeros((1, 28, 28), np.uint8)
    image[0, 6:22, 12:16] = 255
    images = np.repeat(image, 400, axis=0)
    changed = script.augment(images, np.random.default_rng(2))
    assert changed.shape == (400, 28, 28, 1) and changed.dtype == np.float32
    assert changed.min() >= 0 and changed.max() <= 1
    ink = changed.sum(axis=(1, 2, 3)) / (16 * 4)
    assert 0.9 < ink.mean() < 1.2  # scaled both ways, and now and then thicker or thinner
    assert ink.min() > 0.3 and ink.max() < 2.2
    middle = (changed[..., 0].sum(axis=1) @ np.arange(28)) / changed.sum(axis=(1, 2, 3))
    assert np.abs(middle - 13.5).max() < 4.5 and middle.std() > 0.5
    again = script.augment(images, np.random.default_rng(2))
    np.testing.assert_array_equal(changed, again)


def test_the_network_that_is_trained_is_the_one_that_the_file_holds(script):
    written = unpack(store(script.finish(script.build())))
    held = unpack(resource_bytes("draw_weights"))
    assert written[0]["input"] == held[0]["input"]
    assert len(written[2]) == len(held[2])

    def shape(layer):
        return {name: value for name, value in layer.items() if name not in ("scales", "biases")}

    assert list(map(shape, written[1])) == list(map(shape, held[1]))
