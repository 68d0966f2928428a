"""Half-width marks in Chinese text: the reader's habit, never the printer's."""

import re
from collections.abc import Iterator
from itertools import accumulate

from newspage.chinese.word_list import is_han
from newspage.correct.case import DetectorInput
from newspage.correct.proposal import Proposal, Rule
from newspage.spacing import is_spaced

FULL = {",": "，", ";": "；", ":": "：", "!": "！", "?": "？", "(": "（", ")": "）"}
BELIEF = 0.999
_MARK = re.compile(r"[,;:!?()]")
_WIDE = "，。；：！？、（）“”‘’《》—…「」『』"


def detect_wrong_width(case: DetectorInput) -> Iterator[Proposal]:
    """A full-width mark for each half-width one that stands in Chinese running text."""
    for block, string in case.text.bodies:
        if is_spaced(string):
            continue
        pairs = _brackets(string)
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
                yield Proposal(Rule.WIDTH, at, at + 1, FULL[found[0]], {"belief": BELIEF})


def _chinese_beside(string: str, i: int) -> bool:
    """Whether the mark belongs to Chinese, not to a number, a time or a Latin phrase."""
    before = string[i - 1] if i else ""
    after = string[i + 1] if i + 1 < len(string) else ""
    if before.isdigit() and after.isdigit():
        return False
    return _wide(before) or (_wide(after) and before != " ")


def _wide(character: str) -> bool:
    return bool(character) and (is_han(character) or character in _WIDE)


def _brackets(string: str) -> dict[int, int]:
    """For each half-width bracket the place of its partner."""
    pairs, open_ = {}, []
    for i, c in enumerate(string):
        if c in "(（":
            open_.append(i)
        elif c in ")）" and open_:
            j = open_.pop()
            pairs[i], pairs[j] = j, i
    return pairs
