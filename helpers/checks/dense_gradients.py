"""The exercise on going back through a dense layer: three results, and what goes wrong with each.

A function returns the gradients for the inputs, the kernel and the bias at once. Each of them is
checked on its own, so that a message can say which one is wrong.
"""

import functools

import numpy as np

from helpers.checks.diagnosis import Exercise, Feedback, diagnose, tell
from helpers.checks.nudging import by_nudging, draw_gradients

PARTS = ("grad_inputs", "grad_kernel", "grad_bias")


def dense_backward_exercises():
    """Return {name: exercise on (inputs, kernel, delta)} for the three results of `backward`.

    `inputs` has the shape (N, D), `kernel` (D, units) and `delta` (N, units): the gradient for the
    pre-activations. The number whose derivatives are asked for is Σ delta · (inputs @ kernel + b).
    """

    def expected(part, inputs, kernel, delta):
        parts = dict(zip(PARTS, (inputs, kernel, np.zeros(kernel.shape[1])), strict=True))

        def weighted_sum(values):
            x, w, b = {**parts, part: values}.values()
            return np.sum(delta * (x @ w + b))

        return by_nudging(weighted_sum, parts[part], step=1.0)  # linear in each of the three

    cases = _cases()
    slips = dict(zip(PARTS, (_input_slips, _kernel_slips, _bias_slips), strict=True))
    return {
        part: Exercise(
            f"nudging ({part})",
            functools.partial(expected, part),
            cases,
            slips[part],
            _patterns,
            pick=functools.partial(_part, number),
        )
        for number, part in enumerate(PARTS)
    }


def returns_other_than_three(function):
    """Tell whether a function returns something, but not three results."""
    try:
        results = function(*_cases()[0].values())
    except Exception:  # told with the line that raised it
        return False
    return results is not None and results is not ... and not _is_triple(results)


def _is_triple(results):
    return isinstance(results, (tuple, list)) and len(results) == len(PARTS)


def _part(number, results):
    """Return one of the three results; whatever is no triple stays as it is."""
    return results[number] if _is_triple(results) else results


def _input_slips(inputs, kernel, delta):
    """Return {what went wrong: grad_inputs that comes out}."""
    right = delta @ kernel.T
    order = "Return them in the order grad_inputs, grad_kernel, grad_bias"
    return {
        "grad_inputs: the kernel has to be transposed, delta @ kernel.T.": _product(delta, kernel),
        "grad_inputs: this is the transpose. Samples are rows: delta @ kernel.T.": right.T,
        f"This is grad_kernel. {order}.": inputs.T @ delta,
        f"This is grad_bias. {order}.": delta.sum(axis=0),
        "grad_inputs: the samples are added up. Every sample has inputs of its own.": (
            right.sum(axis=0)
        ),
        "grad_inputs: divided by N. The mean over the batch is in delta already.": (
            right / len(delta)
        ),
        "grad_inputs: delta is left out. Every derivative is multiplied by it.": (
            np.tile(kernel.sum(axis=1), (len(delta), 1))
        ),
        "grad_inputs: this takes the inputs in place of delta.": _product(inputs, kernel.T),
        "grad_inputs: the slope of the layer before is its own business: delta @ kernel.T.": (
            right * inputs * (1 - inputs)
        ),
        "grad_inputs: multiplied by the inputs. Only delta and the kernel count.": right * inputs,
        "grad_inputs: this is the layer forward. Going back, delta goes in.": inputs @ kernel,
        "grad_inputs: the sign is wrong. Going downhill comes later.": -right,
    }


def _kernel_slips(inputs, kernel, delta):
    """Return {what went wrong: grad_kernel that comes out}."""
    right = inputs.T @ delta
    add_up = "Multiply sample by sample, and add up over the samples: inputs.T @ delta"
    return {
        "grad_kernel: this is the transpose. It has the shape of kernel: inputs.T @ delta.": (
            right.T
        ),
        "grad_kernel: the inputs have to be transposed, inputs.T @ delta.": (
            _product(inputs, delta)
        ),
        "grad_kernel: divided by N. The mean over the batch is in delta already.": (
            right / len(delta)
        ),
        f"grad_kernel: only the first sample counts. {add_up}.": np.outer(inputs[0], delta[0]),
        f"grad_kernel: only the last sample is left. {add_up}.": np.outer(inputs[-1], delta[-1]),
        f"grad_kernel: sums were multiplied. {add_up}.": (
            np.outer(inputs.sum(axis=0), delta.sum(axis=0))
        ),
        f"grad_kernel: the mean of the inputs is taken. {add_up}.": (
            np.outer(inputs.mean(axis=0), delta.sum(axis=0))
        ),
        "grad_kernel: this takes the kernel. The derivative of x * w with respect to w is x.": (
            kernel * delta.sum(axis=0)
        ),
        "grad_kernel: the sign is wrong. Going downhill comes later.": -right,
    }


def _bias_slips(inputs, kernel, delta):
    """Return {what went wrong: grad_bias that comes out}."""
    right, add_up = delta.sum(axis=0), "one number for each neuron, delta.sum(axis=0)"
    return {
        f"grad_bias: not added up over the samples. The bias acts on each of them: {add_up}.": (
            delta
        ),
        f"grad_bias: everything is added up. There is {add_up}.": delta.sum(),
        f"grad_bias: added up along the wrong axis. There is {add_up}.": delta.sum(axis=1),
        "grad_bias: the mean is taken. The mean over the batch is in delta already: add up.": (
            delta.mean(axis=0)
        ),
        f"grad_bias: an axis too many, from keepdims or from ones.T @ delta: {add_up}.": (
            right[None]
        ),
        f"grad_bias: only the first sample counts. There is {add_up}.": delta[0],
        "grad_bias: multiplied by the inputs. The factor of a bias is 1.": (inputs.sum() * right),
        "grad_bias: the sign is wrong. Going downhill comes later.": -right,
    }


def _patterns(inputs, kernel, delta):
    """Return {what went wrong: whether the result is right here}."""
    return {
        "Right only for a single sample.": len(inputs) == 1,
        "Right only for a single neuron.": kernel.shape[1] == 1,
        "Right only for as many inputs as neurons.": kernel.shape[0] == kernel.shape[1],
    }


def _product(a, b):
    """Return a @ b where the shapes fit, otherwise None."""
    return a @ b if a.shape[1] == b.shape[0] else None


def _cases():
    """Return cases of (inputs, kernel, delta), small ones first, with some square kernels."""
    rng = np.random.default_rng(12)
    sizes = [(1, 1, 1), (2, 1, 1), (1, 2, 1), (1, 1, 2), (2, 2, 2), (3, 3, 3), (3, 2, 2)]
    sizes += [(2, 2, 3), (2, 3, 2), (4, 3, 3), *rng.integers(1, 5, (20, 3)).tolist()]
    return [
        {
            "inputs": draw_gradients(rng, (samples, inputs)),
            "kernel": draw_gradients(rng, (inputs, units)),
            "delta": draw_gradients(rng, (samples, units)),
        }
        for samples, inputs, units in sorted(sizes, key=sum)
    ]


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
