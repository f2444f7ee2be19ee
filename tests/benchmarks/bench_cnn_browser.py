"""The book's networks in the browser beside TensorFlow.js and ConvNetJS, in the same Chromium.

Run `python tests/benchmarks/bench_cnn_browser.py`. Three tables:

- one 3 × 3 kernel that learns on a picture: forward, mean squared error, backward, one step of
  gradient descent; steps a second. The book's is what FilterTrainer runs.
- the network of ConvNetJS's MNIST example, on pictures of 24 × 24: 8 kernels of 5 × 5, pool 2, 16
  kernels of 5 × 5, pool 3, 10 softmax outputs; milliseconds for an example, batches of 20.
- BrowserCNN itself: frames a second while it trains, and seconds until it reads 90 % of the
  held-out digits.

The libraries come from npm, into a cache folder outside the book, and are not needed: without npm
only the book's own numbers are printed. All contestants take turns in each round, so that other
work on the machine meets all; medians of the rounds. TensorFlow.js on WebGL is only as fast as the
machine's graphics, which a headless Chromium may do in software.
"""

import json
import os
import shutil
import statistics
import subprocess
from pathlib import Path

from playwright.sync_api import sync_playwright

from helpers.book import page_style, resource_file, resource_script, widget_script, widget_style
from helpers.widgets import BrowserCNN
from helpers.widgets.modules import linker_source, module_sources

PACKAGES = {"@tensorflow/tfjs": "4.22.0", "convnetjs": "0.3.0"}
SCRIPTS = ["@tensorflow/tfjs/dist/tf.min.js", "convnetjs/build/convnet.js"]
BROWSERS = ["chromium", "chromium-browser", "google-chrome", "microsoft-edge"]
MODULES = [f"arithmetic/{name}.mjs" for name in ["kernel_training", "network", "optimizers"]]
ROUNDS = 5
SECONDS = 0.6  # of each contestant in each round

# Each contestant prepares itself and returns what does some steps; `finish` waits for them.
CONTESTANTS = r"""() => {
    const rng = m.createRandom(1);
    const draw = (size) => Float64Array.from({ length: size }, () => rng.random());
    const pixels = {};
    const photograph = (side) => (
        pixels[side] ??= { side, pixels: draw(side * side) });
    const settings = {
        target: "sobel_x", flip: false, size: 3, seed: 0, noise: 0, optimizer: "sgd",
        learning_rate: 0.01,
    };
    const inner = (side) => side - 6; // where FilterTrainer has outputs
    const examples = draw(20 * 24 * 24);
    const labels = Array.from({ length: 20 }, (_, i) => i % 10);

    const kernel = {
        book(side) {
            const training = m.createTraining(photograph(side), settings);
            return { step: () => training.step() };
        },
        async tensorflow(side) {
            const rows = inner(side) + 2;
            const x = tf.randomUniform([1, rows, rows, 1]);
            const sobel = tf.tensor4d([-1, 0, 1, -2, 0, 2, -1, 0, 1], [3, 3, 1, 1]);
            const t = tf.conv2d(x, sobel, 1, "valid");
            const w = tf.variable(tf.randomUniform([3, 3, 1, 1], -0.5, 0.5));
            const rule = tf.train.sgd(0.01);
            const loss = () => tf.conv2d(x, w, 1, "valid").sub(t).square().mean();
            const free = () => { for (const each of [x, sobel, t, w]) each.dispose(); };
            return { step: () => rule.minimize(loss, false, [w]), finish: () => w.data(), free };
        },
        convnetjs(side) {
            const rows = inner(side) + 2;
            const layer = new convnetjs.ConvLayer(
                { sx: 3, filters: 1, in_depth: 1, in_sx: rows, in_sy: rows, stride: 1, pad: 0 });
            const x = new convnetjs.Vol(rows, rows, 1);
            const t = draw(inner(side) ** 2);
            return { step() {
                const y = layer.forward(x, true);
                for (let i = 0; i < t.length; i++) y.dw[i] = (2 * (y.w[i] - t[i])) / t.length;
                layer.backward();
                const [{ w, dw }] = layer.filters;
                for (let i = 0; i < 9; i++) { w[i] -= 0.01 * dw[i]; dw[i] = 0; }
            } };
        },
    };

    const mnist = {
        book(numbers) {
            const conv = (filters) => (
                { kind: "conv2d", filters, kernelSize: 5, padding: "same", activation: "relu" });
            const pool = (poolSize) => ({ kind: "max_pooling2d", poolSize });
            const network = m.createNetwork({
                inputs: [24, 24, 1], loss: "categorical_crossentropy", rng, numbers,
                layers: [conv(8), pool(2), conv(16), pool(3), { kind: "flatten" },
                    { units: 10, activation: "softmax" }],
            });
            const rule = m.createOptimizer("adam", network.parameters.length);
            const inputs = network.Numbers.from(examples);
            const targets = new network.Numbers(200);
            labels.forEach((label, i) => (targets[10 * i + label] = 1));
            return { step() {
                network.forward(inputs, 20, true);
                network.loss(targets);
                network.backward(targets);
                rule.update(network.parameters, network.gradients);
            } };
        },
        async tensorflow() {
            const { conv2d, maxPooling2d, flatten, dense } = tf.layers;
            const conv = (filters, more = {}) => conv2d(
                { filters, kernelSize: 5, padding: "same", activation: "relu", ...more });
            const model = tf.sequential({ layers: [
                conv(8, { inputShape: [24, 24, 1] }), maxPooling2d({ poolSize: 2 }),
                conv(16), maxPooling2d({ poolSize: 3, strides: 3 }), flatten(),
                dense({ units: 10, activation: "softmax" }),
            ] });
            model.compile({ optimizer: tf.train.adam(), loss: "categoricalCrossentropy" });
            const x = tf.tensor4d(Float32Array.from(examples), [20, 24, 24, 1]);
            const y = tf.oneHot(tf.tensor1d(labels, "int32"), 10).toFloat();
            const free = () => { model.dispose(); x.dispose(); y.dispose(); };
            return { step: () => model.trainOnBatch(x, y), free };
        },
        convnetjs() {
            const net = new convnetjs.Net();
            net.makeLayers([
                { type: "input", out_sx: 24, out_sy: 24, out_depth: 1 },
                { type: "conv", sx: 5, filters: 8, stride: 1, pad: 2, activation: "relu" },
                { type: "pool", sx: 2, stride: 2 },
                { type: "conv", sx: 5, filters: 16, stride: 1, pad: 2, activation: "relu" },
                { type: "pool", sx: 3, stride: 3 },
                { type: "softmax", num_classes: 10 },
            ]);
            const trainer = new convnetjs.Trainer(
                net, { method: "adadelta", batch_size: 20, l2_decay: 0.001 });
            const volumes = labels.map((_, i) => {
                const volume = new convnetjs.Vol(24, 24, 1);
                for (let k = 0; k < 576; k++) volume.w[k] = examples[576 * i + k];
                return volume;
            });
            return { step: () => volumes.forEach((volume, i) => trainer.train(volume, labels[i])) };
        },
    };

    // Steps a second over so many seconds, after some to warm up.
    globalThis.run = async ([task, contestant, argument, backend, seconds]) => {
        if (backend && !(await tf.setBackend(backend).catch(() => false))) return null;
        if (backend && tf.getBackend() !== backend) return null;
        const made = await { kernel, mnist }[task][contestant](argument);
        const { step, finish = () => {}, free = () => {} } = made;
        const some = async (end) => {
            let count = 0;
            const start = performance.now();
            do { await step(); count++; } while (performance.now() < start + end);
            await finish();
            return (1000 * count) / (performance.now() - start);
        };
        await some(300 * seconds);
        const speed = await some(1000 * seconds);
        free();
        return speed;
    };
}"""

