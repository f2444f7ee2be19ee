"""Cutting samples into batches: every one once an epoch, in an order that is drawn anew."""

import itertools

import numpy as np
import pytest

from helpers.network.batches import batches, endless_batches


def take(numbers, count):
    return [batch.tolist() for batch in itertools.islice(numbers, count)]


def test_an_epoch_takes_every_sample_once_and_in_order_without_a_generator():
    assert take(batches(5, 2), 9) == [[0, 1], [2, 3], [4]]
    drawn = take(batches(10, 4, np.random.default_rng(1)), 9)
    assert [len(batch) for batch in drawn] == [4, 4, 2]
    assert sorted(sum(drawn, [])) == list(range(10)) != sum(drawn, [])


@pytest.mark.parametrize(("samples", "size"), [(10, 4), (21, 4), (21, 20)])
def test_epochs_without_end_shuffle_the_order_of_the_one_before(samples, size):
    each = -(-samples // size)
    drawn = take(endless_batches(samples, size, np.random.RandomState(2)), 3 * each)
    rng, order = np.random.RandomState(2), np.arange(samples)
    for epoch in range(3):
        rng.shuffle(order)
        assert sum(drawn[epoch * each : (epoch + 1) * each], []) == order.tolist()
    assert {len(batch) for batch in drawn} == {size, samples - (each - 1) * size}


@pytest.mark.parametrize("size", [5, 8])
def test_a_batch_of_all_samples_takes_them_in_order(size):
    assert take(endless_batches(5, size, np.random.RandomState(0)), 2) == [[0, 1, 2, 3, 4]] * 2


def test_a_batch_that_was_handed_out_stays_as_it_is():
    numbers = endless_batches(4, 3, np.random.RandomState(0))
    first = next(numbers)
    before = first.copy()
    take(numbers, 9)
    assert (first == before).all()


@pytest.mark.parametrize("cut", [batches, endless_batches])
def test_a_size_that_does_not_fit(cut):
    with pytest.raises(ValueError, match="batch_size=0 is too small"):
        next(cut(5, 0, None))
