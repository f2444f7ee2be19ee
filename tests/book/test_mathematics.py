"""Formulas are rendered by the book's own KaTeX."""

import re
from types import SimpleNamespace
from xml.etree import ElementTree

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


def test_formulas_are_set_where_a_browser_would_set_them():
    source = (
        '<head><script src="../_static/katex.min.js?v=1"></script><title>\\(t\\)</title></head>'
        '<body class="a">'
        r'<p title="\(x\)"><span class="math">\(a &lt; b\)</span> <code>\(c\)</code>'
        r'</p><div class="math">\[\frac{1}{2}\]</div><script>"\(s\)"</script>'
    )
    with mathematics.formula_setter() as set_formulas:
        page = set_formulas(source)
        assert set_formulas(page) == page
    assert "katex.min.js" not in page
    for left in [r'title="\(x\)"', r"<code>\(c\)</code>", r'"\(s\)"', r"<title>\(t\)</title>"]:
        assert left in page
    assert page.count('class="katex"') == 2
    assert page.count('class="katex-display"') == 1
    assert '<span class="math"><span><span class="katex">' in page
    assert '<annotation encoding="application/x-tex">a &lt; b</annotation>' in page


ROOM = {"msub": 2, "msup": 2, "munder": 2, "mover": 2, "mfrac": 2, "mroot": 2, "msubsup": 3}


@pytest.mark.parametrize(
    "tex", [r"2/\lambda_{\max}", r"a^{\log}", r"\sigma_{\min}^{\max}", r"\frac{\sin}{\max_k z_k}"]
)
def test_a_function_takes_no_more_room_in_a_formula_than_there_is(tex):
    with mathematics.formula_setter() as set_formulas:
        page = set_formulas(rf"<body>\({tex}\)")
    root = ElementTree.fromstring(re.search(r"<math\b.*?</math>", page, re.S)[0])
    found = [(part.tag.rsplit("}")[-1], len(part)) for part in root.iter()]
    narrow = [(tag, count) for tag, count in found if tag in ROOM]
    assert narrow
    assert narrow == [(tag, ROOM[tag]) for tag, _ in narrow]


def test_a_formula_that_katex_cannot_read_stops_the_build():
    with (
        mathematics.formula_setter() as set_formulas,
        pytest.raises(ExtensionError, match=r"KaTeX cannot read .*\\frac"),
    ):
        set_formulas(r"<body>\(\frac{1}\)")


def test_without_an_engine_a_page_keeps_the_scripts_that_set_its_formulas(monkeypatch):
    monkeypatch.setattr(mathematics, "MiniRacer", None)
    page = r'<script src="_static/katex.min.js"></script><body>\(x\)'
    with mathematics.formula_setter() as set_formulas:
        assert set_formulas(page) == page
