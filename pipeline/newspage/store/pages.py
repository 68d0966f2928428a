"""The pages of an output folder: which scan each shows, and which decisions its files know of."""

from collections.abc import Collection, Iterable, Sequence
from dataclasses import dataclass
from typing import Any

from sqlalchemy import (
    ColumnElement,
    CompoundSelect,
    Connection,
    Select,
    and_,
    case,
    delete,
    distinct,
    exists,
    func,
    insert,
    or_,
    select,
    union,
    union_all,
    update,
)
from sqlalchemy.sql.base import ReadOnlyColumnCollection

from newspage.decision import LINKS, Act, Decision
from newspage.store.article_rows import (
    PageArticles,
    forget_articles,
    outdate_articles,
    replace_articles,
)
from newspage.store.connection import Database, split_into_batches, upsert_rows
from newspage.store.decisions import ScanId, decode_stored, is_in_force
from newspage.store.listed_pages import forget_listed, note_questions
from newspage.store.question_rows import DECIDED
from newspage.store.questions import Q
from newspage.store.state import ScanKey
from newspage.store.tables import COPIES, DECISIONS, OUTCOMES, PAGES, QUESTIONS

Columns = ReadOnlyColumnCollection[str, Any]
"""The columns of a table."""


@dataclass(frozen=True, slots=True)
class PageState:
    """A page whose files were written."""

    key: ScanKey
    stem: str
    sha256: str
    paper: str
    mark: int
    """Number of the last decision that its files know of."""

    @property
    def scan(self) -> ScanId:
        return self.sha256, self.key.frame


@dataclass(frozen=True, slots=True)
class PageCounts:
    """How far the pages of an output folder are."""

    pages: int
    signed: int
    """Pages that somebody has proofread."""
    done: int
    """Pages without an open question."""
    touched: int
    """Pages with a question that is decided."""


@dataclass(frozen=True, slots=True)
class OutcomeRow:
    """What became of a decision on a page."""

    uid: str
    state: str
    """placed | fulfilled | superseded | lost"""
    reason: str = ""


@dataclass(frozen=True, slots=True)
class QuestionUpdate:
    """How a question stands once all decisions are folded in; `version` is the one looked at."""

    question: int
    version: int
    status: str
    text: str
    reviewer: str


