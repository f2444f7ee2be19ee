"""The addresses of static files: they change when the file does, and only then."""

from types import SimpleNamespace

import pytest

from helpers.book.digests import digest, renew, with_digests

PAGE = """<head>
<link rel="stylesheet" href="../_static/styles/theme.css?digest=55c26ed414f5f8a31ebb" />
<link rel=preload as=script href=../_static/a.js?v=0>
<script defer src="../_static/a.js?v=0"></script>
<script>const text = '<img src="../_static/a.webp">';</script>
<link rel="stylesheet" href="../_static/gone.css?v=1">
<script src="https://elsewhere.example/_static/a.js"></script>
</head><body>
<source srcset="../_static/a.webp" media="dark"><img alt="" src='../_static/a.webp#top'/>
<a href="../_static/a.js">a link</a>
"""


@pytest.fixture
def built(tmp_path):
    (tmp_path / "_static" / "styles").mkdir(parents=True)
    (tmp_path / "chapters").mkdir()
    for name in ("a.js", "styles/theme.css", "a.webp"):
        (tmp_path / "_static" / name).write_text(f"of {name}", "utf-8")
    (tmp_path / "chapters" / "page.html").write_text(PAGE, "utf-8")
    return tmp_path


def renewed(built, name="html"):
    app = SimpleNamespace(outdir=str(built), builder=SimpleNamespace(format=name))
    renew(app, None)
    return (built / "chapters" / "page.html").read_text("utf-8")


def test_every_tag_asks_by_what_the_file_holds(built):
    script, sheet = digest(b"of a.js"), digest(b"of styles/theme.css")
    picture = digest(b"of a.webp")
    wanted = (
        PAGE.replace("?digest=55c26ed414f5f8a31ebb", f"?v={sheet}")
        .replace("a.js?v=0", f"a.js?v={script}")
        .replace('srcset="../_static/a.webp"', f'srcset="../_static/a.webp?v={picture}"')
    )
    assert renewed(built) == wanted
    assert renewed(built) == wanted  # and again, when nothing has changed


def test_a_changed_file_has_another_address(built):
    before = renewed(built)
    (built / "_static" / "a.js").write_text("of another a.js", "utf-8")
    after = renewed(built)
    assert digest(b"of another a.js") in after
    assert after.replace(digest(b"of another a.js"), digest(b"of a.js")) == before


def test_what_is_no_html_and_what_is_no_tag_stay_as_they_are(built):
    assert renewed(built, "latex") == PAGE
    assert with_digests("src=_static/a.js", lambda path: "1") == "src=_static/a.js"
