"""The exercises on neurons: one of them, and a layer of them for a batch.

The right answers come from SciPy's sigmoid, and from one sum at a time.
"""

import numpy as np

from helpers.checks.diagnosis import Exercise, diagnose, tell


def _sigmoid(z):
    return 1 / (1 + np.exp(-z))


def neuron_exercise():
    """Return the exercise on (x, w, b): the sigmoid of the weighted sum plus the bias."""

    def expected(x, w, b):
        # Imported here, so that a notebook without this exercise does not wait for it.
        from scipy.special import expit

        return expit(np.dot(w, x) + b)

    def mistakes(x, w, b):
        s = float(w @ x)
        z = s + b
        return {
            "The activation is missing: this is z = w·x + b itself.": z,
            "The activation and the bias are missing: this is w·x.": s,
            "The bias is left out: z = w·x + b.": _sigmoid(s),
            "The bias is subtracted: add it.": _sigmoid(s - b),
            "The bias is added after the activation: it belongs inside, f(w·x + b).": (
                _sigmoid(s) + b
            ),
            "The bias is added to every product: add it once, to their sum.": (
                _sigmoid(s + x.size * b)
            ),
            "The products are not added up: a neuron gives one number.": _sigmoid(w * x + b),
            "The activation is applied to every product: add the products up first.": float(
                _sigmoid(w * x).sum() + b
            ),
            "The activation is applied to the inputs: it belongs around the sum.": float(
                w @ _sigmoid(x) + b
            ),
            "The weights are left out: multiply each input by its weight.": _sigmoid(x.sum() + b),
            "The weights are added to the inputs: multiply them.": _sigmoid((w + x).sum() + b),
            "The mean of the products is taken: a neuron takes their sum.": _sigmoid(
                s / x.size + b
            ),
            "Only the first product counts: add up all of them.": _sigmoid(x[0] * w[0] + b),
            "Only the last product is left: add with += in place of =.": (
                _sigmoid(x[-1] * w[-1] + b)
            ),
            "The minus sign in the exponent is missing: 1 / (1 + e^(-z)).": _sigmoid(-z),
            "Brackets are missing: 1 / 1 + x is 1 + x. Write 1 / (1 + np.exp(-z)).": (
                1 + np.exp(-z)
            ),
            "This is e to the power of -z alone: 1 / (1 + e^(-z)).": np.exp(-z),
            "This is the slope a(1 - a), not the activation a.": _sigmoid(z) * (1 - _sigmoid(z)),
            "The sigmoid is applied twice.": _sigmoid(_sigmoid(z)),
            "This is the step function: 0 or 1. Asked for is the sigmoid.": float(z >= 0),
            "This is tanh, between -1 and 1. Asked for is the sigmoid.": np.tanh(z),
            "This is ReLU. Asked for is the sigmoid.": max(z, 0.0),
        }

    def patterns(x, w, b):
        return {
            "Right only for a single input.": x.size == 1,
            "Right only for two inputs: use all there are, such as with w @ x.": x.size == 2,
            "Right only without a bias.": b == 0,
        }

    rng = np.random.default_rng(8)
    cases = [
        {"x": np.array([1.0]), "w": np.array([2.0]), "b": -1.5},
        {"x": np.array([1, 0]), "w": np.array([1.0, -1.0]), "b": 0.5},
    ]
    for size in [1, 2, 2, 3, 3, 3, 4, 4, 5, 6] * 2:
        x, w = rng.choice([-2, -1, 0.5, 1, 1.5], (2, size))
        cases.append({"x": x, "w": w, "b": float(rng.choice([-2, -0.5, 0, 0.25, 1]))})
    return Exercise("scipy.special.expit(w @ x + b)", expected, cases, mistakes, patterns)


