"""Reads doubtful glyphs in the script of their page, simplified or traditional.

A recogniser that knows simplified and traditional Chinese takes a blurred 將 for 将. Where the sure
characters of a page leave no doubt about its script, an unsure one of the other script gives way
to what else was seen there. Sure ones stay: old papers print 猪 and 决 among traditional forms.
"""

from collections.abc import Sequence
from dataclasses import replace
from enum import Enum
from functools import lru_cache

import numpy as np

from newspage.model import Direction, Glyph, TextLine

SURE = 0.8
"""Confidence from which a glyph tells of the page's script. Judgement: surely read."""
UNSURE = 0.7
"""Confidence below which a glyph of the other script gives way. Judgement: old papers mix forms,
which are read surely."""
RIVAL = 0.05
"""Probability, as a share of that of the character read, from which another takes its place.
Judgement: one in twenty, since the page's script speaks for it as well."""
FEW = 20
"""Number of glyphs of one script needed to tell it. Judgement: a few may be variants."""
PREVAILS = 5
"""Factor by which they must outnumber those of the other script. Judgement: one in six at most."""
NEAR = 0.01
"""Distance from a glyph's place, as a share of the line, within which a step may still belong to
it. Judgement: peaks of CTC lie a little off."""


class CharacterScript(Enum):
    """The script that a character belongs to, where it has two forms."""

    SIMPLIFIED = "simplified"
    TRADITIONAL = "traditional"


def unify_script(lines: Sequence[TextLine], characters: Sequence[str]) -> tuple[TextLine, ...]:
    """Return the lines with doubtful glyphs of the other script read in that of the page.

    `characters` are those of the classes of the lattices. Lattices stay as they are.
    """
    page = detect_script(lines)
    if page is None:
        return tuple(lines)
    return tuple(_in_script(line, page, characters) for line in lines)


def detect_script(lines: Sequence[TextLine]) -> CharacterScript | None:
    """Return the script in which a page is printed, or None where its glyphs do not tell."""
    seen = [
        script_of_character(g.text) for line in lines for g in line.glyphs if g.confidence >= SURE
    ]
    counts = {script: seen.count(script) for script in CharacterScript}
    more, less = sorted(CharacterScript, key=lambda script: -counts[script])
    if counts[more] < FEW or counts[more] < PREVAILS * counts[less]:
        return None
    return more


@lru_cache(maxsize=1 << 15)
def script_of_character(text: str) -> CharacterScript | None:
    """Return the script of a character that belongs to one only, else None.

    The national character sets tell: one that only GB 2312 has is simplified, one that only Big5
    has is traditional.
    """
    mainland, taiwan = _encodes(text, "gb2312"), _encodes(text, "big5")
    if mainland == taiwan:
        return None
    return CharacterScript.SIMPLIFIED if mainland else CharacterScript.TRADITIONAL


def _encodes(text: str, encoding: str) -> bool:
    """Tell whether a character set holds a text."""
    try:
        text.encode(encoding)
    except UnicodeEncodeError:
        return False
    return True


def _in_script(line: TextLine, page: CharacterScript, characters: Sequence[str]) -> TextLine:
    """Return the line with its unsure glyphs of the other script read again in the page's."""
    glyphs = tuple(
        _rival(line, glyph, page, characters)
        if glyph.confidence < UNSURE and script_of_character(glyph.text) not in (None, page)
        else glyph
        for glyph in line.glyphs
    )
    return line if glyphs == line.glyphs else replace(line, glyphs=glyphs)


def _rival(line: TextLine, glyph: Glyph, page: CharacterScript, characters: Sequence[str]) -> Glyph:
    """Return the glyph as its likeliest rival in the page's script, or unchanged without one."""
    seen: dict[str, float] = {}
    for classes, log_probs in _steps(line, glyph, characters):
        for number, log_prob in zip(classes, log_probs, strict=True):
            text = characters[number]
            seen[text] = max(seen.get(text, 0.0), float(np.exp(np.float32(log_prob))))
    own = seen.get(glyph.text, 0.0)
    rivals = {
        t: p for t, p in seen.items() if t.isalpha() and script_of_character(t) in (None, page)
    }
    best = max(rivals, key=rivals.__getitem__, default="")
    if not best or rivals[best] < RIVAL * own:
        return glyph
    return replace(glyph, text=best, confidence=min(1.0, rivals[best]))


def _steps(
    line: TextLine, glyph: Glyph, characters: Sequence[str]
) -> list[tuple[list[int], list[float]]]:
    """Return classes and log-probabilities of the steps of the lattice that belong to a glyph."""
    if line.lattice is None:
        return []
    start, end = _place(line, glyph)
    lattice = line.lattice
    near = (lattice.positions >= start - NEAR) & (lattice.positions <= end + NEAR)
    return [
        (lattice.classes[i].tolist(), lattice.log_probs[i].tolist())
        for i in np.flatnonzero(near)
        if characters[lattice.classes[i, 0]] == glyph.text
    ]


def _place(line: TextLine, glyph: Glyph) -> tuple[float, float]:
    """Return start and end of a glyph as shares of its line, in reading direction."""
    whole, part = line.box, glyph.box
    if line.vertical:
        start, length, a, b = whole.top, whole.height, part.top, part.bottom
    else:
        start, length, a, b = whole.left, whole.width, part.left, part.right
    first, last = (a - start) / max(1.0, length), (b - start) / max(1.0, length)
    return (1 - last, 1 - first) if line.direction is Direction.HORIZONTAL_RTL else (first, last)
