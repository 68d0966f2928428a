"""One text through all detectors: paragraph breaks first, then the marks, then the rest."""

from collections.abc import Iterable

from newspage.chinese import Language
from newspage.correct.case import DetectorInput
from newspage.correct.detector import Phase
from newspage.correct.detector_table import load_detectors
from newspage.correct.dictionaries import Dictionaries
from newspage.correct.joining import join_blocks
from newspage.correct.proposal import Proposal
from newspage.correct.protect import drop_protected
from newspage.edits import FlatText

LIKELY = 0.5
"""Belief from which the detectors that follow read a mark as the proposed one. Marks are proposed
with beliefs of 0.98 and more, or of 0.25."""


def examine_text(
    text: FlatText, dictionaries: Dictionaries, language: Language, page: str = ""
) -> list[Proposal]:
    """Return the proposals of all detectors of the text alone, overlaps not yet resolved.

    A cut paragraph is read as one, and half-width marks and commas that look like dots as what they
    stand for, so that no other detector has to know of them.

    Args:
        text: The text to examine.
        dictionaries: The entries in force.
        language: The frequencies of words.
        page: The text of the page around `text`, itself included; empty where there is none.

    Returns:
        Proposals with spans in `text`.
    """
    breaks = run_detectors(Phase.BREAKS, DetectorInput(text, dictionaries, language, page))
    whole = join_blocks(text, breaks)
    marks = run_detectors(Phase.MARKS, DetectorInput(whole.text, dictionaries, language, page))
    likely = (p for p in marks if (p.evidence.belief or 0.0) >= LIKELY)
    proper = with_changes(whole.text, likely)
    case = DetectorInput(proper, dictionaries, language, page or proper.string)
    found = run_detectors(Phase.WORDS, case)
    return [*breaks, *whole.map_back([*marks, *drop_protected(case, found)])]


def examine_lines(found: Iterable[Proposal], case: DetectorInput) -> list[Proposal]:
    """Return what the lines of a page that was just read make of proposals, and add to them.

    Args:
        found: The proposals of `examine_text` for the text of `case`.
        case: The text as it was read, with the lines.
    """
    refine = {entry.rule.name: entry.refine for entry in load_detectors() if entry.refine}
    refined = [refine[p.rule.name](p, case) if p.rule.name in refine else p for p in found]
    return [*refined, *run_detectors(Phase.LINES, case)]


def run_detectors(phase: Phase, case: DetectorInput) -> list[Proposal]:
    """Return the proposals of all detectors of a phase."""
    return [p for entry in load_detectors() if entry.phase is phase for p in entry.detect(case)]


def with_changes(text: FlatText, changes: Iterable[Proposal]) -> FlatText:
    """Return the text with changes that keep its length."""
    characters = list(text.string)
    for change in changes:
        characters[change.start : change.end] = change.proposed
    return FlatText(text.id, "".join(characters), text.blocks, text.chars)
