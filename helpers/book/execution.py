"""When the chapters are run again: their results are kept under a key of all that they depend on.

A change of style or of a page's script leaves the results alone; a change in the arithmetic, in a
widget's Python, in data or in the locked packages runs every chapter anew.
"""

import hashlib
import os
import re
import shutil
import sys
from pathlib import Path
from types import SimpleNamespace

import jupyter_cache
from sphinx.errors import ExtensionError

from helpers.datasets.mnist import find_mnist

ROOT = Path(__file__).parents[2]

# What draws in the browser: a cell's output holds a widget's state, and never its code.
_DRAWS = {".mjs", ".js", ".css"}
_OWN_CACHE = re.compile(r"\.jupyter_cache-[0-9a-f]{16}")


def key_files(root=ROOT):
    """Return the files, in order, that a chapter's results depend on besides the chapter itself.

    They are all of ``helpers`` but what builds the pages and what only draws in the browser, and
    the lock.
    """
    package = root / "helpers"
    files = [
        path
        for path in sorted(package.rglob("*"))
        if path.is_file()
        and path.suffix not in _DRAWS
        and "__pycache__" not in path.parts
        and package / "book" not in path.parents
    ]
    lock = root / "requirements.txt"
    return files + [lock] * lock.exists()


def execution_key(root=ROOT):
    """Return a hash of the names and contents of `key_files`, as 16 hexadecimal digits.

    With MNIST on this machine the chapters show MNIST, so its file counts too.
    """
    files = {path.relative_to(root).as_posix(): path for path in key_files(root)}
    if (mnist := find_mnist()) and mnist[0].is_file():
        files["MNIST"] = mnist[0]
    return digest_of(files)


def digest_of(files):
    """Return a hash of {name: path}, names and contents, as 16 hexadecimal digits."""
    digest = hashlib.sha256()
    for name, path in files.items():
        content = path.read_bytes()
        digest.update(f"{name}\0{len(content)}\0".encode())
        digest.update(content)
    return digest.hexdigest()[:16]


def use_cache(app, config):
    """Keep results beside the output, under their key, and drop those under a former key.

    A cache of another name is not the book's, and stays.
    """
    cache = Path(app.outdir).parent / f".jupyter_cache-{execution_key()}"
    for old in cache.parent.glob(".jupyter_cache-*"):
        if old != cache and _OWN_CACHE.fullmatch(old.name):
            shutil.rmtree(old, ignore_errors=True)
    config.nb_execution_cache_path = str(cache)


def quiet_cache(path):
    """Open a cache that keeps no execution which wrote a warning: what is wrong may pass.

    A cell that fails is never kept; one that only warns fails the strict build just as much, and
    would go on doing so when the reason is long gone.
    """
    cache = jupyter_cache.get_cache(path)
    keep = cache.cache_notebook_bundle

    def keep_if_quiet(bundle, **options):
        outputs = (out for cell in bundle.nb.cells for out in cell.get("outputs", []))
        if any(out.get("name") == "stderr" for out in outputs):
            return SimpleNamespace(pk="not kept, since a cell wrote a warning")
        return keep(bundle, **options)

    cache.cache_notebook_bundle = keep_if_quiet
    return cache


def settle_home(folder):
    """Give programs a place for their own files where the home folder cannot be written.

    Jupyter would not start, and Matplotlib would warn in every chapter that draws.
    """
    if os.access(Path.home(), os.W_OK):
        return
    for name in ("MPLCONFIGDIR", "IPYTHONDIR", "JUPYTER_RUNTIME_DIR", "XDG_CACHE_HOME"):
        place = Path(folder) / ".home" / name.lower()
        place.mkdir(parents=True, exist_ok=True)
        os.environ.setdefault(name, str(place))


def refuse_optimized():
    """Refuse a Python that drops what pages show and chapters check, and so would keep it too."""
    if sys.flags.optimize:
        raise ExtensionError(
            "this Python leaves out docstrings and assertions, which pages show and chapters rely "
            "on: unset PYTHONOPTIMIZE, leave out -O or -OO, and build again"
        )


_held = {}  # the locks of the builds that run in this process


def lock_build(folder):
    """Refuse a second build into the same folder while the first is running.

    The lock goes with the process, so that a build that was interrupted leaves none.
    """
    try:
        import fcntl
    except ImportError:  # Windows
        return
    Path(folder).mkdir(parents=True, exist_ok=True)
    path = Path(folder).resolve() / ".lock"
    if path in _held:
        return
    file = path.open("w")
    try:
        fcntl.flock(file, fcntl.LOCK_EX | fcntl.LOCK_NB)
    except OSError:
        file.close()
        raise ExtensionError(
            f"another build is writing to {path.parent}: wait until it has ended"
        ) from None
    _held[path] = file


def unlock_build(folder):
    """Let the next build begin."""
    file = _held.pop(Path(folder).resolve() / ".lock", None)
    if file:
        file.close()
