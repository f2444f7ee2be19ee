"""A widget's state survives its way through an address, whatever shape its lists have."""

import json

import pytest


@pytest.fixture
def page(visit, link_modules):
    page = visit("about:blank")
    link_modules(page, "card/address.mjs")
    return page


def read(page, address, sample):
    script = "([query, sample]) => m.stateFromAddress(new URLSearchParams(query), 'name', sample)"
    return page.evaluate(script, [address.partition("?")[2], sample])


def there_and_back(page, state, sample=None):
    script = "(state) => m.addressWithState('https://example.org/a.html#b', 'name', state)"
    address = page.evaluate(script, state)
    return address, read(page, address, sample or state)


@pytest.mark.parametrize(
    "value",
    [
        3, -0.5, "same", True, False, [1, -2, 0.5], [7], [[1, 2], [3, 4]], [[1, 2, 3]], [[1], [2]],
        [[5]], [[[1, 2], [3, 4]], [[5, 6], [7, 8]]], [[[1], [2]]], [[[9]]],
        [[[[1, -1]], [[2, -2]]], [[[3, -3]], [[4, -4]]]], [[[[0]]]],
        {"x1": 2, "w1": -0.5}, {"w1": 1e-7}, {},
    ],
    ids=json.dumps,
)  # fmt: skip
def test_values_survive(page, value):
    address, found = there_and_back(page, {"value": value})
    assert found == {"value": value}
    assert "%" not in address


def test_a_setting_may_change_from_one_number_to_several(page):
    for value in [[2, 1], [[1, 2], [0, 3]]]:
        _, found = there_and_back(page, {"padding": value}, {"padding": "same"})
        assert found == {"padding": value}
        _, found = there_and_back(page, {"padding": value}, {"padding": 1})
        assert found == {"padding": value}


def test_what_is_no_number_is_kept_in_place(page):
    sample = {"image": [[0]], "hide": [], "title": "Sums"}
    query = "widget=name&image=1,x;2,3&hide=mode,step_by_step&title=Rows; and columns"
    found = read(page, f"?{query}", sample)
    assert found["image"] == [[1, "x"], [2, 3]]
    assert found["hide"] == ["mode", "step_by_step"]
    assert found["title"] == "Rows; and columns"


def test_one_row_is_enough_for_a_grid(page):
    assert read(page, "?widget=name&image=1,2", {"image": [[0]]}) == {"image": [[1, 2]]}


def test_a_python_call_takes_all_kinds_of_values(page):
    state = {"graph": "neuron", "values": {"x1": 2, "w1": -0.5}, "sizes": [[1, 2]], "on": True}
    call = page.evaluate("(state) => m.pythonCall('Widget', state, ['image'])", state)
    assert call == (
        'Widget(image, graph="neuron", values={"x1": 2, "w1": -0.5}, sizes=[[1, 2]], on=True)'
    )
