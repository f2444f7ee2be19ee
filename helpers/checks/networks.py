"""Checks of functions that compute neurons and layers, and of weights that were found by hand."""

from helpers.checks.diagnosis import diagnose, tell
from helpers.checks.gates import diagnose_gate, diagnose_xor
from helpers.checks.neurons import dense_exercise, network_count_exercise, neuron_exercise


def neuron(function):
    """Check a function of (x, w, b) that is a sigmoid neuron, and print what comes out.

    Parameters
    ----------
    function : callable
        Takes the inputs and the weights, two 1-D arrays, and the bias; returns one number.

    Examples
    --------
    >>> import numpy as np
    >>> neuron(lambda x, w, b: 1 / (1 + np.exp(-(w @ x))))
    ✗ The bias is left out: z = w·x + b.
        x        = [1.0]
        w        = [2.0]
        b        = -1.5
        expected = 0.622459
        got      = 0.880797
    4 of 22 cases agree with scipy.special.expit(w @ x + b).
    """
    tell(diagnose(function, neuron_exercise()))


def dense(function):
    """Check a function of (X, W, b) that is a dense layer with ReLU, and print what comes out.

    Parameters
    ----------
    function : callable
        Takes a batch (N, m) with a sample in each row, the weights (n, m) with a neuron in each
        row, and the biases (n,); returns (N, n).

    Examples
    --------
    >>> import numpy as np
    >>> dense(lambda X, W, b: np.maximum(X @ W.T + b, 0))
    ✓ 30 of 30 cases agree with one sum for each sample and neuron.
    """
    tell(diagnose(function, dense_exercise()))


def network_count(function):
    """Check a function of (sizes) that counts the parameters of a dense network.

    Parameters
    ----------
    function : callable
        Takes a list of the number of inputs and the widths of all layers; returns an integer.

    Examples
    --------
    >>> network_count(lambda sizes: sum((m + 1) * n for m, n in zip(sizes, sizes[1:])))
    ✓ 30 of 30 cases agree with counting the cells of all matrices and biases.
    """
    tell(diagnose(function, network_count_exercise()))


def gate(name, weights, bias):
    """Print whether a neuron with a step is a gate of two inputs, and what it is otherwise.

    Parameters
    ----------
    name : "AND" or "OR" or "NAND" or "NOR" or "XOR"
        The gate that was asked for.
    weights : sequence of two numbers
    bias : float

    Examples
    --------
    >>> gate("AND", [1, 1], -0.5)
    ✗ AND: 2 of 4 rows are right. This is OR: move the line, with another bias.
        x = (0, 1): z = 1·0 + 1·1 + (-0.5) = 0.5, step(z) = 1, expected 0
    """
    tell(diagnose_gate(name, weights, bias))


def xor_network(W1, b1, w2, b2):
    """Print whether w2 · ReLU(W1 x + b1) + b2 is XOR for two inputs x, and what is wrong.

    Parameters
    ----------
    W1 : array_like of shape (2, 2)
        A row for each hidden neuron.
    b1, w2 : array_like of shape (2,)
    b2 : float

    Examples
    --------
    >>> xor_network([[1, 0], [0, 1]], [0, 0], [1, 1], 0)  # doctest: +ELLIPSIS
    ✗ XOR: 3 of 4 rows are right. No hidden sum is ever negative, so ReLU changes nothing, ...
        x = (1, 1): hidden neurons (1, 1), output 2, expected 0
    """
    tell(diagnose_xor(W1, b1, w2, b2))
