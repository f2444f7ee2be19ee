"""The exercises on walking downhill: a step for a line, and the largest rate that still gets down.

The right answers come from nudging the loss, and from trying rates out, not from the formulas that
readers look for. Beside them stand the results of what readers mix up: a sign, a mean, the order of
two assignments, or which of several curvatures counts.
"""

import numpy as np

from helpers.checks.diagnosis import Exercise, diagnose, tell
from helpers.gradients import numerical_gradient
from helpers.losses import MeanSquaredError
from helpers.optimizers import SGD


def line_step_exercise():
    """Return the exercise on (x, y, w, b, learning_rate): one step for the line w·x + b.

    The loss is the mean squared error; the answer is the pair (w, b) after the step.
    """
    oracle = "helpers.optimizers.SGD, with gradients from nudging w and b"
    return Exercise(oracle, _line_step, _lines(), _line_slips, _line_patterns)


def _line_step(x, y, w, b, learning_rate):
    parameters, loss = np.array([w, b]), MeanSquaredError()
    gradient = numerical_gradient(lambda p: loss.forward(y, p[0] * x + p[1]), parameters)
    SGD(learning_rate).apply([gradient], [parameters])
    return tuple(round(value, 9) for value in parameters.tolist())


def _line_slips(x, y, w, b, learning_rate):
    """Return {what went wrong: the pair that comes out}."""
    error = w * x + b - y
    grad_w, grad_b = 2 * np.mean(error * x), 2 * np.mean(error)
    eta, n = learning_rate, len(x)

    def step(by_w, by_b):
        return w - eta * by_w, b - eta * by_b

    new_w, new_b = step(grad_w, grad_b)
    late_b = b - eta * 2 * np.mean(new_w * x + b - y)
    late_w = w - eta * 2 * np.mean((w * x + new_b - y) * x)
    return {
        "This goes uphill: the step is against the gradient, so subtract.": (
            w + eta * grad_w,
            b + eta * grad_b,
        ),
        "The gradient of w goes uphill: subtract it, as for b.": (w + eta * grad_w, new_b),
        "The gradient of b goes uphill: subtract it, as for w.": (new_w, b + eta * grad_b),
        "b is moved by a gradient at the new w. Work out both gradients first, then move both.": (
            new_w,
            late_b,
        ),
        "w is moved by a gradient at the new b. Work out both gradients first, then move both.": (
            late_w,
            new_b,
        ),
        "This is half the gradient: the square gives a factor 2.": step(grad_w / 2, grad_b / 2),
        "The 2 of the square is missing in the gradient of w.": (w - eta * grad_w / 2, new_b),
        "The 2 of the square is missing in the gradient of b.": (new_w, b - eta * grad_b / 2),
        "The gradients are summed over the samples: take their mean.": step(n * grad_w, n * grad_b),
        "The gradients are summed over the samples, and the factor 2 is missing.": step(
            n * grad_w / 2, n * grad_b / 2
        ),
        "The gradient of w lacks the factor x: its mean is that of error times x.": (
            w - eta * grad_b,
            new_b,
        ),
        "The gradient of b has a factor x: the derivative of w*x + b by b is 1.": (
            new_w,
            b - eta * grad_w,
        ),
        "The two gradients are swapped.": step(grad_b, grad_w),
        "The learning rate is left out.": (w - grad_w, b - grad_b),
        "These are the two gradients: move w and b by the learning rate times them.": (
            grad_w,
            grad_b,
        ),
        "These are the two moves: add them to w and b.": (-eta * grad_w, -eta * grad_b),
        "b has not moved.": (new_w, b),
        "w has not moved.": (w, new_b),
        "Neither w nor b has moved.": (w, b),
        "The pair is the wrong way round: return (w, b).": (new_b, new_w),
        "b is left out of the prediction: it is w*x + b.": step(
            2 * np.mean((w * x - y) * x), 2 * np.mean(w * x - y)
        ),
        "The sign of the error decides, not its size: that is another loss.": step(
            np.mean(np.sign(error) * x), np.mean(np.sign(error))
        ),
        "w alone is returned: return (w, b).": new_w,
        "The sign of the errors is lost: it says which way to go, so leave abs out.": step(
            2 * np.mean(np.abs(error) * x), 2 * np.mean(np.abs(error))
        ),
    }


