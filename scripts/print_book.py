"""Print the built book, or some of its pages, as one PDF: what `make pdf` runs.

Each page is printed by the Chromium that the tests use, with every widget awake; then the pages are
joined, with contents, page numbers, outlines, and links that lead to their place in the file.

    python scripts/print_book.py              the whole book, as _build/book.pdf
    python scripts/print_book.py 3 notation   these pages, as _build/03-...-and-notation.pdf

``BOOK_ADDRESS`` is where the book is published; captions of widgets and links to pages that are not
printed lead there. By default it is the address that GitHub gives the checkout's repository.
"""

import argparse
import html
import io
import os
import re
import sys
from dataclasses import dataclass
from pathlib import Path
from urllib.parse import unquote, urldefrag

import yaml
from playwright.sync_api import sync_playwright
from pypdf import PdfReader, PdfWriter
from pypdf.generic import (
    ArrayObject,
    DictionaryObject,
    FloatObject,
    NameObject,
    NullObject,
    TextStringObject,
)

from helpers.book.checkout import repository_address
from helpers.book.index import PAGE as INDEX

ROOT = Path(__file__).parents[1]
HTML = ROOT / "_build" / "html"
STYLE = Path(__file__).with_name("paper.css")
SCRIPT = Path(__file__).with_name("paper.js")

MARGIN_MM = 16
FOOT_MM = 20
SCALE = 0.74
# As wide as the paper between its margins, so that a widget is drawn as it will be printed.
VIEWPORT = {"width": round((210 - 2 * MARGIN_MM) / 25.4 * 96 / SCALE), "height": 1200}
SLOW_MS = 300_000  # for a page with many widgets on a busy machine


@dataclass
class Printed:
    """A page of the book on paper: its file, its headings, and where its targets are."""

    name: str
    part: str
    headings: list
    pdf: PdfReader
    first: int = 0  # the number of its first sheet in the whole file, counted from 0

    def place(self, anchor):
        """Return the sheet and the height of a target: a pair, the sheet counted in this page."""
        targets = self.pdf.trailer["/Root"].get("/Dests", DictionaryObject()).get_object()
        found = targets.get(f"/{anchor}") if anchor else None
        if found is None:
            return (0, None)
        found = found.get_object()
        return (self.pdf.get_page_number(found[0].get_object()), float(found[3]))


def contents():
    """Return ``{page: part}`` of all pages of the book, in their order."""
    toc = yaml.safe_load((ROOT / "_toc.yml").read_text("utf-8"))
    entries = {
        entry["file"]: part.get("caption", "")
        for part in toc["parts"]
        for entry in part["chapters"]
    }
    return {toc["root"]: "", **entries}


def chosen(names, pages):
    """Return the pages that somebody names by their file, its beginning or its number.

    Raises
    ------
    SystemExit
        If a name fits no page.
    """
    found = {}
    for name in names:
        fits = [page for page in pages if re.match(rf"(.*/)?0*{re.escape(name)}", page)]
        if not fits:
            known = ", ".join(page.rpartition("/")[2] for page in pages)
            sys.exit(f"{name!r} is no page of the book: choose from {known}")
        found[fits[0]] = pages[fits[0]]
    return found or pages


def published_address():
    """Return where the book is published, with a slash at its end, or "" where that is unknown."""
    if named := os.environ.get("BOOK_ADDRESS", ""):
        return named.rstrip("/") + "/"
    found = re.fullmatch(r"https://github\.com/([^/]+)/([^/]+)", repository_address())
    return f"https://{found[1].lower()}.github.io/{found[2]}/" if found else ""


