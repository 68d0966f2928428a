"""The page record as it lies in a file: one struct for each JSON object, keys in their order.

Optional keys are left out where they hold their default. Coordinates are pixels of the original
scan, rounded to a tenth.
"""

from typing import Any

from msgspec import Struct

from newspage.geometry import Box, Polygon

FORMAT = "newspage/2"
"""Format and version, the first key of every page record."""

Quad = tuple[float, float, float, float]
"""Left, top, right, bottom; pixels of the scan."""

Outline = list[tuple[float, float]]
"""Corners of a polygon: x, y; pixels of the scan."""


def round_box(box: Box) -> Quad:
    """Return the edges of a box, rounded to a tenth of a pixel."""
    return round(box.left, 1), round(box.top, 1), round(box.right, 1), round(box.bottom, 1)


def round_outline(polygon: Polygon) -> Outline:
    """Return the corners of a polygon, rounded to a tenth of a pixel."""
    return [(round(x, 1), round(y, 1)) for x, y in polygon]


class ScanData(Struct, frozen=True):
    """The file that was read, and which page of it. `file` is relative to the record's folder."""

    file: str
    sha256: str
    width: int
    height: int
    dpi: float | None
    frame: int = 0
    frames: int = 1


class GlyphRun(Struct, frozen=True, array_like=True):
    """A run of clean text: `count` characters from the glyphs `glyph`, `glyph` + 1, ... of a line.

    Where a character is not one code point long, it has a run of its own, and `length` says how
    many code points it has. A character that a correction put there has a run of its own too, with
    the id of the correction; line and glyph then name the glyph beside which it stands.
    """

    line: str
    glyph: int
    count: int
    length: int = 1
    correction: str = ""


class ProvenanceData(Struct, frozen=True, omit_defaults=True):
    """The glyphs that the characters of an article came from; the same keys as in the article."""

    kicker: list[GlyphRun] = []
    title: list[GlyphRun] = []
    deck: list[GlyphRun] = []
    byline: list[GlyphRun] = []
    paragraphs: list[list[GlyphRun]] = []


class PartData(Struct, frozen=True):
    """A part of the article in another record of the issue."""

    stem: str
    article: str
    page: str


class ArticleData(Struct, frozen=True):
    """An article as far as this page prints it."""

    id: str
    kicker: str
    title: str
    deck: str
    byline: str
    paragraphs: list[str]
    continues: str | None
    continued_from: str | None
    next_part: PartData | None = None
    previous_part: PartData | None = None
    regions: list[str] = []
    provenance: ProvenanceData = ProvenanceData()


class FurnitureData(Struct, frozen=True):
    """Text of the page that is no article."""

    kind: str
    text: str
    region: str = ""
    provenance: list[GlyphRun] = []


def name_proposal_key(decided_by: str) -> str:
    """Return the key in evidence for what the machine proposed where a person wrote another text.

    Decisions name who wrote it, files of answers do not; each has had a key of its own.
    """
    return "proposed" if decided_by else "machine"


class CorrectionData(Struct, frozen=True):
    """A change to the clean text, made or proposed."""

    id: str
    rule: str
    article: str
    span: tuple[int, int]
    original: str
    proposed: str
    confidence: float
    evidence: dict[str, float | str]
    """Beside the keys of `pack_evidence`: `group`, and what people decided (`by`, `overruled`).
    Where they wrote another text, what the machine proposed is under `proposed`, or under `machine`
    where the record does not say who wrote it."""
    status: str
    removed: list[GlyphRun] = []
    """The glyphs that the characters of `original` came from."""


class GlyphsData(Struct, frozen=True, omit_defaults=True):
    """The glyphs of a line side by side: `boxes` holds four numbers a glyph.

    `lengths` says how many code points of the line's text each glyph has; it is left out where
    every glyph has one.
    """

    boxes: list[float] = []
    confidences: list[float] = []
    lengths: list[int] = []


class LineData(Struct, frozen=True, omit_defaults=True):
    """A printed line as it was read; an empty polygon means the box."""

    id: str
    text: str
    direction: str
    box: Quad
    polygon: Outline = []
    size: float = 0.0
    reversed: bool = False
    glyphs: GlyphsData = GlyphsData()
    baseline: Outline = []
    """Points of the baseline, of lines that were imported with one."""
    light: bool = False
    """Whether the light network alone has read it."""


class RegionData(Struct, frozen=True):
    """Lines that belong together, in reading order."""

    id: str
    kind: str
    direction: str
    article: str | None
    box: Quad
    polygon: Outline
    lines: list[LineData]


class SeparatorData(Struct, frozen=True, omit_defaults=True):
    """A printed rule; an empty polygon means the box."""

    box: Quad
    vertical: bool
    polygon: Outline = []


