"""SelfCheck, driven as readers drive it: mouse, keyboard, touch, address and Python state."""

import random
import re
from urllib.parse import parse_qs, urlparse

import pytest
from barriers import barriers_in_both_schemes
from playwright.sync_api import expect

from helpers.widgets import SelfCheck, choice, number, right, wrong
from helpers.widgets.self_check.prose import to_html

LENGTHS = choice(
    "How long is the **full** convolution of $N = 5$ values with a kernel of $K = 3$?",
    [
        right("$N + K - 1 = 7$", "Every *overlap* counts."),
        wrong("$5$", "That is *same*."),
        wrong("$3$", "That is *valid*:\n\n```python\nlen(x) - len(w) + 1\n```"),
    ],
)
VALUE = number(
    "What is $y[3]$?",
    3,
    "$1 \\cdot 2 + 2 \\cdot (-1) + 3 \\cdot 1$",
    wrong={8: "That is **cross-correlation**: no flip.", 5: "One step too far."},
)
PART = number("What is $\\frac13$?", 1 / 3, "A third.", unit="cells", hint="Divide *one* by three.")


def questions():
    return SelfCheck([LENGTHS, VALUE, PART])


@pytest.fixture
def card(show):
    return show(questions()).locator(".cv")


def option(card, text):
    return card.locator(".sc-option").filter(has_text=text)


def question(card, place):
    return card.locator(".sc-question").nth(place - 1)


def feedback(card, place):
    return question(card, place).locator(".sc-feedback")


def progress(card):
    return card.locator(".sc-progress")


def answer(card, place, text):
    field = question(card, place).get_by_role("textbox")
    field.fill(text)
    field.press("Enter")


def focused(page):
    return page.evaluate("document.activeElement.value ?? document.activeElement.className")


def test_nothing_is_given_away_before_an_answer(card):
    expect(card.get_by_role("heading")).to_have_text("Check yourself")
    expect(progress(card)).to_have_text("0 of 3 right")
    assert card.locator(".sc-feedback:visible, .sc-right, .sc-wrong, :checked").count() == 0
    assert card.locator(".sc-index").all_text_contents() == ["1", "2", "3"]
    shown = [re.sub(r"\s", "", text) for text in card.locator(".sc-option").all_text_contents()]
    plain = {"$N + K - 1 = 7$": "N+K−1=7", "$5$": "5", "$3$": "3"}
    assert shown == [plain[text] for text in LENGTHS.shown_options()]


def test_each_option_gets_its_own_explanation(card):
    option(card, re.compile("^5$")).click()
    expect(feedback(card, 1)).to_have_text(re.compile(r"Not right\. That is same\."))
    expect(option(card, re.compile("^5$"))).to_have_class(re.compile("sc-wrong"))
    option(card, re.compile("^3$")).click()
    expect(feedback(card, 1).locator("pre")).to_have_text("len(x) - len(w) + 1\n")
    assert card.locator(".sc-wrong:visible").count() == 3  # the option, its feedback and the mark
    expect(progress(card)).to_have_text("0 of 3 right")
    option(card, "7").click()
    expect(feedback(card, 1)).to_have_text(re.compile(r"Right\. Every overlap counts\."))
    assert card.locator(".sc-wrong:visible").count() == 0
    expect(progress(card)).to_have_text("1 of 3 right")


def test_a_known_mistake_is_named_and_another_gets_a_hint(card):
    answer(card, 2, "8")
    expect(feedback(card, 2)).to_have_text("8 is not it. That is cross-correlation: no flip.")
    expect(feedback(card, 2).locator("strong").last).to_have_text("cross-correlation")
    answer(card, 2, "11")
    expect(feedback(card, 2)).to_have_text("11 is not it. That is too large. Try again.")
    answer(card, 3, "2")
    expect(feedback(card, 3)).to_have_text("2 is not it. Divide one by three.")
    question(card, 2).get_by_role("textbox").fill("3")
    question(card, 2).get_by_role("button", name="check").click()
    expect(feedback(card, 2)).to_contain_text("3 is right.")
    assert feedback(card, 2).locator("math mo").count() > 3
    expect(progress(card)).to_have_text("1 of 3 right")


