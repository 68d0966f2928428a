"""The articles of a page while they are arranged anew; each character keeps its former place."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from itertools import pairwise

from newspage.chinese import stops_a_sentence
from newspage.edits import BREAK, HEADS, FlatText, TextPart, is_part_break
from newspage.geometry import Box
from newspage.model import (
    ArticleRecord,
    Char,
    Correction,
    Furniture,
    Join,
    JoinKind,
    PageLayout,
    PageReading,
    Region,
    RegionKind,
)
from newspage.spacing import find_space_between

Place = tuple[str, int]
"""Id of an article and offset in its text."""


@dataclass(frozen=True, slots=True)
class TracedChar:
    """A character and its place before the arrangement; None where it was in no article."""

    char: Char
    was: Place | None


@dataclass(frozen=True, slots=True)
class DraftPart:
    """A headline, byline or paragraph."""

    kind: RegionKind
    chars: tuple[TracedChar, ...]

    @property
    def text(self) -> str:
        """Return the characters as one string."""
        return "".join(s.char.text for s in self.chars)

    def trimmed(self) -> "DraftPart":
        """Return the part without spaces at its ends, which separated it from its neighbours."""
        blank = [s.char.text == " " for s in self.chars]
        if not blank or all(blank):
            return self
        last = len(blank) - blank[::-1].index(False)
        return replace(self, chars=self.chars[blank.index(False) : last])

    def followed_by(self, other: "DraftPart") -> "DraftPart":
        """Return both as one part of the other's kind, with a space between Latin words."""
        before, after = ([s.char for s in part.chars] for part in (self, other))
        space = (TracedChar(char, None) for char in find_space_between(before, after))
        return replace(other, chars=(*self.chars, *space, *other.chars))


@dataclass(frozen=True, slots=True)
class PageDraft:
    """The articles of a page as parts, with the layout, furniture and joins that change along."""

    page: PageLayout
    articles: tuple[ArticleRecord, ...]
    parts: dict[str, tuple[DraftPart, ...]]
    furniture: tuple[Furniture, ...]
    joins: tuple[Join, ...]

    @classmethod
    def from_reading(cls, reading: PageReading, texts: Sequence[FlatText]) -> "PageDraft":
        """Return the draft of a page as read; `texts` are its articles, in any order."""
        parts = {
            text.id: tuple(
                DraftPart(
                    block.kind,
                    tuple(
                        TracedChar(text.chars[i], (text.id, i))
                        for i in range(block.start, block.end)
                    ),
                )
                for block in text.blocks
            )
            for text in texts
        }
        return cls(reading.page, reading.articles, parts, reading.furniture, reading.joins)

    def find_region(self, name: str) -> Region:
        """Return the region of an id, which must be on the page."""
        return next(r for r in self.page.regions if r.id == name)

    def build_reading(self, before: PageReading) -> tuple[PageReading, tuple[FlatText, ...]]:
        """Return the page with the articles of the draft, and the text of each as read.

        Articles that have become empty are left out, and so are corrections whose characters do
        not stand together any more.
        """
        articles = tuple(a for a in self.articles if self.parts[a.id] or a.regions)
        texts = tuple(_text(a.id, self.parts[a.id]) for a in articles)
        moved = _moves(self, texts)
        corrections = (_moved(c, moved) for c in before.corrections)
        reading = replace(
            before,
            page=self.page,
            articles=articles,
            furniture=self.furniture,
            joins=_remaining_joins(self, texts),
            corrections=tuple(c for c in corrections if c is not None),
        )
        return reading, texts


def _text(name: str, parts: Iterable[DraftPart]) -> FlatText:
    """Return the text of an article from its parts, headlines first, a break between parts."""
    chars: list[Char] = []
    blocks: list[TextPart] = []
    for part in sorted(parts, key=lambda p: HEADS.index(p.kind) if p.kind in HEADS else len(HEADS)):
        if chars:
            chars.append(Char(BREAK, "", -1))
        start = len(chars)
        chars += (s.char for s in part.chars)
        blocks.append(TextPart(start, len(chars), part.kind))
    return FlatText(name, "".join(c.text for c in chars), tuple(blocks), tuple(chars))


