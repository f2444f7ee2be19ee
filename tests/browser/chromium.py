"""Which browser the tests and benchmarks drive, and how it is kept from calling home."""

import os
import shutil

# A shell without windows opens a page three times as fast, but cannot ask for a camera.
SHELLS = ["chromium-headless-shell", "chrome-headless-shell", "headless_shell"]
BROWSERS = ["chromium", "chromium-browser", "google-chrome", "microsoft-edge"]
QUIET = [
    "--no-sandbox",
    "--no-first-run",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
    "--disable-quic",
]


def program():
    """Return the browser named in ``CHROMIUM``, else the first on the path, else none."""
    return os.environ.get("CHROMIUM") or first_of(*SHELLS, *BROWSERS)


def full():
    """Return a whole browser, with a camera; where only a shell is found, that one."""
    named = os.environ.get("CHROMIUM")
    if named and os.path.basename(named) not in SHELLS:
        return named
    return first_of(*BROWSERS) or program()


def first_of(*names):
    """Return the path of the first of these programs that is on this machine."""
    return next(filter(None, map(shutil.which, names)), None)


def launch(kind, *flags, executable=None):
    """Start a browser: `executable`, else that of `program`, else Playwright's own.

    `kind` is Playwright's ``chromium``; `flags` are added to the quiet ones.
    """
    return kind.launch(executable_path=executable or program(), args=[*QUIET, *flags])
