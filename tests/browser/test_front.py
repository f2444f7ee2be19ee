"""The front page moves and counts right; the gallery and the cards lead to the widgets."""

import re

import numpy as np
import pytest
from hands import frames
from html_pages import read_page
from playwright.sync_api import expect

from helpers.book.chapters import chapters_of, faces, homes
from helpers.book.opening import SHAPE
from helpers.convolution import cross_correlate2d
from helpers.datasets import load_photo
from helpers.widgets.base import Widget

KERNELS = {
    "edges": np.array([[-1, 0, 1], [-2, 0, 2], [-1, 0, 1]]),
    "blur": np.ones((3, 3)) / 9,
    "sharpen": np.array([[0, -1, 0], [-1, 5, -1], [0, -1, 0]]),
}


def number(text):
    return float(text.strip(" ()").replace("−", "-"))


def sobel():
    """What Sobel makes of the photograph, as the page holds pictures."""
    photo = np.pad(load_photo("camera", size=SHAPE).astype(float), 1, mode="edge")
    edges = cross_correlate2d(photo, KERNELS["edges"])
    return {"rows": SHAPE[0], "cols": SHAPE[1], "channels": [edges.ravel().tolist()]}


def test_it_moves_within_two_seconds_and_can_be_stopped(visit, site, call_module):
    page = visit(f"{site}/index.html")
    opening = page.locator(".book-opening[data-ready]")
    line = opening.locator(".book-line")
    first = line.text_content()
    expect(line).not_to_have_text(first, timeout=2000)
    seen = (
        opening.locator("canvas")
        .nth(1)
        .evaluate("c => c.getContext('2d').getImageData(0, 0, 1, 1).data[3]")
    )
    assert seen == 255  # the sky is there already: the sweep begins where it ends
    edges = sobel()
    values = np.abs(edges["channels"][0])
    begin = call_module("opening/opening.mjs", "firstOfInterest", edges)
    assert 0.2 * values.size < begin < 0.4 * values.size
    assert values[begin : begin + 8].max() > values.max() / 3
    opening.get_by_role("button", name="pause").click()
    rest = line.text_content()
    frames(page, 30)
    assert line.text_content() == rest
    expect(opening.get_by_role("button", name="play")).to_be_visible()


def test_under_reduced_motion_it_stands_at_its_end(visit, site):
    page = visit(f"{site}/index.html", reduced_motion="reduce")
    opening = page.locator(".book-opening[data-ready]")
    before = opening.inner_html()
    frames(page, 30)
    assert opening.inner_html() == before
    filled = (
        opening.locator("canvas")
        .nth(1)
        .evaluate(
            "c => c.getContext('2d').getImageData(0, 0, c.width, c.height).data"
            ".every((value, i) => i % 4 < 3 || value === 255)"
        )
    )
    assert filled
    terms, value = opening.locator(".book-line").text_content().split("=")
    products = [term.split("·") for term in terms.split(" + ")]
    assert len(products) == 9
    assert sum(number(a) * number(b) for a, b in products) == number(value)
    photo = load_photo("camera", size=SHAPE).astype(float)
    padded = np.pad(photo, 1, mode="edge")
    edges = cross_correlate2d(padded, KERNELS["edges"])
    assert abs(number(value)) == np.abs(edges).max()


def test_every_sum_is_the_one_that_python_computes(browser, link_modules):
    rng = np.random.default_rng(3)
    image = rng.integers(0, 256, (5, 7)).astype(float)
    page = browser.new_page()
    link_modules(page, "opening/opening.mjs")
    names = {"edges": "sobel_x", "blur": "mean", "sharpen": "sharpen"}
    for label, kernel in KERNELS.items():
        values, shown = page.evaluate(
            """([pixels, name]) => {
                const picture = { rows: 5, cols: 7, channels: [Float32Array.from(pixels)] };
                const work = m.applied(picture, name);
                const sums = pixels.map((_, i) =>
                    m.sumAt(picture, work, Math.floor(i / 7), i % 7));
                return [[...work.result.channels[0]], sums.map((sum) => sum.value)];
            }""",
            [image.ravel().tolist(), names[label]],
        )
        wanted = cross_correlate2d(np.pad(image, 1, mode="edge"), kernel).ravel()
        assert values == pytest.approx(wanted, rel=1e-5, abs=1e-4)
        assert [number(value) for value in shown] == pytest.approx(wanted, rel=1e-3, abs=1e-3)
    page.close()


