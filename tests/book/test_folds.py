"""Each button that shows code says which."""

import re

from helpers.book.folds import with_names

SUMMARY = (
    '<details class="admonition hide above-input">\n'
    '<summary aria-label="Toggle hidden content">\n'
    '<p class="collapsed admonition-title">show the code</p>\n'
    '<p class="expanded admonition-title">hide the code</p>\n</summary>\n'
)


def cell(code, output):
    return (
        f'<div class="cell tag_hide-input docutils container">\n{SUMMARY}<pre><span></span>{code}'
        f'</pre></details><div class="cell_output">{output}</div></div>\n'
    )


def test_a_button_is_named_after_what_stands_below_it():
    table = '<div class="book-table" role="region" aria-label="Two &amp; three"></div>'
    widget = (
        '<div data-widget="Convolve1D"><script type="application/json">{"title": ""}</script></div>'
    )
    titled = widget.replace('""', '"Which one slides?"')
    body = "".join([
        cell("Table()", table), cell("Table()", table), cell("Convolve1D()", widget),
        cell("Convolve1D()", titled), cell('<span class="n">print</span>(&quot;x&quot;)\n)', "x"),
    ])  # fmt: skip
    named = with_names(f"<p>Before</p>{body}")
    shown = re.findall(r'show the code<span class="visually-hidden">: ([^<]*)</span>', named)
    assert shown == [
        "Two &amp; three",
        "Two &amp; three (2)",
        "Slide one signal over another",
        "Which one slides?",
        'print("x")',
    ]
    assert named.count("hide the code<span") == len(shown)
    assert 'aria-label="Toggle' not in named  # which would hide these words
    plain = re.sub(r'<span class="visually-hidden">[^<]*</span>', "", named)
    assert plain.replace("<summary>", "").replace("\n", "") == f"<p>Before</p>{body}".replace(
        '<summary aria-label="Toggle hidden content">', ""
    ).replace("\n", "")
