"""Cutting data into batches: arrays of samples in, one small piece after the other out."""

import numpy as np

from helpers.arguments import as_count


def refuse_unpaired(x_name, x, y_name, y):
    """Raise ValueError unless every sample has one target."""
    if len(x) != len(y):
        raise ValueError(
            f"{x_name} holds {len(x)} samples, {y_name} holds {len(y)}: use one target per sample"
        )


def batches(samples, batch_size, rng=None):
    """Yield the numbers of the samples of each batch.

    Parameters
    ----------
    samples : int
        How many there are.
    batch_size : int
        How many for each batch; what is left over at the end makes a smaller one.
    rng : numpy.random.Generator, optional
        Puts the samples in a random order; None leaves them as they are.

    Examples
    --------
    >>> for chosen in batches(5, 2):
    ...     print(chosen)
    [0 1]
    [2 3]
    [4]
    >>> for chosen in batches(5, 2, np.random.default_rng(0)):
    ...     print(chosen)
    [2 4]
    [3 0]
    [1]
    """
    size = as_count("batch_size", batch_size)
    yield from _cut(np.arange(samples) if rng is None else rng.permutation(samples), size)


def endless_batches(samples, batch_size, rng):
    """Yield batch after batch without end, as a page's trainer takes them.

    Each epoch shuffles the order of the one before it; `arithmetic/batches.mjs` does the same.

    Parameters
    ----------
    samples, batch_size
        As in `batches`; from the number of samples on, a batch takes all of them, in order.
    rng : numpy.random.RandomState
        Puts the samples in a random order.

    Examples
    --------
    >>> numbers = endless_batches(5, 2, np.random.RandomState(0))
    >>> [next(numbers).tolist() for _ in range(4)]
    [[2, 0], [1, 3], [4], [2, 1]]
    """
    size = as_count("batch_size", batch_size)
    order = np.arange(samples)
    while True:
        if size < samples:
            rng.shuffle(order)
        yield from _cut(order.copy(), size)


def _cut(order, size):
    for start in range(0, len(order), size):
        yield order[start : start + size]
