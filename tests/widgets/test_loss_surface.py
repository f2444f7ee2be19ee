"""The Python side of LossSurface: its surface and its racers, held to formulas written out here."""

import math
import re

import numpy as np
import pytest
from traitlets import TraitError

from helpers.gradients import numerical_gradient
from helpers.widgets import LossSurface
from helpers.widgets.loss_surface.race import RACERS, RANGES, TRUTH, Slice

X = np.linspace(-2, 2, 21)


def sigmoid(z):
    return 1 / (1 + np.exp(-z))


def by_hand(w, b, chosen=slice(None)):
    """The loss and its gradient: all that does not move cancels, since it also made the data."""
    x, a = X[chosen], sigmoid(w * X[chosen] + b)
    error = 2 * (a - sigmoid(6 * x - 3))
    delta = 2 * error * 2 * a * (1 - a) / len(x)
    return np.mean(error**2), np.array([np.sum(delta * x), np.sum(delta)])


def distance(point):
    return math.dist(point, TRUTH)


@pytest.fixture(scope="module")
def widget():
    return LossSurface()


def random_points(count, seed):
    rng = np.random.default_rng(seed)
    return [tuple(rng.uniform(low, high) for low, high in RANGES) for _ in range(count)]


def test_the_network_has_seven_parameters_and_the_slice_its_optimum():
    surface = Slice()
    assert surface.network.count_params() == 7
    assert surface.loss(*TRUTH) == 0
    np.testing.assert_array_equal(surface.gradient(*TRUTH), 0)
    assert np.linalg.eigvalsh(surface.hessian(*TRUTH)).min() > 0


def test_loss_gradient_and_hessian_against_formulas_and_differences(widget):
    for point in random_points(20, seed=1):
        loss, gradient = by_hand(*point)
        assert widget.loss(*point) == pytest.approx(loss, rel=1e-12)
        np.testing.assert_allclose(widget.gradient(*point), gradient, rtol=1e-10, atol=1e-16)
        for row in (0, 1):
            bend = numerical_gradient(lambda p, row=row: widget.gradient(*p)[row], point)
            np.testing.assert_allclose(widget.hessian(*point)[row], bend, rtol=1e-5, atol=1e-8)


def test_gradient_descent_and_momentum_step_by_step(widget):
    for name, momentum in (("sgd", 0), ("momentum", widget.momentum)):
        point, velocity = np.array([-4.0, 1.0]), np.zeros(2)
        for visited in widget.path(name, 50):
            np.testing.assert_allclose(visited, point, rtol=1e-9)
            velocity = momentum * velocity - 0.5 * by_hand(*point)[1]
            point = point + velocity


def test_rmsprop_and_adam_step_by_step(widget):
    point, square = np.array([-4.0, 1.0]), np.zeros(2)
    for visited in widget.path("rmsprop", 30):
        np.testing.assert_allclose(visited, point, rtol=1e-9)
        gradient = by_hand(*point)[1]
        square = 0.9 * square + 0.1 * gradient**2
        point = point - 0.5 * gradient / np.sqrt(square + 1e-7)

    point, mean, square = np.array([-4.0, 1.0]), np.zeros(2), np.zeros(2)
    for t, visited in enumerate(widget.path("adam", 30), start=1):
        np.testing.assert_allclose(visited, point, rtol=1e-9)
        gradient = by_hand(*point)[1]
        mean = 0.9 * mean + 0.1 * gradient
        square = 0.999 * square + 0.001 * gradient**2
        rate = 0.5 * math.sqrt(1 - 0.999**t) / (1 - 0.9**t)
        point = point - rate * mean / (np.sqrt(square) + 1e-7)


def test_a_mini_batch_is_a_part_of_the_data_in_random_order():
    path = LossSurface(batch_size=4, seed=5).path("mini_batch", 6)
    order = np.arange(21)
    np.random.RandomState(5).shuffle(order)
    chosen = [order[0:4], order[4:8], order[8:12], order[12:16], order[16:20], order[20:21]]
    for batch, before, after in zip(chosen, path[:-1], path[1:], strict=True):
        np.testing.assert_allclose(after, before - 0.5 * by_hand(*before, batch)[1], rtol=1e-9)


def test_a_batch_of_all_samples_is_gradient_descent():
    widget = LossSurface(batch_size=21)
    np.testing.assert_allclose(widget.path("mini_batch", 40), widget.path("sgd", 40), rtol=1e-9)


