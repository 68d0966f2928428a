"""The correction pass over a page that was just read: articles in, cleaner articles out."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace

from newspage.config import CorrectConfig
from newspage.correct.case import DetectorInput
from newspage.correct.ctc_scores import make_alphabet
from newspage.correct.detectors import doubtful, line_hyphens, middle_dots
from newspage.correct.evidence import LatticeScorer, Reread, add_image_evidence
from newspage.correct.examine import examine_text
from newspage.correct.knowledge import Knowledge, load_knowledge
from newspage.correct.policy import decide_corrections
from newspage.correct.proposal import Proposal, Rule
from newspage.correct.score import read_number
from newspage.edits.edit_script import apply_to_chars
from newspage.edits.flat_text import FlatText, flatten_article, rebuild_article
from newspage.model import ArticleRecord, Correction, PageLayout, TextLine

TORN_WORD = 0.998
"""Only a break through a word is better known from the words than from the layout."""
DOUBTED_BREAK = 0.5


@dataclass(frozen=True, slots=True)
class CorrectedArticles:
    """The articles with what was applied in them, and all that was applied or proposed."""

    articles: tuple[ArticleRecord, ...]
    corrections: tuple[Correction, ...]


def correct_articles(
    articles: Sequence[ArticleRecord],
    page: PageLayout,
    characters: tuple[str, ...],
    config: CorrectConfig,
    reread: Reread | None = None,
) -> CorrectedArticles:
    """The correction pass; `characters` are those of the engine that made the lattices of `page`.

    `reread` reads lines again where their lattices do not hold what a proposal asks for.
    Coordinates play no part, so that it may run before or after they are those of the scan.
    Raises DictionaryError, InputError and MissingDependencyError.
    """
    knowledge = load_knowledge(config)
    witness = LatticeScorer(_lines(page), make_alphabet(characters), reread)
    texts = [flatten_article(article) for article in articles]
    whole = "\n".join(text.string for text in texts)
    cleaned: list[ArticleRecord] = []
    corrections: list[Correction] = []
    for article, text in zip(articles, texts, strict=True):
        proposals = add_image_evidence(
            text, _proposals(text, whole, witness, characters, knowledge), witness
        )
        found = decide_corrections(text, proposals, knowledge.config)
        cleaned.append(rebuild_article(article, text, apply_to_chars(text.chars, found)))
        corrections += found
    return CorrectedArticles(tuple(cleaned), tuple(corrections))


def _proposals(
    text: FlatText,
    whole: str,
    witness: LatticeScorer,
    characters: tuple[str, ...],
    knowledge: Knowledge,
) -> list[Proposal]:
    found = examine_text(text, knowledge.dictionaries, knowledge.language, whole)
    found = list(middle_dots.split_by_script(found, text, witness.lines, witness.letters))
    case = DetectorInput(text, knowledge.dictionaries, knowledge.language, whole)
    doubts = doubtful.detect_doubtful_readings(case, witness.lines, characters)
    return [*_cautious(found), *doubts, *line_hyphens.detect_line_hyphens(case, witness.lines)]


def _cautious(proposals: Iterable[Proposal]) -> Iterable[Proposal]:
    """Breaks that the layout left in place are asked about, unless they go through a word."""
    for p in proposals:
        if p.rule is Rule.FLOW_SPLIT and read_number(p.evidence, "belief", 0.0) < TORN_WORD:
            yield replace(p, evidence={**p.evidence, "belief": DOUBTED_BREAK})
        else:
            yield p


def _lines(page: PageLayout) -> dict[str, TextLine]:
    regions = (line for region in page.regions for line in region.lines)
    return {line.id: line for line in (*regions, *page.unplaced)}
