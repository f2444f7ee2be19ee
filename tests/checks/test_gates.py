"""Diagnoses of weights for gates, given by answers that make the mistakes."""

import numpy as np
import pytest

from helpers import checks
from helpers.checks.gates import CORNERS, GATES, diagnose_gate, diagnose_xor


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


def test_right_weights_are_praised(capsys):
    checks.gate("OR", [1, 1], -0.5)
    checks.xor_network([[1, 1], [1, 1]], [0, -1], [1, -2], 0)
    assert capsys.readouterr().out.count("✓") == 2
