"""What a CTC recogniser considered while it read lines, from which corrections are weighed."""

from collections.abc import Mapping
from dataclasses import dataclass, field

import numpy as np
from numpy.typing import NDArray

from newspage.geometry import Box


@dataclass(frozen=True, slots=True, eq=False)
class Lattice:
    """The classes that a CTC recogniser considered while reading a line, sparsely.

    At step t the classes `classes[t]` have the natural log-probabilities `log_probs[t]`, best
    first; every other class has less than the last of them. Class 0 is the blank. Step t looks at
    the line at `positions[t]`, a fraction of its length (0 start, 1 end) in reading direction.
    """

    classes: NDArray[np.int32]
    """Shape (steps, k)."""
    log_probs: NDArray[np.float16]
    """Shape (steps, k)."""
    positions: NDArray[np.float32]
    """Shape (steps,)."""


@dataclass(frozen=True, slots=True, eq=False)
class PageLattices:
    """The lattices of a page, and what else its corrections are weighed by beside the record."""

    characters: tuple[str, ...]
    """The character of each class of the engine; blank and unused classes are empty."""
    lines: Mapping[str, Lattice]
    """By id of the line."""
    boxes: Mapping[str, Box]
    """The box of every line, by its id, on the page as it was set upright and straight."""
    again: Mapping[tuple[str, frozenset[int]], Lattice] = field(default_factory=dict)
    """Of lines that were read again: by id, and the classes that were asked for at every step."""
