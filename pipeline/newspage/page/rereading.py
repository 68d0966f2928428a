"""Lines of a page read once more, where the correction pass needs classes that were not kept."""

from collections.abc import Sequence
from dataclasses import dataclass, field, replace

from newspage.config import RecogniseConfig
from newspage.engine import Engine
from newspage.lattice import Lattice
from newspage.model import PageImage, TextLine
from newspage.recognise import reread_line

MOST = 60
"""Lines of one page that are read again at most: a fraction of a second for ten of them."""


@dataclass(slots=True)
class LineRereader:
    """A reader of lines of one page on their first strips; it is a `correct.evidence.Reread`.

    `found` are the lines as they were found, `read` the same ones as they were read.
    """

    found: Sequence[TextLine] = field(repr=False)
    read: Sequence[TextLine] = field(repr=False)
    image: PageImage = field(repr=False)
    engine: Engine
    config: RecogniseConfig
    count: int = 0
    """Number of lines that were read again so far."""
    answers: dict[tuple[str, frozenset[int]], Lattice] = field(default_factory=dict, repr=False)
    """Their lattices, by id of the line and the classes asked for."""
    places: dict[str, int] = field(init=False, repr=False)
    """For the identifier of every line its index in `found` and `read`."""

    def __post_init__(self) -> None:
        self.places = {line.id: i for i, line in enumerate(self.read)}

    def __call__(self, line: TextLine, also: frozenset[int]) -> Lattice | None:
        """Return the line's lattice with the classes `also` at every step.

        None for a line that the layout made of others, and once enough were read again.
        """
        place = self.places.get(line.id)
        if place is None or self.count >= MOST or self.read[place].text != line.text:
            return None
        self.count += 1
        wanted = sorted(also)
        again = reread_line(place, self.found, self.image, self.engine, self.config, wanted)
        if again.lattice is not None:
            self.answers[line.id, also] = again.lattice
        return again.lattice


@dataclass(frozen=True, slots=True)
class ScanRereader:
    """A reader of lines of all pages of a scan; `prefixes` begin the identifiers of each page."""

    pages: tuple[LineRereader, ...]
    prefixes: tuple[str, ...]

    def __call__(self, line: TextLine, also: frozenset[int]) -> Lattice | None:
        """Return the line's lattice with the classes `also` at every step, or None."""
        for page, prefix in zip(self.pages, self.prefixes, strict=True):
            if line.id.startswith(prefix):
                return page(replace(line, id=line.id.removeprefix(prefix)), also)
        return None

    @property
    def count(self) -> int:
        """Return the number of lines that were read again so far."""
        return sum(page.count for page in self.pages)
