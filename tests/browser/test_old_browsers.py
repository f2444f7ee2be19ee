"""Methods that the oldest browsers lack are made up for, and nothing stops their parsers."""

import re
from pathlib import Path

from playwright.sync_api import expect

from helpers.widgets import Convolve1D, OutputSize, Pooling

HELPERS = Path(__file__).parents[2] / "helpers"
WIDGETS, PAGE = HELPERS / "widgets", HELPERS / "book" / "page"

FORGET = """
    for (const name of ["at", "with", "findLast", "findLastIndex", "toReversed", "toSpliced"]) {
        delete Array.prototype[name];
        delete Object.getPrototypeOf(Uint8Array.prototype)[name];
    }
    delete String.prototype.at;
    delete Object.hasOwn;
"""

# Methods that came later than the oldest browsers, and that the linker does not make up for.
TOO_NEW = (
    r"\.toSorted\(|structuredClone\(|Object\.groupBy\(|Array\.fromAsync\(|\(\?<[=!]|"
    r"Promise\.withResolvers\(|crypto\.randomUUID\(|\.checkVisibility\("
)


def test_widgets_work_without_methods_that_old_browsers_lack(visit, workbench):
    page = visit("about:blank")
    page.add_init_script(FORGET)
    page.goto(workbench(Convolve1D(signal=[1, 2], kernel=[1, 1]), OutputSize(), Pooling()))
    for card in page.locator(".cv-widget").all():
        card.scroll_into_view_if_needed()
        card.and_(page.locator("[data-ready]")).wait_for()
    first = page.locator(".cv").first
    first.get_by_label("x[1]", exact=True).fill("5")
    first.get_by_role("button", name="(right arrow)").click()
    expect(first.locator(".cv-say")).to_contain_text("= 6")
    found = page.evaluate(
        """() => [[1, 2, 3].at(-1), new Uint8Array([1, 2]).with(0, 7).join(), "abc".at(1),
                  [1, 2, 3].toSpliced(1, 1, 9).join(), [1, 2].toReversed().join(),
                  [1, 2, 3].findLast((n) => n < 3), [1, 2, 3].findLastIndex((n) => n > 9),
                  [1, 2, 3].findLastIndex((n) => n < 3), Object.hasOwn({ a: 1 }, "a")]"""
    )
    assert found == [3, "7,2", "b", "1,9,3", "2,1", 2, -1, 1, True]


def test_no_module_uses_what_is_newer():
    files = [
        p for folder in (WIDGETS, PAGE) for kind in ("mjs", "js") for p in folder.rglob(f"*.{kind}")
    ]
    assert {"search.mjs", "find.js", "frame.mjs"} <= {path.name for path in files}
    uses = [
        f"{path.relative_to(HELPERS)}: {match[0]}"
        for path in sorted(files)
        for match in re.finditer(TOO_NEW, path.read_text("utf-8"))
    ]
    assert uses == []
