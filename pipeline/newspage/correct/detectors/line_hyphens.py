"""The hyphen that parted a word at the end of a printed line taken out of the running text."""

from collections.abc import Iterator, Mapping

from newspage.correct.case import DetectorInput
from newspage.correct.proposal import Proposal, Rule
from newspage.geometry import measure_overlap_1d
from newspage.hyphens import EITHER, ELSEWHERE, HYPHENS, Vocabulary, find_broken_word, score_hyphen
from newspage.model import TextLine

REACH = 40
"""No half of a word is longer."""
LEADING = 0.6
"""The next line of a column begins within so many heights of the line above it."""


def detect_line_hyphens(case: DetectorInput, lines: Mapping[str, TextLine]) -> Iterator[Proposal]:
    """A word without its hyphen, where the next printed line goes on with its other half."""
    chars, string = case.text.chars, case.string
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
            if not _next_row(lines.get(chars[i].line), lines.get(chars[i + 1].line)):
                # Lines in a wrong order: then the two are no halves of one word.
                belief = belief if belief == ELSEWHERE else min(belief, EITHER)
            evidence: dict[str, float | str] = {"belief": belief}
            if belief == ELSEWHERE:
                evidence["twin"] = "".join(halves).lower()
            yield Proposal(Rule.LINE_HYPHEN, i, i + 1, "", evidence)


def _next_row(line: TextLine | None, other: TextLine | None) -> bool:
    """Return whether a line stands right under another, in its column."""
    if line is None or other is None or line.vertical or other.vertical:
        return False
    a, b = line.box, other.box
    shared = measure_overlap_1d(a.left, a.right, b.left, b.right)
    return shared > 0.5 * min(a.width, b.width) and abs(b.top - a.bottom) < LEADING * a.height
