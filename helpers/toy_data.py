"""Small made-up problems in the plane (and one on a line), on which a network can be watched.

Each has one thing that makes it hard: no straight line separates the classes. Points are drawn at
random from the `seed`; the same seed gives the same points. Classes are numbered from 0 and take
turns, so every problem is balanced; `helpers.losses.to_categorical` turns the numbers into one-hot
rows.

A page lays its points out evenly instead, as scikit-learn does. `laid_out` gives those, number for
number what `arithmetic/toy_data.mjs` gives the browser.
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
    return _blur(_half_circles(angle, y), noise, rng), y


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


def laid_out(problem, samples, noise, rng):
    """Return the points of a problem as a page has them: evenly, and then in random order.

    Parameters
    ----------
    problem : {"xor", "circles", "moons", "spiral", "curve"}
        As the functions of those names, except that the outer circle is class 0, the spiral's arms
        run from the centre and go around 1¼ times, and `curve` is `wave`.
    samples : int
        How many points.
    noise : float
        Standard deviation of each coordinate; of the curve, of y alone.
    rng : numpy.random.RandomState
        NumPy's old generator, which a page can repeat draw for draw.

    Returns
    -------
    x : ndarray of shape (samples, 2)
    y : ndarray of int, shape (samples,)
        Of the curve, which stays in order, both are floats of shape (samples, 1).

    Raises
    ------
    TypeError, ValueError
        If there is no such problem, or no such number of points or noise.

    Examples
    --------
    >>> x, y = laid_out("circles", 4, 0, np.random.RandomState(1))
    >>> np.hypot(*x.T), y
    (array([0.5, 0.5, 1. , 1. ]), array([1, 1, 0, 0]))
    """
    if problem not in LAID_OUT:
        raise ValueError(f"problem={told(problem)} is unknown: use one of {', '.join(LAID_OUT)}")
    turn = _turns(samples, noise)
    half = samples // 2
    points, labels = LAID_OUT[problem](turn, half, samples - half, (turn >= half).astype(int))
    if problem == "curve":
        return points, _blur(labels, noise, rng)
    order = rng.permutation(samples)
    return _blur(points[order].astype(float), noise, rng), labels[order]


def _laid_xor(turn, first, second, half):
    corners = np.column_stack([(turn >> 1) & 1, turn & 1])
    return corners, corners[:, 0] ^ corners[:, 1]


def _laid_circles(turn, first, second, half):
    angle = np.concatenate([2 * np.pi * np.arange(n) / max(n, 1) for n in (first, second)])
    return _polar(1 - half / 2, angle), half


def _laid_moons(turn, first, second, half):
    angle = np.concatenate([np.linspace(0, np.pi, n) for n in (first, second)])
    return _half_circles(angle, half), half


def _laid_spiral(turn, first, second, half):
    radius = np.concatenate([(np.arange(n) + 1) / max(n, 1) for n in (first, second)])
    return _polar(radius, 2 * np.pi * 1.25 * radius + np.pi * half), half


def _laid_curve(turn, first, second, half):
    x = np.linspace(-1, 1, len(turn))[:, None]
    return x, np.sin(np.pi * x)


#: name -> what makes the points in order, and their classes
LAID_OUT = {
    "xor": _laid_xor,
    "circles": _laid_circles,
    "moons": _laid_moons,
    "spiral": _laid_spiral,
    "curve": _laid_curve,
}


def _start(samples, noise, seed):
    """Return the generator, and for each sample the number of its turn; refuse what cannot be."""
    turn = _turns(samples, noise)
    return as_rng(seed), turn


def _turns(samples, noise):
    """Return for each sample the number of its turn; refuse what cannot be."""
    refuse_size(f"samples={told(samples)}", (as_count("samples", samples), 2))
    as_real("noise", noise, at_least=0)
    return np.arange(samples)


def _half_circles(angle, y):
    """Return points on the upper half circle (class 0), or on the lower one beside it."""
    upper = _polar(1, angle)
    return np.where(y[:, None] == 0, upper, [1, 0.5] - upper)


def _polar(radius, angle):
    """Return points in the plane; angles in radians, counter-clockwise from the right."""
    return np.column_stack([radius * np.cos(angle), radius * np.sin(angle)])


def _blur(values, noise, rng):
    """Return the values with normal noise added."""
    return values + rng.normal(0, 1, values.shape) * noise
