"""The exercises along one axis: slide a kernel over a signal, and flip it.

The cases are small and many, with fractions, even kernels and symmetric ones among them, so that
every known mistake leaves a pattern of its own. The right answers come from NumPy.
"""

import numpy as np
from numpy.lib.stride_tricks import sliding_window_view

from helpers.arguments import one_of
from helpers.checks.diagnosis import Exercise, diagnose, tell

POSITIONS = {
    "full": "every position at which the kernel touches the signal",
    "same": "as many values as the signal has",
    "valid": "the positions at which the kernel lies wholly inside the signal",
}
# With n cells of signal and k of kernel: the number of values, and one fewer.
SIZES = {
    "full": ("n + k - 1", "n + k - 2"),
    "same": ("n", "n - 1"),
    "valid": ("n - k + 1", "n - k"),
}


def sliding1d_exercise(*, flips, padding):
    """Return the exercise on (signal, kernel): convolution if it flips, else cross-correlation."""
    one_of("padding", padding, POSITIONS)
    slide, default = (np.convolve, "full") if flips else (np.correlate, "valid")
    size, one_fewer = SIZES[padding]
    if flips:
        twin = (
            "This is cross-correlation: the kernel was not flipped (or twice). Take kernel[::-1]."
        )
        backwards = "The right values in reverse order: flip the kernel, not the signal."
        twin_backwards = "Both are flipped, the signal and the kernel: flip the kernel only."
    else:
        twin = "This is convolution: the kernel was flipped. Slide it as it is."
        backwards = "The right values in reverse order: are signal and kernel swapped?"
        twin_backwards = "The signal was flipped: leave both as they are."

    def expected(signal, kernel):
        return slide(signal, kernel, padding)

    def mistakes(signal, kernel):
        y, n, k = expected(signal, kernel), signal.size, kernel.size

        def products(**changes):
            return _products1d(signal, kernel, **{"flips": flips, "padding": padding, **changes})

        def sums(**changes):
            # Readers' functions do many things with a kernel that is too long: no prediction then.
            fits = k <= n or changes.get("padding", "full") == "full"
            return products(**changes).sum(axis=1) if fits else None

        results = {twin: sums(flips=not flips)}
        for other, positions in POSITIONS.items():
            if other != padding:
                these = f'the values of "{other}": {positions}. Asked for are {size} values.'
                results[f"These are {these}"] = sums(padding=other)
                both = f"Two mistakes. {twin} And these are {these}"
                results[both] = sums(padding=other, flips=not flips)

        ring = np.pad(signal, (k - 1, 0), "wrap")
        return results | {
            f"The last value is missing: there are {size}, not {one_fewer}.": y[:-1],
            f"The first value is missing: there are {size}, not {one_fewer}.": y[1:],
            f"The last value is one too many: there are {size}.": np.append(y, 0),
            f"The last value is never filled: loop over {size} positions, not {one_fewer}.": (
                np.append(y[:-1], 0)
            ),
            "The first value is never filled: where does the loop start?": np.append(0, y[1:]),
            "Only the first value is there: is `return` inside the loop?": y[:1],
            "Only the first value is filled: is `return` inside the loop?": (
                np.append(y[:1], 0 * y[1:])
            ),
            backwards: y[::-1],
            twin_backwards: sums(flips=not flips)[::-1],
            "Off by one: every window starts one cell too late.": sums(late=1),
            "Off by one: every window starts one cell too early.": sums(late=-1),
            "Off by one: every value is one place too late.": np.roll(y, 1),
            "Off by one: every value is one place too early.": np.roll(y, -1),
            "Right for odd kernels. With an even one, a ghost cell is left over: NumPy puts it "
            "before the signal, your function after it (as TensorFlow does).": (
                sums(late=1 - k % 2)
            ),
            "Only the last product of each sum is left: add with += in place of =.": (
                products()[:, -1]
            ),
            "Only the last product for each cell is left: add with += in place of =.": (
                _spread_without_adding(signal, kernel)
            ),
            "Only the first product of each sum is there: does the inner loop end too soon?": (
                products()[:, 0]
            ),
            "This wraps around: beyond either end your function goes on at the other one. Outside "
            "the signal is nothing, which counts as 0.": sums(mode="wrap"),
            "This is circular convolution: before the start of the signal, your function goes on "
            "at its end. Outside the signal is nothing, which counts as 0.": (
                slide(ring, kernel, "valid") if k <= n else None
            ),
            "This wraps around at the start: in Python, signal[-1] is the last cell. Outside the "
            "signal is nothing, which counts as 0.": (
                slide(np.pad(ring, (0, k - 1)), kernel, "valid") if k <= n else None
            ),
            f"The end is missing, where the kernel slides out: there are {size} values.": y[:n],
            f"The start is missing, where the kernel slides in: there are {size}.": y[k - 1 :],
            **(_echo_slips(signal, kernel) if flips and padding == "full" else {}),
            **({} if flips else _weight_slips(signal, kernel, padding)),
        }

    def patterns(signal, kernel):
        return {
            "Right only for odd kernels. An even one has no middle, and len(kernel) // 2 differs "
            "from (len(kernel) - 1) // 2.": kernel.size % 2 == 1,
            "Right only for symmetric kernels, which a flip does not change: look at the flip.": (
                np.array_equal(kernel, kernel[::-1])
            ),
            "Right only for kernels of three cells: use len(kernel), not a fixed number.": (
                kernel.size == 3
            ),
            "Right only where the kernel is no longer than the signal.": kernel.size <= signal.size,
        }

    oracle = f"numpy.{slide.__name__}" + ("" if padding == default else f'(..., "{padding}")')
    cases = _signals_and_kernels(longer_kernels=padding == "full")
    return Exercise(oracle, expected, cases, mistakes, patterns)


