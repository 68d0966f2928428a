"""The articles of a page while they are being arranged, every character knowing where it was."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from itertools import pairwise

from newspage.chinese.sentences import stops_a_sentence
from newspage.decisions.read_texts import HEADS, is_part_break
from newspage.edits.flat_text import BREAK, FlatText, TextPart
from newspage.geometry import Box
from newspage.model import (
    ArticleRecord,
    Char,
    Correction,
    Furniture,
    Join,
    JoinKind,
    PageLayout,
    PageRecord,
    Region,
    RegionKind,
)
from newspage.spacing import find_space_between

Place = tuple[str, int]
"""Article and offset in its text."""


@dataclass(frozen=True, slots=True)
class TracedChar:
    """A character and where it stood before; None where it was in no article."""

    char: Char
    was: Place | None


@dataclass(frozen=True, slots=True)
class DraftPart:
    """A headline, byline or paragraph."""

    kind: RegionKind
    chars: tuple[TracedChar, ...]

    @property
    def text(self) -> str:
        return "".join(s.char.text for s in self.chars)

    def trimmed(self) -> "DraftPart":
        """Return the part without blanks at its ends, which parted it from what stood beside it."""
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
    """The articles of a page as parts, and everything that must follow when they change."""

    page: PageLayout
    articles: tuple[ArticleRecord, ...]
    parts: dict[str, tuple[DraftPart, ...]]
    furniture: tuple[Furniture, ...]
    joins: tuple[Join, ...]

    @classmethod
    def from_record(cls, record: PageRecord, texts: Sequence[FlatText]) -> "PageDraft":
        """The draft of a record whose articles read so."""
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
        return cls(record.page, record.articles, parts, record.furniture, record.joins)

    def find_region(self, name: str) -> Region:
        """The region of that id."""
        return next(r for r in self.page.regions if r.id == name)

    def build_record(self, before: PageRecord) -> tuple[PageRecord, tuple[FlatText, ...]]:
        """The record with these articles, and how each of them reads.

        Corrections whose characters stand together no more are left out.
        """
        articles = tuple(a for a in self.articles if self.parts[a.id] or a.regions)
        texts = tuple(_text(a.id, self.parts[a.id]) for a in articles)
        moved = _moves(self, texts)
        corrections = (_moved(c, moved) for c in before.corrections)
        record = replace(
            before,
            page=self.page,
            articles=articles,
            furniture=self.furniture,
            joins=_standing(self, texts),
            corrections=tuple(c for c in corrections if c is not None),
        )
        return record, texts


def _text(name: str, parts: Iterable[DraftPart]) -> FlatText:
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
    """Where each character is now, breaks that are still between the same two included."""
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
    """The correction at its new place."""
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


def followers(text: FlatText) -> set[tuple[str, str]]:
    """Lines of the body of which one follows the other, whether or not a paragraph ends between."""
    lines = [
        char.line
        for block in text.blocks
        if block.body
        for char in text.chars[block.start : block.end]
        if not is_part_break(char)
    ]
    return {(a, b) for a, b in pairwise(lines) if a != b}


def _standing(draft: PageDraft, texts: Sequence[FlatText]) -> tuple[Join, ...]:
    """The joins between lines that still follow each other."""
    pairs = set().union(*(followers(text) for text in texts)) if texts else set()
    return tuple(join for join in draft.joins if (join.before, join.after) in pairs)


def paragraph_continues(before: DraftPart, after: DraftPart) -> bool:
    """Whether a paragraph goes on in what follows it now: it does where its sentence is open."""
    bodies = before.kind is RegionKind.BODY and after.kind is RegionKind.BODY
    return bodies and bool(before.text) and not stops_a_sentence(before.text.rstrip())


def note_seam(draft: PageDraft, before: DraftPart, after: DraftPart, joined: bool) -> PageDraft:
    """The draft with the decision noted that text goes on (or does not) between two parts."""
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
    return {line.id: line.box for region in page.regions for line in region.lines}


def _beside(one: Box | None, two: Box | None) -> bool:
    if one is None or two is None:
        return False
    return two.left > one.right or two.right < one.left
