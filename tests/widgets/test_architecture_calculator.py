"""The Python side of ArchitectureCalculator: where it begins, what it tells, what it refuses."""

import pytest
from traitlets import TraitError

from helpers.architecture import count, preset, to_keras, totals
from helpers.architecture.kinds import complete
from helpers.widgets import ArchitectureCalculator


def test_a_network_layers_or_code_begin_it():
    layers, shape = preset("lenet5")
    by_name = ArchitectureCalculator("lenet5")
    by_layers = ArchitectureCalculator(layers=layers, input_shape=list(shape))
    by_code = ArchitectureCalculator(code=to_keras(layers, shape))
    assert by_name.stack == by_layers.stack == by_code.stack
    assert by_name.input_shape == by_layers.input_shape == by_code.input_shape == list(shape)
    assert by_name.layers == [complete(layer) for layer in layers]
    assert by_name.counted == count(layers, shape)
    assert by_name.totals == totals(count(layers, shape))
    assert by_name.keras_code == to_keras(layers, shape)
    with pytest.raises(TypeError, match="network and code both say what the layers are"):
        ArchitectureCalculator("lenet5", code="...")


def test_input_and_layers_are_changed_together():
    widget = ArchitectureCalculator("alexnet")
    with widget.hold_trait_notifications():
        widget.input_shape = [8, 8, 1]
        widget.stack = ["Conv2D 2 3"]
    assert widget.counted[-1].shape == (6, 6, 2)


@pytest.mark.parametrize(
    ("state", "told"),
    [
        ({"input_shape": [9, 9, 3]}, "layer 1: kernel_size=11 does not fit 9 × 9"),
        ({"input_shape": [9, 9]}, "use (rows, columns, channels)"),
        ({"stack": []}, "stack has 0 layers: use 1 to 60"),
        ({"stack": ["Activation relu"] * 61}, "61 layers"),
        ({"stack": ["Conv3D 3"]}, "is no layer"),
        ({"stack": ["Dense 3"]}, "put Flatten or GlobalAveragePooling2D before it"),
        ({"batch_size": 0}, "batch_size"),
        ({"view": "table"}, "view"),
    ],
)
def test_what_does_not_fit_is_refused_and_nothing_changes(state, told):
    widget = ArchitectureCalculator("alexnet")
    before = widget.state()
    (name, value), *_ = state.items()
    with pytest.raises(TraitError) as problem:
        setattr(widget, name, value)
    assert told in str(problem.value)
    assert widget.state() == before
