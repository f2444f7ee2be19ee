"""Break things under a student on purpose, and look at what is left of the work.

Each function breaks one thing and returns what it found; `complaints` says what must never be.
"""

import asyncio
import contextlib
import json
import os
import random
import shutil
import signal
import subprocess
import time

import peaks
from hub import BOOK
from student import KernelDied, code_cells, lost_cells

CHAPTER = "01-convolution-1d.ipynb"
SAVED, RUN = 8, 14  # code cells that had run at the last save, and when it broke


def whole(file):
    """Tell whether a file is a notebook from its first to its last character."""
    try:
        return "cells" in json.loads(file.read_text("utf-8"))
    except (OSError, ValueError):
        return False


def bring(hub, name):
    """Give a student nothing but the chapter."""
    home = hub.homes / name
    home.mkdir(parents=True, exist_ok=True)
    source = hub.homes.parents[0] / "chapter.ipynb"
    show = ["git", "-C", hub.upstream, "show", f"main:chapters/{CHAPTER}"]
    source.write_bytes(subprocess.run(show, capture_output=True, check=True).stdout)
    return shutil.copy(source, home / CHAPTER)


async def half_way(student):
    """Run some cells, save, run some more; return the kernel and what the page holds."""
    notebook = await student.open(CHAPTER)
    kernel = await student.start(CHAPTER)
    for number, cell in enumerate(code_cells(notebook)[:RUN]):
        await kernel.execute(cell)
        if number + 1 == SAVED:
            assert await student.save(CHAPTER, notebook) == 200
    return kernel, notebook


async def ask(kernel, code):
    """Run a line and return what it prints."""
    cell = {"source": code}
    await kernel.execute(cell)
    return "".join(output.get("text", "") for output in cell["outputs"])


def kernel_killed(hub):
    """The kernel is killed while a cell runs, as the system does when memory runs out."""
    bring(hub, "killed")
    student = hub.admit("killed")

    async def story():
        kernel, notebook = await half_way(student)
        await ask(kernel, "kept = 1")
        (pid,) = peaks.processes("ipykernel_launcher", f"kernel-{kernel.id}.json")
        running = asyncio.create_task(ask(kernel, "import time; time.sleep(60)"))
        await asyncio.sleep(2)
        os.kill(pid, signal.SIGKILL)
        told = False
        with contextlib.suppress(KernelDied):
            await running
        told = running.done() and isinstance(running.exception(), KernelDied)
        on_disk = await student.open(CHAPTER)
        await asyncio.sleep(3)
        again = await kernel.connect()  # the server has started another in its place
        variables = await ask(again, "print('kept' in globals())")
        saved = await student.save(CHAPTER, notebook)
        afterwards = await student.open(CHAPTER)
        await kernel.stop()
        return {
            "the_page_is_told": told,
            "cells_lost_if_the_page_is_closed_too": lost_cells(notebook, on_disk),
            "cells_lost_if_the_page_saves": lost_cells(notebook, afterwards)
            if saved == 200
            else RUN,
            "variables_lost": variables.strip() == "False",
        }

    return asyncio.run(story())


def hub_killed(hub):
    """The hub is killed while a cell runs; a minute later it is back."""
    bring(hub, "orphan")
    student = hub.admit("orphan")
    server = hub.servers["orphan"]

    async def story():
        kernel, notebook = await half_way(student)
        running = asyncio.create_task(
            ask(kernel, "import time\nkept = 1\ntime.sleep(10); print('finished')")
        )
        await asyncio.sleep(2)
        hub.kill()
        finished = await running
        saved = await student.save(CHAPTER, notebook)
        on_disk, _ = await student.ask("GET", f"contents/{CHAPTER}")
        began = time.monotonic()
        await asyncio.to_thread(hub.start)
        back = time.monotonic() - began
        variables = await ask(kernel, "print(kept)")
        afterwards = await student.open(CHAPTER)
        await kernel.stop()
        return {
            "the_cell_finishes_without_the_hub": finished.strip() == "finished",
            "status_of_a_save_without_the_hub": saved,
            "status_of_opening_a_file_without_the_hub": on_disk,
            "seconds_to_start_again": round(back, 1),
            "same_server": peaks.processes("jupyterhub-singleuser").count(server) == 1,
            "variables_lost": variables.strip() != "1",
            "cells_lost": lost_cells(notebook, afterwards),
        }

    return asyncio.run(story())


def disk_full(hub):
    """The student's home, a disk of 6 MB, is full when the page saves."""
    home = hub.homes / "full"
    home.mkdir(parents=True, exist_ok=True)
    mount = ["mount", "-t", "tmpfs", "-o", "size=6m", "tmpfs", home]
    if subprocess.run(mount, capture_output=True, check=False).returncode:
        return {"skipped": "only root may mount the small disk that this needs"}
    try:
        file = bring(hub, "full")
        student = hub.admit("full")

        async def story():
            kernel, notebook = await half_way(student)
            before = file.read_bytes()
            with contextlib.suppress(OSError), (home / "everything").open("wb") as fill:
                while True:
                    fill.write(bytes(4096))
                    fill.flush()
            status = await student.save(CHAPTER, notebook)
            same = file.read_bytes() == before
            another = False
            with contextlib.suppress(OSError):
                await (await student.start("another.ipynb")).stop()
                another = True
            (home / "everything").unlink()
            later = await student.save(CHAPTER, notebook)
            afterwards = await student.open(CHAPTER)
            await kernel.stop()
            return {
                "status_of_the_save": status,
                "file_unchanged": same,
                "a_new_kernel_starts": another,
                "status_once_there_is_room": later,
                "cells_lost_once_there_is_room": lost_cells(notebook, afterwards),
            }

        found = asyncio.run(story())
        hub.dismiss("full")
        return found
    finally:
        subprocess.run(["umount", "-l", home], check=False)


