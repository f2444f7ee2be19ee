"""What a shared link to a page shows: title, description and a picture of the book's own."""

import html
import os
import re
import shutil
from pathlib import Path

from docutils import nodes

from helpers.book.chapters import chapters_of, faces
from helpers.book.checkout import repository_address
from helpers.book.stills import SIZE, has_still, still_name

PREVIEW = Path(__file__).parents[2] / "images" / "preview.jpg"
PREVIEW_SIZE = (1200, 630)
LONGEST = 200


def home_address():
    """Return the address of the published book, with a slash at the end, or "" where none is known.

    ``BOOK_ADDRESS`` names it; else it is where GitHub shows the pages of the checkout's repository.
    """
    if named := os.environ.get("BOOK_ADDRESS", ""):
        return named.rstrip("/") + "/"
    found = re.fullmatch(r"https://github\.com/([\w.-]+)/([\w.-]+)", repository_address())
    return f"https://{found[1].lower()}.github.io/{found[2]}/" if found else ""


def description_of(doctree):
    """Return the first paragraph of a page, cut after a sentence or a word where it is long."""
    for paragraph in doctree.findall(nodes.paragraph):
        text = " ".join(paragraph.astext().replace("\N{SOFT HYPHEN}", "").split())
        if len(text) > 40:
            return shortened(text)
    return ""


def shortened(text, longest=LONGEST):
    """Return the whole sentences of a text that fit, or as many words.

    Examples
    --------
    >>> shortened("One. Two and three.", 10)
    'One.'
    >>> shortened("A long sentence without an end", 10)
    'A long …'
    """
    if len(text) <= longest:
        return text
    sentences = re.match(rf"(?s).{{1,{longest - 1}}}[.?!](?= )", text)
    return sentences[0] if sentences else text[: longest - 1].rpartition(" ")[0] + " …"


def add_metadata(app, pagename, templatename, context, doctree):
    """Add what the services that show links look for."""
    if doctree is None or app.builder.format != "html":
        return
    home = home_address()
    plain = re.sub(r"<[^>]+>", "", context.get("title", "")).replace("\N{SOFT HYPHEN}", "")
    title = html.unescape(plain)
    description = description_of(doctree)
    face = faces(chapters_of(app.srcdir)).get(pagename)
    if face and has_still(face):
        picture, size = f"_static/stills/{still_name(face, 'light')}", SIZE
    else:
        picture, size = f"_static/{PREVIEW.name}", PREVIEW_SIZE
    up = home or "../" * pagename.count("/")
    properties = {
        "og:type": "article" if pagename != app.config.root_doc else "website",
        "og:site_name": app.config.html_title or app.config.project,
        "og:title": title,
        "og:description": description,
        "og:image": f"{up}{picture}",
        "og:image:width": size[0],
        "og:image:height": size[1],
        "og:image:alt": f"A picture from the book: {title}",
    }
    if home:
        properties["og:url"] = f"{home}{pagename}.html"
    lines = [f'<meta name="description" content="{html.escape(description)}">']
    lines += [
        f'<meta property="{name}" content="{html.escape(str(value))}">'
        for name, value in properties.items()
    ]
    lines.append('<meta name="twitter:card" content="summary_large_image">')
    context["metatags"] = context.get("metatags", "") + "\n" + "\n".join(lines)


def copy_preview(app):
    """Put the picture of the whole book where Sphinx serves static files from."""
    if app.builder.format == "html" and PREVIEW.exists():
        target = Path(app.outdir) / "_static"
        target.mkdir(parents=True, exist_ok=True)
        shutil.copy2(PREVIEW, target / PREVIEW.name)
