"""What chapters say to TensorFlow before they import it."""

import os
import re
import sys
from pathlib import Path

import pytest

from helpers.environment import calm_tensorflow, missing_packages

CHAPTERS = sorted((Path(__file__).parents[1] / "chapters").glob("[0-9]*.md"))
SETTINGS = ("TF_ENABLE_ONEDNN_OPTS", "TF_CPP_MIN_LOG_LEVEL")


@pytest.fixture
def without_settings(monkeypatch):
    for name in SETTINGS:
        monkeypatch.setenv(name, "")  # remembered, and put back at the end
        monkeypatch.delenv(name)
    monkeypatch.delitem(sys.modules, "tensorflow", raising=False)


@pytest.mark.usefixtures("without_settings")
def test_settings_are_there_before_tensorflow_is():
    calm_tensorflow()
    assert [os.environ[name] for name in SETTINGS] == ["0", "3"]


@pytest.mark.usefixtures("without_settings")
def test_settings_that_come_too_late_are_refused(monkeypatch):
    monkeypatch.setitem(sys.modules, "tensorflow", object())
    with pytest.raises(RuntimeError, match="TensorFlow is imported already"):
        calm_tensorflow()
    # A cell that is run twice is fine.
    monkeypatch.delitem(sys.modules, "tensorflow")
    calm_tensorflow()
    monkeypatch.setitem(sys.modules, "tensorflow", object())
    calm_tensorflow()


@pytest.mark.parametrize("chapter", CHAPTERS, ids=lambda path: path.stem)
def test_a_chapter_calms_tensorflow_first_and_repeats_none_of_it(chapter):
    text = chapter.read_text("utf-8")
    assert "TF_ENABLE_ONEDNN_OPTS" not in text
    first = re.search(r"^(import|from) (tensorflow|keras)", text, re.M)
    if first:
        call = text.find("\ncalm_tensorflow()")
        assert 0 <= call < first.start(), "call calm_tensorflow() before TensorFlow is imported"


def test_what_is_missing_or_too_old_is_named_and_tensorflow_stays_as_it_is():
    installed = f"pytest=={pytest.__version__}"
    needed = [installed, "pytest>=999", "no-such-package-here>=2,<3", "tensorflow-cpu>=999"]
    elsewhere = ["no-such-package-there; sys_platform == 'amiga'", "none-asked; extra == 'build'"]
    assert missing_packages([*needed, *elsewhere]) == ["pytest>=999", "no-such-package-here<3,>=2"]
    assert missing_packages() == []
