"""How long a file may be looked at or decoded, and in how much memory, held to by the system.

The decoders are foreign code that no exception reaches: beyond its time the process is ended by
the timer of the system, beyond its memory it gets no more. So this is for processes that may end.
"""

import signal
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from newspage.config import Config, RunConfig
from newspage.model import Scan

READ_BYTES = 4e6
"""Bytes a second that the slowest network drive gives; a file may take so much longer."""
DECODE_SECONDS = 2.0
"""For each megapixel: twenty times what JPEG 2000 in colour took, the slowest to decode."""
_MOST = 1e9
"""Seconds, or gigabytes, that are as good as no limit; more the system cannot count."""
_BESIDES = 150e6
"""Bytes beside the picture: bands, stacks of threads, parsed headers; measured were 60 to 120."""


def limit_looking_seconds(size: int, config: RunConfig) -> float:
    """Limit for a look into a file of so many bytes; 0: none."""
    return config.look_seconds and config.look_seconds + size / READ_BYTES


def limit_decoding_seconds(scan: Scan, config: RunConfig) -> float:
    """Limit for decoding a page; 0: none."""
    return config.look_seconds and config.look_seconds + DECODE_SECONDS * count_megapixels(scan)


def limit_reading_seconds(scan: Scan, config: RunConfig) -> float:
    """Limit for reading a page, decoding included; 0: none."""
    grown = config.page_seconds_per_megapixel * count_megapixels(scan)
    return config.page_seconds and config.page_seconds + grown


def count_megapixels(scan: Scan) -> float:
    """Size of a page in million pixels."""
    return scan.width * scan.height / 1e6


@contextmanager
def limit_decoding(scan: Scan, config: Config) -> Iterator[None]:
    """Hold what happens inside to the limits for decoding a page."""
    seconds = limit_decoding_seconds(scan, config.run)
    with limit_resources(seconds, config.ingest.max_decoded_megabytes):
        yield


@contextmanager
def limit_resources(seconds: float, megabytes: float) -> Iterator[None]:
    """End the process after some seconds (0: never), and give it only so much more memory.

    What asks for more memory gets a MemoryError, or crashes where it is written in C++.
    """
    with _timed(seconds), _memory_of(megabytes * 1e6 + _BESIDES):
        yield


def measure_resident_bytes(process: int | str) -> float:
    """Memory that a process holds, by its number or `self`; 0 where the system does not say."""
    return _kibibytes(process, "VmRSS") * 1024


def machine_bytes(name: str) -> float:
    """Return what the system says of its memory under a name; 0 where it does not."""
    return _kibibytes_in(Path("/proc/meminfo"), name) * 1024


@contextmanager
def _timed(seconds: float) -> Iterator[None]:
    if not seconds or not hasattr(signal, "setitimer"):
        yield
        return
    signal.setitimer(signal.ITIMER_REAL, min(seconds, _MOST))
    try:
        yield
    finally:
        signal.setitimer(signal.ITIMER_REAL, 0)


@contextmanager
def _memory_of(more: float) -> Iterator[None]:
    """Limit the data of this process; only Linux counts what is mapped as well."""
    held = _kibibytes("self", "VmData") * 1024
    if not held:
        yield
        return
    import resource

    soft, hard = resource.getrlimit(resource.RLIMIT_DATA)
    wanted = int(min(held + more, _MOST * 1e9))
    known = [limit for limit in (soft, hard) if limit != resource.RLIM_INFINITY]
    resource.setrlimit(resource.RLIMIT_DATA, (min([wanted, *known]), hard))
    try:
        yield
    finally:
        resource.setrlimit(resource.RLIMIT_DATA, (soft, hard))


def _kibibytes(process: int | str, name: str) -> int:
    return _kibibytes_in(Path(f"/proc/{process}/status"), name)


def _kibibytes_in(path: Path, name: str) -> int:
    """The number after a name in a table of the kernel; 0 where there is none."""
    try:
        lines = path.read_text().splitlines()
    except OSError:
        return 0
    found = next((line for line in lines if line.startswith(name + ":")), "")
    return int(found.split()[1]) if found else 0
