"""English words in Chinese prose, put there by a system that translated instead of reading."""

import re
from collections.abc import Iterator

from newspage.chinese import is_han
from newspage.correct.case import DetectorInput
from newspage.correct.detector import Detector
from newspage.correct.dictionaries import KEEP
from newspage.correct.proposal import Proposal
from newspage.correct.rule import Rule, RuleWords
from newspage.correction_evidence import Evidence

STRAY_LATIN = Rule(
    "stray-latin",
    en=RuleWords("Stray Latin", "a foreign word in Chinese prose"),
    zh=RuleWords("混入外文", "混入外文"),
)
TRANSLATED = 0.995
"""Belief in a translation that the dictionary has. Judgement: corrected from the text alone."""
UNKNOWN = 0.3
"""Belief that a word not listed is out of place. Judgement: just enough to ask a person."""
_WORD = re.compile(r"(?<![A-Za-z0-9&'.@/_\-])( ?)([A-Za-z]+)( ?)(?![A-Za-z0-9&'.@/_\-])")
"""A Latin word with the spaces around it that belongs to no address, name or formula."""


def detect_stray_latin(case: DetectorInput) -> Iterator[Proposal]:
    """Propose the Chinese word for a stray English one.

    A lower-case word that is not listed becomes a question.
    """
    latin = case.dictionaries.latin
    for block, string in case.text.bodies:
        for found in _WORD.finditer(string):
            word = found[2]
            meant = latin.get(word.lower())
            if not word.islower() or meant == KEEP or not _between_chinese(string, found):
                continue
            start, end = block.start + found.start(), block.start + found.end()
            if meant is not None:
                evidence = Evidence(belief=TRANSLATED, entry=word, source="latin")
                yield Proposal(STRAY_LATIN, start, end, meant, evidence)
            elif len(word) > 2 and case.count_occurrences(word) == 1:
                yield Proposal(STRAY_LATIN, start, end, found[0], Evidence(belief=UNKNOWN))


def _between_chinese(string: str, found: "re.Match[str]") -> bool:
    """Tell whether ideographs stand directly before and after the word."""
    start, end = found.span()
    inside = start > 0 and end < len(string)
    return inside and is_han(string[start - 1]) and is_han(string[end])


DETECTOR = Detector(
    STRAY_LATIN,
    detect_stray_latin,
    examples=(
        (
            "凡在河道内取土 or 倾倒垃圾的，一律依法处理。",
            "凡在河道内取土或倾倒垃圾的，一律依法处理。",
        ),
    ),
    counterexamples=("投稿请发至editor@jiangzhou.example，或登录www.jiangzhou.example查询。",),
)
