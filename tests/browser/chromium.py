"""Which browser the tests and benchmarks drive, and how it is kept from calling home."""

import os
import shutil

BROWSERS = ["chromium", "chromium-browser", "google-chrome", "microsoft-edge"]
QUIET = [
    "--no-sandbox",
    "--no-first-run",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
    "--disable-quic",
]


def launch(kind, *flags):
    """Start a browser: the one named in ``CHROMIUM``, the first on the path, or Playwright's own.

    `kind` is Playwright's ``chromium``; `flags` are added to the quiet ones.
    """
    named = os.environ.get("CHROMIUM") or next(filter(None, map(shutil.which, BROWSERS)), None)
    return kind.launch(executable_path=named, args=[*QUIET, *flags])
