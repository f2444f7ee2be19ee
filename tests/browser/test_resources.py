"""Large data that a widget asks for: on a built page, and in a notebook."""

import base64
import re

import numpy as np
import pytest
from hands import frames
from playwright.sync_api import expect

from helpers.book import page_style, resource_file, resource_script, scripts, widget_script
from helpers.datasets import load_digits
from helpers.widgets import Convolve1D
from helpers.widgets.modules import module_sources
from helpers.widgets.resources import resource_bytes

# A widget of one line: how many bytes came.
MODULE = """
import { h } from "../card/dom.mjs";
import { defineWidget } from "../card/frame.mjs";
import { bringResource } from "../card/resources.mjs";
export default defineWidget({
  name: "Convolve1D", title: "Bytes", state: [], parts: {}, compute: () => ({}),
  build(card) {
    const line = h("p.bytes", {}, "0");
    card.stage.append(line);
    const take = (bytes) => (line.textContent = String(bytes.length));
    bringResource(card, "digits", "the digits", take);
    return () => {};
  },
});
"""

# What a notebook's front end gives each view of one model; Python hears `sent`, and answers all.
LIVE = """() => {
    const heard = new Set();
    globalThis.sent = [];
    globalThis.view = () => ({
        on: (event, act) => event === "msg:custom" && heard.add(act),
        off: (event, act) => heard.delete(act),
        send: (content) => sent.push(content),
    });
    globalThis.answer = (content, buffers) => [...heard].forEach((act) => act(content, buffers));
    globalThis.listening = () => heard.size;
    globalThis.awaitPicture = () => () => {};
}"""


@pytest.fixture
def folder(tmp_path, monkeypatch):
    """A folder with a page of two such widgets far below the first screen."""
    monkeypatch.setattr(Convolve1D, "resources", ("digits",))

    def sources(entry):
        if entry != "convolve1d/widget.mjs":
            return module_sources(entry)
        return {
            **module_sources("card/frame.mjs"),
            **module_sources("card/resources.mjs"),
            entry: MODULE,
        }

    monkeypatch.setattr(scripts, "module_sources", sources)
    (tmp_path / "static").mkdir()
    (tmp_path / "static" / "widgets.js").write_text(widget_script(["Convolve1D"]), "utf-8")
    file = tmp_path / "static" / resource_file("digits")
    file.write_text(resource_script("digits"), "utf-8")
    form = (
        '<div class="cv-widget" data-widget="Convolve1D">'
        '<script type="application/json">{"goal": {}, "hide": [], "title": ""}</script></div>'
    )
    (tmp_path / "page.html").write_text(
        f'<!doctype html><html lang="en"><meta charset="utf-8"><title>Bytes</title>'
        f"<style>{page_style()}</style>"
        '<script defer src="static/widgets.js"></script>'
        f'<div style="height: 3000px"></div>{form}{form}',
        "utf-8",
    )
    return tmp_path


@pytest.fixture
def page(browser):
    context = browser.new_context(viewport={"width": 800, "height": 600})
    page = context.new_page()
    page.problems = []
    page.on("pageerror", lambda error: page.problems.append(str(error)))
    yield page
    context.close()


def test_the_script_holds_the_bytes():
    held = re.search(r'= "([\w+/=]+)";', resource_script("digits"))[1]
    assert base64.b64decode(held) == resource_bytes("digits")


def test_from_disk_the_file_comes_once_and_only_when_the_widgets_are_near(page, folder):
    asked = []
    page.on("request", lambda request: asked.append(request.url))
    page.goto((folder / "page.html").as_uri())
    frames(page, 5)  # by then it is known what is near
    assert not any("resource" in url for url in asked)
    page.locator(".cv-widget").last.scroll_into_view_if_needed()
    size = str(len(resource_bytes("digits")))
    expect(page.locator(".bytes")).to_have_text([size, size])
    assert sum("resource" in url for url in asked) == 1
    expect(page.locator(".cv-bringing")).to_have_count(0)
    assert page.evaluate("Object.keys(globalThis.bookResources)") == []
    assert page.problems == []


