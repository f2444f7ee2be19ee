"""Diagnoses of neurons, dense layers, counts and gates, given by answers that make the mistakes."""

from itertools import pairwise

import numpy as np
import pytest

from helpers import checks
from helpers.checks.diagnosis import diagnose
from helpers.checks.gates import CORNERS, GATES, diagnose_gate, diagnose_xor
from helpers.checks.neurons import dense_exercise, network_count_exercise, neuron_exercise
from helpers.layers import Dense, Input
from helpers.network import Sequential

NEURON = neuron_exercise()
DENSE = dense_exercise()
COUNT = network_count_exercise()


# Right answers, in the styles that readers write


def neuron_in_a_loop(x, w, b):
    z = b
    for i in range(len(x)):
        z += w[i] * x[i]
    return 1 / (1 + np.exp(-z))


def neuron_by_tanh(x, w, b):
    return (1 + np.tanh((np.sum(w * x) + b) / 2)) / 2


def dense_in_loops(X, W, b):
    return [[max(sum(row * x) + c, 0) for row, c in zip(W, b, strict=True)] for x in X]


def dense_of_the_book(X, W, b):
    layer = Dense(len(W), activation="relu")
    layer.build(X.shape)
    layer.set_weights([W.T, b])
    return layer.forward(X)


def count_of_the_book(sizes):
    inputs, *widths = sizes
    return Sequential([Input((inputs,)), *map(Dense, widths)]).count_params()


@pytest.mark.parametrize(
    ("exercise", "function"),
    [
        (NEURON, neuron_in_a_loop),
        (NEURON, neuron_by_tanh),
        (DENSE, dense_in_loops),
        (DENSE, dense_of_the_book),
        (DENSE, lambda X, W, b: np.maximum((W @ X.T + b[:, None]).T, 0)),
        (COUNT, count_of_the_book),
        (COUNT, lambda sizes: sum((sizes[i] + 1) * sizes[i + 1] for i in range(len(sizes) - 1))),
    ],
)
def test_right_answers_pass(exercise, function):
    feedback = diagnose(function, exercise)
    assert feedback.passed, feedback.message
    number = len(exercise.cases)
    assert feedback.message.startswith(
        f"✓ {number} of {number} cases agree with {exercise.oracle}."
    )


def only_two_inputs(x, w, b):
    return 1 / (1 + np.exp(-(w[0] * x[0] + w[1] * x[1] + b)))


def sigmoid(z):
    return 1 / (1 + np.exp(-z))


@pytest.mark.parametrize(
    ("exercise", "function", "told"),
    [
        (NEURON, lambda x, w, b: w @ x + b, "The activation is missing: this is z"),
        (NEURON, lambda x, w, b: sigmoid(w * x + b), "The products are not added up"),
        (NEURON, lambda x, w, b: sigmoid(np.sum(w * x + b)), "The bias is added to every product"),
        (NEURON, lambda x, w, b: 1 / 1 + np.exp(-(w @ x + b)), "Brackets are missing"),
        (NEURON, lambda x, w, b: 1 / (1 + np.exp(w @ x + b)), "The minus sign in the exponent"),
        (NEURON, only_two_inputs, "Right only for two inputs"),
        (NEURON, lambda x, w, b: ..., "Your function still returns `...`"),
        (DENSE, lambda X, W, b: X @ W + b, "raises ValueError in the line"),
        (DENSE, lambda X, W, b: np.maximum(X @ W + b, 0), "W is used as it is: its rows are"),
        (
            DENSE,
            lambda X, W, b: np.maximum(W @ X.T + b, 0),
            "and the bias goes along the samples. With",
        ),
        (DENSE, lambda X, W, b: X @ W.T + b, "The activation is missing: these are the sums z."),
        (DENSE, lambda X, W, b: np.maximum(W @ X.T + b[:, None], 0), "The neurons come first"),
        (DENSE, lambda X, W, b: np.maximum(X @ W.T, 0) + b, "The bias is added after the activa"),
        (COUNT, lambda s: sum(m * n for m, n in pairwise(s)), "Counted are only the weights"),
        (COUNT, lambda s: s[0] * s[1] + s[1], "Right only for a single layer."),
        (COUNT, lambda s: sum(s) + sum(m * n for m, n in pairwise(s)), "The inputs have no bias"),
    ],
)
def test_mistakes_are_named(exercise, function, told):
    feedback = diagnose(function, exercise)
    assert not feedback.passed
    assert told in feedback.message


