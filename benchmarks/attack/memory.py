"""How much memory other processes have had at most, as Linux tells it."""

import resource
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from pathlib import Path

_SAFETY = 8 * 2**30


def peak_of(process: int) -> int:
    """Return the bytes of a process at their highest; 0 where not known."""
    try:
        lines = Path(f"/proc/{process}/status").read_text().splitlines()
    except OSError:
        return 0
    found = next((line for line in lines if line.startswith("VmHWM:")), "VmHWM: 0 kB")
    return int(found.split()[1]) * 1024


def children_of(process: int) -> list[int]:
    """Return the processes that a process has started, and those that they have."""
    found = []
    for path in Path("/proc").glob("[0-9]*/stat"):
        with suppress(OSError):
            # The name of the program, in brackets, may hold blanks.
            if int(path.read_text().rsplit(")", 1)[1].split()[1]) == process:
                found.append(int(path.parent.name))
    return [one for child in found for one in (child, *children_of(child))]


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
