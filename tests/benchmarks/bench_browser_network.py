"""Training steps a second of the network in the browser, and what a page notices of it.

One step is forward, loss, backward and Adam on a 2-8-8-2 network with tanh. "In a row" does nothing
else; "in slices" plays a trainer, as a widget does, and counts frames: out of 60 a second, and how
many came more than half a frame late. "32 bits" is the same code with every Float64Array replaced
by a Float32Array. The two take turns, so that other work on the machine meets both.

Last comes the widget that readers see, NetworkPlayground: at full speed, with its default settings,
with its largest network, and with one sample's arithmetic open. It paints all neurons as it trains.
"""

import json
import os
import shutil
import statistics

from playwright.sync_api import sync_playwright

from helpers.book import page_style, widget_script, widget_style
from helpers.widgets import NetworkPlayground
from helpers.widgets.modules import linker_source, module_sources

REPEATS = 7
MODULES = [
    *(
        f"arithmetic/{name}.mjs"
        for name in ["network", "optimizers", "random", "surfaces", "toy_data"]
    ),
    "card/training.mjs",
]
BROWSERS = ["chromium", "chromium-browser", "google-chrome", "microsoft-edge"]

SETUP = """([batchSize, loss]) => {
    const rng = m.createRandom(1);
    const points = m.moons({ count: 200, noise: 0.1, rng });
    globalThis.element ??= document.body.appendChild(document.createElement("div"));
    element.style.height = "10px";
    const last = loss === "mean_squared_error" ? "tanh" : "softmax";
    const hidden = { units: 8, activation: "tanh" };
    const layers = [hidden, hidden, { units: 2, activation: last }];
    globalThis.data = points;
    globalThis.network = m.createNetwork({ inputs: 2, layers, loss, rng });
    const optimizer = m.createOptimizer("adam", network.parameters.length);
    const report = () => {};
    globalThis.trainer = m.createTrainer({ network, optimizer, data, batchSize, element, report });
    trainer.step(3000);
}"""

IN_A_ROW = """([steps]) => {
    const start = performance.now();
    trainer.step(steps);
    return (steps / (performance.now() - start)) * 1000;
}"""

IN_SLICES = """async ([milliseconds]) => {
    const frame = () => new Promise(requestAnimationFrame);
    trainer.play();
    await frame();
    const [start, before] = [performance.now(), trainer.progress.steps];
    const gaps = [];
    for (let last = start; last < start + milliseconds; ) {
        await frame();
        const now = performance.now();
        gaps.push(now - last);
        last = now;
    }
    trainer.pause();
    const seconds = (performance.now() - start) / 1000;
    gaps.sort((a, b) => a - b);
    return {
        steps: (trainer.progress.steps - before) / seconds, frames: gaps.length / seconds,
        late: gaps.filter((gap) => gap > 25).length / gaps.length,
    };
}"""

SURFACES = """([size, repeats]) => {
    const surfaces = m.createSurfaces(network, data.ranges, { rows: size, cols: size });
    m.paintSurfaces(network, surfaces);
    const start = performance.now();
    for (let i = 0; i < repeats; i++) m.paintSurfaces(network, surfaces);
    return (performance.now() - start) / repeats;
}"""


# Frames while the widget trains; its steps are read from what it shows.
WATCH = """async ([milliseconds]) => {
    const shown = document.querySelector(".np-figures dd");
    const steps = () => Number(shown.textContent.replace(/\\D/g, ""));
    const [start, before] = [performance.now(), steps()];
    const gaps = [];
    for (let last = start; last < start + milliseconds; ) {
        await new Promise(requestAnimationFrame);
        const now = performance.now();
        gaps.push(now - last);
        last = now;
    }
    const seconds = (performance.now() - start) / 1000;
    return {
        steps: (steps() - before) / seconds, frames: gaps.length / seconds,
        late: gaps.filter((gap) => gap > 25).length / gaps.length,
    };
}"""

WIDGETS = {
    "default (2-4-2)": {},
    "largest (2-8-8-8-8-2)": {"data": "spiral", "hidden": [8] * 4},
    "largest, a sample open": {"data": "spiral", "hidden": [8] * 4, "sample": 1, "neuron": [2, 1]},
}


def watch_widget(browser, settings):
    """Return steps and frames a second of NetworkPlayground at full speed, and late frames."""
    form = NetworkPlayground(**settings)._repr_mimebundle_()[0]["text/html"]
    page = browser.new_page(viewport={"width": 800, "height": 1000})
    page.set_content(
        "<!doctype html><title>Benchmark</title>"
        f"<style>{page_style() + widget_style()}</style>{form}"
    )
    page.add_script_tag(content=widget_script(["NetworkPlayground"]))
    page.locator("[data-ready]").wait_for()
    page.get_by_label("speed").select_option("full speed")
    page.get_by_role("button", name="train", exact=True).click()
    page.wait_for_timeout(500)
    runs = [page.evaluate(WATCH, [500]) for _ in range(REPEATS)]
    page.close()
    return [statistics.median(run[name] for run in runs) for name in ("steps", "frames", "late")]


def open_page(browser, numbers):
    """Return a page with all modules in ``m``, computing with arrays of the given type."""
    sources = {}
    for name in MODULES:
        sources |= module_sources(name)
    sources = {name: text.replace("Float64Array", numbers) for name, text in sources.items()}
    page = browser.new_page()
    page.set_content("<!doctype html><title>Benchmark</title>")
    page.add_script_tag(content=linker_source())
    page.evaluate(
        """async ([sources, names]) => {
            const link = makeLinker(JSON.parse(sources));
            globalThis.m = Object.assign({}, ...(await Promise.all(names.map(link))));
        }""",
        [json.dumps(sources), MODULES],
    )
    return page


def main():
    """Print the tables."""
    named = os.environ.get("CHROMIUM") or next(filter(None, map(shutil.which, BROWSERS)), None)
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=named, args=["--no-sandbox"])
        page, narrow = open_page(browser, "Float64Array"), open_page(browser, "Float32Array")
        print(f"2-8-8-2 tanh, Adam; Chromium {browser.version}; medians of {REPEATS}")
        print("steps per second              in a row  (32 bits)  in slices  frames/s  late frames")
        for loss in ("mean_squared_error", "categorical_crossentropy"):
            for batch_size, steps in ((32, 4000), (200, 800)):
                runs = []
                for each in (page, narrow):
                    each.evaluate(SETUP, [batch_size, loss])
                for _ in range(REPEATS):
                    row = [each.evaluate(IN_A_ROW, [steps]) for each in (page, narrow)]
                    page.bring_to_front()  # a page behind another gets no frames
                    slices = page.evaluate(IN_SLICES, [500])
                    runs.append([*row, slices["steps"], slices["frames"], slices["late"]])
                wide, half, sliced, frames, late = map(statistics.median, zip(*runs, strict=True))
                name = f"{loss.split('_')[-1]}, batch {batch_size}"
                print(
                    f"{name:26}{wide:12,.0f}{half:11,.0f}{sliced:11,.0f}{frames:10.0f}{late:13.0%}"
                )
        for size in (32, 64, 100):
            runs = [page.evaluate(SURFACES, [size, 10]) for _ in range(REPEATS)]
            print(f"all 18 neurons on {size} x {size} points: {statistics.median(runs):.1f} ms")
        print("NetworkPlayground at full speed    steps/s  frames/s  late frames")
        for name, settings in WIDGETS.items():
            steps, frames, late = watch_widget(browser, settings)
            print(f"{name:30}{steps:12,.0f}{frames:10.0f}{late:13.0%}")
        browser.close()


if __name__ == "__main__":
    main()
