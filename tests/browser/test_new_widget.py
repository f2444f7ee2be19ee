"""`make new-widget` lays down a widget that works, in a copy of the house."""

import os
import shutil
import subprocess
import sys
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[2]


def run(folder, *arguments):
    return subprocess.run(
        [sys.executable, *arguments],
        cwd=folder, env={**os.environ, "PYTHONPATH": str(folder)},
        capture_output=True, text=True, check=False,
    )  # fmt: skip


@pytest.fixture
def house(tmp_path):
    skip = shutil.ignore_patterns("__pycache__")
    for name in ["helpers", "tests", "scripts"]:
        shutil.copytree(ROOT / name, tmp_path / name, ignore=skip)
    shutil.copy(ROOT / "pyproject.toml", tmp_path)
    return tmp_path


def test_a_trial_widget_passes_its_own_tests_and_everybodys(house):
    made = run(house, "scripts/new_widget.py", "TrialSum")
    assert made.returncode == 0, made.stderr
    for command in [["check", "."], ["format", "--check", "."]]:
        ruff = run(house, "-m", "ruff", *command)
        assert ruff.returncode == 0, ruff.stdout
    tests = [
        "helpers/widgets/trial_sum/__init__.py",
        "tests/widgets/test_trial_sum.py",
        "tests/browser/test_trial_sum.py",
        "tests/browser/test_declarations.py::test_python_and_javascript_declare_the_same[TrialSum]",
    ]
    passed = run(house, "-m", "pytest", "-q", "-p", "no:cacheprovider", *tests)
    assert passed.returncode == 0, passed.stdout

    again = run(house, "scripts/new_widget.py", "TrialSum")
    assert again.returncode == 1
    assert "NAME=TrialSum is taken" in again.stderr


@pytest.mark.parametrize("name", ["", "trial", "Trial-Sum", "../Trial"])
def test_a_name_that_is_no_class_is_refused(house, name):
    before = sorted(house.rglob("*"))
    refused = run(house, "scripts/new_widget.py", name)
    assert refused.returncode == 1
    assert f"NAME={name} names no class: write it as in RunningSum" in refused.stderr
    assert sorted(path for path in house.rglob("*") if "__pycache__" not in str(path)) == before
