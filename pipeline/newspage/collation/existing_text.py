"""Correction of a text that exists already: from the text alone, or with the scan as witness."""

from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass, replace
from itertools import pairwise

from newspage.collation.adjacency import Adjacency, find_weakest_step
from newspage.collation.align import Alignment
from newspage.collation.compare import Comparison, compare_with_scan
from newspage.collation.language_questions import propose_by_language
from newspage.correct import (
    DATE,
    FLOW_SPLIT,
    NAME,
    TERMINAL,
    WIDTH,
    DetectorInput,
    Knowledge,
    LatticeScorer,
    Proposal,
    classify_blocks,
    decide_corrections,
    examine_text,
    split_into_chunks,
    trim_proposal,
)
from newspage.correction_evidence import Evidence
from newspage.edits import BREAK, FlatText, apply_corrections
from newspage.language import NoisyChannel
from newspage.model import Correction, Problem

PRINTED_BREAK, PRINTED_JOIN = 0.02, 0.999
"""Probabilities that a break inside a sentence is wrong where the scan has one there too, and where
it runs on. Judgement: the scan decides both ways."""
MIN_COVERED = 0.9
"""With a smaller share of the text on the scan a person is told so. Judgement."""


@dataclass(frozen=True, slots=True)
class CorrectedText:
    """An old text with its corrections, and problems that concern all of it."""

    text: FlatText
    corrections: tuple[Correction, ...]
    problems: tuple[Problem, ...] = ()

    @property
    def clean(self) -> str:
        """Return the text with every correction that stands applied."""
        return apply_corrections(self.text.string, self.corrections)


Told = Callable[[int, int], None]
"""A callback for progress: how many characters are done, and of how many."""


def correct_text(
    string: str,
    knowledge: Knowledge,
    name: str = "text",
    told: Told | None = None,
    channel: NoisyChannel | None = None,
) -> CorrectedText:
    """Correct a text from itself and the dictionaries; a long one is examined in pieces.

    Args:
        string: The text.
        knowledge: Dictionaries, word list and settings.
        name: A name for the text, which the ids of corrections begin with.
        told: Called after each piece.
        channel: The language that unlikely characters are asked about by; None asks about none.
    """
    corrections: list[Correction] = []
    for at, piece in split_into_chunks(string):
        part = classify_blocks(piece, name)
        found = examine_text(part, knowledge.dictionaries, knowledge.language)
        if channel is not None:
            found += propose_by_language(part, knowledge, channel, found)
        made = decide_corrections(part, found, knowledge.config)
        first = len(corrections) + 1
        corrections += (_moved(c, at, f"{name}-{n}") for n, c in enumerate(made, first))
        if told:
            told(at + len(piece), len(string))
    return CorrectedText(classify_blocks(string, name), tuple(corrections))


def _moved(correction: Correction, by: int, name: str) -> Correction:
    """Return a correction of a piece as one of the whole text."""
    start, end = correction.span
    return replace(correction, id=name, span=(start + by, end + by))


def correct_text_with_scan(
    string: str, read: FlatText, witness: LatticeScorer, knowledge: Knowledge, name: str = "text"
) -> CorrectedText:
    """Correct a text by the scan it was made from.

    Args:
        string: The text.
        read: The text of the page as it was read, each character with its glyph.
        witness: The scorer of the page's lines.
        knowledge: Dictionaries, word list and settings.
        name: A name for the text, which the ids of corrections begin with.

    Returns:
        The corrected text; only with a problem where the scan is that of another page.
    """
    return correct_parts_with_scan(classify_blocks(string, name), read, witness, knowledge)


def correct_parts_with_scan(
    text: FlatText, read: FlatText, witness: LatticeScorer, knowledge: Knowledge
) -> CorrectedText:
    """Correct a text whose parts are known by the scan it was made from.

    Args:
        text: The text; the ids of corrections begin with its own.
        read: The text of the page as it was read, each character with its glyph.
        witness: The scorer of the page's lines.
        knowledge: Dictionaries, word list and settings.

    Returns:
        The corrected text; only with a problem where the scan is that of another page.
    """
    old = DetectorInput(text, knowledge.dictionaries, knowledge.language)
    found = compare_with_scan(old, read, witness)
    if not found.related:
        return CorrectedText(found.text, (), (_unrelated(found.covered),))
    alone = examine_text(old.text, knowledge.dictionaries, knowledge.language)
    seen = explained(text.string, found.proposals, alone)
    proposals = [*seen, *_unseen(found, alone, witness)]
    corrections = decide_corrections(found.text, proposals, knowledge.config)
    problems = (_partly(found.covered),) if found.covered < MIN_COVERED else ()
    return CorrectedText(found.text, corrections, problems)


