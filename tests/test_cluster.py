"""Runs whose pages a Dask cluster reads: scheduler and workers are processes of their own."""

import os
import signal
import sys
import time
from collections.abc import Iterator
from contextlib import nullcontext
from dataclasses import replace
from pathlib import Path

import pytest

from newspage.batch import hosted_worker
from newspage.batch.dask_crew import DaskCrew
from newspage.batch.folder import ReaderBackend, RunRequest, run_folder
from newspage.batch.readers import make_default_backend
from newspage.batch.shared_worker import StopRequest, WorkerRequest, run_worker
from newspage.batch.worker_crew import (
    MARK_NAME,
    ClusterChoice,
    CrewOrder,
    make_order,
    parse_cluster_address,
)
from newspage.batch.workers import PoolPlan
from newspage.errors import MissingDependencyError, UsageError
from newspage.settings import load_settings
from newspage.store import Claimant, ScanStatus
from tests import fakes, postgres
from tests.asking import PAGES, Office, make_reader
from tests.clusters import DaskCluster, running_cluster
from tests.test_run import Heard
from tests.test_workers import finished, started, store_of, wait_for_lease

SCANS = (*PAGES, "a.png", "sub/b.png")

pytestmark = pytest.mark.skipif(os.name != "posix", reason="needs signals")


@pytest.fixture(scope="module")
def cluster(tmp_path_factory: pytest.TempPathFactory) -> Iterator[DaskCluster]:
    """A cluster with two workers that tests leave as it is."""
    with running_cluster(tmp_path_factory.mktemp("dask"), 2) as cluster:
        yield cluster


