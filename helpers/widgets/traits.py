"""Traits that several widgets have: arrays of numbers, and which step and answer are on show.

A widget's state travels as JSON, so an array is kept as lists of lists. Whatever is set is checked
here, and a message repeats what does not fit; NumPy arrays are welcome.
"""

import math

import traitlets


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
        if hasattr(value, "tolist"):
            value = value.tolist()
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
    """A list of numbers that also takes a tuple or a NumPy array of one dimension."""

    info_text = "a list of finite numbers"

    def validate(self, obj, value):
        if hasattr(value, "tolist"):
            value = value.tolist()
        if not isinstance(value, list | tuple):
            self.error(obj, value)
        for entry in value:
            if isinstance(entry, bool) or not isinstance(entry, int | float):
                raise traitlets.TraitError(
                    f"{self.name}={value!r} must hold numbers, not {entry!r}"
                )
            if not math.isfinite(entry):
                raise traitlets.TraitError(f"{self.name}={value!r} must hold finite numbers")
        return super().validate(obj, list(value))


class Step(traitlets.Int):
    """Which step is on show, counted from 0."""

    def __init__(self, default=0, *, min=0, max=None):
        super().__init__(default, min=min, max=max)


class Answer(traitlets.Enum):
    """``"hidden"`` asks the reader to predict first; ``"shown"`` shows what there is."""

    def __init__(self):
        super().__init__(["shown", "hidden"], "shown")
