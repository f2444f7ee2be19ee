"""The same widget in JupyterLab: alive, bound to Python both ways, and readable before it runs."""

import contextlib
import json
import os
import re
import signal
import subprocess
import sys
import time
import urllib.request

import nbformat
import pytest
from hands import drag
from nbclient import NotebookClient
from playwright.sync_api import expect

from helpers.widgets.base import Widget

CELLS = [
    "from helpers.widgets import Convolve1D\nw = Convolve1D()\nw",
    "w.step = 3\nw.padding = 'same'",
    "print('Python sees step', w.step, 'and padding', w.padding)",
    "try:\n    w.stride = 0\nexcept Exception as problem:\n    print('refused:', problem)",
]
QUESTIONS = [
    "from helpers.widgets import SelfCheck, choice, number, right, wrong\n"
    "options = [right('one', 'Yes.'), wrong('two', 'No.'), wrong('three', 'Not at all.')]\n"
    "check = SelfCheck([choice('Which?', options, shuffle=False), number('What?', 3, 'Three.')])\n"
    "check",
    "print('Python sees', check.answers, check.results)",
    "check.answers = [0, 5]",
]

GRIDS = [
    "from helpers.widgets import Convolve2D, ConvVolume\ng = Convolve2D()\ng",
    "v = ConvVolume()\nv",
    "g.padding = [[1, 0], [0, 2]]\ng.image = [[1, 2, 3], [4, 5, 6]]\ng.step = 1",
    "print('Python sees', g.image, 'and', g.output[1].tolist())",
    "print('Python sees shapes', [len(v.image[0][0]), *v.output.shape])",
]

PHOTOGRAPHS = [
    "from helpers.widgets import ImageFilter\nf = ImageFilter('coins', kernel='sobel_x')\nf",
    "f.images = [[0, 90], [180, 255]]\nf.kernel = [[1, 2]]\nf.show = 'signed'",
    "print('Python sees', f.kernel, f.row, f.col, f.result.tolist())",
    "try:\n    f.result\nexcept ValueError as problem:\n    print(f.source, 'stays:', problem)",
]

NETWORKS = [
    "from helpers.widgets import BackpropGraph, LossSurface, NetworkPlayground, Neuron\n"
    "n = Neuron(problem='xor')\nn",
    "g = BackpropGraph(graph='convolution')\ng",
    "p = NetworkPlayground(data='moons', hidden=[3])\np",
    "s = LossSurface()\ns",
    "n.problem, n.bias = 'or', -1\ng.step = 16\np.hidden = [5, 2]\ns.optimizers = ['adam']",
    "print('Neuron', n.weights, n.pre_activation)",
    "print('BackpropGraph', g.values, round(g.gradients['w0'], 6))",
    "print('NetworkPlayground', p.steps, all(abs(own - seen) < 1e-9 for own, seen in zip(\n"
    "    (v for part in p.network(p.steps).get_weights() for v in part.ravel()), p.parameters)))",
    "print('LossSurface', s.steps, s.step)",
]

FILMS = [
    "from helpers.layers import Conv2D\nfrom helpers.network import Sequential\n"
    "from helpers.widgets import FilterTrainer, WatchFilters\nf = FilterTrainer()\nf",
    "n = Sequential([Conv2D(1, 5, use_bias=False)], seed=1)\nn.compile('sgd', 'mse')\n"
    "f.size = 5\nx, y = f.training_data()\n"
    "n.fit(x, y, epochs=10**6, callbacks=WatchFilters(f, every=50));",
    "print('Python sees', len(f.frames) > 2, n.optimizer.iterations == f.frames[-1]['epoch'],\n"
    "    abs(n.get_weights()[0][:, :, 0, 0] - f.frames[-1]['kernel']).max() < 1e-6)",
]

