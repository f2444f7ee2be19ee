"""Names and bad arrays that several tests of the arithmetic go through."""

import numpy as np

NUMPY_MODE = {
    "zeros": "constant",
    "reflect": "reflect",
    "symmetric": "symmetric",
    "edge": "edge",
    "wrap": "wrap",
}

NOT_NUMBERS = "does not hold real numbers only: use an array or a list of integers or floats"
BAD_ARRAYS = [
    ([], ValueError, "{name}=[] is empty: give it at least one number"),
    (np.zeros((0,)), ValueError, "{name}=array([], dtype=float64) is empty"),
    ([[1], [1, 2]], ValueError, "{name}=[[1], [1, 2]] is ragged: make all its rows equally long"),
    (["1", "2"], TypeError, "{name}=['1', '2'] " + NOT_NUMBERS),
    ("12", TypeError, "{name}='12' " + NOT_NUMBERS),
    (None, TypeError, "{name}=None " + NOT_NUMBERS),
    ([1, None], TypeError, "{name}=[1, None] " + NOT_NUMBERS),
    ([1j], TypeError, "{name}=[1j] " + NOT_NUMBERS),
    ({1: 2}, TypeError, "{name}={{1: 2}} " + NOT_NUMBERS),
    (np.array(["2020-01-01"], "datetime64[D]"), TypeError, NOT_NUMBERS),
]

WHOLE = "is not a whole number: use an integer of at least"
