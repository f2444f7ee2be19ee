"""Asks a public list of known faults about the packages of requirements.txt, by pip-audit.

    python scripts/audit.py

Exit status 0: every package was looked up, and none has a known fault. 1: some have. 2: packages
were not looked up, so that nobody knows. An audit that audited nothing is no good news.
"""

import json
import subprocess
import sys
import tempfile
import venv
from pathlib import Path

ROOT = Path(__file__).parents[1]


def verdict(report):
    """Return the exit status and the lines to print for pip-audit's report."""
    packages = report.get("dependencies", [])
    skipped = [package["name"] for package in packages if "vulns" not in package]
    lines = [
        f"{package['name']}: {fault['id']}, mended in "
        f"{', '.join(fault['fix_versions']) or 'no version yet'}"
        for package in packages
        for fault in package.get("vulns", [])
    ]
    status = 1 if lines else 2 if skipped or not packages else 0
    lines.append(f"{len(packages) - len(skipped)} of {len(packages)} packages were looked up.")
    if skipped:
        lines.append(f"Nothing is known of {', '.join(sorted(skipped))}.")
    return status, lines


def main():
    with tempfile.TemporaryDirectory() as folder:
        venv.create(folder, with_pip=True)
        python = next(Path(folder).glob("[bS]*/python*"))
        pip = [python, "-m", "pip", "--disable-pip-version-check", "--quiet", "install"]
        if subprocess.run([*pip, "pip-audit"], check=False).returncode:
            return 2, ["pip-audit could not be had: is this machine online?"]
        audit = [python, "-m", "pip_audit", "--require-hashes", "--disable-pip", "--format", "json"]
        # Without a list to ask, it says so on its own and writes no report.
        done = subprocess.run(
            [*audit, "--progress-spinner", "off", "--requirement", ROOT / "requirements.txt"],
            stdout=subprocess.PIPE, text=True, check=False,
        )  # fmt: skip
    try:
        report = json.loads(done.stdout)
    except ValueError:
        return 2, ["pip-audit wrote no report: nothing was audited."]
    return verdict(report)


if __name__ == "__main__":
    status, said = main()
    print("\n".join(said))
    sys.exit(status)
