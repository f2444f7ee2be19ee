"""The Python side of ImageFilter: pictures in every form, kernels, and results against SciPy."""

import io
import json
import re
import warnings

import numpy as np
import pytest
from PIL import Image, ImageCms
from scipy import ndimage, signal
from traitlets import TraitError

from helpers.datasets import PHOTOS, load_photo
from helpers.widgets.image_filter import KERNEL_NAMES, ImageFilter, named_kernel
from helpers.widgets.pictures import from_data_url, read_picture, to_data_url

# What scipy.ndimage calls the five ways to fill the border.
NDIMAGE = {
    "zeros": "constant",
    "reflect": "mirror",
    "symmetric": "reflect",
    "edge": "nearest",
    "wrap": "grid-wrap",
}
SINGLE = [name for name in KERNEL_NAMES if name != "sobel_magnitude"]


@pytest.fixture
def grey():
    return np.random.default_rng(0).integers(0, 256, (17, 23), dtype=np.uint8)


QUALITY = {"JPEG": {"quality": 100, "subsampling": 0}, "TIFF": {}, "PNG": {}}


def file_with(image, form, **options):
    stream = io.BytesIO()
    image.save(stream, form, **options)
    return stream.getvalue()


def static_state(widget):
    form = widget._repr_mimebundle_()[0]["text/html"]
    return json.loads(re.search(r'<script type="application/json">(.*?)</script>', form)[1])


def test_the_default_pictures_are_three_and_weigh_at_most_90_kb():
    widget = ImageFilter()
    assert list(widget.images) == ["camera", "cat", "coins"]
    assert widget.source == "camera"
    assert sum(map(len, widget.images.values())) <= 90_000


@pytest.mark.parametrize("name", PHOTOS)
def test_every_photograph_stays_small_and_like_itself(name):
    url = to_data_url(read_picture(name))
    assert len(url) <= 30_000
    kept = from_data_url(url).astype(float)
    assert max(kept.shape[:2]) == 320
    original = Image.fromarray(read_picture(name)).resize(
        kept.shape[1::-1], Image.Resampling.LANCZOS
    )
    assert np.corrcoef(np.asarray(original).ravel(), kept.ravel())[0, 1] > 0.95


def test_one_step_for_all_frequencies_leaves_less_error_after_a_laplacian_than_the_usual_tables():
    image = Image.fromarray(load_photo("camera"))
    image.thumbnail((320, 320), Image.Resampling.LANCZOS)
    url = to_data_url(read_picture("camera"))
    weight = len(url) * 3 / 4
    usual = next(
        content
        for quality in range(95, 10, -1)
        if len(content := file_with(image, "JPEG", quality=quality, optimize=True)) <= weight
    )

    def error(pixels):
        difference = pixels.astype(float) - np.asarray(image, float)
        return np.sqrt((ndimage.laplace(difference) ** 2).mean())

    assert error(from_data_url(url)) < 0.6 * error(np.asarray(Image.open(io.BytesIO(usual))))


def test_arrays_keep_every_number(grey):
    for picture in (grey, np.stack([grey, grey[::-1], 255 - grey], 2)):
        widget = ImageFilter(picture, colour=True)
        assert (widget.pixels == picture).all()
        assert widget.source == "picture"


@pytest.mark.parametrize(
    ("picture", "pixels"),
    [
        (np.array([[True, False]]), [[255, 0]]),
        (np.array([[0.0, 0.5, 1.0]]), [[0, 128, 255]]),
        (np.array([[0, 255]], np.int64), [[0, 255]]),
        (np.array([[[7], [8]]], np.uint8), [[7, 8]]),
        (np.array([[[0, 0, 0, 0], [10, 20, 30, 255]]], np.uint8), [[[255] * 3, [10, 20, 30]]]),
        ([[1, 2], [3, 4]], [[1, 2], [3, 4]]),
    ],
)
def test_numbers_become_bytes(picture, pixels):
    assert read_picture(np.array(picture)).tolist() == pixels


