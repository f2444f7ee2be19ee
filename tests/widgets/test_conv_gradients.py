"""ConvGradients from Python: its gradients, and what it refuses."""

import json

import numpy as np
import pytest
import traitlets
from conv_oracle import layer_gradients, random_layer

from helpers.widgets import ConvGradients


def test_by_hand():
    """x = 1 3 −2 4 2, w = 2 −1 3, ∂L/∂y = 1 −2 3, as a reader adds it up."""
    widget = ConvGradients()
    np.testing.assert_array_equal(
        widget.output, [[1 * 2 - 3 - 2 * 3 + 1, 6 + 2 + 12 + 1, -4 - 4 + 6 + 1]]
    )
    grad_image = [1 * 2, -1 - 2 * 2, 1 * 3 + 2 + 3 * 2, -2 * 3 - 3, 3 * 3]
    np.testing.assert_array_equal(widget.grad_image, [grad_image])
    grad_kernel = [1 - 2 * 3 + 3 * -2, 3 + 4 + 3 * 4, -2 - 2 * 4 + 3 * 2]
    np.testing.assert_array_equal(widget.grad_kernel, [grad_kernel])
    assert widget.grad_bias == 1 - 2 + 3


@pytest.mark.parametrize("one_row", [True, False])
def test_agrees_with_tensorflow(one_row):
    rng = np.random.default_rng(5)
    compared = set()
    for _ in range(60):
        layer = random_layer(rng, one_row)
        if layer is None:
            continue
        expected = layer_gradients(**layer)
        widget = ConvGradients(**layer)
        np.testing.assert_allclose(widget.output, expected["output"], atol=1e-12)
        np.testing.assert_allclose(widget.loss, expected["loss"], atol=1e-12)
        for name in ["grad_image", "grad_kernel", "grad_bias"]:
            np.testing.assert_allclose(getattr(widget, name), expected[name], atol=1e-12)
        compared.add((layer["flip"], layer["padding"], layer["stride"], layer["dilation"]))
    assert len(compared) > 15


def test_a_new_shape_of_the_output_keeps_the_upstream_numbers_it_has_room_for():
    widget = ConvGradients(upstream=[[7, 8, 9]])
    widget.padding = 1
    assert widget.upstream == [[7, 8, 9, 2, -1]]
    widget.stride = 2
    assert widget.upstream == [[7, 8, 9]]
    assert np.shape(ConvGradients(image=np.ones((4, 4)), kernel=np.ones((3, 3))).upstream) == (2, 2)


@pytest.mark.parametrize(
    ("state", "message"),
    [
        ({"image": np.ones((7, 3))}, r"image of shape \(7, 3\) is too large: use at most 6 × 8"),
        ({"kernel": np.ones((1, 5))}, r"kernel of shape \(1, 5\) is too large: use at most 3 × 4"),
        ({"image": [[1, 2], [3]]}, "is ragged"),
        ({"image": [[1, 2]]}, "kernel_size=3 does not fit input_size=2"),
        ({"dilation": 2, "image": [[1, 2, 3]]}, "does not fit"),
        (
            {"upstream": [[1, 2]]},
            r"upstream of shape \(1, 2\) does not fit an output of shape \(1, 3\)",
        ),
        ({"bias": float("nan")}, "bias must hold finite numbers, not nan"),
        ({"padding": 3}, "padding"),
        ({"stride": 0}, "stride"),
        ({"dilation": 3}, "dilation"),
        ({"view": "both"}, "view"),
        ({"hide": ["window"]}, "names no part of ConvGradients"),
    ],
)
def test_what_does_not_fit_is_refused(state, message):
    with pytest.raises(traitlets.TraitError, match=message):
        ConvGradients(**state)


def test_the_state_is_plain_json():
    widget = ConvGradients(image=np.ones((3, 3)), kernel=np.ones((2, 2)))
    assert json.loads(json.dumps(widget.state())) == widget.state()
    assert 'data-widget="ConvGradients"' in widget._static_form()
