"""What a kernel shows, and what stands in for it in the book."""

import ipywidgets
import pytest

from helpers import plots
from helpers.tables import Table
from helpers.widgets import Convolve1D
from helpers.widgets.live import Live


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