@pytest.mark.parametrize(
    ("picture", "words"),
    [
        (np.array([[0.0, 2.0]]), "floats have to be 0 to 1, as in scikit-image; divide by 255"),
        (np.array([[0.5, np.nan]]), "NaN or infinity"),
        (np.array([[-1, 4]]), "holds -1 to 4: integers have to be 0 to 255"),
        (np.zeros(5), "shape (5,) is no picture"),
        (np.zeros((4, 4, 2)), "shape (4, 4, 2) is no picture"),
        (np.zeros((0, 4)), "is empty: give it at least one number"),
        (np.array([["a"]]), "does not hold real numbers only"),
        (np.ma.masked_array([[1, 2]], mask=[[0, 1]]), "masked entries"),
        (range(10**9), "is no picture"),
        (np.zeros((2, 2), complex), "does not hold real numbers only"),
        (io.StringIO("text"), "open(path, 'rb')"),
        (b"hello", "these 5 bytes are no picture"),
        ("nowhere.png", "no file 'nowhere.png', and no photograph of that name"),
        ({}, "empty: give it at least one picture"),
        ({"own-1": "cat"}, "own-1"),
        ({"": "cat"}, "use a text"),
    ],
)
def test_what_is_no_picture_is_refused(picture, words):
    with pytest.raises(TraitError, match=re.escape(words)):
        ImageFilter(picture)


def test_files_in_many_forms(tmp_path, grey):
    plain = Image.fromarray(grey)
    plain.save(tmp_path / "plain.png")
    widget = ImageFilter(tmp_path / "plain.png")
    assert widget.source == "plain"
    assert np.abs(widget.pixels - grey.astype(int)).max() <= 3  # a JPEG of the finest step
    assert (read_picture(file_with(plain, "BMP")) == grey).all()

    palette = Image.fromarray(np.array([[0, 1]], np.uint8), "P")
    palette.putpalette([200, 10, 20, 0, 0, 0])
    shown = read_picture(file_with(palette, "GIF", transparency=1))
    assert shown.tolist() == [[[200, 10, 20], [255, 255, 255]]]

    deep = Image.fromarray(np.array([[0, 257, 65535]], np.uint16))
    assert read_picture(file_with(deep, "PNG")).tolist() == [[0, 1, 255]]

    sideways = Image.fromarray(np.arange(6, dtype=np.uint8).reshape(2, 3))
    exif = Image.Exif()
    exif[0x0112] = 6  # the camera was held upright
    assert read_picture(file_with(sideways, "PNG", exif=exif)).shape == (3, 2)

    (tmp_path / "notes.txt").write_text("no picture")
    with pytest.raises(ValueError, match="is no picture that can be read"):
        read_picture(tmp_path / "notes.txt")
    with pytest.raises(ValueError, match="these 60 bytes are no picture that can be read"):
        read_picture(file_with(plain, "PNG")[:60])


def test_every_mode_of_a_picture_is_shown_as_a_browser_does(tmp_path, grey):
    colours = np.array([[[200, 30, 40], [20, 90, 250]]], np.uint8).repeat(8, 0).repeat(8, 1)
    whole = Image.fromarray(colours)
    for mode, form in [("CMYK", "TIFF"), ("YCbCr", "JPEG"), ("HSV", None), ("RGBA", "PNG")]:
        picture = whole.convert(mode)
        shown = read_picture(file_with(picture, form, **QUALITY[form]) if form else picture)
        assert np.abs(shown.astype(int) - colours).max() <= 4, mode
    lab = ImageCms.profileToProfile(
        whole, ImageCms.createProfile("sRGB"), ImageCms.createProfile("LAB"), outputMode="LAB"
    )
    assert np.abs(read_picture(file_with(lab, "TIFF")).astype(int) - colours).max() <= 4
    paired = Image.fromarray(np.array([[[100, 255], [100, 0]]], np.uint8), "LA")
    assert read_picture(file_with(paired, "PNG")).tolist() == [[[100] * 3, [255] * 3]]


@pytest.mark.parametrize(
    ("numbers", "pixels"),
    [
        (np.array([[0, 0.5, 1]], np.float32), [[0, 128, 255]]),
        (np.array([[0, 2, 255]], np.float32), [[0, 2, 255]]),
        (np.array([[0, 100, 200]], np.uint16), [[0, 0, 1]]),  # dark, and not 8 bits
        (np.array([[0, 257, 65535]], np.int32), [[0, 1, 255]]),
    ],
)
def test_files_of_more_than_8_bits_keep_their_brightness(numbers, pixels):
    assert read_picture(file_with(Image.fromarray(numbers), "TIFF")).tolist() == pixels


@pytest.mark.parametrize("numbers", [[[0, np.nan]], [[-1, 1]], [[0, 1e6]]])
def test_files_whose_numbers_mean_no_brightness_are_refused(numbers):
    deep = file_with(Image.fromarray(np.array(numbers, np.float32)), "TIFF")
    with pytest.raises(ValueError, match=r"NaN or infinity|use 0 to 1, 0 to 255 or 0 to 65535"):
        read_picture(deep)


