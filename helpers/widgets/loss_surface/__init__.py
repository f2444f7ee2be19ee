"""LossSurface: optimisers race over the loss of a 1-2-1 network, seen over two parameters."""

import math

import numpy as np
import traitlets

from helpers.widgets.base import Widget
from helpers.widgets.loss_surface import race
from helpers.widgets.traits import Answer

_RACERS = race.RACERS


class LossSurface(Widget):
    """Let optimisers race downhill over the loss of a 1-2-1 network, seen from above or in space.

    Weight and bias of the first hidden neuron move, the other five parameters stay. The loss is 0
    at weight 6 and bias −3.

    Attributes
    ----------
    weight, bias : float
        Where all start: weight from −6 to 14, bias from −12 to 8.
    learning_rate : float
        η of all but Newton's method, from 0.0001 to 100.
    momentum : float
        μ of the racer "momentum", from 0 to 0.99.
    optimizers : list of str
        Who races: "sgd", "momentum", "mini_batch", "rmsprop", "adam", "newton", "newton_damped".
    selected : str
        Whose steps are written out.
    view : {"contour", "surface"}
        Level lines, or a surface that can be turned.
    steps : int
        The length of the race, 10 to 2000.
    step : int
        How far it has come; beyond `steps`, the end is shown.
    seed, batch_size : int
        Of "mini_batch": where its order comes from, and how many of the 21 samples each step sees.
    answer : {"shown", "hidden"}
        "hidden" asks the reader who will be lowest before the race is run.

    Raises
    ------
    traitlets.TraitError
        If a value does not fit; the message says what would.

    Examples
    --------
    >>> widget = LossSurface(weight=-4, bias=1, learning_rate=0.5)
    >>> path = widget.path("sgd", 300)
    >>> path[-1].round(1)
    array([ 4.1, -2. ])
    >>> round(widget.loss(*path[-1]), 4)
    0.0064
    """

    module = "loss_surface"
    heights = (1029, 827)
    fallback = (
        "The mean squared error of a small network over the weight and the bias of one of its "
        "neurons is a plain with a narrow, flat valley in it. Gradient descent, momentum, RMSprop, "
        "Adam and Newton's method set off from the same point; gradient descent gets stuck in the "
        "valley before it reaches the lowest point, because the neuron's sigmoid is saturated "
        "there. Run this cell in a notebook, or open the book in a browser, to let them race."
    )
    parts = (
        "view", "racers", "rate", "momentum", "start", "steps", "seed", "predict",
        "table", "curves", "why", "update", "size", "playback",
    )  # fmt: skip
    facts = {
        "final_loss": lambda widget: widget.losses.get(widget.selected),
        "start_loss": lambda widget: widget.loss(widget.weight, widget.bias),
        "progress": lambda widget: (
            widget.loss(widget.weight, widget.bias) - widget.losses[widget.selected]
            if widget.selected in widget.optimizers
            else None
        ),
    }

    weight = traitlets.Float(-4.0).tag(sync=True)
    bias = traitlets.Float(1.0).tag(sync=True)
    learning_rate = traitlets.Float(0.5).tag(sync=True)
    momentum = traitlets.Float(0.8).tag(sync=True)
    optimizers = traitlets.List(traitlets.Unicode(), list(_RACERS[:-1])).tag(sync=True)
    selected = traitlets.Enum(_RACERS, "sgd").tag(sync=True)
    view = traitlets.Enum(["contour", "surface"], "contour").tag(sync=True)
    steps = traitlets.Int(300).tag(sync=True)
    step = traitlets.Int(0).tag(sync=True)
    seed = traitlets.Int(1).tag(sync=True)
    batch_size = traitlets.Int(2).tag(sync=True)
    answer = Answer().tag(sync=True)

    _LIMITS = {
        "weight": race.RANGES[0],
        "bias": race.RANGES[1],
        "learning_rate": (1e-4, 100),
        "momentum": (0, 0.99),
        "steps": (10, 2000),
        "step": (0, 2000),
        "seed": (0, 2**32 - 1),
        "batch_size": (1, 21),
    }

    @traitlets.validate(*_LIMITS)
    def _within_limits(self, proposal):
        name, value = proposal.trait.name, proposal.value
        low, high = self._LIMITS[name]
        if not (math.isfinite(value) and low <= value <= high):
            raise traitlets.TraitError(
                f"{name}={value} does not fit: use a number from {low:g} to {high}"
            )
        return value

    @traitlets.validate("optimizers")
    def _known_racers(self, proposal):
        unknown = [name for name in proposal.value if name not in _RACERS]
        if unknown or not proposal.value:
            raise traitlets.TraitError(
                f"optimizers={proposal.value} does not fit: use one or more of {', '.join(_RACERS)}"
            )
        return proposal.value

    def loss(self, weight, bias):
        """Return the mean squared error at one point of the surface."""
        return race.Slice().loss(weight, bias)

    def gradient(self, weight, bias):
        """Return [∂L/∂w, ∂L/∂b] at one point, as an ndarray of shape (2,)."""
        return race.Slice().gradient(weight, bias)

    def hessian(self, weight, bias):
        """Return the second derivatives at one point, as an ndarray of shape (2, 2)."""
        return race.Slice().hessian(weight, bias)

    def path(self, optimizer, steps=None):
        """Return the points that an optimiser visits, with the widget's settings.

        Parameters
        ----------
        optimizer : str
            A racer, see `optimizers`; it need not be among those that race.
        steps : int, optional
            How many to take; None for the length of the race.

        Returns
        -------
        ndarray of shape (steps + 1, 2)
            Weight and bias, from the start on; fewer rows if the optimiser diverged.

        Raises
        ------
        ValueError
            If the optimiser is unknown, or `steps` is negative.

        Notes
        -----
        It is the path in the browser, as far as rounding does not decide: where RMSprop jumps about
        the optimum, it doubles every difference in the last digit within a few steps.
        """
        steps = self.steps if steps is None else steps
        if steps < 0:
            raise ValueError(f"steps={steps} does not fit: use a number of at least 0")
        return race.race(
            optimizer, (self.weight, self.bias), steps,
            learning_rate=self.learning_rate, momentum=self.momentum, seed=self.seed,
            batch_size=self.batch_size,
        )  # fmt: skip

    @property
    def losses(self):
        """The loss of everyone who races at the end: a dict, infinite for who diverged."""
        surface, finals = race.Slice(), {}
        for name in self.optimizers:
            path = self.path(name)
            finals[name] = surface.loss(*path[-1]) if len(path) > self.steps else np.inf
        return finals
