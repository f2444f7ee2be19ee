"""Convolution layers and pooling: by hand, from one channel at a time, and against TensorFlow."""

import numpy as np
import pytest
from arrays import BAD_ARRAYS, WHOLE
from hypothesis import assume, given
from hypothesis import strategies as st
from scipy import signal as scipy_signal

from helpers.convolution import average_pool2d, conv_layer, cross_correlate2d, max_pool2d

rngs = st.integers(0, 2**32 - 1).map(np.random.default_rng)
sides = st.tuples(st.integers(1, 8), st.integers(1, 8))
windows = st.tuples(st.integers(1, 4), st.integers(1, 4))
counts = st.integers(1, 3) | st.tuples(st.integers(1, 4), st.integers(1, 4))
amounts = st.tuples(*[st.tuples(st.integers(0, 4), st.integers(0, 4))] * 2)
# Around the number of channels from which on the products are taken cell by cell.
channel_counts = st.sampled_from([1, 2, 3, 15, 16, 17])


def draw_layer(rng, side, window, channels, kernels):
    """Return a batch of two images, and weights that fit them."""
    return rng.normal(size=(2, *side, channels)), rng.normal(size=(*window, channels, kernels))


def fits(side, window, padding, dilation=1):
    span = (np.array(window) - 1) * np.broadcast_to(dilation, 2) + 1
    ghosts = np.broadcast_to(0 if padding == "valid" else padding, (2, 2)).sum(axis=1)
    return bool((span <= np.array(side) + ghosts).all())


def tf_padding(padding):
    return [(0, 0), *padding, (0, 0)] if isinstance(padding, tuple) else padding.upper()


class TestLayerByHand:
    def test_a_pixel_of_three_channels_and_two_kernels(self):
        image = [[[[1, 2, 3]]]]
        weights = [[[[1, 0], [10, 0], [100, -1]]]]
        # 1*1 + 2*10 + 3*100, and 1*0 + 2*0 + 3*(-1); each with its bias
        assert conv_layer(image, weights).tolist() == [[[[321, -3]]]]
        assert conv_layer(image, weights, [1000, 5]).tolist() == [[[[1321, 2]]]]

    def test_the_5_5_3_example_has_3_3_2_outputs(self):
        # A single 1 in the middle of the second channel: only windows that hold it see it, and
        # each of the 3 x 3 positions (stride 2, padding 1) sees it under another kernel cell.
        image = np.zeros((1, 5, 5, 3))
        image[0, 2, 2, 1] = 1
        weights = np.arange(54).reshape(3, 3, 3, 2)
        output = conv_layer(image, weights, [0.5, -1], stride=2, padding=1)
        assert output.shape == (1, 3, 3, 2)
        seen = np.zeros((3, 3, 2))
        # (5 - 3 + 2) / 2 + 1 = 3; window (1, 1) starts in row 2 - 1 = 1, so that row 2 of the
        # image lies under kernel row 1. Windows 0 and 2 cover rows -1 ... 1 and 3 ... 5: not row 2.
        seen[1, 1] = weights[1, 1, 1]
        assert output[0].tolist() == (seen + [0.5, -1]).tolist()

    def test_the_kernel_is_not_flipped(self):
        image = np.zeros((1, 3, 3, 1))
        image[0, 0, 0] = 1
        kernel = np.arange(9).reshape(3, 3, 1, 1)
        assert conv_layer(image, kernel).item() == 0
        assert conv_layer(image[:, ::-1, ::-1], kernel).item() == 8


