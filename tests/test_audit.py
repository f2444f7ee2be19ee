"""The audit of the packages: no news is not taken for good news."""

import runpy

import pytest
from contents import ROOT

verdict = runpy.run_path(str(ROOT / "scripts" / "audit.py"))["verdict"]
SOUND = {"name": "numpy", "version": "2.4", "vulns": []}
SKIPPED = {"name": "scipy", "skip_reason": "Dependency not found on PyPI"}
FAULT = {"id": "PYSEC-1", "fix_versions": ["11.1"], "aliases": [], "description": "…"}
FAULTY = {"name": "pillow", "version": "11.0", "vulns": [FAULT]}


@pytest.mark.parametrize(
    ("packages", "status", "words"),
    [
        ([SOUND], 0, "1 of 1 packages were looked up."),
        ([SOUND, FAULTY], 1, "pillow: PYSEC-1, mended in 11.1"),
        ([SKIPPED, FAULTY], 1, "Nothing is known of scipy."),
        ([SOUND, SKIPPED], 2, "1 of 2 packages were looked up."),
        ([SKIPPED], 2, "0 of 1 packages were looked up."),
        ([], 2, "0 of 0 packages were looked up."),
    ],
)
def test_only_what_was_looked_up_is_sound(packages, status, words):
    found, lines = verdict({"dependencies": packages, "fixes": []})
    assert found == status
    assert words in lines
