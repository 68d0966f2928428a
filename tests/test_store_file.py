"""The store as a file: closed, copied, taken away, damaged, on a disk that cannot be written."""

import json
import os
import shutil
import signal
import sqlite3
import subprocess
import sys
import threading
import time
from collections.abc import Callable, Iterator
from contextlib import closing, contextmanager
from pathlib import Path

import pytest
from typer.testing import CliRunner, Result

from newspage.cli import app
from newspage.review.service.views import Answer, QuestionFilter, QuestionSummary
from newspage.store import OutputStore, ScanKey, ScanStatus, Store, StoreError, StoreGoneError
from newspage.store.quiet import QuietTask
from tests.asking import Office, just_read
from tests.review_rooms import Room
from tests.test_review_kills import Client, Server

ALL = QuestionFilter(state="all")


@pytest.fixture
def office(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Office:
    """Two pages, just read."""
    return just_read(tmp_path, monkeypatch, "a.png", "b.png")


def path_of(office: Office) -> Path:
    """The file of the store."""
    assert isinstance(office.place.store, Path)
    return office.place.store


def held_alone(path: Path, aside: Path) -> int:
    """How many decisions a copy of the file alone holds, without what lies beside it."""
    aside.unlink(missing_ok=True)
    shutil.copyfile(path, aside)
    with closing(sqlite3.connect(aside)) as connection:
        return int(connection.execute("SELECT COUNT(*) FROM decisions").fetchone()[0])


def soon(condition: Callable[[], bool], seconds: float = 60) -> bool:
    """Whether something comes true in time."""
    deadline = time.monotonic() + seconds
    while time.monotonic() < deadline:
        if condition():
            return True
        time.sleep(0.1)
    return False


def call(office: Office, *arguments: str) -> Result:
    """A command on an office."""
    return CliRunner().invoke(app, [*arguments, "-o", str(office.place.output)])


def answer(question: QuestionSummary, act: str = "accept") -> list[Answer]:
    """An answer to a question as it was seen."""
    return [Answer(question.id, act, question.seen)]  # type: ignore[arg-type]


@pytest.mark.skipif(os.name != "posix", reason="signals of POSIX")
@pytest.mark.parametrize("number", ["SIGTERM", "SIGHUP", "SIGQUIT", "SIGINT"])
def test_the_file_holds_everything_when_review_was_ended(
    office: Office, request: pytest.FixtureRequest, number: str
) -> None:
    """By whatever signal: nothing is left in the file beside it."""
    server = Server(office, request.config.rootpath)
    client = Client(server.address())
    client.open()
    with Store(path_of(office)) as store:
        rows = OutputStore(store, office.place.name).questions.of_stem("a")
    from newspage.review.service.view_rows import hash_question_text

    for row in rows[:2]:
        body = {"answers": [{"question": row.id, "act": "reject", "seen": hash_question_text(row)}]}
        assert client.post("answers", body)[0] == 200
    client.close()
    server.process.send_signal(getattr(signal, number))
    server.process.wait(60)
    assert server.process.stdout is not None
    server.process.stdout.close()
    assert held_alone(path_of(office), office.home / "alone") == 2
    assert not path_of(office).with_name("newspage.sqlite-wal").exists()


def test_the_file_holds_everything_when_it_was_quiet(office: Office) -> None:
    """A moment after an answer, while the desk is still open."""
    with closing(office.desk()) as desk:
        questions = desk.list_questions(ALL)[0]
        desk.record_answers(answer(questions[0]), "ann")
        assert held_alone(path_of(office), office.home / "alone") == 0, "nothing to be shown here"
        log = path_of(office).with_name("newspage.sqlite-wal")
        assert soon(lambda: log.stat().st_size == 0)
        assert held_alone(path_of(office), office.home / "alone") == 1
        desk.record_answers(answer(questions[1]), "ann")
        assert soon(lambda: held_alone(path_of(office), office.home / "alone") == 2)


def test_a_quiet_task_is_put_off_but_not_for_ever() -> None:
    """It is done after a pause, and at last without one; what fails is tried at the next change."""
    done = threading.Event()
    task = QuietTask(done.set, quiet=0.05, longest=60)
    task.start()
    assert not done.wait(0.3)
    task.put_off()
    assert done.wait(30)
    task.stop()
    done.clear()
    task = QuietTask(done.set, quiet=1000, longest=0.2)
    task.start()
    while not done.wait(0.02):
        task.put_off()
    task.stop()
    fails = threading.Event()

    def fail() -> None:
        fails.set()
        raise StoreError("store-unusable", reason="no")

    task = QuietTask(fail, quiet=0.01)
    task.start()
    for _ in range(2):
        task.put_off()
        assert fails.wait(30)
        fails.clear()
    task.stop()


def test_a_backup_is_made_while_people_decide(office: Office) -> None:
    """It is whole, one file, of one moment; nothing is written over."""
    target = office.home / "backup.sqlite"
    with closing(office.desk()) as desk:
        stop = threading.Event()

        def decide() -> None:
            while not stop.is_set():
                question = desk.list_questions(ALL)[0][0]
                desk.record_answers(answer(question, "reject"), "ann")

        thread = threading.Thread(target=decide)
        thread.start()
        try:
            assert soon(lambda: desk.list_history()[1] > 3)
            before = desk.list_history()[1]
            done = call(office, "store", "backup", str(target))
        finally:
            stop.set()
            thread.join()
        assert done.exit_code == 0, done.output
        assert "is copied to" in done.output
        after = desk.list_history()[1]
    assert before <= held_alone(target, office.home / "alone") <= after
    assert [p.name for p in office.home.iterdir() if "backup" in p.name] == ["backup.sqlite"]
    again = call(office, "store", "backup", str(target))
    assert again.exit_code == 2
    assert "not overwritten" in again.output
    with Store(target) as store:
        assert len(OutputStore(store, office.place.name).list_scans()) == 2


def test_a_backup_can_be_gone_back_to(office: Office) -> None:
    """Put in the place of the store: what was decided until then is there."""
    target = office.home / "backup.sqlite"
    with closing(office.desk()) as desk:
        desk.record_answers(answer(desk.list_questions(ALL)[0][0]), "ann")
        assert call(office, "store", "backup", str(target)).exit_code == 0
        desk.record_answers(answer(desk.list_questions(QuestionFilter())[0][0]), "ann")
    target.replace(path_of(office))
    with closing(office.desk()) as desk:
        assert desk.list_history()[1] == 1


def test_no_backup_where_none_can_be(office: Office, tmp_path: Path) -> None:
    """A folder that is not there, no store, a store on a server: what to do is said."""
    assert call(office, "store", "backup", str(tmp_path / "no" / "b")).exit_code == 5
    nobody = Office(tmp_path / "empty")
    assert call(nobody, "store", "backup", str(tmp_path / "b")).exit_code == 3
    settings = tmp_path / "newspage.toml"
    settings.write_text('[run]\nstore = "postgresql+psycopg://a:secret@db/x"\n', "utf-8")
    done = call(office, "store", "backup", str(tmp_path / "b"), "--config", str(settings))
    assert done.exit_code == 2
    assert "pg_dump" in done.output
    assert "secret" not in done.output
    assert not (tmp_path / "b").exists()


def delete(path: Path) -> None:
    """Delete the store, and what lies beside it."""
    for found in path.parent.glob(f"{path.name}*"):
        found.unlink()


def move(path: Path) -> None:
    """Move it elsewhere."""
    path.rename(path.with_name("elsewhere.sqlite"))


def restore(path: Path) -> None:
    """Put a backup in its place by renaming."""
    shutil.copyfile(path.with_name("earlier"), path.with_name("new"))
    path.with_name("new").replace(path)


def write_over(path: Path) -> None:
    """Copy a backup over it."""
    shutil.copyfile(path.with_name("earlier"), path)


@pytest.mark.parametrize("away", [delete, move, restore, write_over])
def test_nothing_is_acknowledged_into_a_store_that_is_gone(
    office: Office, away: Callable[[Path], None]
) -> None:
    """Whatever became of its file: the next answer is refused, and what to do is said."""
    path = path_of(office)
    shutil.copyfile(path, path.with_name("earlier"))
    room = Room(office)
    desk = room.desk
    first, second, *_ = desk.list_questions(ALL)[0]
    desk.record_answers(answer(first), "ann")
    log = path.with_name("newspage.sqlite-wal")
    assert soon(lambda: log.stat().st_size == 0)
    away(path)
    with pytest.raises(StoreGoneError, match="nothing more is saved"):
        desk.record_answers(answer(second), "ann")
    body = {"question": second.id, "act": "accept", "seen": second.seen}
    refused = room.post("answers", {"answers": [body]}, 503)
    assert refused["kind"] == "store"
    assert "nothing is saved" in refused["error"]
    assert str(office.home) not in json.dumps(refused)
    assert away is not delete or not path.exists()
    # Whoever stops it is told as well.
    with pytest.raises(StoreGoneError):
        desk.close()


def test_a_store_that_is_put_back_is_used_again(office: Office) -> None:
    """A disk that was away for a moment costs no decision."""
    path = path_of(office)
    with closing(office.desk()) as desk:
        first, second, *_ = desk.list_questions(ALL)[0]
        path.rename(path.with_name("elsewhere"))
        with pytest.raises(StoreGoneError):
            desk.record_answers(answer(first), "ann")
        path.with_name("elsewhere").rename(path)
        desk.record_answers(answer(second), "ann")
    assert held_alone(path, office.home / "alone") == 1


def test_taken_away_while_something_is_written(office: Office) -> None:
    """It was written, but nobody knows where to: that is no acknowledgment."""
    path = path_of(office)
    with Store(path) as store:
        with pytest.raises(StoreGoneError), store.database.transaction():
            delete(path)
        assert not path.exists()


DAMAGES = {
    "no text": b"\xff",
    "cut": b"",
    "another shape": b"[1, 2]",
    "a letter for a number": b'{"articles": "x"}',
    "deep": b"[" * 100_000,
}


@pytest.mark.parametrize("column", ["figures", "publication", "status"])
@pytest.mark.parametrize("damage", DAMAGES)
def test_a_damaged_row_is_read_again(office: Office, column: str, damage: str) -> None:
    """What is known of a page by heart can be read again; what was decided stays."""
    path = path_of(office)
    with closing(office.desk()) as desk:
        desk.record_answers(
            answer(desk.list_questions(QuestionFilter(stem="a", state="all"))[0][0]), "ann"
        )
    before = office.outputs()
    with closing(sqlite3.connect(path)) as connection:
        (text,) = connection.execute(f"SELECT {column} FROM scans WHERE stem = 'a'").fetchone()
        data = DAMAGES[damage] or (text.encode() or b"[x")[:-1]
        if damage == "no text":
            data = text.encode()[:3] + data + text.encode()[4:]
        connection.execute(f"UPDATE scans SET {column} = CAST(? AS TEXT) WHERE stem = 'a'", (data,))
        connection.commit()
    if column == "status" and damage == "no text":
        return
    said = call(office, "status")
    assert said.exit_code == 0, said.output
    assert "bug" not in said.output
    assert "read again" in said.output or "1 to be read" in said.output
    with closing(office.desk(read_only=True)) as desk:
        assert desk.list_pages()[1] == 2
    office.run()
    assert office.outputs() == before
    with Store(path) as store:
        row = OutputStore(store, office.place.name).list_scans()[ScanKey("scans/a.png")]
        assert (row.status, row.message) == (ScanStatus.DONE, "")
        assert row.fingerprint
    assert "read again" not in call(office, "status").output


@pytest.mark.parametrize(
    ("table", "column"),
    [
        ("decisions", "payload"),
        ("questions", "evidence"),
        ("questions", "anchor"),
        ("questions", "strip"),
        ("snapshots", "lines"),
    ],
)
def test_other_damage_is_mended_or_told(office: Office, table: str, column: str) -> None:
    """What can be read again is as if it were not there; for the rest there is something to do."""
    path = path_of(office)
    with closing(office.desk()) as desk:
        desk.record_answers(
            answer(desk.list_questions(QuestionFilter(stem="a", state="all"))[0][0]), "ann"
        )
    with closing(sqlite3.connect(path)) as connection:
        connection.execute("DROP TRIGGER decisions_update")
        connection.execute(f"UPDATE {table} SET {column} = 'x' || SUBSTR({column}, 2)")
        connection.commit()
    told = column in ("payload", "anchor")
    with Room(office, read_only=True) as room:
        for address in ("questions?state=all", "history"):
            got = room.client.get(f"/api/{address}")
            wrong = told and (address == "history") == (column == "payload")
            assert got.status_code == (503 if wrong else 200)
    if told:
        with pytest.raises(StoreError, match="damaged") as refused:
            office.run(force=True)
        assert "move it away" in str(refused.value)
        return
    office.run(force=True)
    with closing(office.desk(read_only=True)) as desk:
        assert all(question.strip for question in desk.list_questions(ALL)[0])


def flipped(path: Path) -> Iterator[int]:
    """Flip bytes of a file, one after the other; each is put right again."""
    data = path.read_bytes()
    for at in range(20, len(data), max(1, len(data) // 60)):
        wrong = bytearray(data)
        wrong[at] ^= 0x81
        path.write_bytes(wrong)
        yield at
    path.write_bytes(data)


def test_any_damage_is_told_in_words(office: Office) -> None:
    """Never as a bug of newspage, and to people on the web without the place of the file."""
    path = path_of(office)
    for at in flipped(path):
        for command in (["status"], ["decisions", "list"], ["decisions", "export", "-"]):
            said = call(office, *command)
            assert "bug" not in said.output, (at, command, said.output)
            assert said.exit_code in (0, 5), (at, command, said.output)
        try:
            room = Room(office, read_only=True)
        except StoreError:
            continue
        with room:
            for address in ("questions?state=all", "groups", "progress", "history"):
                got = room.client.get(f"/api/{address}")
                assert got.status_code in (200, 503), (at, address, got.text)
                assert str(office.home) not in got.text


@contextmanager
def read_only_disk(folder: Path, mount: Path) -> Iterator[Path]:
    """A folder seen on a disk that nobody can write to."""
    mount.mkdir()
    for command in (["mount", "--bind"], ["mount", "-o", "remount,ro,bind"]):
        done = subprocess.run([*command, str(folder), str(mount)], check=False, capture_output=True)
        if done.returncode:
            pytest.skip("no disk can be mounted here")
    try:
        yield mount
    finally:
        subprocess.run(["umount", "-l", str(mount)], check=True)


LOOK = """
import sys
from contextlib import closing
from pathlib import Path
from newspage.cli import app
from newspage.review.service.review_service import ReviewService
from newspage.review.service.views import QuestionFilter
from newspage.workspace import Workspace
from newspage.settings import load_settings
from typer.testing import CliRunner
output = Path(sys.argv[1])
for command in (["status"], ["decisions", "list"], ["decisions", "export", "-"]):
    done = CliRunner().invoke(app, [*command, "-o", str(output)])
    print(done.exit_code, len(done.output) > 20, done.output if done.exit_code else "")
settings = load_settings(None, {})
place = Workspace.for_output(output, settings.config.run)
with closing(ReviewService(place, settings, True)) as desk:
    questions, _ = desk.list_questions(QuestionFilter(state="all"))
    print(len(questions), desk.list_history()[1], desk.list_pages()[1])
    print(desk.show_page("a").stem, desk.summarise_progress().decided)
"""


def looked_at(home: Path, repository: Path) -> str:
    """What another process sees that only looks; nobody in particular, where we are root."""
    command = [sys.executable, "-c", LOOK, str(home / "output")]
    env = {**os.environ, "PYTHONPATH": str(repository / "pipeline"), "HOME": "/tmp"}
    done = subprocess.run(command, check=False, capture_output=True, text=True, cwd="/", env=env)
    assert done.returncode == 0, done.stderr
    return done.stdout


@pytest.mark.skipif(os.name != "posix", reason="mounts of POSIX")
@pytest.mark.parametrize("left", ["closed", "with a log", "older"])
def test_looking_needs_no_writing(
    office: Office,
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
    request: pytest.FixtureRequest,
    left: str,
) -> None:
    """On a read-only disk status, list, export and a desk for looking show all that was kept."""
    path = path_of(office)
    with closing(office.desk()) as desk:
        desk.record_answers(
            answer(desk.list_questions(QuestionFilter(stem="a", state="all"))[0][0]), "ann"
        )
        if left == "with a log":
            # As a process that was killed leaves it.
            log = path.with_name("newspage.sqlite-wal")
            kept = {p: p.read_bytes() for p in (path, log)}
    if left == "with a log":
        assert kept[log]
        for p, data in kept.items():
            p.write_bytes(data)
    if left == "older":
        with closing(sqlite3.connect(path)) as connection:
            connection.execute("DELETE FROM newspage_migrations WHERE version > 3")
            for name in ("decisions_act", "outcomes_state", "pages_stem", "scans_stem"):
                connection.execute(f"DROP INDEX {name}")
            for name in ("questions_open", "questions_pattern"):
                connection.execute(f"CREATE INDEX {name} ON questions (pattern)")
            connection.execute("DROP INDEX questions_queue")
            connection.execute("DROP INDEX scans_progress")
            for name in ("code", "fields", "finished"):
                connection.execute(f"ALTER TABLE scans DROP COLUMN {name}")
            later = ("leases", "articles", "indexed_pages", "article_tokens")
            for name in (*later, "listed_pages", "listed_issues"):
                connection.execute(f"DROP TABLE {name}")
            connection.commit()
    names = sorted(p.name for p in office.home.iterdir())
    mount = tmp_path.parent / f"{tmp_path.name}-mounted"
    with read_only_disk(office.home, mount) as home:
        seen = looked_at(home, request.config.rootpath)
    assert seen.splitlines() == ["0 True "] * 3 + ["6 1 2", "a 1"]
    assert sorted(p.name for p in office.home.iterdir()) == names
