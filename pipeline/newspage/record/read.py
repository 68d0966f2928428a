"""Decode the bytes of a page record into the model, every value checked."""

import re
from collections.abc import Callable, Sequence
from enum import StrEnum
from pathlib import Path
from typing import TypeVar

import msgspec

from newspage.errors import InputError
from newspage.geometry import Box
from newspage.model import (
    ArticlePart,
    ArticleRecord,
    Correction,
    CorrectionStatus,
    Direction,
    Furniture,
    Glyph,
    Join,
    JoinKind,
    MachineLayer,
    PageLayout,
    PageRecord,
    Paragraph,
    Problem,
    ProcessingStep,
    Region,
    RegionKind,
    Scan,
    Separator,
    TextLine,
)
from newspage.record.provenance import unpack_chars
from newspage.record.record_schema import (
    FORMAT,
    ArticleData,
    CorrectionData,
    FormatHeader,
    FurnitureData,
    GlyphRun,
    IssueData,
    JoinData,
    LineData,
    PartData,
    RecordData,
    RegionData,
    ScanData,
    UntouchedData,
)

_HEADER = msgspec.json.Decoder(FormatHeader)
_ISSUE = msgspec.json.Decoder(IssueData)
_RECORD = msgspec.json.Decoder(RecordData)

_FIRST_BYTES = 64
"""Bytes of a file in which its format must be named; the longest name of a format takes 32."""
_NAMED_FORMAT = re.compile(rb'\{"format":"(newspage[a-z-]*/[0-9]+)"')

Data = TypeVar("Data")
Value = TypeVar("Value")
Word = TypeVar("Word", bound=StrEnum)


class RecordError(InputError):
    """A file that is no page record, or one that this version cannot read."""


class _MisfitError(Exception):
    """A value of the right type that no record can have.

    Each caller puts its own key before the place, so that the message names the whole JSON path.
    """

    def __init__(self, place: str, message: str) -> None:
        super().__init__(place, message)
        self.place = place
        self.message = message


def read_record(path: Path) -> PageRecord:
    """Read the page record in a file. Raises RecordError."""
    try:
        data = path.read_bytes()
    except OSError as error:
        raise RecordError("record-unreadable", path=path, reason=str(error.strerror)) from error
    return decode_record(data, str(path))


def peek_format(path: Path) -> str:
    """Return the format that a file of newspage names in its first line; empty for other files.

    Reads a few bytes only, so that a folder of ten thousand files is searched in a moment.
    """
    try:
        with path.open("rb") as file:
            start = file.read(_FIRST_BYTES)
    except OSError:
        return ""
    named = _NAMED_FORMAT.match(start)
    return named[1].decode() if named else ""


def read_issue_stems(path: Path) -> tuple[str, ...]:
    """Return the stems of the page records that an issue's file was made from.

    Raises RecordError.
    """
    try:
        return tuple(page.stem for page in _ISSUE.decode(path.read_bytes()).pages)
    except (OSError, msgspec.DecodeError, RecursionError) as error:
        raise RecordError("issue-damaged", path=path, reason=str(error)) from error


def decode_record(data: bytes, name: str = "page record") -> PageRecord:
    """Decode a page record from bytes; messages call it `name`. Raises RecordError."""
    try:
        _check_format(_HEADER.decode(data).format, name)
        return _record(_RECORD.decode(data))
    except _MisfitError as misfit:
        problem = f"{misfit.message} - at `${misfit.place}`"
    except (msgspec.DecodeError, UnicodeDecodeError, RecursionError) as error:
        problem = str(error)
    raise RecordError("record-damaged", path=name, reason=problem)


def _check_format(found: object, name: str) -> None:
    """Refuse data of another format, or of a version that this newspage does not read."""
    if found == FORMAT:
        return
    family, _, version = str(found).partition("/")
    if family == "newspage" and version.isdigit():
        raise RecordError("record-of-other-version", path=name, found=str(found), expected=FORMAT)
    raise RecordError("record-foreign", path=name, found=repr(found), expected=FORMAT)


def _each(place: str, read: Callable[[Data], Value], items: Sequence[Data]) -> tuple[Value, ...]:
    """Decode all items; an error in one of them gets its index added to the JSON path."""
    values = []
    for i, item in enumerate(items):
        try:
            values.append(read(item))
        except _MisfitError as misfit:
            raise _MisfitError(f"{place}[{i}]{misfit.place}", misfit.message) from None
        except ValueError as error:
            raise _MisfitError(f"{place}[{i}]", str(error)) from None
    return tuple(values)


def _record(data: RecordData) -> PageRecord:
    """Return the page record that the data describe."""
    return PageRecord(
        page=_page(data),
        articles=_each(".articles", _article, data.articles),
        furniture=_each(".furniture", _furniture, data.furniture),
        joins=_each(".joins", _join, data.joins),
        corrections=_each(".corrections", _correction, data.corrections),
        problems=tuple(Problem(p.where, p.message, p.severity) for p in data.problems),
        steps=tuple(ProcessingStep(s.name, 0.0, s.details) for s in data.steps),
        untouched=_untouched(data.untouched, data) if data.untouched else None,
    )


