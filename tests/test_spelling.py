"""The spelling check finds what it is for, and leaves code and names alone."""

import runpy
from pathlib import Path

import pytest
from contents import ROOT

check = runpy.run_path(str(ROOT / "scripts" / "check_spelling.py"))
WRONG, FOREIGN = check["read_list"]("dictionary.txt"), check["american"]()


@pytest.mark.parametrize(
    ("name", "text", "found"),
    [
        ("a.md", "Fine.\nTehn recieve the colour.", ["recieve"]),
        ("a.md", "One\ncolor, `color=`, $color$, [x](color.md).", ["color"]),
        ("a.md", "```{code-cell}\ncolor = 1\n```\nThe center.", ["center"]),
        ("a.py", "color = center  # teh", []),
        ("a.py", "# seperate colors", ["seperate"]),
        ("a.mjs", 'say("choose another color for it"); const color = "color";', ["color"]),
        ("a.mjs", 'style("border-color: red; outline-color: blue; width: 3px");', []),
        ("bibliography.md", "On the importance of color.", []),
        ("a.md", "This is normalised behaviour: we practise, and the program runs.", []),
    ],
)
def test_words(name, text, found):
    assert [word for _, word, _ in check["problems"](Path(name), text, WRONG, FOREIGN)] == found


def test_words_stand_where_they_are_said_to():
    text = "```python\na\nb\n```\n\nFine.\nThe color.\n"
    assert [n for n, _, _ in check["problems"](Path("a.md"), text, {}, FOREIGN)] == [7]