@pytest.mark.parametrize(
    ("answer_is", "typed", "words"),
    [
        (7, -7, "The size is right, the sign is not."),
        (7, 8, "Only one off: go through it once more."),
        (7, 6, "Only one off: go through it once more."),
        (7, 9, "That is too large. Try again."),
        (7, -3, "That is too small. Try again."),
        (0, 1, "That is too large. Try again."),
        (0.123, 0.12, "Very close: calculate with more digits."),
        (0.123, 0.2, "That is too large. Try again."),
    ],
)
def test_hints_fit_the_number(call_module, answer_is, typed, words):
    asked = number("What?", answer_is, "So.").ready()
    assert call_module("self_check/widget.mjs", "hint", asked, typed) == words


@pytest.mark.parametrize(
    ("answer_is", "text", "value"),
    [
        (0.5, "0,5", 0.5),
        (0.5, ".5", 0.5),
        (0.5, "1/2", 0.5),
        (-0.5, "−1/2", -0.5),
        (-3, "−3", -3),
        (3, "3 cells", 3),
        (3, "3cells", 3),
        (1050, "1,050", 1050),
        (1.05, "1,050", 1.05),
        (2, "1,050", 1.05),
        (62378344, "62 378 344", 62378344),
        (62378344, "62,378,344", 62378344),
        (1000, "1e3", 1000),
        (3, "three", None),
        (3, "1/0", None),
        (3, "1e999", None),
        (3, "3 4", None),
        (3, "3 pixels", None),
        (3, "", None),
    ],
)
def test_numbers_are_read_as_people_type_them(call_module, answer_is, text, value):
    asked = number("What?", answer_is, "So.", unit="cells").ready()
    read = call_module("self_check/widget.mjs", "readAnswer", asked, text)
    assert read == value if value is not None else read != read


def test_bad_input_gets_a_sentence_and_counts_as_nothing(card):
    answer(card, 2, "8")
    answer(card, 2, "abc")
    field = question(card, 2).get_by_role("textbox")
    expect(feedback(card, 2)).to_have_text(
        "“abc” is not a number: type it like 3, −0.5 or 2/3.", use_inner_text=True
    )
    expect(field).to_have_attribute("aria-invalid", "true")
    expect(field).to_be_focused()
    answer(card, 2, " ")
    expect(feedback(card, 2)).to_have_text("Type a number first.", use_inner_text=True)
    expect(question(card, 2).get_by_role("button", name="show the answer")).to_be_hidden()
    answer(card, 2, "3")
    expect(field).to_have_attribute("aria-invalid", "false")
    expect(feedback(card, 2)).to_contain_text("3 is right.")


def test_after_two_misses_the_answer_can_be_shown(card):
    reveal = question(card, 2).get_by_role("button", name="show the answer")
    answer(card, 2, "8")
    answer(card, 2, "8")
    expect(feedback(card, 2)).to_contain_text("8 is not it")
    expect(reveal).to_be_hidden()  # the same number twice is one miss
    answer(card, 2, "9")
    reveal.click()
    expect(feedback(card, 2)).to_contain_text("The answer is 3.")
    assert feedback(card, 2).locator("math").count() == 1
    expect(reveal).to_be_hidden()
    expect(question(card, 2).get_by_role("textbox")).to_be_focused()
    expect(progress(card)).to_have_text("0 of 3 right")
    answer(card, 2, "8")
    expect(reveal).to_be_visible()
    answer(card, 2, "3")
    expect(reveal).to_be_hidden()
    expect(progress(card)).to_have_text("1 of 3 right")


def test_an_answer_with_a_unit_is_shown_with_it(card):
    for text in ["2", "3"]:
        answer(card, 3, text)
    question(card, 3).get_by_role("button", name="show the answer").click()
    expect(feedback(card, 3)).to_contain_text("The answer is 0.333333 cells. A third.")


