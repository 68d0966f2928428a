"""The history: who decided what, and which decisions have no place on their page any more."""

from collections.abc import Callable, Iterable, Sequence

from newspage.decision import STRUCTURAL, Act, Decision
from newspage.review.service.view_rows import make_history_entry
from newspage.review.service.views import HistoryEntry
from newspage.store import OutputStore, PageState, ScanId, StoredDecision, list_scans_of

_BESIDE = {
    Act.ORDER: "before",
    Act.ASSIGN: "behind",
    Act.KIND: "as",
    Act.MERGE: "into",
    Act.FUSE: "into",
}
"""What stands between the place of a decision on structure and its kind or target."""


class DecisionHistory:
    """The decisions of a store as lines for people; pages are those of one output folder."""

    def __init__(self, store: OutputStore) -> None:
        self._store = store

    def list_stretch(
        self, page: PageState | None, reviewer: str, offset: int, limit: int
    ) -> tuple[tuple[HistoryEntry, ...], int]:
        """Return a stretch of the decisions, the latest first, and their total number.

        Args:
            page: Only decisions on this page; None: on any.
            reviewer: Only decisions of this person; empty: of anybody.
            offset: Decisions to leave out at the beginning.
            limit: The most decisions to return.
        """
        scans = self.scans_of(page) if page else None
        said, total = self._store.decisions.list_history(scans, reviewer, offset, limit)
        stem = self._stems(one.decision for one in said)
        return tuple(make_history_entry(one, stem(one.decision)) for one in said), total

    def list_lost(self) -> tuple[HistoryEntry, ...]:
        """Return decisions in force that no page has a place for; their `text` says why."""
        found = self._store.pages.list_lost()
        stem = self._stems(decision for decision, _ in found)
        return tuple(
            make_history_entry(StoredDecision(0, decision, None, False), stem(decision))
            for decision, _ in found
        )

    def list_lost_on(self, page: PageState) -> tuple[str, ...]:
        """Return descriptions of the decisions that have no place on a page any more, and why."""
        outcomes = self._store.pages.list_outcomes(page.key)
        reasons = {one.uid: one.reason for one in outcomes if one.state == "lost"}
        if not reasons:
            return ()
        decisions, _ = self._store.decisions.of_scans(self.scans_of(page))
        return tuple(
            f"{describe_decision(d)}: {reasons[d.uid]}" for d in decisions if d.uid in reasons
        )

    def scans_of(self, page: PageState) -> list[ScanId]:
        """Return the scan of a page, and those that it is a copy of."""
        return [page.scan, *(scan for scan, _ in self._store.snapshots.list_copies(page.scan))]

    def _stems(self, decisions: Iterable[Decision]) -> Callable[[Decision], str]:
        """Return a function that names the page of a decision.

        Where no page shows the scan of a decision, it names the file of the scan.
        """
        scans = {list_scans_of(d)[0] for d in decisions}
        pages: Sequence[PageState] = self._store.pages.list_showing(scans)
        stems: dict[ScanId, str] = {}
        for page in pages:
            for scan in self.scans_of(page):
                stems.setdefault(scan, page.stem)
        return lambda decision: stems.get(list_scans_of(decision)[0], decision.file)


def describe_decision(decision: Decision) -> str:
    """Return what a decision says, in a few words on one line that is harmless in a terminal."""
    return "".join(c if c.isprintable() else "\N{REPLACEMENT CHARACTER}" for c in _words(decision))


def _words(decision: Decision) -> str:
    """Return reviewer, day, act and change of a decision, line breaks as pilcrows."""
    original = decision.anchor.text.replace("\n", "¶")
    if decision.act in STRUCTURAL:
        return f"{decision.reviewer}, {decision.at[:10]}: {_structural_words(decision)}"
    wanted = decision.text if decision.act in (Act.EDIT, Act.WRITE) else decision.proposed
    change = f" “{original}” → “{wanted.replace(chr(10), '¶')}”" if original or wanted else ""
    return f"{decision.reviewer}, {decision.at[:10]}: {decision.act.value}{change}"


def _structural_words(decision: Decision) -> str:
    """Return act and places of a decision on structure: merge “...” into “...”."""
    target = f"“{decision.target.text}”" if decision.target else ""
    beside = _BESIDE.get(decision.act, "") if target or decision.text else ""
    words = (decision.act.value, f"“{decision.anchor.text}”", beside, decision.text, target)
    return " ".join(word for word in words if word).replace("\n", "¶")
