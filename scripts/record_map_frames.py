"""Train a small network on MNIST and keep what it was at ten moments, for FeatureMaps.

    MNIST_NPZ=mnist.npz python scripts/record_map_frames.py

The network has 8 and 16 maps and no dense layer but the last, so that ten copies of it stay small.
The first moments lie close together: most changes in the first hundred batches.
"""

import os

os.environ.setdefault("TF_CPP_MIN_LOG_LEVEL", "2")

import keras
import numpy as np

from helpers.widgets.resources import FOLDER
from helpers.widgets.resources.map_frames import pack_frames
from helpers.widgets.stored_network import build_network, store, unpack

BATCH = 128
STEPS = [0, 5, 10, 20, 40, 80, 160, 469, 938, 1407]  # an epoch has 469
SEED = 3


def build():
    """Return the network, not trained yet."""
    kinds = keras.layers
    return keras.Sequential(
        [
            keras.Input((28, 28, 1)),
            kinds.Conv2D(8, 3, activation="relu"),
            kinds.MaxPooling2D(2),
            kinds.Conv2D(16, 3, activation="relu"),
            kinds.MaxPooling2D(2),
            kinds.Flatten(),
            kinds.Dense(10, activation="softmax"),
        ]
    )


def name_of(step):
    """Return how the page calls a moment of the training."""
    per_epoch = -(-60_000 // BATCH)
    if step and step % per_epoch == 0:
        epochs = step // per_epoch
        return f"after {epochs} epoch{'s' * (epochs > 1)}"
    return f"after {step} batches" if step else "untrained"


def count_right(content, images, labels):
    """Return how many images the stored network reads rightly: the rounded one, as in the page."""
    network = keras.models.clone_model(build())
    _, layers, whole = unpack(content)
    network.set_weights(build_network(layers, whole).get_weights())
    return int((network.predict(images, verbose=0).argmax(axis=-1) == labels).sum())


def main(path):
    """Train, store at each moment, write."""
    keras.utils.set_random_seed(SEED)
    rng = np.random.default_rng(SEED)
    with np.load(path, allow_pickle=False) as data:
        train, labels = data["x_train"], data["y_train"]
        test, test_labels = data["x_test"][..., None] / 255, data["y_test"]
    network = build()
    network.compile(keras.optimizers.Adam(2e-3), "sparse_categorical_crossentropy")
    frames = []
    order = []
    for step in range(STEPS[-1] + 1):
        if step in STEPS:
            right = count_right(store(network), test, test_labels)
            about = {"name": name_of(step), "right": right, "of": len(test)}
            frames.append(store(network, **about))
            print(about, flush=True)
        if not len(order):
            order = rng.permutation(len(train))
        batch, order = order[:BATCH], order[BATCH:]
        network.train_on_batch(train[batch][..., None] / 255, labels[batch])
    content = pack_frames(frames)
    (FOLDER / "map_frames.bin").write_bytes(content)
    print(len(content), "bytes")


if __name__ == "__main__":
    if not os.environ.get("MNIST_NPZ"):
        raise SystemExit(
            "MNIST_NPZ is not set: name the file with x_train, y_train, x_test, y_test"
        )
    main(os.environ["MNIST_NPZ"])
