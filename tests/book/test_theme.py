"""What is changed in the theme, tried on the theme that is installed."""

from pathlib import Path

import pydata_sphinx_theme
import pytest
from sphinx.errors import ExtensionError

from helpers.book.theme import SCRIPT, calmed, settled

THEME = Path(pydata_sphinx_theme.__file__).parent / "theme" / "pydata_sphinx_theme"


def test_the_script_measures_all_before_it_changes_one():
    script = (THEME / "static" / "scripts" / SCRIPT.name).read_text("utf-8")
    better = calmed(script)
    assert "forEach(e=>{e.tabIndex=e.scroll" in script
    assert "forEach(e=>{e.tabIndex=e.scroll" not in better
    assert ".map(e=>[e,e.scrollWidth>e.clientWidth" in better
    assert calmed(better) == better
    assert len(better) - len(script) < 100


def test_another_theme_is_refused():
    with pytest.raises(ExtensionError, match="no longer gives tab stops"):
        calmed("document.querySelectorAll('pre')")


def test_the_page_of_the_theme_settles_its_colours():
    layout = (THEME / "layout.html").read_text("utf-8")
    assert settled(layout) != layout
    assert settled(settled(layout)) == settled(layout)
