"""The contract on bad input: whatever is passed, a result or a sentence, and nothing changes.

Every public function and class is called with right arguments but for one or two that cannot be
right. It has to raise ValueError or TypeError by its own `raise`, not by one inside NumPy, with a
message that is short. And what it was called on is as before.
"""

import copy
import inspect
import io
import traceback
import types
from contextlib import redirect_stdout
from pathlib import Path

import numpy as np
import pytest

from helpers import (
    augmentation,
    checks,
    convolution,
    datasets,
    gradients,
    layers,
    limits,
    losses,
    network,
    optimizers,
    regularizers,
    toy_data,
)

HELPERS = Path(limits.__file__).parent
MOST_LETTERS = 700
RNG = np.random.default_rng(3)


class Stranger:
    """An object that is nothing in particular, and hard to write down."""

    def __repr__(self):
        return "stranger " * 1000

    def __array__(self, dtype=None, copy=None):
        raise RuntimeError("no array")


# What fits nowhere
NOTHING = [
    "abc",
    "",
    "x" * 10_000,
    b"bytes",
    {},
    {"a": 1},
    set(),
    object(),
    Stranger(),
    1j,
    len,
    np.array(["a", "b"]),
    np.array([1j, 2]),
    np.array([None, 1]),
    np.array("2020-01-01", "M8[D]"),
    [[1, 2], [3]],
    [None],
    ["1", "2"],
    np.ma.array([1.0, 2.0], mask=[True, False]),
    [[[[[]]]]],
    types.SimpleNamespace(shape=(2, 2)),
    ...,
    NotImplemented,
    lambda *args: None,
]
PAIR = [1, 2]
NO_NUMBER = [*NOTHING, None, PAIR, np.arange(4.0), np.zeros((2, 2, 2, 2)), (1, (2, (3,)))]
NO_COUNT = [*NO_NUMBER, 0, -1, 1.5, float("nan"), float("inf"), True, -(10**30), np.float32(2.5)]
NO_RATE = [*NO_NUMBER, -1, float("nan"), float("inf"), -float("inf"), True, -(10**400), 10**400]
NO_LIST = [value for value in NO_NUMBER if not isinstance(value, list | tuple)]


def without(values, *fine):
    """Return the values but those that would do here."""
    return [value for value in values if not any(value is one for one in fine)]


NO_ARRAY = [
    *[*NOTHING, None, [], np.zeros((0, 3)), range(10**12)],
    np.broadcast_to(1.0, (10**6, 10**6)),
]
NO_SHAPE = [(None, "a"), (None, -1), (None, 1.5), (None, None)]

# What has to be refused for each kind of argument
BAD = {
    "array": NO_ARRAY,
    "ranked": [*NO_ARRAY, np.zeros((2, 2, 2, 2, 2, 2))],
    "bias": without(NO_ARRAY, None),
    "count": NO_COUNT,
    "counts": without(NO_COUNT, PAIR),
    "strides": without(NO_COUNT, PAIR, None),
    "size": [*without(NO_COUNT, PAIR), 10**6, 10**12, 10**300],
    "classes": [*without(NO_COUNT, None), 10**6, 10**12, 10**300],
    "photo size": [*without(NO_COUNT, PAIR, None), 10**6, 10**12, 10**300],
    "texts": [value for value in NO_NUMBER if not isinstance(value, str)],
    "batch": without(NO_COUNT, None),
    "samples": [*NO_COUNT, 10**6, 10**12, 10**300],
    "padding": [*without(NO_NUMBER, PAIR), -1, 1.5, True, 10**9, 10**300, "ful", (1, -1), [1.5, 2]],
    "dilation": [*NO_COUNT, 10**9, 10**300],
    "mode": [*NO_NUMBER, 3, "reflected"],
    "flag": [*NO_NUMBER, 1, 0, "no", "True", 1.0],
    "rate": NO_RATE,
    "seed": [*without(NO_NUMBER, None), -1, 1.5, True, float("nan")],
    "amount": [*without(NO_COUNT, 0), 10**6, 10**300],
    "patience": without(NO_COUNT, 0),
    "rng": [*NO_NUMBER, 3, True],
    "own seed": [*NO_NUMBER, -1, 1.5, True, float("nan")],
    "name": [*NO_NUMBER, 3.5, True],
    "activation": [*without(NO_NUMBER, None), 3, True],
    "verbosity": [*NO_NUMBER, 3.5, 7],
    "text": [v for v in NO_NUMBER if not isinstance(v, str) and v is not None],
    "function": [v for v in NO_NUMBER if not callable(v)],
    "list": [*NO_LIST, 3, True],
    "options": [*without(NO_LIST, None), 3, True],
    "shape": [*NO_LIST, 3, *NO_SHAPE],
    "object": [*NO_NUMBER, 3, True, -1.5],
    "dtype": [*without(NO_NUMBER, None), 3, True, "int32", np.float16, complex],
    "hints": [v for v in NO_LIST if not isinstance(v, dict) and v is not None],
}

