"""The film of a kernel that learns in Python: what FilterTrainer keeps of each frame."""

import reprlib

import numpy as np
import traitlets

from helpers.widgets.traits import LARGEST, NumberArray

SIZES = (3, 5, 7)

_DIGITS = 6  # after the point: more is not to be seen, and would double the page's weight


class Film(traitlets.List):
    """A list of frames, each with "epoch", "loss" (or None) and a square "kernel"."""

    def validate(self, obj, value):
        frames = super().validate(obj, value)
        for frame in frames:
            if not isinstance(frame, dict) or set(frame) != {"epoch", "loss", "kernel"}:
                raise traitlets.TraitError(
                    f"{self.name} holds {reprlib.repr(frame)}: each frame is a dict of epoch, "
                    "loss and kernel"
                )
            shape = np.shape(_KERNEL.validate(obj, frame["kernel"]))
            if shape[0] != shape[1] or shape[0] not in SIZES:
                raise traitlets.TraitError(
                    f"{self.name} holds a kernel of shape {shape}: use 3, 5 or 7 rows and columns"
                )
        if len({len(frame["kernel"]) for frame in frames}) > 1:
            raise traitlets.TraitError(f"{self.name} holds kernels of several sizes: use one size")
        return frames


_KERNEL = NumberArray([[0]], axes=2, most=(7, 7))
_KERNEL.name = "the kernel of a frame"


def film_frame(frame):
    """Return what FilterTrainer keeps of a frame of `helpers.widgets.WatchFilters`.

    None once training has diverged so far that its numbers are none, or too large to be shown.

    Raises
    ------
    ValueError
        If it holds not exactly one layer, or one whose kernel is not one square of 3, 5 or 7.
    """
    layers = frame["layers"]
    if len(layers) != 1:
        raise ValueError(
            f"a FilterTrainer shows one layer, not {len(layers)} ({', '.join(layers)}): choose it "
            "with WatchFilters(widget, layer=...)"
        )
    [(name, weights)] = layers.items()
    shape = np.shape(weights[0]) if weights else ()
    if shape not in [(size, size, 1, 1) for size in SIZES]:
        raise ValueError(
            f"{name!r} has weights of shape {shape}: a FilterTrainer shows one kernel of one "
            "channel, such as that of Conv2D(1, 3, use_bias=False)"
        )
    kernel = np.asarray(weights[0], float)[:, :, 0, 0]
    if not (np.abs(kernel) <= LARGEST).all():  # nor is NaN
        return None
    loss = frame["logs"].get("loss")
    return {
        "epoch": frame["epoch"],
        "loss": loss if loss is not None and abs(loss) <= LARGEST else None,
        "kernel": kernel.round(_DIGITS).tolist(),
    }
