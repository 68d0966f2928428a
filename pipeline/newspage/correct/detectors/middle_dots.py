"""Marks in the middle of their cell, as print of Hong Kong and Taiwan has them, read as dots.

The same dot divides the names of foreigners, a book and its chapter, the month and the day of an
event. Three things tell them apart: a page whose commas were read as dots has more of those than
commas; names are set in characters that render sounds; and the other classes the lattice has there
say which mark it is, the comma, the enumeration comma or the full stop.
"""

import re
from collections import Counter
from collections.abc import Iterator, Mapping
from dataclasses import replace
from itertools import pairwise

import numpy as np
from numpy.typing import NDArray

from newspage.chinese import map_to_simplified
from newspage.correct.case import DetectorInput
from newspage.correct.ctc_scores import Alphabet
from newspage.correct.detector import Detector, Phase
from newspage.correct.evidence_weights import SEEN_MARKS
from newspage.correct.proposal import Proposal
from newspage.correct.rule import Rule, RuleWords
from newspage.correction_evidence import Evidence
from newspage.lattice import Lattice
from newspage.model import TextLine

MIDDLE_DOT = Rule(
    "middle-dot",
    en=RuleWords("Mark read as a dot", "a mark in the middle of its cell, read as a dot"),
    zh=RuleWords("标点认作间隔号", "居中的标点被认作间隔号"),
    weights=None,
    weights_compared=SEEN_MARKS,
)
MARKS = "，、。"
"""The marks a dot may stand for."""
DOTS = "·・•‧"
"""The characters that recognisers write for a dot in the middle."""
FEW = 5
"""Least number of dots on a page that tells what they stand for. Judgement."""
PREVAILING, DOUBTED = 0.985, 0.25
"""Beliefs that a dot is a mark, from the text alone: where dots outnumber commas, and elsewhere.
Judgement: neither is corrected without a scan, the second is not even shown."""
CLEAR, LIKELY, ASKED, REFUSED = 0.98, 0.8, 0.6, 0.1
"""Beliefs that a dot is a mark, with the lattice: from the clear case to the refused one. On two
small-type pages of our own, where 500 marks were read as dots and ten dots as what they are, the
likeliest mark was the right one 431 times, and 234 times of 237 where it was `MARGIN` likelier than
the next."""
MARGIN = 2.0
"""Nats by which the likeliest mark is likelier than the next where it is clear; measured as
above."""
DOT_ITSELF = (-6.0, -4.0)
"""Log-odds of the mark over the dot under which the dot is a dot: where dots outnumber commas and
no mark is clear, and on a page that has commas. Judgement."""
NAMED = -1.0
"""The same where the dot may divide a name. Judgement."""
TITLE = 40
"""Most characters of a title before the dot."""
SOUNDS = 3
"""Characters that render sounds, on both sides together, that make a name. Judgement."""
_HAN = "一-龥"
"""Range of ideographs, for patterns."""
_DOT = re.compile(rf"(?<=[{_HAN}])[{DOTS}](?=[{_HAN}])")
"""A dot between two ideographs."""
_COMMA = re.compile(rf"(?<=[{_HAN}])[，,](?=[{_HAN}])")
"""A comma between two ideographs."""
_NUMERALS = frozenset("〇零一二三四五六七八九十")
"""Numerals of days that are called by their date (一二·九)."""
_RENDERS = frozenset(
    "阿埃艾爱安奥澳巴班邦鲍贝彼宾伯博布查达丹德邓狄迪蒂丁杜顿厄恩尔法菲费芬佛夫弗福盖冈戈格古圭哈赫"
    "亨洪胡霍吉季贾杰金津卡凯坎康考柯克肯孔库拉莱赖兰朗劳勒雷黎莉丽廉琳卢鲁伦罗洛马玛迈麦曼芒梅蒙米"
    "密敏摩莫默姆穆拿纳娜瑙尼妮宁纽努诺欧帕潘庞佩彭皮珀普奇齐乔切琼丘荣茹瑞萨塞赛桑森沙尚绍舍申圣施"
    "史舒斯丝苏孙索塔泰坦汤唐陶特滕图托瓦旺威韦维魏温翁沃乌伍武西希锡夏香谢辛欣雄休逊雅亚扬耶伊依英"
    "尤约泽扎詹珍朱茨兹佐吾买翰蕾薇娅娃妲琪茜珊莎芭葛霖居里利加科基多"
)
"""Characters that transcriptions of foreign names are made of, in simplified form."""


def detect_middle_dots(case: DetectorInput) -> Iterator[Proposal]:
    """Propose a comma for each dot between two ideographs, as surely as the page tells."""
    page = case.page or case.string
    prevail = _dots_prevail(page)
    around = Counter(page[m.start() - 2 : m.start() + 3] for m in _DOT.finditer(page))
    listed = {i for m in case.known for i in range(m.start, m.end) if case.string[i] in DOTS}
    for block in case.text.blocks:
        string = case.text.read_part(block)
        for found in _DOT.finditer(string):
            if _in_title(string, found.start()):
                continue
            at = block.start + found.start()
            twice = around[case.string[at - 2 : at + 3]] > 1
            named = not block.body or at in listed or twice or _parts_a_name(string, found.start())
            belief = PREVAILING if prevail and not named else DOUBTED
            evidence = Evidence(belief=belief, may_be_name=named)
            yield Proposal(MIDDLE_DOT, at, at + 1, MARKS[0], evidence)


