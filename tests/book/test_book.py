"""What the Sphinx extension derives from the checkout, and what it puts on the pages."""

import json
import re
import shutil
import subprocess
import tomllib

import pydata_sphinx_theme
import pytest
from fontTools.ttLib import TTFont
from nbformat.v4 import new_output

from helpers import book
from helpers.widgets.base import Widget
from helpers.widgets.modules import module_sources


@pytest.fixture
def checkout(tmp_path, monkeypatch):
    """An empty repository in place of the book's, and no word from the environment."""
    subprocess.run(["git", "init", "-q", str(tmp_path)], check=True)
    monkeypatch.setattr(book, "ROOT", tmp_path)
    for name in ["GITHUB_REPOSITORY", "GITHUB_REF_NAME"]:
        monkeypatch.delenv(name, raising=False)
    return tmp_path


@pytest.mark.parametrize(
    ("remote", "address"),
    [
        ("https://github.com/someone/a-fork.git", "https://github.com/someone/a-fork"),
        ("git@github.com:someone/a.fork.git", "https://github.com/someone/a.fork"),
        ("https://github.com/someone/book/", "https://github.com/someone/book"),
        ("/srv/git/book.git", ""),
        ("https://example.org/someone/book.git", ""),
    ],
)
def test_repository_comes_from_the_remote(checkout, remote, address):
    subprocess.run(["git", "-C", str(checkout), "remote", "add", "origin", remote], check=True)
    assert book.repository_address() == address


def test_no_remote_means_no_repository(checkout):
    assert book.repository_address() == ""


def test_the_runner_goes_before_the_remote(checkout, monkeypatch):
    remote = "https://github.com/someone/book"
    subprocess.run(["git", "-C", str(checkout), "remote", "add", "origin", remote], check=True)
    monkeypatch.setenv("GITHUB_REPOSITORY", "other/fork")
    assert book.repository_address() == "https://github.com/other/fork"


def test_branch_comes_from_the_runner(checkout, monkeypatch):
    assert book.branch_name() == "main"
    monkeypatch.setenv("GITHUB_REF_NAME", "lesson-3")
    assert book.branch_name() == "lesson-3"


def test_results_are_keyed_by_helpers_and_lock(checkout):
    (checkout / "helpers").mkdir()
    module = checkout / "helpers" / "a.py"
    module.write_text("one = 1")
    (checkout / "requirements.txt").write_text("numpy==2")
    first = book.execution_key()
    module.write_text("one = 2")
    second = book.execution_key()
    (checkout / "requirements.txt").write_text("numpy==3")
    assert len({first, second, book.execution_key()}) == 3
    (checkout / "helpers" / "picture.css").write_text("b {}")
    assert book.execution_key() == book.execution_key()


def test_the_script_holds_every_widget_and_all_it_imports():
    script = book.widget_script()
    table = json.loads(re.search(r"const WIDGETS = (\{.*\});\n", script)[1])
    assert set(table["modules"]) == set(Widget.registry)
    for module in table["modules"].values():
        assert set(module_sources(module)) <= set(table["sources"])
    assert "@param" in module_sources("convolve1d/widget.mjs")["arithmetic/convolution.mjs"]
    assert "@param" not in script


def test_a_page_gets_only_the_widgets_that_stand_on_it():
    script = book.widget_script(["SelfCheck"])
    table = json.loads(re.search(r"const WIDGETS = (\{.*\});\n", script)[1])
    assert list(table["modules"]) == ["SelfCheck"]
    assert "convolve1d/widget.mjs" not in table["sources"]
    assert "card/address.mjs" in table["sources"]


def test_no_module_imports_what_is_not_there():
    with pytest.raises(FileNotFoundError):
        module_sources("no-such-widget.mjs")


def test_katex_style_belongs_to_its_script():
    book.check_katex(None)


def test_pages_lose_the_icon_script_and_keep_their_punctuation():
    page = '<head><script defer src="_static/scripts/fontawesome.js?v=1"></script></head>'
    assert book.without_icon_script(page) == "<head></head>"
    formula = r'<span class="math">\(x^2\)</span>. And'
    assert book.keep_punctuation(formula) == r'<span class="math">\(x^2\text{.}\)</span> And'


def test_only_icons_in_use_stay(tmp_path):
    """`shrink_icons` on a small copy of the theme."""
    theme = book.Path(pydata_sphinx_theme.__file__).parent / "theme" / "pydata_sphinx_theme"
    shutil.copytree(theme / "static", tmp_path / "_static")
    (tmp_path / "index.html").write_text('<i class="fas fa-rocket">')
    book.shrink_icons(tmp_path)
    assert not (tmp_path / "_static/scripts/fontawesome.js").exists()
    css = (tmp_path / "_static/styles/pydata-sphinx-theme.css").read_text("utf-8")
    assert ".fa-rocket:before" in css
    assert ".fa-poo:before" not in css
    fonts = tmp_path / "_static/vendor/fontawesome/webfonts"
    assert {font.suffix for font in fonts.iterdir()} == {".woff"}
    rocket = 0xF135
    assert rocket in TTFont(fonts / "fa-solid-900.woff").getBestCmap()
    book.shrink_icons(tmp_path)  # as when no page was out of date
    assert (tmp_path / "_static/styles/pydata-sphinx-theme.css").read_text("utf-8") == css


def test_a_line_printed_in_pieces_stays_one_line():
    pieces = ["1472", " of 1472 cases  \n", "\n", "  next\n"]
    outputs = [new_output("stream", name="stdout", text=piece) for piece in pieces]
    outputs.insert(1, new_output("stream", name="stderr", text="a war"))
    outputs.append(new_output("stream", name="stderr", text="ning\n"))
    for _ in range(2):  # the notebook itself stays as it was
        texts = {output.name: output.text for output in book.join_pieces(outputs)}
        assert texts == {"stdout": "1472 of 1472 cases  \n\n  next\n", "stderr": "a warning\n"}


def test_the_lock_holds_every_dependency():
    """A dependency that is not locked would be installed in whatever version is newest."""
    project = tomllib.loads((book.ROOT / "pyproject.toml").read_text("utf-8"))["project"]
    wanted = [*project["dependencies"], *project["optional-dependencies"]["test"]]
    names = {re.match(r"[\w.-]+", requirement)[0].lower() for requirement in wanted}
    lock = (book.ROOT / "requirements.txt").read_text("utf-8")
    assert names <= set(re.findall(r"^([\w.-]+)==", lock, re.M))
