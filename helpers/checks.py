"""Feedback on exercises: try a function on many small cases, and name the mistake.

An exercise holds cases, an independent source of right answers, and the results of known mistakes.
A mistake shows itself by its pattern over all cases: if every result is what comes out without the
flip, then the flip was forgotten. Here are the checks that chapters call; the exercises are in
`helpers.exercises1d` and its neighbours, and `helpers.diagnosis` does the rest.
"""

import functools
import textwrap

from helpers.diagnosis import Feedback, diagnose, diagnose_value
from helpers.exercises1d import flip_exercise, sliding1d_exercise
from helpers.exercises2d import sliding2d_exercise
from helpers.exercises_backprop import (
    activation_backward_exercise,
    bumpy,
    kernel_gradient_exercise,
    mse_backward_exercise,
    numerical_gradient_exercise,
)
from helpers.exercises_dense import PARTS, dense_backward_exercises, returns_other_than_three
from helpers.exercises_descent import largest_rate_exercise, line_step_exercise
from helpers.exercises_gates import diagnose_gate, diagnose_xor
from helpers.exercises_layer import OPTIONS as LAYER_OPTIONS
from helpers.exercises_layer import conv_layer_exercise
from helpers.exercises_neurons import dense_exercise, network_count_exercise, neuron_exercise
from helpers.exercises_optimizers import adam_exercise, momentum_exercise
from helpers.exercises_size import options_of, output_size_exercise, parameter_count_exercise


def convolve1d(function, *, padding="full"):
    """Check a function of (signal, kernel) against `numpy.convolve`, and print what comes out.

    Parameters
    ----------
    function : callable
        Takes two 1-D arrays and returns their convolution, as an array or a list.
    padding : "full" or "same" or "valid"
        Which positions the exercise asks for.

    Examples
    --------
    >>> import numpy as np
    >>> convolve1d(lambda signal, kernel: np.correlate(signal, kernel, "full"))
    ... # doctest: +ELLIPSIS
    ✗ This is cross-correlation: the kernel was not flipped (or twice). Take kernel[::-1].
        signal   = [1]
        kernel   = [1, 2]
        expected = [1, 2]
        got      = [2, 1]
    ... of 40 cases agree with numpy.convolve.
    """
    _tell(diagnose(function, sliding1d_exercise(flips=True, padding=padding)))


def cross_correlate1d(function, *, padding="valid"):
    """Check a function of (signal, kernel) against `numpy.correlate`, and print what comes out.

    Parameters
    ----------
    function, padding
        As in `convolve1d`, without the flip.

    Examples
    --------
    >>> import numpy as np
    >>> cross_correlate1d(np.correlate)
    ✓ 40 of 40 cases agree with numpy.correlate.
    """
    _tell(diagnose(function, sliding1d_exercise(flips=False, padding=padding)))


def convolve2d(function, *, padding="full"):
    """Check a function of (image, kernel) against `scipy.signal`, and print what comes out.

    Parameters
    ----------
    function : callable
        Takes two 2-D arrays and returns their convolution, as an array or as lists.
    padding : "full" or "same" or "valid"
        Which positions the exercise asks for.

    Examples
    --------
    >>> from scipy import signal
    >>> convolve2d(lambda image, kernel: signal.correlate2d(image, kernel[::-1]))
    ... # doctest: +ELLIPSIS
    ✗ The kernel was flipped up and down only: a flip goes along both axes,
    kernel[::-1,::-1].
        image    = [[1]]
        kernel   = [[1, 2], [3, 4]]
        expected = [[1, 2], [3, 4]]
        got      = [[2, 1], [4, 3]]
    ... of 40 cases agree with scipy.signal.convolve(..., "full").
    """
    _tell(diagnose(function, sliding2d_exercise(flips=True, padding=padding)))


def cross_correlate2d(function, *, padding="valid"):
    """Check a function of (image, kernel) against `scipy.signal`, and print what comes out.

    Parameters
    ----------
    function, padding
        As in `convolve2d`, without the flip.

    Examples
    --------
    >>> from scipy import signal
    >>> cross_correlate2d(lambda image, kernel: signal.correlate2d(image, kernel, "valid"))
    ✓ 40 of 40 cases agree with scipy.signal.correlate(..., "valid").
    """
    _tell(diagnose(function, sliding2d_exercise(flips=False, padding=padding)))


