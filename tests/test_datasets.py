"""The embedded data against what others published about it."""

import socket
from pathlib import Path

import numpy as np
import pytest
import skimage

from helpers import datasets
from helpers.datasets.photos import scale_down


def test_nile_agrees_with_the_published_summary():
    # `summary(Nile)` and `sd(Nile)` in R, which carries the same series.
    years, flow = datasets.load_nile()
    assert years[0] == 1871
    assert years[-1] == 1970
    assert np.array_equal(np.diff(years), np.ones(99))
    assert flow.shape == years.shape == (100,)
    quartiles = np.percentile(flow, [0, 25, 50, 75, 100])
    assert quartiles.tolist() == [456, 798.5, 893.5, 1032.5, 1370]
    assert flow.mean() == pytest.approx(919.35)
    assert flow.std(ddof=1) == pytest.approx(169.2275, abs=1e-4)


def test_nile_years_are_in_order():
    # Known years, so that a swap of rows, which no summary notices, is noticed.
    flow = dict(zip(*datasets.load_nile(), strict=True))
    known = {1871: 1120, 1877: 813, 1879: 1370, 1898: 1100, 1899: 774, 1913: 456, 1964: 1170}
    assert {year: flow[year] for year in known} == known


def test_nile_level_falls_in_1898():
    # Cobb's change point: the split of the series in two levels with the smallest squared error.
    years, flow = datasets.load_nile()
    errors = [
        len(part_1) * part_1.var() + len(part_2) * part_2.var()
        for part_1, part_2 in (np.split(flow, [cut]) for cut in range(1, len(flow)))
    ]
    assert years[np.argmin(errors)] == 1898


def test_nile_is_a_fresh_copy():
    first = datasets.load_nile()
    first[0][:] = 0
    first[1][:] = np.nan
    years, flow = datasets.load_nile()
    assert years.min() == 1871
    assert not np.isnan(flow).any()


class TestPhotos:
    @pytest.mark.parametrize("name", datasets.PHOTOS)
    def test_every_photograph_lies_in_the_wheel_and_needs_no_network(self, name, monkeypatch):
        def no_network(*address, **options):
            raise AssertionError(f"{name} asks for {address}")

        monkeypatch.setattr(socket.socket, "connect", no_network)
        monkeypatch.setattr(socket, "getaddrinfo", no_network)
        photo = datasets.load_photo(name)
        assert photo.dtype == np.uint8
        assert photo.ndim == 2
        assert min(photo.shape) >= 128
        begins = {"cat": "chelsea"}.get(name, name)
        assert list((Path(skimage.__file__).parent / "data").glob(f"{begins}*"))

    @pytest.mark.parametrize("name", datasets.PHOTOS)
    def test_what_is_called_colourful_is(self, name):
        original = getattr(skimage.data, name)()
        photo = datasets.PHOTOS[name]
        assert photo.colour == (original.ndim == 3 and bool(np.ptp(original, axis=2).any()))
        assert photo.subject and photo.credit
        if photo.colour:
            assert np.array_equal(datasets.load_photo(name, colour=True), original)
        else:
            assert np.array_equal(datasets.load_photo(name), original)

    @pytest.mark.parametrize("name", ["clock", "retina", "brick", "coins", "coffee"])
    def test_the_terms_are_those_that_scikit_image_states(self, name):
        stated = " ".join(getattr(skimage.data, name).__doc__.split())
        terms = datasets.PHOTOS[name].credit.split(", ")[-1]
        assert terms.lower() in stated.lower()

    def test_grey_is_as_bright_as_the_colours_look(self):
        colours = datasets.load_photo("cat", colour=True).astype(float)
        weighted = colours @ [0.2125, 0.7154, 0.0721]
        assert np.abs(datasets.load_photo("cat") - weighted).max() <= 0.5 + 1e-9

    def test_size_keeps_the_middle_and_the_proportions(self):
        # 512 x 512 to 2 x 1: the middle 256 columns, of which each half becomes one pixel.
        photo = datasets.load_photo("camera").astype(float)
        small = datasets.load_photo("camera", size=(2, 1))
        middle = photo[:, 128:384]
        halves = [[middle[:256].mean()], [middle[256:].mean()]]
        assert np.abs(small - halves).max() < 15
        assert np.array_equal(datasets.load_photo("camera", size=512), photo)
        assert np.array_equal(
            datasets.load_photo("cat", size=300), datasets.load_photo("cat")[:, 75:375]
        )

    @pytest.mark.parametrize("size", [1, 128, (128, 100), (40, 300)])
    @pytest.mark.parametrize("colour", [False, True])
    def test_sizes(self, size, colour):
        photo = datasets.load_photo("coffee", colour=colour, size=size)
        shape = (size, size) if isinstance(size, int) else size
        assert photo.shape == ((*shape, 3) if colour else shape)
        assert photo.dtype == np.uint8

    def test_fine_stripes_turn_grey_not_into_coarse_stripes(self):
        stripes = np.tile(np.array([0, 255], np.uint8), (100, 50))
        scaled = scale_down(stripes, [45, 45])
        assert np.abs(scaled[5:-5, 5:-5].astype(int) - 127).max() < 40

    def test_it_is_a_fresh_copy(self):
        for options in [{}, {"size": 512}]:
            datasets.load_photo("camera", **options)[:] = 0
            assert datasets.load_photo("camera", **options).any()

    @pytest.mark.parametrize(
        ("arguments", "error", "message"),
        [
            ({"name": "lena"}, ValueError, "name='lena' is unknown: use one of astronaut, brick"),
            ({"name": None}, ValueError, "name=None is unknown: use one of astronaut, brick"),
            (
                {"name": "camera", "colour": True},
                ValueError,
                "name='camera' has no colour: use one of astronaut, cat, coffee, hubble_deep_field",
            ),
            ({"size": 0}, ValueError, "size=0 is too small: use an integer of at least 1"),
            ({"size": 1.5}, TypeError, "size=1.5 is not a whole number"),
            ({"size": (1, 2, 3)}, ValueError, "size=(1, 2, 3) does not fit: use one number, or o"),
            (
                {"size": 301},
                ValueError,
                "size=(301, 301) is too large: the photograph has 300 x 451 pixels",
            ),
        ],
    )
    def test_errors(self, arguments, error, message):
        with pytest.raises(error) as raised:
            datasets.load_photo(**{"name": "cat", **arguments})
        assert message in str(raised.value)


