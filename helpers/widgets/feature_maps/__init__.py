"""FeatureMaps: what the layers of a network make of a digit, while it is trained and afterwards."""

import base64

import numpy as np
import traitlets

from helpers.widgets.base import Widget
from helpers.widgets.draws import page_random
from helpers.widgets.ink import as_pixels, embedded_digits
from helpers.widgets.resources.map_frames import recorded_frames
from helpers.widgets.stored_network import build_network, store, unpack
from helpers.widgets.traits import Answer, Step

MOST_BYTES = 400_000  # of all frames together: they travel in the page
MOST_IMAGES = 200

# How the occlusion map is made, how an exciting input starts and grows.
PATCH, STRIDE = 5, 1
GREY, GREY_NOISE, GREY_SEED = 0.2, 0.2, 1
EXCITING_RATE, EXCITING_STEPS = 0.05, 40
FOOLING_RATE = 0.02


class FeatureMaps(Widget):
    """See what the layers of a network make of a digit, while it is trained and afterwards.

    Without arguments it shows a small network at ten moments of its training on MNIST, reading the
    embedded UCI digits.

    Attributes
    ----------
    frames : list of dict
        What `frame` returns for a network, one for each moment; empty for the recorded ones.
    images : str, or ndarray of uint8 of shape (N, rows, cols)
        The digits to choose from, at most 200; empty for the embedded ones.
    labels : list of int
        What the images show.
    digit : int
        Which image is read.
    step : int
        Which frame is on show, from 0.
    view : {"maps", "occlusion", "excite", "fool"}
        Its maps alone; where covering the digit costs most; an input that excites the chosen map
        more than any digit does; a small change of the digit that makes the network say `target`.
    map : list of int
        The layer, from 0, and which of its maps.
    target : int
        The digit that a fooled network shall say.
    moves : int
        Steps along the gradient of the image, from 0 to 40.
    reach : float
        How much ink each pixel may change by, from 0 to 1.
    answer : {"shown", "hidden"}
        "hidden" asks first how many rows the chosen layer's maps have.

    Examples
    --------
    >>> widget = FeatureMaps()
    >>> widget.maps()[0].shape
    (26, 26, 8)
    """

    module = "feature_maps"
    heights = (795, 709)
    resources = ("map_frames", "digits")
    fallback = (
        "All feature maps of a small network that reads a digit, at ten moments of its training, "
        "with the kernels that make them. Run this cell in a notebook, or open the book in a "
        "browser, to move through the training and to fool the network."
    )
    parts = ("view", "digit", "fooling", "probabilities", "kernels", "sum", "predict", "playback")

    frames = traitlets.List(traitlets.Dict()).tag(sync=True)
    images = traitlets.Unicode("").tag(sync=True)
    labels = traitlets.List(traitlets.Int()).tag(sync=True)
    digit = traitlets.Int(4, min=0, max=1796).tag(sync=True)
    step = Step(9).tag(sync=True)
    view = traitlets.Enum(["maps", "occlusion", "excite", "fool"], "maps").tag(sync=True)
    map = traitlets.List(traitlets.Int(min=0), [0, 0], minlen=2, maxlen=2).tag(sync=True)
    target = traitlets.Int(8, min=0, max=9).tag(sync=True)
    moves = traitlets.Int(6, min=0, max=40).tag(sync=True)
    reach = traitlets.Float(0.2, min=0, max=1).tag(sync=True)
    answer = Answer().tag(sync=True)

    def __init__(self, *, images=(), **state):
        if not isinstance(images, str) and len(images):
            pixels = np.asarray(images)
            if pixels.ndim != 3 or pixels.dtype != np.uint8 or len(pixels) > MOST_IMAGES:
                raise traitlets.TraitError(
                    f"images of shape {pixels.shape} and type {pixels.dtype} do not fit: use at "
                    f"most {MOST_IMAGES} of them, as bytes of shape (N, rows, cols)"
                )
            images = base64.b64encode(pixels.tobytes()).decode()
        super().__init__(images=images or "", **state)

    @staticmethod
    def frame(model, name):
        """Return a network of Keras or of this course as it is now, for `frames`.

        Parameters
        ----------
        model : keras.Sequential or helpers.network.Sequential
        name : str
            Such as "after 3 epochs".
        """
        return {"name": name, "network": base64.b64encode(store(model)).decode()}

    @traitlets.validate("frames")
    def _small_enough(self, proposal):
        size = sum(len(frame["network"]) for frame in proposal.value)
        if size > MOST_BYTES:
            raise traitlets.TraitError(
                f"frames of {size} bytes are too many for a page: use at most {MOST_BYTES}, "
                "by fewer of them or a smaller network"
            )
        return proposal.value

    def network(self):
        """Return the network on show, with its rounded weights, as a `Sequential`."""
        if self.frames:
            frames = [base64.b64decode(frame["network"]) for frame in self.frames]
        else:
            frames = recorded_frames()
        about, layers, whole = unpack(frames[min(self.step, len(frames) - 1)])
        return build_network(layers, whole, about.get("input", [28, 28, 1]))

    def ink(self):
        """Return the digit that is read: ink from 0 to 1, of shape (rows, cols)."""
        rows, cols = self.network().layers[0].input_shape[1:3]
        if self.images:
            pixels = np.frombuffer(base64.b64decode(self.images), np.uint8)
            pictures = pixels.reshape(-1, rows, cols)
            return pictures[min(self.digit, len(pictures) - 1)] / 255  # as the page does
        return as_pixels(embedded_digits()[0][self.digit], rows)

    def maps(self):
        """Return what each layer gives, in order."""
        given = self.ink()[None, ..., None]
        found = []
        for layer in self.network().layers:
            given = layer.forward(given)
            found.append(given[0])
        return found

    def occlusion(self):
        """Return how the probability of the likeliest digit falls under a patch of paper.

        The patch covers 5 × 5 pixels; the entry [r, c] is for one whose corner lies there.
        """
        network, ink = self.network(), self.ink()
        whole = network.predict(ink[None, ..., None])[0]
        rows, cols = ((side - PATCH) // STRIDE + 1 for side in ink.shape)
        covered = np.repeat(ink[None], rows * cols, axis=0)
        for at in range(rows * cols):
            row, col = STRIDE * (at // cols), STRIDE * (at % cols)
            covered[at, row : row + PATCH, col : col + PATCH] = 0
        top = whole.argmax()
        return (whole[top] - network.predict(covered[..., None])[:, top]).reshape(rows, cols)

    def exciting(self):
        """Return an input that excites the chosen map: from faint noise, uphill, 40 steps."""
        network = self.network()
        index, channel = self.map
        shape = (1, *network.layers[0].input_shape[1:])
        image = page_random(GREY_SEED).normal(GREY, GREY_NOISE, shape).clip(0, 1)
        for _ in range(EXCITING_STEPS):
            given = image
            for layer in network.layers[: index + 1]:
                given = layer.forward(given)
            gradient = np.zeros_like(given)
            gradient[..., channel] = 1 / given[..., channel].size
            for layer in reversed(network.layers[: index + 1]):
                gradient = layer.backward(gradient)
            if not gradient.any():
                break
            image = np.clip(image + EXCITING_RATE * gradient / np.abs(gradient).max(), 0, 1)
        return image[0, ..., 0]

    def fooling(self):
        """Return the digit after `moves` steps towards `target`."""
        network, start = self.network(), self.ink()[None, ..., None]
        wanted = np.eye(10)[[self.target]]
        image = start
        for _ in range(self.moves):
            # For softmax with cross-entropy, ∂L/∂z = p − y.
            delta = network.forward(image) - wanted
            gradient = network.backward(delta, is_pre_activation=True)
            moved = image - FOOLING_RATE * np.sign(gradient)
            image = np.clip(np.clip(moved, start - self.reach, start + self.reach), 0, 1)
        return image[0, ..., 0]