BLOCKS = [
    "from helpers.widgets import Pooling, SoftmaxCrossEntropy\np = Pooling()\np",
    "s = SoftmaxCrossEntropy(scores=[1, 2, 3, 4], truth=3)\ns",
    "p.image = [[5, 1, 0], [2, 7, 3]]\np.stride, p.view, p.step = 1, 'backward', 1\n"
    "s.step = 6\ns.temperature = 2",
    "print('Pooling', p.output.tolist(), p.upstream, p.grad_image.tolist())",
    "print('Softmax', s.scores, s.truth, s.probabilities.round(3).tolist())",
    "from helpers.widgets import Equivariance\ne = Equivariance()\ne",
    "e.source, e.kernel, e.shift = 'stripes', [[2]], [0, 1]",
    "print('Equivariance', e.stride, e.shift, abs(e.difference).max())",
]

DIGITS = [
    "from helpers.widgets import BrowserCNN\nb = BrowserCNN(preset='one_layer', epochs=1)\nb",
    "b",
    "own = [v for part in b.train(b.steps).get_weights() for v in part.ravel()]\n"
    "same = all(abs(v - seen) < 1e-6 for v, seen in zip(own, b.parameters, strict=True))\n"
    "print('Python sees', b.steps, len(b.history), same)",
    "b.record({'epoch': 0, 'loss': 2.5, 'weights': [[[[1, 2]]]]})",
]

READERS = [
    "from helpers.widgets import DrawDigit, FeatureMaps\nd, f = DrawDigit(), FeatureMaps()\nd",
    "f",
    "print('Python reads', d.probabilities().argmax(), d.rotate, f.network().count_params())",
    "d.strokes, f.step = '', 0",
]


# What a reader changes in any widget arrives: Python tells whose state is still what it was.
# Three at a time, since anywidget gives a module two seconds to load.
SHARES = range(0, len(Widget.registry), 3)
EVERY = [
    "from IPython.display import display\n"
    "from helpers.widgets import choice, number, right, wrong\n"
    "from helpers.widgets.base import Widget\n"
    "question = choice('Which?', [right('This.', 'Yes.'), wrong('That.', 'No.')], shuffle=False)\n"
    "given = {'SelfCheck': [[question, number('How many?', 3, 'Three.')]]}\n"
    "every = {}\n"
    "def show(names):\n"
    "    for name in names:\n"
    "        every[name] = Widget.registry[name](*given.get(name, []))\n"
    "        display(every[name])",
    *(f"show(sorted(Widget.registry)[{first}:{first + 3}])" for first in SHARES),
    "for name, widget in every.items():\n    widget.title = f'{name}, set in Python'\n"
    "before = {name: widget.state() for name, widget in every.items()}",
    "same = [name for name, widget in every.items() if widget.state() == before[name]]\n"
    "print('Nothing arrived from', same)",
]


def notebook(cells=CELLS):
    book = nbformat.v4.new_notebook(cells=[nbformat.v4.new_code_cell(cell) for cell in cells])
    book.metadata["kernelspec"] = {"name": "python3", "display_name": "Python 3"}
    return book


