"""The arithmetic of sizes in JavaScript, held to `helpers.convolution`, TensorFlow and counting."""

import math

import numpy as np
import pytest
from traitlets import TraitError

from helpers.convolution import output_size
from helpers.widgets.output_size import OutputSize
from helpers.widgets.written_layers import parse_layer

MODULE = "arithmetic/sizes.mjs"


@pytest.fixture
def sizes(call_module):
    return lambda function, *arguments: call_module(MODULE, function, *arguments)


def random_axis(rng):
    padding = [
        "full", "same", "valid", int(rng.integers(0, 6)), rng.integers(0, 5, 2).tolist(),
    ][rng.integers(5)]  # fmt: skip
    return {
        "size": int(rng.integers(1, 20)),
        "kernel": int(rng.integers(1, 8)),
        "stride": int(rng.integers(1, 5)),
        "dilation": int(rng.integers(1, 4)),
        "padding": padding,
    }


def in_python(axis, **changes):
    axis = axis | changes
    padding = tuple(axis["padding"]) if isinstance(axis["padding"], list) else axis["padding"]
    return output_size(
        axis["size"], axis["kernel"], stride=axis["stride"], padding=padding,
        dilation=axis["dilation"],
    )  # fmt: skip


def test_the_worked_examples(sizes):
    assert sizes("layOut", {"size": 5, "kernel": 3, "padding": 1, "stride": 2})["output"] == 3
    assert sizes("layOut", {"size": 227, "kernel": 11, "stride": 4})["output"] == 55
    odd = sizes("layOut", {"size": 7, "kernel": 2, "stride": 2})
    assert (odd["output"], odd["left"]) == (3, 1)


def test_sizes_agree_with_python(sizes):
    rng = np.random.default_rng(4)
    fitting = 0
    for _ in range(200):
        axis = random_axis(rng)
        laid = sizes("layOut", axis)
        try:
            expected = in_python(axis)
        except ValueError:
            assert laid["output"] == 0 and laid["room"] < 0, axis
            continue
        fitting += 1
        assert laid["output"] == expected, axis
        read = np.zeros(laid["padded"], int)
        for start in range(0, laid["padded"] - laid["span"] + 1, axis["stride"]):
            read[start : start + laid["span"] : axis["dilation"]] += 1
        assert sizes("uses", laid) == read.tolist(), axis
        assert laid["left"] == laid["padded"] - 1 - np.flatnonzero(read)[-1], axis
    assert fitting > 120


def test_corner_edge_and_inner_cells_of_3x3_same(sizes):
    along = sizes("layOut", {"size": 5, "kernel": 3, "padding": "same"})
    uses = np.array(sizes("uses", along))[1:-1]
    table = np.outer(uses, uses)
    assert (table[0, 0], table[0, 2], table[2, 2]) == (4, 6, 9)


def zeros_of_tensorflow(size, kernel, stride, dilation):
    """Find where TensorFlow's windows start, by looking for an impulse in each."""
    import tensorflow as tf

    probe = np.eye(size, dtype=np.float32)[:, :, None]  # one impulse per example
    weights = np.zeros((kernel, 1, 1), np.float32)
    first_cell = []
    for k in range(kernel):
        weights[:] = 0
        weights[k] = 1
        # A stride and a dilation at once is more than TensorFlow's kernel for the CPU can do, so
        # that the SAME of one of them is taken at a time.
        output = tf.nn.conv1d(probe, weights, stride, "SAME", dilations=dilation).numpy()[:, :, 0]
        seen = np.argwhere(output > 0)
        if len(seen):
            cell, window = seen[0]
            first_cell.append(window * stride + k * dilation - cell)
    assert len(set(first_cell)) == 1
    return int(first_cell[0]), output.shape[1]


@pytest.mark.parametrize("stride_or_dilation", ["stride", "dilation"])
def test_tensorflows_same(sizes, stride_or_dilation):
    rng = np.random.default_rng(5)
    for _ in range(30):
        size, kernel, other = (int(n) for n in rng.integers([2, 2, 1], [12, 7, 4]))
        stride, dilation = (other, 1) if stride_or_dilation == "stride" else (1, other)
        axis = {"size": size, "kernel": kernel, "stride": stride, "dilation": dilation}
        before, after = sizes("sameInTensorflow", axis)
        windows_start, windows = zeros_of_tensorflow(size, kernel, stride, dilation)
        assert before == windows_start, axis
        assert sizes("layOut", axis | {"padding": [before, after]})["output"] == windows, axis


def test_both_kinds_of_same_have_equally_many_windows_but_not_the_same_ones(sizes):
    differing = 0
    for size in [1, 2, 5, 6, 9]:
        for kernel in range(1, 6):
            for stride in range(1, 4):
                axis = {"size": size, "kernel": kernel, "stride": stride}
                numpy_zeros = sizes("sameInNumpy", axis)
                tensorflow_zeros = sizes("sameInTensorflow", axis)
                for zeros in (numpy_zeros, tensorflow_zeros):
                    laid = sizes("layOut", axis | {"padding": zeros})
                    assert laid["output"] == math.ceil(size / stride)
                if stride == 1:
                    assert (numpy_zeros == tensorflow_zeros) == (kernel % 2 == 1)
                    assert numpy_zeros == tensorflow_zeros[::-1]
                differing += numpy_zeros != tensorflow_zeros
    assert differing > 25


def test_numpys_same_is_numpys(sizes):
    for kernel in range(1, 7):
        before, after = sizes("sameInNumpy", {"kernel": kernel})
        signal = np.arange(1.0, 8.0)
        weights = np.arange(1.0, kernel + 1)
        padded = np.pad(signal, (before, after))
        ours = np.convolve(padded, weights, "valid")
        assert ours.tolist() == np.convolve(signal, weights, "same").tolist()


