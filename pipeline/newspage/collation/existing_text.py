"""A text that exists already, corrected: from the text alone, or with the scan as witness."""

from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass, replace
from itertools import pairwise

from newspage.collation.adjacency import Adjacency, find_weakest_step
from newspage.collation.align import Alignment
from newspage.collation.compare import Comparison, compare_with_scan
from newspage.correct.case import TERMINAL, DetectorInput
from newspage.correct.evidence import LatticeScorer
from newspage.correct.examine import examine_text
from newspage.correct.knowledge import Knowledge
from newspage.correct.policy import decide_corrections
from newspage.correct.proposal import Proposal, Rule, trim_proposal
from newspage.correct.score import read_number
from newspage.correct.text_input import classify_blocks, split_into_chunks
from newspage.edits.edit_script import apply_corrections
from newspage.edits.flat_text import BREAK, FlatText
from newspage.model import Correction, Problem

PRINTED_BREAK, PRINTED_JOIN = 0.02, 0.999
"""How surely a break goes where the scan has one there too, and where it runs on."""
MIN_COVERED = 0.9
"""With less of the text on the scan a person is told so."""


@dataclass(frozen=True, slots=True)
class CorrectedText:
    """The old text, what is wrong in it, and how it reads without."""

    text: FlatText
    corrections: tuple[Correction, ...]
    problems: tuple[Problem, ...] = ()

    @property
    def clean(self) -> str:
        return apply_corrections(self.text.string, self.corrections)


Told = Callable[[int, int], None]
"""Told how many characters are done, and of how many."""


def correct_text(
    string: str, knowledge: Knowledge, name: str = "text", told: Told | None = None
) -> CorrectedText:
    """A text corrected from itself and the dictionaries. A long one is examined in pieces."""
    corrections: list[Correction] = []
    for at, piece in split_into_chunks(string):
        part = classify_blocks(piece, name)
        found = examine_text(part, knowledge.dictionaries, knowledge.language)
        made = decide_corrections(part, found, knowledge.config)
        first = len(corrections) + 1
        corrections += (_moved(c, at, f"{name}-{n}") for n, c in enumerate(made, first))
        if told:
            told(at + len(piece), len(string))
    return CorrectedText(classify_blocks(string, name), tuple(corrections))


def _moved(correction: Correction, by: int, name: str) -> Correction:
    """A correction of a piece as one of the whole."""
    start, end = correction.span
    return replace(correction, id=name, span=(start + by, end + by))


def correct_text_with_scan(
    string: str, read: FlatText, witness: LatticeScorer, knowledge: Knowledge, name: str = "text"
) -> CorrectedText:
    """A text corrected by the scan it was made from; `read` is the text of the page as read."""
    old = DetectorInput(classify_blocks(string, name), knowledge.dictionaries, knowledge.language)
    found = compare_with_scan(old, read, witness)
    if not found.related:
        return CorrectedText(found.text, (), (_unrelated(found.covered),))
    alone = examine_text(old.text, knowledge.dictionaries, knowledge.language)
    proposals = [*explained(string, found.proposals, alone), *_unseen(found, alone, witness)]
    corrections = decide_corrections(found.text, proposals, knowledge.config)
    problems = (_partly(found.covered),) if found.covered < MIN_COVERED else ()
    return CorrectedText(found.text, corrections, problems)


def explained(
    string: str, seen: Iterable[Proposal], alone: Sequence[Proposal]
) -> Iterator[Proposal]:
    """What the scan shows, with the name and the reasons that the text alone gives for it."""
    alone = [trim_proposal(string, a) for a in alone if a.rule not in _MARKS]
    for p in seen:
        reasons = [a for a in alone if _touch(a, p) and not p.group]
        best = max(reasons, key=_belief, default=None)
        if best is None:
            yield p
            continue
        kept = {k: v for k, v in best.evidence.items() if k not in ("belief", "source")}
        if (best.start, best.end, best.proposed) == (p.start, p.end, p.proposed):
            belief = max(_belief(best), _belief(p))
            # What the words propose and the pixels show by themselves is in no doubt.
            seen_so = {k: v for k, v in p.evidence.items() if k != "doubt"}
            p = replace(p, evidence={**seen_so, "belief": belief})
        rule = p.rule if best.rule in (Rule.DATE, Rule.NAME) else best.rule
        yield replace(p, rule=rule, evidence={**kept, **p.evidence})


