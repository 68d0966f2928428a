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
