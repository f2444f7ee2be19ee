"""Traits that several widgets have: arrays of numbers, and which step and answer are on show.

A widget's state travels as JSON, so an array is kept as lists of lists. Whatever is set is checked
here, and a message repeats what does not fit; NumPy arrays are welcome.
"""

import math
from numbers import Integral, Real

import numpy as np
import traitlets

from helpers.convolution.positions import find_positions
from helpers.limits import told

# Beyond this a few products are no number any more. The same in card/wall.mjs.
LARGEST = 1e15


# The most entries that a state may hold. The same in card/wall.mjs.
MOST_ENTRIES = 20_000


def as_plain(name, value):
    """Return a value as JSON has it: a number, text or list in place of NumPy's, a range and more.

    Raises
    ------
    traitlets.TraitError
        If it is nothing of the kind, or more than a widget can hold, or masked.

    Examples
    --------
    >>> as_plain("size", np.int64(3)), as_plain("on", np.array(True)), as_plain("x", range(3))
    (3, True, [0, 1, 2])
    """
    if type(value) in (bool, str):
        return value
    if isinstance(value, np.bool_):
        return bool(value)
    if isinstance(value, np.str_):
        return str(value)
    if isinstance(value, np.generic) and value.dtype.kind not in "iuf":
        raise _of_no_kind(name, value)
    if isinstance(value, Integral):
        _refuse_enormous(name, value)
        return int(value)
    if isinstance(value, Real):  # fractions, and NumPy's long floats
        if not math.isfinite(value):
            raise traitlets.TraitError(f"{name} must hold finite numbers, not {told(value)}")
        _refuse_enormous(name, value)
        return value if type(value) is float else float(value)
    if np.ma.is_masked(value):
        raise traitlets.TraitError(f"{name} has masked entries: fill them first, .filled(0)")
    if isinstance(value, dict):  # a frame of a film, say, whose trait knows what may be missing
        return {
            key: entry if isinstance(entry, float) else as_plain(name, entry)
            for key, entry in value.items()
        }
    if isinstance(value, range | list | tuple):
        if len(value) > MOST_ENTRIES:
            raise _too_many(name, len(value))
        plain = [as_plain(name, entry) for entry in value]
        if (count := _entries(plain)) > MOST_ENTRIES:
            raise _too_many(name, count)
        return plain
    if hasattr(value, "__array__"):
        value = np.asarray(value)
        if value.size > MOST_ENTRIES:
            raise _too_many(name, value.size)
        if value.dtype.kind not in "biufUO":
            raise _of_no_kind(name, value)
        return as_plain(name, value.tolist())
    if value is not None:
        raise traitlets.TraitError(
            f"{name}={told(value)} does not fit: use numbers, texts, or lists of them"
        )
    return value


def _of_no_kind(name, value):
    return traitlets.TraitError(
        f"{name}={told(value)} of type {value.dtype} does not fit: use real numbers or texts"
    )


def _entries(value):
    return sum(1 + _entries(entry) for entry in value) if isinstance(value, list) else 0


def _too_many(name, count):
    return traitlets.TraitError(
        f"{name} holds {count} entries, more than a widget can show: use at most {MOST_ENTRIES}"
    )


def per_axis(name, value, axes, fits):
    """Return a list with one value per axis, from one for all axes or one for each of them.

    Raises
    ------
    ValueError
        If there is another number of values; `fits` says what would do.

    Examples
    --------
    >>> per_axis("stride", 2, 2, "one number or two"), per_axis("stride", [2, 3], 2, "")
    ([2, 2], [2, 3])
    """
    if not isinstance(value, list | tuple):
        return [value] * axes
    if axes == 1 or len(value) != axes:
        raise ValueError(f"{name}={value} does not fit: use {fits}")
    return list(value)


