"""What a person changed in the clean text, as a change of the text as read."""

from collections.abc import Sequence
from dataclasses import dataclass

from newspage.decision import Anchor
from newspage.decisions.anchor_finder import TextSpan
from newspage.decisions.claims import changes_collide
from newspage.decisions.glyph_index import GlyphIndex
from newspage.decisions.read_texts import HEADS
from newspage.decisions.rebuild import list_corrected_blocks
from newspage.edits.edit_script import apply_to_chars, select_effective
from newspage.edits.flat_text import BREAK, FlatText, TextPart, flatten_article
from newspage.model import ArticleRecord, Correction, PageRecord
from newspage.spacing import needs_space


@dataclass(frozen=True, slots=True)
class Rewrite:
    """The characters at `anchor` become `text`."""

    anchor: Anchor
    text: str


@dataclass(frozen=True, slots=True)
class _Standing:
    """A correction that stands, and where its words are in the clean text."""

    correction: Correction
    start: int
    end: int


def rewrite_span(
    record: PageRecord, read: FlatText, article: ArticleRecord, span: tuple[int, int], text: str
) -> Rewrite:
    """Characters of an article's clean text become `text`; `read` is how the article was read.

    Corrections that the change touches are taken into it whole, so that it holds whatever becomes
    of them. A paragraph of which nothing is left goes with its break.
    """
    own = [c for c in record.corrections if c.article == article.id]
    whole = "".join(c.text for c in apply_to_chars(read.chars, own))
    start, end = _applied(
        list_corrected_blocks(read, own), *(span if text else _whole_part(article, *span))
    )
    stands = _placed(own)
    low, high, touched = _taken_in(stands, start, end, len(whole), len(read.string))
    wanted = whole[low:start] + text + whole[end:high]
    changed = _read_span(stands, touched, low, high)
    short = _trimmed(read.string, changed, wanted, [s.correction for s in touched])
    others = [TextSpan(0, s.correction.span) for s in stands if s not in touched]
    # What is put in just where something was put in before would take its place.
    if not any(changes_collide(TextSpan(0, short[0]), o, len(read.string)) for o in others):
        changed, wanted = short
    return Rewrite(GlyphIndex.from_page(record.page).make_anchor(read, changed), wanted)


def _taken_in(
    stands: Sequence[_Standing], low: int, high: int, ends: int, read_ends: int
) -> tuple[int, int, list[_Standing]]:
    """A span of the clean text, grown until it has every correction that it touches whole in it.

    A correction that puts something in at its edge counts as inside only if the span reaches a
    character further.
    """
    touched: list[_Standing] = []
    while True:
        changed = _read_span(stands, touched, low, high)
        more = [
            s
            for s in stands
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
        changed = _read_span(stands, touched, low, high)
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
    """What was read between the end of one line and the beginning of another; None where they do
    not follow each other in an article.
    """
    ends = [i for i, c in enumerate(read.chars) if c.line == before and not c.text.isspace()]
    starts = [i for i, c in enumerate(read.chars) if c.line == after]
    if not ends or not starts or ends[-1] >= starts[0]:
        return None
    span = ends[-1] + 1, starts[0]
    if read.string[slice(*span)].strip(BREAK + " "):
        return None
    return GlyphIndex.from_page(record.page).make_anchor(read, span)


def text_between_lines(anchor: Anchor, joined: bool) -> str:
    """Return the text between two lines that go on, or do not: see `find_text_between`."""
    if not joined:
        return BREAK
    return " " if needs_space(anchor.before, anchor.after) else ""


def _whole_part(article: ArticleRecord, start: int, end: int) -> tuple[int, int]:
    """The span, with a break beside it where it is a whole paragraph."""
    clean = flatten_article(article)
    whole = any((b.start, b.end) == (start, end) and b.body for b in clean.blocks)
    if not whole:
        return start, end
    if end < len(clean.string):
        return start, end + 1
    return max(0, start - 1), end


def _applied(parts: Sequence[TextPart], start: int, end: int) -> tuple[int, int]:
    """A span of the clean text in the text that corrections made, where empty parts still are."""
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


def _placed(corrections: Sequence[Correction]) -> list[_Standing]:
    placed, shift = [], 0
    for c in select_effective(corrections):
        start = c.span[0] + shift
        placed.append(_Standing(c, start, start + len(c.proposed)))
        shift += len(c.proposed) - len(c.original)
    return placed


def _read_span(
    stands: Sequence[_Standing], touched: Sequence[_Standing], start: int, end: int
) -> tuple[int, int]:
    """Where a span of the clean text lies in the text as read, with what it touches whole."""
    first = _back(stands, start, True)
    last = max(first, _back(stands, end, start == end))
    spans = [s.correction.span for s in touched]
    return min([first, *(s for s, _ in spans)]), max([last, *(e for _, e in spans)])


def _back(stands: Sequence[_Standing], offset: int, past: bool) -> int:
    """An offset of the clean text in the text as read; `past`: behind what was deleted there."""
    shift = 0
    for s in stands:
        deleted_here = s.start == s.end == offset
        if s.end > offset or (deleted_here and not past):
            break
        shift += len(s.correction.proposed) - len(s.correction.original)
    return offset - shift


def _trimmed(
    read: str, span: tuple[int, int], wanted: str, touched: Sequence[Correction]
) -> tuple[tuple[int, int], str]:
    """The change without what it leaves as it was at its ends; corrections in it stay whole."""
    start, end = span
    low = min((c.span[0] - (c.span[0] == c.span[1]) for c in touched), default=end)
    high = max((c.span[1] + (c.span[0] == c.span[1]) for c in touched), default=start)
    while start < min(low, end) and wanted and read[start] == wanted[0]:
        start, wanted = start + 1, wanted[1:]
    while end > max(high, start) and wanted and read[end - 1] == wanted[-1]:
        end, wanted = end - 1, wanted[:-1]
    return (start, end), wanted
