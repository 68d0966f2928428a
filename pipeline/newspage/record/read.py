"""Decode the bytes of a page record into the model, every value checked."""

import re
from collections.abc import Callable, Sequence
from dataclasses import replace
from enum import StrEnum
from pathlib import Path
from typing import TypeVar

import msgspec

from newspage.correction_evidence import take_text, unpack_evidence
from newspage.edits import PlanError, flatten_article, select_effective
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
    IssueOutline,
    Join,
    JoinKind,
    PageLayout,
    PageReading,
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
    ISSUE_FORMAT,
    ArticleData,
    CorrectionData,
    FormatHeader,
    FurnitureData,
    GlyphRun,
    JoinData,
    LineData,
    OutlineData,
    PartData,
    ReadingData,
    RecordData,
    RecordDataVersion1,
    RegionData,
    ScanData,
    name_proposal_key,
)
from newspage.record.region_outlines import unpack_region_outlines
from newspage.record.source_data import unpack_source
from newspage.record.version_1 import FORMAT_1, recover_reading
from newspage.source_markup import ImportedSource

_HEADER = msgspec.json.Decoder(FormatHeader)
_OUTLINE = msgspec.json.Decoder(OutlineData)
_RECORD = msgspec.json.Decoder(RecordData)
_RECORD_1 = msgspec.json.Decoder(RecordDataVersion1)

_FIRST_BYTES = 64
"""Bytes of a file in which its format must be named; the longest name of a format takes 32."""
_HEAD_BYTES = 16_384
"""Bytes of a record that hold what its page shows: the longest path takes four thousand."""
_WITHOUT_AREA = re.compile(rb'"sha256":"[^"]*","width":0,"height":0,')
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


def shows_scan(path: Path) -> bool:
    """Tell whether a page record is that of a scan, and not of a text that was corrected alone.

    Reads its beginning only; a file that cannot be read is taken for one.
    """
    try:
        with path.open("rb") as file:
            return _WITHOUT_AREA.search(file.read(_HEAD_BYTES)) is None
    except OSError:
        return True


def read_issue_outline(path: Path) -> IssueOutline:
    """Read which pages an issue has and of which parts its articles are. Raises RecordError."""
    try:
        data = path.read_bytes()
        _check_format(_HEADER.decode(data).format, str(path), ISSUE_FORMAT)
        outline = _OUTLINE.decode(data)
    except (OSError, msgspec.DecodeError, UnicodeDecodeError, RecursionError) as error:
        raise RecordError("issue-damaged", path=path, reason=str(error)) from error
    return IssueOutline(
        outline.name,
        tuple((page.stem, page.page) for page in outline.pages),
        {
            a.id: tuple(ArticlePart(p.stem, p.article, p.page) for p in a.parts)
            for a in outline.articles
        },
        {(join.before, join.after): join.joined for join in outline.joins},
    )


def decode_record(data: bytes, name: str = "page record") -> PageRecord:
    """Decode a page record from bytes; messages call it `name`. Raises RecordError."""
    try:
        found = _check_format(_HEADER.decode(data).format, name, FORMAT, FORMAT_1)
        return _record(_RECORD.decode(data) if found == FORMAT else _RECORD_1.decode(data))
    except _MisfitError as misfit:
        problem = f"{misfit.message} - at `${misfit.place}`"
    except (msgspec.DecodeError, UnicodeDecodeError, RecursionError) as error:
        problem = str(error)
    raise RecordError("record-damaged", path=name, reason=problem)


def _check_format(found: object, name: str, *wanted: str) -> str:
    """Return a format if it is a wanted one; refuse another, or a version that is not read."""
    if found in wanted:
        return str(found)
    family, _, version = str(found).partition("/")
    expected = wanted[0]
    if family == expected.partition("/")[0] and version.isdigit():
        raise RecordError("record-of-other-version", path=name, found=str(found), expected=expected)
    if expected == ISSUE_FORMAT:
        raise RecordError("issue-foreign", path=name, found=repr(found), expected=expected)
    raise RecordError("record-foreign", path=name, found=repr(found), expected=expected)


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
    page = _page(data)
    clean = PageReading(
        page=page,
        articles=_each(".articles", _article, data.articles),
        furniture=_each(".furniture", _furniture, data.furniture),
        joins=_each(".joins", _join, data.joins),
        corrections=_each(".corrections", _correction, data.corrections),
    )
    if isinstance(data, RecordDataVersion1):
        reading = _reading_of_version_1(data, clean)
    else:
        reading = _reading(data.reading or ReadingData(), clean, ".reading")
        reading = replace(reading, source=_source(data))
    _check_corrections(reading)
    return PageRecord(
        reading=reading,
        page=page,
        articles=clean.articles,
        furniture=clean.furniture,
        joins=clean.joins,
        corrections=clean.corrections,
        problems=tuple(Problem(p.where, p.message, p.severity) for p in data.problems),
        steps=tuple(ProcessingStep(s.name, 0.0, s.details) for s in data.steps),
    )


