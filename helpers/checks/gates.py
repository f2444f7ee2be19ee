"""Feedback on weights found by hand: a neuron that is a gate, and a small network that is XOR.

Weights are no function to try on many cases. Instead all four rows of the truth table are looked
at, and the sums behind them, so that the message can show one row in full.
"""

import numpy as np

from helpers.arguments import as_numbers, one_of
from helpers.checks.diagnosis import Feedback, tell
from helpers.limits import told

CORNERS = ((0, 0), (0, 1), (1, 0), (1, 1))
GATES = {
    "AND": (0, 0, 0, 1),
    "OR": (0, 1, 1, 1),
    "NAND": (1, 1, 1, 0),
    "NOR": (1, 0, 0, 0),
    "XOR": (0, 1, 1, 0),
}


def diagnose_gate(name, weights, bias):
    """Return the `Feedback` on a neuron for a gate: two weights, a bias, and step(0) = 1."""
    one_of("name", name, GATES)
    if why := _not_filled_in(w=weights, b=bias):
        return Feedback(False, f"✗ {why}")
    weights, bias = np.asarray(weights, dtype=float), np.asarray(bias, dtype=float)
    if weights.shape != (2,) or bias.shape != ():
        return Feedback(
            False,
            f"✗ w has shape {weights.shape} and b {bias.shape}: two inputs need two weights, "
            "w = [..., ...], and b is one number.",
        )
    sums = np.array(CORNERS) @ weights + bias
    outputs, wanted = tuple((sums >= 0).astype(int).tolist()), GATES[name]
    if outputs == wanted:
        distance = _written(np.abs(sums).min())
        return Feedback(
            True, f"✓ {name}: all four rows are right. The sum closest to 0 is {distance} away."
        )
    wrong = [row for row in range(4) if outputs[row] != wanted[row]]
    return Feedback(
        False,
        f"✗ {name}: {4 - len(wrong)} of 4 rows are right. "
        + _explain_gate(name, sums, outputs, wrong, weights)
        + "\n"
        + _row_in_full(wrong[0], weights, bias, sums, wanted),
    )


def _explain_gate(name, sums, outputs, wrong, weights):
    """Return a sentence on what these weights do instead."""
    if name == "XOR":
        return "No single neuron can get all four: three is the best there is."
    if all(sums[row] == 0 for row in wrong):
        return "The wrong ones lie exactly on the line: z = 0 fires, since step(0) = 1."
    other = next((gate for gate, row in GATES.items() if row == outputs), None)
    if not np.any(weights):
        return "Both weights are 0, so the inputs make no difference."
    if other and tuple(1 - v for v in GATES[other]) == GATES[name]:
        return f"This is {other}, the opposite. Change the signs of both weights and of the bias."
    if other:
        return f"This is {other}: move the line, with another bias."
    if len(set(outputs)) == 1:
        always = "always" if outputs[0] else "never"
        too = "large" if outputs[0] else "small"
        return f"The neuron {always} fires: the bias is too {too} for these weights."
    return "Look at the signs of the weights: which inputs speak for a 1, which against it?"


def _row_in_full(row, weights, bias, sums, wanted):
    """Return a row of the truth table with its sum written out."""
    x, (w1, w2) = CORNERS[row], map(_bracketed, weights)
    z = _written(sums[row])
    return (
        f"    x = {x}: z = {w1}·{x[0]} + {w2}·{x[1]} + {_bracketed(bias)} = {z}, "
        f"step(z) = {int(sums[row] >= 0)}, expected {wanted[row]}"
    )


