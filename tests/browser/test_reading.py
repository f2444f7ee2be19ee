"""Numbers as people write them: taken where they mean one thing, else refused, never another."""

import pytest
from playwright.sync_api import expect

from helpers.widgets import Convolve1D, Convolve2D, LossSurface

READING = "arithmetic/reading.mjs"

SINGLE = {
    "1,5": 1.5, "1.5": 1.5, " −3 ": -3, "–3": -3, "１２．５": 12.5, "٣": 3, "0,125": 0.125,
    "1,234.5": 1234.5, "1.234,5": 1234.5, "1'234.5": 1234.5, "1\u202f234": 1234, "1/8": 0.125,
    "1,5/2": 0.75, "tensor(5.)": 5, "np.float64(2.5)": 2.5, "1e-3": 0.001, "1,5e1": 15,
    "1,234": None, "1,234,567": None, "1 2": None, "0x10": None, "Infinity": None, "1e999": None,
    "": None, "1/0": None, "1-3": None, "(1,5)": None, "2²": None, "true": None,
    "1.234.5": None,
}  # fmt: skip

LISTS = {
    "1, 0, −1": [1, 0, -1], "1,0,-1": [1, 0, -1], "1;2;3": [1, 2, 3], "１，２": [1, 2],
    "0,5;1,5": [0.5, 1.5], "0,5 1,5": [0.5, 1.5], "0,5\t1,5": [0.5, 1.5], "1,5": [1.5],
    "1.5,2.5": [1.5, 2.5], "[1,5]": [1, 5], "1\n2\n3": [1, 2, 3], "1,234.5\t2": [1234.5, 2],
    "array([1, 2, 3])": [1, 2, 3], "array([1., 2.], dtype=float32)": [1, 2],
    "tensor([1., 2.], device='cuda:0', requires_grad=True)": [1, 2],
    "tf.Tensor([1 2 3], shape=(3,), dtype=int32)": [1, 2, 3],
    "<tf.Tensor: shape=(2,), dtype=int32, numpy=array([1, 2], dtype=int32)>": [1, 2],
    "[np.float64(1.5), np.float64(2.0)]": [1.5, 2], "c(1, 2)": [1, 2], "[100 200]": [100, 200],
    "0,5, 1,5": None, "100,200,300": None, "100 200 300": None, "1,5\n2,5": None, "1\t\t3": None,
    "1,,2": None, "[0 1 ... 9]": None, "range(3)": None, "nan": None, "1, x": None,
}  # fmt: skip

GRIDS = {
    "[1,2;3,4]": [[1, 2], [3, 4]], "[[1 2]\n [3 4]]": [[1, 2], [3, 4]],
    "1\t2\n3\t4\n": [[1, 2], [3, 4]],
    "1,5\t2\n3\t4": [[1.5, 2], [3, 4]], "0,5;1,5\n2,5;3": [[0.5, 1.5], [2.5, 3]],
    "1 2;\n3 4;": [[1, 2], [3, 4]], "1,2,3\n4,5,6": [[1, 2, 3], [4, 5, 6]],
    "1,-2\n3,4": [[1, -2], [3, 4]], "0.5,1.5\n2.5,3": [[0.5, 1.5], [2.5, 3]],
    "array([[1, 2],\n       [3, 4]])": [[1, 2], [3, 4]], "1,2 3,4\n5 6": [[1.2, 3.4], [5, 6]],
    "1,2;3,4": None, "0,5;1,5": None, "1,0\n0,1": None, "1\t\t3\n4\t5\t6": None, "[[[1, 2]]]": None,
}  # fmt: skip

TWO_WAYS = ["1,234", "0,5, 1,5", "100,200,300", "100 200 300", "1,5\n2,5"]