def print_page(browser, name, part, address, sheets=None):
    """Print a page with all its widgets awake, and return it as `Printed`.

    Links of the index show the numbers of their sheets, where `sheets` has them by the address.
    """
    page = browser.new_page(
        viewport=VIEWPORT, color_scheme="light", reduced_motion="reduce",
        bypass_csp=True,  # a page runs nothing but its own scripts, and paper.js is another
    )  # fmt: skip
    page.set_default_timeout(SLOW_MS)
    page.goto((HTML / f"{name}.html").as_uri(), wait_until="load")
    page.add_style_tag(path=STYLE)
    page.add_script_tag(path=SCRIPT)
    page.emulate_media(media="print")
    # A widget whose modules have not come would be a still on paper: it is woken once they have.
    page.wait_for_function(
        """() => {
            dispatchEvent(new Event("beforeprint"));
            const isAsleep = document.querySelector(".cv-widget[data-widget]:not([data-ready])");
            return !isAsleep && !document.querySelector(".math:not(:has(.katex))");
        }""",
        polling=300,
    )
    page.evaluate("(given) => preparePaper(...given)", [f"{name}.html", address])
    page.evaluate("(sheets) => numberIndex(sheets)", sheets or {})
    page.wait_for_timeout(200)  # pictures that are drawn when their size is known
    headings = page.evaluate("paperHeadings()")
    pdf = page.pdf(
        format="A4", scale=SCALE, print_background=True,
        margin={"top": f"{MARGIN_MM}mm", "bottom": f"{FOOT_MM}mm",
                "left": f"{MARGIN_MM}mm", "right": f"{MARGIN_MM}mm"},
    )  # fmt: skip
    page.close()
    return Printed(name, part, headings, PdfReader(io.BytesIO(pdf)))


def print_html(browser, body, **options):
    """Print a text of our own and return its sheets."""
    page = browser.new_page()
    page.set_content(f'<meta charset="utf-8"><body class="paper-own">{body}')
    page.add_style_tag(path=STYLE)
    pdf = page.pdf(format="A4", **options)
    page.close()
    return PdfReader(io.BytesIO(pdf))


def print_contents(browser, title, pages):
    """Return the sheets of the contents, with a link and a number for each heading."""
    margin = dict.fromkeys(("top", "bottom", "left", "right"), "20mm")
    lines, part = [f"<h1>{html.escape(title)}</h1>", "<ol>"], ""
    for page in pages:
        if page.part != part:
            part = page.part
            lines.append(f"</ol><h2>{html.escape(part)}</h2><ol>")
        for heading in page.headings:
            kind = "chapter" if heading["level"] == 1 else "section"
            number = page.first + page.place(heading["anchor"])[0] + 1
            link = f"https://book.invalid/{page.name}.html#{heading['anchor']}"
            lines.append(
                f'<li class="{kind}"><a href="{link}">{html.escape(heading["title"])}</a>'
                f"<span>{number}</span></li>"
            )
    return print_html(browser, "".join([*lines, "</ol>"]), margin=margin)


def print_feet(browser, titles):
    """Return sheets with nothing but a title and a number at the foot of each."""
    sheets = [
        f'<div class="paper-foot"><div><span>{html.escape(title)}</span>'
        f"<span>{number}</span></div></div>"
        for number, title in enumerate(titles, 1)
    ]
    return print_html(browser, "".join(sheets))


def number_sheets(pages, sheet):
    """Tell each page its first sheet, when the first of all is the one of this number."""
    for page in pages:
        page.first = sheet
        sheet += len(page.pdf.pages)


def sheets_of_targets(pages):
    """Return {address in the book: number of the sheet} of all targets, as the index has them."""
    found = {}
    for page in pages:
        targets = page.pdf.trailer["/Root"].get("/Dests", DictionaryObject()).get_object()
        for anchor in (str(target).removeprefix("/") for target in targets):
            number = page.first + page.place(anchor)[0] + 1
            found[f"{page.name}.html#{unquote(anchor)}"] = number
    return found


