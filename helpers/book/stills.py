"""The stills of the widgets: where they lie, and how a page shows one.

`make stills` draws them with a browser. They are kept with the sources, so that the book looks the
same where none is at hand.
"""

import html
import shutil
from pathlib import Path

FOLDER = Path(__file__).parents[2] / "images" / "stills"
SIZE = (448, 280)
SCHEMES = ("light", "dark")


def still_name(name, scheme):
    """Return the file name of a widget's still.

    Examples
    --------
    >>> still_name("Neuron", "dark")
    'Neuron-dark.webp'
    """
    return f"{name}-{scheme}.webp"


def has_still(name, folder=FOLDER):
    """Return whether both stills of a widget have been drawn."""
    return all((folder / still_name(name, scheme)).exists() for scheme in SCHEMES)


def still_html(name, static, alt=""):
    """Return the HTML of a widget's still, of which the theme shows the light or the dark one.

    Only the one on show is loaded, and only near the screen. A widget whose still has not been
    drawn gets its name in its place.

    Parameters
    ----------
    name : str
        The class of the widget.
    static : str
        Address of the static files, as the page sees them.
    alt : str
        What the picture shows; by default it only repeats what stands beside it.
    """
    if not has_still(name):
        return f'<span class="book-still" aria-hidden="true">{html.escape(name)}</span>'
    width, height = SIZE
    return "".join(
        f'<img class="book-still only-{scheme}" src="{static}/stills/{still_name(name, scheme)}" '
        f'alt="{html.escape(alt)}" width="{width}" height="{height}" loading="lazy">'
        for scheme in SCHEMES
    )


def copy_stills(app):
    """Put the stills where Sphinx serves static files from."""
    if app.builder.format == "html" and FOLDER.exists():
        shutil.copytree(FOLDER, Path(app.outdir) / "_static" / "stills", dirs_exist_ok=True)