X, Y = RNG.normal(size=(6, 3)), np.eye(2)[RNG.integers(0, 2, 6)]
PICTURES = RNG.normal(size=(2, 6, 5, 2))


def call(function, *kinds, **named):
    """Return (function, the kind of each argument by position, those by name)."""
    return function, kinds, named


def sized(array):
    """A good array beside the kind of what it stands for."""
    return ("array", array)


IMAGE, KERNEL = ("ranked", np.arange(12.0).reshape(3, 4)), ("ranked", np.ones((2, 2)))
SLIDING = {
    "padding": ("padding", "full"),
    "stride": ("counts", 1),
    "dilation": ("counts", 1),
    "mode": ("mode", "zeros"),
}
LAYER_SLIDING = {name: SLIDING[name] for name in ("padding", "stride", "dilation")}
ON_A_LINE = SLIDING | {"stride": ("count", 1), "dilation": ("dilation", 1)}
COMMON = {"name": ("text", "n"), "dtype": ("dtype", "float64")}
SEEDED = {**COMMON, "seed": ("seed", 1)}
SIGNAL = ("ranked", np.arange(5.0)), ("ranked", np.ones(2))
POOL = {
    "pool_size": ("counts", 2),
    "strides": ("strides", 2),
    "padding": ("name", "same"),
    **COMMON,
}


def built(layer, inputs=PICTURES):
    layer.forward(inputs)
    return layer


def compiled(*parts, dtype="float64"):
    one = network.Sequential(
        parts or [layers.Dense(3, "tanh"), layers.Dense(2, "softmax")], seed=1, dtype=dtype
    )
    one.compile("adam", "categorical_crossentropy", metrics=["accuracy"])
    return one


def trained():
    one = compiled()
    one.fit(X, Y)
    return one


def stepped(kind):
    one = kind()
    one.apply([np.ones((2, 2)), np.ones(2)], [np.ones((2, 2)), np.ones(2)])
    return one


def mean_squared_error(y_true, y_pred):
    return losses.MeanSquaredError()(y_true, y_pred)


def penalty(weights):
    return regularizers.L2()(weights)


def slope_of_penalty(weights):
    return regularizers.L1().gradient(weights)


def crossentropy(y_true, y_pred):
    return losses.CategoricalCrossentropy()(y_true, y_pred)


def check_two_entries(*arguments, **options):
    return gradients.check_network(*arguments, entries=2, **options)


