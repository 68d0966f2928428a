"""Words and phrases that were set or read twice in a row."""

import re
from collections.abc import Iterator
from dataclasses import replace

from newspage.correct.case import DetectorInput
from newspage.correct.detector import Detector
from newspage.correct.proposal import Proposal
from newspage.correct.rule import Rule, RuleWords
from newspage.correction_evidence import Evidence

ECHO = Rule(
    "echo",
    en=RuleWords("Echo", "a word is repeated"),
    zh=RuleWords("回声", "字词重出"),
)
_RETURN = re.compile(r"([一-龥]{2})([一-龥]{2})(?=\1(?:[，。；、,;！？!?]|$))")
"""Two words of two characters, and the first again before a mark."""
_TAIL = re.compile(r"(?<=[一-龥])([一-龥]{2,4})的\1(?=[，。；,;]|$)")
"""A word, 的, and the same word again before a mark."""
_TWICE = re.compile(r"([一-龥]{2,20}?)\1")
"""A stretch of 2 to 20 characters, twice in a row."""
_FUNCTION = re.compile(r"([的了在是和与对把从被为将及])\1")
"""A particle or preposition twice in a row."""
LONG = 8
"""Characters that nobody says twice in a row, not even in a slogan. Judgement."""
RHETORIC = frozenset("再又越更还一个次天年日步层点些件条片块堆排串批圈")
"""Characters that make a repetition a figure of speech or a measure. Some of them were collected
from a month of a real daily."""

NUMERALS = frozenset("一二两三四五六七八九十几")
"""Numerals, after which a doubled character may be a measure."""
WORD = 4
"""Characters of the longest word that is looked for across the seam of two copies."""


def detect_repetitions(case: DetectorInput) -> Iterator[Proposal]:
    """Propose to delete repetitions; longer ones inside quotations stay."""
    for block, string in case.text.bodies:
        for proposal in _detect_in_part(case, string):
            start, end = block.start + proposal.start, block.start + proposal.end
            if end - start < 3 or not case.is_quoted(start):
                yield replace(proposal, start=start, end=end)


def _detect_in_part(case: DetectorInput, string: str) -> Iterator[Proposal]:
    """Yield the repetitions in one part of a text, offsets in that part."""
    yield from _detect_returning(case, string)
    yield from _detect_tails(string)
    yield from _detect_doubled(case, string)
    yield from _detect_doubled_particles(case, string)


def _detect_returning(case: DetectorInput, string: str) -> Iterator[Proposal]:
    """Yield the word that comes back after a pair known without it: 落地落实落地."""
    for found in _RETURN.finditer(string):
        a, b = found[1], found[2]
        if a + b in case.language:
            # 社会主义社会: the pair is one word and says of what kind the second is.
            continue
        before = string[max(0, found.start() - 2) : found.start()]
        if a == b or before in (a, b) or RHETORIC & set(a + b):
            continue
        pair, start = a + b, found.end()
        elsewhere = case.count_occurrences(pair) - case.count_occurrences(pair + a)
        if pair in case.dictionaries.by_text or (elsewhere > 0 and case.fluent):
            evidence = Evidence(belief=0.993, compare_with=pair)
            yield Proposal(ECHO, start, start + len(a), "", evidence)


def _detect_tails(string: str) -> Iterator[Proposal]:
    """Yield the word that comes again after 的: 各地条件的条件. A person is asked."""
    for found in _TAIL.finditer(string):
        evidence = Evidence(belief=0.5, compare_with=found[1])
        yield Proposal(ECHO, found.start(), found.end(1), "", evidence)


def _detect_doubled(case: DetectorInput, string: str) -> Iterator[Proposal]:
    """Yield words set twice in a row; those of two characters only where they are nouns."""
    for found in _TWICE.finditer(string):
        unit = found[1]
        if RHETORIC & set(unit) or len(set(unit)) == 1 or not case.fluent:
            continue
        if len(unit) == 2 and not case.language.tag_word(unit).startswith("n"):
            continue
        if string[found.end() : found.end() + 1] in RHETORIC:
            continue
        if len(unit) == 2 and _seam_is_between_words(case, string, found.end(1)):
            continue
        belief = 0.993 if len(unit) >= LONG else 0.9 if len(unit) >= 3 else 0.6
        evidence = Evidence(belief=belief, compare_with=unit)
        yield Proposal(ECHO, found.end(1), found.end(), "", evidence)


def _detect_doubled_particles(case: DetectorInput, string: str) -> Iterator[Proposal]:
    """Yield doubled particles (的的, 在在), outside a word that has them so.

    Three nats of gain are required (judgement).
    """
    for found in _FUNCTION.finditer(string):
        around = string[max(0, found.start() - 1) : found.end() + 1]
        words = case.language.split_words(around)
        if not case.fluent or any(found[0] in w for w in words):
            continue
        if (
            _seam_is_between_words(case, string, found.start() + 1)
            or string[found.start() - 1] in NUMERALS
        ):
            continue
        gain = case.language.measure_gain(string, found.start() + 1, found.end(), "", reach=3)
        if gain > 3:
            evidence = Evidence(belief=0.9, compare_with=found[1], word_gain=gain)
            yield Proposal(ECHO, found.start() + 1, found.end(), "", evidence)


def _seam_is_between_words(case: DetectorInput, string: str, seam: int) -> bool:
    """Tell whether a word ends or begins at a seam that reaches beyond one copy.

    目的|的, 了|了解, 火山|火山口: the copies belong to different words.
    """
    size = seam - string.rfind(string[seam], 0, seam)
    reach = range(size + 1, size + WORD)
    ends = (string[max(0, seam - n) : seam] for n in reach)
    begins = (string[seam : seam + n] for n in reach)
    return any(len(w) > size and w in case.language for w in (*ends, *begins))


DETECTOR = Detector(
    ECHO,
    detect_repetitions,
    examples=(
        (
            "推动中央和省市各项部署落地落实落地，确保全年目标完成。",
            "推动中央和省市各项部署落地落实，确保全年目标完成。",
        ),
    ),
    counterexamples=("当前首要的任务就是落实落实再落实、实干实干再实干。",),
)
