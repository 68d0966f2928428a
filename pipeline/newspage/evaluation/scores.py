"""The scores of a page, as counts, and two views of them."""

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class FoundCount:
    """So many of so many."""

    found: int
    of: int

    @property
    def share(self) -> float:
        """0 to 1, and 1 where there was nothing to find."""
        return self.found / self.of if self.of else 1.0


@dataclass(frozen=True, slots=True)
class ErrorCount:
    """Wrong characters among `of` true ones; there can be more of them than of those."""

    wrong: int
    of: int

    @property
    def rate(self) -> float:
        return self.wrong / max(1, self.of)


@dataclass(frozen=True, slots=True)
class Retrieval:
    """Things found among true ones."""

    right: int
    predicted: int
    true: int

    @property
    def precision(self) -> float:
        return self.right / self.predicted if self.predicted else 1.0

    @property
    def recall(self) -> float:
        return self.right / self.true if self.true else 1.0

    @property
    def f1(self) -> float:
        return 2 * self.right / (self.predicted + self.true) if self.predicted + self.true else 1.0


@dataclass(frozen=True, slots=True)
class Scores:
    """Everything measured on one page, as counts; see `format_report` for a person's view of it."""

    page: ErrorCount
    """Edit distance over the whole page, articles in any order, inside an article in order."""
    characters: ErrorCount
    """The part of it that no order would mend: characters missing, added or misread."""
    words: ErrorCount
    """Edit distance in words, order counted, of scripts that part them with spaces."""
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
        """The part of the page's errors that is not due to characters."""
        return ErrorCount(max(0, self.page.wrong - self.characters.wrong), self.page.of)


@dataclass(frozen=True, slots=True)
class HarmCount:
    """What a correction did to characters of the truth."""

    harmed: int
    """Right before, wrong after."""
    healed: int
    """Wrong before, right after."""


def format_report(scores: Scores) -> str:
    """The scores in a few lines for a person; rates always with their n."""
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
    return f"{found.right} right, {found.predicted} found, {found.true} true"


def scores_to_json(scores: Scores) -> dict[str, float]:
    """The scores as rates under short names, for tables and floors."""
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
