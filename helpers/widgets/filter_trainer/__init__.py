"""FilterTrainer: a random kernel learns, from a photograph and a filtered one, to be the filter."""

import math
import reprlib
from functools import cache

import numpy as np
import traitlets

from helpers.convolution import flip as turn
from helpers.optimizers import SGD, Adam, RMSprop
from helpers.widgets.draws import page_random
from helpers.widgets.filter_trainer.film import Film, film_frame
from helpers.widgets.image_filter import named_kernel
from helpers.widgets.pictured import CutPictures, Pictured
from helpers.widgets.pictures import from_data_url, middle_square, to_data_url
from helpers.widgets.traits import Answer, NumberArray, Numbers

SIDE = 128
MARGIN = 3  # as far as the largest kernel, 7 × 7, reaches around a place
TARGET_KERNELS = (
    "sobel_x", "sobel_y", "mean", "gaussian", "laplacian", "sharpen", "emboss", "blur",
)  # fmt: skip
TARGET_EFFECTS = ("median", "vignette")  # which no kernel makes

_LEAST_SIDE = 16
_FLAT = 1e-9  # of the largest curvature: what is smaller is rounding
_OPTIMIZERS = {
    "sgd": SGD,
    "momentum": lambda rate: SGD(rate, momentum=0.9),
    "rmsprop": RMSprop,
    "adam": Adam,
}


def training_picture(picture):
    """Return the middle square of a picture in grey, at most 128 × 128, as the browser makes it.

    Each pixel is the mean of those it stands for, rounded.

    Examples
    --------
    >>> training_picture(np.tile([[0, 255]], (20, 10))).shape
    (20, 20)
    """
    return middle_square(picture, _fitting_side)


def _fitting_side(square):
    if square < _LEAST_SIDE:
        raise ValueError(
            f"a picture of {square} × {square} pixels in the middle is too small to learn from: "
            f"use at least {_LEAST_SIDE} × {_LEAST_SIDE} pixels"
        )
    return min(square, SIDE)


