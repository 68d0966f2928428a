"""Decide which pages may be read at the same time, by the memory that they take."""

from collections.abc import Sequence
from dataclasses import dataclass

from newspage.batch.resource_limits import count_megapixels, machine_bytes
from newspage.config import RunConfig
from newspage.model import Scan

LARGE = 30.0
"""Megapixels from which on a page takes more than the 1.6 GB that are estimated for each worker."""
_ENGINE_BYTES = 9e8
"""Bytes of a worker with its engine before it has a page; see `_BYTES_A_PIXEL`."""
_BYTES_A_PIXEL = 25.0
"""Bytes for each pixel of the page. Together an upper bound of what a worker holds: measured were
0.70 GB on 5.6 megapixels, 0.96 to 1.3 on 13.2, 1.50 on 52.7."""
_TOLERANCE = 3.0
"""Multiple of the usual memory for its size that a page may take. Judgement: leaves room for dense
pages, and stops those that grow without end."""
_LEAST_LIMIT = 8e9
"""Bytes that every page may take: engines that are slower take up to 5.6 GB on 13 megapixels."""
_SHARE = 0.8
"""Share of the machine's memory that one page may take. Judgement: the rest is the system's and the
run's own."""


@dataclass(frozen=True, slots=True)
class Admission:
    """Rule that says which pages may be read beside others."""

    memory: float
    """Bytes that all of them may take together; 0: not known."""

    def admits(self, scan: Scan, others: Sequence[Scan]) -> bool:
        """Tell whether a page may be read beside those that are being read.

        Of large pages one is read at a time; a page that would not fit into memory is read alone.
        """
        if not others:
            return True
        if is_large(scan) and any(map(is_large, others)):
            return False
        return not self.memory or sum(map(estimate_reading_bytes, (scan, *others))) <= self.memory


def is_large(scan: Scan) -> bool:
    """Tell whether a page takes more memory than pages usually do."""
    return count_megapixels(scan) >= LARGE


def estimate_reading_bytes(scan: Scan) -> float:
    """Estimate the bytes that a worker holds at most while it reads a page."""
    return _ENGINE_BYTES + _BYTES_A_PIXEL * count_megapixels(scan) * 1e6


def limit_reading_bytes(scan: Scan, config: RunConfig) -> float:
    """Return the most bytes that a worker may hold while it reads a page."""
    if config.worker_megabytes:
        return config.worker_megabytes * 1e6
    usual = max(_LEAST_LIMIT, _TOLERANCE * estimate_reading_bytes(scan))
    return min(usual, _SHARE * machine_bytes("MemTotal") or usual)
