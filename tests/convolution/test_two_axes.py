"""Two axes against cases worked by hand, and against NumPy, SciPy and TensorFlow."""

import json
import runpy
from pathlib import Path

import numpy as np
import pytest
from arrays import BAD_ARRAYS, NUMPY_MODE, WHOLE
from hypothesis import assume, given
from hypothesis import strategies as st
from hypothesis.extra import numpy as st_numpy
from scipy import ndimage
from scipy import signal as scipy_signal

from helpers.convolution import (
    convolve1d,
    convolve2d,
    cross_correlate1d,
    cross_correlate2d,
    output_size,
    trace2d,
)

HERE = Path(__file__).parents[1]
SIGNAL_BOUNDARY = {"zeros": "fill", "symmetric": "symm", "wrap": "wrap"}
NDIMAGE_MODE = {
    "zeros": "constant",
    "symmetric": "reflect",
    "reflect": "mirror",
    "edge": "nearest",
    "wrap": "grid-wrap",
}


def grids(most):
    """Draw images or kernels with up to so many rows and columns."""
    whole = st_numpy.arrays(np.int64, shapes(most), elements=st.integers(-9, 9))
    # SciPy's image filters take weights below 1e-16 for 0: three digits after the point will do.
    fractions = st.floats(-1e3, 1e3).map(lambda value: round(value, 3))
    return whole | st_numpy.arrays(float, shapes(most), elements=fractions)


def shapes(most):
    return st_numpy.array_shapes(min_dims=2, max_dims=2, max_side=most)


images, kernels = grids(8), grids(5)
whole_images = st_numpy.arrays(np.int64, shapes(7), elements=st.integers(-9, 9))
whole_kernels = st_numpy.arrays(np.int64, shapes(4), elements=st.integers(-9, 9))
counts = st.integers(1, 3) | st.tuples(st.integers(1, 4), st.integers(1, 4))
amounts = st.tuples(*[st.tuples(st.integers(0, 6), st.integers(0, 6))] * 2)
named = st.sampled_from(["full", "same", "valid"])
paddings = named | st.integers(0, 5) | amounts
modes = st.sampled_from(list(NUMPY_MODE))
functions = st.sampled_from([convolve2d, cross_correlate2d])


def spans_of(kernel, dilation=1):
    return (np.array(np.shape(kernel)) - 1) * np.broadcast_to(dilation, 2) + 1


def fits(image, kernel, *, padding, dilation=1):
    """Tell whether the kernel has a position, without the formula under test."""
    if isinstance(padding, str) and padding in ("full", "same"):
        return True
    ghosts = np.broadcast_to(0 if padding == "valid" else padding, (2, 2)).sum(axis=1)
    return bool((spans_of(kernel, dilation) <= np.shape(image) + ghosts).all())


def with_holes(kernel, dilation):
    """Return the kernel as an array that has zeros for the cells that dilation leaves out."""
    holes = np.zeros(spans_of(kernel, dilation), np.result_type(kernel))
    down, across = np.broadcast_to(dilation, 2)
    holes[::down, ::across] = kernel
    return holes


def every(array, stride):
    down, across = np.broadcast_to(stride, 2)
    return array[::down, ::across]


def assert_close(actual, expected, *operands):
    """Compare up to the rounding of sums of products of these operands."""
    scale = np.prod([np.abs(operand).max() for operand in operands]) * 50
    np.testing.assert_allclose(actual, expected, rtol=0, atol=scale * 1e-15 + 1e-300)


