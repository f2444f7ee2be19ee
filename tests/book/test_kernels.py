"""Notebooks run side by side, and what comes of it is what a run after the other gives."""

import io
import re
from types import SimpleNamespace

import nbformat
import pytest
from contents import ROOT
from sphinx.application import Sphinx

from helpers.book import kernels
from helpers.book.execution import quiet_cache

HEAD = """---
jupytext:
  text_representation:
    format_name: myst
kernelspec:
  display_name: Python 3
  name: python3
---

# A page
"""
BEGUN = "from pathlib import Path; _ = open('runs.txt', 'a').write('{name} ')"
# Each of the two waits until the other has begun: one after the other, they would wait for ever.
MEETS = """
import time
Path('{name}').touch()
while not Path('{other}').exists(): time.sleep(0.02)
print('{name} met {other}')
"""
CONF = """
import myst_nb.core.execute.cache
from helpers.book import execution, kernels

extensions = ["myst_nb"]
nb_execution_mode = "cache"
nb_execution_timeout = 60
nb_execution_show_tb = True
myst_nb.core.execute.cache.get_cache = execution.quiet_cache

def setup(app):
    app.connect("env-before-read-docs", kernels.begin)
    app.connect("build-finished", kernels.end)
"""


def page(name, *cells):
    cells = [BEGUN.format(name=name), *cells]
    return HEAD + "".join(f"\n```{{code-cell}}\n{cell.strip()}\n```\n" for cell in cells)


def write(folder, pages):
    folder.mkdir(exist_ok=True)
    for name, text in pages.items():
        (folder / f"{name}.md").write_text(text)


def build(folder, doctrees):
    """Build the pages of a folder, and return the warnings."""
    warnings = io.StringIO()
    cache = {"nb_execution_cache_path": str(folder.parent / "cache")}
    app = Sphinx(
        folder, folder, folder.parent / "out", folder.parent / doctrees, "dummy",
        confoverrides=cache, status=None, warning=warnings,
    )  # fmt: skip
    app.build()
    return re.sub(r"\x1b\[[\d;]*m", "", warnings.getvalue())


@pytest.fixture(scope="module")
def built(tmp_path_factory):
    """A book whose pages meet, fail, warn, or hold no code; built once."""
    folder = tmp_path_factory.mktemp("house") / "book"
    write(
        folder,
        {
            "index": "# A book\n\n```{toctree}\nleft\nright\nbad\nnoisy\n```\n",
            "left": page("left", MEETS.format(name="left", other="right")),
            "right": page("right", MEETS.format(name="right", other="left")),
            "bad": page("bad", "print('so far')", "1 / 0", "print('not here')"),
            "noisy": page("noisy", "import sys; _ = sys.stderr.write('careful')"),
        },
    )
    (folder / "conf.py").write_text(CONF)
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv("BOOK_KERNELS", "2")
        warnings = build(folder, "first")
    return SimpleNamespace(folder=folder, warnings=warnings)


def kept(built):
    """What the cache keeps, by page."""
    cache = quiet_cache(built.folder.parent / "cache")
    records = cache.list_cache_records()
    return {
        record.uri.split("/")[-1].removesuffix(".md"): cache.get_cache_bundle(record.pk).nb
        for record in records
    }


def test_two_notebooks_run_at_once_and_each_page_gets_its_own(built):
    found = kept(built)
    assert "left met right" in str(found["left"].cells[1].outputs)
    assert "right met left" in str(found["right"].cells[1].outputs)
    assert [cell.execution_count for cell in found["left"].cells] == [1, 2]


def test_what_fails_or_warns_is_not_kept_and_the_message_says_where(built):
    assert set(kept(built)) == {"left", "right"}
    line = 1 + (built.folder / "bad.md").read_text().splitlines().index("1 / 0")
    said = [text for text in built.warnings.splitlines() if "WARNING" in text]
    assert len([text for text in said if "Executing notebook failed" in text]) == 1
    assert re.search(r"/bad\.md.*WARNING: Executing notebook failed: CellExec", said[0])
    assert re.search(rf"in code cell 3 \(line {line}\):", built.warnings)
    assert "ZeroDivisionError" in built.warnings


