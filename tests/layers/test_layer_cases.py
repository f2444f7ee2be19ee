"""The layers of Python give what tests/cases/layers.json holds, which JavaScript reads too."""

import json
from pathlib import Path

import numpy as np
import pytest
from make_layer_cases import PATH, run

CASES = json.loads(Path(PATH).read_text("utf-8"))


@pytest.mark.parametrize("case", CASES, ids=lambda case: case["name"])
def test_python_gives_what_the_case_holds(case):
    kind, arguments = case["python"]
    found = run(
        kind, arguments, case["parameters"], case["inputs"], case["targets"], case["training"]
    )
    for name, values in found.items():
        assert np.ravel(values) == pytest.approx(case[name], rel=1e-9, abs=1e-10)
