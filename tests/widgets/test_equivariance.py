"""Equivariance in Python: where shift and layer may change places, and where not."""

import re

import numpy as np
import pytest
from scipy import ndimage
from traitlets import TraitError

from helpers.convolution import average_pool2d, max_pool2d
from helpers.widgets import Equivariance
from helpers.widgets.equivariance import KERNELS

NOISE = np.random.default_rng(3).integers(0, 256, (36, 36), dtype=np.uint8)
SHIFTS = [[0, 1], [2, 0], [3, 5], [12, 12]]


def largest(widget):
    return np.nanmax(np.abs(widget.difference))


@pytest.mark.parametrize("kernel", KERNELS)
@pytest.mark.parametrize("shift", SHIFTS)
def test_a_kernel_alone_is_equivariant(kernel, shift):
    widget = Equivariance(NOISE, kernel=kernel, shift=shift)
    assert largest(widget) == 0
    moved = np.roll(NOISE.astype(float), shift, axis=(0, 1))
    expected = ndimage.correlate(moved, widget.weights, mode="wrap")
    assert widget.layer_of_shifted == pytest.approx(expected)


@pytest.mark.parametrize("shift", SHIFTS)
def test_zeros_spoil_as_far_as_the_kernel_reaches(shift):
    kernel = np.random.default_rng(1).uniform(1, 2, (5, 5))
    widget = Equivariance(NOISE, kernel=kernel, border="zeros", shift=shift)
    spoiled = widget.difference != 0
    allowed = np.zeros_like(spoiled)
    for axis, by in enumerate(shift):
        band = np.moveaxis(allowed, axis, 0)
        if by:
            band[:by] = band[-2:] = True
    assert spoiled.any()
    assert not (spoiled & ~allowed).any()
    # By hand: just before what came in, the kernel's last column lies on the first pixels.
    widget = Equivariance(NOISE, kernel=[[1, 1, 1]], border="zeros", shift=[0, 3])
    assert widget.difference[:, 2] == pytest.approx(NOISE[:, 0].astype(float))


def test_whole_windows_agree_where_both_are_known():
    widget = Equivariance(NOISE, kernel="laplacian", border="valid", shift=[2, 3])
    unknown = np.isnan(widget.difference)
    assert unknown.shape == (34, 34)
    assert unknown[:2].all() and unknown[:, :3].all() and not unknown[2:, 3:].any()
    assert largest(widget) == 0


@pytest.mark.parametrize("stride", [1, 2, 3])
@pytest.mark.parametrize("pool", ["none", "max", "mean"])
def test_what_is_left_out_spoils_all_shifts_but_whole_steps(stride, pool):
    for right in range(13):
        widget = Equivariance(NOISE, stride=stride, pool=pool, shift=[0, right])
        assert widget.step == stride * (2 if pool != "none" else 1)
        assert (largest(widget) == 0) == (right % widget.step == 0)
    widget.shift = [widget.step, 0]
    assert largest(widget) == 0


@pytest.mark.parametrize("border", ["zeros", "wrap", "valid"])
@pytest.mark.parametrize(("pool", "pooled"), [("max", max_pool2d), ("mean", average_pool2d)])
def test_pooling_is_that_of_the_layers(border, pool, pooled):
    plain = Equivariance(NOISE, kernel="sobel_y", border=border)
    maps = plain.layer(plain.picture)[None, ..., None]
    widget = Equivariance(NOISE, kernel="sobel_y", border=border, pool=pool)
    assert widget.layer(widget.picture) == pytest.approx(pooled(maps)[0, ..., 0])


def test_fine_patterns_show_aliasing():
    widget = Equivariance(source="stripes", kernel="identity", stride=2, shift=[0, 1])
    assert (np.abs(widget.difference) == 215 - 40).all()
    assert np.unique(widget.layer_of_shifted).size == 1  # the stripes are gone, all of them
    widget.blur = True
    assert largest(widget) == 0
    widget = Equivariance(source="bars", kernel="identity", pool="max", shift=[0, 1])
    assert np.mean(np.abs(widget.difference) == 175) == 0.5
    widget.shift = [0, 2]
    assert largest(widget) == 0


def test_a_blur_helps_on_photographs():
    widget = Equivariance(source="cat", stride=2, shift=[0, 1])
    sharp = largest(widget)
    widget.blur = True
    assert 0 < largest(widget) < 0.6 * sharp


def test_pictures_are_cut_to_what_all_steps_divide():
    shapes = {13: 12, 40: 36, 200: 60}
    for size, side in shapes.items():
        pixels = np.full((size, size + 5), 7, np.uint8)
        assert Equivariance(pixels).picture.shape == (side, side)
    assert set(Equivariance().images) == {"camera", "cat", "coins", "stripes", "checkers", "bars"}


@pytest.mark.parametrize(
    ("state", "words"),
    [
        ({"kernel": "blur"}, "kernel='blur' is unknown: use a grid of numbers, or one of identity"),
        ({"kernel": [[1, 2]]}, "kernel of shape (1, 2) has no middle: use 1, 3 or 5"),
        ({"kernel": [[1] * 7]}, "is too large: use at most 5 × 5"),
        ({"shift": [1]}, "shift=[1] does not fit: use [down, right], whole numbers from 0 to 12"),
        ({"shift": [0, 13]}, "shift=[0, 13] does not fit"),
        ({"cell": [0.5, 1]}, "cell=[0.5, 1] does not fit"),
        ({"stride": 4}, "stride"),
        ({"border": "edge"}, "border"),
        ({"images": NOISE[:9]}, "too small to be shifted"),
    ],
)
def test_what_does_not_fit_is_refused(state, words):
    with pytest.raises(TraitError, match=re.escape(words)):
        Equivariance(**state)


def test_a_picture_of_the_reader_stays_in_the_browser():
    with pytest.raises(ValueError, match="source='own-1' is a picture that was opened"):
        _ = Equivariance(source="own-1").picture
