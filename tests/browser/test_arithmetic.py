"""The arithmetic in JavaScript gives the numbers of `helpers`, on shared and on random cases."""

import json
from pathlib import Path

import numpy as np
import pytest

from helpers import convolution

CASES = json.loads((Path(__file__).parents[1] / "cases" / "convolution1d.json").read_text("utf-8"))
if isinstance(CASES, dict):
    CASES = CASES["cases"]
OPTIONS = ["flip", "padding", "mode", "stride", "dilation"]


def trace_in_javascript(call_module, case):
    options = {name: case[name] for name in OPTIONS if name in case}
    return call_module(
        "arithmetic/convolution.mjs", "trace1d", case["signal"], case["kernel"], options
    )


@pytest.mark.parametrize("case", CASES, ids=lambda case: case["name"])
def test_shared_case(call_module, case):
    if case.get("error"):
        with pytest.raises(
            Exception, match=r"(does not (fit|work)|is empty|no padding mode|not a number)"
        ):
            trace_in_javascript(call_module, case)
        return
    trace = trace_in_javascript(call_module, case)
    expect = case["expect"]
    for name in ["before", "after", "padded", "kernel", "ignored"]:
        assert trace[name] == pytest.approx(expect[name]), name
    assert [step["start"] for step in trace["steps"]] == expect["starts"]
    assert [step["sum"] for step in trace["steps"]] == pytest.approx(expect["output"])
    for step, products in zip(trace["steps"], expect["products"], strict=True):
        assert step["products"] == pytest.approx(products)


def test_random_cases(call_module):
    rng = np.random.default_rng(1)
    compared = 0
    for _ in range(150):
        case = {
            "signal": rng.normal(size=rng.integers(1, 10)).tolist(),
            "kernel": rng.normal(size=rng.integers(1, 6)).tolist(),
            "flip": bool(rng.integers(2)),
            "padding": [
                "full", "same", "valid", int(rng.integers(0, 12)), rng.integers(0, 5, 2).tolist()
            ][rng.integers(5)],
            "mode": str(rng.choice(["zeros", "reflect", "symmetric", "edge", "wrap"])),
            "stride": int(rng.integers(1, 4)),
            "dilation": int(rng.integers(1, 4)),
        }  # fmt: skip
        options = {name: case[name] for name in OPTIONS}
        if isinstance(options["padding"], list):
            options["padding"] = tuple(options["padding"])
        try:
            expected = convolution.trace1d(case["signal"], case["kernel"], **options)
        except ValueError:
            with pytest.raises(Exception, match="does not fit"):
                trace_in_javascript(call_module, case)
            continue
        trace = trace_in_javascript(call_module, case)
        assert trace["padded"] == pytest.approx(expected.padded.tolist())
        assert [step["sum"] for step in trace["steps"]] == pytest.approx(expected.output.tolist())
        assert trace["ignored"] == expected.ignored
        compared += 1
    assert compared > 100
