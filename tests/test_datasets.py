"""The embedded data against what others published about it."""

import numpy as np
import pytest

from helpers import datasets


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
