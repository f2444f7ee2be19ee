"""Keras code for a stack of layers, and a stack of layers from Keras code.

Code that a reader pastes is read as a text, never run: a syntax tree names the calls, and their
arguments are numbers and words. What cannot be read is named with its line.
"""

import ast

from helpers.architecture.counting import count
from helpers.architecture.kinds import KINDS, POSITIONAL, complete

_SHORT = {"kernel_size", "strides", "pool_size", "dilation_rate"}


def to_keras(layers, input_shape):
    """Return Python code that builds the stack; what it names `model` has the same parameters.

    A stack with shortcuts is written with Keras's functional interface.

    Raises
    ------
    LayerMisfit, TypeError, ValueError
        If the stack does not fit together.

    Examples
    --------
    >>> print(to_keras([{"kind": "Flatten"}, {"kind": "Dense", "units": 10}], (28, 28, 1)))
    import keras
    from keras import layers
    <BLANKLINE>
    model = keras.Sequential(
        [
            keras.Input((28, 28, 1)),
            layers.Flatten(),
            layers.Dense(10),
        ]
    )
    <BLANKLINE>
    """
    count(layers, input_shape)  # refuses what does not fit
    shape = tuple(int(n) for n in input_shape)
    head = "import keras\nfrom keras import layers\n\n"
    if not any(layer["kind"] == "Add" for layer in layers):
        lines = [f"        layers.{_call(layer)},\n" for layer in layers]
        body = f"        keras.Input({shape}),\n{''.join(lines)}"
        return f"{head}model = keras.Sequential(\n    [\n{body}    ]\n)\n"
    used = {layer["shortcut"] for layer in layers if layer["kind"] == "Add"}
    code = f"{head}inputs = x = keras.Input({shape})\n"
    names = {0: "inputs"}
    for number, layer in enumerate(layers, 1):
        if layer["kind"] == "Add":
            code += f"x = layers.Add()([x, {names[layer['shortcut']]}])\n"
        else:
            code += f"x = layers.{_call(layer)}(x)\n"
        if number in used:
            names[number] = f"x{number}"
            code += f"x{number} = x\n"
    return f"{code}model = keras.Model(inputs, x)\n"


def _call(layer):
    """Return a call with the first arguments in order, and the others only where they differ."""
    settings = complete(layer)
    kind = settings.pop("kind")
    defaults = complete({"kind": kind, **{n: settings[n] for n in _needed(kind)}})
    words, in_order = [], True
    for name in [*POSITIONAL.get(kind, ()), *KINDS[kind]]:
        if name not in settings:
            continue
        value = settings.pop(name)
        needed = name in _needed(kind) or name == "pool_size"
        if name == "strides" and "pool_size" in KINDS[kind]:
            if value == complete(layer)["pool_size"]:
                continue
        elif not needed and value == defaults[name]:
            in_order = False
            continue
        text = repr(value[0] if name in _SHORT and value[0] == value[1] else value)
        text = text.replace("'", '"')
        first = in_order and needed
        words.append(text if first else f"{name}={text}")
    return f"{kind}({', '.join(words)})"


def _needed(kind):
    return [name for name, default in KINDS[kind].items() if default is None and name != "strides"]


def from_keras(code):
    """Return (layers, input shape) from Keras code, without running it.

    Reads `keras.Sequential([...])`, `model.add(...)`, and chains such as ``x = layers.Add()([x,
    y])`` of the functional interface, with arguments written as numbers, words, tuples and names
    that the code has set to such. `Input`, `InputLayer` or `input_shape=` give the input.

    Raises
    ------
    ValueError
        If the code is no Python, names a layer or an argument that is unknown here, or computes an
        argument. The message gives the line.

    Examples
    --------
    >>> from_keras("Sequential([Input((8, 8, 1)), Conv2D(4, 3), Flatten(), Dense(10)])")[1]
    (8, 8, 1)
    """
    try:
        tree = ast.parse(code)
    except SyntaxError as problem:
        raise ValueError(f"line {problem.lineno}: this is not Python ({problem.msg})") from None
    except (ValueError, RecursionError, MemoryError, TypeError):
        raise ValueError("this is not Python code that can be read") from None
    reader = _Reader()
    try:
        for statement in tree.body:
            reader.read(statement)
    except RecursionError:
        raise ValueError("the code is nested too deeply to be read") from None
    if not reader.layers:
        raise ValueError("no layer was found: paste a keras.Sequential or a functional model")
    if reader.input_shape is None:
        raise ValueError("the input is missing: add keras.Input((rows, columns, channels))")
    count(reader.layers, reader.input_shape)
    return reader.layers, reader.input_shape


