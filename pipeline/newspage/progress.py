"""The progress of a run: a bar on a terminal, plain lines elsewhere, a summary at the end."""

from collections.abc import Sequence
from dataclasses import dataclass, field
from pathlib import Path
from types import TracebackType
from typing import TYPE_CHECKING, Self

from rich.console import Console
from rich.progress import (
    BarColumn,
    MofNCompleteColumn,
    Progress,
    ProgressColumn,
    SpinnerColumn,
    Task,
    TaskID,
    TextColumn,
    TimeElapsedColumn,
)
from rich.text import Text

from newspage.counting import count_in_words
from newspage.review.service import describe_decision
from newspage.store import (
    EstimatedPage,
    LeaseCounts,
    OutputStore,
    PageFigures,
    QuestionCounts,
    RunRow,
    ScanRow,
    ScanStatus,
    measure_throughput,
)
from newspage.terminal import escape_for_terminal, escape_line

if TYPE_CHECKING:
    from newspage.batch import RecorrectionOutcome, RunOutcome

_LISTED = 20
"""Failures that a summary lists one by one: what fits on a screen."""
_WORST = 5
"""Pages that are named as those that need a person first. Judgement: enough to begin with."""
_ENDINGS = {
    "budget": "its budget was spent; the same command continues",
    "enqueued": "its pages were left to workers (newspage worker)",
}
"""What is said of how a run ended, where its name in the store does not tell."""


class _TimeLeft(ProgressColumn):
    """The time left, by the pace of the pages so far."""

    max_refresh = 0.5

    def render(self, task: Task) -> Text:
        """Return the time left, or a placeholder as long as no page is done."""
        if not task.completed or not task.total or task.elapsed is None:
            return Text("-:--:-- left", style="cyan")
        left = task.elapsed / task.completed * (task.total - task.completed)
        return Text(f"{format_duration(left)} left", style="cyan")


class _BarView:
    """Shows how something goes on: a bar on a terminal, which is gone afterwards, and lines."""

    def __init__(self, console: Console, *columns: ProgressColumn) -> None:
        self._console = console
        self._bar = Progress(
            *columns, console=console, transient=True, disable=not console.is_terminal
        )

    def __enter__(self) -> Self:
        self._bar.start()
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        self._bar.stop()

    def report_note(self, message: str) -> None:
        """Say something that a person should know."""
        self._say(escape_line(message), "note:", "yellow")

    def _say(self, message: str, mark: str = "", style: str = "") -> None:
        """Print one or several lines; brackets and colons are no markup in them."""
        text = Text.assemble((mark, style), " " if mark else "", escape_for_terminal(message))
        self._console.print(text, soft_wrap=True, highlight=False)


class RunView(_BarView):
    """Shows a run while it goes on; a `batch.folder.RunListener`."""

    def __init__(self, console: Console, verbose: bool) -> None:
        super().__init__(
            console,
            TextColumn("{task.fields[pages]}"),
            BarColumn(),
            TextColumn("{task.fields[counts]}"),
            _TimeLeft(),
        )
        self._verbose = verbose
        self._total = self._handled = self._characters = self._failed = 0
        self._task = self._bar.add_task("", total=None, pages="", counts="")

    def report_looking(self, files: int) -> None:
        """Say that files are being looked into."""
        self._say(f"Looking into {count_in_words(files, 'new or changed file')} ...")

    def report_start(self, pages: int, skipped: int) -> None:
        """Count pages that are about to be read, and say how many are read already."""
        self._total += pages
        if skipped:
            self._say(f"{count_in_words(skipped, 'page')} already read.")
        self._bar.update(self._task, total=self._total or None)
        self._show()

    def report_page(self, name: str, figures: PageFigures) -> None:
        """Count a page that was read; name it where there is no bar."""
        self._handled += 1
        self._characters += figures.characters
        self._show()
        if not self._console.is_terminal:
            articles = count_in_words(figures.articles, "article")
            characters = count_in_words(figures.characters, "character")
            self._say(
                f"[{self._handled}/{self._total}] {escape_line(name)}: {articles}, {characters}, "
                f"{figures.seconds:.1f} s"
            )

    def report_failure(self, message: str, trace: str) -> None:
        """Say that something could not be read; `trace` only where verbose."""
        self._failed += 1
        self._handled += 1
        self._say(escape_line(message), "failed:", "red")
        if self._verbose and trace:
            self._say(trace)
        self._show()

    def _show(self) -> None:
        """Bring the bar up to date."""
        counts = count_in_words(self._characters, "character")
        if self._failed:
            counts += f", {count_in_words(self._failed, 'error')}"
        pages = f"{self._handled}/{self._total} pages" if self._total else ""
        self._bar.update(self._task, completed=self._handled, pages=pages, counts=counts)


