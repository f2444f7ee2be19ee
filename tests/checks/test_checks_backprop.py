"""Diagnoses of gradients, given by functions that make the mistakes."""

import functools

import numpy as np
import pytest

from helpers import checks, gradients, layers, losses
from helpers.checks.backprop import (
    activation_backward_exercise,
    bumpy,
    kernel_gradient_exercise,
    mse_backward_exercise,
    numerical_gradient_exercise,
)
from helpers.checks.dense_backward import dense_backward_exercises
from helpers.checks.diagnosis import diagnose
from helpers.layers import activations

SIGMOID, TANH, RELU = map(activation_backward_exercise, ("sigmoid", "tanh", "relu"))
MSE = mse_backward_exercise()
DENSE = dense_backward_exercises()
NUDGE = numerical_gradient_exercise()
KERNEL = kernel_gradient_exercise()
ALL = [SIGMOID, TANH, RELU, MSE, *DENSE.values(), NUDGE, KERNEL]


# Right answers, in the styles that readers write


def dense(inputs, kernel, delta):
    return delta @ kernel.T, inputs.T @ delta, delta.sum(axis=0)


def dense_by_loops(inputs, kernel, delta):
    grad_inputs, grad_kernel = np.zeros(inputs.shape), np.zeros(kernel.shape)
    grad_bias = [0.0] * kernel.shape[1]
    for n in range(len(inputs)):
        for i in range(kernel.shape[0]):
            for j in range(kernel.shape[1]):
                grad_inputs[n, i] += delta[n, j] * kernel[i, j]
                grad_kernel[i, j] += delta[n, j] * inputs[n, i]
        for j in range(kernel.shape[1]):
            grad_bias[j] += delta[n, j]
    return [grad_inputs, grad_kernel, grad_bias]


def dense_of_the_book(inputs, kernel, delta):
    layer = layers.Dense(kernel.shape[1])
    layer.build(inputs.shape)
    layer.set_weights([kernel, np.zeros(kernel.shape[1])])
    layer.forward(inputs)
    return layer.backward(delta), *layer.gradients


def mse_of_the_book(y_true, y_pred):
    loss = losses.MeanSquaredError()
    loss.forward(y_true, y_pred)
    return loss.backward()


def nudge_in_place(loss, array, step):
    slopes = np.zeros_like(array)
    for at in np.ndindex(*array.shape):
        kept = array[at]
        array[at] = kept + step
        above = loss(array)
        array[at] = kept - step
        below = loss(array)
        array[at] = kept
        slopes[at] = (above - below) / (2 * step)
    return slopes


def kernel_by_loops(signal, grad_output):
    grad = [0.0] * (len(signal) - len(grad_output) + 1)
    for m, g in enumerate(grad_output):
        for k in range(len(grad)):
            grad[k] += g * signal[m + k]
    return grad


def back_through(kind):
    def backward(outputs, grad_output):
        layer = kind()
        inverse = {activations.Tanh: np.arctanh, activations.ReLU: lambda a: a - (a == 0)}
        layer.forward(inverse.get(kind, lambda a: np.log(a / (1 - a)))(outputs))
        return layer.backward(grad_output)

    return backward


@pytest.mark.parametrize(
    ("exercise", "function"),
    [
        (TANH, lambda a, g: g * (1 - a**2)),
        (TANH, back_through(activations.Tanh)),
        (SIGMOID, lambda a, g: g * a * (1 - a)),
        (SIGMOID, back_through(activations.Sigmoid)),
        (RELU, lambda a, g: np.where(a > 0, g, 0)),
        (RELU, back_through(activations.ReLU)),
        (MSE, lambda y, p: 2 * (p - y) / p.size),
        (MSE, mse_of_the_book),
        *[(part, one) for part in DENSE.values() for one in (dense, dense_by_loops)],
        *[(part, dense_of_the_book) for part in DENSE.values()],
        (KERNEL, kernel_by_loops),
        (KERNEL, lambda x, g: np.convolve(x, g[::-1], "valid")),
    ],
)
def test_right_answers_pass(exercise, function):
    feedback = diagnose(function, exercise)
    number = len(exercise.cases)
    assert feedback.message.startswith(f"✓ {number} of {number} cases agree with nudging")
    assert feedback.passed


