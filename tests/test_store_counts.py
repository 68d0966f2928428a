"""Every count and list of questions beside a plain recount, whatever was said and taken back."""

import itertools
from collections import Counter
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, replace

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from newspage.correction_evidence import Evidence
from newspage.decision import PRECEDENT, Act, Anchor, Decision
from newspage.geometry import Box
from newspage.review.service.views import QuestionFilter
from newspage.store import (
    OutcomeRow,
    OutputStore,
    PageState,
    QuestionChange,
    QuestionCounts,
    QuestionRow,
    QuestionUpdate,
    ScanKey,
    Store,
)
from newspage.store.pages import NO_PAGE
from newspage.store.question_rows import DECIDED
from tests import postgres

NUMBERS = itertools.count(1)
RULES = ("look-alike", "phrase", "date")
STEMS = ("a", "b", "c", "d")
REVIEWERS = ("ann", "bob", PRECEDENT)
STATUS = {Act.ACCEPT: "accepted", Act.REJECT: "rejected", Act.EDIT: "edited"}


@pytest.fixture(scope="module", params=["sqlite", "postgresql"])
def store(
    request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory
) -> Iterator[Store]:
    """A store for many output folders."""
    where = (
        tmp_path_factory.mktemp("counts") / "s.sqlite"
        if request.param == "sqlite"
        else postgres.emptied(request.getfixturevalue("server"))
    )
    with Store(where) as store:
        yield store


@dataclass(frozen=True, slots=True)
class Step:
    """Something that becomes of the questions of an output folder."""

    kind: str
    stem: str
    which: int
    """Place of a question or decision among those that are there."""
    act: Act
    reviewer: str
    rule: str
    change: str
    confidence: float


STEPS = st.builds(
    Step,
    st.sampled_from(("ask", "ask", "answer", "answer", "undo", "sign", "settle", "drop", "forget")),
    st.sampled_from(STEMS),
    st.integers(0, 50),
    st.sampled_from(tuple(STATUS)),
    st.sampled_from(REVIEWERS),
    st.sampled_from(RULES),
    st.sampled_from("甲乙丙"),
    st.integers(1, 99).map(lambda n: n / 100),
)


