"""Hyphens that break a word at the end of a printed line of Latin text."""

from collections.abc import Iterator

from newspage.correct.case import DetectorInput
from newspage.correct.detector import Detector, Phase
from newspage.correct.proposal import Proposal
from newspage.correct.rule import Rule, RuleWords
from newspage.correction_evidence import Evidence
from newspage.geometry import measure_overlap_1d
from newspage.hyphens import EITHER, ELSEWHERE, HYPHENS, Vocabulary, find_broken_word, score_hyphen
from newspage.model import TextLine

LINE_HYPHEN = Rule(
    "line-hyphen",
    en=RuleWords("Hyphen at a line's end", "a word parted at the end of a printed line"),
    zh=RuleWords("行末连字符", "行末断词的连字符"),
    judged_by_image=False,
)
REACH = 40
"""Most characters of half a word. Judgement."""
LEADING = 0.6
"""Most distance of the next line of a column from the line above, in heights of that line.
Judgement."""


def detect_line_hyphens(case: DetectorInput) -> Iterator[Proposal]:
    """Propose to delete a hyphen where the next printed line has the other half of the word.

    From the text of all lines the vocabulary of the page is taken.
    """
    chars, string, lines = case.text.chars, case.string, case.printed.lines
    places = [
        i
        for i in range(1, len(chars) - 1)
        if string[i] in HYPHENS and chars[i].line and chars[i].line != chars[i + 1].line
    ]
    seen = Vocabulary.of(line.text for line in lines.values()) if places else Vocabulary({})
    for i in places:
        halves = find_broken_word(string[max(0, i - REACH) : i + 1], string[i + 1 : i + 1 + REACH])
        belief = score_hyphen(*halves, seen) if halves else 0.0
        if halves and belief:
            if not _is_next_row(lines.get(chars[i].line), lines.get(chars[i + 1].line)):
                # The lines may be in a wrong order, and the two no halves of one word.
                belief = belief if belief == ELSEWHERE else min(belief, EITHER)
            twin = "".join(halves).lower() if belief == ELSEWHERE else ""
            evidence = Evidence(belief=belief, compare_with=twin)
            yield Proposal(LINE_HYPHEN, i, i + 1, "", evidence)


def _is_next_row(line: TextLine | None, other: TextLine | None) -> bool:
    """Tell whether the line `other` is right below `line`, in the same column."""
    if line is None or other is None or line.vertical or other.vertical:
        return False
    a, b = line.box, other.box
    shared = measure_overlap_1d(a.left, a.right, b.left, b.right)
    return shared > 0.5 * min(a.width, b.width) and abs(b.top - a.bottom) < LEADING * a.height


DETECTOR = Detector(
    LINE_HYPHEN,
    detect_line_hyphens,
    examples=(
        (
            "Wells said the cam-\npus had two houses",
            "Wells said the campus had two houses",
        ),
    ),
    counterexamples=("house for twenty-\nfive boats",),
    phase=Phase.LINES,
)
