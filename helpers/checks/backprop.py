"""The exercises on going backwards: through an activation, a loss and a kernel, or by nudging.

The right answers come from nudging: what is asked for is a derivative, so the small change that a
small change makes is the measure, and not the formula that readers look for. Where a function is
linear in what is nudged, the nudge may be as large as 1. The dense layer is in
`helpers.checks.dense_backward`.
"""

import numpy as np

from helpers.checks.diagnosis import Exercise

ACTIVATIONS = {
    "sigmoid": (lambda z: 1 / (1 + np.exp(-z)), lambda a: np.log(a / (1 - a))),
    "tanh": (np.tanh, np.arctanh),
    "relu": (lambda z: np.maximum(z, 0), lambda a: np.where(a > 0, a, -1.0)),
}


def activation_backward_exercise(activation):
    """Return the exercise on (outputs, grad_output): back through an activation, by its outputs."""
    if activation not in ACTIVATIONS:
        raise ValueError(
            f"activation={activation!r} is unknown: use one of {', '.join(ACTIVATIONS)}"
        )
    f, inverse = ACTIVATIONS[activation]

    def expected(outputs, grad_output):
        z, h = inverse(outputs), 1e-5
        return grad_output * (f(z + h) - f(z - h)) / (2 * h)

    def mistakes(outputs, grad_output):
        a, g = outputs, grad_output
        slopes = {
            "sigmoid": lambda a: a * (1 - a),
            "tanh": lambda a: 1 - a**2,
            "relu": lambda a: (a > 0).astype(float),
        }
        slope = slopes[activation](a)
        if activation == "relu":
            return {
                "Every gradient passes: outputs >= 0 always holds. Ask for outputs > 0.": g,
                "The incoming gradient is left out: multiply the slope by grad_output.": slope,
                "The slope is 1 where something came out, not the output itself.": g * a,
                "It is the wrong way round: the gradient passes where outputs > 0.": g * (a == 0),
                "The sign is wrong.": -g * slope,
                "The sign of the gradient does not matter: only the outputs decide what passes.": (
                    np.maximum(g, 0)
                ),
            }
        other = "sigmoid" if activation == "tanh" else "tanh"
        asked = "outputs are what came out of the activation, not what went in"
        named = {
            "The incoming gradient is left out: multiply the slope by grad_output.": slope,
            f"The activation is applied once more: {asked}.": g * slopes[activation](f(a)),
            f"This is the slope of {other}, not of {activation}.": g * slopes[other](a),
            "The incoming gradient is added: the chain rule multiplies.": slope + g,
            "The sign is wrong.": -g * slope,
            "The slope is divided by: the chain rule multiplies.": g / slope,
            "The outputs themselves are no slopes: work out how they change with z.": g * a,
            "The incoming gradient comes out unchanged: multiply it by the slope.": g,
        }
        if activation == "tanh":
            named["The square is missing: the slope is not 1 - a."] = g * (1 - a)
            named["The square belongs to a alone, not to 1 - a."] = g * (1 - a) ** 2
            named["The 1 is missing, and the sign is wrong: 1 - a**2."] = g * a**2
        if activation == "sigmoid":
            named["One factor is missing: the slope is not 1 - a."] = g * (1 - a)
        return named

    draw = {
        "sigmoid": lambda rng, shape: rng.uniform(0.05, 0.95, shape),
        "tanh": lambda rng, shape: rng.uniform(-0.95, 0.95, shape),
        "relu": lambda rng, shape: np.maximum(rng.uniform(-2, 2, shape), 0),
    }[activation]
    rng = np.random.default_rng(8)
    cases = [
        {"outputs": draw(rng, shape).round(2), "grad_output": draw_gradients(rng, shape)}
        for shape in _shapes(rng, 20)
    ]
    oracle = f"nudging what goes into {activation}"
    return Exercise(oracle, expected, cases, mistakes)


def mse_backward_exercise():
    """Return the exercise on (y_true, y_pred): the gradient of the mean squared error."""

    def expected(y_true, y_pred):
        def loss(values):
            return np.mean((values - y_true) ** 2)

        # For a parabola, the central difference is exact whatever the step.
        return by_nudging(loss, y_pred, step=1.0)

    def mistakes(y_true, y_pred):
        difference, n = y_pred - y_true, y_pred.size
        everything = "divide by the number of all outputs, y_pred.size"
        return {
            "The factor 2 is missing: the derivative of d**2 is 2 * d.": difference / n,
            f"Divided is by the number of samples only: {everything}.": (
                2 * difference / len(difference)
            ),
            f"The mean is left out: {everything}.": 2 * difference,
            f"The mean and the factor 2 are left out: {everything}.": difference,
            "The sign is wrong: the loss grows when y_pred moves away from y_true.": (
                -2 * difference / n
            ),
            "This is the loss itself: its derivative is asked for.": np.mean(difference**2),
            "These are the terms of the loss: their derivatives are asked for.": difference**2 / n,
            "Summed up to a single number: every output has a derivative of its own.": (
                2 * difference.mean()
            ),
            "Summed over the outputs: every output has a derivative of its own.": (
                2 * difference.sum(axis=1) / n
            ),
            "The absolute difference is taken: its sign tells which way to go.": (
                2 * np.abs(difference) / n
            ),
        }

    def patterns(y_true, y_pred):
        return {
            "Right only for a single sample.": len(y_true) == 1,
            "Right only for a single output.": y_true.shape[1] == 1,
        }

    rng = np.random.default_rng(9)
    cases = [
        {name: rng.integers(-4, 5, shape) / 2 for name in ("y_true", "y_pred")}
        for shape in _shapes(rng, 20)
    ]
    return Exercise("nudging each output", expected, cases, mistakes, patterns)


