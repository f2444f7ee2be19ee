"""Well-known networks as lists of layers, and where each comes from."""

import copy
import json
from pathlib import Path

# They lie with the arithmetic of the page, which reads them, too.
_FILE = Path(__file__).parents[1] / "widgets" / "arithmetic" / "networks.json"
PRESETS = json.loads(_FILE.read_text("utf-8"))


def preset(name):
    """Return (layers, input shape) of a well-known network; the lists are copies.

    Raises
    ------
    ValueError
        If there is none of that name.

    Examples
    --------
    >>> from helpers.architecture import count, totals
    >>> sums = totals(count(*preset("alexnet")))
    >>> sums["weights"], sums["biases"]
    (62367776, 10568)
    """
    if not isinstance(name, str) or name not in PRESETS:
        raise ValueError(f"name={name!r} is unknown: use one of {', '.join(PRESETS)}")
    found = copy.deepcopy(PRESETS[name])
    return found["layers"], tuple(found["input_shape"])