@pytest.fixture(scope="module")
def lab(tmp_path_factory):
    """The address of a JupyterLab with two notebooks: one not run, one run elsewhere."""
    home = tmp_path_factory.mktemp("lab")
    folder = home / "notebooks"
    folder.mkdir()
    nbformat.write(notebook(), folder / "fresh.ipynb")
    nbformat.write(notebook(QUESTIONS), folder / "questions.ipynb")
    nbformat.write(notebook(GRIDS), folder / "grids.ipynb")
    nbformat.write(notebook(PHOTOGRAPHS), folder / "photographs.ipynb")
    nbformat.write(notebook(NETWORKS), folder / "networks.ipynb")
    nbformat.write(notebook(DIGITS), folder / "digits.ipynb")
    nbformat.write(notebook(READERS), folder / "readers.ipynb")
    nbformat.write(notebook(FILMS), folder / "films.ipynb")
    nbformat.write(notebook(BLOCKS), folder / "blocks.ipynb")
    nbformat.write(notebook(EVERY), folder / "every.ipynb")
    executed = NotebookClient(notebook(), timeout=120, store_widget_state=False).execute()
    nbformat.write(executed, folder / "executed.ipynb")
    places = ["JUPYTER_CONFIG_DIR", "JUPYTER_DATA_DIR", "JUPYTER_RUNTIME_DIR", "IPYTHONDIR"]
    environment = os.environ | {name: str(home / name.lower()) for name in places}
    environment["JUPYTERLAB_SETTINGS_DIR"] = str(home / "settings")
    environment["JUPYTERLAB_WORKSPACES_DIR"] = str(home / "workspaces")
    server = subprocess.Popen(
        [
            sys.executable, "-m", "jupyterlab", "--no-browser", "--allow-root", "--port=0",
            "--ServerApp.ip=127.0.0.1", "--IdentityProvider.token=", "--ServerApp.password=",
            "--ServerApp.disable_check_xsrf=True", f"--ServerApp.root_dir={folder}",
            # All widgets within seconds are 4 MB; a reader opens one after the other.
            "--ZMQChannelsWebsocketConnection.iopub_data_rate_limit=1e9",
        ],
        env=environment, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL,
        start_new_session=True,
    )  # fmt: skip
    runtime = home / "jupyter_runtime_dir"
    address = None
    for _ in range(240):
        for file in runtime.glob("jpserver-*.json"):
            try:
                url = json.loads(file.read_text("utf-8"))["url"]
                urllib.request.urlopen(url + "api", timeout=5)
                address = url
            except (OSError, ValueError):
                continue
        if address or server.poll() is not None:
            break
        time.sleep(0.25)
    assert address, "JupyterLab did not start"
    yield address
    # Nothing here is worth a tidy end, and a busy machine can take minutes over one.
    os.killpg(server.pid, signal.SIGKILL)
    server.wait(60)


def open_notebook(browser, lab, name):
    page = browser.new_page(viewport={"width": 1300, "height": 1000})
    page.goto(f"{lab}lab/tree/{name}?reset")
    page.locator(".jp-Notebook .jp-Cell").first.wait_for(timeout=60_000)
    return page


def close_dialogs(page):
    """Close what JupyterLab asks or reports, such as a slow server on a busy machine."""
    dialog = page.locator("dialog.jp-Dialog")
    for _ in range(3):
        if dialog.count() == 0:
            return
        print("JupyterLab asked:", dialog.first.text_content())
        page.keyboard.press("Escape")
        page.wait_for_timeout(300)


def run_cell(page, index):
    """Run one cell with the keyboard and wait until it has its number."""
    cell = page.locator(".jp-Notebook .jp-CodeCell").nth(index)
    prompt = cell.locator(".jp-InputPrompt")
    for _ in range(10):  # until the kernel is there, JupyterLab ignores the keys
        close_dialogs(page)
        cell.locator(".cm-content").click()
        page.keyboard.press("Control+Enter")
        with contextlib.suppress(AssertionError):
            expect(prompt).not_to_have_text("[ ]:", timeout=3000)
            break
    expect(prompt).to_have_text(re.compile(r"\[\d+\]"), timeout=60_000)
    return cell


def run_until(page, index, words):
    """Run a cell until it prints the words: changes reach Python a moment after the picture."""
    for _ in range(15):
        output = run_cell(page, index).locator(".jp-OutputArea-output")
        with contextlib.suppress(AssertionError):
            expect(output).to_contain_text(words, timeout=2000)
            return
    raise AssertionError(f"“{words}” was not printed, but {output.all_text_contents()}")


