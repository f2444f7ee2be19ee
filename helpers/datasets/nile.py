"""The flow of a river over a hundred years: a series to be smoothed."""

import numpy as np

# Annual discharge of the Nile at Aswan in 10^8 cubic metres; one row per decade from 1871 on.
# fmt: off
_NILE = (
    1120, 1160,  963, 1210, 1160, 1160,  813, 1230, 1370, 1140,
     995,  935, 1110,  994, 1020,  960, 1180,  799,  958, 1140,
    1100, 1210, 1150, 1250, 1260, 1220, 1030, 1100,  774,  840,
     874,  694,  940,  833,  701,  916,  692, 1020, 1050,  969,
     831,  726,  456,  824,  702, 1120, 1100,  832,  764,  821,
     768,  845,  864,  862,  698,  845,  744,  796, 1040,  759,
     781,  865,  845,  944,  984,  897,  822, 1010,  771,  676,
     649,  846,  812,  742,  801, 1040,  860,  874,  848,  890,
     744,  749,  838, 1050,  918,  986,  797,  923,  975,  815,
    1020,  906,  901, 1170,  912,  746,  919,  718,  714,  740,
)
# fmt: on


def load_nile():
    """Return the annual flow of the Nile at Aswan, 1871 to 1970.

    Around 1898 the river lost more than a fifth of its water, and the years scatter so much that
    the fall is hard to date by eye: a series that asks to be smoothed.

    Returns
    -------
    years : ndarray of int, shape (100,)
        1871, 1872, ..., 1970.
    flow : ndarray of float, shape (100,)
        Discharge of each year in 10^8 cubic metres.

    Notes
    -----
    Published in G. W. Cobb, "The problem of the Nile: conditional solution to a change-point
    problem", Biometrika 65 (1978), 243-251, https://doi.org/10.2307/2335202. In the public domain;
    R (``Nile``) and statsmodels (``datasets.nile``) carry the same numbers.

    Examples
    --------
    >>> years, flow = load_nile()
    >>> int(years[flow.argmin()]), float(flow.min())
    (1913, 456.0)
    """
    flow = np.array(_NILE, dtype=float)
    return np.arange(1871, 1871 + len(flow)), flow
