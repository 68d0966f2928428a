"""A paragraph cut where a column, a block or a page ended."""

import re
from collections.abc import Iterator
from itertools import pairwise

from newspage.chinese.word_list import is_han
from newspage.correct.case import CLOSING, TERMINAL, DetectorInput
from newspage.correct.proposal import Proposal, Rule
from newspage.edits.flat_text import TextPart

MIN_BODY = 20
"""Characters without which a block is taken for a heading or a signature."""
LONG_ENOUGH = 30
"""Characters of running text that are no headline by chance."""
DASHES = "—－─"
"""Marks that announce what the next paragraph says."""
FRAGMENT = 3
"""Characters of a clause that is none: between two marks more is said."""
COLUMN = 80
"""Characters before a break that no caption or signature has."""
_OPENER = re.compile(
    r"(第?[一二三四五六七八九十]+(是|要|、|，|,)|[（(][一二三四五六七八九十\d]+[）)]|\d+[.、．]|[•●■▲◆★]"
    r"|本报讯|本报记者|新华社|据新华社|据悉|[本新]?[一-龥]{2,4}[电讯]"
    r"|[（(](附|图|本报|新华|记者|作者|据|完))"
)
_RUNNING = re.compile(r"[，,。；;、]")


def detect_broken_flow(case: DetectorInput) -> Iterator[Proposal]:
    """The break between two blocks of running text taken out where the sentence goes on."""
    blocks = case.text.blocks
    if not _finishes_sentences(case):
        return
    for a, b in pairwise(blocks):
        if a.body and b.body and _goes_on(case, a, b):
            belief = _belief(case, a, b)
            yield Proposal(Rule.FLOW_SPLIT, a.end, b.start, "", {"belief": belief})


def _finishes_sentences(case: DetectorInput) -> bool:
    """Whether paragraphs of this text end in a full stop at all; old prints knew none."""
    ends = [case.string[b.end - 1] in TERMINAL for b in case.text.blocks if b.body]
    return 2 * sum(ends) >= len(ends) > 0


def _goes_on(case: DetectorInput, a: TextPart, b: TextPart) -> bool:
    before, after = case.text.read_part(a), case.text.read_part(b)
    return (
        len(before) >= MIN_BODY
        and len(after) >= 2
        and bool(_RUNNING.search(before))
        and before[-1] not in TERMINAL + DASHES
        and not _OPENER.match(after)
        and bool(is_han(after[0]) or after[0] in "，、。；：,;:”“《（(0123456789" + CLOSING)
    )


def _belief(case: DetectorInput, a: TextPart, b: TextPart) -> float:
    """How surely the sentence runs over the break; the words across it are the best sign."""
    before, after = case.text.read_part(a), case.text.read_part(b)
    if before[-1] in "、，,；;" or after[0] in "，、。；：,;:”》）)":
        return 0.999
    if any(before.count(x) > before.count(y) and y in after for x, y in ("（）", "《》", "“”")):
        return 0.999
    if not case.fluent:
        return 0.99 if len(after) >= LONG_ENOUGH else 0.9
    left, right = before[-6:], after[:6]
    words = case.language.split_words(left + right)
    at = 0
    for word in words:
        if at < len(left) < at + len(word):
            return 0.999
        at += len(word)
    if max(len(_RUNNING.split(before)[-1]), len(_RUNNING.split(after)[0])) <= FRAGMENT:
        return 0.993
    running = len(after) >= LONG_ENOUGH and _RUNNING.search(after)
    return 0.993 if running and len(before) >= COLUMN else 0.9
