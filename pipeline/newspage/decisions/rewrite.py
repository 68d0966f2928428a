"""Turn a person's change of the clean text into a change of the text as read.

There are three texts: the text as read; the corrected text, in which parts that corrections
emptied are still there; and the clean text of the article, in which they are not.
"""

from collections.abc import Sequence
from dataclasses import dataclass

from newspage.decision import Anchor
from newspage.decisions.anchor_finder import TextSpan
from newspage.decisions.claims import changes_collide
from newspage.decisions.glyph_index import GlyphIndex
from newspage.edits import (
    BREAK,
    HEADS,
    FlatText,
    TextPart,
    apply_to_chars,
    flatten_article,
    list_corrected_blocks,
    select_effective,
)
from newspage.model import ArticleRecord, Correction, PageRecord
from newspage.spacing import needs_space


@dataclass(frozen=True, slots=True)
class Rewrite:
    """A change of the text as read: the characters at `anchor` become `text`."""

    anchor: Anchor
    text: str


@dataclass(frozen=True, slots=True)
class _PlacedCorrection:
    """A correction that is in the clean text, and its span in the corrected text."""

    correction: Correction
    start: int
    end: int


def rewrite_span(
    record: PageRecord,
    read: FlatText,
    article: ArticleRecord,
    span: tuple[int, int],
    text: str,
    whole: bool = False,
) -> Rewrite:
    """Return the change of the text as read that changes a span of the clean text.

    It takes in whole every correction that it touches, so that it holds whatever becomes of them.
    If the span is a whole paragraph and `text` is empty, a break goes with it.

    Args:
        record: the page, decisions merged.
        read: the article as read.
        article: the article, clean.
        span: offsets in the clean text of the article.
        text: what the span is to read instead.
        whole: whether the change is of the whole span, even where characters at its ends, or all
            of it, stay the same.
    """
    own = [c for c in record.corrections if c.article == article.id]
    corrected = "".join(c.text for c in apply_to_chars(read.chars, own))
    start, end = _to_corrected_text(
        list_corrected_blocks(read, own), *(span if text else _whole_part(article, *span))
    )
    placed = _place_corrections(own)
    low, high, touched = _grow_to_corrections(placed, start, end, len(corrected), len(read.string))
    wanted = corrected[low:start] + text + corrected[end:high]
    changed = _read_span(placed, touched, low, high)
    short = _trimmed(read.string, changed, wanted, [s.correction for s in touched])
    others = [TextSpan(0, s.correction.span) for s in placed if s not in touched]
    # The shortened change must not replace an insertion at the same place.
    if not whole and not any(
        changes_collide(TextSpan(0, short[0]), o, len(read.string)) for o in others
    ):
        changed, wanted = short
    return Rewrite(GlyphIndex.from_page(record.page).make_anchor(read, changed), wanted)


def _grow_to_corrections(
    placed: Sequence[_PlacedCorrection], low: int, high: int, ends: int, read_ends: int
) -> tuple[int, int, list[_PlacedCorrection]]:
    """Grow a span of the corrected text until every correction it touches is whole in it.

    An insertion at its edge would stay outside the change of the text as read: then the span takes
    in one more character.

    Args:
        placed: the corrections in the clean text, in order.
        low: start of the span.
        high: end of the span.
        ends: length of the corrected text.
        read_ends: length of the text as read.

    Returns:
        Start and end of the grown span, and the corrections in it.
    """
    touched: list[_PlacedCorrection] = []
    while True:
        changed = _read_span(placed, touched, low, high)
        more = [
            s
            for s in placed
            if s not in touched
            and (
                changes_collide(TextSpan(0, changed), TextSpan(0, s.correction.span), read_ends)
                or changes_collide(TextSpan(0, (low, high)), TextSpan(0, (s.start, s.end)), ends)
            )
        ]
        touched += more
        before = low, high
        low, high = min([low, *(s.start for s in more)]), max([high, *(s.end for s in more)])
        spots = [TextSpan(0, s.correction.span) for s in touched]
        changed = _read_span(placed, touched, low, high)
        outside = [
            o.span[0] for o in spots if not changes_collide(TextSpan(0, changed), o, read_ends)
        ]
        if changed[1] in outside:
            high = min(ends, high + 1)
        elif changed[0] in outside:
            low = max(0, low - 1)
        if not more and (low, high) == before:
            return low, high, touched


