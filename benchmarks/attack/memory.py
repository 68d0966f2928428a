"""How much memory other processes have had at most, as Linux tells it."""

import os
import resource
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from pathlib import Path

_SAFETY = 8 * 2**30


def peak_of(process: int) -> int:
    """Return the bytes of a process at their highest; 0 where not known."""
    return _read_status(process, "VmHWM")


def resident_of(process: int) -> int:
    """Return the bytes of a process that are in memory now; 0 where not known."""
    return _read_status(process, "VmRSS")


def peak_below(child: int, inherited: int) -> int:
    """Return the highest bytes of a forked child and of each process that it has started.

    A fork begins with all the memory of this process, and Linux counts it as the fork's own: what
    a test before it had left behind would count against it. So of the child, and of one that it
    has forked and that has not loaded its own program yet, only what came later counts.

    Args:
        child: A fork of this process.
        inherited: Bytes of this process when it forked.
    """
    own = _command_of(os.getpid())
    return max(
        max(0, peak_of(one) - (inherited if _command_of(one) == own else 0))
        for one in processes_below(child)
    )


def _read_status(process: int, field: str) -> int:
    try:
        lines = Path(f"/proc/{process}/status").read_text().splitlines()
    except OSError:
        return 0
    found = next((line for line in lines if line.startswith(f"{field}:")), f"{field}: 0 kB")
    return int(found.split()[1]) * 1024


def _command_of(process: int) -> bytes:
    """Return the command line of a process, which a fork shares; empty where it is gone."""
    try:
        return Path(f"/proc/{process}/cmdline").read_bytes()
    except OSError:
        return b""


def processes_below(process: int) -> list[int]:
    """Return a process, those that it has started, and those that they have."""
    parents: dict[int, list[int]] = {}
    for path in Path("/proc").glob("[0-9]*/stat"):
        with suppress(OSError):
            # The name of the program, in brackets, may hold blanks.
            parent = int(path.read_text().rsplit(")", 1)[1].split()[1])
            parents.setdefault(parent, []).append(int(path.parent.name))
    found = [process]
    for one in found:
        found += parents.get(one, [])
    return found


@contextmanager
def bounded() -> Iterator[None]:
    """Give this process and those that it starts meanwhile so many bytes of addresses at most.

    A bomb that goes off must not take the machine with it. Far over what the program allows itself.
    """
    before = resource.getrlimit(resource.RLIMIT_AS)
    resource.setrlimit(resource.RLIMIT_AS, (_SAFETY, before[1]))
    try:
        yield
    finally:
        resource.setrlimit(resource.RLIMIT_AS, before)
