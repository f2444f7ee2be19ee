"""Figures: what a page, a screen reader and a notebook get to see."""

import base64
import io
import re
from xml.etree import ElementTree

import numpy as np
import pytest
from PIL import Image

from helpers import plots

SVG = "{http://www.w3.org/2000/svg}"


def drawing(picture):
    """The picture's HTML form, parsed; being well-formed XML, it cannot break a page."""
    return ElementTree.fromstring(picture._repr_html_())


def test_a_curve_is_drawn_through_its_points():
    picture = plots.curves({"y": ([0, 1, 2], [0, 3, 1])}, alt="Up and down")
    (axes,) = picture.axes
    assert axes.lines[0].get_xydata().tolist() == [[0, 0], [1, 3], [2, 1]]
    path = next(
        path.get("d") for path in drawing(picture).iter(SVG + "path")
        if plots.COLOURS[0] in (path.get("style") or "") and path.get("d").count("L") == 2
    )  # fmt: skip
    points = np.array(re.findall(r"[ML] ([\d.]+) ([\d.]+)", path), dtype=float)
    # Pixels count downwards: the highest value has the smallest row, two thirds below it the next.
    (_, y0), (_, y1), (_, y2) = points
    assert y1 < y2 < y0
    assert (y0 - y2) / (y0 - y1) == pytest.approx(1 / 3, abs=0.01)
    assert np.diff(points[:, 0])[0] == pytest.approx(np.diff(points[:, 0])[1], abs=0.2)


def test_the_numbers_at_the_axes_keep_their_digits():
    root = drawing(plots.curves({"y": ([-1, 1], [0, 1])}, alt="A line"))
    texts = [text.text for text in root.iter(SVG + "text")]
    assert {"0.25", "0.75", "−0.25"} <= set(texts)
    paths = " ".join(path.get("d", "") for path in root.iter(SVG + "path"))
    assert not re.findall(r"\d\.\d\d", paths), "more digits than a screen can show"


def test_a_picture_says_what_it_shows():
    picture = plots.curves({"y": [1, 2]}, alt='Rises from "1" to 2 & stays < 3')
    root = drawing(picture)
    assert root.get("role") == "img"
    assert root.get("aria-label") == 'Rises from "1" to 2 & stays < 3' == repr(picture)


def test_a_picture_takes_its_text_colour_from_the_page():
    root = drawing(plots.curves({"y": [1, 2]}, alt="", xlabel="time", marks={"here": 1}))
    texts = {text.text: text.get("style") for text in root.iter(SVG + "text")}
    assert {"time", "y", "here"} <= set(texts)
    assert all("currentColor" in style for style in texts.values())
    fills = re.findall(r"fill: #(\w+)", ElementTree.tostring(root, encoding="unicode"))
    assert not {"ffffff", "000000"} & set(fills), "a filled background hides the page's"


def test_pictures_share_a_page():
    # Names in the drawings are global in a page, and a style element reaches all of it.
    pages = [plots.curves({"y": values}, alt="")._repr_html_() for values in ([1, 2], [5, 0, 3])]
    names = [set(re.findall(r'\sid="([^"]+)"', page)) for page in pages]
    assert all(names)
    assert not names[0] & names[1]
    for page, own in zip(pages, names, strict=True):
        assert own == set(re.findall(r'(?:url\(|href=")#([\w-]+)', page))
        assert "<style" not in page


def test_a_picture_is_the_same_in_every_build():
    first, second = (plots.curves({"y": [3, 1, 2]}, alt="")._repr_html_() for _ in range(2))
    assert first == second


def test_panels_share_the_horizontal_axis():
    picture = plots.curves({"a": [1, 2, 3]}, {"b": [4, 5]}, alt="", xlabel="sample")
    upper, lower = picture.axes
    assert upper.get_xlim() == lower.get_xlim()
    assert (upper.get_xlabel(), lower.get_xlabel()) == ("", "sample")


def test_a_curve_without_a_position_for_each_value_is_refused():
    with pytest.raises(ValueError, match=r"'y' has values of shape \(3,\) at .* shape \(2,\)"):
        plots.curves({"y": [1, 2, 3]}, x=[0, 1], alt="")
    with pytest.raises(ValueError, match=r"'y' has values of shape \(2, 2\)"):
        plots.curves({"y": np.eye(2)}, alt="")


def test_a_spectrum_peaks_where_the_tone_is():
    rate = 8000
    tone = np.sin(2 * np.pi * 1000 * np.arange(rate) / rate)
    picture = plots.spectrum({"tone": tone}, rate, alt="A peak at 1000 Hz")
    frequencies, power = picture.axes[0].lines[0].get_data()
    assert frequencies[np.argmax(power)] == pytest.approx(1000, abs=rate / 256)
    assert frequencies[-1] == rate / 2