def find_text_between(record: PageRecord, read: FlatText, before: str, after: str) -> Anchor | None:
    """Return the anchor of what was read between the end of one line and the start of another.

    Args:
        record: the page.
        read: the article as read.
        before: id of the first line.
        after: id of the second line.

    Returns:
        None if more than spaces and breaks is between them, or they are not in this order.
    """
    ends = [i for i, c in enumerate(read.chars) if c.line == before and not c.text.isspace()]
    starts = [i for i, c in enumerate(read.chars) if c.line == after]
    if not ends or not starts or ends[-1] >= starts[0]:
        return None
    span = ends[-1] + 1, starts[0]
    if read.string[slice(*span)].strip(BREAK + " "):
        return None
    return GlyphIndex.from_page(record.page).make_anchor(read, span)


def write_between_lines(anchor: Anchor, joined: bool) -> str:
    """Return the text to write between two lines, at the anchor from `find_text_between`.

    A break where a paragraph ends; joined lines have a space between Latin words, else nothing.
    """
    if not joined:
        return BREAK
    return " " if needs_space(anchor.before, anchor.after) else ""


def _whole_part(article: ArticleRecord, start: int, end: int) -> tuple[int, int]:
    """Return a span of the clean text, with a break beside it if it is a whole paragraph."""
    clean = flatten_article(article)
    whole = any((b.start, b.end) == (start, end) and b.body for b in clean.blocks)
    if not whole:
        return start, end
    if end < len(clean.string):
        return start, end + 1
    return max(0, start - 1), end


def _to_corrected_text(parts: Sequence[TextPart], start: int, end: int) -> tuple[int, int]:
    """Convert a span of the clean text to one of the corrected text, which has empty parts too."""
    where: list[int] = []
    filled = [p for p in parts if p.end > p.start]
    ordered = sorted(filled, key=lambda p: HEADS.index(p.kind) if not p.body else len(HEADS))
    for before, part in zip([None, *ordered], ordered, strict=False):
        if before is not None and (part.body or part.kind is not before.kind):
            where.append(before.end)
        where += range(part.start, part.end)
    where.append(ordered[-1].end if ordered else 0)
    first = where[start]
    return first, max(first, where[end - 1] + 1 if end > start else first)


def _place_corrections(corrections: Sequence[Correction]) -> list[_PlacedCorrection]:
    """Return the corrections that are in the clean text, with their spans, in order."""
    placed, shift = [], 0
    for c in select_effective(corrections):
        start = c.span[0] + shift
        placed.append(_PlacedCorrection(c, start, start + len(c.proposed)))
        shift += len(c.proposed) - len(c.original)
    return placed


def _read_span(
    placed: Sequence[_PlacedCorrection], touched: Sequence[_PlacedCorrection], start: int, end: int
) -> tuple[int, int]:
    """Convert a span of the corrected text to one of the text as read, corrections in it whole."""
    first = _to_read_text(placed, start, True)
    last = max(first, _to_read_text(placed, end, start == end))
    spans = [s.correction.span for s in touched]
    return min([first, *(s for s, _ in spans)]), max([last, *(e for _, e in spans)])


def _to_read_text(placed: Sequence[_PlacedCorrection], offset: int, past: bool) -> int:
    """Convert an offset of the corrected text to the text as read.

    `past`: behind what was deleted there, else before it.
    """
    shift = 0
    for s in placed:
        deleted_here = s.start == s.end == offset
        if s.end > offset or (deleted_here and not past):
            break
        shift += len(s.correction.proposed) - len(s.correction.original)
    return offset - shift


def _trimmed(
    read: str, span: tuple[int, int], wanted: str, touched: Sequence[Correction]
) -> tuple[tuple[int, int], str]:
    """Shorten a change by the characters at its ends that stay the same.

    Corrections in it (`touched`) stay whole. Returns the span in the text as read, and the text.
    """
    start, end = span
    low = min((c.span[0] - (c.span[0] == c.span[1]) for c in touched), default=end)
    high = max((c.span[1] + (c.span[0] == c.span[1]) for c in touched), default=start)
    while start < min(low, end) and wanted and read[start] == wanted[0]:
        start, wanted = start + 1, wanted[1:]
    while end > max(high, start) and wanted and read[end - 1] == wanted[-1]:
        end, wanted = end - 1, wanted[:-1]
    return (start, end), wanted
