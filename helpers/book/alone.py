"""A notebook that left the book: the cell that finds the book's package, brings it, or says how.

It stands before the first code of every notebook, in the repository too, since Colab opens those.
Where the package is installed, or lies beside the notebook's folder, it does nothing more. A page
is not a notebook: its source, in Markdown, has no such cell, and `make notebooks` adds it.
"""

import json

IDENTIFIER = "the-books-package"
CELL = """\
# @title Find the book's package, or bring it
def find_book(source):
    import importlib
    import os
    import re
    import socket
    import subprocess
    import sys
    from urllib.parse import unquote
    from urllib.request import urlopen

    folder = os.path.dirname(os.getcwd())
    if os.path.isdir(os.path.join(folder, "helpers", "widgets")):
        sys.path.insert(0, folder)  # a chapter uses the package that lies beside it

    def has_package():
        try:
            importlib.import_module("helpers.widgets")
        except ImportError:
            return False
        return True

    if has_package():
        return
    if not source and "google.colab" in sys.modules:
        # Colab's own server knows which file of which repository it opened.
        try:
            host = os.environ.get("COLAB_JUPYTER_IP") or socket.gethostbyname(socket.gethostname())
            port = os.environ.get("KMP_TARGET_PORT", "9000")
            with urlopen(f"http://{host}:{port}/api/sessions", timeout=9) as answer:
                opened = unquote(unquote(answer.read().decode()))
        except OSError:
            opened = ""
        place = r"github\\.com/([\\w.-]+/[\\w.-]+)/blob/([\\w./-]+?)/(?:chapters/)?[\\w-]+\\.ipynb"
        if found := re.search(place, opened):
            source = f"https://github.com/{found[1]}/archive/{found[2]}.zip"
    if not source:
        raise ImportError(
            "The book's package `helpers` is not installed here. Type %pip install BOOK into a "
            "cell, with BOOK replaced by the folder of the book that holds pyproject.toml, or by "
            "https://github.com/OWNER/REPO/archive/main.zip, run it, and restart the kernel."
        )
    print(f"Installing the book's package from {source}. This takes some minutes.")
    pip = [sys.executable, "-m", "pip", "install", "--quiet", "--disable-pip-version-check"]
    # Alone at first: what else is here may be older than the newest, and then it stays.
    subprocess.run([*pip, "--no-deps", source], capture_output=True)
    importlib.invalidate_caches()
    for name in [name for name in sys.modules if name.split(".")[0] == "helpers"]:
        del sys.modules[name]
    try:
        from helpers.environment import missing_packages
    except ImportError:  # the message below says what to do
        missing = []
    else:
        missing = missing_packages()
    if missing:
        subprocess.run([*pip, *missing], capture_output=True)
        importlib.invalidate_caches()
    if not has_package():
        raise ImportError(
            f"The book's package could not be installed. Type %pip install {source} into a cell, "
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
        A notebook file; one without code is returned as it is. If it has the cell already, that
        one goes.
    source : str
        What pip installs the book's package from, or "" where that is not known.
    """
    notebook = json.loads(text)
    cells = [cell for cell in notebook.get("cells", []) if cell.get("id") != IDENTIFIER]
    kinds = [cell["cell_type"] for cell in cells]
    if "code" not in kinds:
        return text
    first = {
        "cell_type": "code",
        "execution_count": None,
        "id": IDENTIFIER,
        "metadata": {"cellView": "form", "jupyter": {"source_hidden": True}},
        "outputs": [],
        "source": f"{CELL}find_book({json.dumps(source)})".splitlines(keepends=True),
    }
    cells.insert(kinds.index("code"), first)
    return json.dumps({**notebook, "cells": cells}, indent=1, ensure_ascii=False) + "\n"
