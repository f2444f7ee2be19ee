"""The room that is kept free for each widget until it is drawn, so that nothing moves then.

`make rooms` measures the built pages. What it has not measured yet gets the room of its kind. A
reader who was here before gets the room of that visit (`page/host.js`).
"""

import json
import re
from collections import Counter
from pathlib import Path

from helpers.widgets.base import Widget

ROOMS = Path(__file__).with_name("rooms.json")

_CONTAINER = re.compile(r'<div class="cv-widget" data-widget="(\w+)">')


def add_rooms(app, pagename, templatename, context, doctree):
    """Keep room for the widgets of a page."""
    if app.builder.format == "html" and "data-widget=" in context.get("body", ""):
        measured = json.loads(ROOMS.read_text("utf-8"))
        context["body"] = with_rooms(context["body"], measured.get(pagename, {}))


def with_rooms(body, measured):
    """Return the body of a page that says how tall each widget is, on a laptop and on a phone.

    Parameters
    ----------
    body : str
        HTML.
    measured : dict
        The heights in pixels, by the widget's place: its name in addresses.

    Examples
    --------
    >>> page = '<div class="cv-widget" data-widget="SelfCheck">'
    >>> with_rooms(page, {"selfcheck": [300, 420]})
    '<div class="cv-widget" data-widget="SelfCheck" style="--room:300px;--room-on-a-phone:420px">'
    """
    counts = Counter()

    def room(found):
        name = found[1]
        stem = name.lower()
        counts[stem] += 1
        place = stem if counts[stem] == 1 else f"{stem}-{counts[stem]}"
        wide, narrow = measured.get(place, Widget.registry[name].heights)
        return f'{found[0][:-1]} style="--room:{wide}px;--room-on-a-phone:{narrow}px">'

    return _CONTAINER.sub(room, body)