def server_killed_while_saving(hub, times=8):
    """The student's server is killed at a random moment of a save of 24 MB."""
    file = bring(hub, "torn")
    student = hub.admit("torn")
    rng = random.Random(14)
    notebook = json.loads(file.read_text("utf-8"))
    text = "0123456789abcdef" * 2**16
    for cell in code_cells(notebook)[:24]:
        cell["outputs"] = [{"output_type": "stream", "name": "stdout", "text": text}]

    async def save():
        began = time.monotonic()
        with contextlib.suppress(Exception):
            await student.save(CHAPTER, notebook)
        return time.monotonic() - began

    async def broken_save(after):
        saving = asyncio.create_task(save())
        await asyncio.sleep(after)
        os.kill(hub.servers["torn"], signal.SIGKILL)
        await saving

    seconds = asyncio.run(save())
    counts = {"times": times, "file_whole": 0, "file_torn_but_copy_whole": 0, "both_torn": 0}
    for _ in range(times):
        asyncio.run(broken_save(rng.uniform(0.3, 1) * seconds))
        copy = file.with_name(f".~{file.name}")
        if whole(file):
            counts["file_whole"] += 1
        else:
            counts["file_torn_but_copy_whole" if whole(copy) else "both_torn"] += 1
            shutil.copy(copy, file)
        copy.unlink(missing_ok=True)
        hub.dismiss("torn")
        hub.serve("torn")
    return counts


def book_updated(hub):
    """The book changes upstream while a student has work in the same notebook."""
    folder = hub.pull("late")
    mine = folder / "chapters" / CHAPTER
    notebook = json.loads(mine.read_text("utf-8"))
    code_cells(notebook)[0]["source"] = ["answer = 42"]
    mine.write_text(json.dumps(notebook, indent=1) + "\n", "utf-8")
    work = hub.room / "teacher"
    shutil.rmtree(work, ignore_errors=True)
    upstream = hub.upstream
    subprocess.run(["git", "clone", "-q", upstream, work], check=True)
    theirs = json.loads((work / "chapters" / CHAPTER).read_text("utf-8"))
    code_cells(theirs)[0]["source"] = ["answer = None"]
    text = json.dumps(theirs, indent=1) + "\n"
    (work / "chapters" / CHAPTER).write_text(text, "utf-8")
    (work / "new.txt").write_text("new\n", "utf-8")
    author = ["-c", "user.name=Teacher", "-c", "user.email=teacher@localhost"]
    subprocess.run(["git", "-C", work, "add", "-A"], check=True)
    subprocess.run(["git", "-C", work, *author, "commit", "-q", "-m", "Update"], check=True)
    subprocess.run(["git", "-C", work, "push", "-q"], check=True)
    hub.pull("late")
    kept = json.loads(mine.read_text("utf-8"))
    return {
        "the_students_cell_is_kept": code_cells(kept)[0]["source"] == ["answer = 42"],
        "what_is_new_arrives": (hub.homes / "late" / BOOK / "new.txt").exists(),
    }


def run_losses(hub, *_):
    """Break one thing after the other."""
    found = {}
    for story in (kernel_killed, hub_killed, disk_full, server_killed_while_saving, book_updated):
        found[story.__name__] = story(hub)
        print(story.__name__, found[story.__name__], flush=True)
    return found


def complaints(figures):
    """Return what the figures hold that must never be, one sentence each.

    Examples
    --------
    >>> complaints({"class": {"found": {"failed": 0, "lost": 2}}})
    ['class: 2 cells of the lesson were lost']
    """
    problems = []
    for part, key in (("failed", "failed"), ("lost", "were lost")):
        count = figures.get("class", {}).get("found", {}).get(part, 0)
        if count:
            problems.append(f"class: {count} cells of the lesson {key}")
    for name, link in figures.get("links", {}).get("found", {}).items():
        for part in ("same_as_in_the_book", "first_cell_runs"):
            if not link[part]:
                problems.append(f"links: {part} is False for the link of {name}")
    found = figures.get("losses", {}).get("found", {})
    never = {
        "kernel_killed": {"the_page_is_told": False},
        "hub_killed": {"the_cell_finishes_without_the_hub": False, "variables_lost": True},
        "disk_full": {"file_unchanged": False},
        "book_updated": {"the_students_cell_is_kept": False, "what_is_new_arrives": False},
    }  # fmt: skip
    for story, parts in never.items():
        for part, bad in parts.items():
            if found.get(story, {}).get(part) is bad:
                problems.append(f"{story}: {part} is {bad}")
    zeros = {
        "kernel_killed": "cells_lost_if_the_page_saves",
        "hub_killed": "cells_lost",
        "disk_full": "cells_lost_once_there_is_room",
        "server_killed_while_saving": "both_torn",
    }
    for story, part in zeros.items():
        if found.get(story, {}).get(part, 0):
            problems.append(f"{story}: {part} is {found[story][part]}")
    return problems
