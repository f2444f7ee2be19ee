#!/bin/sh
# Writes requirements.txt: one set of exact versions for every Python and system of pyproject.toml.
# What is pinned already stays, unless it no longer fits or --upgrade is given.
set -eu
cd "$(dirname "$0")/.."

oldest=$(sed -n 's/^requires-python = ">=\([0-9.]*\),.*/\1/p' pyproject.toml)
python=.venv/bin/python
[ -x "$python" ] || python=${PYTHON:-python3}
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT

"$python" -m venv "$work/uv"
"$work/uv/bin/python" -m pip install --disable-pip-version-check --quiet uv
[ ! -e requirements.txt ] || grep -v '^-e' requirements.txt > "$work/requirements.txt"
"$work/uv/bin/uv" pip compile pyproject.toml --extra build --extra test --universal --python-version "$oldest" \
    --no-header --annotation-style line --quiet "$@" --output-file "$work/requirements.txt"
{
    echo "# The exact environment of the book, its notebooks and its tests, on Python $oldest and later."
    echo "# Computed from pyproject.toml by \`make lock\`; \`make lock UPGRADE=1\` takes the newest versions."
    cat "$work/requirements.txt"
    echo "-e ."
} > requirements.txt
