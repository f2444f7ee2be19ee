"""Minified scripts say what the sources say: every template literal, and every other word."""

from pathlib import Path

import pytest

from helpers import minify
from helpers.minify import minified

SCRIPTS = sorted(
    path for path in (Path(minify.__file__).parent).rglob("*.*js") if path.suffix in {".js", ".mjs"}
)


def literals(source):
    places = []
    assert minify._end_of_code(source, 0, places) == len(source), "a brace or a quote is left open"
    return [source[start:end] for start, end in places]


@pytest.mark.parametrize("script", SCRIPTS, ids=lambda path: path.name)
def test_texts_survive(script):
    source = script.read_text("utf-8")
    short = minified(source)
    assert literals(short) == literals(source)
    assert len(short) < len(source)
    assert "@param" not in short


@pytest.mark.parametrize(
    ("source", "short"),
    [
        ("/** What it does. */\nf( 1 ); // why\n", "f(1);"),
        ("a = `x ${b ? `, y ${c} .` : ''} z`", "a=`x ${b ? `, y ${c} .` : ''} z`"),
        ("a = `x ${{ b: 1 }.b} // y`; // z", "a=`x ${{ b: 1 }.b} // y`;"),
        (r"a = `\` ${b}`; c = '` d'", r"a=`\` ${b}`;c='` d'"),
        ("s.replace(/[`'/]/g, ' , '); // `", "s.replace(/[`'/]/g,' , ');"),
        ("x = a / b; y = ` / `", "x=a/b;y=` / `"),
        ("return /'/.test(s)", "return/'/.test(s)"),
        ("a = 'http://b'; // c", "a='http://b';"),
    ],
)
def test_by_hand(source, short):
    assert minified(source) == short