_MARKS = (Rule.WIDTH, Rule.FLOW_SPLIT)


def _unseen(
    found: Comparison, alone: Iterable[Proposal], witness: LatticeScorer
) -> Iterator[Proposal]:
    """What the text alone gives where the scan has not spoken, breaks and widths everywhere."""
    printed = _printed(found.alignment, len(found.text.string))
    breaks = {(p.start, p.end): p for p in alone if p.rule is Rule.FLOW_SPLIT}
    for p in breaks.values():
        yield _broken(p, found.read, printed, witness)
    for p in _run_over(found.text, found.read, printed):
        if (p.start, p.end) not in breaks:
            yield p
    for p in alone:
        if p.rule is Rule.FLOW_SPLIT:
            continue
        if p.rule is Rule.WIDTH or not _covered(p, found.alignment, printed):
            yield p


def _touch(a: Proposal, b: Proposal) -> bool:
    return a.start <= b.end and b.start <= a.end


def _belief(p: Proposal) -> float:
    return read_number(p.evidence, "belief", 0.0)


def _printed(alignment: Alignment, length: int) -> list[int]:
    """For each character of the old text where it was read, -1 where it was not."""
    places = [-1] * length
    for folded, partner in enumerate(alignment.pairs):
        if partner >= 0:
            places[alignment.old.places[folded]] = alignment.read.places[partner]
    return places


def _covered(p: Proposal, alignment: Alignment, printed: Sequence[int]) -> bool:
    """Whether the place lies in a passage that was found on the scan."""
    if any(place >= 0 for place in printed[max(0, p.start - 1) : p.end + 1]):
        return True
    places = alignment.old.places
    return any(places[c.a0] <= p.start and p.end <= places[c.a1 - 1] for c in alignment.chains)


def _run_over(text: FlatText, read: FlatText, printed: Sequence[int]) -> Iterator[Proposal]:
    """Breaks inside a sentence over which the scan runs on."""
    for a, b in pairwise(text.blocks):
        before, after = printed[a.end - 1], printed[b.start]
        joined = 0 <= before < after <= before + 2 and BREAK not in read.string[before:after]
        if a.body and b.body and joined and text.string[a.end - 1] not in TERMINAL:
            evidence: dict[str, float | str] = {"belief": PRINTED_JOIN, "source": "scan"}
            yield Proposal(Rule.FLOW_SPLIT, a.end, b.start, "", evidence)


def _broken(
    p: Proposal, read: FlatText, printed: Sequence[int], witness: LatticeScorer
) -> Proposal:
    """A break, believed as far as the scan runs on over it.

    That the layout left a break at the end of a column says nothing: there the words know better.
    """
    before, after = printed[p.start - 1], printed[p.end] if p.end < len(printed) else -1
    if before < 0 or after <= before or after - before > 3:
        return p
    broken = BREAK in read.string[before:after]
    inside = (
        find_weakest_step((read.chars[before], read.chars[after]), witness.lines) is Adjacency.YES
    )
    if broken and not inside:
        return p
    belief = PRINTED_BREAK if broken else PRINTED_JOIN
    return replace(p, evidence={**p.evidence, "belief": belief, "source": "scan"})


def _unrelated(covered: float) -> Problem:
    return Problem(
        "text",
        f"The text has nothing to do with the scan (only {covered:.0%} of it was found there); "
        "nothing is proposed. Is it the right page?",
        "error",
    )


def _partly(covered: float) -> Problem:
    return Problem(
        "text",
        f"{covered:.0%} of the text was found on the scan; the rest is judged from the text alone.",
    )
