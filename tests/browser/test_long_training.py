"""Memory stays where it is while a widget trains on: all that the page keeps of it is bounded.

`tests/benchmarks/bench_memory.py` does the same by the clock on the wall, for ten minutes.
"""

from pathlib import Path

import pytest
from test_every_widget import example

FRAMES = Path(__file__).with_name("frames.js")
# Neither is at its end after all these frames; the others end after some thousand steps.
LONG = {
    "NetworkPlayground": {"batch_size": 8},
    "BrowserCNN": {"epochs": 100, "filters": [1], "kernels": [1], "batch_size": 2},
}
PLAY = ".cv-play .cv-primary"


@pytest.mark.parametrize("name", LONG)
def test_memory_is_flat_while_it_trains(visit, workbench, name):
    page = visit("about:blank")
    page.add_init_script(path=FRAMES)
    page.goto(workbench(example(name, **LONG[name])))
    page.locator(f"[data-ready] {PLAY}").wait_for()
    page.wait_for_function("(play) => !document.querySelector(play).disabled", arg=PLAY)
    page.evaluate("takeFrames()")
    client = page.context.new_cdp_session(page)
    client.send("Performance.enable")

    def held(frames):
        """Train for so many frames; return how often it had to be started, and what is held."""
        play = "document.querySelector('.cv-play .cv-primary').click()"
        started = page.evaluate(f"(frames) => runFrames(frames, () => {play})", frames)
        for _ in range(2):
            client.send("HeapProfiler.collectGarbage")
        metrics = client.send("Performance.getMetrics")["metrics"]
        return started, {entry["name"]: entry["value"] for entry in metrics}

    started, early = held(200)
    restarted, late = held(800)
    assert (started, restarted) == (1, 0)
    assert late["Nodes"] - early["Nodes"] < 50
    assert late["JSEventListeners"] - early["JSEventListeners"] < 10
    # 800 frames of a record that grows by one number for each step are more.
    assert late["JSHeapUsedSize"] - early["JSHeapUsedSize"] < 150_000
