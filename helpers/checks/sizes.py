"""The exercise on counting how many positions a kernel has, along one axis or two.

The right answers come from listing them, not from the formula that readers look for.
"""

import inspect

import numpy as np

from helpers.arguments import as_count, as_list, one_of
from helpers.checks.diagnosis import Exercise, diagnose, tell
from helpers.limits import told

OPTIONS = ("stride", "padding", "dilation")


def output_size_exercise(options=OPTIONS, axes=1):
    """Return the exercise on (input_size, kernel_size) and the options named, passed by name.

    With two axes, each of them is a pair (down, across), and so is the answer.
    """
    named = f" (with {', '.join(options)})" if options else ""
    oracle = f"counting the positions{named}"
    if axes == 1:
        expected, mistakes, patterns = _count_positions, _size_slips, _size_patterns
        cases = _sizes(options)
    else:
        expected, mistakes, patterns = _count_both, _pair_slips, _pair_patterns
        rows, cols = _sizes(options), np.random.default_rng(5).permutation(_sizes(options))
        cols[::4] = rows[::4]  # some squares
        pairs = zip(rows, cols, strict=True)
        cases = [{name: (down[name], across[name]) for name in down} for down, across in pairs]
        cases.sort(key=lambda case: sum(map(sum, case.values())))
    return Exercise(oracle, expected, cases, mistakes, patterns, tuple(options), whole=True)


def _size_slips(input_size, kernel_size, stride=1, padding=0, dilation=1):
    """Return {what went wrong: the size that comes out} along one axis."""
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
        "Two too few: add 1 to the number of moves, do not take 1 off.": room // s - 1,
        "The kernel is left out: it has to fit as a whole, so take its span off first.": (
            (i + 2 * p - 1) // s + 1
        ),
        "The kernel is added: it takes room, so take its span off.": (
            (i + 2 * p + d * (k - 1) - 1) // s + 1
        ),
        "Padding is taken off: it makes the input longer.": (room - 4 * p) // s + 1,
        "The kernel spans d * (k - 1) + 1 cells: one more has to come off before you divide.": (
            (room + 1) // s + 1
        ),
        "Only the input is divided by the stride: take the kernel's span off first.": (
            (i + 2 * p) // s - d * (k - 1)
        ),
        "Only the stride counts here. Kernel and padding do, too.": i // s,
        "This is the size that TensorFlow's SAME gives: here kernel and padding count.": -(-i // s),
    }


def _size_patterns(input_size, kernel_size, stride=1, padding=0, dilation=1):
    """Return {what went wrong: whether the size is right here} along one axis."""
    return {
        "Right only without padding.": padding == 0,
        "Right only for stride 1.": stride == 1,
        "Right only for dilation 1.": dilation == 1 or kernel_size == 1,
    }


def _by_axis(pairs):
    """Return {name: value} for the rows and for the columns, from {name: (down, across)}."""
    return [{name: pair[axis] for name, pair in pairs.items()} for axis in (0, 1)]


def _count_both(**pairs):
    return tuple(_count_positions(**along) for along in _by_axis(pairs))


def _pair_slips(**pairs):
    """Return {what went wrong: what comes out} for two axes."""
    rows, cols = _count_both(**pairs)
    results = {
        "The two numbers are swapped: rows first, then columns.": (cols, rows),
        "Both numbers are those of the rows: the second one is for the columns.": (rows, rows),
        "Both numbers are those of the columns: the first one is for the rows.": (cols, cols),
        "This is the number of rows alone: return both, (rows, columns).": rows,
        "This is the number of columns alone: return both, (rows, columns).": cols,
        "This is how many positions there are in all: return (rows, columns).": rows * cols,
    }
    for name, pair in pairs.items():
        down, across = _count_both(**{**pairs, name: pair[::-1]})
        results[
            f"{name} is taken the wrong way round: the first number goes down, the second across."
        ] = (down, across) if down > 0 and across > 0 else None
    for name, (down, across) in pairs.items():
        for used, which in ((down, "first"), (across, "second")):
            both = _count_both(**{**pairs, name: (used, used)})
            results[f"{name}: its {which} number is used for both axes."] = (
                both if min(both) > 0 else None
            )
    along_rows, along_cols = (_size_slips(**along) for along in _by_axis(pairs))
    for name in along_rows:
        results[name] = (along_rows[name], along_cols[name])
        results[f"In the rows: {name}"] = (along_rows[name], cols)
        results[f"In the columns: {name}"] = (rows, along_cols[name])
    return results


def _pair_patterns(**pairs):
    """Return {what went wrong: whether the sizes are right here} for two axes."""
    along_rows, along_cols = (_size_patterns(**along) for along in _by_axis(pairs))
    both = {name: along_rows[name] and along_cols[name] for name in along_rows}
    alike = all(down == across for down, across in pairs.values())
    return {"Right only where rows and columns are alike.": alike, **both}


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


def options_of(function, options=OPTIONS):
    """Return those of the options that the function has arguments for."""
    try:
        parameters = inspect.signature(function).parameters
    except (TypeError, ValueError):  # not a function, or one written in C
        return ()
    takes_any = any(parameter.kind is parameter.VAR_KEYWORD for parameter in parameters.values())
    return tuple(name for name in options if takes_any or name in parameters)


def as_options(options, known=OPTIONS):
    """Return the names of options as a tuple."""
    fits = f"a list of some of {', '.join(known)}"
    for option in as_list("options", options, fits):
        one_of("options", option, known)
    return tuple(options)


def output_size(function, *, options=None, axes=1):
    """Check a function of (input_size, kernel_size, ...) by counting, and print what comes out.

    Parameters
    ----------
    function : callable
        Takes two whole numbers and, by name, some of `stride`, `padding` (on each side) and
        `dilation`; returns the number of positions.
    options : sequence of str, optional
        The names that the exercise asks for. By default those that the function takes.
    axes : 1 or 2
        With 2, every argument is a pair (down, across), and so is what the function returns.

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
    options = options_of(function) if options is None else as_options(options)
    if as_count("axes", axes) > 2:
        raise ValueError(f"axes={told(axes)} does not fit: use 1 or 2")
    tell(diagnose(function, output_size_exercise(options, axes)))
