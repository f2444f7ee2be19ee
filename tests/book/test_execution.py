"""The chapters run again when something changed that their results depend on, and only then."""

import os
import subprocess
import sys
from pathlib import Path
from types import SimpleNamespace

import nbformat
import pytest
from contents import ROOT
from jupyter_cache.base import CacheBundleIn
from sphinx.errors import ExtensionError

from helpers.book.execution import (
    execution_key,
    key_files,
    lock_build,
    quiet_cache,
    settle_home,
    unlock_build,
    use_cache,
)
from helpers.book.pages import check_complete
from helpers.widgets import number
from helpers.widgets.base import Widget

HOUSE = {
    "requirements.txt": "numpy==2",
    "helpers/a.py": "one = 1",
    "helpers/widgets/playground/__init__.py": "PRESETS = 1",
    "helpers/widgets/playground/presets.json": "{}",
    "helpers/data/river.csv": "1, 2",
    "helpers/widgets/playground/widget.mjs": "export default 1",
    "helpers/widgets/playground/widget.css": "b {}",
    "helpers/widgets/linker.js": "const link = 1",
    "helpers/book/pages.py": "two = 2",
    "helpers/book/page/page.css": "a {}",
    "helpers/__pycache__/a.cpython-312.pyc": "compiled",
    "chapters/01.md": "text",
}


@pytest.fixture
def house(tmp_path):
    """A small copy of the repository with every kind of file."""
    for name, text in HOUSE.items():
        path = tmp_path / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(text)
    return tmp_path


@pytest.mark.parametrize("name", list(HOUSE)[:5])
def test_results_depend_on(house, name):
    before = execution_key(house)
    (house / name).write_text(HOUSE[name] + " # changed")
    assert execution_key(house) != before
    (house / name).write_text(HOUSE[name])
    assert execution_key(house) == before
    (house / name).unlink()
    assert execution_key(house) != before


@pytest.mark.parametrize("name", list(HOUSE)[5:])
def test_results_do_not_depend_on(house, name):
    before = execution_key(house)
    (house / name).write_text(HOUSE[name] + " /* changed */")
    assert execution_key(house) == before
    (house / name).unlink()
    assert execution_key(house) == before


def test_results_depend_on_which_handwriting_is_there(house, monkeypatch):
    monkeypatch.setenv("KERAS_HOME", str(house))
    monkeypatch.delenv("MNIST_NPZ", raising=False)
    keys = [execution_key(house)]
    for content in ("some digits", "other digits"):
        file = house / "mnist.npz"
        file.write_text(content)
        monkeypatch.setenv("MNIST_NPZ", str(file))
        keys.append(execution_key(house))
        file.rename(house / "moved.npz")
        monkeypatch.setenv("MNIST_NPZ", str(house / "moved.npz"))
        assert execution_key(house) == keys[-1]
    assert len(set(keys)) == 3
    monkeypatch.setenv("MNIST_NPZ", "gone.npz")
    assert execution_key(house) == keys[0]


def test_a_file_that_moves_or_lends_its_text_to_the_next_changes_the_key(house):
    before = execution_key(house)
    (house / "helpers" / "a.py").rename(house / "helpers" / "b.py")
    moved = execution_key(house)
    (house / "helpers" / "b.py").write_text("one = ")
    (house / "helpers" / "data" / "river.csv").write_text("11, 2")
    assert len({before, moved, execution_key(house)}) == 3


def test_the_book_itself_is_keyed_by_its_presets():
    root = Path(__file__).parents[2]
    names = {path.relative_to(root).as_posix() for path in key_files()}
    assert "helpers/widgets/network_playground/presets.json" in names
    assert "helpers/convolution/two_axes.py" in names
    assert "requirements.txt" in names
    assert not any(name.startswith("helpers/book/") for name in names)


def test_what_a_cell_shows_of_a_widget_holds_no_code_and_no_style():
    """Which is why a widget's scripts and styles are not in the key."""
    question = number("One and one?", 2, "Two.")
    for name, kind in Widget.registry.items():
        needed = {"questions": [question]} if name == "SelfCheck" else {}
        data, _ = kind(**needed)._repr_mimebundle_()
        assert "text/html" in data
        shown = repr(data)
        assert "makeLinker" not in shown
        assert "export default" not in shown
        assert "<style" not in shown


