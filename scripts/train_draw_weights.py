"""Train the network that DrawDigit has in the page, and write its weights: one small file.

    MNIST_NPZ=mnist.npz python scripts/train_draw_weights.py

A convolutional network with few enough maps to look at learns MNIST's 60 000 training digits. In
every epoch each of them is turned, slanted, scaled and shifted anew, and some are made thicker or
thinner, so that what a hand draws with a mouse still looks familiar. Batch normalisation helps it
to learn and is folded into the kernels at the end; then every kernel is rounded to whole numbers
from -127 to 127 and one scale. The 10 000 test digits choose nothing: they are looked at once, with
the rounded weights. `helpers.widgets.stored_network` describes the file and reads it.
"""

import argparse
import os
import time
from pathlib import Path

os.environ.setdefault("TF_CPP_MIN_LOG_LEVEL", "2")

import keras
import numpy as np
from scipy import ndimage

from helpers.widgets.resources import FOLDER
from helpers.widgets.stored_network import build_network, store, unpack

TARGET = FOLDER / "draw_weights.bin"
LEAST = 0.99  # of the test digits, with rounded weights
BATCH = 128


def build():
    """Return the network to train: 8 and 16 maps, 64 units, ten scores without softmax."""
    kinds = keras.layers
    layers = [keras.Input((28, 28, 1))]
    for filters in (8, 16):
        layers += [
            kinds.Conv2D(filters, 3, use_bias=False),
            kinds.BatchNormalization(momentum=0.95),
            kinds.ReLU(),
            kinds.MaxPooling2D(2),
        ]
    return keras.Sequential(
        [
            *layers,
            kinds.Flatten(),
            kinds.Dense(64, use_bias=False),
            kinds.BatchNormalization(momentum=0.95),
            kinds.ReLU(),
            kinds.Dropout(0.2),
            kinds.Dense(10),
        ]
    )


def finish(network):
    """Return the trained network with probabilities in place of scores."""
    first, last = keras.Input((28, 28, 1)), keras.layers.Softmax()
    return keras.Sequential([first, *network.layers, last])


def augment(images, rng):
    """Return each image under its own small affine map, some with thicker or thinner strokes.

    Parameters
    ----------
    images : ndarray of uint8 of shape (N, 28, 28)
    rng : numpy.random.Generator

    Returns
    -------
    ndarray of float32 of shape (N, 28, 28, 1), ink from 0 to 1
    """
    count = len(images)
    ink = images.astype(np.float32) / 255
    kind = rng.random(count)
    for chosen, change in [
        (kind < 0.12, lambda part: ndimage.grey_dilation(part, size=(1, 2, 2))),
        (kind > 0.94, lambda part: ndimage.grey_erosion(part, size=(1, 2, 2))),
    ]:
        ink[chosen] = change(ink[chosen])
    angle = rng.uniform(-0.26, 0.26, count)
    slant = rng.uniform(-0.2, 0.2, count)
    across, down = rng.uniform(0.85, 1.15, (2, count))
    shift = rng.uniform(-2, 2, (2, count))
    # Where in the original image each pixel of the new one comes from.
    cos, sin = np.cos(angle), np.sin(angle)
    row, col = np.mgrid[:28, :28].reshape(2, 1, -1) - 13.5
    from_row = (cos * down)[:, None] * row - (sin * across)[:, None] * col
    from_col = (sin * down)[:, None] * row + (cos * across)[:, None] * col + slant[:, None] * row
    return sample(ink, from_row + 13.5 + shift[0, :, None], from_col + 13.5 + shift[1, :, None])


def sample(ink, row, col):
    """Return bilinear samples of each image at its own places, paper outside, as (N, 28, 28, 1)."""
    padded = np.pad(ink, ((0, 0), (2, 2), (2, 2)))
    row, col = (np.clip(place + 2, 0, 30.999).astype(np.float32) for place in (row, col))
    r, c = row.astype(np.int32), col.astype(np.int32)
    row, col = row - r, col - c
    flat = padded.reshape(len(ink), -1)
    corner = 32 * r + c
    near = [np.take_along_axis(flat, corner + step, axis=1) for step in (0, 1, 32, 33)]
    top = near[0] * (1 - col) + near[1] * col
    bottom = near[2] * (1 - col) + near[3] * col
    return (top * (1 - row) + bottom * row).reshape(len(ink), 28, 28, 1).astype(np.float32)


def main(path, target, epochs, seed):
    """Train, round, measure, write."""
    keras.utils.set_random_seed(seed)
    rng = np.random.default_rng(seed)
    with np.load(path, allow_pickle=False) as data:
        train, labels = data["x_train"], data["y_train"]
        test, test_labels = data["x_test"], data["y_test"]
    steps = epochs * -(-len(train) // BATCH)
    network = build()
    network.compile(
        optimizer=keras.optimizers.Adam(keras.optimizers.schedules.CosineDecay(3e-3, steps)),
        loss=keras.losses.SparseCategoricalCrossentropy(from_logits=True),
        metrics=["accuracy"],
    )
    start = time.time()
    for epoch in range(epochs):
        told = network.fit(augment(train, rng), labels, batch_size=BATCH, verbose=0).history
        print(
            f"epoch {epoch + 1}/{epochs}: loss {told['loss'][0]:.4f}, "
            f"accuracy {told['accuracy'][0]:.4f} on changed digits, {time.time() - start:.0f} s",
            flush=True,
        )
    finished = finish(network)
    _, layers, whole = unpack(store(finished))
    given = test[..., None] / 255
    right = int((build_network(layers, whole).predict(given).argmax(-1) == test_labels).sum())
    unrounded = int((finished.predict(given, verbose=0).argmax(-1) == test_labels).sum())
    accuracy = {"right": right, "of": len(test), "right_before_rounding": unrounded}
    print(accuracy)
    if right < LEAST * len(test):
        raise SystemExit(f"fewer than {LEAST:.1%} right: not written")
    about = {
        "made_by": "scripts/train_draw_weights.py",
        "trained_on": "MNIST's 60000 training digits, changed a little in every epoch",
        "tested_on": "MNIST's 10000 test digits",
        "accuracy": accuracy,
        "epochs": epochs,
        "seed": seed,
        "versions": {"keras": keras.__version__, "numpy": np.__version__},
    }
    target.write_bytes(store(finished, **about))
    print(f"{target}: {target.stat().st_size} bytes")


if __name__ == "__main__":
    parser = argparse.ArgumentParser(description=__doc__.split("\n")[0])
    parser.add_argument("--epochs", type=int, default=25)
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument("--target", type=Path, default=TARGET)
    chosen = parser.parse_args()
    if not os.environ.get("MNIST_NPZ"):
        parser.error("MNIST_NPZ is not set: name the file with x_train, y_train, x_test, y_test")
    main(os.environ["MNIST_NPZ"], chosen.target, chosen.epochs, chosen.seed)
