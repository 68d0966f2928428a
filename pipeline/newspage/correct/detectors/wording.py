"""Sentences that cannot be right as they are, though the right wording may not be known."""

import re
from collections import Counter, defaultdict
from collections.abc import Iterator

from newspage.correct.case import DetectorInput, is_all_chinese
from newspage.correct.detector import Detector
from newspage.correct.proposal import Proposal
from newspage.correct.rule import Rule, RuleWords
from newspage.correction_evidence import Evidence

WORDING = Rule(
    "wording",
    en=RuleWords(
        "Wording", "a sentence that cannot be as it stands", "other words are printed here"
    ),
    zh=RuleWords("措辞", "语句不通", "印文与原文不同"),
    cautious=True,
)
_SAYS = "指出|强调|认为|表示|说|提出"
"""Verbs that introduce speech."""
_NO_SUBJECT = re.compile(rf"(?:{_SAYS})[，,](体现在|表现在|反映在|取决于|来源于)")
"""A verb of speech and then a predicate without a subject."""
_NO_COMPARISON = re.compile(
    rf"(?:与|同|和|跟)[^，。,]{{2,30}}(相比)(?=[，,][^，。,]{{2,8}}(?:{_SAYS})[，,：:])"
)
"""A comparison with nothing that is compared."""
FRAME = 4
"""Least characters of a recurring frame. Judgement."""
OFTEN = 3
"""Occurrences of the usual words before a frame. Judgement."""
BOUND = frozenset("制性化率型式度")
"""Characters that end a word and never begin or make one by themselves."""


def detect_odd_wording(case: DetectorInput) -> Iterator[Proposal]:
    """Propose the usual words, or ask, at each place that a careful reader stumbles over.

    Beliefs of 0.35 and 0.4 are just enough to ask a person (judgement).
    """
    yield from _detect_broken_sentences(case)
    yield from _detect_odd_frames(case)
    yield from _detect_bare_suffixes(case)


def _detect_broken_sentences(case: DetectorInput) -> Iterator[Proposal]:
    """Ask about sentences without a subject or a term of comparison."""
    for pattern in (_NO_SUBJECT, _NO_COMPARISON):
        for found in pattern.finditer(case.string):
            start, end = found.span(1)
            yield Proposal(WORDING, start, end, found[1], Evidence(belief=0.4))


def _detect_odd_frames(case: DetectorInput) -> Iterator[Proposal]:
    """Propose the usual words before a frame that once has others before it.

    A frame is a noun and the characters that follow it.
    """
    frames = _collect_frames(case)
    for frame, subjects in frames.items():
        usual, times = subjects.most_common(1)[0]
        odd = [s for s, n in subjects.items() if n == 1]
        if times >= OFTEN and len(odd) == 1 and len(subjects) == 2:
            at = case.string.find(odd[0] + frame)
            if at >= 0 and not _share_an_end(usual, odd[0]):
                evidence = Evidence(belief=0.35, compare_with=usual + frame)
                yield Proposal(WORDING, at, at + len(odd[0]), usual, evidence)
                return


def _collect_frames(case: DetectorInput) -> dict[str, Counter[str]]:
    """Return for each frame the words between the start of a clause and it, with counts.

    A frame begins at the third to fifth word, after three to six characters (judgement).
    """
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


def _share_an_end(a: str, b: str) -> bool:
    """Tell whether two subjects begin or end alike, as members of a series do."""
    return a[0] == b[0] or a[-1] == b[-1]


def _detect_bare_suffixes(case: DetectorInput) -> Iterator[Proposal]:
    """Ask about suffixes whose stem is gone, twice on a page: 传统制办公家具."""
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
                yield Proposal(WORDING, at, at + 1, word, Evidence(belief=0.35))


DETECTOR = Detector(
    WORDING,
    detect_odd_wording,
    examples=(
        (
            "今年全市粮食产量增加。今年全市粮食产量稳定。今年全市粮食产量喜人。近来本地粮食产量增加。",
            "今年全市粮食产量增加。今年全市粮食产量稳定。今年全市粮食产量喜人。今年全市粮食产量增加。",
        ),
    ),
    counterexamples=("与先进地区相比，我市还有不小差距。市长指出，差距主要体现在产业层次上。",),
)
