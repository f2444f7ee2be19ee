"""The figures of the book, drawn in one style.

Every function returns the thing it draws and shows nothing by itself, so that a picture is the last
expression of a cell, as a widget is. A figure is a small SVG inside the page: its text takes the
colour of the text around it, so it suits a light page and a dark one, and `alt` tells what it shows
to those who cannot see it. The colours of the curves can be told apart by colour-blind readers
(after Okabe and Ito), and the line styles differ as well. Photographs are small compressed images
inside the page.
"""

import base64
import hashlib
import html
import io
import re

import matplotlib as mpl
import numpy as np
from matplotlib.figure import Figure
from PIL import Image
from scipy.signal import welch

from helpers.arguments import as_numbers

COLOURS = ("#7b8794", "#1f77b4", "#d55e00", "#00906a", "#b5651d")
LINE_STYLES = ("-", "-", (0, (6, 1.5)), (0, (2, 1)), (0, (5, 1, 1, 1)))

_TEXT = "#010203"  # nobody draws with it: the SVG replaces it by the colour of the page's text
_STYLE = {
    "axes.edgecolor": _TEXT,
    "axes.labelcolor": _TEXT,
    "axes.linewidth": 0.7,
    "axes.spines.right": False,
    "axes.spines.top": False,
    "axes.titlelocation": "left",
    "axes.titlesize": 10.5,
    "font.family": "DejaVu Sans",  # ships with Matplotlib: the same layout on every machine
    "font.size": 10.5,
    "legend.fontsize": 10,
    "legend.frameon": False,
    "svg.fonttype": "none",
    "text.color": _TEXT,
    "xtick.color": _TEXT,
    "ytick.color": _TEXT,
}


class Picture(Figure):
    """A Matplotlib figure that shows itself as SVG inside the page, with `alt` for its text form.

    Parameters
    ----------
    alt : str
        What the picture shows, in a sentence or two.
    height : float
        In inches, for a width of 5.4; the picture is scaled to the column it stands in.
    **kwargs
        For `matplotlib.figure.Figure`.
    """

    def __init__(self, alt, height=2.2, **kwargs):
        # Narrow, with large type: it grows with the column and stays legible on a phone.
        super().__init__(figsize=(5.4, height), layout="constrained", **kwargs)
        self.alt = alt

    def __repr__(self):
        return self.alt

    def _repr_html_(self):
        buffer = io.StringIO()
        with mpl.rc_context(_STYLE):
            self.draw_without_rendering()  # the layout settles at the second pass
            self.savefig(buffer, format="svg", transparent=True, metadata={"Date": None})
        return _inline(buffer.getvalue(), self.alt)


def _inline(svg, alt):
    """Return Matplotlib's SVG file as an element that may stand in a page beside others."""
    svg = svg[svg.index("<svg") :]
    # In a page, a style element would reach everything outside the drawing too.
    svg = re.sub(r"<(metadata|style)\b.*?</\1>", "", svg, flags=re.DOTALL)
    svg = svg.replace(_TEXT, "currentColor").replace("'DejaVu Sans'", "inherit")
    # A tenth of a pixel is enough; the numbers at the axes are text, and stay as they are.
    svg = re.sub(r"<[^>]*>", lambda tag: re.sub(r"\d+\.\d{2,}", _tenths, tag.group(0)), svg)
    # Names are global in a page: keep those that the drawing refers to, and make them its own.
    used = list(dict.fromkeys(re.findall(r"(?:url\(|href=\")#([\w-]+)", svg)))
    svg = re.sub(r'\sid="([^"]+)"', lambda m: m.group(0) if m.group(1) in used else "", svg)
    for number, name in enumerate(used):
        svg = re.sub(rf'(id="|#){re.escape(name)}(?=["\)])', rf"\g<1>KEY-{number}", svg)
    svg = svg.replace("KEY-", f"drawing-{hashlib.sha256(svg.encode()).hexdigest()[:8]}-")
    label = html.escape(alt)
    style = "width: 100%; max-width: 38rem; height: auto; stroke-linejoin: round"
    opening = f'<svg class="book-picture" role="img" aria-label="{label}" style="{style}"'
    return opening + svg[len("<svg") :]


def _tenths(number):
    """Return the number that a pattern found, with one digit after the point."""
    return f"{float(number.group(0)):.1f}"


def _axes(alt, height, rows=1, **kwargs):
    """Return an empty picture in the book's style, and its axes from top to bottom."""
    with mpl.rc_context(_STYLE):
        picture = Picture(alt, height)
        return picture, picture.subplots(rows, squeeze=False, **kwargs)[:, 0]