def numerical_gradient_exercise():
    """Return the exercise on (array, step), for the loss of `bumpy`."""

    def expected(array, step):
        # A cube's central difference is 3a² + h², and that of the product is exact.
        return 3 * array**2 + step**2 + _of_ends(array)

    def mistakes(array, step):
        one_sided = 3 * array * step + 3 * array**2 + step**2 + _of_ends(array)
        if array.size == 1:
            one_sided = one_sided + step  # both ends are the same entry, so their product bends
        right = expected(array, step)
        once = "Nudge one entry, compare, and put it back before the next"
        total = (bumpy(array + step) - bumpy(array - step)) / (2 * step)
        return {
            "From array - step to array + step it is two steps: divide by 2 * step.": 2 * right,
            "This is a one-sided difference, whose error is larger: nudge to both sides.": (
                one_sided
            ),
            "This is a one-sided difference, divided by two steps.": one_sided / 2,
            "The division is missing: a slope is a change per step.": right * 2 * step,
            f"All entries are nudged at once. {once}.": np.full(array.shape, total),
            f"All entries are nudged at once, which gives a single number. {once}.": total,
            "All slopes are still 0: nothing was nudged.": np.zeros(array.shape),
            "The sign is wrong: the value above minus the value below.": -right,
            "The gradient is flat: give it the shape of the array.": (
                right.ravel() if array.ndim > 1 else None
            ),
        }

    rng = np.random.default_rng(10)
    shapes = [(1,), (2,), (3,), (1, 2), (2, 2), (3, 2), (2, 3), (4,), (2, 1), (3, 3)]
    cases = [
        {"array": rng.integers(2, 12, shape) / 4 * rng.choice([-1, 1], shape), "step": step}
        for shape in shapes
        for step in (1e-4, 1e-5)
    ]
    return Exercise("the derivative of Σ a³ + first · last", expected, cases, mistakes)


def bumpy(array):
    """Return Σ a³ + first · last: the loss of the exercise, which bends, and mixes entries."""
    array = np.asarray(array, float)
    return float(np.sum(array**3) + array.flat[0] * array.flat[-1])


def _of_ends(array):
    """Return the derivative of first · last for every entry."""
    slopes = np.zeros(array.shape)
    slopes.flat[0] += array.flat[-1]
    slopes.flat[-1] += array.flat[0]
    return slopes


def kernel_gradient_exercise():
    """Return the exercise on (signal, grad_output): ∂L/∂w of a layer y = w ⋆ x, "valid"."""

    def expected(signal, grad_output):
        kernel = np.zeros(len(signal) - len(grad_output) + 1)

        def weighted_sum(w):
            return np.sum(grad_output * np.correlate(signal, w, "valid"))

        return by_nudging(weighted_sum, kernel, step=1.0)

    def mistakes(signal, grad_output):
        x, g, size = signal, grad_output, len(signal) - len(grad_output) + 1
        right = np.correlate(x, g, "valid")
        every = "The kernel acts at every position: add up over all of them"
        return {
            "This is in reverse order. It is a cross-correlation, without a flip: entry k of "
            "the kernel met x[m + k].": right[::-1],
            "This is a convolution: grad_output was flipped. Entry k of the kernel met x[m + k], "
            "so nothing is flipped.": np.convolve(x, g, "valid"),
            "This has the size of full: only positions at which grad_output lies wholly on the "
            "signal belong to an entry of the kernel.": np.correlate(x, g, "full"),
            f"Only the first position counts. {every}.": g[0] * x[:size],
            f"Only the last position is left. {every}, with +=.": g[-1] * x[-size:],
            "The mean over the positions is taken: contributions add up.": right / len(g),
            f"The incoming gradient is left out. {every}, each times its grad_output.": (
                np.correlate(x, np.ones(len(g)), "valid")
            ),
            "Contributions were multiplied out as sums: multiply position by position.": (
                g.sum() * np.correlate(x, np.ones(len(g)), "valid")
            ),
            "The sign is wrong. Going downhill comes later.": -right,
        }

    def patterns(signal, grad_output):
        return {
            "Right only for a single output.": len(grad_output) == 1,
            "Right only for a kernel of one cell.": len(signal) == len(grad_output),
        }

    rng = np.random.default_rng(11)
    sizes = [(1, 1), (3, 3), (3, 1), (4, 2), (4, 3), (5, 3), *rng.integers(1, 9, (60, 2)).tolist()]
    cases = [
        {"signal": draw_gradients(rng, size), "grad_output": draw_gradients(rng, outputs)}
        for size, outputs in sizes
        if outputs <= size
    ]
    cases = sorted(cases[:30], key=lambda case: case["signal"].size + case["grad_output"].size)
    return Exercise("nudging each cell of the kernel", expected, cases, mistakes, patterns)


def by_nudging(function, array, step):
    """Return the derivative of a number with respect to every entry, by central differences."""
    slopes = np.zeros(array.shape)
    for at in np.ndindex(*array.shape):
        nudge = np.zeros(array.shape)
        nudge[at] = step
        slopes[at] = (function(array + nudge) - function(array - nudge)) / (2 * step)
    return slopes


def draw_gradients(rng, shape):
    """Return gradients of both signs that are not 0."""
    return rng.integers(1, 7, shape) / 2 * rng.choice([-1, 1], shape)


def _shapes(rng, number):
    """Return so many shapes (N, outputs), small ones first."""
    shapes = [(1, 1), (2, 1), (1, 2), (2, 2), *rng.integers(1, 5, (number - 4, 2)).tolist()]
    return sorted(map(tuple, shapes), key=np.prod)
