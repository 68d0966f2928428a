"""Find the pages that a run has to read."""

import os
import time
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from pathlib import Path, PurePosixPath

from newspage.batch.plan import OutputNames, PageSource, is_done, is_too_long
from newspage.batch.reading_jobs import JobMaker, ReadingJob
from newspage.batch.resource_limits import limit_looking_seconds
from newspage.batch.run_events import ScanFailure
from newspage.batch.selection import PageSelection
from newspage.batch.tasks import LookResult, LookTask, TaskFailure
from newspage.errors import InputError
from newspage.files import list_files_below
from newspage.ingest import FoundScan, find_scans, make_page_stem, parse_publication
from newspage.settings import Settings
from newspage.store import FailureReason, FileFacts, ScanKey, ScanRow, ScanStatus, Store
from newspage.terminal import escape_line
from newspage.workspace import Workspace

_REFUSED = 0
"""Pages of a file that was refused as a whole."""

_REMEMBERED = "(As before: it is not tried again until something changes, or with --retry-failed.)"


@dataclass(slots=True)
class ScanSurvey:
    """Result of looking at the scans of a run, all at first, then file by file."""

    finished: list[PageSource] = field(default_factory=list)
    """Pages that need no reading."""
    jobs: list[ReadingJob] = field(default_factory=list)
    failures: list[ScanFailure] = field(default_factory=list)
    notes: list[str] = field(default_factory=list)
    passed_over: int = 0
    """Files that the selection left out."""
    looks: list[LookTask] = field(default_factory=list)
    """Files that are new, changed or to be read again, and must be looked into to know more."""


@dataclass(frozen=True, slots=True)
class _Stale:
    """A file that is looked into."""

    name: str
    """What the store calls it."""
    scan: FoundScan
    stat: os.stat_result


