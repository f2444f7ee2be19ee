"""Feedback on exercises: try a function on many small cases, and name the mistake.

An exercise holds cases, an independent source of right answers, and the results of known mistakes.
A mistake shows itself by its pattern over all cases: if every result is what comes out without the
flip, then the flip was forgotten. The checks that chapters call come first, then the exercises (a
new one is one more function that returns an `Exercise`), then the machinery.
"""

import copy
import inspect
import textwrap
import traceback
from collections.abc import Callable
from dataclasses import dataclass, field
from numbers import Integral

import numpy as np
from numpy.lib.stride_tricks import sliding_window_view


def convolve1d(function, *, padding="full"):
    """Check a function of (signal, kernel) against `numpy.convolve`, and print what comes out.

    Parameters
    ----------
    function : callable
        Takes two 1-D arrays and returns their convolution, as an array or a list.
    padding : "full" or "same" or "valid"
        Which positions the exercise asks for.

    Examples
    --------
    >>> convolve1d(lambda signal, kernel: np.correlate(signal, kernel, "full"))
    ... # doctest: +ELLIPSIS
    ✗ This is cross-correlation: the kernel was not flipped (or twice). Take kernel[::-1].
        signal   = [1]
        kernel   = [1, 2]
        expected = [1, 2]
        got      = [2, 1]
    ... of 40 cases agree with numpy.convolve.
    """
    _tell(diagnose(function, sliding1d_exercise(flips=True, padding=padding)))


def cross_correlate1d(function, *, padding="valid"):
    """Check a function of (signal, kernel) against `numpy.correlate`, and print what comes out.

    Parameters
    ----------
    function, padding
        As in `convolve1d`, without the flip.

    Examples
    --------
    >>> cross_correlate1d(np.correlate)
    ✓ 40 of 40 cases agree with numpy.correlate.
    """
    _tell(diagnose(function, sliding1d_exercise(flips=False, padding=padding)))


def flip(function):
    """Check a function of (kernel) that returns it in reverse order, and print what comes out.

    Examples
    --------
    >>> flip(lambda kernel: kernel[::-1])
    ✓ 20 of 20 cases agree with numpy.flip.
    """
    _tell(diagnose(function, flip_exercise()))


def output_size(function, *, options=None):
    """Check a function of (input_size, kernel_size, ...) by counting, and print what comes out.

    Parameters
    ----------
    function : callable
        Takes two whole numbers and, by name, some of `stride`, `padding` (on each side) and
        `dilation`; returns the number of positions.
    options : sequence of str, optional
        The names that the exercise asks for. By default those that the function takes.

    Examples
    --------
    >>> output_size(lambda input_size, kernel_size: input_size - kernel_size)
    ✗ One too few: the position at which the kernel starts counts too. Add 1.
        input_size  = 1
        kernel_size = 1
        expected    = 1
        got         = 0
    0 of 40 cases agree with counting the positions.
    """
    options = _options_of(function) if options is None else tuple(options)
    _tell(diagnose(function, output_size_exercise(options)))


def value(name, got, expected, hints=None):
    """Print whether a number (or a row of numbers) that the reader worked out is right.

    Parameters
    ----------
    name : str
        What the question calls it.
    got, expected : number or array_like of numbers
        The reader's answer, and the right one, which no message gives away.
    hints : dict, optional
        {wrong answer: sentence that says how one gets there}. A row of numbers is a tuple.

    Examples
    --------
    >>> value("size", 4, 3, hints={4: "The last position would leave the signal."})
    ✗ size = 4 is not right. The last position would leave the signal.
    """
    _tell(diagnose_value(name, got, expected, hints))


def _tell(feedback):
    """Print the message with its sentence broken into lines that fit beside the book's margins."""
    sentence, *case = feedback.message.splitlines()
    lines = textwrap.wrap(sentence, 88, break_long_words=False, break_on_hyphens=False)
    print(*lines, *case, sep="\n")


# The exercises