def conv_layer(function, *, options=None):
    """Check a function of (image, weights, bias, ...) against `scipy.signal`, and print the result.

    Parameters
    ----------
    function : callable
        Takes one image (H, W, C_in), the weights (K_h, K_w, C_in, C_out), the bias (C_out,) and, by
        name, `stride` or `padding` (on each side), one number each; returns (H_out, W_out, C_out).
    options : sequence of str, optional
        The names that the exercise asks for. By default those that the function takes.

    Examples
    --------
    >>> from helpers import convolution
    >>> conv_layer(lambda image, weights, bias: convolution.conv_layer(image[None], weights)[0])
    ... # doctest: +ELLIPSIS
    ✗ The bias is left out: add bias[f] to output channel f.
        image    = [[[3]]], of shape (1, 1, 1)
        weights  = [[[[3]]]], of shape (1, 1, 1, 1)
        bias     = [70]
        expected = [[[79]]], of shape (1, 1, 1)
        got      = [[[9]]], of shape (1, 1, 1)
    0 of 40 cases agree with scipy.signal.correlate, channel by channel.
    """
    options = options_of(function, LAYER_OPTIONS) if options is None else tuple(options)
    _tell(diagnose(function, conv_layer_exercise(options)))


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
    _tell(diagnose(function, parameter_count_exercise()))


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
    _tell(diagnose(function, neuron_exercise()))


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
    _tell(diagnose(function, dense_exercise()))


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
    _tell(diagnose(function, network_count_exercise()))


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
    _tell(diagnose_gate(name, weights, bias))


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
    _tell(diagnose_xor(W1, b1, w2, b2))


def flip(function):
    """Check a function of (kernel) that returns it in reverse order, and print what comes out.

    Examples
    --------
    >>> flip(lambda kernel: kernel[::-1])
    ✓ 20 of 20 cases agree with numpy.flip.
    """
    _tell(diagnose(function, flip_exercise()))


def output_size(function, *, options=None, axes=1):
    """Check a function of (input_size, kernel_size, ...) by counting, and print what comes out.

    Parameters
    ----------
    function : callable
        Takes two whole numbers and, by name, some of `stride`, `padding` (on each side) and
        `dilation`; returns the number of positions.
    options : sequence of str, optional
        The names that the exercise asks for. By default those that the function takes.
    axes : 1 or 2
        With 2, every argument is a pair (down, across), and so is what the function returns.

    Examples
    --------
    >>> output_size(lambda input_size, kernel_size: input_size - kernel_size)
    ✗ One too few: the position at which the kernel starts counts too. Add 1.
        input_size  = 1
        kernel_size = 1
        expected    = 1
        got         = 0
    0 of 40 cases agree with counting the positions.
    """
    options = options_of(function) if options is None else tuple(options)
    _tell(diagnose(function, output_size_exercise(options, axes)))


def activation_backward(function, *, activation="tanh"):
    """Check a function of (outputs, grad_output) that goes back through an activation, and print.

    Parameters
    ----------
    function : callable
        Takes what came out of the activation and ∂L/∂outputs, two arrays of one shape, and returns
        ∂L/∂z for what went in.
    activation : "sigmoid" or "tanh" or "relu"
        Which one the exercise is about.

    Examples
    --------
    >>> activation_backward(lambda outputs, grad_output: 1 - outputs**2)
    ✗ The incoming gradient is left out: multiply the slope by grad_output.
        outputs     = [[-0.46]]
        grad_output = [[1.5]]
        expected    = [[1.1826]]
        got         = [[0.7884]]
    0 of 20 cases agree with nudging what goes into tanh.
    """
    _tell(diagnose(function, activation_backward_exercise(activation)))


def mse_backward(function):
    """Check a function of (y_true, y_pred) that returns ∂MSE/∂y_pred, and print what comes out.

    Parameters
    ----------
    function : callable
        Takes two arrays of shape (N, outputs) and returns one.

    Examples
    --------
    >>> mse_backward(lambda y_true, y_pred: 2 * (y_pred - y_true) / y_pred.size)
    ✓ 20 of 20 cases agree with nudging each output.
    """
    _tell(diagnose(function, mse_backward_exercise()))


