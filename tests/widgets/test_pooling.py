"""Pooling from Python: its outputs and gradients, its shift by one, and what it refuses."""

import json

import numpy as np
import pytest
import traitlets
from pool_oracle import pooled, random_pooling

from helpers.widgets import Pooling


def test_the_example_of_the_source():
    assert Pooling(image=[[1, 2], [3, 4]]).output.tolist() == [[max(1, 2, 3, 4)]]
    assert Pooling(image=[[1, 2], [3, 4]], kind="mean").output.tolist() == [[(1 + 2 + 3 + 4) / 4]]


def test_agrees_with_tensorflow():
    rng = np.random.default_rng(3)
    seen = set()
    for _ in range(60):
        state = random_pooling(rng)
        widget = Pooling(**state)
        widget.upstream = rng.integers(-3, 4, np.shape(widget.output)).tolist()
        options = [state[name] for name in ("kind", "pool_size", "stride", "padding")]
        y, gradient = pooled(state["image"], *options, widget.upstream)
        np.testing.assert_allclose(widget.output, y, atol=1e-12)
        np.testing.assert_allclose(widget.grad_image, gradient, atol=1e-12)
        moved = np.array(state["image"])[:, [0, *range(len(state["image"][0]) - 1)]]
        np.testing.assert_allclose(widget.shifted_output, pooled(moved, *options)[0], atol=1e-12)
        seen.add((state["kind"], state["padding"], state["pool_size"]))
    assert len(seen) > 12


@pytest.mark.parametrize("kind", ["max", "mean"])
def test_a_window_larger_than_the_map_counts_no_filler_on_the_way_back(kind):
    image = np.array([[3.0], [-1.0], [4.0], [2.0]])
    state = {"kind": kind, "pool_size": 5, "stride": 1, "padding": "same"}
    widget = Pooling(image=image, **state, upstream=[[2], [-3], [5], [7]])
    found = []
    for row in range(4):
        nudged = [image + sign * 1e-4 * (np.arange(4) == row)[:, None] for sign in (1, -1)]
        more, less = ((Pooling(image=x, **state).output * widget.upstream).sum() for x in nudged)
        found.append([(more - less) / 2e-4])
    np.testing.assert_allclose(widget.grad_image, found, atol=1e-8)


def test_ties_in_tensorflow_go_to_the_first_in_pooling_and_are_shared_in_reduce_max():
    import tensorflow as tf

    image = [[3, 3], [3, 1]]
    first = pooled(image, "max", 2, 2, "valid")[1]
    x = tf.Variable(np.array(image, float))
    with tf.GradientTape() as tape:
        y = tf.reduce_max(x)
    shared = np.array(tape.gradient(y, x))
    assert first.tolist() == [[1, 0], [0, 0]]
    np.testing.assert_allclose(shared, [[1 / 3, 1 / 3], [1 / 3, 0]])
    state = {"image": image, "upstream": [[1]]}
    np.testing.assert_array_equal(Pooling(**state).grad_image, first)
    np.testing.assert_allclose(Pooling(**state, ties="shared").grad_image, shared)


def test_one_window_over_the_whole_map():
    widget = Pooling(image=[[1, 2, 6], [3, 4, 2]], whole=True, pool_size=5)
    assert widget.output.tolist() == [[6]]
    widget.kind = "mean"
    widget.upstream = [[6]]
    assert widget.output.tolist() == [[3]]
    assert widget.grad_image.tolist() == [[1, 1, 1], [1, 1, 1]]


def test_a_photograph_becomes_a_feature_map():
    ramp = np.tile(np.arange(40, dtype=np.uint8) * 3, (40, 1))
    widget = Pooling(ramp, input="photograph", kernel="sobel_x")
    assert widget.feature_map.shape == (38, 38)
    assert (widget.feature_map == (1 + 2 + 1) * (3 + 3)).all()
    assert (widget.output == 24).all()
    assert widget.grad_image.sum() == widget.output.size
    assert (Pooling(ramp[:, ::-1], input="photograph").feature_map == 0).all()  # by ReLU
    with pytest.raises(ValueError, match="stays there"):
        Pooling(input="photograph", source="own-1").output  # noqa: B018


def test_a_new_shape_of_the_output_keeps_the_upstream_numbers_it_has_room_for():
    widget = Pooling(upstream=[[7, 8], [9, 6]])
    widget.stride = 1
    assert [line[:2] for line in widget.upstream[:2]] == [[7, 8], [9, 6]]
    assert np.shape(widget.upstream) == (3, 3)
    widget.stride = 2
    assert widget.upstream == [[7, 8], [9, 6]]


def test_a_window_may_be_larger_on_a_photograph_than_the_numbers_are():
    widget = Pooling(input="photograph", pool_size=6, stride=6)
    assert widget.output.shape == (21, 21)
    with pytest.raises(traitlets.TraitError, match="pool_size=6 does not fit input_size=4"):
        widget.input = "numbers"
    widget.pool_size = 3
    widget.input = "numbers"
    assert np.shape(widget.upstream) == widget.output.shape == (1, 1)


@pytest.mark.parametrize(
    ("state", "message"),
    [
        ({"image": np.ones((7, 3))}, r"image of shape \(7, 3\) is too large: use at most 6 × 8"),
        ({"image": [[1, 2], [3]]}, "is ragged"),
        ({"pool_size": 5}, "pool_size=5 does not fit input_size=4"),
        ({"pool_size": 0}, "pool_size"),
        ({"stride": 7}, "stride"),
        ({"upstream": [[1, 2]]}, r"upstream of shape \(1, 2\) does not fit an output of"),
        ({"kind": "median"}, "kind"),
        ({"padding": "full"}, "padding"),
        ({"ties": "last"}, "ties"),
        ({"view": "both"}, "view"),
        ({"source": "moon"}, "names no picture"),
        ({"hide": ["window"]}, "names no part of Pooling"),
    ],
)
def test_what_does_not_fit_is_refused(state, message):
    with pytest.raises(traitlets.TraitError, match=message):
        Pooling(**state)


def test_the_state_is_plain_json():
    widget = Pooling(image=np.ones((3, 3)))
    assert json.loads(json.dumps(widget.state())) == widget.state()
