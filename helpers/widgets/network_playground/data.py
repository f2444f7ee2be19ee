"""The points on which `NetworkPlayground` trains, number for number those of the browser.

`arithmetic/toy_data.mjs` lays its points out evenly and shuffles them, with NumPy's old generator
`RandomState`, which a page can repeat draw for draw. (`helpers.toy_data`, for chapters that train
in Python, draws from NumPy's new generator.)
"""

import numpy as np


def xor(samples, noise, rng):
    """Return the corners of the unit square in turn; class 1 where the coordinates differ."""
    turn = np.arange(samples)
    corners = np.column_stack([(turn >> 1) & 1, turn & 1])
    return _cloud(corners, corners[:, 0] ^ corners[:, 1], noise, rng)


def circles(samples, noise, rng):
    """Return a ring of radius 1 (class 0) around one of radius ½ (class 1)."""
    outer = samples // 2
    angles = [2 * np.pi * np.arange(n) / n for n in (outer, samples - outer)]
    rings = [_on_circle(angles[0]), 0.5 * _on_circle(angles[1])]
    return _cloud(np.vstack(rings), _halves(samples), noise, rng)


def moons(samples, noise, rng):
    """Return two half circles that reach into each other."""
    upper, lower = (
        _on_circle(np.linspace(0, np.pi, n)) for n in (samples // 2, samples - samples // 2)
    )
    return _cloud(np.vstack([upper, [1, 0.5] - lower]), _halves(samples), noise, rng)


def spiral(samples, noise, rng, turns=1.25):
    """Return two arms that wind around each other, from near the centre to radius 1."""
    arms = []
    for n, turned in [(samples // 2, 0), (samples - samples // 2, np.pi)]:
        radius = (np.arange(n) + 1) / n
        arms.append(radius[:, None] * _on_circle(2 * np.pi * turns * radius + turned))
    return _cloud(np.vstack(arms), _halves(samples), noise, rng)


def curve(samples, noise, rng):
    """Return sin πx at evenly spaced x from −1 to 1, in order; noise moves the targets only."""
    x = np.linspace(-1, 1, samples)
    y = np.sin(np.pi * x)
    return x[:, None], y + (rng.normal(0, noise, samples) if noise > 0 else 0)


TOY_DATA = {"xor": xor, "circles": circles, "moons": moons, "spiral": spiral, "curve": curve}


def shuffled_batches(samples, batch_size, rng):
    """Yield batch after batch without end: each epoch shuffles the order of the one before.

    From the number of samples on, a batch takes all of them in order.
    """
    order = np.arange(samples)
    while True:
        if batch_size < samples:
            rng.shuffle(order)
        for start in range(0, samples, batch_size):
            yield order[start : start + batch_size].copy()


def _on_circle(angle):
    return np.column_stack([np.cos(angle), np.sin(angle)])


def _halves(samples):
    return (np.arange(samples) >= samples // 2).astype(int)


def _cloud(points, labels, noise, rng):
    """Return points and labels in random order, each coordinate moved by a normal draw."""
    order = np.arange(len(points))
    rng.shuffle(order)
    x = points[order].astype(float)
    return x + (rng.normal(0, noise, x.shape) if noise > 0 else 0), labels[order]
