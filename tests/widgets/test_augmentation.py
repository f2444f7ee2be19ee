"""Augmentation in Python: the pictures, what is drawn, and what is refused."""

import numpy as np
import pytest
from traitlets import TraitError

from helpers.widgets import Augmentation

COLOUR = np.random.default_rng(3).integers(0, 256, (96, 60, 3), dtype=np.uint8)


def test_a_picture_is_cut_to_its_middle_square():
    widget = Augmentation({"noise": COLOUR}, pixels=28)
    cut = widget.picture()
    assert cut.shape == (28, 28, 3)
    # Row 0 of 28 stands for rows 0 and 1 of the 60 in the middle, which begin at row 18.
    block = COLOUR[18:20, 0:2, 1].mean()
    assert 255 * cut[0, 0, 1] == pytest.approx(np.floor(block + 0.5))
    assert Augmentation({"noise": COLOUR}, pixels=64).picture().shape == (60, 60, 3)


def test_without_any_change_the_twelve_are_the_picture():
    widget = Augmentation(shift=0, rotate=0, zoom=0)
    np.testing.assert_allclose(widget.drawn(), np.repeat(widget.picture()[None], 12, axis=0))


def test_a_setting_changes_its_own_effect_only():
    widget = Augmentation(shift=4, rotate=0, zoom=0)
    moved = widget.drawn()
    widget.flip = 1
    np.testing.assert_allclose(widget.drawn(), moved[:, :, ::-1])


@pytest.mark.parametrize(
    ("state", "message"),
    [
        ({"rotate": 181}, "rotate=181.0 does not fit: use a number from 0 to 180"),
        ({"zoom": float("nan")}, "zoom must hold finite numbers"),
        ({"pixels": 30}, "30"),
        ({"cell": [3]}, r"cell=\[3\] does not fit: use \[row, column\]"),
        ({"cell": [0.5, 1]}, "does not fit"),
        ({"source": "dog"}, "source='dog' names no picture: use 6, 9, cat"),
    ],
)
def test_what_does_not_fit_is_refused(state, message):
    with pytest.raises(TraitError, match=message):
        Augmentation(**state)
