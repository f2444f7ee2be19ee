"""The 2-D arithmetic in JavaScript gives the numbers of NumPy, SciPy and TensorFlow."""

import json
from pathlib import Path

import numpy as np
import pytest
from scipy import signal

from helpers import convolution
from helpers.widgets.conv_volume import draw_layer

MODULE = "arithmetic/convolution2d.mjs"
CASES = json.loads((Path(__file__).parents[1] / "cases" / "convolution2d.json").read_text("utf-8"))
OPTIONS = ["flip", "padding", "mode", "stride", "dilation"]
BOUNDARIES = {"zeros": "fill", "symmetric": "symm", "wrap": "wrap"}  # ours: scipy.signal's
NUMPY_MODES = {"zeros": "constant"}


@pytest.fixture
def trace(call_module):
    def call(image, kernel, **options):
        as_lists = [np.asarray(array).tolist() for array in (image, kernel)]
        return call_module(MODULE, "trace2d", *as_lists, options)

    return call


def output_of(trace):
    return np.array([step["sum"] for step in trace["steps"]]).reshape(trace["output_shape"])


def random_pair(rng, most=6):
    image = rng.normal(size=rng.integers(1, 8, 2))
    kernel = rng.normal(size=rng.integers(1, most, 2))
    return image, kernel


def test_by_hand(trace):
    """Rows 1 … 5 under ones: 3 · (1 + 2 + 3) = 18, 3 · (2 + 3 + 4) = 27, 3 · (3 + 4 + 5) = 36."""
    found = trace([[1, 2, 3, 4, 5]] * 5, np.ones((3, 3)), padding="valid")
    assert output_of(found).tolist() == [[18, 27, 36]] * 3
    first = found["steps"][0]
    assert first["window"] == [[1, 2, 3]] * 3
    assert (first["row"], first["col"], first["start_row"], first["start_col"]) == (0, 0, 0, 0)


def test_the_flip_turns_by_180_degrees(trace):
    dot = np.zeros((3, 3))
    dot[1, 1] = 1
    kernel = [[1, 2, 3], [4, 5, 6], [7, 8, 9]]
    assert output_of(trace(dot, kernel, padding="same")).tolist() == kernel
    turned = [[9, 8, 7], [6, 5, 4], [3, 2, 1]]
    assert output_of(trace(dot, kernel, padding="same", flip=False)).tolist() == turned
    assert trace(dot, kernel)["kernel"] == turned


@pytest.mark.parametrize("mode", ["zeros", "reflect", "symmetric", "edge", "wrap"])
def test_pad_agrees_with_numpy(call_module, mode):
    rng = np.random.default_rng(2)
    for _ in range(40):
        image = rng.integers(-9, 10, rng.integers(1, 5, 2))
        ghosts = rng.integers(0, 8, (2, 2)).tolist()
        padded = call_module(MODULE, "pad2d", image.tolist(), ghosts, mode)
        assert padded == np.pad(image, ghosts, mode=NUMPY_MODES.get(mode, mode)).tolist()


@pytest.mark.parametrize("padding", ["full", "same", "valid"])
@pytest.mark.parametrize("mode", BOUNDARIES)
@pytest.mark.parametrize("flip", [True, False])
def test_agrees_with_scipy_signal(trace, padding, mode, flip):
    rng = np.random.default_rng(3)
    reference = signal.convolve2d if flip else signal.correlate2d
    odd_only = padding == "same" and not flip  # see the next test
    compared = 0
    for _ in range(40):
        image, kernel = random_pair(rng)
        # SciPy swaps the two in "valid" where the kernel is the larger.
        if padding == "valid" and np.any(np.array(kernel.shape) > image.shape):
            continue
        if odd_only and np.any(np.array(kernel.shape) % 2 == 0):
            continue
        found = trace(image, kernel, padding=padding, mode=mode, flip=flip)
        expected = reference(image, kernel, padding, boundary=BOUNDARIES[mode])
        np.testing.assert_allclose(output_of(found), expected, atol=1e-12)
        compared += 1
    assert compared >= 5


def test_same_for_even_kernels_agrees_with_correlate_rather_than_correlate2d(trace):
    """SciPy's two functions place an even kernel differently; NumPy does as `correlate` does."""
    image = np.arange(1.0, 13).reshape(3, 4)
    kernel = [[1, 0], [0, 0]]
    output = output_of(trace(image, kernel, padding="same", flip=False))
    np.testing.assert_array_equal(output, signal.correlate(image, kernel, "same"))
    assert (output != signal.correlate2d(image, kernel, "same")).any()


def strided(array, spans, stride, dilation):
    """Return every window of a padded array, of shape (rows, cols, K_h, K_w)."""
    windows = np.lib.stride_tricks.sliding_window_view(array, spans)
    return windows[:: stride[0], :: stride[1], :: dilation[0], :: dilation[1]]


