"""Questions that a language model raises about a text alone: characters likely misread."""

from collections.abc import Sequence

from newspage.chinese import map_to_traditional
from newspage.correct import (
    UNLIKELY,
    DetectorInput,
    Knowledge,
    Proposal,
    TextScript,
    drop_protected,
    script_of,
)
from newspage.correction_evidence import Evidence
from newspage.edits import FlatText, TextPart
from newspage.language import NoisyChannel, UnlikelyCharacter
from newspage.model import RegionKind

REACH = 3
"""Characters on both sides that a character is judged by: those of its n-grams."""
_NAMES = (RegionKind.BYLINE, RegionKind.FOLIO)
"""Parts of a text that are mostly names and numbers, about which a language says nothing."""


def propose_by_language(
    text: FlatText, knowledge: Knowledge, channel: NoisyChannel, others: Sequence[Proposal]
) -> list[Proposal]:
    """Return questions about characters that are likely wrong; none is ever applied by itself.

    Args:
        text: The text; its parts are judged together.
        knowledge: Dictionaries, whose entries are left alone, and the word list.
        channel: The language, and what is read for what.
        others: What else is proposed about the text; near it the text is odd for that reason.
    """
    parts = [part for part in text.blocks if part.kind not in _NAMES]
    found = channel.find_unlikely_characters([text.read_part(part) for part in parts])
    case = DetectorInput(text, knowledge.dictionaries, knowledge.language)
    odd = {
        at
        for other in others
        if not other.rule.minor
        for at in range(other.start - REACH, other.end + REACH)
    }
    made = drop_protected(case, _make_proposals(text, parts, found))
    return [proposal for proposal in made if proposal.start not in odd]


def _make_proposals(
    text: FlatText, parts: Sequence[TextPart], found: Sequence[UnlikelyCharacter]
) -> list[Proposal]:
    """Return the proposals, in the script of each part."""
    proposals = []
    for doubt in found:
        part = parts[doubt.text]
        at = part.start + doubt.place
        printed = doubt.printed
        if script_of(text.read_part(part)) is TextScript.TRADITIONAL:
            printed = map_to_traditional().get(printed, printed)
        evidence = Evidence(
            belief=round(doubt.chance, 4),
            word_gain=round(doubt.gain, 2),
            compare_with=text.string[at] + printed,
        )
        proposals.append(Proposal(UNLIKELY, at, at + 1, printed, evidence))
    return proposals
