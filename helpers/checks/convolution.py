"""Checks of functions that slide a kernel, and of the sizes and counts that go with them."""

from helpers.checks.channels import OPTIONS as LAYER_OPTIONS
from helpers.checks.channels import conv_layer_exercise
from helpers.checks.convolution1d import flip_exercise, sliding1d_exercise
from helpers.checks.convolution2d import sliding2d_exercise
from helpers.checks.diagnosis import diagnose, tell
from helpers.checks.sizes import options_of, output_size_exercise, parameter_count_exercise


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
    tell(diagnose(function, sliding1d_exercise(flips=True, padding=padding)))


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
    tell(diagnose(function, sliding1d_exercise(flips=False, padding=padding)))


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
    tell(diagnose(function, sliding2d_exercise(flips=True, padding=padding)))


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
    tell(diagnose(function, sliding2d_exercise(flips=False, padding=padding)))


def flip(function):
    """Check a function of (kernel) that returns it in reverse order, and print what comes out.

    Examples
    --------
    >>> flip(lambda kernel: kernel[::-1])
    ✓ 20 of 20 cases agree with numpy.flip.
    """
    tell(diagnose(function, flip_exercise()))


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
    tell(diagnose(function, output_size_exercise(options, axes)))


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
    tell(diagnose(function, conv_layer_exercise(options)))


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