class TestByHand:
    """Every product written out."""

    image = [
        [1, 2, 3],
        [4, 5, 6],
        [7, 8, 9],
    ]
    kernel = [
        [1, 2],
        [0, -1],
    ]

    # fmt: off
    # The kernel as it is on the four places inside.
    correlation = [
        [1*1 + 2*2 + 0*4 - 1*5, 1*2 + 2*3 + 0*5 - 1*6],  # 0, 2
        [1*4 + 2*5 + 0*7 - 1*8, 1*5 + 2*6 + 0*8 - 1*9],  # 6, 8
    ]
    # Turned by 180°: (-1, 0) above (2, 1).
    convolution = [
        [-1*1 + 0*2 + 2*4 + 1*5, -1*2 + 0*3 + 2*5 + 1*6],  # 12, 14
        [-1*4 + 0*5 + 2*7 + 1*8, -1*5 + 0*6 + 2*8 + 1*9],  # 18, 20
    ]
    # The first row of "full": only the lower kernel row, (2, 1), lies on the image.
    first_row = [1*1, 2*1 + 1*2, 2*2 + 1*3, 2*3]  # 1, 4, 7, 6
    # fmt: on

    def test_cross_correlation(self):
        assert self.correlation == [[0, 2], [6, 8]]
        assert cross_correlate2d(self.image, self.kernel).tolist() == self.correlation

    def test_convolution(self):
        assert self.convolution == [[12, 14], [18, 20]]
        full = convolve2d(self.image, self.kernel)
        assert full[1:-1, 1:-1].tolist() == self.convolution
        assert full[0].tolist() == self.first_row == [1, 4, 7, 6]
        assert convolve2d(self.image, self.kernel, padding="valid").tolist() == self.convolution
        # An even kernel: the ghost cell goes above and to the left.
        same = convolve2d(self.image, self.kernel, padding="same")
        assert same.tolist() == full[:3, :3].tolist()

    def test_rows_of_1_to_5_under_nine_ones(self):
        output = cross_correlate2d([[1, 2, 3, 4, 5]] * 5, np.ones((3, 3), int))
        assert output.tolist() == [[3 * (1 + 2 + 3), 3 * (2 + 3 + 4), 3 * (3 + 4 + 5)]] * 3
        assert output[0].tolist() == [18, 27, 36]

    def test_the_kernel_is_turned_not_mirrored_or_transposed(self):
        dot, kernel = [[1]], np.array([[1, 2, 3], [4, 5, 6]])
        assert convolve2d(dot, kernel).tolist() == kernel.tolist()
        turned = cross_correlate2d(dot, kernel, padding="full").tolist()
        assert turned == [[6, 5, 4], [3, 2, 1]] == np.rot90(kernel, 2).tolist()

    def test_axes_are_independent(self):
        image = np.arange(35).reshape(5, 7)
        options = {"stride": (2, 3), "padding": ((1, 0), (0, 2)), "dilation": (3, 1)}
        # Rows: 5 + 1 - (3 + 1) = 2 moves of 2; columns: 7 + 2 - 2 = 7 moves of 3.
        trace = trace2d(image, [[1, 0], [0, 1]], flip=False, **options)
        assert trace.output_shape == (2, 3)
        assert trace.ignored == (0, 1)
        # Window (0, 0): the ghost row, and the row three cells below, so row 2 of the image.
        assert trace.output[0].tolist() == [0 + 15, 0 + 18, 0 + 0]
        assert trace.output[1].tolist() == [7 + 29, 10 + 32, 13 + 0]


