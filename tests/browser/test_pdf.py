"""Three pages of the book as one PDF: a chapter with widgets, one that it cites, and the index."""

import os
import re
import subprocess
import sys
import unicodedata
from itertools import chain

import chromium
import pytest
from bs4 import BeautifulSoup
from contents import ROOT
from pypdf import PdfReader

from helpers.book import index

CHAPTER, OTHER, INDEX = "chapters/05-convolution-layer", "chapters/bibliography", index.PAGE
PARTS = {"Convolution", "Reference"}
ADDRESS = "https://book.example/read/"


@pytest.fixture(scope="module")
def pdf(book, tmp_path_factory):
    path = tmp_path_factory.mktemp("paper") / "three.pdf"
    named = {"CHROMIUM": chromium.program()} if chromium.program() else {}
    done = subprocess.run(
        [sys.executable, "scripts/print_book.py", "5", "bibliography", "index-of", "--to", path],
        cwd=ROOT, env={**os.environ, **named, "BOOK_ADDRESS": ADDRESS, "PYTHONPATH": str(ROOT)},
        capture_output=True, text=True, check=False,
    )  # fmt: skip
    assert done.returncode == 0, done.stderr
    return PdfReader(path)


@pytest.fixture(scope="module")
def texts(pdf):
    whole = [
        unicodedata.normalize("NFKC", sheet.extract_text()) for sheet in pdf.pages
    ]  # no ligatures
    return [" ".join(text.split()) for text in whole]


def plain(text):
    return " ".join(text.replace("\N{SOFT HYPHEN}", "").split())


def headings(book, name):
    soup = BeautifulSoup((book / f"{name}.html").read_text("utf-8"), "html.parser")
    for link in soup.select(".headerlink"):
        link.extract()
    found = soup.select("article h1, article h2")
    return [plain(heading.get_text()) for heading in found]


def test_every_sheet_is_numbered_and_none_is_empty(pdf, texts):
    assert len(texts) > 15
    for number, text in enumerate(texts, 1):
        assert re.search(rf"\b{number}\b", text), number
        assert len(text) > 150 or pdf.pages[number - 1].images, f"sheet {number} is empty: {text}"


def outlines(pdf):
    """The titles in the outline of a file, with the sheets that they lead to."""

    def read(entries):
        for entry in entries:
            if isinstance(entry, list):
                yield from read(entry)
            else:
                yield plain(entry.title), pdf.get_destination_page_number(entry)

    return list(read(pdf.outline))


def test_contents_and_outlines_name_the_sheet_of_every_section(book, pdf, texts):
    sections = [entry for entry in outlines(pdf) if entry[0] not in PARTS]
    titles = [headings(book, name) for name in (CHAPTER, OTHER, INDEX)]
    assert [title for title, _ in sections] == [*chain.from_iterable(titles)]
    for title, sheet in sections:
        letters = re.sub(r"\W", "", title)
        assert letters in re.sub(r"\W", "", texts[sheet]), (title, sheet)
        assert f"{letters}{sheet + 1}" in re.sub(r"\W", "", texts[0]), (title, sheet)


def test_links_lead_into_the_file_or_to_the_published_book(pdf):
    sheets = {sheet.indirect_reference.idnum: n for n, sheet in enumerate(pdf.pages)}
    inside, outside = [], set()
    for number, sheet in enumerate(pdf.pages):
        for annotation in sheet.get("/Annots", []):
            link = annotation.get_object()
            if "/Dest" in link:
                inside.append((number, sheets[link["/Dest"][0].idnum]))
            else:
                outside.add(str(link["/A"]["/URI"]))
    assert not [uri for uri in outside if re.match(r"file:|https://book.invalid", uri)]
    assert f"{ADDRESS}chapters/01-convolution-1d.html" in {uri.partition("#")[0] for uri in outside}
    targets = [target for number, target in inside if number == 0]
    assert targets == [sheet for title, sheet in outlines(pdf) if title not in PARTS]
    other = dict(outlines(pdf))["Bibliography"]
    assert any(0 < number < other <= target for number, target in inside)


def test_every_widget_has_a_caption_and_the_address_of_the_live_one(book, pdf, texts):
    soup = BeautifulSoup((book / f"{CHAPTER}.html").read_text("utf-8"), "html.parser")
    kinds = [box["data-widget"].lower() for box in soup.select(".cv-widget[data-widget]")]
    places = [
        kind if (n := kinds[:at].count(kind)) == 0 else f"{kind}-{n + 1}"
        for at, kind in enumerate(kinds)
    ]
    whole = " ".join(texts)
    captions = re.findall(r"Widget (5\.\d+): .+? Live: (\S+ ?\S+)", whole)
    assert [number for number, _ in captions] == [f"5.{n}" for n in range(1, len(places) + 1)]
    links = [
        str(link["/A"]["/URI"])
        for sheet in pdf.pages
        for annotation in sheet.get("/Annots", [])
        if "?widget=" in str((link := annotation.get_object()).get("/A", {}).get("/URI"))
    ]
    assert list(dict.fromkeys(links)) == [f"{ADDRESS}{CHAPTER}.html?widget={p}" for p in places]


def test_the_index_names_sheets_in_the_place_of_what_is_printed(pdf, texts):
    """Of chapters that are not printed it keeps the numbers."""
    where = dict(outlines(pdf))
    words = " ".join(texts[where["Index"] :])
    for word, start in {"block-Toeplitz": "Local and", "equivariant": "What happens when"}.items():
        sheet = next(sheet for title, sheet in where.items() if title.startswith(start))
        assert re.search(rf"\b{word}, {sheet + 1}\b", words)
    assert re.search(r"\bdropout, 13 Dropout: off at random", words)


def test_formulas_and_figures_have_their_numbers_on_paper(texts):
    whole = " ".join(texts)
    assert {"(5.1)", "(5.2)", "(5.3)"} <= set(re.findall(r"\(5\.\d\)", whole))
    assert "It follows from the formula (5.1)" in whole
    assert "Figure 5.1:" in whole
