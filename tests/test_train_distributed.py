"""Two real workers, one of which is killed, train as one worker does."""

import numpy as np
import pytest
from scripts_of_the_book import load_script


@pytest.fixture(scope="module")
def script():
    return load_script("train_distributed")


# Plain gradient descent with long steps: a gradient counted twice would show at once.
SETTINGS = [
    *("--model", "dense", "--optimizer", "sgd", "--learning-rate", "0.2", "--samples", "330"),
    *("--batch-size", "50", "--epochs", "2", "--checkpoint-every", "5"),
]


@pytest.fixture(scope="module")
def runs(tensorflow, script, tmp_path_factory):
    """Both reports by the number of workers, and the folder; the run of two loses a worker."""
    folder = tmp_path_factory.mktemp("workers")
    options = script.read_options([*SETTINGS, "--kill-at", "7"])
    with pytest.MonkeyPatch.context() as patch:
        patch.delenv("MNIST_NPZ", raising=False)
        patch.setenv("KERAS_HOME", str(folder))
        return {n: script.launch(options, n, folder / str(n)) for n in (1, 2)}, folder


def test_a_killed_worker_loses_nothing(runs):
    reports, _ = runs
    assert reports[1]["restarts"] == 0 and reports[1]["continued_from"] == 0
    assert reports[1]["steps"] == 14  # two epochs of six whole batches and one of 30
    assert reports[2]["restarts"] == 1 and reports[2]["continued_from"] == 5
    assert reports[2]["steps"] == 9
    assert all(report["examples_per_second"] > 0 for report in reports.values())


def test_two_workers_end_with_the_weights_of_one(script, runs):
    reports, folder = runs
    assert script.largest_difference(folder / "2", folder / "2", 0, 1) == 0
    assert script.largest_difference(folder / "2", folder / "1") < 1e-6
    assert reports[2]["loss"] == pytest.approx(reports[1]["loss"], rel=1e-5)
    # They went somewhere: from weights of a tenth and biases of zero.
    with np.load(folder / "1" / "weights-0.npz") as weights:
        assert np.abs(weights["arr_1"]).max() > 0.01


def test_a_run_that_is_over_is_not_trained_on(script, runs, tmp_path):
    """Its last checkpoint is at step 10 of 14: four steps are left, whatever was done before."""
    _, folder = runs
    with np.load(folder / "2" / "checkpoint.npz") as arrays:
        assert int(arrays["arr_0"]) == 10
        variables = [np.zeros_like(arrays[name]) for name in arrays.files[1:]]

    class Slot:
        def __init__(self, array):
            self.array = array

        def assign(self, value):
            self.array[...] = value

    slots = [Slot(array) for array in variables]
    assert script.restore(folder / "2" / "checkpoint.npz", slots) == 10
    assert any(slot.array.any() for slot in slots)
    assert script.restore(tmp_path / "checkpoint.npz", slots) == 0


def test_workers_that_fail_every_time_are_given_up_with_their_own_words(script, tmp_path, capfd):
    options = script.read_options(SETTINGS)
    options.optimizer = "unheard-of"
    with pytest.raises(SystemExit, match=r"(?s)1 workers failed 2 times.*invalid choice"):
        script.launch(options, 1, tmp_path, restarts=1)
    assert "start again from the last checkpoint" in capfd.readouterr().out


@pytest.mark.parametrize("option", ["--workers", "--batch-size", "--checkpoint-every"])
def test_numbers_below_one_are_refused(script, option, capsys):
    with pytest.raises(SystemExit):
        script.read_options([option, "0"])
    assert f"{option} 0: use 1 or more" in capsys.readouterr().err
