"""ConvVolume: a convolution layer over several channels, with every product and partial sum."""

import numpy as np
import traitlets

from helpers import convolution
from helpers.widgets.base import Widget
from helpers.widgets.draws import page_random
from helpers.widgets.traits import Answer, NumberArray, Numbers, Step


def draw_layer(seed, height=5, width=5, channels=3, kernels=2, kernel_size=3):
    """Return numbers small enough to calculate with by hand, the same as in the browser.

    Parameters
    ----------
    seed : int
        From 0 to 2³² − 1.
    height, width, channels, kernels, kernel_size : int
        Sizes of the image and of the kernels, in cells, and how many there are.

    Returns
    -------
    dict of str to ndarray
        ``image`` of shape (H, W, C), of 0, 1 and 2; ``weights`` (K, K, C, F) and ``bias`` (F,),
        from −2 to 2.

    Examples
    --------
    >>> draw_layer(0, channels=1)["image"][:, :, 0].tolist()
    [[0, 1, 0, 1, 1], [2, 0, 2, 0, 0], [0, 2, 1, 2, 2], [0, 1, 1, 1, 1], [0, 1, 0, 0, 1]]
    """
    rng = page_random(seed)
    return {
        "image": rng.randint(0, 3, (height, width, channels)),
        "weights": rng.randint(-2, 3, (kernel_size, kernel_size, channels, kernels)),
        "bias": rng.randint(-2, 3, kernels),
    }


_SEED = 166  # of the first few hundred the one whose outputs are smallest
_FIRST = {name: array.tolist() for name, array in draw_layer(_SEED).items()}


class ConvVolume(Widget):
    """A convolution layer over several channels: every kernel, product and partial sum.

    It lays the kernels down as they are, like the layers of TensorFlow: cross-correlation.

    Attributes
    ----------
    image : nested list of numbers or ndarray, of shape (H, W, C)
        At most 7 × 7 cells and 4 channels.
    weights : nested list of numbers or ndarray, of shape (K_h, K_w, C, F)
        F kernels of at most 3 × 3 cells, with as many channels as the image; F is at most 4.
    bias : list of float or ndarray, of shape (F,)
    stride : int
        1 to 3.
    padding : int
        Zeros on every side, 0 to 2.
    seed : int
        What "new numbers" starts from; it changes nothing until then.
    step : int
        The output on show, from 0: kernel by kernel, row by row.
    answer : {"shown", "hidden"}
        "hidden" asks the reader to predict each value before it is revealed.

    Raises
    ------
    traitlets.TraitError
        If the arrays do not belong together; the message says what would.

    Examples
    --------
    >>> ConvVolume().output.shape
    (3, 3, 2)
    """

    module = "conv_volume"
    heights = (1018, 860)
    fallback = (
        "A convolution layer: each kernel has a slice for every channel of the image. At each "
        "position the products of all channels and a bias are added up; that is one cell of the "
        "kernel's feature map. Run this cell in a notebook, or open the book in a browser, to "
        "step through it yourself."
    )
    parts = ("stride", "padding", "shape", "numbers", "predict", "size", "playback")

    facts = {"output": lambda widget: widget.output}

    image = NumberArray(_FIRST["image"], axes=3, most=(7, 7, 4)).tag(sync=True)
    weights = NumberArray(_FIRST["weights"], axes=4, most=(3, 3, 4, 4)).tag(sync=True)
    bias = Numbers(_FIRST["bias"]).tag(sync=True)
    stride = traitlets.Int(2, min=1, max=3).tag(sync=True)
    padding = traitlets.Int(1, min=0, max=2).tag(sync=True)
    seed = traitlets.Int(_SEED, min=0, max=2**32 - 1).tag(sync=True)
    step = Step().tag(sync=True)
    answer = Answer().tag(sync=True)

    @classmethod
    def drawn(cls, seed=_SEED, *, height=5, width=5, channels=3, kernels=2, kernel_size=3, **state):
        """Return a widget of other sizes, with numbers drawn from a seed.

        Examples
        --------
        >>> ConvVolume.drawn(4, channels=1, kernels=4, stride=1).output.shape
        (5, 5, 4)
        """
        arrays = draw_layer(seed, height, width, channels, kernels, kernel_size)
        return cls(seed=seed, **arrays, **state)

    @traitlets.validate("image", "weights", "bias", "stride", "padding")
    def _fitting(self, proposal):
        layer = {
            name: getattr(self, name) for name in ["image", "weights", "bias", "stride", "padding"]
        } | {proposal.trait.name: proposal.value}
        image, weights = np.array(layer["image"]), np.array(layer["weights"])
        if weights.shape[2] != image.shape[2]:
            raise traitlets.TraitError(
                f"weights of shape {weights.shape} do not fit an image with {image.shape[2]} "
                "channels: set both at once, with as many channels each"
            )
        if len(layer["bias"]) != weights.shape[3]:
            raise traitlets.TraitError(
                f"bias={layer['bias']} does not fit {weights.shape[3]} kernels: set both at once, "
                "with one bias for each kernel"
            )
        try:
            for size, kernel in zip(image.shape[:2], weights.shape[:2], strict=True):
                convolution.output_size(
                    size, kernel, stride=layer["stride"], padding=layer["padding"]
                )
        except ValueError as problem:
            raise traitlets.TraitError(str(problem)) from None
        return proposal.value

    @property
    def output(self):
        """The feature maps y as an ndarray of shape (H_out, W_out, F), by `helpers.convolution`."""
        sides = ((self.padding, self.padding),) * 2
        return convolution.conv_layer(
            [self.image], self.weights, self.bias, padding=sides, stride=self.stride
        )[0]
