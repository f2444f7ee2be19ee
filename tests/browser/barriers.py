"""What axe finds on a page that would keep somebody from using it."""

from axe_playwright_python.sync_playwright import Axe


def barriers(page, without=(), **options):
    """Return each rule that is broken, where and why, outside the parts with these selectors."""
    report = Axe().run(
        page,
        context={"exclude": [[part] for part in without]},
        options={
            "preload": False,  # it looks for style sheets in the wrong folder
            "resultTypes": ["violations"],  # of what is right it need not list every element
            **options,
        },
    )
    page.evaluate("() => { delete globalThis.axe; delete globalThis['__core-js_shared__']; }")
    return [
        (violation["id"], node["html"][:160], [check["message"] for check in node["any"]])
        for violation in report.response["violations"]
        for node in violation["nodes"]
    ]
