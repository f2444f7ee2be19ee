#!/bin/sh
# Prints the path of a Chromium for the browser tests, installing one where none is found. The one
# without windows comes first: it opens pages three times as fast. The few tests that need a camera
# look for a whole browser themselves.
# CHROMIUM names the one to use. Otherwise: one that is on this machine, else Playwright's own
# download, else Debian's package. Each must start, since a download may lack system libraries.
set -eu
cd "$(dirname "$0")/.."

say() { printf '%s\n' "$@" >&2; }
starts() { [ -n "$1" ] && "$1" --version >/dev/null 2>&1; }
use_if_starts() { if starts "$1"; then printf '%s\n' "$1"; exit 0; fi; }

playwrights() {
    .venv/bin/python -c 'from playwright.sync_api import sync_playwright as start
with start() as playwright: print(playwright.chromium.executable_path)'
}

if [ -n "${CHROMIUM:-}" ]; then
    use_if_starts "$(command -v "$CHROMIUM" || true)"
    say "" "CHROMIUM=$CHROMIUM cannot be started: name the program of a Chromium, Chrome or Edge."
    exit 1
fi

for name in chromium-headless-shell chrome-headless-shell chromium chromium-browser \
    google-chrome google-chrome-stable chrome microsoft-edge microsoft-edge-stable; do
    use_if_starts "$(command -v "$name" || true)"
done
for name in Chromium "Google Chrome" "Microsoft Edge"; do
    for folder in /Applications "$HOME/Applications"; do
        use_if_starts "$folder/$name.app/Contents/MacOS/$name"
    done
done
use_if_starts "$(playwrights)"

say "No Chromium on this machine: downloading Playwright's (about 170 MB)."
.venv/bin/python -m playwright install --no-shell chromium >&2 || true
use_if_starts "$(playwrights)"

if [ "$(id -u)" = 0 ] && command -v apt-get >/dev/null; then
    say "Playwright's Chromium is not to be had or does not start here: installing the system's."
    export DEBIAN_FRONTEND=noninteractive
    install() { apt-get install -y --no-install-recommends fonts-liberation "$@"; }
    {
        # Older releases lack the one without windows.
        apt-get update && { install chromium chromium-headless-shell || install chromium; }
    } >&2 </dev/null || true
    use_if_starts "$(command -v chromium-headless-shell || true)"
    use_if_starts "$(command -v chromium || true)"
    # Ubuntu has no such package, but the libraries that Playwright's needs.
    .venv/bin/python -m playwright install-deps chromium >&2 </dev/null || true
    use_if_starts "$(playwrights)"
fi

say "" "The browser tests need a Chromium, and none could be found or installed. Install Chromium," \
    "Google Chrome or Microsoft Edge (Debian: apt-get install chromium), or name one that lies" \
    "elsewhere: make test CHROMIUM=/path/to/chromium"
exit 1
