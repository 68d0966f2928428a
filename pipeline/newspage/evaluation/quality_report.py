"""A report on the quality of pages for people: one HTML file that needs nothing besides itself.

All pages stand in a table, the worst first; of the worst ones every difference stands in its
context, with its place on the scan where that is at hand. Details are made page by page, so that
memory holds one scan at a time, and are limited, so that the file still opens in a browser.
"""

import base64
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from importlib.resources import files
from pathlib import Path

from newspage.batch import FileOpener
from newspage.config import Config
from newspage.errors import InputError
from newspage.evaluation.difference_contexts import (
    ShownDifference,
    SpanInContext,
    list_differences,
)
from newspage.evaluation.judged_scan import JudgedScan, is_page_record, open_judged_scan
from newspage.evaluation.page_pairs import ScoredPage, UnscoredPage, order_by_errors
from newspage.evaluation.page_texts import load_page_text
from newspage.evaluation.report_words import Language, translate_words
from newspage.evaluation.score_tables import average_rates
from newspage.evaluation.scores import Scores, sum_scores
from newspage.terminal import is_hidden

MAX_ROWS = 5_000
"""Pages in the table at most: 2 MB."""
MAX_DETAILED = 50
"""Pages whose differences are shown at most."""
MAX_DIFFERENCES = 100
"""Differences of a page that are shown at most."""
MAX_PICTURES = 400
"""Pictures at most, shared out among the pages; of 10 KB each they make 5 MB."""
LONGEST = 60
"""Characters of a difference that are shown at most; the middle of a longer one is left out."""

_COLUMNS = (
    *("characters", "page_cer", "cer_counts", "wrong", "extra", "missing", "errors_per_10000"),
    *("moved", "word_errors", "segmentation", "article_order", "line_order"),
)


@dataclass(frozen=True, slots=True)
class ReportTask:
    """What a report is made of."""

    truth: Path
    result: Path
    pages: Sequence[ScoredPage]
    unscored: Sequence[UnscoredPage]
    language: Language
    config: Config


@dataclass(frozen=True, slots=True)
class _TableRow:
    """A line of the table of pages; `anchor` is empty where no details are shown."""

    name: str
    cells: Sequence[str]
    anchor: str = ""


@dataclass(frozen=True, slots=True)
class _ListedDifference:
    """A difference as the template shows it; `picture` is a JPEG in base64, or empty."""

    kind: str
    length: int
    true: SpanInContext
    read: SpanInContext
    picture: str


@dataclass(frozen=True, slots=True)
class _DetailedPage:
    """A page with its differences as the template shows them."""

    name: str
    anchor: str
    differences: Sequence[_ListedDifference]
    more: int
    note: str

    @property
    def pictures(self) -> bool:
        """Tell whether any difference has a picture."""
        return any(difference.picture for difference in self.differences)


def render_quality_report(task: ReportTask) -> bytes:
    """Return the report as one HTML file (UTF-8) that loads nothing and runs nothing.

    All text in it is escaped: whatever pages and their names hold stays text.
    """
    import jinja2

    pages = order_by_errors(task.pages)
    detailed = [p for p in pages if p.scores.page.wrong][:MAX_DETAILED]
    anchors = {page.name: f"page-{i}" for i, page in enumerate(detailed, 1)}
    pictures = MAX_PICTURES // max(1, len(detailed))
    with FileOpener(task.config.run) as opener:
        maker = _DetailMaker(task, opener, min(pictures, MAX_DIFFERENCES))
        details = [maker.make_details(p, anchors[p.name]) for p in detailed]
    environment = jinja2.Environment(
        autoescape=True, undefined=jinja2.StrictUndefined, trim_blocks=True
    )
    template = (files("newspage.evaluation") / "quality_report.html").read_text("utf-8")
    text = environment.from_string(template).render(
        language=task.language,
        word=lambda key, *values: translate_words(key, task.language, *values),
        name=_make_visible(task.result.name or str(task.result)),
        truth=_make_visible(str(task.truth)),
        result=_make_visible(str(task.result)),
        failed=[_explain_failure(page, task.language) for page in task.unscored[:MAX_ROWS]],
        failed_count=len(task.unscored),
        columns=_COLUMNS,
        sums=_sum_rows(pages, task.language),
        rows=[
            _TableRow(_make_visible(p.name), _cells(p.scores), anchors.get(p.name, ""))
            for p in pages[:MAX_ROWS]
        ],
        page_count=len(pages),
        more_pages=max(0, len(pages) - MAX_ROWS),
        limits=(MAX_DETAILED, MAX_DIFFERENCES),
        picture_limit=maker.pictures,
        details=details,
    )
    return text.encode("utf-8", "replace")


