"""Read the decisions of a store once, and afterwards those that were made since."""

from dataclasses import dataclass

from newspage.decision import Decision
from newspage.store import Store


@dataclass(frozen=True, slots=True)
class FurtherDecisions:
    """Decisions that were not read before, in the order in which they were made."""

    decisions: tuple[Decision, ...]
    anew: bool
    """Whether these are all there are, and what was read before counts no more."""


class DecisionFeed:
    """Gives each decision of a store once. Raises StoreError.

    Decisions are numbered in order and never change, so that those from the last known number on
    are all that there is to read.
    """

    def __init__(self, store: Store) -> None:
        self._store = store
        self._last: tuple[int, str] | None = None
        """Number and uid of the last decision that was given; None: there was none yet."""

    def read_further(self) -> FurtherDecisions:
        """Return the decisions that were made since this was last asked."""
        last = self._last
        found = self._store.decisions.list_from(last[0] if last else 0)
        anew = last is None
        if last is not None and found and (found[0][0], found[0][1].uid) == last:
            found = found[1:]
        elif last is not None:
            # Another store was put in the place of the one that was known.
            found, anew, self._last = self._store.decisions.list_from(0), True, None
        if found:
            self._last = found[-1][0], found[-1][1].uid
        return FurtherDecisions(tuple(decision for _, decision in found), anew)
