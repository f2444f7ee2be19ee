"""The Python side of FilterTrainer: targets against SciPy, training, and what can be learned."""

import re

import numpy as np
import pytest
from scipy import ndimage, signal
from traitlets import TraitError

from helpers.gradients import numerical_gradient
from helpers.widgets.filter_trainer import (
    MARGIN,
    TARGET_EFFECTS,
    TARGET_KERNELS,
    FilterTrainer,
    training_picture,
)

NOISE = np.random.default_rng(3).integers(0, 256, (40, 40), dtype=np.uint8)
SOBEL = np.array([[-1, 0, 1], [-2, 0, 2], [-1, 0, 1]])
INNER = (slice(MARGIN, -MARGIN),) * 2


def test_the_experiment_of_the_book():
    widget = FilterTrainer()
    assert widget.photograph.shape == (128, 128)
    kernel, losses = widget.train()
    assert len(losses) == 2001
    assert losses[0] > 0.5 and losses[200] < 1e-3 and losses[1500] < 1e-5
    assert np.abs(kernel - SOBEL[::-1, ::-1]).max() < 0.02
    widget.flip = False
    assert np.abs(widget.train()[0] - SOBEL).max() < 0.02


@pytest.mark.parametrize("target", TARGET_KERNELS)
def test_targets_are_scipys(target):
    widget = FilterTrainer(NOISE, target=target, size=7)
    kernel = widget.written_kernel
    x = NOISE / 255
    for flip, function in ((True, signal.convolve2d), (False, signal.correlate2d)):
        widget.flip = flip
        expected = function(x, kernel, "same")[INNER]
        assert widget.start()[1] == pytest.approx(expected)
        assert widget._windows(x, 7) @ widget.wanted_kernel.ravel() == pytest.approx(expected)


def test_effects_are_no_kernels():
    x = NOISE / 255
    median = FilterTrainer(NOISE, target="median")
    assert median.start()[1] == pytest.approx(ndimage.median_filter(x, 3)[INNER])
    vignette = FilterTrainer(NOISE, target="vignette").start()[1]
    assert vignette[0, 0] / x[3, 3] == pytest.approx(1 - 0.75 * (16.5 / 19.5) ** 2)
    for target in TARGET_EFFECTS:
        widget = FilterTrainer(NOISE, target=target)
        assert widget.wanted_kernel is None
        assert widget.least_loss() > 1e-4


def test_a_kernel_too_large_for_the_layer_is_not_reached():
    widget = FilterTrainer(NOISE, target="blur")
    assert widget.wanted_kernel is None
    assert widget.least_loss() > 1e-4
    widget.size = 7
    assert widget.wanted_kernel == pytest.approx(np.full((7, 7), 1 / 49))
    assert widget.least_loss() < 1e-20


def test_one_step_is_that_of_a_nudged_loss():
    widget = FilterTrainer(NOISE, optimizer="sgd", learning_rate=0.1, size=5)
    kernel, target = widget.start()
    windows = widget._windows(widget.photograph, 5)

    def loss(kernel):
        return np.mean((windows @ kernel.ravel() - target) ** 2)

    after, losses = widget.train(1)
    assert losses == pytest.approx([loss(kernel), loss(after)])
    assert after == pytest.approx(kernel - 0.1 * numerical_gradient(loss, kernel))


def test_curvatures_say_which_rate_is_too_large():
    widget = FilterTrainer(optimizer="sgd", epochs=300)
    largest = widget.largest_rate()
    widget.learning_rate = 0.95 * largest
    assert widget.train()[1][-1] < 0.05
    widget.learning_rate = 1.05 * largest
    losses = widget.train()[1]
    assert losses[-1] > 1000 * losses[0]


@pytest.mark.parametrize(("source", "free"), [("camera", 0), ("stripes", 6), ("constant", 8)])
def test_what_a_picture_leaves_free_changes_no_output(source, free):
    widget = FilterTrainer(source=source, learning_rate=0.05)
    values, directions = widget.curvatures()
    assert (values == 0).sum() == free
    windows = widget._windows(widget.photograph, 3)
    for direction in directions[9 - free :]:
        assert np.abs(windows @ direction.ravel()).max() < 1e-9
    kernel, losses = widget.train(3000)
    assert losses[-1] < 1e-5
    if free:
        assert np.abs(kernel - widget.wanted_kernel).max() > 0.3


def test_noise_is_what_is_left():
    widget = FilterTrainer(noise=0.2)
    assert widget.least_loss() == pytest.approx(0.04, rel=0.05)
    assert widget.train()[1][-1] == pytest.approx(widget.least_loss(), rel=1e-3)


def test_pictures_are_cut_to_their_middle_and_averaged():
    picture = np.arange(300 * 256).reshape(300, 256) % 251
    small = training_picture(picture.astype(np.uint8))
    assert small.shape == (128, 128)
    block = picture[22 + 20 : 22 + 22, 40:42]
    assert small[10, 20] == np.floor(block.mean() + 0.5)


@pytest.mark.parametrize(
    ("state", "words"),
    [
        ({"target": "sobel"}, "target='sobel' is unknown: use a grid of numbers, or one of"),
        ({"target": [[1, 2]]}, "target of shape (1, 2) has no middle"),
        ({"target": [[1] * 9]}, "is too large: use at most 7 × 7"),
        ({"size": 4}, "size"),
        ({"learning_rate": 0}, "learning_rate=0.0 does not fit: use a number above 0"),
        ({"epochs": 0}, "epochs=0 does not fit: use a number from 1 to 5000"),
        ({"noise": 2}, "noise=2.0 does not fit: use a number from 0 to 1"),
        ({"cell": [1]}, "cell=[1] does not fit"),
        ({"source": "dog"}, "source='dog' names no picture: use camera"),
        ({"images": NOISE[:9]}, "too small to learn from"),
        ({"hide": ["zoom"]}, "names no part of FilterTrainer"),
    ],
)
def test_what_does_not_fit_is_refused(state, words):
    with pytest.raises(TraitError, match=re.escape(words)):
        FilterTrainer(**state)


def test_no_training_backwards_in_time():
    with pytest.raises(ValueError, match="epochs=-1 does not fit"):
        FilterTrainer().train(-1)
