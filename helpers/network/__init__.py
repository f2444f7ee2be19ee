"""Networks: layers one after the other, and what trains and watches them. Import from here.

`helpers.network.sequential` holds the network; the other modules hold what it is made of: the stack
of layers, batches, metrics, callbacks, and the guard against a loss that is no number.
"""

from helpers.network.callbacks import Callback, EarlyStopping, History, Progress
from helpers.network.guard import GuardAgainstNaN, LossNotFinite
from helpers.network.sequential import Sequential

__all__ = [
    "Callback",
    "EarlyStopping",
    "GuardAgainstNaN",
    "History",
    "LossNotFinite",
    "Progress",
    "Sequential",
]
