"""Workers that share the pages of an output folder: in processes that are stopped and killed."""

import os
import signal
import subprocess
import sys
import time
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path

import pytest
from typer.testing import CliRunner

from newspage.batch.folder import ReaderBackend, RunRequest, run_folder
from newspage.batch.lease_keeper import LeaseKeeper
from newspage.batch.shared_worker import StopRequest, WorkerRequest, run_worker
from newspage.batch.workers import PoolPlan
from newspage.cli import app
from newspage.errors import InputError, UsageError
from newspage.progress import describe_state
from newspage.store import Claimant, Lease, OutputStore, ScanKey, ScanStatus, Store, StoreError
from newspage.store.leases import LeaseTable
from newspage.workspace import BusyError
from tests import asking, fakes, postgres
from tests.asking import PAGES, Office
from tests.test_run import Heard

SCANS = (*PAGES, "a.png", "sub/b.png")
LEASE = 1.0

pytestmark = pytest.mark.skipif(os.name != "posix", reason="needs signals")


@pytest.fixture(params=["sqlite", "postgresql"])
def office(
    request: pytest.FixtureRequest, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> Office:
    """An office with scans; what runs in this process reads in it."""
    store = ""
    if request.param == "postgresql":
        store = postgres.emptied(request.getfixturevalue("server"))
    office = Office(tmp_path / "office", monkeypatch, store)
    monkeypatch.setattr("newspage.batch.shared_worker.WorkerPool", fakes.LocalCrew)
    office.scans(*SCANS)
    return office


@pytest.fixture
def expected(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> dict[str, bytes]:
    """What an undisturbed run leaves."""
    whole = Office(tmp_path / "whole", monkeypatch)
    whole.scans(*SCANS)
    whole.run()
    return whole.outputs()


def enqueue(office: Office, identity: str = "") -> int:
    """Have the scans of an office wait; how many do."""
    scans = (office.home / "scans",)
    request = RunRequest(
        scans, office.place.output, office.settings, PoolPlan(1, 1), elsewhere=True
    )
    backend = ReaderBackend(asking.make_reader, identity)
    return run_folder(request, backend, Heard()).waiting


def work(office: Office, identity: str = "", wait: bool = False) -> int:
    """Read what waits, in this process; how many pages."""
    request = WorkerRequest(office.place.output, office.settings, PoolPlan(1, 1), wait)
    backend = ReaderBackend(asking.make_reader, identity)
    return run_worker(request, backend, Heard(), StopRequest()).done


def started(
    office: Office, *options: str, what: str = "worker", start_new_session: bool = False
) -> "subprocess.Popen[str]":
    """A worker in a process of its own, which has begun when it comes back."""
    repository = Path(__file__).resolve().parents[1]
    command = [sys.executable, "-m", "tests.worker_program", what, str(office.home)]
    if isinstance(office.place.store, str):
        command.append(office.place.store)
    process = subprocess.Popen(
        [*command, "--lease", str(LEASE), *options],
        cwd=repository,
        stdout=subprocess.PIPE,
        text=True,
        start_new_session=start_new_session,
        env={**os.environ, "PYTHONPATH": f"{repository / 'pipeline'}{os.pathsep}{repository}"},
    )
    assert process.stdout is not None
    assert process.stdout.readline() == "ready\n"
    return process


@contextmanager
def store_of(office: Office) -> Iterator[OutputStore]:
    """The store of an office."""
    with Store(office.place.store) as whole:
        yield OutputStore(whole, office.place.name)


def wait_for_lease(office: Office) -> None:
    """Until a worker has a page."""
    deadline = time.monotonic() + 30
    with store_of(office) as store:
        while not store.leases.count_leases().held:
            assert time.monotonic() < deadline
            time.sleep(0.02)


def finished(process: "subprocess.Popen[str]", seconds: float = 30) -> str:
    """What a process said last."""
    return process.communicate(timeout=seconds)[0].strip()


def test_a_worker_leaves_what_a_run_leaves(office: Office, expected: dict[str, bytes]) -> None:
    """Issues joined, index written; then a run and a worker find nothing to do."""
    assert enqueue(office) == len(SCANS)
    assert not office.place.output.joinpath("a.json").exists()
    assert work(office) == len(SCANS)
    assert office.outputs() == expected
    assert '"status":"done"' in (office.place.output / "index.json").read_text().replace(" ", "")
    assert (work(office), office.run().read) == (0, [])
    assert office.outputs() == expected


def test_run_and_workers_share_the_pages(office: Office, expected: dict[str, bytes]) -> None:
    """Each page is read once, and the run ends when all are done, whoever read them."""
    run = started(office, "--seconds", "3", what="run")
    wait_for_lease(office)
    others = [started(office) for _ in range(2)]
    counts = [[int(word) for word in finished(one).split()[1::2]] for one in (run, *others)]
    (done, elsewhere, _), *rest = counts
    assert done == len(SCANS)
    assert elsewhere > 0
    assert done - elsewhere + sum(count[0] for count in rest) == len(SCANS)
    assert office.outputs() == expected


@pytest.mark.parametrize("grace", [0.0, 20.0], ids=["given back", "finished"])
def test_a_worker_that_is_told_to_stop(office: Office, grace: float) -> None:
    """It begins no page, and finishes its own or gives it back; that does not count as lost."""
    enqueue(office)
    worker = started(office, "--seconds", "1" if grace else "60", "--grace", str(grace))
    wait_for_lease(office)
    worker.send_signal(signal.SIGTERM)
    said = finished(worker, 10)
    assert (worker.returncode, said) == (130, "done 1 elsewhere 0 failed 0" if grace else "stopped")
    with store_of(office) as store:
        assert store.leases.count_leases().held == 0
        (again, *_) = store.leases.claim_pages(asking_claimant(), 9)
        assert again.attempt == 1


@pytest.mark.slow
def test_a_whole_job_is_told_to_stop(office: Office, monkeypatch: pytest.MonkeyPatch) -> None:
    """As schedulers tell it, every process of it: readers that only start finish their page."""
    monkeypatch.setenv("OWN_READERS", "1")
    enqueue(office)
    worker = started(office, "--seconds", "1", "-j", "2", start_new_session=True)
    wait_for_lease(office)
    os.killpg(worker.pid, signal.SIGTERM)
    assert finished(worker) == "done 2 elsewhere 0 failed 0"
    assert worker.returncode == 130


def asking_claimant() -> Claimant:
    """Somebody who claims pages."""
    return Claimant("test", "here", 0.0)


def test_pages_of_lost_workers_are_taken_over(office: Office, expected: dict[str, bytes]) -> None:
    """Of one that is killed, and of one that stops for longer than its lease and then goes on."""
    enqueue(office)
    killed = started(office, "--seconds", "60")
    wait_for_lease(office)
    killed.kill()
    finished(killed)
    time.sleep(LEASE)
    stopped = started(office, "--seconds", "2")
    wait_for_lease(office)
    stopped.send_signal(signal.SIGSTOP)
    other = started(office)
    finished(other)
    stopped.send_signal(signal.SIGCONT)
    assert finished(stopped) == "done 0 elsewhere 0 failed 0"
    assert office.outputs() == expected
    with store_of(office) as store:
        assert {row.status for row in store.list_scans().values()} == {ScanStatus.DONE}
        assert not store.leases.has_any_left()


def test_a_page_written_too_late_is_read_again(
    office: Office, expected: dict[str, bytes], monkeypatch: pytest.MonkeyPatch
) -> None:
    """Where locks do not hold, one may write a page that another has just taken over."""
    enqueue(office)
    confirm, taken = LeaseKeeper.confirm_lease, list[Lease]()

    def confirm_and_lose(keeper: LeaseKeeper, lease: Lease) -> bool:
        mine = confirm(keeper, lease)
        if not taken:
            with store_of(office) as store:
                ahead = LeaseTable(store.whole.database, office.place.name, lambda: 1e12)
                taken.extend(ahead.claim_pages(Claimant("test", "here", 0.0), 1, [lease.page.key]))
        return mine

    monkeypatch.setattr(LeaseKeeper, "confirm_lease", confirm_and_lose)
    heard = Heard()
    request = WorkerRequest(office.place.output, office.settings, PoolPlan(1, 1))
    backend = ReaderBackend(asking.make_reader, "")
    outcome = run_worker(request, backend, heard, StopRequest())
    assert [lease.attempt for lease in taken] == [2]
    assert (outcome.done, len(heard.notes)) == (len(SCANS), 1)
    assert "another worker has taken this page over" in heard.notes[0]
    assert office.outputs() == expected


def test_a_run_waits_for_a_page_that_it_lost(
    office: Office, expected: dict[str, bytes], monkeypatch: pytest.MonkeyPatch
) -> None:
    """Or takes it over again, where whoever took it over is lost in turn."""
    monkeypatch.setattr("newspage.batch.folder.WorkerPool", fakes.LocalCrew)
    taken: list[Lease] = []
    confirm = LeaseKeeper.confirm_lease

    def lose_and_confirm(keeper: LeaseKeeper, lease: Lease) -> bool:
        if not taken:
            with store_of(office) as store:
                ahead = LeaseTable(store.whole.database, office.place.name, lambda: 1e12)
                taken.extend(ahead.claim_pages(Claimant("test", "here", 0.0), 1, [lease.page.key]))
        return confirm(keeper, lease)

    monkeypatch.setattr(LeaseKeeper, "confirm_lease", lose_and_confirm)
    heard = Heard()
    scans = (office.home / "scans",)
    request = RunRequest(scans, office.place.output, office.settings, PoolPlan(1, 1))
    outcome = run_folder(request, ReaderBackend(asking.make_reader, ""), heard)
    assert (outcome.done, outcome.elsewhere, len(heard.notes)) == (len(SCANS), 0, 1)
    assert office.outputs() == expected


def test_a_server_that_goes_away_for_a_moment(
    office: Office, expected: dict[str, bytes], monkeypatch: pytest.MonkeyPatch
) -> None:
    """It is asked again; trouble with a file is no passing one."""
    enqueue(office)
    monkeypatch.setattr("newspage.batch.shared_worker._RETRY_SECONDS", 0.0)
    claim, asked = LeaseTable.claim_pages, list[int]()

    def claim_at_second_try(
        table: LeaseTable, claimant: Claimant, most: int, among: Sequence[ScanKey] | None = None
    ) -> list[Lease]:
        asked.append(most)
        if len(asked) == 3:
            raise StoreError("store-server-unusable", where="here", reason="starting up")
        return claim(table, claimant, most, among)

    monkeypatch.setattr(LeaseTable, "claim_pages", claim_at_second_try)
    if isinstance(office.place.store, Path):
        with pytest.raises(StoreError, match="starting up"):
            work(office)
        assert work(office) == len(SCANS) - 2
    else:
        assert work(office) == len(SCANS)
    assert office.outputs() == expected


@pytest.mark.parametrize("office", ["postgresql"], indirect=True)
def test_a_server_that_goes_away_takes_no_worker_with_it(
    office: Office, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The page that the worker had then does not count as lost with it."""
    enqueue(office)
    monkeypatch.setattr("newspage.batch.shared_worker._RETRY_SECONDS", 0.0)
    confirm, give_back = LeaseKeeper.confirm_lease, LeaseTable.give_back
    away: list[str] = []

    def confirm_or_fail(keeper: LeaseKeeper, lease: Lease) -> bool:
        assert lease.attempt == 1
        if not away:
            away.append("confirm")
            raise StoreError("store-server-unusable", where="here", reason="starting up")
        return confirm(keeper, lease)

    def give_back_or_fail(
        table: LeaseTable, claimant: Claimant, lease: Lease | None = None
    ) -> None:
        if away == ["confirm"]:
            away.append("give back")
            raise StoreError("store-server-unusable", where="here", reason="starting up")
        give_back(table, claimant, lease)

    monkeypatch.setattr(LeaseKeeper, "confirm_lease", confirm_or_fail)
    monkeypatch.setattr(LeaseTable, "give_back", give_back_or_fail)
    assert work(office) == len(SCANS)
    assert away == ["confirm", "give back"]


def test_a_page_that_ends_workers_is_set_aside(office: Office) -> None:
    """After three of them; the others are read, status tells, and a run takes it up again."""
    office.scans("killer.png", shade=9)
    enqueue(office)
    for _ in range(3):
        worker = started(office)
        finished(worker)
        assert worker.returncode == -signal.SIGKILL
    assert work(office) + len(office.outputs()) > 0
    with store_of(office) as store:
        assert store.leases.count_leases().aside == (("workers-lost", 1),)
        rows = list(store.list_scans().values())
        told = describe_state(rows, [], leases=store.leases.count_leases())
    assert "1 page set aside (workers-lost)" in told
    if isinstance(office.place.store, Path):
        shown = CliRunner().invoke(app, ["status", "-o", str(office.place.output)])
        assert "1 page set aside (workers-lost)" in shown.stdout
    assert "killer.png: 3 workers" in told
    assert sum(row.status is ScanStatus.DONE for row in rows) == len(SCANS)
    assert enqueue(office) == 0


def test_a_worker_of_another_version_refuses(
    office: Office, monkeypatch: pytest.MonkeyPatch
) -> None:
    """It says which, or that its settings are others, and has taken no page."""
    enqueue(office)
    with pytest.raises(UsageError, match="would be read otherwise"):
        work(office, identity="other networks")
    monkeypatch.setattr("newspage.batch.reading_jobs.__version__", "0.1.9")
    with pytest.raises(UsageError, match=r"found by newspage 0\.2\.0.*this is newspage 0\.1\.9"):
        work(office)
    with store_of(office) as store:
        assert store.leases.count_leases().waiting == len(SCANS)


def test_other_commands_wait_for_workers(office: Office) -> None:
    """What changes pages is sent away while workers have some."""
    from newspage.output import require_unread

    enqueue(office)
    with store_of(office) as store:
        require_unread(office.place, store)
        store.leases.claim_pages(Claimant("test", "here", 60.0), 2)
        with pytest.raises(BusyError, match="2 pages"):
            require_unread(office.place, store)


def test_a_worker_of_nothing(office: Office) -> None:
    """It says that nothing was ever found."""
    with pytest.raises(InputError, match="Nothing was read"):
        work(office)


def test_the_manual_for_clusters(tmp_path: Path, repository: Path) -> None:
    """Its scripts are shell, its job is YAML, and all of them start a worker that there is."""
    import yaml

    manual = (repository / "docs" / "scale.md").read_text("utf-8")
    scripts = [
        part.partition("```")[0] for part in manual.partition("## A shell")[2].split("```sh\n")[1:]
    ]
    assert len(scripts) == 3
    for script in scripts:
        subprocess.run(["sh", "-n"], input=script, text=True, check=True)
        assert "newspage worker -o output/" in script
    job = yaml.safe_load(manual.partition("```yaml\n")[2].partition("```")[0])
    pod = job["spec"]["template"]["spec"]
    assert pod["containers"][0]["command"] == ["newspage", "worker", "-o", "output/"]
    assert pod["terminationGracePeriodSeconds"] > StopRequest().grace


@pytest.mark.engine
def test_the_shell_loop_of_the_manual(tmp_path: Path, repository: Path) -> None:
    """As it stands there: two workers read all that was found, and status says so."""
    manual = (repository / "docs" / "scale.md").read_text("utf-8")
    loop = manual.partition("## A shell")[2].partition("```sh\n")[2].partition("```")[0]
    office = Office(tmp_path)
    office.scans("a.png", "sub/b.png", "c.png")
    programs = tmp_path / "bin"
    programs.mkdir()
    program = programs / "newspage"
    program.write_text(f'#!/bin/sh\nexec {sys.executable} -m newspage "$@"\n', "utf-8")
    program.chmod(0o755)
    done = subprocess.run(
        ["sh", "-ec", loop],
        cwd=tmp_path,
        capture_output=True,
        text=True,
        check=False,
        env={
            **os.environ,
            "PATH": f"{programs}{os.pathsep}{os.environ['PATH']}",
            "PYTHONPATH": f"{repository / 'pipeline'}",
        },
    )
    assert done.returncode == 0, done.stderr
    assert "3 pages to be read by workers" in done.stdout
    assert "3 pages read, 0 failed, 0 to be read." in done.stdout
    assert (tmp_path / "output/sub/b.json").is_file()


def test_pages_whose_scans_are_gone(office: Office) -> None:
    """They wait no more once their folder is looked at again; those elsewhere do."""
    enqueue(office)
    (office.home / "scans/sub/b.png").unlink()
    (office.home / "scans/a.png").unlink()
    sub = office.home / "scans/sub"
    request = RunRequest(
        (sub,), office.place.output, office.settings, PoolPlan(1, 1), elsewhere=True
    )
    heard = Heard()
    assert run_folder(request, ReaderBackend(asking.make_reader, ""), heard).failed == 1
    assert "b.png: is not there, or is no longer there." in heard.messages[0]
    with store_of(office) as store:
        assert store.leases.count_leases().waiting == len(SCANS) - 1
        rows = store.list_scans()
    assert {key.path for key, row in rows.items() if row.status is ScanStatus.FAILED} == {
        key.path for key in rows if key.path.endswith("b.png")
    }
    assert enqueue(office) == len(SCANS) - 2
    with store_of(office) as store:
        assert store.leases.count_leases().waiting == len(SCANS) - 2
    assert work(office) == len(SCANS) - 2
