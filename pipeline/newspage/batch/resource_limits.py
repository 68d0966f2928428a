"""Limit time and memory for looking into and decoding files, by means of the system.

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
"""Bytes of a file for which a look gets one second more. Judgement: the slowest network drive gives
as many in a second."""
DECODE_SECONDS = 2.0
"""Seconds for each megapixel: twenty times what JPEG 2000 in colour took, the slowest to decode."""
_MOST = 1e9
"""Seconds, or gigabytes, that are as good as no limit; the system cannot count many more."""
_BESIDES = 150e6
"""Bytes beside the picture: bands, thread stacks, parsed headers; measured were 60 to 120 MB."""


def limit_looking_seconds(size: int, config: RunConfig) -> float:
    """Return the seconds that a look into a file of so many bytes may take; 0: no limit."""
    return config.look_seconds and config.look_seconds + size / READ_BYTES


def limit_decoding_seconds(scan: Scan, config: RunConfig) -> float:
    """Return the seconds that decoding a page may take; 0: no limit."""
    return config.look_seconds and config.look_seconds + DECODE_SECONDS * count_megapixels(scan)


def limit_reading_seconds(scan: Scan, config: RunConfig) -> float:
    """Return the seconds that reading a page may take, decoding included; 0: no limit."""
    grown = config.page_seconds_per_megapixel * count_megapixels(scan)
    return config.page_seconds and config.page_seconds + grown


def count_megapixels(scan: Scan) -> float:
    """Return the size of a page in million pixels."""
    return scan.width * scan.height / 1e6


@contextmanager
def limit_decoding(scan: Scan, config: Config) -> Iterator[None]:
    """Hold the code inside the `with` block to the limits for decoding a page."""
    seconds = limit_decoding_seconds(scan, config.run)
    with limit_resources(seconds, config.ingest.max_decoded_megabytes):
        yield


@contextmanager
def limit_resources(seconds: float, megabytes: float) -> Iterator[None]:
    """End the process after some seconds (0: never), and give it only so much more memory.

    Code that asks for more memory gets a MemoryError, or crashes where it is written in C++.
    `megabytes` are units of a million bytes.
    """
    with _timed(seconds), _memory_of(megabytes * 1e6 + _BESIDES):
        yield


def measure_resident_bytes(process: int | str) -> float:
    """Return the bytes that a process (a number or "self") holds; 0 where they are not known."""
    return _kibibytes(process, "VmRSS") * 1024


def machine_bytes(name: str) -> float:
    """Return an entry of the system's memory table in bytes, such as MemTotal; 0 if it has none."""
    return _kibibytes_in(Path("/proc/meminfo"), name) * 1024


@contextmanager
def _timed(seconds: float) -> Iterator[None]:
    """End the process by a signal if the `with` block takes longer than some seconds."""
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
    """Limit the data of this process to what it holds and `more` bytes.

    Only on Linux, where mapped memory counts as well.
    """
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
    """Return a value of the kernel's status table of a process."""
    return _kibibytes_in(Path(f"/proc/{process}/status"), name)


def _kibibytes_in(path: Path, name: str) -> int:
    """Return the number after a name in a table of the kernel; 0 where there is none."""
    try:
        lines = path.read_text().splitlines()
    except OSError:
        return 0
    found = next((line for line in lines if line.startswith(name + ":")), "")
    return int(found.split()[1]) if found else 0
