"""The exercises on counting: how many positions a kernel has.

The right answers come from listing the positions, not from the formula that readers look for.
"""

import inspect

import numpy as np

from helpers.diagnosis import Exercise

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


def options_of(function):
    """Return those of the options that the function has arguments for."""
    try:
        parameters = inspect.signature(function).parameters
    except (TypeError, ValueError):  # not a function, or one written in C
        return ()
    takes_any = any(parameter.kind is parameter.VAR_KEYWORD for parameter in parameters.values())
    return tuple(name for name in OPTIONS if takes_any or name in parameters)
