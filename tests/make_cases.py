"""Write tests/cases/*.json: worked cases that the Python and the JavaScript arithmetic share.

Run `python tests/make_cases.py` after a deliberate change in `helpers` or when adding a case. The
files hold inputs, options and every intermediate result, as plain finite numbers; a case with
"error" holds input that both languages have to refuse. `test_convolution.py` and
`test_convolution2d.py` check the results against NumPy and SciPy, and that the files are what this
script writes.
"""

import json
from itertools import product
from pathlib import Path

from helpers.convolution import trace1d, trace2d

CASES = Path(__file__).parent / "cases"

DEFAULTS = {"flip": True, "padding": "full", "mode": "zeros", "stride": 1, "dilation": 1}
SIGNAL, KERNEL = [0, 1, 2, 3, 4], [1, -1, 2]
MODES = ("zeros", "reflect", "symmetric", "edge", "wrap")


def convolution1d():
    """Return the cases of tests/cases/convolution1d.json: (name, signal, kernel, options)."""
    # The example that chapter 1 works by hand.
    for flip, padding in product((True, False), ("full", "same", "valid")):
        name = "convolution" if flip else "cross-correlation"
        yield f"{name}, {padding}", SIGNAL, KERNEL, {"flip": flip, "padding": padding}

    # An even kernel has no centre: "same" needs one ghost cell more before than after.
    for flip, kernel in product((True, False), ([1, 2], [1, 2, 3, 4])):
        name = f"even kernel of {len(kernel)}, same, {'flipped' if flip else 'not flipped'}"
        yield name, SIGNAL, kernel, {"flip": flip, "padding": "same"}

    # Every mode where the ghosts fit once, where they are more than the signal, and on one cell.
    for mode in MODES:
        yield f"{mode}, full", [3, 1, 4, 1, 5], KERNEL, {"mode": mode}
        yield f"{mode}, 7 before and 8 after", [1, 2, 3], [1, 10], {"mode": mode, "padding": [7, 8]}
        yield f"{mode}, one cell", [5], [1, 2, 3], {"mode": mode, "padding": "same"}

    # Sizes at the limits.
    yield "one cell and one cell", [3], [-2], {"padding": "valid"}
    yield "kernel of one cell, full adds nothing", SIGNAL, [2], {}
    yield "kernel as long as the signal, valid", [1, 2, 3], [4, 5, 6], {"padding": "valid"}
    yield "kernel longer than the signal, full", [1, 2], [1, 2, 3, 4, 5], {}
    yield "kernel longer than the signal, same", [1, 2], [1, 2, 3, 4, 5], {"padding": "same"}
    yield "kernel fits only with padding", [1, 2], [1, 2, 3, 4], {"padding": 1}
    yield "no ghosts, as a number", SIGNAL, KERNEL, {"padding": 0}
    yield "ghosts before only", SIGNAL, KERNEL, {"padding": [2, 0]}
    yield "ghosts after only", SIGNAL, KERNEL, {"padding": [0, 2]}

    # Strides that do not divide evenly leave cells at the end; a long one leaves one position.
    yield "stride 2 ignores nothing", SIGNAL, KERNEL, {"padding": "valid", "stride": 2}
    yield "stride 2 ignores 1", [*SIGNAL, 5], KERNEL, {"padding": "valid", "stride": 2}
    yield "stride 3 ignores 2", [*SIGNAL, 5, 6, 7], KERNEL, {"padding": "valid", "stride": 3}
    yield "stride longer than the signal", SIGNAL, KERNEL, {"padding": "valid", "stride": 9}
    yield "stride 2 on same", SIGNAL, KERNEL, {"padding": "same", "stride": 2}

    # Gaps in the kernel count as cells it spans.
    yield "dilation 2, valid, fits once", SIGNAL, KERNEL, {"padding": "valid", "dilation": 2}
    yield "dilation 2, same", SIGNAL, KERNEL, {"padding": "same", "dilation": 2}
    yield "dilation 3, even kernel, same", SIGNAL, [1, 2], {"padding": "same", "dilation": 3}
    yield "dilation 4, full", [1, 2], [1, 1], {"dilation": 4}
    yield "dilation of one cell changes nothing", SIGNAL, [3], {"padding": "same", "dilation": 5}

    # Fractions, and sums that depend on the order of adding: from left to right.
    yield "halves", [0.5, -1.5, 2], [0.25, 0.5, 0.25], {"padding": "same"}
    yield "tenths", [0.1, 0.2, 0.3, 0.4], [0.7, 0.1, 0.2], {"flip": False}
    yield "large and small", [1e16, 1, -1e16, 1], [1, 1, 1], {"padding": "valid"}
    yield "negative and zero", [-1, 0, -2, 0], [0, -3], {}

    # All options together, spread evenly over their product.
    options = list(
        product((True, False), ("full", "same", "valid", 2, [1, 3]), MODES, (1, 2, 3), (1, 2))
    )
    for flip, padding, mode, stride, dilation in options[::17]:
        signal = [(7 * i * i + 3 * i) % 11 - 5 for i in range(7)]
        name = f"{'flip' if flip else 'no flip'}, {padding}, {mode}, {stride}, {dilation}"
        every = {"flip": flip, "padding": padding, "mode": mode}
        yield name, signal, [2, -1, 3], {**every, "stride": stride, "dilation": dilation}


