"""Where a run writes: names, homes and locks."""

import threading
from pathlib import Path

from newspage.config import RunConfig
from newspage.workspace import LOCK_NAME, Workspace, hold_run_lock, hold_write_lock, is_run_active


def test_the_home_of_names(tmp_path: Path) -> None:
    """The store's folder; that of the output folder where the store is on a server."""
    output = tmp_path / "work" / "output"
    beside = Workspace.for_output(output, RunConfig())
    assert (beside.home, beside.name, beside.known) == (tmp_path / "work", "output", False)
    apart = Workspace.for_output(output, RunConfig(store=str(tmp_path / "s.sqlite")))
    assert (apart.home, apart.name) == (tmp_path, "work/output")
    server = Workspace.for_output(output, RunConfig(store="postgresql://host/name"))
    assert (server.home, server.name, server.known) == (tmp_path / "work", "output", True)
    assert server.resolve_key("scans/a.png") == tmp_path / "work/scans/a.png"
    assert server.make_key(tmp_path / "work/scans/a.png") == "scans/a.png"


def test_a_run_shows(tmp_path: Path) -> None:
    """As long as it has the output folder, and no longer; asking does not disturb it."""
    place = Workspace.for_output(tmp_path / "output", RunConfig())
    assert not is_run_active(place)
    with hold_run_lock(place):
        assert is_run_active(place)
    assert not is_run_active(place)
    with hold_run_lock(place):
        pass


def test_one_writes_at_a_time(tmp_path: Path) -> None:
    """Others wait; a lock that is left lying is taken over."""
    place = Workspace.for_output(tmp_path / "output", RunConfig())
    (tmp_path / LOCK_NAME).touch()
    inside: list[str] = []
    crowds: list[list[str]] = []

    def write(name: str) -> None:
        for _ in range(20):
            with hold_write_lock(place):
                inside.append(name)
                crowds.append(list(inside))
                inside.remove(name)

    threads = [threading.Thread(target=write, args=(f"t{i}",)) for i in range(4)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert len(crowds) == 80
    assert all(len(crowd) == 1 for crowd in crowds)
