"""A widget's own page, and another course's page that holds it in an iframe."""

import re
from types import SimpleNamespace

import pytest
from barriers import barriers
from playwright.sync_api import expect
from servers import served

from helpers.book import frames
from helpers.book.scripts import add_files
from helpers.widgets import Convolve2D, SelfCheck, number
from helpers.widgets.base import Widget

STRANGE = "</script><script>document.title = 'ran'</script>"


class App(SimpleNamespace):
    """As much of a Sphinx application as these pages need."""

    def __init__(self, folder):
        builder, config = {"format": "html"}, {"html_title": "A <Book>", "root_doc": "index"}
        super().__init__(
            outdir=folder, builder=SimpleNamespace(**builder), config=SimpleNamespace(**config)
        )

    def add_js_file(self, name, **options):
        """Nothing: there is no page of the book here."""

    add_css_file = add_js_file


@pytest.fixture(scope="module")
def folder(tmp_path_factory):
    """A folder with the pages of all classes, and of three widgets of a chapter."""
    folder = tmp_path_factory.mktemp("frames")
    app = App(folder)
    add_files(app)
    frames.add_script(app)
    check = SelfCheck([number("What?", 3, "Three.")], title=STRANGE)
    widgets = [Convolve2D(), Convolve2D(kernel=[[1, 2], [3, 4]], step=2), check]
    body = "".join(widget._repr_mimebundle_()[0]["text/html"] for widget in widgets)
    frames.add_pages(app, "chapters/03-grids", "", {"body": body}, None)
    frames.add_defaults(app, None)
    return folder


@pytest.fixture(scope="module")
def origin(folder):
    """The address of the folder on a server."""
    with served(folder) as address:
        yield address


# Another course's page: it gives each frame the height that the widget in it tells.
LISTENS = """
    globalThis.heights = {};
    addEventListener("message", ({ data, source, origin }) => {
      for (const frame of document.querySelectorAll("iframe"))
        if (frame.contentWindow === source && data?.type === "widget-height") {
          heights[frame.title] = [data.height, origin];
          frame.style.height = `${data.height}px`;
        }
    });"""


@pytest.fixture
def elsewhere(visit, tmp_path):
    """Open a page of another site that holds these frames."""
    with served(tmp_path) as address:

        def open_page(frames):
            (tmp_path / "course.html").write_text(
                f'<!doctype html><html lang="en"><meta charset="utf-8"><title>Course</title>'
                f"<script>{LISTENS}</script>{frames}</html>",
                "utf-8",
            )
            return visit(f"{address}/course.html")

        yield open_page


def test_every_class_that_needs_no_arguments_has_its_own_page(visit, folder, origin):
    classes = {name.lower() for name, kind in Widget.registry.items() if name != "SelfCheck"}
    own = {"03-grids-convolve2d", "03-grids-convolve2d-2", "03-grids-selfcheck"}
    assert {path.stem for path in (folder / "widgets").iterdir()} == classes | own
    page = visit(f"{origin}/widgets/03-grids-selfcheck.html")
    expect(page.locator("[data-widget][data-ready] .cv")).to_be_visible()
    assert page.title() != "ran"
    page.goto((folder / "widgets" / "convolve2d.html").as_uri())  # and from a disk
    page.locator("[data-widget][data-ready]").wait_for()
    assert barriers(page) == []


def test_the_panel_offers_code_that_shows_this_state_elsewhere(visit, origin, elsewhere):
    page = visit(f"{origin}/widgets/03-grids-convolve2d-2.html")
    card = page.locator("[data-widget=Convolve2D][data-ready] .cv")
    card.get_by_label("w[0, 1]", exact=True).fill("7")
    card.get_by_role("button", name="Link to this state").click()
    card.get_by_label("as an iframe for another page").check()
    code = card.get_by_label("Address of this state").last.input_value()

    sandboxed = code.replace("<iframe", '<iframe sandbox="allow-scripts"')
    other = elsewhere(code + sandboxed)
    for index in range(2):
        frame = other.locator("iframe").nth(index)
        frame.scroll_into_view_if_needed()
        inside = frame.content_frame
        inside.locator("[data-widget=Convolve2D][data-ready]").wait_for()
        expect(inside.get_by_label("w[0, 1]", exact=True)).to_have_value("7")
        before = inside.locator(".cv-say").text_content()
        inside.locator(".cv-stage").press("ArrowRight")
        expect(inside.locator(".cv-say")).not_to_have_text(before)
        # The frame has become as high as what it holds.
        told = re.compile(r"^\d+px$")
        expect(frame).to_have_css("height", told)
        inner = inside.locator("body").evaluate("body => [body.scrollHeight, innerHeight]")
        assert abs(inner[0] - inner[1]) <= 1


def test_every_widget_wakes_in_a_sandbox_on_another_site_and_tells_its_height(
    folder, origin, elsewhere
):
    names = sorted(path.stem for path in (folder / "widgets").iterdir())
    assert len(names) > 24
    embedded = "".join(
        f'<iframe sandbox="allow-scripts" src="{origin}/widgets/{name}.html?theme=dark"'
        f' title="{name}" width="700" height="10"></iframe>'
        for name in names
    )
    page = elsewhere(embedded)
    for name in names:
        frame = page.locator(f'iframe[title="{name}"]')
        frame.scroll_into_view_if_needed()
        inside = frame.content_frame.locator("[data-widget][data-ready] .cv")
        expect(inside).to_be_visible(timeout=30_000)
    page.wait_for_function("count => Object.keys(heights).length === count", arg=len(names))
    told = page.evaluate("heights")
    assert [name for name in names if told[name][0] < 200] == []
    assert {origin for _, origin in told.values()} == {"null"}  # nothing of ours is theirs


def test_every_widget_of_the_book_has_its_page(book):
    missing = []
    for page in sorted(book.glob("**/*.html")):
        counts = {}
        for name, _ in frames.CONTAINER.findall(page.read_text("utf-8")):
            if page.parent.name != "widgets":
                counts[name] = counts.get(name, 0) + 1
                number = f"-{counts[name]}" if counts[name] > 1 else ""
                missing.append(book / "widgets" / f"{page.stem}-{name.lower()}{number}.html")
    assert len(missing) > 40
    assert [path.name for path in missing if not path.exists()] == []
