"""The types that every stage speaks, in the words of PAGE XML and ALTO.

All of them are values: frozen, compared by content, never edited in place. Coordinates are
pixels, x right, y down. From `enhance` to `assemble` they are those of the working image (turned
upright, deskewed); `page.scan_coordinates` turns them into those of the original scan, and from
there on nothing else is ever stored.
"""

import datetime
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field, replace
from enum import StrEnum
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from newspage.correction_evidence import Evidence
from newspage.geometry import Box, Polygon, Transform
from newspage.lattice import Lattice, PageLattices
from newspage.source_markup import ImportedSource

GrayImage = NDArray[np.uint8]
"""Pixels of shape (height, width), 0 black to 255 white."""


class Direction(StrEnum):
    """The direction in which the characters of a line follow each other."""

    HORIZONTAL = "horizontal"
    """Left to right, lines from top to bottom."""
    HORIZONTAL_RTL = "horizontal-rtl"
    """Right to left, as mastheads and short headlines of old papers."""
    VERTICAL = "vertical"
    """Top to bottom, lines from right to left."""


class RegionKind(StrEnum):
    """The kind of text that a region holds. The words in brackets are those of PAGE XML."""

    KICKER = "kicker"
    """Line above the headline (heading)."""
    TITLE = "title"
    """The headline (heading)."""
    DECK = "deck"
    """Line or lines under the headline (heading)."""
    BYLINE = "byline"
    """The author, or where the text came from (credit)."""
    BODY = "body"
    """Running text (paragraph)."""
    JUMP = "jump"
    """Continued on, continued from."""
    CAPTION = "caption"
    """Text of a picture."""
    MASTHEAD = "masthead"
    """Name of the paper, date, issue (header)."""
    FOLIO = "folio"
    """Page number and section (page-number)."""
    ADVERTISEMENT = "advertisement"
    TABLE = "table"
    OTHER = "other"


HEADLINE_KINDS = (RegionKind.KICKER, RegionKind.TITLE, RegionKind.DECK)
"""Kinds of regions that make a headline."""
FURNITURE_KINDS = (
    RegionKind.JUMP,
    RegionKind.CAPTION,
    RegionKind.MASTHEAD,
    RegionKind.FOLIO,
    RegionKind.ADVERTISEMENT,
    RegionKind.TABLE,
    RegionKind.OTHER,
)
"""Kinds of regions whose text belongs to no article."""


@dataclass(frozen=True, slots=True)
class Publication:
    """The paper, date and page number of a scan, as far as its name tells."""

    paper: str
    """Name of the paper, as in the file name; may be empty."""
    date: datetime.date | None = None
    page: str | None = None
    """As the paper would print it, without leading zeros: "3", "A2"."""


@dataclass(frozen=True, slots=True)
class Scan:
    """One page as it lies in a file."""

    path: Path
    sha256: str
    """Of the file's bytes, in hex."""
    width: int
    height: int
    frame: int = 0
    """Number of the page inside the file, from 0."""
    frames: int = 1
    """Pages in the file."""
    dpi: float | None = None
    """The resolution that the file claims; never relied on."""

    @property
    def stem(self) -> str:
        """Return the name of the outputs: the file's, with the page number where it has several."""
        return self.path.stem if self.frames == 1 else f"{self.path.stem}-p{self.frame + 1}"


@dataclass(frozen=True, slots=True, eq=False)
class PageImage:
    """The pixels that a stage works on, and the transform from them to the scan."""

    scan: Scan
    pixels: GrayImage
    to_scan: Transform = field(default_factory=Transform)

    @property
    def width(self) -> int:
        return int(self.pixels.shape[1])

    @property
    def height(self) -> int:
        return int(self.pixels.shape[0])


@dataclass(frozen=True, slots=True)
class Glyph:
    """One character as it was read."""

    text: str
    box: Box
    confidence: float
    """Probability the recogniser gives it, 0 to 1."""


