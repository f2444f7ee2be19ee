"""The network in JavaScript does what the one in Python does, number for number."""

import itertools
import json
from pathlib import Path

import numpy as np
import pytest

from helpers.layers import Dense
from helpers.losses import CategoricalCrossentropy, MeanSquaredError
from helpers.optimizers import SGD, Adam, RMSprop

CASES = json.loads((Path(__file__).parents[1] / "cases" / "network.json").read_text("utf-8"))
LOSSES = {
    "mean_squared_error": MeanSquaredError,
    "categorical_crossentropy": lambda: CategoricalCrossentropy(from_logits=True),
}
ACTIVATIONS = ["linear", "sigmoid", "tanh", "relu", "softmax"]
# Both languages compute in 64 bits; exp and tanh may differ in the last one.
TIGHT = {"rel": 1e-9, "abs": 1e-12}

# Makes a network, gives it weights, and returns every number of one forward and backward pass.
PASS = """(options, parameters, samples, targets, count) => {
    const network = m.createNetwork(options);
    network.parameters.set(parameters);
    network.forward(Float64Array.from(samples), count);
    const loss = network.loss(Float64Array.from(targets));
    network.backward(Float64Array.from(targets));
    const names = ["preActivations", "activations", "deltas", "gradWeights", "gradBiases"];
    return {
        loss,
        gradients: [...network.gradients],
        layers: network.layers.map((layer) =>
            Object.fromEntries(names.map((name) => [name, [...layer[name]]]))),
    };
}"""

TRAIN = """(options, parameters, name, settings, samples, targets, count, steps) => {
    const network = m.createNetwork(options);
    network.parameters.set(parameters);
    const optimizer = m.createOptimizer(name, parameters.length, settings);
    [samples, targets] = [Float64Array.from(samples), Float64Array.from(targets)];
    const losses = [];
    for (let step = 0; step < steps; step++) {
        network.forward(samples, count);
        losses.push(network.loss(targets));
        network.backward(targets);
        optimizer.update(network.parameters, network.gradients);
    }
    const outputs = [...network.forward(samples, count)];
    return { losses, outputs, parameters: [...network.parameters] };
}"""


@pytest.fixture(scope="module")
def run(browser, link_modules):
    """Run a function in the browser, on plain values; ``m`` has what the modules export."""
    page = browser.new_page()
    link_modules(page, *(f"arithmetic/{name}.mjs" for name in [
        "network", "optimizers", "activations", "random", "toy_data", "surfaces",
    ]))  # fmt: skip
    yield lambda script, *arguments: page.evaluate(f"(a) => ({script})(...a)", list(arguments))
    page.close()


class Reference:
    """A stack of dense layers in Python, with the parameters as one flat array."""

    def __init__(self, widths, activations, loss, parameters):
        self.layers = [
            Dense(units, activation)
            for units, activation in zip(widths[1:], activations, strict=True)
        ]
        self.loss = LOSSES[loss]()
        for layer, inputs in zip(self.layers, widths[:-1], strict=True):
            layer.build((None, inputs))
        taken = 0
        for array in self.parameters:
            array[...] = np.reshape(parameters[taken : taken + array.size], array.shape)
            taken += array.size
        assert taken == len(parameters)

    @property
    def parameters(self):
        return [array for layer in self.layers for array in layer.parameters]

    @property
    def gradients(self):
        return [array for layer in self.layers for array in layer.gradients]

    def forward(self, samples, targets):
        for layer in self.layers:
            samples = layer.forward(samples)
        last = self.layers[-1]
        is_joint = isinstance(self.loss, CategoricalCrossentropy)
        return self.loss.forward(targets, last.pre_activation if is_joint else samples)

    def backward(self):
        """Go back through all layers and return their deltas, the first layer's first."""
        grad = self.loss.backward()
        deltas = []
        for layer in reversed(self.layers):
            is_joint = not deltas and isinstance(self.loss, CategoricalCrossentropy)
            delta = grad if is_joint else layer.activation.backward(grad)
            grad = layer.backward_pre_activation(delta)
            deltas.insert(0, delta)
        return deltas