class Folder:
    """An output folder of its own in a store, to which steps are done."""

    def __init__(self, whole: Store) -> None:
        self.number = next(NUMBERS)
        self.output = f"output{self.number}"
        self.store = OutputStore(whole, self.output)
        self.rows: list[int] = []
        self.said: list[tuple[Decision, int | None]] = []
        for stem in STEMS[:3]:
            self.store.pages.put_page(self.page(stem))

    def page(self, stem: str) -> PageState:
        """A page; the last of the stems has none in the store until it is settled."""
        return PageState(ScanKey(f"{stem}.png"), stem, self.anchor(stem).sha256, "paper", 0)

    def anchor(self, stem: str) -> Anchor:
        """A place on the scan of a page, which no other folder has."""
        digest = f"{self.number * 10 + STEMS.index(stem):064x}"
        return Anchor(digest, 0, 100, 100, (Box(1, 2, 3, 4),), "于", "前", "后")

    def questions(self) -> dict[int, QuestionRow]:
        """All questions, as they stand in the store."""
        return self.store.questions.load_questions(self.rows)

    def do(self, step: Step) -> None:
        """Do a step, where there is something to do it to."""
        getattr(self, step.kind)(step)

    def ask(self, step: Step) -> None:
        """A page is read, and asks something new."""
        page = self.page(step.stem)
        applied = step.which % 3 == 0
        row = QuestionRow(
            0, self.output, page.key.path, 0, step.stem, page.paper, "c1", "title", step.rule,
            "于", step.change, f"{step.rule}{step.change}", step.confidence, Evidence(),
            self.anchor(step.stem), None, False, True, applied, False,
            "applied" if applied else "proposed",
        )  # fmt: skip
        said = []
        if step.reviewer == PRECEDENT:
            row = replace(row, status="accepted", reviewer=PRECEDENT)
            said = [(0, self.decision(Act.ACCEPT, step))]
        self.rows += [row.id for row in self.store.questions.register_questions([row], [], said)]

    def answer(self, step: Step) -> None:
        """Somebody answers a question."""
        if row := self.pick(step):
            decision = self.decision(step.act, step, row)
            change = QuestionChange(row.id, row.version, STATUS[step.act], "", step.reviewer)
            self.store.decisions.append_decisions([(decision, row.id)], [change])
            self.said.append((decision, row.id))

    def undo(self, step: Step) -> None:
        """Somebody takes a decision back."""
        if not self.said:
            return
        decision, number = self.said.pop(step.which % len(self.said))
        undo = replace(self.decision(Act.UNDO, step), anchor=decision.anchor, undoes=decision.uid)
        changes = []
        if number is not None:
            row = self.questions()[number]
            changes = [QuestionChange(row.id, row.version, row.undecided, "", "")]
        self.store.decisions.append_decisions([(undo, number)], changes)

    def sign(self, step: Step) -> None:
        """Somebody has proofread a page."""
        decision = self.decision(Act.SIGN, step)
        self.store.decisions.append_decisions([(decision, None)])
        self.said.append((decision, None))

    def settle(self, step: Step) -> None:
        """A page's files are written: where decisions are placed, how its questions stand."""
        page = self.page(step.stem)
        acts, _ = self.store.decisions.of_scans([page.scan])
        outcomes = [
            OutcomeRow(d.uid, "lost" if i % 3 == step.which % 3 else "placed", "gone")
            for i, d in enumerate(acts)
            if d.act in STATUS
        ]
        rows = self.store.questions.of_stem(step.stem)
        updates = [QuestionUpdate(r.id, r.version, "edited", "字", step.reviewer) for r in rows[:1]]
        self.store.pages.settle_page(page, outcomes, updates)

    def drop(self, step: Step) -> None:
        """A page is read again, and asks something no more."""
        if row := self.pick(step):
            self.store.questions.register_questions([], [replace(row, asked=False)])

    def forget(self, step: Step) -> None:
        """A page is there no more."""
        self.store.pages.forget_page(self.page(step.stem).key)

    def pick(self, step: Step) -> QuestionRow | None:
        """A question that is asked."""
        asked = [row for row in self.questions().values() if row.asked]
        return asked[step.which % len(asked)] if asked else None

    def decision(self, act: Act, step: Step, row: QuestionRow | None = None) -> Decision:
        """A decision on a question, or on a page."""
        anchor = row.anchor if row else self.anchor(step.stem)
        at = "2026-01-01T10:00:00.000Z"
        return Decision(f"{next(NUMBERS):032x}", at, step.reviewer, act, anchor, rule=step.rule)


def counted(rows: Iterator[QuestionRow]) -> QuestionCounts:
    """How some questions stand, counted one by one."""
    found = QuestionCounts()
    for row in rows:
        decided = row.status in DECIDED
        found += QuestionCounts(
            1,
            row.status == "proposed",
            decided,
            decided and row.reviewer == PRECEDENT,
            row.status == "applied",
        )
    return found


def fits(row: QuestionRow, which: QuestionFilter) -> bool:
    """Whether a question is one of those that a filter chooses."""
    decided = row.status in DECIDED
    states = {
        "open": row.status == "proposed",
        "applied": row.status == "applied",
        "decided": decided and row.reviewer != PRECEDENT,
        "precedent": decided and row.reviewer == PRECEDENT,
        "all": True,
    }
    return (
        row.asked
        and states[which.state]
        and which.rule in ("", row.rule)
        and which.stem in ("", row.stem)
        and which.least <= row.confidence <= which.most
    )


FILTERS = st.builds(
    QuestionFilter,
    rule=st.sampled_from(("", *RULES)),
    stem=st.sampled_from(("", *STEMS)),
    state=st.sampled_from(("open", "decided", "applied", "precedent", "all")),
    least=st.sampled_from((0.0, 0.3)),
    most=st.sampled_from((0.8, 1.0)),
)