def _reading(data: ReadingData, record: PageReading, place: str) -> PageReading:
    """Return what was read: what `data` hold, all else as in the record."""
    articles = _each(f"{place}.articles", _article, data.articles or ())
    if data.articles is None:
        articles = tuple(article.without_links() for article in record.articles)
    return PageReading(
        page=_page_as_read(data, record.page, place),
        articles=articles,
        furniture=record.furniture
        if data.furniture is None
        else _each(f"{place}.furniture", _furniture, data.furniture),
        joins=record.joins if data.joins is None else _each(f"{place}.joins", _join, data.joins),
        corrections=record.corrections
        if data.corrections is None
        else _each(f"{place}.corrections", _correction, data.corrections),
    )


def _page_as_read(data: ReadingData, page: PageLayout, place: str) -> PageLayout:
    """Return the layout as read: regions, their kinds, articles and order may be others."""
    if data.outlines:
        try:
            regions = unpack_region_outlines(data.outlines, page)
        except ValueError as error:
            raise _MisfitError(f"{place}.outlines", str(error)) from None
        names = tuple(region.id for region in regions)
        kept = page.reading_order if sorted(page.reading_order) == sorted(names) else names
        page = replace(page, regions=regions, reading_order=kept)
    order = page.reading_order if data.reading_order is None else tuple(data.reading_order)
    if sorted(order) != sorted(page.reading_order):
        raise _MisfitError(f"{place}.reading_order", "it does not name every region once")
    roles = _each(f"{place}.regions", lambda r: (r[0], _word(RegionKind, r[1]), r[2]), data.regions)
    if not roles and order == page.reading_order:
        return page
    changed = {name: (kind, article) for name, kind, article in roles}
    regions = tuple(
        replace(r, kind=changed[r.id][0], article=changed[r.id][1]) if r.id in changed else r
        for r in page.regions
    )
    return replace(page, regions=regions, reading_order=order)


def _reading_of_version_1(data: RecordDataVersion1, record: PageReading) -> PageReading:
    """Return what was read from a page whose record holds the clean text alone."""
    before = data.untouched
    machine = ReadingData()
    if before is not None:
        machine = ReadingData(
            before.articles,
            before.furniture,
            before.joins,
            before.corrections,
            before.reading_order,
            before.regions,
        )
    return recover_reading(_reading(machine, record, ".untouched"))


def _check_corrections(reading: PageReading) -> None:
    """Refuse corrections of the machine that do not fit the text that was read."""
    own: dict[str, list[tuple[int, Correction]]] = {}
    for i, correction in enumerate(reading.corrections):
        own.setdefault(correction.article, []).append((i, correction))
    for article in reading.articles:
        text = flatten_article(article).string if article.id in own else ""
        for i, correction in own.get(article.id, ()):
            if text[slice(*correction.span)] != correction.original:
                raise _MisfitError(f".corrections[{i}]", "its characters are not at its place")
        try:
            select_effective(correction for _, correction in own.get(article.id, ()))
        except PlanError as error:
            raise _MisfitError(".corrections", str(error)) from None


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


def _source(data: RecordData) -> ImportedSource | None:
    """Return the file that the page was imported from, if it was."""
    try:
        return unpack_source(data.source) if data.source else None
    except ValueError as error:
        raise _MisfitError(".source", str(error)) from None


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
    """Return a correction with the characters that it removed, and what was decided about it."""
    # Each key that is taken leaves the rest as evidence.
    evidence = dict(data.evidence)
    decided_by = take_text(evidence, "by")
    key = name_proposal_key(decided_by)
    written = isinstance(evidence.get(key), str)
    return Correction(
        data.id,
        data.rule,
        data.article,
        data.span,
        data.original,
        data.proposed,
        data.confidence,
        _word(CorrectionStatus, data.status),
        removed=unpack_chars(data.original, data.removed) if data.removed else (),
        group=take_text(evidence, "group"),
        decided_by=decided_by,
        overruled_by=take_text(evidence, "overruled"),
        machine_proposal=str(evidence.pop(key)) if written else None,
        evidence=unpack_evidence(evidence),
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
        baseline=tuple(data.baseline),
        read_lightly=data.light,
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
