"""Reading arguments: from whatever was passed to arrays and whole numbers for every axis.

What makes no sense ends in an error that repeats what was passed and says what would fit, so that
no function of the book has to fail somewhere inside. Everything here works for any number of axes.
"""

import operator
from numbers import Real

import numpy as np

from helpers.limits import refuse_size, told

LARGEST = float(np.finfo(np.float64).max)

MODES = ("zeros", "reflect", "symmetric", "edge", "wrap")

# (before, after) from the size of the input, the cells that the kernel spans, and the stride.
SIGNAL_PADDING = {
    "full": lambda size, span, stride: (span - 1, span - 1),
    "same": lambda size, span, stride: (span // 2, (span - 1) // 2),
    "valid": lambda size, span, stride: (0, 0),
}


def span_of(kernel_size, dilation):
    """Return how many input cells a kernel reaches over, the gaps included."""
    return dilation * (kernel_size - 1) + 1


def ghost_cells(padding, input_shape, spans, strides, rules=SIGNAL_PADDING):
    """Return (before, after) for each axis; `rules` says what the names of paddings mean."""
    axes = len(input_shape)
    if not isinstance(padding, str):
        return as_pairs(padding, axes)
    if padding not in rules:
        raise ValueError(
            f"padding={told(padding)} is unknown: use one of {', '.join(rules)}, "
            f"a number of cells, or {_pairs_for(axes)}"
        )
    return [rules[padding](*axis) for axis in zip(input_shape, spans, strides, strict=True)]


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
        raise ValueError(
            f"padding={told(padding)} does not fit: use one number, or {_pairs_for(axes)}"
        )
    return [tuple(as_count("padding", n, least=0, given=padding) for n in pair) for pair in pairs]


def _pairs_for(axes):
    return "(before, after)" if axes == 1 else f"a (before, after) for each of the {axes} axes"


def as_counts(name, value, axes):
    """Return one count per axis from one number or from one number per axis."""
    if not _is_sequence(value):
        return [as_count(name, value)] * axes
    if len(value) != axes:
        fits = "one number" if axes == 1 else f"one number, or one for each of the {axes} axes"
        raise ValueError(f"{name}={told(value)} does not fit: use {fits}")
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
        whole = isinstance(value, float) and value.is_integer() and value >= least
        raise TypeError(
            f"{name}={told(given)} is a float: use the integer {told(int(value))}"
            if whole and given is value
            else f"{name}={told(given)} is not a whole number: use an integer of at least {least}"
        ) from None
    if count < least:
        raise ValueError(f"{name}={told(given)} is too small: use an integer of at least {least}")
    return count


def as_operands(name, array, kernel, axes):
    """Return an array and a kernel with so many axes, both in the type of their sums."""
    array, kernel = as_numbers(name, array, axes), as_numbers("kernel", kernel, axes)
    dtype = type_of_sums(array, kernel)
    refuse_wrapping(dtype, array, kernel)
    return array.astype(dtype, copy=False), kernel.astype(dtype, copy=False)


def as_numbers(name, value, axes=None, *, shape=None):
    """Return a non-empty array of real numbers, with so many axes; booleans become 0 and 1.

    `shape` names the axes for the message, as in "(N, H, W, C_in)".
    """
    if isinstance(value, range) and value:  # NumPy would write out all of them to find out
        refuse_size(f"{name}={value!r}", ((value[-1] - value[0]) // value.step + 1,), np.int64)
    if isinstance(value, range):
        value = np.arange(value.start, value.stop, value.step)
    if _holds_masked(value):
        raise TypeError(
            f"{name}={told(value)} has masked entries: fill them first, {name}.filled(0)"
        )
    try:
        array = np.asarray(value)
    except ValueError:
        raise ValueError(
            f"{name}={told(value)} is ragged: make all its rows equally long"
        ) from None
    except Exception:  # whatever an object does that is no array
        array = None
    if array is None or array.dtype.kind not in "biuf":
        raise TypeError(
            f"{name}={told(value)} does not hold real numbers only: "
            "use an array or a list of integers or floats"
        )
    if array.size == 0:
        raise ValueError(f"{name}={told(value)} is empty: give it at least one number")
    if array.ndim != axes if axes else array.ndim == 0:
        fits = f"{axes} {'axis' if axes == 1 else 'axes'}" if axes else "at least one axis"
        fits = f"of shape {shape}" if shape else f"with {fits}"
        raise ValueError(f"{name} of shape {array.shape} does not fit: use an array {fits}")
    refuse_size(name, array.shape, np.float64)  # a view may stretch few numbers over many cells
    return array.astype(np.int64) if array.dtype.kind == "b" else array


def _holds_masked(value):
    if isinstance(value, (list, tuple)):
        return any(map(_holds_masked, value))
    return np.ma.is_masked(value)


def as_flag(name, value):
    """Return a bool; other things count as true without meaning it, "no" among them."""
    if not isinstance(value, (bool, np.bool_)):
        raise TypeError(f"{name}={told(value)} does not fit: use True or False")
    return bool(value)


def as_real(name, value, *, at_least=None, at_most=None, above=None, below=None):
    """Return a finite number as it is, or refuse it with the range that would fit."""
    fits = (
        isinstance(value, Real)
        and not isinstance(value, bool)
        and -LARGEST <= value <= LARGEST
        and (at_least is None or value >= at_least)
        and (at_most is None or value <= at_most)
        and (above is None or value > above)
        and (below is None or value < below)
    )
    if not fits:
        bounds = _in_words(at_least, at_most, above, below)
        raise ValueError(f"{name}={told(value)} does not fit: use a {bounds}")
    return value


def _in_words(at_least, at_most, above, below):
    """Return "number from 0 to below 1", or how else a range is called."""
    lower = f"above {above}" if above is not None else f"from {at_least}"
    upper = f"to below {below}" if below is not None else f"to {at_most}"
    if below is None and at_most is None:
        if at_least is None and above is None:
            return "finite number"
        return f"number {lower}" if above is not None else f"number of at least {at_least}"
    return f"number {lower} {upper}"


def as_rng(seed):
    """Return a random generator from a whole number, a generator, or None for other numbers."""
    if isinstance(seed, (np.random.Generator, np.random.BitGenerator, np.random.SeedSequence)):
        return np.random.default_rng(seed)
    try:
        return np.random.default_rng(None if seed is None else as_count("seed", seed, least=0))
    except (TypeError, ValueError):
        raise TypeError(
            f"seed={told(seed)} does not fit: use a whole number of at least 0, "
            "a numpy.random.Generator, or None"
        ) from None


def as_list(name, value, fits):
    """Return the entries of a list or tuple; `fits` shows in the message what one looks like."""
    if not isinstance(value, (list, tuple)):
        raise TypeError(f"{name}={told(value)} is no list: use {fits}")
    return list(value)


def one_of(name, value, known):
    """Return a name that is among the known ones."""
    if not isinstance(value, str) or value not in known:
        raise ValueError(f"{name}={told(value)} is unknown: use one of {', '.join(known)}")
    return value


def as_function(name, value):
    """Return what can be called."""
    if not callable(value):
        raise TypeError(
            f"{name}={told(value)} cannot be called: use a function, without calling it"
        )
    return value


def type_of_sums(*arrays):
    """Return the type to calculate in: int64 for integers, else what NumPy would take."""
    if any(array.dtype.kind == "f" for array in arrays):
        return np.result_type(*arrays)
    for largest in map(np.max, arrays):
        if largest > np.iinfo(np.int64).max:
            raise ValueError(f"{largest} is too large for a 64-bit integer: use floats")
    return np.dtype(np.int64)


def refuse_wrapping(dtype, array, kernel):
    """Raise ValueError for whole numbers whose sums of products may leave 64 bits, and wrap."""
    if dtype.kind == "f":
        return
    largest = float(kernel.size)
    for factor in (array, kernel):
        largest *= max(abs(float(factor.max())), abs(float(factor.min())))
    if largest > np.iinfo(np.int64).max:
        raise ValueError(
            f"sums of products of such whole numbers may reach {largest:.2g}, too large for a "
            "64-bit integer: use floats"
        )


def explain_misfit(input_size, kernel_size, before, after, dilation, sliding="kernel"):
    """Return the sentence for a kernel that is longer than the input with its padding."""
    span, room = span_of(kernel_size, dilation), before + input_size + after
    padding = before if before == after else (before, after)
    ways_out = [f"padding >= {told(-(-(span - input_size) // 2))}"]
    kernel = f"{sliding}_size={told(kernel_size)}"
    if dilation > 1:
        kernel += f" with dilation={told(dilation)} spans {told(span)} cells and"
        if room >= kernel_size:
            largest = (room - 1) // (kernel_size - 1)
            ways_out.append(f"dilation {'=' if largest == 1 else '<='} {told(largest)}")
    ways_out.append(f"a {sliding} of at most {told((room - 1) // dilation + 1)}")
    return (
        f"{kernel} does not fit input_size={told(input_size)} with padding={told(padding)}: "
        f"use {', '.join(ways_out[:-1])} or {ways_out[-1]}"
    )