class _DetailMaker:
    """Maker of the details of pages, one after the other; each scan is let go before the next."""

    def __init__(self, task: ReportTask, opener: FileOpener, pictures: int) -> None:
        self._task = task
        self._opener = opener
        self.pictures = pictures
        """Pictures of a page at most."""

    def make_details(self, page: ScoredPage, anchor: str) -> _DetailedPage:
        """Return the differences of a page, the first ones with their pictures."""
        name = _make_visible(page.name)
        try:
            found = list_differences(load_page_text(page.truth), load_page_text(page.result))
        except InputError as error:
            return _DetailedPage(name, anchor, (), 0, self._say("gone", _make_visible(str(error))))
        scan, note = self._open_scan(page.result)
        shown = [
            self._list_difference(difference, scan if i < self.pictures else None)
            for i, difference in enumerate(found[:MAX_DIFFERENCES])
        ]
        return _DetailedPage(name, anchor, shown, max(0, len(found) - len(shown)), note)

    def _open_scan(self, result: Path) -> tuple[JudgedScan | None, str]:
        """Return the scan of a page; where there is none, the reason for people."""
        if not is_page_record(result):
            return None, self._say("no_record")
        try:
            return open_judged_scan(result, self._opener, self._task.config.ingest), ""
        except InputError as error:
            return None, self._say("no_scan", _make_visible(str(error)))

    def _list_difference(
        self, found: ShownDifference, scan: JudgedScan | None
    ) -> _ListedDifference:
        """Return a difference as it is shown, with its picture where there is a scan."""
        picture = scan.cut_place(found.place) if scan is not None and found.place else b""
        return _ListedDifference(
            found.kind.value,
            found.length,
            _shorten(found.true),
            _shorten(found.read),
            base64.b64encode(picture).decode("ascii"),
        )

    def _say(self, key: str, *values: object) -> str:
        """Return words of the report in its language."""
        return translate_words(key, self._task.language, *values)


def _explain_failure(page: UnscoredPage, language: Language) -> str:
    """Return why a page could not be judged."""
    if page.pair.result is None:
        return translate_words("no_result", language, _make_visible(page.pair.name))
    return _make_visible(page.problem)


def _sum_rows(pages: Sequence[ScoredPage], language: Language) -> list[_TableRow]:
    """Return the averages of several pages: over all text, and over pages."""
    if len(pages) < 2:
        return []
    total, mean = sum_scores([page.scores for page in pages]), average_rates(pages)
    return [
        _TableRow(translate_words("all", language), _cells(total)),
        _TableRow(translate_words("mean", language), _mean_cells(mean)),
    ]


def _cells(scores: Scores) -> list[str]:
    """Return the figures of a page in the order of `_COLUMNS`; a dash where it has none."""
    s, edits, quality, parted = scores, scores.page, scores.quality, scores.segmentation
    return [
        f"{edits.of:,}",
        f"{edits.rate:.2%}",
        f"{edits.substitutions:,} / {edits.insertions:,} / {edits.deletions:,}",
        f"{quality.wrong:,}",
        f"{quality.extra:,}",
        f"{quality.missing:,}",
        f"{quality.per_10000:,.1f}",
        f"{quality.moved:,}",
        f"{s.words.rate:.2%}" if s.words.of else "–",
        f"{parted.precision:.3f} / {parted.recall:.3f} / {parted.f1:.3f}" if parted else "–",
        f"{s.article_order.share:.3f}" if s.article_order.of else "–",
        f"{s.line_order.share:.3f}" if s.line_order.of else "–",
    ]


def _mean_cells(mean: Mapping[str, float | None]) -> list[str]:
    """Return the means of rates in the order of `_COLUMNS`; nothing where only sums say much."""

    def show(key: str, style: str) -> str:
        """Return a mean in a format; a dash where no page has that rate."""
        value = mean[key]
        return "–" if value is None else format(value, style)

    cells = {
        "page_cer": show("page_cer", ".2%"),
        "errors_per_10000": show("errors_per_10000", ",.1f"),
        "word_errors": show("word_errors", ".2%"),
        "segmentation": show("segmentation_f1", ".3f"),
        "article_order": show("article_order", ".3f"),
        "line_order": show("line_order", ".3f"),
    }
    return [cells.get(column, "") for column in _COLUMNS]


def _shorten(shown: SpanInContext) -> SpanInContext:
    """Return a span that is short enough to show, everything in it visible."""
    text, half = shown.text, LONGEST // 2
    if len(text) > LONGEST:
        text = f"{text[:half]}…{text[-half:]}"
    return SpanInContext(*map(_make_visible, (shown.left, text, shown.right)))


def _make_visible(text: str) -> str:
    """Return a text in which breaks show as ¶ and what is never drawn as its code."""
    return "".join("¶" if c == "\n" else f"⟨U+{ord(c):04X}⟩" if is_hidden(c) else c for c in text)