def _moves(draft: PageDraft, texts: Sequence[FlatText]) -> dict[Place, Place]:
    """Map the former place of each character to its place in `texts`.

    A break is in the map where the two characters beside it still have one between them.
    """
    moved: dict[Place, Place] = {}
    for text in texts:
        parts = sorted(
            draft.parts[text.id],
            key=lambda p: HEADS.index(p.kind) if p.kind in HEADS else len(HEADS),
        )
        for part, block in zip(parts, text.blocks, strict=True):
            for i, one in enumerate(part.chars):
                if one.was is not None:
                    moved[one.was] = text.id, block.start + i
    for article, at in list(moved):
        last, following = moved[article, at], moved.get((article, at + 2))
        if (article, at + 1) not in moved and following == (last[0], last[1] + 2):
            moved[article, at + 1] = last[0], last[1] + 1
    return moved


def _moved(correction: Correction, moved: dict[Place, Place]) -> Correction | None:
    """Return a correction at its new place; None if its characters are not together any more."""
    article, (start, end) = correction.article, correction.span
    if start == end:
        before, after = moved.get((article, start - 1)), moved.get((article, start))
        place = (before[0], before[1] + 1) if before else after
        return replace(correction, article=place[0], span=(place[1],) * 2) if place else None
    places = [moved.get((article, i)) for i in range(start, end)]
    first = places[0]
    if first is None or places != [(first[0], first[1] + i) for i in range(end - start)]:
        return None
    return replace(correction, article=first[0], span=(first[1], first[1] + end - start))


def pair_following_lines(text: FlatText) -> set[tuple[str, str]]:
    """Return the pairs of body lines that follow each other, across paragraph ends too."""
    lines = [
        char.line
        for block in text.blocks
        if block.body
        for char in text.chars[block.start : block.end]
        if not is_part_break(char)
    ]
    return {(a, b) for a, b in pairwise(lines) if a != b}


def _remaining_joins(draft: PageDraft, texts: Sequence[FlatText]) -> tuple[Join, ...]:
    """Return the joins between lines that still follow each other."""
    pairs = set().union(*(pair_following_lines(text) for text in texts)) if texts else set()
    return tuple(join for join in draft.joins if (join.before, join.after) in pairs)


def paragraph_continues(before: DraftPart, after: DraftPart) -> bool:
    """Tell whether a paragraph goes on in the part after it: both are body, its sentence open."""
    bodies = before.kind is RegionKind.BODY and after.kind is RegionKind.BODY
    return bodies and bool(before.text) and not stops_a_sentence(before.text.rstrip())


def note_seam(draft: PageDraft, before: DraftPart, after: DraftPart, joined: bool) -> PageDraft:
    """Return the draft with a join between two parts, joined or not, unless it has one there."""
    one, two = before.chars[-1].char.line, after.chars[0].char.line
    if any((join.before, join.after) == (one, two) for join in draft.joins):
        return draft
    taken = {join.id for join in draft.joins}
    number = next(n for n in range(len(taken) + 1, 2 * len(taken) + 2) if f"j{n}" not in taken)
    boxes = _line_boxes(draft.page)
    join = Join(
        f"j{number}",
        JoinKind.COLUMN if _beside(boxes.get(one), boxes.get(two)) else JoinKind.BLOCK,
        one,
        two,
        0.9 if joined else 0.1,
        joined,
        {"sentence_open": float(joined)},
    )
    return replace(draft, joins=(*draft.joins, join))


def _line_boxes(page: PageLayout) -> dict[str, Box]:
    """Return the boxes of the lines that are in regions, by id."""
    return {line.id: line.box for region in page.regions for line in region.lines}


def _beside(one: Box | None, two: Box | None) -> bool:
    """Tell whether two lines are side by side, as in different columns."""
    if one is None or two is None:
        return False
    return two.left > one.right or two.right < one.left