def _echo_slips(signal, kernel):
    """Return the slips of those who let every cell add its echo."""
    n, k = signal.size, kernel.size
    added = np.zeros(n + k - 1)
    for at, cell in enumerate(signal):
        added[at : at + k] += cell + kernel
    return {
        "Every echo is as loud as the next: multiply the kernel by the cell it starts from.": (
            np.convolve(np.ones(n), kernel)
        ),
        "Cell and kernel are added: multiply them.": added,
        "Only the echo of the first cell is there: is `return` inside the loop?": (
            np.convolve(signal * (np.arange(n) == 0), kernel)
        ),
        "The echo of the last cell is missing: the loop ends one too soon.": (
            np.convolve(signal * (np.arange(n) < n - 1), kernel)
        ),
        "The echo of the first cell is missing: the loop starts one too late.": (
            np.convolve(signal * (np.arange(n) > 0), kernel)
        ),
    }


def _weight_slips(signal, kernel, padding):
    """Return the slips of those who take the kernel for the weights of a mean."""
    y, total = np.correlate(signal, kernel, padding), kernel.sum()
    as_given = "The weights are put in order first: take them as they are given"
    return {
        "Divided by the sum of the weights: leave that out, a sum is asked for.": (
            y / total if abs(total) > 1e-9 else None
        ),
        "Divided by the number of weights: leave that out, a sum is asked for.": y / kernel.size,
        f"{as_given}.": np.correlate(signal, np.sort(kernel), padding),
        f"{as_given}, and do not flip them.": np.correlate(signal, np.sort(kernel)[::-1], padding),
        "The size of each value counts here, not its sign: leave abs out.": (
            np.correlate(np.abs(signal), kernel, padding)
        ),
    }


