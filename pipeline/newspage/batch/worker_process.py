"""Run in a worker process: read the scans it is sent, and survive what they do to it."""

import multiprocessing
import os
import signal
import threading
import traceback
from collections.abc import Callable
from dataclasses import dataclass
from multiprocessing.connection import Connection, wait
from typing import TypeVar

from newspage.batch.resource_limits import limit_resources
from newspage.batch.tasks import (
    Hashed,
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
from newspage.config import EngineConfig
from newspage.errors import InputError, MissingDependencyError, NewspageError, RefusedError

Asked = TypeVar("Asked", LookTask, LoadTask, ReadTask)
Answer = TypeVar("Answer")


@dataclass(frozen=True, slots=True)
class WorkerReady:
    """Message of a worker that has its engine."""


@dataclass(frozen=True, slots=True)
class WorkerUnable:
    """Message of a worker without an engine; no other worker will have one."""

    error: NewspageError


def serve_tasks(connection: Connection, make_reader: MakeReader, engine: EngineConfig) -> None:
    """Answer the tasks that come through the connection until it closes.

    With each comes a number of threads. The engine is made for so many when the first page comes,
    so that looking at files needs none.
    """
    signal.signal(signal.SIGINT, signal.SIG_IGN)
    # Schedulers tell all processes of a job to stop; the run or worker alone decides what then.
    signal.signal(signal.SIGTERM, signal.SIG_IGN)
    threading.Thread(target=_die_with_parent, daemon=True).start()
    reader: ReadScan | None = None
    try:
        while True:
            task, threads = connection.recv()
            if isinstance(task, LookTask):
                connection.send(look_into(task, connection.send))
                continue
            if isinstance(task, LoadTask):
                connection.send(answer_or_fail(_load, task))
                continue
            if reader is None:
                reader = _reader(connection, make_reader, engine, threads)
            connection.send(answer_or_fail(EncodedPageReader(reader), task))
    except (EOFError, OSError):
        return


def _die_with_parent() -> None:
    """End this process as soon as its parent has ended."""
    parent = multiprocessing.parent_process()
    if parent is not None:
        wait([parent.sentinel])
        os._exit(1)


def _reader(
    connection: Connection, make_reader: MakeReader, engine: EngineConfig, threads: int
) -> ReadScan:
    """Make the function that reads scans. Sends the reason and raises EOFError where it cannot."""
    try:
        reader = make_reader(engine, threads)
    except NewspageError as error:
        connection.send(WorkerUnable(error))
    except Exception as error:  # noqa: BLE001 - whatever a package says on loading a network
        what = f"{type(error).__name__}: {error}".splitlines()[0]
        unable = MissingDependencyError("recogniser-fails-to-start", reason=what)
        connection.send(WorkerUnable(unable))
    else:
        connection.send(WorkerReady())
        return reader
    raise EOFError


@dataclass(frozen=True, slots=True)
class EncodedPageReader:
    """Reader of a page that encodes its record as well."""

    reader: ReadScan

    def __call__(self, task: ReadTask) -> ReadResult:
        """Read a page and return its record and figures."""
        from newspage.batch.page_result import finish_page

        return finish_page(task, self.reader(task.scan, task.config))


def look_into(look: LookTask, tell: Callable[[Hashed], None]) -> LookResult | TaskFailure:
    """Find the pages of a file, within its limits; `tell` gets its checksum before it is parsed.

    A file of content that was refused before fails for the same reason, without being parsed.
    """
    from newspage.ingest import hash_file, recognise_format

    def answer(look: LookTask) -> LookResult | TaskFailure:
        """Look into the file and let every failure out as an exception."""
        recognise_format(look.path, look.config)
        if not look.hashed:
            return _opened(look, "")
        digest = hash_file(look.path)
        tell(Hashed(digest))
        if digest in look.refused:
            before = RefusedError("scan-refused-before", reason=look.refused[digest])
            return TaskFailure(look, before, lasting=True)
        return _opened(look, digest)

    with limit_resources(look.seconds, look.config.max_decoded_megabytes):
        return answer_or_fail(answer, look)


def _opened(look: LookTask, digest: str) -> LookResult:
    """Parse the headers of a file and return its pages."""
    from newspage.ingest import open_pages

    return LookResult(look, open_pages(look.path, look.config, digest))


def _load(task: LoadTask) -> LoadResult:
    """Decode a page within its limits."""
    from newspage.ingest import load_page

    with limit_resources(task.seconds, task.config.max_decoded_megabytes):
        return LoadResult(load_page(task.scan, task.config).pixels)


def answer_or_fail(answer: Callable[[Asked], Answer], task: Asked) -> Answer | TaskFailure:
    """Return the answer to a task, or the failure that kept it from being given."""
    try:
        return answer(task)
    except NewspageError as error:
        lasting = isinstance(error, RefusedError)
        return TaskFailure(task, error, traceback.format_exc(), lasting)
    except MemoryError:
        return TaskFailure(task, InputError("scan-needs-memory"), traceback.format_exc())
    except Exception as error:  # noqa: BLE001 - one bad page never stops a run
        what = f"{type(error).__name__}: {error}".splitlines()[0]
        failed = InputError("reading-failed", reason=what)
        return TaskFailure(task, failed, traceback.format_exc())
