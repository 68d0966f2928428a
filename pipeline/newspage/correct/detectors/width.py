"""Half-width marks in Chinese text, which recognisers write and printers do not set."""

import re
from collections.abc import Iterator
from itertools import accumulate

from newspage.chinese import is_han
from newspage.correct.case import DetectorInput
from newspage.correct.detector import Detector, Phase
from newspage.correct.proposal import Proposal
from newspage.correct.rule import Rule, RuleWords
from newspage.correction_evidence import Evidence
from newspage.spacing import is_spaced

WIDTH = Rule(
    "width",
    en=RuleWords("Width of a mark", "a half-width mark in Chinese text"),
    zh=RuleWords("标点全半角", "半角标点"),
    minor=True,
)
FULL = {",": "，", ";": "；", ":": "：", "!": "！", "?": "？", "(": "（", ")": "）"}
"""The full-width form of each half-width mark."""
BELIEF = 0.999
"""Belief in a full-width mark. Judgement: corrected from the text alone."""
_MARK = re.compile(r"[,;:!?()]")
"""A mark of half width that has a full-width form."""
_WIDE = "，。；：！？、（）“”‘’《》—…「」『』"
"""Marks of full width."""


def detect_half_width_marks(case: DetectorInput) -> Iterator[Proposal]:
    """Propose the full-width mark for a half-width one in Chinese running text."""
    for block, string in case.text.bodies:
        if is_spaced(string):
            continue
        pairs = _pair_brackets(string)
        chinese = list(accumulate((is_han(c) for c in string), initial=0)) if pairs else []
        for found in _MARK.finditer(string):
            i = found.start()
            if string[i] in "()":
                start, end = sorted((i, pairs.get(i, i)))
                proper = i in pairs and chinese[end] > chinese[start]
            else:
                proper = _chinese_beside(string, i)
            if proper:
                at = block.start + i
                yield Proposal(WIDTH, at, at + 1, FULL[found[0]], Evidence(belief=BELIEF))


def _chinese_beside(string: str, i: int) -> bool:
    """Tell whether a mark belongs to Chinese, not to a number, a time or a Latin phrase."""
    before = string[i - 1] if i else ""
    after = string[i + 1] if i + 1 < len(string) else ""
    if before.isdigit() and after.isdigit():
        return False
    return _is_wide(before) or (_is_wide(after) and before != " ")


def _is_wide(character: str) -> bool:
    """Tell whether a character is an ideograph or a mark of full width."""
    return bool(character) and (is_han(character) or character in _WIDE)


def _pair_brackets(string: str) -> dict[int, int]:
    """Return for each bracket that has a partner the offset of the partner."""
    pairs, open_ = {}, []
    for i, c in enumerate(string):
        if c in "(（":
            open_.append(i)
        elif c in ")）" and open_:
            j = open_.pop()
            pairs[i], pairs[j] = j, i
    return pairs


DETECTOR = Detector(
    WIDTH,
    detect_half_width_marks,
    examples=(
        (
            "会议指出,要抓好落实;有关部门(单位)负责人参加会议。",
            "会议指出，要抓好落实；有关部门（单位）负责人参加会议。",
        ),
    ),
    counterexamples=("上午9:30开工，共投入资金1,280,000元，比例为3:2。",),
    phase=Phase.MARKS,
)


BESIDE_WIDE_MARKS = Detector(
    WIDTH,
    detect_half_width_marks,
    examples=(
        (
            "他问：“真的吗”!",
            "他问：“真的吗”！",
        ),
    ),
    counterexamples=("上午9:30开工，共投入资金1,280,000元，比例为3:2。",),
)
"""The same once more, for marks beside those that the first time made wide."""
