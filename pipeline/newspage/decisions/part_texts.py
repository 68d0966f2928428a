"""Take the text of lines out of the articles and furniture of a page, and put text in."""

from collections.abc import Collection
from dataclasses import replace
from functools import reduce
from itertools import pairwise

from newspage.decisions.draft import (
    DraftPart,
    PageDraft,
    TracedChar,
    note_seam,
    paragraph_continues,
)
from newspage.edits import HEADS
from newspage.model import Char, Furniture, Region, RegionKind

_BREAK = "\n"
"""Stands between the printed lines of furniture."""


def take_article_text(
    draft: PageDraft, article: str, lines: Collection[str]
) -> tuple[PageDraft, list[DraftPart]]:
    """Return the draft without the text of some lines in an article, and that text as parts.

    Where the text around a gap meets, a paragraph goes on if its sentence is open.
    """
    taken: list[DraftPart] = []
    left: list[DraftPart] = []
    for part in draft.parts[article]:
        stays, goes = _parted(part, lines)
        taken += goes
        for i, piece in enumerate(stays):
            if not i:
                left.append(piece)
                continue
            joined = piece.kind in HEADS or paragraph_continues(left[-1], piece)
            if piece.kind not in HEADS:
                draft = note_seam(draft, left[-1], piece, joined)
            if joined:
                left[-1] = left[-1].followed_by(piece)
            else:
                left.append(piece)
    return put_article_parts(draft, article, left), taken


def take_furniture_text(draft: PageDraft, region: str) -> tuple[PageDraft, list[DraftPart]]:
    """Return the draft without a piece of furniture, and its text as one paragraph, if any."""
    own = [f for f in draft.furniture if f.region == region]
    rest = tuple(f for f in draft.furniture if f.region != region)
    printed = [line for furniture in own for line in _lines_of(furniture)]
    parts = [reduce(DraftPart.followed_by, printed)] if printed else []
    return replace(draft, furniture=rest), parts


def put_furniture_text(
    draft: PageDraft, region: Region, kind: RegionKind, parts: Collection[DraftPart]
) -> PageDraft:
    """Return the draft with the text of a region as furniture, a break between its lines."""
    chars: list[Char] = []
    for part in parts:
        for i, one in enumerate(part.chars):
            char = one.char
            if chars and (not i or char.line != chars[-1].line) and char.line:
                while chars[-1].text == " ":
                    chars.pop()
                chars.append(replace(chars[-1], text=_BREAK))
            chars.append(char)
    if not chars:
        return draft
    piece = Furniture(kind, region.id, tuple(chars))
    place = {name: i for i, name in enumerate(draft.page.reading_order)}
    furniture = sorted((*draft.furniture, piece), key=lambda f: place.get(f.region, len(place)))
    return replace(draft, furniture=tuple(furniture))


def put_article_parts(draft: PageDraft, article: str, parts: Collection[DraftPart]) -> PageDraft:
    """Return the draft with other parts in an article."""
    return replace(draft, parts={**draft.parts, article: tuple(parts)})


def insert_head(
    draft: PageDraft, target: str, head: DraftPart, before: Collection[str]
) -> PageDraft:
    """Return the draft with text put into the headline of its kind in an article.

    It comes behind the text of the lines `before`, or first where none of them is there.
    """
    same = [p for p in draft.parts[target] if p.kind is head.kind]
    others = [p for p in draft.parts[target] if p.kind is not head.kind]
    chars = tuple(c for part in same for c in part.chars)
    cut = max((i + 1 for i, c in enumerate(chars) if c.char.line in before), default=0)
    pieces = [
        replace(head, chars=chars[:cut]).trimmed(),
        head,
        replace(head, chars=chars[cut:]).trimmed(),
    ]
    whole = reduce(DraftPart.followed_by, [p for p in pieces if p.chars])
    return put_article_parts(draft, target, [whole, *others])


