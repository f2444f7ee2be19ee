"""What fits: into the memory, into a loop that ends today, and into a message that can be read.

An array that does not fit is refused before it is asked for. A machine that runs out of memory does
not raise an error: it stops answering.
"""

import math
import os
import reprlib
from contextlib import contextmanager

import numpy as np


def _memory():
    """Return how many bytes of memory the machine has; a usual number where it does not say."""
    try:
        return os.sysconf("SC_PAGE_SIZE") * os.sysconf("SC_PHYS_PAGES")
    except (AttributeError, OSError, ValueError):  # Windows
        return 8 * 2**30


# A single array may take this much: there are others beside it.
MOST_BYTES = _memory() // 2

# Cells of a window, or positions that are written out, one after the other.
MOST_TURNS = 10**6


class _Told(reprlib.Repr):
    def __init__(self):
        super().__init__()
        self.maxstring = self.maxother = 60

    def repr_int(self, number, level):
        digits = int(number.bit_length() * math.log10(2)) + 1
        return repr(number) if digits < 40 else f"a number of about {digits} digits"

    def repr_instance(self, value, level):
        if isinstance(value, np.generic) and value.dtype.kind in "biufUS":
            return self.repr1(value.item(), level)
        return " ".join(super().repr_instance(value, level).split())


_told = _Told()


def told(value):
    """Return a value as a message repeats it: what is long is cut.

    Examples
    --------
    >>> told([1] * 1000), told(10**5000)
    ('[1, 1, 1, 1, 1, 1, ...]', 'a number of about 5001 digits')
    """
    return _told.repr(value)


def refuse_size(what, shape, dtype=np.float64):
    """Raise ValueError for an array that would not fit into the memory."""
    wanted = math.prod(shape) * np.dtype(dtype).itemsize
    if wanted > MOST_BYTES:
        sizes = ", ".join(map(told, shape))
        raise ValueError(
            f"{what} needs an array of shape ({sizes}), {_in_bytes(wanted)}: this machine has room "
            f"for {_in_bytes(MOST_BYTES)}, so use less"
        )


def refuse_turns(what, shape):
    """Raise ValueError for a loop over so many cells that it would not end."""
    turns = math.prod(shape)
    if turns > MOST_TURNS:
        raise ValueError(
            f"{what}={told(tuple(shape))} makes {told(turns)} turns of a loop: "
            f"use at most {MOST_TURNS} cells"
        )


def _in_bytes(count):
    for unit in ("bytes", "kB", "MB", "GB", "TB", "PB"):
        if count < 1000:
            return f"{count} {unit}"
        count //= 1000
    return "more than any machine has"


class TooEarly(ValueError, RuntimeError):
    """Something was asked for before that which it depends on."""


@contextmanager
def unchanged_if_refused(*owners):
    """Put the attributes of these objects back, and their generators, if what follows raises."""
    before = [(owner, dict(vars(owner))) for owner in owners]
    rngs = [
        rng for _, held in before for rng in held.values() if isinstance(rng, np.random.Generator)
    ]
    states = [(rng, rng.bit_generator.state) for rng in rngs]
    try:
        yield
    except BaseException:
        for owner, held in before:
            vars(owner).clear()
            vars(owner).update(held)
        for rng, state in states:
            rng.bit_generator.state = state
        raise
