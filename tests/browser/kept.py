"""Pages that hold nothing but widgets, watched, and kept for the next test while they are clean."""

from pathlib import Path

from playwright.sync_api import Error

from helpers.book import widget_script

# The host's listeners hold on to widgets that have gone: a page is not kept for ever.
USES = 60
BENCH = Path(__file__).with_name("bench.js")
LOCAL = ("file:", "blob:", "data:", "about:", "http://localhost:", "http://127.0.0.1:")


def watched(context, problems):
    """Open a page in a context; what no page may do is added to the problems."""
    page = context.new_page()
    page.on("pageerror", lambda error: problems.append(f"{page.url} threw {error}"))
    page.on(
        "console",
        lambda message: message.type == "error" and problems.append(f"{page.url}: {message.text}"),
    )
    page.on(
        "requestfailed",
        lambda request: is_left(request) or problems.append(f"{request.url} failed"),
    )
    page.on(
        "request",
        lambda request: (
            request.url.startswith(LOCAL) or problems.append(f"{page.url} called {request.url}")
        ),
    )
    return page


def is_left(request):
    """Return whether a picture was still on its way when its page was left."""
    return request.resource_type == "image" and request.failure == "net::ERR_ABORTED"


def bench_script():
    """Return the script of all widgets; its host can start again, and take away what it made."""
    script = widget_script()
    for here, there in {
        "widget.render({ model, el: container });": "(mounted.push({}), mounted.at(-1));",
        "const parameters = new URLSearchParams(location.search);": "let parameters;",
        '  if (document.readyState === "loading")': """  globalThis.startHost = () => {{
    parameters = new URLSearchParams(location.search);
    start();
  }};
  parameters = new URLSearchParams(location.search);
{}""",
    }.items():
        assert script.count(here) == 1, "the host no longer reads as the workbench expects"
        script = script.replace(here, there.format(here.rstrip(";")))
    return f"globalThis.mounted = [];\n{script}\n{BENCH.read_text('utf-8')}"


def contents(widgets):
    """Return what stands on a page of the workbench: two headings, and the widgets."""
    forms = "\n".join(widget._repr_mimebundle_()[0]["text/html"] for widget in widgets)
    return f"<h1>Widgets</h1><h2>Here</h2>{forms}"


class Kept:
    """A page of the workbench that tests use one after the other, each with widgets of its own."""

    def __init__(self, browser, workbench, widgets, *, width=1280, height=900, query="", **options):
        self.workbench, self.problems, self.uses = workbench, [], 0
        self.size = {"width": width, "height": height}
        self.media = {
            name: options.get(name, usual)
            for name, usual in [
                ("color_scheme", "light"),
                ("reduced_motion", "no-preference"),
                ("forced_colors", "none"),
            ]
        }
        self.context = browser.new_context(viewport=self.size, **options)
        self.page = watched(self.context, self.problems)
        self.page.goto(workbench())
        self.name = self.page.url.rsplit("/", 1)[1]
        self.untouched = self.page.evaluate("bench.leave()")
        self.come(widgets, query)

    def come(self, widgets, query=""):
        """Put widgets on the page; its address leads to them too, and may ask for something."""
        self.uses += 1
        self.workbench(*widgets, name=self.name)
        self.page.evaluate("(given) => bench.come(...given)", [contents(widgets), query])

    def leave(self):
        """Take the widgets away, and tell whether the page is as if they had never been there."""
        try:
            self.page.mouse.up()
            self.page.mouse.move(0, 0)
            return self.page.evaluate("bench.leave()") == self.untouched
        except Error:
            return False

    def mend(self):
        """Undo another size and other preferences; tell whether nothing else was changed.

        Only for a page without widgets, after `leave`.
        """
        try:
            self.page.set_viewport_size(self.size)
            self.page.emulate_media(media="null", **self.media)
            return self.page.evaluate(
                """async (untouched) => {
                    for (let i = 0; i < 3; i++) {
                        if (bench.leave() === untouched) return true;
                        await new Promise(requestAnimationFrame);
                    }
                    return false;
                }""",
                self.untouched,
            )
        except Error:
            return False
