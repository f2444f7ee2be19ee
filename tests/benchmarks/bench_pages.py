"""Print what each built page weighs, how soon its first widget is alive, and how long a step takes.

Weights are of all files that a page asks for, compressed with gzip as servers do, fonts and
pictures as they are. Times are medians of several loads in one run of the browser, from a local
server and from the disk. A weight above the budget is marked.

In brackets stands what the same page takes as it was, measured in turn with it: with a rule that
looks into sections, the theme's script as it comes, and no `helpers.book.arrival`. The time of the
main thread is the processor's, up to the first widget; other work on the computer changes it less.
"""

import functools
import gzip
import http.server
import io
import json
import os
import re
import shutil
import statistics
import threading
from pathlib import Path
from urllib.parse import urlparse

import pydata_sphinx_theme
from playwright.sync_api import sync_playwright

from helpers.book import arrival, page_style, theme, widget_script, widget_style

ROOT = Path(__file__).parents[2]
HTML = ROOT / "_build" / "html"
LOADS = 7
TRACED = 5
BUDGET_KB = 450
TEXTS = {".html", ".js", ".css", ".svg", ".json"}


@functools.cache
def weight(path):
    """Return the kilobytes that a server with gzip sends for a file."""
    content = path.read_bytes()
    return len(gzip.compress(content, 6) if path.suffix in TEXTS else content) / 1000


# What is marked when the first widget is alive.
NOTE = """new MutationObserver((_, watch) => {
    if (!document.querySelector('[data-ready]')) return;
    globalThis.firstReady ??= performance.mark('first widget').startTime;
    watch.disconnect();
}).observe(document, { subtree: true, childList: true, attributes: true });"""
THEMES_OWN = Path(pydata_sphinx_theme.__file__).parent / "theme" / "pydata_sphinx_theme" / "static"


@functools.cache
def former(path):
    """Return what a file held, or None where it holds the same."""
    if path.name == theme.SCRIPT.name:
        return (THEMES_OWN / "scripts" / path.name).read_bytes()
    text = path.read_text("utf-8") if path.suffix in {".html", ".css"} else ""
    if path.name == "book.css":
        text += ".bd-article section:has(> .book-card) > :not(.book-card) { margin-bottom: 0; }"
    elif path.suffix == ".html":
        assert theme.SETTLED in text
        text = text.replace(theme.SETTLED, 'document.documentElement.dataset.theme = "auto";')
        text = text.replace(arrival.SCRIPT, "")
        text = re.sub('<meta http-equiv="Content-Security-Policy"[^>]*>', "", text)  # hashes
    else:
        return None
    return text.encode()


class AsItIs(http.server.SimpleHTTPRequestHandler):
    """Serves the book."""

    def log_message(self, *args):
        pass


class AsItWas(AsItIs):
    """Serves the book as it opened before it was made to open sooner."""

    def send_head(self):
        path = Path(self.translate_path(self.path))
        content = former(path) if path.is_file() else None
        if content is None:
            return super().send_head()
        self.send_response(200)
        self.send_header("Content-Type", self.guess_type(str(path)))
        self.send_header("Content-Length", str(len(content)))
        self.end_headers()
        return io.BytesIO(content)


def serve(kind):
    """Serve the book on a free port and return its address."""
    handler = functools.partial(kind, directory=str(HTML))
    server = http.server.ThreadingHTTPServer(("127.0.0.1", 0), handler)
    threading.Thread(target=server.serve_forever, daemon=True).start()
    return f"http://127.0.0.1:{server.server_port}"


def measure(browser, address, page_path, loads=LOADS):
    """Return kilobytes, ms from start of navigation to the first widget, ms per step."""
    files = {}
    ready = []
    steps = []
    for _ in range(loads):
        page = browser.new_page(viewport={"width": 1280, "height": 900})
        page.add_init_script(NOTE)

        def note(request):
            path = HTML / urlparse(request.url).path.lstrip("/")
            if path.is_file():
                files[path] = weight(path)

        page.on("request", note)
        page.goto(f"{address}/{page_path}", wait_until="load")
        if page.locator(".cv-widget").count():
            first = page.locator(".cv-widget").first
            first.scroll_into_view_if_needed()
            page.wait_for_function("() => globalThis.firstReady")
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


def main_thread(browser, address):
    """Return the ms that a page's main thread works until the first widget is alive."""
    page = browser.new_page(viewport={"width": 1280, "height": 900})
    page.add_init_script(NOTE)
    browser.start_tracing(page=page, categories=["toplevel", "blink.user_timing"])
    page.goto(address)
    page.locator(".cv-widget").first.scroll_into_view_if_needed()
    page.wait_for_function("() => globalThis.firstReady")
    events = json.loads(browser.stop_tracing())["traceEvents"]
    page.close()
    (mark,) = (event for event in events if event["name"] == "first widget")
    where = ("pid", "tid")
    return sum(
        event.get("tdur", 0) / 1000
        for event in events
        if event["name"] == "ThreadControllerImpl::RunTask" and event["ts"] < mark["ts"]
        and all(event[key] == mark[key] for key in where)
    )  # fmt: skip


def compare(browser, now, before, page_path):
    """Return ms to the first widget, now and before, and those of the main thread, likewise."""
    waits, works = ([], []), ([], [])
    for load in range(LOADS):
        for which, address in enumerate([now, before]):
            waits[which].extend(measure(browser, address, page_path, loads=1)[1])
            if load < TRACED and waits[which]:
                works[which].append(main_thread(browser, f"{address}/{page_path}"))
    return [middle(values) for values in (*waits, *works)]


def middle(values):
    """Return the median, or NaN of nothing."""
    return statistics.median(values) if values else float("nan")


def main():
    """Print one row a page, and the weight of all widgets together."""
    address, before = serve(AsItIs), serve(AsItWas)
    named = os.environ.get("CHROMIUM") or shutil.which("chromium") or shutil.which("google-chrome")
    print(
        f"{'page':34} {'kB gzip':>9} {'first widget: ms':>17} {'main thread: ms':>17}"
        f" {'from disk':>10} {'ms a step':>10}   heaviest files"
    )
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=named, args=["--no-sandbox"])
        for path in sorted(HTML.glob("index.html")) + sorted(HTML.glob("chapters/*.html")):
            page_path = path.relative_to(HTML).as_posix()
            files, _, steps = measure(browser, address, page_path, loads=1)
            wait, former_wait, work, former_work = compare(browser, address, before, page_path)
            _, from_disk, _ = measure(browser, HTML.as_uri(), page_path)
            total = sum(files.values())
            heavy = sorted(files.items(), key=lambda item: -item[1])[:4]
            print(
                f"{page_path:34} {total:8.0f}{'!' if total > BUDGET_KB else ' '} "
                f"{wait:8.0f} ({former_wait:6.0f}) {work:8.0f} ({former_work:6.0f}) "
                f"{middle(from_disk):10.0f} {middle(steps):10.2f}   "
                + ", ".join(f"{file.name} {size:.0f}" for file, size in heavy)
            )
        browser.close()
    all_widgets = len(gzip.compress(widget_script().encode(), 6)) / 1000
    style = len(gzip.compress((page_style() + widget_style()).encode(), 6)) / 1000
    print(f"all widgets together: {all_widgets:.0f} + {style:.0f} kB gzip")


if __name__ == "__main__":
    main()
