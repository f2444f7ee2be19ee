"""A convolutional network of the book's own layers reads real handwriting."""

import time

import numpy as np

from helpers.datasets import load_digits
from helpers.layers import BatchNormalization, Conv2D, Dense, Dropout, Flatten, Input, MaxPooling2D
from helpers.network import Sequential
from helpers.optimizers import Adam


def test_a_convolutional_network_learns_digits(record_property):
    (x_train, y_train), (x_test, y_test) = load_digits()
    x_train, x_test = (x[..., None] / 255 for x in (x_train, x_test))
    network = Sequential(
        [
            Input((8, 8, 1)),
            Conv2D(16, 3, padding="same", activation="relu"),
            MaxPooling2D(),
            Conv2D(32, 3, padding="same"),
            BatchNormalization(),
            MaxPooling2D(),
            Flatten(),
            Dropout(0.25),
            Dense(10, activation="softmax"),
        ],
        dtype="float32",
        seed=0,
    )
    network.compile(Adam(0.005), "categorical_crossentropy", metrics=["accuracy"])
    start = time.perf_counter()
    network.fit(x_train, np.eye(10)[y_train], epochs=10, batch_size=64)
    seconds = time.perf_counter() - start
    _, accuracy = network.evaluate(x_test, np.eye(10)[y_test])
    record_property("seconds", round(seconds, 1))
    print(f"{accuracy:.1%} of the test digits after {seconds:.1f} s")
    assert accuracy >= 0.97
