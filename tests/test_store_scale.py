"""What lists of the review page read of a store does not grow with the store."""

import re
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Literal

import pytest
from sqlalchemy import Connection, event

from benchmarks.large_store import make_store
from newspage.review.service.review_service import ReviewService
from newspage.review.service.views import QuestionFilter, Sort
from newspage.settings import load_settings
from newspage.store import PageFilter, QuestionRow, Store
from newspage.workspace import Workspace
from tests import postgres

SORTS: tuple[Sort, ...] = ("value", "count", "confidence", "rule", "page")
FILTERS = (
    QuestionFilter(),
    QuestionFilter(state="decided"),
    QuestionFilter(state="all"),
    QuestionFilter(rule="phrase"),
    QuestionFilter(text="天"),
    QuestionFilter(least=0.6, most=0.8),
)

OF_FEW = ("sqlite_autoindex_questions_1", "questions_pkey", "questions_stem")
"""Indexes that lead to the questions of an id or of a page."""

Statements = list[tuple[str, object]]


@dataclass(frozen=True, slots=True)
class Read:
    """How a statement reads a table."""

    table: str
    way: Literal["whole", "rows", "index alone"]
    index: str
    statement: str


@contextmanager
def heard(store: Store) -> Iterator[Statements]:
    """Collect the statements that a store is asked."""
    said: Statements = []

    def note(_: object, cursor: object, statement: str, values: object, *rest: object) -> None:
        if statement.startswith(("SELECT", "WITH")):
            said.append((statement, values))

    engine = store.database._engine
    event.listen(engine, "before_cursor_execute", note)
    try:
        yield said
    finally:
        event.remove(engine, "before_cursor_execute", note)


def reads_of(store: Store, statements: Statements) -> list[Read]:
    """How the database reads the tables that grow with the archive, by its own plans."""
    found: list[Read] = []
    with store.database.reading() as connection:
        planned = _planned_by_sqlite
        if connection.dialect.name == "postgresql":
            planned = _planned_by_postgresql
            # Few rows are read as quickly without an index. Here it counts whether one would do.
            for way in ("seqscan", "bitmapscan"):
                connection.exec_driver_sql(f"SET LOCAL enable_{way} = off")
        for statement, values in statements:
            found += planned(connection, statement, values)
    growing = ("questions", "decisions", "pages", "indexed_pages")
    return [one for one in found if one.table in growing]


def _planned_by_sqlite(connection: Connection, statement: str, values: Any) -> Iterator[Read]:
    step = re.compile(r"(SCAN|SEARCH) (\w+)(?: USING (COVERING )?INDEX (\w+))?")
    for row in connection.exec_driver_sql(f"EXPLAIN QUERY PLAN {statement}", values):
        if match := step.match(str(row[3])):
            how, table, alone, index = match.groups()
            whole = how == "SCAN" and not alone
            yield Read(
                table, "index alone" if alone else "whole" if whole else "rows", index, statement
            )


def _planned_by_postgresql(connection: Connection, statement: str, values: Any) -> Iterator[Read]:
    plan = connection.exec_driver_sql(f"EXPLAIN (FORMAT JSON) {statement}", values).scalar_one()
    ways: dict[str, Literal["whole", "rows", "index alone"]] = {
        "Seq Scan": "whole",
        "Index Scan": "rows",
        "Index Only Scan": "index alone",
    }
    nodes = [plan[0]["Plan"]]
    for node in nodes:
        nodes += node.get("Plans", [])
        if "Relation Name" in node:
            table, way = node["Relation Name"], ways[node["Node Type"]]
            yield Read(table, way, node.get("Index Name", ""), statement)


@pytest.fixture(scope="module", params=["sqlite", "postgresql"])
def place(request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory) -> Workspace:
    """A store of sixty pages and two thousand questions."""
    address = ""
    if request.param == "postgresql":
        address = postgres.emptied(request.getfixturevalue("server"))
    return make_store(tmp_path_factory.mktemp("large"), 60, 2000, address)


@pytest.fixture
def service(place: Workspace) -> Iterator[ReviewService]:
    """The review service over that store."""
    service = ReviewService(place, load_settings(None, {}), read_only=True)
    yield service
    service.close()


