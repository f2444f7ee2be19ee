"""Layers as readers write them: `conv 11 s4`, as `arithmetic/sizes.mjs` reads them in a page."""

import re

_LAYER = re.compile(r"(conv|pool)\s+(\d+)((?:\s+(?:[spd]\d+|same|valid|full))*)")
_LETTERS = {"s": "stride", "p": "padding", "d": "dilation"}


def parse_layer(text):
    """Return a layer written as ``"conv 11 s4"``, ``"pool 3 s2"`` or ``"conv 3 same d2"``.

    Parameters
    ----------
    text : str
        ``conv`` or ``pool`` and the kernel's size, then as needed ``s`` with the stride, ``p``
        with the padding on each side (or ``same``, ``valid``, ``full``) and ``d`` with the
        dilation.

    Returns
    -------
    dict
        With ``kernel_size``, ``stride``, ``padding`` and ``dilation``, as
        `helpers.convolution.output_size` takes them.

    Raises
    ------
    ValueError
        If the text does not read like that.

    Examples
    --------
    >>> parse_layer("conv 5 s2 p1")
    {'kernel_size': 5, 'stride': 2, 'padding': 1, 'dilation': 1}
    """
    found = _LAYER.fullmatch(text.strip()) if isinstance(text, str) else None
    if not found:
        raise ValueError(
            f'{text!r} is no layer: write "conv" or "pool", the kernel, and if need be s2, p1, '
            'same or d2, as in "conv 3 s2 p1"'
        )
    layer = {"kernel_size": int(found[2]), "stride": 1, "padding": 0, "dilation": 1}
    for word in found[3].split():
        if word[-1].isdigit():
            layer[_LETTERS[word[0]]] = int(word[1:])
        else:
            layer["padding"] = word
    return layer