FUNCTIONS = [
    call(convolution.flip, ("array", np.ones((2, 2)))),
    call(convolution.pad, ("array", np.ones((3, 4))), ("padding", 1), mode=("mode", "edge")),
    call(
        convolution.output_size,
        ("count", 5),
        ("count", 2),
        stride=("count", 1),
        dilation=("count", 1),
    ),
    call(convolution.convolve1d, *SIGNAL, **ON_A_LINE),
    call(convolution.cross_correlate1d, *SIGNAL, **ON_A_LINE),
    call(convolution.trace1d, *SIGNAL, flip=("flag", True), **ON_A_LINE),
    call(convolution.convolve2d, IMAGE, KERNEL, **SLIDING),
    call(convolution.cross_correlate2d, IMAGE, KERNEL, **SLIDING),
    call(convolution.trace2d, IMAGE, KERNEL, flip=("flag", True), **SLIDING),
    call(
        convolution.conv_layer,
        ("ranked", PICTURES),
        ("ranked", np.ones((2, 2, 2, 3))),
        ("bias", np.ones(3)),
        **LAYER_SLIDING,
    ),
    call(convolution.max_pool2d, ("ranked", PICTURES), ("size", 2), stride=("strides", 1)),
    call(convolution.average_pool2d, ("ranked", PICTURES), ("size", 2), stride=("strides", 1)),
    call(layers.Dense, ("count", 3), ("activation", "tanh"), use_bias=("flag", True), **SEEDED),
    call(
        layers.Conv2D,
        ("count", 3),
        ("counts", 2),
        strides=("counts", 1),
        dilation_rate=("counts", 1),
        activation=("activation", "relu"),
        use_bias=("flag", True),
        **SEEDED,
    ),
    call(layers.MaxPooling2D, **POOL),
    call(layers.AveragePooling2D, **POOL),
    call(layers.GlobalAveragePooling2D, ("flag", True), **COMMON),
    call(
        layers.BatchNormalization,
        axis=("name", -1),
        momentum=("rate", 0.9),
        epsilon=("rate", 1e-3),
        center=("flag", True),
        scale=("flag", True),
        **SEEDED,
    ),
    call(layers.Dropout, ("rate", 0.5), ("seed", 1), **COMMON),
    call(layers.Flatten, **SEEDED),
    call(layers.Input, ("list", (3,))),
    call(layers.ReLU, **SEEDED),
    call(mean_squared_error, ("array", X), ("array", X)),
    call(crossentropy, ("array", Y), ("array", Y)),
    call(losses.CategoricalCrossentropy, ("flag", True)),
    call(losses.to_categorical, ("array", [0, 1, 2]), ("classes", 3)),
    call(regularizers.L1, ("rate", 0.1)),
    call(regularizers.L2, ("rate", 0.1)),
    call(penalty, ("array", X)),
    call(slope_of_penalty, ("array", X)),
    call(augmentation.shift, ("ranked", PICTURES), ("amount", 1), ("rng", RNG)),
    call(augmentation.rotate, ("ranked", PICTURES), ("rate", 10), ("rng", RNG)),
    call(augmentation.flip, ("ranked", PICTURES), ("rng", RNG), ("rate", 0.5)),
    call(
        augmentation.shift_colours,
        *(("ranked", PICTURES), ("rate", 0.1), ("rng", RNG)),
        largest=("rate", 1.0),
    ),
    call(
        network.EarlyStopping,
        ("text", "val_loss"),
        ("rate", 0.1),
        ("patience", 2),
        mode=("name", "min"),
        restore_best_weights=("flag", True),
    ),
    call(optimizers.SGD, ("rate", 0.1), ("rate", 0.9), ("flag", True)),
    call(optimizers.RMSprop, ("rate", 0.1), ("rate", 0.9), ("rate", 0.5), ("rate", 1e-7)),
    call(optimizers.Adam, ("rate", 0.1), ("rate", 0.9), ("rate", 0.9), ("rate", 1e-7)),
    call(
        network.Sequential,
        ("list", [layers.Flatten()]),
        ("text", "n"),
        dtype=("dtype", "float64"),
        seed=("seed", 1),
    ),
    call(
        gradients.numerical_gradient,
        ("function", np.sum),
        ("array", np.ones(3)),
        step=("rate", 1e-5),
    ),
    call(
        gradients.check_gradients,
        ("function", np.sum),
        ("list", [np.ones(3)]),
        ("list", [np.ones(3)]),
        step=("rate", 1e-5),
        tolerance=("rate", 1e-6),
        seed=("seed", 1),
    ),
    call(
        gradients.check_layer,
        ("object", layers.Dense(2)),
        ("array", X),
        training=("flag", True),
        seed=("own seed", 1),
    ),
    call(check_two_entries, ("object", compiled()), ("array", X), ("array", Y), seed=("seed", 1)),
    call(datasets.load_photo, ("name", "coins"), colour=("flag", False)),
    call(datasets.load_photo, ("name", "coins"), size=("photo size", 8)),
    call(datasets.load_digits, size=("name", 8), test_samples=("samples", 300), seed=("seed", 0)),
    *[
        call(getattr(toy_data, name), ("samples", 8), ("rate", 0.1), seed=("seed", 1))
        for name in ("xor", "circles", "moons", "spiral", "wave")
    ],
    call(checks.value, ("texts", "w"), ("nothing", 3), ("array", 3), hints=("hints", {4: "No."})),
    call(checks.gate, ("name", "AND"), ("nothing", [1, 1]), ("nothing", -1.5)),
    call(
        checks.xor_network,
        ("nothing", [[1, 1], [1, 1]]),
        ("nothing", [0, -1]),
        ("nothing", [1, -2]),
        ("nothing", 0),
    ),
    call(checks.convolve1d, ("nothing", np.convolve), padding=("name", "full")),
    call(checks.activation_backward, ("nothing", max), activation=("name", "tanh")),
    call(checks.output_size, ("nothing", max), options=("options", ["stride"]), axes=("count", 1)),
]