@dataclass(frozen=True)
class Exercise:
    """What a function is checked against. The callables take the inputs of a case by name."""

    oracle: str  # what the message calls the source of the right answers
    expected: Callable  # returns the right answer
    cases: list[dict]  # {input name: value}, small cases first
    mistakes: Callable  # returns {what went wrong: the result it gives, None where it has none}
    patterns: Callable = lambda **inputs: {}  # {what went wrong: whether the result is right here}
    options: tuple[str, ...] = ()  # the inputs passed by name; all others go by position
    whole: bool = False  # whether the answer has to be an integer, not a float


POSITIONS = {
    "full": "every position at which the kernel touches the signal",
    "same": "as many values as the signal has",
    "valid": "the positions at which the kernel lies wholly inside the signal",
}
# With n cells of signal and k of kernel: the number of values, and one fewer.
SIZES = {
    "full": ("n + k - 1", "n + k - 2"),
    "same": ("n", "n - 1"),
    "valid": ("n - k + 1", "n - k"),
}


def sliding1d_exercise(*, flips, padding):
    """Return the exercise on (signal, kernel): convolution if it flips, else cross-correlation."""
    if padding not in POSITIONS:
        raise ValueError(f"padding={padding!r} is unknown: use one of {', '.join(POSITIONS)}")
    slide, default = (np.convolve, "full") if flips else (np.correlate, "valid")
    size, one_fewer = SIZES[padding]
    if flips:
        twin = (
            "This is cross-correlation: the kernel was not flipped (or twice). Take kernel[::-1]."
        )
        backwards = "The right values in reverse order: flip the kernel, not the signal."
        twin_backwards = "Both are flipped, the signal and the kernel: flip the kernel only."
    else:
        twin = "This is convolution: the kernel was flipped. Slide it as it is."
        backwards = "The right values in reverse order: are signal and kernel swapped?"
        twin_backwards = "The signal was flipped: leave both as they are."

    def expected(signal, kernel):
        return slide(signal, kernel, padding)

    def mistakes(signal, kernel):
        y, n, k = expected(signal, kernel), signal.size, kernel.size

        def products(**changes):
            return _products1d(signal, kernel, **{"flips": flips, "padding": padding, **changes})

        def sums(**changes):
            # Readers' functions do many things with a kernel that is too long: no prediction then.
            fits = k <= n or changes.get("padding", "full") == "full"
            return products(**changes).sum(axis=1) if fits else None

        results = {twin: sums(flips=not flips)}
        for other, positions in POSITIONS.items():
            if other != padding:
                these = f'the values of "{other}": {positions}. Asked for are {size} values.'
                results[f"These are {these}"] = sums(padding=other)
                both = f"Two mistakes. {twin} And these are {these}"
                results[both] = sums(padding=other, flips=not flips)

        ring = np.pad(signal, (k - 1, 0), "wrap")
        return results | {
            f"The last value is missing: there are {size}, not {one_fewer}.": y[:-1],
            f"The first value is missing: there are {size}, not {one_fewer}.": y[1:],
            f"The last value is one too many: there are {size}.": np.append(y, 0),
            f"The last value is never filled: loop over {size} positions, not {one_fewer}.": (
                np.append(y[:-1], 0)
            ),
            "The first value is never filled: where does the loop start?": np.append(0, y[1:]),
            "Only the first value is there: is `return` inside the loop?": y[:1],
            "Only the first value is filled: is `return` inside the loop?": (
                np.append(y[:1], 0 * y[1:])
            ),
            backwards: y[::-1],
            twin_backwards: sums(flips=not flips)[::-1],
            "Off by one: every window starts one cell too late.": sums(late=1),
            "Off by one: every window starts one cell too early.": sums(late=-1),
            "Off by one: every value is one place too late.": np.roll(y, 1),
            "Off by one: every value is one place too early.": np.roll(y, -1),
            "Right for odd kernels. With an even one, a ghost cell is left over: NumPy puts it "
            "before the signal, your function after it (as TensorFlow does).": (
                sums(late=1 - k % 2)
            ),
            "Only the last product of each sum is left: add with += in place of =.": (
                products()[:, -1]
            ),
            "Only the last product for each cell is left: add with += in place of =.": (
                _spread_without_adding(signal, kernel)
            ),
            "Only the first product of each sum is there: does the inner loop end too soon?": (
                products()[:, 0]
            ),
            "This wraps around: beyond either end your function goes on at the other one. Outside "
            "the signal is nothing, which counts as 0.": sums(mode="wrap"),
            "This is circular convolution: before the start of the signal, your function goes on "
            "at its end. Outside the signal is nothing, which counts as 0.": (
                slide(ring, kernel, "valid") if k <= n else None
            ),
            "This wraps around at the start: in Python, signal[-1] is the last cell. Outside the "
            "signal is nothing, which counts as 0.": (
                slide(np.pad(ring, (0, k - 1)), kernel, "valid") if k <= n else None
            ),
            f"The end is missing, where the kernel slides out: there are {size} values.": y[:n],
            f"The start is missing, where the kernel slides in: there are {size}.": y[k - 1 :],
        }

    def patterns(signal, kernel):
        return {
            "Right only for odd kernels. An even one has no middle, and len(kernel) // 2 differs "
            "from (len(kernel) - 1) // 2.": kernel.size % 2 == 1,
            "Right only for symmetric kernels, which a flip does not change: look at the flip.": (
                np.array_equal(kernel, kernel[::-1])
            ),
            "Right only for kernels of three cells: use len(kernel), not a fixed number.": (
                kernel.size == 3
            ),
            "Right only where the kernel is no longer than the signal.": kernel.size <= signal.size,
        }

    oracle = f"numpy.{slide.__name__}" + ("" if padding == default else f'(..., "{padding}")')
    cases = _signals_and_kernels(longer_kernels=padding == "full")
    return Exercise(oracle, expected, cases, mistakes, patterns)


