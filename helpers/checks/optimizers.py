"""The exercises on optimisers: momentum in Keras's form, and Adam in its paper's.

The right answers come from `helpers.optimizers`, which is tested against Keras. Beside them stand
the results of the forms that other texts and libraries use, and of what readers leave out.
"""

import numpy as np

from helpers.checks.diagnosis import Exercise, diagnose, tell
from helpers.optimizers import SGD, Adam


def momentum_exercise():
    """Return the exercise on (gradients, learning_rates, momentum): Keras's form from w = 0.

    Both rows are equally long, one gradient and one learning rate for each step. The answer is the
    row of w after each step.
    """
    cases = []
    for gradients, rng in _gradients(12, size=5):
        rates = np.sort(rng.choice([0.05, 0.1, 0.2, 0.4, 0.8], len(gradients), replace=False))
        cases.append(
            {
                "gradients": gradients,
                "learning_rates": rates[::-1],
                "momentum": float(rng.choice([0.5, 0.75, 0.9])),
            }
        )
    return Exercise("helpers.optimizers.SGD", _by_momentum, cases, _momentum_slips)


def _path(optimizer, gradients, learning_rates=None):
    """Return where a number that starts at 0 is after each step."""
    w, places = np.array([0.0]), []
    for step, gradient in enumerate(gradients):
        if learning_rates is not None:
            optimizer.learning_rate = learning_rates[step]
        optimizer.apply([np.array([gradient])], [w])
        places.append(w[0])
    return np.array(places)


def _by_momentum(gradients, learning_rates, momentum):
    return _path(SGD(momentum=momentum), gradients, learning_rates)


def _momentum_slips(gradients, learning_rates, momentum):
    """Return {what went wrong: the row that comes out}."""
    m, steps = momentum, list(zip(gradients, learning_rates, strict=True))
    right = _by_momentum(gradients, learning_rates, momentum)
    velocities = np.diff(right, prepend=0)

    def walk(velocity_of, move_of=lambda v, eta: v):
        w, v, places = 0.0, 0.0, []
        for gradient, eta in steps:
            v = velocity_of(v, gradient, eta)
            w += move_of(v, eta)
            places.append(w)
        return np.array(places)

    def before():
        w, v, places = 0.0, 0.0, []
        for gradient, eta in steps:
            w += v
            v = m * v - eta * gradient
            places.append(w)
        return np.array(places)

    mean = (
        "This is a running mean, with (1 - momentum) before the gradient: Keras has no such factor"
    )
    later = (
        "The learning rate multiplies the whole velocity, as in PyTorch. In Keras it belongs to "
    )
    later += "the gradient, so that a change of the rate leaves the velocity as it is"
    return {
        f"{mean}.": walk(lambda v, g, eta: m * v - (1 - m) * eta * g),
        f"{mean}. And the learning rate belongs to the gradient, not to the velocity.": walk(
            lambda v, g, eta: m * v + (1 - m) * g, lambda v, eta: -eta * v
        ),
        f"{later}.": walk(lambda v, g, eta: m * v + g, lambda v, eta: -eta * v),
        "The velocity forgets: momentum is left out.": np.cumsum([-eta * g for g, eta in steps]),
        "This goes uphill: the velocity loses the learning rate times the gradient.": -right,
        "w moves before the velocity has taken up the new gradient: v first, then w.": before(),
        "This is Nesterov's form: w moves by the velocity alone.": np.cumsum(
            [m * v - eta * g for v, (g, eta) in zip(velocities, steps, strict=True)]
        ),
        "These are the velocities: return where w is, that is, add them up.": velocities,
        "The velocity is not multiplied by momentum before the gradient is added.": walk(
            lambda v, g, eta: v - eta * g
        ),
        "The new part is multiplied by momentum as well: v = momentum * v - rate * gradient.": walk(
            lambda v, g, eta: m * (v - eta * g)
        ),
        "The sign of the old velocity is turned: it keeps its direction.": walk(
            lambda v, g, eta: -m * v - eta * g
        ),
        "The first learning rate is used in every step: take that of the step.": walk(
            lambda v, g, eta: m * v - learning_rates[0] * g
        ),
        "The start is in the row: return where w is after each step.": np.r_[0.0, right],
        "The last place alone is returned: collect w after each step.": right[-1],
        "Only the first step is there: is `return` inside the loop?": right[:1],
    }


def adam_exercise():
    """Return the exercise on (gradients, learning_rate, beta_1, beta_2, epsilon): Adam from w = 0.

    In the form of the paper's algorithm 1, with ε beside the root of the corrected mean square. The
    answer is the row of w after each step.
    """
    cases = []
    for gradients, rng in _gradients(13):
        cases.append(
            {
                "gradients": gradients,
                "learning_rate": float(rng.choice([0.1, 0.2, 0.5])),
                "beta_1": float(rng.choice([0.5, 0.9])),
                "beta_2": float(rng.choice([0.75, 0.96])),
                "epsilon": 0.05,  # large, so that its place shows
            }
        )
    oracle = "helpers.optimizers.Adam (with ε moved to the paper's place)"
    return Exercise(oracle, _by_adam, cases, _adam_slips)