class TestLayerFromSingleChannels:
    @given(
        rngs,
        sides,
        windows,
        channel_counts,
        st.sampled_from(["valid", "full"]) | st.integers(0, 3) | amounts,
        counts,
        counts,
    )
    def test_it_is_the_sum_of_cross_correlations(
        self, rng, side, window, channels, padding, stride, dilation
    ):
        assume(padding == "full" or fits(side, window, padding, dilation))
        images, weights = draw_layer(rng, side, window, channels, kernels=2)
        bias = rng.normal(size=2)
        options = {"padding": padding, "stride": stride, "dilation": dilation}
        output = conv_layer(images, weights, bias, **options)
        for n, f in np.ndindex(2, 2):
            expected = bias[f] + sum(
                cross_correlate2d(images[n, :, :, k], weights[:, :, k, f], **options)
                for k in range(channels)
            )
            np.testing.assert_allclose(output[n, :, :, f], expected, rtol=0, atol=1e-12)

    @given(rngs, sides, windows)
    def test_one_channel_and_one_kernel_agree_with_scipy(self, rng, side, window):
        assume(fits(side, window, "valid"))
        images, weights = draw_layer(rng, side, window, 1, 1)
        output = conv_layer(images, weights)
        for image, feature_map in zip(images, output, strict=True):
            expected = scipy_signal.correlate(image[:, :, 0], weights[:, :, 0, 0], "valid")
            np.testing.assert_allclose(feature_map[:, :, 0], expected, rtol=0, atol=1e-12)


class TestLayerAgainstTensorFlow:
    @given(
        rngs, sides, windows, channel_counts, st.sampled_from(["same", "valid"]) | amounts, counts
    )
    def test_padding_and_strides(self, tensorflow, rng, side, window, channels, padding, stride):
        assume(padding == "same" or fits(side, window, padding))
        images, weights = draw_layer(rng, side, window, channels, kernels=3)
        bias = rng.normal(size=3)
        expected = tensorflow.nn.conv2d(images, weights, stride, tf_padding(padding)) + bias
        output = conv_layer(images, weights, bias, padding=padding, stride=stride)
        np.testing.assert_allclose(output, expected, rtol=0, atol=1e-12)

    @given(rngs, sides, windows, channel_counts, st.sampled_from(["same", "valid"]), counts)
    def test_dilations(self, tensorflow, rng, side, window, channels, padding, dilation):
        assume(padding == "same" or fits(side, window, padding, dilation))
        images, weights = draw_layer(rng, side, window, channels, kernels=2)
        padding_there = tf_padding(padding)
        expected = tensorflow.nn.conv2d(images, weights, 1, padding_there, dilations=dilation)
        output = conv_layer(images, weights, padding=padding, dilation=dilation)
        np.testing.assert_allclose(output, expected, rtol=0, atol=1e-12)

    @pytest.mark.parametrize("padding", ["same", "valid"])
    def test_keras_weights_need_no_transpose(self, tensorflow, padding):
        layer = tensorflow.keras.layers.Conv2D(4, (2, 3), strides=2, padding=padding)
        images = np.random.default_rng(0).normal(size=(2, 7, 6, 3)).astype(np.float32)
        theirs = layer(images).numpy()
        layer.bias.assign([0.5, -1, 2, 0])
        weights, bias = layer.get_weights()
        ours = conv_layer(images, weights, bias, padding=padding, stride=2)
        assert ours.dtype == np.float32
        np.testing.assert_allclose(ours, theirs + bias, atol=1e-5)

    def test_same_differs_from_that_of_signals(self, tensorflow):
        image, kernel = np.arange(1.0, 5).reshape(2, 2), np.array([[1.0, 10], [100, 1000]])
        layer = conv_layer(image[None, :, :, None], kernel[:, :, None, None], padding="same")
        there = tensorflow.nn.conv2d(image[None, :, :, None], kernel[:, :, None, None], 1, "SAME")
        assert layer[0, :, :, 0].tolist() == there.numpy()[0, :, :, 0].tolist()
        assert layer[0, 0, 0, 0] == 1 * 1 + 2 * 10 + 3 * 100 + 4 * 1000  # no ghost above or left
        signal = cross_correlate2d(image, kernel, padding="same")
        assert signal[0, 0] == 1 * 1000  # ghosts above and left
        assert signal[1, 1] == layer[0, 0, 0, 0]


