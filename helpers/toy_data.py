"""Small made-up problems in the plane (and one on a line), on which a network can be watched.

Each has one thing that makes it hard: no straight line separates the classes. Points are drawn at
random from the `seed`; the same seed gives the same points. Classes are numbered from 0 and take
turns, so every problem is balanced; `helpers.losses.to_categorical` turns the numbers into one-hot
rows.
"""

import numpy as np

from helpers.arguments import as_count, as_real, as_rng
from helpers.limits import refuse_size, told


def xor(samples=200, noise=0.15, *, seed):
    """Return clouds around the corners of a square; opposite corners are of the same class.

    A single neuron separates the plane by one straight line. None leaves (0, 0) and (1, 1) on one
    side, (0, 1) and (1, 0) on the other.

    Parameters
    ----------
    samples : int
        The number of points, spread evenly over the four corners.
    noise : float
        Standard deviation of the points around their corner; the square has side 1.
    seed : int or numpy.random.Generator
        Where the random numbers come from.

    Returns
    -------
    x : ndarray of shape (samples, 2)
    y : ndarray of int, shape (samples,)
        1 where exactly one of the corner's coordinates is 1.

    Raises
    ------
    TypeError, ValueError
        If `samples` is no positive integer, or `noise` no number of at least 0.

    Examples
    --------
    >>> x, y = xor(4, noise=0, seed=0)
    >>> for point, label in zip(x, y):
    ...     print(point, label)
    [0. 0.] 0
    [1. 0.] 1
    [1. 1.] 0
    [0. 1.] 1
    """
    rng, turn = _start(samples, noise, seed)
    corners = np.array([[0, 0], [1, 0], [1, 1], [0, 1]])
    return _blur(corners[turn % 4], noise, rng), turn % 2


def circles(samples=200, noise=0.08, *, seed):
    """Return a ring of radius ½ (class 0) inside a ring of radius 1 (class 1).

    The distance from the centre would separate them at once, but it is not among the inputs.
    Parameters, results and errors as in `xor`; `noise` is in units of the outer radius.

    Examples
    --------
    >>> x, y = circles(6, noise=0, seed=0)
    >>> np.hypot(*x.T).round(3), y
    (array([0.5, 1. , 0.5, 1. , 0.5, 1. ]), array([0, 1, 0, 1, 0, 1]))
    """
    rng, turn = _start(samples, noise, seed)
    angle, y = rng.uniform(0, 2 * np.pi, samples), turn % 2
    return _blur(_polar((1 + y) / 2, angle), noise, rng), y


def moons(samples=200, noise=0.1, *, seed):
    """Return two half circles of radius 1, each with one end inside the other.

    Class 0 is the upper half of the circle around (0, 0), class 1 the lower half of the one around
    (1, ½). Parameters, results and errors as in `xor`.
    """
    rng, turn = _start(samples, noise, seed)
    angle, y = rng.uniform(0, np.pi, samples), turn % 2
    upper = _polar(1, angle)
    return _blur(np.where(y[:, None] == 0, upper, [1, 0.5] - upper), noise, rng), y


def spiral(samples=300, noise=0.03, *, seed, classes=2, turns=1.5):
    """Return arms that wind around each other, one for each class.

    The hardest of these problems: every straight line through the middle crosses all arms, several
    times. An arm runs from radius 0.1 to radius 1.

    Parameters
    ----------
    samples, noise, seed
        As in `xor`; `noise` is in units of the outer radius.
    classes : int
        The number of arms.
    turns : float
        How often each arm goes around.

    Returns
    -------
    x, y
        As in `xor`, with classes from 0 to `classes` − 1.
    """
    rng, turn = _start(samples, noise, seed)
    as_real("turns", turns)
    along, y = rng.uniform(0, 1, samples), turn % as_count("classes", classes)
    angle = 2 * np.pi * (turns * along + y / classes)
    return _blur(_polar(0.1 + 0.9 * along, angle), noise, rng), y


def wave(samples=60, noise=0.05, *, seed):
    """Return points on the curve y = sin πx for x between −1 and 1: a problem of one input.

    Parameters
    ----------
    samples, seed
        As in `xor`.
    noise : float
        Standard deviation of y around the curve.

    Returns
    -------
    x, y : ndarray of shape (samples, 1)
        From left to right.
    """
    rng, _ = _start(samples, noise, seed)
    x = np.sort(rng.uniform(-1, 1, (samples, 1)), axis=0)
    return x, _blur(np.sin(np.pi * x), noise, rng)


def _start(samples, noise, seed):
    """Return the generator, and for each sample the number of its turn; refuse what cannot be."""
    refuse_size(f"samples={told(samples)}", (as_count("samples", samples), 2))
    as_real("noise", noise, at_least=0)
    return as_rng(seed), np.arange(samples)


def _polar(radius, angle):
    """Return points in the plane; angles in radians, counter-clockwise from the right."""
    return np.column_stack([radius * np.cos(angle), radius * np.sin(angle)])


def _blur(values, noise, rng):
    """Return the values with normal noise added."""
    return values + rng.normal(0, 1, values.shape) * noise
