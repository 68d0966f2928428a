"""The correction pass over a page as read: articles in, corrections out."""

from collections.abc import Sequence

from newspage.config import CorrectConfig
from newspage.correct.case import DetectorInput, PrintedLines
from newspage.correct.ctc_scores import make_alphabet
from newspage.correct.evidence import LatticeScorer, Reread, add_image_evidence
from newspage.correct.examine import examine_lines, examine_text
from newspage.correct.knowledge import Knowledge, load_knowledge
from newspage.correct.policy import decide_corrections
from newspage.correct.proposal import Proposal
from newspage.edits import FlatText, flatten_article
from newspage.model import ArticleRecord, Correction, PageLayout


def propose_corrections(
    articles: Sequence[ArticleRecord],
    page: PageLayout,
    characters: tuple[str, ...],
    config: CorrectConfig,
    reread: Reread | None = None,
) -> tuple[Correction, ...]:
    """Return what to correct in the articles of a page as read, by policy or by people.

    The articles stay as they are: `derive_page` makes the clean text of them and the corrections.
    Of coordinates only the boxes of lines are used, as they lie on the straightened page.

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
    lines = {line.id: line for line in page.lines}
    printed = PrintedLines(lines, characters, make_alphabet(characters))
    scorer = LatticeScorer(printed.lines, printed.alphabet, reread)
    texts = [flatten_article(article) for article in articles]
    whole = "\n".join(text.string for text in texts)
    corrections: list[Correction] = []
    for text in texts:
        proposals = add_image_evidence(
            text, _collect_proposals(text, whole, printed, knowledge), scorer
        )
        corrections += decide_corrections(text, proposals, knowledge.config)
    return tuple(corrections)


def _collect_proposals(
    text: FlatText, whole: str, printed: PrintedLines, knowledge: Knowledge
) -> list[Proposal]:
    """Return the proposals of all detectors, also of those that need the lattices."""
    found = examine_text(text, knowledge.dictionaries, knowledge.language, whole)
    case = DetectorInput(text, knowledge.dictionaries, knowledge.language, whole, printed)
    return examine_lines(found, case)