def flat(arrays):
    return np.concatenate([np.ravel(array) for array in arrays])


def parameter_count(widths):
    return sum((inputs + 1) * units for inputs, units in itertools.pairwise(widths))


def options_of(widths, activations, loss):
    """Return what `createNetwork` takes."""
    layers = [
        {"units": units, "activation": activation}
        for units, activation in zip(widths[1:], activations, strict=True)
    ]
    return {"inputs": widths[0], "layers": layers, "loss": loss}


def random_problem(rng):
    """Draw an architecture, its parameters and a batch."""
    widths = rng.integers(1, 7, rng.integers(2, 6)).tolist()
    loss = str(rng.choice(list(LOSSES)))
    activations = rng.choice(ACTIVATIONS, len(widths) - 1).tolist()
    if loss == "categorical_crossentropy":
        activations[-1] = "softmax"
    for layer, activation in enumerate(activations):
        if activation == "softmax":
            widths[layer + 1] += 1
    count = int(rng.integers(1, 9))
    options = options_of(widths, activations, loss)
    samples = rng.normal(size=(count, widths[0]))
    targets = rng.normal(size=(count, widths[-1]))
    if loss == "categorical_crossentropy":
        targets = rng.dirichlet(np.ones(widths[-1]), count)
    parameters = rng.normal(size=parameter_count(widths))
    return options, widths, activations, loss, parameters, samples, targets


def arguments_of(options, parameters, samples, targets):
    return options, parameters.tolist(), samples.ravel().tolist(), targets.ravel().tolist()


def test_one_pass_worked_by_hand(run):
    options = {"inputs": 2, "layers": [{"units": 1, "activation": "relu"}, {"units": 1}]}
    # z = 1·2 + 3·(−1) + 4 = 3, a = 3; output 5·3 + 6 = 21; loss (21 − 20)² = 1
    result = run(PASS, options, [2, -1, 4, 5, 6], [1, 3], [20], 1)
    hidden, output = result["layers"]
    assert (hidden["preActivations"], hidden["activations"]) == ([3], [3])
    assert output["activations"] == [21]
    assert result["loss"] == 1
    # 2·(21 − 20) = 2; back through the weight 5: 10; times the inputs 1 and 3
    assert output["deltas"] == [2]
    assert (output["gradWeights"], output["gradBiases"]) == ([6], [2])
    assert hidden["deltas"] == [10]
    assert (hidden["gradWeights"], hidden["gradBiases"]) == ([10, 30], [10])
    assert result["gradients"] == [10, 30, 10, 6, 2]


def test_random_networks_agree_with_python(run):
    rng = np.random.default_rng(1)
    kinds = set()
    for _ in range(200):
        options, widths, activations, loss, parameters, samples, targets = random_problem(rng)
        reference = Reference(widths, activations, loss, parameters)
        expected = reference.forward(samples, targets)
        deltas = reference.backward()
        result = run(PASS, *arguments_of(options, parameters, samples, targets), len(samples))
        assert result["loss"] == pytest.approx(expected, **TIGHT)
        assert result["gradients"] == pytest.approx(flat(reference.gradients), **TIGHT)
        for layer, delta, found in zip(reference.layers, deltas, result["layers"], strict=True):
            assert found["preActivations"] == pytest.approx(layer.pre_activation.ravel(), **TIGHT)
            assert found["activations"] == pytest.approx(layer.outputs.ravel(), **TIGHT)
            assert found["deltas"] == pytest.approx(delta.ravel(), **TIGHT)
            assert found["gradWeights"] == pytest.approx(layer.grad_kernel.ravel(), **TIGHT)
            assert found["gradBiases"] == pytest.approx(layer.grad_bias, **TIGHT)
        kinds.update((activation, loss) for activation in activations)
    assert len(kinds) == len(ACTIVATIONS) * len(LOSSES)