def test_picture_and_python_move_each_other(browser, lab):
    page = open_notebook(browser, lab, "fresh.ipynb")
    page.locator(".jp-Notebook-ExecutionIndicator[data-status=idle]").wait_for(timeout=60_000)
    run_cell(page, 0)
    card = page.locator("[data-widget=Convolve1D][data-ready] .cv")
    card.wait_for(timeout=60_000)
    expect(card.locator(".cv-say")).to_contain_text("y[0] =")

    run_cell(page, 1)
    expect(card.locator(".cv-say")).to_contain_text("y[3] = 2·2 + 3·(−1) + 4·1")
    expect(card.get_by_label("same", exact=True)).to_be_checked()

    cell = card.locator(".cv1d-slider .cv-cell").first
    drag(cell, -2 * (cell.bounding_box()["width"] + 4))
    expect(card.locator(".cv-say")).to_contain_text("y[1] =")
    card.get_by_label("valid", exact=True).check()
    run_until(page, 2, "Python sees step 1 and padding valid")

    refused = run_cell(page, 3).locator(".jp-OutputArea-output")
    expect(refused).to_contain_text("refused: stride=0")

    card.get_by_role("button", name="Python for this state").click()
    call = card.get_by_label("Python for this state").last.input_value()
    assert call.startswith("Convolve1D(signal=[0, 1, 2, 3, 4], kernel=[1, -1, 2], flip=True")
    page.close()


def test_the_keys_belong_to_the_widget_and_the_answers_to_python(browser, lab):
    page = open_notebook(browser, lab, "questions.ipynb")
    page.locator(".jp-Notebook-ExecutionIndicator[data-status=idle]").wait_for(timeout=60_000)
    run_cell(page, 0)
    card = page.locator("[data-widget=SelfCheck][data-ready] .cv")
    card.wait_for(timeout=60_000)

    card.get_by_label("one").focus()
    page.keyboard.press("ArrowDown")  # JupyterLab would go to the next cell
    page.keyboard.press("ArrowDown")
    expect(card.get_by_label("three")).to_be_focused()
    page.keyboard.press("Enter")
    expect(card.locator(".sc-feedback").first).to_contain_text("Not at all.")
    card.get_by_role("textbox", name="Your answer").fill("3")
    page.keyboard.press("Enter")
    expect(card.locator(".sc-progress")).to_have_text("1 of 2 right")
    run_until(page, 1, "Python sees [2, 3] [False, True]")

    run_cell(page, 2)
    expect(card.get_by_label("one")).to_be_checked()
    expect(card.locator(".sc-feedback").last).to_contain_text("5 is not it.")

    card.get_by_role("button", name="Python for this state").click()
    card.get_by_label("with my answers").check()
    call = card.get_by_label("Python for this state").last
    expect(call).to_have_value("SelfCheck(questions, answers=[0, 5], hide=[])")
    page.close()


def test_a_notebook_that_was_not_run_here_shows_the_text(browser, lab):
    page = open_notebook(browser, lab, "executed.ipynb")
    output = page.locator(".jp-OutputArea-output").first
    expect(output).to_contain_text("A kernel slides over a signal", timeout=30_000)
    expect(output).not_to_contain_text('"signal"')
    assert page.locator("[data-ready]").count() == 0
    page.close()


def test_grids_of_numbers_go_both_ways(browser, lab):
    page = open_notebook(browser, lab, "grids.ipynb")
    page.locator(".jp-Notebook-ExecutionIndicator[data-status=idle]").wait_for(timeout=60_000)
    run_cell(page, 0)
    grid = page.locator("[data-widget=Convolve2D][data-ready] .cv")
    grid.wait_for(timeout=60_000)
    run_cell(page, 2)
    expect(grid.locator(".image input")).to_have_count(6)
    expect(grid.locator(".cv-say")).to_contain_text("y[0, 1] = ")
    expect(grid.locator(".cv-settings")).to_contain_text("1 above, 0 below, 0 left, 2 right")
    grid.get_by_label("x[1, 2]", exact=True).fill("7")
    grid.get_by_label("same", exact=True).check()
    # By hand: 0·3 − 2, 4·3 − 3 and 5·3 − 0, as the turned kernel holds 3 on the left and −1 above.
    run_until(page, 3, "Python sees [[1, 2, 3], [4, 5, 7]] and [-2, 9, 15]")

    # Several traits at once: an image and kernels of another depth.
    run_cell(page, 1)
    volume = page.locator("[data-widget=ConvVolume][data-ready] .cv")
    volume.wait_for(timeout=60_000)
    volume.locator(".cv-settings").get_by_label("channels", exact=True).fill("2")
    volume.locator(".cv-settings").get_by_label("kernels", exact=True).fill("4")
    run_until(page, 4, "Python sees shapes [2, 3, 3, 4]")
    page.close()


