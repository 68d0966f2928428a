"""Builds the language model of an archive from its page records and what people decided."""

from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass, field

import numpy as np

from newspage.chinese import is_han
from newspage.edits import FlatText, flatten_article
from newspage.errors import InputError
from newspage.language import ArchiveCounts, CharacterModel, make_archive_model, number_characters
from newspage.model import Correction, CorrectionStatus, PageRecord
from newspage.output import RECORD_SUFFIX
from newspage.record import read_record
from newspage.store import OutputStore, ScanRow, ScanStatus, Store
from newspage.workspace import Workspace

UNSURE = 0.5
"""Certainty of a character that came from no glyph and from no person: a correction of the machine.
Judgement."""
DECIDED = frozenset({CorrectionStatus.ACCEPTED, CorrectionStatus.EDITED})
"""Statuses of corrections whose text a person has confirmed."""


@dataclass(frozen=True)
class LanguageRequest:
    """Which pages a language model is built from."""

    place: Workspace
    paper: str = ""
    """Those of this paper only; empty: of all."""
    first: int | None = None
    """Those of this year and later only."""
    last: int | None = None
    """Those of this year and earlier only."""


@dataclass
class BuiltLanguage:
    """A language model and what it was built from."""

    model: CharacterModel
    pages: int = 0
    characters: int = 0
    left: list[str] = field(default_factory=list)
    """Pages whose record is missing or damaged."""
    pairs: int = 0
    """Pairs of characters that people have corrected."""


def build_language_model(request: LanguageRequest) -> BuiltLanguage:
    """Return the language model of an archive; the same pages always give the same one.

    Raises:
        StoreError: The store cannot be read.
        InputError: The installed model of words is damaged.
        MissingDependencyError: The word list is not installed.
    """
    counts, corrected, left = ArchiveCounts(), Counter[tuple[str, str]](), []
    pages = 0
    for row in _list_rows(request):
        try:
            record = read_record(request.place.output / f"{row.stem}{RECORD_SUFFIX}")
        except InputError:
            left.append(row.stem)
            continue
        pages += 1
        count_record(record, counts)
        corrected.update(list_corrected_pairs(record))
    model = make_archive_model(counts, corrected, pages)
    return BuiltLanguage(model, pages, counts.characters, left, len(corrected))


def _list_rows(request: LanguageRequest) -> Iterator[ScanRow]:
    """Yield the rows of the pages that count, in the order of their names."""
    with Store(request.place.store, read_only=True) as whole:
        rows = OutputStore(whole, request.place.name).list_scans().values()
    for row in sorted(rows, key=lambda row: row.stem):
        if row.status is ScanStatus.DONE and _is_wanted(row, request):
            yield row


def _is_wanted(row: ScanRow, request: LanguageRequest) -> bool:
    """Tell whether a page is of the paper and the years that are asked for."""
    publication = row.publication
    if request.paper and (publication is None or publication.paper != request.paper):
        return False
    if request.first is None and request.last is None:
        return True
    date = publication.date if publication else None
    first, last = request.first or 0, request.last or 9999
    return date is not None and first <= date.year <= last


def count_record(record: PageRecord, counts: ArchiveCounts) -> None:
    """Count the text of a page: each character as sure as the reader was of its glyph."""
    confidences = {line.id: [g.confidence for g in line.glyphs] for line in record.page.lines}
    decided = {c.id for c in record.corrections if c.status in DECIDED}
    paragraphs = []
    for article in record.articles:
        text = flatten_article(article)
        sure, confirmed = _weigh_text(text, confidences, decided)
        numbers = number_characters(text.string)
        paragraphs += [
            (numbers[b.start : b.end], sure[b.start : b.end], confirmed[b.start : b.end])
            for b in text.blocks
        ]
    counts.add_page(paragraphs)


def _weigh_text(
    text: FlatText, confidences: dict[str, list[float]], decided: set[str]
) -> tuple[
    np.ndarray[tuple[int], np.dtype[np.float64]], np.ndarray[tuple[int], np.dtype[np.bool_]]
]:
    """Return how sure each character of a text is, and whether people have confirmed it."""
    sure = np.full(len(text.string), UNSURE)
    confirmed = np.zeros(len(text.string), bool)
    for at, char in enumerate(text.chars):
        glyphs = confidences.get(char.line, ())
        if char.correction in decided:
            sure[at], confirmed[at] = 1.0, True
        elif not char.correction and 0 <= char.glyph < len(glyphs):
            sure[at] = min(1.0, max(0.0, glyphs[char.glyph]))
    return sure, confirmed


def list_corrected_pairs(record: PageRecord) -> Iterator[tuple[str, str]]:
    """Yield the characters that people corrected one for one: as read, as printed."""
    for correction in record.corrections:
        if correction.status in DECIDED:
            yield from _list_pairs(correction)


def _list_pairs(correction: Correction) -> Iterator[tuple[str, str]]:
    """Yield the pairs of a correction that keeps the length of its text."""
    if len(correction.original) == len(correction.proposed):
        for read, printed in zip(correction.original, correction.proposed, strict=True):
            if read != printed and is_han(read) and is_han(printed):
                yield read, printed
