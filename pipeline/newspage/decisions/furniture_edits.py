"""Apply what people wrote into furniture: mastheads, folios, captions, notices."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace

from newspage.decision import Decision
from newspage.decisions.anchor_finder import AnchorFinder
from newspage.decisions.claims import (
    HAND,
    DecisionClaim,
    UnplacedDecision,
    find_claim,
    settle_claims,
)
from newspage.decisions.glyph_index import GlyphIndex
from newspage.edits import (
    FlatText,
    TextPart,
    apply_to_chars,
    flatten_article,
    record_removed,
    split_into_single_chars,
)
from newspage.model import Chars, Correction, CorrectionStatus, Furniture, PageReading, PageRecord


@dataclass(frozen=True, slots=True)
class WrittenFurniture:
    """The furniture of a page with what was written into it, and what became of each decision."""

    furniture: tuple[Furniture, ...]
    placed: tuple[Decision, ...]
    fulfilled: tuple[Decision, ...]
    replaced: tuple[Decision, ...]
    """Decisions that a later one on the same place has replaced."""
    unplaced: tuple[tuple[Decision, str], ...]
    """Each with what is read at its place now, in words; empty where nothing is read there."""


def flatten_furniture_piece(furniture: Furniture) -> FlatText:
    """Return a piece of furniture as a text; its id is that of the region."""
    chars = tuple(split_into_single_chars(furniture.chars))
    string = "".join(c.text for c in chars)
    return FlatText(furniture.region, string, (TextPart(0, len(string), furniture.kind),), chars)


def find_flat_text(record: PageRecord, name: str) -> FlatText | None:
    """Return a text of a page by the id of its article, or of the region of its furniture."""
    articles = (article for article in record.articles if article.id == name)
    if (article := next(articles, None)) is not None:
        return flatten_article(article)
    pieces = (piece for piece in record.furniture if piece.region == name)
    piece = next(pieces, None)
    return flatten_furniture_piece(piece) if piece is not None else None


def write_furniture(reading: PageReading, decisions: Iterable[Decision]) -> WrittenFurniture:
    """Return the furniture of a page with what decisions, in their order, write into it.

    `reading` has the furniture as it was read. Of two decisions on one place the later one holds.
    """
    texts = tuple(map(flatten_furniture_piece, reading.furniture))
    finder = AnchorFinder(GlyphIndex.from_page(reading.page), texts)
    claims: list[DecisionClaim] = []
    fulfilled: list[Decision] = []
    unplaced: list[tuple[Decision, str]] = []
    for decision in decisions:
        found = find_claim(decision, finder, ())
        if isinstance(found, DecisionClaim):
            claims.append(found)
        elif isinstance(found, UnplacedDecision):
            unplaced.append(
                (decision, found.reason if finder.find_text_at(decision.anchor) else "")
            )
        else:
            fulfilled.append(decision)
    kept, replaced = settle_claims(claims, texts)
    return WrittenFurniture(
        tuple(
            _with(piece, text, [c for c in kept if c.spot.text == i])
            for i, (piece, text) in enumerate(zip(reading.furniture, texts, strict=True))
        ),
        tuple(c.decision for c in kept),
        tuple(fulfilled),
        tuple(c.decision for c in replaced),
        tuple(unplaced),
    )


def _with(piece: Furniture, text: FlatText, claims: Sequence[DecisionClaim]) -> Furniture:
    """Return a piece of furniture with claims, which do not collide, applied to its text."""
    if not claims:
        return piece
    made = [_correction(text, claim, i) for i, claim in enumerate(claims)]
    return replace(piece, chars=_unmarked(apply_to_chars(text.chars, made)))


def _correction(text: FlatText, claim: DecisionClaim, number: int) -> Correction:
    """Return the correction that a claim on furniture makes."""
    span = claim.spot.span
    made = Correction(
        f"{text.id}-{HAND}{number}",
        HAND,
        text.id,
        span,
        text.string[slice(*span)],
        claim.wanted,
        1.0,
        CorrectionStatus.EDITED,
    )
    return record_removed(made, text.chars)


def _unmarked(chars: Chars) -> Chars:
    """Return characters without the ids of corrections: a record lists those of articles only."""
    return tuple(replace(c, correction="") if c.correction else c for c in chars)