def in_javascript(settings):
    """Return Keras's names of settings as the JavaScript has them: beta_1 is beta1."""
    words = {name: name.split("_") for name in settings}
    return {a + "".join(map(str.title, b)): settings["_".join([a, *b])] for a, *b in words.values()}


@pytest.mark.parametrize("case", CASES, ids=lambda case: case["name"])
def test_shared_case(run, case):
    layers, parameters = [], []
    for layer in case["layers"]:
        if layer["kind"] != "dense":
            layers[-1]["activation"] = layer["kind"]
            continue
        has_bias = layer["bias"] is not None
        layers.append({"units": len(layer["kernel"][0]), "bias": 0 if has_bias else None})
        parameters += [layer["kernel"], layer["bias"] or []]
    options = {"inputs": len(case["inputs"][0]), "layers": layers, "loss": case["loss"]}
    settings = in_javascript(case["optimizer"])
    name = settings.pop("kind")
    data = [flat(case[kind]).tolist() for kind in ("inputs", "targets")]
    steps = case["steps"]
    result = run(
        TRAIN, options, flat(parameters).tolist(), name, settings, *data, len(case["inputs"]), steps
    )
    expect = case["expect"]
    both = zip(expect["kernels"], expect["biases"], strict=True)
    weights = flat([array for kernel, bias in both for array in (kernel, bias or [])])
    assert result["losses"] == pytest.approx(expect["losses"], **TIGHT)
    assert result["outputs"] == pytest.approx(flat(expect["outputs"]), **TIGHT)
    assert result["parameters"] == pytest.approx(weights, **TIGHT)


@pytest.mark.parametrize(
    ("name", "kind", "settings"),
    [
        ("sgd", SGD, {"learning_rate": 0.1}),
        ("sgd", SGD, {"learning_rate": 0.05, "momentum": 0.9}),
        # Not 0.01: near the minimum RMSprop then jumps from side to side, and a start that differs
        # in the last bit ends 4e-5 away, in Python alone.
        ("rmsprop", RMSprop, {"learning_rate": 0.002}),
        ("rmsprop", RMSprop, {"learning_rate": 0.01, "rho": 0.5, "momentum": 0.5, "epsilon": 0.1}),
        ("adam", Adam, {"learning_rate": 0.01}),
        ("adam", Adam, {"learning_rate": 0.02, "beta_1": 0.5, "beta_2": 0.8, "epsilon": 0.1}),
        ("sgd", SGD, {"learning_rate": 0.05, "momentum": 0.9, "nesterov": True}),
        ("sgd", SGD, {}),
        ("rmsprop", RMSprop, {}),
        ("adam", Adam, {}),
    ],
)
@pytest.mark.parametrize("loss", LOSSES)
def test_training_agrees_with_python(run, name, kind, settings, loss):
    rng = np.random.default_rng(2)
    widths = [2, 8, 8, 2]
    activations = ["tanh", "sigmoid", "softmax" if loss.startswith("categorical") else "linear"]
    options = options_of(widths, activations, loss)
    start = rng.normal(size=parameter_count(widths))
    samples = rng.normal(size=(16, 2))
    targets = np.eye(2)[rng.integers(0, 2, 16)]
    reference = Reference(widths, activations, loss, start)
    optimizer = kind(**settings)
    for _ in range(100):
        reference.forward(samples, targets)
        reference.backward()
        optimizer.apply(reference.gradients, reference.parameters)
    options, parameters, *data = arguments_of(options, start, samples, targets)
    result = run(
        TRAIN, options, parameters, name, in_javascript(settings), *data, len(samples), 100
    )
    found = result["parameters"]
    difference = np.abs(flat(reference.parameters) - found).max()
    print(f"{name} {settings} {loss}: {difference:.1e} after 100 steps")
    assert np.abs(found - start).max() > 0.05  # it went somewhere
    assert difference < 1e-10


