"""Numbers of formulas and figures on the built pages, and the links that cite them."""

import re

import pytest
from bs4 import BeautifulSoup
from contents import ROOT
from playwright.sync_api import expect

from helpers.book.chapters import chapters_of
from helpers.book.numbers import equation_anchor

CHAPTERS = chapters_of(ROOT)


@pytest.fixture(scope="module")
def pages(book):
    return {
        name: BeautifulSoup((book / f"{name}.html").read_text("utf-8"), "html.parser")
        for name in CHAPTERS
    }


def test_labelled_formulas_are_counted_chapter_by_chapter(pages):
    for chapter, (name, text) in enumerate(CHAPTERS.items(), 1):
        labels = re.findall(r"\$\$ \(([\w-]+)\)$", text, re.M)
        for count, label in enumerate(labels, 1):
            formula = pages[name].find(id=equation_anchor(label))
            assert formula.select_one(".katex-display"), label
            shown = formula.select_one(".eqno").get_text()
            assert shown.startswith(f"({chapter}.{count})"), label
        assert len(pages[name].select(".eqno")) == len(labels)


def test_named_figures_are_counted_chapter_by_chapter(pages):
    for chapter, (name, text) in enumerate(CHAPTERS.items(), 1):
        labels = re.findall(r"^    name: ([\w-]+)$", text, re.M)
        figures = pages[name].select("figure:has(.caption-number)")
        assert [figure["id"] for figure in figures] == labels
        for count, figure in enumerate(figures, 1):
            assert figure.select_one(".book-picture")
            number = figure.select_one(".caption-number").get_text().strip()
            assert number == f"Figure {chapter}.{count}:"
            assert len(figure.select_one(".caption-text").get_text()) > 20


def test_every_link_to_a_formula_or_a_figure_shows_its_number(pages):
    numbered = {}
    for page in pages.values():
        for formula in page.select(".math:has(.eqno)"):
            numbered[formula["id"]] = re.match(r"\([\d.]+\)", formula.get_text().strip())[0]
        for figure in page.select("figure:has(.caption-number)"):
            number = figure.select_one(".caption-number").get_text()
            numbered[figure["id"]] = f"({number.strip().rstrip(':').lower()})"
    links = [
        link for page in pages.values() for link in page.select("article a[href*='#equation-']")
    ]
    cites = [link for link in links if "headerlink" not in link.get("class", [])]
    assert len(cites) > len(numbered)
    for link in cites:
        assert link.get_text().endswith(f" {numbered[link['href'].partition('#')[2]]}"), link


def test_a_number_is_in_sight_on_a_phone_and_a_link_leads_to_it(visit, book):
    page = visit((book / "chapters/08-backpropagation.html").as_uri(), width=390, height=664)
    numbers = page.locator(".eqno")
    assert numbers.count() > 10
    boxes = numbers.evaluate_all(
        """(all) => all.map((number) => {
          number.closest("details, .dropdown")?.classList.remove("toggle-hidden");
          const { left, right, width } = number.getBoundingClientRect();
          return [left, innerWidth - right, width];
        })"""
    )
    assert all(left >= 0 and rest >= 0 and width > 20 for left, rest, width in boxes)
    assert page.evaluate("document.documentElement.scrollWidth") <= 390
    link = page.locator("a:has(> .book-cites)[href^='#']").first
    link.click()
    target = page.locator(link.get_attribute("href"))
    expect(target).to_be_in_viewport()
    assert re.search(r"\(8\.\d+\)$", link.inner_text())


def test_the_search_finds_a_formula_by_its_number(visit, book):
    page = visit((book / "index.html").as_uri(), reduced_motion="reduce")
    page.keyboard.press("Control+k")
    page.locator("input[name=q]:visible").fill("equation 2.2")
    expect(page.locator(".book-found-count:visible")).to_contain_text("“equation 2.2”")
    first = page.locator(".book-found:visible li > a").first
    assert "the-formula-derived" in first.get_attribute("href")