def convolution1d_errors():
    """Return the cases of tests/cases/convolution1d.json that are refused."""
    valid = {"padding": "valid"}
    yield "empty signal", [], KERNEL, {}
    yield "empty kernel", SIGNAL, [], {}
    yield "kernel longer than the signal, valid", [1, 2], KERNEL, valid
    yield "kernel longer than the padded signal", [1, 2], [1] * 7, {"padding": 2}
    yield "kernel with gaps longer than the signal", SIGNAL, KERNEL, {**valid, "dilation": 3}
    yield "text in the signal", [0, "one", 2], KERNEL, {}
    yield "a missing value in the kernel", SIGNAL, [1, None, 2], {}
    yield "rows and columns", [[0, 1], [2, 3]], KERNEL, {}
    for option in ("stride", "dilation"):
        for value in (0, -1, 1.5, "2", True, None):
            yield f"{option} {json.dumps(value)}", SIGNAL, KERNEL, {option: value}
    for value in (-1, 1.5, [0, -1], [1, 2, 3], "SAME", True, None):
        yield f"padding {json.dumps(value)}", SIGNAL, KERNEL, {"padding": value}
    for value in ("constant", "", None):
        yield f"mode {json.dumps(value)}", SIGNAL, KERNEL, {"mode": value}


# The image of 1 ... 5 in every row, whose sums under nine ones are 18, 27 and 36.
ROWS = [[1, 2, 3, 4, 5]] * 5
IMAGE = [[3, 1, 4, 1], [5, 9, 2, 6], [5, 3, 5, 8]]
ODD_KERNEL = [[1, 2, 0], [0, -1, 3], [4, 0, -2]]


