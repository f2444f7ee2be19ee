"""The JavaScript and the styles of the widgets, read from their folders and joined.

A notebook loads a widget's module from a Blob URL, and a page opened from disk cannot load relative
modules at all: so ``linker.js`` makes a Blob of every module that a widget imports, in both homes.
"""

import json
import posixpath
import re
from functools import cache
from pathlib import Path

FOLDER = Path(__file__).parent

_IMPORT = re.compile(r"""(?:from|import)\s*["'](\.{1,2}/[\w./-]+\.(?:mjs|json))["']""")


@cache
def linker_source():
    """Return the JavaScript function ``makeLinker``, shared by both homes."""
    return (FOLDER / "linker.js").read_text("utf-8")


@cache
def module_sources(entry, folder=None):
    """Return ``{file name: source}`` of a widget module and of all that it imports.

    Parameters
    ----------
    entry : str
        Path of the module relative to the folder, such as ``"convolve1d/widget.mjs"``.
    folder : pathlib.Path, optional
        Where the names begin; the folder of the widgets unless given.

    Returns
    -------
    dict of str to str
        In the order in which they are found; the entry comes first.

    Raises
    ------
    FileNotFoundError
        If a module imports a file that does not exist.
    """
    sources = {}
    waiting = [entry]
    while waiting:
        name = waiting.pop()
        if name in sources:
            continue
        sources[name] = _as_module((folder or FOLDER) / name)
        for target in _IMPORT.findall(sources[name]):
            # By names alone: the folder may be reached by a link or a mapped drive.
            waiting.append(posixpath.normpath(posixpath.join(posixpath.dirname(name), target)))
    return sources


def _as_module(path):
    """Return the source of a module; a JSON file is one whose default export is what it holds."""
    text = path.read_text("utf-8")
    return f"export default {text.strip()};\n" if path.suffix == ".json" else text


def style_sources(names):
    """Return the style sheet of the card followed by those of the named widgets, as one text."""
    shared = (FOLDER / "card" / "card.css").read_text("utf-8")
    return "\n".join([shared, own_styles(names)])


def own_styles(names):
    """Return the style sheets of the named widgets without the shared one, as one text."""
    paths = [FOLDER / name / "widget.css" for name in names]
    return "\n".join(path.read_text("utf-8") for path in paths if path.exists())


def live_module(name):
    """Return the ES module that anywidget loads for the widget ``name``."""
    entry = f"{name}/widget.mjs"
    return (
        f"{linker_source()}\n"
        f"const link = makeLinker({json.dumps(module_sources(entry))});\n"
        f"const widget = await link({json.dumps(entry)});\n"
        "export default widget.default;\n"
    )
