"""The network that DrawDigit has in the page.

``scripts/train_draw_weights.py`` makes the file, in the form of `helpers.widgets.stored_network`.
It says how the network was trained, and how many of MNIST's test digits it reads rightly.
"""

from functools import cache

from helpers.widgets.resources import resource_bytes
from helpers.widgets.stored_network import build_network, unpack


def about_network():
    """Return what the file says about itself: made how, on what, with which accuracy."""
    return unpack(resource_bytes("draw_weights"))[0]


@cache
def load_network():
    """Return the network with the committed weights. Everyone shares it: do not train it."""
    _, layers, whole = unpack(resource_bytes("draw_weights"))
    return build_network(layers, whole)