def test_one_reader_takes_what_means_one_thing(visit, link_modules):
    page = visit("about:blank")
    link_modules(page, READING)
    for function, cases in {"parseNumber": SINGLE, "parseList": LISTS, "parseGrid": GRIDS}.items():
        read = f"(texts) => texts.map((text) => m.{function}(text))"
        found = page.evaluate(read, list(cases))
        found = [None if value != value else value for value in found]
        assert dict(zip(cases, found, strict=True)) == cases
    said = page.evaluate("(texts) => texts.map((text) => m.ambiguity(text))", TWO_WAYS)
    assert all(sentence.endswith(".") for sentence in said)
    assert page.evaluate("['1,5', 'abc', '1, 2'].map((text) => m.ambiguity(text))") == ["", "", ""]


def paste(field, text):
    field.evaluate(
        """(field, text) => {
            const data = new DataTransfer();
            data.setData("text", text);
            const event = new ClipboardEvent("paste", { clipboardData: data, cancelable: true,
                                                        bubbles: true });
            field.dispatchEvent(event);
        }""",
        text,
    )


def test_a_field_reads_a_decimal_comma_and_refuses_what_it_cannot_use(show):
    card = show(LossSurface()).locator(".cv")
    steps = card.get_by_role("spinbutton", name="steps", exact=True)
    before = steps.input_value()
    steps.click()
    steps.press("Control+a")
    steps.press_sequentially("1,5")
    expect(steps).to_have_value("1,5")
    expect(steps).to_have_attribute("aria-invalid", "true")
    expect(card).to_contain_text("1,5 does not work as steps")
    steps.fill("２０")
    expect(steps).to_have_attribute("aria-invalid", "false")
    expect(steps).to_have_attribute("aria-valuenow", "20")
    paste(steps, "1\n2\n")
    expect(card).to_contain_text("Several numbers do not work as steps")
    steps.fill(before)
    steps.press("ArrowUp")
    expect(steps).to_have_value(str(int(before) + 1))
    steps.press("PageDown")
    fewer = int(steps.input_value())
    steps.hover()
    steps.locator("xpath=..").locator("button").first.click()
    expect(steps).to_have_value(str(fewer + 1))


def test_cells_take_lines_keep_what_is_unclear_and_go_back_with_escape(show):
    page = show(
        Convolve1D(signal=[1, 2, 3], kernel=[1, 1]),
        Convolve2D(image=[[1, 2], [3, 4]], kernel=[[1]]),
    )
    first, second = page.locator(".cv").all()
    cell = first.get_by_label("x[0]", exact=True)
    paste(cell, "4\r\n5\r\n")
    expect(first.get_by_label("x[1]", exact=True)).to_have_value("5")
    expect(first.get_by_label("x[2]", exact=True)).to_have_count(0)
    paste(cell, "1,5\n2,5")
    expect(first).to_contain_text("decimal comma")
    expect(first.get_by_label("x[1]", exact=True)).to_have_value("5")
    cell.fill("9")
    expect(first).to_contain_text("9")
    cell.press("Escape")
    expect(cell).to_have_value("4")
    corner = second.get_by_label("x[0, 0]", exact=True)
    paste(corner, "0,5;1,5")
    expect(second).to_contain_text("may have decimal commas")
    expect(second.get_by_label("x[1, 1]", exact=True)).to_have_value("4")
    paste(corner, "1,5\t2\r\n3\t7\r\n")
    expect(second.get_by_label("x[1, 1]", exact=True)).to_have_value("7")


@pytest.mark.parametrize(
    ("query", "sentence"),
    [
        ("kernel=1,０,−1", ""),
        ("kernel=1,0x10", "0x10"),
        ("stride=1,5", "stride"),
        ("stride=２", ""),
    ],
)
def test_an_address_is_read_alike(show, query, sentence):
    card = show(Convolve1D(), query=f"?widget=convolve1d&{query}").locator(".cv")
    note = card.locator(".cv-wrong")
    expect(note).to_have_count(int(bool(sentence)))
    if sentence:
        expect(note).to_contain_text(sentence)
