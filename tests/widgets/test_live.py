"""What a kernel shows, and what stands in for it in the book."""

import re

import ipywidgets
import pytest
from contents import ROOT

from helpers import plots
from helpers.tables import Table
from helpers.widgets import Convolve1D
from helpers.widgets.base import Widget
from helpers.widgets.live import Live, Still


@pytest.mark.parametrize(
    "in_book",
    [plots.curves({"y": [1, 2]}, alt="A line"), Table(["a"], [[1]], caption="One")],
    ids=["picture", "table"],
)
def test_live_offers_the_widget_to_a_kernel_and_the_picture_to_the_book(in_book):
    slider = ipywidgets.IntSlider()
    bundle = Live(slider, in_book=in_book)._repr_mimebundle_()
    view = bundle["application/vnd.jupyter.widget-view+json"]
    assert view["model_id"] == slider.model_id
    assert bundle["text/html"] == in_book._repr_html_()


def test_a_widget_of_the_book_may_stand_in():
    widget = Convolve1D()
    bundle = Live(ipywidgets.IntSlider(), in_book=widget)._repr_mimebundle_()
    assert 'data-widget="Convolve1D"' in bundle["text/html"]


def test_the_page_about_live_notebooks_shows_pictures_and_no_widget_in_their_place():
    """A living widget would do nothing of what the text above it promises."""
    page = (ROOT / "chapters" / "live-notebook.md").read_text("utf-8")
    shown = re.findall(r"in_book=(\w+)\(", page)
    assert len(shown) == page.count("in_book=") - 1 >= 5  # the text names it once
    assert set(shown) <= {"Still", "parabola"}
    for names in re.findall(r"Still\(\[(.*?)\]", page):
        for name in re.findall(r'"(\w+)"', names):
            assert name in Widget.registry
            assert (ROOT / "images" / "stills" / f"{name}-dark.webp").exists()


def test_a_still_tells_in_words_what_a_notebook_shows():
    page = Still(["Neuron"], "a < b")._repr_html_()
    assert "Neuron-light.webp" in page
    assert "In a notebook: a &lt; b" in page
    assert "data-widget" not in page
