"""Layers one after the other: together again a function with parameters, and a gradient.

This is what a network is before anybody says how to train it. `helpers.network.Sequential` adds
the loss, the optimiser and the data.
"""

from helpers.arguments import as_list, as_numbers, as_rng
from helpers.layers import Input
from helpers.layers.base import Layer, as_dtype, as_shape, set_arrays
from helpers.limits import told, unchanged_if_refused


class Stack:
    """A list of layers, each fed with the outputs of the one before.

    Parameters
    ----------
    layers, name, dtype, seed
        As in `helpers.network.Sequential`.
    """

    def __init__(self, layers, name, *, dtype, seed):
        if not isinstance(name, str):
            raise TypeError(f"name={told(name)} does not fit: use a text")
        self.name, self.dtype = name, as_dtype(dtype)
        self.rng = as_rng(seed)
        self.layers, self.input_shape = [], None
        for layer in as_list("layers", layers, "a list of layers, [Dense(3)]"):
            self.add(layer)

    def add(self, layer):
        """Put one more layer at the end."""
        if isinstance(layer, Input):
            if self.layers or self.input_shape is not None:
                raise ValueError(f"{layer} is not the first entry: put it before all layers")
            self.input_shape = (None, *layer.shape)
            return
        if not isinstance(layer, Layer):
            raise TypeError(f"{told(layer)} is no layer: use an object such as Dense(3)")
        if any(layer is other for other in self.layers):
            raise ValueError(f"the layer {layer.name!r} is in the network already: make another")
        names = [other.name for other in self.layers]
        if layer.name in names:
            numbers = (n for n in range(1, len(names) + 1) if f"{layer.name}_{n}" not in names)
            layer.name = f"{layer.name}_{next(numbers)}"
        self.layers.append(layer)
        if self.input_shape is not None:
            try:
                self.build(self.input_shape)
            except BaseException:
                self.layers.pop()
                raise

    def build(self, input_shape):
        """Draw the parameters of all layers for inputs of shape (None, ...)."""
        self._refuse_without_layers()
        shape = as_shape(input_shape)
        with unchanged_if_refused(self, *self.layers):
            self.input_shape = shape
            for layer in self.layers:
                if not layer.built:
                    layer.dtype, layer.rng = layer.dtype or self.dtype, layer.rng or self.rng
                    layer.build(shape)
                shape = layer.output_shape

    def _refuse_without_layers(self):
        if not self.layers:
            raise ValueError("the network has no layers: add one, such as Dense(3)")

    @property
    def built(self):
        """Whether the shapes are known and the parameters of all layers drawn."""
        return bool(self.layers) and all(layer.built for layer in self.layers)

    @property
    def output_shape(self):
        """The shape of a batch of outputs, with None for the number of samples."""
        self._refuse_without_layers()
        return self.layers[-1].output_shape

    @property
    def parameters(self):
        """The parameters of all layers, from the first to the last."""
        return [array for layer in self.layers for array in layer.parameters]

    @property
    def gradients(self):
        """The gradients of all layers, in the order of `parameters`."""
        return [array for layer in self.layers for array in layer.gradients]

    def get_weights(self):
        """Return copies of all weights; `set_weights` of the same Keras network takes them.

        These are the parameters and the state (running means), layer by layer.
        """
        return [array for layer in self.layers for array in layer.get_weights()]

    def set_weights(self, weights):
        """Copy these arrays into the weights; `get_weights` of the same Keras network fits."""
        held = [array for layer in self.layers for array in (*layer.parameters, *layer.state)]
        set_arrays(held, weights, f"the network {self.name!r}")

    def count_params(self):
        """Return how many numbers all layers hold, those of their states included."""
        return sum(layer.count_params() for layer in self.layers)

    def forward(self, inputs, training=False):
        """Return the outputs: a⁽ⁱ⁾ = fᵢ(a⁽ⁱ⁻¹⁾) from the first layer to the last."""
        outputs = as_numbers("inputs", inputs)
        if not self.built:
            self.build(outputs.shape)
        for layer in self.layers:
            outputs = layer.forward(outputs, training=training)
        return outputs

    def __call__(self, inputs, training=False):
        """Do the same as `forward`, as in Keras."""
        return self.forward(inputs, training=training)

    def backward(self, grad_output, *, is_pre_activation=False):
        """Return the gradient for the inputs, and leave those of the parameters in the layers.

        Each layer turns the gradient for its outputs into the gradient for its inputs, and these
        are the outputs of the layer before.

        Parameters
        ----------
        grad_output : ndarray of the shape of the last outputs
            ∂L/∂a of the last layer.
        is_pre_activation : bool
            Whether it is ∂L/∂z instead, so that the last activation is done already.
        """
        self._refuse_without_layers()
        *others, last = self.layers
        if is_pre_activation and not hasattr(last, "backward_pre_activation"):
            raise ValueError(f"the layer {last.name!r} has no activation: give ∂L/∂a")
        grad = (last.backward_pre_activation if is_pre_activation else last.backward)(grad_output)
        for layer in reversed(others):
            grad = layer.backward(grad)
        return grad

    def summary(self):
        """Print a table of the layers, their output shapes and their numbers of parameters."""
        if not self.built:
            raise ValueError(
                "the network is not built yet, so its shapes are unknown: start it with "
                "Input((features,)), or call build((None, features))"
            )
        rows = [("Layer (type)", "Output Shape", "Param #")]
        for layer in self.layers:
            kind, shape = f"{layer.name} ({type(layer).__name__})", str(layer.output_shape)
            rows.append((kind, shape, f"{layer.count_params():,}"))
        a, b, c = (max(map(len, column)) for column in zip(*rows, strict=True))
        lines = [f"{kind:{a}}  {shape:{b}}  {count:>{c}}" for kind, shape, count in rows]
        lines.insert(1, "─" * len(lines[0]))
        totals = [f"Total params: {self.count_params():,}"]
        fixed = sum(array.size for layer in self.layers for array in layer.state)
        if fixed:
            totals.append(f"Trainable params: {self.count_params() - fixed:,}")
            totals.append(f"Non-trainable params: {fixed:,}")
        print("\n".join([f'Model: "{self.name}"', *lines, lines[1], *totals]))
