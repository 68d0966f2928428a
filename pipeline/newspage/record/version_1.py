"""Take over records of the format newspage/1, which held the clean text alone.

What was read is recovered by undoing the corrections that the clean text has. Records of the
present format hold it; only this module has to look for it.
"""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import replace
from itertools import product

from newspage.edits import (
    BREAK,
    HEADS,
    FlatText,
    TextPart,
    derive_article,
    flatten_article,
    is_part_break,
    select_effective,
)
from newspage.model import (
    ArticleRecord,
    Char,
    Chars,
    Correction,
    PageLayout,
    PageReading,
    RegionKind,
)

FORMAT_1 = "newspage/1"

_DOUBTS = 5
"""Corrections that may have emptied a part and are tried both ways; at most 2 to this power texts.
Judgement."""

Kinds = Mapping[str, RegionKind]
"""Kind of region by id of line."""


def recover_reading(clean: PageReading) -> PageReading:
    """Return what was read from a page whose articles have the machine's corrections in them.

    The articles of what is returned may still not fit the corrections, where no text does.
    """
    kinds = _kinds_of_lines(clean.page)
    articles = []
    for article in clean.articles:
        own = [c for c in clean.corrections if c.article == article.id]
        read = _recover_text(article, own, kinds)
        articles.append(derive_article(article, read, ()) if read is not None else article)
    return replace(clean, articles=tuple(articles))


def _kinds_of_lines(page: PageLayout) -> Kinds:
    """Return the kind of the region that each line is in, by id of line."""
    return {line.id: region.kind for region in page.regions for line in region.lines}


def _recover_text(
    article: ArticleRecord, corrections: Sequence[Correction], kinds: Kinds
) -> FlatText | None:
    """Return the text of one article before corrections; None where it is the clean one.

    A part that a correction has emptied is not in the clean article, and its break is gone too.
    Several texts may thus have given the clean one; the right one has every correction's original
    text at its span.

    Args:
        article: the clean article.
        corrections: all corrections of it, applied ones and others.
        kinds: kind of region by id of line.
    """
    plan = select_effective(corrections)
    if not any(c.removed or c.proposed for c in plan):
        return None
    clean = flatten_article(article)
    for chars in _readings(clean.chars, plan):
        string = "".join(c.text for c in chars)
        if all(string[slice(*c.span)] == c.original for c in corrections):
            blocks = _find_parts(chars, kinds)
            if len(blocks) == len(clean.blocks):
                pairs = zip(blocks, clean.blocks, strict=True)
                blocks = tuple(replace(block, kind=known.kind) for block, known in pairs)
            return FlatText(article.id, string, blocks, chars)
    return None


def _find_parts(chars: Chars, kinds: Kinds) -> tuple[TextPart, ...]:
    """Split a text into its parts, each of the kind of the region that its first line is in."""
    blocks, start = [], 0
    for end in [i for i, c in enumerate(chars) if is_part_break(c)] + [len(chars)]:
        if end > start:
            kind = kinds.get(chars[start].line, RegionKind.BODY)
            blocks.append(TextPart(start, end, kind if kind in HEADS else RegionKind.BODY))
        start = end + 1
    return tuple(blocks)


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
