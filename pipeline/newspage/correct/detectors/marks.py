"""Punctuation: quotation marks and brackets without their partner, marks that are missing."""

import re
from collections.abc import Iterator

from newspage.chinese import is_han
from newspage.correct.case import CLAUSE, CLOSING, SENTENCE, TERMINAL, DetectorInput
from newspage.correct.detector import Detector
from newspage.correct.evidence_weights import ASKED_MARKS, SEEN_MARKS
from newspage.correct.proposal import Proposal
from newspage.correct.rule import Rule, RuleWords
from newspage.correction_evidence import Evidence
from newspage.edits import TextPart
from newspage.spacing import is_spaced

PUNCTUATION = Rule(
    "punctuation",
    en=RuleWords("Punctuation", "punctuation"),
    zh=RuleWords("标点", "标点"),
    weights=ASKED_MARKS,
    weights_compared=SEEN_MARKS,
)
PAIRS = tuple((p[0], p[1]) for p in ("“”", "‘’", "《》", "「」", "『』", "（）", "【】"))
"""Opening and closing marks."""
APOSTROPHE = "’"
"""A closing quotation mark that in Latin text is an apostrophe and pairs with nothing."""
CONNECTIVES = ("特别是", "尤其是")
"""Words before which a comma is often, but not always, set."""
MIN_PARAGRAPH = 20
"""Characters of the shortest paragraph that must end in a full stop. Judgement."""
_DOT = re.compile(r"(?<=[一-龥”）])[.．](?=[一-龥“]|$)")
"""A dot between ideographs, or at the end."""
_YEAR = re.compile(r"[’‘]\d{2}(?!\d)")
"""’98 for 1998: an apostrophe that pairs with nothing."""
_CREDIT = re.compile(r"(?<![—－─])[—－─]++ ?[一-龥]{2,12}$|[（(][^（()）]*$")
"""A name at the end of a paragraph, of who wrote it: no sentence."""


def detect_unpaired_marks(case: DetectorInput) -> Iterator[Proposal]:
    """Propose marks that pair or that are missing."""
    blocks = case.text.blocks
    for number, block in enumerate(blocks):
        if block.body:
            yield from _detect_unpaired(case, block)
            yield from _detect_missing_comma(case, block)
            following = blocks[number + 1] if number + 1 < len(blocks) else None
            yield from _detect_missing_stop(case, block, following)
            yield from _detect_unclosed(case, block, following)
            yield from _detect_dots(case, block)


def _detect_unpaired(case: DetectorInput, block: TextPart) -> Iterator[Proposal]:
    """Propose a closing mark for an opening one that stands twice.

    A closing mark that nothing opened becomes a question.
    """
    string = case.text.read_part(block)
    for opening, closing in PAIRS:
        if closing == APOSTROPHE and is_spaced(string):
            continue
        marks = [
            (i, c)
            for i, c in enumerate(string)
            if c in (opening, closing) and not _YEAR.match(string, i)
        ]
        depth = 0
        for number, (i, c) in enumerate(marks):
            depth += 1 if c == opening else -1
            following = marks[number + 1][1] if number + 1 < len(marks) else ""
            if depth == 2 and opening in "“《" and following != closing:
                evidence = Evidence(belief=0.85, compare_with=opening)
                at = block.start + i
                yield Proposal(PUNCTUATION, at, at + 1, closing, evidence)
                depth = 0
            elif depth < 0:
                at = block.start + i
                yield Proposal(
                    PUNCTUATION, at, at + 1, c, Evidence(belief=0.4, compare_with=opening)
                )
                depth = 0


def _detect_unclosed(
    case: DetectorInput, block: TextPart, following: TextPart | None
) -> Iterator[Proposal]:
    """Ask about a quotation that neither this paragraph nor the next one ends."""
    string = case.text.read_part(block)
    if string.count("“") == 0 or (
        following and following.body and "”" in case.text.read_part(following)
    ):
        return
    last = string.rfind("“")
    if string.count("“") == string.count("”") + 1 and "”" not in string[last:]:
        at = block.start + last
        yield Proposal(PUNCTUATION, at, at + 1, "“", Evidence(belief=0.6, compare_with="”"))


def _detect_dots(case: DetectorInput, block: TextPart) -> Iterator[Proposal]:
    """Propose full stops for dots.

    At the end of a paragraph the dot is a full stop; between two ideographs it may divide a foreign
    name, and a person is asked.
    """
    string = case.text.read_part(block)
    for found in _DOT.finditer(string):
        at = block.start + found.start()
        belief = 0.993 if found.end() == len(string) else 0.6
        yield Proposal(PUNCTUATION, at, at + 1, "。", Evidence(belief=belief))


def _detect_missing_comma(case: DetectorInput, block: TextPart) -> Iterator[Proposal]:
    """Propose the comma before 特别是 where the page has the same words with it elsewhere.

    Four characters before and twenty after must agree (judgement).
    """
    string = case.text.read_part(block)
    page = case.page or case.string
    # Looked up once: a hostile text repeats the same words to cost time.
    twins: dict[str, re.Match[str] | None] = {}
    for word in CONNECTIVES:
        for found in re.finditer(f"(?<=[一-龥]){word}", string):
            i = found.start()
            left, right = string[max(0, i - 4) : i], string[i : i + 20]
            if len(right) < 20:
                continue
            if left + right not in twins:
                twins[left + right] = re.search(f"{re.escape(left)}[，,]{re.escape(right)}", page)
            twin = twins[left + right]
            if twin:
                evidence = Evidence(belief=0.993, compare_with=twin[0])
                at = block.start + i
                yield Proposal(PUNCTUATION, at, at, "，", evidence)


def _detect_missing_stop(
    case: DetectorInput, block: TextPart, following: TextPart | None
) -> Iterator[Proposal]:
    """Propose the full stop at the end of a paragraph that clearly ends there."""
    string = case.text.read_part(block)
    if len(string) < MIN_PARAGRAPH or not any(c in CLAUSE + "，。" for c in string):
        return
    if _CREDIT.search(string):
        return
    if is_han(string[-1]) and string[-1] not in TERMINAL and _begins_new_part(case, following):
        evidence = Evidence(belief=0.7)
        yield Proposal(PUNCTUATION, block.end, block.end, "。", evidence)


def _begins_new_part(case: DetectorInput, following: TextPart | None) -> bool:
    """Tell whether the next part is no running text, or begins with a number or a bracket."""
    if following is None or not following.body:
        return True
    return bool(
        re.match(r"第?[一二三四五六七八九十]+[、，是]|[（(]", case.text.read_part(following))
    )


def ends_sentence(string: str) -> bool:
    """Tell whether a string ends as a finished sentence does."""
    return bool(string) and (string[-1] in SENTENCE or string[-1] in CLOSING)


DETECTOR = Detector(
    PUNCTUATION,
    detect_unpaired_marks,
    examples=(
        (
            "市里开展“清渠行动“以来，清出淤泥三万方。",
            "市里开展“清渠行动”以来，清出淤泥三万方。",
        ),
    ),
    counterexamples=("组委会决定，在’97烟花节的基础上办好’98国际风筝节，吸引更多游客前来。",),
)
