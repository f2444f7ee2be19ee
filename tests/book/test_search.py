"""What the search knows of a page, before any browser looks."""

import json

from docutils import nodes

from helpers.book import search
from helpers.widgets import ImageFilter, SelfCheck, choice, right, wrong


def section(anchor, title, *children):
    return nodes.section("", nodes.title("", title), *children, ids=[anchor, f"other-{anchor}"])


def output(widget):
    data, _ = widget._repr_mimebundle_()
    forms = [
        nodes.container("", nodes.raw("", data[kind], format="html"), mime_type=kind)
        for kind in ["text/plain", "text/html"]
    ]
    return nodes.container("", *forms, nb_element="mime_bundle")


def entries(*sections):
    return [
        found.entry() for found in search.sections_of(nodes.document(None, None, "", *sections))
    ]


def test_a_section_is_kept_with_its_words_and_without_its_formulas():
    bold = nodes.paragraph("", "", nodes.strong("", "stri\N{SOFT HYPHEN}de"), nodes.Text(" is "))
    bold += [nodes.math("", r"\alpha"), nodes.Text(" or "), nodes.math("", "2n")]
    inner = section("inner", "Inside", nodes.paragraph("", "deeper"))
    code = nodes.literal_block("", "x = stride")
    table = nodes.raw(
        "", "<table><td>wide &amp; high</td></table><style>p {}</style>", format="html"
    )
    [outer, inside] = entries(
        section("outer", "A title", bold, nodes.math_block("", "x"), code, inner, table)
    )
    assert outer == [
        "outer",
        "A title",
        "stride is … or 2n ¶ wide & high",
        "stride",
        "x = stride",
        [],
    ]
    assert inside == ["inner", "Inside", "deeper", "", "", []]


def test_a_widget_is_known_by_its_heading_and_a_self_check_by_its_questions():
    check = SelfCheck(
        [choice("What is a stride?", [right("a step", "Yes."), wrong("a cell", "No.")])]
    )
    named = output(ImageFilter(title="Sharpen it"))
    [found] = entries(section("a", "A", output(ImageFilter()), named, output(check)))
    assert found[5] == [
        ["ImageFilter", "Put a kernel over a photograph"],
        ["ImageFilter", "Sharpen it"],
    ]
    assert "What is a stride?" in found[2]
    assert "data-widget" not in json.dumps(found)


def test_the_words_of_a_widget_are_those_that_it_says():
    words = search.widget_words("ImageFilter")
    for said in [
        "stop the webcam",
        "flipped (convolution)",
        "only where it fits",
        "nothing is clipped",
    ]:
        assert said in words
    for code in ["imf-", "cv-", "=>", ".mjs", "import ", "@param"]:
        assert code not in words
    # The webcam's button stands in a module that some widgets share.
    assert "webcam" not in search.widget_words("SoftmaxCrossEntropy")


def test_the_script_cannot_end_before_its_end():
    known = {"pages": [], "widgets": {"A": "</script> \u2028"}}
    script = search.search_script(known)
    assert "</script" not in script
    assert "export" not in script
    assert script.rstrip().endswith("})();")
