"""Feedback on numbers that were worked out by hand."""

import numpy as np
import pytest

from helpers import checks
from helpers.checks.diagnosis import diagnose_value


class TestValue:
    @pytest.mark.parametrize(
        ("got", "expected"),
        [
            (7, 7),
            (7.0, 7),
            (np.float32(0.1), 0.1),
            ([0, 1, 1, 3], np.array([0, 1, 1, 3])),
            ((0.5, 1), [0.5, 1.0]),
        ],
    )
    def test_right(self, got, expected):
        feedback = diagnose_value("y", got, expected)
        assert feedback.passed
        assert feedback.message.startswith("✓ y = ")
        assert feedback.message.endswith(" is right.")

    @pytest.mark.parametrize(
        ("got", "expected", "message"),
        [
            (None, 7, "✗ y is not filled in yet."),
            (..., 7, "✗ y is not filled in yet."),
            ("7", 7, "✗ y = '7' is not a number: write it without quotes."),
            (1j, 7, "✗ y = 1j is not a number."),
            (5, 7, "✗ y = 5 is not right. n - k only."),
            (20, 7, "✗ y = 20 is not right."),
            (-7, 7, "✗ y = -7 is not right. Only the sign is wrong."),
            (8, 7, "✗ y = 8 is not right. It is one too many."),
            (6, 7, "✗ y = 6 is not right. It is one too few."),
            ([7], 7, "✗ y = [7] is not right. It has 1 value, and that is not how many there are."),
            ([3, 2, 9], [1, 2, 3], "✗ y = [3, 2, 9] is not right. Not flipped."),
            (
                [1, 2],
                [1, 2, 3],
                "✗ y = [1, 2] is not right. It has 2 values, and that is not how m",
            ),
            ([3, 2, 1], [1, 2, 3], "✗ y = [3, 2, 1] is not right. These are the right values in r"),
            ([1, 2, 4], [1, 2, 3], "✗ y = [1, 2, 4] is not right. Only the last number is wrong."),
            ([-1, -2], [1, 2], "✗ y = [-1, -2] is not right. Only the sign is wrong."),
            ([1, np.nan], [1, 2], "✗ y = [1, nan] is not right. nan is what 0 divided by 0 gives."),
        ],
    )
    def test_wrong(self, got, expected, message):
        hints = {5: "n - k only.", (3, 2, 9): "Not flipped."}
        feedback = diagnose_value("y", got, expected, hints)
        assert not feedback.passed
        assert feedback.message.startswith(message)
        assert str(expected) not in feedback.message.removeprefix(f"✗ y = {got!r}")

    def test_it_prints(self, capsys):
        assert checks.value("size", 3, 3) is None
        assert capsys.readouterr().out == "✓ size = 3 is right.\n"