def test_stride_dilation_and_uneven_padding_per_axis(trace):
    rng = np.random.default_rng(4)
    compared = 0
    for _ in range(80):
        image, kernel = random_pair(rng, most=4)
        ghosts = rng.integers(0, 4, (2, 2))
        stride, dilation = rng.integers(1, 4, 2), rng.integers(1, 3, 2)
        mode = str(rng.choice(["zeros", "reflect", "symmetric", "edge", "wrap"]))
        options = {
            "padding": ghosts.tolist(), "stride": stride.tolist(),
            "dilation": dilation.tolist(), "mode": mode,
        }  # fmt: skip
        spans = dilation * (np.array(kernel.shape) - 1) + 1
        if np.any(spans > image.shape + ghosts.sum(axis=1)):
            with pytest.raises(Exception, match=r"Along the (rows|columns): .* does not fit"):
                trace(image, kernel, **options)
            continue
        padded = np.pad(image, ghosts, mode=NUMPY_MODES.get(mode, mode))
        windows = strided(padded, tuple(spans), stride, dilation)
        expected = np.einsum("rcij,ij->rc", windows, kernel[::-1, ::-1])
        found = trace(image, kernel, **options)
        np.testing.assert_allclose(output_of(found), expected, atol=1e-12)
        assert [found["before"], found["after"]] == ghosts.T.tolist()
        for step in found["steps"]:
            np.testing.assert_array_equal(step["window"], windows[step["row"], step["col"]])
            assert [step["start_row"], step["start_col"]] == [
                step["row"] * stride[0],
                step["col"] * stride[1],
            ]
        ends = [found["steps"][-1][f"start_{axis}"] for axis in ("row", "col")] + spans
        assert found["ignored"] == (padded.shape - ends).tolist()
        compared += 1
    assert compared > 40


def test_every_field_is_that_of_python(trace):
    rng = np.random.default_rng(8)
    names = ["zeros", "reflect", "symmetric", "edge", "wrap"]
    compared = 0
    for _ in range(60):
        image, kernel = random_pair(rng, most=4)
        sides = rng.integers(0, 4, (2, 2)).tolist()
        options = {
            "flip": bool(rng.integers(2)), "mode": str(rng.choice(names)),
            "padding": ["full", "same", "valid", int(rng.integers(0, 5)), sides][rng.integers(5)],
            "stride": [int(rng.integers(1, 4)), rng.integers(1, 4, 2).tolist()][rng.integers(2)],
            "dilation": [1, rng.integers(1, 4, 2).tolist()][rng.integers(2)],
        }  # fmt: skip
        try:
            expected = convolution.trace2d(image, kernel, **options)
        except ValueError:
            with pytest.raises(Exception, match="does not fit"):
                trace(image, kernel, **options)
            continue
        found = trace(image, kernel, **options)
        for name in ["before", "after", "padded", "kernel", "output_shape", "ignored"]:
            np.testing.assert_allclose(found[name], getattr(expected, name), err_msg=name)
        assert len(found["steps"]) == len(expected.steps)
        for ours, theirs in zip(found["steps"], expected.steps, strict=True):
            for name in ["row", "col", "start_row", "start_col", "window", "products", "sum"]:
                np.testing.assert_allclose(ours[name], getattr(theirs, name), atol=1e-12)
        compared += 1
    assert compared > 30


@pytest.mark.parametrize(
    ("image", "kernel", "options", "sentence"),
    [
        ([], [[1]], {}, "The image is empty"),
        ([[1, 2], [3]], [[1]], {}, "row 0 has 2 numbers, row 1 has 1"),
        ([[1, "x"]], [[1]], {}, "“x”, which is not a number"),
        ([[1]], [[1]], {"stride": 0}, "stride of 0 does not work"),
        ([[1]], [[1]], {"dilation": [1, 2, 3]}, "dilation of 1,2,3 does not work"),
        ([[1]], [[1]], {"padding": [1, 2]}, r"\[before, after\] for the rows and for the columns"),
        ([[1]], [[1]], {"padding": -1}, "padding of -1 does not work"),
        ([[1]], [[1]], {"padding": 1, "mode": "mirror"}, "no padding mode mirror"),
    ],
)
def test_what_does_not_fit_is_explained(call_module, image, kernel, options, sentence):
    with pytest.raises(Exception, match=sentence):
        call_module(MODULE, "trace2d", image, kernel, options)


LAYER = "arithmetic/conv_layer.mjs"


def random_layer(rng):
    rows, cols, channels, kernels = rng.integers([3, 3, 1, 1], [7, 7, 4, 4])
    return {
        "image": rng.normal(size=(rows, cols, channels)),
        "weights": rng.normal(size=(*rng.integers(1, 4, 2), channels, kernels)),
        "bias": rng.normal(size=kernels),
        "stride": int(rng.integers(1, 4)),
        "padding": int(rng.integers(0, 3)),
    }


def as_lists(layer):
    return {
        name: value.tolist() if isinstance(value, np.ndarray) else value
        for name, value in layer.items()
    }


