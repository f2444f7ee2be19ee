"""Reading arguments: from whatever was passed to arrays and whole numbers for every axis.

What makes no sense ends in an error that repeats what was passed and says what would fit, so that
no function of the book has to fail somewhere inside. Everything here works for any number of axes.
"""

import operator
import reprlib

import numpy as np

MODES = ("zeros", "reflect", "symmetric", "edge", "wrap")

_NAMED_PADDING = {
    "full": lambda span: (span - 1, span - 1),
    "same": lambda span: (span // 2, (span - 1) // 2),
    "valid": lambda span: (0, 0),
}


def span_of(kernel_size, dilation):
    """Return how many input cells a kernel reaches over, the gaps included."""
    return dilation * (kernel_size - 1) + 1


def ghost_cells(padding, spans):
    """Return (before, after) for each axis, along which the kernel spans so many cells."""
    if not isinstance(padding, str):
        return as_pairs(padding, len(spans))
    if padding not in _NAMED_PADDING:
        raise ValueError(
            f"padding={padding!r} is unknown: use one of {', '.join(_NAMED_PADDING)}, "
            "a number of cells, or (before, after)"
        )
    return [_NAMED_PADDING[padding](span) for span in spans]


def _is_sequence(value):
    """Tell several numbers from a single one."""
    return isinstance(value, (list, tuple)) or (isinstance(value, np.ndarray) and value.ndim > 0)


def as_pairs(padding, axes):
    """Return (before, after) for each axis from one number, one pair, or a pair for each axis."""
    if not _is_sequence(padding):
        amount = as_count("padding", padding, least=0)
        return [(amount, amount)] * axes

    def is_pair(value):
        return _is_sequence(value) and len(value) == 2

    pairs = padding
    if axes == 1 and is_pair(padding) and not any(map(is_pair, padding)):
        pairs = [padding]
    if len(pairs) != axes or not all(map(is_pair, pairs)):
        fits = "(before, after)" if axes == 1 else f"a (before, after) for each of the {axes} axes"
        raise ValueError(f"padding={padding} does not fit: use one number, or {fits}")
    return [tuple(as_count("padding", n, least=0, given=padding) for n in pair) for pair in pairs]


def as_counts(name, value, axes):
    """Return one count per axis from one number or from one number per axis."""
    if not _is_sequence(value):
        return [as_count(name, value)] * axes
    if len(value) != axes:
        fits = "one number" if axes == 1 else f"one number, or one for each of the {axes} axes"
        raise ValueError(f"{name}={value} does not fit: use {fits}")
    return [as_count(name, n, given=value) for n in value]


def as_count(name, value, least=1, given=None):
    """Return a Python int of at least so much; `given` is what the message repeats instead."""
    given = value if given is None else given
    try:
        # True would pass as 1, and `stride=True` is a slip that deserves to be named.
        if isinstance(value, (bool, np.bool_)):
            raise TypeError
        count = operator.index(value)
    except TypeError:
        raise TypeError(
            f"{name}={given!r} is not a whole number: use an integer of at least {least}"
        ) from None
    if count < least:
        raise ValueError(f"{name}={given} is too small: use an integer of at least {least}")
    return count


def as_numbers(name, value, axes=None):
    """Return a non-empty array of real numbers, with so many axes; booleans become 0 and 1."""
    try:
        array = np.asarray(value)
    except ValueError:
        raise ValueError(
            f"{name}={reprlib.repr(value)} is ragged: make all its rows equally long"
        ) from None
    if array.dtype.kind not in "biuf":
        raise TypeError(
            f"{name}={reprlib.repr(value)} does not hold real numbers only: "
            "use an array or a list of integers or floats"
        )
    if array.size == 0:
        raise ValueError(f"{name}={reprlib.repr(value)} is empty: give it at least one number")
    if array.ndim != axes if axes else array.ndim == 0:
        fits = f"{axes} {'axis' if axes == 1 else 'axes'}" if axes else "at least one axis"
        raise ValueError(f"{name} of shape {array.shape} does not fit: use an array with {fits}")
    return array.astype(np.int64) if array.dtype.kind == "b" else array


def type_of_sums(array, kernel):
    """Return the type to calculate in: int64 for integers, else what NumPy would take."""
    if "f" in (array.dtype.kind, kernel.dtype.kind):
        return np.result_type(array, kernel)
    for largest in (array.max(), kernel.max()):
        if largest > np.iinfo(np.int64).max:
            raise ValueError(f"{largest} is too large for a 64-bit integer: use floats")
    return np.dtype(np.int64)


def explain_misfit(input_size, kernel_size, before, after, dilation):
    """Return the sentence for a kernel that is longer than the input with its padding."""
    span, room = span_of(kernel_size, dilation), before + input_size + after
    padding = before if before == after else (before, after)
    ways_out = [f"padding >= {-(-(span - input_size) // 2)}"]
    kernel = f"kernel_size={kernel_size}"
    if dilation > 1:
        kernel += f" with dilation={dilation} spans {span} cells and"
        if room >= kernel_size:
            largest = (room - 1) // (kernel_size - 1)
            ways_out.append(f"dilation {'=' if largest == 1 else '<='} {largest}")
    ways_out.append(f"a kernel of at most {(room - 1) // dilation + 1}")
    return (
        f"{kernel} does not fit input_size={input_size} with padding={padding}: "
        f"use {', '.join(ways_out[:-1])} or {ways_out[-1]}"
    )
