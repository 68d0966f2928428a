"""Define what newspage asks of a text recogniser: two methods, and the values they return.

Engines answer in pixels of the image they are given.
"""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from typing import Protocol

import numpy as np
from numpy.typing import NDArray

from newspage.geometry import Polygon
from newspage.lattice import Lattice
from newspage.model import GrayImage


@dataclass(frozen=True, slots=True)
class FoundLine:
    """A stretch of text found in an image: four corners, clockwise from the top left."""

    polygon: Polygon
    score: float

    @property
    def extent(self) -> tuple[float, float]:
        """Return the thickness and the length of the line in pixels, whatever its direction."""
        corners = np.asarray(self.polygon, dtype=np.float64)
        sides = np.hypot(*(corners[[1, 2, 3, 0]] - corners).T)
        a, b = float(sides[[0, 2]].mean()), float(sides[[1, 3]].mean())
        return min(a, b), max(a, b)


@dataclass(frozen=True, slots=True, eq=False)
class Reading:
    """The characters read in a strip, from left to right."""

    text: tuple[str, ...]
    """One entry a glyph."""
    confidences: NDArray[np.float32]
    """Shape (glyphs,)."""
    spans: NDArray[np.float32]
    """Shape (glyphs, 2): start and end of each glyph as fractions of the strip's width."""
    lattice: Lattice


class Engine(Protocol):
    """A text recogniser: it finds lines and reads them."""

    @property
    def name(self) -> str:
        """Return the engine, its version and the models it runs, for the record."""
        ...

    @property
    def characters(self) -> Sequence[str]:
        """Return the character of each class of a lattice; that of the blank, class 0, is empty."""
        ...

    def find_lines(self, image: GrayImage) -> list[FoundLine]:
        """Return all lines of text in an image of any size, found at full resolution."""
        ...

    def read_lines(self, strips: Sequence[GrayImage], also: Sequence[int] = ()) -> list[Reading]:
        """Read the text of each strip; a strip holds one line, upright, from left to right.

        Lattices hold the classes `also` at every step, behind the best ones and in this order,
        however unlikely they are.
        """
        ...


@dataclass(frozen=True, slots=True, eq=False)
class LightReader:
    """A reader of strips that takes a fifth of the time, and knows fewer characters."""

    engine: Engine
    """The engine with the light recogniser."""
    network: str
    """Name of that recogniser, for the record."""
    classes: NDArray[np.int32]
    """For each of its classes that of the same character in the full recogniser."""

    def read_strips(self, strips: Sequence[GrayImage]) -> list[Reading]:
        """Read the text of each strip; lattices are in the classes of the full recogniser."""
        return [
            replace(r, lattice=replace(r.lattice, classes=self.classes[r.lattice.classes]))
            for r in self.engine.read_lines(strips)
        ]
