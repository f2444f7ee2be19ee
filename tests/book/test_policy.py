"""The policy that a page carries: the hashes of its own scripts, and nothing of another host."""

import base64
import hashlib

import pytest

from helpers.book.policy import policy_of, with_policy

HEAD = '<!DOCTYPE html><html><head>\n    <meta charset="utf-8" />\n    <title>A</title>'


def hash_of(text):
    return f"'sha256-{base64.b64encode(hashlib.sha256(text.encode()).digest()).decode()}'"


def rules(page):
    return dict(rule.strip().split(" ", 1) for rule in policy_of(page).split(";"))


def test_scripts_and_handlers_of_the_page_are_allowed_by_their_hash():
    script = '\n  if (1 < 2 && "</p>") mark("é");\n'
    page = (
        f"{HEAD}<script>{script}</script><script src='a.js'></script>"
        f"<script type='module'>{script}</script><script type='module'>go()</script>"
        '<script type="application/json">{"a": 1}</script>'
        '<button onclick="print(&quot;a&quot;)">print</button></head></html>'
    )
    assert rules(page)["script-src"].split() == [
        "'self'", "file:", "blob:", *sorted([hash_of(script), hash_of("go()")]),
        "'unsafe-hashes'", hash_of('print("a")'),
    ]  # fmt: skip


def test_a_page_without_scripts_allows_none_and_no_other_host():
    found = rules(HEAD)
    assert found["script-src"] == "'self' file: blob:"
    assert found["default-src"] == found["base-uri"] == found["object-src"] == "'none'"
    assert not any("http" in sources or "*" in sources for sources in found.values())


def test_a_page_built_again_has_one_policy_before_its_first_script():
    page = with_policy(with_policy(f"{HEAD}<script>a()</script>").replace("a()", "b()"))
    assert page.count("Content-Security-Policy") == 1
    assert hash_of("b()") in page
    assert hash_of("a()") not in page
    assert page.index("Content-Security-Policy") < page.index("<script")


@pytest.mark.parametrize("page", ["", "<p>a part of a page</p>"])
def test_what_is_no_whole_page_stays_as_it_is(page):
    assert with_policy(page) == page