def dense_backward(function):
    """Check a function that goes back through a dense layer, and print what comes out.

    Parameters
    ----------
    function : callable
        Takes inputs (N, D), kernel (D, units) and delta = ∂L/∂z (N, units), and returns three
        arrays: grad_inputs, grad_kernel, grad_bias.

    Examples
    --------
    >>> dense_backward(lambda x, kernel, delta: (delta @ kernel.T, x.T @ delta, delta))
    ✗ grad_bias: not added up over the samples. The bias acts on each of them: one number
    for each neuron, delta.sum(axis=0).
        inputs   = [[3.0]]
        kernel   = [[2.5]]
        delta    = [[0.5]]
        expected = [0.5]
        got      = [[0.5]]
    0 of 30 cases agree with nudging (grad_bias).
    """
    if returns_other_than_three(function):
        _tell(Feedback(False, f"✗ The check needs three arrays: return {', '.join(PARTS)}."))
        return
    told = [diagnose(function, exercise) for exercise in dense_backward_exercises().values()]
    right = Feedback(True, f"✓ {', '.join(PARTS)}: all agree with nudging.")
    _tell(next((feedback for feedback in told if not feedback.passed), right))


def numerical_gradient(function):
    """Check a function of (loss, array, step) that differentiates by nudging, and print the result.

    Parameters
    ----------
    function : callable
        Takes a function from an array to a number, an array and a step, and returns the derivative
        with respect to every entry of the array, in its shape.

    Examples
    --------
    >>> from helpers import gradients
    >>> numerical_gradient(lambda loss, a, h: gradients.numerical_gradient(loss, a, step=h))
    ✓ 20 of 20 cases agree with the derivative of Σ a³ + first · last.
    """
    given = functools.partial(function, bumpy) if callable(function) else function
    _tell(diagnose(given, numerical_gradient_exercise()))


def kernel_gradient(function):
    """Check a function of (signal, grad_output) that returns ∂L/∂w of y = w ⋆ x, and print.

    Parameters
    ----------
    function : callable
        Takes what went into a 1-D layer without padding and ∂L/∂y, and returns the gradient for its
        kernel, of len(signal) − len(grad_output) + 1 cells.

    Examples
    --------
    >>> import numpy as np
    >>> kernel_gradient(lambda signal, grad_output: np.correlate(signal, grad_output, "valid"))
    ✓ 30 of 30 cases agree with nudging each cell of the kernel.
    """
    _tell(diagnose(function, kernel_gradient_exercise()))


def line_step(function):
    """Check one step of gradient descent for a line, and print what comes out.

    Parameters
    ----------
    function : callable
        Takes the rows x and y, the numbers w, b and learning_rate, and returns (w, b) after one
        step on the mean squared error of w*x + b.

    Examples
    --------
    >>> import numpy as np
    >>> def step(x, y, w, b, learning_rate):
    ...     error = w * x + b - y
    ...     w = w - learning_rate * 2 * np.mean(error * x)
    ...     b = b - learning_rate * 2 * np.mean(w * x + b - y)  # at the new w
    ...     return w, b
    >>> line_step(step)  # doctest: +ELLIPSIS
    ✗ b is moved by a gradient at the new w. Work out both gradients first, then move both.
    ...
    """
    _tell(diagnose(function, line_step_exercise()))


def largest_rate(function):
    """Check a function of (hessian): the largest learning rate that still gets down.

    Examples
    --------
    >>> import numpy as np
    >>> largest_rate(lambda hessian: 2 / np.linalg.eigvalsh(hessian).max())
    ✓ 20 of 20 cases agree with trying rates out.
    """
    _tell(diagnose(function, largest_rate_exercise()))


def momentum(function):
    """Check a function that walks with momentum in Keras's form, and print what comes out.

    Parameters
    ----------
    function : callable
        Takes the rows gradients and learning_rates, one of each for every step, and the number
        momentum; returns the row of w after each step, from w = 0.

    Examples
    --------
    >>> import numpy as np
    >>> momentum(lambda g, rates, momentum: np.cumsum(-rates * g))  # doctest: +ELLIPSIS
    ✗ The velocity forgets: momentum is left out.
    ...
    """
    _tell(diagnose(function, momentum_exercise()))


def adam(function):
    """Check a function that walks with Adam in the form of its paper, and print what comes out.

    Parameters
    ----------
    function : callable
        Takes the row gradients and the numbers learning_rate, beta_1, beta_2 and epsilon; returns
        the row of w after each step, from w = 0.
    """
    _tell(diagnose(function, adam_exercise()))


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
    _tell(diagnose_value(name, got, expected, hints))


def _tell(feedback):
    """Print the message with its sentence broken into lines that fit beside the book's margins."""
    sentence, *case = feedback.message.splitlines()
    lines = textwrap.wrap(sentence, 88, break_long_words=False, break_on_hyphens=False)
    print(*lines, *case, sep="\n")