POOLS = [(max_pool2d, "max_pool2d", np.max), (average_pool2d, "avg_pool2d", np.mean)]


class TestPooling:
    def test_by_hand(self):
        image = np.array([[1, 2, 5, 5, 9], [3, 4, 5, 5, 9], [7, 7, 0, 1, 9]])[None, :, :, None]
        # Windows of four do not reach the last row and the last column.
        assert max_pool2d(image)[0, :, :, 0].tolist() == [[4, 5]]
        assert average_pool2d(image)[0, :, :, 0].tolist() == [[(1 + 2 + 3 + 4) / 4, 5]]
        # With TensorFlow's "same" they do: one ghost row below, one ghost column on the right.
        assert max_pool2d(image, padding="same")[0, :, :, 0].tolist() == [[4, 5, 9], [7, 1, 9]]
        assert average_pool2d(image, padding="same")[0, :, :, 0].tolist() == [
            [2.5, 5, (9 + 9) / 2],
            [(7 + 7) / 2, (0 + 1) / 2, 9 / 1],
        ]

    @pytest.mark.parametrize(("ours", "theirs", "reduce"), POOLS)
    @given(rng=rngs, side=sides, window=windows, stride=counts, padding=amounts, data=st.data())
    def test_each_window_by_itself(
        self, ours, theirs, reduce, rng, side, window, stride, padding, data
    ):
        padding = tuple(
            tuple(min(ghosts, size - 1) for ghosts in pair)
            for pair, size in zip(padding, window, strict=True)
        )
        assume(fits(side, window, padding))
        images = rng.normal(size=(2, *side, 3))
        output = ours(images, window, stride=stride, padding=padding)
        nothing = np.pad(images, [(0, 0), *padding, (0, 0)], constant_values=np.nan)
        for row, col in np.ndindex(*output.shape[1:3]):
            top, left = np.array([row, col]) * stride
            cells = nothing[:, top : top + window[0], left : left + window[1]]
            assert cells.shape[1:3] == window
            for n, k in np.ndindex(2, 3):
                real = cells[n, :, :, k][~np.isnan(cells[n, :, :, k])]
                np.testing.assert_allclose(output[n, row, col, k], reduce(real), atol=1e-12)
        down, across = np.broadcast_to(stride, 2)
        assert (row + 1) * down + window[0] > nothing.shape[1]
        assert (col + 1) * across + window[1] > nothing.shape[2]

    @pytest.mark.parametrize(("ours", "theirs", "reduce"), POOLS)
    @given(rng=rngs, side=sides, window=windows, stride=st.none() | counts)
    @pytest.mark.parametrize("padding", ["same", "valid"])
    def test_against_tensorflow(
        self, tensorflow, ours, theirs, reduce, rng, side, window, stride, padding
    ):
        assume(padding == "same" or fits(side, window, padding))
        # All negative, so that a ghost 0 would win. (TensorFlow's maximum is of float32 only.)
        images = (-1 - rng.random(size=(2, *side, 3))).astype(np.float32)
        pool = getattr(tensorflow.nn, theirs)
        expected = pool(images, window, window if stride is None else stride, padding.upper())
        output = ours(images, window, stride=stride, padding=padding)
        np.testing.assert_allclose(output, expected, rtol=0, atol=1e-6)

    @pytest.mark.parametrize("pool", [max_pool2d, average_pool2d])
    def test_windows_of_one_cell_change_nothing_and_share_nothing(self, pool):
        images = np.random.default_rng(0).normal(size=(1, 3, 4, 2))
        output = pool(images, 1)
        assert output.tolist() == images.tolist()
        output[:] = 0
        assert images.any()