@cache
def _default_pictures():
    stripes = np.tile(np.repeat(np.array([40, 215], np.uint8), 8), (SIDE, SIDE // 16))
    pictures = {name: training_picture(name) for name in ("camera", "cat", "coins")}
    pictures |= {"stripes": stripes, "constant": np.full((SIDE, SIDE), 128, np.uint8)}
    return {name: to_data_url(picture, exact=True) for name, picture in pictures.items()}


class FilterTrainer(Pictured):
    """Train a random kernel until it makes of a photograph what a given filter made of it.

    The photograph and its filtered version are the whole training set. The layer is a
    cross-correlation without a bias, at all places whose windows lie wholly on the photograph.

    Parameters
    ----------
    images : str, Path, bytes or ndarray, or a list of names, or a dict of these
        What `helpers.widgets.pictures.read_picture` takes, cut down to 128 × 128 grey pixels.
        Unless given: "camera", "cat", "coins", and two that do not determine a kernel, "stripes"
        and "constant".

    Attributes
    ----------
    source : str
        The name of the picture on show.
    target : str or nested list of numbers or ndarray
        What is to be learned: one of `TARGET_KERNELS` ("blur" is a mean of 7 × 7), one of
        `TARGET_EFFECTS`, or a kernel with 1, 3, 5 or 7 rows and columns, as it is written.
    flip : bool
        True if the target was made by convolution, which turns the kernel by 180°; False for
        cross-correlation.
    size : {3, 5, 7}
        Rows and columns of the kernel that learns.
    seed : int
        Of the kernel's start, uniform in [−0.5, 0.5], and of the noise.
    noise : float
        Standard deviation of the noise in the target, 0 to 1; the photograph runs from 0 to 1.
    optimizer : {"sgd", "momentum", "rmsprop", "adam"}
        As in `helpers.optimizers`; momentum is sgd with a momentum of 0.9.
    learning_rate : float
        Above 0.
    epochs : int
        After how many epochs training stops, 1 to 5000; there is one step in an epoch.
    cell : list of int
        Row and column of the weight whose gradient is written out.
    scale : {"linear", "log"}
        Of the loss curve.
    answer : {"shown", "hidden"}
        "hidden" asks for a number of the learned kernel before it may learn.
    steps, loss_value, weights : int, float or None, nested list
        How far the training in the browser is: epochs, loss, kernel (empty while it trains).
    frames : list of dict
        The film of a training that ran in Python, see `record`: for each frame "epoch", "loss"
        (None if there is none yet) and "kernel". Not empty, it is what the widget shows first.

    Raises
    ------
    traitlets.TraitError
        If a value does not fit; the message says what would.

    Examples
    --------
    >>> kernel, losses = FilterTrainer().train()
    >>> print(kernel.round(1) + 0)
    [[ 1.  0. -1.]
     [ 2.  0. -2.]
     [ 1.  0. -1.]]
    """

    module = "filter_trainer"
    heights = (1055, 949)
    fallback = (
        "A kernel of random numbers learns to do to a photograph what a Sobel filter did to it: "
        "epoch by epoch its output comes closer to the target, the loss falls, and its nine "
        "numbers become those of the filter. Run this cell in a notebook, or open the book in a "
        "browser, to train it yourself."
    )
    parts = (
        "source", "own", "camera", "target", "flip", "size", "optimizer", "learning_rate",
        "epochs", "noise", "seed", "scale", "gradient", "curve", "film", "turn", "directions",
        "predict", "playback",
    )  # fmt: skip

    recorded = ("steps", "loss_value", "weights")
    facts = {"wanted_kernel": lambda widget: widget.wanted_kernel}

    images = CutPictures(training_picture).tag(sync=True)
    target = traitlets.Any("sobel_x").tag(sync=True)
    flip = traitlets.Bool(True).tag(sync=True)
    size = traitlets.Enum([3, 5, 7], 3).tag(sync=True)
    seed = traitlets.Int(0).tag(sync=True)
    noise = traitlets.Float(0.0).tag(sync=True)
    optimizer = traitlets.Enum(list(_OPTIMIZERS), "momentum").tag(sync=True)
    learning_rate = traitlets.Float(0.1).tag(sync=True)
    epochs = traitlets.Int(2000).tag(sync=True)
    cell = Numbers([0, 0]).tag(sync=True)
    scale = traitlets.Enum(["linear", "log"], "linear").tag(sync=True)
    answer = Answer().tag(sync=True)
    steps = traitlets.Int(0, min=0).tag(sync=True)
    loss_value = traitlets.Float(None, allow_none=True).tag(sync=True)
    weights = traitlets.List().tag(sync=True)
    frames = Film().tag(sync=True)

    @traitlets.default("images")
    def _three_photographs_and_two_poor_ones(self):
        return _default_pictures()

    @traitlets.validate("target")
    def _named_or_own(self, proposal):
        value = proposal.value
        if isinstance(value, str):
            if value not in TARGET_KERNELS + TARGET_EFFECTS:
                raise traitlets.TraitError(
                    f"target={value!r} is unknown: use a grid of numbers, "
                    f"or one of {', '.join(TARGET_KERNELS + TARGET_EFFECTS)}"
                )
            return value
        grid = _OWN_TARGET.validate(self, value)
        shape = (len(grid), len(grid[0]))
        if any(size % 2 == 0 for size in shape):
            raise traitlets.TraitError(
                f"target of shape {shape} has no middle: use 1, 3, 5 or 7 rows and columns"
            )
        return grid

    @traitlets.validate("seed", "noise", "learning_rate", "epochs")
    def _in_range(self, proposal):
        name, value = proposal.trait.name, proposal.value
        least, most = {
            "seed": (0, 2**32 - 1), "noise": (0, 1), "learning_rate": (0, 100),
            "epochs": (1, 5000),
        }[name]  # fmt: skip
        is_open = name == "learning_rate"
        if not (math.isfinite(value) and least <= value <= most) or (is_open and value == 0):
            wanted = f"a number above {least} and up" if is_open else f"a number from {least}"
            raise traitlets.TraitError(f"{name}={value} does not fit: use {wanted} to {most}")
        return value

    @traitlets.validate("cell")
    def _row_and_column(self, proposal):
        cell = proposal.value
        if len(cell) != 2 or any(not isinstance(at, int) or at < 0 for at in cell):
            raise traitlets.TraitError(f"cell={cell} does not fit: use [row, column], from 0")
        return cell

    @property
    def photograph(self):
        """The picture that is learned from, shape (side, side), from 0 to 1."""
        if self.source not in self.images:
            raise ValueError(
                f"source={self.source!r} is a picture that was opened in the browser and stays "
                "there: pass it as FilterTrainer(images=path) to calculate with it here"
            )
        return training_picture(from_data_url(self.images[self.source])) / 255

    @property
    def written_kernel(self):
        """The kernel that makes the target, as it is written; None where none does."""
        if not isinstance(self.target, str):
            return np.array(self.target, float)
        if self.target in TARGET_EFFECTS:
            return None
        name, size = ("mean", 7) if self.target == "blur" else (self.target, 3)
        kernel = named_kernel(name, size).astype(float)
        return kernel / kernel.sum() if self.target in ("mean", "gaussian", "blur") else kernel

    @property
    def wanted_kernel(self):
        """The kernel to be learned, (size, size); None where none makes the target."""
        written = self.written_kernel
        if written is None:
            return None
        wanted = _resized(written, self.size)
        if np.count_nonzero(wanted) < np.count_nonzero(written):
            return None
        return turn(wanted) if self.flip else wanted

    def start(self):
        """Return the kernel before training and the target, in the browser's own random numbers."""
        rng = page_random(self.seed)
        kernel = rng.uniform(-0.5, 0.5, (self.size, self.size))
        target = self._noiseless_target()
        if self.noise:
            target = target + rng.normal(0, self.noise, target.shape)
        return kernel, target

    def _noiseless_target(self):
        x = self.photograph
        inner = slice(MARGIN, len(x) - MARGIN)
        if self.target == "median":
            return np.median(self._windows(x, 3), axis=-1)
        if self.target == "vignette":
            row, col = np.indices(x.shape) - (len(x) - 1) / 2
            share = (row**2 + col**2) / (2 * ((len(x) - 1) / 2) ** 2)
            return (x * (1 - 0.75 * share))[inner, inner]
        kernel = _resized(self.written_kernel, max(self.written_kernel.shape))
        kernel = turn(kernel) if self.flip else kernel
        return self._windows(x, len(kernel)) @ kernel.ravel()

    @staticmethod
    def _windows(x, size):
        """Return what lies under the kernel at each place, shape (places, places, size²)."""
        cut = MARGIN - size // 2
        inside = x[cut : len(x) - cut, cut : len(x) - cut]
        windows = np.lib.stride_tricks.sliding_window_view(inside, (size, size))
        return windows.reshape(*windows.shape[:2], -1)

    def training_data(self):
        """Return what a network needs in order to learn the same: one picture and its target.

        Returns
        -------
        x : ndarray of shape (1, places + size - 1, places + size - 1, 1)
        y : ndarray of shape (1, places, places, 1)
            They fit ``Conv2D(1, size, use_bias=False)``.
        """
        _, target = self.start()
        cut = MARGIN - self.size // 2
        x = self.photograph[cut : len(self.photograph) - cut, cut : len(self.photograph) - cut]
        return x[None, ..., None], target[None, ..., None]

    def record(self, frame):
        """Add a frame to the film of a training in Python, as `WatchFilters` takes it.

        Raises
        ------
        ValueError
            If it holds no single layer with one kernel of one channel.
        """
        if kept := film_frame(frame):
            self.frames = [*self.frames, kept]

    @traitlets.observe("frames")
    def _as_large_as_the_film(self, change):
        if self.frames:
            self.size = len(self.frames[0]["kernel"])

    def train(self, epochs=None):
        """Train the same kernel as the browser, with NumPy.

        Parameters
        ----------
        epochs : int, optional
            The widget's own unless given.

        Returns
        -------
        kernel : ndarray of shape (size, size)
        losses : ndarray of shape (epochs + 1,)
            Before the first step, and after each.

        Raises
        ------
        ValueError
            If `epochs` is negative.
        """
        epochs = self.epochs if epochs is None else epochs
        if epochs < 0:
            raise ValueError(f"epochs={reprlib.repr(epochs)} does not fit: use at least 0")
        kernel, target = self.start()
        windows = self._windows(self.photograph, self.size).reshape(target.size, -1)
        weights, wanted = kernel.ravel(), target.ravel()
        optimizer = _OPTIMIZERS[self.optimizer](self.learning_rate)
        losses = []
        with np.errstate(over="ignore", invalid="ignore"):  # too large a rate is an experiment
            for epoch in range(epochs + 1):
                errors = windows @ weights - wanted
                losses.append(np.mean(errors**2))
                if epoch < epochs:
                    gradient = 2 / wanted.size * (errors @ windows)
                    optimizer.apply([gradient], [weights])
        return weights.reshape(kernel.shape), np.array(losses)

    def curvatures(self):
        """Return how the loss bends: eigenvalues of its Hessian 2/N XᵀX, and their directions.

        Returns
        -------
        values : ndarray of shape (size²,)
            From the largest on; what is only rounding is 0: a free direction.
        directions : ndarray of shape (size², size, size)
        """
        windows = self._windows(self.photograph, self.size)
        windows = windows.reshape(-1, windows.shape[-1])
        values, vectors = np.linalg.eigh(2 / len(windows) * windows.T @ windows)
        values = np.where(values <= _FLAT * values[-1], 0, values)
        return values[::-1], vectors.T[::-1].reshape(-1, self.size, self.size)

    def largest_rate(self):
        """Return the rate up to which plain gradient descent does not run away, 2/λ."""
        largest = self.curvatures()[0][0]
        return 2 / largest if largest else math.inf

    def least_loss(self):
        """Return the least loss that a kernel of this size reaches, by least squares."""
        _, target = self.start()
        windows = self._windows(self.photograph, self.size).reshape(target.size, -1)
        best = np.linalg.lstsq(windows, target.ravel(), rcond=math.sqrt(_FLAT))[0]
        return float(np.mean((windows @ best - target.ravel()) ** 2))


def _resized(kernel, size):
    """Return a kernel cut or filled with 0 around its middle, (size, size)."""
    for axis in (0, 1):
        more = (size - kernel.shape[axis]) // 2
        if more < 0:
            kernel = np.take(kernel, range(-more, kernel.shape[axis] + more), axis)
        elif more:
            pads = [(0, 0), (0, 0)]
            pads[axis] = (more, more)
            kernel = np.pad(kernel, pads)
    return kernel


# `target` takes names too, so this is no trait of the class but checks what is no name.
_OWN_TARGET = NumberArray([[0]], axes=2, most=(7, 7))
_OWN_TARGET.name = "target"
