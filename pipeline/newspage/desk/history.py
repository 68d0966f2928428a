"""Who decided what, and what of it has no place any more."""

from collections.abc import Callable, Iterable, Sequence

from newspage.decision import Act, Decision
from newspage.desk.rows import entry_of
from newspage.desk.views import Entry
from newspage.store import PageState, Said, ScanId, Store, scans_of


class History:
    """The decisions of a store as lines for people; pages are those of one output folder."""

    def __init__(self, store: Store, output: str) -> None:
        self._store = store
        self._output = output

    def stretch(
        self, page: PageState | None, reviewer: str, offset: int, limit: int
    ) -> tuple[tuple[Entry, ...], int]:
        """A stretch of what was decided (on a page), the latest first, and how much there is."""
        scans = self.scans_of(page) if page else None
        said, total = self._store.decisions.history(scans, reviewer, offset, limit)
        stem = self._stems(one.decision for one in said)
        return tuple(entry_of(one, stem(one.decision)) for one in said), total

    def lost(self) -> tuple[Entry, ...]:
        """Decisions that stand and can be placed nowhere; `text` says why."""
        found = self._store.pages.lost(self._output)
        stem = self._stems(decision for decision, _ in found)
        return tuple(
            entry_of(Said(0, decision, None, False), stem(decision)) for decision, _ in found
        )

    def lost_on(self, page: PageState) -> tuple[str, ...]:
        """Decisions on a page that cannot be placed on it, in words."""
        outcomes = self._store.pages.outcomes(self._output, page.key)
        reasons = {one.uid: one.reason for one in outcomes if one.state == "lost"}
        if not reasons:
            return ()
        decisions, _ = self._store.decisions.of_scans(self.scans_of(page))
        return tuple(f"{in_words(d)}: {reasons[d.uid]}" for d in decisions if d.uid in reasons)

    def scans_of(self, page: PageState) -> list[ScanId]:
        """The scan of a page, and those that it is a copy of."""
        return [page.scan, *(scan for scan, _ in self._store.snapshots.copies(page.scan))]

    def _stems(self, decisions: Iterable[Decision]) -> Callable[[Decision], str]:
        """Names the page that a decision is on; where none shows its scan, the scan's file."""
        scans = {scans_of(d)[0] for d in decisions}
        pages: Sequence[PageState] = self._store.pages.showing(self._output, scans)
        stems: dict[ScanId, str] = {}
        for page in pages:
            for scan in self.scans_of(page):
                stems.setdefault(scan, page.stem)
        return lambda decision: stems.get(scans_of(decision)[0], decision.file)


def in_words(decision: Decision) -> str:
    """Return what a decision says, in a few words on one line that is harmless in a terminal."""
    return "".join(c if c.isprintable() else "\N{REPLACEMENT CHARACTER}" for c in _said(decision))


def _said(decision: Decision) -> str:
    original = decision.anchor.text.replace("\n", "¶")
    wanted = decision.text if decision.act in (Act.EDIT, Act.WRITE) else decision.proposed
    change = f" “{original}” → “{wanted.replace(chr(10), '¶')}”" if original or wanted else ""
    return f"{decision.reviewer}, {decision.at[:10]}: {decision.act.value}{change}"