class PageTable:
    """The pages of one output folder and what belongs to them. Raises StoreError."""

    def __init__(self, database: Database, output: str) -> None:
        self._database = database
        self._output = output

    def list_pages(self) -> dict[ScanKey, PageState]:
        """All pages of the output folder."""
        return {page.key: page for page in self._where(PAGES.c.output == self._output)}

    def count(self) -> int:
        """Return how many pages the output folder has."""
        number = select(func.count()).select_from(PAGES).where(PAGES.c.output == self._output)
        with self._database.reading() as connection:
            return connection.execute(number).scalar_one()

    def find_named(self, stem: str) -> PageState | None:
        """The page whose files have a name."""
        found = self._where(PAGES.c.output == self._output, PAGES.c.stem == stem)
        return found[-1] if found else None

    def list_showing(self, scans: Iterable[ScanId]) -> list[PageState]:
        """The pages that show some scans, or copies of them."""
        wanted = set(scans)
        with self._database.reading() as connection:
            for some in split_into_batches(sorted({sha256 for sha256, _ in wanted})):
                copied = select(COPIES).where(COPIES.c.of_sha256.in_(some))
                wanted |= {
                    (copy.sha256, copy.frame)
                    for copy in connection.execute(copied)
                    if (copy.of_sha256, copy.of_frame) in wanted
                }
        found: list[PageState] = []
        for some in split_into_batches(sorted({sha256 for sha256, _ in wanted})):
            pages = self._where(PAGES.c.output == self._output, PAGES.c.sha256.in_(some))
            found += [page for page in pages if page.scan in wanted]
        return found

    def list_outdated(self) -> list[PageState]:
        """Return the pages on which there are decisions that their files do not know of."""
        places = (
            (DECISIONS.c.sha256, DECISIONS.c.frame),
            (DECISIONS.c.target_sha256, DECISIONS.c.target_frame),
        )
        latest = union_all(
            *(
                select(
                    sha256.label("sha256"),
                    frame.label("frame"),
                    func.max(DECISIONS.c.seq).label("seq"),
                )
                .where(sha256 > "")
                .group_by(sha256, frame)
                for sha256, frame in places
            )
        ).cte("latest")
        later = (
            select(PAGES.c.path, PAGES.c.frame)
            .join(latest, _same_scan(latest.c, PAGES.c))
            .where(PAGES.c.output == self._output, latest.c.seq > PAGES.c.mark)
        )
        later_copied = (
            select(PAGES.c.path, PAGES.c.frame)
            .join(COPIES, _same_scan(COPIES.c, PAGES.c))
            .join(latest, _is_original(latest.c))
            .where(PAGES.c.output == self._output, latest.c.seq > PAGES.c.mark)
        )
        with self._database.reading() as connection:
            outdated = {ScanKey(*row) for row in connection.execute(union(later, later_copied))}
        if not outdated:
            return []
        return [p for p in self._where(PAGES.c.output == self._output) if p.key in outdated]

    def put_page(self, page: PageState) -> None:
        """Note a page that is to be written; one of another scan that had its name is forgotten."""
        named = and_(PAGES.c.output == self._output, PAGES.c.stem == page.stem)
        with self._database.transaction() as connection:
            rows = connection.execute(select(PAGES.c.path, PAGES.c.frame).where(named)).all()
            for key in {ScanKey(*row) for row in rows} - {page.key}:
                self._forget(connection, key)
            upsert_rows(connection, PAGES, [page_to_columns(self._output, page)])
            outdate_articles(connection, self._output, page.key)

    def forget_page(self, key: ScanKey) -> None:
        """Forget a page that is there no more."""
        with self._database.transaction() as connection:
            self._forget(connection, key)
            _replace_outcomes(connection, self._output, key, ())

    def _forget(self, connection: Connection, key: ScanKey) -> None:
        p = PAGES.c
        here = (p.output == self._output, p.path == key.path, p.frame == key.frame)
        connection.execute(delete(PAGES).where(*here))
        forget_listed(connection, self._output, key)
        forget_articles(connection, self._output, key)

    def settle_page(
        self,
        page: PageState,
        outcomes: Sequence[OutcomeRow],
        settled: Sequence[QuestionUpdate],
        articles: PageArticles | None = None,
    ) -> None:
        """Note that a page's files know of all decisions up to its mark, and how all now stands.

        A question that was answered meanwhile is left as it is. `articles` are the texts of the
        page for the article index; None: those that it has are right.
        """
        with self._database.transaction() as connection:
            upsert_rows(connection, PAGES, [page_to_columns(self._output, page)])
            _replace_outcomes(connection, self._output, page.key, outcomes)
            if articles is not None:
                replace_articles(connection, self._output, page.key, articles)
            for one in settled:
                connection.execute(
                    update(QUESTIONS)
                    .where(Q.id == one.question, Q.version == one.version)
                    .values(
                        status=one.status,
                        text=one.text,
                        reviewer=one.reviewer,
                        version=Q.version + 1,
                    )
                )
            note_questions(connection, self._output, [page.key])

    def list_lost(self) -> list[tuple[Decision, str]]:
        """Decisions that stand and can be placed nowhere in the output folder, each with why.

        One on two pages is lost where either of its places is.
        """
        placed, lost = (
            exists().where(
                OUTCOMES.c.output == self._output, OUTCOMES.c.uid == DECISIONS.c.uid, state
            )
            for state in (OUTCOMES.c.state != "lost", OUTCOMES.c.state == "lost")
        )
        nowhere = _shown_by_none(DECISIONS.c.sha256, DECISIONS.c.frame)
        target_nowhere = _shown_by_none(DECISIONS.c.target_sha256, DECISIONS.c.target_frame)
        linking = DECISIONS.c.act.in_([act.value for act in LINKS])
        reason = (
            select(func.max(OUTCOMES.c.reason))
            .where(
                OUTCOMES.c.output == self._output,
                OUTCOMES.c.uid == DECISIONS.c.uid,
                OUTCOMES.c.state == "lost",
            )
            .scalar_subquery()
        )
        with self._database.reading() as connection:
            rows = connection.execute(
                select(DECISIONS.c.payload, reason)
                .where(
                    DECISIONS.c.seq.in_(_list_perhaps_lost(self._output)),
                    is_in_force(),
                    or_(
                        and_(~linking, ~placed, or_(lost, nowhere)),
                        and_(linking, or_(lost, nowhere, target_nowhere)),
                    ),
                )
                .order_by(DECISIONS.c.seq)
            ).all()
        return [(decode_stored(payload), why or NO_PAGE) for payload, why in rows]

    def count_lost(self, stems: Collection[str]) -> dict[str, int]:
        """Return of some pages how many decisions cannot be placed on each; none is left out."""
        with self._database.reading() as connection:
            rows = connection.execute(
                select(PAGES.c.stem, func.count())
                .select_from(PAGES)
                .join(
                    OUTCOMES,
                    and_(
                        OUTCOMES.c.output == PAGES.c.output,
                        OUTCOMES.c.path == PAGES.c.path,
                        OUTCOMES.c.frame == PAGES.c.frame,
                    ),
                )
                .where(
                    PAGES.c.output == self._output,
                    PAGES.c.stem.in_(stems),
                    OUTCOMES.c.state == "lost",
                )
                .group_by(PAGES.c.stem)
            ).all()
        return {str(stem): int(count) for stem, count in rows}

    def list_outcomes(self, key: ScanKey) -> list[OutcomeRow]:
        """Return the outcome of each decision on a page."""
        with self._database.reading() as connection:
            rows = connection.execute(
                select(OUTCOMES.c.uid, OUTCOMES.c.state, OUTCOMES.c.reason)
                .where(
                    OUTCOMES.c.output == self._output,
                    OUTCOMES.c.path == key.path,
                    OUTCOMES.c.frame == key.frame,
                )
                .order_by(OUTCOMES.c.uid)
            ).all()
        return [OutcomeRow(*row) for row in rows]

    def list_signed(self, stems: Collection[str]) -> dict[str, list[tuple[str, str]]]:
        """Return of some pages who has signed each and when, as far as that stands."""
        signatures = select_signed(self._output, PAGES.c.stem.in_(stems)).subquery()
        c = signatures.c
        with self._database.reading() as connection:
            rows = connection.execute(
                select(c.stem, c.reviewer, func.max(c.at))
                .group_by(c.stem, c.reviewer)
                .order_by(func.max(c.at))
            ).all()
        signed: dict[str, list[tuple[str, str]]] = {}
        for stem, reviewer, at in rows:
            signed.setdefault(stem, []).append((reviewer, at))
        return signed

    def count_progress(self) -> PageCounts:
        """Return how far the pages of the output folder are."""
        # The questions are gone through once, page after page, as they lie in an index. To ask of
        # each page whether it has such questions took PostgreSQL 10 s as long as it had not counted
        # its rows.
        asked = (
            select(
                Q.stem, _any_has(("proposed",)).label("open"), _any_has(DECIDED).label("decided")
            )
            .where(Q.output == self._output, Q.asked == 1)
            .group_by(Q.stem)
            .subquery()
        )
        pages = (
            select(func.count(), func.sum(asked.c.open), func.sum(asked.c.decided))
            .select_from(PAGES)
            .outerjoin(asked, asked.c.stem == PAGES.c.stem)
            .where(PAGES.c.output == self._output)
        )
        with self._database.reading() as connection:
            number, waiting, touched = connection.execute(pages).one()
        return PageCounts(
            number, self.count_signed(), number - int(waiting or 0), int(touched or 0)
        )

    def count_signed(self) -> int:
        """Return how many pages somebody has proofread."""
        signatures = select_signed(self._output).subquery()
        with self._database.reading() as connection:
            return connection.execute(select(func.count(distinct(signatures.c.stem)))).scalar_one()

    def _where(self, *conditions: ColumnElement[bool]) -> list[PageState]:
        with self._database.reading() as connection:
            rows = connection.execute(
                select(PAGES).where(*conditions).order_by(PAGES.c.path, PAGES.c.frame)
            ).all()
        return [
            PageState(ScanKey(r.path, r.frame), r.stem, r.sha256, r.paper, r.mark) for r in rows
        ]


