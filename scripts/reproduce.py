"""Run the published experiments of chapter 11 in full, on MNIST, and write down what comes out.

Used by `make reproduce`. Every epoch is kept under _build/reproduce, so that a run that is stopped
or killed goes on where it was, with the same numbers as if it had never stopped. What is finished
stands in helpers/data/reproduction.json, which the chapter shows; it is not run again.
"""

import argparse
import hashlib
import json
import os
import platform
import sys
import time
from collections.abc import Callable
from dataclasses import dataclass, field
from pathlib import Path

import numpy as np

os.environ.setdefault("TF_CPP_MIN_LOG_LEVEL", "3")
ROOT = Path(__file__).resolve().parents[1]
sys.path.insert(0, str(ROOT))

from helpers import datasets, models  # noqa: E402

RESULTS = ROOT / "helpers" / "data" / "reproduction.json"
STATE = ROOT / "_build" / "reproduce"


def as_published(data, rng):
    """Return the 60 000 and the 10 000 digits as they are."""
    return data


def three_quarters_of_42000(data, rng):
    """Return 42 000 of all 70 000 digits, 75 % to train on, since 2020's tutorial had these."""
    x, y = (np.concatenate(parts) for parts in zip(*data, strict=True))
    chosen = rng.permutation(len(x))[: int(0.6 * len(x))]
    cut = int(0.75 * len(chosen))
    return tuple((x[part], y[part]) for part in (chosen[:cut], chosen[cut:]))


def as_they_are(images, rng):
    """Return the images unchanged."""
    return images


def shifted(images, rng):
    """Return every image moved by up to two pixels, down or up and to either side."""
    padded = np.pad(images, ((0, 0), (2, 2), (2, 2)))
    windows = np.lib.stride_tricks.sliding_window_view(padded, images.shape[1:], axis=(1, 2))
    rows, cols = rng.integers(0, 5, (2, len(images)))
    return windows[np.arange(len(images)), rows, cols]


@dataclass(frozen=True)
class Experiment:
    """One published experiment, or ours beside them."""

    model: Callable
    epochs: int
    batch_size: int
    loss: str = "sparse_categorical_crossentropy"
    split: Callable = as_published
    prepare: Callable = as_they_are
    optimizer: Callable = lambda keras, steps: keras.optimizers.RMSprop()
    seeds: int = 1
    published: dict = field(default_factory=dict)


EXPERIMENTS = {
    "dense": Experiment(
        models.dense,
        epochs=5,
        batch_size=128,
        seeds=3,
        published={"accuracy": [0.847, 0.949, 0.966, 0.974, 0.978]},
    ),
    "small_cnn": Experiment(
        models.small_cnn,
        epochs=5,
        batch_size=128,
        seeds=3,
        published={"accuracy": [0.848, 0.980, 0.988, 0.991, 0.994]},
    ),
    "modern_cnn": Experiment(
        models.modern_cnn,
        epochs=10,
        batch_size=128,
        prepare=shifted,
        optimizer=lambda keras, steps: keras.optimizers.Adam(
            keras.optimizers.schedules.CosineDecay(0.003, steps)
        ),
    ),
    "eight_layer": Experiment(
        models.eight_layer,
        epochs=10,
        batch_size=32,
        loss="mse",
        split=three_quarters_of_42000,
        published={"test_accuracy": 0.967},
    ),
}


