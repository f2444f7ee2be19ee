"""The Python side of widgets: traits, what they refuse, and the form that the static book gets."""

import json
import re

import numpy as np
import pytest
from traitlets import TraitError

from helpers.widgets import Convolve1D


def static_state(widget):
    data, _ = widget._repr_mimebundle_()
    state = re.search(r'<script type="application/json">(.*?)</script>', data["text/html"])[1]
    return json.loads(state)


def test_output_is_the_textbooks():
    widget = Convolve1D()
    assert widget.output.tolist() == [0, 1, 1, 3, 5, 2, 8]
    widget.padding = "same"
    assert widget.output.tolist() == [1, 1, 3, 5, 2]
    widget.flip = False
    assert widget.output.tolist() == np.correlate([0, 1, 2, 3, 4], [1, -1, 2], "same").tolist()


def test_arrays_and_tuples_are_taken():
    widget = Convolve1D(signal=np.arange(4), kernel=(1, 2), padding=(1, 0))
    assert widget.signal == [0, 1, 2, 3]
    assert static_state(widget)["padding"] == [1, 0]


@pytest.mark.parametrize(
    ("state", "words"),
    [
        ({"stride": 0}, "stride=0"),
        ({"dilation": -1}, "dilation=-1"),
        ({"padding": "smae"}, "smae"),
        ({"padding": -2}, "padding=-2"),
        ({"mode": "mirror"}, "mirror"),
        ({"kernel": []}, "kernel has 0 cells: use 1 to 12"),
        ({"signal": list(range(13))}, "signal has 13 cells: use 1 to 12"),
        ({"signal": [1, "two"]}, "must hold numbers, not 'two'"),
        ({"signal": [1, float("nan")]}, "must hold finite numbers"),
        ({"kernel": [1] * 7, "padding": "valid"}, "does not fit input_size=5"),
        ({"hide": ["sidebar"]}, "names no part of Convolve1D: choose from operation"),
        ({"answer": "maybe"}, "answer"),
        ({"view": "echoes"}, "view"),
        ({"step": -1}, "step"),
    ],
)
def test_what_does_not_fit_is_refused(state, words):
    with pytest.raises(TraitError, match=re.escape(words)):
        Convolve1D(**state)


def test_refused_changes_leave_the_state_alone():
    widget = Convolve1D()
    with pytest.raises(TraitError):
        widget.stride = 0
    assert widget.stride == 1


def test_unknown_state_is_named():
    with pytest.raises(TypeError, match="no state named strides: it has .*stride"):
        Convolve1D(strides=2)


def test_values_that_fit_only_together_can_be_set_together():
    widget = Convolve1D(padding="valid")
    with widget.hold_trait_notifications():
        widget.kernel = [1] * 7
        widget.padding = "full"
    assert widget.output.size == 11


def test_static_form_has_state_and_readable_text_and_cannot_be_broken_out_of():
    widget = Convolve1D(title="</script><b>bold</b>")
    form = widget._repr_mimebundle_()[0]["text/html"]
    assert form.count("</script>") == 1
    assert static_state(widget)["title"] == "</script><b>bold</b>"
    assert "A kernel slides over a signal" in form
    assert len(form) < 2000, "the module itself has no place in the state"


def test_live_module_carries_all_its_parts():
    module = Convolve1D()._esm
    assert "makeLinker" in module
    assert "arithmetic/convolution.mjs" in module
