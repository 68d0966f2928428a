"""Hold the scores of a page as counts, add those of several pages, and give them as rates."""

from collections.abc import Sequence
from dataclasses import astuple, dataclass
from typing import TypeVar

Count = TypeVar("Count", "FoundCount", "ErrorCount", "EditCount", "QualityCount", "Retrieval")


@dataclass(frozen=True, slots=True)
class FoundCount:
    """Number of things found, of a number of true ones."""

    found: int
    of: int

    @property
    def share(self) -> float:
        """Return the share found, 0 to 1; 1 where there was nothing to find."""
        return self.found / self.of if self.of else 1.0


@dataclass(frozen=True, slots=True)
class ErrorCount:
    """Number of wrong characters or words, of a number of true ones; it may be the larger one."""

    wrong: int
    of: int

    @property
    def rate(self) -> float:
        """Return the error rate, 0 or more; it exceeds 1 where more was added than there is."""
        return self.wrong / max(1, self.of)


@dataclass(frozen=True, slots=True)
class EditCount:
    """Edit distance between a true text and another one, by kind of edit."""

    substitutions: int
    insertions: int
    """Characters (or words) of the other text that the true one has not."""
    deletions: int
    of: int
    """Characters (or words) of the true text."""

    @property
    def wrong(self) -> int:
        """Return the edit distance."""
        return self.substitutions + self.insertions + self.deletions

    @property
    def rate(self) -> float:
        """Return the error rate, 0 or more; it exceeds 1 where more was added than there is."""
        return self.wrong / max(1, self.of)


@dataclass(frozen=True, slots=True)
class QualityCount:
    """Characters as quality control counts them: a passage in the wrong place is no wrong text."""

    wrong: int
    """Other characters than those printed (错字)."""
    extra: int
    """Characters too many (多字)."""
    missing: int
    """Characters too few (少字)."""
    moved: int
    """Characters that are right but stand elsewhere (错位); none of them is among the others."""
    of: int
    """Characters that are printed."""

    @property
    def total(self) -> int:
        """Return all characters that are wrong, too many or missing."""
        return self.wrong + self.extra + self.missing

    @property
    def per_10000(self) -> float:
        """Return how many of them there are in 10,000 printed characters (万分比)."""
        return 10_000 * self.total / max(1, self.of)


@dataclass(frozen=True, slots=True)
class Retrieval:
    """Things found among true ones: those right, all that were predicted, all that are true."""

    right: int
    predicted: int
    true: int

    @property
    def precision(self) -> float:
        """Return the share of the predicted that is right; 1 where nothing was predicted."""
        return self.right / self.predicted if self.predicted else 1.0

    @property
    def recall(self) -> float:
        """Return the share of the true that was found; 1 where there was nothing to find."""
        return self.right / self.true if self.true else 1.0

    @property
    def f1(self) -> float:
        """Return the harmonic mean of precision and recall; 1 where both sides are empty."""
        return 2 * self.right / (self.predicted + self.true) if self.predicted + self.true else 1.0


@dataclass(frozen=True, slots=True)
class Scores:
    """All measurements of one page, as counts; `format_report` shows them to a person."""

    page: EditCount
    """Edit distance over the whole page, articles in any order, inside an article in order."""
    characters: ErrorCount
    """The part of it that no order would mend: characters missing, added or misread."""
    words: EditCount
    """Edit distance in words, order counted, in scripts that set spaces between words."""
    articles: Retrieval
    headlines: FoundCount
    """Exactly right, of the articles that have one."""
    bylines: FoundCount
    paragraphs: Retrieval
    """Boundaries between paragraphs."""
    lines: FoundCount
    """Printed lines that stand together in the text."""
    line_order: FoundCount
    """Of neighbouring lines that were both found, those that follow each other."""
    quality: QualityCount
    """The same characters as in `page`, misplaced passages counted apart."""
    segmentation: Retrieval | None
    """Characters that are in the right article (`measure_segmentation`); None where the truth does
    not say which articles there are."""
    article_order: FoundCount
    """Of the pairs of articles that were found, those that stand in the order of the truth."""

    @property
    def order(self) -> ErrorCount:
        """Return the part of the page's errors that is due to order, not to characters."""
        return ErrorCount(max(0, self.page.wrong - self.characters.wrong), self.page.of)


@dataclass(frozen=True, slots=True)
class HarmCount:
    """Effect of a correction on the characters of the truth."""

    harmed: int
    """Right before, wrong after."""
    healed: int
    """Wrong before, right after."""


def sum_counts(counts: Sequence[Count]) -> Count:
    """Return the sum of counts of one kind, at least one, number by number."""
    kind = type(counts[0])
    return kind(*map(sum, zip(*map(astuple, counts), strict=True)))


def sum_scores(scores: Sequence[Scores]) -> Scores:
    """Return the scores of several pages, at least one, as if they were one (micro average)."""
    parted = [s.segmentation for s in scores if s.segmentation is not None]
    return Scores(
        page=sum_counts([s.page for s in scores]),
        characters=sum_counts([s.characters for s in scores]),
        words=sum_counts([s.words for s in scores]),
        articles=sum_counts([s.articles for s in scores]),
        headlines=sum_counts([s.headlines for s in scores]),
        bylines=sum_counts([s.bylines for s in scores]),
        paragraphs=sum_counts([s.paragraphs for s in scores]),
        lines=sum_counts([s.lines for s in scores]),
        line_order=sum_counts([s.line_order for s in scores]),
        quality=sum_counts([s.quality for s in scores]),
        segmentation=sum_counts(parted) if parted else None,
        article_order=sum_counts([s.article_order for s in scores]),
    )


def scores_to_json(scores: Scores) -> dict[str, float]:
    """Return the scores as rates under short names, for tables and for the floors of the tests."""
    return {
        "page_cer": round(scores.page.rate, 5),
        "character_errors": round(scores.characters.rate, 5),
        "order_errors": round(scores.order.rate, 5),
        "word_errors": round(scores.words.rate, 5),
        "article_f1": round(scores.articles.f1, 4),
        "headlines": round(scores.headlines.share, 4),
        "bylines": round(scores.bylines.share, 4),
        "paragraph_f1": round(scores.paragraphs.f1, 4),
        "lines": round(scores.lines.share, 4),
        "line_order": round(scores.line_order.share, 4),
    }
