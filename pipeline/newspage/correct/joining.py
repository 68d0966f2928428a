"""A text with some breaks taken out, and the way back to offsets in the text with them."""

from bisect import bisect_left, bisect_right
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from functools import cached_property
from itertools import accumulate

from newspage.correct.proposal import Proposal
from newspage.edits import FlatText, TextPart


@dataclass(frozen=True)
class JoinedText:
    """The text that detectors read, and the spans of the original left out of it."""

    text: FlatText
    removed: tuple[tuple[int, int], ...]

    def map_back(self, proposals: Iterable[Proposal]) -> list[Proposal]:
        """Return the proposals with their spans in the original text."""
        return [
            replace(
                p, start=self._original_offset(p.start, p.start == p.end), end=self._original_end(p)
            )
            for p in proposals
        ]

    def _original_end(self, proposal: Proposal) -> int:
        """Return the end of a proposal in the original text."""
        if proposal.start == proposal.end:
            return self._original_offset(proposal.end, True)
        return self._original_offset(proposal.end - 1, False) + 1

    def _original_offset(self, offset: int, insertion: bool) -> int:
        """Return the offset of a character in the original text.

        An insertion at a break goes before the break.
        """
        places, lost = self._shifts
        before = bisect_left if insertion else bisect_right
        return offset + lost[before(places, offset)]

    @cached_property
    def _shifts(self) -> tuple[list[int], list[int]]:
        """Return the offsets of the spans left out, in `text`, and the characters lost so far.

        The second list has one entry more; it begins with 0.
        """
        lost = [0, *accumulate(end - start for start, end in self.removed)]
        places = [start - gone for (start, _), gone in zip(self.removed, lost, strict=False)]
        return places, lost


def join_blocks(text: FlatText, breaks: Sequence[Proposal]) -> JoinedText:
    """Return the text without the given breaks, the parts on both sides of each made one."""
    removed = tuple(sorted((b.start, b.end) for b in breaks))
    if not removed:
        return JoinedText(text, ())
    kept, at = [], 0
    for start, end in removed:
        kept.append((at, start))
        at = end
    kept.append((at, len(text.string)))
    string = "".join(text.string[a:b] for a, b in kept)
    chars = tuple(c for a, b in kept for c in text.chars[a:b])
    return JoinedText(FlatText(text.id, string, _merge_parts(text.blocks, removed), chars), removed)


def _merge_parts(
    blocks: Sequence[TextPart], removed: Sequence[tuple[int, int]]
) -> tuple[TextPart, ...]:
    """Return the parts moved to the joined text, those that now touch made one."""
    starts = [s for s, _ in removed]
    lost = [0]
    for start, end in removed:
        lost.append(lost[-1] + end - start)
    merged: list[TextPart] = []
    for block in blocks:
        shift = lost[bisect_right(starts, block.start)]
        block = replace(block, start=block.start - shift, end=block.end - shift)
        if merged and merged[-1].end == block.start:
            merged[-1] = replace(merged[-1], end=block.end)
        else:
            merged.append(block)
    return tuple(merged)
