"""What a process has taken, as Linux counts it: memory at its highest, and processor seconds."""

import os
from pathlib import Path

MIB = 2**20


def processes(*words):
    """Return the ids of the processes whose command line holds all the words."""
    found = []
    for folder in Path("/proc").glob("[0-9]*"):
        try:
            command = (folder / "cmdline").read_bytes().decode(errors="replace")
        except OSError:
            continue  # it ended while we looked
        if all(word in command for word in words):
            found.append(int(folder.name))
    return found


def peak_mib(pid):
    """Return the most memory that a process has held, in MiB.

    Examples
    --------
    >>> peak_mib(os.getpid()) > 5
    True
    """
    status = Path(f"/proc/{pid}/status").read_text()
    (line,) = (line for line in status.splitlines() if line.startswith("VmHWM"))
    return round(int(line.split()[1]) * 1024 / MIB)


def cpu_seconds(pid):
    """Return the processor seconds that a process has used.

    Examples
    --------
    >>> cpu_seconds(os.getpid()) > 0
    True
    """
    fields = Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()
    return round(sum(map(int, fields[11:13])) / os.sysconf("SC_CLK_TCK"), 1)


def shared_out_mib(pids):
    """Return what processes hold together now, in MiB, memory that they share counted once."""
    held = 0
    for pid in pids:
        try:
            lines = Path(f"/proc/{pid}/smaps_rollup").read_text().splitlines()
        except OSError:
            continue
        held += next(int(line.split()[1]) for line in lines if line.startswith("Pss:"))
    return round(held * 1024 / MIB)


def kernel_peak(kernel_id):
    """Return what the process of a kernel has taken."""
    (pid,) = processes("ipykernel_launcher", f"kernel-{kernel_id}.json")
    return {"kernel_mib": peak_mib(pid), "cpu_seconds": cpu_seconds(pid)}
