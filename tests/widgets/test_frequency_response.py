"""FrequencyResponse from Python: its numbers, by hand and by SciPy, and what it refuses."""

import numpy as np
import pytest
import scipy.signal
from traitlets import TraitError

from helpers.widgets import FrequencyResponse


def test_by_hand():
    """(½, ½) at f = ¼: the second arrow points down, and the sum is (½, −½)."""
    widget = FrequencyResponse(kernel=[0.5, 0.5], step=15)
    assert widget.frequency == 0.25
    assert widget.response == pytest.approx(0.5 - 0.5j)
    assert widget.gain == pytest.approx(np.sqrt(0.5))
    assert widget.phase == pytest.approx(-45)


def test_a_sinusoid_comes_out_scaled_and_shifted():
    rng = np.random.default_rng(3)
    for _ in range(30):
        widget = FrequencyResponse(
            kernel=rng.normal(size=rng.integers(1, 8)), step=int(rng.integers(31))
        )
        _, by_scipy = scipy.signal.freqz(widget.kernel, worN=[widget.frequency], fs=1)
        assert widget.response == pytest.approx(by_scipy[0])
        n, turns = np.arange(40), 2 * np.pi * widget.frequency
        out = np.convolve(np.cos(turns * n), widget.kernel, "valid")
        n = n[len(widget.kernel) - 1 :]
        expected = widget.gain * np.cos(turns * n + np.radians(widget.phase))
        np.testing.assert_allclose(out, expected, atol=1e-12)


@pytest.mark.parametrize(
    ("state", "message"),
    [
        ({"kernel": []}, "kernel has 0 cells: use 1 to 7"),
        ({"kernel": np.ones(8)}, "kernel has 8 cells"),
        ({"kernel": [1, -2000]}, "-2000 in kernel is too large: use numbers from −1000 to 1000"),
        ({"step": 31}, "step"),
        ({"stride": 5}, "stride"),
        ({"answer": "later"}, "answer"),
    ],
)
def test_what_does_not_fit_is_refused(state, message):
    with pytest.raises(TraitError, match=message):
        FrequencyResponse(**state)
