"""The exercise on a transposed convolution along a row, as Keras's layer computes it.

The right answers come from the matrix of the strided convolution, transposed.
"""

import numpy as np

from helpers.checks.diagnosis import Exercise, diagnose, tell


def conv_transpose1d(function):
    """Check a function of (values, kernel, stride): a transposed convolution along a row.

    Parameters
    ----------
    function : callable
        Takes two 1-D arrays and a stride that is at most the kernel's length; returns the row of
        (len(values) - 1)·stride + len(kernel) numbers that the values, laid out stride cells apart
        and each times the kernel, add up to.

    Examples
    --------
    >>> import numpy as np
    >>> conv_transpose1d(lambda values, kernel, stride: np.convolve(values, kernel))
    ... # doctest: +ELLIPSIS
    ✗ The stride is left out: copies of the kernel lie stride cells apart.
    ...
    """
    tell(diagnose(function, conv_transpose1d_exercise()))


def conv_transpose1d_exercise():
    """Return the exercise on (values, kernel, stride)."""
    rng = np.random.default_rng(31)
    cases = [
        {"values": np.array([2, 3]), "kernel": np.array([1, 4, 2]), "stride": 1},
        {"values": np.array([2, 3]), "kernel": np.array([1, 5]), "stride": 2},
        {"values": np.array([2, 3, 1]), "kernel": np.array([1, 4, 7]), "stride": 2},
    ]
    for _ in range(15):
        stride = int(rng.integers(1, 4))
        kernel = rng.choice(np.arange(1, 10), size=rng.integers(max(stride, 2), 6), replace=False)
        values = rng.choice(np.arange(1, 9), size=rng.integers(2, 6), replace=False)
        cases.append({"values": values, "kernel": kernel, "stride": stride})
    oracle = "the transposed matrix of a strided layer"
    return Exercise(oracle, _expected, cases, _slips, _patterns)


def _expected(values, kernel, stride):
    size = (len(values) - 1) * stride + len(kernel)
    matrix = np.zeros((len(values), size), int)
    for row in range(len(values)):
        matrix[row, row * stride : row * stride + len(kernel)] = kernel
    return matrix.T @ values


def _spread(values, stride, end=0):
    spread = np.zeros((len(values) - 1) * stride + 1 + end, int)
    spread[: (len(values) - 1) * stride + 1 : stride] = values
    return spread


def _slips(values, kernel, stride):
    """Return {what went wrong: what comes out}."""
    size = (len(values) - 1) * stride + len(kernel)
    replaced = np.zeros(size, int)
    for row, value in enumerate(values):
        replaced[row * stride : row * stride + len(kernel)] = value * kernel
    right = np.convolve(_spread(values, stride), kernel)
    return {
        "The stride is left out: copies of the kernel lie stride cells apart.": (
            np.convolve(values, kernel)
        ),
        "Where copies of the kernel overlap they are added; here the last one wins.": replaced,
        "The kernel is turned: each value is multiplied by the kernel as it is.": (
            np.convolve(_spread(values, stride), kernel[::-1])
        ),
        "This is the layer forward, from many numbers to few: transposed goes from few to many.": (
            np.correlate(values, kernel, "valid")[::stride] if len(values) >= len(kernel) else None
        ),
        "Zeros come between the values only, none after the last one.": (
            np.convolve(_spread(values, stride, stride - 1), kernel) if stride > 1 else None
        ),
        "These are the values with zeros between them: the kernel is missing.": (
            _spread(values, stride)
        ),
        "The last cells are missing: the last value's copy of the kernel is as long as any.": (
            right[: len(values) * stride]
        ),
        "Every copy of the kernel is alike: multiply it by its value.": (
            np.convolve(_spread(np.ones(len(values), int), stride), kernel)
        ),
        "The output is too long: the last copy ends at (len(values) - 1) * stride + len(kernel).": (
            np.append(right, np.zeros(stride, int))
        ),
        "These are the values, with zeros between and after them: the kernel is missing.": (
            np.append(_spread(values, stride), np.zeros(len(kernel) - 1, int))
        ),
        "The values are repeated, as in nearest-neighbour enlargement.": np.repeat(values, stride),
    }


def _patterns(values, kernel, stride):
    """Return {what went wrong: whether the result is right here}."""
    return {
        "Right only for a stride of 1.": stride == 1,
        "Right only where copies of the kernel do not overlap.": stride >= len(kernel),
    }
