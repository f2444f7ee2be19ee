"""ConfusionMatrix: which classes a classifier takes for which, and the samples behind a number."""

import base64
import io
from functools import cache

import numpy as np
import traitlets
from PIL import Image

from helpers.arguments import as_numbers
from helpers.widgets.base import Widget
from helpers.widgets.ink import embedded_digits, enlarge, fit
from helpers.widgets.resources.draw_weights import load_network
from helpers.widgets.traits import Answer, NumberArray

MOST_CLASSES = 12
_MOST_SAMPLES = 1_000_000
_MOST_PIXELS = 64


@cache
def _default():
    """Return truth, predictions and pictures: 8 × 8 digits, read by the network of DrawDigit."""
    images, labels = (array[:360] for array in embedded_digits())
    ink = np.array([fit(enlarge(image), True) for image in images])[..., None]
    return np.array(labels), load_network().predict(ink).argmax(axis=1), images


class ConfusionMatrix(Widget):
    """Look into a confusion matrix: choose a number to see the samples that it counts.

    Rows are the truth and columns what the classifier said, as in scikit-learn and TensorFlow;
    `turned` shows the transpose, as other books draw it.

    Parameters
    ----------
    y_true, y_pred : array_like of int, shape (N,)
        Class numbers from 0. Unless given: 360 of scikit-learn's digits, read by the network that
        `DrawDigit` uses, which has learned from others' handwriting.
    images : array_like of shape (N, H, W), optional
        What the samples look like: ink from 0 to 1, or bytes. At most 64 × 64 pixels.
    names : list of str, optional
        What the classes are called; unless given, their numbers.
    per_cell : int
        How many samples of a cell are kept to be shown, 0 to 40.

    Attributes
    ----------
    counts : nested list of int, shape (classes, classes)
        The matrix.
    names : list of str
    cell : list of int
        The cell on show: true class, predicted class.
    turned : bool
        Whether rows are what was said, and columns the truth.
    share : {"count", "recall", "precision"}
        Whether the cells show counts, shares of their true class, or shares of what was said.
    measure : {"recall", "precision", "f1", "accuracy"}
        Which result is worked out in full, for the true class of the cell.
    answer : {"shown", "hidden"}
        "hidden" asks for the measure first.

    Raises
    ------
    TypeError, ValueError, traitlets.TraitError
        If arrays do not belong together, or a value does not fit; the message says what would.

    Examples
    --------
    >>> widget = ConfusionMatrix([0, 0, 1, 1, 1], [0, 1, 1, 1, 0])
    >>> widget.counts
    [[1, 1], [1, 2]]
    >>> widget.measures(1)["recall"]
    0.6666666666666666
    """

    module = "confusion_matrix"
    heights = (859, 664)
    fallback = (
        "A table counts how often each digit was read as which; choosing a number shows the "
        "handwriting behind it. Run this cell in a notebook, or open the book in a browser, to "
        "look into it yourself."
    )
    parts = ("matrix", "samples", "share", "measure", "turned", "predict", "size")
    recorded = ()
    facts = {
        "recall": lambda widget: widget.measures(widget.cell[0])["recall"],
        "precision": lambda widget: widget.measures(widget.cell[0])["precision"],
    }

    counts = NumberArray([[0]], axes=2, most=(MOST_CLASSES, MOST_CLASSES)).tag(sync=True)
    names = traitlets.List(traitlets.Unicode(), ["0"]).tag(sync=True)
    samples = traitlets.List(traitlets.List(traitlets.Int())).tag(sync=True)
    sheet = traitlets.Unicode("").tag(sync=True)
    cell = traitlets.List(traitlets.Int(min=0), [0, 0], minlen=2, maxlen=2).tag(sync=True)
    turned = traitlets.Bool(False).tag(sync=True)
    share = traitlets.Enum(["count", "recall", "precision"], "count").tag(sync=True)
    measure = traitlets.Enum(["recall", "precision", "f1", "accuracy"], "recall").tag(sync=True)
    answer = Answer().tag(sync=True)

    def __init__(self, y_true=None, y_pred=None, images=None, *, names=None, per_cell=12, **state):
        if (y_true is None) != (y_pred is None):
            raise ValueError("y_true and y_pred belong together: give both, or neither")
        if y_true is None and "counts" not in state:
            if images is not None:
                raise ValueError("images need their y_true and y_pred: give all three")
            y_true, y_pred, images = _default()
        if y_true is not None:
            state = _tabulated(y_true, y_pred, images, names, per_cell) | state
        elif names is not None:
            state["names"] = list(names)
        if "counts" in state and "names" not in state:
            state["names"] = [str(number) for number in range(len(state["counts"]))]
        super().__init__(**state)

    @traitlets.validate("counts")
    def _a_square_of_counts(self, proposal):
        counts = np.array(proposal.value)
        rows, columns = counts.shape
        if rows != columns or (counts < 0).any() or (counts != counts.round()).any():
            raise traitlets.TraitError(
                f"counts of shape {counts.shape} do not fit: use a square of whole numbers from 0, "
                "a row for each true class"
            )
        if counts.max() > _MOST_SAMPLES:
            raise traitlets.TraitError(f"counts hold {counts.max():g}: use at most {_MOST_SAMPLES}")
        return [[int(value) for value in row] for row in counts]

    @traitlets.validate("cell")
    def _a_cell_of_the_matrix(self, proposal):
        if max(proposal.value) >= len(self.counts):
            raise traitlets.TraitError(
                f"cell={proposal.value} lies outside: there are {len(self.counts)} classes, from 0"
            )
        return proposal.value

    def measures(self, klass):
        """Return precision, recall and F1 of a class, and the accuracy; NaN where nothing counts.

        Precision is the share of what was called so that is so, recall the share of what is so that
        was called so, F1 their harmonic mean.
        """
        counts = np.array(self.counts, dtype=float)
        hits, said, true = counts[klass, klass], counts[:, klass].sum(), counts[klass].sum()
        with np.errstate(invalid="ignore"):
            return {
                "precision": float(hits / said) if said else float("nan"),
                "recall": float(hits / true) if true else float("nan"),
                "f1": float(2 * hits / (said + true)) if said + true else float("nan"),
                "accuracy": float(np.trace(counts) / counts.sum())
                if counts.any()
                else float("nan"),
            }


