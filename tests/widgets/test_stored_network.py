"""Networks in a file: what Keras and the book's own networks lose by it, and what is refused."""

import numpy as np
import pytest

from helpers import layers as own
from helpers.network import Sequential
from helpers.widgets.stored_network import build_network, store, unpack


def keras_model(*layers, shape=(12, 12, 1)):
    import keras

    keras.utils.set_random_seed(4)
    return keras.Sequential([keras.Input(shape), *layers])


def awake(model):
    """Give batch normalisation statistics that differ from those it starts with."""
    rng = np.random.default_rng(5)
    for layer in model.layers:
        if type(layer).__name__ == "BatchNormalization":
            layer.set_weights([rng.uniform(0.5, 2, array.shape) for array in layer.get_weights()])
    return model


def read(content):
    about, layers, whole = unpack(content)
    return build_network(layers, whole, about["input"])


def test_a_keras_network_gives_nearly_the_same_after_rounding():
    from keras import layers

    model = awake(
        keras_model(
            layers.Rescaling(1 / 255),
            layers.Conv2D(6, 3, padding="same", use_bias=False),
            layers.BatchNormalization(),
            layers.ReLU(),
            layers.AveragePooling2D(2),
            layers.Conv2D(5, (3, 2), strides=2, activation="tanh"),
            layers.MaxPooling2D(2, strides=1),
            layers.Dropout(0.5),
            layers.Flatten(),
            layers.Dense(4),
            layers.Softmax(),
        )
    )
    ink = np.random.default_rng(6).uniform(size=(20, 12, 12, 1))
    found = read(store(model)).predict(ink)
    np.testing.assert_allclose(found, model.predict(255 * ink, verbose=0), atol=0.01)


@pytest.mark.parametrize("whose", ["Keras", "own"])
def test_a_mean_over_whole_maps_is_kept(whose):
    from keras import layers

    theirs = keras_model(
        layers.Conv2D(6, 3, activation="relu"),
        layers.GlobalAveragePooling2D(),
        layers.Dense(3, activation="softmax"),
    )
    model = theirs
    if whose == "own":
        model = Sequential(
            [
                own.Input((12, 12, 1)),
                own.Conv2D(6, 3, activation="relu"),
                own.GlobalAveragePooling2D(),
                own.Dense(3, activation="softmax"),
            ]
        )
        model.set_weights(theirs.get_weights())
    ink = np.random.default_rng(8).uniform(size=(5, 12, 12, 1))
    expected = theirs.predict(ink, verbose=0)
    np.testing.assert_allclose(read(store(model)).predict(ink), expected, atol=0.01)


@pytest.mark.parametrize(
    ("name", "maps"), [("small_cnn", 64), ("eight_layer", 32), ("modern_cnn", 128)]
)
def test_the_models_of_the_course_keep_their_maps(name, maps):
    from helpers import models

    about, layers, _ = unpack(store(getattr(models, name)()))
    assert about["input"] == [28, 28, 1]
    assert max(layer.get("filters", 0) for layer in layers) == maps


def test_weights_that_are_whole_already_come_back_as_they_were():
    network = Sequential(
        [own.Input((8, 8, 1)), own.Conv2D(3, 3, activation="relu"), own.Flatten(), own.Dense(2)]
    )
    rng = np.random.default_rng(7)
    for layer in network.layers:
        if layer.parameters:
            weights = rng.integers(-127, 128, layer.parameters[0].shape)
            weights.reshape(-1, weights.shape[-1])[0] = 127
            layer.set_weights([weights / 64, rng.normal(size=weights.shape[-1]).round(3)])
    again = read(store(network))
    for before, after in zip(network.get_weights(), again.get_weights(), strict=True):
        np.testing.assert_allclose(after, before, rtol=1e-6)


def test_of_a_large_network_the_layers_with_maps_are_kept():
    from keras import layers

    model = keras_model(
        layers.Conv2D(32, 3, activation="relu"),
        layers.MaxPooling2D(2),
        layers.Flatten(),
        layers.Dense(128, activation="relu"),
        layers.Dense(10, activation="softmax"),
    )
    about, kept, whole = unpack(store(model, name="large"))
    assert [layer["kind"] for layer in kept] == ["conv2d", "max_pooling2d"]
    assert about == {"input": [12, 12, 1], "name": "large"}
    assert whole.size == 9 * 32


def test_what_a_page_cannot_show_is_refused():
    from keras import layers

    with pytest.raises(ValueError, match="has no feature maps"):
        store(keras_model(layers.Flatten(), layers.Dense(2)))
    with pytest.raises(ValueError, match="cannot calculate the layer 'LayerNormalization'"):
        store(keras_model(layers.Conv2D(2, 3), layers.LayerNormalization()))
    with pytest.raises(ValueError, match="does not know the activation 'gelu'"):
        store(keras_model(layers.Conv2D(2, 3, activation="gelu")))
    with pytest.raises(ValueError, match="cannot calculate the layer 'BatchNormalization' here"):
        store(keras_model(layers.Conv2D(2, 3, activation="relu"), layers.BatchNormalization()))