class ScanSurveyor:
    """Finder of the pages to read; writes nothing but what it learnt of files."""

    def __init__(
        self,
        place: Workspace,
        store: Store,
        rows: Mapping[ScanKey, ScanRow],
        settings: Settings,
        identity: str,
        selection: PageSelection | None = None,
    ) -> None:
        self._selection = selection or PageSelection()
        self.place = place
        self._store = store
        self._settings = settings
        self.rows = rows
        """What the store knows of the output folder."""
        self.names = OutputNames(self.rows, lambda owner: place.resolve_key(owner).exists())
        self._jobs = JobMaker(place, settings, identity)
        self._fingerprints = self._jobs.fingerprints
        self._present = frozenset(list_files_below(place.output))
        self._stale: dict[Path, _Stale] = {}
        self._again = False
        self._found: frozenset[str] = frozenset()

    def survey_scans(self, paths: Sequence[Path], force: bool) -> ScanSurvey:
        """Sort the scans below some paths into those to look into and those that need no look.

        The answers to the looks of the result are to be given to `sort_answers`.
        """
        survey = ScanSurvey()
        self._again = force
        found = self._find(paths, survey)
        known = self._store.list_files()
        refused = self._refused(known)
        for name, scan in found.items():
            try:
                stat = scan.path.stat()
            except OSError as error:
                message = f"{escape_line(scan.path)}: cannot be looked at ({error.strerror})."
                survey.failures.append(ScanFailure(message, file=name))
                continue
            if not self._selection.accepts_file(scan.path, stat):
                survey.passed_over += 1
                continue
            facts = known.get(name)
            if facts and not force and _same(facts, stat) and self._is_known(scan, facts, survey):
                continue
            config = self._settings.for_path(name)
            reasons = self._reasons(name, refused)
            seconds = limit_looking_seconds(stat.st_size, config.run)
            survey.looks.append(LookTask(scan.path, config.ingest, seconds, reasons))
            self._stale[scan.path] = _Stale(name, scan, stat)
        return survey

    def sort_answers(self, answers: Iterable[LookResult | TaskFailure]) -> ScanSurvey:
        """Sort the pages of files that were looked into; their content is remembered."""
        survey = ScanSurvey()
        facts: dict[str, FileFacts] = {}
        for answer in answers:
            stale = self._stale[answer.path]
            if isinstance(answer, LookResult):
                sha256, frames = answer.scans[0].sha256, len(answer.scans)
                facts[stale.name] = _facts(stale.stat, sha256, frames)
                self._sort(stale.name, stale.scan, answer, survey)
                continue
            survey.failures.append(self._failure(stale, answer))
            if answer.lasting and answer.sha256:
                facts[stale.name] = _facts(stale.stat, answer.sha256, _REFUSED)
        self._store.remember_files(facts)
        return survey

    def find_gone(self, waiting: Iterable[ScanKey], paths: Sequence[Path]) -> list[ScanFailure]:
        """Return the failures of waiting pages whose scans are there no more.

        Args:
            waiting: Pages that wait to be read, whoever found them.
            paths: What was surveyed: pages elsewhere are left alone, as a share may be away.
        """
        tops = {self.place.make_key(path) for path in paths}
        gone: dict[str, bool] = {}
        failures = []
        for key in sorted(waiting):
            if key.path not in gone:
                gone[key.path] = (
                    key.path not in self._found
                    and bool(tops & {".", key.path, *map(str, PurePosixPath(key.path).parents)})
                    and not self.place.resolve_key(key.path).exists()
                )
            row = self.rows.get(key)
            if gone[key.path] and row:
                error = InputError("scan-vanished", path=self.place.resolve_key(key.path))
                reason = FailureReason.from_error(error)
                failed = replace(
                    row,
                    status=ScanStatus.FAILED,
                    fingerprint="",
                    message=str(error),
                    reason=reason,
                    finished=int(time.time()),
                )
                failures.append(ScanFailure(str(error), "", failed, reason, row.stem, key.path))
        return failures

    def refusal(self, source: PageSource) -> str:
        """Return the fingerprint of a page that is refused under these settings and limits."""
        return self._fingerprints.of_refusal(source)

    def _find(self, paths: Sequence[Path], survey: ScanSurvey) -> dict[str, FoundScan]:
        """Return the files asked for, by their names in the store."""
        found, problems = find_scans(paths, [self.place.output])
        for problem in problems:
            message = f"{problem.where}: {problem.message}"
            if problem.severity == "error":
                survey.failures.append(ScanFailure(message))
            else:
                survey.notes.append(message)
        named = {self.place.make_key(scan.path): scan for scan in found}
        self._found = frozenset(named)
        for name, scan in named.items():
            # Looks come back in any order: no name may depend on it.
            self.names.reserve(ScanKey(name), scan.stem)
        failed = {k.path for k, row in self.rows.items() if row.status is ScanStatus.FAILED}
        wanted = {n: scan for n, scan in named.items() if self._selection.matches_name(n, failed)}
        survey.passed_over = len(named) - len(wanted)
        return wanted

    def _is_known(self, scan: FoundScan, facts: FileFacts, survey: ScanSurvey) -> bool:
        """Tell whether an unchanged file needs no look; if so, its known pages join the survey."""
        name = self.place.make_key(scan.path)
        if facts.frames == _REFUSED:
            row = self._remembered(PageSource(ScanKey(name), scan.stem, facts.sha256))
            survey.failures += [_repeat_failure(row)] if row else []
            return row is not None
        sources = self._sources(name, scan, facts.sha256, facts.frames)
        finished = [source for source in sources if self._is_done(source)]
        refused = [self._remembered(source) for source in sources if source not in finished]
        if not all(refused):
            return False
        survey.finished += finished
        survey.failures += [_repeat_failure(row) for row in refused if row]
        return True

    def _remembered(self, source: PageSource) -> ScanRow | None:
        """Return the row of a page that was refused, if nothing that matters has changed since."""
        row = self.rows.get(source.key)
        if self._again or self._selection.failed or row is None:
            return None
        refused = row.status is ScanStatus.FAILED and row.fingerprint == self.refusal(source)
        return row if refused and row.message else None

    def _refused(self, known: Mapping[str, FileFacts]) -> dict[str, tuple[str, ScanRow]]:
        """Return names and rows of the files that were refused as a whole, by their content."""
        if self._again or self._selection.failed:
            return {}
        rows = ((f.sha256, n, self.rows.get(ScanKey(n))) for n, f in known.items() if not f.frames)
        return {sha256: (name, row) for sha256, name, row in rows if row}

    def _reasons(self, name: str, refused: Mapping[str, tuple[str, ScanRow]]) -> dict[str, str]:
        """Return why files of other names were refused under this one's settings, by content."""
        reasons = {}
        for sha256, (other, row) in refused.items():
            if row.fingerprint == self.refusal(PageSource(ScanKey(name), "", sha256)):
                said = row.message.partition(f"{escape_line(Path(Path(other).name))}: ")[2]
                reasons[sha256] = f"{said or row.message} {_REMEMBERED}"
        return reasons

    def _failure(self, stale: _Stale, failed: TaskFailure) -> ScanFailure:
        """Make the failure, with its row, of a file that could not be looked into."""
        message = failed.message
        key = ScanKey(stale.name)
        fingerprint = ""
        if failed.lasting and failed.sha256:
            fingerprint = self.refusal(PageSource(key, stale.scan.stem, failed.sha256))
        noted = message.removesuffix(_REMEMBERED).rstrip()
        reason = FailureReason.from_error(failed.named_error)
        row = ScanRow(
            key,
            stale.scan.stem,
            ScanStatus.FAILED,
            fingerprint,
            noted,
            reason=reason,
            finished=int(time.time()),
        )
        return ScanFailure(message, failed.trace, row, reason, row.stem, key.path)

    def _sort(self, name: str, found: FoundScan, looked: LookResult, survey: ScanSurvey) -> None:
        """Sort the pages of one file into those to read and those that need no reading."""
        sources = self._sources(name, found, looked.scans[0].sha256, len(looked.scans))
        for source, scan in zip(sources, looked.scans, strict=True):
            if not self._again and self._is_done(source):
                survey.finished.append(source)
                continue
            if row := self._remembered(source):
                survey.failures.append(_repeat_failure(row))
                continue
            if is_too_long(source.stem):
                error = InputError("scan-name-too-long", path=scan.path)
                survey.failures.append(ScanFailure.from_error(error, file=name))
                continue
            survey.jobs.append(self._jobs.make_job(source, scan))

    def _sources(self, name: str, scan: FoundScan, sha256: str, frames: int) -> list[PageSource]:
        pattern = self._settings.config.ingest.name_pattern
        sources = []
        for frame in range(frames):
            key = ScanKey(name, frame)
            stem = self.names.assign_name(key, make_page_stem(scan.stem, frame, frames))
            shows = parse_publication(scan.path, scan.root, frame, frames, pattern)
            sources.append(PageSource(key, stem, sha256, shows))
        return sources

    def _is_done(self, source: PageSource) -> bool:
        row = self.rows.get(source.key)
        return is_done(source, row, self._fingerprints.fingerprint_source(source), self._present)


def _repeat_failure(row: ScanRow) -> ScanFailure:
    """Return the failure of a page that is not tried again."""
    message = f"{row.message} {_REMEMBERED}"
    return ScanFailure(message, reason=row.reason, page=row.stem, file=row.key.path)


def _same(facts: FileFacts, stat: os.stat_result) -> bool:
    return facts.same_file(stat.st_size, stat.st_mtime_ns, stat.st_ino)


def _facts(stat: os.stat_result, sha256: str, frames: int) -> FileFacts:
    return FileFacts(stat.st_size, stat.st_mtime_ns, stat.st_ino, sha256, frames)