def _any_has(statuses: Sequence[str]) -> ColumnElement[int]:
    """Tell of questions whether any stands in one of some ways: 1 or 0."""
    return func.max(case((Q.status.in_(statuses), 1), else_=0))


NO_PAGE = "no page that was read shows its scan"


def _shown_by_none(sha256: ColumnElement[str], frame: ColumnElement[int]) -> ColumnElement[bool]:
    """Tell whether no page shows a scan, nor a copy of it."""
    # Two conditions that nothing exists, which PostgreSQL answers with one join each; of one that
    # neither of two things exists it does not know that few rows fit, and plans for all of them.
    return and_(
        ~exists().where(PAGES.c.sha256 == sha256, PAGES.c.frame == frame),
        ~exists().where(
            COPIES.c.of_sha256 == sha256,
            COPIES.c.of_frame == frame,
            PAGES.c.sha256 == COPIES.c.sha256,
            PAGES.c.frame == COPIES.c.frame,
        ),
    )


def _same_scan(one: Columns, other: Columns) -> ColumnElement[bool]:
    """Tell whether the rows of two tables are of one scan."""
    return and_(one.sha256 == other.sha256, one.frame == other.frame)


def _is_original(one: Columns) -> ColumnElement[bool]:
    """Tell whether a row is of the scan that another is noted to be a copy of."""
    return and_(COPIES.c.of_sha256 == one.sha256, COPIES.c.of_frame == one.frame)


