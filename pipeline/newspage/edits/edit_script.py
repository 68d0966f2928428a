"""Corrections as an edit script: which are applied, applying them, and taking them back.

A script (a plan) is ordered, free of overlaps, inside its text, and each `original` equals the
characters at its span in the text before any correction. With that, undoing what was applied is
exact.
"""

from collections.abc import Iterable, Sequence
from dataclasses import replace
from itertools import pairwise

from newspage.edits.flat_text import BREAK
from newspage.model import Char, Chars, Correction, CorrectionStatus

STANDING = frozenset({CorrectionStatus.APPLIED, CorrectionStatus.ACCEPTED, CorrectionStatus.EDITED})
"""The statuses in which a correction is part of the clean text."""


class PlanError(ValueError):
    """Raised where a plan does not fit the text it is said to be for."""


def order_corrections(corrections: Iterable[Correction]) -> list[Correction]:
    """Return corrections by place; an insertion comes before a change that begins there.

    Raises PlanError where two overlap.
    """
    plan = sorted(corrections, key=lambda c: c.span)
    for a, b in pairwise(plan):
        if b.span[0] < a.span[1] or a.span == b.span:
            raise PlanError(f"corrections {a.id} and {b.id} overlap")
    return plan


def select_effective(corrections: Iterable[Correction]) -> list[Correction]:
    """Return the corrections that are part of the clean text, by place.

    Raises PlanError where two overlap.
    """
    return order_corrections(c for c in corrections if c.status in STANDING)


def apply_corrections(text: str, corrections: Iterable[Correction]) -> str:
    """Return the clean text. Raises PlanError where the plan does not fit."""
    pieces, at = [], 0
    for c in select_effective(corrections):
        start, end = c.span
        if text[start:end] != c.original:
            raise PlanError(f"correction {c.id} expects {c.original!r}, not {text[start:end]!r}")
        pieces += [text[at:start], c.proposed]
        at = end
    return "".join([*pieces, text[at:]])


def undo_corrections(clean: str, corrections: Iterable[Correction]) -> str:
    """Return the text before correction, from the clean text.

    Raises PlanError where the plan does not fit.
    """
    pieces, at = [], 0
    for c, start in _place_in_clean_text(select_effective(corrections)):
        end = start + len(c.proposed)
        if start < at or clean[start:end] != c.proposed:
            raise PlanError(f"correction {c.id} left {c.proposed!r}, not {clean[start:end]!r}")
        pieces += [clean[at:start], c.original]
        at = end
    return "".join([*pieces, clean[at:]])


def apply_to_chars(chars: Chars, corrections: Iterable[Correction]) -> Chars:
    """Return the characters of the clean text, with provenance.

    Each new one names the correction that put it there and the glyph it replaces or follows.
    `chars` has one entry a character. Raises PlanError where the plan does not fit.
    """
    pieces: list[Char] = []
    at = 0
    for c in select_effective(corrections):
        start, end = c.span
        if "".join(x.text for x in chars[start:end]) != c.original:
            raise PlanError(f"correction {c.id} does not fit the article")
        pieces += [*chars[at:start], *_make_new_chars(c, chars)]
        at = end
    return (*pieces, *chars[at:])


def undo_on_chars(clean: Chars, corrections: Iterable[Correction]) -> Chars:
    """Return the characters before correction, from the clean ones.

    Raises PlanError where the plan does not fit.
    """
    pieces: list[Char] = []
    at = 0
    for c, start in _place_in_clean_text(select_effective(corrections)):
        end = start + len(c.proposed)
        if "".join(x.text for x in clean[start:end]) != c.proposed:
            raise PlanError(f"correction {c.id} does not fit the clean article")
        pieces += [*clean[at:start], *c.removed]
        at = end
    return (*pieces, *clean[at:])


def locate_in_clean_text(
    correction: Correction, corrections: Iterable[Correction]
) -> tuple[int, int]:
    """Return the span of a correction in the clean text.

    It covers the new words where the correction is applied, else the old ones. `corrections` are
    all those of the text.
    """
    shift = sum(
        len(c.proposed) - len(c.original)
        for c in select_effective(corrections)
        if c.span < correction.span and c.id != correction.id
    )
    stands = correction.status in STANDING
    length = len(correction.proposed if stands else correction.original)
    start = correction.span[0] + shift
    return start, start + length


def record_removed(correction: Correction, chars: Chars) -> Correction:
    """Return the correction with the characters it takes away, so that undoing restores them."""
    return replace(correction, removed=chars[correction.span[0] : correction.span[1]])


def _place_in_clean_text(plan: Sequence[Correction]) -> list[tuple[Correction, int]]:
    """Return each correction with the offset of its new words in the clean text."""
    placed, shift = [], 0
    for c in plan:
        placed.append((c, c.span[0] + shift))
        shift += len(c.proposed) - len(c.original)
    return placed


def _make_new_chars(correction: Correction, chars: Chars) -> list[Char]:
    """Return the characters a correction puts in, each beside a glyph it replaces or follows."""
    start, end = correction.span
    old = [c for c in chars[start:end] if c.text != BREAK]
    beside = old or [c for c in reversed(chars[max(0, start - 1) : start]) if c.text != BREAK]
    place = [(c.line, c.glyph) for c in beside] or [("", -1)]
    return [
        Char(BREAK, "", -1)
        if t == BREAK
        else Char(t, *place[min(i, len(place) - 1)], correction.id)
        for i, t in enumerate(correction.proposed)
    ]