def diagnose_xor(W1, b1, w2, b2):
    """Return the `Feedback` on a network of two ReLU neurons and a plain sum for XOR."""
    if why := _not_filled_in(W1=W1, b1=b1, w2=w2, b2=b2):
        return Feedback(False, f"✗ {why}")
    W1, b1, w2, b2 = (np.asarray(array, dtype=float) for array in (W1, b1, w2, b2))
    for label, array, shape, why in [
        ("W1", W1, (2, 2), "a row for each hidden neuron, with a weight for each input"),
        ("b1", b1, (2,), "a bias for each hidden neuron"),
        ("w2", w2, (2,), "a weight for each hidden neuron"),
        ("b2", b2, (), "one number"),
    ]:
        if array.shape != shape:
            return Feedback(
                False, f"✗ {label} has shape {array.shape} and should have {shape}: {why}."
            )
    sums = np.array(CORNERS) @ W1.T + b1
    hidden = np.maximum(sums, 0)
    outputs, wanted = hidden @ w2 + b2, np.array(GATES["XOR"])
    if np.allclose(outputs, wanted, atol=1e-6):
        return Feedback(True, "✓ XOR: all four rows are right, with two neurons in between.")
    right = np.isclose(outputs, wanted, atol=1e-6)
    row = int(np.argmin(right))
    written = ", ".join(map(_written, hidden[row]))
    return Feedback(
        False,
        f"✗ XOR: {right.sum()} of 4 rows are right. {_explain_xor(sums, hidden, outputs, W1)}\n"
        f"    x = {CORNERS[row]}: hidden neurons ({written}), output {_written(outputs[row])}, "
        f"expected {wanted[row]}",
    )


def _explain_xor(sums, hidden, outputs, W1):
    """Return a sentence on what these weights do instead."""
    if not W1.any():
        return "All weights of the hidden neurons are 0, so the inputs make no difference."
    if np.allclose(outputs, 1 - np.array(GATES["XOR"]), atol=1e-6):
        return "This is the opposite, 1 where the inputs are equal: change w2 and b2."
    if np.allclose(hidden[:, 0], hidden[:, 1]):
        return "Both hidden neurons do the same: together they are no more than one."
    if (sums >= 0).all():
        return (
            "No hidden sum is ever negative, so ReLU changes nothing, and two layers without it "
            "are a single one. Let a bias push one of them below 0 for some inputs."
        )
    if np.allclose(outputs[1:3], 1) and np.allclose(outputs[0], 0):
        return "Only (1, 1) is wrong: what can one hidden neuron do there, and nowhere else?"
    return "Work out the two hidden values of the row below first."


def _as_objects(value):
    """Return whatever stands in the dots' place, entry by entry where it has entries."""
    try:
        return np.asarray(value, dtype=object)
    except Exception:  # told as what holds no numbers
        return np.array([0])


def _not_filled_in(**given):
    """Return a sentence about the first argument that holds no numbers yet, otherwise nothing."""
    for name, value in given.items():
        flat = np.ravel(_as_objects(value))
        if any(entry is ... or entry is None for entry in flat):
            return f"{name} is not filled in yet."
        try:
            finite = np.isfinite(as_numbers(name, [value])).all()
        except (TypeError, ValueError):
            return f"{name} = {told(value)} does not hold numbers only, in rows of equal length."
        if not finite:
            return f"{name} = {told(value)} holds a number that is not finite."
    return ""


def _written(number):
    """Return a number as one would write it, without a zero that is negative."""
    return f"{round(float(number), 6) + 0.0:g}"


def _bracketed(number):
    """Return a number, in brackets if it is negative."""
    return f"({_written(number)})" if number < 0 else _written(number)


def gate(name, weights, bias):
    """Print whether a neuron with a step is a gate of two inputs, and what it is otherwise.

    Parameters
    ----------
    name : "AND" or "OR" or "NAND" or "NOR" or "XOR"
        The gate that was asked for.
    weights : sequence of two numbers
    bias : float

    Examples
    --------
    >>> gate("AND", [1, 1], -0.5)
    ✗ AND: 2 of 4 rows are right. This is OR: move the line, with another bias.
        x = (0, 1): z = 1·0 + 1·1 + (-0.5) = 0.5, step(z) = 1, expected 0
    """
    tell(diagnose_gate(name, weights, bias))


def xor_network(W1, b1, w2, b2):
    """Print whether w2 · ReLU(W1 x + b1) + b2 is XOR for two inputs x, and what is wrong.

    Parameters
    ----------
    W1 : array_like of shape (2, 2)
        A row for each hidden neuron.
    b1, w2 : array_like of shape (2,)
    b2 : float

    Examples
    --------
    >>> xor_network([[1, 0], [0, 1]], [0, 0], [1, 1], 0)  # doctest: +ELLIPSIS
    ✗ XOR: 3 of 4 rows are right. No hidden sum is ever negative, so ReLU changes nothing, ...
        x = (1, 1): hidden neurons (1, 1), output 2, expected 0
    """
    tell(diagnose_xor(W1, b1, w2, b2))
