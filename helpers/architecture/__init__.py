"""What a stack of layers costs and sees, worked out without building it. Import from here.

`kinds` lists the layers and their settings; `counting` goes from layer to layer: shapes,
parameters, multiply-adds, receptive fields. `keras_code` writes a stack as Keras code, and reads
such code without running it. `presets.json` holds well-known networks, for both languages.
"""

from helpers.architecture.counting import LayerMisfit, count, totals
from helpers.architecture.keras_code import from_keras, to_keras
from helpers.architecture.presets import PRESETS, preset

__all__ = [
    "PRESETS",
    "LayerMisfit",
    "count",
    "from_keras",
    "preset",
    "to_keras",
    "totals",
]
