"""How much memory other processes have had at most, as Linux tells it."""

import os
from contextlib import suppress
from pathlib import Path


def peak_of(process: int) -> int:
    """Return the bytes of a process at their highest since `forget_peak`; 0 where not known."""
    try:
        lines = Path(f"/proc/{process}/status").read_text().splitlines()
    except OSError:
        return 0
    found = next((line for line in lines if line.startswith("VmHWM:")), "VmHWM: 0 kB")
    return int(found.split()[1]) * 1024


def forget_peak(process: int) -> None:
    """Let the highest be that of now."""
    with suppress(OSError):
        Path(f"/proc/{process}/clear_refs").write_text("5")


def children_of(process: int) -> list[int]:
    """Return the processes that a process has started, and those that they have."""
    found = []
    for path in Path("/proc").glob("[0-9]*/stat"):
        with suppress(OSError):
            # The name of the program, in brackets, may hold blanks.
            if int(path.read_text().rsplit(")", 1)[1].split()[1]) == process:
                found.append(int(path.parent.name))
    return [one for child in found for one in (child, *children_of(child))]


def peak_of_children() -> int:
    """Return the highest of all processes below this one, and let it be that of now."""
    peaks = [0]
    for child in children_of(os.getpid()):
        peaks.append(peak_of(child))
        forget_peak(child)
    return max(peaks)