def test_a_missing_file_is_told_and_the_rest_goes_on(page, folder):
    file = folder / "static" / resource_file("digits")
    there = file.rename(folder / "elsewhere.js")
    page.goto((folder / "page.html").as_uri())
    page.locator(".cv-widget").first.scroll_into_view_if_needed()
    first = page.locator(".cv").first
    expect(first.locator(".cv-bringing")).to_contain_text(f"{file.name}, which belongs to this")
    expect(first.locator(".bytes")).to_have_text("0")
    there.rename(file)
    first.get_by_role("button", name="try again").click()
    expect(first.locator(".bytes")).to_have_text(str(len(resource_bytes("digits"))))
    expect(first.locator(".cv-bringing")).to_have_count(0)
    assert page.problems == []


@pytest.fixture
def live(page, link_modules):
    link_modules(page, "card/resources.mjs", "card/dom.mjs", "arithmetic/digits.mjs")
    page.evaluate(LIVE)
    return page


def test_in_a_notebook_python_is_asked_and_two_views_hear_the_answer(live):
    found = live.evaluate(
        """async () => {
            const waits = [view(), view()].map((model) => m.resource(model, "digits"));
            answer({ resource: "other" }, []);
            const whole = Uint8Array.of(9, 1, 2, 3, 9).buffer;
            answer({ resource: "digits" }, [new DataView(whole, 1, 3)]);
            const both = (await Promise.all(waits)).map((bytes) => [...bytes]);
            const third = await m.resource(view(), "digits");
            return { both, same: third.length, sent, listening: listening() };
        }"""
    )
    assert found["both"] == [[1, 2, 3], [1, 2, 3]]
    assert found["sent"] == [{"resource": "digits"}] * 2  # and the third had it already
    assert found["same"] == 3
    assert found["listening"] == 0


def test_a_problem_of_python_is_shown_and_asked_again(live):
    live.evaluate(
        """() => {
            const stage = document.body.appendChild(m.h("div"));
            globalThis.gone = [];
            const card = { stage, model: view(), onDispose: (act) => gone.push(act), awaitPicture };
            const take = (bytes) => (globalThis.taken = bytes.length);
            m.bringResource(card, "digits", "the digits", take);
        }"""
    )
    note = live.locator(".cv-bringing")
    expect(note).to_have_text(re.compile("Loading the digits"))
    live.evaluate("answer({ resource: 'digits', problem: 'The kernel could not.' })")
    expect(note).to_contain_text("The kernel could not.")
    live.get_by_role("button", name="try again").click()
    live.evaluate("answer({ resource: 'digits' }, [new ArrayBuffer(7)])")
    live.wait_for_function("globalThis.taken === 7")
    expect(note).to_have_count(0)


def test_a_widget_that_goes_away_waits_no_longer(live):
    live.evaluate(
        """() => {
            const stage = document.body.appendChild(m.h("div"));
            const gone = [];
            const card = { stage, model: view(), onDispose: (act) => gone.push(act), awaitPicture };
            m.bringResource(card, "digits", "the digits", () => (globalThis.taken = true));
            globalThis.before = listening();
            gone.forEach((act) => act());
        }"""
    )
    assert live.evaluate("[before, listening()]") == [1, 0]
    live.evaluate("answer({ resource: 'digits' }, [new ArrayBuffer(7)])")
    assert live.evaluate("globalThis.taken") is None


def test_javascript_reads_the_digits_as_python_does(live):
    found = live.evaluate(
        """(bytes) => {
            const { train, test } = m.readDigits(Uint8Array.from(bytes));
            return [train, test].map(({ inputs, targets, labels, count }) => (
                { inputs: [...inputs], targets: [...targets], labels: [...labels], count }));
        }""",
        list(resource_bytes("digits")),
    )
    for part, (images, labels) in zip(found, load_digits(), strict=True):
        assert part["count"] == len(images)
        assert part["labels"] == labels.tolist()
        assert part["inputs"] == pytest.approx((images / 255).ravel(), abs=0.5 / 255)
        rows = [part["targets"][i : i + 10] for i in range(0, len(part["targets"]), 10)]
        assert (np.array(rows) == np.eye(10)[labels]).all()
    with pytest.raises(Exception, match="The file of the digits is damaged: 5 bytes"):
        live.evaluate("m.readDigits(Uint8Array.of(9, 0, 0, 0, 1))")
