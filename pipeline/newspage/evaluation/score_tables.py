"""Show scores: in lines for a person, as flat rows for CSV and JSON, one page or many."""

import csv
import io
import json
from collections.abc import Callable, Sequence
from statistics import fmean

from newspage.counting import count_in_words
from newspage.evaluation.page_pairs import ScoredPage, UnscoredPage, order_by_errors
from newspage.evaluation.scores import (
    EditCount,
    QualityCount,
    Retrieval,
    Scores,
    scores_to_json,
    sum_scores,
)
from newspage.spreadsheet_cells import disarm_cell

WORST_SHOWN = 10
"""Pages that the lines for a person name; all of them are in the tables."""

Row = dict[str, str | float | None]
"""Figures by name, as they stand in a line of CSV or an object of JSON."""

_RATES: dict[str, Callable[[Scores], float | None]] = {
    "page_cer": lambda s: s.page.rate if s.page.of else None,
    "character_errors": lambda s: s.characters.rate if s.page.of else None,
    "order_errors": lambda s: s.order.rate if s.page.of else None,
    "word_errors": lambda s: s.words.rate if s.words.of else None,
    "errors_per_10000": lambda s: s.quality.per_10000 if s.page.of else None,
    "article_f1": lambda s: s.articles.f1 if s.articles.true else None,
    "segmentation_f1": lambda s: s.segmentation.f1 if s.segmentation else None,
    "article_order": lambda s: s.article_order.share if s.article_order.of else None,
    "paragraph_f1": lambda s: s.paragraphs.f1 if s.paragraphs.true else None,
    "line_order": lambda s: s.line_order.share if s.line_order.of else None,
}
"""Rates whose mean over pages is given; None where a page has nothing that they are of."""


def format_report(scores: Scores) -> str:
    """Format the scores in a few lines for a person; every rate stands with its number of cases."""
    s, edits, parted = scores, scores.page, scores.segmentation
    lines = [
        f"page CER         {s.page.rate:8.2%}  of {s.page.of} characters, order counted",
        f"  characters     {s.characters.rate:8.2%}  missing, added or misread",
        f"  order          {s.order.rate:8.2%}  right, but elsewhere",
    ]
    if s.words.of:
        lines.append(
            f"words WER        {s.words.rate:8.2%}  {s.words.wrong} wrong of {s.words.of}, in order"
        )
    lines += [
        f"articles    F1   {s.articles.f1:8.3f}  {_counts(s.articles)}",
        f"headlines exact  {s.headlines.share:8.3f}  of {s.headlines.of}",
        f"bylines exact    {s.bylines.share:8.3f}  of {s.bylines.of}",
        f"paragraphs  F1   {s.paragraphs.f1:8.3f}  of {s.paragraphs.true} boundaries",
        f"lines found      {s.lines.share:8.3f}  of {s.lines.of}",
        f"line order       {s.line_order.share:8.3f}  of {s.line_order.of} neighbours",
        f"edits            {edits.wrong:8}  {_describe_edits(edits)}",
        f"per 10,000       {s.quality.per_10000:8.1f}  {_describe_quality(s.quality)}",
        f"misplaced        {s.quality.moved:8}  characters that stand elsewhere (错位)",
    ]
    if parted:
        lines.append(f"article text F1  {parted.f1:8.3f}  {_describe_segmentation(parted)}")
    else:
        lines.append("article text F1         -  the truth does not part its text into articles")
    lines.append(f"article order    {s.article_order.share:8.3f}  of {s.article_order.of} pairs")
    return "\n".join(lines)


def format_folder_report(pages: Sequence[ScoredPage]) -> str:
    """Format the scores of several pages for a person: averages, then the worst pages."""
    total, mean = sum_scores([page.scores for page in pages]), average_rates(pages)
    name = max(len(name) for name in _RATES)
    lines = [
        f"{count_in_words(len(pages), 'page')}, {total.page.of:,} characters",
        f"{'':{name}}  {'all text':>10}  {'mean page':>10}",
    ]
    for key, rate in _RATES.items():
        lines.append(f"{key:{name}}  {_show(key, rate(total))}  {_show(key, mean[key])}")
    moved = f"{total.quality.moved:,} misplaced (错位)"
    lines.append(f"characters: {_describe_quality(total.quality)}, {moved}")
    lines.append("Worst pages, by CER:")
    for page in order_by_errors(pages)[:WORST_SHOWN]:
        per_10000 = page.scores.quality.per_10000
        lines.append(f"{page.scores.page.rate:8.2%}  {per_10000:8.1f} per 10,000  {page.name}")
    return "\n".join(lines)


