"""Moved, turned, mirrored and recoloured images: by hand, and against SciPy."""

import numpy as np
import pytest
from scipy import ndimage

from helpers.augmentation import add_noise, flip, rotate, shift, shift_colours, warp, zoom


class Fixed(np.random.Generator):
    """A generator that draws what a test wants: the ends of the range, or any fraction of it."""

    def __init__(self, fraction):
        super().__init__(np.random.PCG64(0))
        self.fraction = fraction

    def uniform(self, low, high, size):
        return np.full(size, low + self.fraction * (high - low))


def images(shape=(40, 7, 6, 2), seed=1):
    return np.random.default_rng(seed).random(shape)


def moved(image, down, right):
    """Return an image moved cell by cell."""
    result = np.zeros_like(image)
    for row, col in np.ndindex(*image.shape[:2]):
        if 0 <= row + down < image.shape[0] and 0 <= col + right < image.shape[1]:
            result[row + down, col + right] = image[row, col]
    return result


def test_every_shift_is_one_of_those_allowed_and_all_occur():
    before = images((400, 5, 4, 1))
    after = shift(before, 1, np.random.default_rng(2))
    ways = [(down, right) for down in (-1, 0, 1) for right in (-1, 0, 1)]
    found = []
    for old, new in zip(before, after, strict=True):
        fits = [way for way in ways if np.array_equal(moved(old, *way), new)]
        assert len(fits) == 1
        found += fits
    counts = [found.count(way) for way in ways]
    assert min(counts) > 400 / 9 / 2
    assert max(counts) < 400 / 9 * 2


def test_shift_by_the_whole_image_leaves_paper():
    # Of the 5 x 5 shifts of two cells or less, 3 x 3 leave something in sight.
    after = shift(np.ones((500, 2, 2, 1)), 2, np.random.default_rng(1))
    assert (after.sum(axis=(1, 2, 3)) > 0).mean() == pytest.approx(9 / 25, abs=0.06)


def test_shift_keeps_bytes():
    assert shift(np.ones((2, 3, 3, 1), np.uint8), 1, np.random.default_rng(1)).dtype == np.uint8


@pytest.mark.parametrize("shape", [(3, 9, 9, 2), (2, 6, 9, 1), (2, 8, 5, 3)])
@pytest.mark.parametrize("fraction", [0.0, 0.3, 1.0])
def test_rotate_is_scipys_bilinear_rotation(shape, fraction):
    before = images(shape)
    angle = np.deg2rad(40 * (2 * fraction - 1))
    matrix = np.array([[np.cos(angle), np.sin(angle)], [-np.sin(angle), np.cos(angle)]])
    centre = (np.array(shape[1:3]) - 1) / 2
    after = rotate(before, 40, Fixed(fraction))
    for old, new in zip(before, after, strict=True):
        for channel in range(shape[3]):
            theirs = ndimage.affine_transform(
                old[..., channel], matrix, centre - matrix @ centre, order=1, mode="grid-constant"
            )
            assert new[..., channel] == pytest.approx(theirs, abs=1e-12)


def test_a_quarter_turn_by_hand():
    # + 90 degrees: what lies at the top comes to lie on one side
    turned = rotate([[[[1.0], [2.0]], [[3.0], [4.0]]]], 90, Fixed(1.0))[0, :, :, 0]
    assert turned == pytest.approx(np.array([[2.0, 4.0], [1.0, 3.0]]))


def test_rotation_by_nothing_changes_nothing():
    assert rotate(images(), 0, np.random.default_rng(1)) == pytest.approx(images(), abs=1e-12)


def test_every_image_gets_an_angle_of_its_own():
    before = np.repeat(images((1, 7, 7, 1)), 30, axis=0)
    after = rotate(before, 30, np.random.default_rng(1))
    assert len({array.tobytes() for array in after}) == 30


def test_flip_mirrors_about_half():
    before = images((300, 4, 5, 1))
    after = flip(before, np.random.default_rng(1))
    mirrored = [np.array_equal(new, old[:, ::-1]) for old, new in zip(before, after, strict=True)]
    kept = [np.array_equal(new, old) for old, new in zip(before, after, strict=True)]
    assert 100 < sum(mirrored) < 200
    assert sum(mirrored) + sum(kept) == 300
    assert np.array_equal(flip(before, np.random.default_rng(1), 1.0), before[:, :, ::-1])
    assert np.array_equal(flip(before, np.random.default_rng(1), 0.0), before)


