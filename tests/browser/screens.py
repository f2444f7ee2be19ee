"""Measure what of a card is on one screen, and how small its digits are."""

from pathlib import Path

MEASURE = Path(__file__).with_name("screens.js").read_text("utf-8")


def measure(card):
    """Return the height of picture, arithmetic and play bar, the smallest digit and target."""
    return card.evaluate(MEASURE)
