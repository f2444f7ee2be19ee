"""The arithmetic of pictures in JavaScript gives SciPy's numbers, to the last bit of a float32."""

import numpy as np
import pytest
from scipy import ndimage, signal

from helpers.convolution import pad
from helpers.widgets.image_filter import KERNEL_NAMES, named_kernel

MODES = ["zeros", "reflect", "symmetric", "edge", "wrap"]
NDIMAGE = dict(zip(MODES, ["constant", "mirror", "reflect", "nearest", "grid-wrap"], strict=True))


@pytest.fixture(scope="module")
def run(browser, link_modules):
    """Run a JavaScript expression in which `m` holds the modules and `a` the arguments."""
    page = browser.new_page()
    link_modules(page, "arithmetic/image.mjs", "arithmetic/kernels.mjs", "card/picture.mjs")
    page.evaluate(
        """() => {
            m.read = ({ shape: [rows, cols], channels }) =>
                ({ rows, cols, channels: channels.map((v) => Float32Array.from(v)) });
            m.write = ({ rows, cols, channels }) =>
                ({ shape: [rows, cols], channels: channels.map((v) => Array.from(v)) });
        }"""
    )
    yield lambda expression, *arguments: page.evaluate(f"(a) => {expression}", list(arguments))
    page.close()


def to_js(image):
    channels = image[:, :, None] if image.ndim == 2 else image
    return {
        "shape": image.shape[:2],
        "channels": [channels[:, :, c].ravel().tolist() for c in range(channels.shape[2])],
    }


def from_js(picture):
    planes = [np.reshape(values, picture["shape"]) for values in picture["channels"]]
    return planes[0] if len(planes) == 1 else np.stack(planes, 2)


def filter_in_javascript(run, image, kernel, mode):
    call = "m.write(m.crossCorrelate(m.read(a[0]), a[1], a[2]))"
    return from_js(run(call, to_js(image), np.asarray(kernel).tolist(), mode))


def assert_same_as_float32(actual, expected, kernel):
    """Both agree to the rounding of float32, and to that of the sums' doubles where they cancel."""
    rounding = np.spacing(np.abs(expected).astype(np.float32)).astype(float)
    cancelling = 255 * np.abs(kernel).sum() * np.finfo(float).eps * np.size(kernel)
    assert actual.shape == expected.shape
    assert (np.abs(actual - expected) <= rounding / 2 * 1.0001 + cancelling).all()


