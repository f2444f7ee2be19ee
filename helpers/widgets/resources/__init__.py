"""Large data that a widget needs in the page: binary files, fetched only when it comes near.

A widget names them in its attribute ``resources``; in JavaScript, ``card/resources.mjs`` brings
them. The built book has each as a script of its own, which a page asks for when the widget wakes;
in a notebook the widget's Python sends the bytes. Each file has a module of its name here, which
makes it: ``python -m helpers.widgets.resources.digits``.
"""

from functools import cache
from pathlib import Path

FOLDER = Path(__file__).parent


@cache
def resource_bytes(name):
    """Return what the file ``resources/NAME.bin`` holds.

    Parameters
    ----------
    name : str
        As a widget has it in `resources`, without an ending.

    Returns
    -------
    bytes

    Raises
    ------
    FileNotFoundError
        If there is no such file; the message names those that there are.

    Examples
    --------
    >>> len(resource_bytes("digits"))
    116809
    """
    path = FOLDER / f"{name}.bin"
    if not path.is_file():
        there = ", ".join(sorted(file.stem for file in FOLDER.glob("*.bin")))
        raise FileNotFoundError(f"there is no resource {name!r}: use one of {there}")
    return path.read_bytes()