def test_gradient_descent_gets_stuck_in_a_flat_valley(widget):
    """As in the source: near the optimum, lower than the plain by far, and not there."""
    path = widget.path("sgd")
    end = path[-1]
    assert 1.5 < distance(end) < 3
    assert widget.loss(*end) < 0.01 < 3 < widget.loss(*path[0])
    assert np.hypot(*widget.gradient(*end)) < 0.01
    # Flat along the valley, steep across it.
    low, high = np.linalg.eigvalsh(widget.hessian(*end))
    assert 0 < 10 * low < high
    # It is on its way, but needs more than ten times as long.
    longer = widget.path("sgd", 4000)
    arrived = next(k for k, point in enumerate(longer) if distance(point) < 0.1)
    assert 10 * widget.steps < arrived < 4000


def test_the_others_do_better(widget):
    losses = widget.losses
    assert losses["momentum"] < losses["adam"] < losses["rmsprop"] < losses["sgd"]
    assert min(losses, key=losses.get) == "momentum"
    assert losses["newton"] == math.inf


def test_newton_climbs_where_the_surface_bends_downwards(widget):
    start, first, second, *_ = path = widget.path("newton")
    assert (np.linalg.eigvalsh(widget.hessian(*start)) < 0).all()
    np.testing.assert_allclose(
        first, start - np.linalg.solve(widget.hessian(*start), widget.gradient(*start))
    )
    assert widget.loss(*start) < widget.loss(*first) < widget.loss(*second)
    assert len(path) < widget.steps
    # Close enough to the optimum, it is there in a few steps.
    near = LossSurface(weight=5.5, bias=-2.8).path("newton", 8)
    assert distance(near[-1]) < 1e-9


def test_damped_newton_never_climbs_and_arrives(widget):
    path = widget.path("newton_damped", 40)
    losses = [widget.loss(*point) for point in path]
    assert all(after <= before for before, after in zip(losses, losses[1:], strict=False))
    assert np.hypot(*np.diff(path, axis=0).T).max() <= 2 + 1e-12
    assert distance(path[20]) < 1e-6


def test_a_rate_too_large_throws_onto_the_plain_where_nothing_pulls_back():
    widget = LossSurface(weight=2, bias=0, learning_rate=100)
    end = widget.path("momentum")[-1]
    assert not all(low <= x <= high for x, (low, high) in zip(end, RANGES, strict=True))
    assert np.hypot(*widget.gradient(*end)) < 1e-12
    assert widget.loss(*end) > 1


@pytest.mark.parametrize(
    ("state", "words"),
    [
        ({"weight": 20}, "weight=20.0 does not fit: use a number from -6 to 14.0"),
        ({"bias": -13}, "bias=-13.0 does not fit: use a number from -12 to 8.0"),
        ({"weight": math.nan}, "weight must hold finite numbers"),
        ({"learning_rate": 0}, "learning_rate=0.0 does not fit: use a number from 0.0001 to 100"),
        ({"momentum": 1}, "momentum=1.0 does not fit: use a number from 0 to 0.99"),
        ({"steps": 5}, "steps=5 does not fit: use a number from 10 to 2000"),
        ({"step": -1}, "step=-1 does not fit"),
        ({"seed": -1}, "seed=-1 does not fit"),
        ({"batch_size": 22}, "batch_size=22 does not fit: use a number from 1 to 21"),
        ({"optimizers": ["sgd", "lion"]}, "use one or more of sgd, momentum, mini_batch"),
        ({"optimizers": []}, "optimizers=[] does not fit"),
        ({"view": "side"}, "view"),
        ({"selected": "lion"}, "selected"),
        ({"answer": "maybe"}, "answer"),
        ({"hide": ["lens"]}, "names no part of LossSurface"),
    ],
)
def test_what_does_not_fit_is_refused(state, words):
    with pytest.raises(TraitError, match=re.escape(words)):
        LossSurface(**state)


def test_paths_that_cannot_be(widget):
    with pytest.raises(ValueError, match="optimizer='lion' does not race: use one of sgd"):
        widget.path("lion")
    with pytest.raises(ValueError, match="steps=-1 does not fit"):
        widget.path("sgd", -1)
    assert all(len(widget.path(name, 0)) == 1 for name in RACERS)


def test_the_static_form_has_text_and_state():
    form = LossSurface(optimizers=["sgd", "adam"])._repr_mimebundle_()[0]["text/html"]
    assert '"optimizers": ["sgd", "adam"]' in form
    assert "gets stuck in the valley" in form