def test_a_layer_agrees_with_tensorflow(call_module):
    import tensorflow as tf

    rng = np.random.default_rng(7)
    for _ in range(25):
        layer = random_layer(rng)
        trace = call_module(LAYER, "traceLayer", as_lists(layer))
        ghosts = [layer["padding"]] * 2
        expected = tf.nn.conv2d(
            layer["image"][None],
            layer["weights"],
            layer["stride"],
            [[0, 0], ghosts, ghosts, [0, 0]],
        )
        expected = np.asarray(expected)[0] + layer["bias"]
        assert trace["output_shape"] == list(expected.shape)
        for step in trace["steps"]:
            value = expected[step["row"], step["col"], step["kernel"]]
            assert step["sum"] == pytest.approx(value)
            assert sum(step["partial_sums"]) + step["bias"] == pytest.approx(value)
            assert np.sum(step["products"]) == pytest.approx(sum(step["partial_sums"]))
        kernels = [step["kernel"] for step in trace["steps"]]
        assert kernels == sorted(kernels)


@pytest.mark.parametrize(
    ("changes", "sentence"),
    [
        ({"weights": np.ones((2, 2, 1, 2))}, "1 channel and the image has 2"),
        ({"bias": [1]}, "The bias holds 1 number for 2 kernels"),
        ({"bias": [1, None]}, "“null” is not a finite number"),
        ({"image": [[]]}, "are empty"),
        ({"stride": 0}, "stride of 0 does not work"),
        ({"weights": np.ones((3, 3, 2, 2))}, "does not fit"),
    ],
)
def test_a_layer_that_does_not_belong_together_is_refused(call_module, changes, sentence):
    layer = {"image": np.ones((2, 2, 2)), "weights": np.ones((2, 2, 2, 2)), "bias": [0, 0]}
    with pytest.raises(Exception, match=sentence):
        call_module(LAYER, "traceLayer", as_lists(layer | changes))


@pytest.mark.parametrize("seed", [0, 166, 9999])
def test_drawn_numbers_are_those_of_numpy(call_module, seed):
    shape = {"rows": 4, "cols": 5, "channels": 3, "kernelRows": 2, "kernelCols": 2, "kernels": 4}
    drawn = call_module(LAYER, "drawLayer", seed, shape)
    expected = draw_layer(seed, 4, 5, 3, 4, 2)
    for name in ["image", "weights", "bias"]:
        assert drawn[name] == expected[name].tolist()


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("5", [[5]]),
        ("1,5", [[1.5]]),
        ("1, 5", [[1, 5]]),
        ("1 2\r\n3 4\r\n", [[1, 2], [3, 4]]),
        ("1,0,2\n0,1,2", [[1, 0, 2], [0, 1, 2]]),
        ("1,5 2\n0 1", [[1.5, 2], [0, 1]]),
        ("[[1, -1], [1/9, 2e3]]", [[1, -1], [1 / 9, 2000]]),
        ("1; 2; 3", [[1], [2], [3]]),
        ("1 2\n3", [[1, 2], [3]]),
        ("1 a", None),
        ("", None),
    ],
)
def test_blocks_of_numbers_are_read_as_people_write_them(call_module, text, expected):
    assert call_module("arithmetic/format.mjs", "parseGrid", text) == expected


@pytest.mark.parametrize(
    ("value", "text"),
    [
        (1 / 9, "1/9"), (-2 / 3, "−2/3"), (6 / 9, "2/3"), (1 / 16, "1/16"), (0.04, "0.04"),
        (7, "7"), (0.1 + 0.2, "0.3"), (np.pi, "3.142"), (-0.5, "−0.5"), (1e-20, "1e−20"),
    ],
)  # fmt: skip
def test_numbers_are_written_as_fractions_where_that_is_exact(call_module, value, text):
    assert call_module("arithmetic/format.mjs", "exact", float(value)) == text


@pytest.mark.parametrize("case", CASES, ids=lambda case: case["name"])
def test_shared_case(call_module, case):
    """The cases that `helpers.convolution` is held to as well."""
    options = {name: case[name] for name in OPTIONS}
    if case.get("error"):
        refused = r"does not (fit|work)|is empty|is no grid|no padding mode|not a number|differ"
        with pytest.raises(Exception, match=refused):
            call_module(MODULE, "trace2d", case["image"], case["kernel"], options)
        return
    found = call_module(MODULE, "trace2d", case["image"], case["kernel"], options)
    expect = case["expect"]
    for name in ["before", "after", "padded", "kernel", "output_shape", "ignored"]:
        assert found[name] == expect[name], name
    steps = found["steps"]
    assert [[step["start_row"], step["start_col"]] for step in steps] == expect["starts"]
    places = [list(place) for place in np.ndindex(*expect["output_shape"])]
    assert [[step["row"], step["col"]] for step in steps] == places
    assert [step["products"] for step in steps] == expect["products"]
    assert output_of(found).tolist() == expect["output"]  # to the last digit: added in one order
