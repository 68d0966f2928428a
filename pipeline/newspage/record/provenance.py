"""Clean text and where it came from, as a string and runs of glyphs; and back."""

from collections.abc import Sequence

from newspage.model import Char, Chars, join_chars
from newspage.record.record_schema import GlyphRun


def pack_chars(chars: Chars) -> tuple[str, list[GlyphRun]]:
    """The text of some characters, and the runs of glyphs they came from."""
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
    """The characters of a text. Raises ValueError where text and runs differ in length."""
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
