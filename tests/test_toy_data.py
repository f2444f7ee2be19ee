"""The made-up problems: shapes, balance, repeatability, and that they are as hard as they claim."""

import numpy as np
import pytest
from sklearn.datasets import make_circles, make_moons

from helpers.layers import Dense
from helpers.losses import to_categorical
from helpers.network import Sequential
from helpers.optimizers import Adam
from helpers.toy_data import circles, laid_out, moons, spiral, wave, xor

PLANE = [xor, circles, moons, spiral]


@pytest.mark.parametrize("problem", PLANE)
class TestInThePlane:
    def test_shapes_and_balance(self, problem):
        x, y = problem(101, seed=1)
        assert x.shape == (101, 2)
        assert y.shape == (101,)
        assert np.bincount(y).tolist() == [51, 50]

    def test_the_seed_decides(self, problem):
        x, y = problem(20, seed=1)
        again, labels = problem(20, seed=np.random.default_rng(1))
        assert np.array_equal(x, again) and np.array_equal(y, labels)
        assert not np.array_equal(x, problem(20, seed=2)[0])

    def test_noise_moves_the_points_that_far(self, problem):
        with pytest.raises(TypeError):
            problem(10)  # without a seed
        exact, _ = problem(4000, noise=0, seed=1)
        blurred, _ = problem(4000, noise=0.2, seed=1)
        # The draws before the noise are the same, so the difference is the noise alone.
        assert (blurred - exact).std() == pytest.approx(0.2, rel=0.05)

    def test_no_straight_line_separates_it_but_a_small_network_does(self, problem):
        x, y = problem(200, noise=0.02, seed=1)
        y = to_categorical(y)

        def learn(*layers, epochs):
            network = Sequential([*layers, Dense(2, "softmax")], seed=1)
            network.compile(Adam(0.02), "categorical_crossentropy", metrics=["accuracy"])
            return network.fit(x, y, epochs=epochs).history["accuracy"][-1]

        assert learn(epochs=100) < 0.95
        assert learn(Dense(16, "tanh"), Dense(16, "tanh"), epochs=400) > 0.98

    @pytest.mark.parametrize(
        ("options", "message"),
        [
            ({"samples": 0}, "samples=0 is too small"),
            ({"samples": 2.5}, "samples=2.5 is not a whole number"),
            ({"noise": -1}, "noise=-1 does not fit: use a number of at least 0"),
            ({"noise": "little"}, "noise='little' does not fit"),
        ],
    )
    def test_errors(self, problem, options, message):
        with pytest.raises((TypeError, ValueError), match=message):
            problem(**options, seed=1)


def test_circles_have_their_radii():
    x, y = circles(50, noise=0, seed=1)
    assert np.hypot(*x.T) == pytest.approx(np.where(y == 0, 0.5, 1))


def test_moons_lie_on_the_curves_of_scikit_learn():
    x, y = moons(400, noise=0, seed=1)
    theirs, labels = make_moons(400, noise=None)
    for label in (0, 1):
        curve = theirs[labels == label]
        distances = np.linalg.norm(x[y == label, None] - curve, axis=-1)
        # Scikit-learn's points are π/199 apart, so none of ours is farther than half of that.
        assert distances.min(axis=1).max() <= np.pi / 199 / 2 + 1e-9
        assert distances.min(axis=0).max() < 0.2  # and no part of the curve is left out


def test_spiral_arms_are_turned_copies_of_each_other():
    x, y = spiral(3000, noise=0, seed=1, classes=3, turns=2)
    assert np.bincount(y).tolist() == [1000] * 3
    radius, angle = np.hypot(*x.T), np.arctan2(x[:, 1], x[:, 0])
    assert 0.1 <= radius.min() < 0.11 and 0.99 < radius.max() <= 1
    turned = angle - 2 * np.pi * (2 * (radius - 0.1) / 0.9 + y / 3)
    assert np.cos(turned) == pytest.approx(np.ones(3000))


def test_wave_follows_the_sine_from_left_to_right():
    x, y = wave(80, noise=0, seed=1)
    assert x.shape == y.shape == (80, 1)
    assert (np.diff(x, axis=0) > 0).all() and x.min() >= -1 and x.max() <= 1
    assert y == pytest.approx(np.sin(np.pi * x))
    _, noisy = wave(2000, noise=0.1, seed=1)
    exact = np.sin(np.pi * wave(2000, noise=0, seed=1)[0])
    assert (noisy - exact).std() == pytest.approx(0.1, rel=0.1)


@pytest.mark.parametrize(("samples", "noise"), [(200, 0.1), (7, 0), (1, 0)])
def test_what_is_laid_out_is_scikit_learns_to_the_number(samples, noise):
    options = {"noise": noise, "random_state": 3}
    oracles = {
        "moons": make_moons(samples, **options),
        "circles": make_circles(samples, factor=0.5, **options),
    }
    for name, (theirs, labels) in oracles.items():
        x, y = laid_out(name, samples, noise, np.random.RandomState(3))
        np.testing.assert_allclose(x, theirs, rtol=1e-12, atol=1e-14)
        assert y.tolist() == labels.tolist()


@pytest.mark.parametrize("name", ["xor", "circles", "moons", "spiral", "curve"])
def test_what_is_laid_out_lies_where_the_random_points_lie(name):
    """On the same curves, but for the differences that `laid_out` names."""
    x, y = laid_out(name, 101, 0, np.random.RandomState(1))
    radius = np.hypot(*x.T) if name != "curve" else None
    if name == "xor":
        assert np.unique(x).tolist() == [0, 1]
        assert (y == (x[:, 0] != x[:, 1])).all()
    elif name == "circles":
        assert radius == pytest.approx(np.where(y == 1, 0.5, 1))
    elif name == "moons":
        assert np.hypot(*(x - [1, 0.5])[y == 1].T) == pytest.approx(1)
        assert radius[y == 0] == pytest.approx(1)
    elif name == "spiral":
        turned = np.arctan2(x[:, 1], x[:, 0]) - 2 * np.pi * (1.25 * radius + y / 2)
        assert np.cos(turned) == pytest.approx(1)
    else:
        assert x.ravel() == pytest.approx(np.linspace(-1, 1, 101))
        assert y == pytest.approx(np.sin(np.pi * x))


def test_a_problem_that_does_not_exist_and_points_that_cannot_be():
    rng = np.random.RandomState(1)
    with pytest.raises(ValueError, match="problem='rings' is unknown: use one of xor, circles"):
        laid_out("rings", 10, 0, rng)
    with pytest.raises(ValueError, match="samples=0 is too small"):
        laid_out("xor", 0, 0, rng)
    with pytest.raises(ValueError, match="noise=-1 does not fit"):
        laid_out("xor", 10, -1, rng)
