"""Markdown with maths becomes HTML that is safe to put on a page and needs no script."""

import re
from xml.etree import ElementTree

import pytest

from helpers.widgets.self_check.prose import mathml, to_html


def test_one_paragraph_stands_in_a_line_and_several_do_not():
    assert to_html("*one* `two`") == "<em>one</em> <code>two</code>"
    assert to_html("one\n\ntwo") == "<p>one</p>\n<p>two</p>"
    assert to_html("one\n\n- two") == "<p>one</p>\n<ul>\n<li>two</li>\n</ul>"


def test_code_keeps_its_signs():
    assert to_html("```python\na < b  # $x$\n```").startswith(
        '<pre><code class="language-python">a &lt; b  # $x$'
    )


def test_maths_becomes_mathml_that_parses():
    inline = to_html(r"$y[n] = \sum_k x[k]\,w[n-k]$")
    root = ElementTree.fromstring(inline)
    assert root.tag.endswith("math") and root.get("display") == "inline"
    assert "".join(root.itertext()) == "y[n]=∑kx[k]w[n−k]"
    assert 'display="block"' in to_html("$$x$$")
    assert 'display="block"' in to_html("so $$x$$ it is")


@pytest.mark.parametrize(
    ("tex", "signs"),
    [
        ("(1, -1, 2)", ["prefix"]),
        ("= -1", ["prefix"]),
        (r"2 \cdot +1", ["prefix"]),
        ("2 - 1", [None]),
        ("f(x) + 1", [None]),
        ("x[k] - 1", [None]),
        (r"\lfloor a \rfloor + 1", [None]),
        ("a - (-b)", [None, "prefix"]),
    ],
)
def test_a_minus_is_a_sign_only_where_nothing_stands_before_it(tex, signs):
    operators = re.findall(r"<mo([^>]*)>(?:&#x02212;|&#x0002B;)</mo>", mathml(tex))
    assert [("prefix" if "prefix" in sign else None) for sign in operators] == signs


def test_a_formula_keeps_its_full_stop():
    text = re.sub("<math.*?</math>", "FORMULA", to_html("so $x$. Is $y$ it?"))
    assert text == 'so <span style="white-space: nowrap">FORMULA.</span> Is FORMULA it?'
    assert "<span" not in to_html("so $x$ is $y$")


def test_maths_can_stay_as_it_was_written():
    assert to_html(r"$\frac12 < 1$ *so*", typeset=False) == r"$\frac12 &lt; 1$ <em>so</em>"


@pytest.mark.parametrize(
    ("tex", "words"),
    [
        (r"\frac{1", "braces of the formula"),
        ("a}b{", "braces of the formula"),
        (r"\flor x", r"unknown command, \flor"),
        ("x^", "cannot be read"),
        (r"\left( x", "cannot be read"),
        (r"\text{<img src=x onerror=alert(1)>}", "stray < or &"),
        (r"\text{<b>x</b>}", "stray < or &"),
        (r"\href{javascript:alert(1)}{x}", "sets href"),
        (r"\style{background:url(http://a.b/c)}{x}", "sets style"),
        (r"\class{evil}{x}", "sets class"),
    ],
)
def test_maths_that_cannot_be_read_is_refused(tex, words):
    with pytest.raises(ValueError, match=re.escape(words)) as refusal:
        to_html(f"see ${tex}$")
    assert f"${tex}$" in str(refusal.value)


def test_escaped_braces_need_no_partner():
    assert "&#x0007B;" in mathml(r"\{ x")


def test_raw_html_is_shown_and_pictures_and_scripts_are_not_loaded():
    text = to_html("<img src=x onerror=y> ![p](http://a.b/c.png) [q](javascript:alert(1))")
    assert "<img" not in text
    assert 'href="javascript' not in text
