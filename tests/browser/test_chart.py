"""The chart of losses: to scale on both axes, with labels where the lines are."""

import re

import pytest
from playwright.sync_api import expect

SHOWN = """(course, options) => {
    const chart = m.createChart(options);
    document.body.replaceChildren(chart.element);
    chart.show(course);
}"""


@pytest.fixture(scope="module")
def page(browser, link_modules):
    page = browser.new_page()
    link_modules(page, "card/chart.mjs")
    yield page
    page.close()


@pytest.fixture(scope="module")
def run(page):
    """Run a function in the browser, on plain values; ``m`` has what the module exports."""
    return lambda script, *arguments: page.evaluate(f"(a) => ({script})(...a)", list(arguments))


def points(path):
    """Return the points of a path, piece by piece."""
    pieces = [piece.split("L") for piece in path.split("M")[1:]]
    return [[[float(number) for number in point.split()] for point in piece] for piece in pieces]


# A plot goes from 2 (top) to 98 (bottom): half of the height is 50, a third from the top 34.
@pytest.mark.parametrize(
    ("losses", "scale", "low", "high", "ends"),
    [
        ([4, 2, 1], "linear", 0, 4, ([0, 2], [100, 74])),
        ([1, 0.1, 0.01], "log", 0.01, 10, ([0, 34], [100, 98])),
        ([0.5, 0, 0.05], "log", 0.01, 1, ([0, 16.45], [100, 64.45])),
        ([0, 0], "linear", 0, 1, ([0, 98], [100, 98])),
        ([1, 1e-30], "log", 1e-15, 10, ([0, 8], [100, 98])),
    ],
)
def test_lines_are_to_scale(run, losses, scale, low, high, ends):
    bounds = run("(lines, scale) => m.boundsOf(lines, scale)", [{"values": losses}], scale)
    assert (bounds["low"], bounds["high"]) == pytest.approx((low, high), rel=1e-9)
    script = "(line, end, bounds) => m.linePath(line, end, bounds)"
    [line] = points(run(script, {"values": losses}, len(losses) - 1, bounds))
    assert line[0] == pytest.approx(ends[0], abs=0.02)
    assert line[-1] == pytest.approx(ends[1], abs=0.02)


def test_a_line_has_gaps_where_there_are_no_numbers(run):
    script = """(end) => {
        const values = [2, 1, NaN, 1, Infinity, 2, 0];
        return m.linePath({ values }, end, m.boundsOf([{ values }], "linear"));
    }"""
    assert points(run(script, 6)) == [
        [[0, 2], [16.67, 50]],
        [[50, 50]],
        [[83.33, 2], [100, 98]],
    ]


def test_a_line_that_has_not_reached_the_end_stops_on_its_way(run):
    script = "(line, end, bounds) => m.linePath(line, end, bounds)"
    bounds = {"low": 0, "high": 1, "scale": "linear"}
    line = {"values": [1, 1, 1, 9], "length": 3, "every": 5}
    assert points(run(script, line, 40, bounds)) == [[[0, 2], [12.5, 2], [25, 2]]]
    assert run(script, {"values": [1]}, 40, bounds) == ""


def test_a_long_line_has_few_points_and_its_last(run):
    script = """(count) => {
        const values = Array.from({ length: count }, (_, i) => i);
        return m.linePath({ values }, count - 1, m.boundsOf([{ values }], "linear"));
    }"""
    [line] = points(run(script, 10_000))
    assert 200 <= len(line) <= 258
    assert line[0] == [0, 98]
    assert line[-1] == [100, 2]


@pytest.mark.parametrize(
    ("low", "high", "scale", "labels"),
    [
        (0, 2.5, "linear", ["0", "2.5"]),
        (0, 1.3e-7, "linear", ["0", "1.3·10⁻⁷"]),
        (1e-6, 10, "log", ["10⁻⁶", "10⁻⁴", "10⁻²", "1"]),
        (0.1, 1, "log", ["10⁻¹", "1"]),
        (1, 1e4, "log", ["1", "10²", "10⁴"]),
        (1e-16, 1, "log", ["10⁻¹⁶", "10⁻¹¹", "10⁻⁶", "10⁻¹"]),
    ],
)
def test_labels_stand_at_round_numbers(run, low, high, scale, labels):
    ticks = run("(bounds) => m.ticksOf(bounds)", {"low": low, "high": high, "scale": scale})
    assert [label for _, label in ticks] == labels
    assert ticks[0][0] == low


def test_a_chart_tells_what_it_shows(page, run):
    first, second = {"values": [4, 1], "name": "slow"}, {"values": [4, 0.5, 2], "name": "fast"}
    options = {"label": "loss", "along": "steps", "title": "two trainings"}
    run(SHOWN, {"lines": [first, second], "end": 4, "at": 1}, options)
    expect(page.locator("figcaption")).to_have_text("two trainings")
    expect(page.locator("svg")).to_have_attribute(
        "aria-label",
        "loss by steps: slow 4 at the start, 1 after 1; fast 4 at the start, 2 after 2",
    )
    expect(page.locator(".cv-chart-ends span")).to_have_text(["0", "steps", "4"])
    expect(page.locator(".cv-chart-at")).to_have_attribute("d", re.compile(r"^M25\.00 "))
    assert page.locator(".cv-chart-line").count() == 2
    run(SHOWN, {"lines": [{"values": []}], "end": 0}, {"label": "loss", "along": "steps"})
    expect(page.locator("figcaption")).to_be_hidden()
    expect(page.locator("svg")).to_have_attribute("aria-label", "loss by steps: nothing yet")
    expect(page.locator(".cv-chart-line")).to_have_attribute("d", "")
