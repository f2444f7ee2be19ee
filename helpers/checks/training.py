"""Checks of functions that walk downhill or take derivatives."""

import functools

from helpers.checks.backprop import (
    activation_backward_exercise,
    bumpy,
    kernel_gradient_exercise,
    mse_backward_exercise,
    numerical_gradient_exercise,
)
from helpers.checks.dense_backward import PARTS, dense_backward_exercises, returns_other_than_three
from helpers.checks.descent import largest_rate_exercise, line_step_exercise
from helpers.checks.diagnosis import Feedback, diagnose, tell
from helpers.checks.optimizers import adam_exercise, momentum_exercise


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
    tell(diagnose(function, line_step_exercise()))


def largest_rate(function):
    """Check a function of (hessian): the largest learning rate that still gets down.

    Examples
    --------
    >>> import numpy as np
    >>> largest_rate(lambda hessian: 2 / np.linalg.eigvalsh(hessian).max())
    ✓ 20 of 20 cases agree with trying rates out.
    """
    tell(diagnose(function, largest_rate_exercise()))


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
    tell(diagnose(function, momentum_exercise()))


def adam(function):
    """Check a function that walks with Adam in the form of its paper, and print what comes out.

    Parameters
    ----------
    function : callable
        Takes the row gradients and the numbers learning_rate, beta_1, beta_2 and epsilon; returns
        the row of w after each step, from w = 0.
    """
    tell(diagnose(function, adam_exercise()))


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
    tell(diagnose(function, activation_backward_exercise(activation)))


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
    tell(diagnose(function, mse_backward_exercise()))


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
        tell(Feedback(False, f"✗ The check needs three arrays: return {', '.join(PARTS)}."))
        return
    told = [diagnose(function, exercise) for exercise in dense_backward_exercises().values()]
    right = Feedback(True, f"✓ {', '.join(PARTS)}: all agree with nudging.")
    tell(next((feedback for feedback in told if not feedback.passed), right))


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
    tell(diagnose(given, numerical_gradient_exercise()))


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
    tell(diagnose(function, kernel_gradient_exercise()))
