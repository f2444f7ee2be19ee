"""Compute from figures.json how large a hub must be, and write the tables of README.md.

    python deploy/sizing.py --write

What a student needs was measured (see load_test.py). What a class does was not: the constants
below are assumptions, and stand under the table.
"""

import argparse
import json
import math
import re
from pathlib import Path

HERE = Path(__file__).resolve().parent
FIGURES = HERE / "figures.json"
README = HERE / "README.md"

CLASSES = (30, 300, 3000)
AT_HOME = 1 / 3  # of the students, at work at once outside a lecture
MINUTES = 5  # the longest that all wait for the slowest chapter, started together
SPARE = 1 / 10  # of a class: seats kept warm, and what the limit of servers leaves open
HUB_GIB = 2  # for the hub, the proxy and the system of a machine
NODE_CORES, NODE_GIB = 16, 64
DISK_GIB = 1  # of a student


def round_up(value, step):
    """Return the least multiple of a step that is not below a value.

    Examples
    --------
    >>> round_up(1025, 256)
    1280
    """
    return math.ceil(value / step) * step


def kernels(figures):
    """Return the peak of every chapter's kernel in MiB, alone or in a class, largest first."""
    together = figures["class"]["found"].get("chapters", {})
    peaks = (
        max(took["kernel_mib"], together.get(name, took)["kernel_mib"])
        for name, took in figures["notebooks"]["found"].items()
    )
    return sorted(peaks, reverse=True)


def limit_mib(figures):
    """Return the memory limit of a student: the server and the two largest chapters, at once."""
    return round_up(figures["class"]["found"]["server_mib"] + sum(kernels(figures)[:2]), 256)


def guarantee_mib(figures):
    """Return the memory kept for a student: the server and the largest chapter."""
    return round_up(figures["class"]["found"]["server_mib"] + kernels(figures)[0], 128)


def slowest(figures):
    """Return the most processor seconds that a chapter takes."""
    return max(took["cpu_seconds"] for took in figures["notebooks"]["found"].values())


def sizes(figures, students):
    """Return what a class needs when all of it works at once, and when some do."""
    seat = guarantee_mib(figures) / 1024
    cores = max(2, math.ceil(students * slowest(figures) / (60 * MINUTES)))

    def machines(present):
        memory = present * seat / (NODE_GIB - HUB_GIB)
        return math.ceil(max(memory, present / students * cores / NODE_CORES))

    home = math.ceil(students * AT_HOME)
    return {
        "students": students,
        "memory_gib": math.ceil(students * seat + HUB_GIB),
        "cores": cores,
        "nodes": machines(students),
        "home_gib": math.ceil(home * seat + HUB_GIB),
        "home_nodes": machines(home),
        "placeholders": math.ceil(students * SPARE),
        "servers": students + math.ceil(students * SPARE),
        "disk_gib": students * DISK_GIB,
    }


def table(header, rows):
    """Return a table in Markdown."""
    lines = [header, ["---", *["---:"] * (len(header) - 1)], *rows]
    return "\n".join(f"| {' | '.join(map(str, line))} |" for line in lines)


def where(measured):
    """Return a sentence on the machine, the day and the programs."""
    return (
        f"Measured on {measured['date']} on {measured['cores']} cores with "
        f"{measured['memory_gib']} GiB, {measured['system']}, Python {measured['python']}, "
        f"JupyterHub {measured['jupyterhub']}."
    )


def chapters_table(figures):
    part = figures["notebooks"]
    rows = [
        (name, took["cells"], took["kernel_mib"], f"{took['cpu_seconds']:.0f}")
        for name, took in part["found"].items()
    ]
    head = ("chapter", "code cells", "kernel at its highest, MiB", "processor seconds")
    load = part["measured"]["load_before"]
    return (
        f"{table(head, rows)}\n\n{where(part['measured'])} Other work ran beside it (load {load})."
    )


def sizes_table(figures):
    rows = [
        (
            size["students"],
            f"{size['memory_gib']} GiB, {size['cores']} cores",
            size["nodes"],
            f"{size['home_gib']} GiB",
            size["home_nodes"],
            size["placeholders"],
            size["servers"],
            f"{size['disk_gib']} GiB",
        )
        for size in (sizes(figures, students) for students in CLASSES)
    ]
    head = (
        "students", "all at once", "nodes", "a third at once", "nodes",
        "`replicas` of placeholders", "`activeServerLimit`", "disk",
    )  # fmt: skip
    return (
        f"{table(head, rows)}\n\n"
        f"A student's limit is **{limit_mib(figures)} MiB**: the server and the two largest "
        f"chapters open at once. **{guarantee_mib(figures)} MiB** are kept for each: the server "
        f"and the largest chapter. Assumed, not measured: cores so that all wait {MINUTES} minutes "
        f"at most when they run the slowest chapter together ({slowest(figures):.0f} processor "
        f"seconds each); nodes of {NODE_CORES} cores and {NODE_GIB} GiB, {HUB_GIB} of them for the "
        f"system; {AT_HOME:.0%} at work at once outside a lecture; {SPARE:.0%} of seats kept warm; "
        f"{DISK_GIB} GiB of disk each."
    )