@pytest.mark.parametrize("exercise", [NEURON, DENSE, COUNT])
def test_no_mistake_is_taken_for_another(exercise):
    """Whoever makes exactly one known mistake is told so, not what would come before it."""
    predictions = [exercise.mistakes(**case) for case in exercise.cases]
    assert len(predictions[0]) >= 11
    for name in predictions[0]:
        answers = iter([prediction[name] for prediction in predictions])

        def mistaken(*arguments, answers=answers):
            result = next(answers)
            if result is None:
                raise ValueError("nobody knows")
            return result

        assert diagnose(mistaken, exercise).message.startswith(f"✗ {name}\n")


def test_cases_show_every_pattern():
    """No pattern holds for all cases, or for none: else it could not be told from the others."""
    for exercise in [NEURON, DENSE, COUNT]:
        patterns = [exercise.patterns(**case) for case in exercise.cases]
        for name in patterns[0]:
            assert {bool(pattern[name]) for pattern in patterns} == {True, False}, name


def test_network_of_the_source_has_366():
    (case,) = [case for case in COUNT.cases if case["sizes"] == [10, 12, 12, 6]]
    assert COUNT.expected(**case) == 366


class TestGates:
    @pytest.mark.parametrize(
        ("name", "weights", "bias"),
        [
            ("AND", [1, 1], -1.5),
            ("OR", (1, 1), -0.5),
            ("NAND", np.array([-2, -2]), 3),
            ("NOR", [-1, -1], 0.5),
            ("AND", [1, 1], -2),  # z = 0 fires
        ],
    )
    def test_right_weights_pass(self, name, weights, bias):
        feedback = diagnose_gate(name, weights, bias)
        assert feedback.passed
        assert feedback.message.startswith(f"✓ {name}: all four rows are right.")

    @pytest.mark.parametrize(
        ("name", "weights", "bias", "told"),
        [
            ("NAND", [1, 1], -1.5, "0 of 4 rows are right. This is AND, the opposite."),
            ("NAND", [-1, -1], 0.5, "2 of 4 rows are right. This is NOR: move the line"),
            ("OR", [1, 1], -1, "✓"),
            ("AND", [1, 1], -0.9, "This is OR: move the line, with another bias."),
            ("AND", [1, 1], -1, "lie exactly on the line"),
            ("NOR", [-1, -1], 0, "✓"),
            ("OR", [1, 1], 0, "lie exactly on the line: z = 0 fires, since step(0) = 1."),
            ("OR", [0, 0], 1, "Both weights are 0, so the inputs make no difference."),
            ("AND", [1, 1], 5, "The neuron always fires: the bias is too large"),
            ("AND", [1, 1], -5, "The neuron never fires: the bias is too small"),
            ("OR", [1, -1], -0.5, "Look at the signs of the weights"),
            ("XOR", [1, 1], -0.5, "3 of 4 rows are right. No single neuron can get all four"),
            ("AND", [1, 1, 1], 0, "w has shape (3,) and b ()"),
            ("AND", [1, 1], [0], "w has shape (2,) and b (1,)"),
            ("AND", ..., ..., "w is not filled in yet."),
            ("AND", [..., ...], 0, "w is not filled in yet."),
            ("AND", [1, 1], None, "b is not filled in yet."),
            ("AND", ["a", 1], 0, "does not hold numbers only"),
            ("AND", [1, np.nan], 0, "a number that is not finite."),
        ],
    )
    def test_what_is_wrong_is_named(self, name, weights, bias, told):
        assert told in diagnose_gate(name, weights, bias).message

    def test_the_row_is_written_out(self):
        message = diagnose_gate("AND", [1, 1], -0.5).message
        assert message.splitlines()[1] == (
            "    x = (0, 1): z = 1·0 + 1·1 + (-0.5) = 0.5, step(z) = 1, expected 0"
        )

    def test_truth_tables_are_those_of_python(self):
        for row, (p, q) in enumerate(CORNERS):
            assert GATES["AND"][row] == (p & q) and GATES["NAND"][row] == 1 - (p & q)
            assert GATES["OR"][row] == (p | q) and GATES["NOR"][row] == 1 - (p | q)
            assert GATES["XOR"][row] == p ^ q

    def test_no_neuron_is_xor(self):
        """Three rows are the best that any of many random neurons gets."""
        rng = np.random.default_rng(3)
        best = 0
        for w1, w2, b in rng.normal(size=(2000, 3)):
            message = diagnose_gate("XOR", [w1, w2], b).message
            assert "✓" not in message
            best = max(best, int(message.split("XOR: ")[1][0]))
        assert best == 3