class TestAgainstScipySignal:
    @given(images, kernels, named)
    def test_convolve_and_correlate(self, image, kernel, padding):
        assume(fits(image, kernel, padding=padding))
        expected = scipy_signal.convolve(image, kernel, padding, method="direct")
        assert_close(convolve2d(image, kernel, padding=padding), expected, image, kernel)
        expected = scipy_signal.correlate(image, kernel, padding, method="direct")
        assert_close(cross_correlate2d(image, kernel, padding=padding), expected, image, kernel)

    @given(images, kernels, named, st.sampled_from(list(SIGNAL_BOUNDARY)))
    def test_convolve2d_and_correlate2d_with_their_boundaries(self, image, kernel, padding, mode):
        # SciPy swaps the two where the kernel is the larger one, and its ghost cells are wrong
        # where they lie more than one image away.
        assume((np.array(kernel.shape) <= image.shape).all())
        boundary = SIGNAL_BOUNDARY[mode]
        expected = scipy_signal.convolve2d(image, kernel, padding, boundary)
        ours = convolve2d(image, kernel, padding=padding, mode=mode)
        assert_close(ours, expected, image, kernel)
        # For even kernels, SciPy's correlate2d has a "same" of its own: see the next test.
        assume(padding != "same" or all(size % 2 for size in kernel.shape))
        expected = scipy_signal.correlate2d(image, kernel, padding, boundary)
        ours = cross_correlate2d(image, kernel, padding=padding, mode=mode)
        assert_close(ours, expected, image, kernel)

    def test_same_of_correlate2d_differs_from_that_of_correlate_for_even_kernels(self):
        image, kernel = np.arange(1, 13).reshape(3, 4), [[1, 0], [0, 0]]
        ours = cross_correlate2d(image, kernel, padding="same").tolist()
        assert ours == scipy_signal.correlate(image, kernel, "same").tolist()
        assert ours == np.pad(image, ((1, 0), (1, 0)))[:3, :4].tolist()
        assert scipy_signal.correlate2d(image, kernel, "same").tolist() == image.tolist()


class TestAgainstScipyNdimage:
    @given(images, kernels, modes)
    def test_correlate(self, image, kernel, mode):
        image, kernel = image.astype(float), kernel.astype(float)
        expected = ndimage.correlate(image, kernel, mode=NDIMAGE_MODE[mode])
        ours = cross_correlate2d(image, kernel, padding="same", mode=mode)
        assert_close(ours, expected, image, kernel)

    @given(images, kernels, modes)
    def test_convolve(self, image, kernel, mode):
        # With an even kernel, ndimage.convolve has the odd ghost cell on the other side.
        assume(all(size % 2 for size in kernel.shape))
        image, kernel = image.astype(float), kernel.astype(float)
        expected = ndimage.convolve(image, kernel, mode=NDIMAGE_MODE[mode])
        ours = convolve2d(image, kernel, padding="same", mode=mode)
        assert_close(ours, expected, image, kernel)


