"""What a stack of layers costs and sees, worked out without building it. Import from here.

`kinds` lists the layers and their settings; `counting` goes from layer to layer: shapes,
parameters, multiply-adds, receptive fields. `keras_code` writes a stack as Keras code, and reads
such code without running it; `lines` writes each layer as a short line, for links. `presets` has
well-known networks.
"""

from helpers.architecture.counting import LayerMisfit, count, totals
from helpers.architecture.keras_code import from_keras, to_keras
from helpers.architecture.lines import from_line, to_line
from helpers.architecture.presets import PRESETS, preset

__all__ = [
    "PRESETS",
    "LayerMisfit",
    "count",
    "from_keras",
    "from_line",
    "preset",
    "to_keras",
    "to_line",
    "totals",
]
