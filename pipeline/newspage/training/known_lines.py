"""Lines whose text is known: the seam between what is trained on and where it comes from."""

from dataclasses import dataclass
from pathlib import Path

from newspage.geometry import Box


@dataclass(frozen=True, slots=True)
class KnownLine:
    """A printed line and its text."""

    text: str
    box: Box | None = None
    """Where it is on the scan, in pixels; None where that is not known."""


@dataclass(frozen=True, slots=True)
class KnownPage:
    """A page of which printed lines are known."""

    name: str
    scan: Path
    lines: tuple[KnownLine, ...]
    frame: int = 0
    """Number of the page inside the file of the scan, from 0."""
