"""Manage the processes that read scans: each with its own engine, replaced when old, hung or dead.

A worker is a fresh interpreter, so that a crash, a leak or a hang of a library takes one page with
it and never the run. It dies with its parent, however that dies. Files are looked into by other
workers than those that read pages, so that neither waits for the other.
"""

from collections import deque
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, replace
from multiprocessing.connection import wait
from types import TracebackType
from typing import Self

from newspage.batch.admission import Admission
from newspage.batch.budget import RunBudget
from newspage.batch.tasks import (
    Hashed,
    LoadTask,
    LookResult,
    LookTask,
    MakeReader,
    PageTaken,
    ReadResult,
    ReadTask,
    Result,
    TaskFailure,
)
from newspage.batch.worker_handle import Worker, make_memory_error, make_time_error
from newspage.batch.worker_process import WorkerReady, WorkerUnable
from newspage.config import EngineConfig
from newspage.errors import InputError, MissingDependencyError

_TICK = 0.5
"""Seconds after which the time and memory of the workers are checked again. Judgement: a page
cannot fill the memory of a machine in so short a time."""

_STUCK_SECONDS = 3.0
"""Seconds after which a look does not count: another file is looked into meanwhile. Judgement:
most files are hashed and parsed in less."""
_MOST_STUCK = 4
"""Workers that may be added for looks that do not end. Judgement: a few bound the memory they
take."""


@dataclass(frozen=True, slots=True)
class PoolPlan:
    """Numbers that say how the work is spread."""

    workers: int
    """At most; with fewer pages to read there are fewer."""
    cores: int = 1
    """Shared out among the workers as threads."""
    pages_per_worker: int = 100
    """Pages after which a worker is replaced, which bounds the memory that libraries leak."""
    memory: float = 0.0
    """Bytes that the pages read at the same time may take together; 0: not known."""
    budget: RunBudget | None = None
    """The time by which the work is to end; None: whenever it is done."""


