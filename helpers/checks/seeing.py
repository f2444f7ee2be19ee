"""The exercises on looking into a network: how far a number sees, and how an image fools it.

The right answers come from tracing cells back one by one, and from one pixel at a time.
"""

import numpy as np

from helpers.checks.diagnosis import Exercise, diagnose, tell


def receptive_field(function):
    """Check a function of (kernels, strides): the receptive field of a stack, along one axis.

    Parameters
    ----------
    function : callable
        Takes two lists of equal length, for each layer the cells of its window and its stride, and
        returns how many cells of the input one number of the last output depends on.

    Examples
    --------
    >>> receptive_field(lambda kernels, strides: 1 + sum(k - 1 for k in kernels))
    ... # doctest: +ELLIPSIS
    ✗ The strides are left out: after a stride of s, each further cell counts s cells of the input.
    ...
    """
    tell(diagnose(function, receptive_field_exercise()))


def fooling_step(function):
    """Check a function of (image, gradient, size): one step up the loss, of size for each pixel.

    Parameters
    ----------
    function : callable
        Takes an image of ink from 0 to 1, the gradient of the loss for it, and the largest change
        of a pixel; returns the image with every pixel changed by that much in the direction that
        raises the loss, and kept between 0 and 1.

    Examples
    --------
    >>> import numpy as np
    >>> fooling_step(lambda image, gradient, size: image + size * np.sign(gradient))
    ... # doctest: +ELLIPSIS
    ✗ Pixels leave the range from 0 to 1: clip the result.
    ...
    """
    tell(diagnose(function, fooling_step_exercise()))


def receptive_field_exercise():
    """Return the exercise on (kernels, strides)."""

    def expected(kernels, strides):
        cells = {0}
        for kernel, stride in zip(reversed(kernels), reversed(strides), strict=True):
            cells = {cell * stride + k for cell in cells for k in range(kernel)}
        return max(cells) - min(cells) + 1

    def mistakes(kernels, strides):
        grown, field, jump = 1, 1, 1
        late = 1
        for kernel, stride in zip(kernels, strides, strict=True):
            jump_after = jump * stride
            field += kernel * jump
            late += (kernel - 1) * jump_after
            grown += (kernel - 1) * jump
            jump = jump_after
        apart = [(k - 1) * s for k, s in zip(kernels, strides, strict=True)]
        return {
            "The strides are left out: after a stride of s, each further cell counts s cells of "
            "the input.": 1 + sum(k - 1 for k in kernels),
            "These are the kernels added up: a window of k cells adds k − 1.": sum(kernels),
            "A layer's own stride acts on the layers after it, not on its own window.": late,
            "The strides before have to be multiplied together: all of them count.": 1 + sum(apart),
            "A window of k cells adds k − 1 cells, not k.": field,
            "The first cell is forgotten: start with 1.": grown - 1,
            "This is how far neighbouring outputs lie apart, the product of the strides.": jump,
            "This is the product of the kernels.": int(np.prod(kernels)),
            "The layers are taken from the last to the first: begin at the image.": (
                _grown(kernels[::-1], strides[::-1])
            ),
            "Strides are added up: they multiply, since each acts on what the one before left.": (
                _with_sums(kernels, strides)
            ),
            "This is the first layer's window: those after it widen it.": kernels[0],
            "This is the last layer's window: those before widen it.": kernels[-1],
        }

    def patterns(kernels, strides):
        return {
            "Right only for a single layer.": len(kernels) == 1,
            "Right only without strides.": max(strides) == 1,
            "Right only for two layers.": len(kernels) == 2,
        }

    rng = np.random.default_rng(21)
    cases = [
        {"kernels": [3], "strides": [1]},
        {"kernels": [3, 3], "strides": [1, 1]},
        {"kernels": [3, 2], "strides": [1, 2]},
        {"kernels": [3, 2, 3, 2], "strides": [1, 2, 1, 2]},
        {"kernels": [5, 3], "strides": [3, 1]},
    ]
    for layers in [1, 2, 2, 2, 3, 3, 3, 4, 4, 5]:
        kernels, strides = rng.integers(1, [[6], [4]], (2, layers)).tolist()
        cases.append({"kernels": kernels, "strides": strides})
    return Exercise("tracing every cell back", expected, cases, mistakes, patterns, whole=True)