# (an object, a method, its arguments)
PASSING = [
    layers.Conv2D(2, 2, seed=1),
    layers.MaxPooling2D(),
    layers.AveragePooling2D(),
    layers.GlobalAveragePooling2D(),
    layers.BatchNormalization(),
    layers.Dropout(0.5, seed=1),
    layers.Flatten(),
    layers.Linear(),
    layers.ReLU(),
    layers.Sigmoid(),
    layers.Softmax(),
    layers.Tanh(),
]
FRESH = [
    (layers.Dense(2), X, (None, 3)),
    (layers.Conv2D(2, 2), PICTURES, (None, 6, 5, 2)),
    (layers.MaxPooling2D(), PICTURES, (None, 6, 5, 2)),
    (layers.BatchNormalization(), X, (None, 3)),
]
PAIR_OF_WEIGHTS = ("list", [np.ones((2, 2)), np.ones(2)])
BEHIND = sized(np.ones((6, 2)))
DENSE = built(layers.Dense(2, seed=1), X)
FIT = {
    "x": ("array", X),
    "y": ("array", Y),
    "batch_size": ("batch", 3),
    "epochs": ("count", 1),
    "verbose": ("verbosity", 0),
    "callbacks": ("options", []),
    "validation_data": ("options", (X, Y)),
    "shuffle": ("flag", True),
    "seed": ("seed", 1),
}
EVALUATE = {
    "x": ("array", X),
    "y": ("array", Y),
    "batch_size": ("count", 3),
    "return_dict": ("flag", True),
}
ADAM_STATE = ("list", stepped(optimizers.Adam).get_state())

METHODS = [
    *[(built(one), "forward", [sized(PICTURES)]) for one in PASSING],
    *[(built(one), "backward", [sized(one.outputs)]) for one in PASSING],
    *[(copy.deepcopy(one), "forward", [sized(good)]) for one, good, _ in FRESH],
    *[(one, "build", [("shape", shape)]) for one, _, shape in FRESH],
    *[(one, "compute_output_shape", [("shape", shape)]) for one, _, shape in FRESH],
    (DENSE, "forward", [sized(X)]),
    (DENSE, "backward", [BEHIND]),
    (DENSE, "backward_pre_activation", [BEHIND]),
    (DENSE, "set_weights", [("list", [np.ones((3, 2)), np.ones(2)])]),
    (PASSING[0], "backward_pre_activation", [sized(PASSING[0].outputs)]),
    (trained(), "fit", [sized(X), sized(Y)]),
    (compiled(), "fit", [sized(X), sized(Y)]),
    (trained(), "fit", FIT),
    (trained(), "train_on_batch", [sized(X), sized(Y)]),
    (trained(), "loss_and_gradients", [sized(X), sized(Y), ("flag", True)]),
    (trained(), "evaluate", EVALUATE),
    (trained(), "predict", {"x": ("array", X), "batch_size": ("count", 3)}),
    (compiled(), "predict", [sized(X)]),
    (trained(), "forward", [sized(X)]),
    (trained(), "backward", [BEHIND]),
    (compiled(), "build", [("shape", (None, 3))]),
    (trained(), "add", [("object", layers.Dense(2))]),
    (trained(), "set_weights", [("list", trained().get_weights())]),
    (trained(), "compile", [("name", "sgd"), ("name", "mse")]),
    (trained(), "compile", {"loss": ("name", "mse"), "metrics": ("options", ["accuracy"])}),
    *[
        (one, "apply", [PAIR_OF_WEIGHTS, PAIR_OF_WEIGHTS])
        for kind in (optimizers.SGD, optimizers.RMSprop, optimizers.Adam)
        for one in (kind(), stepped(kind))
    ],
    (stepped(optimizers.Adam), "set_state", [ADAM_STATE]),
]