# Wrong answers


def one_sided(loss, array, step):
    return gradients_by(lambda above, here, below: (above - here) / step)(loss, array, step)


def gradients_by(formula):
    """Return a function that nudges every entry and combines the losses by the formula."""

    def differentiate(loss, array, step):
        slopes = np.zeros(array.shape)
        for at in np.ndindex(*array.shape):
            nudge = np.zeros(array.shape)
            nudge[at] = step
            slopes[at] = formula(loss(array + nudge), loss(array), loss(array - nudge))
        return slopes

    return differentiate


def never_puts_back(loss, array, step):
    slopes = np.zeros(array.shape)
    for at in np.ndindex(*array.shape):
        array[at] += step
        above = loss(array)
        array[at] -= 2 * step
        slopes[at] = (above - loss(array)) / (2 * step)
    return slopes


@pytest.mark.parametrize(
    ("check", "function", "told"),
    [
        # through an activation
        (checks.activation_backward, lambda a, g: 1 - a**2, "The incoming gradient is left out"),
        (
            checks.activation_backward,
            lambda a, g: g * (1 - np.tanh(a) ** 2),
            "The activation is applied once more: outputs are what came out of the activation",
        ),
        (
            checks.activation_backward,
            lambda a, g: g * a * (1 - a),
            "This is the slope of sigmoid, not of tanh.",
        ),
        (checks.activation_backward, lambda a, g: g * (1 - a), "The square is missing"),
        (checks.activation_backward, lambda a, g: g, "comes out unchanged"),
        (checks.activation_backward, lambda a, g: -g * (1 - a**2), "The sign is wrong."),
        (
            functools.partial(checks.activation_backward, activation="relu"),
            lambda a, g: g * (a >= 0),
            "Every gradient passes: outputs >= 0 always holds. Ask for outputs > 0.",
        ),
        # the loss
        (checks.mse_backward, lambda y, p: (p - y) / p.size, "The factor 2 is missing"),
        (checks.mse_backward, lambda y, p: 2 * (p - y) / len(p), "the number of samples only"),
        (checks.mse_backward, lambda y, p: 2 * (p - y), "The mean is left out"),
        (checks.mse_backward, lambda y, p: 2 * (y - p) / p.size, "The sign is wrong"),
        (checks.mse_backward, lambda y, p: np.mean((p - y) ** 2), "This is the loss itself"),
        # the dense layer
        (
            checks.dense_backward,
            lambda x, w, d: (d @ w, x.T @ d, d.sum(0)) if w.shape[0] == w.shape[1] else w @ d @ x,
            "grad_inputs: the kernel has to be transposed, delta @ kernel.T.",
        ),
        (
            checks.dense_backward,
            lambda x, w, d: (np.dot(d, w), x.T @ d, d.sum(0)),
            "grad_inputs: the kernel has to be transposed, delta @ kernel.T.",
        ),
        (
            checks.dense_backward,
            lambda x, w, d: (d @ w.T, d.T @ x, d.sum(0)),
            "grad_kernel: this is the transpose.",
        ),
        (
            checks.dense_backward,
            lambda x, w, d: (d @ w.T, x.T @ d / len(d), d.sum(0)),
            "grad_kernel: divided by N. The mean over the batch is in delta already.",
        ),
        (checks.dense_backward, lambda x, w, d: (d @ w.T, x.T @ d, d), "grad_bias: not added up"),
        (
            checks.dense_backward,
            lambda x, w, d: (d @ w.T, x.T @ d, d.sum(axis=0, keepdims=True)),
            "grad_bias: an axis too many",
        ),
        (
            checks.dense_backward,
            lambda x, w, d: (x.T @ d, d @ w.T, d.sum(0)),
            "This is grad_kernel. Return them in the order grad_inputs, grad_kernel, grad_bias.",
        ),
        (checks.dense_backward, lambda x, w, d: x.T @ d, "The check needs three arrays: return g"),
        (checks.dense_backward, lambda x, w, d: None, "did you forget `return`?"),
        (checks.dense_backward, lambda x, w, d: ..., "still returns `...`"),
        (checks.dense_backward, lambda x, w: None, "cannot be called as f(inputs, kernel, delta)"),
        (checks.dense_backward, 3, "The check was given 3."),
        (
            checks.dense_backward,
            lambda x, w, d: (d @ w.T, np.dot(x, d) if len(d) > 1 else x.T @ d, d.sum(0)),
            "does one of the two want a .T?",
        ),
        # nudging
        (
            checks.numerical_gradient,
            gradients_by(lambda above, here, below: above - below),
            "The division is missing: a slope is a change per step.",
        ),
        (checks.numerical_gradient, one_sided, "This is a one-sided difference, whose error is la"),
        (
            checks.numerical_gradient,
            lambda loss, a, h: (loss(a + h) - loss(a - h)) / (2 * h),
            "All entries are nudged at once, which gives a single number.",
        ),
        (checks.numerical_gradient, never_puts_back, "Your function changes `array`, its input."),
        # the kernel
        (checks.kernel_gradient, lambda x, g: np.correlate(x, g)[::-1], "This is in reverse order"),
        (
            checks.kernel_gradient,
            lambda x, g: np.convolve(x, g, "valid"),
            "This is a convolution: grad_output was flipped.",
        ),
        (checks.kernel_gradient, lambda x, g: np.correlate(x, g, "full"), "the size of full"),
        (
            checks.kernel_gradient,
            lambda x, g: g[0] * x[: len(x) - len(g) + 1],
            "Only the first position counts.",
        ),
    ],
)
def test_mistakes_are_named(capsys, check, function, told):
    assert check(function) is None
    printed = capsys.readouterr().out
    assert printed.startswith("✗ ")
    assert told in " ".join(printed.split())
    assert max(map(len, printed.splitlines())) <= 110


