"""Hold the scores of a page as counts, and show them as a report or as rates."""

from dataclasses import dataclass


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

    page: ErrorCount
    """Edit distance over the whole page, articles in any order, inside an article in order."""
    characters: ErrorCount
    """The part of it that no order would mend: characters missing, added or misread."""
    words: ErrorCount
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


def format_report(scores: Scores) -> str:
    """Format the scores in a few lines for a person; every rate stands with its number of cases."""
    s = scores
    w = f"words WER        {s.words.rate:8.2%}  {s.words.wrong} wrong of {s.words.of}, in order"
    return "\n".join(
        [
            f"page CER         {s.page.rate:8.2%}  of {s.page.of} characters, order counted",
            f"  characters     {s.characters.rate:8.2%}  missing, added or misread",
            f"  order          {s.order.rate:8.2%}  right, but elsewhere",
            *([w] if s.words.of else []),
            f"articles    F1   {s.articles.f1:8.3f}  {_counts(s.articles)}",
            f"headlines exact  {s.headlines.share:8.3f}  of {s.headlines.of}",
            f"bylines exact    {s.bylines.share:8.3f}  of {s.bylines.of}",
            f"paragraphs  F1   {s.paragraphs.f1:8.3f}  of {s.paragraphs.true} boundaries",
            f"lines found      {s.lines.share:8.3f}  of {s.lines.of}",
            f"line order       {s.line_order.share:8.3f}  of {s.line_order.of} neighbours",
        ]
    )


def _counts(found: Retrieval) -> str:
    """Format the three counts of a retrieval."""
    return f"{found.right} right, {found.predicted} found, {found.true} true"


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