class TestTypes:
    @pytest.mark.parametrize(
        ("image_type", "weight_type", "bias_type", "result_type"),
        [
            ("float32", "float32", None, "float32"),
            ("float32", "float32", "float32", "float32"),
            ("uint8", "float32", "float32", "float32"),
            ("uint8", "int8", None, "int64"),
            ("uint8", "int8", "float64", "float64"),
        ],
    )
    def test_of_a_layer(self, image_type, weight_type, bias_type, result_type):
        images, weights = np.full((1, 9, 9, 4), 200, image_type), np.ones((9, 9, 4, 1), weight_type)
        bias = None if bias_type is None else np.ones(1, bias_type)
        output = conv_layer(images, weights, bias)
        assert output.dtype == result_type
        assert output.item() == 81 * 4 * 200 + (bias is not None)

    @pytest.mark.parametrize(
        ("image_type", "largest_type", "mean_type"),
        [
            ("uint8", "uint8", "float64"),
            ("int64", "int64", "float64"),
            ("bool", "int64", "float64"),
            ("float32", "float32", "float32"),
        ],
    )
    def test_of_pooling(self, image_type, largest_type, mean_type):
        images = np.ones((1, 4, 4, 1), image_type) * np.array(1, image_type)
        assert max_pool2d(images).dtype == largest_type
        assert average_pool2d(images).dtype == mean_type
        assert max_pool2d(images).max() == average_pool2d(images).max() == 1

    def test_bytes_do_not_overflow_in_a_mean(self):
        assert average_pool2d(np.full((1, 16, 16, 1), 255, np.uint8), 16).item() == 255

    def test_nan_and_infinity_stay_where_they_belong(self):
        images = np.ones((2, 4, 4, 1))
        images[0, 0, 0], images[1, 3, 3] = np.nan, -np.inf
        summed = conv_layer(images, np.ones((2, 2, 1, 1)), stride=2)
        np.testing.assert_equal(summed[0, :, :, 0], [[np.nan, 4], [4, 4]])
        np.testing.assert_equal(summed[1, :, :, 0], [[4, 4], [4, -np.inf]])
        np.testing.assert_equal(max_pool2d(images)[0, :, :, 0], [[np.nan, 1], [1, 1]])
        assert max_pool2d(images)[1].min() == 1
        np.testing.assert_equal(average_pool2d(images)[1, :, :, 0], [[1, 1], [1, -np.inf]])

    def test_inputs_are_never_modified(self):
        rng = np.random.default_rng(0)
        images, weights = draw_layer(rng, (5, 6), (2, 3), 3, 2)
        bias = rng.normal(size=2)
        before = images.copy(), weights.copy(), bias.copy()
        for padding in ("valid", "same", 1):
            conv_layer(images, weights, bias, padding=padding)
            max_pool2d(images, padding=padding)
            average_pool2d(images, padding=padding)
        for array, copy in zip((images, weights, bias), before, strict=True):
            assert np.array_equal(array, copy)


IMAGES, WEIGHTS = np.ones((2, 7, 6, 3)), np.ones((3, 2, 3, 4))
PER_AXIS = "does not fit: use one number, or one for each of the 2 axes"


