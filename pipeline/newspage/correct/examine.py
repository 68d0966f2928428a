"""A text through all detectors: breaks first, then marks' width, then everything else."""

from collections.abc import Iterable

from newspage.correct.case import Case
from newspage.correct.detectors import DETECTORS, dots, flow, width
from newspage.correct.dictionaries import Dictionaries
from newspage.correct.joining import joined
from newspage.correct.language import Language
from newspage.correct.proposal import Proposal
from newspage.correct.protect import guarded
from newspage.correct.text import Text


def examine(
    text: Text, dictionaries: Dictionaries, language: Language, page: str = ""
) -> list[Proposal]:
    """What all detectors propose for a text, spans in that text, overlaps not yet resolved.

    A cut paragraph is read as one, and half-width marks and commas that look like dots as what they
    stand for, so that no other detector has to know of them. `page` is the text around this one.
    """
    breaks = list(flow.detect(Case(text, dictionaries, language, page)))
    whole = joined(text, breaks)
    read = Case(whole.text, dictionaries, language, page)
    widths, commas = list(width.detect(read)), list(dots.detect(read))
    meant = (p for p in commas if p.evidence["belief"] == dots.PREVAILING)
    proper = with_changes(whole.text, [*widths, *meant])
    case = Case(proper, dictionaries, language, page or proper.string)
    found = [p for detector in DETECTORS for p in detector(case)]
    return [*breaks, *whole.back([*widths, *commas, *guarded(case, found)])]


def with_changes(text: Text, changes: Iterable[Proposal]) -> Text:
    """The text with changes made that keep its length."""
    characters = list(text.string)
    for change in changes:
        characters[change.start : change.end] = change.proposed
    return Text(text.id, "".join(characters), text.blocks, text.chars)
