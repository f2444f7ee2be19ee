"""When the chapters are run again: their results are kept under a key of all that they depend on.

A change of style or of a page's script leaves the results alone; a change in the arithmetic, in a
widget's Python, in data or in the locked packages runs every chapter anew.
"""

import hashlib
import re
import shutil
from pathlib import Path

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
    digest = hashlib.sha256()
    files = {path.relative_to(root).as_posix(): path for path in key_files(root)}
    if (mnist := find_mnist()) and mnist[0].is_file():
        files["MNIST"] = mnist[0]
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
