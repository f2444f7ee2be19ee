"""Convolution, pooling, dropout and normalisation in JavaScript, held to Keras in 64 bits."""

import json
from pathlib import Path

import numpy as np
import pytest
from sklearn.datasets import load_digits

PASS = """(options, parameters, samples, targets, count, training) => {
    const network = m.createNetwork(options);
    if (parameters.length) network.parameters.set(parameters);
    const outputs = [...network.forward(Float64Array.from(samples), count, training)];
    const gradInputs = new Float64Array(samples.length);
    network.backward(Float64Array.from(targets), gradInputs);
    const { movingMean = [], movingVariance = [] } = network.layers[0];
    return {
        outputs, gradInputs: [...gradInputs], gradients: [...network.gradients],
        shape: network.layers[0].shape, moving: [...movingMean, ...movingVariance],
    };
}"""

TRAIN = """(samples, targets, labels, split) => {
    const element = document.body.appendChild(document.createElement("div"));
    const rng = m.createRandom(1);
    const conv = (filters) => (
        { kind: "conv2d", filters, kernelSize: 3, padding: "same", activation: "relu" });
    const pool = { kind: "max_pooling2d" };
    const network = m.createNetwork({
        inputs: [8, 8, 1], loss: "categorical_crossentropy", rng,
        layers: [conv(8), pool, conv(16), pool, { kind: "flatten" },
            { units: 10, activation: "softmax" }],
    });
    const part = (from, to) => ({
        inputs: Float64Array.from(samples.slice(from * 64, to * 64)),
        targets: Float64Array.from(targets.slice(from * 10, to * 10)),
        labels: labels.slice(from, to), count: to - from,
    });
    const data = part(0, split);
    const optimizer = m.createOptimizer(
        "adam", network.parameters.length, { learningRate: 0.005 });
    const trainer = m.createTrainer(
        { network, optimizer, data, batchSize: 32, seed: 1, element, report: () => {} });
    trainer.step(5 * Math.ceil(split / 32));
    trainer.dispose();
    return m.evaluate(network, part(split, labels.length)).accuracy;
}"""


@pytest.fixture(scope="module")
def run(browser, link_modules):
    """Run a function in the browser, on plain values; ``m`` has what the modules export."""
    page = browser.new_page()
    page.set_content("<!doctype html><title>Layers</title>")
    names = ["network", "optimizers", "random"]
    link_modules(page, *(f"arithmetic/{name}.mjs" for name in names), "card/training.mjs")
    yield lambda script, *arguments: page.evaluate(f"(a) => ({script})(...a)", list(arguments))
    page.close()


CASES = Path(__file__).parents[1] / "cases" / "layers.json"


@pytest.mark.parametrize(
    "case", json.loads(CASES.read_text("utf-8")), ids=lambda case: case["name"]
)
def test_a_layer_gives_what_the_shared_case_holds(run, case):
    inputs = np.array(case["inputs"])
    network = {"inputs": list(inputs.shape[1:]), "layers": [case["javascript"]]}
    samples, targets = inputs.ravel().tolist(), case["targets"]
    found = run(PASS, network, case["parameters"], samples, targets, len(inputs), case["training"])
    close = {"rtol": 1e-9, "atol": 1e-10}
    np.testing.assert_allclose(found["outputs"], case["outputs"], **close)
    np.testing.assert_allclose(found["gradInputs"], case["grad_inputs"], **close)
    np.testing.assert_allclose(found["gradients"], case["gradients"], **close)


def compare(run, options, layer, samples, rng, training=False):
    """Hold one layer's outputs and all its gradients to Keras's, for a mean of squares."""
    import tensorflow as tf

    layer.build(samples.shape)
    weights = [rng.normal(size=w.shape) for w in layer.trainable_weights]
    for variable, value in zip(layer.trainable_weights, weights, strict=True):
        variable.assign(value)
    inputs = tf.constant(samples)
    with tf.GradientTape() as tape:
        tape.watch(inputs)
        outputs = layer(inputs, training=training)
        targets = rng.normal(size=outputs.shape)
        loss = tf.reduce_mean((outputs - targets) ** 2)
    grad_inputs, grads = tape.gradient(loss, [inputs, layer.trainable_weights])
    flat = np.concatenate([[], *(w.ravel() for w in weights)]).tolist()
    network = {"inputs": list(samples.shape[1:]), "layers": [options]}
    arguments = [flat, samples.ravel().tolist(), targets.ravel().tolist(), len(samples), training]
    found = run(PASS, network, *arguments)
    close = {"rtol": 1e-9, "atol": 1e-12}
    assert tuple(found["shape"]) == tuple(outputs.shape[1:])
    np.testing.assert_allclose(found["outputs"], np.ravel(outputs), **close)
    np.testing.assert_allclose(found["gradInputs"], np.ravel(grad_inputs), **close)
    expected = np.concatenate([[], *(np.ravel(grad) for grad in grads)])
    np.testing.assert_allclose(found["gradients"], expected, **close)
    return found


