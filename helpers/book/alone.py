"""A notebook that left the book: the cell that finds the book's package, or says what to type.

Only the copies that the pages offer for download get it. In the checkout the package is installed,
and a chapter begins with its own first cell.
"""

import json

CELL = """\
# Only in a notebook on its own: this cell looks for the book's package.
def has_package():
    try:
        import helpers.widgets
    except ImportError:
        return False
    return True

if not has_package():
    import importlib, subprocess, sys

    if not SOURCE:
        raise ImportError(
            "The book's package `helpers` is not installed here. Type %pip install BOOK into a "
            "cell, with BOOK replaced by the folder of the book that holds pyproject.toml, run it, "
            "and restart the kernel."
        )
    print(f"Installing the book's package from {SOURCE}. This takes some minutes.")
    subprocess.run([sys.executable, "-m", "pip", "install", "--quiet", SOURCE])
    importlib.invalidate_caches()
    for name in [name for name in sys.modules if name.split(".")[0] == "helpers"]:
        del sys.modules[name]
    if not has_package():
        raise ImportError(
            f"The book's package could not be installed. Type %pip install {SOURCE} into a cell, "
            "run it, read what it says, and restart the kernel. A file or folder named `helpers` "
            "beside this notebook hides the package: rename it."
        )
"""


def source_of(address, branch):
    """Return what pip can install a repository on GitHub from, without git; "" where none is known.

    Examples
    --------
    >>> source_of("https://github.com/someone/book", "main")
    'https://github.com/someone/book/archive/main.zip'
    """
    return f"{address}/archive/{branch}.zip" if address else ""


def on_its_own(text, source):
    """Return the text of a notebook with the cell before its first code.

    Parameters
    ----------
    text : str
        A notebook file; one without code is returned as it is.
    source : str
        What pip installs the book's package from, or "" where that is not known.
    """
    notebook = json.loads(text)
    cells = notebook.get("cells", [])
    kinds = [cell["cell_type"] for cell in cells]
    if "code" not in kinds:
        return text
    first = {
        "cell_type": "code",
        "execution_count": None,
        "id": "the-books-package",
        "metadata": {"jupyter": {"source_hidden": True}},
        "outputs": [],
        "source": f"SOURCE = {source!r}\n{CELL}".splitlines(keepends=True),
    }
    cells.insert(kinds.index("code"), first)
    return json.dumps(notebook, indent=1, ensure_ascii=False) + "\n"
