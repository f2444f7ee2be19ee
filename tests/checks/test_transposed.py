"""What readers are told about their transposed convolutions."""

import numpy as np
import pytest

from helpers import checks
from helpers.checks.diagnosis import diagnose
from helpers.checks.transposed import conv_transpose1d_exercise

EXERCISE = conv_transpose1d_exercise()


def by_adding(values, kernel, stride):
    out = np.zeros((len(values) - 1) * stride + len(kernel), int)
    for position, value in enumerate(values):
        out[position * stride : position * stride + len(kernel)] += value * kernel
    return out


def by_spreading(values, kernel, stride):
    spread = np.zeros((len(values) - 1) * stride + 1, int)
    spread[::stride] = values
    return np.convolve(spread, kernel)


@pytest.mark.parametrize("function", [by_adding, by_spreading])
def test_right_answers_pass(function):
    assert diagnose(function, EXERCISE).passed


def test_right_answers_are_those_of_keras():
    keras = pytest.importorskip("keras")
    for case in EXERCISE.cases[:6]:
        values, kernel = (case[name].astype("float32") for name in ("values", "kernel"))
        layer = keras.layers.Conv1DTranspose(1, len(kernel), case["stride"], use_bias=False)
        layer.build((1, len(values), 1))
        layer.set_weights([kernel[:, None, None]])
        found = np.ravel(layer(values[None, :, None]))
        np.testing.assert_allclose(found, EXERCISE.expected(**case))


@pytest.mark.parametrize(
    ("answer", "told"),
    [
        (lambda v, k, s: np.convolve(v, k), "The stride is left out"),
        (lambda v, k, s: by_adding(v, k[::-1], s), "The kernel is turned"),
        (lambda v, k, s: by_adding(v, k, s)[: len(v) * s], "The last cells are missing"),
        (lambda v, k, s: np.repeat(v, s), "repeated"),
        (lambda v, k, s: by_adding(v, k, s) if s == 1 else v, "Right only for a stride of 1"),
    ],
)
def test_slips_are_named(answer, told):
    named = {"values": "v", "kernel": "k", "stride": "s"}
    assert set(EXERCISE.cases[0]) == set(named)
    feedback = diagnose(lambda values, kernel, stride: answer(values, kernel, stride), EXERCISE)
    assert not feedback.passed
    assert told in feedback.message


def test_the_check_prints_the_diagnosis(capsys):
    checks.conv_transpose1d(by_adding)
    assert capsys.readouterr().out.startswith("✓ 18 of 18")