def _products1d(signal, kernel, *, flips, padding, mode="constant", late=0):
    """Return every window times the kernel, (positions, K), each starting `late` cells too late."""
    k = kernel.size
    ghosts = {"full": (k - 1, k - 1), "same": (k // 2, (k - 1) // 2), "valid": (0, 0)}[padding]
    wider = np.pad(np.pad(signal, ghosts, mode), 1)
    windows = sliding_window_view(wider[1 + late : wider.size - 1 + late], k)
    return windows * (kernel[::-1] if flips else kernel)


def _spread_without_adding(signal, kernel):
    """Return what output[i + j] = signal[i] * kernel[j] leaves, written over and over."""
    output = np.zeros(signal.size + kernel.size - 1)
    for i, cell in enumerate(signal):
        output[i : i + kernel.size] = cell * kernel
    return output


def _signals_and_kernels(*, longer_kernels, number=40):
    """Return so many {"signal": ..., "kernel": ...}, small cases first."""
    pairs = [
        ([2], [3]),
        ([1], [1, 2]),
        ([1, 2], [3]),
        ([1, 2], [1, 3]),
        ([1, 2, 3], [1, 2, 1]),
        ([0.5, 1.5], [0.5]),
        ([1, 2, 3], [0.5, 0.25]),
        ([0, 1, 2, 3, 4], [1, -1, 2]),
    ]
    rng = np.random.default_rng(1)
    for count in range(2 * number):
        signal, kernel = (rng.choice([-2, -1, 1, 2, 3], rng.integers(1, most)) for most in (9, 6))
        # Some signals have fractions, and some kernels are symmetric.
        pairs.append((signal / 2 if count % 4 == 0 else signal, kernel))
        if count % 5 == 0:
            pairs.append((signal, np.append(kernel, kernel[::-1])))
    cases = [{"signal": np.array(signal), "kernel": np.array(kernel)} for signal, kernel in pairs]
    fitting = [c for c in cases if longer_kernels or c["kernel"].size <= c["signal"].size]
    return sorted(fitting[:number], key=lambda case: case["signal"].size + case["kernel"].size)


def flip_exercise():
    """Return the exercise on (kernel,): the same values in reverse order."""
    rng = np.random.default_rng(2)
    rows = [[5], [1, 2], [1, -1, 2], [1, 2, 1], [0.5, 0.25, 2, 1]]
    rows += [rng.integers(-9, 10, size) for size in rng.integers(2, 8, 15)]

    def mistakes(kernel):
        return {
            "The kernel comes back as it was, not flipped.": kernel,
            "A flip changes the order of the values, not their signs.": -kernel,
            "This is sorted, not flipped: the last value comes first, whatever it is.": (
                np.sort(kernel)
            ),
            "This is sorted from large to small, not flipped: the last value comes first.": (
                np.sort(kernel)[::-1]
            ),
            "The first value of the kernel is lost: kernel[::-1] keeps all.": kernel[:0:-1],
            "The last value of the kernel is lost: kernel[::-1] keeps all.": kernel[-2::-1],
            "This moves every value to the right; a flip mirrors them.": np.roll(kernel, 1),
            "This moves every value to the left; a flip mirrors them.": np.roll(kernel, -1),
        }

    cases = [{"kernel": np.array(row)} for row in sorted(rows, key=len)]
    return Exercise("numpy.flip", lambda kernel: np.flip(kernel), cases, mistakes)


def convolve1d(function, *, padding="full"):
    """Check a function of (signal, kernel) against `numpy.convolve`, and print what comes out.

    Parameters
    ----------
    function : callable
        Takes two 1-D arrays and returns their convolution, as an array or a list.
    padding : "full" or "same" or "valid"
        Which positions the exercise asks for.

    Examples
    --------
    >>> import numpy as np
    >>> convolve1d(lambda signal, kernel: np.correlate(signal, kernel, "full"))
    ... # doctest: +ELLIPSIS
    ✗ This is cross-correlation: the kernel was not flipped (or twice). Take kernel[::-1].
        signal   = [1]
        kernel   = [1, 2]
        expected = [1, 2]
        got      = [2, 1]
    ... of 40 cases agree with numpy.convolve.
    """
    tell(diagnose(function, sliding1d_exercise(flips=True, padding=padding)))


def cross_correlate1d(function, *, padding="valid"):
    """Check a function of (signal, kernel) against `numpy.correlate`, and print what comes out.

    Parameters
    ----------
    function, padding
        As in `convolve1d`, without the flip.

    Examples
    --------
    >>> import numpy as np
    >>> cross_correlate1d(np.correlate)
    ✓ 40 of 40 cases agree with numpy.correlate.
    """
    tell(diagnose(function, sliding1d_exercise(flips=False, padding=padding)))


def flip(function):
    """Check a function of (kernel) that returns it in reverse order, and print what comes out.

    Examples
    --------
    >>> flip(lambda kernel: kernel[::-1])
    ✓ 20 of 20 cases agree with numpy.flip.
    """
    tell(diagnose(function, flip_exercise()))