class WorkerPool:
    """Pool of the workers of a run: started when there is work, ended with the `with` block."""

    def __init__(self, make_reader: MakeReader, engine: EngineConfig, pool: PoolPlan) -> None:
        self._make_reader = make_reader
        self._engine = engine
        self._pool = pool
        self._looks: deque[LookTask] = deque()
        self._pages: deque[ReadTask] = deque()
        self._members: list[Worker] = []
        self._admission = Admission(pool.memory)
        self.withheld_looks: list[LookTask] = []
        """Files that were not looked into, since the budget was spent."""
        self._withheld: list[ReadTask] = []

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        for member in self._members:
            member.kill()
        self._members.clear()

    def submit(self, tasks: Iterable[LookTask | ReadTask]) -> None:
        """Add files to be looked into and pages to be read; also while results come in."""
        for task in tasks:
            if isinstance(task, LookTask):
                self._looks.append(task)
            else:
                self._pages.append(task)

    def count_room(self) -> int:
        """Return how many more pages could be begun now, were they there.

        Where those that wait may not be read beside those that are being read, others may.
        """
        if self.is_over:
            return 0
        reading = sum(isinstance(member.task, ReadTask) for member in self._members)
        free = self._pool.workers - reading
        if self._pages and self._next_page() is None and len(self._pages) < self._pool.workers:
            return free
        return free - len(self._pages)

    def take_withheld(self) -> list[ReadTask]:
        """Return the pages, each once, that were not begun as they would end after the budget."""
        withheld, self._withheld = self._withheld, []
        return withheld

    @property
    def is_over(self) -> bool:
        """Tell whether the time is over, so that nothing more is begun."""
        return self._pool.budget is not None and self._pool.budget.spent

    def results(self) -> Iterator[list[Result]]:
        """Yield the results of all tasks as they come; an empty list now and then.

        Among them is word of each page that is begun. Tasks are taken one by one as workers become
        free. A worker that dies, takes too long or too much memory fails its task only. Raises the
        error that keeps every engine from starting.
        """
        while self._looks or self._pages or any(member.task for member in self._members):
            self._withhold_looks()
            if begun := self._hand_out():
                yield begun
            yield self._heard()

    def _withhold_looks(self) -> None:
        """Look into no more files when the time is over."""
        if self.is_over:
            self.withheld_looks += self._looks
            self._looks.clear()

    def _hand_out(self) -> list[Result]:
        """Give a task to every worker that is free or may be started; tell of pages begun."""
        lookers = [m for m in self._members if not m.reads]
        looking = sum(member.task is not None for member in lookers)
        stuck = min(_MOST_STUCK, sum(member.seconds > _STUCK_SECONDS for member in lookers))
        most = min(self._pool.workers + stuck, len(self._looks) + looking)
        while self._looks and (member := self._free(lookers, most, reads=False)):
            member.give(self._looks.popleft(), 1)
        if not self._looks:
            for member in [m for m in lookers if not m.task]:
                self._members.remove(member)
                member.dismiss()
        readers = [m for m in self._members if m.reads]
        busy = sum(member.task is not None for member in self._members)
        most = max(1, min(self._pool.workers, len(self._looks) + len(self._pages) + busy))
        threads = max(1, self._pool.cores // most)
        begun: list[Result] = []
        while (task := self._next_page()) and (member := self._free(readers, most, reads=True)):
            self._pages.remove(task)
            member.give(task, threads)
            begun.append(PageTaken(task))
        return begun

    def _free(self, team: list[Worker], most: int, reads: bool) -> Worker | None:
        """Return a worker without a task, or a new one where fewer than `most` are in its team."""
        member = next((m for m in team if not m.task), None)
        if member is None and len(team) < most:
            member = Worker(self._make_reader, self._engine, reads)
            team.append(member)
            self._members.append(member)
        return member

    def _next_page(self) -> ReadTask | None:
        """Return the first page that may be read beside those that are being read.

        Pages that would end too late are withheld.
        """
        reading = [m.task.scan for m in self._members if isinstance(m.task, ReadTask)]
        while task := next(
            (t for t in self._pages if self._admission.admits(t.scan, reading)), None
        ):
            if self._pool.budget is None or self._pool.budget.admits(task.scan):
                break
            self._pages.remove(task)
            self._withheld.append(task)
        return task

    def _heard(self) -> list[Result]:
        """Wait for messages, at most `_TICK` seconds, and return the results among them."""
        heard = wait([m.connection for m in self._members], _TICK)
        results: list[Result] = []
        for member in list(self._members):
            if member.connection in heard:
                results += self._hear(member)
            elif member.task and member.overdue:
                late = make_time_error(member.task)
                results.append(self._drop(member, member.task, late, True))
            elif member.task and (held := member.excess):
                large = make_memory_error(held)
                results.append(self._drop(member, member.task, large, True))
        return results

    def _hear(self, member: Worker) -> Iterator[Result]:
        """Act on the next message of a worker, and yield the result if it is one."""
        task = member.task
        match member.receive():
            case WorkerReady():
                member.begin()
            case Hashed(digest):
                member.digest = digest
            case WorkerUnable(error):
                raise error
            case TaskFailure() as failed:
                self._retire(member)
                yield replace(failed, sha256=member.digest)
            case LookResult() | ReadResult() as result:
                self._retire(member)
                if self._pool.budget and isinstance(result, ReadResult):
                    self._pool.budget.pace.add_page(result.figures)
                yield result
            case _ if task:
                yield self._drop(member, task)
            case _:
                self._members.remove(member)
                member.kill()

    def _retire(self, member: Worker) -> None:
        """Let a worker go that has read its number of pages (`pages_per_worker`)."""
        if member.pages >= self._pool.pages_per_worker:
            self._members.remove(member)
            member.dismiss()

    def _drop(
        self,
        member: Worker,
        task: LookTask | LoadTask | ReadTask,
        reason: InputError | None = None,
        lasting: bool = False,
    ) -> TaskFailure:
        """End a worker that is dead, late or too large, and return the failure of its task.

        Args:
            member: The worker.
            task: Its task.
            reason: What is wrong; None to tell from how the process ended.
            lasting: True where the same would happen to the same file again.
        """
        self._members.remove(member)
        member.kill()
        if reason is None:
            reason, lasting = member.cause_of_death(task)
        if isinstance(task, ReadTask) and not member.ready:
            raise MissingDependencyError("recogniser-lost", reason=str(reason))
        return TaskFailure(task, reason, lasting=lasting, sha256=member.digest)
