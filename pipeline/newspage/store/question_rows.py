"""A question as it lies in the store."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, TypeVar

import msgspec
from sqlalchemy import Row

from newspage.correction_evidence import Evidence, pack_evidence, unpack_evidence
from newspage.decision import Anchor
from newspage.geometry import Box
from newspage.store.store_schema import StoreError

Value = TypeVar("Value")

_ENCODER = msgspec.json.Encoder()
_ANCHOR = msgspec.json.Decoder(Anchor)
_EVIDENCE: msgspec.json.Decoder[Mapping[str, float | str]] = msgspec.json.Decoder(
    dict[str, float | str]
)
_BOX = msgspec.json.Decoder(Box | None)

DECIDED = ("accepted", "rejected", "edited")
"""How a question stands that somebody has answered."""


@dataclass(frozen=True, slots=True)
class QuestionRow:
    """A proposal, as it was last asked and as it stands."""

    id: int
    """0: not in the store yet."""
    output: str
    path: str
    frame: int
    stem: str
    paper: str
    correction: str
    """Its id in the page's record."""
    article: str
    """Title of the article."""
    rule: str
    original: str
    proposed: str
    pattern: str
    confidence: float
    evidence: Evidence
    anchor: Anchor
    strip: Box | None
    """What to cut out of the scan to see it."""
    vertical: bool
    asked: bool
    """Whether the page, as last read, still proposes it."""
    applied: bool
    """Whether policy would apply it without a person."""
    held: bool
    """Whether it is only proposed all the same, since its detector is not trusted."""
    status: str
    text: str = ""
    reviewer: str = ""
    version: int = 0

    @property
    def proposes(self) -> bool:
        """Tell whether a change is proposed, not only that something may be wrong there."""
        return self.proposed != self.original

    @property
    def undecided(self) -> str:
        """The status that it has without a decision."""
        return "applied" if self.applied and not self.held else "proposed"


def question_from_row(row: Row[Any]) -> QuestionRow:
    """The question in a row of the table.

    Evidence and strip of a damaged row are left out: they come again with the next reading of the
    page. Raises StoreError where its place is damaged.
    """
    return QuestionRow(
        row.id,
        row.output,
        row.path,
        row.frame,
        row.stem,
        row.paper,
        row.correction,
        row.article,
        row.rule,
        row.original,
        row.proposed,
        row.pattern,
        row.confidence,
        unpack_evidence(_decoded(_EVIDENCE, row.evidence, {})),
        _place(row),
        _decoded(_BOX, row.strip, None),
        bool(row.vertical),
        bool(row.asked),
        bool(row.applied),
        bool(row.held),
        row.status,
        row.text,
        row.reviewer,
        row.version,
    )


def _decoded(decoder: msgspec.json.Decoder[Value], data: str, otherwise: Value) -> Value:
    try:
        return decoder.decode(data)
    except ValueError:
        return otherwise


def _place(row: Row[Any]) -> Anchor:
    try:
        return _ANCHOR.decode(row.anchor)
    except ValueError as error:
        raise StoreError("stored-question-damaged", number=row.id) from error


def question_to_columns(row: QuestionRow) -> dict[str, object]:
    """The row of the table that holds a question."""
    anchor = row.anchor
    return {
        "id": row.id,
        "output": row.output,
        "path": row.path,
        "frame": row.frame,
        "stem": row.stem,
        "paper": row.paper,
        "correction": row.correction,
        "article": row.article,
        "rule": row.rule,
        "original": row.original,
        "proposed": row.proposed,
        "pattern": row.pattern,
        "confidence": row.confidence,
        "evidence": _ENCODER.encode(pack_evidence(row.evidence)).decode(),
        "anchor": _ENCODER.encode(anchor).decode(),
        "context": anchor.before + anchor.text + anchor.after,
        "strip": _ENCODER.encode(row.strip).decode(),
        "vertical": int(row.vertical),
        "asked": int(row.asked),
        "applied": int(row.applied),
        "held": int(row.held),
        "status": row.status,
        "text": row.text,
        "reviewer": row.reviewer,
        "version": row.version,
    }
