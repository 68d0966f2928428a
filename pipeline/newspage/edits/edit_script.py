"""Corrections as an edit script: which are applied, applying them, and where they are then.

A script (a plan) is ordered, free of overlaps, inside its text, and each `original` equals the
characters at its span in the text before any correction. With that, and with the characters that
each one keeps of those it took away, what was applied can be undone exactly.
"""

from collections.abc import Iterable
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