def explained(
    string: str, seen: Iterable[Proposal], alone: Sequence[Proposal]
) -> Iterator[Proposal]:
    """Yield the proposals of the scan, with the kind and the evidence of those of the text alone.

    `seen` are the proposals of the scan, `alone` those that the detectors make without it.
    """
    alone = [trim_proposal(string, a) for a in alone if a.rule not in _MARKS]
    for p in seen:
        reasons = [a for a in alone if _touch(a, p) and not p.group]
        best = max(reasons, key=_belief, default=None)
        if best is None:
            yield p
            continue
        evidence = p.evidence
        if (best.start, best.end, best.proposed) == (p.start, p.end, p.proposed):
            # What the words propose and the pixels show by themselves is in no doubt.
            evidence = replace(evidence, belief=max(_belief(best), _belief(p)), doubt="")
        rule = p.rule if best.rule in (DATE, NAME) else best.rule
        yield replace(p, rule=rule, evidence=_with_reasons(evidence, best.evidence))


def _with_reasons(seen: Evidence, words: Evidence) -> Evidence:
    """Return the evidence of the scan, with that of the words where the scan says nothing."""
    return replace(
        words,
        belief=seen.belief,
        source=seen.source,
        order_unknown=seen.order_unknown or words.order_unknown,
        doubt=seen.doubt or words.doubt,
        image_log_odds=seen.image_log_odds,
        read_confidence=seen.read_confidence,
    )


_MARKS = (WIDTH, FLOW_SPLIT)
"""Kinds of faults that the scan gives no proposals for."""


def _unseen(
    found: Comparison, alone: Iterable[Proposal], witness: LatticeScorer
) -> Iterator[Proposal]:
    """Yield the proposals of the text alone where the scan is silent, and all breaks and widths."""
    printed = _printed(found.alignment, len(found.text.string))
    breaks = {(p.start, p.end): p for p in alone if p.rule is FLOW_SPLIT}
    for p in breaks.values():
        yield _broken(p, found.read, printed, witness)
    for p in _run_over(found.text, found.read, printed):
        if (p.start, p.end) not in breaks:
            yield p
    for p in alone:
        if p.rule is FLOW_SPLIT:
            continue
        if p.rule is WIDTH or not _covered(p, found.alignment, printed):
            yield p


def _touch(a: Proposal, b: Proposal) -> bool:
    """Tell whether two proposals overlap or touch."""
    return a.start <= b.end and b.start <= a.end


def _belief(p: Proposal) -> float:
    """Return the prior probability of a proposal, 0 without one."""
    return p.evidence.belief or 0.0


def _printed(alignment: Alignment, length: int) -> list[int]:
    """Return for each character of the old text its offset in the read one, -1 without one."""
    places = [-1] * length
    for index, partner in enumerate(alignment.pairs):
        if partner >= 0:
            places[alignment.old.places[index]] = alignment.read.places[partner]
    return places


def _covered(p: Proposal, alignment: Alignment, printed: Sequence[int]) -> bool:
    """Tell whether a proposal lies in a passage that was found on the scan."""
    if any(place >= 0 for place in printed[max(0, p.start - 1) : p.end + 1]):
        return True
    places = alignment.old.places
    return any(places[c.a0] <= p.start and p.end <= places[c.a1 - 1] for c in alignment.chains)


def _run_over(text: FlatText, read: FlatText, printed: Sequence[int]) -> Iterator[Proposal]:
    """Yield proposals to remove breaks inside a sentence where the scan has none."""
    for a, b in pairwise(text.blocks):
        before, after = printed[a.end - 1], printed[b.start]
        joined = 0 <= before < after <= before + 2 and BREAK not in read.string[before:after]
        if a.body and b.body and joined and text.string[a.end - 1] not in TERMINAL:
            evidence = Evidence(belief=PRINTED_JOIN, source="scan")
            yield Proposal(FLOW_SPLIT, a.end, b.start, "", evidence)


def _broken(
    p: Proposal, read: FlatText, printed: Sequence[int], witness: LatticeScorer
) -> Proposal:
    """Return the proposal to remove a break, with the probability that the scan gives it.

    Where the layout has a break at the end of a column, that is no evidence: the words know better.
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
    return replace(p, evidence=replace(p.evidence, belief=belief, source="scan"))


def _unrelated(covered: float) -> Problem:
    """Return the problem of a text that is not on the scan."""
    return Problem(
        "text",
        f"The text has nothing to do with the scan (only {covered:.0%} of it was found there); "
        "nothing is proposed. Is it the right page?",
        "error",
    )


def _partly(covered: float) -> Problem:
    """Return the problem of a text that is only in part on the scan."""
    return Problem(
        "text",
        f"{covered:.0%} of the text was found on the scan; the rest is judged from the text alone.",
    )