class StepsView(_BarView):
    """Shows which step of a longer piece of work goes on, and for how long it has."""

    def __init__(self, console: Console) -> None:
        super().__init__(
            console,
            SpinnerColumn(),
            TextColumn("{task.description}", markup=False),
            TextColumn("{task.fields[done]}"),
            TimeElapsedColumn(),
        )
        self._task: TaskID | None = None

    def begin(self, step: str) -> None:
        """Show that a step begins; the one before has ended."""
        if self._task is not None:
            self._bar.remove_task(self._task)
        self._task = self._bar.add_task(escape_line(step), done="")
        if not self._console.is_terminal:
            self._say(f"{escape_line(step)} ...")

    def advance(self, done: int, total: int) -> None:
        """Show that `done` of `total` characters of the step are done."""
        if self._task is not None:
            self._bar.update(self._task, done=f"({done / max(1, total):.0%})")


class RecorrectionView(_BarView):
    """Shows how pages are corrected again; a `batch.recorrection.RecorrectionListener`."""

    def __init__(self, console: Console) -> None:
        super().__init__(
            console,
            TextColumn("Correcting again"),
            BarColumn(),
            MofNCompleteColumn(),
            _TimeLeft(),
        )
        self._task = self._bar.add_task("", total=None)

    def report_start(self, pages: int) -> None:
        """Show how many pages there are."""
        self._bar.update(self._task, total=pages)

    def report_page(self, name: str, changed: bool) -> None:
        """Count a page; name it where it changed and there is no bar."""
        self._bar.advance(self._task)
        if changed and not self._console.is_terminal:
            self._say(f"{escape_line(name)}: corrected anew")

    def report_left(self, message: str) -> None:
        """Say what was left as it is."""
        self._say(escape_line(message), "left:", "red")


def summarise_recorrection(outcome: "RecorrectionOutcome", output: Path) -> str:
    """Return what came of correcting pages again in a few lines for a person."""
    done = outcome.changed + outcome.unchanged
    rest = f"{outcome.unchanged:,} as before; {len(outcome.left):,} left as they were."
    lines = [f"{count_in_words(done, 'page')} corrected again: {outcome.changed:,} changed, {rest}"]
    lines += _summarise_rest(outcome, output)
    return "\n".join(lines)


def summarise_run(outcome: "RunOutcome", output: Path, seconds: float) -> str:
    """Return the outcome of a run in a few lines for a person; it took `seconds`."""
    again = f" ({outcome.again:,} of them again)" if outcome.again else ""
    rest = f"{outcome.skipped:,} already read, {outcome.failed:,} failed."
    lines = [f"{count_in_words(outcome.done, 'page')} read{again}, {rest}"]
    if outcome.elsewhere:
        pages = count_in_words(outcome.elsewhere, "page")
        lines.append(f"{pages} of those read by other workers.")
    if outcome.passed_over:
        lines.append(f"{count_in_words(outcome.passed_over, 'file')} left out, as asked.")
    if outcome.figures:
        lines.append(totals(outcome.figures))
        lines += describe_adapters(outcome.figures)
        lines.append(f"{format_duration(seconds)}, {seconds / len(outcome.figures):.1f} s a page.")
    if outcome.left:
        pages = count_in_words(outcome.left_pages, "page")
        files = count_in_words(outcome.left_files, "file")
        also = f", and {files} not looked into yet" if outcome.left_files else ""
        lines.append(f"The budget is spent. Left: {pages}{also}. The same command goes on.")
    failures = shorten_list([f"failed: {escape_line(message)}" for message in outcome.failures])
    lines += _summarise_rest(outcome, output, failures)
    return "\n".join(lines)


def _summarise_rest(
    outcome: "RunOutcome | RecorrectionOutcome", output: Path, failures: Sequence[str] = ()
) -> list[str]:
    """Return what a summary ends with: corrections, issues, lost decisions, failures, the place."""
    lines = []
    if outcome.asked.questions:
        lines.append(describe_questions(outcome.asked))
    if outcome.issues:
        lines.append(_describe_issues(outcome.issues))
    if outcome.lost:
        lines.append(_advise_on_lost(outcome.lost))
    return [*lines, *failures, f"Results: {escape_line(output)}"]