def insert_parts(
    draft: PageDraft, target: str, after: Region, parts: list[DraftPart], printed: RegionKind
) -> PageDraft:
    """Return the draft with parts inserted into an article, behind the text of a region.

    Args:
        draft: the articles of the page.
        target: id of the article.
        after: the region of it behind whose text the body parts go; headlines go to the front.
        parts: the parts to insert; may be empty.
        printed: kind of the region they come from: only body text is joined with its neighbours.
    """
    if not parts:
        return draft
    existing = list(draft.parts[target])
    heads = [p for p in parts if p.kind in HEADS]
    bodies = [p for p in parts if p.kind not in HEADS]
    lines = {line.id for line in after.lines}
    at, cut = _end_of(existing, lines)
    if at < 0:
        first = next((i for i, p in enumerate(existing) if p.kind not in HEADS), len(existing))
        existing[first:first] = bodies
        return put_article_parts(draft, target, [*heads, *existing])
    whole = existing[at]
    left = replace(whole, chars=whole.chars[:cut]).trimmed()
    right = replace(whole, chars=whole.chars[cut:]).trimmed()
    pieces = [left, *bodies, *([right] if right.chars else [])]
    draft, existing[at : at + 1] = _chain_parts(draft, pieces, bodies, printed is RegionKind.BODY)
    return put_article_parts(draft, target, [*heads, *existing])


def insert_first_parts(
    draft: PageDraft, target: str, bodies: list[DraftPart], printed: RegionKind
) -> PageDraft:
    """Return the draft with body parts as the first ones of an article.

    `printed` is the kind of the region they come from: only body text is joined with what follows.
    """
    existing = list(draft.parts[target])
    first = next((i for i, p in enumerate(existing) if p.kind not in HEADS), len(existing))
    pieces = [*bodies, *existing[first : first + 1]]
    draft, chain = _chain_parts(draft, pieces, bodies, printed is RegionKind.BODY)
    existing[first : first + 1] = chain
    return put_article_parts(draft, target, existing)


def _chain_parts(
    draft: PageDraft, pieces: list[DraftPart], inserted: list[DraftPart], joins: bool
) -> tuple[PageDraft, list[DraftPart]]:
    """Return parts that follow each other, joined where what was inserted meets an open sentence.

    Args:
        draft: the articles of the page, where the seams are noted.
        pieces: the parts in order.
        inserted: those of them that were put in, which follow each other; not joined themselves.
        joins: whether what was inserted may be joined with what is around it.
    """
    chain = pieces[:1]
    for before, piece in pairwise(pieces):
        if before in inserted and piece in inserted:
            chain.append(piece)
            continue
        joined = joins and paragraph_continues(chain[-1], piece)
        draft = note_seam(draft, chain[-1], piece, joined)
        if joined:
            chain[-1] = replace(chain[-1].followed_by(piece), kind=chain[-1].kind)
        else:
            chain.append(piece)
    return draft, chain


def _end_of(parts: list[DraftPart], lines: Collection[str]) -> tuple[int, int]:
    """Return the body part, and the offset in it, where the text of some lines ends.

    The part is -1 where none of the lines is in the body.
    """
    for at in range(len(parts) - 1, -1, -1):
        if parts[at].kind in HEADS:
            continue
        for i in range(len(parts[at].chars) - 1, -1, -1):
            if parts[at].chars[i].char.line in lines:
                return at, i + 1
    return -1, 0


def _lines_of(furniture: Furniture) -> list[DraftPart]:
    """Return the printed lines of furniture, each as running text."""
    lines: list[list[TracedChar]] = [[]]
    for char in (replace(c, text=t) for c in furniture.chars for t in c.text):
        if char.text == "\n":
            lines.append([])
        else:
            lines[-1].append(TracedChar(char, None))
    return [DraftPart(RegionKind.BODY, tuple(sets)) for sets in lines if sets]


def _parted(part: DraftPart, lines: Collection[str]) -> tuple[list[DraftPart], list[DraftPart]]:
    """Split a part into the stretches that are not from some lines, and those that are."""
    stretches: list[tuple[bool, list[TracedChar]]] = []
    for one in part.chars:
        inside = one.char.line in lines
        if not stretches or stretches[-1][0] != inside:
            stretches.append((inside, []))
        stretches[-1][1].append(one)
    pieces = [(inside, replace(part, chars=tuple(sets)).trimmed()) for inside, sets in stretches]
    return [p for inside, p in pieces if not inside], [p for inside, p in pieces if inside]
