"""Open files outside a run, under the same limits: in a process that can be ended."""

import threading
from dataclasses import replace
from pathlib import Path
from types import TracebackType
from typing import Self

from newspage.batch.resource_limits import limit_decoding_seconds, limit_looking_seconds
from newspage.batch.tasks import (
    LoadResult,
    LoadTask,
    LookResult,
    LookTask,
    MakeReader,
    ReadResult,
    ReadScan,
    ReadTask,
    TaskFailure,
)
from newspage.batch.worker_handle import Worker, make_time_error
from newspage.batch.workers import PoolPlan, WorkerPool
from newspage.config import Config, EngineConfig, IngestConfig, RunConfig
from newspage.errors import InputError
from newspage.model import GrayImage, PageImage, PageRecord, Scan
from newspage.record import decode_record
from newspage.store import ScanKey

_TICK = 0.5
"""Seconds between two looks at the time limit. Judgement: short beside any limit."""


class FileOpener:
    """Opener of files and decoder of pages, one at a time; several threads may ask it.

    Its process starts with the first file, is replaced when it had to be ended, and ends with the
    `with` block or by `close`.
    """

    def __init__(self, config: RunConfig) -> None:
        self._config = config
        self._worker: Worker | None = None
        self._lock = threading.Lock()

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        self.close()

    def close(self) -> None:
        """End the process."""
        with self._lock:
            self._end()

    def open_pages(self, path: Path, config: IngestConfig) -> tuple[Scan, ...]:
        """Return the pages of a file, as `newspage.ingest.open_pages` does. Raises InputError."""
        try:
            size = path.stat().st_size
        except OSError:
            # Opening the file will report the reason.
            size = 0
        answer = self._ask(LookTask(path, config, limit_looking_seconds(size, self._config)))
        assert isinstance(answer, LookResult)
        return answer.scans

    def load_page(self, scan: Scan, config: IngestConfig) -> PageImage:
        """Return a page of such a file, as `newspage.ingest.load_page` does. Raises InputError."""
        answer = self._ask(LoadTask(scan, config, limit_decoding_seconds(scan, self._config)))
        assert isinstance(answer, LoadResult)
        return PageImage(scan, answer.pixels)

    def decode_page(self, path: Path, frame: int, config: IngestConfig) -> GrayImage:
        """Return the pixels of a page (`frame` from 0), of the last where there are fewer pages.

        Raises InputError.
        """
        pages = self.open_pages(path, config)
        return self.load_page(pages[min(frame, len(pages) - 1)], config).pixels

    def _ask(self, task: LookTask | LoadTask) -> LookResult | LoadResult:
        """Return the answer to a task. Raises InputError with the reason where it failed."""
        with self._lock:
            answer = self._answer(task)
        if isinstance(answer, TaskFailure):
            raise answer.named_error
        return answer

    def _answer(self, task: LookTask | LoadTask) -> LookResult | LoadResult | TaskFailure:
        """Wait for the process's answer to a task; if the process dies, return its failure."""
        if self._worker is None:
            self._worker = Worker(_read_nothing, EngineConfig(), reads=False)
        worker = self._worker
        worker.give(task, 1)
        while True:
            if not worker.connection.poll(_TICK):
                if worker.overdue:
                    self._end()
                    return TaskFailure(task, make_time_error(task))
                continue
            message = worker.receive()
            if isinstance(message, LookResult | LoadResult | TaskFailure):
                return message
            if message is None:
                self._end()
                return TaskFailure(task, worker.cause_of_death(task)[0])

    def _end(self) -> None:
        """End the process, if there is one."""
        if self._worker is not None:
            self._worker.kill()
            self._worker = None


def read_apart(scan: Scan, config: Config, make_reader: MakeReader, pool: PoolPlan) -> PageRecord:
    """Read one page in a worker under the limits of a run, and return its record.

    Raises InputError, and MissingDependencyError where there is no engine.
    """
    task = ReadTask(scan, ScanKey(scan.path.name, scan.frame), scan.path.stem, Path(), config)
    with WorkerPool(make_reader, config.engine, replace(pool, workers=1)) as workers:
        workers.submit([task])
        for results in workers.results():
            for result in results:
                if isinstance(result, ReadResult):
                    return decode_record(result.record)
                if isinstance(result, TaskFailure):
                    raise result.named_error
    raise InputError("scan-not-read", path=scan.path)


def _read_nothing(config: EngineConfig, threads: int) -> ReadScan:
    """Refuse to make a reader: the process of a `FileOpener` only opens files."""
    raise NotImplementedError("this process only opens files")
