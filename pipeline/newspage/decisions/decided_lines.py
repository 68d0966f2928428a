"""Finds the printed lines of a page in which people have decided something."""

from collections.abc import Iterable

from newspage.decision import PRECEDENT, Act, Decision
from newspage.geometry import Box
from newspage.model import Correction, PageRecord, TextLine

_OF_TEXT = (Act.ACCEPT, Act.EDIT, Act.WRITE)


def find_decided_lines(record: PageRecord, fulfilled: Iterable[Decision] = ()) -> set[str]:
    """Return the ids of the lines in which people have decided on the text.

    Whoever did has looked at the line.

    Args:
        record: The page, decisions merged.
        fulfilled: Decisions of which the record shows nothing, as what they want is read by now.
    """
    decided = [c for c in record.corrections if _is_by_person(c)]
    names = {c.id for c in decided}
    lines = {char.line for c in decided for char in c.removed}
    for article in record.articles:
        for chars in (*article.heads, *(p.chars for p in article.paragraphs)):
            lines |= {c.line for c in chars if c.correction in names}
    scan = record.page.scan
    places = [
        box
        for decision in fulfilled
        if decision.act in _OF_TEXT and decision.reviewer != PRECEDENT
        if (decision.anchor.sha256, decision.anchor.frame) == (scan.sha256, scan.frame)
        for box in decision.anchor.boxes
    ]
    if places:
        printed = (line for region in record.page.regions for line in region.lines)
        lines |= {line.id for line in printed if _is_at(line, places)}
    return lines - {""}


def _is_by_person(correction: Correction) -> bool:
    """Tell whether a person has decided on a correction, and no precedent in their place."""
    return correction.decided_by not in ("", PRECEDENT)


def _is_at(line: TextLine, places: Iterable[Box]) -> bool:
    """Tell whether the middle of one of some boxes lies in a line."""
    box = line.box
    return any(
        box.left <= x <= box.right and box.top <= y <= box.bottom
        for x, y in (place.center for place in places)
    )
