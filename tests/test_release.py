"""What a release attaches, and that workflows run what was looked at, by its commit."""

import hashlib
import re
import runpy
import zipfile

import pytest
import yaml
from contents import ROOT

from helpers.book.bundle import NAME

SCRIPT = ROOT / "scripts" / "release.py"
release = runpy.run_path(str(SCRIPT))["release"]
WORKFLOWS = sorted((ROOT / ".github" / "workflows").glob("*.yml"))


@pytest.fixture
def checkout(tmp_path):
    """A small book, built and printed, whose changes have a day."""
    (tmp_path / "pyproject.toml").write_text('[project]\nversion = "1.2.0"\n', "utf-8")
    changes = "# Changes\n\n## 1.2.0, 2030-01-31\n\n- New.\n\n## 1.1.0, 2029-01-31\n\n- Old.\n"
    (tmp_path / "CHANGELOG.md").write_text(changes, "utf-8")
    for name in ("html/index.html", "html/a/b.html", "html/.buildinfo", "book.pdf"):
        path = tmp_path / "_build" / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(name, "utf-8")
    (tmp_path / f"_build/html/{NAME}").write_bytes(b"notebooks")
    return tmp_path


def test_a_release_is_the_book_the_notebooks_the_pdf_and_their_sums(checkout):
    out = release("v1.2.0", checkout)
    name = "convolution-book-1.2.0"
    files = {f"{name}-html.zip", f"{name}-notebooks.zip", f"{name}.pdf"}
    assert {path.name for path in out.iterdir()} == files | {"SHA256SUMS", "notes.md"}
    inside = zipfile.ZipFile(out / f"{name}-html.zip").namelist()
    assert inside == [f"{name}/{page}" for page in ("a/b.html", NAME, "index.html")]
    assert (out / f"{name}-notebooks.zip").read_bytes() == b"notebooks"
    assert (out / "notes.md").read_text("utf-8") == "- New.\n"
    for line in (out / "SHA256SUMS").read_text("utf-8").splitlines():
        digest, file = line.split("  ")
        assert hashlib.sha256((out / file).read_bytes()).hexdigest() == digest
        files.discard(file)
    assert not files
    before = (out / "SHA256SUMS").read_bytes()
    assert (release("v1.2.0", checkout) / "SHA256SUMS").read_bytes() == before


@pytest.mark.parametrize(
    ("path", "text", "words"),
    [
        ("pyproject.toml", '[project]\nversion = "1.3.0"\n', "does not fit version 1.3.0"),
        ("CHANGELOG.md", "# Changes\n\n## 1.1.0, 2029-01-31\n", "has no heading “## 1.2.0, <day>”"),
        ("CHANGELOG.md", "## 1.2.0, not yet released\n\n- New.\n", "give the day"),
        ("CHANGELOG.md", "## 1.2.0, 2030-01-31\n\n## 1.1.0\n", "says nothing under"),
        ("_build/book.pdf", None, "the PDF, _build/book.pdf, is missing"),
        (f"_build/html/{NAME}", None, "the notebooks' zip"),
        ("_build/html/index.html", None, "the built book"),
    ],
)
def test_what_nobody_has_prepared_is_refused(checkout, path, text, words):
    if text is None:
        (checkout / path).unlink()
    else:
        (checkout / path).write_text(text, "utf-8")
    with pytest.raises(ValueError, match=re.escape(words)):
        release("v1.2.0", checkout)


@pytest.mark.parametrize("path", WORKFLOWS, ids=lambda path: path.stem)
def test_actions_are_pinned_by_commit_and_may_do_little(path):
    text = path.read_text("utf-8")
    used = re.findall(r"^ *-? *uses: *(.*)$", text, re.M)
    assert used
    for one in used:  # the comment is what a person reads, and what Dependabot keeps up to date
        assert re.fullmatch(r"[\w-]+/[\w-]+@[0-9a-f]{40} # v\d+\.\d+\.\d+", one), one
    workflow = yaml.safe_load(text)
    assert workflow["permissions"] == {"contents": "read"}
    for name, job in workflow["jobs"].items():
        assert job.get("permissions", {}).keys() <= {"contents", "pages", "id-token"}, name
        if "write" in job.get("permissions", {}).values():
            # What writes runs nothing of the repository or of a package.
            assert all("checkout" not in step.get("uses", "") for step in job["steps"]), name


def test_one_commit_for_each_action_in_all_workflows():
    pins = {}
    for path in WORKFLOWS:
        for action, pin in re.findall(r"uses: *([\w/-]+)@(.*)$", path.read_text("utf-8"), re.M):
            pins.setdefault(action, set()).add(pin)
    assert {action: found for action, found in pins.items() if len(found) > 1} == {}


def test_workflows_run_what_is_there():
    text = "\n".join(path.read_text("utf-8") for path in WORKFLOWS)
    makefile = (ROOT / "Makefile").read_text("utf-8")
    for target in re.findall(r"\bmake (\w+)$", text, re.M):
        assert re.search(rf"^{target}:", makefile, re.M), target
    for script in re.findall(r"[\w.]+/[\w.]+\.py|\.ci/run", text):
        assert (ROOT / script).is_file(), script
    assert "_build/release" in text
    assert "_build/release" in SCRIPT.read_text("utf-8")
