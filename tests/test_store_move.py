"""A store moves to another place and back: whole, or not at all."""

import sqlite3
from collections.abc import Callable, Iterator
from contextlib import closing
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from sqlalchemy import Connection, create_engine, insert, inspect, select
from sqlalchemy.engine import make_url
from typer.testing import CliRunner

from benchmarks.large_store import make_store
from newspage.cli import app
from newspage.errors import NewspageError, UsageError
from newspage.store import MovedTable, Store, StoreError, move_store, moving
from newspage.store.connection import Database
from newspage.store.tables import DERIVED, METADATA, QUESTIONS
from tests import postgres

Rows = dict[str, set[tuple[object, ...]]]


def rows_of(where: Path | str) -> Rows:
    """All rows of a store, by table."""
    with closing(Database(where)) as database, database.reading() as connection:
        return {
            table.name: {tuple(row) for row in connection.execute(select(*table.columns))}
            for table in METADATA.sorted_tables
        }


def tables_of(address: str) -> list[str]:
    """The names of the tables in a database of a server."""
    engine = create_engine(make_url(address).set(drivername="postgresql+psycopg"))
    names = inspect(engine).get_table_names()
    engine.dispose()
    return sorted(names)


@pytest.fixture(scope="module")
def filled(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A store in a file that has rows in most tables."""
    place = make_store(tmp_path_factory.mktemp("filled"), 6, 40)
    assert isinstance(place.store, Path)
    return place.store


@pytest.fixture
def address(server: str) -> str:
    """The address of an empty database."""
    return postgres.emptied(server)


@pytest.fixture
def ignored() -> Callable[[MovedTable], None]:
    """Nobody hears of the tables."""
    return lambda table: None


def test_there_and_back_again(
    filled: Path, address: str, tmp_path: Path, ignored: Callable[[MovedTable], None]
) -> None:
    """From a file to a server and into another file: every row is there, none changed."""
    before = rows_of(filled)
    there = move_store(filled, address, ignored)
    back = move_store(address, tmp_path / "new" / "back.sqlite", ignored)
    assert there == back
    assert {one.name: one.rows for one in there} == {n: len(r) for n, r in before.items()}
    assert rows_of(address) == before
    assert rows_of(tmp_path / "new" / "back.sqlite") == before
    assert rows_of(filled) == before
    assert [p.name for p in (tmp_path / "new").iterdir()] == ["back.sqlite"]


def test_every_table_moves(filled: Path) -> None:
    """None that a migration makes is unknown to what moves them.

    But the article index stays, which the next run makes anew from the records.
    """
    with closing(sqlite3.connect(filled)) as connection:
        found = connection.execute("SELECT name FROM sqlite_master WHERE type = 'table'").fetchall()
    names = {name for (name,) in found if not name.startswith("article_tokens")}
    assert names - {"newspage_migrations"} - set(DERIVED.tables) == set(METADATA.tables)


def test_a_place_that_is_taken_is_left(
    filled: Path, address: str, tmp_path: Path, ignored: Callable[[MovedTable], None]
) -> None:
    """Whatever is there; a database with empty tables is free."""
    taken = tmp_path / "taken"
    taken.write_bytes(b"mine")
    Store(address).close()
    move_store(filled, address, ignored)
    for target in (taken, filled, address):
        with pytest.raises(UsageError) as caught:
            move_store(filled, target, ignored)
        assert caught.value.code == "store-in-the-way"
    assert taken.read_bytes() == b"mine"
    with pytest.raises(UsageError) as caught:
        move_store(tmp_path / "none.sqlite", tmp_path / "new.sqlite", ignored)
    assert caught.value.code == "store-missing"
    assert not (tmp_path / "new.sqlite").exists()


@pytest.mark.parametrize("to_server", [False, True])
def test_interrupted_there_is_nothing(
    filled: Path, address: str, tmp_path: Path, to_server: bool
) -> None:
    """Not even a table."""

    def interrupt(table: MovedTable) -> None:
        if table.name == METADATA.sorted_tables[-1].name:
            raise KeyboardInterrupt

    target = address if to_server else tmp_path / "new.sqlite"
    with pytest.raises(KeyboardInterrupt):
        move_store(filled, target, interrupt)
    assert tables_of(address) == []
    assert list(tmp_path.iterdir()) == []


def test_what_differs_is_not_kept(
    filled: Path,
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
    ignored: Callable[[MovedTable], None],
) -> None:
    """A destination that gives back other than what it was given is refused."""
    stream = moving._stream_rows

    def flawed(connection: Connection, table: object) -> Iterator[tuple[object, ...]]:
        writing = "part" in str(connection.exec_driver_sql("PRAGMA database_list").first())
        for row in stream(connection, table):  # type: ignore[arg-type]
            if writing and table is QUESTIONS:
                row = (*row[:-1], 99)
            yield tuple(row)

    monkeypatch.setattr(moving, "_stream_rows", flawed)
    with pytest.raises(StoreError) as caught:
        move_store(filled, tmp_path / "new.sqlite", ignored)
    assert caught.value.fields["table"] == "questions"
    assert list(tmp_path.iterdir()) == []


TEXT = st.text(st.characters(exclude_categories=["Cs"], exclude_characters="\0"), max_size=20)
NUMBER = st.integers(-(2**31), 2**31 - 1)


@settings(max_examples=4)
@given(
    st.lists(
        st.tuples(TEXT, NUMBER, st.floats(allow_nan=False, allow_infinity=True)),
        min_size=1,
        max_size=8,
    )
)
def test_any_values_survive(
    server: str, tmp_path_factory: pytest.TempPathFactory, values: list[tuple[str, int, float]]
) -> None:
    """Of texts, integers and fractions; the store at the end has the rows of that at the start."""
    home = tmp_path_factory.mktemp("any")
    rows = []
    for number, (said, whole, part) in enumerate(values, 1):
        row: dict[str, object] = {}
        for column in QUESTIONS.columns:
            kind = column.type.python_type
            row[column.name] = said if kind is str else part if kind is float else whole
        rows.append(row | {"id": number})
    with Store(home / "a.sqlite") as store, store.database.transaction() as connection:
        if rows:
            connection.execute(insert(QUESTIONS), rows)
    there = postgres.emptied(server)
    assert move_store(home / "a.sqlite", there, lambda _: None) == move_store(
        there, home / "b.sqlite", lambda _: None
    )
    assert rows_of(home / "a.sqlite") == rows_of(home / "b.sqlite")


def test_the_command_says_what_it_moved(filled: Path, tmp_path: Path) -> None:
    """A line a table; a mistake is one line."""
    target = tmp_path / "copy.sqlite"
    done = CliRunner().invoke(app, ["store", "move", f"sqlite:{filled}", str(target)])
    assert done.exit_code == 0, done.output
    assert "questions: 40 rows, SHA-256" in done.output
    assert "each is the same in both places" in done.output
    again = CliRunner().invoke(app, ["store", "move", str(filled), f"sqlite:///{target}"])
    assert again.exit_code == UsageError.exit_code
    assert "is not overwritten" in again.output


def test_a_password_is_not_shown(filled: Path) -> None:
    """Not in the error for a server that does not answer."""
    address = "postgresql://ann:secret@127.0.0.1:1/x"
    with pytest.raises(NewspageError) as caught:
        move_store(filled, address, lambda _: None)
    assert "secret" not in str(caught.value)
