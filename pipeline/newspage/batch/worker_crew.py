"""What a run asks of a cluster: workers there that read the pages which wait in the store."""

import os
import socket
from collections.abc import Callable
from contextlib import AbstractContextManager
from dataclasses import dataclass, replace
from pathlib import Path
from typing import TYPE_CHECKING, Protocol

from newspage.config import EngineConfig
from newspage.errors import NewspageError, UsageError
from newspage.settings import Settings
from newspage.version import __version__

if TYPE_CHECKING:
    from newspage.batch.folder import ReaderBackend

LOCAL = "local"
"""In place of an address: a cluster on this machine that lasts as long as the run."""
MARK_NAME = ".newspage.cluster"
"""File in the output folder, as long as a run has workers on a cluster: by it they see that their
folder is that of the run."""


@dataclass(frozen=True, slots=True)
class ClusterChoice:
    """The cluster that reads the pages of a run."""

    address: str
    """Of a scheduler, such as tcp://HOST:PORT; or `LOCAL`."""
    make_backend: Callable[[EngineConfig], "ReaderBackend"]
    """Makes the readers on the machine that reads; crosses the border of a process by its name."""


@dataclass(frozen=True, slots=True)
class CrewOrder:
    """All that a worker on a cluster has to know. Every path is one that all machines see."""

    output: Path
    """As seen from `folder`."""
    folder: Path
    """Where the run was started, from which relative paths are seen."""
    settings: Settings
    make_backend: Callable[[EngineConfig], "ReaderBackend"]
    identity: str
    """Of the engine of the run: theirs has to be the same."""
    mark: str
    """What the file `MARK_NAME` in the output folder says."""
    machine: str = ""
    """The running system of the run; empty: not known."""
    scan: Path | None = None
    """One of the scans, which they must see."""
    budget: float = 0.0
    """Seconds after which they are to have ended; 0: when they are told to."""
    version: str = __version__

    def limit_to(self, scan: Path | None, budget: float) -> "CrewOrder":
        """Return the order with a scan to look for and the seconds that are left."""
        return replace(self, scan=scan and scan.absolute(), budget=budget)


@dataclass(frozen=True, slots=True)
class HostedReport:
    """What has come of a hosted worker."""

    done: int = 0
    """Pages that it read."""
    stopped: bool = False
    """It was told to stop."""
    error: NewspageError | None = None
    """Why it did not begin, or gave up."""


class WorkerCrew(Protocol):
    """Workers of a run on a cluster. What they have read stands in the store, and nowhere else."""

    def look_after(self, scan: Path, budget: float) -> list[str]:
        """See to it that every machine has a worker; return what a person should know.

        Args:
            scan: A scan that the workers must see.
            budget: Seconds that are left to the run; 0: it takes as long as it takes.

        Raises:
            MissingDependencyError: The cluster does not answer any more.
            NewspageError: What each of its workers refuses for.
        """

    @property
    def is_idle(self) -> bool:
        """Tell whether all workers have ended."""


def identify_machine() -> str:
    """Return what tells this running system from all others; empty where it does not say.

    Containers on one system are one: they can share a store in a file.
    """
    try:
        return Path("/proc/sys/kernel/random/boot_id").read_text("ascii").strip()
    except OSError:
        return socket.gethostname()


def parse_cluster_address(text: str) -> str:
    """Return the address of a scheduler as its package wants it, or `LOCAL`. Raises UsageError."""
    if text == LOCAL:
        return text
    scheme, found, rest = text.partition("://")
    host, _, port = rest.rpartition(":")
    if not found or scheme not in ("dask", "tcp", "tls") or not host or not port.isdecimal():
        raise UsageError("cluster-address-wrong", address=text)
    return f"{'tcp' if scheme == 'dask' else scheme}://{rest}"


def open_crew(
    choice: ClusterChoice, order: CrewOrder, workers: int
) -> AbstractContextManager[WorkerCrew]:
    """Return the workers of a cluster, which begin when they are first looked after.

    Args:
        choice: The cluster.
        order: What they are to do.
        workers: How many a cluster on this machine has.

    Raises:
        MissingDependencyError: The package for clusters is not installed, or nobody answers.
    """
    from newspage.batch.dask_crew import DaskCrew

    return DaskCrew(choice.address, order, workers)


def make_order(output: Path, settings: Settings, choice: ClusterChoice, identity: str) -> CrewOrder:
    """Return the order of a run that is started here and now."""
    return CrewOrder(
        output.absolute(),
        Path(os.getcwd()),  # noqa: PTH109 - as the shell names it
        settings,
        choice.make_backend,
        identity,
        os.urandom(16).hex(),
        identify_machine(),
    )
