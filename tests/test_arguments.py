"""What goes wrong in silence elsewhere is refused where arguments are read."""

import numpy as np
import pytest

from helpers import convolution, losses, plots
from helpers.arguments import as_numbers

MASKED = np.ma.masked_array([1.0, 2.0], mask=[True, False])


@pytest.mark.parametrize("value", [MASKED, [1.0, np.ma.masked], [MASKED, MASKED], (MASKED,)])
def test_masked_entries_are_refused_wherever_they_hide(value):
    with pytest.raises(TypeError, match="masked entries: fill them first"):
        as_numbers("signal", value)
    with pytest.raises(TypeError, match="masked entries"):
        plots.curves({"a": ([0, 1], value)}, alt="A curve.")


def test_a_mask_that_hides_nothing_is_no_hindrance():
    assert as_numbers("x", np.ma.masked_array([1, 2], mask=[False, False])).tolist() == [1, 2]


@pytest.mark.parametrize(
    "call",
    [
        lambda big: convolution.convolve1d([big, big], [2, 2]),
        lambda big: convolution.cross_correlate1d([-big, -big], [2, 2]),
        lambda big: convolution.convolve2d(np.full((3, 3), big), np.ones((2, 2), int)),
        lambda big: convolution.conv_layer(np.full((1, 3, 3, 1), big), np.ones((2, 2, 1, 1), int)),
    ],
)
def test_sums_that_would_wrap_around_are_refused(call):
    with pytest.raises(ValueError, match="too large for a 64-bit integer: use floats"):
        call(2**62)
    assert np.abs(call(2**58)).max() >= 2**59
    assert np.abs(call(2.0**62)).max() >= 2.0**63


def test_a_whole_float_is_told_the_integer_that_it_is():
    with pytest.raises(TypeError, match=r"^input_size=112.0 is a float: use the integer 112$"):
        convolution.output_size(112.0, 3)


@pytest.mark.parametrize("shape", [(3,), (3, 1), (2, 3), (2, 3, 1)])
def test_class_numbers_of_several_axes_become_rows_as_in_keras(shape):
    keras = pytest.importorskip("keras")
    classes = np.arange(np.prod(shape)).reshape(shape) % 4
    expected = keras.utils.to_categorical(classes, 4)
    assert losses.to_categorical(classes, 4).tolist() == expected.tolist()
