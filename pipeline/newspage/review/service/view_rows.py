"""Conversion of rows of the store to views."""

import hashlib
from dataclasses import dataclass

from newspage.decision import Act
from newspage.decisions import JOIN
from newspage.expected_errors import ExpectedErrors
from newspage.geometry import Box
from newspage.review.service.views import (
    HistoryEntry,
    PageRow,
    Quad,
    QuestionGroup,
    QuestionSummary,
)
from newspage.store import (
    GroupRow,
    ListedPage,
    QuestionCounts,
    QuestionRow,
    ScanId,
    StoredDecision,
)

_AROUND = 6
"""Characters that a line of the history shows on each side of the place. Judgement."""


def hash_question_text(row: QuestionRow) -> str:
    """Return the hash of a question as a person sees it."""
    anchor = row.anchor
    return hash_values(
        row.id,
        row.version,
        anchor.before,
        row.original,
        row.proposed,
        anchor.after,
        row.status,
        row.text,
    )


def hash_values(*values: object) -> str:
    """Return a short hash of values, 24 hexadecimal digits; for comparison, no secret."""
    text = "\0".join(map(str, values))
    return hashlib.blake2b(text.encode("utf-8", "surrogatepass"), digest_size=12).hexdigest()


def encode_scan_key(scan: ScanId) -> str:
    """Return the key by which views name a scan, fit for a URL."""
    return f"{scan[0]}-{scan[1]}"


def decode_scan_key(key: str) -> ScanId | None:
    """Return the scan of a key; None where no scan has such a key."""
    sha256, _, frame = key.rpartition("-")
    number = frame.isascii() and frame.isdigit() and len(frame) < 10
    scan = (sha256, int(frame)) if number else ("", 0)
    return scan if sha256 and encode_scan_key(scan) == key else None


def box_to_quad(box: Box) -> Quad:
    """Return a box as views have it."""
    return box.left, box.top, box.right, box.bottom


def make_question(row: QuestionRow) -> QuestionSummary:
    """Return a question as a row of a list."""
    anchor = row.anchor
    return QuestionSummary(
        id=row.id,
        stem=row.stem,
        article=row.article,
        rule=row.rule,
        pattern=row.pattern,
        before=anchor.before,
        original=row.original,
        proposed=row.proposed,
        after=anchor.after,
        confidence=row.confidence,
        status=row.status,
        text=row.text,
        reviewer=row.reviewer,
        seen=hash_question_text(row),
        boxes=tuple(box_to_quad(box) for box in anchor.boxes),
        strip=box_to_quad(row.strip) if row.strip else None,
        vertical=row.vertical,
        scan=encode_scan_key((anchor.sha256, anchor.frame)),
        can_accept=row.proposes,
    )


def make_group(row: GroupRow, first: QuestionRow | None) -> QuestionGroup:
    """Return a pattern as a row of a list, with the first of its questions."""
    return QuestionGroup(
        row.pattern,
        row.rule,
        row.original,
        row.proposed,
        row.count,
        row.pages,
        row.confidence,
        row.first,
        row.accepted,
        row.rejected,
        row.proposed != row.original,
        make_question(first) if first else None,
    )


@dataclass(frozen=True, slots=True)
class PageFacts:
    """What the store knows of a page beyond what became of its scan."""

    counts: QuestionCounts
    lost: int
    """Decisions that have no place on it any more."""
    scan: ScanId | None
    """The scan that it shows; None where it was never read."""
    message: str
    """Why it could not be read; empty where it could."""
    errors: ExpectedErrors


def make_page_row(row: ListedPage, known: PageFacts) -> PageRow:
    """Return a page as a row of a list, from what became of its scan and of its questions."""
    counts = known.counts
    return PageRow(
        row.stem,
        row.path,
        row.status,
        row.characters,
        counts.questions,
        counts.open,
        counts.decided,
        known.lost,
        row.signed,
        known.message,
        row.paper,
        row.date,
        row.page,
        row.unplaced,
        encode_scan_key(known.scan) if known.scan else "",
        # Of a page that somebody has proofread all is confirmed.
        None if row.signed else known.errors.share,
    )


def make_history_entry(said: StoredDecision, stem: str) -> HistoryEntry:
    """Return a decision as a line of the history; `stem` names its page."""
    decision = said.decision
    return HistoryEntry(
        uid=decision.uid,
        at=decision.at,
        reviewer=decision.reviewer,
        act=decision.act.value,
        stem=stem,
        rule=decision.rule,
        original=decision.anchor.text,
        proposed=decision.proposed,
        text=decision.text,
        batch=decision.batch,
        undone=said.undone,
        joins=decision.rule == JOIN and decision.act is Act.WRITE,
        question=said.question,
        before=decision.anchor.before[-_AROUND:],
        after=decision.anchor.after[:_AROUND],
        target=decision.target.text if decision.target else "",
    )
