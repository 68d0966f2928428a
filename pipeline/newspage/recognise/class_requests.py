"""Wraps an engine so that its lattices hold certain classes at every step."""

from collections.abc import Sequence

from newspage.engine import Engine, FoundLine, Reading
from newspage.model import GrayImage


class EngineWithClasses:
    """Another engine that is always asked for some classes; see `Engine`."""

    def __init__(self, engine: Engine, also: Sequence[int]) -> None:
        self._engine = engine
        self._also = tuple(also)

    @property
    def name(self) -> str:
        """Return the name of the wrapped engine."""
        return self._engine.name

    @property
    def characters(self) -> Sequence[str]:
        """Return the characters of the wrapped engine's classes."""
        return self._engine.characters

    def find_lines(self, image: GrayImage) -> list[FoundLine]:
        """Find lines as the wrapped engine does."""
        return self._engine.find_lines(image)

    def read_lines(self, strips: Sequence[GrayImage], also: Sequence[int] = ()) -> list[Reading]:
        """Read strips with the fixed classes in front of those asked for here."""
        return self._engine.read_lines(strips, (*self._also, *also))