def test_colours_move_together_within_a_channel_and_not_beyond_the_range():
    before = np.full((50, 3, 3, 3), 0.5)
    after = shift_colours(before, 0.2, np.random.default_rng(1))
    change = after - before
    assert np.ptp(change, axis=(1, 2)).max() < 1e-12
    assert (np.ptp(change, axis=3) > 0).all()
    assert 0.1 < np.abs(change).max() <= 0.2
    wild = shift_colours(before, 5, np.random.default_rng(1))
    assert wild.min() == 0
    assert wild.max() == 1


def test_nothing_given_is_changed_and_the_same_seed_repeats():
    before = images()
    kept = before.copy()
    for change in (
        lambda rng: shift(before, 2, rng),
        lambda rng: rotate(before, 20, rng),
        lambda rng: flip(before, rng),
        lambda rng: shift_colours(before, 0.1, rng),
    ):
        one, again, other = (change(np.random.default_rng(seed)) for seed in (1, 1, 2))
        assert np.array_equal(one, again)
        assert not np.array_equal(one, other)
        assert one.shape == before.shape
        assert not np.shares_memory(one, before)
    assert np.array_equal(before, kept)


@pytest.mark.parametrize(
    ("call", "kind", "message"),
    [
        (lambda: shift(np.ones((3, 3)), 1, np.random.default_rng(1)), ValueError, "N, H, W, C"),
        (lambda: shift(images(), 0.5, np.random.default_rng(1)), TypeError, "not a whole number"),
        (lambda: shift(images(), 8, np.random.default_rng(1)), ValueError, "use at most 7"),
        (
            lambda: shift(images(), 1, 7),
            TypeError,
            r"rng=7 does not fit: use np.random.default_rng",
        ),
        (lambda: rotate(images(), -1, np.random.default_rng(1)), ValueError, "most=-1 does not"),
        (lambda: flip(images(), np.random.default_rng(1), 2), ValueError, "number from 0 to 1"),
        (
            lambda: shift_colours(images(), 1, np.random.default_rng(1), largest=0),
            ValueError,
            "largest=0 does not fit: use a number above 0",
        ),
    ],
)
def test_errors(call, kind, message):
    with pytest.raises(kind, match=message):
        call()


@pytest.mark.parametrize("seed", range(4))
def test_warp_is_scipys_affine_transform(seed):
    rng = np.random.default_rng(seed)
    before = images((3, 8, 9, 2), seed)
    down, right, angle = rng.uniform(-2, 2, 3), rng.uniform(-2, 2, 3), rng.uniform(-180, 180, 3)
    zooms, mirrored = rng.uniform(0.6, 1.5, 3), np.array([True, False, seed % 2 == 0])
    after = warp(before, down=down, right=right, angle=angle, zoom=zooms, mirrored=mirrored)
    middle = np.array([3.5, 4.0])
    for n in range(3):
        turn = np.deg2rad(angle[n])
        back = np.array([[np.cos(turn), np.sin(turn)], [-np.sin(turn), np.cos(turn)]]) / zooms[n]
        offset = middle - back @ (middle + [down[n], right[n]])
        for channel in range(2):
            expected = ndimage.affine_transform(
                before[n, :, :, channel], back, offset, order=1, mode="grid-constant"
            )
            expected = expected[:, ::-1] if mirrored[n] else expected
            np.testing.assert_allclose(after[n, :, :, channel], expected, atol=1e-9)


def test_zoom_by_two_keeps_every_other_cell():
    image = images((1, 5, 5, 1))
    doubled = zoom(image, 0.5, Fixed(1.0))  # 1 + 0.5
    np.testing.assert_allclose(doubled, warp(image, zoom=1.5))
    halved = warp(image, zoom=0.5)[0, :, :, 0]
    np.testing.assert_allclose(halved[1:4, 1:4], image[0, ::2, ::2, 0])


def test_noise_has_the_wanted_deviation_and_stays_in_range():
    noisy = add_noise(np.full((50, 20, 20, 1), 0.5), 0.1, np.random.default_rng(1))
    assert noisy.std() == pytest.approx(0.1, rel=0.03)
    assert noisy.mean() == pytest.approx(0.5, abs=0.005)
    assert add_noise(np.ones((1, 9, 9, 1)), 2.0, np.random.default_rng(2)).max() == 1


@pytest.mark.parametrize(
    ("call", "message"),
    [
        (lambda x, rng: zoom(x, 1, rng), "most=1"),
        (lambda x, rng: warp(x, zoom=0), "zoom=0 does not fit: use factors above 0"),
        (lambda x, rng: add_noise(x, -1, rng), "deviation=-1"),
    ],
)
def test_what_does_not_fit_a_warp_is_refused(call, message):
    with pytest.raises(ValueError, match=message):
        call(images((1, 3, 3, 1)), np.random.default_rng(0))
