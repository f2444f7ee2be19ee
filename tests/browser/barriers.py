"""What axe finds on a page that would keep somebody from using it."""

from pathlib import Path

from axe_playwright_python.base import AXE_SCRIPT
from hands import settle, unfold

# Contrast takes axe most of its time by far, and is asked of one element of each look.
MARK_LOOKS = Path(__file__).with_name("looks.js").read_text("utf-8")
RUN = """async ([context, options]) => {
    axe.configure({ rules: [{ id: "color-contrast", selector: "[data-look]" }] });
    const { violations } = await axe.run(context, options);
    for (const one of document.querySelectorAll("[data-look]")) one.removeAttribute("data-look");
    return violations;
}"""


FORGET = """() => {
    delete globalThis.axe;
    delete globalThis["__core-js_shared__"];
}"""


def look(page, without, **options):
    """Return what axe, which is on the page, finds with these options."""
    unfold(page)
    page.evaluate(MARK_LOOKS)
    context = {"exclude": [[part] for part in without]}
    options = {
        "preload": False,  # it looks for style sheets in the wrong folder
        "resultTypes": ["violations"],  # of what is right it need not list every element
        **options,
    }
    return [
        (violation["id"], node["html"][:160], [check["message"] for check in node["any"]])
        for violation in page.evaluate(RUN, [context, options])
        for node in violation["nodes"]
    ]


def barriers(page, without=(), **options):
    """Return each rule that is broken, where and why, outside the parts with these selectors."""
    page.evaluate(AXE_SCRIPT)
    found = look(page, without, **options)
    page.evaluate(FORGET)
    return found


def barriers_in_both_schemes(page, widths=(), without=()):
    """Return what `barriers` finds in light and dark, in all the widths if any are given.

    Nothing but contrast depends on the colours.
    """
    found = []
    page.evaluate(AXE_SCRIPT)
    for width in widths or [page.viewport_size["width"]]:
        page.set_viewport_size({**page.viewport_size, "width": width})
        for scheme, rules in [("light", None), ("dark", ["color-contrast", "link-in-text-block"])]:
            page.emulate_media(color_scheme=scheme)
            settle(page.locator("html"))
            options = {"runOnly": rules} if rules else {}
            found += [(scheme, width, *one) for one in look(page, without, **options)]
    page.evaluate(FORGET)
    return found
