"""How long ImageFilter takes for a step or a drag on 512 × 512 pixels, beside SciPy's filters.

Run `python tests/benchmarks/bench_image_filter.py`. The first table times the arithmetic alone, in
the browser and in SciPy. The second drives the widget itself: what the page is kept busy from an
input to the painted picture, all frames together, and how many frames that takes. The budgets are
16 ms for a step or a drag with a 3 × 3 kernel and 33 ms with 9 × 9. Medians of all rounds.
"""

import json
import os
import shutil
import statistics
import tempfile
import time
from pathlib import Path

import numpy as np
from PIL import Image
from playwright.sync_api import sync_playwright
from scipy import ndimage

from helpers.book import page_style, widget_script, widget_style
from helpers.datasets import load_photo
from helpers.widgets import ImageFilter
from helpers.widgets.image_filter import named_kernel
from helpers.widgets.modules import linker_source, module_sources

ROUNDS = 25
KERNELS = [("mean", 3), ("laplacian", 3), ("random", 3), ("mean", 9), ("sobel_x", 9), ("random", 9)]

TIME_ARITHMETIC = """([pixels, kernel, rounds, colours]) => {
    const channels = Array(colours).fill(Float32Array.from(pixels));
    const picture = { rows: 512, cols: 512, channels };
    const times = [];
    for (let round = 0; round < rounds; round++) {
        const start = performance.now();
        m.crossCorrelate(picture, kernel, "reflect");
        times.push(performance.now() - start);
    }
    return times;
}"""

# Time the page's own work: each event's handlers, and each frame that they ask for.
WATCH = """() => {
    const real = globalThis.requestAnimationFrame.bind(globalThis);
    globalThis.watched = { busy: 0, frames: 0 };
    globalThis.requestAnimationFrame = (act) => real((now) => {
        const start = performance.now();
        act(now);
        document.querySelector(".cv").offsetHeight; // the layout that follows is part of it
        watched.busy += performance.now() - start;
        watched.frames++;
    });
    globalThis.measure = async (act) => {
        await new Promise((go) => setTimeout(go, 5)); // as input comes: between two frames
        watched.busy = watched.frames = 0;
        const start = performance.now();
        act();
        await null; // the store tells its listeners in a microtask
        await null;
        watched.busy += performance.now() - start;
        let before;
        do {
            before = watched.frames;
            await new Promise((go) => real(() => real(go)));
        } while (watched.frames !== before);
        return [watched.busy, watched.frames];
    };
}"""

EDIT = """async (rounds) => {
    const times = [];
    const cell = document.querySelector(".imf-panel input.cv-cell");
    for (let round = 0; round < rounds; round++)
        times.push(await measure(() => {
            cell.value = String(round % 2 ? 3 : 5);
            cell.dispatchEvent(new InputEvent("input", { bubbles: true }));
        }));
    return times;
}"""

POINT = """async ([rounds, selector]) => {
    const times = [];
    const box = document.querySelector(".imf-frame").getBoundingClientRect();
    const target = document.querySelector(selector);
    const send = (kind, round) => target.dispatchEvent(new PointerEvent(kind, {
        bubbles: true, pointerType: "mouse", pointerId: 1,
        clientX: box.left + 50 + 7 * round, clientY: box.top + 60 + 3 * round,
    }));
    target.setPointerCapture = () => {};
    if (selector !== ".imf-frame") send("pointerdown", 0);
    for (let round = 0; round < rounds; round++)
        times.push(await measure(() => send("pointermove", round)));
    return times;
}"""


def median(times):
    """Return the median without the first rounds, in which the code is still being compiled."""
    return statistics.median(times[5:])


def time_scipy(image, kernel):
    """Return the median of seconds that scipy.ndimage takes, in ms."""
    times = []
    for _ in range(ROUNDS):
        start = time.perf_counter()
        ndimage.correlate(image, kernel, mode="mirror")
        times.append(1e3 * (time.perf_counter() - start))
    return median(times)


def time_arithmetic(browser, image):
    """Print the first table."""
    page = browser.new_page()
    page.add_script_tag(content=linker_source())
    page.evaluate(
        """async (sources) => {
            globalThis.m = await makeLinker(JSON.parse(sources))("arithmetic/image.mjs");
        }""",
        json.dumps(module_sources("arithmetic/image.mjs")),
    )
    print(f"{'kernel':>14} {'grey':>9} {'colour':>9} {'SciPy, grey':>12}   (ms)")
    for name, size in KERNELS:
        kernel = named_kernel(name, size) / 7
        rounds = {
            colours: page.evaluate(
                TIME_ARITHMETIC, [image.ravel().tolist(), kernel.tolist(), ROUNDS, colours]
            )
            for colours in (1, 3)
        }
        print(
            f"{name + ' ' + str(size):>14} {median(rounds[1]):9.1f} {median(rounds[3]):9.1f} "
            f"{time_scipy(image, kernel):12.1f}"
        )
    page.close()


def time_widget(browser, image, folder):
    """Print the second table."""
    (folder / "widgets.js").write_text(widget_script(), "utf-8")
    (folder / "widgets.css").write_text(page_style() + widget_style(), "utf-8")
    print(f"\n{'widget':>14} {'edit a cell':>18} {'move the loupe':>18} {'drag the divider':>18}")
    for name, size in KERNELS:
        widget = ImageFilter(np.zeros((2, 2), np.uint8), kernel=named_kernel(name, size))
        form = widget._repr_mimebundle_()[0]["text/html"]
        page_file = folder / f"{name}-{size}.html"
        page_file.write_text(
            '<!doctype html><meta charset="utf-8"><link rel="stylesheet" href="widgets.css">'
            f'<script defer src="widgets.js"></script>{form}',
            "utf-8",
        )
        page = browser.new_page(viewport={"width": 1280, "height": 1000})
        page.add_init_script(f"({WATCH})()")
        page.goto(page_file.as_uri())
        page.locator(".imf-frame[aria-busy=false]").wait_for()
        page.locator("input[type=file]").set_input_files(folder / "photo.png")
        page.get_by_text("512 × 512 pixels").wait_for()
        cells = []
        for script, argument in [
            (EDIT, ROUNDS),
            (POINT, [ROUNDS, ".imf-frame"]),
            (POINT, [ROUNDS, ".imf-divider"]),
        ]:
            times = page.evaluate(script, argument)
            busy = median([busy for busy, _ in times])
            frames = median([frames for _, frames in times])
            cells.append(f"{busy:7.1f} ms in {frames:.0f}")
        print(f"{name + ' ' + str(size):>14}", *(f"{cell:>18}" for cell in cells))
        page.close()


def main():
    """Print both tables."""
    image = load_photo("camera").astype(float)
    named = os.environ.get("CHROMIUM") or shutil.which("chromium") or shutil.which("google-chrome")
    print(f"medians of {ROUNDS} rounds, 512 × 512, {os.cpu_count()} cores")
    with sync_playwright() as playwright, tempfile.TemporaryDirectory() as folder:
        browser = playwright.chromium.launch(executable_path=named, args=["--no-sandbox"])
        Image.fromarray(load_photo("camera")).save(Path(folder) / "photo.png")
        time_arithmetic(browser, image)
        time_widget(browser, image, Path(folder))
        browser.close()


if __name__ == "__main__":
    main()