class TestAgainstNumpy:
    @given(functions, images, kernels, paddings, modes, counts, counts)
    def test_every_option_at_once(self, function, image, kernel, padding, mode, stride, dilation):
        assume(fits(image, kernel, padding=padding, dilation=dilation))
        spans = spans_of(kernel, dilation)
        ghosts = {
            "full": [(span - 1, span - 1) for span in spans],
            "same": [(span // 2, (span - 1) // 2) for span in spans],
            "valid": 0,
        }
        padded = np.pad(
            image, ghosts[padding] if isinstance(padding, str) else padding, NUMPY_MODE[mode]
        )
        windows = np.lib.stride_tricks.sliding_window_view(padded, tuple(spans))
        applied = kernel[::-1, ::-1] if function is convolve2d else kernel
        expected = np.einsum("rcij,ij->rc", windows, with_holes(applied, dilation))
        options = {"padding": padding, "mode": mode, "stride": stride, "dilation": dilation}
        ours = function(image, kernel, **options)
        assert_close(ours, every(expected, stride), image, kernel)

        per_axis = zip(
            image.shape,
            kernel.shape,
            np.broadcast_to(stride, 2),
            np.broadcast_to(dilation, 2),
            [padding] * 2 if np.ndim(padding) == 0 else padding,
            strict=True,
        )
        sizes = [output_size(i, k, stride=s, dilation=d, padding=p) for i, k, s, d, p in per_axis]
        assert ours.shape == tuple(sizes)


@pytest.fixture(scope="module")
def conv2d(tensorflow):
    """Return tf.nn.conv2d for one image and one kernel."""

    def conv2d(image, kernel, padding="VALID", stride=1, dilation=1):
        # (batch, rows, columns, channels) and (rows, columns, channels in, channels out)
        image = np.array(image, dtype=float)[None, :, :, None]
        kernel = np.array(kernel, dtype=float)[:, :, None, None]
        if padding != "VALID":
            padding = [(0, 0), *padding, (0, 0)]
        output = tensorflow.nn.conv2d(image, kernel, stride, padding, dilations=dilation)
        return output.numpy()[0, :, :, 0]

    return conv2d


class TestAgainstTensorFlow:
    @given(images, kernels, amounts, counts)
    def test_padding_and_strides(self, conv2d, image, kernel, padding, stride):
        assume(fits(image, kernel, padding=padding))
        expected = conv2d(image, kernel, padding, stride)
        ours = cross_correlate2d(image, kernel, padding=padding, stride=stride)
        assert_close(ours, expected, image, kernel)

    @given(images, kernels, amounts, counts)
    def test_dilations(self, conv2d, image, kernel, padding, dilation):
        assume(fits(image, kernel, padding=padding, dilation=dilation))
        expected = conv2d(np.pad(image, padding), kernel, dilation=dilation)
        ours = cross_correlate2d(image, kernel, padding=padding, dilation=dilation)
        assert_close(ours, expected, image, kernel)


class TestLaws:
    @given(whole_images, whole_kernels)
    def test_full_convolution_commutes(self, image, kernel):
        assert convolve2d(image, kernel).tolist() == convolve2d(kernel, image).tolist()

    @given(whole_images, whole_kernels, whole_kernels)
    def test_two_kernels_one_after_the_other_are_one_kernel(self, image, first, second):
        twice = convolve2d(convolve2d(image, first), second)
        assert twice.tolist() == convolve2d(image, convolve2d(first, second)).tolist()

    def test_cross_correlation_does_neither(self):
        image, kernel = np.arange(6).reshape(2, 3), np.array([[1, 2], [0, 3]])
        there = cross_correlate2d(image, kernel, padding="full")
        assert there.tolist() != cross_correlate2d(kernel, image, padding="full").tolist()

    @given(functions, whole_images, st.lists(st.integers(-9, 9), min_size=1, max_size=4), modes)
    def test_a_separable_kernel_can_go_row_by_row_then_column_by_column(
        self, function, image, weights, mode
    ):
        along = {convolve2d: convolve1d, cross_correlate2d: cross_correlate1d}[function]

        def along_rows(array):
            return np.array([along(row, weights, padding="same", mode=mode) for row in array])

        at_once = function(image, np.outer(weights, weights), padding="same", mode=mode)
        assert along_rows(along_rows(image).T).T.tolist() == at_once.tolist()

    @given(functions, whole_images, whole_kernels, paddings, modes, counts, counts)
    def test_rows_and_columns_are_treated_alike(
        self, function, image, kernel, padding, mode, stride, dilation
    ):
        assume(fits(image, kernel, padding=padding, dilation=dilation))
        options = {"padding": padding, "stride": stride, "dilation": dilation}
        swapped = {
            name: value if np.ndim(value) == 0 else tuple(reversed(value))
            for name, value in options.items()
        }
        there = function(image, kernel, mode=mode, **options)
        assert function(image.T, kernel.T, mode=mode, **swapped).T.tolist() == there.tolist()

    @given(st.lists(st.integers(-9, 9), min_size=1, max_size=9), named, modes)
    def test_one_row_is_the_convolution_of_one_axis(self, row, padding, mode):
        kernel = [1, -2, 3]
        assume(padding != "valid" or len(row) >= 3)
        options = {"padding": padding, "mode": mode}
        expected = convolve1d(row, kernel, **options).tolist()
        assert convolve2d([row], [kernel], **options).tolist() == [expected]


class TestTrace:
    @given(st.booleans(), images, kernels, paddings, modes, counts, counts)
    def test_it_equals_the_functions_to_the_last_digit(
        self, flipped, image, kernel, padding, mode, stride, dilation
    ):
        assume(fits(image, kernel, padding=padding, dilation=dilation))
        options = {"padding": padding, "mode": mode, "stride": stride, "dilation": dilation}
        trace = trace2d(image, kernel, flip=flipped, **options)
        result = (convolve2d if flipped else cross_correlate2d)(image, kernel, **options)
        assert trace.output.tolist() == result.tolist()
        assert trace.output.dtype == result.dtype
        assert trace.output_shape == result.shape

        (above, left), (below, right) = trace.before, trace.after
        padded = np.pad(image, ((above, below), (left, right)), NUMPY_MODE[mode])
        assert trace.padded.tolist() == padded.tolist()
        applied = kernel[::-1, ::-1] if flipped else kernel
        assert trace.kernel.tolist() == applied.tolist()

        down, across = np.broadcast_to(stride, 2)
        gap_down, gap_across = np.broadcast_to(dilation, 2)
        assert [(s.row, s.col) for s in trace.steps] == list(np.ndindex(*result.shape))
        for step in trace.steps:
            assert (step.start_row, step.start_col) == (step.row * down, step.col * across)
            for i, j in np.ndindex(*kernel.shape):
                cell = padded[step.start_row + gap_down * i, step.start_col + gap_across * j]
                assert step.window[i, j] == cell
                assert step.products[i, j] == cell * applied[i, j]
            total = 0
            for product in step.products.ravel():
                total += product
            assert step.sum == total
        last = trace.steps[-1]
        reached = np.array([last.start_row, last.start_col]) + spans_of(kernel, dilation)
        assert trace.ignored == tuple(padded.shape - reached)

    def test_it_holds_plain_numbers_and_shares_nothing_with_its_input(self):
        image, kernel = np.arange(12).reshape(3, 4), np.array([[1, -1], [2, 0]])
        trace = trace2d(image, kernel, flip=False, padding="valid")
        for name in ("padded", "kernel"):
            assert not any(np.shares_memory(getattr(trace, name), a) for a in (image, kernel))
            with pytest.raises(AttributeError):
                setattr(trace, name, None)
        last = trace.steps[-1]
        numbers = [*trace.before, *trace.after, *trace.ignored, *trace.output_shape]
        numbers += [last.row, last.col, last.start_row, last.start_col]
        assert {type(number) for number in numbers} == {int}


class TestTypes:
    def test_photographs_of_bytes_do_not_overflow(self):
        white = np.full((9, 9), 255, dtype=np.uint8)
        ones = np.ones((9, 9), dtype=np.uint8)
        assert cross_correlate2d(white, ones).tolist() == [[81 * 255]]
        assert cross_correlate2d(white, np.array([[1, -1]], np.int8)).max() == 0

    @pytest.mark.parametrize("function", [convolve2d, cross_correlate2d])
    @pytest.mark.parametrize(
        ("image_type", "kernel_type", "result_type"),
        [
            ("float32", "float32", "float32"),
            ("uint8", "float32", "float32"),
            ("uint8", "float64", "float64"),
            ("uint8", "int8", "int64"),
            ("bool", "bool", "int64"),
        ],
    )
    def test_result_type(self, function, image_type, kernel_type, result_type):
        image, kernel = np.ones((4, 5), image_type), np.ones((2, 2), kernel_type)
        assert function(image, kernel).dtype == result_type
        assert function(image, kernel).max() == 4

    @given(functions, whole_images, whole_kernels, modes)
    def test_lists_and_arrays_are_alike_and_never_changed(self, function, image, kernel, mode):
        lists = image.tolist(), kernel.tolist()
        expected = function(*lists, padding="same", mode=mode).tolist()
        assert function(image, kernel, padding="same", mode=mode).tolist() == expected
        assert (image.tolist(), kernel.tolist()) == lists

    def test_nan_and_infinity_stay_where_they_belong(self):
        image = np.ones((3, 5))
        image[0, 0], image[2, 4] = np.nan, np.inf
        output = cross_correlate2d(image, np.ones((2, 2)))
        np.testing.assert_equal(output, [[np.nan, 4, 4, 4], [4, 4, 4, np.inf]])


BAD_RANKS = [
    (3, "{name} of shape () does not fit: use an array with 2 axes"),
    ([1, 2], "{name} of shape (2,) does not fit: use an array with 2 axes"),
    (np.ones((2, 2, 3)), "{name} of shape (2, 2, 3) does not fit: use an array with 2 axes"),
]
PER_AXIS = "does not fit: use one number, or one for each of the 2 axes"
BAD_OPTIONS = [
    ({"stride": 0}, ValueError, "stride=0 is too small: use an integer of at least 1"),
    ({"stride": (1, 0)}, ValueError, "stride=(1, 0) is too small: use an integer of at least 1"),
    ({"stride": (1, 2.0)}, TypeError, f"stride=(1, 2.0) {WHOLE} 1"),
    ({"stride": [1, 2, 3]}, ValueError, f"stride=[1, 2, 3] {PER_AXIS}"),
    ({"dilation": (0, 1)}, ValueError, "dilation=(0, 1) is too small"),
    ({"dilation": (1,)}, ValueError, f"dilation=(1,) {PER_AXIS}"),
    ({"padding": -1}, ValueError, "padding=-1 is too small: use an integer of at least 0"),
    ({"padding": ((0, 0), (0, -1))}, ValueError, "padding=((0, 0), (0, -1)) is too small"),
    (
        {"padding": (1, 2)},
        ValueError,
        "padding=(1, 2) does not fit: use one number, or a (before, after) for each of the 2 axes",
    ),
    (
        {"padding": "SAME"},
        ValueError,
        "padding='SAME' is unknown: use one of full, same, valid, a number of cells, or a (before, "
        "after) for each of the 2 axes",
    ),
    (
        {"mode": "nearest"},
        ValueError,
        "mode='nearest' is unknown: use one of zeros, reflect, symmetric, edge, wrap",
    ),
]


@pytest.mark.parametrize("function", [convolve2d, cross_correlate2d, trace2d])
class TestErrors:
    @pytest.mark.parametrize("name", ["image", "kernel"])
    @pytest.mark.parametrize(("array", "error", "message"), BAD_ARRAYS)
    def test_arrays(self, function, name, array, error, message):
        arguments = {"image": [[1, 2], [3, 4]], "kernel": [[1, 2]], name: array}
        self.check(error, message.format(name=name), function, **arguments)

    @pytest.mark.parametrize(("array", "message"), BAD_RANKS)
    def test_ranks_of_images(self, function, array, message):
        self.check(ValueError, message.format(name="image"), function, array, [[1]])

    @pytest.mark.parametrize(("array", "message"), BAD_RANKS[1:])
    def test_ranks_of_kernels(self, function, array, message):
        self.check(ValueError, message.format(name="kernel"), function, np.ones((3, 3)), array)

    @pytest.mark.parametrize(("options", "error", "message"), BAD_OPTIONS)
    def test_options(self, function, options, error, message):
        self.check(error, message, function, np.ones((5, 5)), [[1, 2]], **options)

    @pytest.mark.parametrize(
        ("image_shape", "kernel_shape", "options", "message"),
        [
            (
                (3, 9),
                (5, 2),
                {},
                "along the rows: kernel_size=5 does not fit input_size=3 with padding=0: "
                "use padding >= 1 or a kernel of at most 3",
            ),
            (
                (9, 3),
                (2, 5),
                {"padding": ((0, 0), (0, 1))},
                "along the columns: kernel_size=5 does not fit input_size=3 with padding=(0, 1): "
                "use padding >= 1 or a kernel of at most 4",
            ),
            (
                (9, 5),
                (3, 3),
                {"dilation": (1, 4)},
                "along the columns: kernel_size=3 with dilation=4 spans 9 cells and does not fit "
                "input_size=5 with padding=0: use padding >= 2, dilation <= 2 or a kernel of at "
                "most 2",
            ),
        ],
    )
    def test_misfits_name_the_axis(self, function, image_shape, kernel_shape, options, message):
        arrays = np.ones(image_shape), np.ones(kernel_shape)
        self.check(ValueError, message, function, *arrays, **{"padding": "valid", **options})

    @staticmethod
    def check(error, message, function, *arguments, **options):
        with pytest.raises(error) as raised:
            function(*arguments, **options)
        assert message in str(raised.value)


class TestSharedCases:
    """tests/cases/convolution2d.json, which the JavaScript arithmetic reads too."""

    path = HERE / "cases" / "convolution2d.json"
    cases = json.loads(path.read_text(encoding="utf-8"))
    worked = [case for case in cases if "expect" in case]
    refused = [case for case in cases if "error" in case]

    def test_the_file_is_what_the_script_writes(self):
        generate = runpy.run_path(str(HERE / "make_cases.py"))["generate"]
        written = generate()[self.path.name]
        assert self.path.read_text(encoding="utf-8") == written, "run python tests/make_cases.py"

    def test_it_covers_every_option_and_names_each_case_once(self):
        def values(key):
            return {json.dumps(case[key]) for case in self.worked}

        assert {json.loads(mode) for mode in values("mode")} == set(NUMPY_MODE)
        assert {'"full"', '"same"', '"valid"', "0", "2"} <= values("padding")
        assert {"1", "2", "[1, 2]", "[2, 1]"} <= values("stride") & values("dilation")
        assert values("flip") == {"true", "false"}
        assert len(self.worked) + len(self.refused) == len(self.cases)
        assert len({case["name"] for case in self.cases}) == len(self.cases)

    @pytest.mark.parametrize("case", worked, ids=lambda case: case["name"])
    def test_worked(self, case):
        expect, kernel = case["expect"], np.array(case["kernel"])
        kernel = kernel[::-1, ::-1] if case["flip"] else kernel
        assert expect["kernel"] == kernel.tolist()

        ghosts = list(zip(expect["before"], expect["after"], strict=True))
        padded = np.pad(case["image"], ghosts, NUMPY_MODE[case["mode"]])
        assert expect["padded"] == padded.tolist()

        spans = spans_of(kernel, case["dilation"])
        starts = np.stack(np.indices(padded.shape - spans + 1), axis=-1)
        starts = every(starts, case["stride"])
        assert expect["output_shape"] == list(starts.shape[:2])
        assert expect["starts"] == starts.reshape(-1, 2).tolist()
        assert expect["ignored"] == (padded.shape - starts[-1, -1] - spans).tolist()

        windows = np.lib.stride_tricks.sliding_window_view(padded, tuple(spans))
        windows = every(windows, case["stride"])
        down, across = np.broadcast_to(case["dilation"], 2)
        products = windows[:, :, ::down, ::across] * kernel
        assert expect["products"] == products.reshape(-1, *kernel.shape).tolist()

        one_by_one = products.reshape(*products.shape[:2], -1)
        output = np.cumsum(one_by_one, axis=-1)[:, :, -1]  # row by row, from left to right
        assert expect["output"] == output.tolist()
        holes = with_holes(kernel, case["dilation"])
        theirs = every(scipy_signal.correlate2d(padded, holes, "valid"), case["stride"])
        assert_close(output, theirs, padded, holes)

        if case["padding"] not in ("full", "same", "valid"):
            assert ghosts == [tuple(pair) for pair in np.broadcast_to(case["padding"], (2, 2))]
        else:
            # SciPy's own padding is always with zeros, and it decides where "same" begins.
            with_zeros = np.pad(case["image"], ghosts)
            theirs = scipy_signal.correlate(case["image"], holes, case["padding"], method="direct")
            ours = scipy_signal.correlate2d(with_zeros, holes, "valid")
            assert_close(ours, theirs, with_zeros, holes)

    @pytest.mark.parametrize("case", refused, ids=lambda case: case["name"])
    def test_refused(self, case):
        options = {key: case[key] for key in ("padding", "mode", "stride", "dilation")}
        for function in (convolve2d, cross_correlate2d, trace2d):
            with pytest.raises((ValueError, TypeError)):
                function(case["image"], case["kernel"], **options)