def test_pictures_come_from_open_files_memory_pillow_and_uploads(tmp_path, grey):
    content = file_with(Image.fromarray(grey), "PNG")
    (tmp_path / "dog.png").write_bytes(content)
    sideways = Image.fromarray(grey[:2, :3])
    sideways.getexif()[0x0112] = 6
    with (tmp_path / "dog.png").open("rb") as file:
        assert (read_picture(file) == grey).all()
    assert (read_picture(memoryview(content)) == grey).all()
    assert read_picture(sideways).shape == (3, 2)
    with pytest.raises(ValueError, match="cannot be read"):
        read_picture(tmp_path)
    upload = ({"name": "dog.png", "type": "image/png", "content": memoryview(content)},)
    (tmp_path / "b").mkdir()
    (tmp_path / "b" / "dog.png").write_bytes(content)
    widget = ImageFilter(upload)
    assert list(widget.images) == ["dog"]
    widget.images = [tmp_path / "dog.png", tmp_path / "b" / "dog.png"]
    assert list(widget.images) == ["dog", "dog (2)"]


def test_formats_that_start_programs_are_not_opened(grey):
    for kind in ("EPS", "PPM", "PCX"):
        with pytest.raises(ValueError, match="use a PNG, JPEG, GIF, BMP, WEBP or TIFF file"):
            read_picture(file_with(Image.fromarray(grey), kind))


def test_large_arrays_are_scaled_down():
    with warnings.catch_warnings():
        warnings.simplefilter("error")
        widget = ImageFilter(np.random.default_rng(0).random((700, 1400)))
    assert widget.pixels.shape == (160, 320)
    assert len(widget.images["picture"]) <= 30_000


def test_grey_from_colour_is_luminance():
    picture = np.array([[[255, 0, 0], [0, 255, 0], [0, 0, 255], [255, 255, 255]]], np.uint8)
    assert ImageFilter(picture).pixels.tolist() == [[54, 182, 18, 255]]


