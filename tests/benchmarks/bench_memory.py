"""Print what a page holds, minute by minute, while its widget trains at full speed.

    python tests/benchmarks/bench_memory.py [--minutes 10] [--every 30] [NAME ...]

Each widget trains on a page of its own, all side by side, by the clock on the wall, for a minute
unless told; a training that has come to its end is put back to its beginning and started again, and
where a hand draws, strokes come and go. Megabytes of script are counted after a garbage collection;
a row that keeps growing is a leak.
"""

import argparse
import os
import shutil
import tempfile
import time
from pathlib import Path

import numpy as np
from playwright.sync_api import sync_playwright

from helpers.book import page_style, resource_file, resource_script, widget_script, widget_style
from helpers.widgets.base import Widget

TRAINING = {
    "NetworkPlayground": {},
    "FilterTrainer": {"epochs": 5000},
    "BrowserCNN": {"epochs": 100},
    "Regularization": {},
}
DRAWN = {"DrawDigit": {"source": "drawing"}}
STROKES = 3
# Whatever is at rest is started; what rests because it has ended begins anew.
GO_ON = """() => {
    const bar = document.querySelector(".cv-play");
    const play = bar.querySelector(".cv-primary");
    globalThis.shown = globalThis.shown ?? "";
    const now = document.querySelector(".cv-say, .cv-formula").textContent;
    if (now === shown) {
        bar.querySelector("[aria-label^='Back to the start']").click();
        play.click();
    }
    shown = now;
}"""


def write_page(folder, name):
    """Write a page that holds one widget; return its address."""
    widget = Widget.registry[name](**(TRAINING | DRAWN)[name])
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


def scribble(page, rng):
    """Draw a few strokes on the pad, and then take them all away again."""
    box = page.locator("[data-ready] .dd-pad").bounding_box()
    for _ in range(STROKES):
        for number, (row, col) in enumerate(rng.uniform(0.15, 0.85, size=(6, 2))):
            page.mouse.move(box["x"] + col * box["width"], box["y"] + row * box["height"], steps=4)
            if number == 0:
                page.mouse.down()
        page.mouse.up()
    page.get_by_role("button", name="clear").first.click()


def held(client):
    """Return what a page holds after its garbage is collected."""
    for _ in range(2):
        client.send("HeapProfiler.collectGarbage")
    metrics = client.send("Performance.getMetrics")["metrics"]
    found = {entry["name"]: entry["value"] for entry in metrics}
    return [found["JSHeapUsedSize"] / 1e6, found["Nodes"], found["JSEventListeners"]]


def main():
    """Print one row for each widget and each time that it is looked at."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("names", nargs="*", default=[*TRAINING, *DRAWN], metavar="NAME")
    parser.add_argument("--minutes", type=float, default=1)
    parser.add_argument("--every", type=float, default=30, help="seconds between two looks")
    options = parser.parse_args()
    browser_path = os.environ.get("CHROMIUM") or shutil.which("chromium")
    rng = np.random.default_rng(0)
    print(f"{'widget':20} {'minute':>7} {'MB script':>10} {'nodes':>7} {'listeners':>10}")
    with sync_playwright() as playwright, tempfile.TemporaryDirectory() as work:
        browser = playwright.chromium.launch(executable_path=browser_path, args=["--no-sandbox"])
        pages = {}
        for name in options.names:
            page = browser.new_page()
            page.goto(write_page(Path(work), name))
            page.locator("[data-ready] .cv-stage").wait_for(timeout=300_000)
            client = page.context.new_cdp_session(page)
            client.send("Performance.enable")
            pages[name] = (page, client)
        start = time.monotonic()
        looks = 0
        while (passed := time.monotonic() - start) <= 60 * options.minutes:
            for name, (page, client) in pages.items():
                if name in DRAWN:
                    scribble(page, rng)
                else:
                    page.evaluate(GO_ON)
                if passed >= options.every * looks:
                    script, nodes, listeners = held(client)
                    print(
                        f"{name:20} {passed / 60:7.1f} {script:10.2f} "
                        f"{nodes:7.0f} {listeners:10.0f}",
                        flush=True,
                    )
            looks += passed >= options.every * looks
            time.sleep(min(5, options.every / 3))
        browser.close()


if __name__ == "__main__":
    main()
