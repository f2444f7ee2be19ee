"""What cells printed, as the book shows it."""

import copy

import myst_nb.core.render


def join_pieces(outputs, merge=myst_nb.core.render.coalesce_streams):
    """Return a cell's outputs with what it printed as one text per stream, to the letter.

    A busy kernel sends a printed line in several pieces, and myst-nb begins a new line with each.
    """
    joined, streams = [], {}
    for output in outputs:
        name = output["name"] if output["output_type"] == "stream" else None
        if name in streams:
            streams[name]["text"] += output["text"]
            continue
        if name:
            streams[name] = output = copy.copy(output)
        joined.append(output)
    return merge(joined)
