"""Give every file that a page asks for an address that changes with what the file holds.

Sphinx does so for most files, but before the theme's are made light, and not on pages that it need
not write anew: the address would stay while the file changes, and a browser that was told to keep
it would never see the new one. So it is done once more, for all pages, when the build ends.
"""

import re
import zlib
from pathlib import Path

# A script is taken whole, so that what it says itself is no tag.
_TAG = re.compile(r"(<script\b[^>]*>)(.*?</script>)|(<(?:link|img|source)\b[^>]*>)", re.S)
_FILE = re.compile(
    r"""(?P<before>\s(?:href|src|srcset)=(?P<quote>["']?))"""
    r"""(?P<path>(?:\.\./)*_static/[^"'?#\s>]+)(?:\?[^"'#\s>]*)?(?=(?P=quote)(?:[\s>/]|$))"""
)


def digest(content):
    """Return the sum by which an address tells one content of a file from another.

    Examples
    --------
    >>> digest(b"a { }") == digest(b"a { }"), digest(b"a { }") == digest(b"b { }")
    (True, False)
    """
    return f"{zlib.crc32(content):08x}"


def with_digests(page, digest_of):
    """Return a page whose tags ask for each static file by its digest.

    Parameters
    ----------
    page : str
    digest_of : callable
        Returns the digest of a file from its path as the page gives it, or "" where there is none.

    Examples
    --------
    >>> with_digests('<link href="../_static/a.css?v=old"> <a href="_static/a.css">', {
    ...     "../_static/a.css": "new"}.get)
    '<link href="../_static/a.css?v=new"> <a href="_static/a.css">'
    """

    def renewed(match):
        found = digest_of(match["path"])
        return f"{match['before']}{match['path']}?v={found}" if found else match[0]

    def renewed_tag(match):
        return _FILE.sub(renewed, match[1] or match[3]) + (match[2] or "")

    return _TAG.sub(renewed_tag, page)


def renew(app, exception):
    """Renew the addresses on all pages, when the files are as they stay."""
    if exception or app.builder.format != "html":
        return
    out, known = Path(app.outdir), {}

    def digest_of(path):
        name = path[path.index("_static/") :]
        if name not in known:
            file = out / name
            known[name] = digest(file.read_bytes()) if file.is_file() else ""
        return known[name]

    for page in out.rglob("*.html"):
        text = page.read_text("utf-8")
        better = with_digests(text, digest_of)
        if better != text:
            page.write_text(better, "utf-8")
