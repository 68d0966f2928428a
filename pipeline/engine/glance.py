"""Reads strips at a glance, and those that are doubtful then as they are.

Small glyphs between little paper are read nearly as well as large ones where print is clean, in
half the time; what is read surely of them is no more often wrong. Measured on the lines of 16
pages, clean and worn, 49,000 characters: 697 errors against the 708 of reading every strip as it
is.
"""

from collections.abc import Callable, Sequence

import cv2
import numpy as np

from pipeline.engine.ctc import runs
from pipeline.engine.models import HEIGHT
from pipeline.model import GrayImage, Lattice

ROWS = 36
"""Height of a strip that is glanced at."""
SHRUNK = 41
"""Height to which it is brought first; the rest of its paper is cut off."""
SURE = 0.9
"""A strip with a character less probable than this is read once more, as it is."""
WORN = 0.3
"""Where more than this share of strips would be, none is glanced at."""
SAMPLE = 8
"""Every so many strips one tells that."""

Read = Callable[[Sequence[GrayImage]], Sequence[Lattice]]


def read_at_a_glance(strips: Sequence[GrayImage], glance: Read, read: Read) -> list[Lattice]:
    """The lattice of each strip of height HEIGHT.

    `glance` reads strips of height ROWS, `read` reads them as they are.
    """
    sample = set(range(0, len(strips), SAMPLE))
    lattices = _read_some(sorted(sample), strips, glance)
    if sum(least_sure(lattice) < SURE for lattice in lattices.values()) > WORN * len(sample):
        return list(read(strips))
    lattices |= _read_some([i for i in range(len(strips)) if i not in sample], strips, glance)
    doubtful = [i for i, lattice in sorted(lattices.items()) if least_sure(lattice) < SURE]
    lattices |= dict(zip(doubtful, read([strips[i] for i in doubtful]), strict=True))
    return [lattices[i] for i in range(len(strips))]


def small(strip: GrayImage) -> GrayImage:
    """A strip of height HEIGHT as it is glanced at: smaller, with less paper above and below."""
    width = max(1, round(strip.shape[1] * SHRUNK / HEIGHT))
    shrunk: GrayImage = cv2.resize(strip, (width, SHRUNK), interpolation=cv2.INTER_AREA)
    top = (SHRUNK - ROWS) // 2
    return shrunk[top : top + ROWS]


def least_sure(lattice: Lattice) -> float:
    """Probability of the most doubtful character of the best path, each at its surest step.

    0 where there is none: an empty strip is worth a closer look.
    """
    peaks = [lattice.log_probs[a:b, 0].max() for a, b in zip(*runs(lattice), strict=True)]
    return float(np.exp(np.float32(min(peaks)))) if peaks else 0.0


def _read_some(
    which: Sequence[int], strips: Sequence[GrayImage], glance: Read
) -> dict[int, Lattice]:
    return dict(zip(which, glance([small(strips[i]) for i in which]), strict=True))
