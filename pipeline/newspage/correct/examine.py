"""One text through all detectors: paragraph breaks first, then the marks, then the rest."""

from collections.abc import Iterable

from newspage.chinese.word_list import Language
from newspage.correct.case import DetectorInput
from newspage.correct.detectors import DETECTORS, broken_flow, middle_dots, width
from newspage.correct.dictionaries import Dictionaries
from newspage.correct.joining import join_blocks
from newspage.correct.proposal import Proposal
from newspage.correct.protect import drop_protected
from newspage.edits.flat_text import FlatText


def examine_text(
    text: FlatText, dictionaries: Dictionaries, language: Language, page: str = ""
) -> list[Proposal]:
    """Return the proposals of all detectors, overlaps not yet resolved.

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
    breaks = list(broken_flow.detect_broken_flow(DetectorInput(text, dictionaries, language, page)))
    whole = join_blocks(text, breaks)
    read = DetectorInput(whole.text, dictionaries, language, page)
    widths, commas = (
        list(width.detect_half_width_marks(read)),
        list(middle_dots.detect_middle_dots(read)),
    )
    meant = (p for p in commas if p.evidence["belief"] == middle_dots.PREVAILING)
    proper = with_changes(whole.text, [*widths, *meant])
    case = DetectorInput(proper, dictionaries, language, page or proper.string)
    found = [p for detector in DETECTORS for p in detector(case)]
    return [*breaks, *whole.map_back([*widths, *commas, *drop_protected(case, found)])]


def with_changes(text: FlatText, changes: Iterable[Proposal]) -> FlatText:
    """Return the text with changes that keep its length."""
    characters = list(text.string)
    for change in changes:
        characters[change.start : change.end] = change.proposed
    return FlatText(text.id, "".join(characters), text.blocks, text.chars)
