"""The cases of every exercise show each mistake, and each pattern, as nothing else."""

from pathlib import Path

import numpy as np
import pytest

from helpers import checks
from helpers.checks.backprop import activation_backward_exercise, mse_backward_exercise
from helpers.checks.blocks import max_pool_exercise, score_gradient_exercise, softmax_exercise
from helpers.checks.channels import conv_layer_exercise
from helpers.checks.classification import confusion_exercise, scores_exercise
from helpers.checks.convolution1d import flip_exercise, sliding1d_exercise
from helpers.checks.convolution2d import sliding2d_exercise
from helpers.checks.counts import network_count_exercise, parameter_count_exercise
from helpers.checks.dense_gradients import dense_backward_exercises
from helpers.checks.descent import largest_rate_exercise, line_step_exercise
from helpers.checks.diagnosis import diagnose
from helpers.checks.kernel_gradients import kernel_gradient_exercise
from helpers.checks.learning import (
    input_gradient_exercise,
    kernel_sums_exercise,
    rate_limit_exercise,
)
from helpers.checks.neurons import dense_exercise, neuron_exercise
from helpers.checks.nudging import numerical_gradient_exercise
from helpers.checks.optimizers import adam_exercise, momentum_exercise
from helpers.checks.overfitting import inverted_dropout_exercise, penalized_gradient_exercise
from helpers.checks.seeing import fooling_step_exercise, receptive_field_exercise
from helpers.checks.sizes import output_size_exercise
from helpers.checks.transposed import conv_transpose1d_exercise

ALONG_A_ROW = {
    f"1-D, {'flipped' if flips else 'not flipped'}, {padding}": (
        sliding1d_exercise(flips=flips, padding=padding)
    )
    for flips, padding in [
        (True, "full"), (True, "same"), (True, "valid"), (False, "valid"), (False, "full"),
    ]
}  # fmt: skip
OVER_AN_IMAGE = {
    f"2-D, {'flipped' if flips else 'not flipped'}, {padding}": (
        sliding2d_exercise(flips=flips, padding=padding)
    )
    for flips in (True, False)
    for padding in ("full", "same", "valid")
}
LAYERS = {
    "layer": conv_layer_exercise(),
    "layer with options": conv_layer_exercise(("stride", "padding")),
    "sizes along two axes": output_size_exercise(axes=2),
    "parameters of a layer": parameter_count_exercise(),
}
NEURONS = {
    "neuron": neuron_exercise(),
    "dense layer": dense_exercise(),
    "parameters of a network": network_count_exercise(),
}
BACKWARD = {
    **{name: activation_backward_exercise(name) for name in ("sigmoid", "tanh", "relu")},
    "mean squared error": mse_backward_exercise(),
    **dense_backward_exercises(),
    "nudging": numerical_gradient_exercise(),
    "kernel": kernel_gradient_exercise(),
    "input of a layer": input_gradient_exercise(),
    "kernel of two axes": kernel_sums_exercise(),
    "largest rate of a kernel": rate_limit_exercise(),
}
BLOCKS = {
    "pooling": max_pool_exercise(),
    "softmax": softmax_exercise(),
    "gradient of the scores": score_gradient_exercise(),
}
SEEING = {
    "receptive field": receptive_field_exercise(),
    "fooling step": fooling_step_exercise(),
}
TRANSPOSED = {"transposed convolution": conv_transpose1d_exercise()}
OVERFITTING = {
    "slope of a penalty": penalized_gradient_exercise(),
    "dropout": inverted_dropout_exercise(),
}
CLASSIFICATION = {
    "confusion matrix": confusion_exercise(),
    "scores of a class": scores_exercise(),
}
DOWNHILL = {
    "a step for a line": line_step_exercise(),
    "largest rate": largest_rate_exercise(),
    "momentum": momentum_exercise(),
    "Adam": adam_exercise(),
}


def each(*groups):
    """Parametrize a test by the exercises of some groups."""
    cases = {name: exercise for group in groups for name, exercise in group.items()}
    return pytest.mark.parametrize("exercise", cases.values(), ids=cases.keys())


def mistakes_of(exercise):
    """Return {mistake: its result for each case}."""
    predictions = [exercise.mistakes(**case) for case in exercise.cases]
    return {name: [each[name] for each in predictions] for name in predictions[0]}


def is_one(results, exercise):
    """Tell whether a mistake differs from the right answer in any case."""
    right = [exercise.expected(**case) for case in exercise.cases]
    return any(
        result is not None and not np.array_equal(result, answer)
        for result, answer in zip(results, right, strict=True)
    )