def convolution2d():
    """Return the cases of tests/cases/convolution2d.json: (name, image, kernel, options)."""
    valid = {"padding": "valid"}
    yield "rows of 1 to 5 under ones", ROWS, [[1, 1, 1]] * 3, {**valid, "flip": False}
    # A single 1 leaves a copy of the kernel, or the kernel turned by 180 degrees.
    for flip, padding in product((True, False), ("full", "same", "valid")):
        name = f"{'convolution' if flip else 'cross-correlation'}, {padding}"
        yield name, IMAGE, ODD_KERNEL, {"flip": flip, "padding": padding}
        dot = [[0, 0, 0], [0, 1, 0], [0, 0, 0]]
        yield f"{name}, of a dot", dot, [[1, 2, 3], [4, 5, 6]], {"flip": flip, "padding": padding}

    # An even kernel has no centre: "same" needs one ghost cell more above and on the left.
    for flip, kernel in product((True, False), ([[1, 2]], [[1], [2]], [[1, 2], [3, 4]])):
        rows, cols = len(kernel), len(kernel[0])
        name = f"even kernel of {rows} x {cols}, same, {'flipped' if flip else 'not flipped'}"
        yield name, IMAGE, kernel, {"flip": flip, "padding": "same"}

    # Every mode, with as many ghosts as the kernel needs, with more than the image has, on one
    # cell, and on one row, where the two axes see different sizes. The corners tell rows and
    # columns apart.
    for mode in MODES:
        yield f"{mode}, full", IMAGE, ODD_KERNEL, {"mode": mode}
        many = {"mode": mode, "padding": [[5, 0], [1, 7]]}
        yield f"{mode}, 5 above, 1 left, 7 right", [[1, 2], [3, 4]], [[1, 10]], many
        yield f"{mode}, one cell", [[5]], ODD_KERNEL, {"mode": mode, "padding": "same"}
        yield f"{mode}, one row", [[1, 2, 3]], [[1, 2], [3, 4]], {"mode": mode, "padding": 2}

    # Sizes at the limits.
    yield "one cell and one cell", [[3]], [[-2]], valid
    yield "kernel as large as the image", IMAGE, [[1, 0, 2, 0], [0, 1, 0, 3], [1, 1, 0, 0]], valid
    yield "kernel taller than the image, full", [[1, 2, 3]], [[1], [2], [3]], {}
    yield "kernel wider than the image, same", [[1], [2]], [[1, 2, 3, 4]], {"padding": "same"}
    yield "kernel fits only with padding", [[1, 2]], [[1, 2, 3], [4, 5, 6]], {"padding": 1}
    yield "no ghosts, as a number", IMAGE, ODD_KERNEL, {"padding": 0}
    yield "a ghost on one side only", IMAGE, ODD_KERNEL, {"padding": [[0, 0], [0, 1]]}

    # Strides that do not divide evenly leave rows and columns at the end.
    yield "stride 2", ROWS, ODD_KERNEL, {**valid, "stride": 2}
    yield "stride 2 ignores a row and a column", ROWS, [[1, 2], [3, 4]], {**valid, "stride": 2}
    yield "stride 1 down, 3 across", ROWS, [[1, 2], [3, 4]], {**valid, "stride": [1, 3]}
    yield "stride longer than the image", IMAGE, ODD_KERNEL, {**valid, "stride": [9, 2]}
    yield "stride 2 on same", IMAGE, ODD_KERNEL, {"padding": "same", "stride": 2}

    # Gaps in the kernel count as cells it spans.
    yield "dilation 2, fits once", ROWS, ODD_KERNEL, {**valid, "dilation": 2}
    yield "dilation 1 down, 2 across", ROWS, ODD_KERNEL, {**valid, "dilation": [1, 2]}
    yield "dilation 3 down, same", IMAGE, [[1, 2], [3, 4]], {"padding": "same", "dilation": [3, 1]}
    yield "dilation of one cell changes nothing", IMAGE, [[3]], {"padding": "same", "dilation": 5}

    # Fractions, and sums that depend on the order of adding: row by row, from left to right.
    yield "ninths", IMAGE, [[1 / 9] * 3] * 3, {"padding": "same"}
    yield "large and small", [[1e16, 1], [-1e16, 1]], [[1, 1], [1, 1]], valid

    # All options together, spread evenly over their product.
    paddings = ("full", "same", "valid", 2, [[1, 0], [2, 3]])
    pairs = (1, 2, [1, 2], [2, 1])
    options = list(product((True, False), paddings, MODES, (*pairs, [3, 2]), pairs))
    for flip, padding, mode, stride, dilation in options[::41]:
        image = [
            [(7 * row * row + 3 * row * col + col) % 11 - 5 for col in range(6)] for row in range(5)
        ]
        name = f"{'flip' if flip else 'no flip'}, {padding}, {mode}, {stride}, {dilation}"
        every = {"flip": flip, "padding": padding, "mode": mode}
        kernel = [[2, -1, 3], [0, 1, -2]]
        yield name, image, kernel, {**every, "stride": stride, "dilation": dilation}