class TestErrors:
    @pytest.mark.parametrize("name", ["images", "weights", "bias"])
    @pytest.mark.parametrize(("array", "error", "message"), BAD_ARRAYS)
    def test_arrays(self, name, array, error, message):
        if name == "bias" and array is None:
            return  # no bias
        arguments = {"images": IMAGES, "weights": WEIGHTS, name: array}
        self.check(error, message.format(name=name), conv_layer, **arguments)

    @pytest.mark.parametrize(
        ("arguments", "message"),
        [
            (
                {"images": np.ones((7, 6))},
                "images of shape (7, 6) does not fit: use an array of shape (N, H, W, C_in)",
            ),
            (
                {"weights": np.ones((3, 3))},
                "weights of shape (3, 3) does not fit: use an array of shape (K_h, K_w, C_in, C_o",
            ),
            (
                {"bias": np.ones((1, 4))},
                "bias of shape (1, 4) does not fit: use an array of shape (C_out,)",
            ),
            (
                {"bias": np.ones(3)},
                "bias of shape (3,) does not fit weights of shape (3, 2, 3, 4): use one number "
                "for each of the 4 kernels",
            ),
            (
                {"images": np.ones((2, 7, 6, 1))},
                "images of shape (2, 7, 6, 1) have 1 channel, but weights of shape (3, 2, 3, 4) "
                "take 3: use as many",
            ),
            (
                {"images": np.ones((2, 3, 7, 6))},
                "take 3: use as many; if the channels come first, move them: np.moveaxis(images, ",
            ),
            (
                {"weights": np.ones((4, 3, 2, 2))},
                "use as many; if the kernels come first, move them: weights.transpose(2, 3, 1, 0)",
            ),
            (
                {"weights": np.ones((3, 8, 3, 4))},
                "along the columns: kernel_size=8 does not fit input_size=6 with padding=0: "
                "use padding >= 1 or a kernel of at most 6",
            ),
            ({"padding": "SAME"}, "padding='SAME' is unknown: use one of full, same, valid, a nu"),
            ({"padding": (1, 1)}, "padding=(1, 1) does not fit: use one number, or a (before, af"),
            ({"stride": 0}, "stride=0 is too small"),
            ({"dilation": (1, 2, 3)}, f"dilation=(1, 2, 3) {PER_AXIS}"),
        ],
    )
    def test_of_a_layer(self, arguments, message):
        arguments = {"images": IMAGES, "weights": WEIGHTS, **arguments}
        self.check(ValueError, message, conv_layer, **arguments)

    def test_the_advice_on_the_order_of_axes_is_right(self):
        channels_first = np.moveaxis(IMAGES, -1, 1)
        expected = conv_layer(IMAGES, WEIGHTS).tolist()
        assert conv_layer(np.moveaxis(channels_first, 1, -1), WEIGHTS).tolist() == expected
        kernels_first = np.random.default_rng(0).normal(size=(4, 3, 3, 2))  # (C_out, C_in, K, K)
        moved = kernels_first.transpose(2, 3, 1, 0)
        assert moved.shape == WEIGHTS.shape
        assert moved[2, 1, 0, 3] == kernels_first[3, 0, 2, 1]

    @pytest.mark.parametrize("pool", [max_pool2d, average_pool2d])
    @pytest.mark.parametrize(
        ("arguments", "error", "message"),
        [
            (
                {"images": np.ones((7, 6, 3))},
                ValueError,
                "images of shape (7, 6, 3) does not fit: use an array of shape (N, H, W, C)",
            ),
            ({"images": [[[["1"]]]]}, TypeError, "images=[[[['1']]]] does not hold real numbers"),
            ({"pool_size": 0}, ValueError, "pool_size=0 is too small: use an integer of at least"),
            ({"pool_size": 1.5}, TypeError, f"pool_size=1.5 {WHOLE} 1"),
            ({"pool_size": (1, 2, 3)}, ValueError, f"pool_size=(1, 2, 3) {PER_AXIS}"),
            ({"stride": 0}, ValueError, "stride=0 is too small"),
            (
                {"padding": "full"},
                ValueError,
                "padding='full' is unknown: use one of same, valid, a number of cells, or a (bef",
            ),
            (
                {"pool_size": 8},
                ValueError,
                "along the rows: pool_size=8 does not fit input_size=7 with padding=0: "
                "use padding >= 1 or a pool of at most 7",
            ),
            (
                {"padding": 2},
                ValueError,
                "padding=2 leaves windows of pool_size=(2, 2) with ghost cells only: "
                "use padding <= 1",
            ),
            (
                {"pool_size": (1, 3), "padding": ((0, 0), (0, 3))},
                ValueError,
                "padding=((0, 0), (0, 3)) leaves windows of pool_size=(1, 3) with ghost cells on",
            ),
        ],
    )
    def test_of_pooling(self, pool, arguments, error, message):
        self.check(error, message, pool, **{"images": IMAGES, **arguments})

    @staticmethod
    def check(error, message, function, **arguments):
        with pytest.raises(error) as raised:
            function(**arguments)
        assert message in str(raised.value)
