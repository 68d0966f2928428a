"""Doubles for the tests of the correction pass: lines whose lattice says what they show."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass

import numpy as np

from newspage.chinese.word_list import load_word_list
from newspage.config import CorrectConfig
from newspage.correct import propose_corrections
from newspage.correct.ctc_scores import make_alphabet
from newspage.correct.dictionaries import Dictionaries, find_shipped_folder, load_dictionaries
from newspage.correct.evidence import LatticeScorer
from newspage.correct.knowledge import Knowledge
from newspage.edits.clean_text import derive_articles
from newspage.edits.edit_script import locate_in_clean_text, select_effective
from newspage.edits.flat_text import BREAK, FlatText, TextPart
from newspage.geometry import Box
from newspage.lattice import Lattice
from newspage.model import (
    ArticleRecord,
    Char,
    Chars,
    Correction,
    CorrectionStatus,
    Direction,
    Glyph,
    PageLayout,
    RegionKind,
    TextLine,
)

PITCH = 20.0
TOP = 4
"""Classes kept at each step."""


def knowledge(config: CorrectConfig | None = None) -> Knowledge:
    """The dictionaries that come along, the word list, the settings."""
    return Knowledge(shipped_dictionaries(), load_word_list(), config or CorrectConfig())


_SHIPPED: list[Dictionaries] = []


def shipped_dictionaries() -> Dictionaries:
    """The dictionaries of the repository, read once."""
    if not _SHIPPED:
        _SHIPPED.append(load_dictionaries([find_shipped_folder()]))
    return _SHIPPED[0]


def characters_of(*texts: str) -> tuple[str, ...]:
    """What the classes of a recogniser stand for that knows the characters of some texts."""
    return ("", *sorted(set("".join(texts)) - {BREAK}), *"壹贰叁肆")


def lattice_of(
    string: str, characters: Sequence[str], doubts: Mapping[int, tuple[str, float]] | None = None
) -> Lattice:
    """A lattice that shows a string: two steps a character.

    `doubts` maps places of the string to another character and its log-odds over the one there.
    """
    number = {c: i for i, c in enumerate(characters)}
    rows: list[list[tuple[int, float]]] = []
    for place, character in enumerate(string):
        other, odds = (doubts or {}).get(place, ("", -30.0))
        best = -np.logaddexp(0.0, odds) if other else -0.001
        shown = [(number[character], float(best))]
        if other:
            shown.append((number[other], float(best + odds)))
        rows += [_filled(shown), _filled([(0, -0.001)])]
    classes = np.array([[c for c, _ in r] for r in rows], np.int32).reshape(len(rows), TOP)
    log_probs = np.array([[p for _, p in r] for r in rows], np.float16).reshape(len(rows), TOP)
    order = np.argsort(-log_probs, axis=1, kind="stable")
    positions = ((np.arange(len(rows)) + 0.5) / max(1, len(rows))).astype(np.float32)
    return Lattice(
        np.take_along_axis(classes, order, 1), np.take_along_axis(log_probs, order, 1), positions
    )


def _filled(row: list[tuple[int, float]]) -> list[tuple[int, float]]:
    used = {c for c, _ in row}
    spare = [c for c in range(TOP + len(used)) if c not in used]
    return row + [(c, -17.0 - i) for i, c in enumerate(spare[: TOP - len(row)])]


def line(
    name: str,
    string: str,
    characters: Sequence[str],
    doubts: Mapping[int, tuple[str, float]] | None = None,
    top: float = 0.0,
) -> TextLine:
    """A horizontal line that shows a string and was read as the likelier of its readings."""
    glyphs = tuple(
        Glyph(
            c,
            Box(i * PITCH, top, (i + 1) * PITCH, top + PITCH),
            0.6 if i in (doubts or {}) else 0.99,
        )
        for i, c in enumerate(string)
    )
    return TextLine(
        name,
        Box(0, top, max(1, len(string)) * PITCH, top + PITCH),
        Direction.HORIZONTAL,
        size=PITCH,
        glyphs=glyphs,
        lattice=lattice_of(string, characters, doubts),
    )


def lines_of(
    paragraphs: Sequence[str], characters: Sequence[str], width: int = 12
) -> dict[str, TextLine]:
    """The lines that print some paragraphs, `width` characters each."""
    found: dict[str, TextLine] = {}
    for paragraph in paragraphs:
        for i in range(0, len(paragraph), width):
            name = f"l{len(found)}"
            found[name] = line(name, paragraph[i : i + width], characters, top=PITCH * len(found))
    return found


def read_text_of(
    paragraphs: Sequence[str], lines: Mapping[str, TextLine], width: int = 12
) -> FlatText:
    """Paragraphs as the text of a page, each character with its glyph in `lines_of` them."""
    chars: list[Char] = []
    blocks: list[TextPart] = []
    names = iter(lines)
    for paragraph in paragraphs:
        if chars:
            chars.append(Char(BREAK, "", -1))
        start = len(chars)
        for i in range(0, len(paragraph), width):
            name = next(names)
            chars += (Char(c, name, n) for n, c in enumerate(paragraph[i : i + width]))
        blocks.append(TextPart(start, len(chars), RegionKind.BODY))
    return FlatText("page", "".join(c.text for c in chars), tuple(blocks), tuple(chars))


def witness_of(lines: Mapping[str, TextLine], characters: Sequence[str]) -> LatticeScorer:
    """Lines as a witness."""
    return LatticeScorer(lines, make_alphabet(characters))


def chars_of(string: str, name: str = "l0") -> Chars:
    """The characters of a line that prints a string."""
    return tuple(Char(c, name, i) for i, c in enumerate(string))


def correction(
    number: int,
    span: tuple[int, int],
    original: str,
    proposed: str,
    status: CorrectionStatus = CorrectionStatus.APPLIED,
) -> Correction:
    """A correction of an article `a`."""
    return Correction(f"c{number}", "phrase", "a", span, original, proposed, 0.9, status)


@dataclass(frozen=True, slots=True)
class CorrectedArticles:
    """Articles with the applied corrections in them, and all corrections, proposed ones too."""

    articles: tuple[ArticleRecord, ...]
    corrections: tuple[Correction, ...]


def correct_articles(
    articles: Sequence[ArticleRecord],
    page: PageLayout,
    characters: tuple[str, ...],
    config: CorrectConfig,
) -> CorrectedArticles:
    """Articles corrected as those of a page that was just read."""
    found = propose_corrections(articles, page, characters, config)
    return CorrectedArticles(derive_articles(articles, found), found)


def take_back(clean: str, corrections: Iterable[Correction]) -> str:
    """The text before correction: at the place of each in the clean text its original again."""
    pieces, at = [], 0
    plan = select_effective(corrections)
    for c in plan:
        start, end = locate_in_clean_text(c, plan)
        assert clean[start:end] == c.proposed
        pieces += [clean[at:start], c.original]
        at = end
    return "".join([*pieces, clean[at:]])


def take_back_chars(clean: Chars, corrections: Iterable[Correction]) -> Chars:
    """The characters before correction: at the place of each those again that it took away."""
    pieces: list[Char] = []
    at = 0
    plan = select_effective(corrections)
    for c in plan:
        start, end = locate_in_clean_text(c, plan)
        assert "".join(x.text for x in clean[start:end]) == c.proposed
        pieces += [*clean[at:start], *c.removed]
        at = end
    return (*pieces, *clean[at:])