def test_only_the_books_own_former_results_are_removed(tmp_path):
    build = tmp_path / "_build"
    former = build / ".jupyter_cache-0123456789abcdef"
    readers = [build / ".jupyter_cache", build / ".jupyter_cache-mine", build / "html"]
    for folder in [former, *readers]:
        folder.mkdir(parents=True)
    config = SimpleNamespace()
    use_cache(SimpleNamespace(outdir=str(build / "html")), config)
    assert not former.exists()
    assert all(folder.exists() for folder in readers)
    kept = Path(config.nb_execution_cache_path)
    assert kept == build / f".jupyter_cache-{execution_key()}"

    kept.mkdir()
    use_cache(SimpleNamespace(outdir=str(build / "html")), config)
    assert kept.exists()


def bundle_with(output):
    cell = nbformat.v4.new_code_cell("1", outputs=[output])
    return CacheBundleIn(nbformat.v4.new_notebook(cells=[cell]), "a.ipynb")


def test_an_execution_that_wrote_a_warning_is_not_kept(tmp_path):
    cache = quiet_cache(tmp_path / "cache")
    noisy = nbformat.v4.new_output("stream", name="stderr", text="mkdir -p failed")
    record = cache.cache_notebook_bundle(bundle_with(noisy), check_validity=False)
    assert "not kept" in record.pk
    assert cache.list_cache_records() == []
    calm = nbformat.v4.new_output("stream", name="stdout", text="2")
    cache.cache_notebook_bundle(bundle_with(calm), check_validity=False)
    assert len(cache.list_cache_records()) == 1


def test_programs_get_a_place_of_their_own_where_home_cannot_be_written(tmp_path, monkeypatch):
    monkeypatch.setenv("HOME", "/nowhere/at/all")
    monkeypatch.delenv("MPLCONFIGDIR", raising=False)
    for name in ("IPYTHONDIR", "JUPYTER_RUNTIME_DIR", "XDG_CACHE_HOME"):
        monkeypatch.setenv(name, os.environ.get(name, "as it was"))
    settle_home(tmp_path)
    assert Path(os.environ["MPLCONFIGDIR"]).is_relative_to(tmp_path)
    assert os.access(os.environ["MPLCONFIGDIR"], os.W_OK)
    monkeypatch.delenv("MPLCONFIGDIR")
    monkeypatch.setenv("HOME", str(tmp_path))
    settle_home(tmp_path)
    assert "MPLCONFIGDIR" not in os.environ


def test_two_builds_do_not_write_to_one_folder(tmp_path):
    lock_build(tmp_path)
    other = """if True:
        import sys
        from helpers.book.execution import lock_build
        try:
            lock_build(sys.argv[1])
        except Exception as problem:
            print(problem, flush=True)
        input()  # until the first has ended
        lock_build(sys.argv[1])
        print("mine")
    """
    with subprocess.Popen(
        [sys.executable, "-c", other, str(tmp_path)],
        env={**os.environ, "PYTHONPATH": str(ROOT)},
        stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True,
    ) as second:  # fmt: skip
        assert "another build is writing to" in second.stdout.readline()
        unlock_build(tmp_path)
        said, _ = second.communicate("go on\n")
    assert said == "mine\n"
    assert second.returncode == 0


def test_a_book_without_its_search_or_a_page_is_refused(tmp_path):
    environment = SimpleNamespace(found_docs={"index"})
    builder = SimpleNamespace(name="html")
    app = SimpleNamespace(env=environment, builder=builder, outdir=str(tmp_path))
    names = ["index.html", "search.html"]
    names += [f"_static/book-{name}.js" for name in ("page", "search", "lecture", "qrcode")]
    (tmp_path / "_static").mkdir()
    for name in names:
        (tmp_path / name).write_text("")
    check_complete(app, None)
    for name in names:
        (tmp_path / name).unlink()
        with pytest.raises(ExtensionError, match=f"it lacks {name}: remove _build/.doctrees"):
            check_complete(app, None)
        (tmp_path / name).write_text("")