class JoinData(Struct, frozen=True):
    """The judgement whether text goes on over a gap between two lines."""

    id: str
    kind: str
    before: str
    after: str
    score: float
    joined: bool
    evidence: dict[str, float] = {}


class ProblemData(Struct, frozen=True):
    """A problem that processing met on the page."""

    where: str
    message: str
    severity: str = "warning"


class StepData(Struct, frozen=True):
    """A processing step and the programs and settings of it. Its duration is not recorded."""

    name: str
    details: dict[str, str] = {}


class RegionOutlineData(Struct, frozen=True):
    """A region as it was read, its lines named by their ids."""

    id: str
    kind: str
    direction: str
    article: str | None
    box: Quad
    polygon: Outline
    lines: list[str]


class ReadingData(Struct, frozen=True, omit_defaults=True):
    """The page as the machine read it; the same keys as in the record.

    A key that is left out is as in the record: nothing was changed there. `regions` holds id, kind
    and article of those regions that a person has given another kind or article. Where people cut
    regions or put them together, `outlines` holds all regions as they were read instead.
    """

    articles: list[ArticleData] | None = None
    furniture: list[FurnitureData] | None = None
    joins: list[JoinData] | None = None
    corrections: list[CorrectionData] | None = None
    reading_order: list[str] | None = None
    regions: list[tuple[str, str, str | None]] = []
    outlines: list[RegionOutlineData] = []


class KeptElementData(Struct, frozen=True, array_like=True, omit_defaults=True):
    """An element of an imported file; `children` have the same form."""

    name: str
    attributes: dict[str, str] = {}
    text: str = ""
    children: list["KeptElementData"] = []
    tail: str = ""


class KeptMarkupData(Struct, frozen=True, array_like=True, omit_defaults=True):
    """What an imported file says in one place that a record has no other room for."""

    place: str
    attributes: dict[str, str] = {}
    elements: list[KeptElementData] = []


class SourceData(Struct, frozen=True, omit_defaults=True):
    """The file that a page was imported from."""

    format: str
    file: str
    program: str = ""
    markup: list[KeptMarkupData] = []


class RecordData(Struct, frozen=True):
    """The whole record."""

    format: str
    scan: ScanData
    articles: list[ArticleData]
    furniture: list[FurnitureData]
    corrections: list[CorrectionData]
    reading_order: list[str] = []
    regions: list[RegionData] = []
    unplaced: list[LineData] = []
    joins: list[JoinData] = []
    separators: list[SeparatorData] = []
    frames: list[Quad] = []
    pictures: list[Quad] = []
    problems: list[ProblemData] = []
    steps: list[StepData] = []
    reading: ReadingData | None = None
    """Left out where the record is just what was read."""
    source: SourceData | None = None
    """Left out where the page was read by newspage."""


class UntouchedData(Struct, frozen=True):
    """The page as the machine alone made it, in the format newspage/1."""

    articles: list[ArticleData]
    furniture: list[FurnitureData]
    joins: list[JoinData]
    corrections: list[CorrectionData]
    reading_order: list[str]
    regions: list[tuple[str, str, str | None]] = []


class RecordDataVersion1(RecordData, frozen=True):
    """A record of the format newspage/1, whose articles have the machine's corrections in them."""

    untouched: UntouchedData | None = None
    """Left out where nobody had decided anything on the page."""


ISSUE_FORMAT = "newspage-issue/1"
"""Format and version, the first key of every file of an issue."""


class IssueArticleData(Struct, frozen=True):
    """An article with all its parts; in its provenance a line is `stem#line`."""

    id: str
    kicker: str
    title: str
    deck: str
    byline: str
    paragraphs: list[str]
    continues: str | None
    continued_from: str | None
    parts: list[PartData]
    provenance: ProvenanceData


class IssuePageData(Struct, frozen=True):
    """A page of the issue."""

    stem: str
    page: str


class IssueData(Struct, frozen=True):
    """An issue of several pages, its articles whole."""

    format: str
    name: str
    pages: list[IssuePageData]
    articles: list[IssueArticleData]
    joins: list[JoinData]
    problems: list[ProblemData]


class OutlineArticleData(Struct, frozen=True):
    """The parts of an article of an issue alone."""

    id: str
    parts: list[PartData]


class OutlineData(Struct, frozen=True):
    """An issue without its text: what of its file is needed to make it again from its pages."""

    format: str
    name: str
    pages: list[IssuePageData]
    articles: list[OutlineArticleData]
    joins: list[JoinData]


class FormatHeader(Struct, frozen=True):
    """The first key of a record alone, to tell whether the rest can be read."""

    format: Any = None
