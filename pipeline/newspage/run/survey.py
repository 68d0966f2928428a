"""Finding out what a run has to do."""

import os
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path

from newspage.ingest import FoundScan, find_scans, page_stem, publication, shown
from newspage.run.place import Place
from newspage.run.plan import Fingerprints, Names, Source, files_below, is_done
from newspage.run.selection import Selection
from newspage.run.work import Failed, Look, Looked, Task
from newspage.run.workers import Crew
from newspage.settings import Settings
from newspage.store import FileFacts, ScanKey, ScanRow, ScanStatus, Store
from newspage.version import __version__

_LONGEST_NAME = 230
"""Bytes of a stem: file systems take 255, and outputs have longer suffixes than scans."""


@dataclass(frozen=True, slots=True)
class Job:
    """A page that is to be read."""

    task: Task
    source: Source
    fingerprint: str


@dataclass(frozen=True, slots=True)
class Failure:
    """What cannot be read."""

    message: str
    """Which file, what is wrong, what to do."""
    trace: str = ""
    row: ScanRow | None = None
    """What the store is to know of it, where it is a file with the name of a scan."""


@dataclass(slots=True)
class Survey:
    """What was found."""

    finished: list[Source] = field(default_factory=list)
    """Pages that need no reading."""
    jobs: list[Job] = field(default_factory=list)
    failures: list[Failure] = field(default_factory=list)
    notes: list[str] = field(default_factory=list)
    passed_over: int = 0
    """Files that the selection left out."""


class Surveyor:
    """Looks at the scans a run was asked for; writes nothing but what it learnt of files."""

    def __init__(
        self,
        place: Place,
        store: Store,
        settings: Settings,
        identity: str,
        selection: Selection | None = None,
    ) -> None:
        self._selection = selection or Selection()
        self._place = place
        self._store = store
        self._settings = settings
        self.rows = store.scans(place.name)
        """What the store knows of the output folder."""
        self.names = Names(self.rows, lambda owner: place.path(owner).exists())
        self._fingerprints = Fingerprints(settings, __version__, identity)
        self._present = frozenset(files_below(place.output))

    def survey(
        self, paths: Sequence[Path], force: bool, crew: Crew, looking: Callable[[int], None]
    ) -> Survey:
        """Sort the scans below some paths into those to read and those that need it not.

        Only files that are new, changed or to be read again are opened; `looking` is told how many.
        """
        survey = Survey()
        found = self._find(paths, survey)
        known = self._store.files()
        stale: dict[str, os.stat_result] = {}
        for name, scan in found.items():
            try:
                stat = scan.path.stat()
            except OSError as error:
                message = f"{shown(scan.path)}: cannot be looked at ({error.strerror})."
                survey.failures.append(Failure(message))
                continue
            if not self._selection.takes(scan.path, stat):
                survey.passed_over += 1
                continue
            facts = known.get(name)
            if facts and not force and _same(facts, stat):
                sources = self._sources(name, scan, facts.sha256, facts.frames)
                if all(self._is_done(source) for source in sources):
                    survey.finished += sources
                    continue
            stale[name] = stat
        if stale:
            looking(len(stale))
            self._look({name: found[name] for name in stale}, stale, survey, crew, force)
        return survey

    def _find(self, paths: Sequence[Path], survey: Survey) -> dict[str, FoundScan]:
        """The files asked for, by their names in the store."""
        found, problems = find_scans(paths, [self._place.output])
        for problem in problems:
            message = f"{problem.where}: {problem.message}"
            if problem.severity == "error":
                survey.failures.append(Failure(message))
            else:
                survey.notes.append(message)
        named = {self._place.key(scan.path): scan for scan in found}
        failed = {k.path for k, row in self.rows.items() if row.status is ScanStatus.FAILED}
        wanted = {n: scan for n, scan in named.items() if self._selection.names(n, failed)}
        survey.passed_over = len(named) - len(wanted)
        return wanted

    def _look(
        self,
        found: Mapping[str, FoundScan],
        stats: Mapping[str, os.stat_result],
        survey: Survey,
        crew: Crew,
        force: bool,
    ) -> None:
        """Look into files; what is in them joins the survey in the order of their names."""
        looks = [Look(s.path, self._settings.of(n).ingest) for n, s in found.items()]
        answers = {_path(answer): answer for answer in crew.run(looks)}
        facts: dict[str, FileFacts] = {}
        for name, scan in found.items():
            answer = answers[scan.path]
            if isinstance(answer, Looked):
                facts[name] = _facts(stats[name], answer)
                self._sort(name, scan, answer, survey, force)
            elif isinstance(answer, Failed):
                message = named(scan.path, answer.message)
                row = ScanRow(ScanKey(name), scan.stem, ScanStatus.FAILED, message=message)
                survey.failures.append(Failure(message, answer.trace, row))
        self._store.remember_files(facts)

    def _sort(
        self, name: str, found: FoundScan, looked: Looked, survey: Survey, force: bool
    ) -> None:
        """The pages of one file, into those to read and those that need it not."""
        sources = self._sources(name, found, looked.scans[0].sha256, len(looked.scans))
        for source, scan in zip(sources, looked.scans, strict=True):
            if not force and self._is_done(source):
                survey.finished.append(source)
                continue
            if max(len(os.fsencode(part)) for part in source.stem.split("/")) > _LONGEST_NAME:
                message = f"{shown(scan.path)}: its name is too long for its outputs. Shorten it."
                survey.failures.append(Failure(message))
                continue
            config = self._place.taught(self._settings.of(name))
            task = Task(scan, source.key, source.stem, self._place.output, config)
            survey.jobs.append(Job(task, source, self._fingerprints.of(source)))

    def _sources(self, name: str, scan: FoundScan, sha256: str, frames: int) -> list[Source]:
        pattern = self._settings.config.ingest.name_pattern
        sources = []
        for frame in range(frames):
            key = ScanKey(name, frame)
            stem = self.names.settle(key, page_stem(scan.stem, frame, frames))
            shows = publication(scan.path, scan.root, frame, frames, pattern)
            sources.append(Source(key, stem, sha256, shows))
        return sources

    def _is_done(self, source: Source) -> bool:
        row = self.rows.get(source.key)
        return is_done(source, row, self._fingerprints.of(source), self._present)


def named(path: Path, message: str) -> str:
    """A message that says which file it is about."""
    name = shown(path)
    return message if message.startswith(name) else f"{name}: {message}"


def _path(answer: object) -> Path:
    if isinstance(answer, Looked):
        return answer.look.path
    assert isinstance(answer, Failed)
    return answer.task.path


def _same(facts: FileFacts, stat: os.stat_result) -> bool:
    return facts.same_file(stat.st_size, stat.st_mtime_ns, stat.st_ino)


def _facts(stat: os.stat_result, looked: Looked) -> FileFacts:
    scans = looked.scans
    return FileFacts(stat.st_size, stat.st_mtime_ns, stat.st_ino, scans[0].sha256, len(scans))
