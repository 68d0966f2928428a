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
from newspage.edits.clean_text import derive_article
from newspage.edits.flat_text import FlatText, flatten_article
from newspage.model import ArticleRecord, Correction, PageLayout, TextLine

TORN_WORD = 0.998
"""Belief from which a break runs through a word or a clause. Only there are the words better
evidence than the layout, which left the break in place. Judgement."""
DOUBTED_BREAK = 0.5
"""Belief of any other break: a person is asked."""


@dataclass(frozen=True, slots=True)
class CorrectedArticles:
    """The articles with the applied corrections in them, and all corrections, proposed ones too."""

    articles: tuple[ArticleRecord, ...]
    corrections: tuple[Correction, ...]


def correct_articles(
    articles: Sequence[ArticleRecord],
    page: PageLayout,
    characters: tuple[str, ...],
    config: CorrectConfig,
    reread: Reread | None = None,
) -> CorrectedArticles:
    """Correct the articles of a page that was just read.

    Coordinates are not used: the pass may run before or after they are mapped back to the scan.

    Args:
        articles: The articles as read.
        page: The layout of the page; its lines have lattices.
        characters: The characters of the engine that made the lattices, by class.
        config: Dictionaries and thresholds.
        reread: Reads a line again where its lattice lacks the classes a proposal asks for; None
            where that cannot be done.

    Raises:
        DictionaryError: A dictionary has lines that cannot be used.
        InputError: A dictionary cannot be read.
        MissingDependencyError: The word list is not installed.
    """
    knowledge = load_knowledge(config)
    scorer = LatticeScorer(_lines_by_id(page), make_alphabet(characters), reread)
    texts = [flatten_article(article) for article in articles]
    whole = "\n".join(text.string for text in texts)
    cleaned: list[ArticleRecord] = []
    corrections: list[Correction] = []
    for article, text in zip(articles, texts, strict=True):
        proposals = add_image_evidence(
            text, _collect_proposals(text, whole, scorer, characters, knowledge), scorer
        )
        found = decide_corrections(text, proposals, knowledge.config)
        cleaned.append(derive_article(article, text, found))
        corrections += found
    return CorrectedArticles(tuple(cleaned), tuple(corrections))


def _collect_proposals(
    text: FlatText,
    whole: str,
    scorer: LatticeScorer,
    characters: tuple[str, ...],
    knowledge: Knowledge,
) -> list[Proposal]:
    """Return the proposals of all detectors, also of those that need the lattices."""
    found = examine_text(text, knowledge.dictionaries, knowledge.language, whole)
    found = list(middle_dots.choose_marks_by_lattice(found, text, scorer.lines, scorer.letters))
    case = DetectorInput(text, knowledge.dictionaries, knowledge.language, whole)
    doubts = doubtful.detect_doubtful_readings(case, scorer.lines, characters)
    return [*_doubt_breaks(found), *doubts, *line_hyphens.detect_line_hyphens(case, scorer.lines)]


def _doubt_breaks(proposals: Iterable[Proposal]) -> Iterable[Proposal]:
    """Yield the proposals, the belief of breaks lowered unless they go through a word."""
    for p in proposals:
        if p.rule is Rule.FLOW_SPLIT and read_number(p.evidence, "belief", 0.0) < TORN_WORD:
            yield replace(p, evidence={**p.evidence, "belief": DOUBTED_BREAK})
        else:
            yield p


def _lines_by_id(page: PageLayout) -> dict[str, TextLine]:
    """Return all lines of a page, those outside regions too, by id."""
    regions = (line for region in page.regions for line in region.lines)
    return {line.id: line for line in (*regions, *page.unplaced)}