def _by_adam(gradients, learning_rate, beta_1, beta_2, epsilon):
    """Return the path of Keras's form, with an ε at each step that equals the paper's."""
    optimizer = Adam(learning_rate, beta_1, beta_2, epsilon)
    w, places = np.array([0.0]), []
    for t, gradient in enumerate(gradients, start=1):
        # η√(1 − β₂ᵗ)/(√v + ε√(1 − β₂ᵗ)) is η/(√v̂ + ε).
        optimizer.epsilon = epsilon * (1 - beta_2**t) ** 0.5
        optimizer.apply([np.array([gradient])], [w])
        places.append(w[0])
    return np.array(places)


def _adam_slips(gradients, learning_rate, beta_1, beta_2, epsilon):
    """Return {what went wrong: the row that comes out}."""

    def walk(
        first=lambda t: 1 - beta_1**t,
        second=lambda t: 1 - beta_2**t,
        divide=lambda v: np.sqrt(v) + epsilon,
        means=(1 - beta_1, 1 - beta_2),
        square=np.square,
        sign=-1,
        keep=(beta_1, beta_2),
        corrected_for_ever=False,
    ):
        m = v = w = 0.0
        places = []
        for t, g in enumerate(gradients, start=1):
            m, v = keep[0] * m + means[0] * g, keep[1] * v + means[1] * square(g)
            if corrected_for_ever:
                m, v = m / (1 - beta_1**t), v / (1 - beta_2**t)
            with np.errstate(all="ignore"):
                w = w + sign * learning_rate * np.float64(m / first(t)) / divide(v / second(t))
            places.append(w)
        return np.array(places)

    right = walk()
    one = "so that both running means are right from the first step on"
    return {
        f"Neither mean is corrected: divide m by 1 - beta_1**t and v by 1 - beta_2**t, {one}.": (
            walk(lambda t: 1, lambda t: 1)
        ),
        f"The mean m of the gradient is not corrected: divide it by 1 - beta_1**t, {one}.": (
            walk(first=lambda t: 1)
        ),
        f"The mean square v is not corrected: divide it by 1 - beta_2**t, {one}.": (
            walk(second=lambda t: 1)
        ),
        "The corrections do not change with the step: t is 1, 2, 3, … (beta to the power of t).": (
            walk(lambda t: 1 - beta_1, lambda t: 1 - beta_2)
        ),
        "The corrections are one step late: t starts at 1, so first comes 1 - beta.": (
            walk(lambda t: 1 - beta_1 ** (t + 1), lambda t: 1 - beta_2 ** (t + 1))
        ),
        "The betas are exchanged: beta_1 belongs to the gradient, beta_2 to its square.": (
            _by_adam(gradients, learning_rate, beta_2, beta_1, epsilon)
        ),
        "Epsilon stands beside the root of v, not of the corrected v, as in Keras. Asked for is "
        "the paper's form.": _path(Adam(learning_rate, beta_1, beta_2, epsilon), gradients),
        "Epsilon is inside the root: in Adam it is added to the root.": (
            walk(divide=lambda v: np.sqrt(v + epsilon))
        ),
        "Epsilon is left out.": walk(divide=np.sqrt),
        "The root is missing: divide by the root of the mean square.": (
            walk(divide=lambda v: v + epsilon)
        ),
        "The gradient is not squared for v.": walk(square=np.abs),
        "This goes uphill: subtract the step.": -right,
        "The factors 1 - beta before the new gradient are missing.": walk(means=(1, 1)),
        "The factor 1 - beta_1 before the gradient is missing.": walk(means=(1, 1 - beta_2)),
        "The factor 1 - beta_2 before the square is missing.": walk(means=(1 - beta_1, 1)),
        "The gradient itself is divided, not its running mean: that is RMSprop, corrected.": (
            walk(first=lambda t: 1, means=(1, 1 - beta_2), keep=(0, beta_2))
        ),
        "The corrected means are carried on: keep m and v as they are, and correct copies.": (
            walk(lambda t: 1, lambda t: 1, corrected_for_ever=True)
        ),
        "beta and 1 - beta are exchanged: the old mean is kept with weight beta.": walk(
            means=(beta_1, beta_2), keep=(1 - beta_1, 1 - beta_2)
        ),
        "The gradient is not squared for v, and so v may be negative.": walk(
            square=lambda g: g, divide=lambda v: np.sqrt(np.abs(v)) + epsilon
        ),
        "The start is in the row: return where w is after each step.": np.r_[0.0, right],
        "The last place alone is returned: collect w after each step.": right[-1],
    }


def _gradients(seed, size=6, number=24):
    """Yield rows of gradients, short ones first, with the generator that drew them."""
    rng = np.random.default_rng(seed)
    for length in [1, 2, *rng.integers(2, size, number - 2)]:
        yield rng.choice([-4.0, -2.0, -1.0, 1.0, 2.0, 3.0], length), rng


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
