"""What a training does only so often, such as to paint; and how long a slice of work is."""

import pytest


@pytest.fixture(scope="module")
def run(browser, link_modules):
    """Call a function in a page whose clock, ``at``, stands until somebody moves it."""
    page = browser.new_page()
    link_modules(page, "card/throttle.mjs", "card/loop.mjs")
    page.evaluate("() => { globalThis.at = 1000; performance.now = () => at; }")
    yield lambda script, *arguments: page.evaluate(f"(a) => ({script})(...a)", list(arguments))
    page.close()


def test_it_is_time_every_so_often_and_always_at_rest(run):
    due = run(
        """() => {
            const throttle = m.createThrottle(40);
            const ask = (time, playing = true) => {
                at = 1000 + time;
                return throttle.isDue(playing);
            };
            return [0, 20, 39, 40, 60, 79, 81].map((time) => ask(time))
                .concat([ask(82, false), ask(90), ask(121), ask(122)]);
        }"""
    )
    assert due == [True, False, False, True, False, False, True, True, False, False, True]


def test_what_was_done_meanwhile_and_what_is_to_be_done_again(run):
    due = run(
        """() => {
            at = 5000;
            const throttle = m.createThrottle(500);
            const first = throttle.isDue(true);
            at = 5400; throttle.mark();
            at = 5600; const soon = throttle.isDue(true);
            throttle.forget();
            return [first, soon, throttle.isDue(true)];
        }"""
    )
    assert due == [True, False, True]


def test_where_painting_holds_up_the_page_it_becomes_rarer_up_to_a_limit(run):
    gaps = run(
        """() => {
            const throttle = m.createThrottle(40, 125);
            // Who asks in every millisecond, but for the time that a picture takes.
            const times = (cost) => {
                const due = [];
                while (due.length < 20) {
                    at += 1;
                    if (throttle.isDue(true)) { due.push(at); at += cost; }
                }
                return due.slice(1).map((time, i) => time - due[i]);
            };
            return [times(30), times(1)];
        }"""
    )
    slow, quick = gaps
    assert slow == sorted(slow) and slow[-1] == 125
    assert quick[0] > 100 and quick[-1] < 60 and min(quick) >= 40


@pytest.mark.parametrize(
    ("left", "most", "cost", "done"),
    [(9, None, 3, 3), (2, None, 3, 2), (9, 2, 1, 2), (9, None, 50, 1)],
)
def test_a_slice_of_work_ends_with_the_work_the_time_or_the_number_of_steps(
    run, left, most, cost, done
):
    assert done == run(
        """(left, most, cost) => {
            const step = () => { at += cost; return --left > 0; };
            return m.workFor(8, step, most ?? Infinity);
        }""",
        left,
        most,
        cost,
    )