def test_the_keyboard_alone_answers(card):
    page = card.page
    card.get_by_role("button", name="Present full screen").focus()
    page.keyboard.press("Tab")
    first, second, third = LENGTHS.order
    assert focused(page) == str(first)
    assert card.locator(":checked").count() == 0
    page.keyboard.press("ArrowDown")
    page.keyboard.press("ArrowDown")
    assert focused(page) == str(third)
    expect(card.locator("input:checked")).to_have_value(str(third))
    # Passing an option is not answering: only now, and only for the one that is meant.
    expect(feedback(card, 1)).to_have_text("Press Enter to answer.")
    page.keyboard.press("Enter")
    expect(feedback(card, 1)).to_contain_text("Right." if third == 0 else "Not right.")
    page.keyboard.press("ArrowUp")
    expect(feedback(card, 1)).to_have_text("Press Enter to answer.")
    page.keyboard.press(" ")
    expect(feedback(card, 1)).to_contain_text("Right." if second == 0 else "Not right.")
    page.keyboard.press("ArrowUp")
    page.keyboard.press("Tab")  # going on answers too
    expect(feedback(card, 1)).to_contain_text("Right." if first == 0 else "Not right.")
    page.keyboard.type("3")
    page.keyboard.press("Tab")
    page.keyboard.press("Enter")
    expect(feedback(card, 2)).to_contain_text("3 is right.")


def test_space_answers_with_the_first_option_at_once(card):
    card.locator("input[type=radio]").first.focus()
    card.page.keyboard.press(" ")
    expect(feedback(card, 1)).to_contain_text("ight.")


def test_starting_again_forgets_everything(card):
    option(card, "7").click()
    for text in ["8", "9", "abc"]:
        answer(card, 2, text)
    expect(question(card, 2).get_by_role("button", name="show the answer")).to_be_visible()
    card.get_by_role("button", name="start again").click()
    expect(progress(card)).to_have_text("0 of 3 right")
    assert card.locator(".sc-feedback:visible, .sc-right, .sc-wrong, :checked").count() == 0
    expect(question(card, 2).get_by_role("textbox")).to_have_value("")
    expect(question(card, 2).get_by_role("button", name="show the answer")).to_be_hidden()
    expect(card.locator("input[type=radio]").first).to_be_focused()


def test_feedback_and_progress_are_announced_politely(card):
    spoken = card.locator("[aria-live=polite]")
    expect(spoken).to_have_text("")
    option(card, "7").click()
    expect(spoken).to_have_text("Right. Every overlap counts. 1 of 3 right.")
    answer(card, 2, "x")
    expect(spoken).to_have_text(re.compile("“x” is not a number"))
    answer(card, 2, "5")
    expect(spoken).to_have_text("5 is not it. One step too far. 1 of 3 right.")
    card.locator("input:checked").focus()
    card.page.keyboard.press("ArrowDown")
    expect(spoken).to_have_text("Press Enter to answer.")


def test_every_control_has_a_label(card):
    groups = card.get_by_role("radiogroup")
    expect(groups).to_have_accessible_name(
        "Question 1: How long is the full convolution of N=5 values with a kernel of K=3?"
    )
    option_names = [option.get_attribute("aria-label") for option in groups.locator("input").all()]
    plain = {"$N + K - 1 = 7$": "N+K−1=7", "$5$": "5", "$3$": "3"}
    assert option_names == [plain[text] for text in LENGTHS.shown_options()]
    expect(question(card, 2).get_by_role("group")).to_have_accessible_name(
        "Question 2: What is y[3]?"
    )
    expect(question(card, 3).get_by_role("textbox")).to_have_accessible_name(
        "Your answer, in cells"
    )