WATCH = """async ([milliseconds]) => {
    const gaps = [];
    let last = await new Promise(requestAnimationFrame);
    for (const end = last + milliseconds; last < end; ) {
        const now = await new Promise(requestAnimationFrame);
        gaps.push(now - last);
        last = now;
    }
    const [total, late] = [gaps.reduce((a, b) => a + b, 0), gaps.filter((gap) => gap > 25).length];
    return { count: gaps.length, frames: (1000 * gaps.length) / total, late: late / gaps.length };
}"""


def cached_packages():
    """Return the folder of the npm packages, installed at the first run; None where npm is not."""
    base = Path(os.environ.get("XDG_CACHE_HOME") or Path.home() / ".cache")
    folder = base / "convolution-book" / "npm"
    modules = folder / "node_modules"
    if all((modules / script).exists() for script in SCRIPTS):
        return modules
    npm = shutil.which("npm")
    if npm is None:
        return None
    folder.mkdir(parents=True, exist_ok=True)
    wanted = [f"{name}@{version}" for name, version in PACKAGES.items()]
    command = [npm, "install", "--no-audit", "--no-fund", "--ignore-scripts", "--prefix", folder]
    done = subprocess.run([*command, *wanted], capture_output=True, text=True, check=False)
    if done.returncode:
        print(done.stderr.strip().splitlines()[-1] if done.stderr else "npm failed")
        return None
    return modules


def open_page(browser, packages):
    """Return a page with the book's modules in ``m`` and the libraries beside them."""
    sources = {}
    for name in MODULES:
        sources |= module_sources(name)
    sources |= module_sources("arithmetic/random.mjs")
    page = browser.new_page()
    page.set_content("<!doctype html><title>Benchmark</title>")
    page.add_script_tag(content=linker_source())
    page.evaluate(
        """async ([sources, names]) => {
            const link = makeLinker(JSON.parse(sources));
            globalThis.m = Object.assign({}, ...(await Promise.all(names.map(link))));
        }""",
        [json.dumps(sources), [*MODULES, "arithmetic/random.mjs"]],
    )
    for script in SCRIPTS if packages else []:
        page.add_script_tag(path=packages / script)
    page.evaluate(f"({CONTESTANTS})()")
    return page


