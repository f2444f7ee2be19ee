"""What the pages carry to bring their widgets to life."""

import json
import re

import pytest

from helpers.book.scripts import widget_script
from helpers.widgets.base import Widget
from helpers.widgets.modules import module_sources


def test_the_script_holds_every_widget_and_all_it_imports():
    script = widget_script()
    table = json.loads(re.search(r"const WIDGETS = (\{.*\});\n", script)[1])
    assert set(table["modules"]) == set(Widget.registry)
    for module in table["modules"].values():
        assert set(module_sources(module)) <= set(table["sources"])
    assert "@param" in module_sources("convolve1d/widget.mjs")["arithmetic/convolution.mjs"]
    assert "@param" not in script


def test_a_page_gets_only_the_widgets_that_stand_on_it():
    script = widget_script(["SelfCheck"])
    table = json.loads(re.search(r"const WIDGETS = (\{.*\});\n", script)[1])
    assert list(table["modules"]) == ["SelfCheck"]
    assert "convolve1d/widget.mjs" not in table["sources"]
    assert "card/address.mjs" in table["sources"]


def test_no_module_imports_what_is_not_there():
    with pytest.raises(FileNotFoundError):
        module_sources("no-such-widget.mjs")