def test_photographs_go_to_the_browser_and_none_comes_back(browser, lab, tmp_path):
    page = open_notebook(browser, lab, "photographs.ipynb")
    page.locator(".jp-Notebook-ExecutionIndicator[data-status=idle]").wait_for(timeout=60_000)
    run_cell(page, 0)
    card = page.locator("[data-widget=ImageFilter][data-ready] .cv")
    card.locator(".imf-frame[aria-busy=false]").wait_for(timeout=60_000)
    expect(card.locator(".imf-caption")).to_have_text("coins: 253 × 320 pixels, in grey.")

    run_cell(page, 1)
    expect(card.locator(".imf-caption")).to_have_text("picture: 2 × 2 pixels, in grey.")
    expect(card.get_by_role("combobox", name="kernel")).to_have_value("own")
    expect(card.locator(".imf-range")).to_contain_text("blue is negative, orange positive")
    card.locator(".imf-frame").press("ArrowUp")
    expect(card.locator(".cv-say")).to_contain_text("y[0, 1] =")
    card.get_by_label("w[0, 1]", exact=True).fill("-1")
    card.get_by_role("combobox", name="border").select_option("edge")
    # By hand, the turned kernel (−1, 1) over 0 0 90 and 180 180 255; its sum is 0.
    run_until(page, 2, "Python sees [[1, -1]] 0 1 [[0.0, 90.0], [0.0, 75.0]]")

    shape = '<rect width="4" height="4"/>'
    own = f'<svg xmlns="http://www.w3.org/2000/svg" width="9" height="9">{shape}</svg>'
    (tmp_path / "own.svg").write_text(own)
    card.locator("input[type=file]").set_input_files(tmp_path / "own.svg")
    expect(card.locator(".imf-caption")).to_contain_text("own.svg: ")
    run_until(page, 3, "own-1 stays: source='own-1' is a picture that was opened in the browser")
    page.close()


def test_networks_go_both_ways(browser, lab):
    page = open_notebook(browser, lab, "networks.ipynb")
    page.locator(".jp-Notebook-ExecutionIndicator[data-status=idle]").wait_for(timeout=60_000)
    cards = {}
    for cell, name in enumerate(["Neuron", "BackpropGraph", "NetworkPlayground", "LossSurface"]):
        run_cell(page, cell)
        cards[name] = page.locator(f"[data-widget={name}][data-ready] .cv")
        cards[name].wait_for(timeout=60_000)
    run_cell(page, 4)

    neuron = cards["Neuron"]
    expect(neuron.locator(".neu-count")).to_have_text("2 of 4 right")
    neuron.get_by_role("textbox", name="w₁", exact=True).fill("2")
    neuron.get_by_role("textbox", name="w₂", exact=True).fill("3")
    run_until(page, 5, "Neuron [2, 3] 1.0")

    graph = cards["BackpropGraph"]
    expect(graph.locator(".cv-say")).to_contain_text("∂L/∂x₄")
    graph.get_by_role("textbox", name="x₀", exact=True).fill("2")
    run_until(page, 6, "BackpropGraph {'x0': 2.0}")

    playground = cards["NetworkPlayground"]
    expect(playground).to_contain_text("2 hidden layers")
    for _ in range(3):
        playground.get_by_role("button", name="One step (right arrow)").click()
    run_until(page, 7, "NetworkPlayground 3 True")

    surface = cards["LossSurface"]
    surface.get_by_role("spinbutton", name="steps", exact=True).fill("120")
    surface.get_by_role("button", name="Step forward").click()
    run_until(page, 8, "LossSurface 120 1")
    page.close()


