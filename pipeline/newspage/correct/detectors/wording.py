"""Sentences that cannot be as they stand, though what belongs there may not be known."""

import re
from collections import Counter, defaultdict
from collections.abc import Iterator

from newspage.correct.case import DetectorInput, is_all_chinese
from newspage.correct.proposal import Proposal, Rule

_SAYS = "指出|强调|认为|表示|说|提出"
_NO_SUBJECT = re.compile(rf"(?:{_SAYS})[，,](体现在|表现在|反映在|取决于|来源于)")
_NO_COMPARISON = re.compile(
    rf"(?:与|同|和|跟)[^，。,]{{2,30}}(相比)(?=[，,][^，。,]{{2,8}}(?:{_SAYS})[，,：:])"
)
FRAME = 4
"""Characters a recurring frame has at least."""
OFTEN = 3
"""So often the usual words must stand before a frame."""
BOUND = frozenset("制性化率型式度")
"""Characters that end a word and never begin or make one by themselves."""


def detect_odd_wording(case: DetectorInput) -> Iterator[Proposal]:
    """A question, or the usual words, at each place that a careful reader stumbles over."""
    yield from _broken_sentences(case)
    yield from _odd_frames(case)
    yield from _bare_suffixes(case)


def _broken_sentences(case: DetectorInput) -> Iterator[Proposal]:
    for pattern in (_NO_SUBJECT, _NO_COMPARISON):
        for found in pattern.finditer(case.string):
            start, end = found.span(1)
            yield Proposal(Rule.WORDING, start, end, found[1], {"belief": 0.4})


def _odd_frames(case: DetectorInput) -> Iterator[Proposal]:
    """Usual words three times before a frame of words, and once other words before it."""
    frames = _frames(case)
    for frame, subjects in frames.items():
        usual, times = subjects.most_common(1)[0]
        odd = [s for s, n in subjects.items() if n == 1]
        if times >= OFTEN and len(odd) == 1 and len(subjects) == 2:
            at = case.string.find(odd[0] + frame)
            if at >= 0 and not _alike(usual, odd[0]):
                evidence: dict[str, float | str] = {"belief": 0.35, "twin": usual + frame}
                yield Proposal(Rule.WORDING, at, at + len(odd[0]), usual, evidence)
                return


def _frames(case: DetectorInput) -> dict[str, Counter[str]]:
    """For each noun and what follows it, the words between it and the clause's beginning."""
    frames: dict[str, Counter[str]] = defaultdict(Counter)
    for clause in case.clauses:
        for number, at, word in clause.placed:
            if number < 2 or len(word) < 2 or not case.language.is_noun(word):
                continue
            if number > 4:
                break
            subject, frame = case.string[clause.start : at], case.string[at : at + FRAME]
            if is_all_chinese(frame) and len(frame) == FRAME and 3 <= len(subject) <= 6:
                frames[frame][subject] += 1
    return frames


def _alike(a: str, b: str) -> bool:
    """Whether two subjects share their first or last characters, as members of a series do."""
    return a[0] == b[0] or a[-1] == b[-1]


def _bare_suffixes(case: DetectorInput) -> Iterator[Proposal]:
    """传统制办公家具: a suffix whose stem is gone, twice before the same kind of thing."""
    places: dict[str, list[int]] = defaultdict(list)
    for clause in case.clauses:
        for number, at, word in clause.placed:
            if word not in BOUND:
                continue
            beside = (
                clause.words[max(0, number - 1) : number] + clause.words[number + 1 : number + 2]
            )
            if len(beside) == 2 and min(map(len, beside)) > 1:
                places[word].append(at)
    for word, found in places.items():
        if len(found) > 1:
            for at in found:
                yield Proposal(Rule.WORDING, at, at + 1, word, {"belief": 0.35})
