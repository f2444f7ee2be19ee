"""Build what Binder builds, without Docker: repo2docker plans, an empty environment runs it.

`--plan` prints the plan as JSON and runs nothing. Otherwise the last commit is cloned into an
empty folder, with a home and a virtual environment of its own, and each step's seconds and each
part's size are printed; `--notebooks` then runs all notebooks there on one core. Docker would also
install Ubuntu's packages, and Python and Jupyter from conda; their versions are repo2docker's.

    python -m pip install jupyter-repo2docker   # in an environment of its own
    python scripts/binder_steps.py --python python3.11 [--notebooks] [--folder EMPTY]
"""

import argparse
import contextlib
import json
import os
import re
import subprocess
import tempfile
import time
from pathlib import Path

ROOT = Path(__file__).parents[1]
# What repo2docker's own environment holds, by the names that pip knows
BASE = {"jupyterhub-singleuser": "jupyterhub"}
CHECK = """
import importlib.metadata, sys
import helpers, keras
from helpers.datasets.mnist import find_mnist
from helpers.widgets import Convolve1D
print("helpers from", helpers.__file__)
print("digits:", "MNIST" if find_mnist() else "embedded", "- widgets:", len(Convolve1D.registry))
"""


def plan(checkout):
    """Return what repo2docker would do with a checkout, read from its own build pack."""
    from repo2docker.app import Repo2Docker
    from repo2docker.buildpacks import conda

    docker = Repo2Docker()
    before = os.getcwd()
    os.chdir(checkout)
    try:
        packs = (kind(base_image=docker.base_image) for kind in docker.buildpacks)
        pack = next(pack for pack in packs if pack.detect())
        pack.platform = "linux/amd64"
        dockerfile = pack.render({"NB_USER": "jovyan", "NB_UID": "1000"})
        steps = {
            "before the checkout is copied": pack.get_preassemble_scripts(),
            "after it is copied": pack.get_assemble_scripts(),
        }
        return {
            "buildpack": type(pack).__name__,
            "python": pack.python_version,
            "copied first": sorted(pack.get_preassemble_script_files()),
            **{when: [script.strip() for _, script in scripts] for when, scripts in steps.items()},
            "at the end": pack.get_post_build_scripts(),
            "base": base_packages(Path(conda.__file__).parent, pack.python_version),
            "dockerfile": dockerfile.splitlines(),
        }
    finally:
        os.chdir(before)


def base_packages(folder, version):
    """Return the packages that an image has before anything of the repository, as pip pins them."""
    asked = (folder / f"environment.py-{version}.yml").read_text("utf-8")
    names = set(re.findall(r"^- ([\w-]+)==", asked, re.M))
    lock = (folder / f"environment.py-{version}-linux-64.lock").read_text("utf-8")
    pins = dict(re.findall(r"/([\w.-]+?)-(\d[\w.]*)-[^-/]+\.conda#", lock))
    return sorted(f"{BASE.get(name, name)}=={pins[name]}" for name in names)


def size(path):
    """Return the bytes of a file, or of all files below a folder, links not followed."""
    if path.is_symlink() or path.is_file():
        return path.lstat().st_size
    return sum(size(child) for child in path.iterdir())


def build(work, python, notebooks):
    """Run the plan in an empty folder, and print what each step took and each part weighs."""
    checkout, home, venv = work / "checkout", work / "home", work / "venv"
    home.mkdir(parents=True)
    subprocess.run(["git", "clone", "--quiet", ROOT.as_uri(), checkout], check=True)
    planned = plan(checkout)
    found = subprocess.run([python, "--version"], capture_output=True, text=True, check=True)
    if not found.stdout.startswith(f"Python {planned['python']}."):
        raise SystemExit(
            f"binder/runtime.txt wants Python {planned['python']}: name it by --python"
        )
    kept = [name for name in os.environ if name.startswith(("PIP_", "LANG", "HTTP", "SSL_"))]
    environment = {name: os.environ[name] for name in kept} | {
        "HOME": str(home),
        "REPO_DIR": str(checkout),
        "KERNEL_PYTHON_PREFIX": str(venv),
        "NB_PYTHON_PREFIX": str(venv),
        "PATH": f"{venv / 'bin'}{os.pathsep}{os.environ['PATH']}",
        "PIP_DISABLE_PIP_VERSION_CHECK": "1",
        "TF_CPP_MIN_LOG_LEVEL": "2",
    }

    def run(called, command):
        start = time.perf_counter()
        done = subprocess.run(
            ["sh", "-c", command], cwd=checkout, env=environment, check=False,
            stdout=subprocess.PIPE, stderr=subprocess.STDOUT, text=True,
        )  # fmt: skip
        with (work / "log.txt").open("a") as log:
            log.write(f"== {called}\n{done.stdout}")
        print(f"{time.perf_counter() - start:7.1f} s   {called}", flush=True)
        if done.returncode:
            raise SystemExit(f"{done.stdout[-3000:]}\nfailed: {command}")
        return done.stdout.strip().splitlines()

    print(f"{planned['buildpack']}, Python {planned['python']}")
    run("an empty environment", f'"{python}" -m venv "{venv}"')
    run("repo2docker's own Jupyter", f"pip install --quiet {' '.join(planned['base'])}")
    before = size(venv)
    for when in ("before the checkout is copied", "after it is copied"):
        for script in planned[when]:
            run(f"{when}: {re.sub(r'[$]{KERNEL_PYTHON_PREFIX}/bin/', '', script)}", script)
    for script in planned["at the end"]:
        for line in run(script, f'chmod +x "{script}" && "./{script}"')[-1:]:
            print(f"            {line}")
    run("pip check", "pip check")
    for line in run("a first import", f"cd chapters && python -c '{CHECK}'")[-2:]:
        print(f"            {line}")

    packages = next(venv.glob("lib/python3.*/site-packages"))
    parts = {"Python and repo2docker's Jupyter": before, "packages of binder/requirements.txt": 0}
    parts["packages of binder/requirements.txt"] = size(venv) - before
    parts |= {"the checkout": size(checkout), "its home: MNIST, caches": size(home)}
    for part, weight in parts.items():
        print(f"{weight / 1e6:8.0f} MB  {part}")
    largest = sorted(packages.iterdir(), key=size, reverse=True)[:8]
    print(f"{'':12}largest:", ", ".join(f"{path.name} {size(path) / 1e6:.0f}" for path in largest))
    if notebooks:
        figures = work / "notebooks.json"
        bench = f'python -W ignore tests/benchmarks/bench_notebooks.py --write "{figures}"'
        for line in run("all notebooks on one core", bench):
            print(line)


def main():
    """Print the plan, or carry it out."""
    parser = argparse.ArgumentParser(description=__doc__.split("\n")[0])
    parser.add_argument("--plan", action="store_true", help="print the plan of this checkout")
    parser.add_argument("--python", default="python3.11", help="the Python of binder/runtime.txt")
    parser.add_argument("--notebooks", action="store_true", help="run all notebooks at the end")
    parser.add_argument("--folder", type=Path, help="an empty folder to build in, which stays")
    options = parser.parse_args()
    if options.plan:
        print(json.dumps(plan(ROOT), indent=1))
        return
    stays = options.folder and contextlib.nullcontext(options.folder)
    with stays or tempfile.TemporaryDirectory(prefix="binder-") as work:
        build(Path(work).resolve(), options.python, options.notebooks)


if __name__ == "__main__":
    main()