def compete(page, task, contestants):
    """Return the median of steps a second of each contestant; None for one that cannot."""
    speeds = {name: [] for name in contestants}
    for _ in range(ROUNDS):
        for name, (who, argument, backend) in contestants.items():
            if None not in speeds[name]:
                found = page.evaluate("(a) => run(a)", [task, who, argument, backend, SECONDS])
                speeds[name].append(found)
    return {
        name: None if None in found else statistics.median(found) for name, found in speeds.items()
    }


def print_row(name, value, ratio):
    """Print a contestant's result, and how many times as fast the book is."""
    print(f"  {name:26}{value:>12}{'' if ratio is None else f'   book: {ratio:.1f} x as fast'}")


def compare(page, packages):
    """Print the first two tables."""
    rivals = {
        "TensorFlow.js, CPU": ("tensorflow", None, "cpu"),
        "TensorFlow.js, WebGL": ("tensorflow", None, "webgl"),
        "ConvNetJS": ("convnetjs", None, None),
    }
    for side in (128, 512):
        print(f"3 x 3 kernel on {side} x {side}, steps a second")
        field = {"book": ("book", side, None)}
        if packages:
            field |= {name: (who, side, backend) for name, (who, _, backend) in rivals.items()}
        speeds = compete(page, "kernel", field)
        for name, speed in speeds.items():
            if speed is None:
                print_row(name, "none", None)
            else:
                ratio = None if name == "book" else speeds["book"] / speed
                print_row(name, f"{speed:,.0f}", ratio)
    print("ConvNetJS's MNIST network, milliseconds an example")
    field = {"book": ("book", "float64", None), "book, 32 bits": ("book", "float32", None)}
    speeds = compete(page, "mnist", field | (rivals if packages else {}))
    for name, speed in speeds.items():
        if speed is None:
            print_row(name, "none", None)
        else:
            ratio = None if name.startswith("book") else speeds["book"] / speed
            print_row(name, f"{1000 / speed / 20:.2f}", ratio)


def watch_widget(browser):
    """Print how BrowserCNN does at full speed."""
    form = BrowserCNN(epochs=100)._repr_mimebundle_()[0]["text/html"]
    page = browser.new_page(viewport={"width": 800, "height": 1000})
    page.route(
        f"**/{resource_file('digits')}",
        lambda route: route.fulfill(body=resource_script("digits"), content_type="text/javascript"),
    )
    style = page_style() + widget_style(["BrowserCNN"])
    html = f"<!doctype html><title>Benchmark</title><style>{style}</style>{form}"
    page.route(
        "http://bench.test/", lambda route: route.fulfill(body=html, content_type="text/html")
    )
    page.goto("http://bench.test/")
    page.add_script_tag(content=widget_script(["BrowserCNN"]))
    page.locator("[data-learning]").wait_for()
    page.get_by_text("Epoch 0 of 100").wait_for()
    seconds = page.evaluate(
        """async () => {
            const shown = document.querySelector(".bc-progress");
            const share = () => Number(/reads ([\\d.]+)/.exec(shown.textContent)[1]);
            document.querySelector(".cv-primary").click();
            const start = performance.now();
            while (share() < 90) await new Promise(requestAnimationFrame);
            return (performance.now() - start) / 1000;
        }"""
    )
    client = page.context.new_cdp_session(page)
    client.send("Performance.enable", {"timeDomain": "threadTicks"})

    def busy():
        metrics = client.send("Performance.getMetrics")["metrics"]
        return next(each["value"] for each in metrics if each["name"] == "TaskDuration")

    before = busy()
    runs = [page.evaluate(WATCH, [1500]) for _ in range(ROUNDS)]
    count = sum(run["count"] for run in runs)
    work = 1000 * (busy() - before) / count
    frames, late = (statistics.median(run[name] for run in runs) for name in ("frames", "late"))
    print(
        f"BrowserCNN: 90 % of the held-out digits after {seconds:.1f} s; while it trains "
        f"{frames:.0f} frames a second, {late:.0%} of them late, each with {work:.1f} ms of work"
    )
    page.close()


def main():
    """Print the tables."""
    packages = cached_packages()
    if packages is None:
        print("npm is not there, or could not install: the book's own numbers only")
    named = os.environ.get("CHROMIUM") or next(filter(None, map(shutil.which, BROWSERS)), None)
    flags = ["--no-sandbox", "--enable-unsafe-swiftshader", "--ignore-gpu-blocklist"]
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=named, args=flags)
        print(f"Chromium {browser.version}; medians of {ROUNDS} rounds")
        page = open_page(browser, packages)
        compare(page, packages)
        page.close()
        watch_widget(browser)
        browser.close()


if __name__ == "__main__":
    main()
