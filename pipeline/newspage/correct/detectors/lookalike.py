"""Characters read for others that look like them, judged by the words around."""

from collections.abc import Iterator, Sequence

from newspage.correct.case import Clause, DetectorInput, is_all_chinese
from newspage.correct.detector import Detector
from newspage.correct.detectors.person_names import AFTER, BEFORE, SURNAMES
from newspage.correct.proposal import Proposal
from newspage.correct.rule import Rule, RuleWords
from newspage.correction_evidence import Evidence

LOOK_ALIKE = Rule(
    "look-alike",
    en=RuleWords("Look-alike", "a character that looks like another"),
    zh=RuleWords("形近字", "形近字"),
    guarded=True,
)
MIN_GAIN = 7.0
"""Nats by which the text must get likelier. Judgement."""
MIN_GAIN_TRADITIONAL = 10.0
"""The same in traditional print, whose words the list knows less well."""
REACH = 4
"""Ideographs on each side that are weighed with the character. Judgement."""
SURE_GAIN = 12.0
"""Nats from which the belief is 0.8 instead of 0.5. Judgement."""
NAME = 3
"""Most characters of a person's name."""
_OFFICES = frozenset((*BEFORE, *AFTER))
"""Offices before and after a name."""


def detect_look_alikes(case: DetectorInput) -> Iterator[Proposal]:
    """Propose the look-alike that makes a word of characters that stand alone."""
    if not case.fluent:
        return
    confusions = case.dictionaries.confusions
    for clause in case.clauses:
        block = case.text.block_at(clause.start)
        if block is None or not block.body:
            continue
        for number, at, word in clause.placed:
            others = confusions.get(word, "") if len(word) == 1 else ""
            if others and _alone_beside(clause.words, number) and not _is_in_name(clause, number):
                yield from _propose_better(case, at, word, others)


def _alone_beside(words: Sequence[str], number: int) -> bool:
    """Tell whether a neighbour is a single character too."""
    beside = (*words[max(0, number - 1) : number], *words[number + 1 : number + 2])
    return any(len(w) == 1 for w in beside)


def _is_in_name(clause: Clause, number: int) -> bool:
    """Tell whether the character belongs to a person's name by its look.

    One to three characters that stand alone, a surname first: between two marks, after an office,
    or before one.
    """
    words = clause.words
    first = number
    while first and number - first < NAME - 1 and len(words[first - 1]) == 1:
        first -= 1
    for start in range(first, number + 1):
        if words[start] in SURNAMES:
            beside = (*words[max(0, start - 1) : start], *words[number + 1 : number + 2])
            alone = not start and len(words) <= NAME + 1 and sum(map(len, words)) <= NAME + 1
            if alone or any(word in _OFFICES for word in beside):
                return True
    return False


def _propose_better(case: DetectorInput, at: int, stands: str, others: str) -> Iterator[Proposal]:
    """Propose the look-alike that makes the likeliest words, if it gains enough.

    A character that the page repeats is left alone: in the same pair, or within six characters
    (judgement).
    """
    string = case.string
    wide = string[max(0, at - 6) : at + 7]
    pairs = (string[max(0, at - 1) : at + 1], string[at : at + 2])
    if any(case.count_occurrences(p) > 1 for p in pairs if is_all_chinese(p) and len(p) == 2):
        # The same two characters together again: a term or a name of this page.
        return
    if wide.count(stands) > 1 or case.is_quoted(at):
        return
    beside = string[max(0, at - 1) : at + 2]
    gains = {
        o: case.language.measure_gain(string, at, at + 1, o, REACH)
        for o in others
        if o not in beside
    }
    if not gains:
        return
    other, gain = max(gains.items(), key=lambda item: item[1])
    least = MIN_GAIN if not case.traditional else MIN_GAIN_TRADITIONAL
    if gain >= least and _makes_word(case, at, other):
        belief = 0.8 if gain >= SURE_GAIN else 0.5
        evidence = Evidence(belief=belief, word_gain=gain, compare_with=stands + other)
        yield Proposal(LOOK_ALIKE, at, at + 1, other, evidence)


def _makes_word(case: DetectorInput, at: int, other: str) -> bool:
    """Tell whether the new character is part of a listed word of its surroundings."""
    string = case.string
    low, high = max(0, at - REACH), at + 1 + REACH
    cut = case.language.split_words(string[low:at] + other + string[at + 1 : high])
    place = low
    for word in cut:
        if place <= at < place + len(word):
            return len(word) > 1
        place += len(word)
    return False


DETECTOR = Detector(
    LOOK_ALIKE,
    detect_look_alikes,
    examples=(
        (
            "各地要加强田间管埋，确保夏粮丰收。",
            "各地要加强田间管理，确保夏粮丰收。",
        ),
    ),
    counterexamples=("当选的有王义明、田期玉、周士元、曾文仲、丁千里、江永年等六人。",),
)
