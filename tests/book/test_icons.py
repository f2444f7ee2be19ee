"""The theme's icons, without the script that draws them all."""

import shutil
from pathlib import Path

import pydata_sphinx_theme
from fontTools.ttLib import TTFont

from helpers.book.icons import shrink_icons, without_icon_script


def test_pages_lose_the_icon_script():
    page = '<head><script defer src="_static/scripts/fontawesome.js?v=1"></script></head>'
    assert without_icon_script(page) == "<head></head>"


def test_only_icons_in_use_stay(tmp_path):
    """`shrink_icons` on a small copy of the theme."""
    theme = Path(pydata_sphinx_theme.__file__).parent / "theme" / "pydata_sphinx_theme"
    shutil.copytree(theme / "static", tmp_path / "_static")
    (tmp_path / "index.html").write_text('<i class="fas fa-rocket">')
    shrink_icons(tmp_path)
    assert not (tmp_path / "_static/scripts/fontawesome.js").exists()
    css = (tmp_path / "_static/styles/pydata-sphinx-theme.css").read_text("utf-8")
    assert ".fa-rocket:before" in css
    assert ".fa-poo:before" not in css
    fonts = tmp_path / "_static/vendor/fontawesome/webfonts"
    assert {font.suffix for font in fonts.iterdir()} == {".woff"}
    rocket = 0xF135
    assert rocket in TTFont(fonts / "fa-solid-900.woff").getBestCmap()
    shrink_icons(tmp_path)  # as when no page was out of date
    assert (tmp_path / "_static/styles/pydata-sphinx-theme.css").read_text("utf-8") == css