@pytest.fixture(params=["sqlite", "postgresql"])
def office(
    request: pytest.FixtureRequest, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> Office:
    """An office with scans."""
    store = ""
    if request.param == "postgresql":
        store = postgres.emptied(request.getfixturevalue("server"))
    office = Office(tmp_path / "office", monkeypatch, store)
    office.scans(*SCANS)
    return office


@pytest.fixture
def expected(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> dict[str, bytes]:
    """What an undisturbed run leaves."""
    whole = Office(tmp_path / "whole", monkeypatch)
    whole.scans(*SCANS)
    whole.run()
    return whole.outputs()


def wait_until_free(office: Office) -> None:
    """Until no worker has a page."""
    deadline = time.monotonic() + 30
    with store_of(office) as store:
        while store.leases.list_held():
            assert time.monotonic() < deadline
            time.sleep(0.05)


@pytest.mark.slow
def test_a_cluster_leaves_what_a_run_leaves(
    office: Office, expected: dict[str, bytes], cluster: DaskCluster
) -> None:
    """Every page is told of, and nothing is left but the results."""
    run = started(office, "--cluster", cluster.address, what="run")
    assert finished(run, 120) == f"done {len(SCANS)} elsewhere {len(SCANS)} failed 0"
    assert run.returncode == 0
    assert office.outputs() == expected
    with store_of(office) as store:
        assert {row.status for row in store.list_scans().values()} == {ScanStatus.DONE}
        assert not store.leases.has_any_left()
        assert "" not in store.list_issues().values()


@pytest.mark.slow
@pytest.mark.parametrize("office", ["sqlite"], indirect=True)
@pytest.mark.parametrize("number", [signal.SIGINT, signal.SIGKILL])
def test_workers_end_with_the_run(
    office: Office, number: signal.Signals, cluster: DaskCluster
) -> None:
    """Be it stopped or killed, and at once: no worker keeps its page, and none counts as lost."""
    options = ("--seconds", "60", "--grace", "0", "--cluster", cluster.address)
    run = started(office, *options, what="run")
    wait_for_lease(office)
    run.send_signal(number)
    said = finished(run, 120)
    assert (run.returncode, said) == (
        (130, "stopped") if number == signal.SIGINT else (-signal.SIGKILL, "")
    )
    wait_until_free(office)
    with store_of(office) as store:
        (again, *_) = store.leases.claim_pages(Claimant("test", "here", 0.0), 9)
        assert again.attempt == 1


@pytest.mark.slow
@pytest.mark.parametrize("office", ["sqlite"], indirect=True)
def test_a_budget_for_a_cluster(
    office: Office, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Workers finish their pages, and begin none that would end after it."""
    monkeypatch.setenv("OWN_READERS", "1")
    with running_cluster(tmp_path / "dask", 1) as cluster:
        options = ("--cluster", cluster.address, "--seconds", "20", "--budget", "30")
        run = started(office, *options, what="run")
        said = finished(run, 120)
    done = int(said.split()[1])
    assert (said, done < len(SCANS)) == (f"done {done} elsewhere {done} failed 0", True)
    with store_of(office) as store:
        counts = store.leases.count_leases()
    # On a slow machine not all files may have been looked into.
    assert (counts.held, 1 <= counts.waiting <= len(SCANS) - done) == (0, True)


@pytest.mark.slow
@pytest.mark.parametrize("office", ["sqlite"], indirect=True)
def test_a_worker_of_the_cluster_is_killed(
    office: Office, expected: dict[str, bytes], tmp_path: Path
) -> None:
    """Its page comes back at once; another Dask worker takes its place."""
    with running_cluster(tmp_path / "dask", 1) as cluster:
        run = started(office, "--seconds", "1", "--cluster", cluster.address, what="run")
        wait_for_lease(office)
        cluster.kill_worker(0)
        wait_until_free(office)
        cluster.add_worker()
        assert finished(run, 120) == f"done {len(SCANS)} elsewhere {len(SCANS)} failed 0"
    assert office.outputs() == expected


@pytest.mark.slow
@pytest.mark.parametrize("office", ["sqlite"], indirect=True)
def test_the_scheduler_is_killed(
    office: Office, expected: dict[str, bytes], tmp_path: Path
) -> None:
    """The run says so, workers let go of their pages, and the same command goes on."""
    with running_cluster(tmp_path / "dask", 2) as cluster:
        run = started(office, "--seconds", "1", "--cluster", cluster.address, what="run")
        wait_for_lease(office)
        old = cluster.address
        cluster.restart_scheduler()
        said = finished(run, 120)
        assert said.startswith(f"{old}: the Dask scheduler does not answer any more.")
        assert "the same command goes on" in said
        assert run.returncode == 4
        wait_until_free(office)
        cluster.add_worker()
        again = started(office, "--cluster", cluster.address, what="run")
        assert finished(again, 120).endswith("failed 0")
    assert office.outputs() == expected


@pytest.mark.slow
@pytest.mark.parametrize("office", ["sqlite"], indirect=True)
def test_a_machine_with_another_version(office: Office, tmp_path: Path) -> None:
    """It reads nothing, and the run says which version it has; without others the run ends."""
    other = tmp_path / "other"
    (other / "newspage").mkdir(parents=True)
    (other / "newspage" / "__init__.py").write_text('__version__ = "0.1.9"\n', "utf-8")
    with running_cluster(tmp_path / "dask", 0) as cluster:
        cluster.add_worker(other)
        run = started(office, "--cluster", cluster.address, what="run")
        assert "has newspage 0.1.9; this is newspage 0.2.0." in finished(run, 120)
        assert run.returncode == 2
    with store_of(office) as store:
        assert store.leases.count_leases().waiting == len(SCANS)


@pytest.mark.slow
@pytest.mark.parametrize("office", ["sqlite"], indirect=True)
def test_a_cluster_on_this_machine(office: Office, expected: dict[str, bytes]) -> None:
    """It comes and goes with the run; its workers are guarded by nannies."""
    run = started(office, "--cluster", "local", "-j", "2", what="run")
    assert finished(run, 120) == f"done {len(SCANS)} elsewhere {len(SCANS)} failed 0"
    assert office.outputs() == expected


class Crew:
    """Workers in this process, which read all that waits when they are looked after."""

    is_idle = True

    def __init__(self, office: Office) -> None:
        self._office = office
        self.scans: list[Path] = []

    def look_after(self, scan: Path, budget: float) -> list[str]:
        self.scans.append(scan)
        pool = PoolPlan(1, 1)
        request = WorkerRequest(self._office.place.output, self._office.settings, pool, joins=False)
        run_worker(request, ReaderBackend(make_reader, ""), Heard(), StopRequest())
        return ["a machine was late"]


def test_a_run_follows_its_crew(
    office: Office, expected: dict[str, bytes], monkeypatch: pytest.MonkeyPatch
) -> None:
    """It tells of every page, joins the issues, and does no page itself; nor those read before."""
    monkeypatch.setattr("newspage.batch.shared_worker.WorkerPool", fakes.LocalCrew)
    monkeypatch.setattr("newspage.batch.followed_reading._EVERY", 0.0)
    crew = Crew(office)
    monkeypatch.setattr("newspage.batch.folder.open_crew", lambda *_: nullcontext(crew))
    request = RunRequest(
        (office.home / "scans",),
        office.place.output,
        office.settings,
        PoolPlan(1, 1),
        cluster=ClusterChoice("tcp://there:1", make_default_backend),
    )
    heard = Heard()
    outcome = run_folder(request, ReaderBackend(make_reader, ""), heard)
    assert (outcome.done, outcome.elsewhere, outcome.failed) == (len(SCANS), len(SCANS), 0)
    assert (len(set(heard.read)), set(heard.notes)) == (len(SCANS), {"a machine was late"})
    assert office.outputs() == expected
    looked_after = len(crew.scans)
    assert all(scan.is_file() for scan in crew.scans)
    again = run_folder(request, ReaderBackend(make_reader, ""), heard)
    assert (again.done, again.skipped, len(crew.scans)) == (0, len(SCANS), looked_after)


@pytest.fixture
def order(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> CrewOrder:
    """An order over an office whose folder bears its mark."""
    office = Office(tmp_path / "office", monkeypatch)
    office.scans("a.png")
    choice = ClusterChoice("local", make_default_backend)
    order = make_order(office.place.output, office.settings, choice, "")
    office.place.output.mkdir()
    (office.place.output / MARK_NAME).write_text(order.mark, "ascii")
    return order.limit_to(office.home / "scans" / "a.png", 0.0)


def test_machines_that_do_not_see_the_same(order: CrewOrder) -> None:
    """Another folder at the place of the output, no scans, or a store that is a file elsewhere."""
    hosted_worker.require_same_place(order, "tcp://there:1")
    elsewhere = replace(order, machine="another one")
    with pytest.raises(UsageError, match="tcp://there:1: is on another machine") as caught:
        hosted_worker.require_same_place(elsewhere, "tcp://there:1")
    assert "PostgreSQL" in caught.value.remedy
    on_server = load_settings(None, {("run", "store"): ("store", "postgresql://db/newspage")})
    hosted_worker.require_same_place(replace(elsewhere, settings=on_server), "tcp://there:1")
    missing = order.output.parent / "scans" / "b.png"
    with pytest.raises(UsageError, match=r"does not see .*b\.png"):
        hosted_worker.require_same_place(replace(order, scan=missing), "tcp://there:1")
    with pytest.raises(UsageError, match=r"does not see .*output as it is here"):
        hosted_worker.require_same_place(replace(order, mark="another run"), "tcp://there:1")


def test_without_dask(order: CrewOrder, monkeypatch: pytest.MonkeyPatch) -> None:
    """The error names the extra, and nothing is left in the output folder."""
    monkeypatch.setitem(sys.modules, "distributed", None)
    with (
        pytest.raises(MissingDependencyError, match=r"newspage\[dask\]"),
        DaskCrew("tcp://127.0.0.1:1", order, 1),
    ):
        pass
    assert list(order.output.iterdir()) == []


def test_nobody_answers(order: CrewOrder, monkeypatch: pytest.MonkeyPatch) -> None:
    """The run says where, and what to do."""
    monkeypatch.setattr("newspage.batch.dask_crew._CONNECT_SECONDS", 0.2)
    with (
        pytest.raises(MissingDependencyError, match="no Dask scheduler answers there"),
        DaskCrew("tcp://127.0.0.1:1", order, 1),
    ):
        pass


@pytest.mark.parametrize("wrong", ["", "localhost", "tcp://host", "http://host:80", "tcp://:1"])
def test_addresses(wrong: str) -> None:
    """As the scheduler prints them; dask:// is another word for tcp://."""
    assert parse_cluster_address("dask://host:8786") == "tcp://host:8786"
    assert parse_cluster_address("tls://[::1]:8786") == "tls://[::1]:8786"
    assert parse_cluster_address("local") == "local"
    with pytest.raises(UsageError, match="tcp://HOST:PORT"):
        parse_cluster_address(wrong)


def test_the_example_of_the_manual(repository: Path) -> None:
    """Its commands have the options that they are given."""
    from distributed.cli import dask_scheduler, dask_worker
    from typer.main import get_command

    from newspage.cli import app

    manual = (repository / "docs" / "scale.md").read_text("utf-8")
    lines = manual.partition("## Dask")[2].partition("```sh\n")[2].partition("```")[0].splitlines()
    commands = [line.partition("$ ")[2].rpartition("&& ")[2].split() for line in lines]
    assert [command[:2] for command in commands] == [
        ["dask", "scheduler"],
        ["dask", "worker"],
        ["dask", "worker"],
        ["newspage", "run"],
    ]
    run = get_command(app).get_command(None, "run")  # type: ignore[attr-defined]
    for command, known in zip(
        commands, (dask_scheduler.main, dask_worker.main, dask_worker.main, run), strict=True
    ):
        options = {name for parameter in known.params for name in parameter.opts}
        assert {word for word in command if word.startswith("-")} <= options
    assert parse_cluster_address(commands[-1][-1]) == "tcp://head:8786"