def choose_mark_by_lattice(proposal: Proposal, case: DetectorInput) -> Proposal:
    """Return the proposal with the mark that the lattice shows; as it is without a lattice."""
    if not case.text.chars:
        return proposal
    char = case.text.chars[proposal.start]
    line = case.printed.lines.get(char.line)
    odds = _score_marks(line, char.glyph, case.printed.alphabet)
    return proposal if odds is None else _choose_mark(proposal, odds)


def _choose_mark(proposal: Proposal, odds: Mapping[str, float]) -> Proposal:
    """Return the proposal of the likeliest mark, with its belief.

    `odds` are the log-odds of each mark over the dot.
    """
    mark, second = sorted(odds, key=lambda m: -odds[m])[:2]
    clear = odds[mark] - odds[second] >= MARGIN
    if proposal.evidence.may_be_name:
        belief = ASKED if clear and odds[mark] >= NAMED else REFUSED
    elif proposal.evidence.belief == PREVAILING:
        belief = CLEAR if clear else LIKELY if odds[mark] >= DOT_ITSELF[0] else REFUSED
    else:
        belief = ASKED if clear and odds[mark] >= DOT_ITSELF[1] else REFUSED
    evidence = replace(proposal.evidence, belief=belief, image_log_odds=round(odds[mark], 2))
    return replace(proposal, proposed=mark, evidence=evidence)


def _score_marks(line: TextLine | None, glyph: int, letters: Alphabet) -> dict[str, float] | None:
    """Return the log-odds of each mark over the dot that a glyph was read as.

    Of each the likeliest step counts, among those of the glyph and the one on each side. None
    without a lattice that fits the glyphs.
    """
    if line is None or line.lattice is None or not 0 <= glyph < len(line.glyphs):
        return None
    best = line.lattice.classes[:, 0]
    edges = [0, *(np.flatnonzero(np.diff(best)) + 1).tolist(), len(best)]
    runs = [(s, e) for s, e in pairwise(edges) if best[s] != 0]
    if len(runs) != len(line.glyphs):
        return None
    near = slice(max(0, runs[glyph][0] - 1), runs[glyph][1] + 1)
    steps = replace(
        line.lattice,
        classes=line.lattice.classes[near],
        log_probs=line.lattice.log_probs[near],
        positions=line.lattice.positions[near],
    )
    own = _greatest_log_prob(steps, letters.classes.get(line.glyphs[glyph].text, ()))
    return {mark: _greatest_log_prob(steps, letters.classes.get(mark, ())) - own for mark in MARKS}


def _greatest_log_prob(steps: Lattice, wanted: tuple[int, ...]) -> float:
    """Return the greatest log-probability of some classes over the steps.

    A class that the lattice leaves out gets that of the last class it has.
    """
    log_probs: NDArray[np.float64] = steps.log_probs.astype(np.float64)
    kept = np.where(np.isin(steps.classes, wanted), log_probs, -np.inf).max(axis=1)
    return float(np.maximum(kept, log_probs.min(axis=1)).max())


def _dots_prevail(page: str) -> bool:
    """Tell whether dots that divide no names outnumber the commas of a page."""
    dots = [m for m in _DOT.finditer(page) if not _between_sounds(page, m.start())]
    return len(dots) >= FEW and len(dots) > len(_COMMA.findall(page))


def _in_title(string: str, at: int) -> bool:
    """Tell whether a place lies inside title marks, where a dot divides book and chapter."""
    before = string[max(0, at - TITLE) : at]
    return any(before.rfind(a) > before.rfind(b) for a, b in ("《》", "〈〉"))


def _parts_a_name(string: str, at: int) -> bool:
    """Tell whether a dot may divide the name of a person or of a day (一二·九)."""
    return _between_sounds(string, at) or {string[at - 1], string[at + 1]} <= _NUMERALS


def _between_sounds(string: str, at: int) -> bool:
    """Tell whether characters that render sounds stand on both sides of a place."""
    before = _sounds(string[max(0, at - SOUNDS) : at][::-1])
    after = _sounds(string[at + 1 : at + 1 + SOUNDS])
    return min(before, after) > 0 and before + after >= SOUNDS


def _sounds(string: str) -> int:
    """Return how many characters, from the start of a string, render sounds."""
    count = 0
    for c in string.translate(map_to_simplified()):
        if c not in _RENDERS:
            break
        count += 1
    return count


DETECTOR = Detector(
    MIDDLE_DOT,
    detect_middle_dots,
    examples=(
        (
            "昨日下午·市長視察碼頭·聽取匯報後表示·工程進展順利·年底前完工·市民可以放心。",
            "昨日下午，市長視察碼頭，聽取匯報後表示，工程進展順利，年底前完工，市民可以放心。",
        ),
    ),
    counterexamples=(
        "约翰·史密斯、玛丽·居里、加西亚·马尔克斯、唐纳德·特朗普、鲍里斯·约翰逊、列夫·托尔斯泰。",
    ),
    phase=Phase.MARKS,
    refine=choose_mark_by_lattice,
)