class _Reader:
    """Goes through statements and collects layers in the order in which they are applied."""

    def __init__(self):
        self.layers, self.input_shape = [], None
        self.values = {}  # names set to numbers, words or tuples
        self.places = {}  # names of tensors: after how many layers they are taken

    def read(self, statement):
        if isinstance(statement, ast.Import | ast.ImportFrom):
            return
        if isinstance(statement, ast.Assign) and all(
            isinstance(target, ast.Name) for target in statement.targets
        ):
            self._assign([target.id for target in statement.targets], statement.value)
        elif isinstance(statement, ast.Expr):
            self._expression(statement.value)
        else:
            raise _cannot(statement, "only layers, models and names set to numbers are read")

    def _assign(self, names, value):
        place = self._tensor(value)
        if place is not None:
            self.places |= dict.fromkeys(names, place)
            return
        if _name_of(value) in ("Sequential", "Model"):
            self._expression(value)
            return
        constant = self._constant(value)
        if constant is None:
            raise _cannot(value, "only layers, models and names set to numbers are read")
        self.values |= dict.fromkeys(names, constant)

    def _expression(self, value):
        called = _name_of(value)
        if called == "Sequential":
            listed = value.args[0] if value.args else None
            for keyword in value.keywords:
                listed = keyword.value if keyword.arg == "layers" else listed
            for element in getattr(listed, "elts", []):
                self._layer(element)
        elif called == "add" and isinstance(value, ast.Call) and len(value.args) == 1:
            self._layer(value.args[0])
        elif called in ("Model", "compile", "summary", "build", "fit") or isinstance(
            value, ast.Constant
        ):
            return
        elif self._tensor(value) is None:
            raise _cannot(value, "only layers and models are read")

    def _tensor(self, value):
        """Return after how many layers a tensor is taken; None if the expression is none."""
        if isinstance(value, ast.Name) and value.id in self.places:
            return self.places[value.id]
        if _name_of(value) == "Input":
            self._layer(value)
            return 0
        if isinstance(value, ast.Call) and isinstance(value.func, ast.Call):
            return self._applied(value)
        return None

    def _applied(self, value):
        """Read layer(...)(x) or Add()([x, y])."""
        if len(value.args) != 1:
            raise _cannot(value, "a layer is applied to one tensor, or to a list of them")
        if _name_of(value.func) == "Add":
            listed = getattr(value.args[0], "elts", [])
            places = [self._tensor(element) for element in listed]
            if len(places) != 2 or None in places or max(places) != len(self.layers):
                raise _cannot(value, "Add takes the newest tensor and an earlier one")
            self.layers.append({"kind": "Add", "shortcut": min(places)})
        else:
            place = self._tensor(value.args[0])
            if place is None:
                raise _cannot(value.args[0], "the tensor is not known")
            if place != len(self.layers):
                raise _cannot(value, "branches other than a shortcut with Add are not read")
            self._layer(value.func)
        return len(self.layers)

    def _layer(self, value):
        kind = _name_of(value)
        if not isinstance(value, ast.Call) or kind is None:
            raise _cannot(value, "a layer was expected here")
        if kind in ("Input", "InputLayer"):
            self._input(value)
            return
        aliases = {"ReLU": "relu", "Softmax": "softmax"}
        if kind in aliases and not value.args and not value.keywords:
            self.layers.append({"kind": "Activation", "activation": aliases[kind]})
            return
        kind = {"MaxPool2D": "MaxPooling2D", "AvgPool2D": "AveragePooling2D"}.get(kind, kind)
        kind = {"Convolution2D": "Conv2D"}.get(kind, kind)
        if kind not in KINDS or kind == "Add":
            raise _cannot(value, f"the layer {kind} is not known: use one of {', '.join(KINDS)}")
        layer = {"kind": kind}
        order = POSITIONAL.get(kind, ())
        if len(value.args) > len(order):
            raise _cannot(value, f"{kind} takes fewer arguments in order")
        for name, argument in zip(order, value.args, strict=False):
            layer[name] = self._argument(argument, name)
        for keyword in value.keywords:
            self._keyword(layer, kind, keyword)
        try:
            complete(layer)
        except (TypeError, ValueError) as problem:
            raise ValueError(
                f"line {value.lineno}: {str(problem).removeprefix('layer ')}"
            ) from None
        self.layers.append(layer)

    def _keyword(self, layer, kind, keyword):
        if keyword.arg == "input_shape":
            self.input_shape = self._shape(keyword.value)
        elif keyword.arg in KINDS[kind]:
            layer[keyword.arg] = self._argument(keyword.value, keyword.arg)
        elif keyword.arg not in _HARMLESS:
            raise _cannot(keyword.value, f"{kind}'s {keyword.arg} is not known here")

    def _input(self, value):
        given = list(value.args[:1])
        given += [k.value for k in value.keywords if k.arg in ("shape", "input_shape")]
        if len(given) != 1:
            raise _cannot(value, "the input needs its shape: Input((rows, columns, channels))")
        self.input_shape = self._shape(given[0])

    def _shape(self, value):
        shape = self._argument(value, "shape")
        if not isinstance(shape, tuple) or len(shape) != 3:
            raise _cannot(value, "the input needs (rows, columns, channels)")
        return shape

    def _argument(self, value, name):
        constant = self._constant(value)
        if constant is None and not (isinstance(value, ast.Constant) and value.value is None):
            raise _cannot(value, f"{name} is computed: write it as a number or a word")
        return constant

    def _constant(self, value):
        """Return a number, a word or a tuple of such; None for anything else."""
        if isinstance(value, ast.Name):
            return self.values.get(value.id)
        try:
            found = ast.literal_eval(value)
        except (ValueError, TypeError, SyntaxError, MemoryError, RecursionError):
            return None
        return tuple(found) if isinstance(found, list) else found


#: Arguments that change no shape and no count.
_HARMLESS = (
    "name", "dtype", "kernel_initializer", "bias_initializer", "kernel_regularizer",
    "bias_regularizer", "momentum", "epsilon", "seed", "trainable", "data_format",
)  # fmt: skip


def _name_of(value):
    """Return the last part of what is called: Conv2D for keras.layers.Conv2D(...)."""
    if not isinstance(value, ast.Call):
        return None
    called = value.func
    return getattr(called, "attr", None) or getattr(called, "id", None)


def _cannot(node, reason):
    written = ast.unparse(node)
    shown = written if len(written) <= 60 else f"{written[:57]}..."
    return ValueError(f"line {getattr(node, 'lineno', '?')}: {shown!r} cannot be read: {reason}")
