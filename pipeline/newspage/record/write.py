"""Encode the model into the bytes of a page record."""

import math
from collections.abc import Sequence

import msgspec
from msgspec.structs import replace

from newspage.correction_evidence import pack_evidence
from newspage.model import (
    ArticlePart,
    ArticleRecord,
    Correction,
    Furniture,
    Glyph,
    Issue,
    IssueArticle,
    Join,
    PageRecord,
    Region,
    Scan,
    TextLine,
)
from newspage.record.provenance import pack_chars
from newspage.record.record_schema import (
    FORMAT,
    ISSUE_FORMAT,
    ArticleData,
    CorrectionData,
    FurnitureData,
    GlyphsData,
    IssueArticleData,
    IssueData,
    IssuePageData,
    JoinData,
    LineData,
    PartData,
    ProblemData,
    ProvenanceData,
    ReadingData,
    RecordData,
    RegionData,
    ScanData,
    SeparatorData,
    StepData,
    name_proposal_key,
    round_box,
    round_outline,
)
from newspage.record.region_outlines import pack_region_outlines
from newspage.record.source_data import pack_source

_ENCODER = msgspec.json.Encoder()


def encode_record(record: PageRecord) -> bytes:
    """Encode a page record as UTF-8 JSON, one key of the top level a line.

    The same record always gives the same bytes: nothing in them depends on when, where or how fast
    the page was read. Lattices have a file of their own (`lattice_file`).
    """
    return _lines_of_keys(_record_data(record))


def encode_issue(issue: Issue) -> bytes:
    """Encode an issue as UTF-8 JSON, one key of the top level a line."""
    return _lines_of_keys(
        IssueData(
            format=ISSUE_FORMAT,
            name=issue.name,
            pages=[IssuePageData(*page) for page in issue.pages],
            articles=[_issue_article(article) for article in issue.articles],
            joins=[_join(join) for join in issue.joins],
            problems=[ProblemData(p.where, p.message, p.severity) for p in issue.problems],
        )
    )


def _lines_of_keys(data: msgspec.Struct) -> bytes:
    """Encode a struct as JSON, each key on a line of its own; those that are None are left out."""
    keys = [key for key in data.__struct_fields__ if getattr(data, key) is not None]
    values = (_ENCODER.encode(getattr(data, key)) for key in keys)
    lines = (f'"{k}":'.encode() + v for k, v in zip(keys, values, strict=True))
    return b"{" + b",\n".join(lines) + b"}\n"


def _issue_article(article: IssueArticle) -> IssueArticleData:
    """Return the data of an article with all its parts."""
    whole = _article(article.whole)
    return IssueArticleData(
        whole.id,
        whole.kicker,
        whole.title,
        whole.deck,
        whole.byline,
        whole.paragraphs,
        whole.continues,
        whole.continued_from,
        [PartData(part.stem, part.article, part.page) for part in article.parts],
        whole.provenance,
    )


def _record_data(record: PageRecord) -> RecordData:
    """Return the data of a page record."""
    page = record.page
    return RecordData(
        format=FORMAT,
        scan=_scan(page.scan),
        articles=[_article(a) for a in record.articles],
        furniture=[_furniture(f) for f in record.furniture],
        corrections=[_correction(c) for c in record.corrections],
        reading_order=list(page.reading_order),
        regions=[_region(r) for r in page.regions],
        unplaced=[_line(line) for line in page.unplaced],
        joins=[_join(j) for j in record.joins],
        separators=[
            SeparatorData(round_box(s.box), s.vertical, round_outline(s.polygon))
            for s in page.separators
        ],
        frames=[round_box(b) for b in page.frames],
        pictures=[round_box(b) for b in page.pictures],
        problems=[ProblemData(p.where, p.message, p.severity) for p in record.problems],
        steps=[StepData(s.name, dict(s.details)) for s in record.steps],
        reading=_reading(record),
        source=pack_source(record.reading.source) if record.reading.source else None,
    )


