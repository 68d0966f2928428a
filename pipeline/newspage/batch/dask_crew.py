"""Workers of a run on a Dask cluster: one for each Dask worker, and another where one is lost.

Dask starts them and tells who is there, no more: which page is read by whom stands in the store.
"""

import logging
import pickle
import time
from contextlib import ExitStack, suppress
from dataclasses import dataclass
from pathlib import Path
from types import TracebackType
from typing import Any, Self
from uuid import uuid4

from newspage.batch import dask_task
from newspage.batch.worker_crew import LOCAL, MARK_NAME, CrewOrder, HostedReport
from newspage.errors import MissingDependencyError, NewspageError, UsageError
from newspage.files import remove_files, write_files
from newspage.signals import hold_signals

_EVERY = 1.0
"""Seconds after which the scheduler is asked again who is there. Judgement."""
_CONNECT_SECONDS = 15.0
"""Seconds for which a scheduler may not answer. Judgement: longer than it is ever busy."""
_MOST_DEATHS = 3
"""Workers that may end without a word on one Dask worker before no other is started there."""


@dataclass(slots=True)
class _Host:
    """A Dask worker and what was asked of it."""

    future: Any = None
    """None: nothing is asked of it now."""
    deaths: int = 0
    ended: bool = False
    """Its worker came to the end of its time."""
    refusal: NewspageError | None = None


