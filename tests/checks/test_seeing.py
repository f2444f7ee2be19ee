"""What readers are told about their receptive fields and their fooling images."""

import numpy as np
import pytest

from helpers import checks


def field(kernels, strides):
    size, jump = 1, 1
    for kernel, stride in zip(kernels, strides, strict=True):
        size, jump = size + (kernel - 1) * jump, jump * stride
    return size


def fool(image, gradient, size):
    return np.clip(image + size * np.sign(gradient), 0, 1)


def test_right_answers_pass(capsys):
    checks.receptive_field(field)
    checks.fooling_step(fool)
    told = capsys.readouterr().out
    assert told.count("✓") == 2
    assert "✗" not in told


@pytest.mark.parametrize(
    ("answer", "told"),
    [
        (lambda kernels, strides: sum(kernels), "adds k − 1"),
        (lambda kernels, strides: sum(k - 1 for k in kernels) + 1, "strides are left out"),
        (lambda kernels, strides: field(kernels, strides) - 1, "first cell is forgotten"),
        (lambda kernels, strides: int(np.prod(strides)), "product of the strides"),
        (lambda kernels, strides: field(kernels[::-1], strides[::-1]), "begin at the image"),
        (lambda kernels, strides: kernels[-1], "last layer's window"),
        (lambda kernels, strides: float(field(kernels, strides)) + 0.5, "✗"),
    ],
)
def test_slips_in_receptive_fields_are_named(capsys, answer, told):
    checks.receptive_field(answer)
    out = capsys.readouterr().out
    assert out.startswith("✗")
    assert told in " ".join(out.split())


@pytest.mark.parametrize(
    ("answer", "told"),
    [
        (lambda x, g, size: x + size * np.sign(g), "clip the result"),
        (lambda x, g, size: fool(x, -g, size), "down the loss"),
        (lambda x, g, size: np.clip(x + size * g, 0, 1), "take its sign"),
        (lambda x, g, size: size * np.sign(g), "change alone"),
        (lambda x, g, size: np.clip(x + size, 0, 1), "sign of the gradient decides"),
        (lambda x, g, size: np.clip(x + np.sign(g), 0, 1), "size is left out"),
        (lambda x, g, size: np.clip(x + np.where(g >= 0, size, -size), 0, 1), "stays as it is"),
    ],
)
def test_slips_in_fooling_are_named(capsys, answer, told):
    checks.fooling_step(answer)
    out = capsys.readouterr().out
    assert out.startswith("✗")
    assert told in " ".join(out.split())
