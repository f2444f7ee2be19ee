"""Try the book's package in an environment with the versions that Colab has (`colab.txt`).

The first cell of a notebook brings the package, as it does in Colab; what pip changed is printed,
and no package that Colab's own kernel runs on may be among it. Then every widget is spoken to in a
kernel there (`tests/widgets/test_in_a_kernel.py`), and notebooks run from top to bottom.

    python scripts/like_colab.py --python python3.13 [--folder EMPTY] [NOTEBOOK ...]
"""

import argparse
import contextlib
import json
import os
import shutil
import subprocess
import sys
import tempfile
import time
from pathlib import Path

ROOT = Path(__file__).parents[1]
NOTEBOOKS = ["01-convolution-1d", "live-notebook"]
KERNELS_OWN = ["ipykernel", "ipython", "ipywidgets", "jupyter-client", "keras", "numpy", "notebook"]
KERNELS_OWN += ["pyzmq", "tensorflow", "tornado", "traitlets"]
EXECUTE = """
import sys, nbformat
from nbclient import NotebookClient
notebook = nbformat.read(sys.argv[1], as_version=4)
NotebookClient(notebook, timeout=1200, store_widget_state=False).execute()
views = [o for c in notebook.cells for o in c.get("outputs", [])
         if "application/vnd.jupyter.widget-view+json" in o.get("data", {})]
print(len(views), "widgets shown")
"""


def main():
    """Make the environment, and try everything in it."""
    parser = argparse.ArgumentParser(description=__doc__.split("\n")[0])
    parser.add_argument("notebooks", nargs="*", default=NOTEBOOKS, metavar="NOTEBOOK")
    parser.add_argument("--python", default="python3.13", help="the Python that Colab has")
    parser.add_argument("--folder", type=Path, help="a folder that stays; one made before is used")
    options = parser.parse_args()
    stays = options.folder and contextlib.nullcontext(options.folder)
    with stays or tempfile.TemporaryDirectory(prefix="like-colab-") as work:
        attempt(Path(work).resolve(), options.python, options.notebooks)


def attempt(work, python, notebooks):
    """Try the last commit in an environment in the folder `work`."""
    venv, lone = work / "venv", work / "lone"
    environment = {name: value for name, value in os.environ.items() if name != "PYTHONPATH"}
    environment |= {"PATH": f"{venv / 'bin'}{os.pathsep}{os.environ['PATH']}"}
    environment |= {"PIP_DISABLE_PIP_VERSION_CHECK": "1", "TF_CPP_MIN_LOG_LEVEL": "2"}

    def run(called, *command, cwd=work):
        start = time.perf_counter()
        done = subprocess.run(
            command, cwd=cwd, env=environment, check=False,
            stdout=subprocess.PIPE, stderr=subprocess.STDOUT, text=True,
        )  # fmt: skip
        print(f"{time.perf_counter() - start:7.1f} s   {called}", flush=True)
        if done.returncode:
            sys.exit(f"{done.stdout[-4000:]}\nfailed: {called}")
        return done.stdout.strip().splitlines()

    def versions():
        listed = run("pip list", "python", "-m", "pip", "list", "--format=freeze")
        pairs = [line.split("==") for line in listed if "==" in line]
        return {name.lower().replace("_", "-"): version for name, version in pairs}

    if not (venv / "ready").exists():
        run("an empty environment", python, "-m", "venv", "--clear", venv)
        pip = ["python", "-m", "pip", "install", "--quiet"]
        run("what Colab has", *pip, "-r", ROOT / "scripts" / "colab.txt", "pytest")
        (venv / "ready").touch()
    shutil.rmtree(lone, ignore_errors=True)
    lone.mkdir()
    source = work / "book-main.zip"
    archive = ["git", "-C", ROOT, "archive", "--format=zip", "--prefix=book-main/"]
    run("an archive of the last commit", *archive, "-o", source, "HEAD")
    run("no book", "python", "-m", "pip", "uninstall", "--quiet", "--yes", "convolution-book")

    before = versions()
    text = (ROOT / "chapters" / f"{NOTEBOOKS[0]}.ipynb").read_text("utf-8")
    cells = [cell for cell in json.loads(text)["cells"] if cell["cell_type"] == "code"]
    guard = "".join(cells[0]["source"]).replace('find_book("")', f'find_book("{source}")')
    (lone / "first_cell.py").write_text(guard, "utf-8")
    run("the first cell", "python", "first_cell.py", cwd=lone)
    after = versions()
    changed = {name: version for name, version in after.items() if before.get(name) != version}
    for name, version in sorted(changed.items()):
        print(f"            {name} {before.get(name, '(missing)')} -> {version}")
    if touched := sorted(set(changed) & set(KERNELS_OWN)):
        sys.exit(f"a running kernel would break: {', '.join(touched)}")

    shutil.copy(ROOT / "tests" / "widgets" / "test_in_a_kernel.py", lone)
    test = ["python", "-m", "pytest", "-q", "--disable-warnings", "-p", "no:cacheprovider"]
    print(f"            {run('every widget in a kernel', *test, cwd=lone)[-1]}")
    (lone / "execute.py").write_text(EXECUTE, "utf-8")
    for name in notebooks:
        shutil.copy(ROOT / "chapters" / f"{name}.ipynb", lone)
        print(f"            {run(name, 'python', 'execute.py', f'{name}.ipynb', cwd=lone)[-1]}")


if __name__ == "__main__":
    main()
