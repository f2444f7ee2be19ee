"""The book behind a CDN: what may be kept for ever changes its address, and all works under it."""

import http.server
import re
import threading
from urllib.parse import urlsplit

import pytest
from scripts_of_the_book import load_script
from test_headers import FOREVER, rules_of

from helpers.book.digests import digest

headers = load_script("headers", "deploy")
TAG = re.compile(r"""<(?:script|link|img|source)\b[^>]*?\s(?:src|href|srcset)=["']?([^"'\s>]+)""")


def asked_for(page):
    """Return the addresses of files that a page's tags name, as they stand there."""
    found = set(TAG.findall(page))
    return {a for a in found if not re.match(r"\w+:", a) and not a.endswith(".html")}


def test_what_may_be_kept_for_ever_is_asked_for_by_what_it_holds(book):
    forever, shortly = set(), set()
    for file in book.rglob("*.html"):
        if "_static" in file.relative_to(book).parts:
            continue  # a template of the theme, and no page
        for address in asked_for(file.read_text("utf-8")):
            parts = urlsplit(address)
            target = (file.parent / parts.path).resolve()
            if not target.is_file():
                continue  # a link to another page
            name = target.relative_to(book.resolve()).as_posix()
            if headers.cache_of(f"/{name}", parts.query) == FOREVER:
                assert parts.query == f"v={digest(target.read_bytes())}", f"{file.name}: {address}"
                forever.add(name)
            else:
                shortly.add(name)
    assert len(forever) > 20
    assert shortly == set()  # what scripts fetch by its name, or a style sheet, is no tag


@pytest.fixture
def behind(book):
    """The address of the book on a server that reads `_headers`, and what it was asked for."""
    rules = rules_of(headers.netlify(book))
    asked = []

    class Server(http.server.SimpleHTTPRequestHandler):
        def __init__(self, *args):
            super().__init__(*args, directory=str(book))

        def do_GET(self):
            asked.append(self.path)
            super().do_GET()

        def end_headers(self):
            for name, value in rules.get(urlsplit(self.path).path, {}).items():
                self.send_header(name, value)
            super().end_headers()

        def log_message(self, *args):
            pass

    server = http.server.ThreadingHTTPServer(("127.0.0.1", 0), Server)
    threading.Thread(target=server.serve_forever, daemon=True).start()
    yield f"http://127.0.0.1:{server.server_port}", asked
    server.shutdown()


def test_under_these_headers_pages_live_and_are_kept(visit, behind, book):
    site, asked = behind
    page = visit(f"{site}/chapters/01-convolution-1d.html")
    widget = page.locator(".cv-widget").first
    widget.scroll_into_view_if_needed()
    widget.and_(page.locator("[data-ready]")).wait_for()
    answer = page.request.get(page.url)
    text = (book / "chapters" / "01-convolution-1d.html").read_text("utf-8")
    assert answer.headers["content-security-policy"] == headers.policy_in(text)
    assert "script-src 'self'" in headers.policy_in(text)
    assert answer.headers["cache-control"] == "no-cache"
    assert answer.headers["x-content-type-options"] == "nosniff"
    asked.clear()
    page.goto(f"{site}/chapters/02-padding-stride-size.html")
    page.locator(".cv-widget").first.scroll_into_view_if_needed()
    page.locator(".cv-widget[data-ready]").first.wait_for()
    kept = {"/_static/book-page.js", "/_static/book.css", "/_static/katex/katex.min.css"}
    assert not kept & {urlsplit(path).path for path in asked}
    assert "/chapters/02-padding-stride-size.html" in asked