def _products1d(signal, kernel, *, flips, padding, mode="constant", late=0):
    """Return every window times the kernel, (positions, K), each starting `late` cells too late."""
    k = kernel.size
    ghosts = {"full": (k - 1, k - 1), "same": (k // 2, (k - 1) // 2), "valid": (0, 0)}[padding]
    wider = np.pad(np.pad(signal, ghosts, mode), 1)
    windows = sliding_window_view(wider[1 + late : wider.size - 1 + late], k)
    return windows * (kernel[::-1] if flips else kernel)


def _spread_without_adding(signal, kernel):
    """Return what output[i + j] = signal[i] * kernel[j] leaves, written over and over."""
    output = np.zeros(signal.size + kernel.size - 1)
    for i, cell in enumerate(signal):
        output[i : i + kernel.size] = cell * kernel
    return output


def _signals_and_kernels(*, longer_kernels, number=40):
    """Return so many {"signal": ..., "kernel": ...}, small cases first."""
    pairs = [
        ([2], [3]),
        ([1], [1, 2]),
        ([1, 2], [3]),
        ([1, 2], [1, 3]),
        ([1, 2, 3], [1, 2, 1]),
        ([0.5, 1.5], [0.5]),
        ([1, 2, 3], [0.5, 0.25]),
        ([0, 1, 2, 3, 4], [1, -1, 2]),
    ]
    rng = np.random.default_rng(1)
    for count in range(2 * number):
        signal, kernel = (rng.choice([-2, -1, 1, 2, 3], rng.integers(1, most)) for most in (9, 6))
        # Some signals have fractions, and some kernels are symmetric.
        pairs.append((signal / 2 if count % 4 == 0 else signal, kernel))
        if count % 5 == 0:
            pairs.append((signal, np.append(kernel, kernel[::-1])))
    cases = [{"signal": np.array(signal), "kernel": np.array(kernel)} for signal, kernel in pairs]
    fitting = [c for c in cases if longer_kernels or c["kernel"].size <= c["signal"].size]
    return sorted(fitting[:number], key=lambda case: case["signal"].size + case["kernel"].size)


def flip_exercise():
    """Return the exercise on (kernel,): the same values in reverse order."""
    rng = np.random.default_rng(2)
    rows = [[5], [1, 2], [1, -1, 2], [1, 2, 1], [0.5, 0.25, 2, 1]]
    rows += [rng.integers(-9, 10, size) for size in rng.integers(2, 8, 15)]

    def mistakes(kernel):
        return {
            "The kernel comes back as it was, not flipped.": kernel,
            "A flip changes the order of the values, not their signs.": -kernel,
            "This is sorted, not flipped: the last value comes first, whatever it is.": (
                np.sort(kernel)
            ),
            "This is sorted from large to small, not flipped: the last value comes first.": (
                np.sort(kernel)[::-1]
            ),
            "The first value of the kernel is lost: kernel[::-1] keeps all.": kernel[:0:-1],
            "The last value of the kernel is lost: kernel[::-1] keeps all.": kernel[-2::-1],
            "This moves every value to the right; a flip mirrors them.": np.roll(kernel, 1),
            "This moves every value to the left; a flip mirrors them.": np.roll(kernel, -1),
        }

    cases = [{"kernel": np.array(row)} for row in sorted(rows, key=len)]
    return Exercise("numpy.flip", lambda kernel: np.flip(kernel), cases, mistakes)


OPTIONS = ("stride", "padding", "dilation")


def output_size_exercise(options=OPTIONS):
    """Return the exercise on (input_size, kernel_size) and the options named, passed by name."""

    def mistakes(input_size, kernel_size, stride=1, padding=0, dilation=1):
        i, k, s, p, d = input_size, kernel_size, stride, padding, dilation
        room = i + 2 * p - d * (k - 1) - 1  # how far the kernel can move
        outside = "The + 1 belongs outside the fraction, for the position where the kernel starts"
        return {
            "One too few: the position at which the kernel starts counts too. Add 1.": room // s,
            "One too many: add 1 to the number of moves, not 2.": room // s + 2,
            "There are no half positions: round down, with // in place of /.": room / s + 1,
            "Rounded up. The last position has to fit as a whole: round down.": -(-room // s) + 1,
            "Rounded to the nearest. The last position has to fit as a whole: round down.": (
                round(room / s) + 1
            ),
            f"{outside}, and the fraction is rounded down.": (room + 1) / s,
            f"{outside}.": (room + 1) // s,
            "Padding is added on each side: count it twice.": (room - p) // s + 1,
            "The padding is left out.": (room - 2 * p) // s + 1,
            "The stride is left out.": room + 1,
            "The dilation is left out.": (i + 2 * p - k) // s + 1,
            "k cells have k - 1 gaps: the kernel spans dilation * (k - 1) + 1 cells.": (
                (i + 2 * p - d * k) // s + 1
            ),
            "Dilation is counted from 0: here a dense kernel has dilation 1.": (
                (room - (k - 1)) // s + 1
            ),
            'This is the size of "full": here the kernel has to lie wholly inside.': i + k - 1,
            'This is the size of "same": here the kernel has to lie wholly inside.': i,
            "Input and kernel are swapped.": k - i + 1,
        }

    def patterns(input_size, kernel_size, stride=1, padding=0, dilation=1):
        return {
            "Right only without padding.": padding == 0,
            "Right only for stride 1.": stride == 1,
            "Right only for dilation 1.": dilation == 1 or kernel_size == 1,
        }

    named = f" (with {', '.join(options)})" if options else ""
    oracle = f"counting the positions{named}"
    cases = _sizes(options)
    return Exercise(oracle, _count_positions, cases, mistakes, patterns, tuple(options), whole=True)


def _count_positions(input_size, kernel_size, stride=1, padding=0, dilation=1):
    """Return the number of positions by listing where the last cell of the kernel can lie."""
    return len(range(dilation * (kernel_size - 1), input_size + 2 * padding, stride))


def _sizes(options, number=40):
    """Return so many {"input_size": ..., "kernel_size": ..., option: ...}, small cases first."""
    least = {
        "input_size": 1,
        "kernel_size": 1,
        **{name: int(name != "padding") for name in options},
    }
    most = {"input_size": 12, "kernel_size": 5, "stride": 4, "padding": 3, "dilation": 3}
    rng = np.random.default_rng(3)
    cases = [least]
    while len(cases) < number:
        case = {name: int(rng.integers(least[name], most[name] + 1)) for name in least}
        if _count_positions(**case):
            cases.append(case)
    return sorted(cases, key=lambda case: sum(case.values()))


def _options_of(function):
    """Return those of the options that the function has arguments for."""
    try:
        parameters = inspect.signature(function).parameters
    except (TypeError, ValueError):  # not a function, or one written in C
        return ()
    takes_any = any(parameter.kind is parameter.VAR_KEYWORD for parameter in parameters.values())
    return tuple(name for name in OPTIONS if takes_any or name in parameters)


# The machinery: trials, explanations, and the message that a reader sees


@dataclass(frozen=True)
class Feedback:
    """What the reader is told, and whether the answer was right."""

    passed: bool
    message: str


@dataclass(frozen=True, eq=False)
class Trial:
    """One call of the reader's function: what went in, what should come out, and what did."""

    inputs: dict  # {name: array or number}
    expected: object
    got: object = None
    error: Exception | None = None
    changed: dict = field(default_factory=dict)  # {name: input after the call}, if it was altered
    right: bool = False


def diagnose(function, exercise):
    """Return the `Feedback` on a function: success, or the first explanation of what it does."""
    if not callable(function):
        return Feedback(
            False,
            f"✗ The check was given {_show(function)}. It needs your function itself: "
            "write only its name, without calling it.",
        )
    if why := _why_not_callable(function, exercise):
        return Feedback(False, f"✗ {why}")

    trials = [_try(function, exercise, inputs) for inputs in exercise.cases]
    score = f"{sum(t.right for t in trials)} of {len(trials)} cases agree with {exercise.oracle}."
    if all(trial.right for trial in trials):
        lists = all(isinstance(trial.got, (list, tuple)) for trial in trials)
        note = " It returns a list; np.array(result) would let you calculate with it."
        return Feedback(True, f"✓ {score}{note if lists else ''}")

    if all(trial.got is ... for trial in trials):
        return Feedback(False, "✗ Your function still returns `...`: write what is missing.")
    if all(trial.got is None and not trial.error for trial in trials):
        return Feedback(False, "✗ Your function returned None: did you forget `return`?")
    trial, message = next(found for found in _explanations(trials, exercise) if found[0])
    sentence = message if isinstance(message, str) else message(trial)
    return Feedback(False, f"✗ {sentence}\n{_describe(trial)}\n{score}")


def diagnose_value(name, got, expected, hints=None):
    """Return the `Feedback` that `value` prints."""
    if got is None or got is ...:
        return Feedback(False, f"✗ {name} is not filled in yet.")
    given, right = _as_numbers(got), np.asarray(expected)
    if given is None:
        advice = ": write it without quotes" if isinstance(got, str) else ""
        return Feedback(False, f"✗ {name} = {_show(got)} is not a number{advice}.")
    if _agree(got, expected):
        return Feedback(True, f"✓ {name} = {_show(got)} is right.")

    slips = [*(hints or {}).items(), (-right, "Only the sign is wrong.")]
    if right.ndim:
        slips.append((right[::-1], "These are the right values in reverse order."))
    else:
        slips += [(right + 1, "It is one too many."), (right - 1, "It is one too few.")]
    why = [sentence for wrong, sentence in slips if _agree(got, wrong)]
    if given.shape != right.shape:
        why.append(f"It has {_count(given.size, 'value')}, and that is not how many there are.")
    elif right.ndim == 1:
        why.append(f"The first wrong value has index {_first_difference(given, right)}.")
    return Feedback(False, " ".join([f"✗ {name} = {_show(got)} is not right.", *why[:1]]))


def _explanations(trials, exercise):
    """Yield (a trial that shows it, or None; what went wrong), from sure to vague."""
    failed = [trial for trial in trials if not trial.right]
    for find, message in BEFORE_ALL:
        yield find(failed), message

    predictions = [exercise.mistakes(**trial.inputs) for trial in trials]
    for message in predictions[0]:
        told = [(t, p[message]) for t, p in zip(trials, predictions, strict=True)]
        told = [(trial, result) for trial, result in told if result is not None]
        agrees = all(_agree(trial.got, result) for trial, result in told)
        yield next((t for t, _ in told if agrees and not t.right), None), message

    patterns = [exercise.patterns(**trial.inputs) for trial in trials]
    for message in patterns[0]:
        fits = all(t.right == p[message] for t, p in zip(trials, patterns, strict=True))
        yield failed[0] if fits else None, message

    for applies, message in AFTER_ALL:
        yield failed[0] if applies(failed[0]) else None, message


def _why_not_callable(function, exercise):
    """Return a sentence if the function does not take the inputs, otherwise an empty string."""
    arguments, options = _split(exercise.cases[0], exercise)
    try:
        inspect.signature(function).bind(*arguments, **options)
    except ValueError:  # a function written in C may have no signature to look at
        return ""
    except TypeError as error:
        names = [f"{name}=..." if name in options else name for name in exercise.cases[0]]
        return f"Your function cannot be called as f({', '.join(names)}): {error}."
    return ""


def _split(inputs, exercise):
    """Return the inputs to pass by position, and those to pass by name."""
    arguments = [value for name, value in inputs.items() if name not in exercise.options]
    return arguments, {name: inputs[name] for name in exercise.options}


def _try(function, exercise, inputs):
    """Return the trial of one case. It runs on copies, so that the cases stay as they are."""
    expected = exercise.expected(**inputs)
    given = copy.deepcopy(inputs)
    arguments, options = _split(given, exercise)
    try:
        got = function(*arguments, **options)
    except Exception as error:  # whatever a reader's function raises is told, not passed on
        return Trial(inputs, expected, error=error)
    changed = {name: given[name] for name in inputs if not _agree(given[name], inputs[name])}
    typed = isinstance(got, Integral) or not exercise.whole
    right = _agree(got, expected) and typed and not changed
    return Trial(inputs, expected, got, changed=changed, right=right)


def _as_numbers(result):
    """Return a result as an array, or None if it does not hold real numbers only."""
    try:
        array = np.asarray(result)
    except ValueError:  # ragged
        return None
    return array if array.dtype.kind in "biuf" else None


def _agree(result, expected):
    """Tell whether a result has the expected shape and, up to rounding, the expected values."""
    result, expected = _as_numbers(result), np.asarray(expected)
    if result is None or result.shape != expected.shape:
        return False
    return bool(_close(result, expected).all())


def _close(result, expected):
    return np.isclose(result, expected, rtol=1e-6, atol=1e-9, equal_nan=True)


def _first_difference(result, expected):
    return int(np.argmin(_close(result, expected)))


def _describe(trial):
    """Return the lines that show a case: its inputs, the right answer and the reader's."""
    lines = {name: _show(given) for name, given in trial.inputs.items()}
    lines |= {f"{name} afterwards": _show(after) for name, after in trial.changed.items()}
    lines["expected"] = _show(trial.expected)
    lines["got"] = _name_error(trial.error) if trial.error else _show(trial.got)
    width = max(map(len, lines))
    return "\n".join(f"    {name:{width}} = {text}" for name, text in lines.items())


def _show(value):
    """Return a value as a reader would type it, cut off where it gets long."""
    if isinstance(value, np.ndarray | np.generic):
        value = (np.round(value, 6) if value.dtype.kind == "f" else value).tolist()
    return "..." if value is ... else _cut(repr(value))


def _cut(text, width=90):
    return text if len(text) <= width else f"{text[: width - 3]}..."


def _count(number, noun):
    return f"{number} {noun}{'' if number == 1 else 's'}"


def _name_error(error):
    text = " ".join(f"{type(error).__name__}: {error}".split()).removesuffix(":")
    return _cut(text)


def _explain_change(trial):
    names = " and ".join(f"`{name}`" for name in trial.changed)
    return f"Your function changes {names}, its input. Work on a copy: array.copy()."


ERROR_ADVICE = {
    "IndexError": " A cell beyond the end was asked for: where does the loop have to stop?",
    "broadcast": " Arrays of different lengths met: is every window as long as the kernel?",
    "not aligned": " Arrays of different lengths met: is every window as long as the kernel?",
    "array element": " A whole row was put into one cell: add it up first, or index a slice.",
    "Cannot cast": " Fractions were added to an array of integers: np.zeros(size) holds both.",
    "NotImplementedError": " It is still to be written.",
}


def _explain_error(trial):
    """Return which line of the reader's function raised what, and what that often means."""
    # The first frame is the call in `_try`; after it comes the file that the function is in.
    frames = traceback.extract_tb(trial.error.__traceback__)[1:]
    own = [frame.line for frame in frames if frame.filename == frames[0].filename]
    where = f" in the line `{own[-1]}`" if own and own[-1] else ""
    text = _name_error(trial.error)
    advice = next((sentence for clue, sentence in ERROR_ADVICE.items() if clue in text), "")
    return f"Your function raises {type(trial.error).__name__}{where}.{advice}"


def _is_cut_off(trial):
    """Tell whether fractions went in and integers came out."""
    got, inputs = _as_numbers(trial.got), map(np.asarray, trial.inputs.values())
    return got is not None and got.dtype.kind == "i" and any(x.dtype.kind == "f" for x in inputs)


def _explain_type(trial):
    kind = type(trial.got).__name__
    if hasattr(trial.got, "__next__"):
        return f"Your function returns an iterator ({kind}): make a list of it, list(...)."
    try:
        array = np.asarray(trial.got)
    except ValueError:
        return "Your function returns rows of different lengths."
    if array.dtype.kind == "c":
        return "Your function returns complex numbers: take their `.real` part."
    return f"Your function returns something other than numbers ({kind})."


def _explain_shape(trial):
    got, expected = np.shape(trial.got), np.shape(trial.expected)
    if len(got) == len(expected) == 1:
        return f"The result has {_count(got[0], 'value')} and should have {expected[0]}."
    if got == ():
        return "Your function returns a single number: is `return` inside the loop?"
    asked = f"shape {expected}" if expected else "a single number"
    sums = " Are these the products? Add them up." if len(got) > len(expected) > 0 else ""
    return f"Your function returns an array of shape {got}; asked for is {asked}.{sums}"


def _explain_values(trial):
    if np.ndim(trial.expected) != 1:
        return "The result is not right."
    return f"The first wrong value has index {_first_difference(trial.got, trial.expected)}."


# What would hide everything else: (finds a failure that shows it, what went wrong)
BEFORE_ALL = [
    (lambda failed: next((t for t in failed if t.changed), None), _explain_change),
    (
        lambda failed: failed[0] if all(_agree(t.got, t.expected) for t in failed) else None,
        "The value is right, but it is a float, and a number of cells is an integer: divide with "
        "// in place of /.",
    ),
    (
        lambda failed: failed[0] if all(map(_is_cut_off, failed)) else None,
        "Fractions are cut off, because the result is collected in an array of integers: "
        "np.zeros(size) holds fractions too.",
    ),
]

# What is left for failures that nothing explains: (does it apply to the smallest, what went wrong)
AFTER_ALL = [
    (lambda trial: trial.error, _explain_error),
    (lambda trial: trial.got is None, "Here your function returned None: is a `return` missing?"),
    (lambda trial: _as_numbers(trial.got) is None, _explain_type),
    (lambda trial: np.shape(trial.got) != np.shape(trial.expected), _explain_shape),
    (lambda trial: True, _explain_values),
]
