#!/bin/sh
# Makes .venv ready to use: finds a Python that fits, creates the environment with it and installs
# requirements.txt. PYTHON names the interpreter to use; without it the first that fits is taken.
# The Makefile calls this only when something changed.
set -eu
cd "$(dirname "$0")/.."

say() { printf '%s\n' "$@" >&2; }
die() { say "" "$@"; exit 1; }

# The one place that says which versions fit is requires-python in pyproject.toml.
range=$(sed -n 's/^requires-python = ">=3\.\([0-9]*\),<3\.\([0-9]*\)"$/\1 \2/p' pyproject.toml)
first=${range% *}
last=$((${range#* } - 1))

version() { "$1" -c 'import platform; print(platform.python_version())' 2>/dev/null; }
fits() {
    "$1" -c "import sys; sys.exit(not (3, $first) <= sys.version_info[:2] <= (3, $last))" 2>/dev/null
}

# Sets `python` to the first interpreter on the PATH that fits.
find_python() {
    names=python3
    minor=$last
    while [ "$minor" -ge "$first" ]; do
        names="$names python3.$minor"
        minor=$((minor - 1))
    done
    seen=
    for python in $names python; do
        ! fits "$python" || return 0
        ! found=$(version "$python") || seen="$seen $python is $found."
    done
    die "The book needs Python 3.$first to 3.$last, and none was found.$seen" \
        "Install one (Debian, Ubuntu: apt-get install python3 python3-venv; else python.org/downloads)" \
        "or name one that lies elsewhere: make book PYTHON=/path/to/python3.$last"
}

if [ -n "${PYTHON:-}" ]; then
    found=$(version "$PYTHON") || die "PYTHON=$PYTHON cannot be run."
    fits "$PYTHON" || die "PYTHON=$PYTHON is Python $found, but the book needs 3.$first to 3.$last."
fi

works() { fits .venv/bin/python && .venv/bin/python -m pip --version >/dev/null 2>&1; }
in_place() { [ ! -e .venv/.installed ] || [ "$(cat .venv/.installed)" = "$(pwd -P)" ]; }
as_named() { [ -z "${PYTHON:-}" ] || [ "$(version .venv/bin/python)" = "$found" ]; }

if ! { works && in_place && as_named; }; then
    if [ -n "${PYTHON:-}" ]; then python=$PYTHON; else find_python; fi
    "$python" -c 'import ensurepip, venv' 2>/dev/null ||
        die "$python (Python $(version "$python")) cannot create environments: it lacks ensurepip or venv." \
            "Install them (Debian, Ubuntu: apt-get install python3-venv) and try again."
    say "Creating .venv with Python $(version "$python") ($python)."
    "$python" -m venv --clear .venv || die ".venv could not be created with $python."
fi

say "Installing requirements.txt into .venv: the first time some minutes, and 2.5 GB of disk."
rm -f .venv/.installed
# On a screen pip shows how far it is; in a log that would be a thousand lines.
if [ -t 1 ]; then quiet=; else quiet=--quiet; fi
install() {
    .venv/bin/python -m pip install --disable-pip-version-check $quiet "$@" ||
        die "The packages could not be installed; pip says above why. Is this machine online?"
}
install --require-hashes -r requirements.txt
install --no-deps -e .
pwd -P > .venv/.installed