@dataclass(frozen=True, slots=True)
class TextLine:
    """A line of text; without glyphs it has not been read yet."""

    id: str
    box: Box
    direction: Direction
    polygon: Polygon = ()
    """The line's outline; empty: its box."""
    size: float = 0.0
    """Size of the em in pixels: the pitch of full-width characters; 0 where unknown."""
    reversed: bool = False
    """White on black."""
    glyphs: tuple[Glyph, ...] = ()
    lattice: Lattice | None = field(default=None, compare=False, repr=False)
    read_lightly: bool = False
    """Whether the light network alone has read it."""
    baseline: Polygon = ()
    """Points that the characters stand on, in reading direction; empty: exports trace it."""

    @property
    def text(self) -> str:
        return "".join(g.text for g in self.glyphs)

    @property
    def confidence(self) -> float:
        """Return the mean confidence of the glyphs, 0 to 1; 0 without any."""
        return sum(g.confidence for g in self.glyphs) / max(1, len(self.glyphs))

    @property
    def vertical(self) -> bool:
        return self.direction is Direction.VERTICAL


@dataclass(frozen=True, slots=True)
class Separator:
    """A printed rule, or one side of a printed frame."""

    box: Box
    vertical: bool
    polygon: Polygon = ()
    """The rule's outline, where it differs from its box; empty: its box."""


class AreaKind(StrEnum):
    """The kinds of areas that a layout model tells apart, as far as `layout` asks for them."""

    HEADLINE = "headline"
    PICTURE = "picture"
    TABLE = "table"
    CAPTION = "caption"
    FURNITURE = "furniture"
    """Header, footer, page number."""


@dataclass(frozen=True, slots=True)
class LayoutPrediction:
    """An area of the page as a layout model names it: one witness among others."""

    box: Box
    kind: AreaKind
    score: float
    """How sure the model is, 0 to 1."""


@dataclass(frozen=True, slots=True)
class Detection:
    """The lines, rules and pictures found on a page before any of it was read."""

    lines: tuple[TextLine, ...]
    separators: tuple[Separator, ...] = ()
    frames: tuple[Box, ...] = ()
    """Boxes drawn around an article or an advertisement."""
    panels: tuple[Box, ...] = ()
    """Dark areas with white text."""
    pictures: tuple[Box, ...] = ()
    tables: tuple[Box, ...] = ()
    """Ruled grids."""
    direction: str = "auto"
    """The direction of running text, where a person has said it: horizontal or vertical."""
    sightings: tuple[LayoutPrediction, ...] = ()
    """The predictions of a layout model, where there is one. Nothing rests on them alone."""

    def select_predicted(self, kind: AreaKind) -> tuple[Box, ...]:
        """Return the areas of a kind that a layout model predicts."""
        return tuple(s.box for s in self.sightings if s.kind is kind)


@dataclass(frozen=True, slots=True)
class Region:
    """Lines that belong together, in reading order."""

    id: str
    kind: RegionKind
    box: Box
    lines: tuple[TextLine, ...]
    direction: Direction
    article: str | None = None
    """Id of the article it is part of; None for furniture."""
    polygon: Polygon = ()

    @property
    def text(self) -> str:
        return "\n".join(line.text for line in self.lines)


@dataclass(frozen=True, slots=True)
class PageLayout:
    """A page with its regions and their reading order."""

    scan: Scan
    regions: tuple[Region, ...]
    reading_order: tuple[str, ...]
    """Ids of regions; a permutation of them."""
    separators: tuple[Separator, ...] = ()
    frames: tuple[Box, ...] = ()
    pictures: tuple[Box, ...] = ()
    unplaced: tuple[TextLine, ...] = ()
    """Lines that fit nowhere: shown and counted, never dropped."""

    @property
    def lines(self) -> tuple[TextLine, ...]:
        """Return all lines, those that fit nowhere last."""
        return (*(line for region in self.regions for line in region.lines), *self.unplaced)

    def map_lines(self, change: Callable[[TextLine], TextLine]) -> "PageLayout":
        """Return the layout with a change made to every line, those that fit nowhere included."""
        regions = tuple(replace(r, lines=tuple(map(change, r.lines))) for r in self.regions)
        return replace(self, regions=regions, unplaced=tuple(map(change, self.unplaced)))