@pytest.fixture(autouse=True)
def small_machine(monkeypatch):
    """Little memory and few turns, so that what is too much is so at once."""
    monkeypatch.setattr(limits, "MOST_BYTES", 2_000_000)
    monkeypatch.setattr(limits, "MOST_TURNS", 2_000)


def all_of(arguments, change):
    """Return the arguments to pass, with some of them exchanged."""
    items = arguments.items() if isinstance(arguments, dict) else enumerate(arguments)
    return {at: change.get(at, copy.deepcopy(good)) for at, (_, good) in items}


def problem_of(function, chosen):
    """Return what is wrong with how a call is refused, or None; "not refused" if it is not."""
    by_position = [value for at, value in chosen.items() if isinstance(at, int)]
    by_name = {at: value for at, value in chosen.items() if not isinstance(at, int)}
    printed = io.StringIO()
    try:
        with redirect_stdout(printed), np.errstate(all="ignore"):
            function(*by_position, **by_name)
    except (ValueError, TypeError) as error:
        message = str(error)
        *_, last = traceback.extract_tb(error.__traceback__)
        if not (Path(last.filename).is_relative_to(HELPERS) and last.line.startswith("raise ")):
            where = f"{last.filename}:{last.lineno} {last.line}"
            return f"leaks {type(error).__name__}: {message[:100]} from {where}"
        if not 15 < len(message) < MOST_LETTERS:
            return f"says {len(message)} letters: {message[:100]}"
        return None
    except BaseException as error:
        return f"raises {type(error).__name__}: {str(error)[:100]}"
    if len(printed.getvalue()) > 3 * MOST_LETTERS:
        return f"prints {len(printed.getvalue())} letters"
    return "not refused"


def state_of(thing):
    """Return all that an object holds, written so that it can be compared."""
    if isinstance(thing, np.ndarray):
        return thing.shape, thing.dtype.str, thing.tobytes() if thing.size < 10**5 else None
    if isinstance(thing, np.random.Generator):
        return repr(thing.bit_generator.state)
    if isinstance(thing, (list, tuple)):
        return [state_of(part) for part in thing]
    if isinstance(thing, dict):
        return {name: state_of(part) for name, part in thing.items()}
    if hasattr(thing, "__dict__") and not inspect.isroutine(thing):
        return {name: state_of(part) for name, part in vars(thing).items()}
    return repr(thing)


def cases(arguments, rng, more):
    """Yield exchanged arguments: every bad value in every place, then two or more at once."""
    items = dict(arguments.items() if isinstance(arguments, dict) else enumerate(arguments))
    bad = {at: BAD[kind] for at, (kind, _) in items.items() if kind != "nothing"}
    for at, values in bad.items():
        for value in values:
            yield {at: value}
    for _ in range(more):
        some = rng.choice(list(items), size=rng.integers(1, len(items) + 1), replace=False)
        places = [int(at) if isinstance(at, np.integer) else str(at) for at in some]
        yield {at: bad[at][rng.integers(len(bad[at]))] for at in places if at in bad}


