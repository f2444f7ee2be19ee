"""The Python side of BackpropGraph: numbers as by GradientTape, and what its traits refuse."""

import re

import numpy as np
import pytest
from traitlets import TraitError

from helpers.widgets import BackpropGraph

GRAPHS = ["neuron", "two_layer", "convolution", "softmax"]
TARGETS = {"neuron": "y", "two_layer": "y", "convolution": r"t\d", "softmax": r"y\d"}


def random_values(graph, rng, **sizes):
    """Numbers for all leaves of a graph; the targets of softmax are probabilities."""
    names = BackpropGraph(graph=graph, **sizes).leaves
    values = {name: float(rng.normal()) for name in names}
    if graph == "softmax":
        shares = rng.dirichlet([1, 1, 1])
        values |= {f"y{k + 1}": float(share) for k, share in enumerate(shares)}
        values["y3"] = 1 - values["y1"] - values["y2"]
    return values


def test_one_neuron_by_hand():
    widget = BackpropGraph()
    values, gradients = widget.node_values, widget.gradients
    assert values["z"] == pytest.approx(0.5 * 2 + (-0.4) * 3 + 0.6)
    a = 1 / (1 + np.exp(-0.4))
    assert values["a"] == pytest.approx(a)
    assert values["L"] == pytest.approx((a - 1) ** 2)
    delta = 2 * (a - 1) * a * (1 - a)
    assert gradients["z"] == pytest.approx(delta)
    assert gradients["w2"] == pytest.approx(3 * delta)
    assert gradients["x2"] == pytest.approx(-0.4 * delta)


def test_the_sources_convolution_by_hand():
    widget = BackpropGraph(graph="convolution")
    values, gradients = widget.node_values, widget.gradients
    assert [values[name] for name in ("y0", "y1", "y2")] == [1, 3, 5]
    # 2/3 of what is over the targets 2.5, 0 and 3.5.
    expected = {"y0": -1, "y1": 2, "y2": 1}
    # w0 weighs x2, x3 and x4 in turn, w2 weighs x0, x1 and x2.
    expected |= {"w0": -2 + 2 * 3 + 4, "w1": -1 + 2 * 2 + 3, "w2": 0 + 2 * 1 + 2}
    # x2 goes into y0 with w0, into y1 with w1, into y2 with w2.
    expected |= {"x0": 2 * -1, "x2": 1 * -1 + -1 * 2 + 2 * 1, "x4": 1 * 1}
    for name, gradient in expected.items():
        assert gradients[name] == pytest.approx(gradient), name


def test_softmax_ends_in_p_minus_y():
    rng = np.random.default_rng(3)
    widget = BackpropGraph(graph="softmax", values=random_values("softmax", rng))
    values, gradients = widget.node_values, widget.gradients
    for k in "123":
        assert gradients[f"z{k}"] == pytest.approx(values[f"p{k}"] - values[f"y{k}"])


def forward(graph, v, activation):
    """Add the nodes to the leaves, each as TensorFlow computes it from those before."""
    import tensorflow as tf

    f = {"sigmoid": tf.sigmoid, "tanh": tf.tanh, "relu": tf.nn.relu}[activation]
    if graph == "neuron":
        v["s1"], v["s2"] = v["w1"] * v["x1"], v["w2"] * v["x2"]
        v["z"] = v["s1"] + v["s2"] + v["b"]
        v["a"] = f(v["z"])
        v["L"] = tf.square(v["a"] - v["y"])
    elif graph == "two_layer":
        for k in "12":
            v[f"z{k}"] = v[f"w{k}"] * v["x"] + v[f"b{k}"]
            v[f"a{k}"] = f(v[f"z{k}"])
        v["yhat"] = v["v1"] * v["a1"] + v["v2"] * v["a2"] + v["c"]
        v["L"] = tf.square(v["yhat"] - v["y"])
    elif graph == "convolution":
        sizes = {letter: sum(name[0] == letter for name in v) for letter in "xwt"}
        for n in range(sizes["t"]):
            last = n + sizes["w"] - 1
            v[f"y{n}"] = tf.add_n([v[f"w{k}"] * v[f"x{last - k}"] for k in range(sizes["w"])])
        squares = [tf.square(v[f"y{n}"] - v[f"t{n}"]) for n in range(sizes["t"])]
        v["L"] = tf.reduce_mean(squares)
    else:
        for k in "123":
            v[f"e{k}"] = tf.exp(v[f"z{k}"])
        v["S"] = v["e1"] + v["e2"] + v["e3"]
        for k in "123":
            v[f"p{k}"] = v[f"e{k}"] / v["S"]
        v["L"] = -tf.add_n([v[f"y{k}"] * tf.math.log(v[f"p{k}"]) for k in "123"])