def join(browser, title, pages, address):
    """Return a writer with the contents and all pages, numbered, linked and outlined."""
    front = print_contents(browser, title, pages)
    number_sheets(pages, len(front.pages))
    # Now that the numbers are known: the index, which comes last, and then all that has moved.
    for place, page in enumerate(pages):
        if page.name == INDEX:
            known = sheets_of_targets(pages)
            pages[place] = print_page(browser, page.name, page.part, address, known)
    number_sheets(pages, len(front.pages))
    front = print_contents(browser, title, pages)

    writer = PdfWriter()
    for reader in [front, *(page.pdf for page in pages)]:
        for one in reader.pages:
            writer.add_page(one)
    named = {f"{page.name}.html": page for page in pages}
    for number, sheet in enumerate(writer.pages):
        here = next((page for page in reversed(pages) if page.first <= number), None)
        for annotation in sheet.get("/Annots", []):
            point(writer, annotation.get_object(), here, named, address)
    titles = [title] * len(front.pages)
    for page in pages:
        titles += [page.headings[0]["title"]] * len(page.pdf.pages)
    for sheet, foot in zip(writer.pages, print_feet(browser, titles).pages, strict=False):
        sheet.merge_page(foot)
        sheet.compress_content_streams()
    outline(writer, pages)
    writer.add_metadata({"/Title": title})
    writer.compress_identical_objects(remove_duplicates=True, remove_unreferenced=True)
    return writer


def point(writer, link, here, named, address):
    """Make a link lead to its place in the file, or else to the published book."""
    if link.get("/Subtype") != "/Link":
        return
    if "/Dest" in link:
        target, anchor = here, str(link["/Dest"]).removeprefix("/")
        link.pop("/Dest")
    else:
        address_of_link = str(link.get("/A", {}).get("/URI", ""))
        file, anchor = urldefrag(address_of_link)
        file = file.removeprefix("https://book.invalid/").removeprefix(HTML.as_uri() + "/")
        if file == address_of_link.partition("#")[0]:
            return  # to somewhere else
        target = named.get(file)
        if target is None:
            if address:
                uri = TextStringObject(address + file + (f"#{anchor}" if anchor else ""))
                link["/A"].get_object()[NameObject("/URI")] = uri
            else:
                link.pop("/A")
            return
        link.pop("/A")
    sheet, top = target.place(unquote(anchor))
    top = NullObject() if top is None else FloatObject(top)
    where = [writer.pages[target.first + sheet].indirect_reference, NameObject("/XYZ")]
    link[NameObject("/Dest")] = ArrayObject([*where, NullObject(), top, NullObject()])


def outline(writer, pages):
    """Give the file an outline of parts, pages and sections."""
    add, parts = writer.add_outline_item, {}
    for page in pages:
        if page.part and page.part not in parts:
            parts[page.part] = add(title=page.part, page_number=page.first, bold=True)
        chapter = None
        for heading in page.headings:
            sheet = page.first + page.place(heading["anchor"])[0]
            if heading["level"] == 1:
                parent = parts.get(page.part)
                chapter = add(title=heading["title"], page_number=sheet, parent=parent)
            else:
                add(title=heading["title"], page_number=sheet, parent=chapter)


def print_book(names=(), path=None):
    """Print the pages of these names, or all, into a file, and return its path."""
    if not (HTML / "index.html").exists():
        sys.exit("The book is not built: run `make book` first.")
    wanted = chosen(names, contents())
    address = published_address()
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(
            executable_path=os.environ.get("CHROMIUM") or None, args=["--no-sandbox"]
        )
        pages = []
        for name, part in wanted.items():
            print(f"printing {name}", file=sys.stderr)
            pages.append(print_page(browser, name, part, address))
        config = yaml.safe_load((ROOT / "_config.yml").read_text("utf-8"))
        writer = join(browser, config["title"], pages, address)
        browser.close()
    stems = [name.rpartition("/")[2] for name in wanted]
    path = path or ROOT / "_build" / f"{'-and-'.join(stems) if names else 'book'}.pdf"
    writer.write(path)
    return path


def main():
    """Print what the command line asks for."""
    parser = argparse.ArgumentParser(description=__doc__.partition("\n")[0])
    parser.add_argument("names", nargs="*", help="pages, by file or number; all without any")
    parser.add_argument("--to", type=Path, help="the file; by default in _build")
    asked = parser.parse_args()
    print(print_book(asked.names, asked.to))


if __name__ == "__main__":
    main()
