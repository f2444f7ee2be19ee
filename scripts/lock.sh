#!/bin/sh
# Writes requirements.txt, and of it binder/requirements.txt: one set of exact versions for every Python
# and system of pyproject.toml, with the hash of every file that pip may install for them.
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
seed() { [ ! -e requirements.txt ] || cat requirements.txt; }

# solve FILE OPTION...: what is in FILE already stays, and so both files hold the same versions.
solve() {
    file=$1
    shift
    "$work/uv/bin/uv" pip compile pyproject.toml --universal --python-version "$oldest" \
        --generate-hashes --no-emit-index-url --no-emit-find-links --no-header --annotation-style line \
        --quiet "$@" --output-file "$file"
}

seed > "$work/all.txt"
solve "$work/all.txt" --all-extras "$@"
{
    echo "# The exact environment of the book, its notebooks and its tests, on Python $oldest and later."
    echo "# Computed from pyproject.toml by \`make lock\`; \`make lock UPGRADE=1\` takes the newest versions."
    echo "# With a hash for each file, pip installs these files or none. The book's own package, helpers/, has"
    echo "# no hash and is added by \`pip install --no-deps -e .\`."
    cat "$work/all.txt"
} > requirements.txt

seed > "$work/notebooks.txt"
solve "$work/notebooks.txt"
{
    echo "# What the notebooks need, in the versions of ../requirements.txt: Binder installs it beside its Jupyter."
    echo "# Computed from pyproject.toml by \`make lock\`."
    cat "$work/notebooks.txt"
} > binder/requirements.txt
