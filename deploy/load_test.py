"""Put a class through chapters 1, 7, 10 and 11 on a real JupyterHub, and count what is lost.

    nice .venv/bin/python deploy/load_test.py --students 4

On Linux, with npm. Starts a hub on this machine's loopback address, admits the students, gives
each the book by nbgitpuller, and lets all work at once through the same calls that JupyterLab
makes. Then it breaks things on purpose (see `losses.py`), and a browser follows the links that the
guides give out (`links.py`). What it finds stands in figures.json afterwards, which the tables of
README.md and the limits of the configuration are computed from. Only the phases named are run anew,
`--phase notebooks class losses links`, and only the chapters named are measured anew,
`--chapters 10 11`.
"""

import argparse
import asyncio
import contextlib
import datetime
import json
import os
import platform
import signal
import subprocess
import sys
import time
from pathlib import Path

HERE = Path(__file__).resolve().parent
ROOT = HERE.parent
sys.path.insert(0, str(HERE))

import links  # noqa: E402
import losses  # noqa: E402
import peaks  # noqa: E402
from hub import BOOK, Hub  # noqa: E402
from student import work_through  # noqa: E402

FIGURES = HERE / "figures.json"
LESSON = (
    "01-convolution-1d",
    "07-gradient-descent",
    "10-cnn-building-blocks",
    "11-handwritten-digits",
)


def run_notebooks(hub, options, before):
    """One student runs the chapters, one after the other: what each takes."""
    folder = hub.pull("alone")
    student = hub.admit("alone")
    found = dict(before)
    for path in sorted((folder / "chapters").glob("[0-9]*.ipynb")):
        if options.chapters and path.name[:2] not in options.chapters:
            continue
        where = f"{BOOK}/chapters/{path.name}"
        took = asyncio.run(work_through(student, where, peak_of=peaks.kernel_peak))
        print(f"{path.stem:28} {took}", flush=True)
        found[path.stem] = {k: v for k, v in took.items() if k != "seconds"}
    return dict(sorted(found.items()))


async def lesson(student, rows):
    """Let one student work through the lesson's chapters."""
    for chapter in LESSON:
        path = f"{BOOK}/chapters/{chapter}.ipynb"
        took = await work_through(student, path, peak_of=peaks.kernel_peak)
        print(f"{student.name:8} {chapter:28} {took}", flush=True)
        rows.append((chapter, took))


async def watch(hub, seen):
    """Keep the highest memory that the servers and kernels of all students held together."""
    while True:
        seen.append(peaks.shared_out_mib(peaks.processes(str(hub.room), "ipykernel_launcher")))
        seen[:] = [max(seen)]
        await asyncio.sleep(3)


def run_class(hub, options, _):
    """All students run the lesson at once."""
    students = options.students
    names = [f"student{number + 1}" for number in range(students)]
    for name in names:
        hub.pull(name)
    began = time.monotonic()
    present = [hub.admit(name) for name in names]
    admitted = time.monotonic() - began

    async def everybody():
        rows, seen = [], [0]
        watcher = asyncio.create_task(watch(hub, seen))
        await asyncio.gather(*(lesson(student, rows) for student in present))
        watcher.cancel()
        with contextlib.suppress(asyncio.CancelledError):
            await watcher
        return rows, seen[0]

    rows, together = asyncio.run(everybody())
    by_chapter = {chapter: [took for name, took in rows if name == chapter] for chapter in LESSON}
    return {
        "students": students,
        "start_seconds": round(admitted / students, 1),
        "seconds": round(time.monotonic() - began - admitted),
        "cells": sum(took["cells"] for _, took in rows),
        "failed": sum(took["failed"] for _, took in rows),
        "lost": sum(took["lost"] for _, took in rows),
        "server_mib": max(peaks.peak_mib(hub.servers[name]) for name in names),
        "kernels_together_mib": together,
        "chapters": {
            chapter: {
                "kernel_mib": max(took["kernel_mib"] for took in runs),
                "seconds": max(took["seconds"] for took in runs),
            }
            for chapter, runs in by_chapter.items()
        },
    }


def machine(hub):
    """Return what a reader must know of the machine, and nothing that names it."""
    memory = os.sysconf("SC_PAGE_SIZE") * os.sysconf("SC_PHYS_PAGES")
    version = subprocess.run(
        [hub.bin / "jupyterhub", "--version"], capture_output=True, text=True, check=True
    ).stdout.strip()
    return {
        "date": datetime.date.today().isoformat(),
        "cores": len(os.sched_getaffinity(0)),
        "memory_gib": round(memory / 2**30),
        "system": f"{platform.system()} {platform.machine()}",
        "python": platform.python_version(),
        "jupyterhub": version,
        "load_before": round(os.getloadavg()[1]),
    }


PHASES = {
    "notebooks": run_notebooks,
    "class": run_class,
    "losses": losses.run_losses,
    "links": links.run_links,
}


def main():
    parser = argparse.ArgumentParser(description=__doc__.split("\n")[0])
    parser.add_argument("--students", type=int, default=4)
    parser.add_argument("--phase", nargs="+", choices=PHASES, default=list(PHASES))
    parser.add_argument("--chapters", nargs="+", metavar="NN", help="of the phase notebooks")
    parser.add_argument("--room", type=Path, default=ROOT / "_build" / "hub")
    parser.add_argument("--write", type=Path, default=FIGURES)
    options = parser.parse_args()
    signal.signal(signal.SIGTERM, lambda *_: sys.exit("stopped"))  # or the hub would stay
    figures = json.loads(options.write.read_text("utf-8")) if options.write.exists() else {}
    with Hub(options.room) as hub:
        hub.publish()
        for phase in options.phase:
            about = machine(hub)
            before = figures.get(phase, {}).get("found", {})
            found = PHASES[phase](hub, options, before)
            figures[phase] = {"measured": about, "found": found}
            options.write.write_text(json.dumps(figures, indent=1) + "\n", "utf-8")
    return losses.complaints(figures)


if __name__ == "__main__":
    problems = main()
    print("\n".join(problems) or "nothing was lost that README.md does not name")
    sys.exit(bool(problems))
