"""The arithmetic against a case worked by hand, and against NumPy, SciPy and TensorFlow."""

import json
import runpy
from pathlib import Path

import numpy as np
import pytest
from arrays import BAD_ARRAYS, NUMPY_MODE, WHOLE
from hypothesis import assume, given
from hypothesis import strategies as st
from hypothesis.extra import numpy as st_numpy
from scipy import signal as scipy_signal

from helpers.convolution import convolve1d, cross_correlate1d, flip, output_size, pad, trace1d

HERE = Path(__file__).parents[1]

whole_numbers = st.lists(st.integers(-9, 9), min_size=1, max_size=12)
fractions = st.lists(st.floats(-1e3, 1e3, allow_subnormal=False), min_size=1, max_size=12)
signals = whole_numbers | fractions
counts = st.integers(1, 4)
pairs = st.tuples(st.integers(0, 9), st.integers(0, 9))
paddings = st.sampled_from(["full", "same", "valid"]) | st.integers(0, 9) | pairs
modes = st.sampled_from(list(NUMPY_MODE))
functions = st.sampled_from([convolve1d, cross_correlate1d])


def fits(signal, kernel, *, padding, dilation=1):
    """Tell whether the kernel has a position, without the formula under test."""
    if padding in ("full", "same"):
        return True
    before, after = (0, 0) if padding == "valid" else np.broadcast_to(padding, 2)
    cells = np.arange(len(kernel)) * dilation
    return bool(cells[-1] < before + len(signal) + after)


def assert_close(actual, expected, *operands):
    """Compare up to the rounding of sums of products of these operands."""
    scale = np.prod([np.abs(operand).max() for operand in operands]) * 12
    np.testing.assert_allclose(actual, expected, rtol=0, atol=scale * 1e-15 + 1e-300)


