"""Make the tasks of pages that are to be read, here or by a worker on another machine."""

from dataclasses import dataclass

from newspage.batch.plan import Fingerprints, PageSource
from newspage.batch.tasks import ReadTask
from newspage.errors import UsageError
from newspage.model import Scan
from newspage.settings import Settings
from newspage.store import WaitingPage
from newspage.version import __version__
from newspage.workspace import Workspace


@dataclass(frozen=True, slots=True)
class ReadingJob:
    """A page that is to be read."""

    task: ReadTask
    source: PageSource
    fingerprint: str


class JobMaker:
    """Maker of jobs under the settings of this process."""

    def __init__(self, place: Workspace, settings: Settings, identity: str) -> None:
        """`identity` is everything about the engine that could change what it reads."""
        self._place = place
        self._settings = settings
        self.fingerprints = Fingerprints(settings, __version__, identity)

    def make_job(self, source: PageSource, scan: Scan) -> ReadingJob:
        """Return the job of a page."""
        plain = self._settings.for_path(source.key.path)
        keeps = plain.output.keep_lattices
        conditions = self.fingerprints.list_conditions(plain) if keeps else None
        config = self._place.with_learned(plain)
        task = ReadTask(scan, source.key, source.stem, self._place.output, config, conditions)
        return ReadingJob(task, source, self.fingerprints.fingerprint_source(source))

    def restore_job(self, page: WaitingPage) -> ReadingJob:
        """Return the job of a page that was found elsewhere.

        Raises UsageError where it would be read otherwise here: by another version, other settings,
        another engine or other dictionaries.
        """
        path = self._place.resolve_key(page.key.path)
        scan = Scan(
            path, page.sha256, page.width, page.height, page.key.frame, page.frames, page.dpi
        )
        source = PageSource(page.key, page.stem, page.sha256, page.publication)
        if page.version != __version__:
            output = self._place.output
            raise UsageError(
                "worker-of-other-version", output=output, found=page.version, own=__version__
            )
        job = self.make_job(source, scan)
        if job.fingerprint != page.fingerprint:
            raise UsageError("worker-settings-differ", output=self._place.output, page=page.stem)
        return job


def describe_job(job: ReadingJob) -> WaitingPage:
    """Return what a worker on another machine has to know of a job."""
    scan, source = job.task.scan, job.source
    return WaitingPage(
        source.key,
        source.stem,
        job.fingerprint,
        __version__,
        scan.sha256,
        scan.width,
        scan.height,
        scan.frames,
        scan.dpi,
        source.publication,
    )