@pytest.mark.parametrize(
    ("graph", "state"),
    [
        *(("neuron", {"activation": f}) for f in ("sigmoid", "tanh", "relu")),
        *(("two_layer", {"activation": f}) for f in ("sigmoid", "tanh", "relu")),
        *(
            ("convolution", {"signal_size": n, "kernel_size": k})
            for n, k in [(5, 3), (6, 4), (6, 1), (4, 4), (1, 1), (6, 2)]
        ),
        ("softmax", {}),
    ],
)
def test_values_and_gradients_are_those_of_gradient_tape(graph, state):
    import tensorflow as tf

    rng = np.random.default_rng(5)
    for _ in range(3):
        values = random_values(
            graph, rng, **{name: size for name, size in state.items() if name != "activation"}
        )
        widget = BackpropGraph(graph=graph, values=values, **state)
        nodes = {name: tf.Variable(value, dtype=tf.float64) for name, value in values.items()}
        with tf.GradientTape() as tape:
            forward(graph, nodes, widget.activation)
        names = list(widget.gradients)
        targets = {name for name in values if re.fullmatch(TARGETS[graph], name)}
        assert set(names) == set(nodes) - targets
        gradients = tape.gradient(nodes["L"], [nodes[name] for name in names])
        for name, gradient in zip(names, gradients, strict=True):
            assert widget.gradients[name] == pytest.approx(float(gradient), abs=1e-12), name
        for name, value in nodes.items():
            assert widget.node_values[name] == pytest.approx(float(value), abs=1e-12), name


@pytest.mark.parametrize(
    ("state", "words"),
    [
        ({"values": {"w9": 1}}, "values names w9, but the graph 'neuron' has the inputs x1, w1"),
        ({"graph": "softmax", "values": {"x": 1}}, "has the inputs z1, z2, z3, y1, y2, y3"),
        ({"values": {"w1": "two"}}, "values has w1='two': use a number"),
        ({"values": {"w1": True}}, "values has w1=True: use a number"),
        ({"values": {"w1": float("nan")}}, "values has w1=nan: use a finite number"),
        ({"values": {"w1": 101}}, "values has w1=101: use numbers from -100 to 100"),
        ({"graph": "softmax", "values": {"z1": 11}}, "use numbers from -10 to 10"),
        (
            {"graph": "softmax", "values": {"y1": 1}},
            "the targets y1=1, y2=1, y3=0 are no probabilities",
        ),
        ({"graph": "softmax", "values": {"y1": 2, "y2": 0, "y3": -1}}, "are no probabilities"),
        (
            {"graph": "convolution", "signal_size": 2},
            "kernel_size=3 does not fit inside signal_size=2: use a kernel of at most 2",
        ),
        ({"signal_size": 7}, "signal_size"),
        ({"kernel_size": 0}, "kernel_size"),
        ({"graph": "circle"}, "graph"),
        ({"activation": "step"}, "activation"),
        ({"step": -1}, "step"),
        ({"answer": "maybe"}, "answer"),
        ({"hide": ["nodes"]}, "names no part of BackpropGraph"),
        ({"weights": [1]}, "BackpropGraph has no state named weights"),
    ],
)
def test_what_does_not_fit_is_refused(state, words):
    with pytest.raises((TraitError, TypeError), match=re.escape(words)):
        BackpropGraph(**state)


def test_a_refused_change_leaves_everything_as_it_was():
    widget = BackpropGraph(values={"w1": 2})
    with pytest.raises(TraitError, match="has the inputs z1"):
        widget.graph = "softmax"
    assert widget.graph == "neuron"
    assert widget.node_values["s1"] == 4
    with widget.hold_trait_notifications():
        widget.graph, widget.values = "softmax", {"z1": np.float64(0.5)}
    assert widget.leaves["z1"] == 0.5
    assert type(widget.values["z1"]) is float


@pytest.mark.parametrize("graph", GRAPHS)
def test_the_static_form_has_text_and_state(graph):
    form = BackpropGraph(graph=graph, values={})._repr_mimebundle_()[0]["text/html"]
    assert f'"graph": "{graph}"' in form
    assert "the gradient that arrives times the local derivative" in form
