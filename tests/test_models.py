"""The models have the layers and the parameters that are published, and they learn from bytes."""

import numpy as np
import pytest

from helpers import models
from helpers.datasets import load_digits

COUNTS = {
    models.dense: (784 + 1) * 128 + (128 + 1) * 10,
    models.small_cnn: (9 + 1) * 32 + (9 * 32 + 1) * 64 + (5 * 5 * 64 + 1) * 128 + 129 * 10,
    models.eight_layer: (9 + 1) * 32
    + (9 * 32 + 1) * 32
    + (14 * 14 * 32 + 1) * 1000
    + 1001 * 1000
    + 1001 * 10,
    # Kernels without biases, four numbers a channel for batch normalisation, and ten outputs.
    models.modern_cnn: 9 * (32 + 32 * 64 + 64 * 128) + 4 * (32 + 64 + 128) + 129 * 10,
}
PUBLISHED = {models.dense: 101_770, models.small_cnn: 225_034, models.eight_layer: 7_293_578}


@pytest.mark.parametrize("make", COUNTS, ids=lambda make: make.__name__)
class TestModels:
    def test_parameters(self, tensorflow, make):
        model = make()
        assert model.count_params() == COUNTS[make] == PUBLISHED.get(make, 94_634)
        assert model.output_shape == (None, 10)
        assert model.name == make.__name__

    def test_bytes_are_scaled_inside(self, tensorflow, make):
        x = load_digits(size=28)[1][0][:20]
        model = make()
        assert x.dtype == np.uint8
        scaled = model(x / 255 * 255).numpy()
        assert np.allclose(model(x).numpy(), scaled, atol=1e-6)
        rescaling = next(layer for layer in model.layers if "rescaling" in layer.name)
        assert float(np.max(rescaling(np.uint8([255])))) == 1
        rest = [layer for layer in model.layers if layer is not rescaling]
        outputs = x.astype("float32") / 255
        for layer in rest:
            outputs = layer(outputs)
        assert np.allclose(outputs, scaled, atol=1e-5)

    def test_outputs_are_probabilities_but_for_the_sigmoids(self, tensorflow, make):
        outputs = make()(load_digits(size=28)[1][0][:20]).numpy()
        assert outputs.min() >= 0 and outputs.max() <= 1
        adds_up = np.allclose(outputs.sum(axis=1), 1, atol=1e-5)
        assert adds_up == (make is not models.eight_layer)


@pytest.mark.parametrize("make", [models.dense, models.small_cnn, models.modern_cnn])
def test_they_learn_the_embedded_digits(tensorflow, make):
    import keras

    keras.utils.set_random_seed(1)
    train, test = load_digits(size=28)
    model = make()
    model.compile(
        keras.optimizers.Adam(0.003), "sparse_categorical_crossentropy", metrics=["accuracy"]
    )
    model.fit(*train, batch_size=64, epochs=5, verbose=0)
    assert model.evaluate(*test, verbose=0)[1] > 0.93


def test_two_convolutions_with_nothing_between_are_one_linear_map(tensorflow):
    model = models.eight_layer()
    first, second = (layer for layer in model.layers if "conv" in layer.name)
    rng = np.random.default_rng(0)
    x, y = rng.normal(size=(2, 1, 28, 28, 1)).astype("float32")

    def both(images):
        return second(first(images)).numpy()

    assert np.allclose(both(x + 2 * y) - both(0 * x), both(x) + 2 * (both(y)) - 3 * both(0 * x),
                       atol=1e-4)  # fmt: skip
