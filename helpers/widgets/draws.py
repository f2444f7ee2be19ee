"""The random numbers of a page, drawn in Python: the same weights and moves, draw for draw.

A page has NumPy's old generator (`arithmetic/random.mjs`), so whatever a widget makes up can be
made up here too. `helpers.toy_data.laid_out` has a page's points, and
`helpers.network.batches.endless_batches` its batches.
"""

import numpy as np

from helpers.layers.initializers import initial_values


def page_random(seed):
    """Return the generator that a page has for this seed, a whole number from 0 to 2³² − 1.

    Examples
    --------
    >>> page_random(1).permutation(5)
    array([2, 1, 4, 0, 3])
    """
    return np.random.RandomState(seed)


def draw_kernels(network, initializer, rng):
    """Draw the kernels of a network one after the other; all its other parameters stay.

    Parameters
    ----------
    network : helpers.network.Sequential
    initializer : str
        As in `helpers.layers.initializers.initial_values`.
    rng : numpy.random.RandomState

    Examples
    --------
    >>> from helpers.layers import Dense, Input
    >>> from helpers.network import Sequential
    >>> network = Sequential([Input((2,)), Dense(1)])
    >>> draw_kernels(network, "he_uniform", page_random(1))
    >>> network.parameters
    [array([[-0.28744421],
           [ 0.76322643]]), array([0.])]
    """
    for parameter in network.parameters:
        if parameter.ndim > 1:
            parameter[...] = initial_values(initializer, parameter.shape, rng, parameter.dtype)


def draw_shifts(rng, most, size):
    """Return whole numbers from −most to most, each as likely, as an ndarray of this size.

    Examples
    --------
    >>> draw_shifts(page_random(3), 2, 6)
    array([ 0,  1, -1,  0,  2,  2])
    """
    return (rng.random_sample(size) * (2 * most + 1)).astype(int) - most
