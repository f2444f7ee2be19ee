"""A real browser, the built book over http and from disk, single widgets, and single modules."""

import json
from collections import Counter
from pathlib import Path

import chromium
import pytest
from kept import USES, Kept, bench_script, contents, watched
from playwright.sync_api import sync_playwright
from servers import served
from xdist.scheduler import LoadFileScheduling

from helpers.book import page_style, resource_file, resource_script, widget_style
from helpers.widgets.base import Widget
from helpers.widgets.modules import linker_source, module_sources

ROOT = Path(__file__).parents[2]
HTML = ROOT / "_build" / "html"


# What takes longest comes first, or one worker would be busy with it when all others are done.
LONGEST = [
    "test_jupyterlab.py",
    "test_pages.py",
    "test_lectures.py",
    "test_every_widget.py",
    "test_screens.py",
    "test_pdf.py",
    "test_hostile_states.py",
    "test_new_widget.py",
    "test_states_in_both.py",
    "test_draw_digit.py",
]
# Tests that open pages of their own go to any worker; of one function, they share pages.
ALONE = {
    "test_screens.py",
    "test_pages.py",
    "test_lectures.py",
    "test_hostile_states.py",
    "test_states_in_both.py",
}
BY_FUNCTION = {"test_every_widget.py"}


class ByFile(LoadFileScheduling):
    """The tests of a file share fixtures, and so a worker; but some files are too long for that."""

    def _split_scope(self, nodeid):
        file = nodeid.split("::")[0].rsplit("/", 1)[-1]
        if file in ALONE:
            return nodeid
        if file in BY_FUNCTION:
            return nodeid.split("[")[0]
        return super()._split_scope(nodeid)


def pytest_xdist_make_scheduler(config, log):
    """Keep files together, in the order given below, and give them to the worker that is free."""
    config.option.loadscopereorder = False
    return ByFile(config, log)


def pytest_collection_modifyitems(items):
    """Put the longest files first, then those with the most tests."""
    tests = Counter(item.path.name for item in items)

    def place(item):
        name = item.path.name
        return (0, LONGEST.index(name)) if name in LONGEST else (1, -tests[name], name)

    items.sort(key=place)


@pytest.fixture(scope="session")
def browser():
    """One Chromium for all tests: the one in ``CHROMIUM``, or the first on the path."""
    with sync_playwright() as playwright:
        running = chromium.launch(playwright.chromium)
        yield running
        running.close()


@pytest.fixture(scope="session")
def book():
    """The folder of the built book."""
    if not (HTML / "index.html").exists():
        pytest.fail("The book is not built: run `make book` first.")
    return HTML


@pytest.fixture(scope="session")
def site(book):
    """The address of the built book in a sub-folder of a server, without a slash at the end."""
    with served(book.parent) as address:
        yield f"{address}/{book.name}"


@pytest.fixture
def visit(browser):
    """Open addresses; at the end, no page may have thrown, missed a file or called another host."""
    contexts = []
    problems = []

    def open_page(address, *, width=1280, height=900, **options):
        context = browser.new_context(viewport={"width": width, "height": height}, **options)
        contexts.append(context)
        page = watched(context, problems)
        page.goto(address)
        return page

    yield open_page
    for context in contexts:
        context.close()
    assert problems == []


@pytest.fixture(scope="session")
def workbench(tmp_path_factory):
    """Write pages that hold nothing but widgets, as the book puts them there."""
    folder = tmp_path_factory.mktemp("workbench")
    (folder / "widgets.js").write_text(bench_script(), "utf-8")
    (folder / "widgets.css").write_text(page_style() + widget_style(), "utf-8")
    for name in {need for kind in Widget.registry.values() for need in kind.resources}:
        (folder / resource_file(name)).write_text(resource_script(name), "utf-8")

    def write(*widgets, name=None):
        name = name or f"page-{len(list(folder.iterdir()))}.html"
        (folder / name).write_text(
            '<!doctype html><html lang="en"><meta charset="utf-8"><title>Widgets</title>'
            '<meta name="viewport" content="width=device-width,initial-scale=1">'
            '<link rel="stylesheet" href="widgets.css"><script defer src="widgets.js"></script>'
            f"<main>{contents(widgets)}</main></html>",
            "utf-8",
        )
        return (folder / name).as_uri()

    return write


# So many pages stay open in a worker; each is a process.
KEPT = 8


@pytest.fixture(scope="session")
def pages():
    """Pages that tests have left as they found them: {how they were opened: page}."""
    kept = {}
    yield kept
    for page in kept.values():
        page.context.close()


# As a reader does who scrolls down, and back.
WAKE_ALL = """async () => {
    const until = performance.now() + 30_000;
    for (const one of document.querySelectorAll(".cv-widget")) {
        one.scrollIntoView({ block: "center", behavior: "instant" });
        while (!("ready" in one.dataset)) {
            if (performance.now() > until) throw new Error(`${one.dataset.place} does not wake`);
            await new Promise(requestAnimationFrame);
        }
    }
    scrollTo({ top: 0, behavior: "instant" });
    await new Promise((go) => requestAnimationFrame(() => setTimeout(go)));
}"""


@pytest.fixture
def show(browser, workbench, pages):
    """Open a page with the given widgets and return it when all of them are alive.

    The widgets are new, and nothing of another test is left on the page. It may have served one
    before: starting a page takes ten times as long as starting a widget.
    """
    used = []

    def open_widgets(*widgets, query="", **options):
        how = repr(sorted(options.items()))
        if how in pages:
            one = pages.pop(how)
            one.come(widgets, query)
        else:
            one = Kept(browser, workbench, widgets, query=query, **options)
        used.append((how, one))
        page = one.page
        page.evaluate(WAKE_ALL)
        return page

    yield open_widgets
    problems = []
    for how, one in used:
        can_stay = one.uses < USES and how not in pages and (one.leave() or one.mend())
        problems += one.problems
        one.problems.clear()
        if can_stay:
            pages[how] = one
        else:
            one.context.close()
    while len(pages) > KEPT:
        pages.pop(next(iter(pages))).context.close()  # the one that was used longest ago
    assert problems == []


@pytest.fixture(scope="session")
def call_module(browser):
    """Call an exported function of a widget's module with plain arguments, in the browser."""
    page = browser.new_page()
    page.add_script_tag(content=linker_source())

    linked = set()

    def call(module, function, *arguments):
        if module not in linked:
            page.evaluate(
                """async ([sources, module]) => {
                    globalThis.linked ??= {};
                    linked[module] = await makeLinker(JSON.parse(sources))(module);
                }""",
                [json.dumps(module_sources(module)), module],
            )
            linked.add(module)
        return page.evaluate(
            "([module, name, args]) => linked[module][name](...args)",
            [module, function, list(arguments)],
        )

    yield call
    page.close()


@pytest.fixture(scope="session")
def link_modules():
    """Put all that the named modules export into one object of a page, ``m``."""

    def link(page, *names):
        sources = {}
        for name in names:
            sources |= module_sources(name)
        page.add_script_tag(content=linker_source())
        page.evaluate(
            """async ([sources, names]) => {
                const link = makeLinker(JSON.parse(sources));
                const modules = await Promise.all(names.map(link));
                globalThis.m = Object.assign(globalThis.m ?? {}, ...modules);
            }""",
            [json.dumps(sources), names],
        )

    return link
