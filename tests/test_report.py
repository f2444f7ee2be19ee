"""The report at the end of `make test`: figures that the stages left, and no threshold."""

import functools
import http.server
import json
import runpy
import sqlite3
import threading

import pytest
from contents import ROOT

report = runpy.run_path(str(ROOT / "scripts" / "report.py"))["report"]


@pytest.fixture
def build(tmp_path, monkeypatch):
    monkeypatch.delenv("CHROMIUM", raising=False)
    for folder in ("report", "html/chapters", "html/_static", ".jupyter_cache-0"):
        (tmp_path / folder).mkdir(parents=True)
    return tmp_path


def rows(lines):
    return [[cell.strip() for cell in line.strip("| ").split("|")] for line in lines if line]


def test_stages_notebooks_and_pages(build):
    counts = 'tests="7" failures="1" errors="1" skipped="2" time="3.4"'
    junit = f"<testsuites><testsuite {counts}/></testsuites>"
    (build / "report" / "unit.xml").write_text(junit, "utf-8")
    peaks = {"notebooks": {"chapters/01-a.ipynb": {"peak_bytes": 250_000_000}}}
    (build / "report" / "notebooks.json").write_text(json.dumps(peaks), "utf-8")
    with sqlite3.connect(build / ".jupyter_cache-0" / "global.db") as cache:
        cache.execute("CREATE TABLE nbcache (uri, data)")
        for name, seconds in (("01-a", 12.3), ("02-b", 4.5), ("06-neurons", 6)):
            data = json.dumps({"execution_seconds": seconds})
            cache.execute("INSERT INTO nbcache VALUES (?, ?)", (f"/x/chapters/{name}.md", data))
    (build / "html/_static/a.js").write_bytes(b"")
    (build / "html/_static/a.png").write_bytes(bytes(5_000))
    page = (
        '<a href="https://example.org/">x</a><a class=y href=https://example.org/b>x</a>'
        '<script defer src="../_static/a.js?digest=1"></script><img alt="" src="../_static/a.png">'
    )
    (build / "html/chapters/01-a.html").write_text(page, "utf-8")
    found = rows(report(build))
    assert ["unit", "7", "2", "2", "3"] in found
    assert ["01-a", "12", "250"] in found
    assert ["02-b", "4", "–"] in found
    (_, _, measured), *_ = [row for row in found if row[0] == "06-neurons"]
    assert 200 < int(measured) < 2_000  # kept from a class
    assert ["chapters/01-a", "5", "2"] in found


def test_links_to_other_places_are_tried_and_told(build):
    (build / "there.html").write_text("", "utf-8")
    handler = functools.partial(http.server.SimpleHTTPRequestHandler, directory=str(build))
    server = http.server.ThreadingHTTPServer(("127.0.0.1", 0), handler)
    threading.Thread(target=server.serve_forever, daemon=True).start()
    address = f"http://127.0.0.1:{server.server_port}"
    page = build / "html/index.html"
    page.write_text(
        f'<a href="{address}/there.html#a">a</a><a href="{address}/gone">b</a>', "utf-8"
    )
    assert [f"{address}/gone", "404"] in rows(report(build, True))
    page.write_text(f'<a href="{address}/there.html">a</a>', "utf-8")
    assert ["all of 1 addresses", "answer"] in rows(report(build, True))
    server.shutdown()
    server.server_close()
    assert ["none of 1 addresses", "this machine seems to be offline"] in rows(report(build, True))


def test_nothing_built_is_said(build):
    assert report(build) == ["Nothing was built or tested yet: run `make test`."]
