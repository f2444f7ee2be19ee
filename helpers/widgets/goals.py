"""A goal in a widget: a sentence that says what to reach, and conditions that say when it is.

The page checks it by itself, as `Widget.goal_met` does in Python. Nothing in a goal is run: it
names states of the widget, or its `facts`, which follow from the states, and says what they should
be. The same rules are in ``arithmetic/goals.mjs``, with the same sentences.
"""

import math
import re

_KEYS = ("says", "reach", "near", "now", "met")
_CONDITIONS = ("least", "most", "not", "any", "each")
_CLOSE = 1e-6  # numbers that differ by less, or by less than such a part, are equal
_PLACES = re.compile(r"\{(\w+)\}")


def goal(says, reach, *, near=(), now="", met=""):
    """Return a goal for a widget of the book.

    Parameters
    ----------
    says : str
        What the reader is to reach, in a sentence.
    reach : dict
        State or fact of the widget -> what it should be: a value, a list of them, or what
        `at_least`, `at_most`, `between`, `other_than`, `any_of` and `each` return. All must hold.
    near : list of (dict, str), optional
        Ways to miss it: conditions as in `reach`, and the sentence that says what went wrong. The
        first that holds is told.
    now : str, optional
        What is told of any other try; ``{name}`` stands for the value of a state or a fact.
    met : str, optional
        What is told once it is reached: why it works, say.

    Returns
    -------
    dict

    Raises
    ------
    TypeError
        If `near` is no list of pairs. What else does not fit is refused by the widget, which knows
        its own states and facts.

    Examples
    --------
    >>> made = goal("Let the weights add up to 1.", {"kernel_sum": 1}, now="The sum is {kernel_sum}.")
    >>> made["reach"], made["near"]
    ({'kernel_sum': 1}, [])
    """  # noqa: E501
    if not isinstance(near, list | tuple) or not all(_is_pair(miss) for miss in near):
        raise TypeError(f"near={near!r} has to be a list of pairs: [(conditions, sentence), ...]")
    misses = [{"when": when, "says": sentence} for when, sentence in near]
    made = {"says": says, "reach": reach, "near": misses, "now": now, "met": met}
    return as_entries(made)


def _is_pair(miss):
    return isinstance(miss, list | tuple) and len(miss) == 2


def at_least(number):
    """Return the condition that a value is a number of at least this size."""
    return {"least": number}


def at_most(number):
    """Return the condition that a value is a number of at most this size."""
    return {"most": number}


def between(least, most):
    """Return the condition that a value is a number in a range, its ends included."""
    return {"least": least, "most": most}


def other_than(wanted):
    """Return the condition that another one does not hold."""
    return {"not": wanted}


def any_of(*wanted):
    """Return the condition that one or more of several hold."""
    return {"any": list(wanted)}


def each(wanted):
    """Return the condition that all entries of a list meet another one."""
    return {"each": wanted}


def fits(value, wanted):
    """Return whether a value meets a condition.

    Examples
    --------
    >>> fits([0, 1, 0.5], [0, 1, between(0, 1)]), fits(True, 1), fits(None, other_than(3))
    (True, False, False)
    """
    if value is None or (isinstance(value, float) and math.isnan(value)):
        return False
    if isinstance(wanted, dict):
        return all(_holds(value, name, bound) for name, bound in wanted.items())
    if isinstance(wanted, list | tuple):
        return (
            isinstance(value, list | tuple)
            and len(value) == len(wanted)
            and all(map(fits, value, wanted))
        )
    if _is_number(wanted):
        return _is_number(value) and (
            value == wanted or abs(value - wanted) <= _CLOSE * max(1, abs(wanted))
        )
    return type(value) is type(wanted) and value == wanted


def _holds(value, name, bound):
    if name == "not":
        return not fits(value, bound)
    if name == "any":
        return any(fits(value, wanted) for wanted in bound)
    if name == "each":
        return isinstance(value, list | tuple) and all(fits(entry, bound) for entry in value)
    return _is_number(value) and (value >= bound if name == "least" else value <= bound)


def as_entries(value):
    """Return NumPy's arrays and numbers, and tuples, as lists and plain numbers."""
    if hasattr(value, "tolist"):
        value = value.tolist()
    if isinstance(value, dict):
        return {key: as_entries(entry) for key, entry in value.items()}
    return [as_entries(entry) for entry in value] if isinstance(value, list | tuple) else value


def _is_number(value):
    return isinstance(value, int | float) and not isinstance(value, bool)


def problem_with(made, widget, names):
    """Return the sentence that says why a widget cannot have this goal; "" if it can.

    Parameters
    ----------
    made : dict
        The goal; empty for none.
    widget : str
        The name of its class.
    names : iterable of str
        Its states and facts.
    """
    if not made:
        return ""
    unknown = [key for key in made if key not in _KEYS]
    if unknown:
        return f"A goal has no “{unknown[0]}”: it has {', '.join(_KEYS)}."
    if not isinstance(made.get("says"), str) or not made["says"]:
        return "A goal needs a sentence that says what to reach."
    if not isinstance(made.get("reach"), dict) or not made["reach"]:
        return "A goal needs at least one condition in “reach”."
    near = made.get("near", [])
    if not isinstance(near, list) or not all(_is_miss(miss) for miss in near):
        return "Each entry of “near” needs its conditions, “when”, and a sentence, “says”."
    texts = [made.get("now", ""), made.get("met", "")]
    if not all(isinstance(text, str) for text in texts):
        return "“now” and “met” of a goal are sentences."
    names = sorted(names)
    asked = [made["reach"], *(miss["when"] for miss in near)]
    for name in [*(name for when in asked for name in when), *_PLACES.findall(texts[0])]:
        if name not in names:
            return f"{widget} has no “{name}” that a goal could ask for: it has {', '.join(names)}."
    for wanted in [wanted for when in asked for wanted in when.values()]:
        if problem := _problem_with_condition(wanted):
            return problem
    return ""


def _is_miss(miss):
    return (
        isinstance(miss, dict)
        and sorted(miss) == ["says", "when"]
        and isinstance(miss["when"], dict)
        and bool(miss["when"])
        and isinstance(miss["says"], str)
        and bool(miss["says"])
    )


def _problem_with_condition(wanted):
    if isinstance(wanted, list | tuple):
        return next(filter(None, map(_problem_with_condition, wanted)), "")
    if isinstance(wanted, dict):
        for name, bound in wanted.items():
            if name not in _CONDITIONS:
                return f"“{name}” is no condition: use {', '.join(_CONDITIONS)}."
            if name in ("least", "most") and not _is_number(bound):
                return f"“{name}” needs a number."
            if name == "any" and not isinstance(bound, list | tuple):
                return "“any” needs a list."
            if name not in ("least", "most") and (problem := _problem_with_condition(bound)):
                return problem
        return "" if wanted else "A condition without anything in it always holds."
    return ""


def miss_of(made, value_of):
    """Return the sentence of the first near miss whose conditions hold, or ""."""
    for miss in made.get("near", []):
        if meets(miss["when"], value_of):
            return miss["says"]
    return ""


def meets(conditions, value_of):
    """Return whether all conditions hold; `value_of` returns what a name stands for."""
    return all(fits(value_of(name), wanted) for name, wanted in conditions.items())
