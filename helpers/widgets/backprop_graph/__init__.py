"""BackpropGraph: a computation graph, forward node by node, and backward by the chain rule."""

import math
from numbers import Real

import traitlets

from helpers.widgets.backprop_graph.numbers import GRAPHS, NUMBERS, start_values
from helpers.widgets.base import Widget
from helpers.widgets.traits import Answer, Step


class BackpropGraph(Widget):
    """Step forward through a computation graph, and back: every derivative written out.

    Attributes
    ----------
    graph : {"neuron", "two_layer", "convolution", "softmax"}
        One neuron with two inputs; a network 1–2–1; a 1-D convolution with the kernel inside; three
        scores with softmax and cross-entropy. All but the last end in a mean squared error.
    values : dict of str to float
        Numbers for some of what goes in, by name: ``{"w1": 2}``. `leaves` lists the names.
    activation : {"sigmoid", "tanh", "relu"}
        Of the neuron, and of the two hidden neurons.
    signal_size, kernel_size : int
        Cells of the convolution's x, 1 to 6, and w, 1 to 4.
    step : int
        0 for the inputs alone; then each step computes the value of one node, and after the loss
        the gradient of one node.
    answer : {"shown", "hidden"}
        "hidden" asks the reader to find each gradient before it is revealed.

    Raises
    ------
    traitlets.TraitError
        If the values do not fit the graph; the message says what would.

    Examples
    --------
    >>> widget = BackpropGraph(graph="convolution")
    >>> [widget.node_values[name] for name in ("y0", "y1", "y2")]
    [1.0, 3.0, 5.0]
    >>> [round(widget.gradients[name], 9) for name in ("w0", "w1", "w2")]
    [8.0, 6.0, 4.0]
    """

    module = "backprop_graph"
    heights = (863, 706)
    fallback = (
        "A computation graph has a number in every node. Going forward, each node is computed from "
        "those before it, up to the loss L. Going backward, each node gets the gradient of L: for "
        "every way on, the gradient that arrives times the local derivative, all ways added. "
        "Run this cell in a notebook, or open the book in a browser, to step through it."
    )
    parts = (
        "graph", "activation", "sizes", "slider", "reset", "predict", "check", "table", "playback",
    )  # fmt: skip
    facts = {
        "loss": lambda widget: widget.node_values["L"],
        "grad_w1": lambda widget: widget.gradients.get("w1"),
        "grad_w2": lambda widget: widget.gradients.get("w2"),
        "grad_b": lambda widget: widget.gradients.get("b"),
    }

    graph = traitlets.Enum(GRAPHS, "neuron").tag(sync=True)
    values = traitlets.Dict(key_trait=traitlets.Unicode()).tag(sync=True)
    activation = traitlets.Enum(["sigmoid", "tanh", "relu"], "sigmoid").tag(sync=True)
    signal_size = traitlets.Int(5, min=1, max=6).tag(sync=True)
    kernel_size = traitlets.Int(3, min=1, max=4).tag(sync=True)
    step = Step().tag(sync=True)
    answer = Answer().tag(sync=True)

    @traitlets.validate("graph", "values", "signal_size", "kernel_size")
    def _fitting(self, proposal):
        name, value = proposal.trait.name, proposal.value
        if name == "values":
            value = {leaf: _as_number(leaf, number) for leaf, number in value.items()}
        try:
            self._leaves(**{name: value})
        except ValueError as problem:
            raise traitlets.TraitError(str(problem)) from None
        return value

    def _leaves(self, **changes):
        names = ["graph", "values", "signal_size", "kernel_size"]
        state = {name: getattr(self, name) for name in names} | changes
        graph, values, signal_size, kernel_size = state.values()
        if graph == "convolution" and kernel_size > signal_size:
            raise ValueError(
                f"kernel_size={kernel_size} does not fit inside signal_size={signal_size}: "
                f"use a kernel of at most {signal_size}, or a longer signal"
            )
        leaves = start_values(graph, signal_size, kernel_size)
        unknown = [name for name in values if name not in leaves]
        if unknown:
            raise ValueError(
                f"values names {', '.join(unknown)}, but the graph {graph!r} has the inputs "
                f"{', '.join(leaves)}: use those, or values={{}}"
            )
        limit = 10 if graph == "softmax" else 100
        for name, value in values.items():
            if abs(value) > limit:
                raise ValueError(
                    f"values has {name}={value:g}: use numbers from {-limit} to {limit}"
                )
        leaves |= values
        targets = [leaves[name] for name in ("y1", "y2", "y3") if graph == "softmax"]
        if targets and (min(targets) < 0 or not math.isclose(sum(targets), 1, abs_tol=1e-9)):
            raise ValueError(
                f"the targets y1={targets[0]:g}, y2={targets[1]:g}, y3={targets[2]:g} are no "
                "probabilities: use numbers of at least 0 that add up to 1, such as "
                "values={'y1': 1, 'y2': 0}"
            )
        return leaves

    @property
    def leaves(self):
        """What goes in, by name, with the numbers of `values` where it has some."""
        return self._leaves()

    def _numbers(self):
        return NUMBERS[self.graph](self.leaves, self.activation)

    @property
    def node_values(self):
        """The value of every node, by name, the leaves included."""
        return self.leaves | self._numbers()[0]

    @property
    def gradients(self):
        """The gradient of L with respect to every node but the targets, by name."""
        return self._numbers()[1]


def _as_number(name, value):
    """Return a finite float, or say what is wrong with it."""
    if isinstance(value, bool) or not isinstance(value, Real):
        raise traitlets.TraitError(f"values has {name}={value!r}: use a number")
    if not math.isfinite(value):
        raise traitlets.TraitError(f"values has {name}={value!r}: use a finite number")
    return float(value)
