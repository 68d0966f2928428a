"""Propose corrections of an imported page: by its words alone, or with its scan as witness.

Nothing is applied: the text is that of another program, perhaps of people, and stays as it is until
somebody decides.
"""

from collections import Counter
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, replace

from newspage.assemble import assemble_articles
from newspage.collation import correct_parts_with_scan, flatten_page, make_lattice_scorer
from newspage.config import Config
from newspage.correct import load_knowledge, propose_corrections
from newspage.edits import BREAK, FlatText, derive_page, flatten_article, record_removed
from newspage.engine import Engine
from newspage.model import (
    Char,
    Correction,
    PageImage,
    PageLayout,
    PageReading,
    Problem,
    TextLine,
)
from newspage.page import LineRereader
from newspage.recognise import recognise_lines


@dataclass(frozen=True, slots=True)
class CheckedText:
    """The corrections that are proposed for a page, and problems that concern all of it."""

    corrections: tuple[Correction, ...]
    problems: tuple[Problem, ...] = ()


def check_words(reading: PageReading, config: Config) -> CheckedText:
    """Return what the words of an imported page propose.

    Raises DictionaryError and InputError for dictionaries that cannot be used.
    """
    own = replace(config.correct, apply="none")
    return CheckedText(propose_corrections(reading.articles, reading.page, (), own))


def check_by_scan(
    reading: PageReading, image: PageImage, engine: Engine, config: Config
) -> CheckedText:
    """Return what the words and the pixels propose; the words alone where the pixels are of others.

    The lines of the page are read where the file says that they are, so that each difference is one
    of text; no line is looked for.

    Args:
        reading: The imported page.
        image: The pixels of its scan.
        engine: Reads its lines.
        config: The settings.

    Raises:
        DictionaryError: A dictionary has lines that cannot be used.
        InputError: A dictionary cannot be read.
    """
    found = tuple(
        replace(line, glyphs=())
        for line in reading.page.lines
        if min(line.box.width, line.box.height) >= 1
    )
    lines = recognise_lines(found, image, engine, config.recognise)
    seen = _replace_lines(reading.page, {line.id: line for line in lines})
    text = assemble_articles(seen, config.assemble)
    record = derive_page(PageReading(seen, text.articles, text.furniture))
    reread = LineRereader(found, lines, image, engine, config.recognise)
    witness = make_lattice_scorer(seen, engine.characters, reread)
    knowledge = load_knowledge(replace(config.correct, apply="none"))
    texts = (flatten_article(article) for article in reading.articles)
    parts = [text for text in texts if text.string]
    corrected = correct_parts_with_scan(
        _join_parts(parts), flatten_page(record), witness, knowledge
    )
    if any(problem.severity == "error" for problem in corrected.problems):
        alone = check_words(reading, config)
        return replace(alone, problems=(_make_unrelated(),))
    return CheckedText(tuple(_share_out(corrected.corrections, parts)), corrected.problems)


def _replace_lines(page: PageLayout, lines: dict[str, TextLine]) -> PageLayout:
    """Return the layout with lines as they were read; those that were not have no text."""
    return page.map_lines(lambda line: lines.get(line.id, replace(line, glyphs=())))


def _join_parts(texts: Sequence[FlatText]) -> FlatText:
    """Return the texts of all articles as one, a line break between two."""
    chars: list[Char] = []
    blocks = []
    for text in texts:
        if chars:
            chars.append(Char(BREAK, "", -1))
        at = len(chars)
        chars += text.chars
        blocks += [replace(b, start=b.start + at, end=b.end + at) for b in text.blocks]
    return FlatText("page", "".join(c.text for c in chars), tuple(blocks), tuple(chars))


def _share_out(
    corrections: Sequence[Correction], texts: Sequence[FlatText]
) -> Iterator[Correction]:
    """Yield the corrections of a page as those of its articles, with spans in their texts.

    What concerns two articles, as a passage moved from one to the other, is left out.
    """
    whole = Counter(c.group for c in corrections)
    at = 0
    for text in texts:
        end = at + len(text.string)
        own = [c for c in corrections if at <= c.span[0] and c.span[1] <= end]
        inside = Counter(c.group for c in own)
        groups = {group for group in inside if group and inside[group] < whole[group]}
        kept = [c for c in own if c.group not in groups]
        yield from _renumber(kept, text, at)
        at = end + len(BREAK)


def _renumber(corrections: Iterable[Correction], text: FlatText, at: int) -> Iterator[Correction]:
    """Yield corrections as those of an article, whose text begins `at` in that of the page."""
    for number, correction in enumerate(corrections, 1):
        start, end = (place - at for place in correction.span)
        own = replace(
            correction,
            id=f"{text.id}-{number}",
            article=text.id,
            span=(start, end),
            original=text.string[start:end],
        )
        yield record_removed(own, text.chars)


def _make_unrelated() -> Problem:
    """Return the problem of a page whose lines are not printed where its file says."""
    return Problem(
        "page",
        "What is printed at the places of its lines is not its text; the words alone were asked. "
        "Is it the right scan, in the right resolution?",
    )