def class_table(figures):
    part = figures["class"]
    found = part["found"]
    rows = [
        (name, took["kernel_mib"], f"{took['seconds']:.0f}")
        for name, took in found["chapters"].items()
    ]
    head = ("chapter", "largest kernel, MiB", "slowest student, s")
    return (
        f"{table(head, rows)}\n\n"
        f"{found['students']} students at once ran {found['cells']} cells in "
        f"{found['seconds']} seconds; **{found['failed']} failed, {found['lost']} were lost**. "
        f"A server started in {found['start_seconds']:.0f} seconds and took up to "
        f"{found['server_mib']} MiB; all kernels together held {found['kernels_together_mib']} MiB "
        f"at most, memory that they share counted once. {where(part['measured'])} "
        f"The load before the start was {part['measured']['load_before']}: the machine had other "
        "work, and the seconds say more about that than about the hub."
    )


def losses_table(figures):
    part = figures["losses"]
    found = part["found"]
    kernel, hub, disk, torn = (
        found[name]
        for name in ("kernel_killed", "hub_killed", "disk_full", "server_killed_while_saving")
    )
    whole = torn["file_whole"] + torn["file_torn_but_copy_whole"]
    rows = [
        (
            "The kernel is killed, as when memory runs out",
            "all variables; run the cells again. Text and outputs stand on the page: "
            f"{kernel['cells_lost_if_the_page_saves']} lost once it saves. If the page is closed "
            "too, what came after the last save is lost (here "
            f"{kernel['cells_lost_if_the_page_is_closed_too']} cells)",
        ),
        (
            "The hub is killed and started again",
            f"nothing: {hub['cells_lost']} cells, no variable. Cells run on and saves succeed "
            f"meanwhile; nobody new can log in (here for {hub['seconds_to_start_again']:.0f} "
            "seconds)",
        ),
        (
            "The student's disk is full",
            f"nothing on the disk: the save is refused ({disk['status_of_the_save']}), and the "
            "file stays as it was. No new kernel starts. Remove something and save: "
            f"{disk['cells_lost_once_there_is_room']} cells are lost",
        ),
        (
            f"The student's server is killed during a save, {torn['times']} times",
            f"at most what came after the last save. The file was whole {torn['file_whole']} "
            f"times, and {torn['file_torn_but_copy_whole']} times torn, with the state of the "
            f"last save whole beside it as `.~NAME.ipynb`: open NAME.ipynb, and Jupyter puts "
            f"that in its place. Lost for good: "
            f"{torn['times'] - whole}",
        ),
        (
            "You change a chapter that a student has changed too",
            "nothing of the student's; what is new arrives beside it, by nbgitpuller",
        ),
    ]
    lines = [("what breaks", "what is lost"), ("---", "---"), *rows]
    body = "\n".join(f"| {' | '.join(line)} |" for line in lines)
    return f"{body}\n\n{where(part['measured'])}"


def links_table(figures):
    part = figures["links"]
    return "\n".join(
        [
            "Both links, this one and the one for Binder in the book's `README.md`, were followed "
            "in a browser on a real hub, by students who had never been there:",
            "",
            table(
                ("link", "opens", "unchanged", "its first cell runs", "seconds until it is open"),
                [
                    (
                        name, f"`{link['notebook']}`", yes(link["same_as_in_the_book"]),
                        yes(link["first_cell_runs"]), link["seconds"],
                    )
                    for name, link in part["found"].items()
                ],
            ),
            "",
            f"{where(part['measured'])} The repository was on the same machine, and other work ran "
            f"beside it (load {part['measured']['load_before']}).",
        ]
    )  # fmt: skip


def yes(value):
    """Return a word for a truth.

    Examples
    --------
    >>> yes(True), yes(False)
    ('yes', 'no')
    """
    return "yes" if value else "no"


PARTS = {
    "chapters": chapters_table,
    "sizes": sizes_table,
    "class": class_table,
    "losses": losses_table,
    "links": links_table,
}


def written(text, figures):
    """Return the README with its tables computed anew."""
    for name, part in PARTS.items():
        body = f"<!-- {name} -->\n{part(figures)}\n<!-- end of {name} -->"
        text = re.sub(
            f"<!-- {name} -->.*?<!-- end of {name} -->", lambda _, new=body: new, text, flags=re.S
        )
    return text


def main():
    parser = argparse.ArgumentParser(description=__doc__.split("\n")[0])
    parser.add_argument("--write", action="store_true", help="write the tables of README.md anew")
    options = parser.parse_args()
    figures = json.loads(FIGURES.read_text("utf-8"))
    if options.write:
        README.write_text(written(README.read_text("utf-8"), figures), "utf-8")
    for part in PARTS.values():
        print(part(figures), end="\n\n")


if __name__ == "__main__":
    main()
