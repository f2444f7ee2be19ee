"""The random numbers of a page in Python: where they come from, and what they leave alone.

That the page draws the very same is shown in `tests/browser/test_toy_data.py`.
"""

import re
from pathlib import Path

import numpy as np
import pytest

from helpers.layers import BatchNormalization, Conv2D, Dense, Flatten, Input
from helpers.network import Sequential
from helpers.widgets.draws import draw_kernels, draw_shifts, page_random

HELPERS = Path(__file__).parents[2] / "helpers"


def test_the_kernels_are_drawn_in_turn_and_the_rest_stays():
    def build():
        layers = [Conv2D(2, 3, bias_initializer="ones"), BatchNormalization(), Flatten(), Dense(3)]
        return Sequential([Input((5, 5, 1)), *layers], seed=7)

    network, before = build(), build()
    draw_kernels(network, "he_uniform", page_random(4))
    rng = np.random.RandomState(4)
    for parameter, old in zip(network.parameters, before.parameters, strict=True):
        if parameter.ndim == 1:
            assert (parameter == old).all()
            continue
        limit = np.sqrt(6 / np.prod(parameter.shape[:-1]))
        assert parameter == pytest.approx(rng.uniform(-limit, limit, parameter.shape), rel=1e-14)


@pytest.mark.parametrize("most", [0, 1, 2])
def test_shifts_reach_both_ends_evenly(most):
    shifts = draw_shifts(page_random(5), most, (1500, 2))
    assert shifts.shape == (1500, 2)
    values, counts = np.unique(shifts, return_counts=True)
    assert values.tolist() == list(range(-most, most + 1))
    assert counts.min() > 0.9 * 3000 / (2 * most + 1)


def test_nobody_else_asks_numpy_for_the_generator_of_a_page():
    users = [
        path.relative_to(HELPERS).as_posix()
        for path in HELPERS.rglob("*.py")
        if re.search(r"^[^>\n]*np\.random\.RandomState\(", path.read_text("utf-8"), re.M)
    ]
    assert users == ["widgets/draws.py"]


def test_no_script_of_a_page_draws_what_no_seed_repeats():
    scripts = [path for path in HELPERS.rglob("*.*js") if "qrcode" not in path.parts]
    assert len(scripts) > 100
    assert not [path.name for path in scripts if "Math.random" in path.read_text("utf-8")]
