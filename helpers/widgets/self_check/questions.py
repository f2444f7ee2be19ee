"""The questions of `SelfCheck`: each answer, right or wrong, carries its own explanation.

"Wrong" alone teaches nothing, so a wrong option must say what is wrong about it, and a number that
a known mistake leads to can name that mistake. All text is Markdown with ``$maths$``.
"""

import hashlib
import math
from collections.abc import Mapping
from dataclasses import dataclass
from numbers import Real

from helpers.widgets.self_check.prose import to_html

# A number that is no integer counts as right within half a per cent, so that it may be rounded.
_ROUNDING = 0.005


@dataclass(frozen=True)
class Option:
    """One answer that a reader can choose."""

    text: str
    why: str
    right: bool


@dataclass(frozen=True)
class Choice:
    """A question with a few answers to choose from; `order` is the one in which they are shown."""

    prompt: str
    options: tuple[Option, ...]
    order: tuple[int, ...]

    def ready(self):
        """Return what the page needs, as plain values with the text made into HTML."""
        options = [
            {"text": to_html(option.text), "why": to_html(option.why), "right": option.right}
            for option in self.options
        ]
        prompt = to_html(self.prompt)
        return {"kind": "choice", "prompt": prompt, "options": options, "order": list(self.order)}

    def shown_options(self):
        """Return the texts of the options in the order in which they are shown."""
        return [self.options[i].text for i in self.order]

    def accepts(self, answer):
        """Tell whether `answer` names an option."""
        whole = isinstance(answer, int) and not isinstance(answer, bool)
        return whole and 0 <= answer < len(self.options)

    def is_right(self, answer):
        """Tell whether `answer` names the right option."""
        return self.options[answer].right


@dataclass(frozen=True)
class Number:
    """A question whose answer is typed."""

    prompt: str
    answer: int | float
    why: str
    wrong: tuple[tuple[int | float, str], ...]
    tolerance: float
    unit: str
    hint: str

    def ready(self):
        """Return what the page needs, as plain values with the text made into HTML."""
        return {
            "kind": "number",
            "prompt": to_html(self.prompt),
            "answer": self.answer,
            "why": to_html(self.why),
            "wrong": [{"value": value, "why": to_html(text)} for value, text in self.wrong],
            "tolerance": self.tolerance,
            "unit": self.unit,
            "hint": to_html(self.hint),
        }

    def shown_options(self):
        """Return nothing: there is nothing to choose from."""
        return []

    def accepts(self, answer):
        """Tell whether `answer` is a finite number."""
        number_like = isinstance(answer, int | float) and not isinstance(answer, bool)
        return number_like and math.isfinite(answer)

    def is_right(self, answer):
        """Tell whether `answer` is as close to the right one as it has to be."""
        return abs(answer - self.answer) <= self.tolerance


def right(text, why):
    """Return the right option of a `choice`, with the reason why it is right."""
    return Option(_text("the right option", text), _text(f"why of {text!r}", why), True)


def wrong(text, why):
    """Return a wrong option of a `choice`, with what is wrong about it."""
    return Option(_text("a wrong option", text), _text(f"why of {text!r}", why), False)


def choice(prompt, options, *, shuffle=True):
    """Return a question with one right option.

    Parameters
    ----------
    prompt : str
        The question, in Markdown with ``$maths$``.
    options : list of Option
        One `right` and one or more `wrong`, in any order: readers see them in an order that
        depends on their texts alone, so that the right one is not always first and every page,
        reload and kernel shows the same.
    shuffle : bool
        False keeps the order of the list, for options that have one.

    Raises
    ------
    TypeError
        If a text is no text, or an option was not made by `right` or `wrong`.
    ValueError
        If there is not exactly one right option, or a text is empty or used twice.

    Examples
    --------
    >>> question = choice(
    ...     "How long is the full convolution of 5 and 3 values?",
    ...     [right("7", "$5 + 3 - 1$"), wrong("5", "That is *same*."), wrong("3", "*Valid*.")],
    ... )
    >>> sorted(question.shown_options())
    ['3', '5', '7']
    """
    prompt = _text("the prompt", prompt)
    name = f"the question {prompt!r}"
    if isinstance(options, Option) or not all(isinstance(entry, Option) for entry in options):
        raise TypeError(f"{name} needs a list of right(...) and wrong(...), not {options!r}")
    options = tuple(options)
    if len(options) < 2:
        raise ValueError(f"{name} has {len(options)} option(s): give it at least 2")
    count = sum(option.right for option in options)
    if count != 1:
        raise ValueError(f"{name} has {count} right options: exactly one must be right(...)")
    _refuse_twins(name, "option", [option.text for option in options])
    _refuse_twins(name, "explanation", [option.why for option in options])
    order = sorted(range(len(options)), key=lambda i: _mix(prompt, options[i].text))
    return Choice(prompt, options, tuple(order if shuffle else range(len(options))))