@dataclass(frozen=True, slots=True)
class Char:
    """A character of the clean text and the glyph it came from."""

    text: str
    line: str
    """Id of the text line."""
    glyph: int
    """Index of the glyph in it."""
    correction: str = ""
    """Id of the correction that put it there; line and glyph then say beside what."""


Chars = tuple[Char, ...]


def join_chars(chars: Chars) -> str:
    """Return the characters as a string."""
    return "".join(c.text for c in chars)


class JoinKind(StrEnum):
    """The kind of gap over which a paragraph may go on."""

    COLUMN = "column"
    BLOCK = "block"
    PAGE = "page"


@dataclass(frozen=True, slots=True)
class Join:
    """The decision whether text goes on over a gap: shown, scored, and can be taken back."""

    id: str
    kind: JoinKind
    before: str
    """Id of the line the text leaves."""
    after: str
    """Id of the line where it may go on."""
    score: float
    """0 a new paragraph for certain, 1 the same paragraph for certain."""
    joined: bool
    evidence: Mapping[str, float] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Paragraph:
    """A paragraph of clean text."""

    chars: Chars

    @property
    def text(self) -> str:
        return join_chars(self.chars)


@dataclass(frozen=True, slots=True)
class ArticlePart:
    """The place where another page of the issue prints a part of an article."""

    stem: str
    """Name of that page's record."""
    article: str
    """Id of the article in that record."""
    page: str
    """The page's number, as printed."""


@dataclass(frozen=True, slots=True)
class ArticleRecord:
    """A headline and everything under it, as far as this page prints it."""

    id: str
    kicker: Chars = ()
    title: Chars = ()
    deck: Chars = ()
    byline: Chars = ()
    paragraphs: tuple[Paragraph, ...] = ()
    regions: tuple[str, ...] = ()
    """Ids of its regions, in reading order."""
    continues: str | None = None
    """The page it goes on at, as printed ("3"), or None."""
    continued_from: str | None = None
    next_part: ArticlePart | None = None
    """The part that `continues` names, found once all pages of the issue are read."""
    previous_part: ArticlePart | None = None

    @property
    def heads(self) -> tuple[Chars, Chars, Chars, Chars]:
        """Return kicker, title, deck and byline, each empty where there is none."""
        return self.kicker, self.title, self.deck, self.byline

    def without_links(self) -> "ArticleRecord":
        """Return the article without links to other pages."""
        if self.next_part is None and self.previous_part is None:
            return self
        return replace(self, next_part=None, previous_part=None)


@dataclass(frozen=True, slots=True)
class Furniture:
    """Text of the page that is no article."""

    kind: RegionKind
    region: str
    chars: Chars

    @property
    def text(self) -> str:
        return join_chars(self.chars)


class CorrectionStatus(StrEnum):
    """The state of a correction: left to people, made by the machine, or decided by a person."""

    PROPOSED = "proposed"
    APPLIED = "applied"
    ACCEPTED = "accepted"
    REJECTED = "rejected"
    EDITED = "edited"


@dataclass(frozen=True, slots=True)
class Correction:
    """A change to the clean text, made or proposed, with its evidence."""

    id: str
    rule: str
    article: str
    span: tuple[int, int]
    """Start and end in the flat text of the article, before any correction."""
    original: str
    proposed: str
    confidence: float
    """Probability that the change is right, 0 to 1."""
    status: CorrectionStatus
    evidence: Evidence = field(default_factory=Evidence)
    removed: Chars = ()
    """The characters of `original` with the glyphs they came from, so that undo is exact."""
    group: str = ""
    """Corrections of one group (the two ends of a move) stand and fall together."""
    decided_by: str = ""
    """Reviewer whose decision gave it its status; empty where nobody decided."""
    overruled_by: str = ""
    """Reviewer whose change at the same place rejects it."""
    machine_proposal: str | None = None
    """The text that the machine proposed, where a person wrote another one."""