def test_every_bad_argument_of_a_function_is_refused_in_words():
    rng, problems, calls = np.random.default_rng(15), [], 0
    for function, by_position, by_name in FUNCTIONS:
        name = function.__name__
        arguments = {**dict(enumerate(by_position)), **by_name}
        assert problem_of(function, all_of(arguments, {})) == "not refused", name
        for change in cases(arguments, rng, 60):
            problem = problem_of(function, all_of(arguments, change)) if change else None
            calls += 1
            if problem:
                problems.append(f"{name}({str(change)[:90]}) {problem}")
    assert not problems, f"{len(problems)} of {calls}:\n" + "\n".join(problems)
    assert calls > 7_500


def test_every_bad_argument_of_a_method_is_refused_and_changes_nothing():
    rng, problems, calls = np.random.default_rng(16), [], 0
    for thing, method, arguments in METHODS:
        name = f"{type(thing).__name__}.{method}"
        before = state_of(thing)
        assert (
            problem_of(getattr(copy.deepcopy(thing), method), all_of(arguments, {}))
            == "not refused"
        ), name
        for change in cases(arguments, rng, 20):
            chosen = all_of(arguments, change)
            held = state_of(
                [value for value in chosen.values() if isinstance(value, (list, np.ndarray))]
            )
            problem = problem_of(getattr(thing, method), chosen) if change else None
            calls += 1
            if problem:
                problems.append(f"{name}({str(change)[:90]}) {problem}")
            elif state_of(thing) != before:
                problems.append(f"{name}({str(change)[:90]}) changes what it was called on")
            elif (
                state_of([v for v in chosen.values() if isinstance(v, (list, np.ndarray))]) != held
            ):
                problems.append(f"{name}({str(change)[:90]}) changes what it was given")
    assert not problems, f"{len(problems)} of {calls}:\n" + "\n".join(problems)
    assert calls > 2_500


STRANGE_ANSWERS = [v for v in NO_NUMBER if v is not None] + [
    10**5000,
    float("nan"),
    True,
    -1,
    1.5,
    None,
]


def test_any_answer_to_an_exercise_gets_feedback():
    problems = []
    for function, by_position, by_name in FUNCTIONS:
        if function not in (checks.value, checks.gate, checks.xor_network):
            continue
        name = function.__name__
        arguments = {**dict(enumerate(by_position)), **by_name}
        for at, (kind, _) in arguments.items():
            for value in STRANGE_ANSWERS if kind == "nothing" else []:
                problem = problem_of(function, all_of(arguments, {at: value}))
                if problem not in (None, "not refused"):
                    problems.append(f"{name}({at}: {str(value)[:60]!r}) {problem}")
    for value in STRANGE_ANSWERS:
        for name in sorted(set(checks.__all__) - {"value", "gate", "xor_network"}):
            for answer in (value, lambda *args, value=value, **options: value):
                problem = problem_of(getattr(checks, name), {0: answer})
                if problem not in (None, "not refused"):
                    problems.append(f"{name}({str(value)[:60]!r}) {problem}")
    assert not problems, "\n".join(problems)


def test_a_read_only_parameter_leaves_the_others_where_they_are():
    first, second = np.ones(2), np.ones(3)
    second.flags.writeable = False
    with pytest.raises(ValueError, match="read-only"):
        optimizers.SGD(0.5).apply([np.ones(2), np.ones(3)], [first, second])
    assert (first == 1).all()


def test_a_refused_first_call_leaves_an_optimiser_and_a_network_as_good_as_new():
    optimizer, w = optimizers.Adam(0.5), np.ones(2)
    with pytest.raises(ValueError, match="do not fit"):
        optimizer.apply([np.ones(3)], [w])
    optimizer.apply([np.ones(2)], [w])
    assert w == pytest.approx([0.5, 0.5], abs=1e-5)

    refused, fresh = compiled(), compiled()
    with pytest.raises(ValueError, match="does not fit"):
        refused.fit(np.ones((6, 7)), np.ones((6, 5)))
    runs = [one.fit(X, Y, epochs=2, seed=4).history for one in (refused, fresh)]
    assert runs[0] == runs[1]