def number(prompt, answer, why, *, wrong=(), tolerance=None, unit="", hint=""):
    """Return a question whose answer is a number.

    Parameters
    ----------
    prompt : str
        The question, in Markdown with ``$maths$``.
    answer : int, float or NumPy scalar
        Finite, and best computed.
    why : str
        Why it is that number.
    wrong : dict of number to str, or list of (number, str)
        What known mistakes lead to, and the mistake. A dict whose keys are computed loses one of
        two that come out equal; a list of pairs reports them.
    tolerance : float, optional
        How far an answer may be from the right one. Unless given, 0 for integers and half a per
        cent for other numbers.
    unit : str
        Shown behind the field; readers may type it too.
    hint : str
        What to say to a number that is wrong in no known way; a general hint unless given.

    Raises
    ------
    TypeError
        If a number is no real number, or a text no text.
    ValueError
        If a number is not finite, a wrong one counts as right, two wrong ones cannot be told
        apart, or a text is missing.

    Examples
    --------
    >>> number("What is $2 + 2$?", 4, "Two and two.", wrong={5: "One too many."}).is_right(4)
    True
    """
    prompt = _text("the prompt", prompt)
    name = f"the question {prompt!r}"
    answer = _number(f"answer of {name}", answer)
    if tolerance is None:
        tolerance = 0 if answer == round(answer) else _ROUNDING * abs(answer)
    tolerance = _number(f"tolerance of {name}", tolerance)
    if tolerance < 0:
        raise ValueError(f"tolerance={tolerance} of {name} is negative: use 0 or more")
    # Not below what rounding in binary costs: 0.1 + 0.2 is right where 0.3 is.
    tolerance = max(tolerance, 1e-9 * abs(answer), 1e-12)

    pairs = []
    for value, diagnosis in wrong.items() if isinstance(wrong, Mapping) else wrong:
        value = _number(f"wrong value of {name}", value)
        if abs(value - answer) <= tolerance:
            raise ValueError(f"the wrong value {value} of {name} counts as right: it is {answer}")
        for other, _ in pairs:
            if abs(value - other) <= tolerance:
                raise ValueError(
                    f"the wrong values {other} and {value} of {name} cannot be told apart"
                )
        pairs.append((value, _text(f"diagnosis of {value} in {name}", diagnosis)))
    why = _text(f"why of {name}", why)
    hint = _text(f"hint of {name}", hint) if hint else ""
    unit = _text(f"unit of {name}", unit) if unit else ""
    return Number(prompt, answer, why, tuple(pairs), tolerance, unit, hint)


def _text(name, value):
    """Return `value` if it is text with something in it."""
    if not isinstance(value, str):
        raise TypeError(f"{name} must be text, not {value!r}")
    if not value.strip():
        raise ValueError(f"{name} is empty")
    return value.strip()


def plain(value):
    """Return a NumPy scalar as a Python number, and anything else as it is."""
    scalar = getattr(value, "shape", None) == () and hasattr(value, "item")
    return value.item() if scalar else value


def _number(name, value):
    """Return `value` as an int or float if it is a finite real number."""
    value = plain(value)
    if isinstance(value, bool) or not isinstance(value, Real):
        raise TypeError(f"{name} must be a number, not {value!r}")
    if not math.isfinite(value):
        raise ValueError(f"{name} must be finite, not {value}")
    return value if isinstance(value, int) else float(value)


def _refuse_twins(name, what, texts):
    """Refuse two texts that are the same."""
    twin = next((text for text in texts if texts.count(text) > 1), None)
    if twin is not None:
        raise ValueError(f"{name} has the {what} {twin!r} twice: each option needs its own")


def _mix(*texts):
    """Return bytes that look drawn at random, but are the same for the same texts."""
    return hashlib.sha256("\0".join(texts).encode()).digest()
