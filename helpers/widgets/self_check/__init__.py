"""SelfCheck: a few questions at the end of a section, answered and explained on the spot."""

import html
from collections.abc import Sequence

import traitlets

from helpers.widgets.base import Widget
from helpers.widgets.self_check.prose import to_html
from helpers.widgets.self_check.questions import Choice, Number, plain


class SelfCheck(Widget):
    """Questions that readers check their own understanding with.

    Parameters
    ----------
    questions : list of Choice and Number
        Made by `choice` and `number`.
    answers : list, optional
        What is answered already; fewer than the questions leave the rest open.
    title : str
        The heading of the card; "Check yourself" unless given.
    hide : list of {"progress", "restart"}
        What to leave out.

    Attributes
    ----------
    questions : list of dict
        The questions, ready for the page. They cannot be changed.
    answers : list
        One entry for each question: the chosen option as its place in the author's list, the
        typed number, or None while it is open. Changes as the reader answers, and can be set.

    Raises
    ------
    TypeError
        If `questions` is no list of questions.
    ValueError
        If there are none, or a formula cannot be read.
    traitlets.TraitError
        If `answers` does not fit the questions.

    Examples
    --------
    >>> from helpers.widgets import number
    >>> check = SelfCheck([number("What is $6 \\\\cdot 7$?", 42, "Seven sixes.")])
    >>> check.answers
    [None]
    >>> check.answers = [41]
    >>> check.results
    [False]
    """

    module = "self_check"
    heights = (388, 372)
    parts = ("progress", "restart")

    questions = traitlets.List(traitlets.Dict(), read_only=True).tag(sync=True)
    answers = traitlets.List().tag(sync=True)

    def __init__(self, questions, **state):
        if not isinstance(questions, Sequence) or not all(
            isinstance(question, Choice | Number) for question in questions
        ):
            raise TypeError(
                f"SelfCheck needs a list of choice(...) and number(...), not {questions!r}"
            )
        if not questions:
            raise ValueError("SelfCheck needs at least one question")
        self._asked = tuple(questions)
        self._ready = [question.ready() for question in questions]
        super().__init__(**state)

    @traitlets.default("questions")
    def _ready_questions(self):
        return self._ready

    @traitlets.default("answers")
    def _none_yet(self):
        return [None] * len(self._asked)

    @traitlets.validate("answers")
    def _fitting(self, proposal):
        answers = [plain(answer) for answer in proposal.value]
        if len(answers) > len(self._asked):
            raise traitlets.TraitError(
                f"answers={answers} are {len(answers)}, but there are {len(self._asked)} questions"
            )
        for place, (question, answer) in enumerate(zip(self._asked, answers, strict=False), 1):
            if answer is None or question.accepts(answer):
                continue
            fits = (
                f"the place of an option, 0 to {len(question.options) - 1}"
                if isinstance(question, Choice)
                else "a finite number"
            )
            raise traitlets.TraitError(
                f"answers={answers}: question {place} takes {fits}, or None, not {answer!r}"
            )
        return answers + [None] * (len(self._asked) - len(answers))

    @property
    def results(self):
        """For each question True or False for a right or a wrong answer, None for an open one."""
        return [
            None if answer is None else question.is_right(answer)
            for question, answer in zip(self._asked, self.answers, strict=True)
        ]

    @property
    def fallback(self):
        """The questions as plain text, without the answers."""
        lines = ["Check yourself"]
        for place, question in enumerate(self._asked, 1):
            lines.append(f"{place}. {question.prompt}")
            lines += [f"   - {text}" for text in question.shown_options()]
        return "\n".join(lines)

    def _fallback_form(self):
        # Maths as it is written: an untrusted notebook throws MathML away and typesets the rest.
        def item(question):
            options = "".join(
                f"<li>{to_html(text, typeset=False)}</li>" for text in question.shown_options()
            )
            prompt = to_html(question.prompt, typeset=False)
            return f"<li>{prompt}{options and f'<ul>{options}</ul>'}</li>"

        items = "".join(map(item, self._asked))
        heading = html.escape(self.title) or "Check yourself"
        return f'<div class="cv-fallback"><p>{heading}</p><ol>{items}</ol></div>'