def test_gradients_are_the_slopes_of_the_loss(run):
    rng = np.random.default_rng(3)
    for _ in range(20):
        options, widths, *_, parameters, samples, targets = random_problem(rng)
        # Away from the corner of ReLU, where the slope on both sides differs.
        for layer in options["layers"]:
            if layer["activation"] == "relu":
                layer["activation"] = "tanh"
        arguments = arguments_of(options, parameters, samples, targets)
        slopes = run(
            """(options, parameters, samples, targets, count) => {
                const network = m.createNetwork(options);
                [samples, targets] = [Float64Array.from(samples), Float64Array.from(targets)];
                return parameters.map((_, i) => {
                    const [up, down] = [1e-5, -1e-5].map((change) => {
                        network.parameters.set(parameters);
                        network.parameters[i] += change;
                        network.forward(samples, count);
                        return network.loss(targets);
                    });
                    return (up - down) / 2e-5;
                });
            }""",
            *arguments,
            len(samples),
        )
        result = run(PASS, *arguments, len(samples))
        assert result["gradients"] == pytest.approx(slopes, rel=1e-5, abs=1e-8)


def test_step_activates_at_zero_and_lets_nothing_back(run):
    layers = [{"units": 3, "activation": "step"}, {"units": 1}]
    parameters = [1, 1, 1, -2, 0, 2, 1, 1, 1, 0]  # sums: 1 − 2, 1 + 0, 1 + 2
    result = run(PASS, {"inputs": 1, "layers": layers}, parameters, [1], [0], 1)
    assert result["layers"][0]["activations"] == [0, 1, 1]
    assert result["layers"][0]["deltas"] == [0, 0, 0]
    zero = run(PASS, {"inputs": 1, "layers": layers}, [0] * 10, [1], [0], 1)
    assert zero["layers"][0]["activations"] == [1, 1, 1]


def test_curve_of_an_activation_is_what_layers_use(run):
    for activation in ["linear", "step", "sigmoid", "tanh", "relu"]:
        sums = [-40.0, -1.5, -0.25, 0.0, 0.25, 1.5, 40.0]
        values, slopes, in_layer, deltas = run(
            """(activation, sums) => {
                const { value, slope } = m.ACTIVATIONS[activation];
                const z = Float64Array.from(sums), a = new Float64Array(sums.length);
                const deltas = new Float64Array(sums.length);
                m.activate(activation, z, a, sums.length, 1);
                m.throughActivation(activation, z, a, a.map(() => 1), deltas, sums.length, 1);
                return [sums.map(value), sums.map((z) => slope(z)), [...a], [...deltas]];
            }""",
            activation,
            sums,
        )
        assert values == in_layer
        assert slopes == deltas
        if activation != "step":
            layer = Dense(1, activation)
            layer.build((None, 1))
            layer.set_weights([[[1.0]], [0.0]])
            outputs = layer.forward(np.reshape(sums, (-1, 1)))
            assert values == pytest.approx(outputs.ravel(), **TIGHT)
            gradient = layer.activation.backward(np.ones_like(outputs))
            assert slopes == pytest.approx(gradient.ravel(), **TIGHT)


@pytest.mark.parametrize(
    ("scores", "target", "loss", "deltas"),
    [
        # The second probability is e^−2000, which is 0 to a computer; its logarithm is −2000.
        ([1000, -1000], [0, 1], 2000, [1, -1]),
        ([1000, -1000], [1, 0], 0, [0, 0]),
        ([-1e4, -1e4], [1, 0], np.log(2), [-0.5, 0.5]),
        ([800, 800], [0.5, 0.5], np.log(2), [0, 0]),
    ],
)
def test_crossentropy_of_extreme_scores(run, scores, target, loss, deltas):
    layers = [{"units": 2, "activation": "softmax"}]
    options = {"inputs": 2, "layers": layers, "loss": "categorical_crossentropy"}
    result = run(PASS, options, [1, 0, 0, 1, 0, 0], scores, target, 1)
    assert result["loss"] == pytest.approx(loss, **TIGHT)
    assert result["layers"][0]["deltas"] == pytest.approx(deltas, **TIGHT)