@each(ALONG_A_ROW, OVER_AN_IMAGE, LAYERS)
def test_they_tell_all_patterns_apart(exercise):
    """A pattern can be recognised only if it holds for some cases and fails for others, and no two
    patterns hold for the same cases."""
    patterns = [exercise.patterns(**case) for case in exercise.cases]
    columns = {name: tuple(bool(p[name]) for p in patterns) for name in patterns[0]}
    distinct = {name: column for name, column in columns.items() if len(set(column)) == 2}
    assert len(set(distinct.values())) == len(distinct) >= 3


@each(NEURONS, BLOCKS, SEEING, TRANSPOSED, CLASSIFICATION)
def test_they_show_every_pattern(exercise):
    """No pattern holds for all cases, or for none: else it could not be told from the others."""
    patterns = [exercise.patterns(**case) for case in exercise.cases]
    for name in patterns[0]:
        assert {bool(pattern[name]) for pattern in patterns} == {True, False}, name


@pytest.mark.parametrize(
    ("exercises", "least"),
    [
        ({**ALONG_A_ROW, "flip": flip_exercise(), "sizes": output_size_exercise()}, 8),
        ({**OVER_AN_IMAGE, **LAYERS}, 14),
    ],
    ids=["one axis", "two axes"],
)
def test_they_tell_all_mistakes_apart(exercises, least):
    """Each mistake that differs from the right answer at all is told by its own sentence, not by
    that of a mistake with the same results."""
    for title, exercise in exercises.items():
        seen = {}
        for name, results in mistakes_of(exercise).items():
            if is_one(results, exercise):
                written = repr([None if r is None else np.asarray(r).tolist() for r in results])
                assert written not in seen, (title, name, seen[written])
                seen[written] = name
        assert len(seen) >= least, title


def told_by_its_name(exercise, name, results):
    """Tell whether whoever makes exactly one known mistake is told so, not what would be before."""
    answers = iter(results)

    def mistaken(*arguments, **options):
        result = next(answers)
        if result is None:
            raise ValueError("nobody knows")
        return result

    return diagnose(mistaken, exercise).message.startswith(f"✗ {name}\n")


@pytest.mark.parametrize(
    ("group", "least"),
    [
        (OVER_AN_IMAGE, 14),
        (LAYERS, 14),
        (NEURONS, 11),
        (BACKWARD, 6),
        (BLOCKS, 10),
        (SEEING, 10),
        (TRANSPOSED, 8),
        (CLASSIFICATION, 7),
        (OVERFITTING, 10),
        (DOWNHILL, 11),
    ],
    ids=[
        "2-D",
        "layers",
        "neurons",
        "backward",
        "blocks",
        "seeing",
        "transposed",
        "classification",
        "overfitting",
        "downhill",
    ],
)
def test_no_mistake_is_taken_for_another(group, least):
    for title, exercise in group.items():
        mistakes = mistakes_of(exercise)
        # Without the option, or with an activation, that it is about, it may be none.
        real = {name: r for name, r in mistakes.items() if is_one(r, exercise)}
        for name, results in real.items():
            assert told_by_its_name(exercise, name, results), (title, name)
        assert len(real) >= least, title
        if group in (NEURONS, DOWNHILL):
            assert len(real) == len(mistakes), title
        if group is BACKWARD:
            assert len(real) >= len(mistakes) - 2, title


@each(BACKWARD)
def test_they_start_small_and_have_both_signs(exercise):
    sizes = [sum(np.size(value) for value in case.values()) for case in exercise.cases]
    assert sizes[0] == min(sizes)
    entries = np.concatenate([np.ravel(v) for case in exercise.cases for v in case.values()])
    assert entries.min() < 0 < entries.max()


@each(ALONG_A_ROW)
def test_signals_have_fractions(exercise):
    assert {case["signal"].dtype.kind for case in exercise.cases} == {"i", "f"}
    assert len(exercise.cases) == 40


@each(OVER_AN_IMAGE)
def test_images_have_fractions_and_all_sorts_of_shapes(exercise):
    assert len(exercise.cases) == 40
    assert {case["image"].dtype.kind for case in exercise.cases} == {"i", "f"}
    shapes = {case["kernel"].shape for case in exercise.cases}
    assert {rows < cols for rows, cols in shapes} == {True, False}
    assert {(rows % 2, cols % 2) for rows, cols in shapes} == {(0, 0), (0, 1), (1, 0), (1, 1)}


def test_no_module_has_the_name_of_a_check():
    """As an attribute of `helpers.checks`, the one would hide the other."""
    modules = {path.stem for path in Path(checks.__file__).parent.glob("*.py")}
    assert len(modules) > 10
    assert modules.isdisjoint(checks.__all__)
    assert all(callable(getattr(checks, name)) for name in checks.__all__)