def test_a_training_in_python_is_watched_and_interrupted(browser, lab):
    page = open_notebook(browser, lab, "films.ipynb")
    page.locator(".jp-Notebook-ExecutionIndicator[data-status=idle]").wait_for(timeout=60_000)
    run_cell(page, 0)
    card = page.locator("[data-widget=FilterTrainer][data-ready] .cv")
    card.locator("[data-learning]").wait_for(timeout=60_000)
    cell = page.locator(".jp-Notebook .jp-CodeCell").nth(1)
    cell.locator(".cm-content").click()
    page.keyboard.press("Control+Enter")
    expect(card.locator(".ft-strip button").nth(2)).to_be_attached(timeout=60_000)
    expect(card.locator(".ft-film")).to_contain_text("recorded from Python")
    expect(cell.locator(".jp-InputPrompt")).to_have_text("[*]:")
    page.keyboard.press("Escape")
    page.keyboard.press("i")
    page.keyboard.press("i")
    expect(cell.locator(".jp-OutputArea-output").last).to_contain_text("Interrupted in epoch")
    run_until(page, 2, "Python sees True True True")
    kernel = card.get_by_label("learned kernel", exact=True)
    before = kernel.inner_text()
    card.get_by_role("button", name="Back to the start").click()
    expect(card.locator(".ft-state")).to_contain_text("Recorded from Python, after 0 epochs")
    assert kernel.inner_text() != before
    page.close()


def test_the_digits_come_from_python_to_every_view(browser, lab):
    page = open_notebook(browser, lab, "digits.ipynb")
    page.locator(".jp-Notebook-ExecutionIndicator[data-status=idle]").wait_for(timeout=60_000)
    run_cell(page, 0)
    cards = page.locator("[data-widget=BrowserCNN][data-ready] .cv")
    first = cards.first
    first.locator("[data-learning]").wait_for(timeout=60_000)
    first.get_by_role("button", name="train", exact=True).click()
    expect(first.locator(".bc-progress")).to_contain_text("After 1 epoch", timeout=60_000)
    # 1 437 digits in batches of 32; before the first epoch, and after it
    run_until(page, 2, "Python sees 45 2 True")
    run_cell(page, 1)
    expect(cards).to_have_count(2)
    cards.nth(1).locator("[data-learning]").wait_for(timeout=60_000)
    expect(page.locator(".cv-bringing")).to_have_count(0)

    run_cell(page, 3)
    words = "Recorded in Python, epoch 0 of 0: loss 2.5."
    expect(cards.locator(".bc-progress")).to_have_text([words, words])
    page.close()


def test_networks_come_from_python_and_what_is_drawn_goes_there(browser, lab):
    page = open_notebook(browser, lab, "readers.ipynb")
    page.locator(".jp-Notebook-ExecutionIndicator[data-status=idle]").wait_for(timeout=60_000)
    run_cell(page, 0)
    pad = page.locator("[data-widget=DrawDigit][data-ready] .cv")
    expect(pad.locator(".dd-state")).to_contain_text("The network says 3", timeout=60_000)
    pad.get_by_label("on the pad").select_option("a crossed seven")
    expect(pad.locator(".dd-state")).to_contain_text("The network says 7")
    # 8 · 10 + 16 · 73 + 10 · 401 weights and biases
    run_until(page, 2, "Python reads 7 0.0 5258")
    run_cell(page, 1)
    maps = page.locator("[data-widget=FeatureMaps][data-ready] .cv")
    expect(maps.locator(".cv-formula")).to_contain_text("after 3 epochs", timeout=60_000)
    run_cell(page, 3)
    expect(pad.locator(".dd-state")).to_contain_text("The pad is empty")
    expect(maps.locator(".cv-formula")).to_contain_text("the network untrained")
    page.close()


