"""A clause of one sentence set a second time into another."""

import re
from collections.abc import Iterator
from dataclasses import dataclass

from newspage.chinese.word_list import is_han
from newspage.correct.case import DetectorInput
from newspage.correct.proposal import Proposal, Rule

SEED = 12
LONG = 16
"""Chinese characters a repetition needs; slogans and set phrases are shorter."""
TORN, REPEATED = 0.75, 0.4
"""Belief where the sentence is broken without it, and where whole clauses come again."""
CLAUSES = 2
"""Clause marks inside a repetition: an enumeration or a name has none."""
_PAIRS = (
    ("之所以", "是因为"),
    ("不仅", "而且"),
    ("不仅", "还"),
    ("不但", "而且"),
    ("虽然", "但"),
    ("尽管", "但"),
    ("既", "又"),
    ("只有", "才"),
    ("只要", "就"),
    ("如果", "就"),
    ("因为", "所以"),
    ("由于", "因此"),
    ("无论", "都"),
    ("不是", "而是"),
    ("一方面", "另一方面"),
)
_ENDS = "。！？!?\n"
_COMMAS = re.compile("[，,]*")


@dataclass(frozen=True, slots=True)
class HanLetters:
    """The Chinese characters of a text alone, each with its place."""

    string: str
    places: tuple[int, ...]


def detect_repeated_passages(case: DetectorInput) -> Iterator[Proposal]:
    """The copy of a repeated passage that breaks a sentence, taken out."""
    letters = _letters(case.string)
    for first, second, length in _repeats(letters.string):
        spans = [_span(letters, at, length) for at in (first, second)]
        inside = case.string[spans[0][0] : spans[0][1]]
        marks = sum(c in "，,；;" for c in inside)
        torn = [_tears(case.string, *span) for span in spans]
        if marks < 1 or "。" in inside or case.count_occurrences(inside) > 2:
            continue
        copy, twin = (spans[0], spans[1]) if torn[0] and not torn[1] else (spans[1], spans[0])
        if any(torn) and marks >= CLAUSES:
            yield _removal(case.string, copy, case.string[slice(*twin)], TORN)
        elif _clauses(case.string, copy) and not case.is_quoted(copy[0]):
            yield _removal(case.string, copy, case.string[slice(*twin)], REPEATED)


def _clauses(string: str, span: tuple[int, int]) -> bool:
    """Whether a passage stands between commas on both sides: whole clauses inside a sentence."""
    start, end = span
    return start > 0 and string[start - 1] in "，," and end < len(string) and string[end] in "，,"


def _removal(string: str, span: tuple[int, int], twin: str, belief: float) -> Proposal:
    """The passage goes with the mark before or after it that then stands twice."""
    start, end = span
    if end < len(string) and string[end] in "，,":
        end += 1
    elif start and string[start - 1] in "，,":
        start -= 1
    return Proposal(Rule.DUPLICATE_PASSAGE, start, end, "", {"belief": belief, "twin": twin})


def _tears(string: str, start: int, end: int) -> bool:
    """Whether the sentence around a passage is whole without it and broken with it."""
    before = string[1 + max(string.rfind(mark, 0, start) for mark in _ENDS) : start]
    commas = _COMMAS.match(string, end)
    after = commas.end() if commas else end
    return any(a in before and b not in before and string.startswith(b, after) for a, b in _PAIRS)


def _letters(string: str) -> HanLetters:
    places = tuple(i for i, c in enumerate(string) if is_han(c))
    return HanLetters("".join(string[i] for i in places), places)


def _span(letters: HanLetters, at: int, length: int) -> tuple[int, int]:
    return letters.places[at], letters.places[at + length - 1] + 1


def _repeats(string: str) -> Iterator[tuple[int, int, int]]:
    """Start, second start and length of each repetition that cannot be made longer."""
    seen: dict[str, int] = {}
    at = 0
    while at + SEED <= len(string):
        seed = string[at : at + SEED]
        first = seen.setdefault(seed, at)
        if first + SEED > at:
            at += 1
            continue
        length = SEED
        while (
            at + length < len(string)
            and first + length < at
            and string[first + length] == string[at + length]
        ):
            length += 1
        if length >= LONG:
            yield first, at, length
        at += max(1, length - SEED + 1)
