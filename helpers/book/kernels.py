"""Notebooks run side by side, as many as the machine has cores and memory for, the longest first.

myst-nb runs a notebook when it reads its page, and so one after another. Here those that the cache
lacks are begun before the first page is read, and each page waits for its own. What comes of a run
goes the way it always went: through myst-nb, which alone writes into the cache.
"""

import json
import os
import queue
import threading
from concurrent.futures import Future
from pathlib import Path

import jupyter_cache
import myst_nb.core.execute.cache
from jupyter_cache.executors.utils import ExecutionResult, single_nb_execution
from myst_nb.core.read import create_nb_reader

ROOT = Path(__file__).parents[2]
MOST = 3  # more seldom helps: by then the longest chapter takes as long as all the others
GIBIBYTE = 2**30  # of memory for each; what a chapter may take


def how_many(cores=None, memory=None):
    """Return how many notebooks run at once: one for each core, if there is 1 GiB for each.

    ``BOOK_KERNELS`` in the environment says another number.
    """
    if asked := os.environ.get("BOOK_KERNELS"):
        return max(1, int(asked))
    if cores is None:
        affinity = getattr(os, "sched_getaffinity", None)
        cores = len(affinity(0)) if affinity else os.cpu_count() or 1
    if memory is None:
        memory = free_memory()
    return max(1, min(MOST, cores, memory // GIBIBYTE))


def free_memory(file="/proc/meminfo"):
    """Return the bytes of memory that are free, or enough for all where nobody says."""
    try:
        lines = Path(file).read_text("ascii").splitlines()
    except OSError:
        return MOST * GIBIBYTE
    return next(int(line.split()[1]) * 1024 for line in lines if line.startswith("MemAvailable"))


def known_seconds(file=ROOT / "tests" / "benchmarks" / "notebooks.json"):
    """Return the processor's seconds of each notebook by its name, as measured some time ago."""
    if not file.is_file():
        return {}
    notebooks = json.loads(file.read_text("utf-8"))["notebooks"]
    return {name: one["cpu_seconds"] for name, one in notebooks.items()}


def longest_first(docnames, seconds):
    """Return the pages by how long their notebooks take; one that nobody has measured is first."""
    return sorted(docnames, key=lambda name: -seconds.get(name.split("/")[-1], float("inf")))


def run(notebook, **options):
    """Run a notebook in place, and say which of its cells did not come to its end.

    A kernel that dies is a failure of its notebook, as a cell that fails is.
    """
    reached = {}

    def note(cell, cell_index):
        reached["cell"] = cell_index

    try:
        result = single_nb_execution(notebook, on_cell_start=note, **options)
    except Exception as problem:
        result = ExecutionResult(notebook, options["cwd"], 0, problem, f"{problem}\n")
    if result.err is not None:
        result.exc_string = f"{place(notebook, reached.get('cell'))}:\n{result.exc_string}"
    return result


def place(notebook, cell):
    """Return where a cell stands, in words."""
    if cell is None:
        return "before the first cell"
    code = [one.cell_type == "code" for one in notebook.cells[: cell + 1]]
    lines = notebook.metadata.get("source_map")
    where = f" (line {lines[cell] + 1})" if lines else ""
    return f"in code cell {sum(code)}{where}"


class Kernels:
    """Runs notebooks ahead of those who ask for their results.

    Parameters
    ----------
    key : callable
        From a notebook to what it shares with all of the same code.
    most : int
        How many run at once.
    """

    def __init__(self, key, most):
        self.key, self.most = key, most
        self.waiting = queue.SimpleQueue()
        self.results = {}

    def begin(self, jobs):
        """Run ``(notebook, options)`` in this order, and come back at once."""
        for notebook, options in jobs:
            key = self.key(notebook)
            if key not in self.results:
                self.results[key] = Future()
                self.waiting.put((self.results[key], notebook, options))
        for _ in range(min(self.most, len(self.results))):
            # A thread waits for its kernel, which is a process; if the build is interrupted,
            # nobody waits for the thread.
            threading.Thread(target=self._work, daemon=True).start()

    def _work(self):
        while True:
            try:
                future, notebook, options = self.waiting.get_nowait()
            except queue.Empty:
                return
            if future.set_running_or_notify_cancel():
                try:
                    future.set_result(run(notebook, **options))
                except BaseException as problem:
                    future.set_exception(problem)

    def execute(self, notebook, **options):
        """Put the outputs into a notebook, as `single_nb_execution` does; wait for them if need be.

        One that was not begun runs now.
        """
        future = self.results.pop(self.key(notebook), None)
        if future is None:
            return run(notebook, **options)
        result = future.result()
        mine, theirs = (
            [cell for cell in nb.cells if cell.cell_type == "code"] for nb in (notebook, result.nb)
        )
        for cell, executed in zip(mine, theirs, strict=True):
            kept = {"id": cell["id"]} if "id" in cell else {}
            cell.update(executed | kept)
        notebook.metadata.update(result.nb.metadata)
        result.nb = notebook
        return result

    def stop(self):
        """Begin no more."""
        for future in self.results.values():
            future.cancel()
        self.results.clear()


def begin(app, env, docnames):
    """Before the pages are read: begin the notebooks that the cache lacks, and read them last.

    The other pages are read meanwhile, and then each in the order in which they come to their end.
    """
    config = env.mystnb_config
    if config.execution_mode != "cache":
        return
    # A matrix is multiplied by one thread, so that several kernels do not fight for the cores, and
    # last digits do not depend on how many there are.
    for name in ("OMP_NUM_THREADS", "OPENBLAS_NUM_THREADS"):
        os.environ.setdefault(name, "1")
    cache = jupyter_cache.get_cache(config.execution_cache_path)
    lacking = {}
    for docname in docnames:
        path = Path(env.doc2path(docname))
        text = path.read_text("utf-8")
        reader = create_nb_reader(str(path), env.myst_config, config, text)
        if reader is None:
            continue
        notebook = reader.read(text)
        if config.metadata_key in notebook.metadata:  # it may not be one to run
            continue
        try:
            cache.match_cache_notebook(notebook)
        except KeyError:
            options = {
                "cwd": str(path.parent.resolve()),
                "allow_errors": config.execution_allow_errors,
                "timeout": config.execution_timeout,
                "meta_override": True,
            }
            lacking[docname] = (notebook, options)
    order = longest_first(lacking, known_seconds())
    docnames[:] = [name for name in docnames if name not in lacking] + order
    kernels = Kernels(lambda notebook: cache.create_hashed_notebook(notebook)[1], how_many())
    kernels.begin(lacking[name] for name in order)
    myst_nb.core.execute.cache.single_nb_execution = kernels.execute
    app.book_kernels = kernels


def end(app, exception):
    """After the build, however it ended."""
    if kernels := getattr(app, "book_kernels", None):
        kernels.stop()
        myst_nb.core.execute.cache.single_nb_execution = single_nb_execution
