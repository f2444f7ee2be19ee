"""The widgets of Jupyter beside those of this book: what the book shows where no kernel runs."""

import html

VIEW = "application/vnd.jupyter.widget-view+json"


class Live:
    """Show `widget` where a kernel runs, and `in_book` in the static book.

    The widgets of Jupyter need a kernel: on a page without one they leave a line of code or
    nothing. A picture of them says what a notebook shows; a living widget in their place would do
    nothing of what the text above it promises.

    Parameters
    ----------
    widget : ipywidgets.Widget
        Anything that ipywidgets can show, such as an `HBox` or the result of `interactive`.
    in_book
        Something with an HTML form: a widget of the book, a `Picture` or a table.
    """

    def __init__(self, widget, *, in_book):
        self.widget, self.in_book = widget, in_book

    def _repr_mimebundle_(self, **kwargs):
        if not hasattr(self.widget, "_repr_mimebundle_"):  # ipywidgets 7, which Colab has
            view = {"version_major": 2, "version_minor": 0, "model_id": self.widget.model_id}
            return {"text/plain": type(self.widget).__name__, VIEW: view}
        bundle = _data(self.widget._repr_mimebundle_(**kwargs))
        if hasattr(self.in_book, "_repr_mimebundle_"):
            page = _data(self.in_book._repr_mimebundle_(**kwargs))["text/html"]
        else:
            page = self.in_book._repr_html_()
        return {**bundle, "text/html": page}


class Still:
    """Pictures of widgets as they look in a notebook, and what these do there.

    Parameters
    ----------
    names : list of str
        Classes of widgets; the book has a still of each.
    words : str
        What a reader of the notebook would see besides.
    """

    def __init__(self, names, words):
        self.names, self.words = names, words

    def _repr_html_(self):
        stills = "".join(
            f'<img class="book-still only-{scheme}" src="../_static/stills/{name}-{scheme}.webp" '
            f'alt="{name}, in a notebook" width="448" height="280" loading="lazy">'
            for name in self.names
            for scheme in ("light", "dark")
        )
        return (
            f'<figure class="book-in-notebook"><div>{stills}</div>'
            f"<figcaption>In a notebook: {html.escape(self.words)}</figcaption></figure>"
        )


def _data(bundle):
    """Return the data of a MIME bundle, which may come as `(data, metadata)`."""
    return bundle[0] if isinstance(bundle, tuple) else bundle
