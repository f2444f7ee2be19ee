"""Formulas are rendered by the book's own KaTeX."""

from types import SimpleNamespace

import pytest
from sphinx.errors import ExtensionError

from helpers.book import mathematics


def test_katex_style_belongs_to_its_script():
    mathematics.check_katex(None)


def test_a_style_sheet_of_another_version_is_refused(tmp_path, monkeypatch):
    (tmp_path / "katex.min.css").write_text('.katex-version:after{content:"0.0.1"}')
    monkeypatch.setattr(mathematics, "FOLDER", tmp_path)
    with pytest.raises(ExtensionError, match="katex is not of version"):
        mathematics.check_katex(None)


def test_a_formula_keeps_the_full_stop_that_follows_it():
    formula = r'<span class="math">\(x^2\)</span>. And'
    kept = r'<span class="math">\(x^2\text{.}\)</span> And'
    assert mathematics.keep_punctuation(formula) == kept


@pytest.mark.parametrize(
    ("body", "kept"),
    [('<span class="math notranslate">', ["katex.min.js", "book.js"]), ("<p>2 + 2", ["book.js"])],
)
def test_only_pages_with_formulas_load_what_renders_them(body, kept):
    files = [SimpleNamespace(filename=name) for name in ("katex.min.js", "book.js")]
    context = {"body": body, "script_files": files, "css_files": []}
    mathematics.leave_out_katex(None, "page", "", context, None)
    assert [file.filename for file in context["script_files"]] == kept