class TestXorNetwork:
    @pytest.mark.parametrize(
        "network",
        [
            ([[1, 1], [1, 1]], [0, -1], [1, -2], 0),
            ([[1, -1], [-1, 1]], [0, 0], [1, 1], 0),
            ([[-1, -1], [1, 1]], [1, -1], [-1, -1], 1),
        ],
    )
    def test_right_networks_pass(self, network):
        assert diagnose_xor(*network).passed

    @pytest.mark.parametrize(
        ("network", "told"),
        [
            (([[1, 0], [0, 1]], [0, 0], [1, 1], 0), "No hidden sum is ever negative"),
            (([[1, 1], [1, 1]], [0, -1], [-1, 2], 1), "This is the opposite"),
            (([[1, -1], [1, -1]], [0, 0], [1, 1], 0), "Both hidden neurons do the same"),
            (([[1, 1], [1, 1]], [0, -1], [1, -1], 0), "Only (1, 1) is wrong"),
            (([[0, 0], [0, 0]], [0, 0], [1, 1], 0), "All weights of the hidden neurons are 0"),
            (([[1, 1], [1, -1]], [0, -1], [3, 1], 0), "Work out the two hidden values"),
            (([1, 1], [0, -1], [1, -2], 0), "W1 has shape (2,) and should have (2, 2): a row"),
            (([[1, 1], [1, 1]], 0, [1, -2], 0), "b1 has shape () and should have (2,)"),
            (([[1, 1], [1, 1]], [0, -1], [[1, -2]], 0), "w2 has shape (1, 2) and should"),
            (([[1, 1], [1, 1]], [0, -1], [1, -2], [0]), "b2 has shape (1,) and should have ()"),
            (([[..., 1], [1, 1]], [0, -1], [1, -2], 0), "W1 is not filled in yet."),
            (([[1, 1], [1]], [0, -1], [1, -2], 0), "does not hold numbers only, in rows of equal"),
        ],
    )
    def test_what_is_wrong_is_named(self, network, told):
        feedback = diagnose_xor(*network)
        assert not feedback.passed
        assert told in feedback.message

    def test_the_row_is_written_out(self):
        message = diagnose_xor([[1, 1], [1, 1]], [0, -1], [1, -1], 0).message
        assert message.splitlines()[1] == (
            "    x = (1, 1): hidden neurons (2, 1), output 1, expected 0"
        )


def test_checks_print_the_diagnosis(capsys):
    checks.neuron(neuron_in_a_loop)
    checks.dense(dense_of_the_book)
    checks.network_count(count_of_the_book)
    checks.gate("OR", [1, 1], -0.5)
    checks.xor_network([[1, 1], [1, 1]], [0, -1], [1, -2], 0)
    assert capsys.readouterr().out.count("✓") == 5
