"""Where a text holds words, and a short piece of it around them."""

import re
from collections.abc import Sequence
from dataclasses import dataclass

from newspage.chinese import fold_with_origins
from newspage.search.search_words import SearchWords
from newspage.store import ANY

Span = tuple[int, int]
"""Start and end of characters in a text."""

_BEFORE = 20
"""Characters of a snippet before the first hit in it. Judgement: half a line."""
_LENGTH = 80
"""Characters of a snippet. Judgement: two lines of a list."""


@dataclass(frozen=True, slots=True)
class Snippet:
    """A piece of a text, line breaks as spaces, with the hits in it."""

    start: int
    """Offset of the piece in the text."""
    text: str
    marks: tuple[Span, ...]
    """Hits, as offsets in the piece."""
    cut: tuple[bool, bool]
    """Whether the text goes on before and after the piece."""


def find_spans(text: str, wanted: SearchWords) -> tuple[Span, ...]:
    """Return where a text holds words, in order; hits that overlap become one."""
    folded = fold_with_origins(text)
    found = sorted(
        folded.find_span(*match.span())
        for word in wanted.words
        for match in _make_pattern(word).finditer(folded.text)
    )
    merged: list[Span] = []
    for start, end in found:
        if merged and start < merged[-1][1]:
            merged[-1] = merged[-1][0], max(end, merged[-1][1])
        else:
            merged.append((start, end))
    return tuple(merged)


def cut_snippet(text: str, spans: Sequence[Span]) -> Snippet:
    """Return the piece of a text that has most of its hits; the start of it where it has none."""
    starts = [max(0, start - _BEFORE) for start, _ in spans] or [0]
    start = max(starts, key=lambda at: _cover(spans, at))
    end = min(len(text), start + _LENGTH)
    if spans:
        # A hit that is longer than a snippet is shown whole.
        end = max(end, next(stop for first, stop in spans if stop > start))
    marks = tuple(
        (max(a, start) - start, min(b, end) - start) for a, b in spans if a < end and b > start
    )
    piece = text[start:end].replace("\n", " ")
    return Snippet(start, piece, marks, (start > 0, end < len(text)))


def _cover(spans: Sequence[Span], start: int) -> int:
    """Return how many characters of hits lie whole in a snippet that starts at an offset."""
    return sum(b - a for a, b in spans if a >= start and b <= start + _LENGTH)


def _make_pattern(word: str) -> re.Pattern[str]:
    """Return the pattern of a word; hits may overlap in part, as 人人 does twice in 人人人."""
    return re.compile("".join("." if c == ANY else re.escape(c) for c in word))
