"""What the theme does when a page opens, done once instead of many times.

A chapter has ten thousand elements. A browser looks up the style of every one again when the root's
`data-theme` changes, or when something is put into a section that a rule with `:has()` looks into
and goes on from; and it lays the page out again for each size that is read after a change. So the
colours are settled before the page is read, and the sizes are read before anything is changed.
"""

import re
from pathlib import Path

from sphinx.errors import ExtensionError

SCRIPT = Path("_static", "scripts", "pydata-sphinx-theme.js")

_UNSETTLED = re.compile(r"document\.documentElement\.dataset\.theme = localStorage\b[^;]*;")
SETTLED = (
    'document.documentElement.dataset.theme = ["light", "dark"].find('
    "(one) => one === document.documentElement.dataset.mode) ?? "
    '(matchMedia("(prefers-color-scheme: dark)").matches ? "dark" : "light");'
)

_WIDE = "e.scrollWidth>e.clientWidth||e.scrollHeight>e.clientHeight?0:-1"
_IN_TURN = re.compile(
    r"(document\.querySelectorAll\(\[[^]]+\]\.join\(\", \"\)\))"
    + re.escape(f".forEach(e=>{{e.tabIndex={_WIDE}}})")
)
_AT_ONCE = f"[...\\1].map(e=>[e,{_WIDE}]).forEach(([e,t])=>{{e.tabIndex===t||(e.tabIndex=t)}})"
_AT_LOAD = 'window.addEventListener("load",I)'
_ON_ARRIVAL = (
    'window.addEventListener("load",()=>Promise.resolve(globalThis.bookArrival?.over).then(I))'
)


def settled(page):
    """Return a page that knows its colours from the start, as the theme's script finds them later.

    Examples
    --------
    >>> page = 'document.documentElement.dataset.theme = localStorage.getItem("theme") || "auto";'
    >>> "matchMedia" in settled(page)
    True
    """
    return _UNSETTLED.sub(SETTLED, page)


def calmed(script):
    """Return the theme's script, which gives tab stops to what scrolls after all is measured.

    It does so when the whole page is there (`arrival`).

    Raises
    ------
    ExtensionError
        If the script has no such place: another version of the theme.
    """
    script, count = _IN_TURN.subn(_AT_ONCE, script)
    script = script.replace(_AT_LOAD, _ON_ARRIVAL)
    if (not count and "e.tabIndex===t||" not in script) or _ON_ARRIVAL not in script:
        raise ExtensionError(f"The theme no longer gives tab stops as {SCRIPT} used to")
    return script


def calm(app, exception):
    """Change the theme's script in the built book."""
    if exception or app.builder.format != "html":
        return
    path = Path(app.outdir) / SCRIPT
    script = path.read_text("utf-8")
    path.write_text(calmed(script), "utf-8")