def check_groups(folder: Folder, which: QuestionFilter) -> None:
    """Groups and stretches hold what fits, and know how much that is."""
    store, rows = folder.store, folder.questions().values()
    fitting = [row for row in rows if fits(row, which)]
    patterns = Counter(row.pattern for row in fitting)
    groups = store.queue.list_groups(which, "value", 0, 500)
    assert (groups.patterns, groups.questions) == (len(patterns), len(fitting))
    assert {g.pattern: g.count for g in groups.rows} == patterns
    for group in groups.rows:
        alike = [row for row in rows if row.pattern == group.pattern]
        own = [row for row in alike if fits(row, which)]
        assert group.pages == len({row.stem for row in own})
        assert group.first == min(row.id for row in own)
        assert group.confidence == pytest.approx(sum(row.confidence for row in own) / len(own))
        people = Counter(row.status for row in alike if row.reviewer not in ("", PRECEDENT))
        assert (group.accepted, group.rejected) == (people["accepted"], people["rejected"])
    beyond = store.queue.list_groups(which, "value", len(patterns), 10)
    assert (beyond.rows, beyond.patterns, beyond.questions) == ([], len(patterns), len(fitting))
    for sort in ("value", "count", "page"):
        for offset in (0, len(fitting) // 2, len(fitting)):
            found, total = store.queue.list_stretch(which, sort, offset, 500)
            assert (len(found), total) == (len(fitting) - offset, len(fitting))


def find_lost(folder: Folder) -> Mapping[str, str]:
    """Which decisions stand and have no place, and why, looked for one by one."""
    store = folder.store
    said = list(store.decisions.list_all())
    undone = {d.undoes for d in said}
    # Of all folders: a scan is shown if any page shows it.
    folders = [
        OutputStore(store.whole, f"output{n + 1}").pages.list_pages() for n in range(folder.number)
    ]
    shown = {page.scan for pages in folders for page in pages.values()}
    outcomes = {
        one.uid: one for stem in STEMS for one in store.pages.list_outcomes(folder.page(stem).key)
    }
    lost = {}
    for d in said:
        if d.act is Act.UNDO or d.uid in undone:
            continue
        outcome = outcomes.get(d.uid)
        if outcome is not None and outcome.state == "lost":
            lost[d.uid] = outcome.reason
        elif outcome is None and (d.anchor.sha256, d.anchor.frame) not in shown:
            lost[d.uid] = NO_PAGE
    return lost


@settings(
    max_examples=40, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture]
)
@given(st.lists(STEPS, max_size=40), st.lists(FILTERS, min_size=3, max_size=3))
def test_counts_are_those_of_a_plain_recount(
    store: Store, steps: list[Step], filters: list[QuestionFilter]
) -> None:
    """After everything that asks, answers, takes back, settles and forgets."""
    folder = Folder(store)
    for step in steps:
        folder.do(step)
    asked = [row for row in folder.questions().values() if row.asked]
    questions, pages = folder.store.questions, folder.store.pages
    assert questions.count_states() == counted(iter(asked))
    assert questions.count_by_rule() == {
        rule: counted(row for row in asked if row.rule == rule) for rule in {r.rule for r in asked}
    }
    assert questions.counts_by_stem(STEMS) == {
        stem: counted(row for row in asked if row.stem == stem) for stem in {r.stem for r in asked}
    }
    there = {page.stem for page in pages.list_pages().values()}
    progress = pages.count_progress()
    opened = {row.stem for row in asked if row.status == "proposed"}
    touched = {row.stem for row in asked if row.status in DECIDED}
    assert (progress.pages, progress.done) == (len(there), len(there - opened))
    assert progress.touched == len(there & touched)
    assert progress.signed == len(pages.list_signed(STEMS))
    signed = {d.anchor.sha256 for d, _ in folder.said if d.act is Act.SIGN}
    assert progress.signed == sum(folder.anchor(stem).sha256 in signed for stem in there)
    assert {d.uid: why for d, why in pages.list_lost()} == find_lost(folder)
    for which in filters:
        check_groups(folder, which)
