"""Prints one table of what the stages of `make test` have found and left in _build/.

    python scripts/report.py [--external]

Stages, with tests, failures and seconds; notebooks, with their seconds and their peak memory as
`tests/benchmarks/bench_notebooks.py --write _build/report/notebooks.json` has measured it, or else
as deploy/figures.json has it; pages, with their weight, and how soon the first widget is alive in
a browser, if CHROMIUM names one. Seconds tell of the machine too: nothing here makes a run fail.
Links to other places are counted. ``--external`` tries them, and tells which do not answer.
"""

import argparse
import gzip
import json
import os
import re
import runpy
import sqlite3
import statistics
import urllib.error
import urllib.request
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from urllib.parse import unquote, urlsplit
from xml.etree import ElementTree

ROOT = Path(__file__).parents[1]
TEXTS = {".html", ".js", ".css", ".svg", ".json"}
NAMED = re.compile(r"""<(?:script|img|link)\b[^>]*?\s(?:src|href)=["']?([^"'\s>]+)""")
# What a page names and does not load when it is opened: pictures further down, its neighbours.
LATER = re.compile(
    r"""<img\b[^>]*\sloading=["']?lazy[^>]*>|<link\b[^>]*\srel=(?!["']?(?:stylesheet|preload|icon))[^>]*>"""
)
LEADS = re.compile(r"""<a\b[^>]*?\shref=["']?(https?://[^"'\s>]+)""")
WATCHED = ["index", "chapters/01-convolution-1d", "chapters/07-gradient-descent"]


def stages(build):
    """Return rows of stage, tests, failures, seconds."""
    rows = []
    for path in sorted((build / "report").glob("*.xml"), key=lambda path: path.stat().st_mtime):
        suites = list(ElementTree.parse(path).getroot().iter("testsuite"))
        total = {
            name: sum(float(suite.get(name, 0)) for suite in suites)
            for name in ("tests", "failures", "errors", "skipped", "time")
        }
        bad = total["failures"] + total["errors"]
        rows.append(
            [
                path.stem,
                *(f"{n:.0f}" for n in (total["tests"], bad, total["skipped"], total["time"])),
            ]
        )
    return rows


def notebooks(build):
    """Return rows of notebook, seconds, peak in MB."""
    kept = ROOT / "deploy" / "figures.json"  # of the class that was measured last
    found = json.loads(kept.read_text("utf-8"))["notebooks"]["found"] if kept.is_file() else {}
    peaks = {name: f"{one['kernel_mib'] * 2**20 / 1e6:.0f}" for name, one in found.items()}
    measured = build / "report" / "notebooks.json"
    if measured.is_file():
        for name, one in json.loads(measured.read_text("utf-8"))["notebooks"].items():
            peaks[Path(name).stem] = f"{one['peak_bytes'] / 1e6:.0f}"
    rows = []
    for path in build.glob(".jupyter_cache-*/global.db"):
        with sqlite3.connect(f"file:{path}?mode=ro", uri=True) as cache:
            kept = cache.execute("SELECT uri, data FROM nbcache").fetchall()
        for uri, data in sorted(kept):
            name = Path(uri).stem
            seconds = json.loads(data or "{}").get("execution_seconds", 0)
            rows.append([name, f"{seconds:.0f}", peaks.get(name, "–")])
    return rows


def weight(path):
    """Return the kilobytes that a server with gzip sends for a file."""
    content = path.read_bytes()
    return len(gzip.compress(content, 6) if path.suffix in TEXTS else content) / 1000


def pages(build):
    """Return rows of page, kB of it and what comes with it at once, links to other places."""
    html, weights, rows = build / "html", {}, []
    for path in [html / "index.html", *sorted(html.glob("chapters/*.html"))]:
        if not path.is_file():
            continue
        text = path.read_text("utf-8")
        files = {path}
        for link in NAMED.findall(LATER.sub("", text)):
            parts = urlsplit(link)
            if not parts.scheme and not link.startswith("//"):
                files.add((path.parent / unquote(parts.path)).resolve())
        for file in files:
            if file.is_file():
                weights.setdefault(file, weight(file))
        total = sum(weights.get(file, 0) for file in files)
        name = path.relative_to(html).with_suffix("").as_posix()
        rows.append([name, f"{total:.0f}", str(len(set(LEADS.findall(text))))])
    return rows


def first_widgets(build):
    """Return rows of page, milliseconds until its first widget is alive; none without a browser."""
    if not os.environ.get("CHROMIUM") or not (build / "html" / "index.html").is_file():
        return []
    from playwright.sync_api import sync_playwright

    bench = runpy.run_path(str(ROOT / "tests" / "benchmarks" / "bench_pages.py"))
    address, rows = bench["serve"](bench["AsItIs"]), []
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(
            executable_path=os.environ["CHROMIUM"], args=["--no-sandbox"]
        )
        for name in WATCHED:
            _, ready, _ = bench["measure"](browser, address, f"{name}.html", loads=3)
            rows.append([name, f"{statistics.median(ready):.0f}" if ready else "–"])
        browser.close()
    return rows


def answers(link, seconds=10):
    """Return why an address does not answer; None if it does, or if it only refuses robots."""
    request = urllib.request.Request(link, headers={"User-Agent": "Mozilla/5.0 (link check)"})
    try:
        urllib.request.urlopen(request, timeout=seconds).close()
    except urllib.error.HTTPError as problem:
        return None if problem.code in {401, 403, 405, 406, 429, 503} else f"{problem.code}"
    except (OSError, ValueError) as problem:
        return str(getattr(problem, "reason", problem))
    return None


def external(build):
    """Return rows of address, what is wrong with it; say so where nothing answers at all."""
    html = build / "html"
    found = {
        link.partition("#")[0]
        for path in [*html.glob("*.html"), *html.glob("chapters/*.html")]
        for link in LEADS.findall(path.read_text("utf-8"))
    }
    with ThreadPoolExecutor(16) as pool:
        told = dict(zip(sorted(found), pool.map(answers, sorted(found)), strict=True))
    lost = [[link, why] for link, why in told.items() if why]
    if found and len(lost) == len(found):
        return [[f"none of {len(found)} addresses", "this machine seems to be offline"]]
    return lost or [[f"all of {len(found)} addresses", "answer"]]


def table(heading, rows):
    """Return lines of a Markdown table, its columns as wide as they need to be."""
    if not rows:
        return []
    lines = [heading, *rows]
    widths = [max(len(line[i]) for line in lines) for i in range(len(heading))]
    cells = [
        [
            line[0].ljust(widths[0]),
            *(cell.rjust(w) for cell, w in zip(line[1:], widths[1:], strict=True)),
        ]
        for line in lines
    ]
    cells.insert(1, ["-" * widths[0], *("-" * (w - 1) + ":" for w in widths[1:])])
    return ["", *("| " + " | ".join(line) + " |" for line in cells)]


def report(build, with_external=False):
    """Return the lines of the report."""
    lines = [
        *table(["stage", "tests", "failed", "skipped", "seconds"], stages(build)),
        *table(["notebook", "seconds", "peak MB"], notebooks(build)),
        *table(["page", "kB gzip", "links out"], pages(build)),
        *table(["page", "ms to first widget"], first_widgets(build)),
        *(table(["link", "answer"], external(build)) if with_external else []),
    ]
    return lines or ["Nothing was built or tested yet: run `make test`."]


if __name__ == "__main__":
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--external", action="store_true", help="try the links to other places")
    print("\n".join(report(ROOT / "_build", parser.parse_args().external)))
