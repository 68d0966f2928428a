"""One question with its surroundings on the page."""

from collections.abc import Sequence
from dataclasses import dataclass

from newspage.correct import explain_correction
from newspage.correction_evidence import pack_evidence
from newspage.edits import flatten_article, locate_in_clean_text
from newspage.geometry import Box, union_boxes
from newspage.model import Correction, CorrectionStatus, PageRecord, Region, TextLine
from newspage.review.service.view_rows import box_to_quad, make_question
from newspage.review.service.views import HistoryEntry, Quad, QuestionView
from newspage.store import QuestionRow

_AROUND = 2.0
"""Ems of the line that are shown beyond both ends of the strip. Judgement, not measured."""


@dataclass(frozen=True, slots=True)
class _Lines:
    """A line with those before and after it in its region; None at the ends."""

    before: TextLine | None
    line: TextLine
    after: TextLine | None


def make_question_view(
    row: QuestionRow,
    record: PageRecord | None,
    alike: int,
    history: Sequence[HistoryEntry],
    language: str,
) -> QuestionView:
    """Return a question with its surroundings, for a person to decide.

    Args:
        row: The question.
        record: The record of its page; None where it cannot be read: then the view shows what the
            store knows.
        alike: Open questions of the same pattern, this one counted.
        history: What was said on the question, the latest first.
        language: Language of the reason: Chinese for "zh...", else English.
    """
    lines = _lines(row, record) if record else None
    paragraph, place = _paragraph(row, record) if record else ("", (0, 0))
    if not paragraph:
        before = row.anchor.before
        paragraph = before + row.original + row.anchor.after
        place = len(before), len(before) + len(row.original)
    return QuestionView(
        question=make_question(row),
        reason=explain_correction(_correction(row), "zh" if language.startswith("zh") else "en"),
        evidence=tuple(pack_evidence(row.evidence).items()),
        around=_around(row, lines, record) if lines and record else None,
        line_above=lines.before.text if lines and lines.before else "",
        line=lines.line.text if lines else "",
        line_below=lines.after.text if lines and lines.after else "",
        paragraph=paragraph,
        place=place,
        alike=alike,
        history=tuple(history),
    )


def _correction(row: QuestionRow) -> Correction:
    """Return the correction that a question asks about, as far as its explanation needs it."""
    return Correction(
        row.correction,
        row.rule,
        "",
        (0, 0),
        row.original,
        row.proposed,
        row.confidence,
        CorrectionStatus(row.status),
        row.evidence,
    )


def _lines(row: QuestionRow, record: PageRecord) -> _Lines | None:
    """Return the line with the first of the question's glyphs, and its neighbours."""
    if not row.anchor.boxes:
        return None
    first = row.anchor.boxes[0]
    for region in record.page.regions:
        # Only regions near the glyph are searched; 50 pixels for glyphs that stand out (judgement).
        if region.box.grown(50).intersection(first) is None:
            continue
        for i, line in enumerate(region.lines):
            if any(_same(glyph.box, first) for glyph in line.glyphs):
                return _neighbours(region, i)
    return None


def _same(a: Box, b: Box) -> bool:
    """Tell whether two boxes are of one glyph: they agree to less than a pixel."""
    return abs(a.left - b.left) < 1 and abs(a.top - b.top) < 1 and abs(a.right - b.right) < 1


def _neighbours(region: Region, i: int) -> _Lines:
    """Return line `i` of a region with the lines before and after it."""
    lines = region.lines
    before = lines[i - 1] if i else None
    after = lines[i + 1] if i + 1 < len(lines) else None
    return _Lines(before, lines[i], after)


def _around(row: QuestionRow, lines: _Lines, record: PageRecord) -> Quad | None:
    """Return the box of the strip and the lines beside it, within the scan."""
    if row.strip is None:
        return None
    line = lines.line
    em = line.size or min(line.box.width, line.box.height)
    shown = union_boxes([line.box, *(n.box for n in (lines.before, lines.after) if n)])
    along = row.strip.grown(_AROUND * em)
    across = union_boxes([shown, row.strip])
    if line.vertical:
        cut = Box(across.left, along.top, across.right, along.bottom)
    else:
        cut = Box(along.left, across.top, along.right, across.bottom)
    scan = record.page.scan
    return box_to_quad(cut.grown(em / 2).clipped(scan.width, scan.height))


def _paragraph(row: QuestionRow, record: PageRecord) -> tuple[str, tuple[int, int]]:
    """Return the paragraph of the clean text, and the span of the question's words in it."""
    correction = next((c for c in record.corrections if c.id == row.correction), None)
    article = next((a for a in record.articles if correction and a.id == correction.article), None)
    if correction is None or article is None:
        return "", (0, 0)
    text = flatten_article(article)
    own = [c for c in record.corrections if c.article == article.id]
    start, end = locate_in_clean_text(correction, own)
    first = text.string.rfind("\n", 0, start) + 1
    last = text.string.find("\n", end)
    last = len(text.string) if last < 0 else last
    return text.string[first:last], (start - first, end - first)