def summarise_enqueuing(outcome: "RunOutcome", output: Path) -> str:
    """Return in a few lines for a person how many pages wait to be read, and what failed."""
    rest = f"{outcome.skipped:,} already read, {outcome.failed:,} failed."
    lines = [f"{count_in_words(outcome.waiting, 'page')} to be read by workers, {rest}"]
    if outcome.passed_over:
        lines.append(f"{count_in_words(outcome.passed_over, 'file')} left out, as asked.")
    lines += shorten_list([f"failed: {escape_line(message)}" for message in outcome.failures])
    if outcome.waiting:
        lines.append(f"They are read by: newspage worker -o {escape_line(output)}")
    return "\n".join(lines)


@dataclass(frozen=True, slots=True)
class ReviewCounts:
    """The counts of questions, proofread pages and lost decisions of an output folder."""

    asked: QuestionCounts = field(default_factory=QuestionCounts)
    signed: int = 0
    """Pages that somebody has proofread."""
    lost: tuple[str, ...] = ()
    """Decisions that can no longer be placed, as lines for a person."""
    worst: tuple[EstimatedPage, ...] = ()
    """Pages that need a person first."""

    @classmethod
    def from_store(cls, store: OutputStore) -> "ReviewCounts":
        """Return the counts that the store has of an output. Raises StoreError."""
        lost = tuple(
            f"{decision.file}: {describe_decision(decision)}: {reason}"
            for decision, reason in store.pages.list_lost()
        )
        signed = store.pages.count_signed()
        worst = tuple(store.errors.list_worst(_WORST))
        return cls(store.questions.count_states(), signed, lost, worst)


def describe_state(
    rows: Sequence[ScanRow],
    runs: Sequence[RunRow],
    reviewed: ReviewCounts | None = None,
    outdated: int = 0,
    missing: int = 0,
    leases: LeaseCounts | None = None,
) -> str:
    """Return what an output folder holds, what failed or was decided, and how its last run ended.

    Args:
        rows: The scans of the folder.
        runs: Its runs, the last one first.
        reviewed: The counts of questions and decisions; None counts none.
        outdated: Pages corrected with other dictionaries than those that count now.
        missing: Pages that were read and whose files are gone.
        leases: The counts of pages that are being read or were set aside; None counts none.
    """
    reviewed = reviewed or ReviewCounts()
    done = [row.figures for row in rows if row.status is ScanStatus.DONE and row.figures]
    failed = [row for row in rows if row.status is ScanStatus.FAILED]
    pending = sum(row.status is ScanStatus.PENDING for row in rows)
    lines = [
        f"{count_in_words(len(done), 'page')} read, {len(failed):,} failed, {pending:,} to be read."
    ]
    lines += _describe_leases(leases or LeaseCounts())
    if done:
        lines.append(totals(done))
        lines += describe_adapters(done)
    if damaged := sum(row.status is ScanStatus.DONE and not row.fingerprint for row in rows):
        lines.append(
            f"{count_in_words(damaged, 'page')} to be read again: what the store knew of them is "
            "damaged; the next run mends that."
        )
    if missing:
        gone = "page that was read is" if missing == 1 else "pages that were read are"
        lines.append(
            f"{missing:,} {gone} not in the output folder (any more); 'newspage run' on the scans "
            "makes the files again."
        )
    if outdated:
        lines.append(
            f"{count_in_words(outdated, 'page')} read before the dictionaries changed; "
            "'newspage recorrect' corrects anew those whose lattices were kept, "
            "'newspage run --force' reads and corrects all."
        )
    if reviewed.asked.questions:
        lines.append(describe_questions(reviewed.asked))
        lines.append(f"{count_in_words(reviewed.signed, 'page')} signed off.")
    lines += _describe_worst(reviewed.worst)
    lines += [f"failed: {escape_line(row.message)}" for row in failed]
    if reviewed.lost:
        lines.append(f"{describe_lost(len(reviewed.lost))}:")
        lines += [f"lost: {escape_line(line)}" for line in reviewed.lost]
    if runs:
        lines.append(_describe_last_run(runs[0]))
    return "\n".join(lines)


def _describe_worst(pages: Sequence[EstimatedPage]) -> list[str]:
    """Return lines on the pages that need a person first."""
    if not pages:
        return []
    return [
        "Pages that need a person first, by the share of characters that is expected to be wrong:",
        *(
            f"{(page.errors.share or 0) * 100:6.1f} %  {escape_line(page.stem)} "
            f"(about {page.errors.wrong:,.0f} of {page.errors.characters:,})"
            for page in pages
        ),
    ]