def test_the_sweep_begins_slowly_and_ends(call_module):
    done = [call_module("opening/opening.mjs", "doneAfter", t, 3456) for t in (0, 1, 2, 8, 10)]
    assert done[0] == 1
    assert done[1] - done[0] <= 10
    assert done == sorted(done)
    assert done[-1] == 3456


def test_a_pointer_asks_for_one_pixel(visit, site):
    page = visit(f"{site}/index.html", reduced_motion="reduce")
    photo = page.locator(".book-opening[data-ready] canvas").first
    photo.scroll_into_view_if_needed()
    box = photo.bounding_box()
    row, col = 20, 31
    photo.hover(position={
        "x": (col + 0.5) * box["width"] / SHAPE[1], "y": (row + 0.5) * box["height"] / SHAPE[0],
    })  # fmt: skip
    shown = page.locator(".book-cells b").all_text_contents()
    pixels = load_photo("camera", size=SHAPE)[row - 1 : row + 2, col - 1 : col + 2]
    assert [int(value) for value in shown] == pixels.ravel().tolist()


def test_every_widget_is_in_the_gallery_and_its_link_leads_to_it(book):
    gallery = read_page(book / "chapters" / "gallery.html")
    chapters = chapters_of(book.parents[1])
    for name, chapter in homes(chapters).items():
        card = gallery.inside(f"gallery-{name.lower()}")
        assert Widget.registry[name].__doc__.splitlines()[0] in card.text.replace("’", "'")
        assert any(f"{name}-light.webp" in picture for picture in card.pictures)
        target = f"../{chapter}.html?widget={name.lower()}"
        assert target in card.links
        page = (book / f"{chapter}.html").read_text("utf-8")
        assert f'data-widget="{name}"' in page


def test_every_chapter_has_its_card_with_a_picture(book):
    front = (book / "index.html").read_text("utf-8")
    chapters = chapters_of(book.parents[1])
    cards = re.findall(r'<li class="book-card">(.*?)</li>', front, re.S)
    by_page = {re.search(r'href="(chapters/[\w-]+)\.html"', card)[1]: card for card in cards}
    assert list(by_page) == list(chapters)
    chosen = faces(chapters)
    for page, card in by_page.items():
        if page in chosen:
            assert f"_static/stills/{chosen[page]}-light.webp" in card
            assert (book / "_static" / "stills" / f"{chosen[page]}-dark.webp").exists()


def test_only_the_pictures_of_the_theme_on_show_are_loaded(visit, site):
    page = visit(f"{site}/chapters/gallery.html", color_scheme="light")
    page.evaluate("document.documentElement.dataset.theme = 'light'")
    for picture in page.locator("img.only-light").all():
        picture.scroll_into_view_if_needed()
    page.wait_for_load_state("networkidle")
    loaded = page.evaluate("performance.getEntriesByType('resource').map((entry) => entry.name)")
    assert sum("-light.webp" in name for name in loaded) == len(Widget.registry)
    assert sum("-dark.webp" in name for name in loaded) == 0


def test_pages_tell_those_who_share_a_link_what_they_show(book):
    for path in [book / "index.html", *sorted((book / "chapters").glob("[0-9]*.html"))]:
        head = path.read_text("utf-8").partition("</head>")[0]
        shown = dict(re.findall(r'<meta property="(og:[\w:]+)" content="([^"]*)"', head))
        assert 20 < len(shown["og:description"]) <= 201, path.name
        assert 'name="description"' in head
        assert shown["og:title"]
        picture = shown["og:image"].partition("_static/")[2]
        assert (book / "_static" / picture).exists()
