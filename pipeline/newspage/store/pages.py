"""The pages of an output folder: which scan each shows, and which decisions its files know of."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from sqlalchemy import (
    ColumnElement,
    Connection,
    and_,
    delete,
    exists,
    func,
    insert,
    or_,
    select,
    update,
)

from newspage.decision import LINKS, Act, Decision
from newspage.store.connection import Database, split_into_batches, upsert_rows
from newspage.store.decisions import ScanId, decode_stored, is_on_scan
from newspage.store.questions import Q
from newspage.store.state import ScanKey
from newspage.store.tables import COPIES, DECISIONS, OUTCOMES, PAGES, QUESTIONS


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
    """The table of pages and what belongs to it. Raises StoreError."""

    def __init__(self, database: Database) -> None:
        self._database = database

    def list_pages(self, output: str) -> dict[ScanKey, PageState]:
        """All pages of an output folder."""
        return {page.key: page for page in self._where(PAGES.c.output == output)}

    def count(self, output: str) -> int:
        """Return how many pages an output folder has."""
        number = select(func.count()).select_from(PAGES).where(PAGES.c.output == output)
        with self._database.reading() as connection:
            return connection.execute(number).scalar_one()

    def find_named(self, output: str, stem: str) -> PageState | None:
        """The page whose files have a name."""
        found = self._where(PAGES.c.output == output, PAGES.c.stem == stem)
        return found[-1] if found else None

    def list_showing(self, output: str, scans: Iterable[ScanId]) -> list[PageState]:
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
            pages = self._where(PAGES.c.output == output, PAGES.c.sha256.in_(some))
            found += [page for page in pages if page.scan in wanted]
        return found

    def list_outdated(self, output: str) -> list[PageState]:
        """Pages on which there are decisions that their files do not know of."""
        latest = func.coalesce(
            select(func.max(DECISIONS.c.seq))
            .where(is_on_scan(PAGES.c.sha256, PAGES.c.frame))
            .scalar_subquery(),
            0,
        )
        copied = func.coalesce(
            select(func.max(DECISIONS.c.seq))
            .where(
                COPIES.c.sha256 == PAGES.c.sha256,
                COPIES.c.frame == PAGES.c.frame,
                is_on_scan(COPIES.c.of_sha256, COPIES.c.of_frame),
            )
            .scalar_subquery(),
            0,
        )
        return self._where(
            PAGES.c.output == output, or_(PAGES.c.mark < latest, PAGES.c.mark < copied)
        )

    def put_page(self, output: str, page: PageState) -> None:
        """Note a page; one of another scan that had its name is forgotten."""
        with self._database.transaction() as connection:
            connection.execute(
                delete(PAGES).where(
                    PAGES.c.output == output,
                    PAGES.c.stem == page.stem,
                    or_(PAGES.c.path != page.key.path, PAGES.c.frame != page.key.frame),
                )
            )
            upsert_rows(connection, PAGES, [_columns(output, page)])

    def forget_page(self, output: str, key: ScanKey) -> None:
        """Forget a page that is there no more."""
        with self._database.transaction() as connection:
            connection.execute(
                delete(PAGES).where(
                    PAGES.c.output == output, PAGES.c.path == key.path, PAGES.c.frame == key.frame
                )
            )
            _replace_outcomes(connection, output, key, ())

    def settle_page(
        self,
        output: str,
        page: PageState,
        outcomes: Sequence[OutcomeRow],
        settled: Sequence[QuestionUpdate],
    ) -> None:
        """Note that a page's files know of all decisions up to its mark, and how all now stands.

        A question that was answered meanwhile is left as it is.
        """
        with self._database.transaction() as connection:
            upsert_rows(connection, PAGES, [_columns(output, page)])
            _replace_outcomes(connection, output, page.key, outcomes)
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

    def list_lost(self, output: str) -> list[tuple[Decision, str]]:
        """Decisions that stand and can be placed nowhere in an output folder, each with why.

        One on two pages is lost where either of its places is.
        """
        placed, lost = (
            exists().where(OUTCOMES.c.output == output, OUTCOMES.c.uid == DECISIONS.c.uid, state)
            for state in (OUTCOMES.c.state != "lost", OUTCOMES.c.state == "lost")
        )
        here = _shown(DECISIONS.c.sha256, DECISIONS.c.frame)
        there = _shown(DECISIONS.c.target_sha256, DECISIONS.c.target_frame)
        linking = DECISIONS.c.act.in_([act.value for act in LINKS])
        reason = (
            select(func.max(OUTCOMES.c.reason))
            .where(
                OUTCOMES.c.output == output,
                OUTCOMES.c.uid == DECISIONS.c.uid,
                OUTCOMES.c.state == "lost",
            )
            .scalar_subquery()
        )
        with self._database.reading() as connection:
            rows = connection.execute(
                select(DECISIONS.c.payload, reason)
                .where(
                    _stands(),
                    or_(
                        and_(~linking, ~placed, or_(lost, ~here)),
                        and_(linking, or_(lost, ~here, ~there)),
                    ),
                )
                .order_by(DECISIONS.c.seq)
            ).all()
        return [(decode_stored(payload), why or NO_PAGE) for payload, why in rows]

    def lost_by_stem(self, output: str) -> dict[str, int]:
        """Of each page how many decisions cannot be placed on it."""
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
                .where(PAGES.c.output == output, OUTCOMES.c.state == "lost")
                .group_by(PAGES.c.stem)
            ).all()
        return {str(stem): int(count) for stem, count in rows}

    def list_outcomes(self, output: str, key: ScanKey) -> list[OutcomeRow]:
        """What became of the decisions on a page."""
        with self._database.reading() as connection:
            rows = connection.execute(
                select(OUTCOMES.c.uid, OUTCOMES.c.state, OUTCOMES.c.reason)
                .where(
                    OUTCOMES.c.output == output,
                    OUTCOMES.c.path == key.path,
                    OUTCOMES.c.frame == key.frame,
                )
                .order_by(OUTCOMES.c.uid)
            ).all()
        return [OutcomeRow(*row) for row in rows]

    def list_signed(self, output: str) -> dict[str, list[tuple[str, str]]]:
        """Of each page who has signed it and when, as far as that stands."""
        here = or_(
            and_(DECISIONS.c.sha256 == PAGES.c.sha256, DECISIONS.c.frame == PAGES.c.frame),
            exists().where(
                COPIES.c.sha256 == PAGES.c.sha256,
                COPIES.c.frame == PAGES.c.frame,
                COPIES.c.of_sha256 == DECISIONS.c.sha256,
                COPIES.c.of_frame == DECISIONS.c.frame,
            ),
        )
        with self._database.reading() as connection:
            rows = connection.execute(
                select(PAGES.c.stem, DECISIONS.c.reviewer, func.max(DECISIONS.c.at))
                .select_from(PAGES)
                .join(DECISIONS, here)
                .where(PAGES.c.output == output, DECISIONS.c.act == Act.SIGN.value, _stands())
                .group_by(PAGES.c.stem, DECISIONS.c.reviewer)
                .order_by(func.max(DECISIONS.c.at))
            ).all()
        signed: dict[str, list[tuple[str, str]]] = {}
        for stem, reviewer, at in rows:
            signed.setdefault(stem, []).append((reviewer, at))
        return signed

    def _where(self, *conditions: ColumnElement[bool]) -> list[PageState]:
        with self._database.reading() as connection:
            rows = connection.execute(
                select(PAGES).where(*conditions).order_by(PAGES.c.path, PAGES.c.frame)
            ).all()
        return [
            PageState(ScanKey(r.path, r.frame), r.stem, r.sha256, r.paper, r.mark) for r in rows
        ]


NO_PAGE = "no page that was read shows its scan"


def _shown(sha256: ColumnElement[str], frame: ColumnElement[int]) -> ColumnElement[bool]:
    """Whether some page shows a scan, or a copy of it."""
    return or_(
        exists().where(PAGES.c.sha256 == sha256, PAGES.c.frame == frame),
        exists().where(
            COPIES.c.of_sha256 == sha256,
            COPIES.c.of_frame == frame,
            PAGES.c.sha256 == COPIES.c.sha256,
            PAGES.c.frame == COPIES.c.frame,
        ),
    )


def _stands() -> ColumnElement[bool]:
    later = DECISIONS.alias("later")
    undone = exists().where(later.c.act == Act.UNDO.value, later.c.undoes == DECISIONS.c.uid)
    return and_(DECISIONS.c.act != Act.UNDO.value, ~undone)


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


def _columns(output: str, page: PageState) -> dict[str, object]:
    return {
        "output": output,
        "path": page.key.path,
        "frame": page.key.frame,
        "stem": page.stem,
        "sha256": page.sha256,
        "paper": page.paper,
        "mark": page.mark,
    }