@pytest.mark.parametrize(
    ("markdown", "text"),
    [
        ("*A* third, $\\frac13$.", "A third, 1/3."),
        ("$\\frac{n + 2p - k}{s}$", "(n+2p−k)/s"),
        ("$x_i^2 + w^{10}$", "x_i^2+w^10"),
        ("$\\sum_{k=0}^{K-1} w_k$", "∑_(k=0)^(K−1)w_k"),
        ("$$\\sum_k \\sqrt{x + 1}$$", "∑_k√(x+1)"),
    ],
)
def test_labels_write_formulas_in_one_line(browser, link_modules, markdown, text):
    page = browser.new_page()
    link_modules(page, "self_check/widget.mjs", "card/dom.mjs")
    shown = page.evaluate("html => m.plainText(m.markup('div', html))", to_html(markdown))
    assert shown == text
    page.close()


def link_of(card, with_answers):
    card.get_by_role("button", name="Link to this state").click()
    card.get_by_label("with my answers").set_checked(with_answers)
    address = card.get_by_label("Address of this state").last.input_value()
    card.get_by_role("button", name="Link to this state").click()
    return address


def test_a_link_has_the_answers_only_if_the_reader_wants(card, visit):
    option(card, "7").click()
    answer(card, 3, "−2,5")
    assert parse_qs(urlparse(link_of(card, False)).query) == {"widget": ["selfcheck"]}
    address = link_of(card, True)
    assert parse_qs(urlparse(address).query)["answers"] == ["0,,-2.5"]
    again = visit(address).locator(".cv")
    expect(feedback(again, 1)).to_contain_text("Right.")
    expect(feedback(again, 2)).to_be_hidden()
    expect(question(again, 3).get_by_role("textbox")).to_have_value("−2.5")
    expect(feedback(again, 3)).to_contain_text("−2.5 is not it.")
    expect(progress(again)).to_have_text("1 of 3 right")


@pytest.mark.parametrize(
    ("query", "words"),
    [
        ("answers=7", "Question 1 cannot have the answer “7”: it takes an option from 0 to 2."),
        ("answers=,abc", "Question 2 cannot have the answer “abc”: it takes a number."),
        ("answers=0,3,1,1", "There are 4 answers, but only 3 questions."),
    ],
)
def test_an_address_that_does_not_fit_is_explained(show, query, words):
    card = show(questions(), query=f"?widget=selfcheck&{query}").locator(".cv")
    expect(card.locator(".cv-note")).to_have_text(words)
    option(card, "7").click()
    expect(progress(card)).to_have_text("1 of 3 right")
    expect(card.locator(".cv-note")).to_be_hidden()


def test_an_address_cannot_bring_questions_of_its_own(show):
    page = show(questions(), query="?widget=selfcheck&questions=<img src=x onerror=alert(1)>")
    assert page.locator(".sc-question").count() == 3
    assert page.locator(".cv img").count() == 0


def test_hiding_both_controls_leaves_no_empty_bar(show):
    page = show(questions(), SelfCheck([VALUE], hide=["progress", "restart"]))
    first, second = page.locator(".cv").all()
    for area in [".cv-say", ".cv-formula", ".cv-note", ".cv-play"]:
        expect(first.locator(area)).to_be_hidden()
    expect(first.locator(".cv-settings")).to_be_visible()
    expect(second.locator(".cv-settings")).to_be_hidden()


def test_two_copies_do_not_disturb_each_other(show):
    page = show(questions(), questions())
    first, second = page.locator(".cv").all()
    option(first, "7").click()
    answer(first, 2, "8")
    expect(progress(first)).to_have_text("1 of 3 right")
    expect(progress(second)).to_have_text("0 of 3 right")
    option(second, re.compile("^5$")).click()
    expect(option(first, "7").locator("input")).to_be_checked()
    expect(feedback(second, 1)).to_contain_text("That is same.")
    expect(feedback(first, 1)).to_contain_text("Every overlap counts.")
    assert page.locator("[id]").count() == 0


def test_answers_given_in_python_are_on_the_page(show):
    check = questions()
    check.answers = [1, 8, 0.333]
    card = show(check).locator(".cv")
    expect(feedback(card, 1)).to_contain_text("That is same.")
    expect(question(card, 2).get_by_role("textbox")).to_have_value("8")
    assert check.results == [False, False, True]
    expect(progress(card)).to_have_text(f"{sum(check.results)} of 3 right")


