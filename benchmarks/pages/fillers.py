"""What fills the room between and after articles: advertisements, photographs, tables."""

from dataclasses import dataclass

import numpy as np

from benchmarks.pages.chance import chance, pick, shuffled
from benchmarks.pages.design import Design
from benchmarks.pages.extras import advertisement, load_lines, load_rows, photo, table
from benchmarks.pages.plane import Plane
from benchmarks.pages.sheet import Element, Frame
from benchmarks.pages.stories import Story, load_stories


@dataclass(slots=True)
class Fillers:
    """A stock of fillers; adverts and tables are printed once, photographs as often as needed."""

    rng: np.random.Generator
    adverts: list[Story]
    captions: list[str]
    tables: list[tuple[str, list[list[str]]]]
    unframed: float = 0.0
    """Share of advertisements without a frame."""

    @classmethod
    def modern(cls, rng: np.random.Generator) -> "Fillers":
        """Fillers in simplified characters."""
        return cls(
            rng,
            shuffled(rng, load_stories("adverts")),
            shuffled(rng, load_lines("captions")),
            shuffled(rng, load_rows("tables")),
        )

    @classmethod
    def old(cls, rng: np.random.Generator, unframed: float = 0.0) -> "Fillers":
        """Advertisements in traditional characters, no photographs, no tables."""
        return cls(rng, shuffled(rng, load_stories("adverts_republican")), [], [], unframed)

    def fill(self, plane: Plane, design: Design) -> tuple[list[Element], str]:
        """Fills a plane with whatever suits its shape, and says with what; perhaps nothing."""
        pitch = design.pitch
        if plane.depth < 3 * pitch or plane.length < 6 * design.em:
            return [], ""
        deep = plane.depth > 8 * pitch
        if self.captions and deep and chance(self.rng, 0.3):
            seed = int(self.rng.integers(1 << 30))
            return photo(pick(self.rng, self.captions), plane, design, seed), "photo"
        if chance(self.rng, 0.35) and (drawn := self._table(plane, design)):
            return drawn, "table"
        if self.adverts:
            elements = advertisement(self.adverts.pop(0), plane, design, self.rng)
            if self.unframed and chance(self.rng, self.unframed):
                elements = [e for e in elements if not isinstance(e, Frame)]
            return elements, "advert"
        return [], ""

    def _table(self, plane: Plane, design: Design) -> list[Element]:
        """The first table that the plane has room for."""
        for entry in self.tables:
            elements, depth = table(*entry, plane, design)
            if depth <= plane.depth:
                self.tables.remove(entry)
                return elements
        return []
