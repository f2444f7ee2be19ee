"""What widgets have in common that work on pictures, the page's own or the reader's."""

import re

import traitlets

from helpers.widgets.base import Widget
from helpers.widgets.pictures import is_picture, name_of, read_picture, to_data_url

# A picture that the reader opened in the browser. It stays there, so Python knows but its number.
_OWN = re.compile(r"own-[1-9]\d*")


class Pictures(traitlets.Dict):
    """Pictures by name, kept as data URLs; takes anything that `read_picture` takes."""

    reads_arrays = True

    info_text = "a picture, or several by name"

    def validate(self, obj, value):
        if value is None:
            value = {}
        elif isinstance(value, list | tuple) and all(map(is_picture, value)):
            value = _by_name(value)
        elif is_picture(value) or not isinstance(value, dict):
            value = {name_of(value): value}
        if not value:
            raise traitlets.TraitError("images is empty: give it at least one picture")
        return super().validate(obj, {self._name(n): self._url(p) for n, p in value.items()})

    def _name(self, name):
        if not isinstance(name, str) or not name.strip() or _OWN.fullmatch(name):
            raise traitlets.TraitError(
                f"images has the name {name!r}: use a text, and not own-1, own-2, ..., "
                "which are the reader's own pictures"
            )
        return name

    def _url(self, picture):
        if isinstance(picture, str) and picture.startswith("data:image/"):
            return picture
        try:
            return self._encode(picture)
        except (TypeError, ValueError, OSError) as problem:
            raise traitlets.TraitError(f"images: {problem}") from None

    def _encode(self, picture):
        return to_data_url(read_picture(picture), exact=not is_picture(picture))


class CutPictures(Pictures):
    """Pictures by name, each cut down by a function and then kept exactly."""

    def __init__(self, cut, **kwargs):
        super().__init__(**kwargs)
        self.cut = cut

    def _encode(self, picture):
        return to_data_url(self.cut(picture), exact=True)


def _by_name(pictures):
    """Return pictures by name; two files of one name are told apart by a number."""
    named = {}
    for picture in pictures:
        name = name_of(picture)
        count = sum(other == name or other.startswith(f"{name} (") for other in named)
        named[f"{name} ({count + 1})" if name in named else name] = picture
    return named


class Pictured(Widget):
    """A widget that shows one of several pictures; a subclass gives those to begin with.

    Attributes
    ----------
    images : dict of str to str
        The pictures by name, as data URLs.
    source : str
        The name of the picture on show, or own-1, own-2, ... for one that the reader opened.
    """

    images = Pictures().tag(sync=True)
    source = traitlets.Unicode().tag(sync=True)

    def __init__(self, images=None, **state):
        if images is not None:
            state["images"] = images
        super().__init__(**state)

    @traitlets.default("source")
    def first_name(self):
        """Return the name of the first picture."""
        return next(iter(self.images))

    @traitlets.validate("source")
    def _known(self, proposal):
        if proposal.value not in self.images and not _OWN.fullmatch(proposal.value):
            raise traitlets.TraitError(
                f"source={proposal.value!r} names no picture: use {', '.join(self.images)}"
            )
        return proposal.value

    @traitlets.observe("images")
    def _keep_source(self, change):
        if self.source not in self.images and not _OWN.fullmatch(self.source):
            self.source = self.first_name()
