#!/bin/sh
# Makes .venv ready to use: finds a Python that fits, creates the environment with it and installs
# requirements.txt. PYTHON names the interpreter to use; without it the first that fits is taken.
# The Makefile calls this only when something changed.
set -eu
cd "$(dirname "$0")/.."

say() { printf '%s\n' "$*" >&2; }
die() { say "" "$@"; exit 1; }

# The one place that says which versions fit is requires-python in pyproject.toml.
range=$(sed -n 's/^requires-python = ">=3\.\([0-9]*\),<3\.\([0-9]*\)"$/\1 \2/p' pyproject.toml)
first=${range% *}
last=$((${range#* } - 1))

fits() { "$1" -c "import sys; sys.exit(not (3, $first) <= sys.version_info[:2] <= (3, $last))" 2>/dev/null; }
version() { "$1" -c 'import platform; print(platform.python_version())' 2>/dev/null; }

if [ -n "${PYTHON:-}" ]; then
    found=$(version "$PYTHON") || die "PYTHON=$PYTHON cannot be run."
    fits "$PYTHON" || die "PYTHON=$PYTHON is Python $found, but the book needs 3.$first to 3.$last."
    python=$PYTHON
else
    names=python3
    minor=$last
    while [ "$minor" -ge "$first" ]; do
        names="$names python3.$minor"
        minor=$((minor - 1))
    done
    python= seen=
    for name in $names python; do
        if fits "$name"; then
            python=$name
            break
        fi
        found=$(version "$name") && seen="$seen $name is $found."
    done
    [ -n "$python" ] || die "The book needs Python 3.$first to 3.$last, and none was found.$seen" \
        "Install one (Debian, Ubuntu: apt-get install python3 python3-venv; else python.org/downloads)" \
        "or name one that lies elsewhere: make book PYTHON=/path/to/python3.$last"
fi

usable() { fits .venv/bin/python && .venv/bin/python -m pip --version >/dev/null 2>&1; }
same_place() { [ ! -e .venv/.installed ] || [ "$(cat .venv/.installed)" = "$(pwd -P)" ]; }
same_python() { [ -z "${PYTHON:-}" ] || [ "$(version .venv/bin/python)" = "$found" ]; }

if ! { usable && same_place && same_python; }; then
    "$python" -c 'import ensurepip, venv' 2>/dev/null ||
        die "Python $(version "$python") ($python) cannot create environments: its venv module is missing." \
            "Install it (Debian, Ubuntu: apt-get install python3-venv) and try again."
    say "Creating .venv with Python $(version "$python") ($python)."
    "$python" -m venv --clear .venv || die ".venv could not be created with $python."
fi

say "Installing requirements.txt into .venv: the first time some minutes, and 2.5 GB of disk."
rm -f .venv/.installed
# On a screen pip shows how far it is; in a log it would be a thousand lines.
if [ -t 1 ]; then quiet=; else quiet=--quiet; fi
.venv/bin/python -m pip install --disable-pip-version-check $quiet -r requirements.txt ||
    die "The packages could not be installed; pip's own message is above. Is this machine online?"
pwd -P > .venv/.installed
