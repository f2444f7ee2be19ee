"""The headers of the book in front of a CDN: one truth, said in the languages of three servers.

nginx and Caddy are asked themselves where they are installed.
"""

import contextlib
import os
import shutil
import socket
import subprocess
import time
import urllib.error
import urllib.request

import pytest
from scripts_of_the_book import load_script

POLICY = "default-src 'none'; script-src 'self' 'sha256-YWJj'"
PAGE = f'<meta charset=utf-8><meta http-equiv="Content-Security-Policy" content="{POLICY}"><body>'
FOREVER = "public, max-age=31536000, immutable"
SHORTLY = "public, max-age=600, must-revalidate"

# What an address is answered with: how long it may be kept, and whether it has a policy.
ADDRESSES = {
    "/": ("no-cache", POLICY),
    "/index.html": ("no-cache", POLICY),
    "/index.html?v=0123456789": ("no-cache", POLICY),
    "/chapters/a.html": ("no-cache", POLICY),
    "/plain.html": ("no-cache", None),
    "/_static/book-widgets-28d0b819.js": (FOREVER, None),
    "/_static/book-widgets-28d0b819.js?v=f4bbadbf": (FOREVER, None),
    "/_static/book.css?v=a82f35d9": (FOREVER, None),
    "/_static/book.css?digest=55c26ed414f5f8a31ebb": (FOREVER, None),
    "/_static/book.css?v=3": (SHORTLY, None),
    "/_static/book.css?q=a82f35d9": (SHORTLY, None),
    "/_static/book.css": (SHORTLY, None),
}


@pytest.fixture(scope="module")
def headers():
    return load_script("headers", "deploy")


@pytest.fixture(scope="module")
def built(tmp_path_factory):
    folder = tmp_path_factory.mktemp("book") / "html"
    for address in ADDRESSES:
        file = folder / (address.split("?")[0].lstrip("/") or "index.html")
        file.parent.mkdir(parents=True, exist_ok=True)
        file.write_text("<p>plain" if file.stem == "plain" else PAGE, "utf-8")
    return folder


@pytest.mark.parametrize("address", ADDRESSES)
def test_an_address_is_kept_as_long_as_its_content_is_the_same(headers, built, address):
    path, _, query = address.partition("?")
    page = headers.addresses(built)[path]
    found = headers.headers_of(path, query, page)
    cache, policy = ADDRESSES[address]
    assert found["Cache-Control"] == cache
    assert found.get("Content-Security-Policy") == policy
    assert found["X-Content-Type-Options"] == "nosniff"


def rules_of(text):
    """Read a file `_headers` as Netlify does: {address: {name: value}}."""
    rules, address = {}, None
    for line in text.splitlines():
        if line.startswith("  "):
            name, value = line.strip().split(": ", 1)
            assert name not in rules[address], "Netlify would join the two by a comma"
            rules[address][name] = value
        else:
            address = line
            assert address not in rules
            rules[address] = {}
    return rules


def test_netlify_is_told_the_same(headers, built):
    (built / "_headers").write_text("of a former time", "utf-8")
    rules = rules_of(headers.netlify(built))
    (built / "_headers").unlink()
    assert set(rules) == {address for address in ADDRESSES if "?" not in address}
    for address, found in rules.items():
        assert found == headers.headers_of(address, "", headers.addresses(built)[address])


@contextlib.contextmanager
def running(command, port, cwd):
    """A server that stops at the end, once it answers."""
    with (cwd / "log").open("w") as log:
        server = subprocess.Popen(command, cwd=cwd, stdout=log, stderr=log)
    try:
        for _ in range(100):
            with contextlib.suppress(OSError), socket.create_connection(("127.0.0.1", port)):
                break
            assert server.poll() is None, (cwd / "log").read_text()
            time.sleep(0.1)
        yield f"http://127.0.0.1:{port}"
    finally:
        server.terminate()
        server.wait(20)


@pytest.mark.parametrize("name", ["nginx", "caddy"])
def test_the_server_itself_answers_so(headers, built, tmp_path, name):
    program = shutil.which(name) or shutil.which(name, path="/usr/sbin")
    if not program:
        pytest.skip(f"{name} is not installed, so its file is only written and not asked")
    with socket.socket() as taken:
        taken.bind(("127.0.0.1", 0))
        port = taken.getsockname()[1]
    text = headers.LANGUAGES[name](built)
    text = text.replace("127.0.0.1:8080", f"127.0.0.1:{port}").replace("/srv/book", str(built))
    if name == "nginx":
        user = "user root; " if os.geteuid() == 0 else ""
        text = f"{user}pid {tmp_path}/pid; events {{}} http {{ access_log off;\n{text}}}"
        command = [program, "-c", "conf", "-p", tmp_path, "-g", "daemon off; error_log stderr;"]
    else:
        text = f"{{\n  admin off\n  auto_https off\n}}\n{text}"
        command = [program, "run", "--config", "conf", "--adapter", "caddyfile"]
    (tmp_path / "conf").write_text(text, "utf-8")
    with running(command, port, tmp_path) as site:
        for address, (cache, policy) in ADDRESSES.items():
            request = urllib.request.Request(site + address.replace("/index.html", "/"))
            with urllib.request.urlopen(request, timeout=20) as answer:
                assert answer.headers.get_all("Cache-Control") == [cache], address
                assert answer.headers.get("Content-Security-Policy") == policy, address
                assert answer.headers["X-Content-Type-Options"] == "nosniff"
        with pytest.raises(urllib.error.HTTPError) as missing:
            urllib.request.urlopen(f"{site}/_static/gone-28d0b819.js", timeout=20)
        assert missing.value.code == 404
        assert "immutable" not in (missing.value.headers["Cache-Control"] or "")
