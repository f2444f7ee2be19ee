"""ConfusionMatrix, driven as readers drive it."""

import numpy as np
import pytest
from hands import predict
from playwright.sync_api import expect

from helpers.widgets import ConfusionMatrix

TRUTH = [0] * 10 + [1] * 6 + [2] * 4
SAID = [0] * 8 + [1, 2] + [1] * 3 + [0] * 3 + [2] * 4


@pytest.fixture
def card(show):
    pictures = np.linspace(0, 1, 20)[:, None, None] * np.ones((20, 4, 4))
    widget = ConfusionMatrix(TRUTH, SAID, pictures, names=["cat", "dog", "bird"])
    return show(widget).locator(".cv")


def cell(card, row, col):
    return card.locator(".cm-table tbody tr").nth(row).locator("button").nth(col)


def test_a_click_shows_the_samples_and_works_the_measure_out(card):
    cell(card, 0, 0).click()
    expect(card.locator(".cm-samples li")).to_have_count(8)
    expect(card.locator(".cv-arithmetic")).to_have_text("recall of cat = 8 / 10 = 0.8")
    cell(card, 1, 0).click()
    expect(card.locator(".cm-samples li")).to_have_count(3)
    expect(card.locator(".cm p")).to_have_text("dog read as cat: 3")
    card.get_by_role("radio", name="precision", exact=True).check()
    expect(card.locator(".cv-arithmetic")).to_have_text("precision of dog = 3 / 4 = 0.75")


def test_arrow_keys_go_from_cell_to_cell_and_stop_at_the_edge(card):
    cell(card, 0, 0).click()
    for key in ("ArrowRight", "ArrowDown", "ArrowDown", "ArrowDown"):
        card.page.keyboard.press(key)
    expect(card.locator(".cm p")).to_have_text("bird read as dog: 0")
    expect(cell(card, 2, 1)).to_be_focused()
    expect(card.locator(".cm-samples")).to_be_hidden()


def test_turned_it_is_the_transpose_and_the_same_cell_is_meant(card):
    cell(card, 1, 0).click()
    card.get_by_label("columns are the truth").check()
    expect(cell(card, 0, 1)).to_have_attribute("aria-pressed", "true")
    expect(cell(card, 0, 1)).to_have_text("3")
    expect(card.locator(".cm p")).to_have_text("dog read as cat: 3")
    expect(card.locator(".cv-formula")).to_contain_text("sum of its column")


def test_the_sums_stand_at_the_ends_of_rows_and_columns(card):
    ends = card.locator(".cm-table tbody .cm-sum")
    feet = card.locator(".cm-table tfoot td")
    assert ends.all_text_contents() == ["10", "6", "4"]
    assert feet.all_text_contents() == ["", "all", "11", "4", "5", "20"]
    card.get_by_label("columns are the truth").check()
    assert ends.all_text_contents() == ["11", "4", "5"]
    assert feet.all_text_contents() == ["", "all", "10", "6", "4", "20"]


def test_shares_of_the_truth_add_up_along_rows(card):
    card.get_by_role("radio", name="% of the truth", exact=True).check()
    row = card.locator(".cm-table tbody tr").nth(0).locator("button").all_text_contents()
    assert row == ["80", "10", "10"]
    card.get_by_role("radio", name="% of what was said", exact=True).check()
    assert cell(card, 1, 0).text_content() == "27"


@pytest.mark.parametrize(
    ("measure", "guess", "told"),
    [
        ("recall", "0.5", "Right: 3 / 6 = 0.5"),
        ("recall", "0.75", "precision, not the recall"),
        ("recall", "50", "in percent"),
        ("recall", "0.15", "divided by all samples"),
        ("recall", "3", "count on the diagonal"),
        ("precision", "0.25", "share of mistakes"),
        ("f1", "0.3", "Twice the diagonal"),
        ("f1", "0.625", "ordinary mean"),
        ("accuracy", "0.75", "Right: 15 / 20 = 0.75"),
    ],
)
def test_a_prediction_is_judged_by_its_slip(show, measure, guess, told):
    widget = ConfusionMatrix(TRUTH, SAID, cell=[1, 1], measure=measure, answer="hidden")
    card = show(widget).locator(".cv")
    expect(card.locator(".cv-arithmetic")).to_contain_text("= ?")
    predict(card, guess)
    expect(card.locator(".cv-verdict")).to_contain_text(told)


def test_the_page_and_python_agree(call_module):
    rng = np.random.default_rng(3)
    for _ in range(20):
        counts = rng.integers(0, 9, (4, 4)) * rng.integers(0, 2, (4, 4))
        for klass in range(4):
            widget = ConfusionMatrix(counts=counts, cell=[klass, 0])
            view = call_module("confusion_matrix/state.mjs", "compute", widget.state())
            for name, value in widget.measures(klass).items():
                found = view["measures"][name]["value"]
                assert found == pytest.approx(value, nan_ok=True) or (
                    found is None and np.isnan(value)
                )
