"""Print what each built page weighs, how soon its first widget is alive, and how long a step takes.

Weights are of all files that a page asks for, compressed with gzip as servers do, fonts and
pictures as they are. Times are medians of several loads in one run of the browser, from a local
server and from the disk. A weight above the budget is marked.
"""

import functools
import gzip
import http.server
import os
import shutil
import statistics
import threading
from pathlib import Path
from urllib.parse import urlparse

from playwright.sync_api import sync_playwright

from helpers.book import page_style, widget_script, widget_style

ROOT = Path(__file__).parents[2]
HTML = ROOT / "_build" / "html"
LOADS = 7
BUDGET_KB = 450
TEXTS = {".html", ".js", ".css", ".svg", ".json"}


def weight(path):
    """Return the kilobytes that a server with gzip sends for a file."""
    content = path.read_bytes()
    return len(gzip.compress(content, 6) if path.suffix in TEXTS else content) / 1000


def serve():
    """Serve the book on a free port and return its address."""

    class Quiet(http.server.SimpleHTTPRequestHandler):
        def log_message(self, *args):
            pass

    handler = functools.partial(Quiet, directory=str(HTML))
    server = http.server.ThreadingHTTPServer(("127.0.0.1", 0), handler)
    threading.Thread(target=server.serve_forever, daemon=True).start()
    return f"http://127.0.0.1:{server.server_port}"


def measure(browser, address, page_path):
    """Return kilobytes, ms from start of navigation to the first widget, ms per step."""
    files = {}
    ready = []
    steps = []
    for _ in range(LOADS):
        page = browser.new_page(viewport={"width": 1280, "height": 900})
        page.add_init_script(
            """new MutationObserver((_, watch) => {
                if (document.querySelector('[data-ready]')) {
                    globalThis.firstReady ??= performance.now();
                    watch.disconnect();
                }
            }).observe(document, { subtree: true, childList: true, attributes: true });"""
        )

        def note(request):
            path = HTML / urlparse(request.url).path.lstrip("/")
            if path.is_file():
                files[path] = weight(path)

        page.on("request", note)
        page.goto(f"{address}/{page_path}", wait_until="load")
        if page.locator(".cv-widget").count():
            first = page.locator(".cv-widget").first
            first.scroll_into_view_if_needed()
            page.wait_for_function("globalThis.firstReady")
            ready.append(page.evaluate("firstReady"))
            if page.locator(".cv-play").first.is_visible():
                steps.append(
                    page.evaluate(
                        """async () => {
                            const stage = document.querySelector('.cv-stage');
                            const times = [];
                            for (const key of ['End', ...Array(9).fill('ArrowLeft')]) {
                                const start = performance.now();
                                const press = new KeyboardEvent('keydown', { key, bubbles: true });
                                stage.dispatchEvent(press);
                                await null;
                                stage.offsetWidth;
                                times.push(performance.now() - start);
                            }
                            return times.sort((a, b) => a - b)[5];
                        }"""
                    )
                )
        page.close()
    return files, ready, steps


def middle(values):
    """Return the median, or NaN of nothing."""
    return statistics.median(values) if values else float("nan")


def main():
    """Print one row a page, and the weight of all widgets together."""
    address = serve()
    named = os.environ.get("CHROMIUM") or shutil.which("chromium") or shutil.which("google-chrome")
    print(
        f"{'page':34} {'kB gzip':>9} {'first widget: ms':>17} {'from disk':>10} {'ms a step':>10}"
        "   heaviest files"
    )
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=named, args=["--no-sandbox"])
        for path in sorted(HTML.glob("index.html")) + sorted(HTML.glob("chapters/*.html")):
            page_path = path.relative_to(HTML).as_posix()
            files, ready, steps = measure(browser, address, page_path)
            _, from_disk, _ = measure(browser, HTML.as_uri(), page_path)
            total = sum(files.values())
            heavy = sorted(files.items(), key=lambda item: -item[1])[:4]
            print(
                f"{page_path:34} {total:8.0f}{'!' if total > BUDGET_KB else ' '} "
                f"{middle(ready):17.0f} {middle(from_disk):10.0f} {middle(steps):10.2f}   "
                + ", ".join(f"{file.name} {size:.0f}" for file, size in heavy)
            )
        browser.close()
    all_widgets = len(gzip.compress(widget_script().encode(), 6)) / 1000
    style = len(gzip.compress((page_style() + widget_style()).encode(), 6)) / 1000
    print(f"all widgets together: {all_widgets:.0f} + {style:.0f} kB gzip")


if __name__ == "__main__":
    main()