class TestDigits:
    def test_what_they_are(self):
        from sklearn.datasets import load_digits

        digits = load_digits()
        (x_train, y_train), (x_test, y_test) = datasets.load_digits(test_samples=300)
        x, y = np.concatenate([x_train, x_test]), np.concatenate([y_train, y_test])
        assert (len(x_train), len(x_test)) == (1497, 300)
        assert np.bincount(y).tolist() == np.bincount(digits.target).tolist()

        # Every image once, with its own label.
        def rows(images, labels):
            ink = np.rint(images.reshape(len(images), -1)).astype(int)
            return sorted(zip(map(tuple, ink.tolist()), labels.tolist(), strict=True))

        assert rows(x * (16 / 255), y) == rows(digits.images, digits.target)

    def test_the_draw_repeats_with_its_seed(self):
        first, again, other = (datasets.load_digits(seed=seed)[1][1] for seed in (1, 1, 2))
        assert np.array_equal(first, again)
        assert not np.array_equal(first, other)

    def test_scaled_up_the_ink_stays_in_its_place(self):
        (small, labels), _ = datasets.load_digits()
        (large, same_labels), _ = datasets.load_digits(size=28)
        assert large.shape == (len(small), 28, 28)
        assert np.array_equal(labels, same_labels)
        quarters = (slice(None, 4), slice(4, None)), (slice(None, 14), slice(14, None))
        for rows, large_rows in zip(*quarters, strict=True):
            share = small[:, rows].mean(axis=(1, 2))
            assert large[:, large_rows].mean(axis=(1, 2)) == pytest.approx(share, abs=12)

    @pytest.mark.parametrize(
        ("options", "message"),
        [
            ({"size": 16}, "size=16 does not fit: use 8 or 28"),
            ({"test_samples": 1797}, "test_samples=1797 leaves none to train on: use at most 1796"),
            ({"test_samples": 0}, "test_samples=0 is too small"),
        ],
    )
    def test_errors(self, options, message):
        with pytest.raises(ValueError, match=message):
            datasets.load_digits(**options)
