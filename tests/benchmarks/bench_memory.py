"""Print what a page holds, minute by minute, while its widget trains at full speed.

    python tests/benchmarks/bench_memory.py [--minutes 10] [NAME ...]

Each widget trains on a page of its own, by the clock on the wall, for a minute unless told; a
training that has come to its end is put back to its beginning and started again. Megabytes of
script are counted after a garbage collection; a row that keeps growing is a leak.
"""

import argparse
import os
import shutil
import tempfile
import time
from pathlib import Path

from playwright.sync_api import sync_playwright

from helpers.book import page_style, resource_file, resource_script, widget_script, widget_style
from helpers.widgets.base import Widget

TRAINING = {
    "NetworkPlayground": {},
    "FilterTrainer": {"epochs": 5000},
    "BrowserCNN": {"epochs": 100},
    "Regularization": {},
}
# Whatever is at rest is started; what rests because it has ended begins anew.
GO_ON = """() => {
    const bar = document.querySelector(".cv-play");
    const play = bar.querySelector(".cv-primary");
    globalThis.shown = globalThis.shown ?? "";
    const now = document.querySelector(".cv-say, .cv-formula").textContent;
    if (now === shown) {
        bar.querySelector("button:not(.cv-primary)").click();
        play.click();
    }
    shown = now;
}"""


def write_page(folder, name):
    """Write a page that holds one widget; return its address."""
    widget = Widget.registry[name](**TRAINING[name])
    (folder / "widgets.js").write_text(widget_script(), "utf-8")
    (folder / "widgets.css").write_text(page_style() + widget_style(), "utf-8")
    for need in widget.resources:
        (folder / resource_file(need)).write_text(resource_script(need), "utf-8")
    page = folder / f"{name}.html"
    page.write_text(
        '<!doctype html><meta charset="utf-8"><link rel="stylesheet" href="widgets.css">'
        f'<script defer src="widgets.js"></script><main>{widget._static_form()}</main>',
        "utf-8",
    )
    return page.as_uri()


def main():
    """Print one row for each widget and minute."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("names", nargs="*", default=list(TRAINING), metavar="NAME")
    parser.add_argument("--minutes", type=float, default=1)
    options = parser.parse_args()
    browser_path = os.environ.get("CHROMIUM") or shutil.which("chromium")
    print(f"{'widget':20} {'minute':>7} {'MB script':>10} {'nodes':>7} {'listeners':>10}")
    with sync_playwright() as playwright, tempfile.TemporaryDirectory() as work:
        browser = playwright.chromium.launch(executable_path=browser_path, args=["--no-sandbox"])
        for name in options.names:
            page = browser.new_page()
            page.goto(write_page(Path(work), name))
            page.locator("[data-ready] .cv-play .cv-primary").click()
            client = page.context.new_cdp_session(page)
            client.send("Performance.enable")
            start = time.monotonic()
            minute = 0
            while (passed := (time.monotonic() - start) / 60) < options.minutes:
                page.wait_for_timeout(min(5, options.minutes * 6) * 1000)
                page.evaluate(GO_ON)
                if passed >= minute:
                    client.send("HeapProfiler.collectGarbage")
                    metrics = client.send("Performance.getMetrics")["metrics"]
                    held = {entry["name"]: entry["value"] for entry in metrics}
                    print(
                        f"{name:20} {passed:7.1f} {held['JSHeapUsedSize'] / 1e6:10.2f} "
                        f"{held['Nodes']:7.0f} {held['JSEventListeners']:10.0f}",
                        flush=True,
                    )
                    minute += options.minutes / 10
            page.close()
        browser.close()


if __name__ == "__main__":
    main()