@pytest.mark.parametrize("activation", [*ACTIVATIONS, "step"])
def test_nan_is_not_hidden(run, activation):
    layers = [{"units": 2, "activation": activation}]
    result = run(PASS, {"inputs": 1, "layers": layers}, [1, 1, 0, 0], [float("nan")], [0, 0], 1)
    assert np.isnan(result["loss"])


def test_batches_of_any_size_after_one_another(run):
    result = run(
        """() => {
            const rng = m.createRandom(1);
            const layers = [{ units: 3, activation: "tanh" }, { units: 2 }];
            const network = m.createNetwork({ inputs: 2, layers, rng });
            const samples = Float64Array.from({ length: 40 }, () => rng.normal());
            const alone = Array.from({ length: 20 }, (_, sample) =>
                [...network.forward(samples.subarray(2 * sample)).slice(0, 2)]).flat();
            const agree = [20, 7, 1, 13].map((count) => {
                const together = network.forward(samples, count);
                return alone.slice(0, 2 * count).every((value, i) => value === together[i]);
            });
            const room = network.predictions;
            network.forward(samples, 20);
            return [agree, network.count, network.predictions === room];
        }"""
    )
    assert result == [[True] * 4, 20, True]


def test_weights_start_as_drawn(run):
    layers = [
        {"units": 40, "activation": "tanh"},
        {"units": 30, "activation": "relu", "initializer": "he_uniform", "bias": -2},
        {"units": 20, "initializer": "random_normal"},
        {"units": 2, "initializer": "zeros"},
    ]
    weights, biases = run(
        """(layers) => {
            const network = m.createNetwork({ inputs: 5, layers, rng: m.createRandom(4) });
            const of = (name) => network.layers.map((layer) => [...layer[name]]);
            return [of("weights"), of("biases")];
        }""",
        layers,
    )
    draws = np.random.RandomState(4)
    glorot, he = np.sqrt(6 / 45), np.sqrt(6 / 40)
    assert weights[0] == pytest.approx(draws.uniform(-glorot, glorot, 5 * 40), **TIGHT)
    assert weights[1] == pytest.approx(draws.uniform(-he, he, 40 * 30), **TIGHT)
    assert weights[2] == pytest.approx(draws.normal(0, 0.05, 30 * 20), **TIGHT)
    assert set(weights[3]) == {0}
    assert [set(values) for values in biases] == [{0}, {-2}, {0}, {0}]