def _untouched(before: UntouchedData, data: RecordData) -> MachineLayer:
    """Return the machine's own layer of a page on which people decided something."""
    if sorted(before.reading_order) != sorted(r.id for r in data.regions):
        raise _MisfitError(".untouched.reading_order", "it does not name every region once")
    return MachineLayer(
        articles=_each(".untouched.articles", _article, before.articles),
        furniture=_each(".untouched.furniture", _furniture, before.furniture),
        joins=_each(".untouched.joins", _join, before.joins),
        corrections=_each(".untouched.corrections", _correction, before.corrections),
        reading_order=tuple(before.reading_order),
        regions=_each(
            ".untouched.regions", lambda r: (r[0], _word(RegionKind, r[1]), r[2]), before.regions
        ),
    )


def _page(data: RecordData) -> PageLayout:
    """Return the layout of the page: regions, their order, separators and lines in no region."""
    if sorted(data.reading_order) != sorted(r.id for r in data.regions):
        raise _MisfitError(".reading_order", "it does not name every region once")
    return PageLayout(
        scan=_scan(data.scan),
        regions=_each(".regions", _region, data.regions),
        reading_order=tuple(data.reading_order),
        separators=_each(
            ".separators",
            lambda s: Separator(Box(*s.box), s.vertical, tuple(s.polygon)),
            data.separators,
        ),
        frames=_each(".frames", lambda quad: Box(*quad), data.frames),
        pictures=_each(".pictures", lambda quad: Box(*quad), data.pictures),
        unplaced=_each(".unplaced", _line, data.unplaced),
    )


def _scan(data: ScanData) -> Scan:
    """Return the scan that the page was read from."""
    return Scan(
        Path(data.file),
        data.sha256,
        data.width,
        data.height,
        data.frame,
        data.frames,
        data.dpi,
    )


def _article(data: ArticleData) -> ArticleRecord:
    """Return an article, its texts joined with their provenance."""
    source = data.provenance
    pairs = zip(data.paragraphs, source.paragraphs, strict=False)
    if len(data.paragraphs) != len(source.paragraphs):
        raise _MisfitError(".provenance.paragraphs", "it is not as long as the paragraphs")
    return ArticleRecord(
        id=data.id,
        kicker=unpack_chars(data.kicker, source.kicker),
        title=unpack_chars(data.title, source.title),
        deck=unpack_chars(data.deck, source.deck),
        byline=unpack_chars(data.byline, source.byline),
        paragraphs=_each(".paragraphs", _paragraph, tuple(pairs)),
        regions=tuple(data.regions),
        continues=data.continues,
        continued_from=data.continued_from,
        next_part=_part(data.next_part),
        previous_part=_part(data.previous_part),
    )


def _paragraph(pair: tuple[str, Sequence[GlyphRun]]) -> Paragraph:
    """Return a paragraph from its text and its provenance."""
    return Paragraph(unpack_chars(*pair))


def _part(data: PartData | None) -> ArticlePart | None:
    """Return the link to another part of an article, if there is one."""
    return ArticlePart(data.stem, data.article, data.page) if data else None


def _furniture(data: FurnitureData) -> Furniture:
    """Return a piece of furniture, its text joined with its provenance."""
    kind = _word(RegionKind, data.kind)
    return Furniture(kind, data.region, unpack_chars(data.text, data.provenance))


def _correction(data: CorrectionData) -> Correction:
    """Return a correction with the characters that it removed."""
    return Correction(
        data.id,
        data.rule,
        data.article,
        data.span,
        data.original,
        data.proposed,
        data.confidence,
        _word(CorrectionStatus, data.status),
        data.evidence,
        unpack_chars(data.original, data.removed) if data.removed else (),
    )


def _region(data: RegionData) -> Region:
    """Return a region with its lines."""
    return Region(
        id=data.id,
        kind=_word(RegionKind, data.kind),
        box=Box(*data.box),
        lines=_each(".lines", _line, data.lines),
        direction=_word(Direction, data.direction),
        article=data.article,
        polygon=tuple(data.polygon),
    )


def _line(data: LineData) -> TextLine:
    """Return a text line with its glyphs."""
    return TextLine(
        id=data.id,
        box=Box(*data.box),
        direction=_word(Direction, data.direction),
        polygon=tuple(data.polygon),
        size=data.size,
        reversed=data.reversed,
        glyphs=_glyphs(data),
    )


def _glyphs(data: LineData) -> tuple[Glyph, ...]:
    """Return the glyphs of a line, from its text and the boxes and confidences side by side."""
    text, glyphs = data.text, data.glyphs
    lengths = glyphs.lengths or [1] * len(text)
    if sum(lengths) != len(text) or any(n < 0 for n in lengths):
        raise _MisfitError(".glyphs.lengths", "they do not add up to the text")
    if len(glyphs.boxes) != 4 * len(lengths) or len(glyphs.confidences) != len(lengths):
        raise _MisfitError(".glyphs", "there is not one box and one confidence a character")
    found, at = [], 0
    edges = iter(glyphs.boxes)
    boxes = zip(edges, edges, edges, edges, strict=True)
    for length, confidence, (left, top, right, bottom) in zip(
        lengths, glyphs.confidences, boxes, strict=True
    ):
        found.append(Glyph(text[at : at + length], Box(left, top, right, bottom), confidence))
        at += length
    return tuple(found)


def _join(data: JoinData) -> Join:
    """Return a join between two lines."""
    return Join(
        data.id,
        _word(JoinKind, data.kind),
        data.before,
        data.after,
        data.score,
        data.joined,
        data.evidence,
    )


def _word(words: type[Word], value: str) -> Word:
    """Return the member of an enumeration that has a value; ValueError names those there are."""
    try:
        return words(value)
    except ValueError:
        known = ", ".join(words)
        raise ValueError(f"`{value}` is none of {known}") from None
