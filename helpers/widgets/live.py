"""The widgets of Jupyter beside those of this book: what stands in where no kernel runs."""

VIEW = "application/vnd.jupyter.widget-view+json"


class Live:
    """Show `widget` where a kernel runs, and `in_book` in the static book.

    The widgets of Jupyter need a kernel: on a page without one they leave a line of code or
    nothing. The widgets of this book need none, so one of them stands in.

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


def _data(bundle):
    """Return the data of a MIME bundle, which may come as `(data, metadata)`."""
    return bundle[0] if isinstance(bundle, tuple) else bundle