class TestLongKernels:
    """From some length on the products are added by another route, with the same results."""

    LENGTHS = (14, 15, 16, 17, 40)

    @pytest.mark.parametrize("length", LENGTHS)
    @pytest.mark.parametrize("dtype", [np.int8, np.int64, np.float32, np.float64])
    def test_every_length_multiplies_and_adds(self, length, dtype):
        rng = np.random.default_rng(length)
        signal = rng.integers(-100, 100, 57).astype(dtype)
        kernel = rng.integers(-100, 100, length).astype(dtype)
        output = cross_correlate1d(signal, kernel)
        windows = np.lib.stride_tricks.sliding_window_view(signal.astype(np.int64), length)
        # Whole numbers of this size are exact in every type.
        assert output.tolist() == (windows * kernel.astype(np.int64)).sum(axis=1).tolist()
        assert output.dtype == (dtype if np.issubdtype(dtype, np.floating) else np.int64)
        assert (
            convolve1d(signal, kernel).tolist()
            == np.convolve(signal.astype(np.int64), kernel.astype(np.int64)).tolist()
        )

    @pytest.mark.filterwarnings("ignore:invalid value")
    @pytest.mark.parametrize("length", LENGTHS)
    def test_nan_and_infinity_reach_the_windows_that_hold_them(self, length):
        signal = np.ones(60)
        signal[25] = np.nan
        output = cross_correlate1d(signal, np.zeros(length))
        assert np.flatnonzero(np.isnan(output)).tolist() == [
            place for place in range(61 - length) if 25 - length < place <= 25
        ]
        kernel = np.ones(length)
        kernel[-1] = np.inf
        # A ghost 0 under the infinite cell gives NaN, cells of the signal give infinity.
        output = cross_correlate1d(np.ones(60), kernel, padding=(0, 3))
        assert np.isnan(output[-3:]).all()
        assert (output[:-3] == np.inf).all()

    @given(
        st_numpy.arrays(np.int64, st.integers(1, 60), elements=st.integers(-99, 99)),
        st_numpy.arrays(np.int64, st.integers(16, 40), elements=st.integers(-99, 99)),
        st.sampled_from(["full", "same"]) | st.tuples(st.integers(0, 60), st.integers(0, 60)),
        modes,
    )
    def test_ghost_cells_count_as_they_stand(self, signal, kernel, padding, mode):
        assume(fits(signal, kernel, padding=padding))
        ghosts = {
            "full": (len(kernel) - 1,) * 2,
            "same": (len(kernel) // 2, (len(kernel) - 1) // 2),
        }
        padded = np.pad(signal, ghosts.get(padding, padding), NUMPY_MODE[mode])
        windows = np.lib.stride_tricks.sliding_window_view(padded, len(kernel))
        output = cross_correlate1d(signal, kernel, padding=padding, mode=mode)
        assert output.tolist() == (windows @ kernel).tolist()

    def test_a_kernel_as_long_as_the_signal_is_not_swapped_with_it(self):
        signal, kernel = np.arange(20), np.arange(20)[::-1]
        assert cross_correlate1d(signal, kernel).tolist() == [int(signal @ kernel)]
        assert len(cross_correlate1d(signal, kernel, padding=(2, 0))) == 3


class TestByHand:
    """x = (0, 1, 2, 3, 4), w = (1, -1, 2): every sum written out, with nothing under the kernel
    counting as 0."""

    x, w = [0, 1, 2, 3, 4], [1, -1, 2]

    # fmt: off
    # The flipped kernel (2, -1, 1) lies under three cells of 0 0 | 0 1 2 3 4 | 0 0.
    full = [
        2*0 - 1*0 + 1*0,  # 0
        2*0 - 1*0 + 1*1,  # 1
        2*0 - 1*1 + 1*2,  # 1   the first one wholly inside
        2*1 - 1*2 + 1*3,  # 3
        2*2 - 1*3 + 1*4,  # 5   the last one wholly inside
        2*3 - 1*4 + 1*0,  # 2
        2*4 - 1*0 + 1*0,  # 8
    ]
    # The kernel as it is, (1, -1, 2), under the same cells.
    correlation = [
        1*0 - 1*0 + 2*0,  # 0
        1*0 - 1*0 + 2*1,  # 2
        1*0 - 1*1 + 2*2,  # 3
        1*1 - 1*2 + 2*3,  # 5
        1*2 - 1*3 + 2*4,  # 7
        1*3 - 1*4 + 2*0,  # -1
        1*4 - 1*0 + 2*0,  # 4
    ]
    # fmt: on

    def test_convolution(self):
        assert self.full == [0, 1, 1, 3, 5, 2, 8]
        assert convolve1d(self.x, self.w).tolist() == self.full
        assert convolve1d(self.x, self.w, padding="same").tolist() == self.full[1:-1]
        assert convolve1d(self.x, self.w, padding="valid").tolist() == self.full[2:-2]

    def test_cross_correlation(self):
        assert cross_correlate1d(self.x, self.w, padding="full").tolist() == self.correlation
        assert cross_correlate1d(self.x, self.w, padding="same").tolist() == self.correlation[1:-1]
        assert cross_correlate1d(self.x, self.w).tolist() == self.correlation[2:-2]

    def test_stride_keeps_every_second_sum_and_ignores_the_cell_that_is_left(self):
        trace = trace1d(self.x + [5], self.w, padding="valid", stride=2)
        assert trace.output.tolist() == [1, 5]
        assert trace.ignored == 1

    def test_dilation_leaves_gaps(self):
        assert convolve1d(self.x, self.w, padding="valid", dilation=2).tolist() == [
            2 * 0 - 1 * 2 + 1 * 4
        ]


class TestAgainstNumpyAndScipy:
    @given(signals, signals)
    def test_convolve_in_full(self, x, w):
        expected = np.convolve(x, w)
        assert_close(convolve1d(x, w), expected, x, w)
        assert convolve1d(x, w).dtype == expected.dtype

    @given(signals, signals, st.sampled_from(["full", "same", "valid"]))
    def test_all_paddings_where_the_signal_is_the_longer_one(self, x, w, padding):
        x, w = sorted((x, w), key=len, reverse=True)
        assert_close(convolve1d(x, w, padding=padding), np.convolve(x, w, padding), x, w)
        assert_close(cross_correlate1d(x, w, padding=padding), np.correlate(x, w, padding), x, w)

    @given(signals, signals, st.sampled_from(["full", "same", "valid"]))
    def test_scipy_also_where_the_kernel_is_the_longer_one(self, x, w, padding):
        assume(fits(x, w, padding=padding))
        expected = scipy_signal.convolve(x, w, padding, method="direct")
        assert_close(convolve1d(x, w, padding=padding), expected, x, w)
        expected = scipy_signal.correlate(x, w, padding, method="direct")
        assert_close(cross_correlate1d(x, w, padding=padding), expected, x, w)

    @given(signals, signals, pairs, modes, counts, counts)
    def test_every_option_at_once(self, x, w, padding, mode, stride, dilation):
        assume(fits(x, w, padding=padding, dilation=dilation))
        padded = np.pad(x, padding, NUMPY_MODE[mode])
        holes = np.zeros(dilation * (len(w) - 1) + 1)
        holes[::dilation] = w
        expected = np.correlate(padded, holes, "valid")[::stride]
        options = {"padding": padding, "mode": mode, "stride": stride, "dilation": dilation}
        assert_close(cross_correlate1d(x, w, **options), expected, x, w)
        assert_close(convolve1d(x, w[::-1], **options), expected, x, w)

    @pytest.mark.parametrize("dtype", [np.float32, np.float64])
    @pytest.mark.parametrize(
        "count", [4095, 4096, 4097, 4100, 4127]
    )  # outputs: whole blocks, and not
    @pytest.mark.parametrize("size", [16, 31, 255, 4000, 7000])
    def test_many_outputs_of_a_long_kernel(self, size, count, dtype):
        rng = np.random.default_rng(size)
        w = rng.normal(size=size).astype(dtype)
        for padding, mode in [(0, "zeros"), ((3, 1200), "zeros"), ((5, 0), "wrap")]:
            ghosts = np.broadcast_to(padding, 2)
            x = rng.normal(size=count + size - 1 - sum(ghosts)).astype(dtype)
            before = x.copy()
            output = convolve1d(x, w, padding=padding, mode=mode)
            expected = np.convolve(np.pad(x, ghosts, NUMPY_MODE[mode]), w, "valid")
            assert output.dtype == dtype
            assert output.shape == (count,)
            np.testing.assert_allclose(output, expected, atol=100 * size**0.5 * np.finfo(dtype).eps)
            assert (x == before).all()

    def test_an_infinite_cell_stays_where_it_is_seen(self):
        x, w = np.ones(5000), np.full(31, 0.5)
        x[2500] = np.inf
        assert (np.isinf(convolve1d(x, w)).nonzero()[0] == np.arange(2500, 2531)).all()
        assert not np.isnan(convolve1d(x, w)).any()

    @given(signals, signals, counts)
    def test_same_has_the_length_of_the_signal(self, x, w, dilation):
        for function in (convolve1d, cross_correlate1d):
            assert len(function(x, w, padding="same", dilation=dilation)) == len(x)


@pytest.fixture(scope="module")
def tf_conv1d(tensorflow):
    """Return tf.nn.conv1d for one signal and one kernel."""

    def tf_conv1d(signal, kernel, stride=1, dilation=1, padding="VALID"):
        # TensorFlow wants (batch, width, channels) and (width, channels in, channels out).
        signal = np.array(signal, dtype=float)[None, :, None]
        kernel = np.array(kernel, dtype=float)[:, None, None]
        output = tensorflow.nn.conv1d(signal, kernel, stride, padding, dilations=dilation)
        return output.numpy()[0, :, 0]

    return tf_conv1d


class TestAgainstTensorFlow:
    @given(signals, signals, pairs, counts)
    def test_strides(self, tf_conv1d, x, w, padding, stride):
        assume(fits(x, w, padding=padding))
        expected = tf_conv1d(np.pad(x, padding), w, stride=stride)
        assert_close(cross_correlate1d(x, w, padding=padding, stride=stride), expected, x, w)

    @given(signals, signals, pairs, counts)
    def test_dilations(self, tf_conv1d, x, w, padding, dilation):
        assume(fits(x, w, padding=padding, dilation=dilation))
        expected = tf_conv1d(np.pad(x, padding), w, dilation=dilation)
        assert_close(cross_correlate1d(x, w, padding=padding, dilation=dilation), expected, x, w)

    @given(signals, signals, pairs, counts, counts)
    def test_both(self, tf_conv1d, x, w, padding, stride, dilation):
        assume(fits(x, w, padding=padding, dilation=dilation))
        # TensorFlow refuses a stride together with a dilation: take every stride-th dense result.
        expected = tf_conv1d(np.pad(x, padding), w, dilation=dilation)[::stride]
        options = {"padding": padding, "stride": stride, "dilation": dilation}
        assert_close(cross_correlate1d(x, w, **options), expected, x, w)

    def test_same_differs_for_even_kernels(self, tf_conv1d):
        x, w = [1, 2, 3], [1, 10]
        assert tf_conv1d(x, w, padding="SAME").tolist() == [21, 32, 3]  # the ghost goes after
        assert cross_correlate1d(x, w, padding="same").tolist() == [10, 21, 32]  # before


class TestLaws:
    @given(whole_numbers, whole_numbers)
    def test_full_convolution_commutes(self, x, w):
        assert convolve1d(x, w).tolist() == convolve1d(w, x).tolist()

    @given(whole_numbers, whole_numbers)
    def test_swapping_a_full_cross_correlation_mirrors_it(self, x, w):
        swapped = cross_correlate1d(w, x, padding="full")
        assert cross_correlate1d(x, w, padding="full").tolist() == swapped[::-1].tolist()

    def test_full_cross_correlation_does_not_commute(self):
        x, w = [0, 1, 2, 3, 4], [1, -1, 2]
        there = cross_correlate1d(x, w, padding="full").tolist()
        assert there != cross_correlate1d(w, x, padding="full").tolist()

    @given(whole_numbers, whole_numbers, paddings)
    def test_a_symmetric_kernel_makes_no_difference(self, x, w, padding):
        symmetric = w + w[::-1]
        assume(fits(x, symmetric, padding=padding))
        convolved = convolve1d(x, symmetric, padding=padding).tolist()
        assert convolved == cross_correlate1d(x, symmetric, padding=padding).tolist()

    @given(whole_numbers, whole_numbers)
    def test_wrapping_round_is_what_the_fourier_transform_multiplies(self, x, w):
        assume(len(w) <= len(x))
        circular = convolve1d(x, w, padding=(len(w) - 1, 0), mode="wrap")
        spectrum = np.fft.fft(x) * np.fft.fft(w, len(x))
        np.testing.assert_allclose(np.fft.ifft(spectrum).real, circular, atol=1e-9)


class TestOutputSize:
    @given(functions, signals, signals, paddings, counts, counts)
    def test_it_is_the_length_of_the_result(self, function, x, w, padding, stride, dilation):
        assume(fits(x, w, padding=padding, dilation=dilation))
        options = {"padding": padding, "stride": stride, "dilation": dilation}
        size = output_size(len(x), len(w), **options)
        assert size == len(function(x, w, **options)) == len(trace1d(x, w, **options).steps)
        assert type(size) is int

    @given(st.integers(1, 60), counts, counts, pairs, counts)
    def test_it_counts_the_positions(self, input_size, kernel_size, stride, padding, dilation):
        last_cell = dilation * (kernel_size - 1)
        positions = [
            start
            for start in range(0, sum(padding) + input_size, stride)
            if start + last_cell < sum(padding) + input_size
        ]
        options = {"stride": stride, "padding": padding, "dilation": dilation}
        if positions:
            assert output_size(input_size, kernel_size, **options) == len(positions)
        else:
            with pytest.raises(ValueError, match="does not fit"):
                output_size(input_size, kernel_size, **options)

    @pytest.mark.parametrize(
        ("arguments", "options", "size"),
        [
            ((227, 11), {"stride": 4}, 55),  # AlexNet's first layer: (227 - 11) / 4 + 1
            ((224, 11), {"stride": 4}, 54),  # 213 / 4 = 53.25, rounded down, + 1
            ((5, 3), {"stride": 2, "padding": 1}, 3),
            ((5, 2), {"stride": 2}, 2),  # not half of 5
            ((5, 2), {"padding": (0, 1)}, 5),
            ((np.int64(5), np.uint8(3)), {"stride": np.uint8(200)}, 1),
        ],
    )
    def test_known_sizes(self, arguments, options, size):
        assert output_size(*arguments, **options) == size

    @given(st.integers(1, 9), st.integers(1, 30), st.integers(0, 2), st.integers(1, 4))
    def test_the_ways_out_of_a_misfit_work_and_are_the_smallest(self, i, k, p, d):
        assume(d * (k - 1) + 1 > i + 2 * p)
        with pytest.raises(ValueError, match="does not fit") as refused:
            output_size(i, k, padding=p, dilation=d)
        sentence = str(refused.value)
        enough = int(sentence.split("padding >= ")[1].split(",")[0].split(" ")[0])
        largest = int(sentence.split("at most ")[1])
        assert output_size(i, k, padding=enough, dilation=d) >= 1
        assert output_size(i, largest, padding=p, dilation=d) >= 1
        with pytest.raises(ValueError, match="does not fit"):
            output_size(i, k, padding=enough - 1, dilation=d)
        with pytest.raises(ValueError, match="does not fit"):
            output_size(i, largest + 1, padding=p, dilation=d)


class TestPad:
    @given(
        st_numpy.arrays(np.int64, st_numpy.array_shapes(max_dims=3, max_side=4)),
        modes,
        st.data(),
    )
    def test_it_agrees_with_numpy_for_any_amount(self, array, mode, data):
        padding = tuple(data.draw(st.tuples(*[pairs] * array.ndim)))
        expected = np.pad(array, padding, NUMPY_MODE[mode])
        np.testing.assert_array_equal(pad(array, padding, mode=mode), expected)

    @pytest.mark.parametrize("mode", NUMPY_MODE)
    def test_one_number_is_for_every_side_of_every_axis(self, mode):
        image = np.arange(6).reshape(2, 3)
        expected = np.pad(image, 5, NUMPY_MODE[mode])
        np.testing.assert_array_equal(pad(image, 5, mode=mode), expected)

    def test_a_pair_and_a_list_of_one_pair_are_the_same(self):
        for padding in [(1, 2), [1, 2], ((1, 2),), np.array([1, 2]), np.array([[1, 2]])]:
            assert pad([7, 8], padding).tolist() == [0, 7, 8, 0, 0]

    @pytest.mark.parametrize("mode", NUMPY_MODE)
    @pytest.mark.parametrize("padding", [0, 1])
    def test_it_is_a_copy_of_the_same_type(self, mode, padding):
        image = np.arange(6, dtype=np.uint8).reshape(2, 3)
        padded = pad(image, padding, mode=mode)
        assert padded.dtype == np.uint8
        padded[:] = 9
        assert image.ravel().tolist() == [0, 1, 2, 3, 4, 5]


class TestFlip:
    @given(st_numpy.arrays(np.int64, st_numpy.array_shapes(max_dims=3, max_side=4)))
    def test_it_agrees_with_numpy_and_copies(self, kernel):
        flipped = flip(kernel)
        np.testing.assert_array_equal(flipped, np.flip(kernel))
        assert not np.shares_memory(flipped, kernel)


class TestTrace:
    @given(st.booleans(), signals, signals, paddings, modes, counts, counts)
    def test_it_equals_the_functions_to_the_last_digit(
        self, flipped, x, w, padding, mode, stride, dilation
    ):
        assume(fits(x, w, padding=padding, dilation=dilation))
        options = {"padding": padding, "mode": mode, "stride": stride, "dilation": dilation}
        trace = trace1d(x, w, flip=flipped, **options)
        result = (convolve1d if flipped else cross_correlate1d)(x, w, **options)
        assert trace.output.tolist() == result.tolist()
        assert trace.output.dtype == result.dtype

        padded = np.pad(x, (trace.before, trace.after), NUMPY_MODE[mode])
        assert trace.padded.tolist() == padded.tolist()
        assert trace.kernel.tolist() == (w[::-1] if flipped else w)
        for index, step in enumerate(trace.steps):
            assert (step.index, step.start) == (index, index * stride)
            cells = [step.start + dilation * k for k in range(len(w))]
            assert step.window.tolist() == [padded[cell] for cell in cells]
            products = [padded[c] * v for c, v in zip(cells, trace.kernel, strict=True)]
            assert step.products.tolist() == products
            total = products[0]
            for product in products[1:]:
                total += product
            assert step.sum == total
        last_cell = trace.steps[-1].start + dilation * (len(w) - 1)
        assert trace.ignored == len(padded) - 1 - last_cell

    @pytest.mark.parametrize("name", ["padded", "kernel"])
    def test_it_shares_nothing_with_its_input(self, name):
        x, w = np.arange(5), np.array([1, -1, 2])
        trace = trace1d(x, w, flip=False, padding="valid")
        assert not any(np.shares_memory(getattr(trace, name), given) for given in (x, w))
        with pytest.raises(AttributeError):
            setattr(trace, name, None)


class TestTypes:
    def test_small_integers_do_not_overflow(self):
        loud = np.full(3, 200, dtype=np.uint8)
        assert convolve1d(loud, loud).tolist() == [40_000, 80_000, 120_000, 80_000, 40_000]
        assert cross_correlate1d(loud, np.array([1, -1], np.int8)).tolist() == [0, 0]

    def test_booleans_count_as_0_and_1(self):
        assert convolve1d([True, True], np.array([True, True])).tolist() == [1, 2, 1]
        assert flip([True, False]).dtype == pad([True], 1).dtype == np.int64

    @pytest.mark.parametrize("function", [convolve1d, cross_correlate1d])
    @pytest.mark.parametrize(
        ("signal_type", "kernel_type", "result_type"),
        [
            ("float32", "float32", "float32"),
            ("float32", "float64", "float64"),
            ("float16", "float16", "float16"),
            ("uint8", "float32", "float32"),
            ("int64", "float32", "float64"),
            ("uint8", "uint8", "int64"),
            ("uint64", "int64", "int64"),
            ("bool", "float64", "float64"),
        ],
    )
    def test_result_type(self, function, signal_type, kernel_type, result_type):
        x, w = np.ones(4, signal_type), np.ones(2, kernel_type)
        assert function(x, w).dtype == result_type
        assert function(x, w).max() == 2

    @given(functions, whole_numbers, whole_numbers, modes)
    def test_lists_tuples_and_arrays_are_alike_and_never_changed(self, function, x, w, mode):
        arrays = np.array(x), np.array(w)
        expected = function(x, w, padding="same", mode=mode).tolist()
        assert function(tuple(x), tuple(w), padding="same", mode=mode).tolist() == expected
        assert function(*arrays, padding="same", mode=mode).tolist() == expected
        assert [array.tolist() for array in arrays] == [x, w]

    def test_nan_and_infinity_pass_through(self):
        x = [1, np.nan, 3, np.inf, 5]
        np.testing.assert_equal(cross_correlate1d(x, [1, 1]), [np.nan, np.nan, np.inf, np.inf])
        with np.errstate(invalid="ignore"):  # 0 times infinity, as the docstring says
            np.testing.assert_equal(convolve1d([1, 2], [np.inf]), [np.inf, np.inf])
            np.testing.assert_equal(convolve1d([1], [np.inf, 1]), [np.inf, np.nan])
        np.testing.assert_equal(pad([np.nan, 1], 1, mode="edge"), [np.nan, np.nan, 1, 1])


BAD_RANKS = [
    (3, "{name} of shape () does not fit: use an array with 1 axis"),
    ([[1, 2]], "{name} of shape (1, 2) does not fit: use an array with 1 axis"),
]
BAD_OPTIONS = [
    ({"stride": 0}, ValueError, "stride=0 is too small: use an integer of at least 1"),
    ({"stride": -2}, ValueError, "stride=-2 is too small: use an integer of at least 1"),
    ({"stride": 1.5}, TypeError, f"stride=1.5 {WHOLE} 1"),
    ({"stride": 2.0}, TypeError, "stride=2.0 is a float: use the integer 2"),
    ({"stride": True}, TypeError, f"stride=True {WHOLE} 1"),
    ({"stride": "2"}, TypeError, f"stride='2' {WHOLE} 1"),
    ({"stride": (1, 2)}, ValueError, "stride=(1, 2) does not fit: use one number"),
    ({"dilation": 0}, ValueError, "dilation=0 is too small: use an integer of at least 1"),
    ({"dilation": None}, TypeError, f"dilation=None {WHOLE} 1"),
    ({"dilation": np.True_}, TypeError, f"{WHOLE} 1"),
    ({"padding": -1}, ValueError, "padding=-1 is too small: use an integer of at least 0"),
    ({"padding": (1, -1)}, ValueError, "padding=(1, -1) is too small: use an integer of at least"),
    ({"padding": 0.5}, TypeError, f"padding=0.5 {WHOLE} 0"),
    ({"padding": (True, 1)}, TypeError, f"padding=(True, 1) {WHOLE} 0"),
    ({"padding": None}, TypeError, f"padding=None {WHOLE} 0"),
    ({"padding": (1, 2, 3)}, ValueError, "padding=(1, 2, 3) does not fit: use one number, or ("),
    ({"padding": ((1, 2), (3, 4))}, ValueError, "padding=((1, 2), (3, 4)) does not fit"),
    (
        {"padding": "SAME"},
        ValueError,
        "padding='SAME' is unknown: use one of full, same, valid, a number of cells, or (before, ",
    ),
]
BAD_MODES = [
    ({"mode": "constant"}, "mode='constant' is unknown: use one of zeros, reflect, symmetric, e"),
    ({"mode": None}, "mode=None is unknown: use one of zeros, reflect, symmetric, edge, wrap"),
]


class TestErrors:
    @pytest.mark.parametrize("function", [convolve1d, cross_correlate1d, trace1d])
    @pytest.mark.parametrize("name", ["signal", "kernel"])
    @pytest.mark.parametrize(("array", "error", "message"), BAD_ARRAYS)
    def test_arrays(self, function, name, array, error, message):
        arguments = {"signal": [1, 2, 3], "kernel": [1, 2], name: array}
        self.check(error, message.format(name=name), function, **arguments)

    @pytest.mark.parametrize(("array", "error", "message"), BAD_ARRAYS)
    def test_arrays_of_any_rank(self, array, error, message):
        self.check(error, message.format(name="kernel"), flip, array)
        self.check(error, message.format(name="array"), pad, array, 1)

    @pytest.mark.parametrize("function", [cross_correlate1d, trace1d])
    @pytest.mark.parametrize("name", ["signal", "kernel"])
    @pytest.mark.parametrize(("array", "message"), BAD_RANKS)
    def test_ranks(self, function, name, array, message):
        arguments = {"signal": [1, 2, 3], "kernel": [1, 2], name: array}
        self.check(ValueError, message.format(name=name), function, **arguments)

    def test_a_single_number_has_no_axis(self):
        message = "kernel of shape () does not fit: use an array with at least one axis"
        self.check(ValueError, message, flip, 3)
        self.check(ValueError, message, convolve1d, [1, 2], 3)

    @pytest.mark.parametrize(("options", "error", "message"), BAD_OPTIONS)
    def test_options(self, options, error, message):
        for function in (convolve1d, cross_correlate1d, trace1d):
            self.check(error, message, function, [1, 2, 3], [1, 2], **options)
        self.check(error, message, output_size, 3, 2, **options)

    @pytest.mark.parametrize("options", BAD_MODES)
    def test_modes(self, options):
        options, message = options
        # Also where no ghost cell is needed: a misspelt mode is never silent.
        for function in (convolve1d, cross_correlate1d, trace1d):
            self.check(ValueError, message, function, [1, 2], [1], padding="valid", **options)
        self.check(ValueError, message, pad, [1, 2], 0, **options)

    @pytest.mark.parametrize(
        ("padding", "message"),
        [
            ((1, 2), "padding=(1, 2) does not fit: use one number, or a (before, after) for each"),
            (((1, 2),), "padding=((1, 2),) does not fit: use one number, or a (before, after) for"),
            ([[1, 2], [3]], "padding=[[1, 2], [3]] does not fit"),
        ],
    )
    def test_padding_of_two_axes_is_never_guessed(self, padding, message):
        self.check(ValueError, message, pad, [[1, 2], [3, 4]], padding)

    @pytest.mark.parametrize(
        ("sizes", "message"),
        [
            ((0, 1), "input_size=0 is too small: use an integer of at least 1"),
            ((1, 0), "kernel_size=0 is too small: use an integer of at least 1"),
            ((5.0, 1), "input_size=5.0 is a float: use the integer 5"),
            ((5, True), f"kernel_size=True {WHOLE} 1"),
        ],
    )
    def test_sizes(self, sizes, message):
        self.check((ValueError, TypeError), message, output_size, *sizes)

    @pytest.mark.parametrize(
        ("sizes", "options", "message"),
        [
            (
                (5, 7),
                {},
                "kernel_size=7 does not fit input_size=5 with padding=0: "
                "use padding >= 1 or a kernel of at most 5",
            ),
            (
                (5, 8),
                {"padding": (0, 1)},
                "kernel_size=8 does not fit input_size=5 with padding=(0, 1): "
                "use padding >= 2 or a kernel of at most 6",
            ),
            (
                (5, 4),
                {"dilation": 3},
                "kernel_size=4 with dilation=3 spans 10 cells and does not fit input_size=5 with "
                "padding=0: use padding >= 3, dilation = 1 or a kernel of at most 2",
            ),
            (
                (8, 4),
                {"dilation": 3, "padding": "valid"},
                "kernel_size=4 with dilation=3 spans 10 cells and does not fit input_size=8 with "
                "padding=0: use padding >= 1, dilation <= 2 or a kernel of at most 3",
            ),
            (
                (2, 5),
                {"dilation": 2, "padding": 1},
                "kernel_size=5 with dilation=2 spans 9 cells and does not fit input_size=2 with "
                "padding=1: use padding >= 4 or a kernel of at most 2",
            ),
        ],
    )
    def test_misfits(self, sizes, options, message):
        self.check(ValueError, message, output_size, *sizes, **options)
        arrays = [np.ones(size) for size in sizes]
        for function in (convolve1d, cross_correlate1d, trace1d):
            self.check(ValueError, message, function, *arrays, **{"padding": "valid", **options})

    def test_integers_beyond_64_bits(self):
        message = "9223372036854775808 is too large for a 64-bit integer: use floats"
        self.check(ValueError, message, convolve1d, [2**63], [1])
        self.check(ValueError, message, convolve1d, [1], [2**63])

    @staticmethod
    def check(error, message, function, *arguments, **options):
        with pytest.raises(error) as raised:
            function(*arguments, **options)
        assert message in str(raised.value)


class TestSharedCases:
    """tests/cases/convolution1d.json, which the JavaScript arithmetic reads too."""

    path = HERE / "cases" / "convolution1d.json"
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
        assert {'"full"', '"same"', '"valid"', "0", "[2, 0]"} <= values("padding")
        assert {"1", "2", "3"} <= values("stride") & values("dilation")
        assert values("flip") == {"true", "false"}
        assert len(self.worked) + len(self.refused) == len(self.cases)
        assert len({case["name"] for case in self.cases}) == len(self.cases)

    @pytest.mark.parametrize("case", worked, ids=lambda case: case["name"])
    def test_worked(self, case):
        expect, kernel = case["expect"], np.array(case["kernel"])
        kernel = kernel[::-1] if case["flip"] else kernel
        assert expect["kernel"] == kernel.tolist()

        ghosts = expect["before"], expect["after"]
        padded = np.pad(case["signal"], ghosts, NUMPY_MODE[case["mode"]])
        assert expect["padded"] == padded.tolist()

        holes = np.zeros(case["dilation"] * (len(kernel) - 1) + 1)
        holes[:: case["dilation"]] = kernel
        windows = np.lib.stride_tricks.sliding_window_view(padded, len(holes))
        windows = windows[:: case["stride"], :: case["dilation"]]
        starts = np.arange(len(padded))[: len(padded) - len(holes) + 1 : case["stride"]]
        assert expect["starts"] == starts.tolist()
        assert expect["products"] == (windows * kernel).tolist()
        assert expect["ignored"] == len(padded) - starts[-1] - len(holes)

        output = np.cumsum(windows * kernel, axis=1)[:, -1]  # from left to right
        assert expect["output"] == output.tolist()
        assert_close(
            output, scipy_signal.correlate(padded, holes, "valid")[:: case["stride"]], padded, holes
        )

        if case["padding"] not in ("full", "same", "valid"):
            assert list(ghosts) == np.broadcast_to(case["padding"], 2).tolist()
        else:
            # SciPy's own padding is always with zeros, and it decides where "same" begins.
            with_zeros = np.pad(case["signal"], ghosts)
            theirs = scipy_signal.correlate(case["signal"], holes, case["padding"])
            ours = scipy_signal.correlate(with_zeros, holes, "valid")
            assert_close(ours, theirs, with_zeros, holes)

    @pytest.mark.parametrize("case", refused, ids=lambda case: case["name"])
    def test_refused(self, case):
        options = {key: case[key] for key in ("padding", "mode", "stride", "dilation")}
        for function in (convolve1d, cross_correlate1d, trace1d):
            with pytest.raises((ValueError, TypeError)):
                function(case["signal"], case["kernel"], **options)
