"""The correction pass over a page that was just read: articles in, cleaner articles out."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace

from newspage.config import CorrectConfig
from newspage.correct.case import Case
from newspage.correct.ctc import alphabet
from newspage.correct.detectors import dots, doubtful, hyphens
from newspage.correct.evidence import Reread, Witness, with_pixels
from newspage.correct.examine import examine
from newspage.correct.knowledge import Knowledge, knowledge_of
from newspage.correct.plan import apply_chars
from newspage.correct.policy import corrections_of
from newspage.correct.proposal import Proposal, Rule
from newspage.correct.score import number
from newspage.correct.text import Text, article_of, text_of
from newspage.model import Article, Correction, Page, TextLine

TORN_WORD = 0.998
"""Only a break through a word is better known from the words than from the layout."""
DOUBTED_BREAK = 0.5


@dataclass(frozen=True, slots=True)
class Corrected:
    """The articles with what was applied in them, and all that was applied or proposed."""

    articles: tuple[Article, ...]
    corrections: tuple[Correction, ...]


def correct(
    articles: Sequence[Article],
    page: Page,
    characters: tuple[str, ...],
    config: CorrectConfig,
    reread: Reread | None = None,
) -> Corrected:
    """The correction pass; `characters` are those of the engine that made the lattices of `page`.

    `reread` reads lines again where their lattices do not hold what a proposal asks for.
    Coordinates play no part, so that it may run before or after they are those of the scan.
    Raises DictionaryError, InputError and MissingDependencyError.
    """
    knowledge = knowledge_of(config)
    witness = Witness(_lines(page), alphabet(characters), reread)
    texts = [text_of(article) for article in articles]
    whole = "\n".join(text.string for text in texts)
    cleaned: list[Article] = []
    corrections: list[Correction] = []
    for article, text in zip(articles, texts, strict=True):
        proposals = with_pixels(
            text, _proposals(text, whole, witness, characters, knowledge), witness
        )
        found = corrections_of(text, proposals, knowledge.config)
        cleaned.append(article_of(article, text, apply_chars(text.chars, found)))
        corrections += found
    return Corrected(tuple(cleaned), tuple(corrections))


def _proposals(
    text: Text, whole: str, witness: Witness, characters: tuple[str, ...], knowledge: Knowledge
) -> list[Proposal]:
    found = examine(text, knowledge.dictionaries, knowledge.language, whole)
    found = list(dots.as_seen(found, text, witness.lines, witness.letters))
    case = Case(text, knowledge.dictionaries, knowledge.language, whole)
    doubts = doubtful.detect(case, witness.lines, characters)
    return [*_cautious(found), *doubts, *hyphens.detect(case, witness.lines)]


def _cautious(proposals: Iterable[Proposal]) -> Iterable[Proposal]:
    """Breaks that the layout left in place are asked about, unless they go through a word."""
    for p in proposals:
        if p.rule is Rule.FLOW_SPLIT and number(p.evidence, "belief", 0.0) < TORN_WORD:
            yield replace(p, evidence={**p.evidence, "belief": DOUBTED_BREAK})
        else:
            yield p


def _lines(page: Page) -> dict[str, TextLine]:
    regions = (line for region in page.regions for line in region.lines)
    return {line.id: line for line in (*regions, *page.unplaced)}