def curves(*panels, alt, x=None, xlabel="", ylabel="", height=2.2, marks=None):
    """Draw one or more panels, one above the other, with the curves of each.

    Parameters
    ----------
    *panels : dict of str to array_like
        The curves of a panel by their label: values `y`, or a pair `(x, y)`. A panel's first curve
        is grey, for the data that the others are compared with. NaN leaves a gap.
    alt : str
        What the picture shows.
    x : array_like, optional
        Positions for curves that bring none; 0, 1, 2, ... otherwise.
    xlabel, ylabel : str
        What the axes count, with its unit.
    height : float
        Of the whole picture, in inches.
    marks : dict of str to float, optional
        Labelled vertical lines, drawn through every panel.

    Returns
    -------
    Picture

    Raises
    ------
    ValueError
        If a curve is not one-dimensional, or has not as many values as positions; if a panel
        has more than five.

    Examples
    --------
    >>> curves({"measured": [3, 1, 2]}, alt="Three values: 3, 1 and 2.")
    Three values: 3, 1 and 2.
    """
    picture, all_axes = _axes(alt, height, len(panels), sharex=True)
    with mpl.rc_context(_STYLE):
        for axes, panel in zip(all_axes, panels, strict=True):
            if len(panel) > len(COLOURS):
                raise ValueError(
                    f"a panel of {len(panel)} curves has too many to tell apart: "
                    f"use at most {len(COLOURS)}, or several panels"
                )
            looks = zip(COLOURS, LINE_STYLES, strict=True)
            for (label, curve), (colour, style) in zip(panel.items(), looks, strict=False):
                at, values = _positions(label, curve, x)
                width = 1.8 if len(at) < 300 else 1.1
                axes.plot(at, values, color=colour, linestyle=style, linewidth=width, label=label)
            for label, at in (marks or {}).items():
                axes.axvline(at, color=_TEXT, linewidth=0.9, linestyle=(0, (3, 3)))
                axes.annotate(label, (at, 1), (4, -2), ("data", "axes fraction"), "offset points",
                              va="top", fontsize=10)  # fmt: skip
            axes.set_ylabel(ylabel)
            axes.margins(x=0.01, y=0.12 if marks else 0.05)
            axes.legend(loc="lower left", bbox_to_anchor=(0, 1), ncols=3, borderaxespad=0.1)
        all_axes[-1].set_xlabel(xlabel)
    return picture


def _positions(label, curve, x):
    """Return `(x, y)` of one curve as arrays of equal length."""
    at, values = curve if isinstance(curve, tuple) else (x, curve)
    values = as_numbers(f"the curve {label!r}", values).astype(float)
    at = np.arange(len(values)) if at is None else np.asarray(at)
    if values.ndim != 1 or at.shape != values.shape:
        raise ValueError(
            f"the curve {label!r} has values of shape {values.shape} at positions of shape "
            f"{at.shape}: give one position for each value"
        )
    return at, values


def contours(heights, paths, *, x, y, alt, levels=10, xlabel="", ylabel="", height=3.0, marks=None):
    """Draw the contour lines of a surface like a map, and paths across it.

    Parameters
    ----------
    heights : array_like of shape (len(y), len(x))
        The surface: row by row for the values of y, column by column for those of x.
    paths : dict of str to (array_like, array_like)
        Paths by their label, as all their x and all their y, from the start on; at most four. What
        leaves the map is cut off.
    x, y : array_like
        Where the columns and the rows of `heights` lie.
    levels : int or array_like
        About how many lines, or at which heights.
    marks : dict of str to (float, float), optional
        Labelled points.
    alt, xlabel, ylabel, height
        As in `curves`.

    Returns
    -------
    Picture

    Raises
    ------
    ValueError
        If the surface does not fit the positions.

    Examples
    --------
    >>> contours([[1, 0, 1], [2, 1, 2]], {}, x=[-1, 0, 1], y=[0, 1], alt="A straight valley.")
    A straight valley.
    """
    heights, x, y = (np.asarray(array, dtype=float) for array in (heights, x, y))
    if heights.shape != (len(y), len(x)):
        raise ValueError(
            f"heights of shape {heights.shape} do not fit: use one row for each of the {len(y)} y, "
            f"and one column for each of the {len(x)} x"
        )
    if len(paths) > len(COLOURS) - 1:
        raise ValueError(f"{len(paths)} paths are too many to tell apart: use at most four")
    picture, (axes,) = _axes(alt, height)
    with mpl.rc_context(_STYLE):
        axes.contour(x, y, heights, levels, colors=COLOURS[0], linewidths=0.7, alpha=0.8)
        looks = zip(COLOURS[1:], LINE_STYLES[1:], strict=True)
        for (label, path), (colour, style) in zip(paths.items(), looks, strict=False):
            axes.plot(*path, color=colour, linestyle=style, linewidth=1.4, label=label)
            axes.plot(*path, ".", color=colour, markersize=3.5)
        for label, point in (marks or {}).items():
            axes.plot(*point, "+", color=_TEXT, markersize=9)
            axes.annotate(label, point, (5, 5), textcoords="offset points", fontsize=10)
        axes.set(xlim=(x.min(), x.max()), ylim=(y.min(), y.max()), xlabel=xlabel, ylabel=ylabel)
        if paths:
            axes.legend(loc="lower left", bbox_to_anchor=(0, 1), ncols=3, borderaxespad=0.1)
    return picture


