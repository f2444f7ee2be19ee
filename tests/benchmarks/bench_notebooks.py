"""Run every notebook from top to bottom on one core, and print its seconds and its peak memory.

Seconds on the clock are those of a machine that may have other work; seconds of the processor are
the notebook's own. Both count from the first cell to the last, imports included; how long the
kernel took to start stands beside them. Memory is the peak of the kernel's process, and of those
that it started and waited for, if one of them was larger. Names of notebooks choose some.

    python tests/benchmarks/bench_notebooks.py [--write FILE.json] [--core 0] [NAME ...]
"""

import argparse
import json
import os
import platform
import sys
import time
from pathlib import Path

import nbformat
from nbclient import NotebookClient

from helpers.datasets.mnist import find_mnist

ROOT = Path(__file__).parents[2]
SECONDS, MEGABYTES = 60, 2000  # what Binder's smallest machines allow a notebook
# One line on the output, after the last cell: what the kernel's process has used so far.
USED = """
def _used():
    import json, resource, sys
    own, others = (resource.getrusage(w) for w in (resource.RUSAGE_SELF, resource.RUSAGE_CHILDREN))
    scale = 1 if sys.platform == "darwin" else 1024
    peak = own.ru_maxrss * scale
    try:  # what getrusage says on Linux may be the parent's, from before the kernel was there
        with open("/proc/self/status") as lines:
            peak = next(int(line.split()[1]) for line in lines if line.startswith("VmHWM")) * 1024
    except OSError:
        pass
    print(json.dumps({
        "cpu_seconds": own.ru_utime + own.ru_stime + others.ru_utime + others.ru_stime,
        "peak_bytes": max(peak, others.ru_maxrss * scale),
    }))
_used()
"""


def measure(path):
    """Return what a notebook takes: a dict of seconds, cpu_seconds, kernel_seconds, peak_bytes."""
    notebook = nbformat.read(path, as_version=4)
    client = NotebookClient(notebook, resources={"metadata": {"path": str(path.parent)}})
    began = time.perf_counter()
    with client.setup_kernel():
        started = time.perf_counter()
        before = ask(client)
        start = time.perf_counter()
        for index, cell in enumerate(notebook.cells):
            client.execute_cell(cell, index)
        seconds = time.perf_counter() - start
        used = ask(client)
    return {
        "seconds": round(seconds, 1),
        "cpu_seconds": round(used["cpu_seconds"] - before["cpu_seconds"], 1),
        "kernel_seconds": round(started - began, 1),
        "peak_bytes": used["peak_bytes"],
    }


def ask(client):
    """Return what the kernel says of itself."""
    cell = nbformat.v4.new_code_cell(USED)
    client.nb.cells.append(cell)
    client.execute_cell(cell, len(client.nb.cells) - 1)
    client.nb.cells.pop()
    return json.loads(cell.outputs[0]["text"])


def chosen(names):
    """Return the notebooks of the book, or those whose name begins with one of the names."""
    found = [ROOT / "index.ipynb", *sorted((ROOT / "chapters").glob("*.ipynb"))]
    return [path for path in found if not names or path.stem.startswith(tuple(names))]


def main():
    """Print one row a notebook; end with 1 if one of them is over its budget."""
    parser = argparse.ArgumentParser(description=__doc__.split("\n")[0])
    parser.add_argument("names", nargs="*")
    parser.add_argument("--core", type=int, default=0, help="the only core that may be used")
    parser.add_argument("--write", type=Path, help="a JSON file to keep the figures in")
    options = parser.parse_args()
    if hasattr(os, "sched_setaffinity"):
        os.sched_setaffinity(0, {options.core})  # the kernels inherit it
    # As a container with one core has it; libraries ask the machine how many there are.
    os.environ.update(dict.fromkeys(["OMP_NUM_THREADS", "OPENBLAS_NUM_THREADS"], "1"))

    kept = {"notebooks": {}}
    if options.write and options.write.exists():  # the others stay
        kept = json.loads(options.write.read_text("utf-8"))
    digits = "MNIST" if find_mnist() else "embedded"
    kept |= {"python": platform.python_version(), "system": platform.system(), "digits": digits}
    over = []
    print(f"{'notebook':28} {'s':>6} {'CPU s':>6} {'start s':>8} {'peak MB':>8}")
    for path in chosen(options.names):
        row = kept["notebooks"][path.stem] = measure(path)
        print(
            f"{path.stem:28} {row['seconds']:6.1f} {row['cpu_seconds']:6.1f} "
            f"{row['kernel_seconds']:8.1f} {row['peak_bytes'] / 1e6:8.0f}",
            flush=True,
        )
        if row["cpu_seconds"] > SECONDS or row["peak_bytes"] > MEGABYTES * 1e6:
            over.append(path.stem)
        if options.write:
            options.write.write_text(json.dumps(kept, indent=1) + "\n", "utf-8")
    if over:
        sys.exit(f"over {SECONDS} s of one core or {MEGABYTES} MB: {', '.join(over)}")
    print(f"all within {SECONDS} s of one core and {MEGABYTES} MB")


if __name__ == "__main__":
    main()