def run(name, seed, data, state, *, epochs=None):
    """Train and measure one network, from where an earlier run stopped, and return the record."""
    import keras

    experiment = EXPERIMENTS[name]
    rng = np.random.default_rng([seed, 0])
    (x, y), (x_test, y_test) = experiment.split(data, rng)
    if one_hot := experiment.loss == "mse":
        y, y_test = np.eye(10, dtype="float32")[y], np.eye(10, dtype="float32")[y_test]

    folder = state / f"{name}-{seed}"
    folder.mkdir(parents=True, exist_ok=True)
    saved, log = folder / "network.keras", folder / "epochs.json"
    history = json.loads(log.read_text()) if log.exists() and saved.exists() else []
    if history:
        # The log is written first: a network that is an epoch behind it repeats that epoch.
        model = keras.models.load_model(saved)
        steps = int(model.optimizer.iterations.numpy())
        history = history[: steps // -(-len(x) // experiment.batch_size)]
    else:
        keras.utils.set_random_seed(seed)
        model = experiment.model()
        steps = experiment.epochs * -(-len(x) // experiment.batch_size)
        optimizer = experiment.optimizer(keras, steps)
        model.compile(optimizer, experiment.loss, metrics=["accuracy"])

    total = epochs or experiment.epochs
    for epoch in range(len(history), total):
        # An order of its own for each epoch, so that one can be the first after a restart.
        rng = np.random.default_rng([seed, 1 + epoch])
        order = rng.permutation(len(x))
        start = time.perf_counter()
        results = model.fit(
            experiment.prepare(x[order], rng),
            y[order],
            batch_size=experiment.batch_size,
            initial_epoch=epoch,
            epochs=epoch + 1,
            shuffle=False,
            verbose=0,
        ).history
        seconds = time.perf_counter() - start
        test_loss, test_accuracy = model.evaluate(x_test, y_test, batch_size=1000, verbose=0)
        history.append(
            {
                "loss": results["loss"][0],
                "accuracy": results["accuracy"][0],
                "test_loss": test_loss,
                "test_accuracy": test_accuracy,
                "seconds": round(seconds, 1),
            }
        )
        print(
            f"{name}, seed {seed}, epoch {epoch + 1} of {total}: training accuracy "
            f"{history[-1]['accuracy']:.4f}, test accuracy {test_accuracy:.4f}, {seconds:.0f} s",
            flush=True,
        )
        _write(log, json.dumps(history))
        part = folder / "part.keras"
        model.save(part)
        os.replace(part, saved)

    truth = y_test.argmax(axis=1) if one_hot else y_test
    predicted = model.predict(x_test, batch_size=1000, verbose=0).argmax(axis=1)
    confusion = np.zeros((10, 10), int)
    np.add.at(confusion, (truth, predicted), 1)
    return {
        "experiment": name,
        "seed": seed,
        "parameters": model.count_params(),
        "train_samples": len(x),
        "test_samples": len(x_test),
        "batch_size": experiment.batch_size,
        "published": experiment.published,
        "history": {key: [entry[key] for entry in history] for key in history[0]},
        "accuracy_on_training_digits": model.evaluate(x, y, batch_size=1000, verbose=0)[1],
        "confusion": confusion.tolist(),
        "made_with": _made_with(),
    }


def _made_with():
    """Return the versions and the machine that made a record."""
    import keras
    import tensorflow as tf

    return {
        "python": platform.python_version(),
        "tensorflow": tf.__version__,
        "keras": keras.__version__,
        "numpy": np.__version__,
        "cores": os.cpu_count(),
    }


def _write(path, text):
    """Write a file whole or not at all."""
    part = path.with_name(f"{path.name}.part")
    part.write_text(text, "utf-8")
    os.replace(part, path)


def _fingerprint(data):
    """Return a hash of the images and labels themselves, whatever file they came in."""
    digest = hashlib.sha256()
    for x, y in data:
        digest.update(x.tobytes())
        digest.update(y.tobytes())
    return digest.hexdigest()


def reproduce(names, data, *, results=RESULTS, state=STATE, seeds=None, epochs=None):
    """Run what is not in the results yet, and add it there, run by run."""
    told = {"name": "MNIST", "samples": [len(y) for _, y in data], "sha256": _fingerprint(data)}
    record = {"data": told, "runs": []}
    if results.exists():
        record = json.loads(results.read_text("utf-8"))
        if record["data"] != told:
            raise SystemExit(
                f"{results.name} was made with other digits ({record['data']}): move it away first"
            )
    done = {(entry["experiment"], entry["seed"]) for entry in record["runs"]}
    # The first seed of every network comes first: each has a result before one has three.
    wanted = [(name, seed) for name in names for seed in range(seeds or EXPERIMENTS[name].seeds)]
    for name, seed in sorted(wanted, key=lambda pair: pair[1]):
        if (name, seed) in done:
            print(f"{name}, seed {seed}: done before")
            continue
        record["runs"].append(run(name, seed, data, state, epochs=epochs))
        place = list(EXPERIMENTS)
        record["runs"].sort(key=lambda entry: (place.index(entry["experiment"]), entry["seed"]))
        results.parent.mkdir(parents=True, exist_ok=True)
        _write(results, json.dumps(record, indent=1) + "\n")
    return record


def main():
    """Read the command line, and run."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("experiments", nargs="*", help=f"of {', '.join(EXPERIMENTS)}; or all")
    parser.add_argument("--seeds", type=int, help="how many of each, in place of its own number")
    options = parser.parse_args()
    if unknown := set(options.experiments) - set(EXPERIMENTS):
        parser.error(f"{', '.join(sorted(unknown))}: use some of {', '.join(EXPERIMENTS)}")
    try:
        data = datasets.load_mnist()
    except (OSError, ValueError) as problem:
        raise SystemExit(str(problem)) from None
    try:
        reproduce(options.experiments or list(EXPERIMENTS), data, seeds=options.seeds)
    except KeyboardInterrupt:
        raise SystemExit("\nStopped. Run it again to go on from the last whole epoch.") from None


if __name__ == "__main__":
    main()