@pytest.mark.parametrize("seed", range(30))
def test_convolution_is_tensorflows(run, seed):
    keras = pytest.importorskip("keras")
    rng = np.random.default_rng(seed)
    kernel = rng.integers(1, 4, 2).tolist()
    stride, dilation = (int(rng.integers(1, 4)), 1) if seed % 2 else (1, int(rng.integers(1, 4)))
    padding = str(rng.choice(["valid", "same"]))
    activation = str(rng.choice(["linear", "relu", "tanh", "softmax"]))
    filters = int(rng.integers(2, 10))
    bias = bool(rng.integers(2))
    shape = (rng.integers(1, 4), *rng.integers(7, 12, 2), rng.integers(1, 6))
    layer = keras.layers.Conv2D(
        filters, kernel, stride, padding, dilation_rate=dilation, activation=activation,
        use_bias=bias, dtype="float64",
    )  # fmt: skip
    options = {
        "kind": "conv2d", "filters": filters, "kernelSize": kernel, "strides": stride,
        "padding": padding, "dilation": dilation, "activation": activation,
        "bias": 0 if bias else None,
    }  # fmt: skip
    compare(run, options, layer, rng.normal(size=shape), rng)


def test_convolution_in_several_strips_is_tensorflows(run):
    keras = pytest.importorskip("keras")
    rng = np.random.default_rng(0)
    layer = keras.layers.Conv2D(3, 3, padding="same", dtype="float64")
    options = {"kind": "conv2d", "filters": 3, "kernelSize": 3, "padding": "same"}
    compare(run, options, layer, rng.normal(size=(2, 64, 64, 4)), rng)


@pytest.mark.parametrize("seed", range(20))
@pytest.mark.parametrize("kind", ["max_pooling2d", "average_pooling2d"])
def test_pooling_is_tensorflows(run, kind, seed):
    keras = pytest.importorskip("keras")
    rng = np.random.default_rng(seed)
    size, stride = int(rng.integers(1, 4)), int(rng.integers(1, 4))
    padding = str(rng.choice(["valid", "same"]))
    name = {"max_pooling2d": "MaxPooling2D", "average_pooling2d": "AveragePooling2D"}[kind]
    layer = getattr(keras.layers, name)(size, stride, padding, dtype="float64")
    shape = (rng.integers(1, 4), *rng.integers(4, 10, 2), rng.integers(1, 5))
    samples = rng.normal(size=shape) - 3  # a filler of 0 would win
    options = {"kind": kind, "poolSize": size, "strides": stride, "padding": padding}
    compare(run, options, layer, samples, rng)


def test_the_first_of_equal_maxima_gets_the_gradient(run):
    network = {"inputs": [2, 2, 1], "layers": [{"kind": "max_pooling2d"}]}
    found = run(PASS, network, [], [1, 5, 5, 5], [4], 1, True)
    assert found["outputs"] == [5]
    assert found["gradInputs"] == [0, 2 * (5 - 4), 0, 0]


@pytest.mark.parametrize("training", [False, True])
@pytest.mark.parametrize("shape", [(6, 5), (3, 4, 5, 2)])
def test_batch_normalization_is_keras(run, shape, training):
    keras = pytest.importorskip("keras")
    rng = np.random.default_rng(1)
    layer = keras.layers.BatchNormalization(dtype="float64")
    options = {"kind": "batch_normalization"}
    samples = rng.normal(2, 3, shape)
    if len(shape) == 2:
        samples = samples.reshape(shape[0], 1, 1, shape[1])
    found = compare(run, options, layer, samples, rng, training)
    moving = np.concatenate([layer.moving_mean, layer.moving_variance])
    np.testing.assert_allclose(found["moving"], moving, rtol=1e-6)


def test_dropout_drops_its_share_and_only_while_training(run):
    network = {"inputs": [100, 100, 1], "layers": [{"kind": "dropout", "rate": 0.25, "seed": 3}]}
    samples = np.ones(10_000).tolist()
    trained = run(PASS, network, [], samples, [0] * 10_000, 1, True)
    assert set(trained["outputs"]) == {0, 1 / 0.75}
    # 2500 expected, with a deviation of sqrt(10000 · 0.25 · 0.75) = 43
    assert abs(trained["outputs"].count(0) - 2500) < 5 * 43
    outputs = np.array(trained["outputs"])
    np.testing.assert_allclose(trained["gradInputs"], 2 * outputs / 10_000 * outputs, rtol=1e-12)
    assert run(PASS, network, [], samples, samples, 1, True)["outputs"] == trained["outputs"]
    assert run(PASS, network, [], samples, samples, 1, False)["outputs"] == samples


def test_a_small_cnn_learns_to_read_digits(run):
    digits = load_digits()
    order = np.random.default_rng(0).permutation(len(digits.target))
    images, labels = digits.images[order] / 16, digits.target[order]
    arguments = [images.ravel().tolist(), np.eye(10)[labels].ravel().tolist(), labels.tolist()]
    accuracy = run(TRAIN, *arguments, 1400)

    assert accuracy >= 0.9
