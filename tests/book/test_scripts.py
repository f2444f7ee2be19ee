"""What the pages carry to bring their widgets to life."""

import json
import re

import pytest

from helpers.book.scripts import add_widgets, resource_file, widget_script, without_comments
from helpers.widgets import modules
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


def test_modules_are_found_where_folders_are_reached_by_links(tmp_path, monkeypatch):
    for child in modules.FOLDER.iterdir():
        (tmp_path / child.name).symlink_to(child)
    monkeypatch.setattr(modules, "FOLDER", tmp_path)
    for kind in Widget.registry.values():
        entry = f"{kind.module}/widget.mjs"
        assert module_sources.__wrapped__(entry) == module_sources(entry)


class App:
    """As much of a Sphinx application as a page's scripts need."""

    def __init__(self, folder):
        self.outdir = folder
        self.loaded = []
        (folder / "_static").mkdir()

    def add_js_file(self, name, loading_method):
        self.loaded.append(name)

    def add_css_file(self, name):
        self.loaded.append(name)


def test_large_data_lie_beside_a_page_that_may_ask_and_are_not_loaded(tmp_path):
    app = App(tmp_path)
    static = tmp_path / "_static"
    add_widgets(app, "page", "", {"body": '<div data-widget="Convolve1D">'}, None)
    assert not list(static.glob("book-resource-*"))
    add_widgets(app, "page", "", {"body": '<div data-widget="BrowserCNN">'}, None)
    assert [path.name for path in static.glob("book-resource-*")] == [resource_file("digits")]
    assert not any("resource" in name for name in app.loaded)
    script = next(path for path in static.glob("*.js") if "BrowserCNN" in path.read_text("utf-8"))
    assert resource_file("digits") in script.read_text("utf-8")


def test_a_type_at_the_beginning_of_a_line_takes_no_code_with_it():
    code = "/** @type {Element} */ (one).focus();\n/** What follows. */\ntwo();\n"
    assert without_comments(code) == "/** @type {Element} */ (one).focus();\ntwo();\n"