@pytest.mark.parametrize("size", [3, 5, 7, 9])
def test_kernels_are_what_their_names_say(size):
    kernels = {name: named_kernel(name, size, sigma=1.5, seed=2) for name in KERNEL_NAMES}
    assert all(kernel.shape == (size, size) for kernel in kernels.values())
    sums = {name: kernel.sum() for name, kernel in kernels.items()}
    for name in ("sobel_x", "sobel_y", "laplacian"):
        assert sums[name] == 0
    assert sums["identity"] == sums["emboss"] == 1
    assert (kernels["sobel_y"] == kernels["sobel_x"].T).all()
    assert (kernels["laplacian"] == kernels["laplacian"].T).all()
    impulse = np.zeros((15, 15))
    impulse[7, 7] = 1
    blurred = ndimage.gaussian_filter(impulse, 1.5, radius=size // 2)
    middle = slice(7 - size // 2, 8 + size // 2)
    expected = blurred[middle, middle]
    assert kernels["gaussian"] / sums["gaussian"] == pytest.approx(expected)


def test_three_by_three_kernels_are_the_textbooks():
    assert named_kernel("laplacian").tolist() == [[0, 1, 0], [1, -4, 1], [0, 1, 0]]
    assert named_kernel("sharpen").tolist() == [[0, -1, 0], [-1, 5, -1], [0, -1, 0]]
    assert named_kernel("emboss").tolist() == [[-2, -1, 0], [-1, 1, 1], [0, 1, 2]]
    ramp = np.tile(np.arange(8.0), (8, 1))
    assert (
        ndimage.sobel(ramp) == ndimage.correlate(ramp, named_kernel("sobel_x"), mode="reflect")
    ).all()


def test_random_kernels_repeat_with_their_seed():
    assert (named_kernel("random", 5, seed=3) == named_kernel("random", 5, seed=3)).all()
    assert (named_kernel("random", 5, seed=3) != named_kernel("random", 5, seed=4)).any()


@pytest.mark.parametrize("mode", NDIMAGE)
@pytest.mark.parametrize("kernel", SINGLE)
def test_results_are_scipys(grey, kernel, mode):
    for flip, function in ((True, ndimage.convolve), (False, ndimage.correlate)):
        widget = ImageFilter(grey, kernel=kernel, size=5, sigma=1.3, flip=flip, mode=mode)
        weights = named_kernel(kernel, 5, sigma=1.3).astype(float)
        if weights.sum():
            weights = weights / weights.sum()
        expected = function(grey.astype(float), weights, mode=NDIMAGE[mode])
        assert widget.result == pytest.approx(expected)


def test_own_kernels_of_any_shape_are_as_in_scipy_signal(grey):
    rng = np.random.default_rng(1)
    for shape in [(1, 1), (2, 2), (1, 4), (9, 3), (8, 9)]:
        own = rng.normal(size=shape)
        for mode, size in (("zeros", "same"), ("valid", "valid")):
            widget = ImageFilter(grey, kernel=own, normalise=False, mode=mode)
            assert widget.result == pytest.approx(signal.convolve2d(grey.astype(float), own, size))
            widget.flip = False
            turned = own[::-1, ::-1]
            assert widget.result == pytest.approx(
                signal.convolve2d(grey.astype(float), turned, size)
            )


def test_magnitude_joins_both_directions(grey):
    widget = ImageFilter(grey, kernel="sobel_magnitude", mode="symmetric")
    pixels = grey.astype(float)
    assert widget.result == pytest.approx(
        np.hypot(ndimage.sobel(pixels, 0), ndimage.sobel(pixels, 1))
    )


def test_colours_are_filtered_one_by_one(grey):
    picture = np.stack([grey, grey[::-1], 255 - grey], 2)
    widget = ImageFilter(picture, kernel="mean", colour=True, mode="edge")
    for channel in range(3):
        expected = ndimage.uniform_filter(picture[:, :, channel].astype(float), 3, mode="nearest")
        assert widget.result[:, :, channel] == pytest.approx(expected)


def test_kernels_without_a_sum_are_not_divided(grey):
    widget = ImageFilter(grey, kernel=[[0.1, 0.2, -0.3]])  # adds up to 3e-17
    assert widget.weights.tolist() == [[-0.3, 0.2, 0.1]]
    widget.kernel = [[1, 3]]
    assert widget.weights.tolist() == [[0.75, 0.25]]
    widget.normalise = False
    assert widget.weights.tolist() == [[3, 1]]


def test_a_kernel_that_fits_nowhere_is_explained():
    widget = ImageFilter(np.zeros((4, 6), np.uint8), size=5, mode="valid")
    with pytest.raises(ValueError, match="along the rows: kernel_size=5 does not fit input_size=4"):
        _ = widget.result


@pytest.mark.parametrize(
    ("state", "words"),
    [
        (
            {"kernel": "sobel"},
            "kernel='sobel' is unknown: use a grid of numbers, or one of identity",
        ),
        ({"kernel": [[1, 2], [3]]}, "is ragged: make all its rows equally long"),
        ({"kernel": [[1] * 10]}, "kernel of shape (1, 10) is too large: use at most 9 × 9"),
        ({"kernel": [[1, float("inf")]]}, "must hold finite numbers"),
        ({"kernel": [[1, "two"]]}, "must hold numbers, not 'two'"),
        ({"kernel": []}, "is empty"),
        ({"size": 4}, "size"),
        ({"sigma": 0}, "sigma"),
        ({"seed": -1}, "seed"),
        ({"mode": "mirror"}, "mode"),
        ({"show": "raw"}, "show"),
        ({"source": "dog"}, "source='dog' names no picture: use camera, cat, coins"),
        ({"row": -1}, "row"),
        ({"divider": 1.5}, "divider"),
        ({"hide": ["zoom"]}, "names no part of ImageFilter"),
    ],
)
def test_what_does_not_fit_is_refused(state, words):
    with pytest.raises(TraitError, match=re.escape(words)):
        ImageFilter(**state)


def test_pictures_can_be_exchanged_later(grey):
    widget = ImageFilter(["camera", "cat"], source="cat")
    assert list(widget.images) == ["camera", "cat"]
    widget.images = {"noise": grey, "coins": "coins"}
    assert widget.source == "noise"
    assert (widget.pixels == grey).all()


def test_a_picture_of_the_readers_own_stays_in_the_browser():
    widget = ImageFilter("cat", source="own-1")
    with pytest.raises(ValueError, match=r"source='own-1' .* stays there"):
        _ = widget.result


def test_the_loupe_starts_inside_the_picture(grey):
    widget = ImageFilter(grey)
    assert (widget.row, widget.col) == (5, 9)


def test_static_form_carries_the_pictures_and_a_text():
    widget = ImageFilter("camera", kernel=np.eye(3))
    state = static_state(widget)
    assert state["images"]["camera"].startswith("data:image/jpeg;base64,")
    assert state["kernel"] == [[1, 0, 0], [0, 1, 0], [0, 0, 1]]
    assert "A kernel lies over a photograph" in widget._repr_mimebundle_()[0]["text/html"]