@pytest.mark.parametrize(
    ("check", "options", "function"),
    [
        (checks.activation_backward, {}, lambda a, g: g * (1 - a**2)),
        (checks.activation_backward, {"activation": "sigmoid"}, lambda a, g: g * a * (1 - a)),
        (checks.mse_backward, {}, mse_of_the_book),
        (checks.dense_backward, {}, dense_by_loops),
        (checks.numerical_gradient, {}, nudge_in_place),
        (checks.kernel_gradient, {}, kernel_by_loops),
    ],
)
def test_checks_praise_right_answers(capsys, check, options, function):
    check(function, **options)
    assert capsys.readouterr().out.startswith("✓ ")


def test_a_division_by_a_fixed_number_fits_one_step_only(capsys):
    checks.numerical_gradient(gradients_by(lambda above, _, below: (above - below) / 2e-4))
    assert capsys.readouterr().out.startswith("✗ ")


def test_the_loss_to_nudge_has_the_derivative_that_is_expected():
    for case in NUDGE.cases:
        right = gradients.numerical_gradient(bumpy, case["array"], step=1e-5)
        np.testing.assert_allclose(NUDGE.expected(**case), right, rtol=1e-6)


def test_an_unknown_activation_is_refused():
    with pytest.raises(ValueError, match="activation='gelu' is unknown: use one of sigmoid, tanh,"):
        checks.activation_backward(lambda a, g: g, activation="gelu")


class TestCases:
    @pytest.mark.parametrize("exercise", ALL)
    def test_no_mistake_is_taken_for_another(self, exercise):
        """Whoever makes exactly one known mistake is told so, not what would come before it."""
        predictions = [exercise.mistakes(**case) for case in exercise.cases]
        told = 0
        for name in predictions[0]:
            answers = iter([prediction[name] for prediction in predictions])

            def mistaken(*arguments, answers=answers):
                result = next(answers)
                if result is None:
                    raise ValueError("nobody knows")
                return result

            message = diagnose(mistaken, exercise).message
            if message.startswith("✓"):
                continue  # for this activation it is no mistake
            assert message.startswith(f"✗ {name}\n"), message
            told += 1
        assert told >= len(predictions[0]) - 2
        assert told >= 6

    @pytest.mark.parametrize("exercise", ALL)
    def test_they_start_small_and_have_both_signs(self, exercise):
        sizes = [sum(np.size(value) for value in case.values()) for case in exercise.cases]
        assert sizes[0] == min(sizes)
        entries = np.concatenate([np.ravel(v) for case in exercise.cases for v in case.values()])
        assert entries.min() < 0 < entries.max()
