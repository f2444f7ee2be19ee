"""The numbers of BackpropGraph from the layers and losses of the book, and from closed formulas.

The widget's module walks through its graph node by node. Here nothing does: a neuron and a network
are `Dense` layers that go forward and backward as a whole, the gradients of the convolution are two
correlations, and those of softmax and cross-entropy are what the chapter derives on paper.
"""

import numpy as np

from helpers import convolution, layers, losses

#: What the leaves hold until they are changed, except for the rows of the convolution.
_START = {
    "neuron": {"x1": 2.0, "w1": 0.5, "x2": 3.0, "w2": -0.4, "b": 0.6, "y": 1.0},
    "two_layer": {
        "x": 2.0, "w1": 0.4, "b1": -0.3, "w2": -0.6, "b2": 0.7,
        "v1": 1.2, "v2": -0.7, "c": 0.2, "y": 1.0,
    },
    "softmax": {"z1": 2.0, "z2": 1.0, "z3": 0.1, "y1": 0.0, "y2": 1.0, "y3": 0.0},
}  # fmt: skip
_ROWS = {"x": [0, 1, 2, 3, 4, 5], "w": [1, -1, 2, 1], "t": [2.5, 0, 3.5, 1, 2, 0]}

GRAPHS = ("neuron", "two_layer", "convolution", "softmax")


def _row(letter, values, first=0):
    """Return {"x0": x[0], "x1": x[1], ...} as Python numbers."""
    return {f"{letter}{n}": float(value) for n, value in enumerate(values, first)}


def start_values(graph, signal_size=5, kernel_size=3):
    """Return the leaves of a graph with the numbers that it begins with.

    Parameters
    ----------
    graph : {"neuron", "two_layer", "convolution", "softmax"}
    signal_size, kernel_size : int
        Cells of the convolution's signal and kernel.

    Returns
    -------
    dict of str to float

    Examples
    --------
    >>> start_values("convolution", signal_size=2, kernel_size=2)
    {'x0': 0.0, 'x1': 1.0, 'w0': 1.0, 'w1': -1.0, 't0': 2.5}
    """
    if graph != "convolution":
        return dict(_START[graph])
    sizes = {"x": signal_size, "w": kernel_size, "t": signal_size - kernel_size + 1}
    rows = [_row(letter, _ROWS[letter][:size]) for letter, size in sizes.items()]
    return {name: value for row in rows for name, value in row.items()}


def neuron(leaves, activation):
    """Return values and gradients of a = f(w₁x₁ + w₂x₂ + b) with L = (a − y)²."""
    x1, w1, x2, w2, b, y = leaves.values()
    layer, loss = _dense([[w1], [w2]], [b], activation), losses.MeanSquaredError()
    outputs = layer.forward(np.array([[x1, x2]]))
    values = {
        "s1": w1 * x1,
        "s2": w2 * x2,
        "z": layer.pre_activation.item(),
        "a": outputs.item(),
        "L": loss.forward([[y]], outputs),
    }
    grad_outputs = loss.backward()
    grad_x1, grad_x2 = layer.backward(grad_outputs)[0].tolist()
    grad_w1, grad_w2 = layer.grad_kernel[:, 0].tolist()
    delta = layer.grad_bias.item()
    gradients = {
        "L": 1.0, "a": grad_outputs.item(), "z": delta, "s1": delta, "s2": delta, "b": delta,
        "w1": grad_w1, "x1": grad_x1, "w2": grad_w2, "x2": grad_x2,
    }  # fmt: skip
    return values, gradients


def two_layer(leaves, activation):
    """Return values and gradients of a network 1–2–1 whose output neuron has no activation."""
    x, w1, b1, w2, b2, v1, v2, c, y = leaves.values()
    hidden = _dense([[w1, w2]], [b1, b2], activation)
    output, loss = _dense([[v1], [v2]], [c], None), losses.MeanSquaredError()
    activations = hidden.forward(np.array([[x]]))
    prediction = output.forward(activations)
    values = {
        **_row("z", hidden.pre_activation[0], 1),
        **_row("a", activations[0], 1),
        "yhat": prediction.item(),
        "L": loss.forward([[y]], prediction),
    }
    grad_prediction = loss.backward()
    grad_activations = output.backward(grad_prediction)
    grad_x = hidden.backward(grad_activations)
    gradients = {
        "L": 1.0,
        "yhat": grad_prediction.item(),
        **_row("v", output.grad_kernel[:, 0], 1),
        "c": output.grad_bias.item(),
        **_row("a", grad_activations[0], 1),
        **_row("z", hidden.grad_bias, 1),  # of a single sample, these are the deltas
        **_row("w", hidden.grad_kernel[0], 1),
        **_row("b", hidden.grad_bias, 1),
        "x": grad_x.item(),
    }
    return values, gradients


def convolution1d(leaves, activation=None):
    """Return values and gradients of y = w * x, kept where the kernel is inside, with MSE.

    ∂L/∂w is the correlation of x with ∂L/∂y in reverse order, because w is flipped on the way
    forward; ∂L/∂x is the full correlation of ∂L/∂y with w.
    """
    x, w, t = (
        np.array([value for name, value in leaves.items() if name[0] == letter]) for letter in "xwt"
    )
    loss = losses.MeanSquaredError()
    outputs = convolution.convolve1d(x, w, padding="valid")
    values = {**_row("y", outputs), "L": loss.forward(t, outputs)}
    grad_outputs = loss.backward()
    grad_kernel = convolution.flip(convolution.cross_correlate1d(x, grad_outputs))
    grad_signal = convolution.cross_correlate1d(grad_outputs, w, padding="full")
    gradients = {
        "L": 1.0,
        **_row("y", grad_outputs),
        **_row("w", grad_kernel),
        **_row("x", grad_signal),
    }
    return values, gradients


def softmax(leaves, activation=None):
    """Return values and gradients of softmax followed by cross-entropy, step by step.

    With S = Σ e^(zₖ): ∂L/∂pₖ = −yₖ/pₖ; S is under every pₖ, so ∂L/∂S = Σ yₖ/pₖ · eₖ/S² = 1/S, since
    the targets add up to 1; ∂L/∂eₖ = −yₖ/eₖ + 1/S; and ∂L/∂zₖ = eₖ times that = pₖ − yₖ.
    """
    z, y = np.split(np.array(list(leaves.values())), 2)
    powers, loss = np.exp(z), losses.CategoricalCrossentropy(from_logits=True)
    total = powers.sum()
    probabilities = layers.Softmax().forward(z[np.newaxis])[0]
    values = {
        **_row("e", powers, 1),
        "S": float(total),
        **_row("p", probabilities, 1),
        "L": loss.forward(y[np.newaxis], z[np.newaxis]),
    }
    gradients = {
        "L": 1.0,
        **_row("p", 0 - y / probabilities, 1),
        "S": float(1 / total),
        **_row("e", 1 / total - y / powers, 1),
        **_row("z", loss.backward()[0], 1),
    }
    return values, gradients


def _dense(kernel, bias, activation):
    """Return a layer with these weights that calculates in float64."""
    layer = layers.Dense(len(bias), activation=activation, dtype="float64")
    layer.build((None, len(kernel)))
    layer.set_weights([kernel, bias])
    return layer


NUMBERS = {
    "neuron": neuron, "two_layer": two_layer, "convolution": convolution1d, "softmax": softmax,
}  # fmt: skip
