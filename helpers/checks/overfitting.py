"""The exercises on overfitting: the slope of a penalty, and switching off at random.

The right answers come from nudging each weight, and from one value at a time.
"""

import numpy as np

from helpers.checks.diagnosis import Exercise, diagnose, tell


def penalized_gradient(function):
    """Check a function of (gradient, weights, decay): the gradient of L + ½ · decay · Σ w².

    Parameters
    ----------
    function : callable
        Takes ∂L/∂w, the weights w and λ, and returns the gradient of the loss with the penalty
        ½λ Σ w² on all weights.

    Examples
    --------
    >>> penalized_gradient(lambda gradient, weights, decay: gradient + 0.5 * decay)
    ... # doctest: +ELLIPSIS
    ✗ The slope of ½λw² is taken for ½λ: it grows with the weight, λw.
    ...
    """
    tell(diagnose(function, penalized_gradient_exercise()))


def inverted_dropout(function):
    """Check a function of (values, draws, rate): dropout as it is while training.

    Parameters
    ----------
    function : callable
        Takes values, as many random numbers from 0 to 1, and the rate. A value is switched off
        where its number is below the rate; the others are scaled so that the expected value stays.

    Examples
    --------
    >>> inverted_dropout(lambda values, draws, rate: values * (draws >= rate))
    ... # doctest: +ELLIPSIS
    ✗ What stays on is not scaled: divide by 1 − rate.
    ...
    """
    tell(diagnose(function, inverted_dropout_exercise()))


def penalized_gradient_exercise():
    """Return the exercise on (gradient, weights, decay)."""

    def expected(gradient, weights, decay):
        found, step = np.zeros(weights.shape), 0.5  # exact for a parabola, however long the step
        for at in np.ndindex(weights.shape):
            up, down = weights.copy(), weights.copy()
            up[at] += step
            down[at] -= step
            penalties = [decay / 2 * (nudged**2).sum() for nudged in (up, down)]
            found[at] = gradient[at] + (penalties[0] - penalties[1]) / (2 * step)
        return found

    def mistakes(gradient, weights, decay):
        return {
            "The slope of ½λw² is taken for ½λ: it grows with the weight, λw.": (
                gradient + decay / 2
            ),
            "This is the slope of λw², Keras's L2: here a ½ stands before it.": (
                gradient + 2 * decay * weights
            ),
            "The ½ is left standing: the 2 of the derivative takes it away.": (
                gradient + decay / 2 * weights
            ),
            "The penalty is subtracted: it is added to the loss, so its slope is added too.": (
                gradient - decay * weights
            ),
            "Only the size of each weight's pull is right: weights below 0 are pulled up.": (
                gradient + decay * np.abs(weights)
            ),
            "This is the slope of the sum of the sizes, L1: all weights are pulled alike.": (
                gradient + decay * np.sign(weights)
            ),
            "This adds the penalty itself: asked for is its slope.": (
                gradient + decay / 2 * weights**2
            ),
            "This adds λw², which is twice the penalty: asked for is its slope.": (
                gradient + decay * weights**2
            ),
            "λ is added alone: the slope of ½λw² is λw.": gradient + decay,
            "This adds the whole penalty to every slope: asked for is its slope, λw.": (
                gradient + decay * np.sum(weights**2)
            ),
            "The gradient is scaled: λ belongs to the weights.": gradient * (1 - decay),
            "This moves the weights: asked for is the gradient with the penalty.": (
                weights - gradient - decay * weights
            ),
            "λ is left out.": gradient + weights,
            "This is the penalty's part alone: add the gradient of the loss.": decay * weights,
            "This is the gradient of the loss alone: the penalty is missing.": gradient,
            "The mean over the weights is taken: the penalty is their sum.": (
                gradient + decay * weights / weights.size if weights.size > 1 else None
            ),
        }

    rng = np.random.default_rng(31)
    shapes = [(1,), (2,), (3,), (2, 2), (2, 3), (3, 2), (4,), (2, 4)]
    cases = [
        {
            "gradient": rng.integers(-4, 5, shape) / 2,
            "weights": rng.integers(-6, 7, shape) / 2,
            "decay": float(rng.choice([0.1, 0.5, 3.0])),
        }
        for shape in shapes
    ]
    return Exercise("nudging each weight", expected, cases, mistakes)


def inverted_dropout_exercise():
    """Return the exercise on (values, draws, rate)."""

    def expected(values, draws, rate):
        pairs = zip(values.ravel(), draws.ravel(), strict=True)
        kept = [0.0 if draw < rate else value / (1 - rate) for value, draw in pairs]
        return np.reshape(kept, values.shape)

    def mistakes(values, draws, rate):
        stays = draws >= rate
        return {
            "What stays on is not scaled: divide by 1 − rate.": values * stays,
            "The wrong ones are switched off: those with a number below the rate go.": (
                values * ~stays / (1 - rate)
            ),
            "The wrong ones are switched off, and scaled by the rate.": values * ~stays / rate,
            "Divide by 1 − rate, the share that stays, not by the rate.": values * stays / rate,
            "What stays on is scaled down: that is for predicting, in the paper's own form.": (
                values * stays * (1 - rate)
            ),
            "Nothing is switched off: this is what predicting does.": values,
            "All are scaled down: this is predicting in the paper's own form.": (
                values * (1 - rate)
            ),
            "Nothing is switched off, but all are scaled.": values / (1 - rate),
            "The wrong ones are switched off, and the rest is not scaled.": values * ~stays,
            "The random numbers scale the values: they only decide which ones go.": values * draws,
            "Those switched off are left out: they become 0, and keep their place.": (
                values[stays] / (1 - rate)
            ),
            "Scaled by 2, whatever the rate: divide by 1 − rate.": values * stays * 2,
            "Halved, whatever the rate: divide by 1 − rate.": values * stays / 2,
            "This is the mask alone: multiply the values by it.": stays / (1 - rate),
            "The values themselves are compared with the rate: compare the random numbers.": (
                values * (values >= rate) / (1 - rate)
            ),
            "It divides by the share that happened to stay: divide by 1 − rate, which is fixed.": (
                values * stays / stays.mean() if stays.any() else None
            ),
        }

    rng = np.random.default_rng(32)
    cases = []
    for shape in [(2,), (3,), (4,), (2, 3), (3, 3), (2, 4), (5,), (3, 4)]:
        values = rng.integers(1, 9, shape) / 4 * rng.choice([-1, 1], shape)
        draws, rate = rng.random(shape).round(2), float(rng.choice([0.2, 0.4, 0.75]))
        draws.flat[0], draws.flat[1] = rate - 0.1, rate + 0.1
        cases.append({"values": values, "draws": draws, "rate": rate})
    return Exercise("one value at a time", expected, cases, mistakes)
