"""The chapters run again when something changed that their results depend on, and only then."""

from pathlib import Path
from types import SimpleNamespace

import pytest

from helpers.book.execution import execution_key, key_files, use_cache
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
