"""Feedback on exercises: try a function on many small cases, and name the mistake.

An exercise holds cases, an independent source of right answers, and the results of known mistakes.
A mistake shows itself by its pattern over all cases: if every result is what comes out without the
flip, then the flip was forgotten. This is the front page that chapters import. Each topic has a
module with its exercises and their checks; what compares the results is in `diagnosis`.
"""

from helpers.arguments import as_numbers
from helpers.checks.backprop import activation_backward, mse_backward
from helpers.checks.blocks import max_pool, score_gradient, softmax
from helpers.checks.channels import conv_layer
from helpers.checks.classification import confusion, scores
from helpers.checks.convolution1d import convolve1d, cross_correlate1d, flip
from helpers.checks.convolution2d import convolve2d, cross_correlate2d
from helpers.checks.counts import network_count, parameter_count
from helpers.checks.dense_gradients import dense_backward
from helpers.checks.descent import largest_rate, line_step
from helpers.checks.diagnosis import diagnose_value, tell
from helpers.checks.gates import gate, xor_network
from helpers.checks.kernel_gradients import kernel_gradient
from helpers.checks.learning import input_gradient, kernel_sums, rate_limit
from helpers.checks.neurons import dense, neuron
from helpers.checks.nudging import numerical_gradient
from helpers.checks.optimizers import adam, momentum
from helpers.checks.overfitting import inverted_dropout, penalized_gradient
from helpers.checks.seeing import fooling_step, receptive_field
from helpers.checks.sizes import output_size
from helpers.checks.transposed import conv_transpose1d
from helpers.limits import told

__all__ = [
    "activation_backward",
    "adam",
    "confusion",
    "conv_layer",
    "conv_transpose1d",
    "convolve1d",
    "convolve2d",
    "cross_correlate1d",
    "cross_correlate2d",
    "dense",
    "dense_backward",
    "flip",
    "fooling_step",
    "gate",
    "input_gradient",
    "inverted_dropout",
    "kernel_gradient",
    "kernel_sums",
    "largest_rate",
    "line_step",
    "max_pool",
    "momentum",
    "mse_backward",
    "network_count",
    "neuron",
    "numerical_gradient",
    "output_size",
    "parameter_count",
    "rate_limit",
    "penalized_gradient",
    "receptive_field",
    "score_gradient",
    "scores",
    "softmax",
    "value",
    "xor_network",
]


def value(name, got, expected, hints=None):
    """Print whether a number (or a row of numbers) that the reader worked out is right.

    Parameters
    ----------
    name : str
        What the question calls it.
    got, expected : number or array_like of numbers
        The reader's answer, and the right one, which no message gives away.
    hints : dict, optional
        {wrong answer: sentence that says how one gets there}. A row of numbers is a tuple.

    Examples
    --------
    >>> value("size", 4, 3, hints={4: "The last position would leave the signal."})
    ✗ size = 4 is not right. The last position would leave the signal.
    """
    if not isinstance(name, str):
        raise TypeError(f"name={told(name)} does not fit: use a text")
    if hints is not None and not isinstance(hints, dict):
        raise TypeError(f"hints={told(hints)} does not fit: use {{wrong answer: sentence}}")
    several = isinstance(expected, (list, tuple)) or getattr(expected, "ndim", 0)
    as_numbers("expected", expected if several else [expected])
    tell(diagnose_value(name, got, expected, hints))
