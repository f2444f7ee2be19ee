"""Measure how tall each widget is on each built page: `make rooms`, after `make book`.

The book keeps so much room free until the widget is drawn (`helpers/book/rooms.py`). What a reader
opens first, such as a solution, is opened. With names of pages as arguments only those are
measured.
"""

# ruff: noqa: E402

import json
import sys
from pathlib import Path

from playwright.sync_api import sync_playwright

ROOT = Path(__file__).parents[1]
sys.path += [str(ROOT), str(ROOT / "tests" / "browser")]

import chromium

from helpers.book.rooms import ROOMS

PAGES = ROOT / "_build" / "html"
LAPTOP = {"viewport": {"width": 1366, "height": 768}}
PHONE = {"viewport": {"width": 390, "height": 664}, "has_touch": True, "is_mobile": True}

OPEN = """() => {
    for (const fold of document.querySelectorAll("article details")) fold.open = true;
    for (const fold of document.querySelectorAll("article .toggle-button")) fold.click();
}"""
MEASURE = """async () => {
    const widgets = [...document.querySelectorAll(".cv-widget[data-widget]")];
    for (const one of widgets) {
        one.scrollIntoView({ block: "center", behavior: "instant" });
        while (!("ready" in one.dataset)) await new Promise(requestAnimationFrame);
    }
    for (let i = 0; i < 20; i++) await new Promise(requestAnimationFrame);
    return Object.fromEntries(widgets.map((one) => [one.dataset.place, one.offsetHeight]));
}"""


def heights(browser, page, device):
    """Return the heights of a page's widgets in pixels, by their places."""
    context = browser.new_context(**device, reduced_motion="reduce")
    view = context.new_page()
    view.goto((PAGES / f"{page}.html").as_uri())
    view.evaluate(OPEN)
    found = view.evaluate(MEASURE)
    context.close()
    return found


def main(*names):
    """Measure these pages, or all that hold a widget."""
    every = sorted(
        path.relative_to(PAGES).with_suffix("").as_posix()
        for folder in [PAGES, PAGES / "chapters"]
        for path in folder.glob("*.html")
        if "data-widget=" in path.read_text("utf-8")
    )
    if unknown := sorted({*names} - {*every}):
        sys.exit(f"No built page with widgets: {', '.join(unknown)}. There are {', '.join(every)}.")
    rooms = json.loads(ROOMS.read_text("utf-8")) if names and ROOMS.is_file() else {}
    with sync_playwright() as playwright:
        browser = chromium.launch(playwright.chromium)
        for page in names or every:
            wide, narrow = (heights(browser, page, device) for device in (LAPTOP, PHONE))
            rooms[page] = {place: [wide[place], narrow[place]] for place in wide}
            print(f"{page}: {len(wide)}")
        browser.close()
    lines = [
        f" {json.dumps(page)}: {{\n"
        + ",\n".join(f"  {json.dumps(place)}: {sizes}" for place, sizes in places.items())
        + "\n }"
        for page, places in sorted(rooms.items())
    ]
    ROOMS.write_text("{\n" + ",\n".join(lines) + "\n}\n", "utf-8")


if __name__ == "__main__":
    main(*sys.argv[1:])