def _reading(record: PageRecord) -> ReadingData | None:
    """Return the data of what was read, where the record is otherwise; None if it nowhere is."""
    reading, page = record.reading, record.reading.page
    data = ReadingData()
    if reading.articles != tuple(a.without_links() for a in record.articles):
        data = replace(data, articles=[_article(a) for a in reading.articles])
    if reading.furniture != record.furniture:
        data = replace(data, furniture=[_furniture(f) for f in reading.furniture])
    if reading.joins != record.joins:
        data = replace(data, joins=[_join(j) for j in reading.joins])
    if reading.corrections != record.corrections:
        data = replace(data, corrections=[_correction(c) for c in reading.corrections])
    if page is not record.page:
        outlines = pack_region_outlines(page, record.page)
        roles = () if outlines else zip(page.regions, record.page.regions, strict=True)
        changed = [
            (read.id, read.kind.value, read.article)
            for read, now in roles
            if (read.kind, read.article) != (now.kind, now.article)
        ]
        data = replace(data, regions=changed, outlines=outlines)
        if page.reading_order != record.page.reading_order:
            data = replace(data, reading_order=list(page.reading_order))
    return data if data != ReadingData() else None


def _scan(scan: Scan) -> ScanData:
    """Return the data of a scan."""
    return ScanData(
        scan.path.as_posix(),
        scan.sha256,
        scan.width,
        scan.height,
        scan.dpi,
        scan.frame,
        scan.frames,
    )


def _article(article: ArticleRecord) -> ArticleData:
    """Return the data of an article: its texts as strings, their provenance beside them."""
    kicker, title, deck, byline = map(pack_chars, article.heads)
    paragraphs = [pack_chars(p.chars) for p in article.paragraphs]
    return ArticleData(
        id=article.id,
        kicker=kicker[0],
        title=title[0],
        deck=deck[0],
        byline=byline[0],
        paragraphs=[text for text, _ in paragraphs],
        continues=article.continues,
        continued_from=article.continued_from,
        next_part=_part(article.next_part),
        previous_part=_part(article.previous_part),
        regions=list(article.regions),
        provenance=ProvenanceData(
            kicker[1], title[1], deck[1], byline[1], [runs for _, runs in paragraphs]
        ),
    )


def _part(part: ArticlePart | None) -> PartData | None:
    """Return the data of a link to another part of an article, if there is one."""
    return PartData(part.stem, part.article, part.page) if part else None


def _furniture(furniture: Furniture) -> FurnitureData:
    """Return the data of a piece of furniture."""
    text, runs = pack_chars(furniture.chars)
    return FurnitureData(furniture.kind.value, text, furniture.region, runs)


def _correction(c: Correction) -> CorrectionData:
    """Return the data of a correction."""
    return CorrectionData(
        c.id,
        c.rule,
        c.article,
        c.span,
        c.original,
        c.proposed,
        c.confidence,
        _evidence(c),
        c.status.value,
        pack_chars(c.removed)[1],
    )


def _evidence(c: Correction) -> dict[str, float | str]:
    """Return the evidence of a correction, with its group and what people decided beside it."""
    beside = {
        "group": c.group or None,
        "by": c.decided_by or None,
        "overruled": c.overruled_by or None,
        name_proposal_key(c.decided_by): c.machine_proposal,
    }
    return {
        **pack_evidence(c.evidence),
        **{key: text for key, text in beside.items() if text is not None},
    }


def _region(region: Region) -> RegionData:
    """Return the data of a region and its lines."""
    return RegionData(
        region.id,
        region.kind.value,
        region.direction.value,
        region.article,
        round_box(region.box),
        round_outline(region.polygon),
        [_line(line) for line in region.lines],
    )


def _line(line: TextLine) -> LineData:
    """Return the data of a text line and its glyphs."""
    return LineData(
        id=line.id,
        text=line.text,
        direction=line.direction.value,
        box=round_box(line.box),
        polygon=round_outline(line.polygon),
        size=round(line.size, 1),
        reversed=line.reversed,
        glyphs=_glyphs(line.glyphs),
        baseline=round_outline(line.baseline),
        light=line.read_lightly,
    )


def _glyphs(glyphs: Sequence[Glyph]) -> GlyphsData:
    """Return the boxes, confidences and lengths of glyphs side by side."""
    lengths = [len(g.text) for g in glyphs]
    return GlyphsData(
        [value for g in glyphs for value in round_box(g.box)],
        [_probability(g.confidence) for g in glyphs],
        [] if all(n == 1 for n in lengths) else lengths,
    )


def _probability(value: float) -> float:
    """Return a confidence rounded to a thousandth; infinities and NaN become no confidence, 0."""
    return round(float(value), 3) if math.isfinite(value) else 0.0


def _join(join: Join) -> JoinData:
    """Return the data of a join."""
    return JoinData(
        join.id,
        join.kind.value,
        join.before,
        join.after,
        join.score,
        join.joined,
        dict(join.evidence),
    )