def _line_patterns(x, y, w, b, learning_rate):
    return {"Right only for a single sample.": len(x) == 1}


def _lines(number=30):
    """Return so many {"x": ..., "y": ..., "w": ..., "b": ..., "learning_rate": ...}."""
    rng = np.random.default_rng(11)
    cases = []
    for samples in [1, 2, *rng.integers(2, 6, number - 2)]:
        w, b = rng.choice([-2.0, -1.0, 0.5, 1.5, 3.0], 2, replace=False)
        x = rng.choice([-3.0, -1.0, 2.0, 4.0, 5.0], samples, replace=False)
        y = rng.choice([-7.0, 7.5, 11.0, 13.5], samples)
        cases.append({"x": x, "y": y, "w": float(w), "b": float(b), "learning_rate": 0.125})
    return cases


def largest_rate_exercise():
    """Return the exercise on (hessian): the largest rate at which gradient descent still gets down.

    The loss is a parabola in several directions, ½ wᵀHw, with curvatures above 0.
    """
    rng = np.random.default_rng(14)
    cases = [{"hessian": np.array([[2.0]])}, {"hessian": np.diag([1.0, 4.0])}]
    for size in rng.integers(2, 5, 18):
        turn, _ = np.linalg.qr(rng.standard_normal((size, size)))
        curvatures = rng.choice([0.25, 0.5, 1.0, 3.0, 5.0, 8.0, 20.0], size, replace=False)
        cases.append({"hessian": turn @ np.diag(curvatures) @ turn.T})
    return Exercise("trying rates out", _largest_rate, cases, _rate_slips, _rate_patterns)


def _largest_rate(hessian):
    """Return the rate between getting down and not, by halving the interval again and again."""

    def grows(rate):
        # A path is a product of equal matrices: w after t steps is (I − ηH)ᵗ w.
        walk = np.eye(len(hessian)) - rate * hessian
        return np.linalg.norm(np.linalg.matrix_power(walk, 2), 2) > 1

    low, high = 0.0, 1e3
    for _ in range(60):
        middle = (low + high) / 2
        low, high = (low, middle) if grows(middle) else (middle, high)
    return (low + high) / 2


def _rate_slips(hessian):
    """Return {what went wrong: the rate that comes out}."""
    curvatures = np.linalg.eigvalsh(hessian)
    largest = curvatures[-1]
    steepest = "It is the steepest direction that limits the rate: take the largest curvature"
    return {
        "At this rate the steepest direction is down in one step. Twice as much still gets down.": (
            1 / largest
        ),
        "This is the condition number, how many times steeper one direction is than another.": (
            largest / curvatures[0] if len(curvatures) > 1 else None
        ),
        f"This is the limit of the flattest direction. {steepest}.": 2 / curvatures[0],
        f"This is right for the flattest direction, and in one step. {steepest}.": (
            1 / curvatures[0]
        ),
        "The curvatures are the eigenvalues of the Hessian; this takes its largest entry, which is "
        "less.": 2 / hessian.max(),
        f"{steepest}, not the sum of all (the trace).": 2 / curvatures.sum(),
        f"{steepest}, not their mean.": 2 / curvatures.mean(),
        f"{steepest}, not the product of all (the determinant).": 2 / np.prod(curvatures),
        f"{steepest}; this takes the root of the sum of squares (numpy.linalg.norm).": (
            2 / np.linalg.norm(hessian)
        ),
        "This is the rate that treats the steepest and the flattest direction alike, the fastest "
        "one. A larger one still gets down.": 2 / (curvatures[0] + largest),
        "This is the largest curvature: divide 2 by it.": largest,
        "This is half of it upside down: divide 2 by the largest curvature.": largest / 2,
        "These are the limits of all directions: the smallest of them counts.": 2 / curvatures,
    }


def _rate_patterns(hessian):
    off_diagonal = hessian - np.diag(np.diag(hessian))
    return {"Right only for a diagonal matrix.": not off_diagonal.any()}


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
