"""What lists of the review page read of a store does not grow with the store."""

from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest
from sqlalchemy import event

from benchmarks.large_store import make_store
from newspage.review.service.review_service import ReviewService
from newspage.review.service.views import QuestionFilter, Sort
from newspage.settings import load_settings
from newspage.store import QuestionRow, Store
from newspage.workspace import Workspace

SORTS: tuple[Sort, ...] = ("value", "count", "confidence", "rule", "page")
FILTERS = (
    QuestionFilter(),
    QuestionFilter(state="decided"),
    QuestionFilter(state="all"),
    QuestionFilter(rule="phrase"),
    QuestionFilter(text="天"),
    QuestionFilter(least=0.6, most=0.8),
)

Statements = list[tuple[str, object]]


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


def scanned(store: Store, statements: Statements) -> list[str]:
    """Tell which statements read rows of whole wide tables, by SQLite's own plans."""
    found = []
    with store.database.reading() as connection:
        for statement, values in statements:
            plan = connection.exec_driver_sql(f"EXPLAIN QUERY PLAN {statement}", values)  # type: ignore[arg-type]
            for row in plan:
                step = str(row[3])
                whole = step.startswith(("SCAN questions", "SCAN decisions", "SCAN pages"))
                if whole and "COVERING INDEX" not in step:
                    found.append(f"{step}: {statement}")
    return found


@pytest.fixture(scope="module")
def place(tmp_path_factory: pytest.TempPathFactory) -> Workspace:
    """A store of sixty pages and two thousand questions."""
    return make_store(tmp_path_factory.mktemp("large"), 60, 2000)


@pytest.fixture
def service(place: Workspace) -> Iterator[ReviewService]:
    """The review service over that store."""
    service = ReviewService(place, load_settings(None, {}), read_only=True)
    yield service
    service.close()


@pytest.mark.parametrize("sort", SORTS)
@pytest.mark.parametrize("which", FILTERS)
def test_stretches_read_indexes_alone(
    service: ReviewService, which: QuestionFilter, sort: Sort
) -> None:
    """Of the wide rows of questions and decisions only those that are shown are read."""
    store = service._store
    with heard(store) as said:
        service.list_questions(which, sort, 300, 200)
        service.list_groups(which, sort)
        service.counts(which)
    assert said
    assert scanned(store, said) == []
    with store.database.reading() as connection:
        for statement, values in said:
            if "questions.evidence" in statement:
                continue
            plan = connection.exec_driver_sql(f"EXPLAIN QUERY PLAN {statement}", values)  # type: ignore[arg-type]
            steps = [str(row[3]) for row in plan if "questions USING" in str(row[3])]
            by_id = ("questions_1", "questions_stem")
            wide = [s for s in steps if "COVERING" not in s and not any(n in s for n in by_id)]
            assert wide == [], statement


def test_pages_and_progress_ask_as_much_of_many_pages_as_of_few(
    service: ReviewService, tmp_path: Path
) -> None:
    """The number of statements does not depend on the number of pages, and none reads it all."""
    counts = []
    few = ReviewService(make_store(tmp_path, 3, 20), load_settings(None, {}), read_only=True)
    for one in (service, few):
        one.list_rules()
        with heard(one._store) as said:
            one.summarise_progress()
            rows, total = one.list_pages(limit=2)
            one._store.pages.list_outdated("output")
        assert len(rows) == 2 < total
        # The times of all decisions are counted; the latest one is the first that is looked at.
        known = ("decisions.at", "ORDER BY decisions.seq DESC\n LIMIT")
        assert [s for s in scanned(one._store, said) if not any(k in s for k in known)] == []
        counts.append(len(said))
    few.close()
    assert counts[0] == counts[1]


@pytest.mark.parametrize("sort", SORTS)
@pytest.mark.parametrize("which", FILTERS)
def test_stretches_are_those_of_the_whole_list(
    service: ReviewService, which: QuestionFilter, sort: Sort
) -> None:
    """Stretch by stretch all questions come, each once, in the order of the whole list."""
    store, whole = service._store, list[QuestionRow]()
    for offset in range(0, 2100, 37):
        rows, total = store.queue.list_stretch("output", which, sort, offset, 37)
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
    rows, total = service.list_pages("DAILY-1950-01-02", 1, 3)
    assert total == 8
    assert [row.stem for row in rows] == [f"daily-1950-01-02/p{n}" for n in (2, 3, 4)]
    assert rows[0].questions == sum(n % 60 == 9 for n in range(2000))
    assert service.list_pages("%")[1] == 0