def test_inspecting_a_sample_shows_its_pass_and_changes_no_parameter(run):
    rng = np.random.default_rng(5)
    for _ in range(20):
        options, widths, activations, loss, parameters, samples, targets = random_problem(rng)
        reference = Reference(widths, activations, loss, parameters)
        expected = reference.forward(samples[:1], targets[:1])
        deltas = reference.backward()
        seen, left = run(
            """(options, parameters, sample, target) => {
                const network = m.createNetwork(options);
                network.parameters.set(parameters);
                const seen = m.inspectSample(network, sample, target);
                network.forward(Float64Array.from(sample, (value) => value + 1)); // copies stay
                const plain = (key, value) => (ArrayBuffer.isView(value) ? [...value] : value);
                return [JSON.parse(JSON.stringify(seen, plain)), [...network.parameters]];
            }""",
            options,
            parameters.tolist(),
            samples[0].tolist(),
            targets[0].tolist(),
        )
        assert left == parameters.tolist()
        assert seen["loss"] == pytest.approx(expected, **TIGHT)
        assert seen["prediction"] == pytest.approx(reference.layers[-1].outputs[0], **TIGHT)
        grad_input = deltas[0] @ reference.layers[0].kernel.T
        assert seen["gradInput"] == pytest.approx(grad_input[0], **TIGHT)
        for layer, delta, found in zip(reference.layers, deltas, seen["layers"], strict=True):
            assert found["weights"] == layer.kernel.ravel().tolist()
            assert found["biases"] == layer.bias.tolist()
            assert found["preActivations"] == pytest.approx(layer.pre_activation[0], **TIGHT)
            assert found["activations"] == pytest.approx(layer.outputs[0], **TIGHT)
            assert found["deltas"] == pytest.approx(delta[0], **TIGHT)
            assert found["gradWeights"] == pytest.approx(layer.grad_kernel.ravel(), **TIGHT)
            assert found["gradBiases"] == pytest.approx(layer.grad_bias, **TIGHT)
            if found["slopes"] is None:
                assert found["activation"] == "softmax"
            else:  # δ = dL/da · f′(z)
                product = np.multiply(found["gradActivations"], found["slopes"])
                assert found["deltas"] == pytest.approx(product, **TIGHT)
        joint = loss == "categorical_crossentropy"
        assert (seen["layers"][-1]["gradActivations"] is None) == joint


def test_evaluate_counts_what_is_right(run):
    # The identity network: sample s is right if its larger number stands at its label.
    samples = [[2, 1], [0, 1], [3, 4], [9, 1]]
    labels = [0, 1, 0, 1]
    script = """(units, samples, targets, labels, count) => {
        const network = m.createNetwork({ inputs: units, layers: [{ units }] });
        for (let i = 0; i < units; i++) network.layers[0].weights[i * units + i] = 1;
        [samples, targets] = [Float64Array.from(samples), Float64Array.from(targets)];
        return m.evaluate(network, { inputs: samples, targets, labels, count });
    }"""
    flat_samples = [number for sample in samples for number in sample]
    assert run(script, 2, flat_samples, flat_samples, labels, 4) == {"loss": 0, "accuracy": 0.5}
    assert run(script, 1, [0.2, 0.5, 0.7], [0, 0, 1], [0, 0, 1], 3)["accuracy"] == 2 / 3
    assert run(script, 1, [1], [3], None, 1) == {"loss": 4, "accuracy": None}


SURFACES = """(ranges, size, seed, rows = []) => {
    const rng = m.createRandom(seed);
    const layers = [{ units: 3, activation: "tanh" }, { units: 2, activation: "sigmoid" }];
    const network = m.createNetwork({ inputs: ranges.length, layers, rng });
    const surfaces = m.createSurfaces(network, ranges, size);
    m.paintSurfaces(network, surfaces);
    const whole = surfaces.layers.map((layer) => layer.map((picture) => [...picture]));
    surfaces.layers.forEach((layer) => layer.forEach((picture) => picture.fill(7)));
    m.paintSurfaces(network, surfaces, ...rows);
    const part = surfaces.layers.map((layer) => layer.map((picture) => [...picture]));
    const weights = network.layers.map((layer) => [[...layer.weights], [...layer.biases]]);
    return { whole, part, weights };
}"""


def test_surfaces_show_every_neuron(run):
    result = run(SURFACES, [[-1, 1], [0, 3]], {"rows": 3, "cols": 4}, 6, [1, 2])
    cols, rows = [-0.75, -0.25, 0.25, 0.75], [2.5, 1.5, 0.5]  # middles of cells; up is more
    inputs = np.array([[col, row] for row in rows for col in cols])
    (weights, biases), (last_weights, last_biases) = result["weights"]
    hidden = np.tanh(inputs @ np.reshape(weights, (2, 3)) + biases)
    output = 1 / (1 + np.exp(-(hidden @ np.reshape(last_weights, (3, 2)) + last_biases)))
    for pictures, activations in zip(result["whole"], [hidden, output], strict=True):
        assert np.transpose(pictures) == pytest.approx(activations, rel=1e-6, abs=1e-7)
    for pictures, part in zip(result["whole"], result["part"], strict=True):
        for picture, some in zip(pictures, part, strict=True):
            assert some == [7] * 4 + picture[4:8] + [7] * 4


