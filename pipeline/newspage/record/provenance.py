"""Characters with provenance as a string and runs of glyphs, as the record keeps them; and back."""

from collections.abc import Sequence

from newspage.model import Char, Chars, join_chars
from newspage.record.record_schema import GlyphRun


def pack_chars(chars: Chars) -> tuple[str, list[GlyphRun]]:
    """Pack characters into their text and the runs of glyphs that they came from.

    Characters from glyphs that follow each other in one line share a run; a character of several
    code points, or one that a correction put there, has a run of its own.
    """
    runs: list[GlyphRun] = []
    line, start, count = "", 0, 0
    for char in chars:
        plain_char = len(char.text) == 1 and not char.correction
        if count and char.line == line and char.glyph == start + count and plain_char:
            count += 1
            continue
        if count:
            runs.append(GlyphRun(line, start, count))
            count = 0
        if plain_char:
            line, start, count = char.line, char.glyph, 1
        else:
            runs.append(GlyphRun(char.line, char.glyph, 1, len(char.text), char.correction))
    if count:
        runs.append(GlyphRun(line, start, count))
    return join_chars(chars), runs


def unpack_chars(text: str, runs: Sequence[GlyphRun]) -> Chars:
    """Return the characters of a text, each with the glyph it came from.

    Raises ValueError where text and runs differ in length.
    """
    _require_cover(text, runs)
    chars: list[Char] = []
    at = 0
    for run in runs:
        for i in range(run.count):
            text_here = text[at : at + run.length]
            chars.append(Char(text_here, run.line, run.glyph + i, run.correction))
            at += run.length
    return tuple(chars)


def _require_cover(text: str, runs: Sequence[GlyphRun]) -> None:
    """Raise ValueError where runs do not cover a text exactly.

    Asked before they are unpacked: a damaged record may count up to any number.
    """
    if any(run.length < 0 or not 1 <= run.count <= max(1, len(text)) for run in runs):
        raise ValueError("the provenance has a run of an impossible length")
    covered = sum(run.count * run.length for run in runs)
    if covered != len(text):
        raise ValueError(f"the provenance covers {covered} characters, the text has {len(text)}")
