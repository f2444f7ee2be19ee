"""The arithmetic of convolution, written from scratch in NumPy.

This is the front page: import from here. `positions` adds ghost cells and counts positions,
`one_axis` and `two_axes` slide one kernel over a signal or an image, and `channels` slides many
kernels over many images with several channels each. All of them refuse what makes no sense with a
sentence from `helpers.arguments` that says what would fit.
"""

from helpers.arguments import MODES
from helpers.convolution.channels import average_pool2d, conv_layer, max_pool2d
from helpers.convolution.one_axis import Step1d, Trace1d, convolve1d, cross_correlate1d, trace1d
from helpers.convolution.positions import flip, output_size, pad
from helpers.convolution.two_axes import Step2d, Trace2d, convolve2d, cross_correlate2d, trace2d

__all__ = [
    "MODES",
    "Step1d",
    "Step2d",
    "Trace1d",
    "Trace2d",
    "average_pool2d",
    "conv_layer",
    "convolve1d",
    "convolve2d",
    "cross_correlate1d",
    "cross_correlate2d",
    "flip",
    "max_pool2d",
    "output_size",
    "pad",
    "trace1d",
    "trace2d",
]
