"""Decisions as lines of JSON, to be kept elsewhere or taken over by another store.

The first line names the format, every other line holds one decision, in the order in which they
were made. Several such files may be set one after the other.
"""

import math
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import datetime

import msgspec

from newspage.decision import LINKS, Act, Anchor, Decision
from newspage.store import decode_decision, encode_decision

FORMAT = "newspage-decisions/1"

_HEADER = msgspec.json.encode({"format": FORMAT})
_LONGEST_LINE = 1_000_000
"""Bytes; a decision takes less than a thousandth of it."""
_LONGEST_NAME = 200
"""Characters of what is a name or an identifier."""


@dataclass(frozen=True, slots=True)
class Broken:
    """A line that holds no decision."""

    line: int
    message: str

    def __str__(self) -> str:
        return f"line {self.line}: {self.message}"


class _Header(msgspec.Struct):
    format: str


def written(decisions: Iterable[Decision]) -> Iterator[bytes]:
    """The lines of decisions, ends included."""
    yield _HEADER + b"\n"
    for decision in decisions:
        yield encode_decision(decision) + b"\n"


def read(lines: Iterable[bytes]) -> Iterator[Decision | Broken]:
    """What stands in some lines; empty ones are passed over. The first must name the format."""
    known = False
    for number, raw in enumerate(lines, 1):
        line = raw.removeprefix(b"\xef\xbb\xbf").strip()
        if not line:
            continue
        header = _format_of(line)
        if header is not None or not known:
            known = header == FORMAT
            if not known:
                yield Broken(number, f"the format {FORMAT} was expected to be named here")
                return
            continue
        yield _decision(number, line)


def _format_of(line: bytes) -> str | None:
    try:
        return msgspec.json.decode(line, type=_Header).format
    except (msgspec.DecodeError, UnicodeDecodeError):
        return None


def _decision(number: int, line: bytes) -> Decision | Broken:
    if len(line) > _LONGEST_LINE:
        return Broken(number, f"it is longer than {_LONGEST_LINE:,} bytes")
    try:
        decision = decode_decision(line)
    except (ValueError, RecursionError) as error:
        return Broken(number, str(error))
    wrong = next(_wrong(decision), "")
    return Broken(number, wrong) if wrong else decision


def _wrong(decision: Decision) -> Iterator[str]:
    """What cannot be in a decision, though it has the right shape."""
    names = ("uid", "at", "reviewer", "rule", "undoes", "batch", "seen")
    for name in ("uid", "reviewer"):
        if not getattr(decision, name).strip():
            yield f"`{name}` is empty"
    for name in names:
        value = getattr(decision, name)
        if len(value) > _LONGEST_NAME or not value.isprintable():
            yield f"`{name}` is too long or holds control characters"
    try:
        if datetime.fromisoformat(decision.at).tzinfo is None:
            yield "`at` names no time zone"
    except ValueError:
        yield "`at` is no time (ISO 8601)"
    if (decision.act is Act.UNDO) != bool(decision.undoes):
        yield "`undoes` belongs to an undo, and to nothing else"
    if decision.act in LINKS and decision.target is None:
        yield "`target` is missing"
    target = decision.target.text if decision.target else ""
    texts = (decision.text, decision.proposed, decision.anchor.text, target)
    if any(not (c.isprintable() or c in "\n\u3000") for text in texts for c in text):
        yield "a text holds control characters"
    for anchor in (decision.anchor, decision.target):
        if anchor is not None:
            yield from _wrong_place(anchor)


def _wrong_place(anchor: Anchor) -> Iterator[str]:
    if len(anchor.sha256) != 64 or set(anchor.sha256) - set("0123456789abcdef"):
        yield "`sha256` is no SHA-256 in hex"
    if anchor.frame < 0 or anchor.width < 1 or anchor.height < 1:
        yield "`frame`, `width` or `height` is no such number"
    edges = [edge for b in anchor.boxes for edge in (b.left, b.top, b.right, b.bottom)]
    if not all(map(math.isfinite, edges)):
        yield "a box has an edge that is no number"