def _describe_leases(leases: LeaseCounts) -> list[str]:
    """Return lines on the pages that are being read, and on those that were set aside."""
    lines = []
    if leases.held:
        workers = count_in_words(leases.workers, "worker")
        lines.append(f"{count_in_words(leases.held, 'page')} being read now, by {workers}.")
    lines += [
        f"{count_in_words(count, 'page')} set aside ({reason}); 'newspage run --retry-failed' on "
        "the scans has them read again."
        for reason, count in leases.aside
    ]
    return lines


def describe_speed(store: OutputStore, now: int) -> str:
    """Return what indexes tell of an output folder: counts, speed, time left, failures by reason.

    `now`: seconds since 1970. Raises StoreError.
    """
    speed = measure_throughput(store, now)
    lines = [
        (
            f"{count_in_words(speed.done, 'page')} read, {speed.failed:,} failed, "
            f"{speed.pending:,} to be read."
        )
    ]
    if speed.pages_an_hour:
        left = f", {format_duration(speed.seconds_left)} left" if speed.seconds_left else ""
        lines.append(f"{speed.pages_an_hour:,.0f} pages an hour{left}.")
    lines += [
        f"failed: {count_in_words(one.pages, 'page')}, {one.code or 'for other reasons'}, like "
        f"{escape_line(one.message)}"
        for one in speed.failures
    ]
    counts = store.questions.count_states()
    if counts.questions:
        lines.append(describe_questions(counts))
    if runs := store.list_runs():
        lines.append(_describe_last_run(runs[0]))
    return "\n".join(lines)


def _describe_last_run(last: RunRow) -> str:
    """Return a sentence on how the last run ended."""
    how = last.outcome or "not finished: still at work, or killed; the same command continues"
    how = _ENDINGS.get(how, how)
    return f"Last run, newspage {last.version}, {last.started}: {how}."


def describe_adapters(figures: Sequence[PageFigures]) -> list[str]:
    """Return a sentence for each adapter that pages were to be read with: how many were."""
    lines = []
    for name in sorted({f.adapter for f in figures if f.adapter}):
        used = [f.adapter_used for f in figures if f.adapter == name]
        rest = len(used) - sum(used)
        without = f"; {rest:,} without, whose type it does not fit better" if rest else ""
        pages = count_in_words(sum(used), "page")
        lines.append(f"{pages} read with the adapter of {escape_line(name)}{without}.")
    return lines


def describe_questions(counts: QuestionCounts) -> str:
    """Return a sentence on corrections: applied, left as questions, decided, spared."""
    said = counts.decided - counts.spared
    return (
        f"{count_in_words(counts.questions, 'correction')}: {counts.applied:,} applied, "
        f"{count_in_words(counts.open, 'question')} left, {said:,} decided by people, "
        f"{counts.spared:,} spared by earlier decisions."
    )


def describe_lost(number: int) -> str:
    """Return a sentence on how many decisions have no place."""
    return f"{count_in_words(number, 'decision')} can no longer be placed"


def _describe_issues(issues: Sequence[str]) -> str:
    """Return a sentence on the issues whose articles were joined."""
    return f"Articles joined over the pages of {count_in_words(len(issues), 'issue')}."


def _advise_on_lost(number: int) -> str:
    """Return a sentence on how many decisions have no place, and where to read more."""
    return f"{describe_lost(number)}; `newspage decisions list --lost` says which and why."


def shorten_list(lines: Sequence[str]) -> list[str]:
    """Return the first `_LISTED` of some lines, and how many more there are."""
    more = len(lines) - _LISTED
    return [*lines[:_LISTED], *([f"and {more:,} more"] if more > 0 else [])]


def totals(figures: Sequence[PageFigures]) -> str:
    """Return a sentence on the articles, characters and lines of some pages."""
    articles = sum(f.articles for f in figures)
    characters = sum(f.characters for f in figures)
    placed = sum(f.lines_placed for f in figures)
    unplaced = sum(f.lines_unplaced for f in figures)
    return (
        f"{count_in_words(articles, 'article')}, {count_in_words(characters, 'character')}; "
        f"{count_in_words(placed, 'line')} placed, {unplaced:,} unplaced."
    )


def format_duration(seconds: float) -> str:
    """Return seconds as hours, minutes and seconds: 75 is 01:15; hours only where there are any."""
    hours, rest = divmod(int(seconds), 3600)
    return f"{hours:02}:{rest // 60:02}:{rest % 60:02}".removeprefix("00:")