def test_surfaces_of_one_input_are_curves(run):
    result = run(SURFACES, [[-2, 2]], {"cols": 5}, 7)
    (weights, biases), _ = result["weights"]
    inputs = np.array([[-1.6], [-0.8], [0.0], [0.8], [1.6]])
    hidden = np.tanh(inputs @ np.reshape(weights, (1, 3)) + biases)
    assert np.transpose(result["whole"][0]) == pytest.approx(hidden, rel=1e-6, abs=1e-7)


def test_loss_over_two_parameters(run):
    losses, left = run(
        """() => {
            const network = m.createNetwork({ inputs: 1, layers: [{ units: 1 }] });
            network.parameters.set([5, 6]);
            const [inputs, targets] = [Float64Array.of(1, 2), Float64Array.of(0, 0)];
            const options = { indices: [0, 1], ranges: [[0, 2], [10, 14]], rows: 2, cols: 2 };
            const losses = m.paintLoss(network, { inputs, targets, count: 2 }, options);
            return [[...losses], [...network.parameters]];
        }"""
    )
    # mean of (w + b)² and (2w + b)² for w = 0.5, 1.5 to the right and b = 11, 13 upwards
    expected = [((w + b) ** 2 + (2 * w + b) ** 2) / 2 for b in (13, 11) for w in (0.5, 1.5)]
    assert losses == pytest.approx(expected)
    assert left == [5, 6]


@pytest.mark.parametrize(
    ("options", "sentence"),
    [
        ({"inputs": 0, "layers": [{"units": 1}]}, "with 0 inputs"),
        ({"inputs": 2, "layers": []}, "no layer"),
        ({"inputs": 2, "layers": [{"units": 1.5}]}, "1.5 units"),
        ({"inputs": 2, "layers": [{"units": 1, "activation": "gelu"}]}, "activation gelu: use"),
        ({"inputs": 2, "layers": [{"units": 1, "initializer": "ones"}]}, "initializer ones: use"),
        ({"inputs": 2, "layers": [{"units": 1, "activation": "softmax"}]}, "single unit"),
        ({"inputs": 2, "layers": [{"units": 2}], "loss": "hinge"}, "loss hinge: use"),
        (
            {"inputs": 2, "layers": [{"units": 2}], "loss": "categorical_crossentropy"},
            "the last layer has linear: use softmax",
        ),
    ],
)
def test_options_that_do_not_fit(run, options, sentence):
    with pytest.raises(Exception, match=sentence):
        run("(options) => void m.createNetwork(options)", options)


@pytest.mark.parametrize(
    ("name", "settings", "sentence"),
    [
        ("adagrad", {}, "optimiser adagrad: use sgd, rmsprop, adam"),
        ("sgd", {"rho": 0.9}, "sgd has no rho: it has learningRate, momentum, nesterov"),
        ("sgd", {"learningRate": -1}, "learningRate of -1"),
        ("adam", {"beta1": 1}, "beta1 of 1 does not work: use a number from 0 to below 1"),
    ],
)
def test_settings_that_do_not_fit(run, name, settings, sentence):
    with pytest.raises(Exception, match=sentence):
        run("(name, settings) => void m.createOptimizer(name, 3, settings)", name, settings)


def test_too_few_numbers_for_a_batch(run):
    with pytest.raises(Exception, match="3 samples of 2 numbers need more than 4"):
        run(
            """() => {
                const network = m.createNetwork({ inputs: 2, layers: [{ units: 1 }] });
                network.forward(new Float64Array(4), 3);
            }"""
        )
