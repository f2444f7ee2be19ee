"""FrequencyResponse: a sinusoid goes through a kernel and comes out scaled and shifted."""

import numpy as np
import traitlets

from helpers.widgets.base import Widget
from helpers.widgets.traits import Answer, Numbers, Step

MOST_CELLS = 7
LARGEST = 1000
STEPS = 30  # from the slowest frequency to the fastest


class FrequencyResponse(Widget):
    """Send a sinusoid through a kernel, and read off the gain and the phase at each frequency.

    Attributes
    ----------
    kernel : list of float
        The kernel w, 1 to 7 numbers from −1000 to 1000. It is convolved: w[0] is the newest cell.
    step : int
        The frequency, in sixtieths of an oscillation a cell: from 0, where nothing oscillates, to
        30, which is ½, the fastest that cells can hold.
    stride : int
        Which cells of the output are kept: every one, every second, third or fourth.
    answer : {"shown", "hidden"}
        "hidden" asks the reader for the gain at each frequency before it is revealed.

    Raises
    ------
    traitlets.TraitError
        If a value does not fit; the message says what would.

    Examples
    --------
    >>> widget = FrequencyResponse(kernel=[0.5, 0.5], step=20)
    >>> round(widget.frequency, 3), round(widget.gain, 3), round(widget.phase)
    (0.333, 0.5, -60)
    """

    module = "frequency_response"
    heights = (683, 686)
    fallback = (
        "A sinusoid goes through a kernel. The same sinusoid comes out, scaled by the gain and "
        "shifted by the phase; both depend on frequency and kernel. "
        "Run this cell in a notebook, or open the book in a browser, to change them yourself."
    )
    parts = ("examples", "length", "stride", "arrows", "predict", "size", "playback")

    kernel = Numbers([0.25, 0.5, 0.25]).tag(sync=True)
    step = Step(6, max=STEPS).tag(sync=True)
    stride = traitlets.Int(1, min=1, max=4).tag(sync=True)
    answer = Answer().tag(sync=True)

    @traitlets.validate("kernel")
    def _fits(self, proposal):
        size = len(proposal.value)
        if not 1 <= size <= MOST_CELLS:
            raise traitlets.TraitError(f"kernel has {size} cells: use 1 to {MOST_CELLS}")
        largest = max(proposal.value, key=abs)
        if abs(largest) > LARGEST:
            raise traitlets.TraitError(
                f"{largest} in kernel is too large: use numbers from −{LARGEST} to {LARGEST}"
            )
        return proposal.value

    @property
    def frequency(self):
        """Oscillations per cell, from 0 to ½."""
        return self.step / (2 * STEPS)

    @property
    def response(self):
        """H(f) = Σ w[k]·e^(−2πifk), a complex number."""
        k = np.arange(len(self.kernel))
        return complex(np.exp(-2j * np.pi * self.frequency * k) @ np.array(self.kernel))

    @property
    def gain(self):
        """The length of H(f): by how much the sinusoid is scaled."""
        return abs(self.response)

    @property
    def phase(self):
        """The angle of H(f) in degrees: by how much of an oscillation the sinusoid is shifted."""
        return float(np.angle(self.response, deg=True))
