"""Try a function on many small cases, and say in one sentence what it does wrong.

An `Exercise` says what is asked for. Each case becomes a `Trial`, and the explanations are gone
through from the sure to the vague: what would hide everything else, then the known mistakes and
the patterns of the exercise, then whatever is left. The first that fits is what the reader is told.
"""

import copy
import inspect
import textwrap
import traceback
from collections.abc import Callable
from dataclasses import dataclass, field

import numpy as np

from helpers.checks.relations import relation


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
    pick: Callable = lambda result: result  # what of the result is looked at, if it is several


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
        asked = isinstance(trials[0].expected, np.ndarray)
        lists = asked and all(isinstance(trial.got, (list, tuple)) for trial in trials)
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
    if np.isnan(given).any() and not np.isnan(right).any():
        why.append("nan is what 0 divided by 0 gives.")
    elif right.size > 1:
        related = relation([(given, right)])
        why.append("" if "more after" in related or "are missing" in related else related)
    elif given.ndim == right.ndim == 0:
        why.append(_nearly(float(given), float(right)))
    why = [sentence for sentence in why if sentence]
    if given.shape != right.shape:
        why.append(f"It has {_count(given.size, 'value')}, and that is not how many there are.")
    elif right.ndim == 1:
        why.append(f"The first wrong value has index {_first_difference(given, right)}.")
    return Feedback(False, " ".join([f"✗ {name} = {_show(got)} is not right.", *why[:1]]))


def _nearly(given, right):
    """Return what can be said about a number that no known mistake leads to."""
    if right and np.isclose(given, 100 * right):
        return "That is in per cent: a share is asked for."
    if right % 1 and abs(given - right) < 0.005 * abs(right):
        return "That is very close: do not round."
    if not np.isfinite(given):
        return "That is no finite number."
    return f"It is too {'large' if given > right else 'small'}."


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

    yield next((trial for trial in failed if trial.error), None), _explain_error
    if all(_as_numbers(trial.got) is not None for trial in trials):
        related = relation([(trial.got, trial.expected) for trial in trials])
        yield failed[0] if related else None, related

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
        got = exercise.pick(function(*arguments, **options))
    except Exception as error:  # whatever a reader's function raises is told, not passed on
        return Trial(inputs, expected, error=error)
    changed = {name: given[name] for name in inputs if not _agree(given[name], inputs[name])}
    right = _agree(got, expected) and not changed
    if exercise.whole:
        right = right and _as_numbers(got).dtype.kind != "f"
    return Trial(inputs, expected, got, changed=changed, right=right)


def _as_numbers(result):
    """Return a result as an array, or None if it does not hold real numbers only."""
    try:
        array = np.asarray(result)
    except Exception:  # ragged, or an object that is no array
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
    close = _close(result, expected)
    index = tuple(map(int, np.unravel_index(np.argmin(close), close.shape)))
    return index[0] if len(index) == 1 else index


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
    shape = np.shape(value) if isinstance(value, np.ndarray) else ()
    value = _plain(value)
    # So many brackets are hard to count.
    told = f", of shape {shape}" if len(shape) > 2 else ""
    try:
        text = repr(value)
    except Exception:  # a number of very many digits, for one
        text = f"something that cannot be written out ({type(value).__name__})"
    return "..." if value is ... else _cut(text, 90 - len(told)) + told


def _plain(value):
    """Return NumPy's numbers as Python's, also inside lists, and fractions to six digits."""
    if isinstance(value, np.ndarray | np.generic):
        value = value.tolist()
    if isinstance(value, list | tuple):
        return type(value)(map(_plain, value)) if type(value) in (list, tuple) else value
    return round(value, 6) if isinstance(value, float) else value


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
    "(dim 1) !=": " The shapes of a matrix product do not fit: does one of the two want a .T?",
    "core dimension": " The shapes of a matrix product do not fit: does one of the two want a .T?",
    "not aligned": " Arrays of different lengths met: is every window as long as the kernel?",
    "array element": " A whole row was put into one cell: add it up first, or index a slice.",
    "Cannot cast": " Fractions were added to an array of integers: np.zeros(size) holds both.",
    "truth value": " An array came where one number fits: np.maximum and np.where take arrays.",
    "'tuple' and 'tuple'": " Tuples are no numbers to calculate with: go through them with zip.",
    "not tuple": " Tuples are no numbers to calculate with: go through them with zip.",
    "concatenate tuple": " Tuples are no numbers to calculate with: + puts them in a row. Use zip.",
    "cannot reshape": " The numbers do not fill that shape: cut off first what is left over.",
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
    except Exception:  # an object that pretends to be an array
        array = np.array(None)
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
    if not np.ndim(trial.expected):
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


def tell(feedback):
    """Print the message with its sentence broken into lines that fit beside the book's margins."""
    sentence, *case = feedback.message.splitlines()
    lines = textwrap.wrap(sentence, 88, break_long_words=False, break_on_hyphens=False)
    print(*lines, *case, sep="\n")
