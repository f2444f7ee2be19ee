"""The full experiments: what a stop and a restart change (nothing), and the committed results."""

import json

import numpy as np
import pytest
from contents import ROOT
from scripts_of_the_book import load_script

from helpers import models


@pytest.fixture(scope="module")
def script():
    return load_script("reproduce")


@pytest.fixture(scope="module")
def few():
    rng = np.random.default_rng(0)
    y = rng.integers(0, 10, 700).astype(np.uint8)
    x = rng.integers(0, 90, (700, 28, 28), np.uint8)
    x[np.arange(700), 2 * y + 2, 4:24] = 255  # a line, whose height tells the class
    return (x[:600], y[:600]), (x[600:], y[600:])


def test_a_shift_moves_every_image_whole_by_up_to_two_pixels(script):
    images = np.zeros((200, 28, 28), np.uint8)
    images[:, 10, 12] = np.arange(1, 201)
    moved = script.shifted(images, np.random.default_rng(0))
    at = np.argwhere(moved)
    assert moved.shape == images.shape and np.array_equal(at[:, 0], np.arange(200))
    assert np.array_equal(moved[tuple(at.T)], np.arange(1, 201))
    assert set(at[:, 1]) == set(range(8, 13)) and set(at[:, 2]) == set(range(10, 15))


def test_three_quarters_of_60_percent(script, few):
    (x, y), (x_test, y_test) = script.three_quarters_of_42000(few, np.random.default_rng(0))
    assert (len(x), len(x_test)) == (315, 105)
    images = {image.tobytes() for image in np.concatenate([x, x_test])}
    assert len(images) == 420
    assert all(image[2 * label + 2, 4:24].min() == 255 for image, label in zip(x, y, strict=True))


@pytest.mark.parametrize("name", ["dense", "modern_cnn"])
def test_a_run_that_was_stopped_ends_with_the_same_numbers(tensorflow, script, few, tmp_path, name):
    whole = script.run(name, 0, few, tmp_path / "whole", epochs=3)
    script.run(name, 0, few, tmp_path / "parts", epochs=1)
    # Killed between the log and the network: the second epoch is written down, but not kept.
    log = tmp_path / "parts" / f"{name}-0" / "epochs.json"
    log.write_text(json.dumps(json.loads(log.read_text()) * 2))
    resumed = script.run(name, 0, few, tmp_path / "parts", epochs=3)
    for record in (whole, resumed):
        del record["history"]["seconds"]
        assert len(record["history"]["loss"]) == 3
    assert whole == resumed
    assert whole["history"]["loss"][2] < whole["history"]["loss"][0]


def test_what_is_done_is_not_run_again_and_other_data_are_refused(
    tensorflow, script, few, tmp_path, capsys
):
    results = tmp_path / "results.json"
    options = {"results": results, "state": tmp_path / "state", "seeds": 2, "epochs": 1}
    record = script.reproduce(["dense"], few, **options)
    assert [run["seed"] for run in record["runs"]] == [0, 1]
    assert record == json.loads(results.read_text())
    run = record["runs"][0]
    confusion = np.array(run["confusion"])
    assert confusion.sum(axis=1).tolist() == np.bincount(few[1][1], minlength=10).tolist()
    accuracy = run["history"]["test_accuracy"][-1]
    assert np.trace(confusion) / confusion.sum() == pytest.approx(accuracy)

    capsys.readouterr()
    assert script.reproduce(["dense"], few, **options) == record
    assert capsys.readouterr().out.count("done before") == 2
    with pytest.raises(SystemExit, match="made with other digits"):
        script.reproduce(["dense"], few[::-1], **options)


@pytest.fixture(scope="module")
def runs():
    record = json.loads((ROOT / "helpers" / "data" / "reproduction.json").read_text("utf-8"))
    assert record["data"]["samples"] == [60_000, 10_000]
    return record["runs"]


class TestCommittedResults:
    """What stands in the results file holds together, and reaches what the book promises."""

    def test_every_experiment_ran_as_it_is_described(self, script, runs):
        names = {run["experiment"] for run in runs}
        assert {"dense", "small_cnn", "modern_cnn"} <= names <= set(script.EXPERIMENTS)
        for run in runs:
            experiment = script.EXPERIMENTS[run["experiment"]]
            assert len(run["history"]["loss"]) == experiment.epochs
            assert run["batch_size"] == experiment.batch_size
            assert run["published"] == experiment.published
            samples = (31_500, 10_500) if "eight" in run["experiment"] else (60_000, 10_000)
            assert (run["train_samples"], run["test_samples"]) == samples
            confusion = np.array(run["confusion"])
            assert confusion.sum() == samples[1]
            accuracy = run["history"]["test_accuracy"][-1]
            assert np.trace(confusion) / samples[1] == pytest.approx(accuracy, abs=1e-6)

    def test_parameters(self, tensorflow, runs):
        for run in runs:
            assert run["parameters"] == getattr(models, run["experiment"])().count_params()

    def test_the_published_numbers_are_met(self, runs):
        last = {}
        for run in runs:
            last.setdefault(run["experiment"], []).append(run["history"])
        for name, published in {"dense": 0.978, "small_cnn": 0.994}.items():
            assert all(h["accuracy"][-1] == pytest.approx(published, abs=0.004) for h in last[name])
        assert all(history["test_accuracy"][-1] >= 0.967 for history in last.get("eight_layer", []))
        assert all(round(h["test_accuracy"][-1], 4) >= 0.993 for h in last["modern_cnn"])
