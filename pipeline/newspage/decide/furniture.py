"""What people wrote into furniture: mastheads, folios, captions, notices."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace

from newspage.correct.plan import apply_chars, with_removed
from newspage.correct.text import Block, Text, single_chars
from newspage.decide.claims import HAND, Claim, Unplaced, claim_of, surviving
from newspage.decide.find import Finder
from newspage.decide.places import Glyphs
from newspage.decision import Decision
from newspage.model import Chars, Correction, Furniture, PageRecord, Status


@dataclass(frozen=True, slots=True)
class Written:
    """The furniture of a page with what was written into it, and what became of each decision."""

    furniture: tuple[Furniture, ...]
    placed: tuple[Decision, ...]
    fulfilled: tuple[Decision, ...]
    replaced: tuple[Decision, ...]
    """Those that a later one has taken the place of."""
    unplaced: tuple[tuple[Decision, str], ...]
    """Each with what stands at its place; empty where nothing does."""


def furniture_text(furniture: Furniture) -> Text:
    """Return a piece of furniture as a text; its id is that of the region."""
    chars = tuple(single_chars(furniture.chars))
    string = "".join(c.text for c in chars)
    return Text(furniture.region, string, (Block(0, len(string), furniture.kind),), chars)


def write_furniture(record: PageRecord, decisions: Iterable[Decision]) -> Written:
    """Return the furniture of a page with what decisions, in their order, write into it.

    `record` has the furniture as it was read. Of two decisions on one place the later one holds.
    """
    texts = tuple(map(furniture_text, record.furniture))
    finder = Finder(Glyphs.of(record.page), texts)
    claims: list[Claim] = []
    fulfilled: list[Decision] = []
    unplaced: list[tuple[Decision, str]] = []
    for decision in decisions:
        found = claim_of(decision, finder, ())
        if isinstance(found, Claim):
            claims.append(found)
        elif isinstance(found, Unplaced):
            unplaced.append((decision, found.reason if finder.standing(decision.anchor) else ""))
        else:
            fulfilled.append(decision)
    kept, replaced = surviving(claims, texts)
    return Written(
        tuple(
            _with(piece, text, [c for c in kept if c.spot.text == i])
            for i, (piece, text) in enumerate(zip(record.furniture, texts, strict=True))
        ),
        tuple(c.decision for c in kept),
        tuple(fulfilled),
        tuple(c.decision for c in replaced),
        tuple(unplaced),
    )


def _with(piece: Furniture, text: Text, claims: Sequence[Claim]) -> Furniture:
    """A piece of furniture in which some characters are others."""
    if not claims:
        return piece
    made = [_correction(text, claim, i) for i, claim in enumerate(claims)]
    return replace(piece, chars=_unmarked(apply_chars(text.chars, made)))


def _correction(text: Text, claim: Claim, number: int) -> Correction:
    span = claim.spot.span
    made = Correction(
        f"{text.id}-{HAND}{number}",
        HAND,
        text.id,
        span,
        text.string[slice(*span)],
        claim.wanted,
        1.0,
        Status.EDITED,
    )
    return with_removed(made, text.chars)


def _unmarked(chars: Chars) -> Chars:
    """Characters that name no correction: records list those of articles alone."""
    return tuple(replace(c, correction="") if c.correction else c for c in chars)