@dataclass(frozen=True, slots=True)
class Problem:
    """Trouble in the data, as a value shown beside the result."""

    where: str
    message: str
    severity: str = "warning"


@dataclass(frozen=True, slots=True)
class ProcessingStep:
    """A step that a page went through, its time and its settings."""

    name: str
    seconds: float
    details: Mapping[str, str] = field(default_factory=dict)


ADAPTER_STEP = "adapter"
"""Name of the step in which it is decided whether a page is read with an adapter; its details name
the adapter's `paper` and say what the page was `read with`."""
READ_WITH, ADAPTED, UNADAPTED = "read with", "adapter", "network"
"""That detail, and its two values."""


@dataclass(frozen=True, slots=True)
class PageReading:
    """The page as the machine read it. Nothing that is decided later changes it."""

    page: PageLayout
    articles: tuple[ArticleRecord, ...] = ()
    """As read: no correction is in their characters, and none has links to other pages."""
    furniture: tuple[Furniture, ...] = ()
    joins: tuple[Join, ...] = ()
    corrections: tuple[Correction, ...] = ()
    """What the machine proposes on top of the articles: applied where policy does so by itself,
    else left to people. Spans are offsets in the articles as read."""
    lattices: PageLattices | None = field(default=None, compare=False, repr=False)
    """Of a page that was just read; records leave them out."""
    source: ImportedSource | None = None
    """The file of another program that the page was imported from; None where it was read here."""


@dataclass(frozen=True, slots=True)
class PageRecord:
    """Everything newspage knows of a page; `record` turns it into JSON and back.

    Below lies the reading; all else is derived from it, from the corrections and from what people
    decided (`derive_page`, `merge_decisions`), and can be derived again at any time.
    """

    reading: PageReading = field(repr=False)
    page: PageLayout
    """The layout after decisions: kinds, articles and order of regions may differ."""
    articles: tuple[ArticleRecord, ...]
    """The clean text."""
    furniture: tuple[Furniture, ...] = ()
    joins: tuple[Join, ...] = ()
    corrections: tuple[Correction, ...] = ()
    """Those of the machine as decided, and those that people made."""
    problems: tuple[Problem, ...] = ()
    steps: tuple[ProcessingStep, ...] = ()


@dataclass(frozen=True, slots=True)
class IssueArticle:
    """An article put together from all pages that print a part of it."""

    whole: ArticleRecord
    """In its characters `line` is `stem#line`: a line of that page's record."""
    parts: tuple[ArticlePart, ...]
    """In the order in which they are read; one where the article is on one page only."""


@dataclass(frozen=True, slots=True)
class Issue:
    """The pages of one paper on one day, its articles whole."""

    name: str
    pages: tuple[tuple[str, str], ...]
    """Stem and number of each page."""
    articles: tuple[IssueArticle, ...]
    joins: tuple[Join, ...] = ()
    """Whether the paragraph at the end of one part goes on in the next; lines are `stem#line`."""
    problems: tuple[Problem, ...] = ()


@dataclass(frozen=True, slots=True)
class IssueOutline:
    """The pages of an issue and the parts of its articles, without any text."""

    name: str
    pages: tuple[tuple[str, str], ...]
    """Stem and number of each page, in order."""
    articles: Mapping[str, tuple[ArticlePart, ...]]
    """The parts of each article by its id, in the order of the issue."""
    joined: Mapping[tuple[str, str], bool] = field(default_factory=dict)
    """Whether a paragraph goes on from one part to the next, by the two lines (`stem#line`)."""
