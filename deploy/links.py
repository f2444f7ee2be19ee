"""Follow the links that the guides give to students, in a browser, to a first cell that has run.

What stands in a guide is taken as it stands there; only the hub's address and the book's are put
in, as an instructor does.
"""

import os
import re
import shutil
import time
from urllib.parse import parse_qs, quote, unquote, urlsplit

from hub import ROOT

PATIENCE_MS = 600_000
PROGRAMS = ("chromium", "chromium-browser", "google-chrome", "chromium-headless-shell")


def hub_link(guide):
    """Return what follows the hub's address in the link of `deploy/README.md`.

    Examples
    --------
    >>> hub_link("x https://hub.example.org/hub/user-redirect/git-pull?repo=a y")
    '/hub/user-redirect/git-pull?repo=a'
    """
    return re.search(r"https://hub\.example\.org(/hub/user-redirect/\S+)", guide)[1]


def binder_link(guide):
    """Return the address that Binder forwards to, of the link that pulls the chapters of today.

    Examples
    --------
    >>> binder_link("https://mybinder.org/v2/gh/OWNER/REPO/v1?urlpath=git-pull%3Frepo%3Da%2520b")
    'git-pull?repo=a%20b'
    """
    address = re.search(r"https://mybinder\.org/\S+\?urlpath=git-pull\S+", guide)[0]
    return parse_qs(urlsplit(address).query)["urlpath"][0]


def filled_in(link, repository):
    """Put a repository's address into a link, quoted where the link has it quoted.

    Examples
    --------
    >>> filled_in("?repo=https://github.com/OWNER/REPO&urlpath=lab/tree/REPO/a", "file:///b.git")
    '?repo=file%3A%2F%2F%2Fb.git&urlpath=lab/tree/b.git/a'
    """
    plain = "https://github.com/OWNER/REPO"
    for written in (plain, quote(plain, safe="")):
        link = link.replace(written, quote(repository, safe=""))
    return link.replace("REPO", repository.rpartition("/")[2])  # the folder's name too


def follow(page, address, hub, name):
    """Open a link, log in if asked, wait for the notebook, run its first cell of code."""
    began = time.monotonic()
    page.goto(address)
    notebook = page.locator(".jp-Notebook")
    form = page.locator("#login_submit")
    form.or_(notebook).first.wait_for()
    if form.count():
        page.locator("[name=username]").fill(name)
        page.locator("[name=password]").fill(name)
        form.click()
    title = notebook.locator("h1").first
    title.wait_for()
    opened = time.monotonic() - began
    path = unquote(urlsplit(page.url).path).partition("/lab/tree/")[2]
    file = hub.homes / name / path
    same = file.read_bytes() == (ROOT / path.partition("/")[2]).read_bytes()
    page.locator(".jp-NotebookPanel-toolbar", has_text="Python 3").wait_for()
    title.click()
    # Cells out of sight are not on the page: one after the other is run, to the first with code.
    ran = page.locator(".jp-InputArea-prompt", has_text=re.compile(r"\[[\d*]+\]"))
    while not ran.count():
        page.keyboard.press("Shift+Enter")
        page.wait_for_timeout(2000)
    done = page.locator(".jp-CodeCell", has_text=re.compile(r"\[\d+\]:")).first
    done.wait_for()
    return {
        "notebook": file.name,
        "same_as_in_the_book": same,
        "first_cell_runs": done.locator("[data-mime-type*=error], [data-mime-type*=stderr]").count()
        == 0,
        "seconds": round(opened),
    }


def run_links(hub, *_):
    """Follow both links as two students who have never been here."""
    from playwright.sync_api import sync_playwright

    program = os.environ.get("CHROMIUM") or next(filter(None, map(shutil.which, PROGRAMS)), None)
    repository = hub.upstream.as_uri()
    ways = {
        "hub": filled_in(hub_link((ROOT / "deploy" / "README.md").read_text("utf-8")), repository),
        "binder": "/hub/user-redirect/"
        + filled_in(binder_link((ROOT / "README.md").read_text("utf-8")), repository),
    }
    found = {}
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=program, args=["--no-sandbox"])
        for name, way in ways.items():
            (hub.homes / name).mkdir(parents=True, exist_ok=True)
            hub.servers[name] = None  # to be stopped at the end
            page = browser.new_page()
            page.set_default_timeout(PATIENCE_MS)
            page.set_default_navigation_timeout(PATIENCE_MS)
            found[name] = follow(page, hub.address + way, hub, name)
            print(name, found[name], flush=True)
            page.close()
        browser.close()
    return found
