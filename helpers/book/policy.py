"""What a page may load and run: nothing but the book's own files, said to the browser in the page.

The policy stands in a meta tag, since a book on a disk or on a plain server has no headers. It is
written when the build ends, because it lists the hash of every script that stands in the page.
"""

import base64
import hashlib
import re
from html.parser import HTMLParser

_META = '<meta http-equiv="Content-Security-Policy" content="{}" />'
_FORMER = re.compile(r'\s*<meta http-equiv="Content-Security-Policy"[^>]*>')
_CHARSET = re.compile(r"<meta charset=[^>]*>", re.IGNORECASE)

# On a disk 'self' means nothing, and file: stands for it; blobs are the linked modules of widgets.
_RULES = {
    "default-src": "'none'",
    "base-uri": "'none'",
    "object-src": "'none'",
    "form-action": "'self' file:",
    "script-src": "'self' file: blob:",
    "style-src": "'self' file: 'unsafe-inline'",
    "img-src": "'self' file: data: blob:",
    "font-src": "'self' file:",
    "media-src": "data: blob:",
    "connect-src": "'self' file:",
}

_RUNS = {"", "module", "text/javascript", "application/javascript"}


class _Scripts(HTMLParser):
    """Collects the text of the scripts in a page, and of the attributes that run when clicked."""

    def __init__(self):
        super().__init__(convert_charrefs=False)
        self.scripts, self.handlers, self._open = set(), set(), None

    def handle_starttag(self, tag, attrs):
        for name, value in attrs:
            if name.startswith("on") and value:
                self.handlers.add(value)
        given = dict(attrs)
        if tag == "script" and "src" not in given and (given.get("type") or "").lower() in _RUNS:
            self._open = []

    def handle_data(self, data):
        if self._open is not None:
            self._open.append(data)

    def handle_endtag(self, tag):
        if tag == "script" and self._open is not None:
            self.scripts.add("".join(self._open))
            self._open = None


def _hashes(texts):
    digests = (hashlib.sha256(text.encode()).digest() for text in texts)
    return sorted(f"'sha256-{base64.b64encode(digest).decode()}'" for digest in digests)


def policy_of(page):
    """Return the policy of a page, as the browser reads it.

    Examples
    --------
    >>> "script-src 'self' file: blob:;" in policy_of("<p>no script</p>")
    True
    """
    found = _Scripts()
    found.feed(page)
    found.close()
    allowed = _hashes(found.scripts)
    if found.handlers:
        allowed += ["'unsafe-hashes'", *_hashes(found.handlers)]
    rules = _RULES | {"script-src": " ".join([_RULES["script-src"], *allowed])}
    return "; ".join(f"{name} {sources}" for name, sources in rules.items())


def with_policy(page):
    """Return a page with its policy as the second thing in its head, in place of a former one.

    What is no whole page, such as a template among the static files, stays as it is.
    """
    page = _FORMER.sub("", page)
    charset = _CHARSET.search(page)
    if not charset:
        return page
    tag = _META.format(policy_of(page))
    return f"{page[: charset.end()]}\n    {tag}{page[charset.end() :]}"