class DaskCrew:
    """The workers of a run on a Dask cluster, for as long as the `with` block lasts."""

    def __init__(self, address: str, order: CrewOrder, workers: int) -> None:
        """`workers`: how many a cluster on this machine has."""
        self._address = address
        self._order = order
        self._workers = workers
        self._stack = ExitStack()
        self._client: Any = None
        self._hosts: dict[str, _Host] = {}
        self._asked = 0.0
        self._alone = False
        """It was said that nobody is there."""

    def __enter__(self) -> Self:
        with self._stack:
            write_files(self._order.output, {MARK_NAME: self._order.mark.encode("ascii")})
            mark = self._order.output / MARK_NAME
            self._stack.callback(_remove_quietly, mark)
            self._client = self._connect()
            self._stack = self._stack.pop_all()
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        """Have all workers stop at once: what they have not finished waits in the store."""
        self._stack.close()

    def look_after(self, scan: Path, budget: float) -> list[str]:
        """Start a worker on every Dask worker that has none; return what a person should know.

        Raises MissingDependencyError where the scheduler does not answer any more, and what all
        Dask workers refuse for.
        """
        if time.monotonic() - self._asked < _EVERY:
            return []
        threads = self._list_threads()
        notes = [note for host in self._hosts for note in self._hear(host)]
        for gone in set(self._hosts) - set(threads):
            # Its task is for it alone: nobody else would take it over.
            self._cancel([self._hosts.pop(gone)])
        for address in threads:
            host = self._hosts.setdefault(address, _Host())
            if host.future is None and not (host.refusal or host.ended):
                host.future = self._submit(address, self._order.limit_to(scan, budget))
        self._asked = time.monotonic()
        return notes + self._judge_crew()

    @property
    def is_idle(self) -> bool:
        """Tell whether no worker is at work."""
        return all(host.future is None for host in self._hosts.values())

    def _judge_crew(self) -> list[str]:
        """Raise the refusal where all refuse; say, once, where nobody is there."""
        refusals = [host.refusal for host in self._hosts.values()]
        if refusals and refusals[-1] and all(refusals):
            raise refusals[-1]
        alone, self._alone = self._alone, not refusals
        if self._alone and not alone:
            return [f"{self._address}: the cluster has no worker now. Waiting for one."]
        return []

    def _connect(self) -> Any:
        """Connect to the scheduler, or start one here. Raises MissingDependencyError."""
        try:
            import cloudpickle
            from dask.config import set as dask_config
            from distributed import Client, LocalCluster
        except ModuleNotFoundError as error:
            raise MissingDependencyError("cluster-package-missing") from error
        cloudpickle.register_pickle_by_value(dask_task)
        # What becomes of the cluster is told in words of newspage.
        logging.getLogger("distributed").setLevel(logging.CRITICAL)
        logging.getLogger("distributed.client").setLevel(logging.CRITICAL)
        where: Any = self._address
        try:
            if self._address == LOCAL:
                # Samples of what Python does take a third of what a Dask worker takes by itself.
                with hold_signals(), dask_config({"distributed.worker.profile.enabled": False}):
                    where = LocalCluster(  # type: ignore[no-untyped-call, unused-ignore]
                        n_workers=self._workers,
                        threads_per_worker=1,
                        memory_limit=0,
                        dashboard_address=None,
                        silence_logs=logging.CRITICAL,
                    )
                self._stack.callback(where.close)
            client = Client(where, timeout=_CONNECT_SECONDS, set_as_default=False)  # type: ignore[no-untyped-call, unused-ignore]
        except OSError as error:
            reason = str(error) or type(error).__name__
            raise MissingDependencyError(
                "cluster-unreachable", address=self._address, reason=reason
            ) from error
        self._stack.callback(self._leave, client)
        return client

    def _leave(self, client: Any) -> None:
        """Drop all tasks, which ends the workers, and the connection."""
        self._cancel(list(self._hosts.values()))
        with suppress(Exception):
            client.close(timeout=_EVERY)

    def _cancel(self, hosts: list[_Host]) -> None:
        """Drop the tasks of some Dask workers, be they there or not."""
        futures = [host.future for host in hosts if host.future is not None]
        if futures and self._client.status == "running":
            with suppress(Exception):
                self._client.cancel(futures, force=True)

    def _list_threads(self) -> dict[str, int]:
        """Return the threads of each Dask worker. Raises MissingDependencyError."""
        end = time.monotonic() + _CONNECT_SECONDS
        while True:
            try:
                if self._client.status == "running":
                    return dict(self._client.nthreads())
            except Exception as error:  # noqa: BLE001 - whatever way the connection was lost
                reason: BaseException | None = error
            else:
                reason = None
            if time.monotonic() >= end or self._client.status == "closed":
                raise MissingDependencyError("cluster-lost", address=self._address) from reason
            time.sleep(_EVERY / 4)

    def _submit(self, address: str, order: CrewOrder) -> Any:
        """Give a Dask worker its task, which nobody else may take."""
        host_worker = dask_task.host_worker
        return self._client.submit(
            # By value: Dask sends by its name what has one, and a Dask worker that does not know
            # the name hangs.
            lambda order, version: host_worker(order, version),  # noqa: PLW0108
            pickle.dumps(order),
            order.version,
            key=f"newspage-worker-{uuid4().hex}",
            workers=[address],
            allow_other_workers=False,
            pure=False,
            retries=0,
        )

    def _hear(self, address: str) -> list[str]:
        """Take in how the worker on a Dask worker has ended, if it has."""
        host = self._hosts[address]
        if host.future is None or host.future.status == "pending":
            return []
        future, host.future = host.future, None
        if future.status not in ("finished", "error"):
            return []  # the scheduler was gone for a moment
        try:
            answer: dict[str, Any] = future.result(timeout=_CONNECT_SECONDS)
        except Exception as error:  # noqa: BLE001 - whatever the Dask worker met
            answer = {"missing": f"{type(error).__name__}: {error}".splitlines()[0]}
        host.refusal = self._find_refusal(address, host, answer)
        return [f"{host.refusal} It reads no pages of this run."] if host.refusal else []

    def _find_refusal(
        self, address: str, host: _Host, answer: dict[str, Any]
    ) -> NewspageError | None:
        """Return why a Dask worker is not asked again, by the answer of its task."""
        if "version" in answer:
            own, found = self._order.version, answer["version"]
            return UsageError("cluster-of-other-version", worker=address, found=found, own=own)
        if "missing" in answer:
            return UsageError("cluster-without-newspage", worker=address, reason=answer["missing"])
        if "report" in answer:
            report: HostedReport = pickle.loads(answer["report"])
            host.ended = not (report.stopped or report.error)
            return report.error
        host.deaths += 1
        if host.deaths < _MOST_DEATHS:
            return None
        return UsageError("cluster-worker-dies", worker=address, status=str(answer["ended"]))


def _remove_quietly(path: Path) -> None:
    """Remove a file, if that is possible."""
    with suppress(NewspageError):
        remove_files([path])
