"""Large data of widgets: what the files hold, and what Python answers a page that asks for one."""

import numpy as np
import pytest

from helpers.datasets import load_digits
from helpers.widgets import Convolve1D
from helpers.widgets.resources import FOLDER, resource_bytes
from helpers.widgets.resources.digits import pack_digits


class WithDigits(Convolve1D):
    resources = ("digits", "gone")


@pytest.fixture
def sent(monkeypatch):
    """A widget, and the list of what it sends."""
    widget = WithDigits()
    messages = []
    monkeypatch.setattr(
        widget, "send", lambda content, buffers=None: messages.append((content, buffers))
    )
    return widget, messages


def test_the_file_of_the_digits_is_what_its_module_makes():
    assert resource_bytes("digits") == pack_digits()


def test_the_file_holds_the_digits_of_the_datasets():
    content = np.frombuffer(resource_bytes("digits"), np.uint8)
    (x_train, y_train), (x_test, y_test) = load_digits()
    trained, held = content[:4].view("<u2")
    assert (trained, held) == (len(x_train), len(x_test))
    labels, levels = content[4 : 4 + trained + held], content[4 + trained + held :]
    assert (labels == np.concatenate([y_train, y_test])).all()
    images = levels.reshape(-1, 8, 8) * (255 / 16)
    assert np.abs(images - np.concatenate([x_train, x_test])).max() <= 0.5


@pytest.mark.parametrize("path", sorted(FOLDER.glob("*.bin")), ids=lambda path: path.name)
def test_every_file_has_a_module_that_makes_it(path):
    assert path.with_suffix(".py").exists()


def test_a_page_that_asks_is_sent_the_bytes(sent):
    widget, messages = sent
    widget._handle_custom_msg({"resource": "digits"}, [])
    assert messages == [({"resource": "digits"}, [resource_bytes("digits")])]


@pytest.mark.parametrize("name", ["gone", "../secret", "other"])
def test_what_there_is_not_is_answered_with_a_sentence(sent, name):
    widget, messages = sent
    widget._handle_custom_msg({"resource": name}, [])
    [(content, buffers)] = messages
    assert content["resource"] == name
    assert "no resource" in content["problem"]
    assert buffers is None


def test_other_messages_are_left_alone(sent):
    widget, messages = sent
    widget._handle_custom_msg({"kind": "anything"}, [])
    widget._handle_custom_msg("words", [])
    assert messages == []


def test_an_unknown_file_is_refused_by_name():
    with pytest.raises(FileNotFoundError, match="no resource 'moons': use one of .*digits"):
        resource_bytes("moons")
