"""Characters the recogniser was in doubt about, where another reading makes better words."""

from collections.abc import Iterator
from itertools import pairwise

import numpy as np

from newspage.chinese import is_han
from newspage.correct.case import DetectorInput
from newspage.correct.detector import Detector, Phase
from newspage.correct.detectors.lookalike import LOOK_ALIKE
from newspage.correct.proposal import Proposal, ProposalOrigin
from newspage.correction_evidence import Evidence
from newspage.model import TextLine

BEHIND = 8.0
"""Nats by which the other reading may be less likely on the image. Judgement."""
MIN_GAIN = 2.0
"""Nats by which the words must get likelier. Judgement; `DOUBTED` weighs the rest."""
SURE_GAIN = 7.0
"""Nats from which a word that stands twice on a page is taken as misread twice. Judgement."""
REACH = 4
"""Ideographs on each side that are weighed with the character. Judgement."""


def detect_doubtful_readings(case: DetectorInput) -> Iterator[Proposal]:
    """Propose readings of the lattice that make likelier words than the one that won."""
    if not case.fluent:
        return
    known: dict[str, tuple[str, ...]] = {}
    for block in case.text.blocks:
        for at in range(block.start, block.end):
            char = case.text.chars[at]
            line = case.printed.lines.get(char.line)
            if line is None or line.lattice is None or not is_han(char.text):
                continue
            if char.line not in known:
                known[char.line] = _alternatives(line, case.printed.characters)
            others = known[char.line]
            if 0 <= char.glyph < len(others) and others[char.glyph]:
                yield from _propose_better(case, at, others[char.glyph])


def _alternatives(line: TextLine, characters: tuple[str, ...]) -> tuple[str, ...]:
    """Return for each glyph the other Chinese characters that the lattice holds for it.

    Empty where the runs of the best class do not fit the glyphs.
    """
    lattice = line.lattice
    if lattice is None or not len(lattice.classes):
        return ()
    best = lattice.classes[:, 0]
    edges = [0, *(np.flatnonzero(np.diff(best)) + 1).tolist(), len(best)]
    runs = [(s, e) for s, e in pairwise(edges) if best[s] != 0]
    if len(runs) != len(line.glyphs):
        return ()
    near = lattice.log_probs[:, 1:] > lattice.log_probs[:, :1] - BEHIND
    steps, ranks = np.nonzero(near & (lattice.classes[:, 1:] != 0))
    owner = np.searchsorted([e for _, e in runs], steps)
    found: list[set[str]] = [set() for _ in runs]
    for step, rank, run in zip(steps.tolist(), ranks.tolist(), owner.tolist(), strict=True):
        character = characters[lattice.classes[step, rank + 1]]
        for number in (run - 1, run):
            if 0 <= number < len(runs) and runs[number][0] - 1 <= step <= runs[number][1]:
                found[number].add(character)
    return tuple(
        "".join(sorted(c for c in others - {glyph.text} if len(c) == 1 and is_han(c)))
        for others, glyph in zip(found, line.glyphs, strict=True)
    )


def _propose_better(case: DetectorInput, at: int, others: str) -> Iterator[Proposal]:
    """Propose the other character that makes the likeliest words, if it gains enough."""
    stands = case.string[at]
    neighbours = case.string[max(0, at - 1) : at + 2]
    gains = {
        o: case.language.measure_gain(case.string, at, at + 1, o, REACH)
        for o in others
        if o not in neighbours and case.of_script(o)
    }
    if not gains:
        return
    other, gain = max(gains.items(), key=lambda item: item[1])
    if gain >= MIN_GAIN and not _recurs_on_page(case, at, gain):
        evidence = Evidence(
            word_gain=round(gain, 2),
            rarity=round(case.language.measure_cost(stands) - case.language.measure_cost(other), 2),
            compare_with=stands + other,
        )
        yield Proposal(LOOK_ALIKE, at, at + 1, other, evidence, origin=ProposalOrigin.LATTICE)


def _recurs_on_page(case: DetectorInput, at: int, gain: float) -> bool:
    """Tell whether the same characters stand together elsewhere on the page.

    They are a name or a term then, unless the gain is large.
    """
    return case.count_occurrences(case.string[max(0, at - 1) : at + 2]) > 1 and gain < SURE_GAIN


DETECTOR = Detector(
    LOOK_ALIKE,
    detect_doubtful_readings,
    examples=(
        (
            "近年来，本市着力解于群众用水困难，实干兴邦，空谈误国。",
            "近年来，本市着力解决群众用水困难，实干兴邦，空谈误国。",
        ),
    ),
    counterexamples=("近年来，本市着力解决群众用水困难，实干兴邦，空谈误国。",),
    phase=Phase.LINES,
)
