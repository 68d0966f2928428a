"""Who decided what, and what of it has no place any more."""

from collections.abc import Callable, Iterable, Sequence

from newspage.decision import Act, Decision
from newspage.review.service.view_rows import make_history_entry
from newspage.review.service.views import HistoryEntry
from newspage.store import PageState, ScanId, Store, StoredDecision, list_scans_of


class DecisionHistory:
    """The decisions of a store as lines for people; pages are those of one output folder."""

    def __init__(self, store: Store, output: str) -> None:
        self._store = store
        self._output = output

    def list_stretch(
        self, page: PageState | None, reviewer: str, offset: int, limit: int
    ) -> tuple[tuple[HistoryEntry, ...], int]:
        """A stretch of what was decided (on a page), the latest first, and how much there is."""
        scans = self.scans_of(page) if page else None
        said, total = self._store.decisions.list_history(scans, reviewer, offset, limit)
        stem = self._stems(one.decision for one in said)
        return tuple(make_history_entry(one, stem(one.decision)) for one in said), total

    def list_lost(self) -> tuple[HistoryEntry, ...]:
        """Decisions that stand and can be placed nowhere; `text` says why."""
        found = self._store.pages.list_lost(self._output)
        stem = self._stems(decision for decision, _ in found)
        return tuple(
            make_history_entry(StoredDecision(0, decision, None, False), stem(decision))
            for decision, _ in found
        )

    def lost_on(self, page: PageState) -> tuple[str, ...]:
        """Decisions on a page that cannot be placed on it, in words."""
        outcomes = self._store.pages.list_outcomes(self._output, page.key)
        reasons = {one.uid: one.reason for one in outcomes if one.state == "lost"}
        if not reasons:
            return ()
        decisions, _ = self._store.decisions.of_scans(self.scans_of(page))
        return tuple(
            f"{describe_decision(d)}: {reasons[d.uid]}" for d in decisions if d.uid in reasons
        )

    def scans_of(self, page: PageState) -> list[ScanId]:
        """The scan of a page, and those that it is a copy of."""
        return [page.scan, *(scan for scan, _ in self._store.snapshots.list_copies(page.scan))]

    def _stems(self, decisions: Iterable[Decision]) -> Callable[[Decision], str]:
        """Names the page that a decision is on; where none shows its scan, the scan's file."""
        scans = {list_scans_of(d)[0] for d in decisions}
        pages: Sequence[PageState] = self._store.pages.list_showing(self._output, scans)
        stems: dict[ScanId, str] = {}
        for page in pages:
            for scan in self.scans_of(page):
                stems.setdefault(scan, page.stem)
        return lambda decision: stems.get(list_scans_of(decision)[0], decision.file)


def describe_decision(decision: Decision) -> str:
    """Return what a decision says, in a few words on one line that is harmless in a terminal."""
    return "".join(c if c.isprintable() else "\N{REPLACEMENT CHARACTER}" for c in _said(decision))


def _said(decision: Decision) -> str:
    original = decision.anchor.text.replace("\n", "¶")
    wanted = decision.text if decision.act in (Act.EDIT, Act.WRITE) else decision.proposed
    change = f" “{original}” → “{wanted.replace(chr(10), '¶')}”" if original or wanted else ""
    return f"{decision.reviewer}, {decision.at[:10]}: {decision.act.value}{change}"
