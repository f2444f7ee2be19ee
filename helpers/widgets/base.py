"""What every widget of the book shares on the Python side.

A widget is a folder with an ES module (``widget.mjs``), a style sheet (``widget.css``), and a class
that holds its state as traits. In a live notebook anywidget carries the module to the
browser; in the built book `helpers.book` puts the same module, unchanged, on the page, and the
HTML form that `Widget` adds to a cell's output tells the page which widget stands where and in
which state. `helpers.widgets.modules` joins the modules for both.
"""

import html
import json

import anywidget
import traitlets

from helpers.widgets.goals import as_entries, meets, miss_of, problem_with
from helpers.widgets.modules import live_module, style_sources
from helpers.widgets.resources import resource_bytes
from helpers.widgets.traits import as_plain

# Traits of these kinds hold numbers or texts; for Python, True is a number.
_NO_TRUTH = traitlets.Int | traitlets.Float | traitlets.Enum | traitlets.Any


class Widget(anywidget.AnyWidget):
    """A widget of the book: live in a notebook, and alive without a kernel in the built book.

    A subclass sets `module` to the name of its files and `fallback` to the text that stands in
    for it where nothing runs, and declares its state as traits with ``sync=True``. It names in
    `resources` the large files that it needs in the page, which come only when it is near.

    Attributes
    ----------
    title : str
        The heading of the card; empty for the widget's own.
    hide : list of str
        Names of the controls to leave out, so that a lesson shows only its point.
    goal : dict
        What the reader is to reach, made by `goal`; empty for nothing. The page checks it.
    """

    module = None
    fallback = ""
    parts = ()  # the names that `hide` accepts
    recorded = ()  # the traits that the page tells Python and never asks for
    facts = {}  # name -> function of the widget: what a goal may ask for besides the state
    heights = (700, 1050)  # of its card on a laptop and a phone, in pixels, where not measured
    resources = ()  # files in `helpers.widgets.resources`, without their ending
    registry = {}  # class name -> class, for the built book

    title = traitlets.Unicode("").tag(sync=True)
    hide = traitlets.List(traitlets.Unicode()).tag(sync=True)
    goal = traitlets.Dict().tag(sync=True)

    def __init_subclass__(cls, **kwargs):
        super().__init_subclass__(**kwargs)
        if "module" in cls.__dict__:  # not the subclass that traitlets makes for each instance
            cls._esm = live_module(cls.module)
            cls._css = style_sources([cls.module])
            Widget.registry[cls.__name__] = cls

    def __init__(self, **state):
        known = set(self.trait_names())
        unknown = sorted(set(state) - known)
        if unknown:
            own = sorted(self.state_names())
            raise TypeError(
                f"{type(self).__name__} has no state named {', '.join(unknown)}: "
                f"it has {', '.join(own)}"
            )
        super().__init__(**state)
        if self.resources:
            self.on_msg(self._send_resource)

    def __setattr__(self, name, value):
        """Set a state from whatever stands for its value: NumPy's numbers and arrays, ranges.

        A trait that reads arrays itself, pictures say, has `reads_arrays`.
        """
        trait = getattr(type(self), name, None)
        if isinstance(trait, traitlets.TraitType) and issubclass(trait.this_class, Widget):
            if not getattr(trait, "reads_arrays", False):
                value = as_plain(name, value)
            if isinstance(value, bool) and isinstance(trait, _NO_TRUTH):
                raise traitlets.TraitError(f"{name}={value} does not fit: use a number")
        super().__setattr__(name, value)

    def _send_resource(self, _, content, buffers):
        """Answer a page that asks for one of the widget's files; every view of it hears it."""
        name = content.get("resource") if isinstance(content, dict) else None
        if name is None:
            return
        try:
            if name not in self.resources:
                raise FileNotFoundError(f"{type(self).__name__} has no resource {name!r}")
            self.send({"resource": name}, buffers=[resource_bytes(name)])
        except OSError as problem:
            self.send({"resource": name, "problem": f"The kernel could not send a file: {problem}"})

    @traitlets.validate("hide")
    def _known_parts(self, proposal):
        unknown = [part for part in proposal.value if part not in self.parts]
        if unknown:
            raise traitlets.TraitError(
                f"hide={unknown} names no part of {type(self).__name__}: "
                f"choose from {', '.join(self.parts)}"
            )
        return proposal.value

    @traitlets.validate("goal")
    def _goal_of_known_names(self, proposal):
        problem = problem_with(proposal.value, type(self).__name__, self.goal_names())
        if problem:
            raise traitlets.TraitError(problem)
        return proposal.value

    @classmethod
    def goal_names(cls):
        """Return the names of what a goal may ask for: states, and facts that follow from them."""
        shell = {"title", "hide", "goal", *cls.recorded}
        return [*(name for name in cls.state_names() if name not in shell), *cls.facts]

    def goal_value(self, name):
        """Return the value of a state or a fact, as plain numbers, texts and lists."""
        value = self.facts[name](self) if name in self.facts else getattr(self, name)
        return as_entries(value)

    @property
    def goal_met(self):
        """Whether the goal is reached; None where there is none."""
        return meets(self.goal["reach"], self.goal_value) if self.goal else None

    @property
    def goal_miss(self):
        """What the page says of a near miss; "" where it is none."""
        return "" if not self.goal or self.goal_met else miss_of(self.goal, self.goal_value)

    @classmethod
    def state_names(cls):
        """Return the names of the traits that make up the widget's state."""
        inherited = set(anywidget.AnyWidget.class_trait_names())
        return [
            name
            for name in cls.class_trait_names(sync=True)
            if name not in inherited and not name.startswith("_")
        ]

    def state(self):
        """Return the widget's state as plain values, ready for JSON."""
        return {name: getattr(self, name) for name in self.state_names()}

    def _repr_mimebundle_(self, **kwargs):
        bundle = super()._repr_mimebundle_(**kwargs)
        if bundle is None:
            return None
        data, metadata = bundle if isinstance(bundle, tuple) else (bundle, {})
        data["text/plain"] = f"{type(self).__name__}: {self.fallback}"
        data["text/html"] = self._static_form()
        return data, metadata

    def _static_form(self):
        """Return the container that the page's host turns into the widget."""
        state = json.dumps(self.state(), allow_nan=False).replace("<", "\\u003c")
        return (
            f'<div class="cv-widget" data-widget="{type(self).__name__}">'
            f'<script type="application/json">{state}</script>'
            f"{self._fallback_form()}"
            "</div>"
        )

    def _fallback_form(self):
        """Return the HTML that a reader sees where nothing runs."""
        return f'<p class="cv-fallback">{html.escape(self.fallback)}</p>'