class NumberArray(traitlets.List):
    """A rectangular array of finite numbers with a fixed number of axes.

    Parameters
    ----------
    default : nested list of numbers
    axes : int
        2 for a grid of rows and columns.
    most : tuple of int, optional
        The largest size along each axis.

    Examples
    --------
    >>> class Board(traitlets.HasTraits):
    ...     image = NumberArray([[0]], axes=2, most=(9, 9))
    >>> Board(image=[[1, 2], [3]])
    Traceback (most recent call last):
    ...
    traitlets.traitlets.TraitError: image=[[1, 2], [3]] is ragged: make all its rows equally long
    """

    def __init__(self, default, *, axes, most=None, **kwargs):
        super().__init__(default_value=default, **kwargs)
        self.axes = axes
        self.most = most

    def validate(self, obj, value):
        array, shape = self._as_lists(value, self.axes, value)
        if self.most and any(size > most for size, most in zip(shape, self.most, strict=True)):
            fits = " × ".join(map(str, self.most))
            raise traitlets.TraitError(
                f"{self.name} of shape {tuple(shape)} is too large: use at most {fits} numbers"
            )
        return super().validate(obj, array)

    def _as_lists(self, value, axes, whole):
        """Return nested lists and their shape; `whole` is what a message repeats."""
        if axes == 0:
            if isinstance(value, bool) or not isinstance(value, int | float):
                raise traitlets.TraitError(f"{self.name} must hold numbers, not {value!r}")
            if not math.isfinite(value):
                raise traitlets.TraitError(f"{self.name} must hold finite numbers, not {value!r}")
            _refuse_enormous(self.name, value)
            return value, []
        if not isinstance(value, list | tuple):
            raise traitlets.TraitError(
                f"{self.name}={whole!r} does not fit: use nested lists or an array "
                f"with {self.axes} axes"
            )
        if not value:
            raise traitlets.TraitError(
                f"{self.name}={whole!r} is empty: give it at least one number"
            )
        parts = [self._as_lists(part, axes - 1, whole) for part in value]
        shapes = [shape for _, shape in parts]
        if any(shape != shapes[0] for shape in shapes):
            raise traitlets.TraitError(
                f"{self.name}={whole!r} is ragged: make all its rows equally long"
            )
        return [part for part, _ in parts], [len(value), *shapes[0]]


class Numbers(traitlets.List):
    """A list of numbers."""

    info_text = "a list of finite numbers"

    def validate(self, obj, value):
        if not isinstance(value, list | tuple):
            self.error(obj, value)
        for entry in value:
            if isinstance(entry, bool) or not isinstance(entry, int | float):
                raise traitlets.TraitError(
                    f"{self.name}={value!r} must hold numbers, not {entry!r}"
                )
            if not math.isfinite(entry):
                raise traitlets.TraitError(f"{self.name}={value!r} must hold finite numbers")
            _refuse_enormous(self.name, entry)
        return super().validate(obj, list(value))


def _refuse_enormous(name, number):
    if abs(number) > LARGEST:
        raise traitlets.TraitError(
            f"{told(number)} in {name} is too large to calculate with: use numbers up to 1e15"
        )


def refuse_too_wide(shape, kernel_shape, most, *, padding, stride, dilation):
    """Raise ValueError for more cells along an axis, ghost cells included, than a screen shows.

    The page refuses the same. Nothing is made of the cells before their number is known.
    """
    positions = find_positions(shape, kernel_shape, padding, stride, dilation)
    padded = [
        before + n + after for n, (before, after) in zip(shape, positions.ghosts, strict=True)
    ]
    if max(padded) > most:
        raise ValueError(
            f"{' × '.join(map(told, padded))} cells do not fit on the screen: "
            f"use less padding or dilation, for at most {' × '.join([str(most)] * len(shape))}"
        )


class Step(traitlets.Int):
    """Which step is on show, counted from 0."""

    def __init__(self, default=0, *, min=0, max=None):
        super().__init__(default, min=min, max=max)


class Answer(traitlets.Enum):
    """``"hidden"`` asks the reader to predict first; ``"shown"`` shows what there is."""

    def __init__(self):
        super().__init__(["shown", "hidden"], "shown")
