"""What chapters 1, 2 and 4 say in words about their own cells holds in those cells.

Only the statements run that the named results depend on, so the chapters' other work costs nothing.
"""

import numpy as np
import pytest
from exercise_cells import CHAPTERS, bound, cells_of, needed, run


def names_of(number, *wanted):
    """Return what a chapter's cells make of these names, by the last statement that binds each."""
    path = next(path for path in CHAPTERS if path.name.startswith(number))
    statements = [s for kind, _, body in cells_of(path) if not kind for s in body]
    last = {
        max(n for n, statement in enumerate(statements) if name in bound(statement))
        for name in wanted
    }
    kept = sorted(needed(statements, last))
    names = {"__name__": path.stem}
    run([statements[n] for n in kept], names, f"<{path.stem}>")
    return names


@pytest.fixture(scope="module")
def one():
    return names_of(
        "01", "put_to_test", "boxes", "frequency_response", "about_the_middle", "mean", "gaussian"
    )


def test_only_linear_and_shift_invariant_boxes_are_told_by_their_click(one):
    found = {name: one["put_to_test"](box) for name, box in one["boxes"].items()}
    assert len(found) == 6
    for linear, invariant, by_click in found.values():
        assert by_click == (linear and invariant)
    kinds = {name.split()[0].strip(","): tuple(tests[:2]) for name, tests in found.items()}
    assert kinds["mean"] == kinds["echo:"] == (True, True)
    assert kinds["median"] == kinds["plus"] == (False, True)
    assert kinds["fade-out"] == kinds["backwards"] == (True, False)


def test_a_gaussian_turns_no_sinusoid_round_and_a_mean_does(one):
    f = np.linspace(0, 0.5, 501)
    of_mean, of_gaussian = (one["about_the_middle"](one[k], f) for k in ("mean", "gaussian"))
    assert of_gaussian.min() > -0.001
    assert of_mean.min() < -0.2
    assert one["about_the_middle"](one["mean"], 1 / 11) == pytest.approx(0, abs=1e-12)


def test_the_way_back_has_the_size_and_not_the_values():
    two = names_of(
        "02", "transposed", "field_by_rule", "field_by_patience", "stacks", "up", "causal"
    )
    assert len(two["up"]) == len(two["seven"])
    assert not np.array_equal(two["up"], two["seven"])
    for layers in two["stacks"].values():
        assert two["field_by_rule"](layers) == two["field_by_patience"](layers)
    ones = two["transposed"](np.ones(9, int), np.ones(3, int), stride=2)
    assert set(ones[2:-2]) == {1, 2}  # a chessboard
    assert set(two["transposed"](np.ones(9, int), np.ones(4, int), stride=2)[2:-2]) == {2}
    for kernel_size in (1, 2, 3):
        seen = two["causal"](np.arange(8), np.ones(kernel_size, int), dilation=2)
        assert len(seen) == 8


def test_a_tower_is_found_by_its_shape_only():
    four = names_of(
        "04", "normalised_match", "template", "best", "noisy_edges", "of_bytes", "of_light"
    )
    f, template, best = four["f"], four["template"], four["best"]
    plain = four["correlate"]
    assert best(plain(f, template)) != (34, 124)
    assert best(plain(f, template - template.mean())) != (34, 124)
    for picture in (f, four["noisy"], 0.5 * f + 20):
        assert best(four["normalised_match"](picture, template)) == (34, 124)
    for picture in (255 - f, f[::-1]):
        assert best(four["normalised_match"](picture, template)) != (34, 124)
    assert four["of_light"] - four["of_bytes"] > 50