def correlated(image, kernel, mode):
    """The same by scipy.signal and helpers.convolution.pad, for kernels of any size."""
    if mode != "valid":
        image = pad(image, [(size // 2, (size - 1) // 2) for size in kernel.shape], mode=mode)
    return signal.correlate2d(image, kernel, "valid")


def photo(*shape, seed=0):
    return np.random.default_rng(seed).integers(0, 256, shape).astype(float)


@pytest.mark.parametrize("size", [3, 5, 7, 9])
@pytest.mark.parametrize("name", [name for name in KERNEL_NAMES if name != "sobel_magnitude"])
def test_every_named_kernel_in_every_mode(run, name, size):
    image = photo(14, 19)
    kernel = named_kernel(name, size, sigma=1.7, seed=5).astype(float)
    for weights in (kernel, kernel / (kernel.sum() or 1)):
        for mode in MODES:
            expected = ndimage.correlate(image, weights, mode=NDIMAGE[mode])
            assert_same_as_float32(
                filter_in_javascript(run, image, weights, mode), expected, weights
            )
        valid = filter_in_javascript(run, image, weights, "valid")
        assert_same_as_float32(valid, signal.correlate2d(image, weights, "valid"), weights)


def test_kernels_of_any_shape_on_pictures_of_any_size(run):
    rng = np.random.default_rng(3)
    for _ in range(60):
        kernel = rng.normal(size=rng.integers(1, 13, 2))
        if rng.integers(3) == 0:
            kernel = np.outer(rng.normal(size=kernel.shape[0]), rng.normal(size=kernel.shape[1]))
        kernel[rng.random(kernel.shape) < 0.2 * rng.integers(2)] = 0
        image = photo(*rng.integers(1, 16, 2), seed=rng.integers(1000))
        for mode in MODES:
            expected = correlated(image, kernel, mode)
            assert_same_as_float32(filter_in_javascript(run, image, kernel, mode), expected, kernel)
        if (np.array(kernel.shape) <= image.shape).all():
            expected = correlated(image, kernel, "valid")
            actual = filter_in_javascript(run, image, kernel, "valid")
            assert_same_as_float32(actual, expected, kernel)


def test_each_colour_is_filtered_for_itself(run):
    image = photo(6, 7, 3)
    kernel = np.random.default_rng(1).normal(size=(3, 5))
    actual = filter_in_javascript(run, image, kernel, "edge")
    for c in range(3):
        assert_same_as_float32(actual[:, :, c], correlated(image[:, :, c], kernel, "edge"), kernel)


def test_a_kernel_of_zeros_leaves_nothing(run):
    assert (filter_in_javascript(run, photo(4, 4), np.zeros((3, 3)), "wrap") == 0).all()


def test_a_kernel_that_fits_nowhere_says_so(run):
    sentence = "A kernel of 5 × 3 cells fits nowhere in a picture of 4 × 9 pixels"
    with pytest.raises(Exception, match=sentence):
        filter_in_javascript(run, photo(4, 9), np.ones((5, 3)), "valid")


def test_work_in_slices_is_the_same_work(run):
    image = photo(11, 8, 3)
    kernel = named_kernel("gaussian", 5, sigma=1)
    counted, sliced = run(
        """{
            const work = m.startCrossCorrelation(m.read(a[0]), a[1], "reflect");
            let turns = 1;
            while (!work.advance(4)) turns++;
            return [turns, m.write(work.result)];
        }""",
        to_js(image),
        kernel.tolist(),
    )
    assert counted == 9  # 3 channels of 11 rows, 4 at a time
    assert (from_js(sliced) == filter_in_javascript(run, image, kernel, "reflect")).all()


@pytest.mark.parametrize("size", [3, 5, 7, 9])
def test_named_kernels_are_pythons(run, size):
    names = run("Object.keys(m.KERNELS)")
    assert names == list(KERNEL_NAMES)
    for name in names:
        options = {"size": size, "sigma": 1.7, "seed": 12}
        expected = named_kernel(name, size, sigma=1.7, seed=12)
        assert run("m.namedKernel(a[0], a[1])", name, options) == pytest.approx(expected, rel=1e-14)


def test_magnitude_is_the_length_of_both(run):
    image = photo(9, 8)
    across, down = (named_kernel(name).tolist() for name in ("sobel_x", "sobel_y"))
    call = """{
        const filtered = [a[1], a[2]].map((w) => m.crossCorrelate(m.read(a[0]), w, "edge"));
        return m.write(m.magnitude(...filtered));
    }"""
    expected = np.hypot(
        ndimage.sobel(image, 0, mode="nearest"), ndimage.sobel(image, 1, mode="nearest")
    )
    assert from_js(run(call, to_js(image), across, down)) == pytest.approx(expected, rel=1e-6)


def test_summary_counts_what_a_screen_cannot_show(run):
    values = np.array([[-3, -1e-5, 0, 255], [255.0004, 256, 300, 12]])
    summary = run("m.summarise(m.read(a[0]))", to_js(values))
    assert summary["min"] == -3
    assert summary["max"] == 300
    assert (summary["below"], summary["above"], summary["clipped"]) == (1, 2, 3)
    colour = np.stack([values, values[:, ::-1] * 0 - 1, values * 0 + 7], 2)
    summary = run("m.summarise(m.read(a[0]))", to_js(colour))
    assert (summary["below"], summary["above"], summary["clipped"]) == (8, 2, 8)


PALETTE = {"paper": [250, 251, 252], "negative": [10, 20, 200], "positive": [200, 90, 0]}


def painted(run, values, show):
    call = """{
        const picture = m.read(a[0]);
        const bytes = new Uint8ClampedArray(4 * picture.rows * picture.cols);
        m.paintPixels(picture, bytes, a[1], m.summarise(picture), a[2]);
        return Array.from(bytes);
    }"""
    return np.reshape(run(call, to_js(values), show, PALETTE), (*values.shape[:2], 4))


def test_clipped_values_are_cut_off(run):
    values = np.array([[-40.0, 0, 0.4, 127.6, 255, 900]])
    bytes_ = painted(run, values, "clipped")
    assert bytes_[0, :, 0].tolist() == [0, 0, 0, 128, 255, 255]
    assert (bytes_[:, :, :3] == bytes_[:, :, :1]).all()
    assert (bytes_[:, :, 3] == 255).all()


def test_rescaled_values_reach_from_black_to_white(run):
    values = np.random.default_rng(0).normal(0, 300, (5, 6))
    expected = np.rint(255 * (values - values.min()) / np.ptp(values))
    assert (painted(run, values, "rescaled")[:, :, 0] == expected).all()
    flat = np.full((2, 2), 40.0)
    assert (painted(run, flat, "rescaled")[:, :, 0] == 40).all()


def test_signed_values_leave_the_paper_in_both_directions(run):
    values = np.array([[-100.0, -50, 0, 50]])
    colours = painted(run, values, "signed")[0, :, :3]
    assert colours[0].tolist() == PALETTE["negative"]
    assert colours[2].tolist() == PALETTE["paper"]
    for at, end in ((1, "negative"), (3, "positive")):
        halfway = (np.array(PALETTE["paper"]) + PALETTE[end]) / 2
        assert np.abs(colours[at] - halfway).max() <= 1
    colour = np.stack([values, values * 0, -values], 2)
    assert painted(run, colour, "signed")[0, 0, :3].tolist() == [0, 128, 255]


def test_grey_is_luminance_in_whole_numbers(run):
    image = photo(5, 5, 3)
    grey = from_js(run("m.write(m.toGrey(m.read(a[0])))", to_js(image)))
    assert (grey == np.floor(image @ [0.2125, 0.7154, 0.0721] + 0.5)).all()


def test_the_window_is_what_lies_under_the_kernel(run):
    image = photo(5, 6)
    for shape in [(3, 3), (2, 4), (9, 7), (1, 1)]:
        ghosts = [(size // 2, (size - 1) // 2) for size in shape]
        for mode in MODES:
            padded = pad(image, ghosts, mode=mode)
            for row, col in [(0, 0), (2, 3), (4, 5)]:
                window = run(
                    "m.windowAt(m.read(a[0]), ...a[1])", to_js(image), [shape, mode, row, col]
                )
                under = slice(row, row + shape[0]), slice(col, col + shape[1])
                assert (np.array(window["values"][0]) == padded[under]).all()
                inside = pad(np.ones_like(image), ghosts)[under]
                assert (np.array(window["ghost"]) == (inside == 0)).all()
                assert window["fits"]


def test_without_a_border_the_window_has_holes(run):
    window = run(
        "m.windowAt(m.read(a[0]), [3, 3], 'valid', 0, 1)", to_js(np.array([[1, 2], [3, 4]]))
    )
    assert window["values"] == [[[None] * 3, [1, 2, None], [3, 4, None]]]
    assert not window["fits"]


def test_transparent_pixels_are_laid_on_white(run):
    call = """{
        const data = Uint8ClampedArray.from([0, 0, 0, 0, 100, 100, 100, 255, 0, 0, 0, 51]);
        const { picture, transparent } = m.toPicture({ data, width: 3, height: 1 });
        return [m.write(picture), transparent];
    }"""
    picture, transparent = run(call)
    assert picture["channels"] == [[255, 100, 204]]
    assert transparent


@pytest.mark.parametrize(
    ("size", "fitting"),
    [
        ((512, 512), (512, 512)),
        ((8000, 6000), (512, 384)),
        ((3, 90000), (1, 512)),
        ((7, 2), (7, 2)),
    ],
)
def test_large_pictures_are_scaled_in_proportion(run, size, fitting):
    assert tuple(run("m.fittingSize(...a)", *size)) == fitting


@pytest.mark.parametrize(
    ("kernel", "kind", "direction"),
    [
        ([[0, 0, 0], [0, 1, 0], [0, 0, 0]], "same", ""),
        ([[0, 0, 0], [0, 0, 1], [0, 0, 0]], "shift", "right"),
        ([[1, 1], [1, 1]], "blur", "top left"),
        ([[-1, 0, 1], [-2, 0, 2], [-1, 0, 1]], "edges", "right"),
        ([[1, 2, 1], [0, 0, 0], [-1, -2, -1]], "edges", "top"),
        ([[0, 1, 0], [1, -4, 1], [0, 1, 0]], "spots", ""),
        ([[0, -1, 0], [-1, 5, -1], [0, -1, 0]], "sharpen", ""),
        ([[-2, -1, 0], [-1, 1, 1], [0, 1, 2]], "relief", "bottom right"),
        ([[0, 0], [0, 0]], "none", ""),
    ],
)
def test_what_a_kernel_does_is_read_off_its_weights(run, kernel, kind, direction):
    told = run("m.analyse(a[0])", kernel)
    assert (told["kind"], told["direction"]) == (kind, direction)


def test_growing_and_shrinking_keeps_the_middle(run):
    kernel = [[1, 2, 3], [4, 5, 6], [7, 8, 9]]
    assert run("m.resized(a[0], 1, 1)", kernel) == [[5]]
    assert run("m.resized(a[0], 5, 3)", kernel) == [[0] * 3, *kernel, [0] * 3]
    assert run("m.resized(m.resized(a[0], 4, 6), 3, 3)", kernel) == kernel
