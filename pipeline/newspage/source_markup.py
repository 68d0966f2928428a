"""Hold what an imported file says beyond what a page record has room for, place by place.

It is written back when the page is exported in the same format. Names are those of the file:
elements of its own format without a prefix, others with the prefix that they had there, declared
by an attribute `xmlns:PREFIX`.
"""

import re
from collections.abc import Mapping
from dataclasses import dataclass, field

_NAME = re.compile(r"[^\W\d][\w.\-]*(:[^\W\d][\w.\-]*)?")


@dataclass(frozen=True, slots=True)
class KeptElement:
    """An element of an imported file with everything in it."""

    name: str
    attributes: Mapping[str, str]
    text: str = ""
    """Text before the first child."""
    children: tuple["KeptElement", ...] = ()
    tail: str = ""
    """Text behind the element; empty where it is kept for itself."""


@dataclass(frozen=True, slots=True)
class KeptMarkup:
    """The attributes and elements of one place that a page record has no other room for."""

    attributes: Mapping[str, str] = field(default_factory=dict)
    elements: tuple[KeptElement, ...] = ()

    def __bool__(self) -> bool:
        return bool(self.attributes or self.elements)


@dataclass(frozen=True, slots=True)
class ImportedSource:
    """The file that a page was imported from, and the markup of it that is written back."""

    format: str
    """Name of the format, as exporters have it: alto, page, hocr."""
    file: str
    """Name of the file, without folders."""
    program: str = ""
    """The program that wrote it, as the file says."""
    markup: Mapping[str, KeptMarkup] = field(default_factory=dict)
    """Markup by place: see `make_place`."""


def make_place(kind: str, *names: object) -> str:
    """Return the name of a place: `page`, `region:r1`, `glyph:l3:4`, `word:l3:0:5` (first, end).

    Args:
        kind: Kind of the place.
        names: Identifier in the record, then indices of glyphs where the place is inside a line.
    """
    return ":".join([kind, *map(str, names)])


def is_markup_name(name: str) -> bool:
    """Tell whether an element or attribute can have a name: nothing else may become markup."""
    return _NAME.fullmatch(name) is not None


def parse_span(place: str) -> tuple[str, int, int]:
    """Return the line of a place, and its first and end glyph (`word:l3:0:5`).

    Raises ValueError where the place has no span.
    """
    _, _, rest = place.partition(":")
    line, start, end = rest.rsplit(":", 2)
    return line, int(start), int(end)