def test_a_path_crosses_the_contours_where_it_should():
    x, y = np.linspace(-2, 2, 21), np.linspace(-1, 1, 11)
    heights = x**2 + 4 * y[:, None] ** 2
    picture = plots.contours(
        heights,
        {"path": ([-2, 0], [1, 0])},
        x=x,
        y=y,
        levels=[1],
        marks={"here": (0, 0)},
        alt="A bowl",
    )
    axes = picture.axes[0]
    (line,) = axes.collections[0].get_paths()
    assert (line.vertices[:, 0] ** 2 + 4 * line.vertices[:, 1] ** 2) == pytest.approx(1, abs=0.05)
    assert axes.lines[0].get_xydata().tolist() == [[-2, 1], [0, 0]]
    assert (axes.get_xlim(), axes.get_ylim()) == ((-2, 2), (-1, 1))
    page = picture._repr_html_()
    assert 'aria-label="A bowl"' in page and "path" in page and "here" in page


def test_a_surface_without_a_place_for_each_height_is_refused():
    with pytest.raises(ValueError, match=r"heights of shape \(2, 3\) do not fit: .* the 3 y"):
        plots.contours(np.zeros((2, 3)), {}, x=[0, 1], y=[0, 1, 2], alt="")


def pixels_of(photos):
    """The pictures as the page shows them, decoded from their data URLs."""
    urls = [image.get("src") for image in ElementTree.fromstring(
        re.sub(r"(<img[^>]*)>", r"\1/>", photos._repr_html_())
    ).iter("img")]  # fmt: skip
    return [np.asarray(Image.open(io.BytesIO(base64.b64decode(url.split(",")[1])))) for url in urls]


def test_numbers_become_shades_in_three_ways():
    array = [[-100, 0, 50], [100, 255, 300]]
    expected = {
        "clipped": [[0, 0, 50], [100, 255, 255]],
        "rescaled": [[0, 64, 96], [128, 226, 255]],
        "signed": [[85, 128, 149], [170, 236, 255]],
    }
    for show, shades in expected.items():
        (pixels,) = pixels_of(plots.photos({"a": array}, alt="", show=show, zoom=2))
        assert pixels[::2, ::2, 0].tolist() == shades == pixels[1::2, 1::2, 2].tolist()


def test_a_flat_picture_does_not_divide_by_zero():
    for show in ["rescaled", "signed"]:
        (pixels,) = pixels_of(plots.photos({"a": np.zeros((2, 2))}, alt="", show=show, zoom=3))
        assert np.ptp(pixels) == 0


def test_photographs_stand_in_a_row_with_labels_and_stay_small():
    noise = np.random.default_rng(1).integers(0, 256, (120, 160))
    flat = np.full((120, 160, 3), (10, 100, 200))
    photos = plots.photos(
        {"noise & <b>": noise, "flat": flat}, alt="Two pictures", show=["clipped"] * 2
    )
    page = photos._repr_html_()
    assert repr(photos) == "Two pictures"
    assert 'aria-label="Two pictures"' in page and "noise &amp; &lt;b&gt;" in page
    first, second = pixels_of(photos)
    assert first.shape == second.shape == (120, 160, 3)
    assert second[60, 80].tolist() == pytest.approx([10, 100, 200], abs=3)
    assert len(page) < 30_000


def test_what_is_no_picture_is_refused():
    with pytest.raises(ValueError, match=r"'a' has shape \(3,\)"):
        plots.photos({"a": [1, 2, 3]}, alt="")
    with pytest.raises(ValueError, match="show='bright' is unknown"):
        plots.photos({"a": [[1]]}, alt="", show="bright")


def only_pixels(picture, **options):
    """What the one photograph of `photos` looks like to a browser, in grey or colour."""
    html = plots.photos({"p": picture}, alt="A picture.", zoom=2, **options)._repr_html_()
    content = base64.b64decode(re.search(r"webp;base64,([^\"]+)", html)[1])
    return np.asarray(Image.open(io.BytesIO(content)).convert("L"))[::2, ::2].tolist()


def test_photographs_from_0_to_1_and_booleans_reach_from_black_to_white():
    assert only_pixels(np.array([[0.0, 0.5, 1.0]])) == [[0, 128, 255]]
    assert only_pixels(np.array([[False, True]])) == [[0, 255]]
    assert only_pixels(np.array([[0, 1]])) == [[0, 1]]
    assert only_pixels(np.array([[0.0, 100.0]])) == [[0, 100]]


@pytest.mark.parametrize(
    ("picture", "words"),
    [
        ([[0.0, np.nan]], "NaN or infinity"),
        (np.ma.masked_array([[1, 2]], mask=[[0, 1]]), "masked entries"),
        ([["a"]], "does not hold real numbers"),
    ],
)
def test_photographs_that_cannot_be_shown_are_refused(picture, words):
    with pytest.raises((TypeError, ValueError), match=words):
        plots.photos({"p": picture}, alt="A picture.")


def test_more_curves_than_can_be_told_apart_are_refused():
    with pytest.raises(ValueError, match="7 curves has too many"):
        plots.curves({str(i): [0, i] for i in range(7)}, alt="Too many")
    paths = {str(i): ([0, 1], [0, 1]) for i in range(5)}
    with pytest.raises(ValueError, match="5 paths are too many"):
        plots.contours([[0, 1], [1, 2]], paths, x=[0, 1], y=[0, 1], alt="Too many")
