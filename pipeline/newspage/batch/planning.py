"""What a run would do and how long it would take, found out without reading a page."""

import math
import random
from collections import Counter, defaultdict
from collections.abc import Iterable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, replace
from pathlib import Path
from tempfile import TemporaryDirectory

from newspage.batch.folder import ReaderBackend, RunRequest
from newspage.batch.pace import Duration, learn_pace
from newspage.batch.resource_limits import count_megapixels
from newspage.batch.survey import ScanSurveyor
from newspage.batch.tasks import LookResult, LookTask
from newspage.batch.workers import WorkerPool
from newspage.output import require_apart
from newspage.store import OutputStore, ScanRow, ScanStatus, Store
from newspage.workspace import Workspace

_SAMPLE = 500
"""Files that are opened to see how many and how large pages they have. Judgement: a share of them
is known to within some four per cent, and they take seconds."""
_SEED = 1
"""The same files are opened each time."""


@dataclass(frozen=True, slots=True)
class RunPlan:
    """What a run would do. Pages of files that were not opened are reckoned by those that were."""

    done: int
    """Pages that need no reading."""
    failed: int
    """Pages and files that failed before and are not tried again, or cannot be looked at."""
    new: int
    """Pages to read of files that were never read; so also below."""
    changed: int
    """Of files, or with settings, that have changed since they were read."""
    again: int
    """That failed or were not finished and are tried again."""
    files: int
    """Files with pages to read."""
    opened: int
    """Files of those that were opened to count their pages."""
    refused: int
    """Files of those opened that cannot be read."""
    megapixels: float
    """Of all pages to read."""
    measured: int
    """Pages read before by whose times is reckoned; 0: none, the pace is assumed."""
    core_hours: Duration
    cores: int
    hours: Duration
    """On so many cores, a page on each."""
    problems: tuple[str, ...] = ()
    """What is wrong with paths that were asked for and that name no scan."""

    @property
    def to_read(self) -> int:
        """Return how many pages are to be read."""
        return self.new + self.changed + self.again

    @property
    def pages_a_core_hour(self) -> float:
        """Return how many pages one core reads in an hour; 0 where there is nothing to read."""
        return self.to_read / self.core_hours.usual if self.core_hours.usual else 0.0


@dataclass(frozen=True, slots=True)
class _Sample:
    """Pages of some files that stand for all."""

    pages: tuple[float, ...] = ()
    """Megapixels of each page."""
    opened: int = 0
    refused: int = 0


def plan_run(request: RunRequest, backend: ReaderBackend, cores: int) -> RunPlan:
    """Find out what a run over some scans would do; nothing is written.

    Args:
        request: Scans, output folder and settings.
        backend: Its identity tells whether pages were read by another engine.
        cores: For which time is reckoned.

    Raises:
        UsageError: The output folder holds scans that are asked for.
        StoreError: The store cannot be read.
    """
    place = Workspace.for_output(request.output, request.settings.config.run)
    require_apart(place, request.paths)
    with _open_store(place) as whole:
        store = OutputStore(whole, place.name)
        rows = store.list_scans()
        surveyor = ScanSurveyor(
            place, whole, rows, request.settings, backend.identity, request.selection
        )
        survey = surveyor.survey_scans(request.paths, request.force)
        pace = learn_pace(store)
    looks = _sort_by_kind(place, rows.values(), survey.looks)
    share = _SAMPLE / max(_SAMPLE, len(survey.looks))
    opened = {kind: _open_some(request, backend, some, share) for kind, some in looks.items()}
    counts, core_seconds, megapixels, longest = Counter[str](), Duration(), 0.0, 0.0
    for kind, sample in opened.items():
        times = len(looks[kind]) / sample.opened
        counts[kind] = round(len(sample.pages) * times)
        megapixels += sum(sample.pages) * times
        for size in sample.pages:
            needed = pace.estimate_page(size)
            core_seconds += needed.scale(times)
            longest = max(longest, needed.usual)
    core_hours = core_seconds.scale(1 / 3600)
    return RunPlan(
        done=len(survey.finished),
        failed=len(survey.failures),
        new=counts["new"],
        changed=counts["changed"],
        again=counts["again"],
        files=len(survey.looks),
        opened=sum(sample.opened for sample in opened.values()),
        refused=sum(sample.refused for sample in opened.values()),
        megapixels=round(megapixels, 1),
        measured=pace.measured,
        core_hours=core_hours,
        cores=cores,
        hours=_spread(core_hours, cores, longest / 3600),
        problems=tuple(failure.message for failure in survey.failures if not failure.file),
    )


def _spread(work: Duration, cores: int, longest: float) -> Duration:
    """Return how long work takes on several cores: no less than its longest page."""
    each = work.scale(1 / cores)
    return Duration(max(each.low, longest), max(each.usual, longest), max(each.high, longest))


@contextmanager
def _open_store(place: Workspace) -> Iterator[Store]:
    """Open the store to read; one that is not there yet is taken for an empty one."""
    if place.known:
        with Store(place.store, read_only=True) as store:
            yield store
        return
    with (
        TemporaryDirectory(prefix="newspage-plan-") as folder,
        Store(Path(folder) / "empty.sqlite") as store,
    ):
        yield store


def _sort_by_kind(
    place: Workspace, rows: Iterable[ScanRow], looks: Sequence[LookTask]
) -> dict[str, list[LookTask]]:
    """Return the files to look into that are new, changed, or to be tried again."""
    known: defaultdict[str, set[ScanStatus]] = defaultdict(set)
    for row in rows:
        known[row.key.path].add(row.status)
    sorted_looks: defaultdict[str, list[LookTask]] = defaultdict(list)
    for look in looks:
        states = known.get(place.make_key(look.path), set())
        kind = "changed" if ScanStatus.DONE in states else "again" if states else "new"
        sorted_looks[kind].append(look)
    return sorted_looks


def _open_some(
    request: RunRequest, backend: ReaderBackend, looks: Sequence[LookTask], share: float
) -> _Sample:
    """Open some files, a share of those given and at least one, to see how large their pages are.

    Files are opened as a run does it, in processes of their own under limits, but not hashed.
    """
    number = min(len(looks), max(1, math.ceil(share * len(looks))))
    chosen = random.Random(_SEED).sample(looks, number)
    pages: list[float] = []
    refused = 0
    engine = request.settings.config.engine
    with WorkerPool(backend.make_reader, engine, request.pool) as workers:
        workers.submit(replace(look, hashed=False) for look in chosen)
        for results in workers.results():
            for result in results:
                if isinstance(result, LookResult):
                    pages += map(count_megapixels, result.scans)
                else:
                    refused += 1
    return _Sample(tuple(pages), number, refused)
