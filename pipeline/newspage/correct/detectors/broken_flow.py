"""Paragraphs that were cut where a column, a block or a page ended."""

import re
from collections.abc import Iterator
from dataclasses import replace
from itertools import pairwise

from newspage.chinese import is_han
from newspage.correct.case import CLOSING, TERMINAL, DetectorInput
from newspage.correct.detector import Detector, Phase
from newspage.correct.proposal import Proposal
from newspage.correct.rule import Rule, RuleWords
from newspage.correction_evidence import Evidence
from newspage.edits import TextPart

FLOW_SPLIT = Rule(
    "flow-split",
    en=RuleWords("Broken paragraph", "a paragraph cut at the end of a column or page"),
    zh=RuleWords("段落断开", "段落在栏末或页末被切断"),
)
MIN_BODY = 20
"""Characters before a break under which the part is taken for a heading or a signature.
Judgement."""
LONG_ENOUGH = 30
"""Characters of running text after a break that no headline has. Judgement."""
DASHES = "—－─"
"""Marks at the end of a part that announce the next one."""
TORN_WORD = 0.998
"""Belief from which a break runs through a word or a clause. Only there are the words better
evidence than the layout, which left the break in place. Judgement."""
DOUBTED_BREAK = 0.5
"""Belief of any other break on a page that was just read: a person is asked."""
FRAGMENT = 3
"""Most characters on both sides of a break that are no clause. Judgement: between two marks more is
said."""
COLUMN = 80
"""Characters before a break that no caption or signature has. Judgement."""
_OPENER = re.compile(
    r"(第?[一二三四五六七八九十]+(是|要|、|，|,)|[（(][一二三四五六七八九十\d]+[）)]|\d+[.、．]|[•●■▲◆★]"
    r"|本报讯|本报记者|新华社|据新华社|据悉|[本新]?[一-龥]{2,4}[电讯]"
    r"|[（(](附|图|本报|新华|记者|作者|据|完))"
)
"""Beginnings of a new paragraph: a number, a bullet, the source of a report, a credit."""
_RUNNING = re.compile(r"[，,。；;、]")
"""A mark that running text has and headings seldom have."""


def detect_broken_flow(case: DetectorInput) -> Iterator[Proposal]:
    """Propose to remove a break between two parts of running text inside a sentence."""
    blocks = case.text.blocks
    if not _finishes_sentences(case):
        return
    for a, b in pairwise(blocks):
        if a.body and b.body and _may_go_on(case, a, b):
            belief = _belief(case, a, b)
            yield Proposal(FLOW_SPLIT, a.end, b.start, "", Evidence(belief=belief))


def doubt_whole_words(proposal: Proposal, _: DetectorInput) -> Proposal:
    """Return the proposal, its belief lowered unless the break goes through a word.

    The layout of the page left the break in place.
    """
    if (proposal.evidence.belief or 0.0) >= TORN_WORD:
        return proposal
    return replace(proposal, evidence=replace(proposal.evidence, belief=DOUBTED_BREAK))


def _finishes_sentences(case: DetectorInput) -> bool:
    """Tell whether half the paragraphs or more end in a full stop; old prints had none."""
    ends = [case.string[b.end - 1] in TERMINAL for b in case.text.blocks if b.body]
    return 2 * sum(ends) >= len(ends) > 0


def _may_go_on(case: DetectorInput, a: TextPart, b: TextPart) -> bool:
    """Tell whether the sentence at the end of `a` may go on in `b`."""
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
    """Return the probability that a sentence runs over the break.

    The best signs are across it: a comma, an open bracket, a word cut in two (0.999). From 0.99 on
    the break is removed from the text alone; below, a person is asked (judgement).
    """
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


DETECTOR = Detector(
    FLOW_SPLIT,
    detect_broken_flow,
    examples=(
        (
            "经过两年多的建设，总投资三亿元的河道治理工\n\n程昨日通过验收，沿岸十二个村的群众从此不再受水患之苦。",
            "经过两年多的建设，总投资三亿元的河道治理工程昨日通过验收，沿岸十二个村的群众从此不再受水患之苦。",
        ),
    ),
    counterexamples=(
        "江州启动老城水网修复工程\n\n昨日上午，工程在青石桥畔正式启动，惠及沿河两万余户居民。",
    ),
    phase=Phase.BREAKS,
    refine=doubt_whole_words,
)