def average_rates(pages: Sequence[ScoredPage]) -> dict[str, float | None]:
    """Return the mean of each rate over the pages that have one (macro average)."""
    found = {
        name: [r for page in pages if (r := rate(page.scores)) is not None]
        for name, rate in _RATES.items()
    }
    return {name: round(fmean(rates), 5) if rates else None for name, rates in found.items()}


def list_figures(scores: Scores) -> Row:
    """Return all figures of a page, flat: rates, then the counts behind them."""
    page, words, quality = scores.page, scores.words, scores.quality
    parted = scores.segmentation
    row: Row = dict(scores_to_json(scores))
    return row | {
        "errors_per_10000": round(quality.per_10000, 2),
        "wrong_characters": quality.wrong,
        "extra_characters": quality.extra,
        "missing_characters": quality.missing,
        "moved_characters": quality.moved,
        "segmentation_precision": round(parted.precision, 4) if parted else None,
        "segmentation_recall": round(parted.recall, 4) if parted else None,
        "segmentation_f1": round(parted.f1, 4) if parted else None,
        "article_order": round(scores.article_order.share, 4),
        "characters": page.of,
        "substitutions": page.substitutions,
        "insertions": page.insertions,
        "deletions": page.deletions,
        "words": words.of,
        "word_substitutions": words.substitutions,
        "word_insertions": words.insertions,
        "word_deletions": words.deletions,
    }


def render_score_csv(pages: Sequence[ScoredPage]) -> str:
    """Return a table with a header line and one row a page, the worst first; no totals.

    A name that a spreadsheet would take for a formula begins with an apostrophe.
    """
    out = io.StringIO(newline="")
    rows = [_row_of(disarm_cell(p.name), p.scores) for p in order_by_errors(pages)]
    writer = csv.DictWriter(out, list(rows[0]) if rows else ["page"], lineterminator="\n")
    writer.writeheader()
    writer.writerows(rows)
    return out.getvalue()


def render_score_json(pages: Sequence[ScoredPage], unscored: Sequence[UnscoredPage]) -> str:
    """Return the figures of several pages, the worst first, their averages, and what failed."""
    data = {
        "pages": [_row_of(p.name, p.scores) for p in order_by_errors(pages)],
        "micro": list_figures(sum_scores([page.scores for page in pages])) if pages else None,
        "macro": average_rates(pages) if pages else None,
        "failed": [{"page": page.pair.name, "problem": page.problem} for page in unscored],
    }
    return json.dumps(data)


def _row_of(name: str, scores: Scores) -> Row:
    """Return the name of a page and its figures."""
    row: Row = {"page": name}
    return row | list_figures(scores)


def _show(key: str, rate: float | None) -> str:
    """Return a rate in ten columns: errors in percent, shares as fractions."""
    if rate is None:
        return f"{'-':>10}"
    if key == "errors_per_10000":
        return f"{rate:10.1f}"
    is_error = key.endswith(("_cer", "_errors"))
    return f"{rate:10.2%}" if is_error else f"{rate:10.3f}"


def _counts(found: Retrieval) -> str:
    """Format the three counts of a retrieval."""
    return f"{found.right} right, {found.predicted} found, {found.true} true"


def _describe_edits(edits: EditCount) -> str:
    """Format the three counts of an edit distance."""
    kinds = f"{edits.substitutions} substituted, {edits.insertions} inserted"
    return f"{kinds}, {edits.deletions} deleted, order counted"


def _describe_quality(quality: QualityCount) -> str:
    """Format the three counts of quality control."""
    kinds = f"{quality.wrong:,} wrong (错字), {quality.extra:,} too many (多字)"
    return f"{kinds}, {quality.missing:,} missing (少字)"


def _describe_segmentation(found: Retrieval) -> str:
    """Format precision and recall of the parting into articles."""
    return f"precision {found.precision:.3f}, recall {found.recall:.3f}, in the right article"
