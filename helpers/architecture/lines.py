"""A layer as a short line, "Conv2D 96 11 strides=4", so that a link can hold a whole network."""

from helpers.architecture.kinds import COUNTS, KINDS, PAIRS, complete


def first_settings(kind):
    """Return the names of the settings that stand in a line without their names."""
    needed = [name for name, default in KINDS[kind].items() if default is None]
    if "pool_size" in KINDS[kind]:
        return ["pool_size"]
    return ["padding"] if kind == "ZeroPadding2D" else needed


def to_line(layer):
    """Return a layer as a line, with what differs from the defaults.

    Examples
    --------
    >>> to_line({"kind": "Conv2D", "filters": 96, "kernel_size": 11, "strides": 4})
    'Conv2D 96 11 strides=4'
    """
    settings = complete(layer)
    kind = settings.pop("kind")
    first = first_settings(kind)
    usual = complete({"kind": kind, **{name: settings[name] for name in first}})
    words = [kind, *(_write(settings[name]) for name in first)]
    words += [
        f"{name}={_write(value)}"
        for name, value in settings.items()
        if name not in first and value != usual[name]
    ]
    return " ".join(words)


def from_line(text):
    """Return the layer that a line stands for, with every setting written out.

    Raises
    ------
    ValueError
        If the line is none, or if its settings do not fit.

    Examples
    --------
    >>> from_line("MaxPooling2D 3 strides=2")["strides"]
    (2, 2)
    """
    kind, *words = (text.split() if isinstance(text, str) else []) or [""]
    if kind not in KINDS:
        raise ValueError(f"{text!r} is no layer: begin with one of {', '.join(KINDS)}")
    names = [word.partition("=")[0] for word in words if "=" in word]
    first = [word for word in words if "=" not in word]
    if len(first) > len(first_settings(kind)) or len(set(names)) < len(names):
        raise ValueError(f"{text!r} is no layer: it says more than {kind} takes")
    pairs = [*zip(first_settings(kind), first, strict=False)]
    pairs += [word.split("=", 1) for word in words if "=" in word]
    return complete({"kind": kind, **{name: _read(name, value) for name, value in pairs}}, text)


def _write(value):
    if isinstance(value, tuple):
        flat = sum(value, ()) if isinstance(value[0], tuple) else value
        return str(flat[0]) if len(set(flat)) == 1 else "x".join(map(str, flat))
    return str(value).lower() if isinstance(value, bool) else str(value)


def _read(name, text):
    """Return what a word stands for; what is none of it is left for `complete` to refuse."""
    if text in ("true", "false"):
        return text == "true"
    if name in (*PAIRS, *COUNTS, "shortcut") or (name == "padding" and text[:1].isdigit()):
        sizes = [
            int(word) if word.isascii() and word.isdigit() else word for word in text.split("x")
        ]
        if len(sizes) == 4:
            return (tuple(sizes[:2]), tuple(sizes[2:]))
        return sizes[0] if len(sizes) == 1 else tuple(sizes)
    try:
        return float(text) if name == "rate" else text
    except ValueError:
        return text