@pytest.mark.parametrize("sort", SORTS)
@pytest.mark.parametrize("which", FILTERS)
def test_stretches_read_indexes_alone(
    service: ReviewService, place: Workspace, which: QuestionFilter, sort: Sort
) -> None:
    """Of the wide rows of questions and decisions only those that are shown are read."""
    store = service._store.whole
    with heard(store) as said:
        service.list_questions(which, sort, 300, 200)
        service.list_groups(which, sort)
    reads = reads_of(store, said)
    assert {"questions", "pages"} <= {one.table for one in reads}
    assert [one for one in reads if one.way == "whole"] == []
    if which.text and isinstance(place.store, str):
        # An index of PostgreSQL holds no texts of any length.
        return
    assert [one for one in reads if one.way == "rows" and one.index not in OF_FEW] == []


def test_pages_and_progress_ask_as_much_of_many_pages_as_of_few(
    service: ReviewService, tmp_path: Path
) -> None:
    """The number of statements does not depend on the number of pages, and none reads it all."""
    counts = []
    few = ReviewService(make_store(tmp_path, 3, 20), load_settings(None, {}), read_only=True)
    for one in (service, few):
        one.summarise_progress()
        with heard(one._store.whole) as said:
            one.summarise_progress()
            rows, total = one.list_pages(limit=2)
            one._store.pages.list_outdated()
        assert len(rows) == 2 < total
        counts.append(len(said))
        reads = reads_of(one._store.whole, said)
        assert {"questions", "decisions", "pages", "indexed_pages"} == {r.table for r in reads}
        assert [read for read in reads if read.way == "whole"] == []
        wide = [read for read in reads if read.table == "questions" and read.way == "rows"]
        assert [read for read in wide if read.index not in OF_FEW] == []
    few.close()
    assert counts[0] == counts[1]


def test_the_worst_pages_are_found_in_their_order(service: ReviewService) -> None:
    """By the index of their shares; neither all pages nor decisions are gone through."""
    store = service._store
    with heard(store.whole) as said:
        store.errors.list_worst(6)
    reads = reads_of(store.whole, said)
    assert {one.index for one in reads if one.table == "indexed_pages"} == {"indexed_share"}
    assert [one for one in reads if one.way == "whole" or one.table == "decisions"] == []


@pytest.mark.parametrize("sort", SORTS)
@pytest.mark.parametrize("which", FILTERS)
def test_stretches_are_those_of_the_whole_list(
    service: ReviewService, which: QuestionFilter, sort: Sort
) -> None:
    """Stretch by stretch all questions come, each once, in the order of the whole list."""
    store, whole = service._store, list[QuestionRow]()
    for offset in range(0, 2100, 37):
        rows, total = store.queue.list_stretch(which, sort, offset, 37)
        whole += rows
    assert len({row.id for row in whole}) == len(whole) == total
    sums: dict[str, float] = {}
    for row in whole:
        weight = row.confidence if sort == "value" else 1
        sums[row.pattern] = sums.get(row.pattern, 0.0) + weight

    # Sums that are alike but for rounding may come in either order.
    first = {row.pattern: -i for i, row in reversed(list(enumerate(whole)))}

    def key(row: QuestionRow) -> tuple[object, ...]:
        surest = (row.pattern, -row.confidence, row.id)
        return {
            "value": (round(-sums[row.pattern], 6), -first[row.pattern], *surest[1:]),
            "count": (-sums[row.pattern], *surest),
            "confidence": (-row.confidence, row.id),
            "rule": (row.rule, *surest),
            "page": (row.stem, row.id),
        }[sort]

    assert [row.id for row in whole] == [row.id for row in sorted(whole, key=key)]


def test_a_page_is_found_by_name_in_letters_of_any_case(service: ReviewService) -> None:
    """A stretch of the pages that fit, and how many fit."""
    rows, total = service.list_pages(PageFilter("DAILY-1950-01-02"), "name", 1, 3)
    assert total == 8
    assert [row.stem for row in rows] == [f"daily-1950-01-02/p{n}" for n in (2, 3, 4)]
    assert rows[0].questions == sum(n % 60 == 9 for n in range(2000))
    assert service.list_pages(PageFilter("%"))[1] == 0