def spectrum(signals, rate, *, alt, height=2.2, marks=None):
    """Draw how much of each frequency sounds contain, in decibels (Welch's method).

    Parameters
    ----------
    signals : dict of str to array_like
        Sounds by their label.
    rate : float
        Samples per second.
    alt, height, marks
        As in `curves`; marks are in hertz.

    Returns
    -------
    Picture
    """
    powers = {}
    for label, signal in signals.items():
        frequencies, power = welch(signal, fs=rate, nperseg=256)
        powers[label] = (frequencies, 10 * np.log10(power))
    labels = {"xlabel": "frequency in Hz", "ylabel": "power in dB"}
    return curves(powers, alt=alt, height=height, marks=marks, **labels)


class Photos:
    """Photographs in a row that breaks where the page is narrow; made by `photos`."""

    def __init__(self, figures, alt):
        self.figures, self.alt = figures, alt  # figures: list of (label, width, data URL)

    def __repr__(self):
        return self.alt

    def _repr_html_(self):
        # No figure or figcaption: the theme pales captions, and frames pictures in the dark.
        figures = "".join(
            f'<div><img class="dark-light" src="{url}" alt="" width="{width}" style="'
            'display: block; width: 100%; height: auto; margin: 0; padding: 0; background: none">'
            f'<div style="font-size: 0.85em; line-height: 1.3">{html.escape(label)}</div></div>'
            for label, width, url in self.figures
        )
        return (
            f'<div class="book-picture" role="group" aria-label="{html.escape(self.alt)}" '
            'style="display: grid; gap: 0.8rem; '
            "grid-template-columns: repeat(auto-fit, minmax(8rem, 1fr)); "
            f'max-width: {15 * len(self.figures)}rem">{figures}</div>'
        )


def photos(pictures, *, alt, show="clipped", zoom=1):
    """Show photographs, and what filters make of them, side by side.

    Parameters
    ----------
    pictures : dict of str to array_like
        By their label: arrays of shape (H, W), or (H, W, 3) in colour.
    alt : str
        What the pictures show.
    show : "clipped" or "rescaled" or "signed", or one for each picture
        How numbers become shades. ``clipped``: from 0 to 255, what is outside is cut off; floats
        that all lie from 0 to 1, as scikit-image has them, and booleans reach from black to white.
        ``rescaled``: (v − min) / (max − min) · 255, so that the smallest number is black and the
        largest white. ``signed``: 0 is grey; for results of kernels whose sum is 0.
    zoom : int
        Screen pixels per cell, for small arrays. Cells stay sharp squares.

    Returns
    -------
    Photos

    Raises
    ------
    ValueError
        If an array is no picture, or if `show` is unknown.

    Examples
    --------
    >>> photos({"ramp": [[0, 100, 200]]}, alt="A ramp from black to light grey.")
    A ramp from black to light grey.
    """
    shows = [show] * len(pictures) if isinstance(show, str) else show
    figures = []
    for (label, array), how in zip(pictures.items(), shows, strict=True):
        pixels = _shades(label, _brightness(label, array, how), how)
        pixels = pixels.repeat(zoom, axis=0).repeat(zoom, axis=1)
        stream = io.BytesIO()
        # A photograph survives WebP's loss; single cells would run into each other.
        Image.fromarray(pixels).save(stream, "WEBP", quality=60, method=6, lossless=zoom > 1)
        content = base64.b64encode(stream.getvalue()).decode("ascii")
        figures.append((label, pixels.shape[1], f"data:image/webp;base64,{content}"))
    return Photos(figures, alt)


def _brightness(label, picture, show):
    """Return a picture as finite floats, where it is shown as it is from 0 to 255."""
    numbers = as_numbers(repr(label), picture)
    if not np.isfinite(numbers).all():
        raise ValueError(f"{label!r} holds NaN or infinity: replace them by numbers first")
    is_share = np.asarray(picture).dtype.kind in "bf" and numbers.min() >= 0 and numbers.max() <= 1
    return numbers * 255.0 if is_share and show == "clipped" else numbers.astype(float)


def _shades(label, array, show):
    """Return numbers as bytes, in one of the three ways that `photos` explains."""
    if array.size == 0 or array.ndim not in (2, 3) or array.shape[2:] not in ((), (3,)):
        raise ValueError(f"{label!r} has shape {array.shape}: a picture has (H, W) or (H, W, 3)")
    if show == "rescaled":
        span = np.ptp(array)
        array = 255 * (array - array.min()) / (span if span > 0 else 1)
    elif show == "signed":
        largest = np.abs(array).max()
        array = 127.5 * (1 + array / (largest if largest > 0 else 1))
    elif show != "clipped":
        raise ValueError(f"show={show!r} is unknown: use clipped, rescaled or signed")
    return np.clip(np.rint(array), 0, 255).astype(np.uint8)