NEIGHBOUR = {"padding": -1, "kernel": 1, "dilation": 1, "input": -1}
SETTING = {"padding": "padding", "kernel": "kernel", "dilation": "dilation", "input": "size"}


def test_the_nearest_settings_fit_and_those_before_them_do_not(sizes):
    rng = np.random.default_rng(6)
    offered = set()
    for _ in range(120):
        axis = random_axis(rng)
        axis["padding"] = int(rng.integers(0, 2))
        axis["kernel"] += 3
        laid = sizes("layOut", axis)
        if laid["output"]:
            continue
        for fit in sizes("nearestFits", laid):
            name, value = SETTING[fit["name"]], fit["value"]
            assert in_python(axis, **{name: value}) >= 1, (axis, fit)
            with pytest.raises(ValueError, match="does not fit"):
                in_python(axis, **{name: value + NEIGHBOUR[fit["name"]]})
            offered.add(fit["name"])
    assert offered == set(SETTING)


@pytest.mark.parametrize(
    ("axis", "guess", "words"),
    [
        ({"size": 5, "kernel": 3}, 2, "Add 1 for where it starts"),
        ({"size": 7, "kernel": 3, "stride": 2, "padding": 1}, 3, "⌊6 / 2⌋ = 3 is how often"),
        ({"size": 9, "kernel": 3, "padding": 2}, 7, "left out the padding"),
        ({"size": 9, "kernel": 3, "padding": 2}, 9, "count them twice, 2·2 = 4"),
        ({"size": 9, "kernel": 6, "padding": [3, 2]}, 7, "left out the padding after"),
        ({"size": 6, "kernel": 3, "stride": 2}, 2.5, "1.5 is no whole number of steps"),
        ({"size": 10, "kernel": 3, "stride": 3}, 3.33, "2.333 is no whole number of steps"),
        ({"size": 6, "kernel": 3, "stride": 2}, 3, "You rounded 1.5 up"),
        ({"size": 11, "kernel": 3, "dilation": 2}, 9, "left out the dilation"),
        ({"size": 13, "kernel": 3, "dilation": 3}, 5, "no gap after its last cell"),
        ({"size": 8, "kernel": 3}, 9, "did not take off the kernel"),
        ({"size": 12, "kernel": 4, "stride": 4}, 9, "the size for stride 1"),
        ({"size": 9, "kernel": 4, "padding": 4}, 17, "input with its padding"),
        ({"size": 9, "kernel": 3}, 100, "100 is not it. Count how often"),
        ({"size": 9, "kernel": 3}, 4.7, "An output has whole cells."),
    ],
)
def test_wrong_sizes_are_diagnosed(sizes, axis, guess, words):
    laid = sizes("layOut", axis)
    verdict = sizes("diagnoseSize", laid, guess)
    assert not verdict["right"]
    assert words in verdict["words"]
    assert sizes("diagnoseSize", laid, laid["output"])["right"]


def test_only_the_right_size_is_right(sizes):
    rng = np.random.default_rng(7)
    for _ in range(20):
        laid = sizes("layOut", random_axis(rng))
        if laid["output"]:
            near = range(laid["output"] - 4, laid["output"] + 5)
            assert [n for n in near if sizes("diagnoseSize", laid, n)["right"]] == [laid["output"]]


def test_a_layer_reads_the_same_in_both_languages(sizes):
    rng = np.random.default_rng(8)
    for _ in range(50):
        words = [str(rng.choice(["conv", "pool"])), str(rng.integers(1, 12))]
        for word in rng.permutation([f"s{rng.integers(1, 5)}", f"d{rng.integers(1, 4)}"]):
            if rng.integers(2):
                words.append(str(word))
        words += [[], ["p2"], ["same"], ["full"], ["valid"]][rng.integers(5)]
        text = " ".join(words)
        ours, theirs = parse_layer(text), sizes("parseLayer", text)
        assert theirs["kernel"] == ours["kernel_size"]
        assert theirs["padding"] == (0 if ours["padding"] == "valid" else ours["padding"])
        assert (theirs["stride"], theirs["dilation"]) == (ours["stride"], ours["dilation"])
        again = sizes("parseLayer", sizes("writeLayer", theirs))
        assert again == theirs


@pytest.mark.parametrize("text", ["", "dense 10", "conv", "conv x", "conv 3 q2", "conv 3s2"])
def test_what_is_no_layer_is_refused_by_both(sizes, text):
    with pytest.raises(Exception, match="is no layer"):
        sizes("parseLayer", text)
    with pytest.raises(ValueError, match="is no layer"):
        parse_layer(text)


def test_chains_agree_with_python(sizes):
    rng = np.random.default_rng(9)
    compared = 0
    for _ in range(60):
        chain = [
            f"{rng.choice(['conv', 'pool'])} {rng.integers(1, 5)} s{rng.integers(1, 3)} "
            f"{rng.choice(['same', 'p1', 'd2', 'full'])}"
            for _ in range(rng.integers(1, 6))
        ]
        start = int(rng.integers(4, 40))
        layers = [sizes("parseLayer", text) for text in chain]
        ours = [axis["output"] for axis in sizes("layOutChain", layers, start)]
        try:
            widget = OutputSize(view="chain", dimensions=1, chain_input=start, chain=chain)
        except TraitError:
            assert ours[-1] == 0
            continue
        assert [start, *ours] == widget.chain_sizes
        compared += 1
    assert compared > 30
