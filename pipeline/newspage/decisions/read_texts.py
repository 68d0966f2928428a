"""Recover the text of an article as it was read from the clean text and the corrections."""

from collections.abc import Iterator, Mapping, Sequence
from itertools import product

from newspage.edits.edit_script import select_effective
from newspage.edits.flat_text import BREAK, FlatText, TextPart, flatten_article
from newspage.model import (
    HEADLINE_KINDS,
    ArticleRecord,
    Char,
    Chars,
    Correction,
    PageLayout,
    PageRecord,
    RegionKind,
)

HEADS = (*HEADLINE_KINDS, RegionKind.BYLINE)
"""Kinds of the parts that come before the paragraphs of an article, in their order."""
_DOUBTS = 5
"""Corrections that may have emptied a part and are tried both ways; at most 2 to this power texts.
Judgement."""

Kinds = Mapping[str, RegionKind]
"""Kind of region by id of line."""


def kinds_of(page: PageLayout) -> Kinds:
    """Return the kind of the region that each line is in, by id of line."""
    return {line.id: region.kind for region in page.regions for line in region.lines}


def recover_read_texts(record: PageRecord) -> tuple[FlatText, ...]:
    """Return the text as read of every article, in which spans of corrections are offsets.

    For an article that its corrections do not fit, the clean text is returned.
    """
    kinds = kinds_of(record.page)
    return tuple(
        as_read(article, [c for c in record.corrections if c.article == article.id], kinds)
        for article in record.articles
    )


def as_read(article: ArticleRecord, corrections: Sequence[Correction], kinds: Kinds) -> FlatText:
    """Return the text of one article before corrections.

    A part that a correction has emptied is not in the clean article, and its break is gone too.
    Several texts may thus have given the clean one; the right one has every correction's original
    text at its span.

    Args:
        article: the clean article.
        corrections: all corrections of it, applied ones and others.
        kinds: kind of region by id of line.
    """
    clean = flatten_article(article)
    if not any(c.removed or c.proposed for c in select_effective(corrections)):
        return clean
    for chars in _readings(clean.chars, select_effective(corrections)):
        string = "".join(c.text for c in chars)
        if all(string[slice(*c.span)] == c.original for c in corrections):
            return FlatText(article.id, string, blocks_of(chars, kinds), chars)
    return clean


def blocks_of(chars: Chars, kinds: Kinds) -> tuple[TextPart, ...]:
    """Split a text into its parts, each of the kind of the region that its first line is in."""
    blocks, start = [], 0
    for end in [i for i, c in enumerate(chars) if is_part_break(c)] + [len(chars)]:
        if end > start:
            kind = kinds.get(chars[start].line, RegionKind.BODY)
            blocks.append(TextPart(start, end, kind if kind in HEADS else RegionKind.BODY))
        start = end + 1
    return tuple(blocks)


def is_part_break(char: Char) -> bool:
    """Tell whether a character is a break between two parts, which is not printed."""
    return char.text == BREAK and not char.line


def _readings(clean: Chars, plan: Sequence[Correction]) -> Iterator[Chars]:
    """Yield the texts that may have given the clean one, the likeliest first."""
    doubtful = [c for c in plan if not c.proposed and c.original.strip(BREAK)][:_DOUBTS]
    likely = [(True, False) if _whole_lines(c, clean) else (False, True) for c in doubtful]
    seen = set()
    for answers in product(*likely):
        emptied = frozenset(c.id for c, yes in zip(doubtful, answers, strict=True) if yes)
        chars = _undone(clean, plan, emptied)
        if chars is not None and chars not in seen:
            seen.add(chars)
            yield chars


def _whole_lines(correction: Correction, clean: Chars) -> bool:
    """Tell whether nothing is left of the lines that a deletion took characters from."""
    taken = {c.line for c in correction.removed}
    return not any(c.line in taken for c in clean)


def _undone(clean: Chars, plan: Sequence[Correction], emptied: frozenset[str]) -> Chars | None:
    """Undo corrections, supposing that just some of them (`emptied`) emptied a part.

    Returns None where the clean text cannot have come about so.
    """
    pieces: list[Char] = []
    at, shift = 0, 0
    gap = Char(BREAK, "", -1)
    for c in plan:
        start = c.span[0] + shift
        end = start + len(c.proposed)
        if start == len(clean) + 1 and c.id in emptied:
            pieces += [*clean[at:], gap, *c.removed]
            at = len(clean)
            shift += len(c.proposed) - len(c.original) - 1
            continue
        if start < at or "".join(x.text for x in clean[start:end]) != c.proposed:
            return None
        pieces += [*clean[at:start], *c.removed]
        at = end
        shift += len(c.proposed) - len(c.original)
        if c.id in emptied:
            if start and not is_part_break(clean[start - 1]):
                return None
            pieces.append(gap)
            shift -= 1
    return (*pieces, *clean[at:])
