"""Regularization in Python: settings, digits and networks of a pair, and what is refused."""

import numpy as np
import pytest
from traitlets import TraitError

from helpers.layers import BatchNormalization, Dropout
from helpers.regularizers import L2
from helpers.widgets import Regularization


def test_both_of_a_pair_start_alike_and_share_their_digits():
    widget = Regularization(samples=300, dropout=0.5, l2=0.01)
    plain, treated = widget.network(2, plain=True), widget.network(2)
    for mine, other in zip(plain.get_weights(), treated.get_weights(), strict=True):
        np.testing.assert_array_equal(mine, other)
    x, y = widget.digits(2, plain=True)
    more_x, more_y = widget.digits(2)
    assert (len(x), len(more_x)) == (150, 300)
    np.testing.assert_array_equal(more_x[:150], x)
    np.testing.assert_array_equal(more_y[:150], y)
    assert not np.array_equal(widget.digits(3, plain=True)[0], x)


def test_about_the_wanted_share_of_labels_is_wrong():
    _, spoiled = Regularization(samples=1200, wrong=0.3).digits(1)
    _, right = Regularization(samples=1200, wrong=0).digits(1)
    assert 0.26 < (spoiled != right).mean() < 0.34


def test_the_remedies_are_in_the_network_and_not_in_the_plain_one():
    widget = Regularization(dropout=0.25, l2=0.003, batch_norm=True, units=16)
    kinds = [type(layer) for layer in widget.network(1).layers]
    assert kinds.count(Dropout) == kinds.count(BatchNormalization) == 2
    penalties = [getattr(layer, "kernel_regularizer", None) for layer in widget.network(1).layers]
    assert [penalty.l2 for penalty in penalties if isinstance(penalty, L2)] == [0.003] * 3
    # 64·16 + 16, 4·16 of a normalisation and its means, 16·16 + 16, 4·16, 16·10 + 10
    assert widget.network(1).count_params() == 1040 + 64 + 272 + 64 + 170
    # 64·128 + 128, 128·128 + 128, 128·10 + 10
    assert widget.network(1, plain=True).count_params() == 8320 + 16512 + 1290


@pytest.mark.parametrize(
    ("state", "message"),
    [
        ({"dropout": 1}, "dropout=1.0 does not fit: use a number from 0 to 0.9"),
        ({"l2": -0.1}, "l2=-0.1 does not fit: use a number from 0 to 1"),
        ({"l2": float("nan")}, "l2 must hold finite numbers"),
        ({"units": 256}, "units=256 does not fit: use a number from 1 to 128"),
        ({"shift": 3}, "shift=3 does not fit"),
        ({"samples": 10}, "samples=10 does not fit: use a number from 50 to 1200"),
        ({"pairs": 0}, "pairs=0 does not fit"),
    ],
)
def test_what_does_not_fit_is_refused(state, message):
    with pytest.raises(TraitError, match=message):
        Regularization(**state)
