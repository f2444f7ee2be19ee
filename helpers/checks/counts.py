"""The exercises on counting what is learned: by a convolution layer, and by a dense network.

The right answers come from making all the arrays, and counting their cells.
"""

from itertools import pairwise

import numpy as np

from helpers.checks.diagnosis import Exercise, diagnose, tell


def parameter_count_exercise():
    """Return the exercise on (kernel_rows, kernel_cols, channels_in, channels_out)."""

    def expected(kernel_rows, kernel_cols, channels_in, channels_out):
        weights = np.empty((kernel_rows, kernel_cols, channels_in, channels_out))
        return weights.size + np.empty(channels_out).size

    def mistakes(kernel_rows, kernel_cols, channels_in, channels_out):
        area = kernel_rows * kernel_cols
        weights = area * channels_in * channels_out
        through = "Each kernel reaches through all input channels: multiply by channels_in"
        many = "There is one kernel for each output channel: multiply by channels_out"
        bias = "the biases are missing, one for each output channel"
        return {
            f"Counted are only the weights: {bias}.": weights,
            "There is one bias for each output channel, not one in all.": weights + 1,
            "There is one bias for each output channel, not for each input channel.": (
                weights + channels_in
            ),
            "Each kernel has one bias, not one for each of its channels.": (
                weights + channels_in * channels_out
            ),
            "Each kernel has one bias, not one for each of its weights.": 2 * weights,
            f"{through}.": area * channels_out + channels_out,
            f"{through}. And {bias}.": area * channels_out,
            f"{many}.": area * channels_in + 1,
            f"{many}, its weights and its bias.": area * channels_in + channels_out,
            f"{many}. And {bias}.": area * channels_in,
            "The channels are left out: each kernel reaches through all input channels, and there "
            "is one for each output channel.": area,
            "The columns of the kernel are left out, or taken to be as many as the rows.": (
                kernel_rows**2 * channels_in * channels_out + channels_out
            ),
            "The rows of the kernel are taken to be as many as the columns.": (
                kernel_cols**2 * channels_in * channels_out + channels_out
            ),
            "The channels are added: each kernel reaches through all of them, so multiply.": (
                area * (channels_in + channels_out)
            ),
            "Multiplied by the size of an image: the same weights are used at every place.": (
                28 * 28 * weights
            ),
            "Numbers that go with each other are multiplied, not added.": (
                kernel_rows + kernel_cols + channels_in + channels_out
            ),
        }

    def patterns(kernel_rows, kernel_cols, channels_in, channels_out):
        return {
            "Right only for square kernels.": kernel_rows == kernel_cols,
            "Right only for a single input channel.": channels_in == 1,
            "Right only for a single output channel.": channels_out == 1,
        }

    names = ("kernel_rows", "kernel_cols", "channels_in", "channels_out")
    rng = np.random.default_rng(6)
    counts = [[1, 1, 1, 1], [3, 3, 1, 1], [3, 3, 3, 1], [3, 3, 1, 2], [3, 3, 3, 32]]
    counts += rng.integers(1, [6, 6, 9, 9], size=(25, 4)).tolist()
    cases = [dict(zip(names, count, strict=True)) for count in sorted(counts, key=sum)]
    oracle = "counting the cells of the weights and of the bias"
    return Exercise(oracle, expected, cases, mistakes, patterns, whole=True)


def network_count_exercise():
    """Return the exercise on (sizes,): how many parameters a dense network has."""

    def expected(sizes):
        layers = list(pairwise(sizes))
        return sum(np.empty((n, m)).size + np.empty(n).size for m, n in layers)

    def mistakes(sizes):
        weights = [m * n for m, n in pairwise(sizes)]
        right = sum(weights) + sum(sizes[1:])
        hidden = len(sizes) > 2
        return {
            "Counted are only the weights: every neuron has a bias too.": sum(weights),
            "The bias is an input more, not also an output more: (m + 1)·n, not (m + 1)·(n + 1).": (
                sum((m + 1) * (n + 1) for m, n in pairwise(sizes))
            ),
            "Inputs and neurons are added: each neuron has a weight for each input, so multiply.": (
                sum(m + n for m, n in pairwise(sizes))
            ),
            "The inputs have no bias: they are no neurons, they compute nothing.": (
                sum(weights) + sum(sizes)
            ),
            "The neurons of the last layer have biases too.": sum(weights) + sum(sizes[1:-1]),
            "A bias belongs to the neuron that adds it: count the outputs of each layer, not its "
            "inputs.": sum(weights) + sum(sizes[:-1]),
            "There is one bias for each neuron, not one for each layer.": (
                sum(weights) + len(weights)
            ),
            "There is one bias for each neuron, not one for each weight.": 2 * sum(weights),
            "The last layer is missing: does the loop end too soon?": (
                right - weights[-1] - sizes[-1] if hidden else None
            ),
            "The first layer is missing: its weights come from the inputs.": (
                right - weights[0] - sizes[1] if hidden else None
            ),
            "All sizes are multiplied: each layer is connected to the one before it only, and "
            "their counts add up.": int(np.prod(sizes)),
            "Counted are the neurons: every one has a weight for each of its inputs.": (
                sum(sizes[1:])
            ),
            "Counted are neurons and inputs. Each neuron has a weight for each of its inputs.": (
                sum(sizes)
            ),
        }

    def patterns(sizes):
        return {
            "Right only for a single layer.": len(sizes) == 2,
            "Right only with one hidden layer.": len(sizes) == 3,
            "Right only with two hidden layers.": len(sizes) == 4,
        }

    rng = np.random.default_rng(10)
    cases = [[1, 1], [2, 3], [1, 2, 1], [2, 2, 1], [10, 12, 12, 6]]
    cases += [rng.integers(1, 9, size).tolist() for size in rng.integers(2, 6, 25)]
    cases = [
        {"sizes": sizes} for sizes in sorted(cases, key=lambda sizes: (len(sizes), sum(sizes)))
    ]
    oracle = "counting the cells of all matrices and biases"
    return Exercise(oracle, expected, cases, mistakes, patterns, whole=True)


def parameter_count(function):
    """Check a function that counts what a convolution layer learns, and print what comes out.

    Parameters
    ----------
    function : callable
        Takes kernel_rows, kernel_cols, channels_in and channels_out, and returns the number of the
        weights and the biases together.

    Examples
    --------
    >>> parameter_count(lambda rows, cols, c_in, c_out: (rows * cols * c_in + 1) * c_out)
    ✓ 30 of 30 cases agree with counting the cells of the weights and of the bias.
    """
    tell(diagnose(function, parameter_count_exercise()))


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
