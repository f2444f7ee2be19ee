"""What axe finds on a page that would keep somebody from using it."""

from axe_playwright_python.sync_playwright import Axe
from hands import settle


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


def barriers_in_both_schemes(page, widths=(), without=()):
    """Return what `barriers` finds in light and dark, in all the widths if any are given.

    Nothing but contrast depends on the colours.
    """
    found = []
    for width in widths or [page.viewport_size["width"]]:
        page.set_viewport_size({**page.viewport_size, "width": width})
        for scheme, rules in [("light", None), ("dark", ["color-contrast", "link-in-text-block"])]:
            page.emulate_media(color_scheme=scheme)
            settle(page.locator("html"))
            options = {"runOnly": rules} if rules else {}
            found += [(scheme, width, *one) for one in barriers(page, without, **options)]
    return found
