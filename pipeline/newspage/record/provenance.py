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
    chars: list[Char] = []
    at = 0
    for run in runs:
        for i in range(run.count):
            text_here = text[at : at + run.length]
            chars.append(Char(text_here, run.line, run.glyph + i, run.correction))
            at += run.length
    if at != len(text):
        raise ValueError(f"the provenance covers {at} characters, the text has {len(text)}")
    return tuple(chars)
