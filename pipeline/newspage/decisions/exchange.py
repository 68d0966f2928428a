"""Write and read decisions as lines of JSON, for keeping or for another store.

The first line names the format, every other line holds one decision, in the order in which they
were made. Several such files may be concatenated.
"""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass

import msgspec

from newspage.decision import Decision
from newspage.store import decode_decision, encode_decision, find_flaw

FORMAT = "newspage-decisions/1"
"""Format and version, in the first line of every such file."""

_HEADER = msgspec.json.encode({"format": FORMAT})
_LONGEST_LINE = 16_000_000
"""Bytes. Most lines have some hundred. Deleting all articles of a broadsheet page takes four
million, since the box of every glyph is kept; the limit is four times that."""


@dataclass(frozen=True, slots=True)
class BrokenLine:
    """A line that holds no decision."""

    line: int
    message: str

    def __str__(self) -> str:
        return f"line {self.line}: {self.message}"


class _Header(msgspec.Struct):
    """The first line of a file of decisions."""

    format: str


def write_decision_lines(decisions: Iterable[Decision]) -> Iterator[bytes]:
    """Yield the header and the line of each decision, line ends included."""
    yield _HEADER + b"\n"
    for decision in decisions:
        yield encode_decision(decision) + b"\n"


def read_decision_lines(lines: Iterable[bytes]) -> Iterator[Decision | BrokenLine]:
    """Yield the decision of each line, or why it holds none; empty lines are skipped.

    The first line must name the format: otherwise nothing after it is read.
    """
    known = False
    for number, raw in enumerate(lines, 1):
        line = raw.removeprefix(b"\xef\xbb\xbf").strip()
        if not line:
            continue
        header = _format_of(line)
        if header is not None or not known:
            known = header == FORMAT
            if not known:
                yield BrokenLine(number, f"the format {FORMAT} was expected to be named here")
                return
            continue
        yield _decision(number, line)


def _format_of(line: bytes) -> str | None:
    """Return the format that a line names; None where it is no header."""
    try:
        return msgspec.json.decode(line, type=_Header).format
    except (msgspec.DecodeError, UnicodeDecodeError, RecursionError):
        return None


def _decision(number: int, line: bytes) -> Decision | BrokenLine:
    """Decode the decision of a line, or say why it holds none that a store can keep."""
    if len(line) > _LONGEST_LINE:
        return BrokenLine(number, f"it is longer than {_LONGEST_LINE:,} bytes")
    try:
        decision = decode_decision(line)
    except RecursionError:
        return BrokenLine(number, "it is nested too deeply")
    except ValueError as error:
        return BrokenLine(number, ascii(str(error))[1:-1])
    flaw = find_flaw(decision)
    return BrokenLine(number, flaw) if flaw else decision
