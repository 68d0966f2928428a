"""Add up how many characters of a page and of its articles are expected to be wrong."""

from collections.abc import Container, Iterable, Iterator, Mapping
from dataclasses import dataclass, field

from newspage.decision import PRECEDENT
from newspage.expected_errors.calibration import load_curves
from newspage.model import ArticleRecord, Char, Correction, CorrectionStatus, PageRecord


@dataclass(frozen=True, slots=True)
class ExpectedErrors:
    """Characters of a text, and how many of them are expected to be wrong."""

    characters: int = 0
    """Blanks are not counted."""
    wrong: float = 0.0
    """0 to `characters`."""

    @property
    def share(self) -> float | None:
        """Return the share that is expected to be wrong, 0 to 1; None of no text."""
        return self.wrong / self.characters if self.characters else None

    def __add__(self, other: "ExpectedErrors") -> "ExpectedErrors":
        return ExpectedErrors(self.characters + other.characters, self.wrong + other.wrong)


@dataclass(frozen=True, slots=True)
class PageErrors:
    """The expected errors of a page. Without any characters where nothing can be told."""

    page: ExpectedErrors = field(default_factory=ExpectedErrors)
    """Of its articles and of text that belongs to none; lines that fit nowhere are left out."""
    articles: Mapping[str, ExpectedErrors] = field(default_factory=dict)
    """Of each article by its id."""

    @property
    def share(self) -> float | None:
        """Return the share of the page that is expected to be wrong, 0 to 1; None: not told."""
        return self.page.share


def estimate_page_errors(record: PageRecord) -> PageErrors:
    """Return how many characters of a page and of its articles are expected to be wrong.

    What a person has decided counts as right. What the machine has put in counts by the probability
    of its correction, everything else by the confidence of its glyph. Nothing is told of pages that
    were imported: confidences of other programs mean something else.
    """
    if record.reading.source is not None:
        return PageErrors()
    doubts = _CharacterDoubts(record)
    articles = {article.id: doubts.add_up(_list_chars(article)) for article in record.articles}
    # Furniture says of no character that a person wrote it, but what was read is kept; people may
    # have taken it out of an article.
    reading = record.reading
    read = {char for piece in reading.furniture for char in piece.chars}
    read.update(char for article in reading.articles for char in _list_chars(article))
    outside = (doubts.add_up(piece.chars, read) for piece in record.furniture)
    return PageErrors(sum((*articles.values(), *outside), ExpectedErrors()), articles)


class _CharacterDoubts:
    """The probability of each character of a page that it is wrong."""

    def __init__(self, record: PageRecord) -> None:
        horizontal, vertical = load_curves()
        self._of_glyphs = {
            line.id: (vertical if line.vertical else horizontal)
            .find_probabilities([g.confidence for g in line.glyphs])
            .tolist()
            for line in record.page.lines
        }
        self._of_corrections = {c.id: _doubt_correction(c) for c in record.corrections}
        self._confirmed = {
            (char.line, char.glyph)
            for c in record.corrections
            if _is_by_person(c) and c.status is CorrectionStatus.REJECTED
            for char in c.removed
        }

    def add_up(self, chars: Iterable[Char], read: Container[Char] | None = None) -> ExpectedErrors:
        """Return the sum over some characters, blanks left out.

        Where `read` is given, what is neither in it nor put in by a correction was written by
        people.
        """
        found = [
            self._find_doubt(char) if read is None or char.correction or char in read else 0.0
            for char in chars
            if not char.text.isspace()
        ]
        return ExpectedErrors(len(found), float(sum(found)))

    def _find_doubt(self, char: Char) -> float:
        """Return the probability that a character is wrong; 0 where no glyph stands under it."""
        if char.correction in self._of_corrections:
            return self._of_corrections[char.correction]
        if (char.line, char.glyph) in self._confirmed:
            return 0.0
        glyphs = self._of_glyphs.get(char.line, ())
        return glyphs[char.glyph] if 0 <= char.glyph < len(glyphs) else 0.0


def _list_chars(article: ArticleRecord) -> Iterator[Char]:
    """Yield the characters of an article, its heads first."""
    for chars in (*article.heads, *(p.chars for p in article.paragraphs)):
        yield from chars


def _doubt_correction(correction: Correction) -> float:
    """Return the probability that what a correction puts in is wrong."""
    return 0.0 if _is_by_person(correction) else min(1.0, max(0.0, 1.0 - correction.confidence))


def _is_by_person(correction: Correction) -> bool:
    """Tell whether a person has decided on a correction, and no precedent in their place."""
    return correction.decided_by not in ("", PRECEDENT)
