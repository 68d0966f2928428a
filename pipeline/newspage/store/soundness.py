"""The shape that every decision in a store has, whoever brings it: a desk, a run, an import."""

import math
import re
from collections.abc import Iterator
from datetime import datetime

from newspage.decision import (
    AFTER,
    BEFORE,
    LINKS,
    Act,
    Anchor,
    Decision,
    find_text_flaw,
)
from newspage.model import RegionKind

_LONGEST_NAME = 200
"""Characters of what is a name or an identifier."""
_LARGEST = 2**31 - 1
"""Number that every database takes for an INTEGER."""
_CONTROLS = re.compile("[\x00-\x1f\x7f-\x9f\u2028\u2029\ud800-\udfff]")
_SHA256 = re.compile("[0-9a-f]{64}")
_BESIDE = (*LINKS, Act.MERGE, Act.PLACE, Act.FUSE)
"""Acts that are about two places."""
_NAMES = ("uid", "at", "reviewer", "rule", "undoes", "batch", "seen")


def find_flaw(decision: Decision) -> str:
    """Say why a store cannot keep a decision; empty where it can.

    What a store keeps it can give to any other: export and import ask here as well.
    """
    return next(_flaws(decision), "")


def _flaws(decision: Decision) -> Iterator[str]:
    """Everything that cannot be in a decision, though it has the right types."""
    yield from _flaws_of_names(decision)
    if (decision.act is Act.UNDO) != bool(decision.undoes):
        yield "`undoes` belongs to an undo, and to nothing else"
    yield from _flaws_of_structure(decision)
    if "\0" in decision.file or not _encodable(decision.file):
        yield "`file` is no path"
    if flaw := find_text_flaw(decision.text):
        yield flaw
    if not (_encodable(decision.proposed) and _encodable(decision.reason)):
        yield "`proposed` or `reason` is no text"
    for anchor in (decision.anchor, decision.target):
        if anchor is not None:
            yield from _flaws_of_place(anchor)


def _flaws_of_structure(decision: Decision) -> Iterator[str]:
    """What a decision on structure, or on two places, cannot be without."""
    target, place = decision.target, decision.anchor
    if decision.act in _BESIDE:
        if target is None:
            yield "`target` is missing"
        elif decision.act not in LINKS and (target.sha256, target.frame) != (
            place.sha256,
            place.frame,
        ):
            yield "`target` is on another scan"
    if decision.act is Act.KIND and decision.text not in set(RegionKind):
        yield "`text` is no kind of region"
    if decision.act is Act.PLACE and decision.text not in (BEFORE, AFTER):
        yield "`text` says neither before nor after"


def _flaws_of_names(decision: Decision) -> Iterator[str]:
    for name in ("uid", "reviewer"):
        if not getattr(decision, name).strip():
            yield f"`{name}` is empty"
    for name in _NAMES:
        value = getattr(decision, name)
        if len(value) > _LONGEST_NAME or _CONTROLS.search(value):
            yield f"`{name}` is too long or holds control characters"
    try:
        if datetime.fromisoformat(decision.at).tzinfo is None:
            yield "`at` names no time zone"
    except ValueError:
        yield "`at` is no time (ISO 8601)"


def _flaws_of_place(anchor: Anchor) -> Iterator[str]:
    if not _SHA256.fullmatch(anchor.sha256):
        yield "`sha256` is no SHA-256 in hex"
    sizes = (anchor.width, anchor.height)
    if not 0 <= anchor.frame <= _LARGEST or not all(0 < size <= _LARGEST for size in sizes):
        yield "`frame`, `width` or `height` is no such number"
    edges = [edge for b in anchor.boxes for edge in (b.left, b.top, b.right, b.bottom)]
    if not all(map(math.isfinite, edges)):
        yield "a box has an edge that is no number"
    if not all(map(_encodable, (anchor.text, anchor.before, anchor.after))):
        yield "what is printed at a place is no text"


def _encodable(text: str) -> bool:
    try:
        text.encode()
    except UnicodeEncodeError:
        return False
    return True
