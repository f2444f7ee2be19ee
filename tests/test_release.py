"""What a release attaches, and that workflows run what was looked at, by its commit."""

import functools
import hashlib
import http.server
import os
import re
import runpy
import shutil
import subprocess
import sys
import threading
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


def step_lines(workflow, job):
    """Return what a job runs, step by step, as its runner gets it."""
    text = (ROOT / ".github" / "workflows" / f"{workflow}.yml").read_text("utf-8")
    return [step["run"] for step in yaml.safe_load(text)["jobs"][job]["steps"] if "run" in step]


def run_step(line, folder, programs=None, **variables):
    """Run a step as a runner does: in a shell that stops at the first failure."""
    path = os.pathsep.join(filter(None, [str(programs or ""), os.environ["PATH"]]))
    environment = {"PATH": path, "HOME": str(folder), "PYTHONPATH": str(ROOT), **variables}
    command = ["bash", "--noprofile", "--norc", "-eo", "pipefail", "-c", line]
    return subprocess.run(
        command, cwd=folder, env=environment, capture_output=True, text=True, check=False
    )


def program(path, text):
    """Write a small program."""
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text(f"#!/bin/sh\n{text}\n", "utf-8")
    path.chmod(0o755)


needs_bash = pytest.mark.skipif(not shutil.which("bash"), reason="the runners' shell is not here")


@needs_bash
def test_the_release_workflow_run_on_a_small_book_attaches_all(checkout, tmp_path_factory):
    """Its own lines, one after the other; only the stages of `make test` are not run again."""
    (checkout / "scripts").mkdir()
    shutil.copy(SCRIPT, checkout / "scripts")
    program(checkout / ".venv/bin/python", f'exec "{sys.executable}" "$@"')
    program(checkout / ".ci/run", "echo tested >> log")
    (checkout / "Makefile").write_text("pdf:\n\techo printed >> log\n", "utf-8")
    tag = {"GITHUB_REF_NAME": "v1.2.0", "GITHUB_REPOSITORY": "OWNER/REPO"}
    for line in step_lines("release", "make"):
        done = run_step(line, checkout, **tag)
        assert done.returncode == 0, (line, done.stderr)
    assert (checkout / "log").read_text("utf-8") == "tested\nprinted\n"
    assert run_step(step_lines("release", "make")[-1], checkout, GITHUB_REF_NAME="v9").returncode

    # The second job has nothing but what the first one handed over.
    other = tmp_path_factory.mktemp("publish")
    shutil.copytree(checkout / "_build" / "release", other / "release")
    bin_folder = other / "bin"
    program(bin_folder / "gh", 'printf "%s\\n" "$@" > ../called')
    (line,) = step_lines("release", "publish")
    done = run_step(line, other, bin_folder, GH_TOKEN="none", **tag)
    assert done.returncode == 0, done.stderr
    called = (other / "called").read_text("utf-8").splitlines()
    assert called[:5] == ["release", "create", "v1.2.0", "--repo", "OWNER/REPO"]
    assert "--verify-tag" in called
    assert called[called.index("--notes-file") + 1] == "notes.md"
    name = "convolution-book-1.2.0"
    attached = {f"./{name}-html.zip", f"./{name}-notebooks.zip", f"./{name}.pdf", "SHA256SUMS"}
    assert set(called[called.index("notes.md") + 1 :]) == attached
    assert "notes.md" not in (other / "release" / "SHA256SUMS").read_text("utf-8")

    (other / "called").unlink()
    (other / "release" / f"{name}.pdf").write_bytes(b"another")
    assert run_step(line, other, bin_folder, GH_TOKEN="none", **tag).returncode
    assert not (other / "called").exists()


@needs_bash
def test_the_book_workflow_reports_links_to_other_places_and_waits_for_none(tmp_path):
    text = (ROOT / ".github" / "workflows" / "book.yml").read_text("utf-8")
    steps = yaml.safe_load(text)["jobs"]["test"]["steps"]
    (place,) = (i for i, step in enumerate(steps) if "GITHUB_STEP_SUMMARY" in step.get("run", ""))
    assert steps[place - 1]["run"] == ".ci/run"  # what it tells of was made there
    assert steps[place]["continue-on-error"] is True
    assert steps[place]["if"] == "${{ !cancelled() }}"  # a run that failed is told of too

    (tmp_path / "scripts").mkdir()
    shutil.copy(ROOT / "scripts" / "report.py", tmp_path / "scripts")
    program(tmp_path / "scripts" / "chromium.sh", "echo")  # no browser: no seconds are measured
    program(tmp_path / ".venv/bin/python", f'exec "{sys.executable}" "$@"')
    html = tmp_path / "_build" / "html"
    html.mkdir(parents=True)
    handler = functools.partial(http.server.SimpleHTTPRequestHandler, directory=str(html))
    with http.server.ThreadingHTTPServer(("127.0.0.1", 0), handler) as server:
        threading.Thread(target=server.serve_forever, daemon=True).start()
        address = f"http://127.0.0.1:{server.server_port}"
        page = f'<a href="{address}/index.html">a</a><a href="{address}/gone">b</a>'
        (html / "index.html").write_text(page, "utf-8")
        summary = tmp_path / "summary"
        summary.write_text("before\n", "utf-8")
        done = run_step(steps[place]["run"], tmp_path, GITHUB_STEP_SUMMARY=str(summary))
        server.shutdown()
    assert done.returncode == 0, done.stderr
    lines = summary.read_text("utf-8").splitlines()
    rows = [[cell.strip() for cell in line.strip("| ").split("|")] for line in lines]
    assert rows[0] == ["before"]
    assert ["index", "0", "2"] in rows
    assert [f"{address}/gone", "404"] in rows
    assert not any(f"{address}/index.html" in row for row in rows)