def _grown(kernels, strides):
    field, jump = 1, 1
    for kernel, stride in zip(kernels, strides, strict=True):
        field, jump = field + (kernel - 1) * jump, jump * stride
    return field


def _with_sums(kernels, strides):
    field, jump = 1, 1
    for kernel, stride in zip(kernels, strides, strict=True):
        field, jump = field + (kernel - 1) * jump, jump + stride
    return field


def fooling_step_exercise():
    """Return the exercise on (image, gradient, size)."""

    def expected(image, gradient, size):
        changed = image.copy()
        for at, slope in np.ndenumerate(gradient):
            step = size if slope > 0 else -size if slope < 0 else 0.0
            changed[at] = min(1.0, max(0.0, image[at] + step))
        return changed

    def mistakes(image, gradient, size):
        signs = np.sign(gradient)
        norm = np.linalg.norm(gradient)
        return {
            "Pixels leave the range from 0 to 1: clip the result.": image + size * signs,
            "This goes down the loss, as training does. To fool the network, go up.": (
                np.clip(image - size * signs, 0, 1)
            ),
            "The gradient itself is added: every pixel moves by `size`, so take its sign.": (
                np.clip(image + size * gradient, 0, 1)
            ),
            "The gradient is scaled to length 1: every pixel moves by `size`, so take its sign.": (
                np.clip(image + size * gradient / norm, 0, 1) if norm else None
            ),
            "This is the change alone: add it to the image.": size * signs,
            "Every pixel gets brighter: the sign of the gradient decides.": (
                np.clip(image + size, 0, 1)
            ),
            "Where the gradient is 0 the pixel stays as it is.": (
                np.clip(image + size * np.where(gradient >= 0, 1.0, -1.0), 0, 1)
            ),
            "Where the gradient is 0 the pixel stays: this lowers it.": (
                np.clip(image + size * np.where(gradient > 0, 1.0, -1.0), 0, 1)
            ),
            "The size is left out: move by `size`, not by 1.": np.clip(image + signs, 0, 1),
            "The change is clipped to 0...1, not the image: what should get darker stays.": (
                image + np.clip(size * signs, 0, 1)
            ),
            "The size of the gradient is added: its sign decides, and only its sign.": (
                np.clip(image + size * np.abs(gradient), 0, 1)
            ),
            "The gradient is divided by its largest size: every pixel moves by `size`, so take "
            "its sign.": np.clip(image + size * gradient / np.abs(gradient).max(), 0, 1),
            "Clipped to 0...255: the ink goes from 0 to 1.": (
                np.clip(image + size * signs, 0, 255)
            ),
            "Clipped to −1...1: there is no ink below 0.": np.clip(image + size * signs, -1, 1),
            "Each pixel changes by a share of its ink: add `size` to it, or take it off.": (
                np.clip(image * (1 + size * signs), 0, 1)
            ),
            "The sign is taken of the sum: take that of the gradient alone, then add.": (
                np.clip(np.sign(image + size * gradient), 0, 1)
            ),
            "This is the sign of the image: take that of the gradient.": (
                np.clip(image + size * np.sign(image), 0, 1)
            ),
        }

    def patterns(image, gradient, size):
        return {
            "Right only where no pixel leaves the range.": bool(
                (image + size * np.sign(gradient) >= 0).all()
                and (image + size * np.sign(gradient) <= 1).all()
            ),
            "Right only where no gradient is 0.": bool((gradient != 0).all()),
        }

    rng = np.random.default_rng(22)
    cases = []
    for number in range(16):
        shape = (2, 2) if number < 4 else (3, 4)
        image = rng.choice([0, 0.2, 0.5, 0.8, 1.0], shape)
        if number % 4 == 0:
            image = rng.choice([0.4, 0.5, 0.6], shape)
        gradient = rng.choice([-2, -0.5, 0.25, 1.5], shape)
        if number % 2:
            gradient[0, 0] = 0
        cases.append({"image": image, "gradient": gradient, "size": [0.1, 0.25][number % 3 > 0]})
    return Exercise("one pixel at a time", expected, cases, mistakes, patterns)