def test_blocks_of_a_network_go_both_ways(browser, lab):
    page = open_notebook(browser, lab, "blocks.ipynb")
    page.locator(".jp-Notebook-ExecutionIndicator[data-status=idle]").wait_for(timeout=60_000)
    cards = {}
    for cell, name in enumerate(["Pooling", "SoftmaxCrossEntropy"]):
        run_cell(page, cell)
        cards[name] = page.locator(f"[data-widget={name}][data-ready] .cv")
        cards[name].wait_for(timeout=60_000)
    run_cell(page, 2)

    pooling = cards["Pooling"]
    expect(pooling.locator(".cv-say")).to_contain_text("goes whole to x[1, 1], which won with 7")
    pooling.get_by_label("x[0, 2]", exact=True).fill("9")
    # The windows are 5 1 2 7 and 1 9 7 3; the upstream numbers are the first two of those given.
    ways = "[[7.0, 9.0]] [[1, -2]] [[0.0, 0.0, -2.0], [0.0, 1.0, 0.0]]"
    run_until(page, 3, f"Pooling {ways}")

    softmax = cards["SoftmaxCrossEntropy"]
    expect(softmax.locator(".cv-say")).to_contain_text("over T")
    # Fewer classes and another true one travel together.
    softmax.locator(".cv-settings").get_by_label("example").select_option("three classes")
    run_until(page, 4, "Softmax [2, 1, -1] 1 [0.705, 0.259, 0.035]")

    run_cell(page, 5)
    orders = page.locator("[data-widget=Equivariance][data-ready] .cv")
    orders.locator("[data-compared]").wait_for(timeout=60_000)
    run_cell(page, 6)
    expect(orders.locator(".eq-numbers")).to_contain_text("Largest difference: 0.")
    orders.get_by_role("group", name="stride").get_by_label("2", exact=True).check()
    expect(orders.locator(".eq-numbers")).to_contain_text("Largest difference: 350")
    run_until(page, 7, "Equivariance 2 [0, 1] 350.0")
    page.close()


def change(card):
    """Do what a reader does first: choose or tick something, and make a step."""
    card.scroll_into_view_if_needed()
    fields = "input:is([type=radio], [type=checkbox]):not(:checked):enabled"
    seen = [field for field in card.locator(fields).all() if field.is_visible()]
    if seen:
        seen[0].evaluate("field => field.click()")
    forward = card.get_by_role("button", name="(right arrow)")
    if forward.count():
        is_last = forward.first.get_attribute("aria-disabled") == "true"
        card.locator(".cv-stage").focus()
        card.page.keyboard.press("ArrowLeft" if is_last else "ArrowRight")


def test_every_widget_goes_both_ways(browser, lab):
    page = open_notebook(browser, lab, "every.ipynb")
    page.locator(".jp-Notebook-ExecutionIndicator[data-status=idle]").wait_for(timeout=60_000)
    run_cell(page, 0)
    widgets = page.locator("[data-widget][data-ready]")
    late = []
    page.on("pageerror", lambda error: late.append(str(error)))
    for share, first in enumerate(SHARES):
        for _ in range(5):  # on a busy machine a module comes late, and is shown again
            late.clear()
            run_cell(page, 1 + share)
            shown = min(first + 3, len(Widget.registry))
            expect(widgets).to_have_count(shown, timeout=60_000)
            if not any("anywidget" in error for error in late):
                break
    named = widgets.evaluate_all("all => all.map((e) => e.dataset.widget)")
    assert named == sorted(Widget.registry)

    run_cell(page, len(EVERY) - 2)
    headings = widgets.get_by_role("heading", level=3)
    expect(headings).to_have_text([f"{name}, set in Python" for name in named], timeout=30_000)
    for index in range(len(named)):
        change(widgets.nth(index).locator(".cv"))
    run_until(page, len(EVERY) - 1, "Nothing arrived from []")
    page.close()
