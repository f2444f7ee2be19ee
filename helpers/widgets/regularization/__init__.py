"""Regularization: remedies against overfitting, tried in pairs, in the page and in sight."""

import numpy as np
import traitlets

from helpers.datasets import load_digits
from helpers.layers import BatchNormalization, Dense, Dropout, Input, ReLU
from helpers.network import Sequential
from helpers.network.batches import endless_batches
from helpers.optimizers import Adam
from helpers.regularizers import L2
from helpers.widgets.base import Widget
from helpers.widgets.draws import draw_kernels, draw_shifts, page_random
from helpers.widgets.resources.digits import as_ink
from helpers.widgets.traits import Answer

_LEARNING_RATE, _STEPS_PER_EPOCH, _VALIDATION = 0.003, 6, 180
_DROPOUT_SEED, _SHIFT_SEED = 1000, 2000


class Regularization(Widget):
    """Train a large network on few digits, without and with a remedy against overfitting.

    Both of a pair have the same digits, the same wrong labels and, where their sizes agree, the
    same start; each pair has others. Two hidden layers with ReLU and ten softmax outputs learn with
    Adam at a rate of 0.003, six batches an epoch. 360 test digits judge; 180 others are there for
    early stopping, which gives up five epochs after the lowest loss and goes back to it.

    Attributes
    ----------
    samples : int
        More data: how many digits the network with the remedy learns from, 50 to 1200. The plain
        one has 150.
    shift : int
        Augmentation: by how many cells each digit is moved at most, anew in every epoch; 0 to 2.
    l2 : float
        The penalty l2 · Σw² on all kernels, as that of `helpers.regularizers.L2`; 0 to 1.
    decay : float
        Weight decay λ as Keras and `helpers.optimizers` have it; 0 to 100.
    dropout : float
        The rate behind each hidden layer, 0 to 0.9.
    units : int
        A smaller network: neurons of each hidden layer, 1 to 128. The plain one has 128.
    batch_norm, early_stopping : bool
        Whether these are on. Normalisation stands before the ReLU and has a momentum of 0.9.
    wrong : float
        Which share of the labels is wrong, for both; 0 to 0.5.
    epochs : int
        How long both learn, 1 to 60.
    pairs : int
        How often it is tried, 1 to 8.
    neuron : int
        The neuron of the first layer whose weight is followed, from 1.
    answer : {"shown", "hidden"}
        "hidden" asks for the gain before the networks may be trained.
    steps : int
        How many batches the pairs in the browser have learned from.
    results : list of dict
        Of each finished pair "pair", and the test accuracies "plain" and "remedied".

    Raises
    ------
    traitlets.TraitError
        If a value does not fit; the message says what would.

    Examples
    --------
    >>> widget = Regularization(dropout=0.5, l2=0.003)
    >>> widget.network(1).count_params()
    26122
    >>> widget.network(1, plain=True).layers[1].kernel_regularizer is None
    True
    """

    module = "regularization"
    heights = (782, 615)
    resources = ("digits",)
    fallback = (
        "A large network learns few digits, some of them wrongly labelled, until it knows them by "
        "heart; beside it the same network learns with a remedy of your choice. You see both "
        "accuracies, which neurons dropout switches off and how large the weights grow. "
        "Run this cell in a notebook, or open the book in a browser, to try the remedies yourself."
    )
    parts = (
        "curves", "runs", "seen", "weights", "samples", "shift", "l2", "decay", "dropout", "units",
        "batch_norm", "early_stopping", "none", "wrong", "epochs", "pairs", "neuron", "predict",
        "size", "playback",
    )  # fmt: skip
    recorded = ("steps", "results")
    facts = {"active_units": lambda widget: widget.units * (1 - widget.dropout)}

    samples = traitlets.Int(150).tag(sync=True)
    shift = traitlets.Int(0).tag(sync=True)
    l2 = traitlets.Float(0.0).tag(sync=True)
    decay = traitlets.Float(0.0).tag(sync=True)
    dropout = traitlets.Float(0.5).tag(sync=True)
    units = traitlets.Int(128).tag(sync=True)
    batch_norm = traitlets.Bool(False).tag(sync=True)
    early_stopping = traitlets.Bool(False).tag(sync=True)
    wrong = traitlets.Float(0.2).tag(sync=True)
    epochs = traitlets.Int(30).tag(sync=True)
    pairs = traitlets.Int(5).tag(sync=True)
    neuron = traitlets.Int(1).tag(sync=True)
    answer = Answer().tag(sync=True)
    steps = traitlets.Int(0, min=0).tag(sync=True)
    results = traitlets.List(traitlets.Dict()).tag(sync=True)

    _LIMITS = {
        "samples": (50, 1200), "shift": (0, 2), "l2": (0, 1), "decay": (0, 100),
        "dropout": (0, 0.9), "units": (1, 128), "wrong": (0, 0.5), "epochs": (1, 60),
        "pairs": (1, 8), "neuron": (1, 128),
    }  # fmt: skip

    @traitlets.validate(*_LIMITS)
    def _in_range(self, proposal):
        name, value = proposal.trait.name, proposal.value
        least, most = self._LIMITS[name]
        if not least <= value <= most:
            raise traitlets.TraitError(
                f"{name}={value} does not fit: use a number from {least} to {most}"
            )
        return value

    def digits(self, pair, *, plain=False):
        """Return what a network of a pair learns from.

        Parameters
        ----------
        pair : int
            Which pair, from 1.
        plain : bool
            Whether it is the one without a remedy.

        Returns
        -------
        x, y : ndarray of shape (N, 8, 8, 1) and (N,)
            Ink from 0 to 1; the labels, wrong ones included.
        """
        (x, y), _ = load_digits()
        rng = page_random(pair)
        chosen = rng.permutation(len(x))[: 150 if plain else self.samples]
        labels = y[chosen].astype(int)
        for i in range(len(labels)):
            if rng.random_sample() < self.wrong:
                labels[i] = (labels[i] + 1 + int(rng.random_sample() * 9)) % 10
        return as_ink(x[chosen])[..., None], labels

    def network(self, pair, *, plain=False):
        """Return a network of a pair as it starts in the browser, compiled.

        Parameters
        ----------
        pair, plain
            As in `digits`.

        Returns
        -------
        helpers.network.Sequential
        """
        units, penalty = (128, None) if plain else (self.units, L2(self.l2) if self.l2 else None)
        stack = [Input((64,))]
        for index in range(2):
            normal = self.batch_norm and not plain
            activation = None if normal else "relu"
            stack.append(Dense(units, activation, kernel_regularizer=penalty))
            if normal:
                stack += [BatchNormalization(momentum=0.9), ReLU()]
            if self.dropout and not plain:
                layer = Dropout(self.dropout)
                layer.rng = page_random(_DROPOUT_SEED + 2 * pair + index)
                stack.append(layer)
        network = Sequential([*stack, Dense(10, "softmax", kernel_regularizer=penalty)])
        decay = None if plain or not self.decay else self.decay
        network.compile(Adam(_LEARNING_RATE, weight_decay=decay), "categorical_crossentropy")
        draw_kernels(network, "glorot_uniform", page_random(pair))
        return network

    def train(self, pair, steps, *, plain=False):
        """Return the network that the same steps as in the browser lead to, with NumPy.

        Parameters
        ----------
        pair, plain
            As in `digits`.
        steps : int
            How many batches.

        Returns
        -------
        helpers.network.Sequential
        """
        x, labels = self.digits(pair, plain=plain)
        y, network = np.eye(10)[labels], self.network(pair, plain=plain)
        most = 0 if plain else self.shift
        shifts = page_random(_SHIFT_SEED + pair)
        batches = endless_batches(len(x), -(-len(x) // _STEPS_PER_EPOCH), page_random(pair))
        for step, chosen in zip(range(steps), batches, strict=False):
            if step % _STEPS_PER_EPOCH == 0:
                seen = _moved(x, most, shifts)
            network.train_on_batch(seen[chosen].reshape(len(chosen), 64), y[chosen])
        return network


def _moved(images, most, rng):
    """Return the images, each moved by distances that are drawn as the browser draws them."""
    if most == 0:
        return images
    padded = np.pad(images, ((0, 0), (most, most), (most, most), (0, 0)))
    places = most - draw_shifts(rng, most, (len(images), 2))  # the first row and column seen
    rows, cols = images.shape[1:3]
    return np.array([
        image[row : row + rows, col : col + cols]
        for image, (row, col) in zip(padded, places, strict=True)
    ])  # fmt: skip