def _tabulated(y_true, y_pred, images, names, per_cell):
    """Return the matrix, the names, and samples of each cell on one sheet, as state."""
    truth, said = _classes("y_true", y_true), _classes("y_pred", y_pred)
    if truth.shape != said.shape:
        raise ValueError(
            f"y_true has {truth.size} classes and y_pred {said.size}: each sample needs one of each"
        )
    count = max(truth.max(), said.max()) + 1 if names is None else len(names)
    if count > MOST_CLASSES or max(truth.max(), said.max()) >= count:
        raise ValueError(
            f"class {max(truth.max(), said.max())} does not fit: use class numbers from 0 to "
            f"{min(count, MOST_CLASSES) - 1}"
        )
    counts = np.zeros((count, count), int)
    np.add.at(counts, (truth, said), 1)
    state = {
        "counts": counts.tolist(),
        "names": [str(n) for n in range(count)] if names is None else [str(n) for n in names],
    }
    worst = np.where(np.eye(count, dtype=bool), -1, counts)
    state["cell"] = [int(at) for at in np.unravel_index(worst.argmax(), worst.shape)]
    if images is None:
        return state
    pictures = as_numbers("images", images, 3)
    if len(pictures) != truth.size or max(pictures.shape[1:]) > _MOST_PIXELS:
        raise ValueError(
            f"images of shape {pictures.shape} do not fit: use one of at most {_MOST_PIXELS} × "
            f"{_MOST_PIXELS} pixels for each of the {truth.size} samples"
        )
    if type(per_cell) is not int or not 0 <= per_cell <= 40:
        raise ValueError(f"per_cell={per_cell!r} does not fit: use a whole number from 0 to 40")
    kept = [
        number
        for row, col in np.ndindex(count, count)
        for number in np.flatnonzero((truth == row) & (said == col))[:per_cell]
    ]
    state["samples"] = [[int(n), int(truth[n]), int(said[n])] for n in kept]
    state["sheet"] = _sheet(pictures[kept]) if kept else ""
    return state


def _classes(name, values):
    classes = as_numbers(name, values, 1)
    if not (classes == np.floor(classes)).all() or classes.min() < 0:
        raise ValueError(f"{name} does not fit: use whole class numbers from 0")
    return classes.astype(int)


def _sheet(pictures):
    """Return all pictures side by side, black on white, as the data URL of a PNG."""
    scale = 255.0 / max(pictures.max(), 1e-9) if pictures.max() > 1 else 255.0
    paper = 255 - np.clip(np.rint(pictures * min(scale, 255)), 0, 255)
    stream = io.BytesIO()
    Image.fromarray(np.hstack(list(paper)).astype(np.uint8)).save(stream, "PNG", optimize=True)
    return f"data:image/png;base64,{base64.b64encode(stream.getvalue()).decode('ascii')}"