def test_page_and_python_judge_alike(call_module):
    rng = random.Random(5)
    seen = set()
    for _ in range(60):
        answer_is = rng.choice([rng.randint(-30, 30), rng.uniform(-3, 3), rng.uniform(0, 1e6)])
        tolerance = rng.choice([None, 0, 0.5, abs(answer_is) / 10])
        asked = number("What?", answer_is, "So.", tolerance=tolerance)
        near = answer_is + rng.choice([0, -1, 1, 1.01, 0.99]) * asked.tolerance
        value = rng.choice([near, near, answer_is + rng.randint(-2, 2)])
        verdict = call_module("self_check/widget.mjs", "judge", asked.ready(), value)
        assert verdict["right"] == asked.is_right(value)
        seen.add(verdict["right"])
    assert seen == {True, False}


def test_the_nearest_known_mistake_is_the_one_that_is_named(call_module):
    asked = number("What?", 100, "So.", wrong={50: "low", 51.5: "mid", 60: "high"}, tolerance=1)
    said = [
        call_module("self_check/widget.mjs", "judge", asked.ready(), value)["why"]
        for value in [49.5, 50.7, 50.9, 52, 59.2, 55]
    ]
    assert said == ["low", "low", "mid", "mid", "high", ""]


def test_a_phone_shows_it_whole_and_takes_fingers(show):
    page = show(questions(), width=320, height=640, has_touch=True, is_mobile=True)
    card = page.locator(".cv")
    option(card, "7").tap()
    expect(feedback(card, 1)).to_contain_text("Every overlap counts.")
    answer(card, 3, "2")
    answer(card, 3, "5")
    assert page.evaluate("document.documentElement.scrollWidth") <= 320
    targets = card.locator("button:visible, .sc-option, .sc-number").all()
    assert len(targets) == 13  # with the two that bring back what was
    for target in targets:
        box = target.bounding_box()
        assert min(box["width"], box["height"]) >= 38
        assert box["x"] >= 0 and box["x"] + box["width"] <= 320


def test_a_formula_wider_than_the_screen_can_be_scrolled_by_keyboard(show):
    long = "$a_0 + a_1 + a_2 + a_3 + a_4 + a_5 + a_6 + a_7 + a_8 + a_9 + a_{10} + a_{11} = 12$"
    page = show(SelfCheck([number(f"Is {long}?", 1, "Yes.")]), width=320, height=640)
    prompt = page.locator(".sc-prompt")
    assert page.evaluate("document.documentElement.scrollWidth") <= 320
    expect(prompt).to_have_attribute("tabindex", "0")
    prompt.focus()
    page.keyboard.press("ArrowRight")
    page.wait_for_function("document.querySelector('.sc-prompt').scrollLeft > 0")
    page.set_viewport_size({"width": 1200, "height": 640})
    expect(prompt).not_to_have_attribute("tabindex", "0")


def test_presenting_enlarges_and_keeps_the_answers(card):
    option(card, "7").click()
    size = "element => parseFloat(getComputedStyle(element).fontSize) * element.currentCSSZoom"
    before = card.locator(".sc-prompt").first.evaluate(size)
    card.get_by_role("button", name="Present full screen").click()
    expect(card).to_have_class(re.compile("cv-presenting"))
    assert card.locator(".sc-prompt").first.evaluate(size) > 1.2 * before
    expect(feedback(card, 1)).to_contain_text("Every overlap counts.")


def test_axe_finds_nothing(show):
    page = show(
        questions(),
        SelfCheck([LENGTHS, VALUE, PART], title="Once more"),
        reduced_motion="reduce",
    )
    card = page.locator(".cv").first
    option(card, "7").click()
    for text in ["8", "9", "abc"]:
        answer(card, 2, text)
    answer(card, 3, "2")
    option(page.locator(".cv").last, re.compile("^3$")).click()
    card.get_by_role("button", name="Link to this state").click()
    page.mouse.move(0, 0)
    assert barriers_in_both_schemes(page, widths=[1280, 320]) == []
