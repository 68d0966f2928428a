"""Clauses of one sentence that were set a second time into another."""

import re
from collections.abc import Iterator
from dataclasses import dataclass

from newspage.chinese import is_han
from newspage.correct.case import DetectorInput
from newspage.correct.detector import Detector
from newspage.correct.proposal import Proposal
from newspage.correct.rule import Rule, RuleWords
from newspage.correction_evidence import Evidence

DUPLICATE_PASSAGE = Rule(
    "duplicate-passage",
    en=RuleWords("Doubled passage", "a passage of another sentence is repeated here"),
    zh=RuleWords("重复段落", "他处语句误入"),
)
SEED = 12
"""Ideographs that must agree for a repetition to be looked at."""
LONG = 16
"""Ideographs a repetition needs. Judgement: slogans and set phrases are shorter."""
TORN, REPEATED = 0.75, 0.4
"""Beliefs where the sentence is broken with the copy and whole without it, and where whole clauses
come again. Judgement: a person is asked about both."""
CLAUSES = 2
"""Least clause marks inside a repetition that breaks a sentence. Judgement: a name has none."""
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
"""Conjunctions that belong together; a copy between them breaks the sentence."""
_ENDS = "。！？!?\n"
"""Marks before which no sentence goes on."""
_COMMAS = re.compile("[，,]*")
"""Commas, or none, after a passage."""


@dataclass(frozen=True, slots=True)
class HanLetters:
    """The ideographs of a text without anything else, each with its offset in the text."""

    string: str
    places: tuple[int, ...]


def detect_repeated_passages(case: DetectorInput) -> Iterator[Proposal]:
    """Propose to delete the copy of a repeated passage that breaks a sentence."""
    letters = _keep_ideographs(case.string)
    for first, second, length in _find_repeats(letters.string):
        spans = [_span_in_text(letters, at, length) for at in (first, second)]
        inside = case.string[spans[0][0] : spans[0][1]]
        marks = sum(c in "，,；;" for c in inside)
        torn = [_breaks_sentence(case.string, *span) for span in spans]
        if marks < 1 or "。" in inside or case.count_occurrences(inside) > 2:
            continue
        copy, twin = (spans[0], spans[1]) if torn[0] and not torn[1] else (spans[1], spans[0])
        if any(torn) and marks >= CLAUSES:
            yield _propose_removal(case.string, copy, case.string[slice(*twin)], TORN)
        elif _is_between_commas(case.string, copy) and not case.is_quoted(copy[0]):
            yield _propose_removal(case.string, copy, case.string[slice(*twin)], REPEATED)


def _is_between_commas(string: str, span: tuple[int, int]) -> bool:
    """Tell whether a passage stands between commas: whole clauses inside a sentence."""
    start, end = span
    return start > 0 and string[start - 1] in "，," and end < len(string) and string[end] in "，,"


def _propose_removal(string: str, span: tuple[int, int], twin: str, belief: float) -> Proposal:
    """Propose to delete a passage and the comma that would then stand twice."""
    start, end = span
    if end < len(string) and string[end] in "，,":
        end += 1
    elif start and string[start - 1] in "，,":
        start -= 1
    return Proposal(DUPLICATE_PASSAGE, start, end, "", Evidence(belief=belief, compare_with=twin))


def _breaks_sentence(string: str, start: int, end: int) -> bool:
    """Tell whether the sentence around a passage is whole without it and broken with it."""
    before = string[1 + max(string.rfind(mark, 0, start) for mark in _ENDS) : start]
    commas = _COMMAS.match(string, end)
    after = commas.end() if commas else end
    return any(a in before and b not in before and string.startswith(b, after) for a, b in _PAIRS)


def _keep_ideographs(string: str) -> HanLetters:
    """Return the ideographs of a text."""
    places = tuple(i for i, c in enumerate(string) if is_han(c))
    return HanLetters("".join(string[i] for i in places), places)


def _span_in_text(letters: HanLetters, at: int, length: int) -> tuple[int, int]:
    """Return the span in the text of some ideographs in a row."""
    return letters.places[at], letters.places[at + length - 1] + 1


def _find_repeats(string: str) -> Iterator[tuple[int, int, int]]:
    """Yield start, second start and length of each repetition that cannot be made longer."""
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


DETECTOR = Detector(
    DUPLICATE_PASSAGE,
    detect_repeated_passages,
    examples=(
        (
            "各镇把绿色发展理念贯穿到产业布局、项目引进等各方面，以大手笔谋划园区建设，推动大发展。新区之所以在短时间里，把绿色发展理念贯穿到产业布局、项目引进等各方面，以大手笔谋划园区建设，推动大发展，是因为一开始就定下了规矩。",
            "各镇把绿色发展理念贯穿到产业布局、项目引进等各方面，以大手笔谋划园区建设，推动大发展。新区之所以在短时间里，是因为一开始就定下了规矩。",
        ),
    ),
    counterexamples=(
        "为加快建设副中心、致力打造增长极提供安全保障。为加快建设副中心、致力打造增长极提供法治保障。",
    ),
)