def dense_exercise():
    """Return the exercise on (X, W, b): ReLU(X Wᵀ + b), with a sample in each row of X."""

    def expected(X, W, b):
        z = np.array([[sum(w * x) + c for w, c in zip(W, b, strict=True)] for x in X])
        return np.where(z > 0, z, 0)

    def mistakes(X, W, b):
        (samples, inputs), neurons = X.shape, len(W)
        s = X @ W.T
        z, a = s + b, np.maximum(s + b, 0)
        paired = neurons == samples
        return {
            "The activation is missing: these are the sums z.": z,
            "The activation and the bias are missing: these are the sums of products.": s,
            "The bias is left out: neuron j adds b[j].": np.maximum(s, 0),
            "The bias is subtracted: add it.": np.maximum(s - b, 0),
            "The bias is added after the activation: it belongs inside, f(z + b).": (
                np.maximum(s, 0) + b
            ),
            "The bias is added to every product: add it once, to their sum.": (
                np.maximum(s + inputs * b, 0)
            ),
            "Every neuron gets the first bias: neuron j adds b[j].": np.maximum(s + b[0], 0),
            "Every neuron has the weights of the first: neuron j has W[j].": (
                np.maximum(s[:, :1] + b, 0)
            ),
            "W is reshaped. That moves no axis: transpose it, W.T.": (
                np.maximum(X @ W.reshape(inputs, neurons) + b, 0)
            ),
            "W is used as it is: its rows are the neurons, so with samples in rows it is X @ W.T. "
            "(Where W is square, nothing warns you.)": _where_it_fits(
                lambda: np.maximum(X @ W + b, 0)
            ),
            "The neurons come first, and the bias goes along the samples. With W @ X.T it has to "
            "be b[:, None], with a transpose at the end; shorter is X @ W.T + b.": (
                _where_it_fits(lambda: np.maximum(W @ X.T + b, 0))
            ),
            "The neurons come first: asked for is a row for each sample, (N, n).": a.T,
            "The bias goes along the samples: b[j] belongs to neuron j, in column j.": (
                np.maximum(s + b[:, None], 0) if paired else None
            ),
            "The samples are added up: each has an output of its own.": a.sum(axis=0),
            "The mean of the samples is taken: each has an output of its own.": a.mean(axis=0),
            "Only the first sample is there: each has an output of its own.": a[0],
            "Only the last sample is there: is `return` or the list in the wrong place?": a[-1],
            "The neurons are added up: each gives a number of its own.": a.sum(axis=1),
            "This is the sigmoid. Asked for is ReLU, max(z, 0).": _sigmoid(z),
            "This is the absolute value. Asked for is ReLU, max(z, 0).": np.abs(z),
            "This is the smaller of z and 0. ReLU is the larger one.": np.minimum(z, 0),
            "This is the step, or ReLU's slope: ReLU keeps the values above 0.": (z > 0).astype(
                float
            ),
            "What is above 1 is cut off. ReLU has no upper limit.": np.clip(z, 0, 1),
            "The activation is applied to the inputs: it belongs around the sums.": (
                np.maximum(X, 0) @ W.T + b
            ),
        }

    def patterns(X, W, b):
        return {
            "Right only for a batch of one sample.": len(X) == 1,
            "Right only for a single neuron.": len(W) == 1,
            "Right only where there are as many inputs as neurons, so that W is square.": (
                W.shape[0] == W.shape[1]
            ),
            "Right only where there are as many samples as neurons.": len(X) == len(W),
            "Right only where no sum is negative: look at the activation.": (
                bool((X @ W.T + b >= 0).all())
            ),
        }

    rng = np.random.default_rng(9)
    cases = []
    shapes = [(1, 1, 1), (1, 2, 1), (2, 1, 1), (1, 1, 2), (2, 2, 2), (3, 2, 2), (2, 3, 2)]
    shapes += [(2, 2, 3), (3, 2, 3), (3, 3, 3), *rng.integers(1, 6, size=(20, 3)).tolist()]
    for samples, inputs, neurons in sorted(shapes, key=sum):
        X = rng.choice([-1, 0.5, 1, 2], (samples, inputs))
        W = rng.choice([-2, -1, 1, 1.5, 3], (neurons, inputs))
        cases.append({"X": X, "W": W, "b": rng.choice([-3, 0.5, 1, 2], neurons)})
    return Exercise("one sum for each sample and neuron", expected, cases, mistakes, patterns)


def _where_it_fits(function):
    """Return the result, or None where the shapes do not fit each other."""
    try:
        return function()
    except ValueError:
        return None


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
    tell(diagnose(function, neuron_exercise()))


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
    tell(diagnose(function, dense_exercise()))