def test_a_run_beside_others_keeps_what_a_run_alone_keeps(built):
    found = kept(built)["right"]
    alone = nbformat.from_dict(found | {"metadata": {"kernelspec": found.metadata.kernelspec}})
    for cell in alone.cells:
        cell.outputs, cell.execution_count = [], None
    options = {"cwd": str(built.folder), "timeout": 60, "allow_errors": False}
    assert kernels.run(alone, **options).err is None
    assert [cell.outputs for cell in alone.cells] == [cell.outputs for cell in found.cells]
    assert alone.metadata.language_info == found.metadata.language_info


def test_only_what_changed_or_was_not_kept_runs_again(built):
    runs = built.folder / "runs.txt"
    assert sorted(runs.read_text().split())[:4] == ["bad", "left", "noisy", "right"]
    runs.unlink()
    for name in ("bad", "noisy"):
        (built.folder / f"{name}.md").write_text(page(name, "print('well now')"))
    text = (built.folder / "left.md").read_text()
    (built.folder / "left.md").write_text(text.replace("# A page", "# Other prose"))
    assert "Executing notebook failed" not in build(built.folder, "second")
    assert sorted(runs.read_text().split()) == ["bad", "noisy"]
    assert set(kept(built)) == {"left", "right", "bad", "noisy"}


def test_a_kernel_that_dies_is_a_failure_of_its_notebook(monkeypatch):
    def die(notebook, *, on_cell_start, **options):
        on_cell_start(cell=notebook.cells[1], cell_index=1)
        raise RuntimeError("Kernel died")

    monkeypatch.setattr(kernels, "single_nb_execution", die)
    cells = [nbformat.v4.new_markdown_cell("text"), nbformat.v4.new_code_cell("1")]
    notebook = nbformat.v4.new_notebook(cells=cells)
    began = kernels.Kernels(lambda notebook: "the same", most=2)
    began.begin([(notebook, {"cwd": "."})])
    for result in (began.execute(notebook, cwd="."), began.execute(notebook, cwd=".")):
        assert isinstance(result.err, RuntimeError)
        assert result.exc_string == "in code cell 1:\nKernel died\n"


def test_no_notebook_begins_after_the_end(monkeypatch):
    ran = []
    monkeypatch.setattr(kernels, "run", lambda notebook, **options: ran.append(notebook))
    began = kernels.Kernels(str, most=0)
    began.begin([("one", {}), ("two", {})])
    began.stop()
    began._work()
    assert ran == []


@pytest.mark.parametrize(
    ("cores", "gibibytes", "most"), [(1, 9, 1), (2, 9, 2), (64, 9, 3), (8, 2.5, 2), (2, 0.4, 1)]
)
def test_as_many_at_once_as_there_are_cores_and_memory(cores, gibibytes, most, monkeypatch):
    monkeypatch.delenv("BOOK_KERNELS", raising=False)
    assert kernels.how_many(cores, int(gibibytes * 2**30)) == most
    monkeypatch.setenv("BOOK_KERNELS", "5")
    assert kernels.how_many(cores, int(gibibytes * 2**30)) == 5


def test_free_memory_is_what_the_machine_says(tmp_path):
    file = tmp_path / "meminfo"
    file.write_text("MemTotal:  9000 kB\nMemAvailable:   2000 kB\nBuffers: 1 kB\n")
    assert kernels.free_memory(file) == 2000 * 1024
    assert kernels.free_memory(tmp_path / "nowhere") == 3 * 2**30


def test_the_longest_begins_first_and_one_that_nobody_measured_before_it():
    seconds = {"01-short": 2.0, "10-long": 60.0}
    pages = ["chapters/01-short", "chapters/10-long", "chapters/99-new"]
    assert kernels.longest_first(pages, seconds) == [pages[2], pages[1], pages[0]]
    known = kernels.known_seconds()
    chapters = {path.stem for path in (ROOT / "chapters").glob("[0-9][0-9]-*.ipynb")}
    assert chapters <= set(known)
    assert kernels.known_seconds(ROOT / "no such file") == {}
