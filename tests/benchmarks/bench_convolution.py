"""How fast the 1-D convolution of the book is beside NumPy, SciPy and TensorFlow, in one run.

Run `python tests/benchmarks/bench_convolution.py`. All candidates of a row are timed in turn,
round after round, so that a busy moment of the machine touches them alike; the table shows the
median of each and, in brackets, how many times as long it takes as the book's function.
"""

import os
import statistics
import time

import numpy as np
from scipy import signal as scipy_signal

from helpers.convolution import convolve1d, cross_correlate1d

ROUNDS = 31

# (cells of signal, cells of kernel): the example of chapter 1, a heartbeat, a second of sound
SIZES = [(5, 3), (1_000, 9), (44_100, 3), (44_100, 31), (44_100, 255)]
# (stride, dilation) on a second of sound; TensorFlow takes one or the other, not both
STEPS = [(2, 1), (4, 1), (1, 2), (1, 4)]


def medians(candidates):
    """Return {name: median seconds} of functions without arguments."""
    times = {name: [] for name in candidates}
    for function in candidates.values():
        function()  # the first call also allocates and traces
    for _ in range(ROUNDS):
        for name, function in candidates.items():
            start = time.perf_counter()
            function()
            times[name].append(time.perf_counter() - start)
    return {name: statistics.median(seconds) for name, seconds in times.items()}


def print_table(title, first_column, rows):
    """Print one row per label: the book's median, then every other one with its ratio."""
    names = list(next(iter(rows.values())))
    width = max(map(len, [first_column, *rows]))
    print(f"\n{title}\n{first_column:>{width}}", *(f"{name:>26}" for name in names))
    for label, times in rows.items():
        ours = times[names[0]]
        cells = [f"{1e3 * t:10.3f} ms ({t / ours:7.2f} x)" for t in times.values()]
        print(f"{label:>{width}}", *(f"{cell:>26}" for cell in cells))


def main():
    os.environ.setdefault("TF_CPP_MIN_LOG_LEVEL", "2")
    import tensorflow as tf

    rng = np.random.default_rng(0)

    def draw(n, k):
        return rng.normal(size=n), rng.normal(size=k)

    def tensors(signal, kernel):
        return tf.constant(signal[None, :, None]), tf.constant(kernel[:, None, None])

    convolution, correlation, steps = {}, {}, {}
    for n, k in SIZES:
        x, w = draw(n, k)
        convolution[f"{n} * {k}"] = medians(
            {
                "convolve1d": lambda x=x, w=w: convolve1d(x, w),
                "numpy.convolve": lambda x=x, w=w: np.convolve(x, w),
                "scipy.signal.convolve": lambda x=x, w=w: scipy_signal.convolve(x, w),
                "scipy, direct": lambda x=x, w=w: scipy_signal.convolve(x, w, method="direct"),
            }
        )
        tf_x, tf_w = tensors(x, w)
        correlation[f"{n} * {k}"] = medians(
            {
                "cross_correlate1d": lambda x=x, w=w: cross_correlate1d(x, w),
                "numpy.correlate": lambda x=x, w=w: np.correlate(x, w),
                "scipy.signal.correlate": lambda x=x, w=w: scipy_signal.correlate(x, w, "valid"),
                "tf.nn.conv1d": lambda x=tf_x, w=tf_w: tf.nn.conv1d(x, w, 1, "VALID").numpy(),
            }
        )

    x, w = draw(44_100, 31)
    tf_x, tf_w = tensors(x, w)
    for stride, dilation in STEPS:
        holes = np.zeros(dilation * (w.size - 1) + 1)
        holes[::dilation] = w
        options = {"stride": stride, "dilation": dilation}
        steps[f"stride {stride}, dil. {dilation}"] = medians(
            {
                "cross_correlate1d": lambda options=options: cross_correlate1d(x, w, **options),
                "numpy, then sliced": lambda holes=holes, stride=stride: np.correlate(x, holes)[
                    ::stride
                ],
                "tf.nn.conv1d": lambda stride=stride, dilation=dilation: tf.nn.conv1d(
                    tf_x, tf_w, stride, "VALID", dilations=dilation
                ).numpy(),
            }
        )

    print(f"median of {ROUNDS} rounds, float64, {os.cpu_count()} cores")
    print_table("convolution, full", "signal * kernel", convolution)
    print_table("cross-correlation, valid", "signal * kernel", correlation)
    print_table("cross-correlation, valid, 44100 * 31", "", steps)


if __name__ == "__main__":
    main()