def convolution2d_errors():
    """Return the cases of tests/cases/convolution2d.json that are refused."""
    valid = {"padding": "valid"}
    yield "empty image", [], ODD_KERNEL, {}
    yield "an image of empty rows", [[], []], ODD_KERNEL, {}
    yield "empty kernel", IMAGE, [[]], {}
    yield "rows of different lengths", [[1, 2], [3]], ODD_KERNEL, {}
    yield "a row, no image", [1, 2, 3], ODD_KERNEL, {}
    yield "kernel taller than the image", [[1, 2, 3, 4]], ODD_KERNEL, valid
    yield "kernel wider than the image", [[1], [2], [3]], ODD_KERNEL, valid
    yield "kernel larger than the padded image", IMAGE, [[1] * 9], {"padding": [[9, 9], [2, 2]]}
    yield "kernel with gaps wider than the image", ROWS, ODD_KERNEL, {**valid, "dilation": [1, 3]}
    yield "text in the image", [[0, "one"], [2, 3]], ODD_KERNEL, {}
    yield "a missing value in the kernel", IMAGE, [[1, None]], {}
    for option in ("stride", "dilation"):
        for value in (0, [1, 0], 1.5, [1, 2, 3], "2", True, None):
            yield f"{option} {json.dumps(value)}", IMAGE, ODD_KERNEL, {option: value}
    for value in (-1, 1.5, [1, 2], [[1, 2]], [[1, 2], [3]], [[0, 0], [0, -1]], "SAME", True, None):
        yield f"padding {json.dumps(value)}", IMAGE, ODD_KERNEL, {"padding": value}
    for value in ("constant", "", None):
        yield f"mode {json.dumps(value)}", IMAGE, ODD_KERNEL, {"mode": value}


def trace_case(name, signal, kernel, options):
    """Return one case with every intermediate result, as JSON holds it."""
    inputs = {"signal": signal, "kernel": kernel, **DEFAULTS, **options}
    trace = trace1d(**inputs)
    expect = {
        "before": trace.before,
        "after": trace.after,
        "padded": plain(trace.padded),
        "kernel": plain(trace.kernel),
        "starts": [step.start for step in trace.steps],
        "products": [plain(step.products) for step in trace.steps],
        "output": plain(trace.output),
        "ignored": trace.ignored,
    }
    return {"name": name, **inputs, "expect": expect}


def trace2d_case(name, image, kernel, options):
    """Return one case along two axes with every intermediate result, as JSON holds it."""
    inputs = {"image": image, "kernel": kernel, **DEFAULTS, **options}
    trace = trace2d(**inputs)
    expect = {
        "before": trace.before,
        "after": trace.after,
        "padded": plain(trace.padded),
        "kernel": plain(trace.kernel),
        "output_shape": trace.output_shape,
        "starts": [[step.start_row, step.start_col] for step in trace.steps],
        "products": [plain(step.products) for step in trace.steps],
        "output": plain(trace.output),
        "ignored": trace.ignored,
    }
    return {"name": name, **inputs, "expect": expect}


def error_case(input_name, name, array, kernel, options):
    """Return one case that has to be refused."""
    return {"name": name, input_name: array, "kernel": kernel, **DEFAULTS, **options, "error": True}


def plain(array):
    """Return lists of Python numbers, without the minus of a zero."""
    return (array + 0).tolist()


def as_json(cases):
    """Return the cases as JSON text, laid out so that a changed number is one changed line."""

    def fields(mapping, joint):
        return joint.join(f"{json.dumps(key)}: {json.dumps(mapping[key])}" for key in mapping)

    def record(case):
        inputs = {key: case[key] for key in case if key != "expect"}
        text = fields(inputs, ", ")
        if "expect" in case:
            text += ',\n  "expect": {\n    ' + fields(case["expect"], ",\n    ") + "\n  }"
        return "{" + text + "}"

    return "[\n" + ",\n".join(record(case) for case in cases) + "\n]\n"


def generate():
    """Return {file name: text} for everything in tests/cases that this script writes."""
    traced = [trace_case(*case) for case in convolution1d()]
    refused = [error_case("signal", *case) for case in convolution1d_errors()]
    traced2d = [trace2d_case(*case) for case in convolution2d()]
    refused2d = [error_case("image", *case) for case in convolution2d_errors()]
    return {
        "convolution1d.json": as_json(traced + refused),
        "convolution2d.json": as_json(traced2d + refused2d),
    }


if __name__ == "__main__":
    CASES.mkdir(exist_ok=True)
    for name, text in generate().items():
        (CASES / name).write_text(text, encoding="utf-8")
        print(f"{CASES / name}: {len(json.loads(text))} cases")
