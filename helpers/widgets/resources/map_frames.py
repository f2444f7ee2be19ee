"""A small network at ten moments of its training on MNIST, for FeatureMaps.

``scripts/record_map_frames.py`` makes the file: how many networks it holds in four bytes, the lower
ones first, and for each its length in four bytes and its bytes, in the form of
`helpers.widgets.stored_network`.
"""

import struct

from helpers.widgets.resources import resource_bytes


def pack_frames(frames):
    """Return several stored networks as the bytes of one file.

    Examples
    --------
    >>> split_frames(pack_frames([b"one", b"seven"]))
    [b'one', b'seven']
    """
    parts = [struct.pack("<I", len(frame)) + frame for frame in frames]
    return struct.pack("<I", len(frames)) + b"".join(parts)


def split_frames(content):
    """Return the stored networks of such a file, as a list of bytes."""
    (count,) = struct.unpack_from("<I", content)
    frames, at = [], 4
    for _ in range(count):
        (length,) = struct.unpack_from("<I", content, at)
        frames.append(content[at + 4 : at + 4 + length])
        at += 4 + length
    return frames


def recorded_frames():
    """Return the ten recorded networks, each as its stored bytes."""
    return split_frames(resource_bytes("map_frames"))