def _list_perhaps_lost(output: str) -> CompoundSelect[Any]:
    """Return the numbers of decisions that can have lost a place, by what indexes tell of them.

    Every decision that has is among them, and few others.
    """
    seq = select(DECISIONS.c.seq)
    lost = select(OUTCOMES.c.uid).where(OUTCOMES.c.output == output, OUTCOMES.c.state == "lost")
    target = DECISIONS.c.target_sha256
    return union_all(
        seq.where(DECISIONS.c.uid.in_(lost)),
        seq.where(_shown_by_none(DECISIONS.c.sha256, DECISIONS.c.frame)),
        seq.where(target > "", _shown_by_none(target, DECISIONS.c.target_frame)),
    )


def select_signed(output: str, *pages: ColumnElement[bool]) -> Select[Any]:
    """Select stem, reviewer and time of the signatures in force on some pages or their copies."""
    d = DECISIONS.c
    signing = (d.act == Act.SIGN.value, is_in_force())
    own = select(d.sha256, d.frame, d.reviewer, d.at).where(*signing)
    copied = (
        select(COPIES.c.sha256, COPIES.c.frame, d.reviewer, d.at)
        .join(DECISIONS, _is_original(d))
        .where(*signing)
    )
    # First which scans are signed, then which pages show them: SQLite would try every page with
    # every signature.
    signed = union_all(own, copied).subquery()
    return (
        select(PAGES.c.stem, signed.c.reviewer, signed.c.at)
        .join(signed, _same_scan(signed.c, PAGES.c))
        .where(PAGES.c.output == output, *pages)
    )


def _replace_outcomes(
    connection: Connection, output: str, key: ScanKey, outcomes: Sequence[OutcomeRow]
) -> None:
    connection.execute(
        delete(OUTCOMES).where(
            OUTCOMES.c.output == output,
            OUTCOMES.c.path == key.path,
            OUTCOMES.c.frame == key.frame,
        )
    )
    rows = [
        {
            "output": output,
            "path": key.path,
            "frame": key.frame,
            "uid": one.uid,
            "state": one.state,
            "reason": one.reason,
        }
        for one in outcomes
    ]
    if rows:
        connection.execute(insert(OUTCOMES), rows)


def page_to_columns(output: str, page: PageState) -> dict[str, object]:
    """Return the row of the table that holds a page."""
    return {
        "output": output,
        "path": page.key.path,
        "frame": page.key.frame,
        "stem": page.stem,
        "sha256": page.sha256,
        "paper": page.paper,
        "mark": page.mark,
    }
